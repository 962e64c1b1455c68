"""Media and originals that travel with a document, by canonical name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from wikicable.values import Value, frozen


@frozen
class Resource(Value):
    """The bytes of one media file and what they are."""

    data: bytes
    media_type: str = "application/octet-stream"


class Resources(Mapping[str, Resource]):
    """Resources by name, a value: ``with_resource`` gives a new one."""

    __slots__ = ("_by_name",)

    def __init__(self, by_name: Mapping[str, Resource] | None = None) -> None:
        self._by_name = MappingProxyType(dict(by_name or {}))

    def __getitem__(self, name: str) -> Resource:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def with_resource(self, name: str, resource: Resource) -> Resources:
        """Give these resources and one more; a resource of that name is replaced."""
        return Resources({**self._by_name, name: resource})

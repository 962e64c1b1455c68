"""Finding the plugins, and asking them; one that fails is named and the others go on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pluggy

from wikicable import hookspecs
from wikicable.entrypoints import EntryPoint, entry_points
from wikicable.formats import Format, Formats
from wikicable.notices import Kind, Notice

GROUP = "wikicable"


@dataclass(frozen=True)
class Loaded:
    """A plugin that is there: where it comes from, and the module or object that answers the hooks."""

    point: EntryPoint
    module: object

    def hooks(self) -> list[str]:
        """Name the hooks this plugin answers."""
        return [name for name in _hook_names() if getattr(self.module, name, None)]


class Plugins:
    """The plugins of one process, and what went wrong while they were loaded or asked."""

    def __init__(self, points: Iterable[EntryPoint]) -> None:
        self.manager = pluggy.PluginManager(GROUP)
        self.manager.add_hookspecs(hookspecs)
        self.notices: list[Notice] = []
        self.loaded: list[Loaded] = []
        for point in points:
            self._load(point)
        self.origins: dict[str, Loaded] = {}
        self.formats = Formats(self._distinct_formats())

    def ask(self, hook: str) -> Iterator[Any]:
        """Give every value that any plugin gives for a hook; a plugin that raises is named in a notice."""
        return (value for _, value in self._answers(hook))

    def formats_of(self, plugin: Loaded) -> list[str]:
        """Name the formats a plugin gives."""
        return [name for name, origin in self.origins.items() if origin is plugin]

    def _answers(self, hook: str) -> Iterator[tuple[Loaded, Any]]:
        for plugin in self.loaded:
            answer = getattr(plugin.module, hook, None)
            if answer is None:
                continue
            try:
                values = list(answer())
            except Exception as error:  # noqa: BLE001  a plugin may raise anything
                self._broken(plugin.point, f"{hook}: {_one_line(error)}")
            else:
                yield from ((plugin, value) for value in values)

    def _load(self, point: EntryPoint) -> None:
        try:
            module = point.load()
            self.manager.register(module, name=point.name)
        except Exception as error:  # noqa: BLE001  a plugin may raise anything
            self._broken(point, _one_line(error))
            return
        try:
            self.manager.check_pending()
        except pluggy.PluginValidationError as error:
            self._broken(point, _one_line(error))
            self.manager.unregister(module)
        self.loaded.append(Loaded(point, module))

    def _distinct_formats(self) -> Iterator[Format]:
        for plugin, form in self._answers("register_formats"):
            if not isinstance(form, Format):
                self._broken(plugin.point, f"register_formats gave a {type(form).__name__}, which is no Format")
            elif form.name in self.origins:
                first = self.origins[form.name].point.distribution
                self._broken(plugin.point, f"{first} has a format {form.name!r} already; this one is left out")
            else:
                self.origins[form.name] = plugin
                yield form

    def _broken(self, point: EntryPoint, why: str) -> None:
        self.notices.append(Notice(Kind.MISSING, "plugin.broken", f"{point.name} ({point.distribution}): {why}"))


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def _hook_names() -> list[str]:
    return [name for name in vars(hookspecs) if name.startswith("register_")]


@cache
def installed() -> Plugins:
    """Load the plugins of this environment, once; ``WIKICABLE_LOAD_PLUGINS`` limits them by name."""
    points = sorted(entry_points(GROUP), key=_own_first)
    only = os.environ.get("WIKICABLE_LOAD_PLUGINS")
    if only is not None:
        points = [point for point in points if point.name in only.split(",")]
    return Plugins(points)


def _own_first(point: EntryPoint) -> tuple[bool, str]:
    return (point.distribution != GROUP, point.name)

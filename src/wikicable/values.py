"""Frozen values: data classes that share what ``dataclasses`` compiles for each class anew.

A short run spent a third of its time on making classes: ``@dataclass(frozen=True)`` compiles up to seven methods for
each.  A value compiles its ``__init__`` alone, when it is first called, and inherits equality, hash, ``repr`` and being
frozen from ``Value``.  To ``dataclasses.fields``, ``replace`` and ``match`` it is a data class as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, dataclass_transform


class Value:
    """What every value has: it is equal to what says the same, and nobody changes it.

    A field with ``compare=False`` is no part of equality and hash, one with ``repr=False`` is not shown.
    """

    __slots__ = ()
    _compared: ClassVar[tuple[str, ...]] = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash((type(self), self._said()))

    def __repr__(self) -> str:
        shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)  # type: ignore[arg-type]
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __getstate__(self) -> tuple[object, ...]:
        return _state_of(type(self))(self)  # type: ignore[arg-type]  # mypy looks for the hash of values at their class

    def __setstate__(self, state: tuple[object, ...]) -> None:
        _restore(type(self))(self, *state)  # type: ignore[arg-type]

    def _said(self) -> tuple[object, ...]:
        return tuple([getattr(self, name) for name in self._compared])


V = TypeVar("V", bound=Value)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: type[V]) -> type[V]:
    """Make a data class, with slots, of a subclass of ``Value``; ``__post_init__`` and ``init=False`` are not looked at."""
    made = dataclass(init=False, eq=False, repr=False, slots=True)(kind)
    made.__init__ = _init_when_called(made)  # type: ignore[method-assign]
    made._compared = tuple(each.name for each in fields(made) if each.compare)  # type: ignore[arg-type]  # noqa: SLF001
    return made


@cache
def _state_of(kind: type[Any]) -> Callable[[Any], tuple[object, ...]]:
    """Give what takes the fields out of a value."""
    names = [each.name for each in fields(kind)]
    return attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, name) for name in names)


@cache
def _restore(kind: type[Any]) -> Callable[..., None]:
    """Compile what puts the fields of a value back, in the order of ``_state_of``."""
    names = [each.name for each in fields(kind)]
    return _compiled(["self", *names], dict(zip(names, names, strict=True)), {})


def _init_when_called(made: type[V]) -> Callable[..., None]:
    """Compile the class's ``__init__`` when the first of its values is made: a short run makes none of most classes."""

    def __init__(self: V, *given: object, **named: object) -> None:  # noqa: N807
        made.__init__ = _init(fields(made))  # type: ignore[method-assign, arg-type]
        made.__init__(self, *given, **named)

    return __init__


def _init(given: tuple[Field[Any], ...]) -> Callable[..., None]:
    """Compile the method that sets the fields; those that are keywords come last."""
    scope: dict[str, Any] = {"_MISSING": MISSING}
    for each in given:
        scope[f"_default_{each.name}"] = each.default
        scope[f"_make_{each.name}"] = each.default_factory
    positional = ["self", *(_parameter(each) for each in given if not each.kw_only)]
    keywords = [_parameter(each) for each in given if each.kw_only]
    head = [*positional, *(["*", *keywords] if keywords else [])]
    return _compiled(head, {each.name: _given(each) for each in given}, scope)


def _compiled(head: Iterable[str], values: Mapping[str, str], scope: dict[str, Any]) -> Callable[..., None]:
    """Compile a method with these parameters that sets each field to its expression."""
    body = "".join(f"\n    _set(self, {name!r}, {value})" for name, value in values.items()) or "\n    pass"
    scope["_set"] = object.__setattr__
    exec(f"def method({', '.join(head)}):{body}", scope)  # noqa: S102  as dataclasses does, of the names of fields
    made: Callable[..., None] = scope["method"]
    return made


def _parameter(each: Field[Any]) -> str:
    if each.default is not MISSING:
        return f"{each.name}=_default_{each.name}"
    return f"{each.name}=_MISSING" if each.default_factory is not MISSING else each.name


def _given(each: Field[Any]) -> str:
    if each.default_factory is MISSING:
        return each.name
    return f"_make_{each.name}() if {each.name} is _MISSING else {each.name}"

"""Finding the plugins, and asking them; one that fails is named and the others go on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pluggy

from wikicable import hookspecs
from wikicable.entrypoints import EntryPoint, entry_points, modules_in
from wikicable.errors import nearest
from wikicable.formats import Format, Formats
from wikicable.notices import Kind, Notice
from wikicable.values import Value, frozen

if TYPE_CHECKING:
    import click

GROUP = "wikicable"
LIMIT = "WIKICABLE_LOAD_PLUGINS"
FOLDER = "WIKICABLE_PLUGINS_DIR"
"""The variables of the environment that limit plugins by name, and name a folder of one-file plugins."""


@frozen
class Loaded(Value):
    """A plugin that is there: where it comes from, and the module or object that answers the hooks."""

    point: EntryPoint
    module: object

    def hooks(self) -> list[str]:
        """Name the hooks this plugin answers."""
        return [name for name in hook_names() if getattr(self.module, name, None)]


@frozen
class Failure(Value):
    """A plugin, or a value of it, that is left out, and why."""

    point: EntryPoint
    why: str

    def notice(self) -> Notice:
        """Say it as a notice."""
        return Notice(Kind.MISSING, "plugin.broken", f"{self.point.name} ({self.point.distribution}): {self.why}")


class Plugins:
    """The plugins of one process, and what went wrong while they were loaded or asked."""

    def __init__(self, points: Iterable[EntryPoint]) -> None:
        self.manager = pluggy.PluginManager(GROUP)
        self.manager.add_hookspecs(hookspecs)
        self.failures: dict[Failure, None] = {}
        self.loaded: list[Loaded] = []
        for point in points:
            self._load(point)
        self.origins: dict[str, Loaded] = {}
        self.formats = Formats(self._formats())

    @property
    def notices(self) -> list[Notice]:
        """What went wrong so far, each thing once."""
        return [failure.notice() for failure in self.failures]

    def ask(self, hook: str, kind: type[Any] = object) -> Iterator[Any]:
        """Give every value that any plugin gives for a hook, of two with one name the first.

        A plugin that raises, or gives what is not of that kind, is named in a notice.
        """
        return (value for _, value in self._answers(hook, kind))

    def formats_of(self, plugin: Loaded) -> list[str]:
        """Name the formats a plugin gives."""
        return [name for name, origin in self.origins.items() if origin is plugin]

    def commands(self, taken: Iterable[str]) -> dict[str, click.Command]:
        """Give the subcommands that plugins add; none takes the name of another."""
        known = dict.fromkeys(taken, GROUP)
        added = [(plugin, name, command) for plugin in self.loaded for name, command in self._commands_of(plugin)]
        return {name: command for plugin, name, command in added if self._is_free(plugin, "command", name, known)}

    def try_hooks(self) -> None:
        """Ask the plugins of others every hook, so that all that fails is known; ours are tested."""
        others = [plugin for plugin in self.loaded if plugin.point.distribution != GROUP]
        for plugin in others:
            self._commands_of(plugin)
            for hook in plugin.hooks():
                if hook not in ("register_formats", "register_commands"):
                    self._answer(plugin, hook)

    def _commands_of(self, plugin: Loaded) -> list[tuple[str, click.Command]]:
        """Let a plugin fill a group of its own."""
        import click  # noqa: PLC0415  who only converts, in Python, has no command line

        group = click.Group()
        self._answer(plugin, "register_commands", group)
        return list(group.commands.items())

    def _formats(self) -> Iterator[Format]:
        for plugin, form in self._answers("register_formats", Format):
            self.origins[form.name] = plugin
            yield form

    def _answers(self, hook: str, kind: type[Any]) -> Iterator[tuple[Loaded, Any]]:
        known: dict[str, str] = {}
        for plugin in self.loaded:
            for value in self._answer(plugin, hook):
                if not isinstance(value, kind):
                    self._fail(plugin.point, f"{hook} gave a {type(value).__name__}, which is no {kind.__name__}")
                elif self._is_free(plugin, kind.__name__.lower(), getattr(value, "name", ""), known):
                    yield plugin, value

    def _is_free(self, plugin: Loaded, what: str, name: str, known: dict[str, str]) -> bool:
        """Whether a name is free, and nobody else's from now on; values without a name are all free."""
        if name and name in known:
            self._fail(plugin.point, f"{known[name]} has a {what} {name!r} already; this one is left out")
            return False
        known[name] = plugin.point.distribution
        return True

    def _answer(self, plugin: Loaded, hook: str, *arguments: object) -> list[Any]:
        """Give the values of one plugin for a hook; a hook that gives ``None`` has none."""
        answer = getattr(plugin.module, hook, None)
        try:
            return list(answer(*arguments) or ()) if answer else []
        except Exception as error:  # noqa: BLE001  a plugin may raise anything
            self._fail(plugin.point, f"{hook}: {_one_line(error)}")
            return []

    def _load(self, point: EntryPoint) -> None:
        try:
            module = point.load()
            self.manager.register(module, name=point.name)
        except (Exception, SystemExit) as error:  # noqa: BLE001  a plugin may raise anything
            self._fail(point, _one_line(error))
            return
        try:
            self.manager.check_pending()
        except pluggy.PluginValidationError as error:
            self._fail(point, _misspelt(module) or _one_line(error))
            self.manager.unregister(module)
        self.loaded.append(Loaded(point, module))

    def _fail(self, point: EntryPoint, why: str) -> None:
        self.failures[Failure(point, why)] = None


def _one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def _misspelt(module: object) -> str:
    """Name the functions that are marked as hooks and are none."""
    marked = [name for name, value in vars(module).items() if hasattr(value, f"{GROUP}_impl")]
    wrong = [name for name in marked if name not in hook_names()]
    return ", ".join(f"there is no hook {name!r}{nearest(name, hook_names())}" for name in wrong)


def hook_names() -> list[str]:
    """Name every hook there is."""
    return [name for name in vars(hookspecs) if name.startswith("register_")]


@cache
def installed() -> Plugins:
    """Load the plugins of this environment, once; variables of the environment limit them and add to them."""
    points = sorted(entry_points(GROUP), key=_own_first)
    if folder := os.environ.get(FOLDER):
        points += modules_in(folder)
    only = os.environ.get(LIMIT)
    if only is not None:
        points = [point for point in points if point.name in only.split(",")]
    return Plugins(points)


def _own_first(point: EntryPoint) -> tuple[bool, str]:
    return (point.distribution != GROUP, point.name)

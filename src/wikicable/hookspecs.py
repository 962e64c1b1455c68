"""The whole contract with plugins: every hook there is.

A plugin is a module named in the entry-point group ``wikicable``; it marks its functions with
``wikicable.hookimpl``.  Values are returned, never pushed, so that a test of a plugin is a call.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pluggy

from wikicable.formats import Format

if TYPE_CHECKING:
    import click

hookspec = pluggy.HookspecMarker("wikicable")
hookimpl = pluggy.HookimplMarker("wikicable")


@hookspec
def register_formats() -> Iterable[Format]:  # type: ignore[empty-body]
    """Give the formats that this plugin reads or writes."""


@hookspec
def register_transforms() -> Iterable[Any]:  # type: ignore[empty-body]
    """Give the steps that change a document between reading and writing, as ``wikicable.transforms.Transform``."""


@hookspec
def register_commands(cli: click.Group) -> None:
    """Add subcommands to the group ``cli``."""


@hookspec
def register_dokuwiki_syntax() -> Iterable[Any]:  # type: ignore[empty-body]
    """Give the syntax of DokuWiki plugins that this plugin knows, as ``wikicable_dokuwiki.syntax.Syntax``."""


@hookspec
def register_sources() -> Iterable[Any]:  # type: ignore[empty-body]
    """Give the kinds of wiki that this plugin opens, as ``wikicable.wiki.sources.WikiSource``."""


@hookspec
def register_layouts() -> Iterable[Any]:  # type: ignore[empty-body]
    """Give the shapes in which a whole wiki is written and read back, as ``wikicable.wiki.layouts.Layout``."""


@hookspec
def register_executors() -> Iterable[Any]:  # type: ignore[empty-body]
    """Give the places where batch work can run, as ``wikicable.wiki.executors.ExecutorFactory``."""

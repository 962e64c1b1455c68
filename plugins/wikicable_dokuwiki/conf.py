"""A wiki's ``conf`` folder: its tables, and the settings that reading and linking its pages depends on.

Tables are merged as ``retrieveConfig`` and ``linesToHash`` in ``inc/confutils.php`` do: ``interwiki.local.conf`` over
``interwiki.conf``, an empty value takes a row away.  PHP is not run: settings are what ``$conf['name'] = value;`` says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from wikicable.errors import OptionError
from wikicable.wikiconf import SHIPPED, WikiConf

_TABLES = {
    "interwiki": "interwiki",
    "entities": "entities",
    "acronyms": "acronyms",
    "smileys": "smileys",
    "mime": "media_types",
}
"""Files of rows, and the table of ours that each makes."""

_SETTINGS = ("dokuwiki.php", "local.php", "local.protected.php")
_CASCADE = ("", ".local", ".protected")
FILES = frozenset(_SETTINGS) | {f"{name}{each}.conf" for name in (*_TABLES, "scheme") for each in _CASCADE}
"""The names of the files that are looked at."""

_MOST = 1 << 20
_COMMENT = re.compile(r"(?<![&\\])#.*")
_SETTING = re.compile(
    r"/\*.*?\*/|(?://|#)[^\n]*|(?<![\w\]'\"])\$conf\s*\[\s*['\"](?P<name>\w+)['\"]\s*\]\s*=\s*"
    r"(?:'(?P<single>(?:[^'\\]|\\.)*)'|\"(?P<double>(?:[^\"\\]|\\.)*)\"|(?P<word>[\w.-]+))\s*;",
    re.DOTALL,
)


def folder_conf(folder: str) -> WikiConf:
    """Read a ``conf`` folder; one that was read before and has not changed is not read again."""
    place = Path(folder)
    if not place.is_dir():
        raise OptionError(f"conf takes a wiki's conf folder; {folder} is no folder")
    found = sorted(each for each in place.iterdir() if each.name in FILES and each.is_file())
    return _folder_conf(tuple((each, each.stat().st_mtime_ns) for each in found))


@lru_cache(maxsize=4)
def _folder_conf(files: tuple[tuple[Path, int], ...]) -> WikiConf:
    return read_conf({path.name: _beginning(path) for path, _ in files})


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST)


def read_conf(files: Mapping[str, bytes]) -> WikiConf:
    """Make the configuration of the files in a ``conf`` folder, by name; what they do not say is as shipped."""
    texts = {name: data[:_MOST].decode("utf-8-sig", "replace").replace("\r\n", "\n") for name, data in files.items()}
    made: dict[str, Any] = {field: _table(texts, name, field) for name, field in _TABLES.items()}
    made["schemes"] = _schemes(texts)
    for name in _SETTINGS:
        made |= _typed(_settings(texts.get(name, "")))
    return WikiConf(**made)


# -- tables --------------------------------------------------------------------------------------


def _table(texts: Mapping[str, str], name: str, field: str) -> Mapping[str, str]:
    table = {} if f"{name}.conf" in texts else dict(getattr(SHIPPED, field))
    for each in _CASCADE:
        table |= dict(rows(texts.get(f"{name}{each}.conf", ""), lower=name == "interwiki"))
    if name == "mime":
        table = {ending: kind.removeprefix("!") for ending, kind in table.items()}
    return MappingProxyType({key: value for key, value in table.items() if value})


def rows(text: str, *, lower: bool = False) -> list[tuple[str, str]]:
    """Give the rows of a table: what stands before the first blank of a line, and what stands after it."""
    lines = (_COMMENT.sub("", line).replace("\\#", "#").split(None, 1) for line in text.split("\n"))
    return [(row[0].lower() if lower else row[0], row[1].rstrip() if row[1:] else "") for row in lines if row]


def _schemes(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Merge lists of schemes; one with a minus before it is taken away."""
    schemes = [] if "scheme.conf" in texts else list(SHIPPED.schemes)
    for each in _CASCADE:
        lines = [line.strip() for line in texts.get(f"scheme{each}.conf", "").split("\n")]
        gone = {line[1:] for line in lines if line.startswith("-")}
        schemes += [line for line in lines if line and line[0] not in "-#" and line not in schemes]
        schemes = [scheme for scheme in schemes if scheme not in gone]
    return tuple(schemes)


# -- settings ------------------------------------------------------------------------------------


def _settings(php: str) -> dict[str, str]:
    found = (each for each in _SETTING.finditer(php) if each["name"])
    return {each["name"]: _value(each) for each in found}


def _value(found: re.Match[str]) -> str:
    if found["word"] is not None:
        word = found["word"]
        return {"true": "1", "false": "0", "null": ""}.get(word.lower(), word)
    return re.sub(r"\\([\\'\"])", r"\1", found["single"] if found["double"] is None else found["double"])


def _typed(settings: Mapping[str, str]) -> dict[str, Any]:
    """Give the settings that we know; that there is a choice of syntax tells the release."""
    made: dict[str, Any] = {name: settings[name] for name in ("start", "sepchar", "lang", "title") if name in settings}
    if "useslash" in settings:
        made["useslash"] = settings["useslash"] not in ("", "0")
    if settings.get("deaccent") in ("0", "1", "2"):
        made["deaccent"] = int(settings["deaccent"])
    if "syntax" in settings:
        made["release"] = "2026"
    return made

"""A DokuWiki as a source: an installation, its ``data`` folder, a dump, or a plain folder of ``.txt`` files.

The layout is that of ``wikiFN`` and ``mediaFN`` in ``inc/pageutils.php``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from posixpath import basename, dirname

from wikicable.links import clean_id
from wikicable.notices import Notices
from wikicable.wiki.sources import PageFile, Wiki, WikiSource, below
from wikicable.wiki.trees import Tree, read_blob
from wikicable.wikiconf import SHIPPED, WikiConf
from wikicable_dokuwiki.changelog import changes, dumped_changes, dumped_facts, facts, revision
from wikicable_dokuwiki.conf import FILES, read_conf
from wikicable_dokuwiki.filenames import decoded
from wikicable_dokuwiki.redirects import redirects

_PAGES = re.compile(r"((?:.*/)?)pages/")
_REVISION = re.compile(r"(?P<name>.+)\.(?P<date>\d{1,15})(?P<ending>)\.txt(?:\.gz|\.bz2)?")
_MEDIA_REVISION = re.compile(r"(?P<name>.+)\.(?P<date>\d{9,11})(?P<ending>(?:\.tar)?\.[^.]+)")
_NOT_A_PAGE = ("_dummy", "__template.txt", "_template.txt")
"""Files among the pages that are none: ``inc/search.php`` leaves out names that begin with an underscore."""

_DUMPED = "dumpMeta/info.json"
_MAX_DEPTH = 3
"""How deep below the root of a source the pages may lie: ``site/data/pages`` in an archive."""


def recognises(tree: Tree) -> bool:
    """Whether there is a folder of pages with texts in it."""
    return _data_folder(tree) is not None


def recognises_texts(tree: Tree) -> bool:
    """Whether most files that are no media are texts."""
    others = [path for path in tree.entries if not SHIPPED.media_type(path) and not path.startswith(".")]
    return 2 * sum(path.endswith(".txt") for path in others) > len(others)


def recognises_dump(tree: Tree) -> bool:
    """Whether beside the pages lies what dokuWikiDumper writes of itself."""
    root = _data_folder(tree)
    return root is not None and f"{root}{_DUMPED}" in tree.entries


def _data_folder(tree: Tree) -> str | None:
    """Give the folder that ``pages`` lies in, the highest there is."""
    found = {match[1] for path in tree.entries if path.endswith(".txt") and (match := _PAGES.match(path))}
    return min(
        (each for each in found if each.count("/") < _MAX_DEPTH), key=lambda each: (len(each), each), default=None
    )


def open_data(tree: Tree, source: WikiSource, notices: Notices) -> Wiki:
    """Open an installation, a data folder or a dump."""
    root = _data_folder(tree) or ""
    conf = _conf(tree, root)
    beside = below(tree, f"{root}meta")
    logs, metas = _beside(beside, ".changes", notices), _beside(beside, ".meta", notices)
    pages = {
        page_id: PageFile(page_id, path, tuple(each[page_id] for each in (logs, metas) if page_id in each))
        for page_id, path in _pages(tree, f"{root}pages", conf, notices).items()
    }
    media = below(tree, f"{root}media")
    shown = ((path, path) for path in media if not path.endswith("_dummy"))
    return Wiki(
        tree,
        source,
        "dokuwiki",
        pages,
        media=_by_id(shown, media, notices),
        conf=conf,
        logs=logs,
        attic=_attic(below(tree, f"{root}attic"), _REVISION),
        media_logs=_beside(below(tree, f"{root}media_meta"), ".changes", notices),
        media_attic=_attic(below(tree, f"{root}media_attic"), _MEDIA_REVISION),
    )


def open_dump(tree: Tree, source: WikiSource, notices: Notices) -> Wiki:
    """Open a dump, which has the wiki's language and title in place of its settings."""
    wiki = open_data(tree, source, notices)
    told = _told_of(tree)
    wiki.conf = replace(wiki.conf, lang=told("language") or wiki.conf.lang, title=told("wiki_name") or wiki.conf.title)
    return wiki


def _told_of(tree: Tree) -> Callable[[str], str]:
    """Give what tells what the dumper has found out about the wiki; what is no JSON tells nothing."""
    found: object = None
    for path, blob in tree.blobs([f"{_data_folder(tree)}{_DUMPED}"]):
        with suppress(ValueError):
            found = json.loads(read_blob(blob, path))
    values = found if isinstance(found, dict) else {}
    return lambda key: value if isinstance(value := values.get(key), str) else ""


def _conf(tree: Tree, root: str) -> WikiConf:
    """Read the ``conf`` folder, which lies beside the data folder, or in it."""
    for folder in (f"{dirname(root.rstrip('/'))}/conf".lstrip("/"), f"{root}conf"):
        paths = {path: name for name, path in below(tree, folder).items() if name in FILES}
        if paths:
            return read_conf({paths[path]: read_blob(blob, path) for path, blob in tree.blobs(paths)})
    return SHIPPED


def _beside(files: Mapping[str, str], suffix: str, notices: Notices) -> dict[str, str]:
    """Give the files about pages, by id; the wiki's own begin with an underscore."""
    named = ((path.removesuffix(suffix), path) for path in files if path.endswith(suffix) and not path.startswith("_"))
    return _by_id(named, files, notices)


def open_texts(tree: Tree, source: WikiSource, notices: Notices) -> Wiki:
    """Open a folder of texts; whatever else lies there is media."""
    pages = {page_id: PageFile(page_id, path) for page_id, path in _pages(tree, "", SHIPPED, notices).items()}
    others = {path: path for path in tree.entries if not path.endswith(".txt")}
    return Wiki(tree, source, "dokuwiki", pages, _by_id(others.items(), others, notices))


def _pages(tree: Tree, folder: str, conf: WikiConf, notices: Notices) -> dict[str, str]:
    files = below(tree, folder)
    named = ((path.removesuffix(".txt"), path) for path in files if path.endswith(".txt") and not _is_hidden(path))
    by_id = _by_id(named, files, notices)
    for page_id, path in by_id.items():
        if clean_id(page_id, conf) != page_id:
            notices.guessed("source.page-id", detail=f"{path}: no id that the wiki itself would give")
    return by_id


def _is_hidden(path: str) -> bool:
    return basename(path) in _NOT_A_PAGE or basename(path).startswith((".", "_"))


def _by_id(named: Iterable[tuple[str, str]], files: Mapping[str, str], notices: Notices) -> dict[str, str]:
    """Give the paths in the tree by id; of two files with one id the first counts."""
    found: dict[str, str] = {}
    for name, path in sorted(named):
        page_id = decoded(name).replace("/", ":")
        if page_id in found:
            notices.dropped("source.clash", detail=f"{files[path]}: has the id {page_id}, as has {found[page_id]}")
        else:
            found[page_id] = files[path]
    return dict(sorted(found.items()))


def _attic(files: Mapping[str, str], pattern: re.Pattern[str]) -> dict[str, dict[int, str]]:
    """Give the old revisions of pages or media by id and date."""
    attic: dict[str, dict[int, str]] = {}
    for name, path in files.items():
        if found := pattern.fullmatch(basename(name)):
            stem = f"{dirname(name)}/{found['name']}{found['ending']}".lstrip("/")
            attic.setdefault(decoded(stem).replace("/", ":"), {})[int(found["date"])] = path
    return attic


DATA = WikiSource(
    name="dokuwiki",
    title="a DokuWiki installation, its data folder, or a dump of it",
    recognises=recognises,
    open=open_data,
    describe=facts,
    changes=changes,
    revision=revision,
    redirects=redirects,
)

DUMP = WikiSource(
    name="dokuwikidumper",
    title="a dump that dokuWikiDumper has made of a wiki's pages",
    recognises=recognises_dump,
    open=open_dump,
    describe=dumped_facts,
    changes=dumped_changes,
    redirects=redirects,
)

TEXTS = WikiSource(
    name="texts",
    title="a plain folder of DokuWiki's .txt files",
    recognises=recognises_texts,
    open=open_texts,
)

"""Notes that stand in another chapter than the one that refers to them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from wikicable_epub.archive import resolved
from wikicable_epub.opf import Entry

_XHTML = "{http://www.w3.org/1999/xhtml}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_REFERENCES = frozenset(("noteref", "doc-noteref"))
_LOOKS_SO = re.compile(r"noteref|<sup\b", re.IGNORECASE)
_BLOCKS = frozenset(f"{_XHTML}{name}" for name in ("aside", "li", "p", "div", "dd", "section", "td"))


@dataclass
class _Reference:
    """A link to a note in another chapter."""

    link: etree._Element
    chapter: str
    note: etree._Element


def with_notes(chapters: Iterable[tuple[Entry, str]]) -> Iterator[tuple[Entry, str]]:
    """Give the chapters, notes of other chapters brought to the end of those that refer to them."""
    given = list(chapters)
    if not any(_refers_elsewhere(text) for _, text in given):
        yield from given
        return
    trees = {entry.path: tree for entry, text in given if entry.is_page and (tree := _parsed(text)) is not None}
    references = list(_references(trees))
    changed = _brought(trees, references)
    for entry, text in given:
        if entry.path not in changed:
            yield entry, text
        elif _has_text(trees[entry.path]):
            yield entry, etree.tostring(trees[entry.path], encoding="unicode")


def _refers_elsewhere(text: str) -> bool:
    return _LOOKS_SO.search(text) is not None and re.search(r"""href=["'][^"'#:]+#""", text) is not None


def _parsed(text: str) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(text.encode("utf-8", "surrogateescape"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _references(trees: dict[str, etree._Element]) -> Iterator[_Reference]:
    ids = {
        path: {each.get("id", ""): each for each in tree.iter("*") if each.get("id")} for path, tree in trees.items()
    }
    for path, tree in trees.items():
        for link in tree.iter(f"{_XHTML}a"):
            address, _, name = link.get("href", "").partition("#")
            place = resolved(unquote(address), path) if address and ":" not in address else None
            target = ids.get(place or "", {}).get(unquote(name)) if place != path else None
            if target is not None and _is_reference(link, target):
                yield _Reference(link, path, _note(target))


def _is_reference(link: etree._Element, target: etree._Element) -> bool:
    """Whether a link refers to a note: it says so, or it is raised and the note leads back to it."""
    if not _REFERENCES.isdisjoint({*link.get(_TYPE, "").split(), *link.get("role", "").split()}):
        return True
    above = link.getparent()
    is_raised = (above is not None and above.tag == f"{_XHTML}sup") or any(each.tag == f"{_XHTML}sup" for each in link)
    names = {link.get("id"), above.get("id") if above is not None else None} - {None}
    backs = {unquote(each.get("href", "").partition("#")[2]) for each in _note(target).iter(f"{_XHTML}a")}
    return is_raised and not names.isdisjoint(backs)


def _note(target: etree._Element) -> etree._Element:
    """Give the block that a note is."""
    note = target
    while note.tag not in _BLOCKS:
        above = note.getparent()
        if above is None or above.tag == f"{_XHTML}body":
            return target
        note = above
    return note


def _brought(trees: dict[str, etree._Element], references: list[_Reference]) -> set[str]:
    """Bring each note to the chapters that refer to it, and name the chapters that are changed by that."""
    changed = set()
    names: dict[tuple[str, int], str] = {}
    taken: list[etree._Element] = []
    for reference in references:
        key = (reference.chapter, id(reference.note))
        if key not in names:
            names[key] = f"brought-note-{len(names) + 1}"
            _append(trees[reference.chapter], reference.note, names[key])
            taken.append(reference.note)
        reference.link.set("href", "#" + names[key])
        reference.link.set("role", "doc-noteref")
        changed |= {reference.chapter, *(path for path, tree in trees.items() if tree is _root(reference.note))}
    for note in taken:
        above = note.getparent()
        if above is not None:
            above.remove(note)
    return changed


def _append(tree: etree._Element, note: etree._Element, name: str) -> None:
    body = tree.find(f"{_XHTML}body")
    if body is None:
        return
    aside = etree.SubElement(body, f"{_XHTML}aside", {"id": name, "role": "doc-footnote"})
    content = copy.deepcopy(note)
    content.tail = None
    for each in content.iter("*"):
        each.attrib.pop("id", "")
        if each.tag == f"{_XHTML}a" and re.match(r"[^:]*#", each.get("href", "")):
            each.set("role", "doc-backlink")
    if content.tag == f"{_XHTML}p":
        aside.append(content)
        return
    aside.text = content.text
    aside.extend(list(content))


def _root(element: etree._Element) -> etree._Element:
    return element.getroottree().getroot()


def _has_text(tree: etree._Element) -> bool:
    body = tree.find(f"{_XHTML}body")
    headings = tuple(f"{_XHTML}h{level}" for level in range(1, 7))
    if body is None:
        return False
    texts = (each for each in body.iter("*") if each.tag not in headings)
    return (
        any((each.text or "").strip() for each in texts)
        or any((each.tail or "").strip() for each in body.iter("*") if each is not body)
        or any(True for _ in body.iter(f"{_XHTML}img"))
    )

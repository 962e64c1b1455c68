"""A document of pandoc's readers as a page of a wiki: addresses are targets again, and ids are the wiki's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, get_args
from urllib.parse import parse_qsl

from wikicable.links import link_text, section_ids
from wikicable.model import (
    NO_ATTR,
    Align,
    Attr,
    Block,
    CodeBlock,
    Document,
    EmailTarget,
    Figure,
    Header,
    Image,
    Inline,
    LineBreak,
    Link,
    Linking,
    MediaTarget,
    Node,
    Para,
    Plain,
    SectionTarget,
    SoftBreak,
    Span,
    Str,
    Tags,
    UrlTarget,
)
from wikicable.native import Decoder
from wikicable.resources import Resources
from wikicable.tags import tags_in
from wikicable.walk import plain_text, rewrite, walk
from wikicable.wikiconf import WikiConf
from wikicable_pandoc.addresses import media_parts, target_of, unquoted


def inward(document: Document) -> Document:
    """Give the document anew."""
    document = _with_media_names(document)
    document = rewrite(document, _Inward(document).changed)
    tags = document.metadata.tags or tags_in(document.blocks, document.conf)
    return replace(document, metadata=replace(document.metadata, tags=tags))


def under_title(document: Document) -> Document:
    """Let the headings stand below the title, where none of them is it: on a page of a wiki the title is a heading."""
    highest = [plain_text(node) for node in walk(document) if isinstance(node, Header) and node.level == 1]
    if not document.metadata.title or not highest or document.metadata.title in highest:
        return document
    return rewrite(
        document, lambda node: replace(node, level=min(node.level + 1, 6)) if isinstance(node, Header) else node
    )


def _with_media_names(document: Document) -> Document:
    """Name media by their files: the folders are pandoc's."""
    names = {path: PurePosixPath(path).name for path in document.resources}
    if len(set(names.values())) < len(names):
        names = {path: path.replace("/", "_") for path in names}

    def named(node: Node) -> Node:
        match node:
            case Image(target=UrlTarget(url=url)) if url in names:
                return replace(node, target=MediaTarget(names[url]))
            case Image(target=UrlTarget(url=url)) if "://" not in url:
                return replace(node, target=MediaTarget(unquoted(url)))
            case _:
                return node

    resources = Resources({names[path]: resource for path, resource in document.resources.items()})
    return replace(rewrite(document, named), resources=resources)


class _Inward:
    """Rewrites one document."""

    def __init__(self, document: Document) -> None:
        self._conf: WikiConf = document.conf
        headers = list(walk(document, Header))
        plain = rewrite(document, lambda node: replace(node, attr=NO_ATTR) if isinstance(node, Header) else node)
        self._sections = {
            header.attr.id: wiki for header, wiki in zip(headers, section_ids(plain), strict=True) if header.attr.id
        }

    def changed(self, node: Node) -> Node | Iterable[Node]:
        """Give a node as the wiki says it."""
        match node:
            case Link():
                return self._link(node)
            case Span(content=()):
                return ()  # a bookmark: who leads to it is led to the heading
            case Header(attr=attr):
                return replace(node, attr=replace(attr, id=""))
            case Figure(content=(Plain(content=(Image() as image,)),), caption=caption):
                return Para((image if image.content else replace(image, content=_lined(caption)),))
            case _:
                return node

    def _link(self, link: Link) -> Link | Image:
        match link.target:
            case SectionTarget(section=section):
                return replace(link, target=SectionTarget(self._sections.get(section, section)))
            case UrlTarget(url=url) if url.startswith("image:"):
                return _image(link, *media_parts(url.removeprefix("image:")))
            case UrlTarget(url=url):
                return self._untitled(replace(link, target=target_of(url, self._conf)))
            case _:
                return self._untitled(link)

    def _untitled(self, link: Link) -> Link:
        """Leave out a text that the target shows by itself."""
        if plain_text(link.content) != link_text(link.target, self._conf):
            return link
        match link.target:
            case UrlTarget():
                return replace(link, content=(), attr=Attr(classes=("uri",)))
            case EmailTarget():
                return replace(link, content=(), attr=Attr(classes=("email",)))
            case _:
                return replace(link, content=())


def _lined(blocks: Iterable[Node]) -> tuple[Inline, ...]:
    text = plain_text(blocks)
    return (Str(text),) if text else ()


def _image(link: Link, name: str, said: Mapping[str, str]) -> Image:
    target = MediaTarget(name, _one_of(get_args(Linking), said.get("linking", "details")))
    align: Align | None = next((each for each in get_args(Align) if each == said.get("align")), None)
    content = () if said.get("untitled") else link.content
    return Image(target, content, align, _number(said.get("width")), _number(said.get("height")))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() else None


def _one_of(known: tuple[Any, ...], value: str) -> Any:
    return value if value in known else known[0]


# -- what stands side by side --------------------------------------------------------------------


class OfficeDecoder(Decoder):
    """Reads links that are tags as tags, and code with the line that names it as one."""

    def blocks(self, values: Iterable[Any]) -> tuple[Block, ...]:
        """Read blocks."""
        return named_code(super().blocks(values))

    def inlines(self, values: Iterable[Any]) -> tuple[Inline, ...]:
        """Read inlines."""
        return with_tags(super().inlines(values))


def with_tags(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    """Make one of the links that are tags, and of what stands between them."""
    out: list[Inline] = []
    for inline in inlines:
        name = _tag(inline)
        match out:
            case _ if not name:
                out.append(inline)
            case [*_, Tags(tags=tags), Str(text=text)] if not text.strip(", "):
                out[-2:] = [Tags((*tags, name))]
            case [*_, Tags(tags=tags)]:
                out[-1] = Tags((*tags, name))
            case _:
                out.append(Tags((name,)))
    return tuple(out)


def _tag(inline: Inline) -> str:
    match inline:
        case Link(target=UrlTarget(url=url)) if url.startswith("tag:"):
            return plain_text(inline).strip() or unquoted(url.removeprefix("tag:"))
        case _:
            return ""


def named_code(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Give code the name, language and options that the line before it says."""
    out: list[Block] = []
    for block in blocks:
        said = _code_line(out[-1]) if out else None
        match block:
            case CodeBlock() if said is not None:
                out[-1] = replace(block, **said)
            case Para(content=content) | Plain(content=content) if said is not None:
                out[-1] = CodeBlock(_lines_of(content), **said)
            case _:
                out.append(block)
    return tuple(out)


def _lines_of(inlines: Iterable[Inline]) -> str:
    return "".join("\n" if isinstance(each, LineBreak | SoftBreak) else plain_text(each) for each in inlines)


def _code_line(node: Node) -> dict[str, Any] | None:
    match node:
        case Para(content=(Link(target=UrlTarget(url=url)),)) if url.startswith("code:"):
            name, _, query = url.removeprefix("code:").partition("?")
            said = dict(parse_qsl(query))
            kind = "file" if said.get("kind") == "file" else "code"
            return {
                "filename": unquoted(name),
                "language": said.get("language", ""),
                "kind": kind,
                "options": said.get("options", ""),
            }
        case _:
            return None

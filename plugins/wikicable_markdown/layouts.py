"""Folders of Markdown as targets and sources: GitHub, Obsidian, MkDocs, Hugo, Quarto, and a plain one for pandoc."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files

from wikicable.model import Document, Inline, MediaTarget, Metadata, MetaValue, PageTarget, SectionTarget, Str, Tags
from wikicable.walk import walk
from wikicable.wiki.layouts import Finish, Layout, MediumPlace, PageLink, SideFile, Site
from wikicable_markdown import anchors

QUARTO_TAGS = "categories.md"
"""The file of a Quarto site's page of tags."""

_UNFIT_FOR_TAG = re.compile(r"[^\w/-]")

# -- links ---------------------------------------------------------------------------------------


def link(place: PageLink) -> Inline:
    """Link to a file by its path; a path with colons for slashes is what the writer takes for one."""
    if not place.path:
        return replace(place.link, target=SectionTarget(place.anchor))
    path = place.path.removesuffix(".md").replace("/", ":")
    return replace(place.link, target=PageTarget(path, place.anchor, place.query))


def vault_link(place: PageLink) -> Inline:
    """Link to a note by its path from the vault's root."""
    if not place.path:
        return replace(place.link, target=SectionTarget(place.anchor))
    path = place.target_path.removesuffix(".md")
    target = PageTarget(path.replace("/", ":"), place.anchor, place.query)
    is_shown = not place.anchor and place.link.content == (Str(path),)
    return replace(place.link, target=target, content=() if is_shown else place.link.content)


def medium(place: MediumPlace) -> MediaTarget:
    """Show a file by its path."""
    return replace(place.target, id=place.path.replace("/", ":"))


# -- metadata ------------------------------------------------------------------------------------


def finish_with_title(document: Document, page: Finish) -> Document:
    """Give each page a title, which site generators show in their menus."""
    return replace(document, metadata=replace(document.metadata, title=document.metadata.title or page.title))


def finish_for_quarto(document: Document, page: Finish) -> Document:
    """Write what Quarto has names for under those names, and the addresses of old names that it is to lead to the page."""
    old = document.metadata
    aliases = [f"/{QUARTO.page_path(name, page.conf).removesuffix('.md')}.html" for name in page.old_names]
    known: dict[str, MetaValue] = {
        "author": [old.creator, *old.contributors] if old.creator else None,
        "date": old.created,
        "date-modified": old.modified,
        "categories": list(old.tags),
        "aliases": list(aliases),
    }
    extra = {**{key: value for key, value in known.items() if value}, **old.extra}
    contributors = () if old.creator else old.contributors
    return replace(
        document, metadata=Metadata(old.title or page.title, lang=old.lang, contributors=contributors, extra=extra)
    )


def restore_from_quarto(document: Document) -> Document:
    """Give the metadata that Quarto has other names for."""
    old = document.metadata
    authors = _texts(old.extra.get("author"))
    names = ("author", "date", "date-modified", "categories", "aliases", "listing")
    metadata = replace(
        old,
        tags=old.tags or _texts(old.extra.get("categories")),
        created=old.created or _text(old.extra.get("date")),
        modified=old.modified or _text(old.extra.get("date-modified")),
        creator=old.creator or next(iter(authors), None),
        contributors=old.contributors or authors[1:],
        extra={key: value for key, value in old.extra.items() if key not in names},
    )
    return replace(document, metadata=metadata)


def _texts(value: MetaValue) -> tuple[str, ...]:
    return tuple(map(str, value if isinstance(value, list) else [value] if value else []))


def finish_for_hugo(document: Document, page: Finish) -> Document:
    """Write what Hugo has names for under those names, the rest under ``params``, and the old path as an alias."""
    old = document.metadata
    known: dict[str, MetaValue] = {"date": old.created, "lastmod": old.modified, "aliases": _hugo_aliases(page)}
    free: dict[str, MetaValue] = {"creator": old.creator, "contributors": list(old.contributors), "lang": old.lang}
    free |= old.extra
    extra = {key: value for key, value in known.items() if value}
    params: dict[str, MetaValue] = {key: value for key, value in free.items() if value not in (None, [])}
    if params:
        extra["params"] = params
    return replace(document, metadata=Metadata(old.title or page.title, old.tags, extra=extra))


def _hugo_aliases(page: Finish) -> list[MetaValue]:
    """Give the paths that lead to the page in the wiki, which may write slashes for colons, but for its place in Hugo."""
    own = hugo_place(page.path).removeprefix("content/")
    is_start = page.id.rpartition(":")[2] == page.conf.start
    places = {own} if is_start else {own, page.id.replace(":", "/")}  # one that is not its own is another's
    paths = dict.fromkeys(path for name in (page.id, *page.old_names) for path in (name, name.replace(":", "/")))
    return [f"/{path}" for path in paths if path not in places]


def restore_from_hugo(document: Document) -> Document:
    """Give the metadata that Hugo has other names for."""
    return replace(document, metadata=_restored_from_hugo(document.metadata))


def _restored_from_hugo(metadata: Metadata) -> Metadata:
    extra = {key: value for key, value in metadata.extra.items() if key not in ("date", "lastmod", "aliases", "params")}
    params = metadata.extra.get("params")
    values = params if isinstance(params, dict) else {}
    named = ("creator", "contributors", "lang")
    contributors = values.get("contributors")
    return replace(
        metadata,
        created=metadata.created or _text(metadata.extra.get("date")),
        modified=metadata.modified or _text(metadata.extra.get("lastmod")),
        creator=metadata.creator or _text(values.get("creator")),
        lang=metadata.lang or _text(values.get("lang")),
        contributors=tuple(map(str, contributors)) if isinstance(contributors, list) else metadata.contributors,
        extra={**extra, **{key: value for key, value in values.items() if key not in named}},
    )


def _text(value: MetaValue) -> str | None:
    return str(value) if value else None


def finish_for_obsidian(document: Document, page: Finish) -> Document:
    """Write tags as Obsidian allows them, and a title that is not the file's name as another name of the note."""
    metadata = document.metadata
    name = page.path.rpartition("/")[2].removesuffix(".md")
    names = [*([page.title] if page.title != name else []), *(old.replace(":", "/") for old in page.old_names)]
    aliases: dict[str, MetaValue] = {"aliases": list(names)} if names else {}
    tags = tuple(dict.fromkeys(map(obsidian_tag, metadata.tags)))
    return replace(document, metadata=replace(metadata, tags=tags, extra={**metadata.extra, **aliases}))


def restore_from_obsidian(document: Document) -> Document:
    """Give the tags as the wiki has them: one that stands in the text as it is written there."""
    metadata = document.metadata
    places = walk(document.blocks, Tags)
    placed = {obsidian_tag(tag): tag for place in places for tag in place.tags}
    tags = tuple(placed.get(tag) or tag.replace("/", ":") for tag in metadata.tags)
    extra = {key: value for key, value in metadata.extra.items() if key not in ("aliases", "cssclasses")}
    return replace(document, metadata=replace(metadata, tags=tags, extra=extra))


def obsidian_tag(tag: str) -> str:
    """Write a tag as Obsidian allows it: slashes between its levels, no blanks and dots, and more than digits."""
    name = _UNFIT_FOR_TAG.sub("_", tag.replace(":", "/"))
    return f"_{name}" if name.isdecimal() else name


# -- files of the generators ---------------------------------------------------------------------


def mkdocs_files(site: Site) -> Iterator[SideFile]:
    """Give MkDocs its settings; pages that the wiki only links to are no fault of the site."""
    yield (
        "mkdocs.yml",
        f"""site_name: {json.dumps(site.title, ensure_ascii=False)}
use_directory_urls: false
theme: readthedocs
validation:
  omitted_files: ignore
  links:
    not_found: info
    anchors: info
    absolute_links: ignore
    unrecognized_links: ignore
markdown_extensions:
  - footnotes
  - tables
  - attr_list
  - md_in_html
  - toc:
      slugify: !!python/name:markdown.extensions.toc.slugify_unicode
{"".join(_moved(site))}nav:
{"".join(_nav(site))}""",
    )


def _moved(site: Site) -> Iterator[str]:
    """Give the settings of the plugin ``redirects``, which is asked for only if there is something to redirect."""
    if site.redirects:
        yield "plugins:\n  - search\n  - redirects:\n      redirect_maps:\n"
    for each in site.redirects or ():
        old, new = each.path.removeprefix("docs/"), each.page_path.removeprefix("docs/")
        yield f"        {_yaml(old)}: {_yaml(new)}\n"


def _nav(site: Site) -> Iterator[str]:
    """Give the entries of the menu, namespace by namespace, the start page of each first."""
    pages = [(*_spaces(page.id), page) for page in site.pages()]
    pages.sort(key=lambda each: (each[0], each[1] != site.conf.start, each[1]))
    opened: tuple[str, ...] = ()
    for spaces, _, page in pages:
        shared = next((at for at, (one, two) in enumerate(zip(opened, spaces, strict=False)) if one != two), None)
        shared = min(len(opened), len(spaces)) if shared is None else shared
        for depth in range(shared, len(spaces)):
            yield f"{'    ' * depth}  - {_yaml(spaces[depth])}:\n"
        opened = spaces
        path = page.path.removeprefix("docs/")
        yield f"{'    ' * len(spaces)}  - {_yaml(page.title)}: {_yaml(path)}\n"
    if site.tags:
        yield f"  - Tags: {_yaml('_tags/index.md')}\n"


def _spaces(page_id: str) -> tuple[tuple[str, ...], str]:
    *spaces, name = page_id.split(":")
    return tuple(spaces), name


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_HUGO_PAGES = "html,htm,adoc,asciidoc,ad,org,rst,pandoc,pdc"
"""The endings of files that Hugo takes for pages, and of which the wiki's are media."""


def hugo_place(path: str) -> str:
    """Give the place of a page in Hugo's tree, at which there can be one only."""
    return path.removesuffix(".md").removesuffix("/_index").removesuffix("/index")


def hugo_files(site: Site) -> Iterator[SideFile]:
    """Give Hugo its settings, and templates as plain as can be: a theme takes their place."""
    yield (
        "hugo.toml",
        f"""baseURL = "/"
title = {json.dumps(site.title, ensure_ascii=False)}
relativeURLs = true
disableKinds = ["RSS"]

[markup.goldmark.renderer]
unsafe = true

[[module.mounts]]
source = "content"
target = "content"
files = ["! /**.{{{_HUGO_PAGES}}}"]

[[module.mounts]]
source = "content"
target = "static"
files = ["*.{{{_HUGO_PAGES}}}", "**/*.{{{_HUGO_PAGES}}}"]
""",
    )
    templates = files("wikicable_markdown") / "hugo"
    for name in ("baseof.html", "single.html", "list.html", "_markup/render-link.html"):
        yield f"layouts/_default/{name}", (templates / name.rpartition("/")[2]).read_text("utf-8")


def obsidian_files(_: Site) -> Iterator[SideFile]:
    """Give Obsidian the settings by which new links and attachments are as those that are there."""
    settings = {"newLinkFormat": "absolute", "useMarkdownLinks": False, "attachmentFolderPath": "attachments"}
    yield ".obsidian/app.json", json.dumps(settings, indent=2) + "\n"


def quarto_files(site: Site) -> Iterator[SideFile]:
    """Give Quarto its project file, and a page of all tags, which it makes of what the pages say."""
    lang = f"lang: {site.conf.lang}\n" if site.conf.lang else ""
    has_tags = any(page.tags for page in site.pages())
    tags = f"    tools:\n      - icon: tags\n        href: {QUARTO_TAGS}\n        text: Tags\n" if has_tags else ""
    yield (
        "_quarto.yml",
        f"""project:
  type: website
  resources:
    - "_media/**"
website:
  title: {_yaml(site.title)}
  search: true
  sidebar:
    contents: auto
{tags}{lang}format:
  html:
    toc: true
""",
    )
    if has_tags:
        yield (
            QUARTO_TAGS,
            (
                '---\ntitle: Tags\nlisting:\n  contents: "**/*.md"\n  type: table\n'
                "  fields: [title, categories]\n  categories: true\n---\n"
            ),
        )


# -- layouts -------------------------------------------------------------------------------------

GFM = Layout(
    name="gfm",
    title="a folder of Markdown for GitHub and GitLab",
    marks=("README.md",),
    format="gfm",
    suffix=".md",
    start="README",
    tag_folder="_tags",
    anchors=anchors.github,
    link=link,
    medium=medium,
)

MARKDOWN = Layout(
    name="markdown",
    title="a folder of pandoc's Markdown",
    format="markdown",
    write_options={"wiki_links": False},
    suffix=".md",
    tag_folder="_tags",
    anchors=anchors.pandoc,
    link=link,
    medium=medium,
)

MKDOCS = Layout(
    name="mkdocs",
    title="a site for MkDocs",
    format="python-markdown",
    suffix=".md",
    page_root="docs",
    media_root="docs/_media",
    write_options={"alerts": False},
    start="index",
    tag_folder="_tags",
    writes_redirects=True,
    marks=("mkdocs.yml",),
    anchors=anchors.mkdocs,
    link=link,
    medium=medium,
    finish=finish_with_title,
    side_files=mkdocs_files,
)

HUGO = Layout(
    name="hugo",
    title="the content of a Hugo site",
    format="gfm",
    suffix=".md",
    page_root="content",
    media_root="content",
    write_options={"alerts": False},
    start="_index",
    leaf="index",
    writes_redirects=True,
    place=hugo_place,
    marks=("hugo.toml", "hugo.yaml"),
    anchors=anchors.hugo,
    link=link,
    medium=medium,
    finish=finish_for_hugo,
    restore=restore_from_hugo,
    side_files=hugo_files,
)

QUARTO = Layout(
    name="quarto",
    title="a Quarto web site",
    format="markdown",
    write_options={"wiki_links": False},
    suffix=".md",
    start="index",
    writes_redirects=True,
    marks=("_quarto.yml",),
    own_files=(QUARTO_TAGS,),
    anchors=anchors.pandoc,
    link=link,
    medium=medium,
    finish=finish_for_quarto,
    restore=restore_from_quarto,
    side_files=quarto_files,
)

OBSIDIAN = Layout(
    name="obsidian",
    title="a vault for Obsidian",
    format="obsidian",
    suffix=".md",
    media_root="attachments",
    is_rooted=True,
    shows_backlinks=True,
    writes_redirects=True,
    marks=(".obsidian",),
    anchors=anchors.obsidian,
    link=vault_link,
    medium=medium,
    finish=finish_for_obsidian,
    restore=restore_from_obsidian,
    side_files=obsidian_files,
)

LAYOUTS = (OBSIDIAN, MKDOCS, HUGO, QUARTO, GFM, MARKDOWN)
"""Those with settings files first, by which they are recognised."""

"""The parser of each flavour: markdown-it-py with the rules that pandoc, GitHub and we add to CommonMark."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

from wikicable_markdown import Flavour, alerts, attributes

MAX_LEVEL = 104
"""Lists and quotes nested deeper than this are text; a list and its item are a level each."""

_MAX_NESTING = MAX_LEVEL + 6
"""Here markdown-it would give up and drop the rest; no rule of ours gets there."""

InlineRule = Callable[[StateInline, bool], bool]
BlockRule = Callable[[StateBlock, int, int, bool], bool]


class _Parser(MarkdownIt):
    """A parser that leaves URLs as they are written; what is safe to show is its writers' to decide."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802  markdown-it's name
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002
        return True


@cache
def parser(flavour: Flavour) -> MarkdownIt:
    """Give the parser of a flavour."""
    md = _Parser("commonmark", {"maxNesting": _MAX_NESTING, "strikethrough_single_tilde": flavour.autolinks})
    md.disable("text_join")  # an escaped character stays apart, so that no URL is found across it
    if flavour.tables:
        md.enable("table")
    if flavour.strikeout:
        md.enable("strikethrough")
    if flavour.notes:
        md.use(footnote_plugin, inline=False, move_to_end=False)
        md.block.ruler.at("footnote_def", _bounded(footnote_def), {"alt": ["paragraph", "reference"]})
    md.block.ruler.at("blockquote", _bounded(blockquote), {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.block.ruler.at("list", _bounded(list_block), {"alt": ["paragraph", "reference", "blockquote"]})
    if flavour.vault:
        md.inline.ruler.before("link", "wiki_link", _wiki_link)
        md.inline.ruler.before("image", "embed", _embed)
    if flavour.alerts:
        md.core.ruler.before("inline", "alerts", _alerts(is_vault=flavour.vault))
    if flavour.pandoc:
        _add_pandoc(md)
    else:
        md.inline.ruler.before("escape", "code_math", _code_math)
    return md


def _add_pandoc(md: MarkdownIt) -> None:
    md.use(deflist_plugin)
    md.block.ruler.before("paragraph", "line_block", _line_block, {"alt": []})
    md.block.ruler.before("fence", "fenced_div", _fenced_div, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.core.ruler.before("inline", "heading_attributes", _heading_attributes)
    md.inline.ruler.before("link", "wiki_link", _wiki_link)
    md.inline.ruler.after("link", "bracketed_span", _bracketed_span)
    md.inline.ruler.before("escape", "math", _math)
    md.inline.ruler.before("strikethrough", "subscript", _raised("~", "sub"))
    md.inline.ruler.before("strikethrough", "superscript", _raised("^", "sup"))
    md.inline.ruler.before("link", "inline_note", _inline_note)
    md.inline.ruler.after("backticks", "attributes", _attributes)


def _bounded(rule: BlockRule) -> BlockRule:
    """Let a rule nest so deep and no deeper: what is below is a paragraph, and nothing of it is lost."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < MAX_LEVEL and rule(state, start, end, silent)

    return bounded


# -- inline rules --------------------------------------------------------------------------------

_WIKI_LINK = re.compile(r"\[\[(?!\^[^\[\]\n]*\]\][{(])([^\[\]|\n\\<]+)(?:\|((?:[^\[\]\n\\]|\\(?!\]))*))?\]\]")
_NOTE_REFERENCE = re.compile(r"\[\^[^\]\s^]+\]")
_EMBED = re.compile(r"!\[\[([^\[\]|#\n]+\.[A-Za-z0-9]{1,5})((?:\|[^\[\]\n]*)?)\]\]")
_MATH = re.compile(r"\$\$((?:[^$\\]|\\.|\$(?!\$))+)\$\$|\$(?![\s$])((?:[^$\\]|\\.)+)(?<!\s)\$(?!\d)", re.DOTALL)
_CODE_MATH = re.compile(r"(\$\$?)`([^`]+)`\1")
RAW_FORMAT = re.compile(r"\{=([\w+-]+)\}")


def _wiki_link(state: StateInline, silent: bool) -> bool:
    """Take ``[[page]]`` and ``[[page|title]]``, but no note in brackets, nor a bracket that is escaped."""
    found = _match(state, "[", _WIKI_LINK)
    if not found or state.linkLevel:
        return False
    if not silent:
        token = state.push("wiki_link", "a", 0)
        token.content = found[1]
        token.info = found[2] or ""
    state.pos = found.end()
    return True


def _embed(state: StateInline, silent: bool) -> bool:
    """Take ``![[picture.png|200]]``."""
    found = _match(state, "!", _EMBED)
    if not found:
        return False
    if not silent:
        token = state.push("embed", "img", 0)
        token.content = found[1]
        token.info = found[2] or ""
    state.pos = found.end()
    return True


def _math(state: StateInline, silent: bool) -> bool:
    """Take ``$inline$`` and ``$$display$$`` formulas."""
    found = _match(state, "$", _MATH)
    return found is not None and _formula(state, silent, found, found[1] or found[2], display=found[1] is not None)


def _code_math(state: StateInline, silent: bool) -> bool:
    """Take formulas as GitHub has them beside its own syntax, between dollars and backticks."""
    found = _match(state, "$", _CODE_MATH)
    return found is not None and _formula(state, silent, found, found[2], display=found[1] == "$$")


def _formula(state: StateInline, silent: bool, found: re.Match[str], text: str, *, display: bool) -> bool:
    if not silent:
        token = state.push("math", "", 0)
        token.content = text
        token.markup = "$$" if display else "$"
    state.pos = found.end()
    return True


def _match(state: StateInline, first: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    return pattern.match(state.src, state.pos, state.posMax) if state.src[state.pos] == first else None


def _raised(marker: str, tag: str) -> InlineRule:
    """Take ``~subscript~`` or ``^superscript^``, which hold no blanks."""
    pattern = re.compile(rf"{re.escape(marker)}((?:[^\s\\{re.escape(marker)}]|\\.)+){re.escape(marker)}")

    def rule(state: StateInline, silent: bool) -> bool:
        found = _match(state, marker, pattern)
        return found is not None and _nested(
            state, silent, tag, start=found.start(1), end=found.end(1), after=found.end()
        )

    return rule


def _inline_note(state: StateInline, silent: bool) -> bool:
    """Take ``^[a note]``."""
    if not state.src.startswith("^[", state.pos):
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos + 1)
    return end >= 0 and _nested(state, silent, "note", start=state.pos + 2, end=end, after=end + 1)


def _bracketed_span(state: StateInline, silent: bool) -> bool:
    """Take ``[text]{.class}``; the attributes themselves are taken by the rule for them."""
    if state.src[state.pos] != "[" or _match(state, "[", _NOTE_REFERENCE):
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos)
    if end < 0 or not state.src.startswith("{", end + 1) or not _read_braces(state.src, end + 1):
        return False
    return _nested(state, silent, "span", start=state.pos + 1, end=end, after=end + 1)


def _nested(state: StateInline, silent: bool, tag: str, *, start: int, end: int, after: int) -> bool:
    """Take inlines between ``start`` and ``end`` as the content of an element."""
    if not silent:
        outer = state.posMax
        state.pos, state.posMax = start, end
        state.push(f"{tag}_open", tag, 1)
        state.md.inline.tokenize(state)
        state.push(f"{tag}_close", tag, -1)
        state.posMax = outer
    state.pos = after
    return True


def _attributes(state: StateInline, silent: bool) -> bool:
    """Take attributes behind a link, an image, code or a span, and the format of raw source behind code."""
    if state.src[state.pos] != "{" or state.pending or not state.tokens:
        return False
    before = state.tokens[-1].type
    if before == "code_inline" and (raw := RAW_FORMAT.match(state.src, state.pos, state.posMax)):
        return _attribute_token(state, silent, "raw_format", raw[1], raw.end())
    if before not in ("link_close", "image", "code_inline", "span_close"):
        return False
    found = _read_braces(state.src, state.pos)
    return found is not None and _attribute_token(state, silent, "attributes", found[1], found.end())


def _attribute_token(state: StateInline, silent: bool, kind: str, content: str, end: int) -> bool:
    if not silent:
        state.push(kind, "", 0).content = content
    state.pos = end
    return True


def _read_braces(text: str, at: int) -> re.Match[str] | None:
    found = attributes.BRACES.match(text, at)
    return found if found and attributes.read(found[1]) is not None else None


# -- block rules ---------------------------------------------------------------------------------

_DIV = re.compile(r":{3,}[ \t]*(?:(\{[^{}]*\})|([\w-]+))[ \t]*:*[ \t]*\Z")
_DIV_END = re.compile(r":{3,}[ \t]*\Z")
_HEADING_BRACES = re.compile(r"(?:^|[ \t]+|(?<=\S))(?<!\\)\{([^{}]*)\}[ \t]*\Z")


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _fenced_div(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Take the line that opens or closes a div, ``::: {.class}`` or ``:::``."""
    line = _line(state, start)
    if not line.startswith(":::") or state.is_code_block(start):
        return False
    opens, closes = _DIV.match(line), _DIV_END.match(line)
    if not opens and not closes:
        return False
    if not silent:
        token = state.push("fenced_div_open" if opens else "fenced_div_close", "div", 0)
        token.map = [start, start + 1]
        token.content = line
        token.info = (opens[1] or f".{opens[2]}").strip("{}") if opens else ""
        state.line = start + 1
    return True


def _line_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take lines that begin with ``|`` and a blank; lines indented below one go on with it."""
    if silent or state.is_code_block(start) or not _is_verse(_line(state, start)):
        return False
    lines: list[str] = []
    number = start
    while number < end and state.sCount[number] >= state.blkIndent and not state.isEmpty(number):
        line = _line(state, number)
        if _is_verse(line):
            lines.append(line[2:])
        elif state.sCount[number] > state.blkIndent:
            lines[-1] += " " + line
        else:
            break
        number += 1
    opened = state.push("line_block_open", "div", 1)
    opened.map = [start, number]
    for line in lines:
        verse = state.push("inline", "", 0)
        blanks = len(line) - len(line.lstrip(" "))
        verse.content = "\N{NO-BREAK SPACE}" * blanks + line.strip()
        verse.map = [start, number]
        verse.children = []
    state.push("line_block_close", "div", -1)
    state.line = number
    return True


def _is_verse(line: str) -> bool:
    return line == "|" or line.startswith("| ")


def _heading_attributes(state: StateCore) -> None:
    """Take the attributes off the ends of headings."""
    for before, token in zip(state.tokens, state.tokens[1:], strict=False):
        if before.type == "heading_open" and token.content.endswith("}"):
            found = _HEADING_BRACES.search(token.content)
            if found and attributes.read(found[1]) is not None:
                before.info = found[1]
                token.content = token.content[: found.start()]


# -- boxes ---------------------------------------------------------------------------------------


def _alerts(*, is_vault: bool) -> Callable[[StateCore], None]:
    """Make divisions of the quotes that are alerts of GitHub's, on the page itself, or callouts of Obsidian's."""
    pattern = re.compile(alerts.VAULT_MARK if is_vault else alerts.GITHUB_MARK)

    def rule(state: StateCore) -> None:
        if "[!" not in state.src:
            return
        tokens, lines = state.tokens, state.src.split("\n")
        state.tokens = []
        for token, line in zip(tokens, [*tokens[2:], *tokens[:2]], strict=True):
            state.tokens.append(token)
            is_quote = token.type == "blockquote_open" and line.type == "inline" and (is_vault or not token.level)
            if is_quote and (found := pattern.match(line.content)):
                attr = alerts.attr_of(found, _empty_lines(lines, token, line))
                token.tag, token.attrs = "div", {"class": " ".join(attr.classes), **dict(attr.pairs)}
                line.content = line.content[found.end() :]
                state.tokens += _box_title(found)

    return rule


def _empty_lines(lines: Sequence[str], quote: Token, line: Token) -> tuple[int, int]:
    """Count the empty lines behind the first line of a box, and at its end."""
    assert quote.map, "blocks know their lines"
    assert line.map, "blocks know their lines"
    behind, end = line.map[0] + 1, quote.map[1]
    if behind >= end:
        return 0, 0
    return int(_is_empty(lines[behind])), int(_is_empty(lines[end - 1]))


def _is_empty(line: str) -> bool:
    return not line.strip("> \t")


def _box_title(found: re.Match[str]) -> list[Token]:
    """Give a title as a paragraph: that of what is folded is a division, as in DokuWiki, another is strong."""
    title = (found.groupdict().get("title") or "").strip()
    if not title:
        return []
    line = Token("inline", "", 0, content=title if found["fold"] else f"**{title}**", children=[])
    paragraph = [Token("paragraph_open", "p", 1), line, Token("paragraph_close", "p", -1)]
    if not found["fold"]:
        return paragraph
    return [Token("div_open", "div", 1, attrs={"class": "title"}), *paragraph, Token("div_close", "div", -1)]

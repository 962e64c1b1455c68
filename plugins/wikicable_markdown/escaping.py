r"""Text that stays text: what has to be escaped in Markdown, and where.

Text is escaped in two steps.  ``Escapes.text`` marks what could be markup wherever it stands; a delimiter such as
``*`` gets ``HELD`` before it.  ``Escapes.block`` sees the whole paragraph, heading or cell: a held delimiter that
is alone in it can open nothing and stands bare, the others get a backslash; then come the line starts, where
``1.`` or ``#`` would begin a block.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from wikicable_markdown import Flavour

HELD = "\0"
"""Stands before a delimiter whose escape is not decided yet."""

BREAK = HELD + "|"
"""Stands for a line break: a backslash at the end of a line, a tag elsewhere."""

BLANK_LINE = "<span></span>"
"""Stands on a line that is blank, where a blank line would end the paragraph, and before HTML that would begin one."""

NODE_BREAK = "<!-- -->"
"""Shows nothing; text on both sides of it is not taken for a URL or an address."""

_DELIMITERS = "*_~`$^"
_HELD = re.compile(HELD + "(.)", re.DOTALL)
_BREAK_AT_LINE_END = re.compile(rf"[ \t]*{HELD}\|[ \t]*\n")
_BLANKS = re.compile(r"[ \t]*\n[ \t\n]*")
_TRIMMED = "\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""Blanks which some engine takes off the edge of a block; ASCII blanks show nothing there anyway."""

_COMMENT_FIRST = re.compile("^<!--", re.MULTILINE)
_LONE_TAG = re.compile(r"</?[a-zA-Z][^<>]*>(?:\n|\Z)")
"""A first line on which HTML would begin that reaches to the next blank line."""

_CLOSING_BRACES = re.compile(r"(?<!\\)\{(?=[^{}]*\}\Z)")
_CLOSING_HASHES = re.compile(r"(?:^|(?<=[ \t]))#(?=#*\Z)")

# What is active in text, as alternatives of one pattern.
_COMMON = (
    r"`",
    r"(?<![\s*])\*+|\*+(?![\s*])",
    r"(?<!\w)_+|_+(?!\w)",
    r"<(?=[A-Za-z/!?]|\Z)",
    r"&(?=#?\w+;)",
    r"\r",
)
_BACKSLASH = r"\\(?=[!-/:-@\[-`{-~]|\Z)"
_BRACKETS = (r"\[(?=\^|[ xX]\])", r"\](?=[(\[:])")
_TILDES = r"(?<![\s~])~+|~+(?![\s~])"
_PANDOC = (r"\\", r"\[", r"[$^]", r"(?<!\w)@(?=[\w{])", r"\A\{")
_URL_OR_ADDRESS = re.compile(
    r"(?<![a-z])(?:https?|ftp)(?=://)|(?<![^\W_])www(?=\.)|(?<=[\w.+-])(?=@[\w-]+\.)", re.IGNORECASE
)
_MAY_BE_LINK = re.compile(r"://|@|[wW]\.")
_VAULT = (r"\[(?=\[)", r"=(?==)", r"%(?=%)", r"\$", r"(?<!\S)#(?=[\w/-])")
_PYTHON = (r"\{",)
_KNOWN_TO_PYTHON = frozenset("\\`*_{}[]()>#+-.!|")
"""What Python-Markdown knows a backslash before; all else is written as an entity."""

_ENTITIES = {"<": "&lt;", "&": "&amp;"}
_MAY_BE_ACTIVE = re.compile(r"[\\`*_<&~\[\]$^@{\r]")
_MAY_BE_ACTIVE_IN_VAULT = re.compile(r"[\\`*_<&~\[\]$^@{\r=%#]")

# What begins a block at the start of a line; the last character of a match gets the backslash.
_STARTS = (
    r"[-+*](?=[ \t\n]|\Z)",
    r"#(?=#{0,5}(?:[ \t\n]|\Z))",
    r">",
    r"\d{1,9}[.)](?=[ \t\n]|\Z)",
    r"=(?==*[ \t]*(?:\n|\Z))",
    r"[-|:](?=[-|: \t]*(?:\n|\Z))",
    r"~(?=~~)",
    r"\[\^[^\]\n]+\]:",
)
_PANDOC_STARTS = (
    r"\((?=(?:\d+|[a-zA-Z]|[ivxlcdm]+|[IVXLCDM]+|#|@[\w-]*)\)(?:[ \t\n]|\Z))",
    r"(?:\d+|[a-z]|[ivxlcdm]+|[IVXLCDM]{2,}|#)[.)](?=[ \t\n]|\Z)",
    r"[A-Z](?:\)(?=[ \t\n]|\Z)|\.(?=  |\t|\n|\Z))",
    r"@(?=[.)])",
    r"[:~](?=[ \t])|:(?=::)",
    r"[|%]",
    r"\+(?=[-=])",
    r"[tT]able:",
)
_BOX_STARTS = (r"\[(?=![A-Za-z][\w-]*(?:\|[^\]\n]*)?\](?![(\[]))",)
"""Where a quote would be a box."""

_PYTHON_STARTS = ("#",)


class Escapes:
    """The escapes of one flavour."""

    def __init__(self, flavour: Flavour) -> None:
        active = [*_COMMON, *(_PANDOC if flavour.pandoc else (_BACKSLASH, _BRACKETS[0])), _BRACKETS[1]]
        if flavour.strikeout:
            active.append(_TILDES)
        if flavour.vault:
            active += _VAULT
        if flavour.python:
            active += _PYTHON
        self._may_be_active = _MAY_BE_ACTIVE_IN_VAULT if flavour.vault else _MAY_BE_ACTIVE
        self._mark = _entity if flavour.python else _backslash
        self._has_hard_ends = not flavour.python
        self._in_link = re.compile("|".join([r"[\[\]]", *active]))
        self._in_text = re.compile("|".join(active))
        self._pandoc = flavour.pandoc
        self._autolinks = flavour.autolinks
        own = _PANDOC_STARTS if flavour.pandoc else _PYTHON_STARTS if flavour.python else ()
        starts = "|".join([*_STARTS, *own, *_BOX_STARTS[: flavour.alerts]])
        self._start = re.compile(rf"\n(?:{starts})")

    # -- text ------------------------------------------------------------------------------------

    def text(self, text: str) -> str:
        """Give a run of text with all that may be markup marked or escaped."""
        escaped = self._in_text.sub(self._escape, text) if self._may_be_active.search(text) else text
        if self._autolinks and _MAY_BE_LINK.search(text):
            return _URL_OR_ADDRESS.sub(rf"\g<0>{NODE_BREAK}", escaped)
        return escaped

    def link_text(self, text: str) -> str:
        """Give a run of text that stands in a link's square brackets."""
        return self._in_link.sub(self._escape, text) if self._may_be_active.search(text) else text

    # -- blocks ----------------------------------------------------------------------------------

    def block(self, text: str, *, is_inside: bool = False) -> str:
        """Finish a paragraph: nothing in it begins or ends another block.

        What is inside of an item may have lines below it that are no part of it.
        """
        text = text.strip(" \t\n")
        if "\n" in text:
            text = _lines(_BREAK_AT_LINE_END.sub("\\\\\n", text) if self._has_hard_ends else text)
        return self._begun(self._settled(text), is_inside=is_inside)

    def _begun(self, text: str, *, is_inside: bool) -> str:
        """See that every line begins as text."""
        text = self._start.sub(self._marked_last, "\n" + text)[1:]
        if "<" in text:
            text = _COMMENT_FIRST.sub(f"{BLANK_LINE}<!--", text)
            lone = _LONE_TAG.match(text)
            if lone and (is_inside or lone.end() < len(text)):
                text = BLANK_LINE + text
        return _with_firm_edges(text)

    def line(self, text: str) -> str:
        """Finish what stands on one line, as a table cell does."""
        return _with_firm_edges(self._settled(text.replace("\n", " ").strip(" \t")))

    def heading(self, text: str) -> str:
        """Finish a heading: hash signs at its end belong to it."""
        text = _CLOSING_HASHES.sub(r"\\#", self.line(text))
        return _CLOSING_BRACES.sub(r"\\{", text) if self._pandoc else text

    def term(self, text: str) -> str:
        """Finish a term, which is a paragraph of one line."""
        return self._begun(self.line(text), is_inside=True)

    # -- marks -----------------------------------------------------------------------------------

    def _escape(self, found: re.Match[str]) -> str:
        text = found[0]
        match text[0]:
            case "*" | "_" | "~" | "`" | "$" | "^" as delimiter:
                return (HELD + delimiter) * len(text)
            case "\r":
                return "&#13;"
        return self._mark(text)

    def _settled(self, text: str) -> str:
        """Write line breaks, and escape the delimiters that are held, but for one that is the only one of its kind.

        Beside a bracket, a circumflex opens a note of pandoc's by itself, or refers to one.
        """
        if HELD not in text:
            return text
        text = text.replace(BREAK, "<br>")
        lone = [char for char in _DELIMITERS if text.count(char) == 1 and f"{char}[" not in text]
        if f"[{HELD}^" in text and "^" in lone:
            lone.remove("^")
        return _HELD.sub(lambda held: held[1] if held[1] in lone else self._mark(held[1]), text)

    def _marked_last(self, found: re.Match[str]) -> str:
        return f"{found[0][:-1]}{self._mark(found[0][-1])}"


@cache
def escapes(flavour: Flavour) -> Escapes:
    """Give the escapes of a flavour."""
    return Escapes(flavour)


def _backslash(text: str) -> str:
    return "\\" + text


def _entity(char: str) -> str:
    return _backslash(char) if char in _KNOWN_TO_PYTHON else _ENTITIES.get(char, f"&#{ord(char)};")


def _lines(text: str) -> str:
    """Take the blanks off the ends of lines, and let no line be blank."""
    if " \n" in text or "\n " in text or "\n\n" in text or "\t" in text:
        return _BLANKS.sub(_line_end, text)
    return text


def _line_end(blanks: re.Match[str]) -> str:
    return "\n" + f"{BLANK_LINE}\n" * (blanks[0].count("\n") - 1)


def _with_firm_edges(text: str) -> str:
    if not text or (text[0] not in _TRIMMED and text[-1] not in _TRIMMED):
        return text
    first = len(text) - len(text.lstrip(_TRIMMED))
    last = max(first, len(text.rstrip(_TRIMMED)))
    return _as_entities(text[:first]) + text[first:last] + _as_entities(text[last:])


def _as_entities(text: str) -> str:
    return "".join("&nbsp;" if char == "\xa0" else f"&#{ord(char)};" for char in text)


# -- emphasis ------------------------------------------------------------------------------------


def can_open(before: str, first: str) -> bool:
    """Whether every engine opens emphasis between these characters; ``before`` is empty at a block's start.

    CommonMark's rule (https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run); of symbols such as ``€`` it
    is not said in all versions whether they are punctuation.
    """
    if _is_blank(first):
        return False
    return not _may_be_punctuation(first) or not before or _is_blank(before) or _is_punctuation(before)


def can_close(last: str, after: str) -> bool:
    """Whether every engine closes emphasis between these characters; ``after`` is empty at a block's end."""
    return can_open(after, last)


def _is_blank(char: str) -> bool:
    return char.isspace()


def _is_punctuation(char: str) -> bool:
    return char == HELD or (char.isascii() and not char.isalnum()) or unicodedata.category(char).startswith("P")


def _may_be_punctuation(char: str) -> bool:
    return _is_punctuation(char) or unicodedata.category(char).startswith("S")

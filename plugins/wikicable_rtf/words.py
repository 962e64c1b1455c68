"""What control words do: the table that the first pass asks (RTF 1.9.1, "Contents of an RTF File")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from wikicable.model import Align, LineBreak
from wikicable_rtf import preamble
from wikicable_rtf.charsets import CODE_PAGES
from wikicable_rtf.flow import CellFormat, Face, Layout, Numbering
from wikicable_rtf.lexer import join_surrogates
from wikicable_rtf.parser import MAX_DEPTH, Handler, Parser
from wikicable_rtf.styles import OWN_GENERATOR

# -- the document --------------------------------------------------------------------------------


def _code_page(codec: str) -> Handler:
    def set_codec(parser: Parser, _: int | None) -> None:
        parser.set_codec(codec)

    return set_codec


def _ansicpg(parser: Parser, value: int | None) -> None:
    if codec := CODE_PAGES.get(value or 0):
        parser.set_codec(codec)
    elif value:
        parser.say(parser.notices.guessed, "rtf.code-page", f"code page {value} is not known")


def _default_font(parser: Parser, value: int | None) -> None:
    parser.default_font = value or 0
    parser.set_font(parser.default_font)


def _font_table(parser: Parser, _: int | None) -> None:
    parser.fonts |= preamble.fonts(parser.rest_of_group(), parser.codec)


def _style_sheet(parser: Parser, _: int | None) -> None:
    parser.styles = preamble.styles(parser.rest_of_group(), parser.codec)


def _list_table(parser: Parser, _: int | None) -> None:
    parser.lists = parser.rest_of_group()


def _list_overrides(parser: Parser, _: int | None) -> None:
    parser.list_overrides = parser.rest_of_group()


def _information(parser: Parser, _: int | None) -> None:
    parser.information = parser.rest_of_group()


def _user_properties(parser: Parser, _: int | None) -> None:
    parser.properties = parser.rest_of_group()


def _generator(parser: Parser, _: int | None) -> None:
    parser.is_own = parser.rest_of_group().text().strip().startswith(OWN_GENERATOR)


# -- destinations --------------------------------------------------------------------------------


def _skip(parser: Parser, _: int | None) -> None:
    parser.skip_group()


def _aside(what: str) -> Handler:
    """Pass over a group that stands beside the text, and say so if it shows anything."""

    def pass_over(parser: Parser, _: int | None) -> None:
        text = parser.rest_of_group().text(parser.codec).strip()
        if text:
            parser.say(parser.notices.dropped, "text.aside", f"{what}: {text[:60]}")

    return pass_over


def _nothing(_: Parser, __: int | None) -> None:
    """Read on: what the group holds is part of the text."""


def _note(parser: Parser, _: int | None) -> None:
    parser.open_story(parser.put)


def _text_box(parser: Parser, _: int | None) -> None:
    parser.open_story(parser.put_beside)


def _field(parser: Parser, _: int | None) -> None:
    parser.open_field()


def _instruction(parser: Parser, _: int | None) -> None:
    parser.instruct(join_surrogates(parser.rest_of_group().text(parser.codec)))


def _result(parser: Parser, _: int | None) -> None:
    parser.show_result()


def _bookmark(parser: Parser, _: int | None) -> None:
    parser.put_anchor(join_surrogates(parser.rest_of_group().text(parser.codec)).strip())


def _picture(parser: Parser, _: int | None) -> None:
    parser.put_picture(parser.rest_of_group())


def _label(parser: Parser, _: int | None) -> None:
    parser.label(join_surrogates(parser.rest_of_group().text(parser.codec)).strip())


_OLD_NUMBERS = {"pndec": "Decimal", "pnucrm": "UpperRoman", "pnlcrm": "LowerRoman", "pnucltr": "UpperAlpha",
                "pnlcltr": "LowerAlpha"}  # fmt: skip


def _old_numbering(parser: Parser, _: int | None) -> None:
    words = parser.rest_of_group().words()
    kind = next((kind for word, kind in _OLD_NUMBERS.items() if word in words), "Decimal")
    parser.number(Numbering("bullet" if "pnlvlblt" in words else kind, words.get("pnstart") or 1))


def _hidden_unicode(parser: Parser, _: int | None) -> None:
    r"""Of ``{\upr{ansi}{\*\ud unicode}}`` read the second."""
    for shown in parser.rest_of_group().named("ud"):
        parser.put(join_surrogates(shown.text(parser.codec)))


# -- characters ----------------------------------------------------------------------------------


def _put(text: str) -> Handler:
    def put(parser: Parser, _: int | None) -> None:
        parser.put(text)

    return put


def _line(parser: Parser, _: int | None) -> None:
    parser.put(LineBreak())


def _face(face: Face, *, but: Face | None = None) -> Handler:
    """Turn formatting on, or off with the parameter 0; ``but`` cannot be on at the same time."""

    def turn(parser: Parser, value: int | None) -> None:
        if but:
            parser.set_mark(but, on=False)
        parser.set_mark(face, on=value != 0)

    return turn


def _associated(face: Face) -> Handler:
    """Turn formatting on or off for double-byte letters, or for those that run from right to left."""

    def turn(parser: Parser, value: int | None) -> None:
        parser.set_associated(face, on=value != 0)

    return turn


def _script(script: str) -> Handler:
    def set_script(parser: Parser, _: int | None) -> None:
        parser.set_script(script)

    return set_script


def _no_face(*faces: Face) -> Handler:
    def turn_off(parser: Parser, _: int | None) -> None:
        for face in faces:
            parser.set_mark(face, on=False)

    return turn_off


def _hide(parser: Parser, value: int | None) -> None:
    parser.hide(on=value != 0)


def _plain(parser: Parser, _: int | None) -> None:
    parser.plain()


def _font(parser: Parser, value: int | None) -> None:
    parser.set_font(value or 0)


def _size(parser: Parser, value: int | None) -> None:
    parser.set_size(value or 24)


def _character_style(parser: Parser, value: int | None) -> None:
    parser.set_character_style(value or 0)


def _fallback(parser: Parser, value: int | None) -> None:
    parser.set_fallback(1 if value is None else max(0, value))


# -- paragraphs ----------------------------------------------------------------------------------


def _layout(change: Callable[[Layout, int], Layout]) -> Handler:
    def set_layout(parser: Parser, value: int | None) -> None:
        parser.layout = change(parser.layout, value or 0)

    return set_layout


def _align(align: Align | None) -> Handler:
    def set_align(parser: Parser, _: int | None) -> None:
        parser.layout = replace(parser.layout, align=align)

    return set_align


def _pard(parser: Parser, _: int | None) -> None:
    parser.reset_layout()


def _par(parser: Parser, _: int | None) -> None:
    parser.end_paragraph()


def _break(parser: Parser, _: int | None) -> None:
    parser.end_paragraph_if_begun()


# -- tables --------------------------------------------------------------------------------------


def _row_format(parser: Parser, _: int | None) -> None:
    parser.begin_row()


def _row_left(parser: Parser, value: int | None) -> None:
    parser.row.left = value or 0


def _row_header(parser: Parser, value: int | None) -> None:
    parser.row.is_header = value != 0


def _cell_edge(parser: Parser, value: int | None) -> None:
    row = parser.row
    row.pending.edge = value or 0
    row.cells.append(row.pending)
    row.pending = CellFormat()


def _across(part: Literal["first", "next"]) -> Handler:
    def merge(parser: Parser, _: int | None) -> None:
        parser.row.pending.across = part

    return merge


def _down(part: Literal["first", "next"]) -> Handler:
    def merge(parser: Parser, _: int | None) -> None:
        parser.row.pending.down = part

    return merge


def _cell(parser: Parser, _: int | None) -> None:
    parser.end_cell(is_nested=False)


def _nested_cell(parser: Parser, _: int | None) -> None:
    parser.end_cell(is_nested=True)


def _row(parser: Parser, _: int | None) -> None:
    parser.end_row(is_nested=False)


def _nested_row(parser: Parser, _: int | None) -> None:
    parser.end_row(is_nested=True)


# -- the table -----------------------------------------------------------------------------------


def _names(names: str) -> tuple[str, ...]:
    return tuple(names.split())


_SKIPPED = _names(
    "colortbl expandedcolortbl filetbl revtbl rsidtbl themedata colorschememapping datastore latentstyles xmlnstbl "
    "mmathPr pgptbl listpicture pnseclvl nonshppict nonesttables template passwordhash protusertbl defchp defpap "
    "stylerestrictions pgdsctbl background fontemb falt panose fname factoidname wgrffmtfilter datafield objdata "
    "objclass objname objalias objsect oleclsid bkmkend bkmkcolf bkmkcoll sp blipuid blptag picprop ftnsep ftnsepc "
    "ftncn aftnsep aftnsepc aftncn tc tcn xe txe rxe listname shprslt mmathPict atrfstart atrfend atnid atnauthor "
    "atnref atndate atntime atnicn atnparent protstart protend ffname ffdeftext ffformat ffhelptext ffstattext "
    "ffentrymcr ffexitmcr ffl formfield docvar writereservhash windowcaption hyphen htmltag mhtmltag pntxta pntxtb "
    "pnf keycode xmlattr xmlattrname xmlattrvalue xmlname xmlopen xmlclose ebcstart ebcend fldtype lchars fchars"
)
"""Destinations that show nothing of their own."""

_ASIDE = {
    "header": "header", "headerl": "header", "headerr": "header", "headerf": "header",
    "footer": "footer", "footerl": "footer", "footerr": "footer", "footerf": "footer",
    "annotation": "comment",
}  # fmt: skip

_READ_ON = ("shppict", "shp", "shpinst", "shpgrp", "do", "moMath", "moMathPara", "mmath")
"""Destinations whose text is part of the page, though a reader may pass over them."""

_CHARACTERS = {
    "tab": "\t", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emdash": "—", "endash": "–",
    "bullet": "•", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c",
    "zwbo": "\u200b", "zwnbo": "\u2060", "ltrmark": "\u200e", "rtlmark": "\u200f",
}  # fmt: skip

_UNDERLINES = _names(
    "ul uld uldash uldashd uldashdd uldb ulhwave ulldash ulth ulthd ulthdash ulthdashd ulthdashdd ulthldash "
    "ululdbwave ulw ulwave"
)

_BORDERS = ("brdrs", "brdrth", "brdrdb", "brdrdot", "brdrdash", "brdrhair", "brdrtriple", "brdrwavy")

_UP_OR_DOWN = (Face.SUPERSCRIPT, Face.SUBSCRIPT)

_NAMED: Mapping[str, Handler] = {
    **dict.fromkeys(_SKIPPED, _skip),
    **{word: _aside(what) for word, what in _ASIDE.items()},
    **dict.fromkeys(_READ_ON, _nothing),
    **{word: _put(text) for word, text in _CHARACTERS.items()},
    **dict.fromkeys(_UNDERLINES, _face(Face.UNDERLINE)),
    # the document
    "ansi": _code_page("cp1252"), "mac": _code_page("mac_roman"), "pc": _code_page("cp437"),
    "pca": _code_page("cp850"), "ansicpg": _ansicpg, "deff": _default_font, "fonttbl": _font_table,
    "stylesheet": _style_sheet, "listtable": _list_table, "listoverridetable": _list_overrides,
    "info": _information, "userprops": _user_properties, "generator": _generator,
    # destinations
    "footnote": _note, "shptxt": _text_box, "dptxbxtext": _text_box, "field": _field, "fldinst": _instruction,
    "fldrslt": _result, "bkmkstart": _bookmark, "pict": _picture, "listtext": _label, "pntext": _label,
    "pn": _old_numbering, "upr": _hidden_unicode, "nesttableprops": _nothing,
    # characters
    "line": _line, "lbr": _line, "f": _font, "fs": _size, "cs": _character_style, "plain": _plain, "uc": _fallback,
    "b": _face(Face.STRONG), "i": _face(Face.EMPH), "ulnone": _no_face(Face.UNDERLINE),
    "strike": _face(Face.STRIKEOUT), "striked": _face(Face.STRIKEOUT), "scaps": _face(Face.SMALL_CAPS),
    "super": _face(Face.SUPERSCRIPT, but=Face.SUBSCRIPT), "sub": _face(Face.SUBSCRIPT, but=Face.SUPERSCRIPT),
    "nosupersub": _no_face(*_UP_OR_DOWN), "v": _hide, "deleted": _hide,
    "ab": _associated(Face.STRONG), "ai": _associated(Face.EMPH), "dbch": _script("dbch"),
    "rtlch": _script("rtlch"), "ltrch": _script(""), "loch": _script(""), "hich": _script(""),
    # paragraphs
    "pard": _pard, "par": _par, "sect": _break, "page": _break, "column": _break,
    "s": _layout(lambda layout, value: replace(layout, style=value)),
    "li": _layout(lambda layout, value: replace(layout, left=value)),
    "fi": _layout(lambda layout, value: replace(layout, first=value)),
    "ls": _layout(lambda layout, value: replace(layout, list_number=value)),
    "ilvl": _layout(lambda layout, value: replace(layout, list_level=min(max(0, value), 8))),
    "outlinelevel": _layout(lambda layout, value: replace(layout, outline=value)),
    "intbl": _layout(lambda layout, _: replace(layout, in_table=True)),
    "itap": _layout(lambda layout, value: replace(layout, nesting=min(value, MAX_DEPTH), in_table=value > 0)),
    **dict.fromkeys(("brdrt", "brdrl", "brdrr", "box"), _layout(lambda layout, _: replace(layout, side="other"))),
    "brdrb": _layout(lambda layout, _: replace(layout, side="bottom")),
    **dict.fromkeys(_BORDERS, _layout(lambda layout, _: replace(layout, is_ruled=layout.side == "bottom" or layout.is_ruled))),
    "ql": _align("left"), "qc": _align("center"), "qr": _align("right"), "qj": _align(None),
    # tables
    "trowd": _row_format, "trleft": _row_left, "trhdr": _row_header, "cellx": _cell_edge,
    "clmgf": _across("first"), "clmrg": _across("next"), "clvmgf": _down("first"), "clvmrg": _down("next"),
    "cell": _cell, "nestcell": _nested_cell, "row": _row, "nestrow": _nested_row,
}  # fmt: skip

WORDS: Mapping[bytes, Handler] = {word.encode("ascii"): handler for word, handler in _NAMED.items()}
"""What each control word does; a word that is not here does nothing."""

"""Elements that hold text, with their blanks safe."""

from __future__ import annotations

import re

from wikicable.xmlout import escaped

PRESERVE = ' xml:space="preserve"'

_COUNT_IN_LINE = re.compile(
    r"(?:\A|[ \n\t])(?:<(?!ptr)[^>]*>)*[ \n\t]|[ \n\t](?:<(?!ptr)[^>]*>)*\Z|[ \n\t]<lb/>|<lb/>[ \n\t]|\t|&#13;"
)
_COUNT_IN_TEXT = re.compile(r"\A\s|\s\Z|\s\s|[\t\r\n]")


def space(written: str) -> str:
    """Say of written inlines that blanks count, where a reader would change them: at the edges and in runs."""
    return PRESERVE if _COUNT_IN_LINE.search(written) else ""


def element(name: str, text: str, start: str = "") -> str:
    """Write an element that holds text; a line end in it counts too."""
    if not text:
        return f"<{name}{start}/>"
    return f"<{name}{start}{PRESERVE if _COUNT_IN_TEXT.search(text) else ''}>{escaped(text)}</{name}>"

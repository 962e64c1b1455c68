"""pandoc's JSON, both ways: a document is the same value when it comes back.

The nodes are pandoc-types' (https://hackage.haskell.org/package/pandoc-types, 1.23), so filters for pandoc understand
what they see, and what they change arrives.  What pandoc has no word for stands so:

=====================  =========================================================================================
model                  pandoc
=====================  =========================================================================================
``PageTarget``         ``Link`` of class ``wikilink`` to ``id#section?query``
``InterwikiTarget``    ``Link`` or ``Image`` of class ``interwiki`` to ``shortcut>page``
``SectionTarget``      ``Link`` to ``#section``
``EmailTarget``        ``Link`` to ``mailto:address``
``ShareTarget``        ``Link`` of class ``windows`` to the path
``MediaTarget``        ``Link`` or ``Image`` of class ``media`` to the id; pairs ``linking``, ``cache``, ``rest``
a link without text    the text that is shown, and that text once more in the pair ``untitled``
``Verbatim``           ``Span`` of class ``verbatim``; pair ``mark``
``Monospace``          ``Code`` of class ``monospace``; a ``Span`` of it, with such ``Code`` in it, if it holds markup
``Macro``              ``Span`` or ``Div`` of class ``macro``; pair ``text``
``Tags``               ``Span`` or ``Div`` of class ``tags``, in it a ``Span`` of class ``tag`` for each
``Feed``               ``Div`` of class ``feed`` with a link; pair ``options``
``CodeBlock``          the language is the first class; pairs ``filename``, ``kind``, ``options``
``Image.align``        the pair ``align``
``Cell.is_header``     the class ``header`` or ``data``, where the cell's place says otherwise
attributes of blocks   a ``Div`` of class ``block`` around a paragraph or list that has some
=====================  =========================================================================================

A class that says such a thing is the first of its node; a node of ours that begins with such a class gets one more in
front, ``ordinary``.  Of what pandoc says and the model does not, quotes become characters, a citation a ``Span``; column
widths and a list's delimiters are left out.  Metadata has pandoc's names: ``author``, ``contributor``, ``date``,
``keywords`` for tags; a number is a ``Span`` of class ``number``.
"""

from __future__ import annotations

import json

from wikicable.errors import FormatError
from wikicable.model import Document
from wikicable.native.decoding import Decoder
from wikicable.native.encoding import Encoder
from wikicable.notices import Notices
from wikicable.source import Source

__all__ = ["Decoder", "Encoder", "read_json", "write_json"]


def write_json(document: Document, notices: Notices) -> str:
    """Give a document as pandoc's JSON, on one line."""
    return json.dumps(Encoder(document, notices).document(), ensure_ascii=False, separators=(",", ":"))


def read_json(source: Source, notices: Notices, decoder: type[Decoder] = Decoder) -> Document:
    """Read pandoc's JSON; what is none raises ``FormatError``."""
    try:
        value = json.loads(source.text)
        return decoder(notices).document(value)
    except json.JSONDecodeError as error:
        raise FormatError(f"{source.name}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from error
    except RecursionError as error:
        raise FormatError(f"{source.name}: nested too deeply") from error
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(f"{source.name}: not a document of pandoc's: {type(error).__name__}: {error}") from error

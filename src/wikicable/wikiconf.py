"""A wiki's configuration, as far as reading and linking its pages depends on it.

The defaults are what DokuWiki ships in ``conf/`` (release 2025-05-14): facts, table by table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Literal

from wikicable.values import Value, frozen


def _table(rows: str) -> Mapping[str, str]:
    """Read lines of a key, blanks, and a value, as DokuWiki's ``conf/*.conf`` have them."""
    return MappingProxyType(dict(line.split(None, 1) for line in rows.strip().splitlines()))


INTERWIKI = _table(
    """
    wp        https://en.wikipedia.org/wiki/{NAME}
    wpfr      https://fr.wikipedia.org/wiki/{NAME}
    wpde      https://de.wikipedia.org/wiki/{NAME}
    wpes      https://es.wikipedia.org/wiki/{NAME}
    wppl      https://pl.wikipedia.org/wiki/{NAME}
    wpjp      https://ja.wikipedia.org/wiki/{NAME}
    wpru      https://ru.wikipedia.org/wiki/{NAME}
    wpmeta    https://meta.wikipedia.org/wiki/{NAME}
    doku      https://www.dokuwiki.org/
    rfc       https://tools.ietf.org/html/rfc
    man       http://man.cx/
    amazon    https://www.amazon.com/dp/{URL}?tag=splitbrain-20
    amazon.de https://www.amazon.de/dp/{URL}?tag=splitbrain-21
    amazon.uk https://www.amazon.co.uk/dp/{URL}
    paypal    https://www.paypal.com/cgi-bin/webscr?cmd=_xclick&amp;business=
    phpfn     https://secure.php.net/{NAME}
    skype     skype:{NAME}
    google    https://www.google.com/search?q=
    google.de https://www.google.de/search?q=
    go        https://www.google.com/search?q={URL}&amp;btnI=lucky
    user      :user:{NAME}
    callto    callto://{NAME}
    tel       tel:{NAME}
    """
)

ENTITIES = _table(
    """
    <->  ↔
    ->   →
    <-   ←
    <=>  ⇔
    =>   ⇒
    <=   ⇐
    >>   »
    <<   «
    ---  —
    --   –
    (c)  ©
    (tm) ™
    (r)  ®
    ...  …
    """
)

SMILEYS = _table(
    r"""
    8-)      cool.svg
    8-O      eek.svg
    8-o      eek.svg
    :-(      sad.svg
    :-)      smile.svg
    =)       smile2.svg
    :-/      doubt.svg
    :-\      doubt2.svg
    :-?      confused.svg
    :-D      biggrin.svg
    :-P      razz.svg
    :-o      surprised.svg
    :-O      surprised.svg
    :-x      silenced.svg
    :-X      silenced.svg
    :-|      neutral.svg
    ;-)      wink.svg
    m(       facepalm.svg
    ^_^      fun.svg
    :?:      question.svg
    :!:      exclaim.svg
    LOL      lol.svg
    FIXME    fixme.svg
    DELETEME deleteme.svg
    """
)

ACRONYMS = _table(
    """
    ACL Access Control List
    AFAICS As far as I can see
    AFAIK As far as I know
    AFAIR As far as I remember
    API Application Programming Interface
    ASAP As soon as possible
    ASCII American Standard Code for Information Interchange
    BTW By the way
    CMS Content Management System
    CSS Cascading Style Sheets
    DNS Domain Name System
    EOF End of file
    EOL End of line
    EOM End of message
    EOT End of text
    FAQ Frequently Asked Questions
    FTP File Transfer Protocol
    FOSS Free & Open-Source Software
    FLOSS Free/Libre and Open Source Software
    FUD Fear, Uncertainty, and Doubt
    FYI For your information
    GB Gigabyte
    GHz Gigahertz
    GPL GNU General Public License
    GUI Graphical User Interface
    HTML HyperText Markup Language
    IANAL I am not a lawyer (but)
    IE Internet Explorer
    IIRC If I remember correctly
    IMHO In my humble opinion
    IMO In my opinion
    IOW In other words
    IRC Internet Relay Chat
    IRL In real life
    KISS Keep it simple stupid
    LAN Local Area Network
    LGPL GNU Lesser General Public License
    LOL Laughing out loud
    MathML Mathematical Markup Language
    MB Megabyte
    MHz Megahertz
    MSIE Microsoft Internet Explorer
    OMG Oh my God
    OS Operating System
    OSS Open Source Software
    OTOH On the other hand
    PITA Pain in the Ass
    RFC Request for Comments
    ROTFL Rolling on the floor laughing
    RTFM Read The Fine Manual
    spec specification
    TIA Thanks in advance
    TL;DR Too long; didn't read
    TOC Table of Contents
    URI Uniform Resource Identifier
    URL Uniform Resource Locator
    W3C World Wide Web Consortium
    WTF? What the f***
    WYSIWYG What You See Is What You Get
    YMMV Your mileage may vary
    """
)

MEDIA_TYPES = _table(
    """
    jpg image/jpeg
    jpeg image/jpeg
    gif image/gif
    png image/png
    webp image/webp
    ico image/vnd.microsoft.icon
    mp3 audio/mpeg
    ogg audio/ogg
    wav audio/wav
    webm video/webm
    ogv video/ogg
    mp4 video/mp4
    vtt text/vtt
    tgz application/octet-stream
    tar application/x-gtar
    gz application/octet-stream
    bz2 application/octet-stream
    zip application/zip
    rar application/rar
    7z application/x-7z-compressed
    pdf application/pdf
    ps application/postscript
    rpm application/octet-stream
    deb application/octet-stream
    doc application/msword
    xls application/msexcel
    ppt application/mspowerpoint
    rtf application/msword
    docx application/vnd.openxmlformats-officedocument.wordprocessingml.document
    xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
    pptx application/vnd.openxmlformats-officedocument.presentationml.presentation
    sxw application/soffice
    sxc application/soffice
    sxi application/soffice
    sxd application/soffice
    odc application/vnd.oasis.opendocument.chart
    odf application/vnd.oasis.opendocument.formula
    odg application/vnd.oasis.opendocument.graphics
    odi application/vnd.oasis.opendocument.image
    odp application/vnd.oasis.opendocument.presentation
    ods application/vnd.oasis.opendocument.spreadsheet
    odt application/vnd.oasis.opendocument.text
    svg image/svg+xml
    """
)

SCHEMES = ("http", "https", "telnet", "gopher", "wais", "ftp", "ed2k", "irc", "ldap")


@frozen
class WikiConf(Value):
    """What ``conf/`` of a wiki says; the defaults are DokuWiki's own.

    ``deaccent`` is 0 (keep accents in ids), 1 (drop them) or 2 (romanise).  ``release`` names the grammar that pages
    are read by: the classic one, up to release 2025-05-14, or that of release 2026-07-14.
    """

    interwiki: Mapping[str, str] = field(default_factory=lambda: INTERWIKI, repr=False)
    entities: Mapping[str, str] = field(default_factory=lambda: ENTITIES, repr=False)
    smileys: Mapping[str, str] = field(default_factory=lambda: SMILEYS, repr=False)
    acronyms: Mapping[str, str] = field(default_factory=lambda: ACRONYMS, repr=False)
    media_types: Mapping[str, str] = field(default_factory=lambda: MEDIA_TYPES, repr=False)
    schemes: tuple[str, ...] = SCHEMES
    start: str = "start"
    sepchar: str = "_"
    useslash: bool = False
    deaccent: Literal[0, 1, 2] = 1
    lang: str = ""
    title: str = ""
    release: Literal["2025", "2026"] = "2025"

    def __hash__(self) -> int:
        return hash((self.schemes, self.start, self.sepchar, self.useslash, self.deaccent, self.lang, self.release))

    def media_type(self, name: str) -> str:
        """Give the media type that a file name's ending stands for, or nothing."""
        return self.media_types.get(name.rpartition(".")[2].lower(), "") if "." in name else ""


SHIPPED = WikiConf()

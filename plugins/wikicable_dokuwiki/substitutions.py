"""What stands for itself wherever text may stand: literal text, links, media, line breaks, typography.

The numbers are DokuWiki's sort numbers (``inc/Parsing/ParserMode``): of two rules that match at one place, the
lower one wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from wikicable.model import (
    At,
    Attr,
    CodeBlock,
    EmailTarget,
    Feed,
    LineBreak,
    Link,
    Macro,
    ShareTarget,
    Str,
    UrlTarget,
    Verbatim,
)
from wikicable.wikiconf import WikiConf
from wikicable_dokuwiki.scanner import WORD, Match, Rule, Scanner
from wikicable_dokuwiki.targets import EMAIL, link, media

# -- literal text --------------------------------------------------------------------------------


def nowiki(scan: Scanner, at: int) -> bool:
    """Take ``<nowiki>`` with its content."""
    end = _literal_end(scan, at, "<nowiki>", "</nowiki>")
    if end < 0:
        return False
    return _verbatim(scan, Verbatim(scan.text[at + 8 : end], "nowiki", at=at - 1), at, end + 9)


def percent(scan: Scanner, at: int) -> bool:
    """Take ``%%`` with its content."""
    end = _literal_end(scan, at, "%%", "%%")
    if end < 0:
        return False
    return _verbatim(scan, Verbatim(scan.text[at + 2 : end], at=at - 1), at, end + 2)


def _verbatim(scan: Scanner, node: Verbatim, start: int, end: int) -> bool:
    scan.take(start, end)
    if node.text:
        scan.items.append(node)
    return True


def _literal_end(scan: Scanner, at: int, opening: str, closing: str) -> int:
    after = at + len(opening)
    if not scan.text.startswith(opening, at) or not scan.is_ahead(closing, after):
        return -1
    return scan.text.find(closing, after)


_OPTIONS = re.compile(r"\[.*\]")


def _code(kind: str) -> Match:
    """Take ``<code language name [options]>`` or ``<file ...>`` with its content."""
    opening, closing = f"<{kind}", f"</{kind}>"

    def match(scan: Scanner, at: int) -> bool:
        after = at + len(opening)
        end = _literal_end(scan, at, opening, closing)
        if end < 0 or scan.text[after] in WORD:
            return False
        scan.take(at, end + len(closing))
        if end > after:
            scan.items.append(_code_block(scan.text[after:end], kind, at - 1))
        return True

    return match


def _code_block(content: str, kind: str, at: int) -> CodeBlock:
    head, _, text = content.partition(">")
    options = found[0] if (found := _OPTIONS.search(head)) else ""
    words = head.replace(options, "").split(None, 1) if options else head.split(None, 1)
    language, name = (*words, "", "")[:2]
    name = name.rstrip()
    code = text.removeprefix("\n")
    before, behind = code != text, code.endswith("\n")
    return CodeBlock(
        code.removesuffix("\n"),
        "" if language == "-" else language,
        name,
        "file" if kind == "file" else "code",
        options[1:-1],
        at=at if before and behind else At(at, (2, int(before), int(behind), 1)),
    )


# -- links and media -----------------------------------------------------------------------------

_LINK_END = re.compile(r"\]\](?!\])")
_EMAIL = re.compile(f"<({EMAIL})>")
_SHARE = re.compile(r"\\\\\w+?(?:\\[\w\-$]+)+", re.ASCII)
_URL_RUN = re.compile(r"[\w/#~:.?+=&%@!\-\[\];,]+", re.ASCII)
_HOST = re.compile(r"[\w.:?\-;,]+?\.[\w.:?\-;,][\w/#~:.?+=&%@!\-\[\];,]", re.ASCII)
_PUNCTUATION = ".:?-;,"
BARE_URL = Attr(classes=("uri",))
BARE_EMAIL = Attr(classes=("email",))
_RSS = re.compile(r"\{\{rss>([^}]+)\}\}")


def internallink(scan: Scanner, at: int) -> bool:
    """Take ``[[...]]``."""
    found = scan.search(_LINK_END, at + 2) if scan.text.startswith("[[", at) else None
    if not found:
        return False
    return scan.put(link(scan.text[at + 2 : found.start()], scan.conf, at - 1), at, found.end())


def rss(scan: Scanner, at: int) -> bool:
    """Take ``{{rss>...}}``."""
    found = _RSS.match(scan.text, at) if scan.is_ahead("}}", at) else None
    if not found:
        return False
    url, _, options = found[1].partition(" ")
    return scan.put(Feed(url, options, at=at - 1), at, found.end())


def medium(scan: Scanner, at: int) -> bool:
    """Take ``{{...}}``; it ends at the first ``}}`` and is never empty."""
    if not scan.is_ahead("}}", at + 2):
        return False
    end = scan.text.find("}}", at + 2)
    if end == at + 2:
        return False
    return scan.put(media(scan.text[at + 2 : end], scan.conf, at - 1), at, end + 2)


def externallink(scan: Scanner, at: int) -> bool:
    """Take a bare URL, met at its ``://``."""
    text = scan.text
    for scheme in scan.conf.schemes:
        start = at - len(scheme)
        if start >= scan.mark and text[start:at].lower() == scheme and scan.is_boundary(start):
            break
    else:
        return False
    if text[start:at] in scan.conf.acronyms and (start == scan.mark or text[start - 1].isascii()):
        return scan.keep(at)
    run = _URL_RUN.match(text, at + 3)
    if not run:
        return False
    end = at + 3 + max(1, len(run[0].rstrip(_PUNCTUATION)))
    return scan.put(_bare_url(text[start:end], "", start - 1), start, end)


def www(scan: Scanner, at: int) -> bool:
    """Take a bare host name that begins with ``www.`` or ``ww.``, met at its last ``w``."""
    width = 3 if scan.text[at - 2 : at].lower() == "ww" and at - 2 >= scan.mark else 2
    return _host(scan, at + 1 - width, at + 2, "http://", "www")


def ftp(scan: Scanner, at: int) -> bool:
    """Take a bare host name that begins with ``ftp.`` or ``ft.``."""
    return _host(scan, at, scan.text.index(".", at) + 1, "ftp://", "ftp")


def _host(scan: Scanner, start: int, after: int, protocol: str, prefix: str) -> bool:
    text = scan.text
    if start < scan.mark or (start > scan.mark and (text[start - 1] in WORD or text[start - 1] in "/\\")):
        return False
    if text[start : after - 1].lower().strip("w") not in ("", "ft", "ftp"):
        return False
    host = _HOST.match(text, after)
    run = _URL_RUN.match(text, after)
    if not host or not run:
        return False
    end = max(host.end(), after + len(run[0].rstrip(_PUNCTUATION)))
    shown = text[start:end]
    if shown.startswith(prefix):
        return scan.put(_bare_url(protocol + shown, shown, start - 1), start, end)
    return scan.put(Str(shown, at=start - 1), start, end)  # DokuWiki has no scheme for it and shows it as text


def _bare_url(url: str, shown: str, at: int) -> Link:
    return Link(UrlTarget(url), (Str(shown),) if shown else (), BARE_URL, at=at)


def emaillink(scan: Scanner, at: int) -> bool:
    """Take ``<name@host>``."""
    found = _EMAIL.match(scan.text, at)
    if not found:
        return False
    return scan.put(Link(EmailTarget(found[1]), (), BARE_EMAIL, at=at - 1), at, found.end())


def backslashes(scan: Scanner, at: int) -> bool:
    r"""Take ``\\`` before a blank or a line end as a line break, ``\\server\share`` as a link."""
    if not scan.text.startswith("\\\\", at):
        return False
    after = scan.text[at + 2 : at + 3]
    if after in (" ", "\t"):
        return scan.put(LineBreak(at=at - 1), at, at + 3)
    if after == "\n":
        return scan.put(LineBreak(at=at - 1), at, at + 2)
    share = _SHARE.match(scan.text, at)
    if not share:
        return False
    return scan.put(Link(ShareTarget(share[0]), (), BARE_URL, at=at - 1), at, share.end())


_CORE_MACROS = re.compile("~~(?:NOTOC|NOCACHE)~~")


def core_macro(scan: Scanner, at: int) -> bool:
    """Take ``~~NOTOC~~`` or ``~~NOCACHE~~``."""
    found = _CORE_MACROS.match(scan.text, at)
    if not found:
        return False
    return scan.put(Macro(found[0], at=at - 1), at, found.end())


# -- what hides marks ----------------------------------------------------------------------------


def span_end(scan: Scanner, at: int) -> int:
    """Give the end of what stands for itself from ``at`` on - a link, literal text, a URL -, or -1."""
    text = scan.text
    for opening, closing in _SPANS:
        if text.startswith(opening, at):
            end = _literal_end(scan, at, opening, closing)
            return end + len(closing) if end >= 0 else -1
    if text.startswith("[[", at):
        found = scan.search(_LINK_END, at + 2)
        return found.end() if found else -1
    if text.startswith("://", at):
        schemes = (scheme for scheme in scan.conf.schemes if text[at - len(scheme) : at].lower() == scheme)
        run = _URL_RUN.match(text, at + 3) if any(text[at - len(each) - 1] not in WORD for each in schemes) else None
        return at + 3 + len(run[0].rstrip(_PUNCTUATION)) if run else -1
    email = _EMAIL.match(text, at)
    return email.end() if email else -1


_SPANS = (
    ("{{", "}}"),
    ("%%", "%%"),
    ("<nowiki>", "</nowiki>"),
    ("<code", "</code>"),
    ("<file", "</file>"),
)

# -- typography ----------------------------------------------------------------------------------

_STRUCTURAL = frozenset("()/\\|<=")
"""Characters of markup: a smiley or an entity that holds one takes it away from the markup."""


def typography(conf: WikiConf) -> list[Rule]:
    """Give the rules of smileys and entities that would else be taken for markup."""
    return [rule for rule in (_smileys(conf), _entities(conf)) if rule]


def _smileys(conf: WikiConf) -> Rule | None:
    tokens = [token for token in conf.smileys if _STRUCTURAL & set(token)]
    pattern = _alternatives(tokens)

    def match(scan: Scanner, at: int) -> bool:
        found = pattern.match(scan.text, at)
        if not found or scan.text[found.end() : found.end() + 1] in WORD:
            return False
        return (scan.is_boundary(at) or ends_typeset(scan, at)) and scan.keep(found.end())

    return Rule("smiley", 230, _begins(tokens), match) if tokens else None


def _entities(conf: WikiConf) -> Rule | None:
    tokens = [token for token in conf.entities if _STRUCTURAL & set(token)]
    pattern = _alternatives(tokens)

    def match(scan: Scanner, at: int) -> bool:
        found = pattern.match(scan.text, at)
        return found is not None and scan.keep(found.end())

    return Rule("entity", 260, _begins(tokens), match) if tokens else None


_LONGEST = 40
"""No smiley, acronym or entity is longer; what is looked back at has an end."""

_IN_WORD = r"[^\x00-/:-@\[-`{-\x7f]"


def ends_typeset(scan: Scanner, at: int) -> bool:
    """Whether a token ends at ``at`` that stays in the text here, such as an acronym: classic patterns see nothing before it."""
    if scan.sees_tokens:
        return False
    before = scan.text[max(scan.mark, at - _LONGEST) : at]
    return any(found.end() == len(before) for found in _typeset(scan.conf).finditer(before))


@lru_cache(maxsize=4)
def _typeset(conf: WikiConf) -> re.Pattern[str]:
    tables = (conf.smileys, conf.acronyms, conf.entities)
    smileys, acronyms, entities = (_alternatives(table).pattern or "(?!)" for table in tables)
    return re.compile(
        rf"(?<!\w)(?:{smileys})(?!\w)|(?<!{_IN_WORD})(?:{acronyms})(?!{_IN_WORD})|{entities}"
        rf'|(?<!\w)(?:[1-9]|[0-9]{{2,}})[xX][0-9]+(?!\w)|"',
        re.ASCII,
    )


def _alternatives(tokens: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, tokens)))


def _begins(tokens: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.escape(token[:2]) for token in tokens))


# -- the rules -----------------------------------------------------------------------------------

SUBSTITUTIONS = (
    Rule("macro", 30, ("~~N",), core_macro),
    Rule("backslashes", 140, (r"\\\\",), backslashes),
    Rule("internallink", 300, (r"\[\[",), internallink),
    Rule("rss", 310, (r"\{\{rss>",), rss),
    Rule("media", 320, (r"\{\{",), medium),
    Rule("externallink", 330, ("://",), externallink),
    Rule("www", 330, (r"w\.", r"W\."), www),
    Rule("emaillink", 340, ("<[0-9a-zA-Z!#$%&'*+/=?^_`{|}~-]",), emaillink),
)
FTP = Rule("ftp", 330, (r"f[tT][pP]?\.", r"F[tT][pP]?\."), ftp)

DISABLED = (
    Rule("nowiki", 170, ("<nowiki>",), nowiki),
    Rule("percent", 170, ("%%",), percent),
)
PROTECTED = (
    Rule("code", 200, ("<code",), _code("code")),
    Rule("file", 210, ("<file",), _code("file")),
)

"""Addresses as a book may have them: valid URLs with a scheme that is registered."""

from __future__ import annotations

import re

from wikicable.links import percent_encoded

_WEB = re.compile(
    r"(?P<scheme>https?|ftp)://(?P<user>[^/?#@\s\\]*@)?(?P<host>[^/?#:@\s\\]+)(?P<port>:\d{0,5})?(?P<rest>[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_OTHER = re.compile(r"(?:mailto|tel|news|sip|sips|xmpp|geo|urn):[^\s]+", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
_STRAY_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_UNFIT = re.compile(r'[\s"#%<>\[\\\]^`{|}]')
_LAST_PORT = 65535


def fit_url(url: str) -> str:
    """Give a URL as a book may have it, or nothing where that cannot be."""
    if found := _WEB.fullmatch(url):
        host = _host(found["host"])
        port = found["port"] or ""
        if not host or int(port[1:] or 0) > _LAST_PORT:
            return ""
        user = _encoded(found["user"] or "", "@:%!$&'()*+,;=~")
        return f"{found['scheme']}://{user}{host}{port if port != ':' else ''}{_path(found['rest'] or '')}"
    return _path(url) if _OTHER.fullmatch(url) else ""


def fit_fragment(name: str) -> str:
    """Give an id as it stands behind ``#`` in a URL."""
    return _UNFIT.sub(lambda found: percent_encoded(found[0]), name)


def _host(host: str) -> str:
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return host if _HOST.fullmatch(host) and ".." not in host else ""


def _path(rest: str) -> str:
    address, mark, fragment = rest.partition("#")
    return _encoded(address, "%!$&'()*+,/:;=?@~") + mark + _encoded(fragment, "%!$&'()*+,/:;=?@~")


def _encoded(text: str, safe: str) -> str:
    return _STRAY_PERCENT.sub("%25", percent_encoded(text, safe=safe))

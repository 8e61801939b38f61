"""Validation of the URL of a price source, or of its mirror."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from kafkatco.i18n.message import Message, _

__all__ = ["check_url", "shown_url"]

EXPECTED: Final = _("http:// or https:// and a host, without user or password")
_HOST: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.IGNORECASE)


def check_url(text: str) -> Message | None:
    """Return what was expected if a text is not a valid URL of a source, or ``None``.

    >>> check_url("https://mirror.example:8443/prices")
    >>> check_url("http://a..b")
    'http:// or https:// and a host, without user or password'
    """
    try:
        split = urlsplit(text)
        host, _port = split.hostname or "", split.port  # an invalid port raises ValueError
        if "[" in split.netloc:
            ipaddress.IPv6Address(host)
            named = True
        else:
            named = _HOST.fullmatch(host.encode("idna").decode("ascii")) is not None
    except ValueError:  # IDNA refuses a part of a name that is empty or too long
        return EXPECTED
    plain = text.isprintable() and " " not in text
    known = split.scheme in ("http", "https")
    return None if plain and known and named and "@" not in split.netloc else EXPECTED


def shown_url(text: str) -> str:
    """Return an invalid URL for an error message, without a password that it may have.

    >>> shown_url("foo"), shown_url("http://me:secret@mirror.example")
    ("'foo'", 'a URL with a user')
    """
    return _("a URL with a user") if "@" in text else repr(text[:40])

"""Addresses that users give: where a source of prices, or a mirror of it, is found."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

__all__ = ["check_address", "shown_address"]

EXPECTED: Final = "http:// or https:// and a host, without user or password"
_HOST: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.IGNORECASE)


def check_address(text: str) -> str | None:
    """Return what was expected, if a text is no address that can be asked; else ``None``.

    >>> check_address("https://mirror.example:8443/prices")
    >>> check_address("http://a..b")
    'http:// or https:// and a host, without user or password'
    """
    try:
        split = urlsplit(text)
        host, _ = split.hostname or "", split.port  # a port may be none
        if "[" in split.netloc:
            ipaddress.IPv6Address(host)
            named = True
        else:
            named = _HOST.fullmatch(host.encode("idna").decode("ascii")) is not None
    except ValueError:  # of an encoding too: a part of a name that is empty or too long
        return EXPECTED
    plain = text.isprintable() and " " not in text
    known = split.scheme in ("http", "https")
    return None if plain and known and named and "@" not in split.netloc else EXPECTED


def shown_address(text: str) -> str:
    """Return a refused address as a message shows it: without the password that it may hold.

    >>> shown_address("foo"), shown_address("http://me:secret@mirror.example")
    ("'foo'", 'an address with a user')
    """
    return "an address with a user" if "@" in text else repr(text[:40])

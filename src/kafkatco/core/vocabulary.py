"""Words that are data in JSON and CSV, and that people read in their own language.

A result keeps such a word as a plain string; a view looks it up here as it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kafkatco.i18n.message import Message, _

__all__ = ["WORDS", "word"]

_ALL: Final = (
    # components of a bill
    _("compute"),
    _("storage"),
    _("network"),
    _("throughput"),
    _("requests"),
    _("platform"),
    _("connect"),
    _("schema-registry"),
    _("stream-processing"),
    _("monitoring"),
    _("support"),
    _("labour"),
    _("setup"),
    _("migration"),
    _("discount"),
    _("credit"),
)

#: Each word with its message.
WORDS: Final[Mapping[str, Message]] = MappingProxyType({str(text): text for text in _ALL})


def word(text: str) -> str:
    """Return a word as a message, and any other text, such as a user's own component, as it is.

    >>> type(word("storage")).__name__, type(word("our own")).__name__
    ('Message', 'str')
    """
    return WORDS.get(text, text)

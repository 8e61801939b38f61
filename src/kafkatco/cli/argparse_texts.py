"""The texts of :mod:`argparse` itself, in the user's language.

argparse looks its texts up with the functions ``_`` and ``ngettext`` of its own module, which are
those of :mod:`gettext` and know no catalogue of ours.  It has no parameter for another catalogue,
and gettext's own settings (the domain, the environment) are those of the whole process, so
:func:`argparse_language` puts our catalogue in the place of the two functions for a while.  In a
Python whose argparse has other texts, or no such functions, those texts stay in English.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from kafkatco.i18n.catalogue import catalogue
from kafkatco.i18n.message import Message, _, ngettext

__all__ = ["TEXTS", "argparse_language"]

#: The texts that a user can meet.  argparse fills them in with ``%``, so a translation must have
#: the same ``%(name)s`` and ``%s``.  Left out are those for programmers, and for what our parser
#: does itself or does not use: choices, abbreviations, groups of which one is required, files.
TEXTS: Final = (
    _("usage: "),
    _("positional arguments"),
    _("options"),
    _("%(heading)s:"),
    _("show this help message and exit"),
    _("argument %(argument_name)s: %(message)s"),
    _("the following arguments are required: %s"),
    _("invalid %(type)s value: %(value)r"),
    _("expected one argument"),
    _("expected at least one argument"),
    _("expected at most one argument"),
    ngettext("expected %s argument", "expected %s arguments", 1),
    _("not allowed with argument %s"),
    _("ignored explicit argument %r"),
)


@contextmanager
def argparse_language(language: str) -> Iterator[None]:
    """Let argparse speak a language while the context lasts."""
    texts, module = catalogue(language), vars(argparse)
    lookups: dict[str, Callable[..., Any]] = {"_": texts.gettext, "ngettext": texts.ngettext}
    before = {name: module[name] for name in lookups if name in module}
    module.update((name, _plain(lookups[name])) for name in before)
    try:
        yield
    finally:
        module.update(before)


def _plain(lookup: Callable[..., Any]) -> Callable[..., Any]:
    """Return a lookup that leaves our own messages alone: they are translated when shown."""

    def look_up(text: str | None, *rest: object) -> Any:
        return text if not text or isinstance(text, Message) else lookup(text, *rest)

    return look_up

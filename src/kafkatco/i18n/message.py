"""Text for people: a template and its arguments, kept together until it is shown.

A :class:`Message` is its English text, so that results, JSON and logs use it like any string; it
also keeps the template and the arguments that it was made from, so that
:func:`kafkatco.i18n.catalogue.translate` can look the template up in a catalogue and fill it in
again.  Babel extracts the templates from calls of :func:`_` and :func:`ngettext`.

A string that is no message is data, such as a name that the user chose or a sku: it is shown as it
is in every language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

__all__ = ["EMPTY", "Catalogue", "Message", "_", "join", "ngettext", "translated_as", "verbatim"]


class Catalogue(Protocol):
    """The two look-ups of :class:`gettext.NullTranslations` that messages need."""

    def gettext(self, message: str) -> str:
        """Return the translation of a template."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation of a template for a count."""


class Message(str):
    """English text that remembers its template, its plural and its arguments.

    Make one with :func:`_`, :func:`ngettext`, :func:`join`, :func:`verbatim` or
    :func:`translated_as`.  It compares, hashes and prints as its English text.
    """

    __slots__ = ("arguments", "plural", "template", "versions")

    template: str
    plural: str | None
    arguments: Mapping[str, Any]
    versions: Mapping[str, str] | None  #: Its text in other languages, instead of a template.

    def __new__(
        cls,
        template: str,
        plural: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        versions: Mapping[str, str] | None = None,
    ) -> Message:
        """Fill the template with its arguments."""
        filled = arguments or {}
        pattern = template if plural is None or filled["n"] == 1 else plural
        text = pattern.format_map(filled) if filled else pattern
        message = super().__new__(cls, text)
        message.template, message.plural = template, plural
        message.arguments, message.versions = filled, versions
        return message

    def __reduce__(self) -> tuple[Any, ...]:
        return Message, (self.template, self.plural, self.arguments, self.versions)

    def translate_with(self, catalogue: Catalogue, language: str) -> str:
        """Return the text in the language of a catalogue; arguments are translated, too."""
        if self.versions is not None:
            return self.versions.get(language, str(self))
        if self.plural is None:
            pattern = catalogue.gettext(self.template) if self.template else ""
        else:
            pattern = catalogue.ngettext(self.template, self.plural, self.arguments["n"])
        if not self.arguments:
            return pattern
        arguments = {
            name: value.translate_with(catalogue, language) if isinstance(value, Message) else value
            for name, value in self.arguments.items()
        }
        return pattern.format_map(arguments)

    def map_text(self, change: Callable[[str], str]) -> Message:
        """Return the message with ``change`` applied to each of its texts but the template."""
        return Message(
            change(self.template) if not self.arguments else self.template,
            self.plural,
            {
                name: value.map_text(change)
                if isinstance(value, Message)
                else change(value)
                if isinstance(value, str)
                else value
                for name, value in self.arguments.items()
            },
            None if self.versions is None else {k: change(v) for k, v in self.versions.items()},
        )


#: The template of text that no catalogue has.
_AS_IT_IS: Final = "{text}"


def _(template: str, /, **arguments: Any) -> Message:
    """Return a message; ``{name}`` stands for an argument, with a format if need be.

    Braces that are meant are doubled in a template with arguments.

    >>> _("{name} has no price of {sku}", name="ours", sku="aws.msk.storage")
    'ours has no price of aws.msk.storage'
    >>> _("costs {amount:,.0f} a month", amount=1234.5)
    'costs 1,234 a month'
    """
    return Message(template, None, arguments)


def ngettext(singular: str, plural: str, n: int, /, **arguments: Any) -> Message:
    """Return a message in the singular or the plural; ``{n}`` stands for the count.

    >>> ngettext("{n} problem", "{n} problems", 1), ngettext("{n} problem", "{n} problems", 2)
    ('1 problem', '2 problems')
    """
    return Message(singular, plural, {"n": n, **arguments})


def verbatim(text: str) -> Message:
    """Return text that is the same in every language, such as a name or a sku.

    >>> verbatim("our own {cluster}")
    'our own {cluster}'
    """
    return text if isinstance(text, Message) else Message(_AS_IT_IS, None, {"text": text})


#: No text, where a hint or a note may be left out.
EMPTY: Final = verbatim("")


def join(separator: str, parts: Iterable[str]) -> Message:
    """Return parts with a separator between them; those that are messages stay translatable.

    >>> join("; ", [_("no price"), "ours"])
    'no price; ours'
    """
    texts = list(parts)
    glue = separator.replace("{", "{{").replace("}", "}}")
    template = glue.join(f"{{part{i}}}" for i in range(len(texts)))
    return Message(template, None, {f"part{i}": text for i, text in enumerate(texts)})


def translated_as(english: str, **versions: str) -> Message:
    """Return text of a table that has its own translations, by language.

    >>> translated_as("cost", ko="비용").versions
    {'ko': '비용'}
    """
    return Message(english, versions=versions)

"""The sources of prices, by their names on the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import _
from kafkatco.prices.refresh.aiven import Aiven
from kafkatco.prices.refresh.aws import Aws
from kafkatco.prices.refresh.aws_pages import AwsPages
from kafkatco.prices.refresh.azure import Azure
from kafkatco.prices.refresh.bank_of_korea import BankOfKorea
from kafkatco.prices.refresh.confluent import Confluent
from kafkatco.prices.refresh.ecb import Ecb
from kafkatco.prices.refresh.gcp import Gcp
from kafkatco.prices.refresh.source import Source

__all__ = ["BY_DEFAULT", "SOURCES", "chosen", "without_key"]

#: Every source, in the order in which they are read.
SOURCES: Final[Mapping[str, Callable[..., Source]]] = MappingProxyType(
    {
        "aws": Aws,
        "aws-pages": AwsPages,
        "azure": Azure,
        "gcp": Gcp,
        "ecb": Ecb,
        "bank-of-korea": BankOfKorea,
        "aiven": Aiven,
        "confluent": Confluent,
    }
)
#: The sources that are read by default; the others only check the same prices.
BY_DEFAULT: Final = ("aws", "azure", "gcp", "ecb", "bank-of-korea", "aiven", "confluent")


def chosen(
    names: Sequence[str], urls: Mapping[str, str], keys: Mapping[str, str]
) -> tuple[Source, ...]:
    """Return the sources of these names; without names, all whose keys, if any, are set.

    ``urls`` has addresses that replace those of sources, such as mirrors.  Raises
    :class:`~kafkatco.errors.InputError` for an unknown name and for a missing key.
    """
    problems = [
        Problem(where, repr(name), _("a source of prices"), nearest(name, SOURCES, limit=10))
        for where, given_names in (("PROVIDER", names), ("--url", urls))
        for name in given_names
        if name not in SOURCES
    ]
    selected = [name for name in dict.fromkeys(names) if name in SOURCES]
    for name in selected:
        missing = without_key(name, keys)
        problems += [
            Problem(name, "", _("no key; set {key} in the environment", key=key)) for key in missing
        ]
    if problems:
        raise InputError("prices refresh", problems)
    names_used = selected or [name for name in BY_DEFAULT if not without_key(name, keys)]
    return tuple(
        SOURCES[name](url=urls[name].rstrip("/")) if name in urls else SOURCES[name]()
        for name in names_used
    )


def without_key(name: str, keys: Mapping[str, str]) -> tuple[str, ...]:
    """Return the environment variables of a source's keys that are not set."""
    return tuple(key for key in SOURCES[name]().keys if not keys.get(key))

"""Flags in place of a scenario file: the traffic, the regions, and what runs now."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kafkatco.cli.console import print_note
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _

if TYPE_CHECKING:
    from kafkatco.scenario.scenario import Scenario
    from kafkatco.scenario.starter import Starter

__all__ = ["FLAGS", "WORKLOAD", "flags_of", "named_by_flags", "option", "scenario_of", "start_of"]

#: The flags of ``[workload]`` by field, each with its example and its help.
WORKLOAD: Final[Mapping[str, tuple[str, Message]]] = {
    "ingress": ("QUANTITY", _("what producers send, such as '3 TB/month' or '5 MB/s'")),
    "fanout": ("N", _("how often each byte is read (default: 1)")),
    "retention": ("TIME", _("how long data is kept (default: 7 days)")),
    "partitions": ("N", _("partitions before replication (default: 30)")),
    "peak_to_average": ("N", _("the peak over the average (default: 2)")),
    "replication_factor": ("N", _("copies of each byte (default: 3)")),
    "message_size": ("SIZE", _("average size of a record (default: 1 KiB)")),
}
#: The other flags.
FLAGS: Final[Mapping[str, tuple[str, Message]]] = {
    "now": ("KIND", _("what runs now, such as confluent-basic")),
    "currency": ("CODE", _("currency of the results (default: USD)")),
}
#: The fields that are numbers.
NUMBERS: Final = ("fanout", "partitions", "peak_to_average", "replication_factor")


def option(name: str) -> str:
    """Return the flag of a field.

    >>> option("peak_to_average")
    '--peak-to-average'
    """
    return "--" + name.replace("_", "-")


def field_of(name: str, text: str) -> Any:
    """Return a text as the field of a scenario file has it: a number, if it is one.

    >>> field_of("partitions", "60"), field_of("fanout", "1.5"), field_of("ingress", "3 TB/month")
    (60, 1.5, '3 TB/month')
    """
    if name not in NUMBERS:
        return text
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text


def flags_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of ``[workload]`` that flags have."""
    given = vars(arguments)
    return {name: field_of(name, given[name]) for name in WORKLOAD if given.get(name) is not None}


def start_of(fields: Mapping[str, Any], arguments: argparse.Namespace, **options: Any) -> Starter:
    """Return the first scenario of some fields and the flags; problems name the flags."""
    from kafkatco.scenario.starter import starter

    options.setdefault("now", arguments.now or "")
    with_currency = {} if arguments.currency is None else {"currency": arguments.currency}
    with named_by_flags():
        return starter(fields, regions=arguments.region or (), **with_currency, **options)


@contextmanager
def named_by_flags() -> Iterator[None]:
    """Let the problems of fields name the flags, not the fields, while the context lasts."""
    try:
        yield
    except InputError as error:
        flags = (*WORKLOAD, *FLAGS, "region", "cluster")
        problems = [
            replace(one, where=option(one.where)) if one.where in flags else one
            for one in error.problems
        ]
        raise InputError(error.source, problems) from None


def scenario_of(arguments: argparse.Namespace) -> Scenario:
    """Return the scenario of a command: that of its file, or that of its flags.

    Print a note on each assumption of the latter.

    Raises :class:`~kafkatco.errors.InputError` for both, and for flags without ``--ingress``.
    """
    from kafkatco.scenario.scenario import Scenario

    fields = flags_of(arguments)
    if problems := list(_misplaced(arguments, fields)):
        raise InputError("", problems)
    if "ingress" not in fields:
        return Scenario.load(arguments.scenario, strict=arguments.strict)
    start = start_of(fields, arguments)
    for note in start.assumed:
        print_note(note)
    return start.scenario(strict=arguments.strict)


def _misplaced(arguments: argparse.Namespace, fields: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the problem of each flag that does not go with a scenario file, or needs another."""
    if arguments.scenario is not None and "ingress" in fields:
        text = _("give a scenario file or --ingress, not both")
        hint = _("kafkatco init writes a file from the flags, which you can change")
        yield Problem("", "", text, hint)
        return
    if "ingress" in fields:
        return
    given = vars(arguments)
    others = [*FLAGS] if given.get("regions_limit") else [*FLAGS, "region"]
    for name in (*fields, *(one for one in others if given.get(one) is not None)):
        yield Problem(option(name), "", _("goes with --ingress, in place of a scenario file"))

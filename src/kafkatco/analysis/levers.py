"""Levers: what would make each option cheaper, alone and together, on the whole bill.

A saving is the difference of two bills of the same month, with people, tax and agreements; what is
paid once is left out.  Combinations are searched in full (:mod:`kafkatco.analysis.lever_search`):
savings do not add up, since the second lever has less left to save.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kafkatco.analysis.lever_search import SAME, bill_with, cheapest_settings
from kafkatco.analysis.lever_settings import Option, Setting, Targets, Written, settings_of
from kafkatco.core.result import Results
from kafkatco.costing.bill import Bill, Bills, bill_of
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.people import Winners, winners_of
from kafkatco.deployments import Deployment
from kafkatco.i18n.message import Message, _, join
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload, hours_of_month

__all__ = [
    "Lever",
    "Levers",
    "LeversTogether",
    "OptionLevers",
    "Tuned",
    "TunedOption",
    "levers",
    "tuned",
    "with_levers",
]

#: The lever of agreements, which may be tuned although it is not the same service for less.
COMMITMENT: Final = "commitment"
#: How many levers a note below a bill has.
MOST_NOTED: Final = 3


@dataclass(frozen=True, slots=True)
class Lever:
    """A change that makes an option cheaper, and by how much.

    ``change`` has the fields to set, those of the workload after "workload.".  ``consequence`` is
    empty if nobody notices; ``keeps_service`` is whether what is promised or agreed stays as it is.
    """

    name: str
    text: Message
    change: Mapping[str, Any]
    saving: float  #: [currency/month]
    total: float  #: with the change [currency/month]
    keeps_service: bool
    consequence: Message

    @property
    def before(self) -> float:
        """The total without it [currency/month]."""
        return self.total + self.saving


@dataclass(frozen=True, slots=True)
class LeversTogether:
    """The cheapest combination of levers, and its bill."""

    names: tuple[str, ...]
    texts: tuple[Message, ...]
    change: Mapping[str, Any]
    saving: float | None  #: ``None`` if the option needs them to handle the load [currency/month]
    consequences: tuple[Message, ...]
    bill: Bill

    @property
    def total(self) -> float:
        """The total with all of them [currency/month]."""
        return self.bill.total or 0.0


@dataclass(frozen=True, slots=True)
class OptionLevers:
    """What would make one option cheaper: the levers by their savings, and together.

    ``same_service`` is the cheapest combination of levers that keep the service, ``together`` that
    of all levers; each is ``None`` if it saves nothing.  If the bill is a floor, so is each saving.
    An option that cannot handle the load has no levers, but it may have combinations that can.
    """

    bill: Bill
    levers: tuple[Lever, ...]
    same_service: LeversTogether | None
    together: LeversTogether | None

    @property
    def name(self) -> str:
        """The name of the option."""
        return self.bill.name


@dataclass(frozen=True, slots=True, repr=False)
class Levers(Results[OptionLevers]):
    """What would make each option cheaper: a sequence."""

    items: tuple[OptionLevers, ...]

    def __repr__(self) -> str:
        return f"Levers({', '.join(one.name for one in self)})"

    def _about(self) -> dict[str, Any]:
        return self[0].bill._about()


@dataclass(frozen=True, slots=True)
class TunedOption:
    """An option as written, and at its least cost for the same service."""

    as_written: Bill
    together: LeversTogether | None  #: ``None`` if nothing makes it cheaper

    @property
    def name(self) -> str:
        """The name of the option."""
        return self.as_written.name

    @property
    def tuned(self) -> Bill:
        """The bill at its least cost."""
        return self.as_written if self.together is None else self.together.bill


@dataclass(frozen=True, slots=True, repr=False)
class Tuned(Results[TunedOption]):
    """Options as written, and each at its best for the same service: a sequence."""

    items: tuple[TunedOption, ...]

    def __repr__(self) -> str:
        return f"Tuned({', '.join(one.name for one in self)})"

    @property
    def winners_as_written(self) -> Winners:
        """Who is cheapest as written, by provider charges alone and with people."""
        return winners_of([one.as_written for one in self])

    @property
    def winners(self) -> Winners:
        """Who is cheapest of the tuned options, by provider charges alone and with people."""
        return winners_of([one.tuned for one in self])

    def _about(self) -> dict[str, Any]:
        return self[0].as_written._about()


def levers(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    targets: Targets | None = None,
    together: bool = True,
    month_hours: float | str = 730,
    track: Callable[[Collection[Any]], Iterable[Any]] = iter,
) -> Levers:
    """Return what would make each deployment cheaper, each lever alone and all together.

    A lever is listed only if it saves, and its bill is feasible and not a floor.

    Parameters
    ----------
    workload, deployments, book
        The demand, the deployments, and the prices.
    targets
        What levers change inputs to; assumptions by default.
    together
        Whether to search for the cheapest combinations too, which takes most of the time.
    month_hours
        Hours of a billing month, 730 by default, or ``"calendar"``.  [h]
    track
        Wraps what is iterated over, to show progress.

    Raises
    ------
    InputError, MissingPriceError
        As :func:`kafkatco.bill`.

    Examples
    --------
    >>> from kafkatco import SelfHosted
    >>> load = Workload(ingress="20 MiB/s", fanout=3, retention="1 day")
    >>> ours = SelfHosted(region="us-east-1", instance="m7g.xlarge")
    >>> [found] = levers(load, [ours], PriceBook("list", as_of="2026-10-31"))
    >>> [fetch] = [lever for lever in found.levers if lever.name == "follower-fetch"]
    >>> fetch.change, round(found.bill.total - fetch.total - fetch.saving, 6)
    ({'workload.follower_fetch': 1.0}, 0.0)
    >>> found.together.saving < sum(lever.saving for lever in found.levers)
    True
    """
    Comparison.of("levers", workload, deployments, book, month_hours)
    every = _written(workload, deployments, book, targets, month_hours)
    return Levers(tuple(_levers_of(at, together) for at in track(every)))


def tuned(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    commitments: bool = False,
    targets: Targets | None = None,
    month_hours: float | str = 730,
    track: Callable[[Collection[Any]], Iterable[Any]] = iter,
) -> Tuned:
    """Return each deployment as written, and at its best: tuned against tuned is a fair comparison.

    Only levers that keep the service are pulled, and with ``commitments`` those of a term too.  For
    the other parameters and the errors see :func:`levers`.

    Examples
    --------
    >>> from kafkatco import MskStandard
    >>> [msk] = tuned(Workload(ingress="20 MiB/s", fanout=3), [MskStandard(region="us-east-1")],
    ...               PriceBook("list", as_of="2026-10-31"))
    >>> msk.together.change["workload.follower_fetch"], msk.tuned.total < msk.as_written.total
    (1.0, True)
    """
    Comparison.of("tuned", workload, deployments, book, month_hours)
    every = _written(workload, deployments, book, targets, month_hours)

    def best(at: Written) -> TunedOption:
        kept = [
            one
            for one in settings_of(at)
            if one.keeps_service or (commitments and one.lever == COMMITMENT)
        ]
        return TunedOption(at.bill, _together(at, kept))

    return Tuned(tuple(best(at) for at in track(every)))


def with_levers(bills: Bills, found: Levers) -> Bills:
    """Return bills with a note on the levers that save most, at most ``MOST_NOTED`` each."""
    return replace(
        bills, items=tuple(_noted(bill, one) for bill, one in zip(bills, found, strict=True))
    )


def _noted(bill: Bill, one: OptionLevers) -> Bill:
    if not one.levers:
        return bill
    best = {lever.name: lever for lever in reversed(one.levers)}  # of alternatives, the first
    most = sorted(best.values(), key=lambda lever: -lever.saving)[:MOST_NOTED]
    clauses = []
    for lever in most:
        share = f"{-100.0 * lever.saving / lever.before:+.1f}"
        clauses.append(_("{lever} {share} %", lever=lever.text, share=share))
    return replace(bill, notes=(*bill.notes, _("cheaper: {levers}", levers=join(", ", clauses))))


def _written(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    targets: Targets | None,
    month_hours: float | str,
) -> list[Written]:
    """Return each option as written, with its bill."""
    catalogue, hours = book.catalogue(), hours_of_month(month_hours, book.as_of)
    options = [Option(one, workload, book, catalogue, hours) for one in deployments]
    aims = targets or Targets()
    return [
        Written(one, bill_of(one.deployment, one.load, book, catalogue), aims) for one in options
    ]


def _levers_of(at: Written, with_together: bool) -> OptionLevers:
    settings = settings_of(at)
    alone = (_lever(at, setting) for setting in settings)
    saving = sorted((one for one in alone if one is not None), key=lambda one: -one.saving)
    if not with_together:
        return OptionLevers(at.bill, tuple(saving), None, None)
    kept = [one for one in settings if one.keeps_service]
    same_service, together = (_together(at, each) for each in (kept, settings))
    return OptionLevers(at.bill, tuple(saving), same_service, together)


def _lever(at: Written, setting: Setting) -> Lever | None:
    """Return a setting alone as a lever; ``None`` if it does not save."""
    changed = bill_with(at.option, [setting])
    saving = _saving(at.bill, changed)
    if changed is None or saving is None:
        return None
    return Lever(
        setting.lever,
        _text(setting, changed),
        setting.change,
        saving,
        changed.total or 0.0,
        setting.keeps_service,
        setting.consequence,
    )


def _together(at: Written, settings: Sequence[Setting]) -> LeversTogether | None:
    """Return the cheapest combination of settings; ``None`` if none saves, or makes it feasible."""
    chosen = cheapest_settings(at.option, settings)
    changed = bill_with(at.option, chosen)
    saving = _saving(at.bill, changed)
    if changed is None or (saving is None and not at.bill.infeasible):
        return None
    chosen = tuple(sorted(chosen, key=settings.index))
    return LeversTogether(
        tuple(one.lever for one in chosen),
        tuple(_text(one, changed) for one in chosen),
        {name: value for one in chosen for name, value in one.change.items()},
        saving,
        tuple(one.consequence for one in chosen if one.consequence),
        changed,
    )


def _saving(bill: Bill, changed: Bill | None) -> float | None:
    """Return what a changed bill saves; ``None`` if it has no total or saves nothing."""
    if changed is None or changed.total is None or bill.total is None:
        return None
    saving = bill.total - changed.total
    return saving if saving > SAME * bill.total else None


def _text(setting: Setting, changed: Bill) -> Message:
    """Return what a setting is, with the instance type that it chooses."""
    chosen = changed.sizing.details.get("instance") if "instance" in setting.deployment else None
    return join(": ", [setting.text, str(chosen)]) if chosen else setting.text

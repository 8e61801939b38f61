"""Views of levers, and of options that are tuned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import money, prices_note
from kafkatco.core.result import ABOUT, View
from kafkatco.core.table import Table, Tone
from kafkatco.i18n.message import Message, _, join, verbatim

if TYPE_CHECKING:
    from kafkatco.analysis.levers import Levers, LeversTogether, OptionLevers, Tuned, TunedOption
    from kafkatco.costing.bill import Bill
    from kafkatco.costing.people import Winners

__all__ = ["LEVERS", "TUNED", "change_text"]

LEVER_COLUMNS: Final = (
    "deployment",
    "lever",
    "change",
    "saving",
    "total",
    "floor",
    "keeps_service",
    "consequence",
)
TUNED_COLUMNS: Final = ("deployment", "as_written", "total", "saving", "change", "consequence")
#: The mark of a lever that changes more than the cost.
CHANGES: Final = "*"


def change_text(change: Mapping[str, Any]) -> str:
    """Return a change as lines of a scenario file, on one line.

    >>> change_text({"workload.retention": "1 day", "tiered": True, "brokers": None})
    'workload.retention = "1 day"; tiered = true; no brokers'
    """
    return "; ".join(
        f"no {name}" if value is None else f"{name} = {_toml(value)}"
        for name, value in change.items()
    )


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


def _together_dict(together: LeversTogether | None) -> dict[str, Any] | None:
    if together is None:
        return None
    return {
        "levers": list(together.names),
        "change": dict(together.change),
        "saving": together.saving,
        "total": together.total,
        "consequences": list(together.consequences),
    }


def _about(bill: Bill) -> dict[str, Any]:
    return {"prices": {name: bill.prices[name] for name in ABOUT}, "currency": bill.currency}


def levers_dict(levers: Levers) -> dict[str, Any]:
    """Return ``kafkatco levers --format json``."""
    return {
        **_about(levers[0].bill),
        "deployments": [
            {
                "name": one.name,
                "kind": one.bill.kind,
                "region": one.bill.region,
                "total": one.bill.total,
                "is_floor": one.bill.is_floor,
                "infeasible": list(one.bill.infeasible),
                "levers": [
                    {
                        "lever": lever.name,
                        "text": lever.text,
                        "change": dict(lever.change),
                        "saving": lever.saving,
                        "total": lever.total,
                        "keeps_service": lever.keeps_service,
                        "consequence": lever.consequence,
                    }
                    for lever in one.levers
                ],
                "same_service": _together_dict(one.same_service),
                "together": _together_dict(one.together),
            }
            for one in levers
        ],
    }


def lever_rows(levers: Levers) -> list[list[Any]]:
    """Return one row for each lever and combination; the first of each option is as written."""
    rows = []
    for one in levers:
        name, floor = one.name, one.bill.is_floor
        rows.append([name, "as written", "", None, one.bill.total, floor, True, ""])
        for lever in one.levers:
            cells = change_text(lever.change), lever.saving, lever.total
            rows.append([name, lever.name, *cells, False, lever.keeps_service, lever.consequence])
        for text, all_of, keeps in (
            ("same service", one.same_service, True),
            ("together", one.together, False),
        ):
            if all_of is not None:
                change, consequence = change_text(all_of.change), join("; ", all_of.consequences)
                saved = all_of.saving, all_of.total
                rows.append([name, text, change, *saved, False, keeps, consequence])
    return rows


def lever_tables(levers: Levers) -> Iterator[Table]:
    """Yield what makes each option cheaper."""
    for one in levers:
        yield _table_of(one)


def _table_of(one: OptionLevers) -> Table:
    bill, currency = one.bill, one.bill.currency
    rows: list[tuple[str, ...]] = [(_("as written"), "", "", _total(bill), "")]
    tones: set[tuple[int, int, Tone]] = set()
    for lever in one.levers:
        mark = "" if lever.keeps_service else CHANGES
        text = join(" ", filter(None, [lever.text, mark]))
        rows.append((text, *_saved(bill, lever.saving, lever.total), lever.consequence))
    for text, all_of in (
        (_("the best for the same service"), one.same_service),
        (_("the best of all"), one.together),
    ):
        if all_of is not None:
            tones |= {(len(rows), at, "total") for at in (0, 3)}
            names = join("\n", [text, join(", ", map(verbatim, all_of.names))])
            rows.append((names, *_saved(bill, all_of.saving, all_of.total), ""))
    return Table(
        _(
            "{name} ({kind}, {region}): what makes it cheaper, {currency} a month",
            name=bill.name,
            kind=bill.kind,
            region=bill.region,
            currency=currency,
        ),
        (_("lever"), _("saving"), verbatim("%"), _("total"), _("consequence")),
        tuple(rows),
        frozenset({1, 2, 3}),
        tuple(_notes(one)),
        frozenset(tones),
    )


def _notes(one: OptionLevers) -> Iterator[Message]:
    bill = one.bill
    if bill.infeasible:
        yield _("cannot handle the load: {reasons}", reasons=join("; ", bill.infeasible))
        if one.together is None:
            yield _("nor can it with any lever")
    elif not one.levers and one.together is None:
        yield _("no lever makes it cheaper")
    if any(not lever.keeps_service for lever in one.levers):
        yield _("* changes what is promised or agreed")
    if len(one.levers) > 1:
        yield _("savings do not add up: the next lever has less left to save")
    if bill.is_floor:
        yield _("+ a floor: the savings are at least these")
    yield prices_note(bill.prices)


def _total(bill: Bill) -> str:
    if bill.total is None:
        return _("infeasible")
    return money(bill.total, bill.currency) + ("+" if bill.is_floor else "")


def _saved(bill: Bill, saving: float | None, total: float) -> tuple[str, str, str]:
    """Return a saving, its share of the bill as written, and the total that is left."""
    known = saving is not None and bill.total
    share = f"{100.0 * (saving or 0.0) / (bill.total or 1.0):.1f}" if known else "-"
    return money(saving, bill.currency), share, money(total, bill.currency)


def tuned_dict(tuned: Tuned) -> dict[str, Any]:
    """Return ``kafkatco compare --tuned --format json``."""
    return {
        **_about(tuned[0].as_written),
        "deployments": [
            {
                "name": one.name,
                "kind": one.as_written.kind,
                "region": one.as_written.region,
                "as_written": one.as_written.total,
                "provider_charges": one.tuned.provider_charges,
                "people": one.tuned.people,
                "total": one.tuned.total,
                "is_floor": one.tuned.is_floor,
                "infeasible": list(one.tuned.infeasible),
                "tuned": _together_dict(one.together),
            }
            for one in tuned
        ],
        "cheapest": {
            "as_written": _winners(tuned.winners_as_written),
            "tuned": _winners(tuned.winners),
        },
    }


def _winners(winners: Winners) -> dict[str, str | None]:
    return {"provider_charges": winners.provider_charges or None, "total": winners.total or None}


def tuned_rows(tuned: Tuned) -> list[list[Any]]:
    """Return one row for each option."""
    return [
        [
            one.name,
            one.as_written.total,
            one.tuned.total,
            one.together.saving if one.together else None,
            change_text(one.together.change) if one.together else "",
            join("; ", one.together.consequences) if one.together else "",
        ]
        for one in tuned
    ]


def tuned_table(tuned: Tuned) -> Table:
    """Return each option as written and tuned, the cheapest of each marked."""
    currency = tuned[0].as_written.currency
    before, after = tuned.winners_as_written, tuned.winners
    rows: list[tuple[str, ...]] = []
    tones: set[tuple[int, int, Tone]] = set()
    for one in tuned:
        for at, winners, bill in ((1, before, one.as_written), (2, after, one.tuned)):
            if bill.infeasible or one.name == winners.total:
                tones.add((len(rows), at, "refused" if bill.infeasible else "best"))
        rows.append((one.name, _total(one.as_written), _total(one.tuned), *_tuning(one)))
    return Table(
        _("Each option at its best for the same service, {currency} a month", currency=currency),
        (_("deployment"), _("as written"), _("tuned"), verbatim("%"), _("how")),
        tuple(rows),
        frozenset({1, 2, 3}),
        tuple(_tuned_notes(tuned, before, after)),
        frozenset(tones),
    )


def _tuning(one: TunedOption) -> tuple[str, str]:
    if one.together is None:
        return "-", ""
    saving, total = one.together.saving, one.as_written.total
    share = "-" if saving is None or not total else f"-{100.0 * saving / total:.1f}"
    return share, join("; ", one.together.texts)


def _tuned_notes(tuned: Tuned, before: Winners, after: Winners) -> Iterator[Message]:
    if after.total and before.total:
        text = _(
            "cheapest: as written {before}, tuned {after}", before=before.total, after=after.total
        )
        yield text
    if after.text:
        yield after.text
    for one in tuned:
        reasons: Sequence[str] = one.tuned.infeasible
        if reasons:
            why = _("cannot handle the load: {reasons}", reasons=join("; ", reasons))
            yield join(": ", [one.name, why])
    consequences = dict.fromkeys(
        text for one in tuned if one.together for text in one.together.consequences
    )
    if consequences:
        yield _(
            "it is the same service, but: {consequences}", consequences=join("; ", consequences)
        )
    if any(one.tuned.is_floor for one in tuned):
        yield _("+ a floor, which is never the cheapest")
    yield prices_note(tuned[0].as_written.prices)


LEVERS: Final = View(columns=LEVER_COLUMNS, rows=lever_rows, tables=lever_tables, plain=levers_dict)
TUNED: Final = View(
    columns=TUNED_COLUMNS,
    rows=tuned_rows,
    tables=lambda tuned: [tuned_table(tuned)],
    plain=tuned_dict,
)

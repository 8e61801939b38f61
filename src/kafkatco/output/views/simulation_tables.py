"""The tables of a simulation: the answer, the risk of each choice, what it depends on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import floor_notes, number, prices_note
from kafkatco.core.table import Table
from kafkatco.numerics.tolerance import ROUNDING, SAME
from kafkatco.output.views.uncertain_inputs import amount, give_or_take, inputs_table, share

if TYPE_CHECKING:
    from kafkatco.uncertainty.simulation import Choice, Simulation

__all__ = ["MOST_OPTIONS", "answer", "chances", "ranked", "simulation_tables"]

#: More options than these are not told apart along months or points.
MOST_OPTIONS: Final = 6
#: Results after so many powers of two, and of so many options, show how they settle.
LAST: Final = 6
UNSERVED: Final = "- : it cannot serve in so many draws; means are of those that it can serve"
MOST_SETTLED: Final = 3
#: Of many months every so many are shown.
EVERY: Final = 6


def answer(found: Simulation) -> str:
    """Return who is cheapest, and how sure that is, in a sentence."""
    if found.choices:
        best = ranked(found)[0]
        if not best.cheapest:
            return "none can serve in any draw"
        low, high = (amount(best.quantiles[i], found.currency) for i in (0, -1))
        head = (
            f"{best.label} is cheapest over {found.data.sizes['month']} months in "
            f"{share(best.cheapest)} of draws{_error(best.error)}"
        )
        if high == "-":
            return f"{head}, and cannot serve in {share(1.0 - best.served)} of all"
        return f"{head}, and costs {low} to {high} {found.currency} in 90 % of all"
    now = found.data.attrs.get("now")
    labels = found.data[found.over].to_numpy()
    if now is None or not np.isclose(labels, now, rtol=SAME, atol=0.0).any():
        return f"Chances of being the cheapest against {found.over}"
    here = found.data.isel({found.over: int(np.argmin(np.abs(labels - now)))})
    at = int(np.argmax(here["cheapest"].to_numpy()))
    chance, error = (float(here[name].to_numpy()[at]) for name in ("cheapest", "error"))
    where = f"where {found.over} is {number(now)} {found.data[found.over].attrs['units']}".strip()
    if not chance:
        return f"none can serve in any draw {where}"
    label = str(here["deployment"].to_numpy()[at])
    return f"{label} is cheapest with {share(chance)} probability{_error(error)} {where}"


def _error(error: float) -> str:
    return f" (± {share(error, 1)})" if error else ""


def ranked(found: Simulation) -> list[Choice]:
    """Return the choices, those that are likeliest the cheapest first."""
    return sorted(
        found.choices, key=lambda x: (-x.cheapest, -x.served, x.mean if x.served else np.inf)
    )


def chances(found: Simulation, most: int) -> tuple[list[str], np.ndarray[Any, Any]]:
    """Return who is ever the cheapest, and with which probability [1], by option and place.

    The likeliest of all come first; beyond ``most`` of them, all others are left out.
    """
    cheapest = found.data["cheapest"].to_numpy()
    names = [str(name) for name in found.data["deployment"].to_numpy()]
    order = sorted(range(len(names)), key=lambda i: -cheapest[i].sum())
    shown = [i for i in order if cheapest[i].any()][:most]
    return [names[i] for i in shown], cheapest[shown]


def simulation_tables(found: Simulation) -> Iterator[Table]:
    """Yield the answer with what each choice means, chances, what is uncertain, and how it settled.

    Along an input there are chances and costs at each place instead of choices.
    """
    floors = [f"+ {note}" for note in floor_notes(found.unpriced_skus)]
    floors += [
        f"{label} cannot serve draws that need a price of {', '.join(skus)}: the book has none"
        for label, skus in found.blocking_skus.items()
    ]
    notes = [*floors, prices_note(found.prices)]
    if not found.choices:
        yield _chances_table(found, answer(found), ())
        yield _costs_table(found, notes)
        yield inputs_table(found.inputs, found.uncertainty, found.currency)
        return
    yield _choices_table(found, notes)
    about = found.data.attrs
    growth = [f"growth: {about['growth']}"]
    if about["months_drawn"]:
        growth.append("growth of each month is drawn as well, as its history says")
    growth += [
        f"{name}: {about[key]:.4g} a year"
        for name, key in (("inflation", "inflation"), ("discount rate", "discount_rate"))
        if about[key]
    ]
    yield _chances_table(found, "Chances of being the cheapest of the month", growth)
    whole = found.everything
    knowing = (
        ()
        if whole is None
        else (
            f"knowing all of it beforehand would save {amount(whole, found.currency)} "
            f"{found.currency} on average, against the best option that can serve in every draw",
        )
    )
    saved = None if whole is None else found.information
    yield inputs_table(found.inputs, found.uncertainty, found.currency, saved, knowing)
    yield _settling_table(found)


def _choices_table(found: Simulation, notes: Sequence[str]) -> Table:
    currency, rows = found.currency, []
    for item in ranked(found):
        money = [item.mean, item.quantiles[0], item.quantiles[2], item.at_risk, item.beyond]
        plus = "+" if item.label in found.unpriced_skus else ""
        cells = [amount(x, currency) for x in money]
        lost = (amount(x, currency) for x in (item.regret, item.regret_at_risk))
        rows.append(
            (
                item.label,
                *(x if x == "-" else x + plus for x in cells),
                give_or_take(item.cheapest, item.error),
                share(item.served),
                *lost,
            )
        )
    return Table(
        answer(found),
        (
            "deployment",
            f"mean [{currency}]",
            "5 %",
            "50 %",
            "95 % (at risk)",
            "mean beyond",
            "cheapest",
            "can serve",
            "regret",
            "regret, 95 %",
        ),
        tuple(rows),
        frozenset(range(1, 10)),
        (
            *([UNSERVED] if min(x.served for x in found.choices) < 1.0 else []),
            "regret: what it costs more than the cheapest of the same draw",
            *notes,
        ),
        frozenset({(0, 0, "best")}),
    )


def _places(found: Simulation) -> list[int]:
    """Return which months or points are shown."""
    labels = found.data[found.over].to_numpy()
    last = labels.size - 1
    if found.over != "month":
        return list(range(labels.size))
    return [i for i in range(labels.size) if i in (0, last) or (i + 1) % EVERY == 0]


def _where(found: Simulation) -> str:
    unit = found.data[found.over].attrs.get("units", "")
    return f"{found.over} [{unit}]" if unit else found.over


def _chances_table(found: Simulation, title: str, notes: Sequence[str]) -> Table:
    names, shown = chances(found, MOST_OPTIONS)
    every = found.data["cheapest"].to_numpy()
    none, others = 1.0 - every.sum(axis=0), every.sum(axis=0) - shown.sum(axis=0)
    extra = []
    if others.max(initial=0.0) > ROUNDING:
        extra.append(("others", others))
    if none.max(initial=0.0) > ROUNDING:
        extra.append(("none can serve", none))
    columns = [*zip(names, shown, strict=True), *extra]
    labels = found.data[found.over].to_numpy()
    rows = tuple(
        (number(float(labels[i])), *(share(abs(float(row[i]))) for _, row in columns))
        for i in _places(found)
    )
    error = float(found.data["error"].max())
    return Table(
        title,
        (_where(found), *(name for name, _ in columns)),
        rows,
        frozenset(range(1 + len(columns))),
        (f"standard errors of at most {share(error, 1)}", *notes),
    )


def _costs_table(found: Simulation, notes: Sequence[str]) -> Table:
    """Return the costs of the options that are ever the cheapest, in the middle and around it."""
    names, _ = chances(found, MOST_OPTIONS)
    cost = found.data["cost"].sel(deployment=names, quantile=[0.5, 0.05, 0.95])
    values = cost.transpose(found.over, "deployment", "quantile").to_numpy()
    labels = found.data[found.over].to_numpy()

    def cell(name: str, three: Any) -> str:
        middle, low, high = (amount(x, found.currency) for x in three)
        if middle == "-":
            return "cannot serve"
        return f"{middle}{'+' if name in found.unpriced_skus else ''} ({low} to {high})"

    rows = tuple((number(float(labels[i])), *map(cell, names, values[i])) for i in _places(found))
    return Table(
        f"{found.currency} a month: the middle of all draws (and 90 % of them)",
        (_where(found), *names),
        rows,
        frozenset(range(1 + len(names))),
        (*([UNSERVED] if any("-)" in cell for row in rows for cell in row) else []), *notes),
    )


def _settling_table(found: Simulation) -> Table:
    labels = [item.label for item in found.choices]
    best = [item.label for item in ranked(found) if item.cheapest][:MOST_SETTLED]
    at = [labels.index(label) for label in best]
    rows = (
        tuple(
            (
                f"{item.draws:,}",
                *(give_or_take(item.cheapest[i], item.error[i]) for i in at),
                *(
                    amount(np.nan if x is None else x, found.currency)
                    for x in item.mean[at[0] : at[0] + 1]
                ),
            )
            for item in found.settling[-LAST:]
        )
        if at
        else ()
    )
    mean = (f"mean of {best[0]} [{found.currency}]",) if best else ()
    return Table(
        "How the answer settles",
        ("draws", *best, *mean),
        rows,
        frozenset(range(2 + len(best))) if best else frozenset({0}),
    )

"""Tables of a simulation: the answer, the risk of each option, the inputs and convergence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import floor_notes, number, prices_note
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import input_word, word
from kafkatco.i18n.message import Message, _, join, ngettext, verbatim
from kafkatco.numerics.tolerance import ROUNDING, SAME
from kafkatco.output.views.uncertain_inputs import amount, give_or_take, inputs_table, share

if TYPE_CHECKING:
    from kafkatco.uncertainty.simulation import Choice, Simulation

__all__ = ["MOST_OPTIONS", "answer", "chances", "ranked", "simulation_tables"]

#: The most options that are shown one by one along months or points.
MOST_OPTIONS: Final = 6
#: The last numbers of simulations, powers of two, of the table of convergence.
LAST: Final = 6
PARTLY_INFEASIBLE: Final = _(
    "- : cannot handle the load in this share of simulations; averages cover only the simulations "
    "that it can handle"
)
#: The most options in the table of convergence.
MOST_CONVERGING: Final = 3
#: Every month with this step is shown.
EVERY: Final = 6


def answer(simulation: Simulation) -> Message:
    """Return the cheapest option, and how sure that is, as a sentence, with floors below it."""
    named = _choice_answer(simulation) if simulation.choices else _point_answer(simulation)
    return join("; ", [named, *_undercuts(simulation)])


def _undercuts(simulation: Simulation) -> Iterator[Message]:
    """Yield a clause for each floor that is below the cheapest cost in some simulation."""
    shares = {choice.label: choice.undercuts for choice in simulation.choices}
    if not simulation.choices and (here := _here(simulation)) is not None:
        names = map(str, here["deployment"].to_numpy())
        shares = dict(zip(names, here["undercuts"].to_numpy().tolist(), strict=True))
    for name, part in shares.items():
        if part:
            yield _(
                "{name} may cost less in {share} of simulations: its cost is a floor",
                name=name,
                share=share(part),
            )


def _here(simulation: Simulation) -> Any:
    """Return the results at the scenario's own value of the input; ``None`` without one."""
    now = simulation.data.attrs.get("now")
    labels = simulation.data[simulation.over].to_numpy()
    if now is None or not np.isclose(labels, now, rtol=SAME, atol=0.0).any():
        return None
    return simulation.data.isel({simulation.over: int(np.argmin(np.abs(labels - now)))})


def _choice_answer(simulation: Simulation) -> Message:
    best = ranked(simulation)[0]
    if not best.cheapest and any(choice.undercuts for choice in simulation.choices):
        return _("no option of a known cost can handle the load in any simulation")
    if not best.cheapest:
        return _("no option can handle the load in any simulation")
    months = int(simulation.data.sizes["month"])
    head = ngettext(
        "{name} is cheapest over {n} month in {share} of simulations",
        "{name} is cheapest over {n} months in {share} of simulations",
        months,
        name=best.label,
        share=_with_error(best.cheapest, best.error),
    )
    low, high = (amount(best.quantiles[i], simulation.currency) for i in (0, -1))
    if high == "-":
        tail = _("cannot handle the load in {share} of all", share=share(1.0 - best.feasible_share))
    else:
        tail = _(
            "costs {low} to {high} {currency} in 90 % of all",
            low=low,
            high=high,
            currency=simulation.currency,
        )
    return join("; ", [head, tail])


def _point_answer(simulation: Simulation) -> Message:
    name, here = input_word(simulation.over), _here(simulation)
    if here is None:
        return _("Probability of being the cheapest against {input}", input=name)
    now = simulation.data.attrs["now"]
    at = int(np.argmax(here["cheapest"].to_numpy()))
    chance, error = (float(here[column].to_numpy()[at]) for column in ("cheapest", "error"))
    unit = simulation.data[simulation.over].attrs["units"]
    value = join(" ", [number(now), word(unit)] if unit else [number(now)])
    if not chance and here["undercuts"].to_numpy().any():
        return _(
            "no option of a known cost can handle the load in any simulation if {input} is {value}",
            input=name,
            value=value,
        )
    if not chance:
        return _(
            "no option can handle the load in any simulation if {input} is {value}",
            input=name,
            value=value,
        )
    return _(
        "{option} is cheapest with a probability of {share} if {input} is {value}",
        option=str(here["deployment"].to_numpy()[at]),
        share=_with_error(chance, error),
        input=name,
        value=value,
    )


def _with_error(value: float, error: float) -> str:
    return f"{share(value)} (± {share(error, 1)})" if error else share(value)


def ranked(simulation: Simulation) -> list[Choice]:
    """Return the options, the most likely cheapest first."""
    return sorted(
        simulation.choices,
        key=lambda choice: (
            -choice.cheapest,
            -choice.feasible_share,
            choice.mean if choice.feasible_share else np.inf,
        ),
    )


def chances(simulation: Simulation, most: int) -> tuple[list[str], np.ndarray[Any, Any]]:
    """Return the options that are ever the cheapest, and their probabilities [1].

    The probabilities have the shape (options, places).  The most likely options come first, and
    those after ``most`` are left out.
    """
    cheapest = simulation.data["cheapest"].to_numpy()
    names = [str(name) for name in simulation.data["deployment"].to_numpy()]
    order = sorted(range(len(names)), key=lambda i: -cheapest[i].sum())
    kept = [i for i in order if cheapest[i].any()][:most]
    return [names[i] for i in kept], cheapest[kept]


def simulation_tables(simulation: Simulation) -> Iterator[Table]:
    """Yield the answer with the risk of each option, probabilities, inputs and convergence.

    Along an input there are probabilities and costs at each point instead.
    """
    notes: list[Message] = [
        join("", ["+ ", note])
        for note in floor_notes(simulation.unpriced_skus, simulation.unchecked)
    ]
    notes += [
        _(
            "{name} counts as infeasible in simulations that need a price of {skus}, which the "
            "book lacks",
            name=label,
            skus=", ".join(skus),
        )
        for label, skus in simulation.blocking_skus.items()
    ]
    notes.append(prices_note(simulation.prices))
    currency = simulation.currency
    if not simulation.choices:
        yield _chances_table(simulation, answer(simulation), ())
        yield _costs_table(simulation, notes)
        yield inputs_table(simulation.inputs, simulation.uncertainty, currency)
        return
    yield _choices_table(simulation, notes)
    title = _("Probability of being the cheapest in the month")
    yield _chances_table(simulation, title, [*_growth_notes(simulation)])
    evpi = simulation.evpi
    knowing = (
        ()
        if evpi is None
        else (
            _(
                "knowing all inputs in advance saves {amount} {currency} on average, against the "
                "best option that is feasible in every simulation",
                amount=amount(evpi, currency),
                currency=currency,
            ),
        )
    )
    evppi = None if evpi is None else simulation.evppi
    yield inputs_table(simulation.inputs, simulation.uncertainty, currency, evppi, knowing)
    yield _convergence_table(simulation)


def _growth_notes(simulation: Simulation) -> Iterator[Message]:
    about = simulation.data.attrs
    yield _("growth: {growth}", growth=word(str(about["growth"])))
    if about["months_drawn"]:
        yield _("the growth of each month is simulated as well, from its history")
    if about["inflation"]:
        yield _("inflation: {rate:.4g} a year", rate=about["inflation"])
    if about["discount_rate"]:
        yield _("discount rate: {rate:.4g} a year", rate=about["discount_rate"])


def _choices_table(simulation: Simulation, notes: Sequence[Message]) -> Table:
    currency = simulation.currency
    rows: list[tuple[str, ...]] = []
    for choice in ranked(simulation):
        costs = (
            choice.mean,
            choice.quantiles[0],
            choice.quantiles[2],
            choice.value_at_risk,
            choice.expected_shortfall,
        )
        floor = "+" if choice.label in simulation.floors else ""
        cells = [amount(cost, currency) for cost in costs]
        regrets = (amount(regret, currency) for regret in (choice.regret, choice.regret_at_risk))
        rows.append(
            (
                choice.label,
                *(cell if cell == "-" else cell + floor for cell in cells),
                give_or_take(choice.cheapest, choice.error),
                share(choice.feasible_share),
                *regrets,
            )
        )
    partly = min(choice.feasible_share for choice in simulation.choices) < 1.0
    return Table(
        answer(simulation),
        (
            _("deployment"),
            _("mean [{currency}]", currency=currency),
            verbatim("5 %"),
            verbatim("50 %"),
            _("95 % (value at risk)"),
            _("expected shortfall"),
            _("cheapest"),
            _("can handle the load"),
            _("regret"),
            _("regret, 95 %"),
        ),
        tuple(rows),
        frozenset(range(1, 10)),
        (
            *([PARTLY_INFEASIBLE] if partly else []),
            _("regret: the extra cost over the cheapest option of the same simulation"),
            *notes,
        ),
        frozenset({(0, 0, "best")} if ranked(simulation)[0].cheapest else ()),
    )


def _places(simulation: Simulation) -> list[int]:
    """Return the indices of the months or points that are shown."""
    labels = simulation.data[simulation.over].to_numpy()
    last = labels.size - 1
    if simulation.over != "month":
        return list(range(labels.size))
    return [i for i in range(labels.size) if i in (0, last) or (i + 1) % EVERY == 0]


def _place_head(simulation: Simulation) -> Message:
    unit = simulation.data[simulation.over].attrs.get("units", "")
    name = input_word(simulation.over)
    return _("{input} [{unit}]", input=name, unit=word(unit)) if unit else name


def _chances_table(simulation: Simulation, title: Message, notes: Sequence[Message]) -> Table:
    names, probabilities = chances(simulation, MOST_OPTIONS)
    every = simulation.data["cheapest"].to_numpy()
    none, others = 1.0 - every.sum(axis=0), every.sum(axis=0) - probabilities.sum(axis=0)
    columns = [*zip(map(verbatim, names), probabilities, strict=True)]
    if others.max(initial=0.0) > ROUNDING:
        columns.append((_("others"), others))
    if none.max(initial=0.0) > ROUNDING:
        columns.append((_("none known") if simulation.floors else _("none feasible"), none))
    labels = simulation.data[simulation.over].to_numpy()
    rows = tuple(
        (number(float(labels[i])), *(share(abs(float(row[i]))) for _name, row in columns))
        for i in _places(simulation)
    )
    error = float(simulation.data["error"].max())
    return Table(
        title,
        (_place_head(simulation), *(name for name, _row in columns)),
        rows,
        frozenset(range(1 + len(columns))),
        (_("standard errors of at most {error}", error=share(error, 1)), *notes),
    )


def _costs_table(simulation: Simulation, notes: Sequence[Message]) -> Table:
    """Return the costs of the options that are ever the cheapest: medians and 90 % ranges."""
    names, _probabilities = chances(simulation, MOST_OPTIONS)
    cost = simulation.data["cost"].sel(deployment=names, quantile=[0.5, 0.05, 0.95])
    values = cost.transpose(simulation.over, "deployment", "quantile").to_numpy()
    labels = simulation.data[simulation.over].to_numpy()
    partly = False

    def cell(name: str, quantiles: Any) -> str:
        nonlocal partly
        middle, low, high = (amount(x, simulation.currency) for x in quantiles)
        if middle == "-":
            return _("infeasible")
        partly |= high == "-"
        floor = "+" if name in simulation.floors else ""
        return _("{middle} ({low} to {high})", middle=middle + floor, low=low, high=high)

    rows = tuple(
        (number(float(labels[i])), *map(cell, names, values[i])) for i in _places(simulation)
    )
    return Table(
        _(
            "{currency} a month: median of the simulations (and 90 % range)",
            currency=simulation.currency,
        ),
        (_place_head(simulation), *map(verbatim, names)),
        rows,
        frozenset(range(1 + len(names))),
        (*([PARTLY_INFEASIBLE] if partly else []), *notes),
    )


def _convergence_table(simulation: Simulation) -> Table:
    labels = [choice.label for choice in simulation.choices]
    best = [choice.label for choice in ranked(simulation) if choice.cheapest][:MOST_CONVERGING]
    at = [labels.index(label) for label in best]
    rows = (
        tuple(
            (
                f"{step.draws:,}",
                *(give_or_take(step.cheapest[i], step.error[i]) for i in at),
                *(
                    amount(np.nan if x is None else x, simulation.currency)
                    for x in step.mean[at[0] : at[0] + 1]
                ),
            )
            for step in simulation.convergence[-LAST:]
        )
        if at
        else ()
    )
    mean = [
        _("mean of {name} [{currency}]", name=label, currency=simulation.currency)
        for label in best[:1]
    ]
    return Table(
        _("How the answer converges"),
        (_("simulations"), *map(verbatim, best), *mean),
        rows,
        frozenset(range(2 + len(best))) if best else frozenset({0}),
    )

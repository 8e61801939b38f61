"""View of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import (
    floor_notes,
    floors_json,
    may_cost_less,
    money,
    no_winner,
    prices_note,
)
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import Message, _, join, ngettext, verbatim

if TYPE_CHECKING:
    import xarray as xr

    from kafkatco.planning.plan import Stay, Strategy

__all__ = ["STRATEGY", "path_text"]

PLAN_COLUMNS: Final = ("scenario", "deployment", "first_month", "last_month", "total", "currency")


def plan_dict(strategy: Strategy) -> dict[str, Any]:
    """Return ``kafkatco plan --format json``; infinite costs are null."""
    return {
        "currency": strategy.currency,
        "prices": dict(strategy.prices),
        **floors_json(strategy.unpriced_skus, strategy.unchecked),
        "scenarios": [
            {
                "name": name,
                "total": _finite(strategy.path.total[i]),
                "path": [
                    {"deployment": stay.deployment, "from": stay.first, "to": stay.last}
                    for stay in strategy.stays(i)
                ],
                "undercut": {
                    "names": list(strategy.undercuts(i)),
                    "least": _finite(strategy.lowest.total[i]) if strategy.undercuts(i) else None,
                },
                "staying": {label: _finite(cost[i]) for label, cost in strategy.staying.items()},
                "article_phases": {
                    "total": _finite(strategy.phases[i]),
                    "path": [
                        {"deployment": stay.deployment, "from": stay.first, "to": stay.last}
                        for stay in strategy.phase_stays(i)
                    ],
                },
                "timing": [
                    {
                        "from": old,
                        "to": new,
                        "first": timing.first,
                        "durable": timing.durable,
                        "payback": timing.payback,
                    }
                    for (old, new), timing in strategy.timings(i).items()
                ],
            }
            for i, name in enumerate(strategy.scenarios)
        ],
        "first_month_too_close": strategy.first_month.describe(),
        "no_regret_first_move": strategy.no_regret,
        "regret": {label: _finite(loss) for label, loss in strategy.regret.items()},
    }


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def plan_rows(strategy: Strategy) -> list[list[Any]]:
    """Return one row for each stay of each scenario's best path, under ``PLAN_COLUMNS``."""
    return [
        [
            name,
            stay.deployment,
            stay.first,
            stay.last,
            _finite(strategy.path.total[i]),
            strategy.currency,
        ]
        for i, name in enumerate(strategy.scenarios)
        for stay in strategy.stays(i)
    ]


def plan_dataset(strategy: Strategy) -> xr.Dataset:
    """Return the costs and the best path over scenarios, deployments and months."""
    import xarray as xr

    options = list(strategy.path.options)
    named = [strategy.path.named(i) for i in range(len(strategy.scenarios))]
    staying = np.stack([strategy.staying[label] for label in options], axis=1)
    data = xr.Dataset(
        {
            "running": (("scenario", "deployment", "month"), _known(strategy.running)),
            "best": (("scenario", "month"), np.array(named, dtype=object)),
            "ingress": (("scenario", "month"), strategy.ingress_tb),
            "total": ("scenario", _known(strategy.path.total)),
            "staying": (("scenario", "deployment"), _known(staying)),
            "phases": ("scenario", _known(strategy.phases)),
        },
        coords={
            "scenario": list(strategy.scenarios),
            "deployment": options,
            "month": np.arange(1, strategy.months + 1),
        },
        attrs=strategy._about(),
    )
    data["ingress"].attrs["units"] = "TB/month"
    for name in ("running", "total", "staying", "phases"):
        data[name].attrs["units"] = strategy.currency
    return data


def _known(cost: Any) -> Any:
    """Return costs with NaN instead of infinity, which marks an infeasible deployment."""
    return np.where(np.isfinite(cost), cost, np.nan)


def plan_tables(strategy: Strategy) -> Iterator[Table]:
    """Yield a table for each growth scenario: the best path and the costs of other paths."""
    currency = strategy.currency
    for i, name in enumerate(strategy.scenarios):
        best = float(strategy.path.total[i])
        path = strategy.stays(i)
        route = path_text(path) or no_winner(floors=bool(strategy.undercuts(i)))
        rows: list[tuple[str, ...]] = [(_("best path"), route, money(_finite(best), currency), "")]
        months = strategy.months
        others: list[tuple[Message, str, Sequence[int], float]] = [
            (_("stay with {name}", name=label), "", [k] * months, strategy.staying[label][i])
            for k, label in enumerate(strategy.path.options)
        ]
        route = path_text(strategy.phase_stays(i))
        phases = strategy.phase_months[i]
        others.append((_("the article's phases"), route, phases, strategy.phases[i]))
        for choice, route, options, cost in others:
            if np.isfinite(cost):
                more = f"{cost / best - 1:+.1%}" if best and np.isfinite(best) else ""
                floor = "+" if _is_floor(strategy, i, options) else ""
                rows.append((choice, route, money(float(cost), currency) + floor, more))
            else:
                reason = _obstacle(strategy.running[i], options)
                rows.append((choice, join("; ", filter(None, [route, reason])), "-", ""))
        notes = [
            _(
                "safest first choice, whichever growth comes true: {name}",
                name=strategy.no_regret or _("none"),
            ),
            *_first_month_notes(strategy),
            *floor_notes(strategy.unpriced_skus, strategy.unchecked),
            prices_note(strategy.prices),
        ]
        yield Table(
            ngettext(
                "Growth {growth}: least cost over {n} month",
                "Growth {growth}: least cost over {n} months",
                months,
                growth=word(name),
            ),
            (_("choice"), _("months"), verbatim(currency), _("compared with the best")),
            tuple(rows),
            frozenset({2, 3}),
            (*_undercut_notes(strategy, i), *(notes if i == len(strategy.scenarios) - 1 else ())),
            frozenset({(0, 0, "best"), (0, 2, "best")} if path else ()),
        )


def _is_floor(strategy: Strategy, scenario: int, options: Sequence[int]) -> bool:
    """Return whether the cost of an option in its month is a floor on a path."""
    return any(strategy.floor[scenario, option, month] for month, option in enumerate(options))


def _first_month_notes(strategy: Strategy) -> list[Message]:
    """Return a note if published price ranges leave the first month too close to call."""
    close = strategy.first_month.text
    return [_("first month {close}", close=close)] if close else []


def _undercut_notes(strategy: Strategy, scenario: int) -> Iterator[Message]:
    """Yield a note if a path with a floor may cost less than the best path."""
    floors = strategy.undercuts(scenario)
    least = float(strategy.lowest.total[scenario])
    if floors and not strategy.stays(scenario):
        yield _(
            "the path with the lowest floor, {least} {currency}: {months}",
            months=path_text(strategy.lowest_stays(scenario)),
            least=money(least, strategy.currency),
            currency=strategy.currency,
        )
    elif floors:
        name = _("a path with {names}", names=", ".join(floors))
        yield may_cost_less(name, least, strategy.currency, _("a floor"))


def _obstacle(running: Any, options: Sequence[int]) -> Message:
    """Return why a path, an option for each month, is infeasible.

    ``running`` has the cost of each option in each month, infinite if it is infeasible then.
    """
    for month, option in enumerate(options):
        if not np.isfinite(running[option, month]):
            return _("cannot handle the load in month {month}", month=month + 1)
    return _("not ready in time")


def path_text(stays: Sequence[Stay]) -> str:
    """Return a path as text: the months of each stay."""
    return ", ".join(f"{stay.first}-{stay.last} {stay.deployment}" for stay in stays)


STRATEGY: Final = View(
    columns=PLAN_COLUMNS,
    rows=plan_rows,
    tables=plan_tables,
    plain=plan_dict,
    dataset=plan_dataset,
    plots={"plot": "plot_path"},
)

"""View of what each condition does to the article's break-even."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from kafkatco.article.claim import ranges
from kafkatco.article.conditions import POINTS_TB, Against, ClaimConditions, Saving
from kafkatco.core.result import View
from kafkatco.core.table import Table, Tone
from kafkatco.i18n.message import EMPTY, Message, _, join, verbatim

__all__ = ["CONDITIONS", "CONDITION_COLUMNS", "condition_rows", "conditions_table"]

CONDITION_COLUMNS: Final = (
    "condition",
    "value",
    "cheapest of the three, TB",
    "only one of the three, TB",
    "cheapest of all, TB",
    "only one of all, TB",
    *(
        column
        for x in POINTS_TB
        for column in (f"saving at {x:g} TB", f"cheapest rival at {x:g} TB")
    ),
    "rivals",
    "needs your price",
)


def condition_rows(conditions: ClaimConditions) -> list[list[Any]]:
    """Return one row for each condition, under ``CONDITION_COLUMNS``."""
    return [
        [
            one.topic,
            one.setting,
            *(
                "; ".join(f"{low:.10g} to {high:.10g}" for low, high in stretches)
                for part in (one.named, one.every)
                for stretches in (part.cheapest_tb, part.alone_tb)
            ),
            *(value for each in one.savings for value in (each.saving, each.rival)),
            ", ".join(one.every.rivals),
            ", ".join(one.needs_price),
        ]
        for one in conditions
    ]


def conditions_dict(conditions: ClaimConditions) -> dict[str, Any]:
    """Return ``kafkatco claims --conditions --format json``."""
    return {
        "prices": dict(conditions.prices),
        "currency": conditions.currency,
        "base": conditions.base,
        "conditions": [
            {
                "condition": one.topic,
                "value": one.setting,
                "three": _against_dict(one.named),
                "all": _against_dict(one.every),
                "savings": [_saving_dict(each) for each in one.savings],
                "needs_price": {name: list(skus) for name, skus in one.needs_price.items()},
            }
            for one in conditions
        ],
    }


def _against_dict(part: Against) -> dict[str, Any]:
    return {
        "rivals": list(part.rivals),
        "cheapest_tb": [{"from": low, "to": high} for low, high in part.cheapest_tb],
        "alone_tb": [{"from": low, "to": high} for low, high in part.alone_tb],
    }


def _saving_dict(one: Saving) -> dict[str, Any]:
    return {
        "at_tb": one.at_tb,
        "cost": one.cost,
        "rival": one.rival,
        "rival_cost": one.rival_cost,
        "saving": one.saving,
        "may_cost_less": list(one.may_cost_less),
    }


def conditions_table(conditions: ClaimConditions) -> Table:
    """Return the table of conditions: where self-hosting is cheapest, and what it saves."""
    topics = ["", *(one.topic for one in conditions)]
    shown = [EMPTY if same == topic else topic for same, topic in pairwise(topics)]
    rows = tuple(
        (
            topic,
            one.setting,
            _stretches_text(one.named),
            _stretches_text(one.every),
            *map(_saving_text, one.savings),
        )
        for topic, one in zip(shown, conditions, strict=True)
    )
    tones: set[tuple[int, int, Tone]] = {
        (i, 3, "best") for i, one in enumerate(conditions) if one.every.cheapest_tb
    }
    return Table(
        _("the article's break-even, one condition changed at a time"),
        (
            _("condition"),
            _("value"),
            _("self-hosting is cheapest of the three at, TB a month"),
            _("and of all with a price"),
            *(_("saving at {x:g} TB", x=x) for x in POINTS_TB),
        ),
        rows,
        notes=tuple(_notes(conditions)),
        tones=frozenset(tones),
    )


def _stretches_text(part: Against) -> Message:
    """Return where self-hosting is cheapest, and where nothing else serves."""
    texts = [ranges(part.cheapest_tb) if part.cheapest_tb else _("nowhere")]
    if part.alone_tb:
        texts.append(_("the only one at {ranges}", ranges=ranges(part.alone_tb)))
    return join("; ", texts)


def _saving_text(one: Saving) -> Message:
    """Return a saving with the rival, or why there is none."""
    if one.cost is None:
        text = _("self-hosting has no known cost")
    elif one.saving is None:
        text = _("no rival has a known cost")
    else:
        text = verbatim(f"{one.saving:+.0%} {one.rival}")
    floors = [_("{name} may cost less", name=name) for name in one.may_cost_less]
    return join("; ", [text, *floors])


def _notes(conditions: ClaimConditions) -> Iterator[Message]:
    """Yield the base, who was compared, and how to read the table."""
    base = conditions[0]
    yield _("base: {base}", base=conditions.base)
    yield _(
        "the three are self-hosting, {named}; all are these and {others}; need your price: "
        "{unpriced}",
        named=join(", ", base.named.rivals),
        others=join(", ", _without(base.every.rivals, base.named.rivals)),
        unpriced=join(", ", base.needs_price),
    )
    for one in conditions[1:]:
        more = _without(one.every.rivals, base.every.rivals)
        fewer = _without(base.every.rivals, one.every.rivals)
        unpriced = _without(list(one.needs_price), [*base.needs_price, *fewer])
        changes = [
            *([_("also {names}", names=join(", ", more))] if more else []),
            *([_("without {names}", names=join(", ", fewer))] if fewer else []),
            *([_("needs your price: {names}", names=join(", ", unpriced))] if unpriced else []),
        ]
        if changes:
            yield join(": ", [one.setting, join("; ", changes)])
    yield _(
        "searched from 0.1 to 1,000 TB a month; a saving is a share of the cost of the cheapest "
        "rival, which is named, and a negative one is an extra cost"
    )


def _without(names: Sequence[str], others: Sequence[str]) -> list[str]:
    return [name for name in names if name not in others]


CONDITIONS: Final = View(
    columns=CONDITION_COLUMNS,
    rows=condition_rows,
    tables=lambda conditions: [conditions_table(conditions)],
    plain=conditions_dict,
)

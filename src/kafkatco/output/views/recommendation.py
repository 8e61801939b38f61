"""View of a recommendation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.analysis.recommend import SOURCE
from kafkatco.core.format import money, number, prices_note, ranged
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.i18n.message import Message, _, join, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kafkatco.analysis.recommend import Option, Recommendation

__all__ = ["RECOMMENDATION"]

RECOMMENDATION_COLUMNS: Final = (
    "option",
    "family",
    "taken",
    "cost",
    "currency",
    "people",
    "ruled_out",
    "for",
    "against",
)


def recommendation_dict(recommendation: Recommendation) -> dict[str, Any]:
    """Return ``kafkatco recommend --format json``."""
    return {
        "verdict": recommendation.verdict,
        "winners": list(recommendation.winners),
        "margin": recommendation.margin,
        "currency": recommendation.currency,
        "guidance": SOURCE,
        "options": [
            {
                "name": option.name,
                "family": option.family,
                "cost": option.cost,
                "low": option.low,
                "high": option.high,
                "people": option.people,
                "ruled_out": list(option.ruled_out),
                "for": list(option.pros),
                "against": list(option.cons),
                "not_modelled": list(option.not_modelled),
                "floor": option.floor or None,
                "support_plan": option.plan or None,
                "with_support": option.supported,
            }
            for option in recommendation.options
        ],
    }


def recommendation_rows(recommendation: Recommendation) -> list[list[Any]]:
    """Return one row for each option, under ``RECOMMENDATION_COLUMNS``."""
    return [
        [
            option.name,
            option.family,
            option.name in recommendation.winners,
            option.cost,
            recommendation.currency,
            option.people,
            "; ".join(option.ruled_out),
            "; ".join(option.pros),
            "; ".join(option.cons),
        ]
        for option in recommendation.options
    ]


def recommendation_table(recommendation: Recommendation) -> Table:
    """Return the options in order, with the reasons for and against each."""
    currency = recommendation.currency
    rows = [
        (
            option.name,
            _cost(option, currency),
            "-" if option.people is None else number(option.people),
            join("\n", _reasons(option)),
        )
        for option in recommendation.options
    ]
    return Table(
        verbatim(recommendation.verdict),
        (_("option"), _("cost a month [{currency}]", currency=currency), _("people"), _("reasons")),
        tuple(rows),
        frozenset({1, 2}),
        (
            _(
                "reasons for (+) and against (-) are the article's; costs, people and exclusions "
                "are computed"
            ),
            *filter(None, [recommendation.with_support]),
            prices_note(recommendation.prices),
        ),
        frozenset(
            (i, 0, "best" if option.name in recommendation.winners else "refused")
            for i, option in enumerate(recommendation.options)
            if option.name in recommendation.winners or option.ruled_out
        ),
    )


def _cost(option: Option, currency: str) -> str:
    """Return the cost of an option; that of one ruled out only if the cost decided it."""
    if option.only_unknown:
        return money(option.cost, currency) + "+"
    if option.ruled_out or option.cost is None:
        return ""
    return ranged(money(option.cost, currency), option.low, option.high, currency)


def _reasons(option: Option) -> Iterator[Message]:
    """Yield why an option is ruled out, the reasons for and against it, and what is unknown."""
    for reason in option.ruled_out:
        yield _("ruled out: {reason}", reason=reason)
    for reason in option.pros:
        yield join("", ["+ ", reason])
    for reason in option.cons:
        yield join("", ["- ", reason])
    for question in option.not_modelled:
        if question.startswith("whether"):
            yield _("? not checked: {question}", question=question)


RECOMMENDATION: Final = View(
    columns=RECOMMENDATION_COLUMNS,
    rows=recommendation_rows,
    tables=lambda recommendation: [recommendation_table(recommendation)],
    plain=recommendation_dict,
)

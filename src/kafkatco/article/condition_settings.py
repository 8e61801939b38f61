"""The twelve conditions of the article's break-even, each with the values that it is tested at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from kafkatco.article.rivals import PLACES, Terms
from kafkatco.article.scenario import LIST_REGIONS
from kafkatco.deployments import Deployment, Environment, Labour
from kafkatco.deployments.client_path import OutsideNetwork
from kafkatco.i18n.message import EMPTY, Message, _, ngettext, verbatim
from kafkatco.prices import PriceBook, Tax
from kafkatco.prices.assumptions import SETS

__all__ = ["Setting", "base_text", "settings"]

#: The date of the second set of prices: one year after the article's.
LATER: Final = dt.date(2026, 10, 31)
#: The share off the list price of EC2 that a term is worth, by term: the means of the published
#: rates of us-east-1 (43 for one year, 5 for three; list/aws/commitments.csv), an assumption for
#: Seoul, where no rate is published.
COMMITTED: Final = {"1-year": 0.35, "3-year": 0.56}
#: The support plan of each provider that has plans in the book.
SUPPORT: Final = {"aws": "business", "confluent": "business"}
#: Staging with a tenth of the traffic, and development with a hundredth.
STAGED: Final = (
    Environment(name="staging", traffic=0.1),
    Environment(name="development", traffic=0.01),
)
#: The share of VAT that a bank, for example, does not recover: all of it.
RECOVERED: Final = 0.0


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a condition: its topic, the value in words, and the changed terms."""

    topic: Message
    text: Message
    terms: Terms


def base_text(base: Terms) -> Message:
    """Return the base in words."""
    load = base.workload.operands(month_hours=730.0)
    return _(
        "list prices of {date} in {region}; self-hosting on EC2, sized under {set!r}; the "
        "article's people; fan-out {fanout:g}; {days:.3g} days of retention; a peak of {peak:g} x "
        "the average; {partitions:g} partitions; the usual path of clients to each service; no "
        "commitment, tiered storage, environments, VAT or support",
        date=base.book.as_of.isoformat(),
        region=base.region,
        set=base.book.assumptions.name,
        fanout=load.fanout,
        days=load.retention_h / 24.0,
        peak=load.peak_to_average,
        partitions=load.partitions,
    )


def settings(base: Terms) -> Iterator[Setting]:
    """Yield the base, and each condition with one value changed."""
    yield Setting(_("base"), EMPTY, base)
    conditions: tuple[tuple[Message, Callable[[Terms], Iterator[tuple[Message, Terms]]]], ...] = (
        (_("who is compared"), _compared),
        (_("people"), _people),
        (_("assumptions"), _assumptions),
        (_("readers"), _readers),
        (_("retention"), _retention),
        (_("peak"), _peak),
        (_("partitions"), _partitions),
        (_("commitment"), _commitment),
        (_("tiered storage"), _tiering),
        (_("path of clients"), _access),
        (_("environments, VAT and support"), _invoice),
        (_("prices"), _prices),
    )
    for topic, values in conditions:
        for text, terms in values(base):
            yield Setting(topic, text, terms)


def _compared(base: Terms) -> Iterator[tuple[Message, Terms]]:
    yield _("only services on AWS"), replace(base, clouds=("aws",))
    everywhere = tuple(PLACES[base.region])
    yield _("self-hosting on any cloud, or on premises"), replace(base, hosts=everywhere)


def _people(base: Terms) -> Iterator[tuple[Message, Terms]]:
    own = base.people["self-hosted"]
    assert own is not None  # the article has people
    yield _("none"), replace(base, people=dict.fromkeys(base.people))
    two = {**base.people, "self-hosted": own.with_fte(2.0)}
    yield _("two for self-hosting"), replace(base, people=two)
    korean, american = Labour(region="kr"), Labour(region="us", role="software-developer")
    yield (
        _("the staffing model, at the wage of a DevOps engineer in Korea"),
        replace(base, people=dict.fromkeys(base.people, korean)),
    )
    yield (
        _("the staffing model, at the wage of a software developer in the US"),
        replace(base, people=dict.fromkeys(base.people, american)),
    )


def _assumptions(base: Terms) -> Iterator[tuple[Message, Terms]]:
    for name in SETS:
        if name != base.book.assumptions.name:
            yield verbatim(repr(name)), replace(base, book=base.book.at(assumptions=name))


def _readers(base: Terms) -> Iterator[tuple[Message, Terms]]:
    for fanout in (3, 10):
        yield _("fan-out {fanout:g}", fanout=fanout), _loaded(base, fanout=fanout)
    near = _loaded(base, fanout=3, follower_fetch=1.0)
    yield _("fan-out {fanout:g}, all reads from replicas in the own zone", fanout=3), near


def _retention(base: Terms) -> Iterator[tuple[Message, Terms]]:
    for days in (1, 7, 30):
        text = ngettext("{n} day", "{n} days", days)
        yield text, _loaded(base, retention=f"{days} days")


def _peak(base: Terms) -> Iterator[tuple[Message, Terms]]:
    for peak in (1, 4):
        yield _("{peak:g} x the average", peak=peak), _loaded(base, peak_to_average=peak)


def _partitions(base: Terms) -> Iterator[tuple[Message, Terms]]:
    yield _("{count:,} partitions", count=1000), _loaded(base, partitions=1000)


def _commitment(base: Terms) -> Iterator[tuple[Message, Terms]]:
    for term, share in COMMITTED.items():
        yield (
            _("{term}, {share:.0%} off for EC2", term=term, share=share),
            replace(base, fields=partial(_committed, term=term, share=share)),
        )


def _tiering(base: Terms) -> Iterator[tuple[Message, Terms]]:
    local = _loaded(base, local_retention="1 day")
    yield _("all but one day, self-hosted and MSK Standard"), replace(local, fields=_tiered)


def _access(base: Terms) -> Iterator[tuple[Message, Terms]]:
    unbilled = replace(base.book.assumptions, values={"client_path": False})
    yield _("is not billed"), replace(base, book=base.book.at(assumptions=unbilled))
    yield _("private links, where they have a price"), replace(base, fields=_linked)


def _invoice(base: Terms) -> Iterator[tuple[Message, Terms]]:
    yield _("staging and development of each"), replace(base, fields=_staged)
    book = base.book
    taxed = PriceBook(
        book.name,
        as_of=book.as_of,
        currency=book.currency,
        assumptions=book.assumptions,
        tax=Tax(vat="KR", recoverable=RECOVERED),
    )
    yield _("Korean VAT that is not recovered"), replace(base, book=taxed)
    yield _("business support of AWS and Confluent"), replace(base, fields=_supported)


def _prices(base: Terms) -> Iterator[tuple[Message, Terms]]:
    later = replace(base, book=base.book.at(as_of=LATER))
    yield _("of {date}", date=LATER.isoformat()), later
    for region in LIST_REGIONS:
        if region != base.region:
            yield _("of {region}", region=region), replace(base, region=region)


def _loaded(terms: Terms, **changes: Any) -> Terms:
    return replace(terms, workload=terms.workload.replace(**changes))


def _linked(option: Deployment) -> dict[str, Any]:
    outside = isinstance(option, OutsideNetwork)
    listed = "private-link" in option.home.listed_paths
    return {"access": "private-link"} if outside and listed else {}


def _committed(option: Deployment, term: str, share: float) -> dict[str, Any]:
    if not option.sells_commitments or option.home.name == "on-prem":
        return {}
    own = {"term": term, "discount": share}
    return {"commitment": own if option.provider == "aws" else term}


def _tiered(option: Deployment) -> dict[str, Any]:
    has_store = "tiered" in type(option).model_fields and option.home.name != "on-prem"
    return {"tiered": True} if has_store else {}


def _staged(_option: Deployment) -> dict[str, Any]:
    return {"environments": STAGED}


def _supported(option: Deployment) -> dict[str, Any]:
    plan = SUPPORT.get(option.provider)
    return {"support": plan} if plan else {}

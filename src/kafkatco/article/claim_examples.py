"""The article's cost examples: single lines and totals."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kafkatco.article.claim import FIRST, OWN, Case, Cases, Claim, Verdict, about
from kafkatco.core.format import money, number

__all__ = ["examples"]


def examples(at: Cases) -> Iterable[Claim]:
    """Figures that the article states for single lines and totals."""

    def figure(
        key: str,
        text: str,
        stated: float,
        compute: Callable[[Case], float],
        because: str,
        currency: str = "KRW",
    ) -> Claim:
        def rate(case: Case) -> float:
            return float(case.scenario.book.exchange(currency))

        values = {name: compute(case) / rate(case) for name, case in at.items()}
        ours = values.pop(OWN)
        first = values[FIRST]
        agrees = about(ours, stated)
        verdict: Verdict = "holds" if agrees and about(first, stated) else "does not hold"
        off = first / stated - 1
        side = "above" if off > 0 else "below"
        gap = f"list is {abs(off):.0%} {side} it" if abs(off) >= 0.005 else "list agrees"
        if agrees and ours > stated * 1.0005:
            gap += f"; its own inputs give {money(ours, currency)}, which it rounded down"
        return Claim(
            key,
            f"{text}: {money(stated, currency)} {currency}",
            f"{money(ours, currency)} {currency}",
            {region: f"{money(value, currency)} {currency}" for region, value in values.items()},
            verdict,
            f"{gap}; {because}" if because else gap,
            {"stated": stated, "own": ours, "listed": values, "currency": currency},
        )

    def total(which: int) -> Callable[[Case], float]:
        return lambda case: float(case.bill(which).total or 0.0)

    yield figure(
        "ec2", "3 x t3.medium", 250_000, lambda c: c.cost(0, "compute"), "on demand, no commitment"
    )
    yield figure("ebs", "500 GB of EBS", 50_000, lambda c: c.cost(0, "storage"), "gp3")
    yield figure(
        "self-hosted-total",
        "self-hosted in all, at least",
        5_300_000,
        total(0),
        "people are 94 % of it, so the infrastructure's error hardly shows",
    )
    yield figure("msk", "3 x kafka.t3.small", 150, lambda c: c.cost(1, "compute"), "", "USD")
    yield figure(
        "msk-won",
        "3 x kafka.t3.small in won",
        200_000,
        lambda c: c.cost(1, "compute"),
        "150 USD x 1,419 = 212,850 KRW",
    )
    yield figure(
        "msk-total",
        "MSK in all, at least",
        3_200_000,
        total(1),
        "its storage, which the article leaves open, is small at this traffic",
    )
    yield figure(
        "confluent-cluster",
        "a Basic cluster",
        730,
        lambda c: c.cost(2, "platform"),
        "a Basic cluster has no base fee, and its first eCKU is free",
        "USD",
    )
    yield figure(
        "confluent-storage",
        "50 GB of storage",
        5,
        lambda c: c.cost(2, "storage"),
        "0.08 USD per GiB, not 0.10 per GB",
        "USD",
    )
    yield figure(
        "confluent-network",
        "100 GB of network",
        9,
        lambda c: c.cost(2, "throughput"),
        "0.05 USD per GiB each way, not 0.09 per GB",
        "USD",
    )
    yield figure(
        "confluent-total",
        "Confluent in all",
        1_010_000,
        total(2),
        "(730 + 5 + 9) USD x 1,419 = 1,055,736 KRW",
    )
    yield _credit(at)


def _credit(at: Cases) -> Claim:
    book = at[OWN].scenario.book
    [row] = book.price("confluent.free-credit", "any")
    assert row.price is not None
    stated, amount = 550_000.0, float(row.price)
    lists = {name: amount * case.scenario.book.exchange(row.currency) for name, case in at.items()}
    ours = lists.pop(OWN)
    return Claim(
        "free-credit",
        f"{number(amount)} {row.currency} of free credit, about {money(stated, 'KRW')} KRW",
        f"{money(ours, 'KRW')} KRW",
        {region: f"{money(value, 'KRW')} KRW" for region, value in lists.items()},
        "holds" if about(ours, stated) else "does not hold",
        f"rounded down from {money(ours, 'KRW')}; it ends after 30 days or when it is spent",
        {"stated": stated, "own": ours, "listed": lists, "currency": "KRW"},
    )

"""Claims about costs: the lines and totals of the article's examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kafkatco.article.claim import FIRST, OWN, Case, Cases, Claim, Verdict, agrees
from kafkatco.core.format import money, number
from kafkatco.i18n.message import Message, _, join, verbatim

__all__ = ["examples"]


def examples(at: Cases) -> Iterable[Claim]:
    """Test the figures that the article states for lines and totals."""

    def figure(
        key: str,
        title: Message,
        stated: float,
        compute: Callable[[Case], float],
        reason: Message | None,
        currency: str = "KRW",
        sized: Callable[[Case], Message] | None = None,
    ) -> Claim:
        def rate(case: Case) -> float:
            return float(case.scenario.book.exchange(currency))

        values = {name: compute(case) / rate(case) for name, case in at.items()}
        own = values.pop(OWN)
        first = values[FIRST]
        confirmed = agrees(own, stated)
        verdict: Verdict = "holds" if confirmed and agrees(first, stated) else "does not hold"
        reasons = [_difference(first / stated - 1)]
        if confirmed and own > stated * 1.0005:
            reasons.append(
                _("its own inputs give {amount}, rounded down", amount=money(own, currency))
            )
        reasons += [reason] if reason else []
        reasons += [sized(at[FIRST])] if sized else []
        return Claim(
            key,
            join(": ", [title, _amount(stated, currency)]),
            _amount(own, currency),
            {region: _amount(value, currency) for region, value in values.items()},
            verdict,
            join("; ", reasons),
            {"stated": stated, "own": own, "listed": values, "currency": currency},
        )

    def total(which: int) -> Callable[[Case], float]:
        return lambda case: float(case.bill(which).total or 0.0)

    def sized(which: int) -> Callable[[Case], Message]:
        return lambda case: _sized(case, which)

    yield figure(
        "ec2",
        _("3 x t3.medium"),
        250_000,
        lambda c: c.cost(0, "compute"),
        _("on demand, no commitment"),
    )
    yield figure("ebs", _("500 GB of EBS"), 50_000, lambda c: c.cost(0, "storage"), verbatim("gp3"))
    yield figure(
        "self-hosted-total",
        _("self-hosted in total, at least"),
        5_300_000,
        total(0),
        _("people are 94 % of it, so the error of the infrastructure hardly matters"),
        sized=sized(0),
    )
    yield figure("msk", _("3 x kafka.t3.small"), 150, lambda c: c.cost(1, "compute"), None, "USD")
    yield figure(
        "msk-won",
        _("3 x kafka.t3.small in won"),
        200_000,
        lambda c: c.cost(1, "compute"),
        verbatim("150 USD x 1,419 = 212,850 KRW"),
    )
    yield figure(
        "msk-total",
        _("MSK in total, at least"),
        3_200_000,
        total(1),
        _("its storage, which the article leaves out, is small at this traffic"),
        sized=sized(1),
    )
    yield figure(
        "confluent-cluster",
        _("a Basic cluster"),
        730,
        lambda c: c.cost(2, "platform"),
        _("a Basic cluster has no base fee, and its first eCKU is free"),
        "USD",
    )
    yield figure(
        "confluent-storage",
        _("50 GB of storage"),
        5,
        lambda c: c.cost(2, "storage"),
        _("0.08 USD per GiB, not 0.10 per GB"),
        "USD",
    )
    yield figure(
        "confluent-network",
        _("100 GB of network"),
        9,
        lambda c: c.cost(2, "throughput"),
        _("0.05 USD per GiB each way, not 0.09 per GB"),
        "USD",
    )
    yield figure(
        "confluent-total",
        _("Confluent in total"),
        1_010_000,
        total(2),
        verbatim("(730 + 5 + 9) USD x 1,419 = 1,055,736 KRW"),
    )
    yield _credit(at)


def _sized(case: Case, which: int) -> Message:
    """Return what the option costs if its cluster is sized instead of the article's."""
    bill = case.sized.bills()[which]
    return _(
        "a cluster sized under the assumptions {set!r} costs {amount} {currency}",
        set=case.assumptions,
        amount=money(bill.total, bill.currency),
        currency=bill.currency,
    )


def _amount(value: float, currency: str) -> Message:
    """Return an amount with its currency."""
    return verbatim(f"{money(value, currency)} {currency}")


def _difference(share: float) -> Message:
    """Return how far the list price is from the stated figure; ``share`` is relative [1]."""
    if abs(share) < 0.005:
        return _("the list price is the same")
    if share > 0:
        return _("the list price is {share:.0%} higher", share=share)
    return _("the list price is {share:.0%} lower", share=-share)


def _credit(at: Cases) -> Claim:
    """Test the figure for the free credit."""
    book = at[OWN].scenario.book
    [row] = book.price("confluent.free-credit", "any")
    assert row.price is not None
    stated, amount = 550_000.0, float(row.price)
    lists = {name: amount * case.scenario.book.exchange(row.currency) for name, case in at.items()}
    own = lists.pop(OWN)
    return Claim(
        "free-credit",
        _(
            "{amount} {currency} of free credit, about {won} KRW",
            amount=number(amount),
            currency=row.currency,
            won=money(stated, "KRW"),
        ),
        _amount(own, "KRW"),
        {region: _amount(value, "KRW") for region, value in lists.items()},
        "holds" if agrees(own, stated) else "does not hold",
        join(
            "; ",
            [
                _("rounded down from {amount}", amount=money(own, "KRW")),
                _("it ends after 30 days or when it is spent"),
            ],
        ),
        {"stated": stated, "own": own, "listed": lists, "currency": "KRW"},
    )

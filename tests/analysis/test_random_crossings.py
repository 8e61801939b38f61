"""No crossing is missed or invented, on any axis: random scenarios against scans and bisection.

The scan knows nothing of curves: it evaluates the plain formula at numbers.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.random import Generator

from kafkatco import (
    ConfluentBasic,
    ConfluentEnterprise,
    ConfluentStandard,
    Crossing,
    Crossovers,
    EventHubsPremium,
    EventHubsStandard,
    GoogleManagedKafka,
    Labour,
    MskExpress,
    MskServerless,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
    crossovers,
)
from kafkatco.analysis.axes import AXES, Axis, find_axis
from kafkatco.analysis.cost_curves import ends_of
from kafkatco.costing.bill import bill_of
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import Deployment
from support.scan import assert_same, sign_changes

BOOKS = {money: PriceBook("list", as_of="2025-10-31", currency=money) for money in ("USD", "KRW")}
CATALOGUE = BOOKS["USD"].catalogue()
#: Every name, one option's own people and discount, and a price that the first option pays.
NAMES = (*AXES, "fte:a", "discount:a", "a price")
POINTS = 300


def share(rng: Generator, most: float = 1.0) -> float:
    return float(rng.choice([0.0, rng.uniform(0, most), most]))


def on_aws(rng: Generator) -> Deployment:
    return SelfHosted(
        region="us-east-1",
        instance=str(rng.choice(["m5.large", "m5.2xlarge", "m7g.xlarge", "r6g.xlarge"])),
        disk_headroom=share(rng, 0.5),
        utilisation=float(rng.uniform(0.3, 1)),
    )


def on_azure(rng: Generator) -> Deployment:
    return SelfHosted(cloud="azure", region="eastus", instance="D4s_v5")


def on_gcp(rng: Generator) -> Deployment:
    return SelfHosted(cloud="gcp", region="us-central1", instance="n2-standard-4")


def standard(rng: Generator) -> Deployment:
    return MskStandard(
        region="us-east-1",
        instance=str(rng.choice(["kafka.m5.large", "kafka.m7g.large", "kafka.m7g.2xlarge"])),
        tiered=bool(rng.random() < 0.5),
        disk_headroom=share(rng, 0.5),
        support=str(rng.choice(["none", "none", "business"])),
    )


def express(rng: Generator) -> Deployment:
    kind = rng.choice(["express.m7g.large", "express.m7g.xlarge", "express.m7g.4xlarge"])
    return MskExpress(region="us-east-1", instance=str(kind))


def serverless(rng: Generator) -> Deployment:
    return MskServerless(region="us-east-1")


def confluent(rng: Generator) -> Deployment:
    kinds = (ConfluentBasic, ConfluentStandard, ConfluentEnterprise)
    return kinds[rng.integers(3)](region="us-east-1")


def event_hubs(rng: Generator) -> Deployment:
    return (EventHubsStandard, EventHubsPremium)[rng.integers(2)](region="eastus")


def google(rng: Generator) -> Deployment:
    return GoogleManagedKafka(region="us-central1")


MAKERS: tuple[Callable[[Generator], Deployment], ...] = (
    on_aws,
    on_azure,
    on_gcp,
    standard,
    express,
    serverless,
    confluent,
    event_hubs,
    google,
)
#: Who reads an input that most do not.
READERS = {
    "local_retention": standard,
    "compression_ratio": confluent,
    "connections": confluent,
    "requests": confluent,
    "topics": event_hubs,
}


class Question(NamedTuple):
    """A random scenario and the axis that is swept, between base units ``low`` and ``high``."""

    load: Workload
    options: tuple[Deployment, ...]
    book: PriceBook
    over: str
    low: float
    high: float

    @property
    def comparison(self) -> Comparison:
        return Comparison(self.load.operands(), self.options, self.book)

    @property
    def axis(self) -> Axis:
        return find_axis(self.over, self.comparison)

    def sweep(self) -> Crossovers:
        unit = {"data rate": " MiB/s", "duration": " h"}
        kind = self.axis.kind
        start, stop = (
            value if kind is None else f"{value!r}{unit[kind.name]}"
            for value in (self.low, self.high)
        )
        return crossovers(
            self.load, self.options, self.book, over=self.over, start=start, stop=stop
        )


def random_scenario(rng: Generator, name: str) -> Question:
    load = Workload(
        ingress=f"{10 ** rng.uniform(-0.5, 2.5)!r} TB/month",
        fanout=float(rng.uniform(0, 6)),
        peak_to_average=float(rng.uniform(1, 3)),
        retention=f"{10 ** rng.uniform(0, 2.5)!r} h",
        local_retention=str(rng.choice(["1 h", "6 h"])),
        partitions=int(rng.integers(10, 2000)),
        follower_fetch=share(rng),
        producer_affinity=share(rng),
        internet_egress=float(rng.choice([0.0, 0.0, 0.1])),
        compression_ratio=float(rng.choice([1.0, 3.0])),
        connector_tasks=int(rng.choice([0, 2])),
    )
    money = "KRW" if name == "krw" else str(rng.choice(["USD", "KRW"]))
    options = []
    chosen = [MAKERS[i] for i in rng.choice(len(MAKERS), size=rng.integers(2, 4), replace=False)]
    chosen[0] = READERS.get(name, chosen[0])
    for label, maker in zip("abc", chosen, strict=False):
        made = maker(rng)
        pay = f"{rng.uniform(1, 9):.3f}e6 KRW" if rng.random() < 0.5 else "3000 USD"
        # a share of a charge that the exchange rate turned would be turned back for its bands
        support = "none" if name == "krw" else made.support
        labour = Labour(fte=float(rng.uniform(0, 2)), monthly=pay)
        options.append(
            type(made)(
                **{
                    **dict(made),
                    "name": label,
                    "labour": labour,
                    "support": support,
                    "discount": float(rng.choice([0.0, 0.2])),
                }
            )
        )
    question = Question(load, tuple(options), BOOKS[money], name, 0.0, 1.0)
    if name == "a price":
        lines = bill_of(question.options[0], load, question.book, CATALOGUE).lines
        # the rest up to a support plan's minimum is no linear function of that minimum
        others = [x for x in lines if x.component not in ("labour", "support")]
        paid = [x.sku for x in others if x.sku in question.book.skus()]
        question = question._replace(over=str(rng.choice(paid)) if paid else "fanout")
    low, high = ends_of(question.axis, None, None, 730.0)
    if name == "ingress":
        low, high = np.sort(np.geomspace(low, high, 40)[rng.choice(40, 2, replace=False)])
    elif rng.random() < 0.5:
        now = question.axis.now(question.comparison)
        middle = low if now is None else min(max(now, low), high)
        high = min(high, max(3 * middle, low + 0.1 * (high - low)))
    question = question._replace(low=float(low), high=float(high))
    return levelled(question, float(rng.uniform(low, high))) if rng.random() < 0.8 else question


def levelled(question: Question, at: float) -> Question:
    """Give each option as many people as let all cost the same ``at`` one point of the axis."""
    totals = [float(direct(question, question.axis, i, at)) for i in range(len(question.options))]
    if np.isnan(totals).any():
        return question
    options = []
    for i, (option, total) in enumerate(zip(question.options, totals, strict=True)):
        salary = 1000.0 * (i + 1) * question.book.exchange("USD")
        paid = costs_of(option, question.load, question.book, CATALOGUE).components["labour"]
        fte = (max(totals) - total + float(paid)) / salary
        labour = Labour(fte=fte, monthly=f"{1000 * (i + 1)} USD")
        options.append(option.model_copy(update={"labour": labour}))
    return question._replace(options=tuple(options))


def direct(question: Question, axis: Axis, which: int, x: Any) -> Any:
    """Cost by the plain formula at numbers in the axis' unit, NaN if infeasible."""
    if axis.name.startswith("discount") and np.ndim(x):  # a discount is one number at a time
        return np.array([direct(question, axis, which, float(value)) for value in x])
    comparison = axis.vary(question.comparison, x / axis.per_base)
    cost = costs_of(comparison.deployments[which], comparison.load, comparison.book, CATALOGUE)
    shape = np.shape(x)
    able = ~np.broadcast_to(cost.infeasible, shape).astype(bool)
    return np.where(able, np.broadcast_to(cost.total, shape), np.nan)


def bisected(
    difference: Callable[[float], float], cell: tuple[float, float]
) -> tuple[float, float] | None:
    """Narrow a cell with a change of sign; ``None`` if either is infeasible within it."""
    low, high = cell
    first = difference(low)
    for _ in range(60):
        middle = 0.5 * (low + high)
        if high - low <= 1e-12 * abs(high) or middle in (low, high):
            break
        here = difference(middle)
        if np.isnan(here):
            return None
        low, high = (middle, high) if here * first > 0 else (low, middle)
    return low, high


def check(question: Question) -> int:
    """Compare a sweep with the direct formula; return how many crossings it has."""
    curves = question.sweep()
    axis, low, high = curves.axis, curves.start, curves.stop
    points = POINTS // 3 if axis.name.startswith("discount") else POINTS
    spaced = np.geomspace if axis.name == "ingress" else np.linspace
    x = spaced(low, high, points)[1:-1]  # at its very ends a curve may have values of their own
    labels = [option.label for option in question.options]
    scans = [direct(question, axis, i, x) for i in range(len(labels))]
    for pair in curves.pairs:
        i, j = labels.index(pair.a), labels.index(pair.b)

        def difference(at: float, i: int = i, j: int = j) -> float:
            return float(direct(question, axis, i, at)) - float(direct(question, axis, j, at))

        blocks = [
            edge
            for name in (pair.a, pair.b)
            for part in curves.unserved[name]
            for edge in (part.start, part.stop)
        ]
        verify_sides(pair.crossings, difference, (pair.a, pair.b), [low, high, *blocks])
        whole = []
        for cell in sign_changes(x, scans[i], scans[j]):
            place = bisected(difference, cell)
            if place is None:
                continue
            whole.append(cell)
            # rounding of costs moves a place by as much as the difference takes to outgrow it
            rise = abs(difference(cell[1]) - difference(cell[0])) / (cell[1] - cell[0])
            rounding = 1e-12 * float(direct(question, axis, i, place[1])) / rise
            slack = 1e-9 * max(place[1], high - low) + 2 * rounding
            assert any(
                c.x - slack <= place[1] and place[0] <= c.until + slack for c in pair.crossings
            ), (place, slack, pair, question)
        assert_same(pair.crossings, whole)
    return sum(len(pair.crossings) for pair in curves.pairs)


def verify_sides(
    crossings: tuple[Crossing, ...],
    difference: Callable[[float], float],
    names: tuple[str, str],
    stops: list[float],
) -> None:
    """Just below and just above each crossing the direct formula has another one cheaper."""
    ends = sorted([*stops, *(c.x for c in crossings), *(c.until for c in crossings)])
    for crossing in crossings:
        below = [end for end in ends if end < crossing.x]
        above = [end for end in ends if end > crossing.until]
        reach = 1e-6 * max(crossing.until, ends[-1] - ends[0])
        left = crossing.x - min(reach, 0.5 * (crossing.x - below[-1]))
        right = crossing.until + min(reach, 0.5 * (above[0] - crossing.until))
        first, second = difference(left), difference(right)
        assert first * second < 0, (crossing, left, first, right, second)
        order = names if first < 0 else names[::-1]
        assert (crossing.below, crossing.above) == order


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_thousand_random_scenarios_against_scans(name: str) -> None:
    # 21 axes of 48 scenarios are 1,008
    rng = np.random.default_rng([5, NAMES.index(name)])
    result = sum(check(random_scenario(rng, name)) for _ in range(48))
    assert result > 0


def test_each_axis_twice_against_scans() -> None:
    rng = np.random.default_rng(2025)
    result = [check(random_scenario(rng, name)) for name in (*NAMES, *NAMES)]
    assert len(result) >= 40
    assert sum(map(bool, result)) > 10


MSK = MskStandard(name="standard", region="us-east-1", instance="kafka.m5.2xlarge")
EXPRESS = MskExpress(name="express", region="us-east-1")  # the cheapest feasible type
SAW_TOOTH = Workload(ingress="50 MiB/s", fanout=3, retention="12 h", peak_to_average=1)


@pytest.mark.parametrize(
    ("instance", "variants", "least"),
    [
        ("kafka.m5.large", {}, 2),
        ("kafka.m5.2xlarge", {"aws.msk.express": "sizing-script"}, 1),
        ("kafka.m5.2xlarge", {}, 1),
        ("kafka.m7g.large", {}, 0),
    ],
)
def test_whole_brokers_make_standard_and_express_cross_and_cross_again(
    instance: str, variants: dict[str, str], least: int
) -> None:
    book = PriceBook("list", as_of="2025-10-31", variants=variants)
    catalogue = book.catalogue()
    options = (MSK.model_copy(update={"instance": instance}), EXPRESS)
    curves = crossovers(SAW_TOOTH, options, book, start="30 MiB/s", stop="75 MiB/s")
    [pair] = curves.pairs

    scale = curves.axis.per_base  # TB a month of a MiB/s

    def difference(x: Any) -> Any:
        load = SAW_TOOTH.operands().replace(ingress_mib_s=x / scale)
        a, b = (costs_of(option, load, book, catalogue) for option in options)
        assert not np.any(a.infeasible)
        assert not np.any(b.infeasible)
        return a.total - b.total

    x = np.linspace(30 * scale, 75 * scale, 200_001)
    sign = np.sign(difference(x))
    cells = [(x[i], x[i + 1]) for i in np.flatnonzero(sign[1:] != sign[:-1])]
    assert len(pair.crossings) == len(cells) >= least
    for crossing, (low, high) in zip(pair.crossings, cells, strict=True):
        assert low - 1e-9 <= crossing.x <= high + 1e-9
    verify_sides(pair.crossings, difference, ("standard", "express"), [30.0 * scale, 75.0 * scale])
    if least == 2:  # a saw-tooth: there and back, by steps that no root finder sees
        assert [c.kind for c in pair.crossings] == ["jump", "jump"]
        assert [c.below for c in pair.crossings] == ["standard", "express"]
    for first, second in pairwise(pair.crossings):
        assert first.above == second.below
    # and the envelope agrees
    assert [part.start for part in curves.intervals[1:]] == [c.x for c in pair.crossings]

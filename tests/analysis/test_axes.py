"""Every axis: its effect, checked against inputs, prices and fields that are set directly."""

from typing import Any

import numpy as np
import pytest

from kafkatco import (
    Catalogue,
    ConfluentBasic,
    ConfluentStandard,
    Curve,
    CurveError,
    InputError,
    Labour,
    MskExpress,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
    crossovers,
)
from kafkatco.analysis.axes import AXES, Axis, find_axis
from kafkatco.analysis.cost_curves import ends_of, value_at
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import Deployment

DATE = "2025-10-31"
KRW = PriceBook("list", as_of=DATE, currency="KRW")
USD = PriceBook("list", as_of=DATE)
CATALOGUE = Catalogue(as_of=USD.as_of)
PRICE = "aws.msk.kafka.m7g.large"
FIELDS: dict[str, Any] = {
    "ingress": "20 MiB/s",
    "fanout": 2.5,
    "peak_to_average": 1.5,
    "retention": "80 h",
    "local_retention": "6 h",
    "partitions": 120,
    "follower_fetch": 0.25,
    "producer_affinity": 0.5,
    "internet_egress": 0.125,
    "compression_ratio": 2.0,
    "connector_tasks": 3,
    "stream_processing_units": 2.0,
    "connections": 500,
    "topics": 12,
    "requests": 200.0,
}
OPTIONS: tuple[Deployment, ...] = (
    MskStandard(
        name="msk",
        region="us-east-1",
        instance="kafka.m7g.large",
        tiered=True,
        discount=0.1,
        labour=Labour(fte=1.5, monthly="5000000 KRW", setup="2 weeks"),
    ),
    SelfHosted(
        name="own",
        region="us-east-1",
        instance="m7g.2xlarge",
        labour=Labour(fte=0.5, monthly="4000 USD"),
    ),
    ConfluentStandard(name="cloud", region="us-east-1", access="none"),
    MskExpress(name="express", region="us-east-1", instance="express.m7g.large", labour=Labour()),
)
NAMES = (*AXES, "fte:msk", "discount:cloud", PRICE)
#: A place on each axis that differs from what the input is: in its base unit, and as it is written.
PLACES: dict[str, tuple[float, Any]] = {
    "ingress": (33.0, "33 MiB/s"),
    "retention": (155.0, "155 h"),
    "local_retention": (3.0, "3 h"),
    "fanout": (7.5, 7.5),
    "peak_to_average": (3.25, 3.25),
    "compression_ratio": (4.0, 4.0),
    "requests": (900.0, 900.0),
    "partitions": (999.0, 999),
    "connector_tasks": (11.0, 11),
    "stream_processing_units": (5.0, 5.0),
    "connections": (2222.0, 2222),
    "topics": (130.0, 130),
    "follower_fetch": (0.75, 0.75),
    "producer_affinity": (0.25, 0.25),
    "internet_egress": (0.5, 0.5),
}


def compared(book: PriceBook = KRW, options: tuple[Deployment, ...] = OPTIONS) -> Comparison:
    return Comparison(Workload(**FIELDS).operands(), options, book)


def totals(comparison: Comparison) -> list[Any]:
    return [
        costs_of(option, comparison.load, comparison.book, CATALOGUE).total
        for option in comparison.deployments
    ]


def relabelled(fields: dict[str, Any], *names: str) -> tuple[Deployment, ...]:
    return tuple(
        option.model_copy(update=fields) if option.label in names else option for option in OPTIONS
    )


def staffed(fte: float, *names: str) -> tuple[Deployment, ...]:
    """The options with another number of people, each at its own salary."""
    return tuple(
        option.model_copy(
            update={
                "labour": Labour(fte=fte, monthly=option.labour.monthly, setup=option.labour.setup)
            }
        )
        if option.label in names and option.labour is not None
        else option
        for option in OPTIONS
    )


@pytest.mark.parametrize("name", PLACES)
def test_an_input_of_the_workload_is_as_written(name: str) -> None:
    place, text = PLACES[name]
    axis = find_axis(name, compared()).vary(compared(), place)
    written = Comparison(Workload(**{**FIELDS, name: text}).operands(), OPTIONS, KRW)
    assert axis.load == written.load
    assert totals(axis) == pytest.approx(totals(written), rel=1e-12)


def test_every_name_is_checked() -> None:
    assert {*PLACES, "fte", "discount", "salary", "krw"} == set(AXES)


def test_people_of_all_who_have_some_and_of_one() -> None:
    everybody = find_axis("fte", compared()).vary(compared(), 3.0)
    written = compared(options=staffed(3.0, "msk", "own", "express"))
    assert totals(everybody) == pytest.approx(totals(written), rel=1e-12)
    one = find_axis("fte:msk", compared()).vary(compared(), 3.0)
    assert totals(one) == pytest.approx(totals(compared(options=staffed(3.0, "msk"))), rel=1e-12)
    # 1.5 people more at 5,000,000 KRW; the discount is off what the provider charges alone
    assert totals(one)[0] - totals(compared())[0] == pytest.approx(7_500_000, rel=1e-9)


def test_people_of_the_staffing_model_leave_nothing_of_it() -> None:
    # the model's own setup is gone with it, as with an fte that a user writes
    varied = find_axis("fte:express", compared()).vary(compared(), 1.0)
    cost = costs_of(varied.deployments[3], varied.load, KRW, CATALOGUE)
    assert cost.one_off == 0.0


def test_a_discount_of_all_and_of_one() -> None:
    axis = find_axis("discount", compared()).vary(compared(), 0.3)
    written = compared(options=relabelled({"discount": 0.3}, "msk", "own", "cloud", "express"))
    assert totals(axis) == pytest.approx(totals(written), rel=1e-12)
    one = find_axis("discount:cloud", compared()).vary(compared(), 0.25)
    # the cloud has no people: a quarter off is three quarters of all
    assert totals(one)[2] == pytest.approx(0.75 * totals(compared())[2], rel=1e-12)
    assert [totals(one)[i] for i in (0, 1, 3)] == [totals(compared())[i] for i in (0, 1, 3)]


def test_a_salary_is_everybody_s_in_the_currency_of_the_book() -> None:
    axis = find_axis("salary", compared()).vary(compared(), 7_000_000.0)
    # 1.5 people at 7 million instead of 5, half a one instead of 4000 USD
    before, after = totals(compared()), totals(axis)
    assert after[0] - before[0] == pytest.approx(1.5 * 2_000_000, rel=1e-9)
    rate = KRW.exchange("USD")
    assert after[1] - before[1] == pytest.approx(0.5 * (7_000_000 - 4000 * rate), rel=1e-9)
    assert after[2] == before[2]


def test_an_exchange_rate_is_as_if_the_book_had_it() -> None:
    book = PriceBook("list", as_of=DATE, currency="KRW", overrides={"fx.usd.krw": "1600 KRW/USD"})
    axis = find_axis("krw", compared()).vary(compared(), 1600.0)
    assert totals(axis) == pytest.approx(totals(compared(book)), rel=1e-12)
    # and in dollars, where a number is no curve: costs in won are lower
    [plain, *_] = totals(compared(USD))
    [varied, *_] = totals(find_axis("krw", compared(USD)).vary(compared(USD), 1600.0))
    rate = KRW.exchange("USD")
    assert plain - varied == pytest.approx(1.5 * 5_000_000 * (1 / rate - 1 / 1600), rel=1e-9)


def test_a_price_is_as_if_it_were_overridden() -> None:
    book = PriceBook("list", as_of=DATE, currency="KRW", overrides={PRICE: "0.5 USD/hour"})
    axis = find_axis(PRICE, compared()).vary(compared(), 0.5)
    assert totals(axis) == pytest.approx(totals(compared(book)), rel=1e-12)
    assert totals(axis)[0] != pytest.approx(totals(compared())[0])
    assert totals(axis)[1:] == totals(compared())[1:]


@pytest.mark.parametrize("name", NAMES)
def test_a_curve_is_the_formula_at_every_point(name: str) -> None:
    comparison = compared()
    axis = find_axis(name, comparison)
    low, high = ends_of(axis, None, None, 730.0)
    rng = np.random.default_rng(NAMES.index(name))
    points = np.concatenate(
        [
            [low, high],
            rng.uniform(low, high, 8),
            rng.uniform(low, low + 0.05 * (high - low), 5),
            [place for place, _ in [PLACES.get(name, (low, ""))]],
        ]
    )
    swept = axis.vary(comparison, Curve.identity(low, high))
    served = 0
    for i, option in enumerate(swept.deployments):
        curve = costs_of(option, swept.load, swept.book, CATALOGUE)
        for x in points:
            varied = axis.vary(comparison, float(x))
            plain = costs_of(varied.deployments[i], varied.load, varied.book, CATALOGUE)
            assert bool(value_at(curve.infeasible, x)) == bool(plain.infeasible)
            if not plain.infeasible:
                served += 1
                assert value_at(curve.total, x) == pytest.approx(plain.total, rel=1e-10)
    assert served > len(points)


@pytest.mark.parametrize("name", [name for name in NAMES if "discount" not in name])
def test_an_array_is_the_formula_at_every_point(name: str) -> None:
    # a discount is one number, or a curve
    axis = find_axis(name, compared())
    x = np.linspace(*ends_of(axis, None, None, 730.0), 7)
    varied = axis.vary(compared(), x)
    for i, option in enumerate(varied.deployments):
        cost = np.broadcast_to(costs_of(option, varied.load, varied.book, CATALOGUE).total, x.shape)
        for value, total in zip(x, cost, strict=True):
            assert total == pytest.approx(totals(axis.vary(compared(), float(value)))[i], rel=1e-12)


NOW: dict[str, float] = {
    "ingress": 20.0,
    "retention": 80.0,
    "local_retention": 6.0,
    "fanout": 2.5,
    "peak_to_average": 1.5,
    "compression_ratio": 2.0,
    "requests": 200.0,
    "partitions": 120.0,
    "connector_tasks": 3.0,
    "stream_processing_units": 2.0,
    "connections": 500.0,
    "topics": 12.0,
    "follower_fetch": 0.25,
    "producer_affinity": 0.5,
    "internet_egress": 0.125,
    "fte": 1.5,
    "fte:own": 0.5,
    "discount": 0.1,
    "discount:cloud": 0.0,
    "krw": 1428.1374,
    PRICE: 0.204,
}


@pytest.mark.parametrize("name", NOW)
def test_now(name: str) -> None:
    # prices: 0.204 USD/hour and 1,428.1374 KRW per USD on 2025-10-31
    axis = find_axis(name, compared())
    now = axis.now(compared())
    assert now == pytest.approx(NOW[name], rel=1e-12)
    assert totals(axis.vary(compared(), now))[2] == pytest.approx(
        totals(compared())[2] if name not in ("discount",) else 0.9 * totals(compared())[2],
        rel=1e-12,
    )


def test_now_of_a_salary_is_turned_into_the_currency_of_the_book() -> None:
    rate = KRW.exchange("USD")
    alone = compared(USD, OPTIONS[:1])
    axis = find_axis("salary", alone)
    assert axis.now(alone) == pytest.approx(5_000_000 / rate, rel=1e-12)
    assert axis.now(compared(USD)) is None  # the others pay their people otherwise
    assert axis.unit == "USD/month"
    assert find_axis("salary", compared()).unit == "KRW/month"


def test_an_input_of_no_deployment() -> None:
    alone = compared(options=(ConfluentBasic(region="us-east-1"),))
    assert find_axis("salary", alone).now(alone) is None
    assert find_axis("fte", alone).now(alone) is None
    assert find_axis("fte:cloud", compared()).now(compared()) is None


def test_now_of_the_staffing_model_and_of_the_book_s_salary() -> None:
    # 0.5 + 0.4 a cluster + 0.1 on call; 14,485.16 USD: tests/sizing/test_labour.py
    comparison = compared(options=(OPTIONS[2], OPTIONS[3]))
    assert find_axis("fte:express", comparison).now(comparison) == pytest.approx(1.0)
    assert find_axis("salary", comparison).now(comparison) == pytest.approx(
        122_023 / 12 / 0.702 * 1428.1374, rel=1e-6
    )


def test_people_of_an_infeasible_deployment_have_a_current_value() -> None:
    # Confluent Basic serves 250 MB/s at most
    option = ConfluentBasic(region="us-east-1", labour=Labour(fte=2.0, monthly="1000 USD"))
    comparison = Comparison(Workload(ingress="2000 MB/s").operands(), (option,), USD)
    assert find_axis("fte", comparison).now(comparison) == 2.0


@pytest.mark.parametrize("currency", ["USD", "KRW"])
def test_a_salary_s_usual_range_is_500_to_50_000_dollars(currency: str) -> None:
    book = {"USD": USD, "KRW": KRW}[currency]
    ends = ends_of(find_axis("salary", compared(book)), None, None, 730.0)
    rate = {"USD": 1.0, "KRW": 1428.1374}[currency]
    assert ends == pytest.approx((500 * rate, 50_000 * rate), rel=1e-12)


@pytest.mark.parametrize(
    ("name", "unit", "ends"),
    [
        # 1 MiB/s is 1048576 x 3600 x 730 / 1e12 = 2.755657728 TB a month
        ("ingress", "TB/month", (0.1 / 2.755657728, 1000 / 2.755657728)),
        ("retention", "h", (1, 2160)),
        ("local_retention", "h", (1, 168)),
        ("fanout", "", (0, 20)),
        ("peak_to_average", "", (1, 10)),
        ("compression_ratio", "", (1, 10)),
        ("requests", "1/s", (0, 100_000)),
        ("partitions", "", (1, 10_000)),
        ("connector_tasks", "", (0, 100)),
        ("stream_processing_units", "", (0, 100)),
        ("connections", "", (0, 10_000)),
        ("topics", "", (0, 1000)),
        ("follower_fetch", "", (0, 1)),
        ("producer_affinity", "", (0, 1)),
        ("internet_egress", "", (0, 1)),
        ("fte", "people", (0, 10)),
        ("fte:msk", "people", (0, 10)),
        ("discount", "", (0, 1)),
        ("discount:cloud", "", (0, 1)),
        ("krw", "KRW/USD", (500, 3000)),
        (PRICE, "USD/hour", (0, 4 * 0.204)),
    ],
)
def test_units_and_ends(name: str, unit: str, ends: tuple[float, float]) -> None:
    axis = find_axis(name, compared())
    assert axis.name == name
    assert axis.unit == unit
    assert ends_of(axis, None, None, 730.0) == pytest.approx(ends, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "start", "stop", "message"),
    [
        ("ingress", 1, "2 TB/month", r"from: got 1; expected a quantity"),
        ("retention", "1 MB/s", "2 h", r"from: got '1 MB/s'"),
        ("discount", 0, 1.5, r"to: got 1\.5; expected a number of at least 0 and at most 1"),
        ("fte", -1, 5, r"from: got -1; expected a number of at least 0 people$"),
        ("krw", 0, 5, r"from: got 0; expected a number of at least 1e-09"),
        ("peak_to_average", 0.5, 5, r"from: got 0\.5; expected a number of at least 1$"),
        ("fanout", "many", float("inf"), r"'many'; expected a number\n.*to: got inf"),
        ("salary", 5, 5, r"to: got 5; expected more than 5"),
        (PRICE, float("nan"), 5, r"from: got nan; expected a number of at least 0"),
    ],
)
def test_wrong_ends(name: str, start: Any, stop: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ends_of(find_axis(name, compared()), start, stop, 730.0)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ingres", "Did you mean 'ingress'"),
        ("fan-out", "Did you mean 'fanout'"),
        ("follower", "Did you mean 'follower_fetch'"),
        ("KRW", "Did you mean 'krw'"),
        ("salary:msk", "Did you mean 'salary'"),
        ("aws.msk.kafka.m7g.larg", f"Did you mean '{PRICE}'"),
        ("fte:mks", "expected a deployment after the colon. Did you mean 'msk'"),
        ("discount:clowd", "expected a deployment after the colon. Did you mean 'cloud'"),
        ("", r"expected a sku, or one of these inputs: ingress, retention"),
    ],
)
def test_unknown_names_get_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(InputError, match=hint):
        find_axis(name, compared())


def test_a_nonlinear_input_is_refused() -> None:
    # in dollars a salary in won is 1 / rate
    load, options = Workload(**FIELDS), OPTIONS[:2]
    with pytest.raises(CurveError, match=r"'msk' over krw: a quotient .* is not linear"):
        crossovers(load, options, USD, over="krw")
    # if no price is in won, no cost depends on the rate
    curves = crossovers(load, OPTIONS[1:3], USD, over="krw")
    assert [part.winner is not None for part in curves.intervals] == [True]


def linear(axis: Axis, comparison: Comparison) -> bool:
    low, high = ends_of(axis, None, None, 730.0)
    here, middle, there = (
        totals(axis.vary(comparison, x)) for x in (low, 0.5 * (low + high), high)
    )
    return bool(np.allclose(0.5 * (np.array(here) + np.array(there)), np.array(middle), rtol=1e-12))


@pytest.mark.parametrize("name", ["fte", "discount", "salary", "krw", PRICE])
def test_money_and_people_are_linear(name: str) -> None:
    assert linear(find_axis(name, compared()), compared())
    assert linear(find_axis("krw", compared(USD)), compared(USD)) is False


def test_a_price_of_which_a_variant_is_chosen_is_varied_too() -> None:
    sku = "aws.msk.tiered-storage"
    book = PriceBook("list", as_of=DATE, variants={sku: "sizing-script"})
    axis = find_axis(sku, compared(book))
    low, high = (totals(axis.vary(compared(book), x))[0] for x in (0.0, 1.0))
    assert high > low


def test_a_price_that_is_overridden_in_another_currency_is_in_the_unit_of_its_axis() -> None:
    book = PriceBook("list", as_of=DATE, overrides={PRICE: "300 KRW/hour"})
    axis = find_axis(PRICE, compared(book))
    assert axis.now(compared(book)) is not None
    at = 300.0 if axis.unit == "KRW/hour" else 300 / KRW.exchange("USD")
    assert axis.now(compared(book)) == pytest.approx(at)
    varied, plain = (totals(axis.vary(compared(book), at)), totals(compared(book)))
    assert varied == pytest.approx(plain)


def test_a_credit_in_dollars_does_not_stop_a_sweep_over_the_rate() -> None:
    options = relabelled({"credit": "none"}, "msk")
    with_credit = MskStandard(
        name="with", region="us-east-1", instance="kafka.m7g.large", credit="400 USD"
    )
    result = crossovers(Workload(**FIELDS), [options[1], with_credit], KRW, over="krw")
    assert result.curves["with"].total is not None

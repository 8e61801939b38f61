"""The conditions of the break-even: each stretch and saving by bills at points around its ends."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Collection, Sequence
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kafkatco as kt
from kafkatco import Claim, Curve, InputError
from kafkatco.analysis.cost_curves import Totals
from kafkatco.article import Claims
from kafkatco.article.claim import Cases
from kafkatco.article.condition_settings import COMMITTED, Setting, base_text, settings
from kafkatco.article.conditions import (
    POINTS_TB,
    ClaimCondition,
    ClaimConditions,
    Saving,
    against,
    saving_at,
)
from kafkatco.article.rivals import NAMED, Terms
from kafkatco.article.scenario import LIST_REGIONS, article
from kafkatco.cli.main import main
from kafkatco.deployments import KINDS
from kafkatco.output.views.claim_conditions import conditions_table
from support.paths import ROOT

SEOUL, VIRGINIA = LIST_REGIONS
#: The ends of the search [TB/month], and the distance from an end at which bills are made.
LEAST, MOST, NEAR = 0.1, 1000.0, 1e-7
SETTINGS = tuple(settings(Terms.base(article())))


def named(setting: Setting) -> str:
    return f"{setting.topic}: {setting.text}"


class Bills:
    """The bills of one setting, at any traffic."""

    def __init__(self, setting: Setting, unpriced: Collection[str]) -> None:
        self.terms = setting.terms
        own, rivals = setting.terms.options()
        self.own = {option.label for option in own}
        self.options = [one for one in (*own, *rivals) if one.label not in unpriced]
        self.known: dict[float, dict[str, tuple[float, bool]]] = {}

    def at(self, tb: float) -> dict[str, tuple[float, bool]]:
        """Return each option's total, infinite if it cannot serve, and whether it is a floor."""
        if tb not in self.known:
            workload = self.terms.workload.replace(ingress=f"{tb!r} TB/month")
            self.known[tb] = {
                one.name: (math.inf if one.total is None else one.total, one.is_floor)
                for one in kt.bill(workload, self.options, self.terms.book)
            }
        return self.known[tb]

    def winner(self, tb: float, rivals: Sequence[str]) -> str:
        """Return "own", "alone" or "other": who is cheapest, self-hosting or one of its rivals."""
        costs = self.at(tb)
        own = (cost for name, (cost, floor) in costs.items() if name in self.own and not floor)
        mine, other = min(own, default=math.inf), min(costs[name][0] for name in rivals)
        if math.isinf(other):
            return "alone" if math.isfinite(mine) else "other"
        return "own" if mine < other else "other"


@pytest.fixture(scope="module", params=range(len(SETTINGS)), ids=[*map(named, SETTINGS)])
def case(
    request: pytest.FixtureRequest, article_conditions: ClaimConditions
) -> tuple[ClaimCondition, Bills]:
    """Return each condition, with its bills."""
    condition = article_conditions[request.param]
    return condition, Bills(SETTINGS[request.param], set(condition.needs_price))


@pytest.mark.slow
def test_bills_around_each_end_have_the_stated_winner(case: tuple[ClaimCondition, Bills]) -> None:
    condition, bills = case
    for part in (condition.named, condition.every):
        for stretches, who in ((part.cheapest_tb, "own"), (part.alone_tb, "alone")):
            for low, high in stretches:
                inside = (low * (1 + NEAR), high * (1 - NEAR))
                assert [bills.winner(tb, part.rivals) for tb in inside] == [who] * 2
                if low > LEAST * (1 + NEAR):
                    assert bills.winner(low * (1 - NEAR), part.rivals) != who
                if high < MOST * (1 - NEAR):
                    assert bills.winner(high * (1 + NEAR), part.rivals) != who


@pytest.mark.slow
def test_bills_between_the_ends_have_the_stated_winner(case: tuple[ClaimCondition, Bills]) -> None:
    condition, bills = case
    for tb in (0.2, 3.0, *POINTS_TB, 250.0, 700.0, 950.0):
        for part in (condition.named, condition.every):
            wins = any(low < tb < high for low, high in part.cheapest_tb)
            alone = any(low < tb < high for low, high in part.alone_tb)
            expected = "own" if wins else "alone" if alone else "other"
            assert bills.winner(tb, part.rivals) == expected


@pytest.mark.slow
def test_savings_are_those_of_bills(case: tuple[ClaimCondition, Bills]) -> None:
    condition, bills = case
    for one, tb in zip(condition.savings, POINTS_TB, strict=True):
        costs = bills.at(tb)
        known = {name: x for name, (x, floor) in costs.items() if math.isfinite(x) and not floor}
        mine = min(x for name, x in known.items() if name in bills.own)
        rival = min((x, name) for name, x in known.items() if name not in bills.own)
        assert one.at_tb == tb
        assert one.rival == rival[1]
        assert one.rival_cost == pytest.approx(rival[0], rel=1e-9)
        assert one.saving == pytest.approx(1 - mine / rival[0], rel=1e-9)


@pytest.mark.slow
def test_all_that_have_a_price_are_compared(case: tuple[ClaimCondition, Bills]) -> None:
    condition, bills = case
    rivals = {option.label for option in bills.options} - bills.own
    assert set(condition.every.rivals) == rivals
    assert set(condition.named.rivals) == set(NAMED) <= rivals
    for name, skus in condition.needs_price.items():
        assert skus, name


@pytest.mark.slow
def test_the_base_is_that_of_the_claims(
    article_conditions: ClaimConditions, article_claims: Claims
) -> None:
    [claim] = [one for one in article_claims if one.key == "break-even"]
    base = article_conditions[0]
    told = claim.numbers[SEOUL]
    for stretches, others in (
        (base.named.cheapest_tb, told["cheapest_tb"]),
        (base.named.alone_tb, told["alone_tb"]),
        (base.every.cheapest_tb, told["every"]["cheapest_tb"]),
        (base.every.alone_tb, told["every"]["alone_tb"]),
    ):
        assert [x for part in stretches for x in part] == pytest.approx(
            [x for part in others for x in part], rel=1e-9
        )
    assert base.needs_price == told["every"]["needs_price"]
    assert len(base.every.rivals) == len(told["every"]["rivals"])


def test_the_verdict_is_against_every_kind(article_claims: Claims) -> None:
    claims: dict[str, Claim] = {claim.key: claim for claim in article_claims}
    pays = claims["break-even"]
    every = pays.numbers[SEOUL]["every"]
    assert "msk-express" in every["rivals"]  # cheaper from 6 TB on, so that the three are not all
    assert pays.numbers[SEOUL]["cheapest_tb"]
    assert every["cheapest_tb"] == []
    assert f"never cheaper than all {len(every['rivals'])} rivals" in pays.listed[SEOUL]
    unpriced = len(every["needs_price"])
    assert f"{unpriced} others need your price there" in pays.listed[SEOUL]
    # a saving of 60 % against Confluent Basic is none against whoever is cheaper than Basic
    saving = claims["saving"]
    assert saving.numbers[SEOUL]["Confluent Cloud Basic"]["fanout_at_10_tb"]
    assert saving.numbers["every"][SEOUL]["fanout_at_10_tb"] == []
    assert saving.verdict == "does not hold"


def test_the_greatest_saving_against_every_kind_is_the_greatest(
    article_claims: Claims, article_cases: Cases
) -> None:
    [claim] = [one for one in article_claims if one.key == "saving"]
    best = claim.numbers["every"][SEOUL]["greatest"]
    every = article_cases[SEOUL].every
    own = article_cases[SEOUL].options[0]
    found = []
    for tb in np.geomspace(LEAST, MOST, 2000):
        costs = {name: float(one.total(tb)) for name, one in every.items()}
        mine, other = costs.pop(own), min(costs.values())
        found += [1 - mine / other] if math.isfinite(other) else []
    assert max(found) <= best + 1e-12
    assert max(found) == pytest.approx(best, abs=0.03)


def test_each_condition_changes_one_thing() -> None:
    base, *changed = SETTINGS
    assert len({setting.topic for setting in changed}) == 12
    may_change = {"tiered storage": {"workload", "fields"}}  # what is kept locally, and that it is
    for setting in changed:
        differ = {
            field.name
            for field in fields(Terms)
            if getattr(setting.terms, field.name) != getattr(base.terms, field.name)
        }
        assert len(differ) == 1 or differ == may_change[setting.topic], named(setting)


def test_the_base_is_as_its_sentence_says() -> None:
    base = SETTINGS[0].terms
    text = base_text(base)
    assert f"list prices of 2025-10-31 in {SEOUL}" in text
    # a third of a month of 730 hours
    assert f"{730 / 3 / 24:.3g} days of retention" in text
    assert "fan-out 1;" in text
    assert "30 partitions" in text
    assert base.book.catalogue().assumed("client_path")  # "the usual path of clients"
    options = [option for part in base.options() for option in part]
    assert all(option.commitment is None and option.support == "none" for option in options)
    assert not any(option.environments for option in options)
    assert base.book.tax is None


def test_the_options_are_every_kind_but_quotes() -> None:
    own, rivals = SETTINGS[0].terms.options()
    assert [option.label for option in own] == ["self-hosted"]
    kinds = {option.label for option in (*own, *rivals)}
    assert set(KINDS) - kinds == {"instaclustr"}  # sold at a quote
    assert "msk-express" in kinds
    assert {o.region for o in rivals} == {SEOUL, "koreacentral", "asia-northeast3", VIRGINIA}
    assert [o.label for o in rivals if o.region == VIRGINIA] == ["confluent-basic"]
    families = {option.family: option.labour for option in (*own, *rivals)}
    assert {name: labour and labour.fte for name, labour in families.items()} == {
        "self-hosted": 1,
        "cloud-managed": 1,
        "fully-managed": 0,
    }


def test_the_worth_of_a_commitment_is_the_mean_of_published_rates() -> None:
    def rows(name: str) -> list[dict[str, str]]:
        with (ROOT / "pricing/list/aws" / name).open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    on_demand = {(row["sku"], row["region"]): float(row["price"]) for row in rows("ec2.csv")}
    for term, assumed in COMMITTED.items():
        shares = [
            1 - float(row["price"]) / on_demand[sku, row["region"]]
            for row in rows("commitments.csv")
            for sku, _, its_term in [row["sku"].partition("@")]
            if its_term == term and (sku, row["region"]) in on_demand
        ]
        assert sum(shares) / len(shares) == pytest.approx(assumed, abs=0.005)


def test_a_saving_is_a_share_of_the_rival() -> None:
    assert Saving(10.0, 8.0, "msk", 10.0).saving == pytest.approx(0.2)  # 2 of 10
    assert Saving(10.0, 25.0, "msk", 10.0).saving == pytest.approx(-1.5)  # 15 more than 10
    assert Saving(10.0, None, "msk", 10.0).saving is None
    assert Saving(10.0, 8.0, "", None).saving is None


X = Curve.identity(0.0, 10.0)


def cost(total: float, slope: float = 0.0, stop: float = 10.0, floor: float = 0.0) -> Totals:
    """Return a cost that grows, can be served up to ``stop``, and is a floor or not."""
    infeasible = 1.0 * (stop < X)
    return Totals(
        np.where(infeasible, np.inf, total + slope * X), infeasible, 0.0 * X + floor, (), ()
    )


def test_a_floor_wins_nothing() -> None:
    # 2 + x against 6: equal at 4
    assert against({"own": cost(2, 1)}, {"other": cost(6)}).cheapest_tb == [(0.0, 4.0)]
    # its own floor is not known to be cheaper
    assert against({"own": cost(2, 1, floor=1)}, {"other": cost(6)}).cheapest_tb == []
    # a rival's floor of 6 costs 6 or more: 2 + x is cheaper up to 4, and afterwards perhaps
    assert against({"own": cost(2, 1)}, {"other": cost(6, floor=1)}).cheapest_tb == [(0.0, 4.0)]
    said = saving_at(8.0, {"own": cost(2, 1)}, {"sure": cost(20), "floor": cost(6, floor=1)})
    assert said.rival == "sure"
    assert said.saving == pytest.approx(0.5)  # 10 of 20
    assert said.may_cost_less == ("floor",)  # 6 < 10
    below = saving_at(2.0, {"own": cost(2, 1)}, {"sure": cost(20), "floor": cost(6, floor=1)})
    assert below.may_cost_less == ()  # 6 > 4


def test_alone_is_not_cheapest() -> None:
    found = against({"own": cost(9)}, {"a": cost(5, stop=4.0), "b": cost(12, stop=6.0)})
    assert found.cheapest_tb == [(4.0, 6.0)]  # 9 < 12 once the one of 5 cannot serve
    assert found.alone_tb == [(6.0, 10.0)]
    nobody = saving_at(8.0, {"own": cost(9)}, {"a": cost(5, stop=4.0)})
    assert (nobody.cost, nobody.rival, nobody.saving) == (9.0, "", None)


LINES = st.tuples(st.integers(1, 50), st.integers(0, 9), st.integers(1, 12), st.booleans())


@given(
    st.lists(LINES, min_size=1, max_size=3),
    st.lists(LINES, min_size=1, max_size=4),
    st.floats(0.01, 9.99),
)
def test_stretches_are_those_of_each_point(
    mine: list[tuple[int, int, int, bool]], others: list[tuple[int, int, int, bool]], x: float
) -> None:
    def at(line: tuple[int, int, int, bool]) -> float:
        total, slope, stop, _floor = line
        return math.inf if x > stop else total + slope * x

    own = min((at(line) for line in mine if not line[3]), default=math.inf)
    other = min(map(at, others))
    found = against(
        {f"own {i}": cost(*line) for i, line in enumerate(mine)},
        {f"other {i}": cost(*line) for i, line in enumerate(others)},
    )
    inside = [any(a < x < b for a, b in part) for part in (found.cheapest_tb, found.alone_tb)]
    ends = [end for part in (found.cheapest_tb, found.alone_tb) for pair in part for end in pair]
    if all(abs(x - end) > 1e-9 for end in ends) and not math.isclose(own, other):
        assert inside == [
            math.isfinite(other) and own < other,
            math.isfinite(own) and math.isinf(other),
        ]


@pytest.mark.slow
def test_the_table_has_every_condition(article_conditions: ClaimConditions) -> None:
    table = conditions_table(article_conditions)
    assert len(table.rows) == len(article_conditions) == len(SETTINGS)
    notes = " ".join(table.notes)
    base = article_conditions[0]
    assert all(name in notes for name in (*base.every.rivals, *base.needs_price))
    for row, one in zip(table.rows, article_conditions, strict=True):
        assert row[1] == one.setting
        for saving, cell in zip(one.savings, row[4:], strict=True):
            assert saving.rival in cell
            assert saving.saving is not None
            assert f"{saving.saving:+.0%}" in cell
    frame = article_conditions.to_pandas()
    assert list(frame["value"]) == [one.setting for one in article_conditions]


@pytest.mark.slow
def test_the_command_prints_them(
    article_conditions: ClaimConditions,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sets: list[str] = []

    def computed(*, assumptions: str) -> ClaimConditions:
        sets.append(assumptions)
        return article_conditions

    monkeypatch.setattr("kafkatco.article.claim_conditions", computed)
    assert main(["claims", "--conditions", "--assumptions", "bare", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert sets == ["bare"]
    [thirty] = [one for one in said["conditions"] if one["value"] == "30 days"]
    told: ClaimCondition = next(one for one in article_conditions if one.setting == "30 days")
    assert [(x["from"], x["to"]) for x in thirty["three"]["cheapest_tb"]] == told.named.cheapest_tb
    assert thirty["savings"][0]["saving"] == told.savings[0].saving
    assert main(["claims", "--conditions", "--lang", "ko"]) == 0
    assert "30일" in capsys.readouterr().out


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(InputError, match="Did you mean 'bare'"):
        kt.claim_conditions(assumptions="bear")

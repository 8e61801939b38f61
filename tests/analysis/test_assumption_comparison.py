"""Bills under several sets of assumptions, and the exact split of their differences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, combinations, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    Assumptions,
    Bill,
    InputError,
    MskExpress,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
    bill,
    compare_assumptions,
)
from kafkatco.analysis.assumption_comparison import shapley_values
from kafkatco.cli.main import main
from kafkatco.deployments import Deployment
from kafkatco.output.formats import render
from kafkatco.prices.assumption_sets import GROUPS, group_of
from kafkatco.prices.assumptions import SETS

LOAD = Workload(ingress="40 MiB/s", fanout=3, retention="2 days", peak_to_average=2, partitions=90)
BOOK = PriceBook("list", as_of="2026-10-31")
HOSTED = SelfHosted(region="us-east-1", instance=["t4g.medium", "m7g.large"])
STANDARD = MskStandard(region="us-east-1", instance="kafka.m7g.*")
EXPRESS = MskExpress(region="us-east-1")


def bill_of(deployment: Deployment, given: str | Assumptions, load: Workload = LOAD) -> Bill:
    [made] = bill(load, [deployment], BOOK.at(assumptions=given))
    return made


def subsets(names: list[str]) -> Iterator[frozenset[str]]:
    sizes = (combinations(names, size) for size in range(len(names) + 1))
    return map(frozenset, chain.from_iterable(sizes))


@settings(max_examples=50)
@given(st.lists(st.floats(-1e6, 1e6), min_size=16, max_size=16))
def test_shapley_values_are_the_average_over_all_orders(totals: list[float]) -> None:
    players = list("abcd")
    total = dict(zip(subsets(players), totals, strict=True)).__getitem__
    expected = dict.fromkeys(players, 0.0)
    for order in permutations(players):
        for i, player in enumerate(order):
            before = frozenset(order[:i])
            expected[player] += (total(before | {player}) - total(before)) / 24  # 4! orders
    found = shapley_values(players, total)
    assert found == pytest.approx(expected, abs=1e-6)
    difference = total(frozenset(players)) - total(frozenset())
    assert sum(found.values()) == pytest.approx(difference, abs=1e-6)


def test_a_player_that_changes_nothing_has_nothing() -> None:
    found = shapley_values(["a", "b"], lambda on: 3.0 if "a" in on else 1.0)
    assert found == {"a": 2.0, "b": 0.0}


@settings(max_examples=6)
@given(
    st.sampled_from([HOSTED, STANDARD, EXPRESS]),
    st.floats(0.1, 400.0),
    st.integers(1, 6),
    st.floats(1.0, 4.0),
    st.integers(1, 240),
)
def test_parts_sum_to_the_difference(
    deployment: Deployment, ingress: float, fanout: int, peak: float, hours: int
) -> None:
    load = Workload(
        ingress=f"{ingress} MiB/s", fanout=fanout, peak_to_average=peak, retention=f"{hours} h"
    )
    found = compare_assumptions(load, [deployment], BOOK)
    totals = {name: bill_of(deployment, name, load).total for name in SETS}
    for one in found:
        assert one.bill.total == totals[one.assumptions]
        if totals["production"] is None or one.bill.total is None:
            assert one.difference is None
            continue
        assert one.difference == one.bill.total - totals["production"]
        if one.parts or not one.difference:
            parts = sum(part.amount for part in one.parts)
            assert parts == pytest.approx(one.difference, abs=1e-9 * one.bill.total)


@pytest.mark.parametrize("deployment", [HOSTED, STANDARD], ids=lambda option: option.label)
@pytest.mark.parametrize("chosen", ["bare"])
def test_parts_are_those_of_mixtures_billed_one_by_one(deployment: Deployment, chosen: str) -> None:
    names = BOOK.catalogue().differing(BOOK.at(assumptions=chosen).catalogue())
    groups = [group for group in GROUPS if any(group_of(name) == group for name in names)]
    # the groups that matter here; the others must then have no part
    groups = [
        group
        for group in groups
        if group in ("margins", "disks", "cpu", "controllers", "service", "rebuild")
    ]

    def total(on: frozenset[str]) -> float:
        taken = {name: chosen for name in names if group_of(name) in on}
        made = bill_of(deployment, Assumptions(taken=taken)).total
        assert made is not None
        return made

    parts = {part.group: part.amount for part in found_parts(deployment, chosen)}
    expected = {group: amount for group, amount in shapley_values(groups, total).items() if amount}
    assert parts == pytest.approx(expected)


def found_parts(deployment: Deployment, chosen: str) -> tuple[Any, ...]:
    return (
        compare_assumptions(LOAD, [deployment], BOOK, sets=[chosen])
        .of(deployment.label, chosen)
        .parts
    )


@pytest.mark.parametrize("deployment", [HOSTED, STANDARD, EXPRESS], ids=lambda o: o.label)
@pytest.mark.parametrize("chosen", SETS[1:])
def test_everything_taken_of_a_set_is_that_set(deployment: Deployment, chosen: str) -> None:
    names = BOOK.catalogue().differing(BOOK.at(assumptions=chosen).catalogue())
    mixed = bill_of(deployment, Assumptions(taken=dict.fromkeys(names, chosen)))
    alone = bill_of(deployment, chosen)
    assert mixed.total == alone.total
    assert [(line.sku, line.quantity) for line in mixed.lines] == [
        (line.sku, line.quantity) for line in alone.lines
    ]


def test_a_free_disk_explains_what_disks_cost() -> None:
    # three brokers either way: half of the disk is free, or none
    load = Workload(ingress="1 MiB/s", retention="10 days", partitions=30, peak_to_average=1)
    option = SelfHosted(region="us-east-1", instance="m7g.xlarge")
    bare = compare_assumptions(load, [option], BOOK, sets=["bare"]).of("self-hosted", "bare")
    disks = next(part for part in bare.parts if part.group == "disks")
    stored_gib = 240 * 3600 / 1024 * 3
    assert disks.amount == pytest.approx(-stored_gib * 0.08)  # 2 x stored against 1 x, gp3
    assert "disk_headroom" in disks.names
    controllers = next(part for part in bare.parts if part.group == "controllers")
    # three m7g.large, each with a disk of 64 GiB
    [node] = BOOK.price("aws.ec2.m7g.large", "us-east-1")
    assert controllers.amount == pytest.approx(-3 * (730 * float(node.price or 0) + 64 * 0.08))


def test_reads_in_the_own_zone_are_free_of_zone_traffic() -> None:
    script = compare_assumptions(LOAD, [STANDARD], BOOK, sets=["aws-sizing-script"])
    parts = {
        part.group: part.amount for part in script.of("msk-standard", "aws-sizing-script").parts
    }
    gib = 40 * 3600 * 730 / 1024
    # 3 readers of which 2/3 are elsewhere, metered on both sides at 0.01 USD a GiB
    assert parts["rack-awareness"] == pytest.approx(-gib * 3 * 2 / 3 * 0.02)


def test_what_a_user_gives_stays_in_every_set() -> None:
    fixed = SelfHosted(
        region="us-east-1", instance="m7g.large", disk_headroom=0.3, controllers=0, utilisation=0.6
    )
    own = BOOK.at(assumptions=Assumptions(values={"rebuild_time": "12 hour"}))
    found = compare_assumptions(LOAD.replace(follower_fetch=0.5), [fixed], own)
    groups = {part.group for one in found for part in one.parts}
    assert not groups & {"controllers", "rebuild", "rack-awareness"}
    assert {one.bill.sizing.details["disk_headroom"] for one in found} == {0.3}


def test_production_is_always_the_first() -> None:
    found = compare_assumptions(LOAD, [EXPRESS, STANDARD], BOOK, sets=["bare"])
    assert [(one.deployment, one.assumptions) for one in found] == [
        ("msk-express", "production"),
        ("msk-express", "bare"),
        ("msk-standard", "production"),
        ("msk-standard", "bare"),
    ]


def test_an_infeasible_bill_has_neither_difference_nor_parts() -> None:
    # one broker cannot take 40 MiB/s in three copies, whatever the assumptions
    few = SelfHosted(region="us-east-1", instance="m7g.large", brokers=1)
    for one in compare_assumptions(LOAD, [few], BOOK):
        assert one.bill.infeasible
        assert one.difference is None
        assert one.parts == ()


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(InputError, match=r"got 'bear'; .* Did you mean 'bare'"):
        compare_assumptions(LOAD, [EXPRESS], BOOK, sets=["bear"])


@pytest.fixture
def ours(tmp_path: Any) -> str:
    path = tmp_path / "ours.toml"
    path.write_text(
        '[workload]\ningress = "1 MiB/s"\n[prices]\nas_of = 2026-10-31\n'
        '[[deployment]]\nkind = "msk-express"\nregion = "us-east-1"\n',
        encoding="utf-8",
    )
    return str(path)


def test_the_command_line_compares_sets(ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", ours, "--assumptions", "bare, akalculator", "--format", "json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["sets"] == ["production", "bare", "akalculator"]
    assert [row["assumptions"] for row in plain["totals"]] == plain["sets"]
    assert len({row["sha256"] for row in plain["totals"]}) == 3
    assert main(["compare", ours, "--assumptions", "all", "--from", "1 MB/s"]) == 2
    assert "--from: got '1 MB/s'; expected no range" in capsys.readouterr().err
    assert main(["compare", ours, "--assumptions", "bear"]) == 2
    assert "Did you mean 'bare'?" in capsys.readouterr().err


def test_the_command_line_lists_sets(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assumptions", "--as-of", "2026-10-31", "--format", "markdown"]) == 0
    table = capsys.readouterr().out
    assert "| cpu\\_throughput | MB/s | 20 | not sized | not sized | 22.282 |" in table
    assert "\\~express 31" in table
    assert main(["assumptions", "--set", "bare", "--as-of", "2026-10-31"]) == 0
    assert "as in production" in capsys.readouterr().out
    assert main(["assumptions", "--set", "bear"]) == 2
    assert "Did you mean 'bare'?" in capsys.readouterr().err


def test_parts_of_a_table_and_of_a_csv_are_the_same() -> None:
    found = compare_assumptions(LOAD, [STANDARD], BOOK, sets=["bare"])
    frame = found.to_pandas()
    amounts = frame[frame.assumptions == "bare"].set_index("group").amount
    assert dict(amounts) == {part.group: part.amount for part in found[1].parts}
    text = "".join(render(found, "markdown"))
    for part in found[1].parts:
        assert f"{abs(part.amount):,.2f}" in text

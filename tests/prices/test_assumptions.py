"""Named sets of assumptions: their rows, their inheritance, and values that replace them."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kafkatco
from kafkatco import Assumptions, Catalogue, InputError, PriceBook, Scenario, SelfHosted, Workload
from kafkatco.prices.assumption_sets import GROUPS, assumptions, group_of
from kafkatco.prices.assumptions import ITEM, PRODUCTION, SERVICES, SETS, TRUTHS, UNSIZED
from kafkatco.prices.catalogue import capacities
from kafkatco.prices.rows import CapacityRow

AS_OF = dt.date(2026, 10, 31)
ROWS = [
    row
    for item in (ITEM, *SERVICES)
    for rows in capacities()[0].get(item, {}).values()
    for row in rows
    if item == ITEM or row.attribute.partition("~")[2] in SETS
]
NAMES = sorted({row.attribute.partition("~")[0] for row in ROWS if row.item == ITEM})
SOURCE = Path(str(kafkatco.__file__)).parent


def catalogue(given: str | Assumptions = PRODUCTION) -> Catalogue:
    return Catalogue(as_of=AS_OF, assumptions=given)


def asked_for() -> Iterator[str]:
    """Yield the assumptions that the code reads by a literal name."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else called
            if called == "assumed":
                names = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                yield from (name for name in names if isinstance(name, str))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.item}.{row.attribute}")
def test_every_value_has_a_unit_a_source_and_a_note(row: CapacityRow) -> None:
    assert row.unit
    assert row.note
    assert re.match(r"https?://|aws/agent-toolkit-for-aws@|assumption of this project", row.source)
    stated = row.source.startswith("assumption")
    assert (row.confidence == "assumption") == stated


def test_every_assumption_that_the_code_reads_exists() -> None:
    known = {*NAMES, *capacities()[0]["aws.msk.standard"], *capacities()[0]["aws.msk.express"]}
    assert set(asked_for()) <= known
    for name in set(asked_for()) & {*NAMES}:
        for chosen in SETS:
            catalogue(chosen).assumed(name)


def test_every_assumption_is_read_somewhere() -> None:
    # a set may have rows before the code that reads them is there; no other name may
    ahead: set[str] = set()
    assert {*NAMES} - set(asked_for()) <= ahead


def test_the_variants_of_an_assumption_have_its_unit() -> None:
    for name in NAMES:
        units = {
            row.unit for row in ROWS if row.item == ITEM and row.attribute.partition("~")[0] == name
        }
        assert len(units) == 1, name


def test_words_that_change_how_a_value_is_read_are_names() -> None:
    assert {*TRUTHS, *UNSIZED} <= {*NAMES}
    for row in ROWS:
        if row.attribute.partition("~")[0] in TRUTHS:
            assert row.value in (0, 1)


def test_a_set_without_a_value_of_its_own_has_that_of_production() -> None:
    listed = capacities()[0][ITEM]
    production = catalogue()
    inherited = 0
    for chosen in SETS[1:]:
        for name in NAMES:
            if f"{name}~{chosen}" not in listed:
                assert catalogue(chosen).assumed(name) == production.assumed(name)
                inherited += 1
            else:
                own = listed[f"{name}~{chosen}"][-1]
                assert catalogue(chosen).assumption(name) == own
    assert inherited  # or nothing was checked


def test_a_service_has_its_own_value_before_the_general_one() -> None:
    # AWS's script plans 0.75 of Express and 0.5 of Standard brokers
    assert catalogue().assumed("utilisation", "aws.msk.express") == 0.75
    assert catalogue().assumed("utilisation") == 0.5
    assert catalogue("bare").assumed("utilisation", "aws.msk.express") == 1.0


def test_the_user_s_value_comes_first_in_base_units() -> None:
    given = Assumptions("bare", {"cpu_throughput": "31 MB/s", "utilisation": 0.8, "recovery": True})
    limits = catalogue(given)
    assert limits.assumed("cpu_throughput") == pytest.approx(31e6 / 2**20)
    assert limits.assumed("utilisation", "aws.msk.express") == 0.8
    assert limits.assumed("recovery") == 1.0
    assert limits.assumed("disk_headroom") == 0.0  # that of the set


def test_what_is_taken_of_another_set_is_of_it_alone() -> None:
    mixed = catalogue(Assumptions(taken={"disk_headroom": "bare", "cpu_throughput": "akalculator"}))
    assert mixed.assumed("disk_headroom", "aws.msk.standard") == 0.0
    assert mixed.assumed("cpu_throughput") == catalogue("akalculator").assumed("cpu_throughput")
    assert mixed.assumed("cpu_utilisation") == catalogue().assumed("cpu_utilisation")


def test_a_book_of_other_assumptions_has_another_hash_and_says_so() -> None:
    given: tuple[str | Assumptions, ...] = (
        *SETS,
        Assumptions(values={"heap": "6 GiB"}),
        Assumptions(values={"heap": "7 GiB"}),
        Assumptions(taken={"recovery": "bare"}),
        Assumptions("bare", {"heap": "6 GiB"}),
    )
    books = [PriceBook("list", as_of=AS_OF, assumptions=chosen) for chosen in given]
    assert len({book.sha256 for book in books}) == len(given)
    assert [book.describe()["assumptions"] for book in books[:4]] == list(SETS)
    assert PriceBook("list", as_of=AS_OF).at(assumptions="bare").sha256 == books[1].sha256


def test_a_bill_names_what_differs_from_its_set() -> None:
    book = PriceBook(
        "list",
        as_of=AS_OF,
        assumptions=Assumptions("bare", {"heap": "6 GiB"}, {"controllers": "production"}),
    )
    option = SelfHosted(region="us-east-1", instance="m7g.large", utilisation=0.9)
    [bill] = kafkatco.bill(Workload(ingress="1 MiB/s"), [option], book)
    found = {one.name: (one.value, one.of_set) for one in bill.replaced}
    assert found == {"heap": (6.0, 5.0), "controllers": (3.0, 0.0), "utilisation": (0.9, 1.0)}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("utilisation", 0, "a share above 0 and at most 1"),
        ("utilisation", 1.01, "a share above 0 and at most 1"),
        ("utilisation", True, "a share above 0 and at most 1"),
        ("disk_headroom", 1, "a share of at least 0 and below 1"),
        ("disk_headroom", "50 %", "a share of at least 0 and below 1"),
        ("follower_fetch", 2, "a number from 0 to 1"),
        ("follower_fetch", float("nan"), "a number from 0 to 1"),
        ("burstable", 0.5, "true or false"),
        ("recovery", "yes", "true or false"),
        ("controllers", 2.5, "a whole number of at least 0"),
        ("controllers", True, "a whole number of at least 0"),
        ("volumes_per_broker", 0, "a whole number of at least 1"),
        ("connections_per_broker", -1, "a number of at least 0"),
        ("connections_per_broker", float("inf"), "a number of at least 0"),
        ("cpu_throughput", 31, "a quantity with a unit, such as '20 MB/s'"),
        ("cpu_throughput", True, "a quantity with a unit, such as '20 MB/s'"),
        ("cpu_throughput", "31 GiB", "a quantity such as '20 MB/s'"),
        ("heap", "5 s", "a quantity such as '5 GiB'"),
        ("rebuild_time", "24 GB", "a quantity such as '24 hour'"),
        ("heap", None, "a quantity with a unit, such as '5 GiB'"),
    ],
)
def test_an_invalid_value_names_its_place_and_what_is_expected(
    name: str, value: Any, expected: str
) -> None:
    with pytest.raises(InputError) as error:
        catalogue(Assumptions(values={name: value}))
    [problem] = error.value.problems
    assert problem.where == f"assumptions.{name}"
    assert problem.expected == expected


def test_every_problem_of_the_values_is_found_at_once() -> None:
    values = {"cpu_troughput": "31 MB/s", "utilisation": 0, "heap": 5}
    with pytest.raises(InputError) as error:
        catalogue(Assumptions(values=values))
    problems = {problem.where: problem for problem in error.value.problems}
    assert list(problems) == [
        "assumptions.cpu_troughput",
        "assumptions.utilisation",
        "assumptions.heap",
    ]
    assert "Did you mean 'cpu_throughput'" in problems["assumptions.cpu_troughput"].hint


def test_an_unknown_set_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r"got 'bear'; .* Did you mean 'bare'"):
        PriceBook("list", as_of=AS_OF, assumptions="bear")
    with pytest.raises(InputError, match=r"assumptions\.taken\.heap: got 'akalkulator'"):
        PriceBook("list", as_of=AS_OF, assumptions=Assumptions(taken={"heap": "akalkulator"}))
    with pytest.raises(InputError, match=r"taken: got 'recovry'; .* Did you mean 'recovery'"):
        PriceBook("list", as_of=AS_OF, assumptions=Assumptions(taken={"recovry": "bare"}))
    with pytest.raises(InputError, match=r"sets: got 'bear'; .* Did you mean 'bare'"):
        assumptions(as_of=AS_OF, sets=["bear"])
    with pytest.raises(InputError, match="at least one set"):
        assumptions(as_of=AS_OF, sets=[])


def test_a_file_s_problems_are_found_at_once_with_their_place() -> None:
    data = {
        "workload": {"ingress": "1 MB/s"},
        "conventions": {"assumptions": "bear"},
        "assumptions": {"cpu_troughput": "31 MB/s", "disk_headroom": 1, "zone_lost": 3},
        "prices": {"as_of": "2026-10-31"},
        "deployment": [{"kind": "self-hosted", "region": "us-east-1", "instance": "m7g.large"}],
    }
    with pytest.raises(InputError) as error:
        Scenario.from_dict(data)
    assert [problem.where for problem in error.value.problems] == [
        "conventions.assumptions",
        "assumptions.cpu_troughput",
        "assumptions.disk_headroom",
        "assumptions.zone_lost",
    ]


def test_values_can_be_given_on_a_date_before_the_rows_of_services() -> None:
    early = Catalogue(as_of=dt.date(2020, 1, 1), assumptions=Assumptions(values={"heap": "6 GiB"}))
    assert early.assumed("heap") == 6.0


def test_the_sets_side_by_side_have_every_value_with_its_source() -> None:
    found = {(values.item, values.name): values for values in assumptions(as_of=AS_OF)}
    assert {name for item, name in found if item == ITEM} == {*NAMES}
    cpu = found[ITEM, "cpu_throughput"]
    assert {name: float(row.value) for name, row in cpu.published.items()} == {
        "benchmark": 95.0,
        "express": 31.0,
    }
    assert [cpu.is_unsized(row) for row in cpu.by_set.values()] == [False, True, True, False]
    assert [cpu.is_inherited(name) for name in SETS] == [False] * 4
    heap = found[ITEM, "heap"]
    assert [heap.is_inherited(name) for name in SETS] == [False, True, True, True]
    express = found["aws.msk.express", "utilisation"].by_set
    assert float(express["production"].value) == 0.75


def test_every_assumption_has_a_group() -> None:
    assert {group_of(name) for name in NAMES} == set(GROUPS) - {"service"}

"""Results in a notebook, as a line of text, and as data that names their prices."""

import copy
import csv
import io
import pickle
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kafkatco as kt
from kafkatco.cli.main import main
from kafkatco.core.result import BOOK_COLUMNS, Result
from kafkatco.output.answer import OF_SCENARIO
from kafkatco.scenario.scenario import Scenario
from support.ours import OURS

pytestmark = pytest.mark.usefixtures("claims_computed_once")

EVIL = "<script>alert(1)</script>"
SCENARIO_TEXT = OURS.replace('"msk"', f'"{EVIL}"')
#: In won, so that the exchange rate moves its bills.
KOREAN = Scenario.from_dict(
    tomllib.loads(SCENARIO_TEXT.replace("[prices]", '[prices]\ncurrency = "KRW"'))
)
AGAINST = ("--mine", EVIL, "--other", "basic")

#: Each result by its command, with the options of the command.
RESULTS: dict[str, tuple[Callable[[Scenario], Any], tuple[str, ...]]] = {
    "crossovers": (lambda s: s.crossovers(), ()),
    "project": (lambda s: s.project(), ()),
    "plan": (lambda s: s.plan(), ()),
    "place": (lambda s: s.place(), ()),
    "levers": (lambda s: s.levers(), ()),
    "recommend": (lambda s: s.recommend(), ()),
    "solve": (
        lambda s: s.solve_for(EVIL, "basic", over="salary", start="0"),
        (*AGAINST, "--over", "salary", "--from", "0"),
    ),
    "sensitivity": (lambda s: s.switching_values(), AGAINST),
    "map": (lambda s: s.decision_map(rows=3), ("--rows", "3")),
    "claims": (lambda _: kt.claims(), ()),
    "simulate": (lambda s: s.simulate(draws=64), ("--draws", "64")),
    "break-even": (lambda s: s.break_even(EVIL, "basic", draws=64), (*AGAINST, "--draws", "64")),
    "importance": (lambda s: s.importance(draws=64), ("--draws", "64")),
}
OTHERS: dict[str, Callable[[Scenario], Any]] = {
    "bill": lambda s: s.bills()[0],
    "compare_assumptions": lambda s: s.compare_assumptions(["bare"]),
    "tuned": lambda s: s.tuned(),
    "tornado": lambda s: s.tornado(EVIL, "basic"),
    "calibration": lambda s: kt.calibrate(
        s.workload, s.deployments[:1], s.book, kt.focus(s.bills()[0], month="2025-11")
    ),
    "impact": lambda s: kt.impact(
        KOREAN, KOREAN.book.at(as_of="2025-10-31"), KOREAN.book.at(as_of="2026-10-31")
    ),
}
EVERY = {name: make for name, (make, _) in RESULTS.items()} | OTHERS


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("results") / "evil.toml"
    file.write_text(SCENARIO_TEXT, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def scenario(path: Path) -> Scenario:
    return Scenario.load(path)


@pytest.mark.parametrize("name", EVERY)
def test_html_escapes_every_text(name: str, scenario: Scenario) -> None:
    html = EVERY[name](scenario)._repr_html_()
    assert html.startswith("<table>")
    assert "<script" not in html
    assert "color" not in html  # so that it is read in dark themes too
    if name != "claims":
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize("name", EVERY)
def test_a_line_of_text_names_no_path(name: str, scenario: Scenario, path: Path) -> None:
    result = EVERY[name](scenario)
    line = repr(result)
    assert line.startswith(type(result).__name__)
    assert len(line) < 250
    assert "\n" not in line
    assert str(path.parent) not in line


@pytest.mark.parametrize("name", RESULTS)
def test_the_data_are_those_of_the_command(
    name: str, scenario: Scenario, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, options = RESULTS[name]
    where = () if name == "claims" else (str(path),)
    assert main([name, *where, *options, "--format", "csv"]) == 0
    head, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    frame = make(scenario).to_pandas()
    tail = head[len(frame.columns) :]
    assert head == [*frame.columns, *tail]
    if name != "claims":  # what a result of a scenario does not know
        tail, own = tail[: -len(OF_SCENARIO)], tail[-len(OF_SCENARIO) :]
        assert own == list(OF_SCENARIO)
    assert set(tail) <= {"currency", *BOOK_COLUMNS}
    assert not {*BOOK_COLUMNS, "capacity_sha256"} & set(frame.columns)
    for row in rows:  # a file has no attributes: those of the frame end each row
        attributes = dict(zip(tail, row[len(frame.columns) :][: len(tail)], strict=True))
        assert attributes == {name: frame.attrs[name] for name in tail}
    assert tail[-3:] == ([] if name == "claims" else list(BOOK_COLUMNS))
    assert len(frame) == len(rows)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in ("claims", "impact")])
def test_the_data_name_their_prices(name: str, scenario: Scenario) -> None:
    about = EVERY[name](scenario).to_pandas().attrs
    assert (about["currency"], about["book"], about["as_of"]) == ("USD", "list", "2025-10-31")
    assert about["sha256"] == scenario.book.sha256
    assert set(about["units"].values()) <= {"USD"}


def test_two_books_are_both_named(scenario: Scenario) -> None:
    about = EVERY["impact"](scenario).to_pandas().attrs
    assert (about["before"]["as_of"], about["after"]["as_of"]) == ("2025-10-31", "2026-10-31")


def test_costs_against_the_axis(scenario: Scenario) -> None:
    result = scenario.crossovers()
    data = result.to_xarray()
    assert data["cost"].dims == ("deployment", "ingress")
    assert (data["cost"].attrs["units"], data["ingress"].attrs["units"]) == ("USD", "TB/month")
    assert data.attrs["sha256"] == scenario.book.sha256
    assert data["ingress"].to_numpy().tolist()[:4] == [0.1, 0.2, 0.5, 1.0]
    at = result.to_xarray(at=[10.0])["cost"].sel(ingress=10.0)
    assert at.to_series().to_dict() == result.at(10.0)


def test_an_infeasible_cost_is_missing_in_a_grid() -> None:
    load = kt.Workload(ingress="1 TB/month", retention="1 day")
    book = kt.PriceBook("list", as_of="2025-10-31")
    result = kt.crossovers(load, [kt.ConfluentBasic(region="us-east-1")], book)
    unable = result.at(1000.0)["confluent-basic"] is None
    data = result.to_xarray(at=[1.0, 1000.0])["cost"].to_numpy()[0]
    assert unable
    assert np.isfinite(data[0])
    assert np.isnan(data[1])


def test_lines_of_a_bill_as_arrays(scenario: Scenario) -> None:
    bill = scenario.bills()[0]
    data = bill.to_xarray()
    assert data["sku"].to_numpy().tolist() == [line.sku for line in bill.lines]
    np.testing.assert_allclose(data["quantity"] * data["unit_price"], data["cost"], rtol=1e-12)
    assert float(data["cost"].sum()) == pytest.approx(bill.total)


def test_a_line_without_a_price_is_missing_and_not_zero() -> None:
    bill = Scenario.load().bills()[1]  # the article has no price of MSK's storage
    data = bill.to_xarray()
    where = data["sku"].to_numpy() == "aws.msk.storage"
    assert bool(np.isnan(data["cost"].to_numpy()[where]).all())
    assert where.any()
    assert "a floor" in repr(bill)


def test_a_map_as_a_grid_has_the_winner_of_each_place(scenario: Scenario) -> None:
    result = scenario.decision_map(rows=3)
    data = result.to_xarray(columns=25)
    assert data["winner"].dims == ("y", "x")
    assert data["x"].attrs == {"long_name": "ingress", "units": "TB/month"}
    x = data["x"].to_numpy()
    np.testing.assert_allclose(np.diff(np.log(x)), np.log(1e4) / 24, rtol=1e-9)  # 0.1 TB to 1 PB
    for i, row in enumerate(result.rows):
        for j in range(1, 24):
            [here] = [part.winner for part in row.intervals if part.start < x[j] <= part.stop]
            assert data["winner"].to_numpy()[i, j] == here
    with pytest.raises(kt.InputError, match="at least 2"):
        result.to_xarray(columns=1)


def test_a_plan_over_months(scenario: Scenario) -> None:
    result = replace(scenario, growth=(kt.Constant(), kt.Compound(annual_rate=9.0))).plan()
    data = result.to_xarray()
    assert dict(data.sizes) == {"scenario": 2, "deployment": 2, "month": result.months}
    for i in range(2):
        best = data["best"].to_numpy()[i].tolist()
        for stay in result.stays(i):
            assert set(best[stay.first - 1 : stay.last]) == {stay.deployment}
    assert data["ingress"].to_numpy()[:, 0] == pytest.approx([10.0, 10.0])
    # without set-up, staying costs the running cost; tenfold a year, neither is feasible to the end
    running, staying = data["running"].sum("month").to_numpy(), data["staying"].to_numpy()
    np.testing.assert_allclose(running[0], staying[0], rtol=1e-12)
    assert bool(np.isnan(staying[1]).all())


@pytest.mark.parametrize("name", EVERY)
def test_a_result_is_frozen(name: str, scenario: Scenario) -> None:
    result = EVERY[name](scenario)
    before = repr(result)
    for attribute in ("currency", "prices", "mine", "anything"):
        with pytest.raises((AttributeError, TypeError)):  # TypeError: of a dataclass with slots
            setattr(result, attribute, "other")
        with pytest.raises((AttributeError, TypeError)):
            delattr(result, attribute)
    assert repr(result) == before


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    "again",
    [lambda result: pickle.loads(pickle.dumps(result)), copy.copy, copy.deepcopy],
    ids=["pickle", "copy", "deepcopy"],
)
def test_a_result_can_be_copied(name: str, again: Callable[[Any], Any], scenario: Scenario) -> None:
    result = EVERY[name](scenario)
    there = again(result)
    assert type(there) is type(result)
    assert repr(there) == repr(result)
    assert there._repr_html_() == result._repr_html_()
    assert there.to_pandas().attrs == result.to_pandas().attrs


def test_several_of_a_kind_are_a_sequence(scenario: Scenario) -> None:
    switches, moves = scenario.switching_values(), scenario.tornado(EVIL, "basic")
    for result in (switches, moves, kt.claims(), scenario.bills()):
        assert isinstance(result, Sequence)
        assert isinstance(result, Result)
        assert result[:1] == (result[0],)
        assert list(result) == [result[i] for i in range(len(result))]
    assert (moves.mine, moves.other) == (EVIL, "basic")


def test_a_tornado_has_each_break_even_in_a_row(scenario: Scenario) -> None:
    moves = scenario.tornado(EVIL, "basic")
    frame = moves.to_pandas()
    first = frame[frame["input"] == moves[0].axis.name]
    for moved, values in (
        ("as it is", moves[0].at),
        ("lower", moves[0].low),
        ("higher", moves[0].high),
    ):
        assert first[first["moved"] == moved]["break_even"].tolist() == list(values)
    assert set(frame["break_even_unit"]) == {"TB/month"}


def test_a_tornado_of_nothing_is_a_table_without_rows(scenario: Scenario) -> None:
    moves = kt.tornado(
        scenario.workload, scenario.deployments, scenario.book, EVIL, "basic", inputs=[]
    )
    assert len(moves) == 0
    assert "break-even" in moves._repr_html_()
    assert moves.to_pandas().empty


def test_each_reason_has_its_own_line(scenario: Scenario) -> None:
    assert "<br>" in scenario.recommend()._repr_html_()

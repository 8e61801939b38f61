"""Fits of growth: results, the command line, and their use in projections and simulations."""

from __future__ import annotations

import copy
import csv
import io
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kafkatco as kt
from kafkatco.cli.main import main
from kafkatco.costing.bill import bill_of
from kafkatco.planning.horizon import Horizon
from kafkatco.scenario.scenario import Scenario
from kafkatco.scenario.schema import scenario_schema
from kafkatco.uncertainty.distributions import Fixed
from kafkatco.uncertainty.inputs import Uncertainty
from kafkatco.uncertainty.simulate import simulate
from support.pictures import drawn, line, texts

#: Doubling three times in six months, at 1 MB/s: log2 is 0 1 1 2 2 3.
TRAFFIC = "month,ingress [MB/s]\n" + "".join(
    f"2025-{5 + i:02d},{2**k}\n" for i, k in enumerate((0, 1, 1, 2, 2, 3))
)
SCENARIO = """
[workload]
ingress = "1 MiB/s"
retention = "1 h"
partitions = 9
[prices]
as_of = 2025-10-31
[projection]
months = 6
[[growth]]
kind = "history"
file = "data/traffic.csv"
[[deployment]]
kind = "confluent-basic"
region = "us-east-1"
"""


@pytest.fixture
def traffic(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "traffic.csv"
    path.parent.mkdir()
    path.write_text(TRAFFIC, encoding="utf-8")
    return path


@pytest.fixture
def scenario(traffic: Path) -> Path:
    path = traffic.parents[1] / "ours.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_a_scenario_reads_a_history_relative_to_its_file(scenario: Path) -> None:
    loaded = Scenario.load(scenario)
    assert loaded.growth[0].label == "history"
    ingress = loaded.project().to_xarray()["ingress"].to_numpy()[0]
    # the walk grows by 2^0.6 a month, from the workload's own 1 MiB/s
    np.testing.assert_allclose(ingress / ingress[0], 2 ** (0.6 * np.arange(6)), rtol=1e-12)
    assert ingress[0] == pytest.approx(2.755658, rel=1e-6)  # 1 MiB/s x 730 h
    assert loaded.plan().months == 6


def test_a_scenario_chooses_the_method(scenario: Path) -> None:
    text = SCENARIO.replace('"data/traffic.csv"', '"data/traffic.csv"\nmethod = "trend"')
    scenario.write_text(text, encoding="utf-8")
    ingress = Scenario.load(scenario).project().to_xarray()["ingress"].to_numpy()[0]
    np.testing.assert_allclose(ingress[1] / ingress[0], 2 ** (9.5 / 17.5), rtol=1e-12)


def test_an_error_has_the_problems_of_the_history_and_of_the_scenario(
    scenario: Path, traffic: Path
) -> None:
    traffic.write_text(TRAFFIC.replace("2025-07,2", "2025-07,0"), encoding="utf-8")
    scenario.write_text(SCENARIO.replace('"1 h"', '"1"'), encoding="utf-8")
    with pytest.raises(kt.InputError) as error:
        Scenario.load(scenario)
    assert [problem.where for problem in error.value.problems] == [
        "workload.retention",
        "growth[0].file.traffic.csv:4 ingress",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("data/traffic.csv", "data/trafic.csv", "Did you mean 'traffic.csv'?"),
        ('file = "data/traffic.csv"', "", r"growth[0].file: required field"),
        ('"data/traffic.csv"', "5", r"growth[0].file: got 5; expected a CSV file"),
        ('"data/traffic.csv"', '"data"', "cannot read the file: "),
        ('"data/traffic.csv"', '"data/traffic.csv"\nmethod = "trent"', "Did you mean 'trend'?"),
        ('"history"', '"historic"', "Did you mean 'history'"),
    ],
)
def test_mistakes_in_a_scenario(old: str, new: str, expected: str, scenario: Path) -> None:
    scenario.write_text(SCENARIO.replace(old, new), encoding="utf-8")
    with pytest.raises(kt.InputError) as error:
        Scenario.load(scenario)
    assert expected in str(error.value)


def test_the_schema_has_the_fitted_growth() -> None:
    fitted = scenario_schema()["$defs"]["Fitted"]
    assert fitted["properties"]["file"]["type"] == "string"
    assert fitted["required"] == ["file"]


def test_a_projection_uses_a_fit(traffic: Path) -> None:
    fit = kt.fit_growth(traffic, months=5)
    book = kt.PriceBook("list", as_of="2025-10-31")
    load = kt.Workload(ingress=f"{fit.level} TB/month", retention="1 h", partitions=9)
    options = [kt.ConfluentBasic(region="us-east-1")]
    data = kt.project(
        load, options, book, horizon=kt.Horizon(growth=fit.growth, months=5)
    ).to_xarray()
    np.testing.assert_allclose(data["ingress"].to_numpy()[0], fit.quantile(0.5), rtol=1e-9)
    # 8 MB/s over 730 h
    assert fit.level == pytest.approx(8e6 * 730 * 3600 / 1e12, rel=1e-9)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"method": "line"}, "method: got 'line'; expected walk or trend"),
        ({"method": ["walk"]}, "method: got ['walk']; expected walk or trend"),
        ({"months": 0}, "months: got 0; expected a whole number from 1 to 1200"),
        ({"months": 1.5}, "months: got 1.5"),
        ({"months": True}, "months: got True"),
    ],
)
def test_invalid_options(options: Any, expected: str, traffic: Path) -> None:
    with pytest.raises(kt.InputError) as error:
        kt.fit_growth(traffic, **options)
    assert expected in str(error.value)


def test_an_error_has_all_invalid_arguments(tmp_path: Path) -> None:
    number: Any = 5
    with pytest.raises(kt.InputError) as error:
        kt.fit_growth(number, months=0)
    assert [problem.where for problem in error.value.problems] == ["months", "history"]
    with pytest.raises(kt.InputError) as error:
        kt.fit_growth(tmp_path / "none.csv", months=0)
    assert [problem.where for problem in error.value.problems] == ["months", "none.csv"]


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, float("nan"), "x", None, [0.5]])
def test_a_share_lies_between_0_and_1(share: Any, traffic: Path) -> None:
    fit = kt.fit_growth(traffic)
    with pytest.raises(kt.InputError, match="between 0 and 1"):
        fit.annual_interval(share)
    with pytest.raises(kt.InputError, match="between 0 and 1"):
        fit.quantile(share)


def test_a_fit_in_a_notebook_and_as_data(traffic: Path) -> None:
    evil = traffic.with_name("<b>.csv")
    evil.write_text(TRAFFIC, encoding="utf-8")
    fit = kt.fit_growth(evil, months=3)
    assert repr(fit) == "Fit(walk, 6 months, +14603.3% a year)"  # 2^7.2 - 1 = 146.033
    assert "&lt;b&gt;.csv" in fit._repr_html_()
    assert "<b>" not in fit._repr_html_()
    frame = fit.to_pandas()
    assert frame["calendar_month"].tolist() == ["2025-10", "2025-11", "2025-12"]
    np.testing.assert_array_equal(frame["p25"], fit.quantile(0.25))
    for again in (pickle.loads(pickle.dumps(fit)), copy.deepcopy(fit)):
        assert again == fit
    frozen: Any = fit
    with pytest.raises((AttributeError, TypeError)):
        frozen.months = 5


def test_a_fit_is_exported(traffic: Path, tmp_path: Path) -> None:
    fit = kt.fit_growth(traffic, months=3)
    text = kt.export(fit, tmp_path / "fit.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "month,calendar_month,p05,p25,p50,p75,p95,unit"
    assert len(text.splitlines()) == 4


def test_the_command_in_every_format(traffic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fit = kt.fit_growth(traffic, months=8)
    assert main(["fit", str(traffic), "--months", "8"]) == 0
    shown = capsys.readouterr().out
    assert "growth in traffic.csv: 6 months, 2025-05 to 2025-10" in shown
    assert "6 months, less than two years: seasons look like growth" in shown
    assert "every month counts as a whole month" in shown
    months = [row.split()[:2] for row in shown.splitlines() if " 2025-1" in row or " 2026-" in row]
    assert months[-3:] == [["1", "2025-10"], ["7", "2026-04"], ["8", "2026-05"]]
    assert main(["fit", str(traffic), "--months", "8", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    np.testing.assert_allclose([float(row["p95"]) for row in rows], fit.quantile(0.95), rtol=1e-12)
    assert main(["fit", str(traffic), "--months", "8", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data == fit.to_dict()
    assert data["annual_intervals"][1] == {
        "share": 0.9,
        **dict(zip(("from", "to"), fit.annual_interval(0.9), strict=True)),
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["fit"], "TRAFFIC.csv"),
        (["fit", "none.csv"], "none.csv: file not found"),
        (["fit", "TRAFFIC", "--months", "0"], "from 1 to 1200"),
        (["fit", "TRAFFIC", "--method", "trent"], "'trend'"),
    ],
)
def test_mistakes_of_the_command(
    words: list[str], expected: str, traffic: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(traffic) if word == "TRAFFIC" else word for word in words]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert expected in err
    assert "Traceback" not in err


@pytest.mark.parametrize("cell", ["", "0", "-1", "5 TB"])
def test_mistakes_in_korean(cell: str, traffic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TRAFFIC.replace("2025-06,2", f"2025-06,{cell}").replace("2025-08", "2025-07")
    traffic.write_text(text, encoding="utf-8")
    assert main(["fit", str(traffic), "--lang", "ko"]) == 2
    err = capsys.readouterr().err
    assert "달마다 한 번; traffic.csv:4 참고" in err
    assert "2025-07 다음에 2025-09" in err
    assert err.count("필요한 값") == 4  # and five months are too few


def test_the_plot_has_the_history_and_its_future(traffic: Path) -> None:
    fit = kt.fit_growth(traffic, months=12)
    ax = drawn(fit.plot())
    past, ahead = line(ax, "history"), line(ax, "median")
    assert np.asarray(past.get_xdata()).tolist() == [-4, -3, -2, -1, 0, 1]
    np.testing.assert_allclose(np.asarray(past.get_ydata())[-1], fit.level, rtol=1e-9)
    np.testing.assert_allclose(np.asarray(ahead.get_ydata()), fit.quantile(0.5), rtol=1e-12)
    assert "random walk with drift" in texts(ax)
    assert "traffic [TB/month]" in texts(ax)
    assert "트래픽" in texts(drawn(fit.plot(language="ko")))


def test_a_simulation_has_the_uncertainty_of_growth(traffic: Path) -> None:
    fit = kt.fit_growth(traffic, months=3)
    load = kt.Workload(ingress=f"{fit.level} TB/month", retention="1 s", partitions=9)
    book = kt.PriceBook("list", as_of="2025-10-31")
    option = kt.ConfluentBasic(region="us-east-1")
    fixed = Uncertainty(inputs={"fanout": Fixed(value=1.0)}, draws=2048)
    simulations = [
        simulate(
            load,
            [option],
            book,
            uncertainty=fixed,
            horizon=Horizon(growth=fit.growth, months=3),
            threads=n,
        )
        for n in (1, 2)
    ]
    cost = simulations[0].to_xarray()["cost"].sel(month=3)
    np.testing.assert_array_equal(cost, simulations[1].to_xarray()["cost"].sel(month=3))

    def billed(p: float) -> float:
        ingress = f"{fit.quantile(p)[2]} TB/month"
        later = load.model_copy(update={"ingress": ingress})
        total = bill_of(option, later, book).total
        assert total is not None
        return total

    for p in (0.25, 0.5, 0.75):  # cost rises with traffic, so both have the same quantiles
        away = 4 * (p * (1 - p) / 2048) ** 0.5  # four standard errors of a share
        assert billed(p - away) <= float(cost.sel(quantile=p).item()) <= billed(p + away)

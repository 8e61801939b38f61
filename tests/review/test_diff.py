"""What a change of a scenario does to the bills, against arithmetic on tables of a few rows.

Three m5.2xlarge brokers at 1 USD an hour cost 3 x 730 h x 1 USD = 2,190 USD a month; a Basic
cluster costs 0.05 USD for each GiB written, and all else is free.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kafkatco as kt
from kafkatco import Diff, InputError, Scenario, diff
from kafkatco.cli.main import main
from kafkatco.prices.rows import PriceRow
from kafkatco.review.diff import DeploymentMove
from kafkatco.review.limit import Limit

HEADER = ",".join(PriceRow._fields[:-1])
EC2, INGRESS = "aws.ec2.m5.2xlarge", "confluent.basic.ingress"
UNITS = {
    EC2: "USD,hour",
    "aws.ec2.m7g.large": "USD,hour",
    "aws.ebs.gp3.storage": "USD,GiB-month",
    "aws.ebs.gp3.iops": "USD,IOPS-month",
    "aws.ebs.gp3.throughput": "USD,MiB/s-month",
    "aws.data-transfer.inter-az": "USD,GiB",
    "confluent.basic.cluster": "USD,hour",
    "confluent.basic.ecku": "USD,hour",
    INGRESS: "USD,GiB",
    "confluent.basic.egress": "USD,GiB",
    "confluent.basic.storage": "USD,GiB-month",
    "fx.usd.krw": "KRW,USD",
}
PRICES: Mapping[str, str] = {
    **dict.fromkeys(UNITS, "0"),
    EC2: "1",
    "aws.ec2.m7g.large": "0.1",
    INGRESS: "0.05",
    "fx.usd.krw": "1000",
}
OURS: dict[str, Any] = {"kind": "self-hosted", "region": "us-east-1", "instance": "m5.2xlarge"}
THEIRS: dict[str, Any] = {"kind": "confluent-basic", "region": "us-east-1"}
GIB_PER_TB = 1e12 / 2**30


def tables(folder: Path, changes: Mapping[str, str] = {}) -> str:
    """Write a book with some other prices; an empty one is on request."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = (
        f"{sku},any,{price},{UNITS[sku]},0,{'flat' if price else 'quote'},2025-01-01,2025-01-01,"
        "https://example.org,official,\n"
        for sku, price in {**PRICES, **changes}.items()
    )
    (folder / "ours.csv").write_text(HEADER + "\n" + "".join(rows), encoding="utf-8")
    return str(folder)


def data(book: str, *deployments: dict[str, Any], ingress: float = 45, **more: Any) -> Any:
    """Return the content of a scenario file."""
    return {
        "workload": {"ingress": f"{ingress:g} TB/month", "retention": "1 hour"},
        "conventions": {"assumptions": "bare"},
        "prices": {"book": book, "as_of": "2026-01-31"},
        "deployment": list(deployments or (THEIRS,)),
        **more,
    }


def scenario(*arguments: Any, **options: Any) -> Scenario:
    return Scenario.from_dict(data(*arguments, **options))


def parts(move: Any) -> dict[str, float]:
    return {part.name: part.amount for part in move.parts}


def by_name(result: Diff) -> dict[str, DeploymentMove]:
    return {move.name: move for move in result.deployments}


def test_nothing_differs_between_a_scenario_and_itself(tmp_path: Path) -> None:
    one = scenario(tables(tmp_path), OURS, THEIRS)
    result = diff(one, one, max_increase="0 %")
    assert result.nothing
    assert not [*result.causes, *result.crossings, *result.prices]
    assert [move.change for move in result.deployments] == ["same", "same"]
    assert result.total is None  # two alternatives, of which nobody says that one runs
    assert result.verdict == "within"


def test_traffic_and_price_each_alone_and_together(tmp_path: Path) -> None:
    before = scenario(tables(tmp_path / "old"), ingress=40)
    after = scenario(tables(tmp_path / "new", {INGRESS: "0.06"}), ingress=50)
    result = diff(before, after)
    [move] = result.deployments
    assert move.totals == pytest.approx((40 * GIB_PER_TB * 0.05, 50 * GIB_PER_TB * 0.06))
    expected = {
        "traffic": (50 - 40) * GIB_PER_TB * 0.05,
        "prices": 40 * GIB_PER_TB * (0.06 - 0.05),
        "together": (50 - 40) * GIB_PER_TB * (0.06 - 0.05),
    }
    assert parts(move) == pytest.approx(expected)
    [line] = [line for line in move.lines if line.difference]
    assert (line.component, line.sku, line.unit) == ("throughput", INGRESS, "GiB")
    assert line.before is not None
    assert line.after is not None
    assert (line.before.quantity, line.after.quantity) == pytest.approx(
        (40 * GIB_PER_TB, 50 * GIB_PER_TB)
    )
    assert parts(line) == pytest.approx(expected)
    assert result.total is not None  # the only deployment is the one that runs
    assert parts(result.total) == pytest.approx(expected)
    assert [cause.name for cause in result.causes] == ["traffic", "prices"]
    [(change, users)] = result.prices
    assert (change.sku, users) == (INGRESS, ("confluent-basic",))
    assert change.percent == pytest.approx(20)


def test_configuration_assumptions_and_conventions(tmp_path: Path) -> None:
    book = tables(tmp_path)
    base = data(book, OURS)
    twice = {**base, "deployment": [{**OURS, "clusters": 2}]}
    [move] = diff(Scenario.from_dict(base), Scenario.from_dict(twice)).deployments
    assert parts(move) == {"configuration": pytest.approx(3 * 730)}
    assert [(x.field, x.before, x.after) for x in move.fields] == [("clusters", "1", "2")]
    longer = {**base, "conventions": {"assumptions": "bare", "month_hours": 744}}
    result = diff(Scenario.from_dict(base), Scenario.from_dict(longer))
    assert parts(result.deployments[0]) == {"conventions": pytest.approx(3 * (744 - 730))}
    # three controllers of their own, at 0.1 USD an hour each
    other = {**base, "assumptions": {"controllers": 3}}
    result = diff(Scenario.from_dict(base), Scenario.from_dict(other))
    [cause] = result.causes
    assert (cause.name, cause.changes[0].field) == ("assumptions", "controllers")
    assert parts(result.deployments[0]) == {"assumptions": pytest.approx(3 * 730 * 0.1)}


def test_what_runs_moves_from_one_to_another(tmp_path: Path) -> None:
    book = tables(tmp_path)
    before, after = (
        scenario(book, OURS, THEIRS, switching={"current": name})
        for name in ("self-hosted", "confluent-basic")
    )
    result = diff(before, after)
    assert result.total is not None
    theirs = 45 * GIB_PER_TB * 0.05
    assert (result.total.before, result.total.after) == pytest.approx((3 * 730, theirs))
    assert parts(result.total) == pytest.approx({"removed": -3 * 730, "added": theirs})
    assert {move.change for move in result.deployments} == {"same"}


def test_a_deployment_is_added_removed_or_renamed(tmp_path: Path) -> None:
    book = tables(tmp_path)
    before = scenario(book, {**OURS, "name": "old"}, {**OURS, "name": "gone", "clusters": 2})
    after = scenario(book, {**OURS, "name": "new"}, THEIRS)
    result = diff(before, after)
    moves = by_name(result)
    assert {name: move.change for name, move in moves.items()} == {
        "new": "renamed",
        "confluent-basic": "added",
        "gone": "removed",
    }
    assert moves["new"].was == "old"
    assert moves["new"].difference == 0
    assert moves["gone"].paid == pytest.approx((2 * 3 * 730, 0.0))
    none, total = moves["confluent-basic"].totals
    assert none is None
    assert total == pytest.approx(45 * GIB_PER_TB * 0.05)
    assert "new: old in the base" in result.notes


def test_alone_of_its_kind_it_may_change_its_name_and_more(tmp_path: Path) -> None:
    book = tables(tmp_path)
    before = scenario(book, {**OURS, "name": "a"}, THEIRS)
    after = scenario(book, THEIRS, {**OURS, "name": "b", "clusters": 2})
    move = by_name(diff(before, after))["b"]
    assert (move.was, move.change) == ("a", "changed")
    assert parts(move) == {"configuration": pytest.approx(3 * 730)}


def test_two_of_a_kind_that_differ_are_not_guessed(tmp_path: Path) -> None:
    book = tables(tmp_path)
    before = scenario(book, {**OURS, "name": "a"}, {**OURS, "name": "b", "clusters": 2})
    after = scenario(book, {**OURS, "name": "c", "clusters": 3})
    changes = {name: move.change for name, move in by_name(diff(before, after)).items()}
    assert changes == {"a": "removed", "b": "removed", "c": "added"}


def test_amounts_are_in_the_currency_of_the_head(tmp_path: Path) -> None:
    book = tables(tmp_path)
    before = scenario(book)
    won = data(book)
    won["prices"]["currency"] = "KRW"
    result = diff(before, Scenario.from_dict(won))
    assert result.currency == "KRW"
    [move] = result.deployments
    amount = 45 * GIB_PER_TB * 0.05 * 1000  # won
    assert move.totals == pytest.approx((amount, amount))
    assert result.nothing
    assert any("the base is in USD, and shown in KRW" in note for note in result.notes)


def test_a_currency_without_a_rate_is_refused(tmp_path: Path) -> None:
    euro = data(tables(tmp_path))
    before = Scenario.from_dict(euro)
    book = before.book.at(currency="USD")
    with pytest.raises(InputError, match=r"currency: got 'EUR'; expected a currency of which"):
        kt.diff(before, _in_euro(before, book))


def _in_euro(one: Scenario, book: Any) -> Scenario:
    from dataclasses import replace

    listed = kt.PriceBook("list", as_of="2026-10-31", currency="EUR")
    return replace(one, book=listed, catalogue=listed.catalogue())


def test_a_break_even_moves_with_its_cause(tmp_path: Path) -> None:
    before = scenario(tables(tmp_path / "old"), OURS, THEIRS)
    after = scenario(tables(tmp_path / "new", {EC2: "0.9"}), OURS, THEIRS)
    result = diff(before, after)
    [crossing] = result.crossings
    even = 3 * 730 / 0.05 / GIB_PER_TB
    assert (crossing.before, crossing.after) == pytest.approx((even, 0.9 * even))
    assert [cause.name for cause in crossing.because] == ["prices"]
    assert result.winner == ("confluent-basic", "self-hosted")
    [stretch] = result.cheapest
    assert (stretch.start, stretch.stop) == pytest.approx((0.9 * even, even))


@pytest.mark.parametrize(
    ("after", "verdict"), [(43.9, "within"), (44, "within"), (44.1, "beyond"), (30, "within")]
)
@pytest.mark.parametrize("limit", ["10 %", "10%", f"{4 * GIB_PER_TB * 0.05!r} USD"])
def test_a_limit_below_at_and_above(after: float, verdict: str, limit: str, tmp_path: Path) -> None:
    book = tables(tmp_path)  # 10 % of 40 TB are 4 TB
    result = diff(scenario(book, ingress=40), scenario(book, ingress=after), max_increase=limit)
    assert result.verdict == verdict


def test_a_limit_in_another_currency(tmp_path: Path) -> None:
    book = kt.PriceBook(tables(tmp_path), as_of="2026-01-31", currency="KRW")
    assert Limit.of("5 USD", book).amount == pytest.approx(5000)


@pytest.mark.parametrize("text", ["", "much", "-1 %", "-5 USD", "10", "5 USD/hour", "nan %", "%"])
def test_a_limit_that_is_none(text: str, tmp_path: Path) -> None:
    one = scenario(tables(tmp_path))
    with pytest.raises(InputError, match=r"--max-increase.*'10 %' or '500 USD'"):
        diff(one, one, max_increase=text)


def test_from_nothing_every_share_is_exceeded() -> None:
    assert not Limit("10 %", 0.1, None).allows(0.0, 0.01)
    assert Limit("10 %", 0.1, None).allows(0.0, 0.0)


def test_a_cost_without_a_price_is_unknown_and_never_zero(tmp_path: Path) -> None:
    before = scenario(tables(tmp_path / "old"), THEIRS)
    lacking = scenario(
        tables(tmp_path / "new", {EC2: ""}), THEIRS, OURS, switching={"current": "self-hosted"}
    )
    result = diff(before, lacking, max_increase="1000 %")
    assert result.total is not None
    move = by_name(result)["self-hosted"]
    assert (move.change, move.totals, move.difference) == ("added", (None, None), None)
    assert EC2 in " ".join(move.open[1])
    assert result.total.open == ((), ("self-hosted",))
    assert result.total.after == 0  # the known part: Basic does not run any more
    assert result.verdict == "unknown"
    assert "and 1 cost is not known" in result.to_markdown()


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    one = scenario(tables(tmp_path), OURS, THEIRS)
    with pytest.raises(InputError, match="--current: got 'our'; expected a deployment of either"):
        diff(one, one, current=["our"])
    result = diff(one, one, current=["self-hosted", "confluent-basic"])
    assert result.total is not None
    assert result.total.after == pytest.approx(3 * 730 + 45 * GIB_PER_TB * 0.05)


@settings(max_examples=15, deadline=None)
@given(
    traffic=st.tuples(st.integers(1, 99), st.integers(1, 99)),
    prices=st.tuples(st.integers(0, 50), st.integers(0, 50)),
    clusters=st.tuples(st.integers(1, 3), st.integers(1, 3)),
)
def test_parts_and_lines_sum_to_the_difference_and_turn_around(
    traffic: tuple[int, int],
    prices: tuple[int, int],
    clusters: tuple[int, int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    sides = []
    for ingress, price, count in zip(traffic, prices, clusters, strict=True):
        book = tables(tmp_path_factory.mktemp("book"), {INGRESS: f"{price / 100}", EC2: "1.5"})
        ours = {**OURS, "clusters": count}
        sides.append(scenario(book, ours, THEIRS, ingress=ingress))
    there, back = diff(sides[0], sides[1]), diff(sides[1], sides[0])
    for move, other in zip(there.deployments, back.deployments, strict=True):
        assert move.difference is not None
        assert sum(parts(move).values()) == pytest.approx(move.difference, rel=1e-9, abs=1e-6)
        lines = sum(line.difference or 0.0 for line in move.lines)
        assert lines == pytest.approx(move.difference, rel=1e-9, abs=1e-6)
        for line in move.lines:
            assert sum(parts(line).values()) == pytest.approx(line.difference, rel=1e-9, abs=1e-6)
        assert other.difference == pytest.approx(-move.difference, rel=1e-9, abs=1e-6)


def _files(tmp_path: Path, *ingress: float) -> list[str]:
    book = tables(tmp_path / "book")
    names = []
    for i, amount in enumerate(ingress):
        file = tmp_path / f"side{i}.toml"
        file.write_text(
            f'[workload]\ningress = "{amount:g} TB/month"\nretention = "1 hour"\n'
            '[conventions]\nassumptions = "bare"\n'
            f'[prices]\nbook = "{book}"\nas_of = 2026-01-31\n'
            '[[deployment]]\nkind = "confluent-basic"\nregion = "us-east-1"\n',
            encoding="utf-8",
        )
        names.append(str(file))
    return names


@pytest.mark.parametrize(("ingress", "status"), [(43, 0), (44, 0), (45, 3)])
def test_the_exit_status_is_that_of_the_limit(
    ingress: float, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = _files(tmp_path, 40, ingress)
    assert main(["diff", *files, "--max-increase", "10 %", "--format", "json"]) == status
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert result["limit"]["verdict"] == ("beyond" if status else "within")
    assert result["total"]["difference"] == pytest.approx((ingress - 40) * GIB_PER_TB * 0.05)
    assert err == ("kafkatco: beyond the limit of 10 %\n" if status else "")


def test_the_comment_has_a_mark_a_headline_and_folded_details(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = _files(tmp_path, 40, 60)
    assert main(["diff", *files, "--format", "markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "<!-- kafkatco diff: side1.toml -->"
    more, before, after = (tb * GIB_PER_TB * 0.05 for tb in (20, 40, 60))
    assert lines[1] == (
        f"### Kafka: the monthly cost rises by {more:,.2f} USD (+50.0 %), from {before:,.2f} to "
        f"{after:,.2f}"
    )
    text = "\n".join(lines)
    assert text.count("<details>") == text.count("</details>") == text.count("<summary>") > 0
    assert "traffic before: ingress 40 TB/month" in text
    assert "traffic after: ingress 60 TB/month" in text


def test_one_scenario_alone_has_nothing_to_be_compared_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *_files(tmp_path, 40)]) == 2
    assert "is a scenario; name the one to compare it with" in capsys.readouterr().err


def test_a_difference_of_floors_is_marked(tmp_path: Path) -> None:
    ours = {**OURS, "monitoring": "none"}
    before = scenario(tables(tmp_path / "old"), ours)
    # a storage price that is open makes the bill a floor
    folder = Path(tables(tmp_path / "new"))
    file = folder / "ours.csv"
    text = file.read_text(encoding="utf-8")
    row = "aws.ebs.gp3.storage,any,{},USD,GiB-month,0,{}"
    open_price = text.replace(row.format("0", "flat"), row.format("", "open"))
    assert open_price != text
    file.write_text(open_price, encoding="utf-8")
    result = diff(before, scenario(str(folder), ours), max_increase="10 %")
    [move] = result.deployments
    assert move.totals == pytest.approx((2190, 2190))
    assert move.open == ((), ("no price of aws.ebs.gp3.storage",))
    assert result.verdict == "unknown"
    assert "| 2,190.00 | 2,190.00+ | 0.00 ? |" in result.to_markdown()

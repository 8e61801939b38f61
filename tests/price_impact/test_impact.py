"""What a change of prices moves, against arithmetic on tables of a few rows.

Three m5.2xlarge brokers at 1 USD an hour cost 3 x 730 h x 1 USD = 2,190 USD a month; a Basic
cluster costs 0.05 USD for each GiB written, and all else is free.  They break even at 2,190 / 0.05
= 43,800 GiB a month.
"""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import Impact, InputError, PriceBook, Scenario, impact
from kafkatco.article.scenario import LIST_REGIONS, article, at_list
from kafkatco.cli.main import main
from kafkatco.price_impact.bills import TOGETHER
from kafkatco.price_impact.drivers import find_drivers
from kafkatco.price_impact.impact import BillMove, CrossingMove
from kafkatco.prices.csv_tables import pricing_root
from kafkatco.prices.rows import PriceRow
from kafkatco.scenario.scenario import SCENARIOS

HEADER = ",".join(PriceRow._fields[:-1])
EC2, INGRESS, WAGE, RATE = (
    "aws.ec2.m5.2xlarge",
    "confluent.basic.ingress",
    "labour.devops-engineer",
    "fx.usd.krw",
)
UNITS = {
    EC2: "USD,hour",
    "aws.ebs.gp3.storage": "USD,GiB-month",
    "aws.ebs.gp3.iops": "USD,IOPS-month",
    "aws.ebs.gp3.throughput": "USD,MiB/s-month",
    "aws.data-transfer.inter-az": "USD,GiB",
    "confluent.basic.cluster": "USD,hour",
    "confluent.basic.ecku": "USD,hour",
    INGRESS: "USD,GiB",
    "confluent.basic.egress": "USD,GiB",
    "confluent.basic.storage": "USD,GiB-month",
    RATE: "KRW,USD",
    WAGE: "KRW,FTE-month",
    "aws.ec2.m5.xlarge": "USD,hour",
    "aws.support.business": "USD,USD",
    "aws.support.business.minimum": "USD,month",
}
FREE = dict.fromkeys(list(UNITS)[:10], "0")
PRICES: Mapping[str, str] = {**FREE, EC2: "1", INGRESS: "0.05", RATE: "1000", WAGE: "1000000"}
OURS: dict[str, Any] = {"kind": "self-hosted", "region": "us-east-1", "instance": "m5.2xlarge"}
THEIRS: dict[str, Any] = {"kind": "confluent-basic", "region": "us-east-1"}
#: Three brokers carry it, and are the controllers.
BARE: dict[str, Any] = {"assumptions": "bare"}
#: Where they break even [TB a month].
EVEN = 3 * 730 / 0.05 * 2**30 / 1e12


def tables(folder: Path, prices: Mapping[str, str]) -> Path:
    """Write a book; a price that is empty is on request, and one that is open has no figure."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = (
        f"{sku},any,{price.removeprefix('open')},{UNITS[sku]},0,"
        f"{ {'': 'quote', 'open': 'open'}.get(price, 'flat') },2025-01-01,2025-01-01,"
        "https://example.org,official,\n"
        for sku, price in prices.items()
    )
    (folder / "ours.csv").write_text(HEADER + "\n" + "".join(rows), encoding="utf-8")
    return folder


def scenario(book: Path, **changes: Any) -> Scenario:
    """Return a scenario of the two at 45 TB a month, just below where they break even."""
    data: dict[str, Any] = {
        "workload": {"ingress": "45 TB/month", "retention": "1 hour"},
        "conventions": BARE,
        "prices": {"book": str(book), "as_of": "2026-01-31"},
        "deployment": [OURS, THEIRS],
    }
    return Scenario.from_dict({**data, **changes})


def moved(folder: Path, after: Mapping[str, str], **changes: Any) -> Impact:
    """Return what it does that some prices are others."""
    base = scenario(tables(folder / "before", PRICES), **changes)
    later = tables(folder / "after", {**PRICES, **after})
    return impact(base, base.book, base.book.at(folder=later))


def parts(bill: BillMove) -> dict[str, Any]:
    """Return by how much each driver moves a bill."""
    return {part.name: part.amount for part in bill.parts}


def causes(crossing: CrossingMove) -> dict[str, Any]:
    """Return where each cause alone puts a break-even."""
    return {cause.name: cause.alone for cause in crossing.because}


def sums(result: Impact) -> None:
    """The parts of each bill sum to its difference."""
    for bill in result.bills:
        if bill.difference is None:
            assert not bill.parts
        else:
            total = sum(part.amount for part in bill.parts)
            assert total == pytest.approx(bill.difference, rel=1e-9, abs=1e-9)


def test_nothing_moves_between_two_copies(tmp_path: Path) -> None:
    result = moved(tmp_path, {})
    assert result.nothing
    assert not [*result.prices, *result.crossings, *result.cheapest, *result.claims]
    assert [bill.difference for bill in result.bills] == [0.0, 0.0]
    assert "nothing changed" in result.to_markdown()
    assert result.to_dict()["nothing_moved"] is True


def test_a_price_moves_bill_break_even_winner_and_path(tmp_path: Path) -> None:
    result = moved(tmp_path, {EC2: "0.9"})
    [(change, users)] = result.prices
    assert (change.sku, users) == (EC2, ("self-hosted",))
    assert change.percent == pytest.approx(-10)
    ours, theirs = result.bills
    assert parts(ours) == {EC2: pytest.approx((0.9 - 1) * 3 * 730)}
    assert ours.percent == pytest.approx(-10)
    assert (theirs.difference, theirs.parts, theirs.changed) == (0.0, (), False)
    [crossing] = result.crossings
    assert (crossing.before, crossing.after) == pytest.approx((EVEN, 0.9 * EVEN))
    assert crossing.leads
    assert causes(crossing) == {EC2: pytest.approx(0.9 * EVEN)}
    assert result.sentences() == (
        "self-hosted against confluent-basic: the break-even moved from 47.03 to 42.33 TB a month, "
        "because aws.ec2.m5.2xlarge fell by 10 %",
    )
    [part_of] = result.cheapest
    assert (part_of.start, part_of.stop) == pytest.approx((0.9 * EVEN, EVEN))
    assert (part_of.before, part_of.after) == ("confluent-basic", "self-hosted")
    assert result.winner == ("confluent-basic", "self-hosted")
    [path] = result.paths
    assert path.changed
    assert [stay.deployment for stay in (*path.before, *path.after)] == list(result.winner)
    assert path.cost_before == pytest.approx(36 * 45e12 / 2**30 * 0.05)
    assert path.cost_after == pytest.approx(36 * 3 * 730 * 0.9)


def test_each_of_two_causes_is_named_alone(tmp_path: Path) -> None:
    result = moved(tmp_path, {EC2: "0.9", INGRESS: "0.04"})
    [crossing] = result.crossings
    assert crossing.after == pytest.approx(EVEN * 0.9 / 0.8)
    assert causes(crossing) == {INGRESS: pytest.approx(EVEN / 0.8), EC2: pytest.approx(EVEN * 0.9)}
    assert [cause.name for cause in crossing.because] == [INGRESS, EC2]  # the greater first
    assert result.sentences() == (
        "self-hosted against confluent-basic: the break-even moved from 47.03 to 52.91 TB a month, "
        "because confluent.basic.ingress fell by 20 % (alone: to 58.79), "
        "although aws.ec2.m5.2xlarge fell by 10 % (alone: to 42.33)",
    )


def test_a_break_even_goes_and_comes(tmp_path: Path) -> None:
    result = moved(tmp_path, {EC2: "0.001"})  # 0.047 TB a month: below what is looked at
    assert result.sentences() == (
        "self-hosted against confluent-basic: the break-even at 47.03 TB a month is gone, "
        "because aws.ec2.m5.2xlarge fell by 99.9 %",
    )
    books = [
        PriceBook(tmp_path / name, as_of="2026-01-31", assumptions="bare")
        for name in ("after", "before")
    ]
    back = impact(scenario(tmp_path / "before"), *books)
    [crossing] = back.crossings
    assert crossing.before is None
    assert crossing.after == pytest.approx(EVEN)
    # 0.001 to 1 is + 99,900 %
    assert back.sentences()[0].endswith("appeared, because aws.ec2.m5.2xlarge rose by 99900 %")


def test_an_exchange_rate_and_a_price_have_a_part_that_they_make_together(tmp_path: Path) -> None:
    prices = {"book": str(tmp_path / "before"), "as_of": "2026-01-31", "currency": "KRW"}
    result = moved(tmp_path, {EC2: "0.9", RATE: "1100"}, prices=prices)
    hours = 3 * 730
    assert parts(result.bills[0]) == {
        EC2: pytest.approx((0.9 - 1) * 1000 * hours),
        RATE: pytest.approx(1 * (1100 - 1000) * hours),
        TOGETHER: pytest.approx((0.9 - 1) * (1100 - 1000) * hours),
    }
    assert {change.sku for change, _ in result.prices} == {EC2, RATE}
    sums(result)


def test_a_wage_moves_the_cost_of_staff(tmp_path: Path) -> None:
    ours = {**OURS, "labour": {"fte": 2.0}}
    result = moved(tmp_path, {WAGE: "1100000"}, deployment=[ours, THEIRS])
    # 2 people x 100,000 KRW at 1,000 KRW per USD
    assert parts(result.bills[0]) == {WAGE: pytest.approx(200)}
    assert f"{WAGE} rose by 10 %" in result.sentences()[0]


def test_the_users_own_prices_stay(tmp_path: Path) -> None:
    book = tables(tmp_path / "before", PRICES)
    prices = {"book": str(book), "as_of": "2026-01-31", "override": {EC2: "0.5 USD/hour"}}
    labour = {"fte": 1.0, "monthly": "1000 USD"}
    result = moved(
        tmp_path,
        {EC2: "2", WAGE: "9"},
        prices=prices,
        deployment=[{**OURS, "labour": labour}, THEIRS],
    )
    assert result.nothing
    assert result.bills[0].after == pytest.approx(0.5 * 3 * 730 + 1000)


def test_a_discount_moves_with_its_charges(tmp_path: Path) -> None:
    result = moved(tmp_path, {EC2: "0.9"}, deployment=[{**OURS, "discount": 0.05}, THEIRS])
    [part] = result.bills[0].parts
    assert part.amount == pytest.approx(0.95 * (0.9 - 1) * 3 * 730)


def test_a_price_that_is_newly_known_changes_the_choice(tmp_path: Path) -> None:
    result = moved(
        tmp_path,
        {"aws.ec2.m5.xlarge": "0.4"},
        deployment=[{**OURS, "instance": "cheapest"}, THEIRS],
    )
    bill = result.bills[0]
    assert ("instance", "m5.2xlarge", "m5.xlarge") in bill.choices
    [part] = bill.parts
    assert part.text == "aws.ec2.m5.xlarge is new"
    assert part.amount == pytest.approx((0.4 - 1) * 3 * 730)


@pytest.mark.parametrize("swap", [False, True])
def test_a_price_that_only_one_of_the_books_has(tmp_path: Path, swap: bool) -> None:
    base = scenario(tables(tmp_path / "before", PRICES))
    later = tables(tmp_path / "after", {**PRICES, INGRESS: ""})
    books = [base.book, base.book.at(folder=later)]
    result = impact(base, *(reversed(books) if swap else books))
    ours, theirs = result.bills
    assert ours.difference == 0.0
    totals, whys = (theirs.before, theirs.after), theirs.why
    gone, kept = (0, 1) if swap else (1, 0)
    assert totals[gone] is None
    assert INGRESS in whys[gone]
    assert totals[kept] == pytest.approx(45e12 / 2**30 * 0.05)
    assert whys[kept] == ""
    assert theirs.difference is None
    assert theirs.changed
    assert not theirs.parts
    assert result.winner[gone] == "self-hosted"
    assert result.crossings == ()  # of a pair that is there in one of them only
    assert any(f"{('before', 'after')[gone]}: without confluent-basic" in n for n in result.notes)
    assert "none" in result.to_markdown()
    json.dumps(result.to_dict(), allow_nan=False)


def test_a_book_without_prices_has_a_note(tmp_path: Path) -> None:
    result = moved(tmp_path, {INGRESS: "", EC2: ""})
    assert result.winner == ("confluent-basic", None)
    assert "plan, after: no deployment has every price" in result.notes
    assert [bill.after for bill in result.bills] == [None, None]


def test_the_one_that_runs_now_lacks_a_price(tmp_path: Path) -> None:
    rules = {"current": "confluent-basic", "lead_months": {"confluent-basic": 2}}
    result = moved(tmp_path, {INGRESS: ""}, switching=rules)
    assert result.paths == ()
    assert any("got 'confluent-basic'; expected a deployment" in note for note in result.notes)


def test_a_missing_price_on_both_dates_has_one_note(tmp_path: Path) -> None:
    base = scenario(tables(tmp_path, PRICES))  # capacities begin on 2025-10-01
    result = impact(base, *(base.book.at(as_of=date) for date in ("2025-02-01", "2025-03-01")))
    assert result.nothing
    assert result.winner == (None, None)
    text = result.to_markdown()
    assert "self-hosted: before and after: no " in text
    assert "before: no " not in text
    assert text.count("no partitions of") == 1
    # the capacities of both are unknown
    assert result.not_compared == ("self-hosted", "confluent-basic")
    assert "could not compare: no deployment has a bill" in text
    assert "nothing changed" not in text


def test_the_number_of_deployments_not_compared_is_shown(tmp_path: Path) -> None:
    base = scenario(tables(tmp_path / "whole", PRICES))
    book = base.book.at(folder=tables(tmp_path / "book", {**PRICES, INGRESS: ""}))
    result = impact(base, book, book)
    assert result.nothing
    assert result.to_dict()["not_compared"] == ["confluent-basic"]
    text = result.to_markdown()
    assert "nothing changed where both books have a bill; could not compare 1 of 2" in text
    assert "every answer" not in text
    assert "plan, before and after: without confluent-basic" in text


def test_a_deployment_infeasible_on_both_dates_is_compared(tmp_path: Path) -> None:
    base = scenario(tables(tmp_path, PRICES), workload={"ingress": "9 GB/s", "retention": "1 hour"})
    result = impact(base, base.book, base.book)
    [theirs] = [bill for bill in result.bills if bill.deployment == "confluent-basic"]
    assert theirs.before is None
    assert result.not_compared == ()
    assert "every answer is the same" in result.to_markdown()


LABOUR: dict[str, Any] = {**OURS, "labour": {"fte": 0.5}}


@pytest.mark.parametrize("swap", [False, True])
def test_a_floor_is_not_the_cheapest(tmp_path: Path, swap: bool) -> None:
    base = scenario(tables(tmp_path / "before", PRICES), deployment=[LABOUR, THEIRS])
    later = tables(tmp_path / "after", {**PRICES, EC2: "open"})
    books = [base.book, base.book.at(folder=later)]
    result = impact(base, *(reversed(books) if swap else books))
    ours = result.bills[0]
    # half a person, 500 USD a month, remains
    totals = [3 * 730 + 500, 500]
    assert [ours.before, ours.after] == pytest.approx(totals[::-1] if swap else totals)
    assert result.winner == ("confluent-basic", "confluent-basic")
    [crossing] = result.crossings
    assert crossing.unpriced_skus == {"self-hosted": ((EC2,), ()) if swap else ((), (EC2,))}
    assert crossing.leads
    at = [EVEN * (3 * 730 + 500) / (3 * 730), EVEN * 500 / (3 * 730)]
    assert [crossing.before, crossing.after] == pytest.approx(at[::-1] if swap else at)
    assert result.sentences() == (
        "self-hosted against confluent-basic: the break-even moved from "
        + ("10.74 to 57.77" if swap else "57.77 to 10.74")
        + f" TB a month, because {EC2} "
        + ("is priced differently" if swap else "has no price any more")
        + f" (self-hosted {'was' if swap else 'is'} a floor: no price of {EC2})",
    )
    # where it was the cheapest: up to what Basic can serve, and beyond that
    winners = [("self-hosted", "confluent-basic"), ("self-hosted", None)]
    sides = [(part.before, part.after) for part in result.cheapest]
    assert sides == [pair[::-1] if swap else pair for pair in winners]
    assert result.cheapest[0].start == pytest.approx(at[0])
    when = "before" if swap else "after"
    assert f"plan, {when}: self-hosted is a floor: no price of {EC2}" in result.notes
    side = result.to_dict()["crossovers"]["moved"][0]["open"]["self-hosted"]
    assert side[when] == [EC2]


def test_where_all_are_floors_none_is_the_cheapest(tmp_path: Path) -> None:
    result = moved(tmp_path, {EC2: "open", INGRESS: "open"})
    assert result.winner == ("confluent-basic", None)
    assert {part.after for part in result.cheapest} == {None}
    assert "none that is feasible and whose cost is known" in result.to_markdown()


def test_many_prices_that_are_no_more_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kafkatco.price_impact.drivers.MOST", 1)
    result = moved(tmp_path, {INGRESS: "0.06", "confluent.basic.egress": "open"})
    [cause] = result.crossings[0].because
    assert cause.text == "prices of confluent.basic (1 changed, +20 %, 1 without a price now)"


def test_a_price_that_comes_to_be_on_request_has_none_any_more(tmp_path: Path) -> None:
    base = scenario(tables(tmp_path / "before", PRICES))
    later = base.book.at(folder=tables(tmp_path / "after", {**PRICES, EC2: ""}))
    [driver] = find_drivers(base, replace(base, book=later), [(EC2, "us-east-1")])
    assert driver.text == f"{EC2} has no price any more"


def test_books_of_other_settings_are_refused(tmp_path: Path) -> None:
    base = scenario(tables(tmp_path, PRICES))
    own = {EC2: "0.5 USD/hour"}
    cases: list[tuple[dict[str, Any], dict[str, Any], str]] = [
        ({}, {"gigabyte": "decimal"}, "got 'decimal'; expected 'metered', as before"),
        ({}, {"overrides": own}, f"got the override '0.5 USD/hour' of '{EC2}'"),
        ({"overrides": own}, {}, f"got no override of '{EC2}'"),
        ({"overrides": own}, {"overrides": {EC2: "0.6 USD/hour"}}, "'0.5 USD/hour' of"),
    ]
    for old, new, expected in cases:
        books = (PriceBook(tmp_path, as_of="2026-01-31", **settings) for settings in (old, new))
        with pytest.raises(InputError) as error:
            impact(base, *books)
        assert expected in str(error.value)
    alike = PriceBook(tmp_path, as_of="2026-01-31", overrides=own)
    assert impact(base, alike, alike).nothing


def test_capacities_of_another_date(tmp_path: Path) -> None:
    base = scenario(
        tables(tmp_path, PRICES),
        workload={"ingress": "10 MB/s", "retention": "100 days"},
        deployment=[OURS],
    )
    # a gp3 disk holds 16,384 GiB until 2025-12-01, and 65,536 since
    stored = 10e6 * 86_400 * 100 * 3 / 2**30
    brokers = [3 * -(-stored // (3 * size)) for size in (16_384, 65_536)]
    result = impact(base, *(base.book.at(as_of=date) for date in ("2025-11-30", "2025-12-01")))
    [bill] = result.bills
    assert ("brokers", *brokers) in bill.choices
    [part] = bill.parts
    assert part.name == "capacities"
    assert "aws.ebs.gp3.max_size" in part.text
    assert part.amount == pytest.approx((brokers[1] - brokers[0]) * 730)
    assert result.prices == ()


def test_the_hours_of_a_calendar_month(tmp_path: Path) -> None:
    base = scenario(
        tables(tmp_path, PRICES),
        workload={"ingress": "10 MB/s", "retention": "1 hour"},
        conventions={**BARE, "month_hours": "calendar"},
    )
    result = impact(base, *(base.book.at(as_of=date) for date in ("2026-01-31", "2026-02-28")))
    assert parts(result.bills[0]) == {"hours of the month": pytest.approx(3 * (672 - 744))}
    [crossing] = result.crossings
    assert crossing.before == pytest.approx(EVEN * 744 / 730)
    assert crossing.after == pytest.approx(EVEN * 672 / 730)
    assert "because the month has 672 instead of 744 hours" in result.sentences()[0]


def test_many_prices_are_one_cause_service_by_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kafkatco.price_impact.drivers.MOST", 2)
    after = {EC2: "0.9", INGRESS: "0.06", "confluent.basic.egress": "0.01"}
    result = moved(tmp_path, after)
    [crossing] = result.crossings
    assert crossing.after == pytest.approx(EVEN * 0.05 * 0.9 / 0.07)
    assert [cause.name for cause in crossing.because] == ["confluent.basic.*", EC2]
    assert crossing.because[0].alone == pytest.approx(EVEN * 0.05 / 0.07)
    # from 0 to 0.01 is no percentage
    assert crossing.because[0].text == "prices of confluent.basic (2 changed, +20 %)"


PERCENT = st.integers(min_value=-90, max_value=200)


@settings(max_examples=15)
@given(st.fixed_dictionaries(dict.fromkeys((EC2, INGRESS, RATE, WAGE), PERCENT)), st.booleans())
def test_the_parts_sum_to_the_difference(percents: dict[str, int], plans: bool) -> None:
    known = {**PRICES, "aws.support.business": "0.1", "aws.support.business.minimum": "100"}
    after = {
        sku: f"{float(known[sku]) * (1 + percent / 100):.9f}" for sku, percent in percents.items()
    }
    ours = {**OURS, "labour": {"fte": 0.5}, "discount": 0.1}
    ours |= {"support": "business"} if plans else {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = tables(folder / "before", known)
        base = scenario(
            book,
            prices={"book": str(book), "as_of": "2026-01-31", "currency": "KRW"},
            deployment=[ours, THEIRS],
        )
        later = base.book.at(folder=tables(folder / "after", {**known, **after}))
        result = impact(base, base.book, later)
    sums(result)
    names = {part.name for bill in result.bills for part in bill.parts}
    assert names <= {EC2, INGRESS, RATE, WAGE, TOGETHER}
    [bill] = [bill for bill in result.bills if bill.deployment == "confluent-basic"]
    gib, now = 45e12 / 2**30, {sku: float(price) for sku, price in after.items()}
    assert bill.after == pytest.approx(gib * now[INGRESS] * now[RATE])


def copied(folder: Path, row: str) -> Path:
    """Return a copy of the list book with one row more."""
    shutil.copytree(pricing_root() / "list", folder)
    with (folder / "aws" / "ec2.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    return folder


@pytest.mark.slow
def test_a_verdict_moves(tmp_path: Path) -> None:
    before = PriceBook("list", as_of="2025-10-31", currency="KRW")
    # three of them cost as much as in the article: 250,000 KRW at 1,428.1374 KRW per USD
    price = 250_000 / (3 * 730 * 1428.1374)
    row = (
        f"aws.ec2.t3.medium,ap-northeast-2,{price:.6f},USD,hour,0,flat,2025-10-30,2025-10-30,"
        "https://example.org,official,"
    )
    after = before.at(folder=copied(tmp_path / "list", row))
    base = at_list(article(), LIST_REGIONS[0], sized=True, book=before)
    result = impact(base, before, after, claims=True)
    moves = {move.before.key: move for move in result.claims}
    assert (moves["ec2"].before.verdict, moves["ec2"].after.verdict) == ("does not hold", "holds")
    [(region, (was, now))] = moves["ec2"].listed.items()
    assert region == "ap-northeast-2"
    assert was == f"{3 * 730 * 0.052 * 1428.1374:,.0f} KRW"
    assert now == "250,000 KRW"
    assert moves.keys() == {"ec2", "self-hosted-total"}  # the sized clusters choose another
    assert "1 verdict changed" in result.to_markdown()
    assert "| verdict | does not hold | holds |" in result.to_markdown()
    assert result.prices == ()


def test_claims_are_in_won(tmp_path: Path) -> None:
    base = scenario(tables(tmp_path, PRICES))
    with pytest.raises(InputError, match="prices in KRW"):
        impact(base, base.book, base.book, claims=True)
    won = PriceBook(tmp_path, as_of="2026-01-31", currency="KRW")
    with pytest.raises(InputError, match="'USD', as before"):
        impact(base, base.book, won)
    # a book that lacks what the claims need
    base = scenario(
        tmp_path, prices={"book": str(tmp_path), "as_of": "2026-01-31", "currency": "KRW"}
    )
    assert any(
        note.startswith("claims, before and after: no price of ")
        for note in impact(base, base.book, base.book, claims=True).notes
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.stem for path in SCENARIOS.glob("*.toml")))
@pytest.mark.parametrize("dates", [("2025-10-31", "2026-10-31"), ("2024-10-31", "2025-10-31")])
def test_every_scenario_that_comes_with_the_package(name: str, dates: tuple[str, str]) -> None:
    base = Scenario.load(name)
    before, after = (base.book.at(as_of=date) for date in dates)
    result = impact(base, before, after)
    sums(result)
    json.dumps(result.to_dict(), allow_nan=False)
    assert result._repr_html_().startswith("<table>")
    assert result.to_markdown().startswith("**")
    assert [bill.deployment for bill in result.bills] == [
        deployment.label for deployment in base.deployments
    ]
    for bill in result.bills:
        assert (bill.before is None) == bool(bill.why[0])
        assert (bill.after is None) == bool(bill.why[1])


UNSTAFFED = "kafkatco: labour is not set: costs are without people\n"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["prices", "diff", *arguments]) == 0, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert err == ("" if "article" in arguments else UNSTAFFED)  # it has people
    return out


@pytest.fixture
def ours(tmp_path: Path) -> tuple[str, str]:
    """A scenario file whose EC2 price falls by 10 % on 2025-11-11, and its folder of tables."""
    book = tables(tmp_path / "book", PRICES)
    with (book / "ours.csv").open("a", encoding="utf-8") as file:
        file.write(f"{EC2},any,0.9,USD,hour,0,flat,2025-11-11,2025-11-11,https://e.org,official,\n")
    text = """
        [workload]
        ingress = "45 TB/month"
        retention = "1 hour"
        [conventions]
        assumptions = "bare"
        [prices]
        book = "book"
        as_of = 2026-01-31
        [[deployment]]
        kind = "self-hosted"
        name = "ours | `x` <b>"
        region = "us-east-1"
        instance = "m5.2xlarge"
        [[deployment]]
        kind = "confluent-basic"
        region = "us-east-1"
        """
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    return str(tmp_path / "ours.toml"), str(book)


DATES = ("2025-11-10", "2025-11-11")


def test_the_command_prints_all_formats(
    capsys: pytest.CaptureFixture[str], ours: tuple[str, str]
) -> None:
    words = (*DATES, "--impact", ours[0])
    text = " ".join(run(capsys, *words).split())
    for part in (
        "1 changed",
        "-10.00 %",
        "from 47.03 to 42.33 TB a month, because",
        "fell by 10 %",
    ):
        assert part in text
    data = json.loads(run(capsys, *words, "--format", "json"))
    assert [change["sku"] for change in data["changes"]] == [EC2]
    [bill, _] = data["impact"]["bills"]
    assert bill["difference"] == pytest.approx(-219)
    assert [part["cause"] for part in bill["parts"]] == [EC2]
    [row, other] = run(capsys, *words, "--format", "csv").splitlines()[1:]
    assert row.startswith("ours | `x` <b>,USD,2190.0,1971.0,-10.0,aws.ec2.m5.2xlarge,")
    assert other.endswith(",,,")


def test_the_book_may_be_another(capsys: pytest.CaptureFixture[str], ours: tuple[str, str]) -> None:
    words = (*DATES, "--impact", ours[0], "--book", ours[1], "--format", "json")
    assert json.loads(run(capsys, *words))["impact"]["before"]["book"] == ours[1]
    same = (DATES[0], DATES[0], "--impact", ours[0])
    assert "nothing changed" in run(capsys, *same)


@pytest.mark.slow
def test_the_articles_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    dates = ("2025-10-31", "2026-10-31", "fx", "--format", "json")
    data = json.loads(run(capsys, *dates, "--impact", "article"))["impact"]
    assert data["before"]["book"] == "list"
    assert data["currency"] == "KRW"
    assert {claim["claim"] for claim in data["claims"]} >= {"ec2", "free-credit"}
    assert all(bill["before"] and bill["after"] for bill in data["bills"])
    own = json.loads(run(capsys, *dates, "--impact", "article", "--book", "article"))["impact"]
    assert own["nothing_moved"] is True
    assert own["before"]["book"] == "article"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["2025-10-31", "2026-10-31", "--impact", "nowhere"], "scenario file not found"),
        (["2025-10-31", "2026-10-31", "--impact", ""], "scenario"),
        (["2026-10-31", "2025-10-31", "--impact", "article"], "expected 2026-10-31 or later"),
        (["2025-10-31", "soon", "--impact", "every-kind"], "such as 2025-10-31"),
        (["2025-10-31", "soon", "--impact", "article"], "such as 2025-10-31"),
        (["2025-10-31", "2026-10-31", "--impact", "every-kind", "--book", "lst"], "'list'"),
        (["2025-10-31", "2026-10-31", "--impact", "article", "--book", "lst"], "'list'"),
        (["2025-10-31", "2026-10-31", "--impact", "article", "--region", "mars"], "a region"),
        (["2025-10-31", "2026-10-31", "--format", "html"], "csv"),
        (["2025-10-31", "2026-10-31", "--impact"], "expected one argument"),
    ],
)
def test_a_mistake_exits_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    assert main(["prices", "diff", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert expected in err
    assert "Traceback" not in err


def test_the_books_stay_as_they_are(tmp_path: Path) -> None:
    base = scenario(tables(tmp_path / "before", PRICES))
    later = base.book.at(folder=tables(tmp_path / "after", {**PRICES, EC2: "0.9"}))
    prices = [(book.sha256, book.price(EC2, "us-east-1")) for book in (base.book, later)]
    impact(base, base.book, later)
    assert [(book.sha256, book.price(EC2, "us-east-1")) for book in (base.book, later)] == prices

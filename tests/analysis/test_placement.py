"""Parts of a workload, each where all together cost least: as brute force finds, and by hand."""

import csv
import io
import itertools
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    ConfluentBasic,
    InputError,
    Labour,
    MskStandard,
    PriceBook,
    Scenario,
    SelfHosted,
    Workload,
)
from kafkatco.analysis.placement import Part, place
from kafkatco.cli.main import main
from kafkatco.core.units import DURATION, parse
from kafkatco.costing.bill import bill_of
from kafkatco.deployments import Deployment
from support.ours import UNPARTED

BOOK = PriceBook("list", as_of="2025-10-31")
#: GiB of 10 decimal terabytes, which a month of 730 hours brings in the cases by hand.
GIB = 1e13 / 2**30
#: What is kept for a second costs nothing to speak of; averages are peaks.
LOAD = Workload(ingress="10 TB/month", retention="1 s", partitions=30, peak_to_average=1)
#: Three kafka.m7g.large, and their least disks of 1 GiB.
BROKERS = 3 * 730 * 0.204 + 3 * 0.10
#: Between zones, at 0.01 USD on both sides, for each GiB: 2/3 of the bytes written and read.
CROSSED = 8 / 3 * 0.01
#: Written and read once at Confluent, and a second of it in three copies.
USED = 0.10 + 3 * 0.08 / (3600 * 730)


def msk(name: str = "msk", **fields: Any) -> MskStandard:
    return MskStandard(name=name, region="us-east-1", instance="kafka.m7g.large", **fields)


def basic(name: str = "basic", **fields: Any) -> ConfluentBasic:
    return ConfluentBasic(
        name=name, region="us-east-1", units_from="average", access="none", **fields
    )


def people(fte: float, monthly: float = 1000) -> Labour:
    return Labour(fte=fte, monthly=f"{monthly!r} USD")


OPTIONS = (
    msk(labour=people(0.5), monitoring="self-hosted"),
    SelfHosted(
        name="own",
        region="us-east-1",
        instance="m7g.large",
        failure_margin="none",
        labour=Labour(base=0.1, per_cluster=0.1, per_broker=0.05, on_call=0, monthly="2000 USD"),
    ),
    basic(labour=people(0.05), monitoring="self-hosted"),
)
NAMES = [option.label for option in OPTIONS]
WHOLE_MB_S = st.floats(0.1, 40)


@st.composite
def parted(draw: st.DrawFn) -> tuple[Workload, list[Part]]:
    """A workload and one to three parts of it, each with some inputs of its own."""
    count = draw(st.integers(1, 3))
    weights = draw(st.lists(st.integers(1, 20), min_size=count, max_size=count))
    used = draw(st.sampled_from([1.0, 1.0, 0.6]))
    maybe: Any = st.none
    parts = [
        Part(
            name=f"part {i}",
            share=used * weight / sum(weights),
            fanout=draw(maybe() | st.floats(0, 6)),
            retention=draw(maybe() | st.integers(1, 200).map(lambda hours: f"{hours} h")),
            partitions=draw(maybe() | st.integers(1, 2500)),
            only=draw(maybe() | st.lists(st.sampled_from(NAMES), min_size=1, unique=True)),
        )
        for i, weight in enumerate(weights)
    ]
    whole = Workload(
        ingress=f"{draw(WHOLE_MB_S)!r} MB/s",
        fanout=draw(st.floats(0, 4)),
        retention="1 day",
        partitions=draw(st.integers(1, 1000)),
    )
    return whole, parts


def own_bill(whole: Workload, part: Part, option: Deployment) -> tuple[float, float]:
    """The cost of a part in a deployment, without and for shared components."""
    if part.only is not None and option.label not in part.only:
        return math.inf, 0.0
    load = whole.operands()
    own = load.replace(ingress_mib_s=load.ingress_mib_s * part.share)
    own = own.replace(partitions=float(max(1, round(whole.partitions * part.share))))
    if part.partitions is not None:
        own = own.replace(partitions=float(part.partitions))
    if part.fanout is not None:
        own = own.replace(fanout=part.fanout)
    if part.retention is not None:
        own = own.replace(retention_h=parse(part.retention, DURATION).value(730.0))
    bill = bill_of(option, own, BOOK)
    if bill.total is None:
        return math.inf, 0.0
    shared = sum(x.cost or 0 for x in bill.lines if x.component in ("labour", "monitoring"))
    return bill.total - shared, shared


def brute_force(
    whole: Workload, parts: Sequence[Part], options: Sequence[Deployment]
) -> dict[tuple[str, ...], float]:
    """The cost of every assignment: each part alone, and shared components once a deployment."""
    bills = {
        (part.name, option.label): own_bill(whole, part, option)
        for part in parts
        for option in options
    }
    result = {}
    for choice in itertools.product([option.label for option in options], repeat=len(parts)):
        here = [bills[part.name, label] for part, label in zip(parts, choice, strict=True)]
        most = {
            label: max(
                shared for (_, shared), own in zip(here, choice, strict=True) if own == label
            )
            for label in choice
        }
        result[choice] = sum(apart for apart, _ in here) + sum(most.values())
    return result


@settings(max_examples=60)
@given(case=parted())
def test_as_brute_force(case: tuple[Workload, list[Part]]) -> None:
    whole, parts = case
    costs = brute_force(whole, parts, OPTIONS)
    least = min(costs.values())
    if math.isinf(least):
        with pytest.raises(InputError, match="no deployment can handle the part"):
            place(whole, OPTIONS, BOOK, parts)
        return
    placement = place(whole, OPTIONS, BOOK, parts)
    assert placement.total == pytest.approx(least, rel=1e-9)
    chosen = tuple(placement.assigned[part.name] for part in parts)
    assert costs[chosen] == pytest.approx(least, rel=1e-9)
    assert placement.total == pytest.approx(
        sum(placement.apart.values()) + sum(placement.shared.values())
    )
    assert set(placement.shared) == set(chosen)
    together = {name: costs[(name,) * len(parts)] for name in NAMES}
    assert placement.together == pytest.approx(together, rel=1e-9)
    assert placement.total <= min(together.values()) * (1 + 1e-12)
    if math.isinf(min(together.values())):
        assert placement.saving is None
    else:
        assert placement.saving == pytest.approx(1 - least / min(together.values()), abs=1e-9)
    for part in parts:
        assert part.only is None or placement.assigned[part.name] in part.only


def test_people_are_paid_once() -> None:
    parts = [Part(name="core", share=0.75), Part(name="trial", share=0.25)]
    placement = place(LOAD, [msk(labour=people(0.3))], BOOK, parts)
    # two clusters of three brokers, and three tenths of a person of 1,000 USD for both
    assert placement.shared == pytest.approx({"msk": 300})
    assert placement.apart == pytest.approx(
        {"core": BROKERS + 0.75 * GIB * CROSSED, "trial": BROKERS + 0.25 * GIB * CROSSED}
    )
    assert placement.total == pytest.approx(2 * BROKERS + GIB * CROSSED + 300)
    assert placement.together == pytest.approx({"msk": placement.total})
    assert placement.saving == pytest.approx(0)


def test_the_most_that_any_part_needs_is_paid() -> None:
    # a tenth of a person a broker: 3 brokers, and 6 for 1,500 partitions of which 1,000 fit on 3
    each = Labour(base=0, per_cluster=0, per_broker=0.1, on_call=0, monthly="1000 USD")
    parts = [Part(name="few", share=0.5), Part(name="many", share=0.5, partitions=1500)]
    placement = place(LOAD, [msk(labour=each)], BOOK, parts)
    assert placement.shared == pytest.approx({"msk": 600})
    assert placement.apart["many"] == pytest.approx(2 * BROKERS + 0.5 * GIB * CROSSED)
    assert placement.total == pytest.approx(3 * BROKERS + GIB * CROSSED + 600)


def test_a_shared_person_may_draw_a_part_along() -> None:
    # the trial alone is cheaper at basic, which needs people too; with the core it is not
    trial = 0.05 * GIB
    parts = [Part(name="core", share=0.95, only=["msk"]), Part(name="trial", share=0.05)]
    options = [msk(labour=people(1)), basic(labour=people(0.5))]
    alone = place(LOAD, options, BOOK, [parts[1]])
    assert alone.assigned == {"trial": "basic"}
    assert trial * USED + 500 < BROKERS + trial * CROSSED + 1000
    both = place(LOAD, options, BOOK, parts)
    assert both.assigned == {"core": "msk", "trial": "msk"}
    assert BROKERS + trial * CROSSED < trial * USED + 500
    assert both.total == pytest.approx(2 * BROKERS + GIB * CROSSED + 1000)


def test_splitting_saves_by_hand() -> None:
    # 9.5 TB are cheaper at msk, and half a terabyte where there is no cluster to pay for
    parts = [Part(name="core", share=0.95), Part(name="trial", share=0.05)]
    placement = place(LOAD, [msk(), basic()], BOOK, parts)
    assert placement.assigned == {"core": "msk", "trial": "basic"}
    split = BROKERS + 0.95 * GIB * CROSSED + 0.05 * GIB * USED
    at_msk, at_basic = 2 * BROKERS + GIB * CROSSED, GIB * USED
    assert placement.total == pytest.approx(split)
    assert placement.together == pytest.approx({"msk": at_msk, "basic": at_basic})
    assert placement.saving == pytest.approx(1 - split / min(at_msk, at_basic))
    assert placement.currency == "USD"


def test_only_allowed_deployments_are_used() -> None:
    parts = [
        Part(name="core", share=0.95, only=["msk"]),
        Part(name="trial", share=0.05, only=["basic"]),
    ]
    placement = place(LOAD, [msk(), basic()], BOOK, parts)
    assert placement.together == {"msk": math.inf, "basic": math.inf}
    assert placement.saving is None
    swapped = [
        parts[0].model_copy(update={"only": ["basic"]}),
        parts[1].model_copy(update={"only": ["msk"]}),
    ]
    placement = place(LOAD, [msk(), basic()], BOOK, swapped)
    assert placement.assigned == {"core": "basic", "trial": "msk"}
    assert placement.total == pytest.approx(0.95 * GIB * USED + BROKERS + 0.05 * GIB * CROSSED)


def test_a_part_has_a_fanout_a_retention_and_partitions_of_its_own() -> None:
    # 5 GiB of 10 each; read three times: 0.05 USD in and 3 x 0.05 out; kept for 73 hours, a tenth
    # of a month, in three copies at 0.08; 61 partitions are three eCKUs, of which one is free
    parts = [
        Part(name="read", share=0.2, fanout=3),
        Part(name="kept", share=0.2, retention="73 h"),
        Part(name="many", share=0.2, partitions=61),
        Part(name="plain", share=0.2),
    ]
    placement = place(LOAD, [basic()], BOOK, parts)
    fifth, second = 0.2 * GIB, 3 * 0.08 / (3600 * 730)
    assert placement.apart == pytest.approx(
        {
            "read": fifth * (0.20 + second),
            "kept": fifth * (0.10 + 0.1 * 3 * 0.08),
            "many": fifth * USED + 2 * 730 * 0.14,
            "plain": fifth * USED,
        }
    )
    assert Part(name="a", share=0.5).workload(LOAD).partitions == 15
    assert Part(name="a", share=0.001).workload(LOAD).partitions == 1


def test_parts_may_be_less_than_the_whole_and_no_more() -> None:
    tenths = [Part(name=f"part {i}", share=0.1) for i in range(10)]  # 0.1 ten times is not quite 1
    assert place(LOAD, [basic()], BOOK, tenths).total == pytest.approx(GIB * USED)
    assert place(LOAD, [basic()], BOOK, tenths[:3]).total == pytest.approx(0.3 * GIB * USED)
    with pytest.raises(InputError, match=r"share: got 1\.4 in total; expected at most 1 in total"):
        place(LOAD, [basic()], BOOK, [Part(name="a", share=0.7), Part(name="b", share=0.7)])


def test_wrong_parts_are_refused() -> None:
    half = Part(name="core", share=0.5)
    with pytest.raises(InputError, match=r"core.only: got 'mks'.*Did you mean 'msk'"):
        place(LOAD, [msk(), basic()], BOOK, [Part(name="core", share=0.5, only=["mks"])])
    with pytest.raises(InputError, match="parts: got an empty list; expected at least one part"):
        place(LOAD, [msk()], BOOK, [])
    with pytest.raises(InputError, match=r"parts: got .*; expected distinct names"):
        place(LOAD, [msk()], BOOK, [half, half])
    wrong: list[Any] = [half, "core", [half, "trial"]]
    for what in wrong:
        with pytest.raises(InputError, match=r"parts: got .*; expected a list of parts"):
            place(LOAD, [msk()], BOOK, what)
    # 3 deployments for 14 parts: 3^14 = 4,782,969 assignments
    many = [Part(name=f"part {i}", share=0.05) for i in range(14)]
    with pytest.raises(InputError, match="3 deployments for 14 parts; expected at most 2,000,000"):
        place(LOAD, [msk("a"), msk("b"), msk("c")], BOOK, many)
    with pytest.raises(InputError) as caught:
        place(LOAD, [msk()], BOOK, [half, half.model_copy(update={"share": 0.9, "only": ["x"]})])
    assert [p.where for p in caught.value.problems] == ["parts", "share", "core.only"]


def test_all_options_infeasible() -> None:
    big = Workload(ingress="2 GB/s")  # a Basic cluster takes 250 MB/s
    parts = [Part(name="all", share=0.9), Part(name="rest", share=0.1)]
    with pytest.raises(InputError, match="no deployment can handle the part 'all'"):
        place(big, [basic()], BOOK, parts)
    with pytest.raises(InputError, match="only"):
        Part(name="all", share=1, only=[])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"share": 0}, "share: got 0; expected more than 0"),
        ({"share": 1.5}, "share: got 1.5; expected at most 1"),
        ({"shar": 0.5}, "shar: unknown field. Did you mean 'share'"),
        ({"share": 0.5, "retention": 24}, "retention: got 24"),
        ({"share": 0.5, "fanout": -1}, "fanout: got -1"),
        ({"share": 0.5, "partitions": 0}, "partitions: got 0"),
    ],
)
def test_wrong_fields_are_refused(fields: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError) as caught:
        Part(name="core", **fields)
    assert expected in str(caught.value)


def test_connectors_are_divided_too() -> None:
    # 10 tasks of 0.30 USD an hour run once, whether or not their topics are in two clusters
    load = LOAD.model_copy(update={"connector_tasks": 10})
    halves = [Part(name="a", share=0.5), Part(name="b", share=0.5)]
    whole = place(load, [basic()], BOOK, [Part(name="all", share=1)])
    assert place(load, [basic()], BOOK, halves).total == pytest.approx(whole.total)


def test_connections_are_divided_too() -> None:
    # 20 connections an eCKU: 40 are two, one free; of two parts each has 20, in its free eCKU
    load = LOAD.model_copy(update={"connections": 40})
    halves = [Part(name="a", share=0.5), Part(name="b", share=0.5)]
    assert place(load, [basic()], BOOK, halves).total == pytest.approx(GIB * USED)


@pytest.mark.parametrize(
    ("part", "partitions", "topics"),
    [
        # a half of 41 partitions and of 9 topics, in whole ones
        (Part(name="a", share=0.5), 20, 5),
        (Part(name="a", share=0.5, topics=2), 20, 2),
        # three partitions are in three topics at most
        (Part(name="a", share=0.5, partitions=3), 3, 3),
    ],
)
def test_topics_are_divided_into_whole_ones(part: Part, partitions: int, topics: int) -> None:
    whole = LOAD.model_copy(update={"partitions": 41, "topics": 9})
    load = part.workload(whole)
    assert (load.partitions, load.topics) == (partitions, topics)


OURS = f"""{UNPARTED}
[[part]]
name = "core"
share = 0.95
only = ["msk"]
[[part]]
name = "trial"
share = 0.05
fanout = 2
"""


CORE = BROKERS + 0.95 * GIB * CROSSED
TRIAL = 0.05 * GIB * (USED + 0.05)


def test_parts_of_a_scenario_file(ours: str) -> None:
    scenario = Scenario.load(ours)
    assert [part.name for part in scenario.parts] == ["core", "trial"]
    placement = scenario.place()
    assert placement.assigned == {"core": "msk", "trial": "basic"}
    assert placement.total == pytest.approx(CORE + TRIAL + 300)
    assert placement.together["basic"] == math.inf
    both = CORE + BROKERS + 0.05 * GIB * (2 / 3 + 2 * 2 / 3) * 2 * 0.01 + 300
    assert placement.together["msk"] == pytest.approx(both)


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_the_command(form: str, ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["place", ours, "--format", form]) == 0
    out = capsys.readouterr().out
    if form == "table":
        lines = [line.split() for line in out.splitlines()]
        assert ["core", "msk", f"{CORE:,.2f}"] in lines
        assert ["shared", "msk", "300.00"] in lines
        assert ["total", f"{CORE + TRIAL + 300:,.2f}"] in lines
        assert ["all", "parts", "basic", "infeasible"] in lines
        assert "splitting saves" in out
    elif form == "json":
        data = json.loads(out)
        assert data["total"] == pytest.approx(CORE + TRIAL + 300)
        assert data["parts"] == [
            {"name": "core", "deployment": "msk", "cost": pytest.approx(CORE)},
            {"name": "trial", "deployment": "basic", "cost": pytest.approx(TRIAL)},
        ]
        assert data["shared"] == pytest.approx({"msk": 300, "basic": 0})
        assert data["together"]["basic"] is None
        assert data["saving"] == pytest.approx(1 - data["total"] / data["together"]["msk"])
    else:
        rows = list(csv.DictReader(io.StringIO(out)))
        assert [(row["part"], row["deployment"]) for row in rows] == [
            ("core", "msk"),
            ("trial", "basic"),
            ("shared", "msk"),
            ("shared", "basic"),
        ]
        total = sum(float(row["cost"]) for row in rows)
        assert total == pytest.approx(CORE + TRIAL + 300)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("share = 0.05", "shar = 0.05", "part[1].shar: unknown field"),
        ('[[part]]\nname = "core"', '[part]\nname = "core"', "part: got"),
        ('only = ["msk"]', 'only = ["mks"]', "core.only: got 'mks'"),
        ("share = 0.05", "share = 0.5", "share: got 1.45 in total; expected at most 1 in total"),
    ],
)
def test_mistakes_of_a_scenario_file(
    old: str, new: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = OURS.replace(old, new, 1)
    if "[part]\n" in new:
        text = text.partition('[[part]]\nname = "trial"')[0]
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    assert main(["place", str(path)]) == 2
    shown = capsys.readouterr()
    assert expected in shown.err
    assert shown.out == ""

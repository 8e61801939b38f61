"""The field ``instance``: a name, "cheapest", a wildcard, or a list of these."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    Catalogue,
    InputError,
    Labour,
    MskExpress,
    MskStandard,
    PriceBook,
    Scenario,
    SelfHosted,
    Workload,
    crossovers,
)
from kafkatco.costing.bill import bill_of
from kafkatco.costing.candidates import price_candidates
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import KINDS, Deployment
from kafkatco.numerics.curve import Curve
from kafkatco.scenario.schema import scenario_schema

BOOK = PriceBook("list", as_of="2026-10-31")
CATALOGUE = Catalogue(as_of=BOOK.as_of)
LOAD = Workload(ingress="20 MB/s", fanout=3, retention="2 days", partitions=300)

#: Each kind with the field, and each cloud: a wildcard, some types that it matches, and a list.
CASES: dict[str, tuple[Deployment, str, set[str], list[str]]] = {
    "aws": (
        SelfHosted(region="us-east-1"),
        "m7g.?xlarge",
        {"m7g.2xlarge", "m7g.4xlarge", "m7g.8xlarge"},
        ["m7g.*", "m5.large", "i3.large"],
    ),
    "azure": (
        SelfHosted(cloud="azure", region="eastus"),
        "D[48]s_v5",
        {"D4s_v5", "D8s_v5"},
        ["D4s_v5", "D8s_*", "D4s_v5"],
    ),
    "gcp": (
        SelfHosted(cloud="gcp", region="us-central1"),
        "n2-standard-[48]",
        {"n2-standard-4", "n2-standard-8"},
        ["n2-standard-*", "n2d-standard-4"],
    ),
    "on-prem": (SelfHosted(cloud="on-prem", region="us"), "s*r", {"server"}, ["server", "*"]),
    "msk-standard": (
        MskStandard(region="us-east-1"),
        "kafka.*.1?xlarge",
        {f"kafka.{family}.{n}xlarge" for family in ("m5", "m7g") for n in (12, 16)},
        ["kafka.m7g.*", "kafka.m5.large"],
    ),
    "msk-express": (
        MskExpress(region="us-east-1"),
        "express.*.*arge",
        {f"express.m7g.{size}large" for size in ("", "x", "2x", "4x", "8x", "12x", "16x")},
        ["express.m7g.4xlarge", "express.m7g.large"],
    ),
}
EACH = pytest.mark.parametrize("case", CASES)


def with_instance(case: str, instance: Any) -> Deployment:
    return CASES[case][0].replace(instance=instance)


def types_of(deployment: Deployment) -> list[str]:
    return [one.label for one in deployment.choices(LOAD.operands(), CATALOGUE)]


def test_every_kind_with_an_instance_is_tested() -> None:
    kinds = {kind for kind, model in KINDS.items() if "instance" in model.model_fields}
    assert {str(getattr(case[0], "kind", "")) for case in CASES.values()} == kinds


@EACH
def test_cheapest_is_the_wildcard_for_all(case: str) -> None:
    every = types_of(with_instance(case, "cheapest"))
    assert types_of(with_instance(case, "*")) == every
    assert types_of(with_instance(case, ["cheapest"])) == every


@EACH
def test_a_wildcard_is_the_types_that_match(case: str) -> None:
    assert set(types_of(with_instance(case, CASES[case][1]))) == CASES[case][2]


@EACH
def test_a_list_has_each_type_once(case: str) -> None:
    members = CASES[case][3]
    types = types_of(with_instance(case, members))
    assert len(types) == len(set(types))
    assert set(types) == {name for one in members for name in types_of(with_instance(case, one))}


@EACH
@settings(max_examples=25)
@given(
    data=st.data(),
    ingress=st.floats(0.01, 400.0),
    fanout=st.floats(0.0, 8.0),
    hours=st.floats(1.0, 400.0),
    partitions=st.integers(1, 20_000),
)
def test_a_list_costs_the_least_of_its_members(
    case: str, data: st.DataObject, ingress: float, fanout: float, hours: float, partitions: int
) -> None:
    every = price_candidates(with_instance(case, "cheapest"), LOAD.operands(), BOOK, CATALOGUE)
    names = [one.candidate.label for one in every]  # a name without a price would have no bill
    entries = st.sampled_from([*names, *(name[:-4] + "*" for name in names)])
    instance = data.draw(st.lists(entries, min_size=1, max_size=4))
    load = Workload(
        ingress=f"{ingress!r} MiB/s", fanout=fanout, retention=f"{hours!r} h", partitions=partitions
    )
    listed, *members = (
        bill_of(with_instance(case, one), load, BOOK, CATALOGUE).total
        for one in (instance, *instance)
    )
    assert listed == min((total for total in members if total is not None), default=None)


@EACH
def test_the_curve_of_a_list_is_the_formula(case: str) -> None:
    deployment = with_instance(case, CASES[case][3])
    load = LOAD.operands()
    curve = costs_of(
        deployment, load.replace(ingress_mib_s=Curve.identity(0.1, 300.0)), BOOK, CATALOGUE
    )
    for rate in (0.37, 18.3, 95.1, 281.9):
        exact = costs_of(deployment, load.replace(ingress_mib_s=rate), BOOK, CATALOGUE)
        assert float(curve.total(rate)) == pytest.approx(float(exact.total), rel=1e-12)


def test_crossovers_of_a_list_are_those_of_the_chosen_type() -> None:
    """A list of kafka.m7g.large and a type that it beats at any traffic has its own crossings.

    A kafka.m7g.large costs less than a kafka.m5.large, 0.204 against 0.21 USD/h, and at a fan-out
    of 3 it carries more: network / (5.7 + 1.5 x 3) is 117 / 10.2 = 11.5 MiB/s against
    96 / 10.2 = 9.4, and less than EBS / 6.5 of both.
    """
    rival = MskExpress(region="us-east-1", instance="express.m7g.large")
    named, listed = (
        crossovers(
            LOAD,
            [MskStandard(region="us-east-1", instance=instance), rival],
            BOOK,
            over="ingress",
            start="1 MB/s",
            stop="100 MB/s",
        )
        for instance in ("kafka.m7g.large", ["kafka.m5.large", "kafka.m7g.large"])
    )
    [pair], [same] = named.pairs, listed.pairs
    assert pair.crossings
    assert same.crossings == pair.crossings


def test_a_list_is_a_tuple_that_can_be_compared_and_hashed() -> None:
    one, same = (
        MskStandard(region="us-east-1", instance=["kafka.m7g.*", "kafka.m5.large"])
        for _ in range(2)
    )
    assert one.instance == ("kafka.m7g.*", "kafka.m5.large")
    assert one == same
    assert hash(one) == hash(same)
    assert one.replace(brokers=6).instance == one.instance
    single = MskStandard(region="us-east-1", instance=["kafka.m5.large"])
    assert single == MskStandard(region="us-east-1", instance="kafka.m5.large")


@pytest.mark.parametrize("instance", [[], [1], 5, None, {"m5": 1}])
def test_another_type_of_value_is_refused(instance: Any) -> None:
    with pytest.raises(InputError, match=r"instance: got .*a wildcard such as 'm7g\.\*', or a li"):
        MskStandard(region="us-east-1", instance=instance)


@pytest.mark.parametrize(
    ("case", "instance", "hints"),
    [
        ("aws", "m9g.*", ["got 'm9g.*'", "'m7g.large'"]),
        ("aws", "M7G.*", ["got 'M7G.*'", "Did you mean 'm7g.", ", 'm7g.", " or 'm7g."]),
        ("aws", "i3.*", ["got 'i3.*'", "must be named, such as 'i3."]),
        ("msk-standard", "kafka.t3.*", ["got 'kafka.t3.*'", "must be named, such as 'kafka.t3."]),
        ("azure", "D?s_v9", ["got 'D?s_v9'", "'D8s_v5'"]),
        ("gcp", "n9-standard-?", ["got 'n9-standard-?'", "'n2-standard-"]),
        ("on-prem", "big*", ["got 'big*'", "'server'"]),
        ("msk-express", "kafka.m7g.*", ["got 'kafka.m7g.*'", "'express.m7g.large'"]),
        (
            "msk-standard",
            ["kafka.m7g.large", "kafka.m9g.*", "kafka.m5.lrge", "m5.large"],
            [
                "3 problems",
                "got 'kafka.m9g.*'; expected a wildcard that matches an instance type",
                "got 'kafka.m5.lrge'; expected the name of an instance type. Did you mean 'kafka",
                "got 'm5.large'; expected the name of an instance type",
            ],
        ),
    ],
)
def test_unknown_types_name_the_nearest(case: str, instance: Any, hints: list[str]) -> None:
    with pytest.raises(InputError) as error:
        bill_of(with_instance(case, instance), LOAD, BOOK, CATALOGUE)
    for hint in hints:
        assert hint in str(error.value)


SCENARIO = """
[workload]
ingress = "20 MB/s"
[prices]
as_of = 2025-10-31
[[deployment]]
name = "ours"
kind = "self-hosted"
region = "us-east-1"
instance = ["m7g.*", "m5.large"]
labour = { fte = 1, role = "sre" }
"""


def test_a_scenario_file_may_have_a_list(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(SCENARIO.replace(', role = "sre"', ', monthly = "5000 USD"'), encoding="utf-8")
    [option] = Scenario.load(path).deployments
    assert option == SelfHosted(
        name="ours",
        region="us-east-1",
        instance=["m7g.*", "m5.large"],
        labour=Labour(fte=1, monthly="5000 USD"),
    )


def test_a_scenario_file_has_all_problems_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    text = SCENARIO.replace('"m7g.*"', '"m9g.*", "m5.lrge"').replace("us-east-1", "us-esat-1")
    path.write_text(text.replace("sre", "devops"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        Scenario.load(path)
    for part in (
        "deployment 'ours'.instance: got 'm9g.*'; expected a wildcard that matches an instance",
        "deployment 'ours'.instance: got 'm5.lrge'; expected the name of an instance type. Did you",
        "deployment 'ours'.region: got 'us-esat-1'; expected one of 27 regions",
        "Did you mean 'labour.devops-engineer'",
    ):
        assert part in str(error.value)


@pytest.mark.parametrize("model", ["SelfHosted", "MskStandard", "MskExpress"])
def test_the_schema_accepts_a_text_or_a_list(model: str) -> None:
    field = scenario_schema()["$defs"][model]["properties"]["instance"]
    assert field["default"] == "cheapest"
    assert field["anyOf"] == [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
    ]

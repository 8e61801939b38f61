"""A first scenario: its text is its content, and it says what is assumed."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import Scenario, Workload
from kafkatco.deployments import KINDS
from kafkatco.errors import InputError
from kafkatco.scenario.starter import FIELDS, starter
from kafkatco.sizing.workload import USUAL_PEAK

NAMES = st.text(st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"]), min_size=1, max_size=20)


def kinds(found: Any) -> list[str]:
    return [table["kind"] for table in found.data["deployment"]]


@settings(max_examples=15, deadline=None)
@given(
    ingress=st.integers(1, 500).map(lambda n: f"{n} TB/month"),
    fanout=st.floats(0, 10),
    partitions=st.integers(1, 2000),
    name=NAMES,
    region=st.sampled_from(["Seoul", "us-east-1", "koreacentral", "us-central1", "kr"]),
)
def test_the_text_is_the_same_scenario(
    ingress: str, fanout: float, partitions: int, name: str, region: str
) -> None:
    now = {"kind": "msk-standard", "name": f"'{name}\"", "region": "us-east-1"}
    fields = {"ingress": ingress, "fanout": fanout, "partitions": partitions}
    first = starter(fields, regions=[region], now=now)
    assert tomllib.loads(first.text()) == first.data
    read = Scenario.from_dict(tomllib.loads(first.text()))
    made = first.scenario()
    assert (read.workload, read.deployments) == (made.workload, made.deployments)
    assert read.workload.fanout == fanout
    assert read.switching.current == now["name"]


def test_what_nobody_states_is_the_default_and_is_told() -> None:
    first = starter({"ingress": "3 TB/month", "fanout": 3}, regions=["us-east-1"])
    written = first.data["workload"]
    usual = {name: Workload.model_fields[name].default for name in FIELDS}
    assert written == {**usual, "ingress": "3 TB/month", "fanout": 3, "peak_to_average": USUAL_PEAK}
    [told] = first.assumed
    for name in ("peak_to_average = 2", "retention = 7 days", "partitions = 30"):
        assert name in told
    assert "fanout" not in told
    # the same workload as one without these fields
    mine, theirs = first.scenario().workload, Workload(ingress="3 TB/month", fanout=3)
    assert mine.operands() == theirs.operands()


def test_each_field_says_where_it_is_from_or_how_to_find_it() -> None:
    first = starter(
        {"ingress": "3 TB/month", "partitions": 60},
        regions=["us-east-1"],
        because={"ingress": "mean of 5 min steps: BytesInPerSec (cw.json)"},  # type: ignore[dict-item]
    )
    lines = first.text().splitlines()
    at = lines.index('ingress = "3 TB/month"')
    assert lines[at - 1] == "# ingress: mean of 5 min steps: BytesInPerSec (cw.json)"
    assert lines[lines.index("partitions = 60") - 1] == "# as you gave it"
    assert lines[lines.index('retention = "7 days"') - 1] == "# assumed"
    assert "retention.ms" in first.text()


@pytest.mark.parametrize(
    ("place", "region", "expected"),
    [
        ("Seoul", "ap-northeast-2", {"msk-standard", "self-hosted", "aiven"}),
        ("서울", "ap-northeast-2", {"msk-express"}),
        ("koreacentral", "koreacentral", {"event-hubs-premium", "aiven"}),
        ("eastus", "eastus", {"event-hubs-standard", "self-hosted"}),
        ("us-central1", "us-central1", {"google-managed-kafka", "self-hosted"}),
        ("kr", "kr", {"self-hosted"}),
    ],
)
def test_the_rivals_of_a_place(place: str, region: str, expected: set[str]) -> None:
    first = starter({"ingress": "3 TB/month"}, regions=[place])
    assert {table["region"] for table in first.data["deployment"]} == {region}
    assert expected <= {*kinds(first)}
    assert first.scenario().needs_price == ()  # all have a price
    # every kind is in the comparison or left aside with a reason, or runs on another cloud
    aside = {one.fields["kind"] for one in first.aside}
    assert not aside & {*kinds(first)}
    assert all(one.reason for one in first.aside)
    if place == "Seoul":
        others = {"event-hubs-dedicated", "event-hubs-premium", "event-hubs-standard"}
        assert aside | {*kinds(first)} | others | {"google-managed-kafka"} == {*KINDS}


def test_options_left_aside_are_comments_that_can_be_used() -> None:
    first = starter({"ingress": "3 TB/month"}, regions=["us-east-1"])
    dedicated = next(one for one in first.aside if one.fields["kind"] == "confluent-dedicated")
    assert any("confluent.dedicated.cku" in line for line in dedicated.lines)
    text = first.text()
    block = (
        '# [[deployment]]\n# kind = "confluent-dedicated"\n# region = "us-east-1"\n# labour = {}'
    )
    assert block in text
    live = text.replace(block, block.replace("# ", ""))
    read = Scenario.from_dict(tomllib.loads(live))
    assert [one.kind for one in read.needs_price] == ["confluent-dedicated"]


def test_what_runs_now_is_first_and_never_left_out() -> None:
    first = starter({"ingress": "3 TB/month"}, regions=["ap-northeast-2"], now="confluent-basic")
    running = first.data["deployment"][0]
    # Confluent publishes no price in Seoul: that of a region of the same cloud, and it is told
    assert running["kind"] == "confluent-basic"
    assert running["region"] in ("ap-south-1", "eu-west-1", "us-east-1")
    assert first.data["switching"] == {"current": "confluent-basic"}
    assert any("ap-northeast-2" in told and running["region"] in told for told in first.assumed)
    assert kinds(first).count("confluent-basic") == 1
    assert first.scenario().bills()[0].total is not None


def test_several_regions_have_options_in_each() -> None:
    first = starter({"ingress": "3 TB/month"}, regions=["Seoul", "eastus"])
    names = [table["name"] for table in first.data["deployment"]]
    assert len(names) == len({*names})
    assert {"self-hosted ap-northeast-2", "self-hosted eastus"} <= {*names}
    azure = next(x for x in first.data["deployment"] if x["name"] == "self-hosted eastus")
    assert azure["cloud"] == "azure"


def test_the_region_of_what_runs_now_is_that_of_its_rivals() -> None:
    now = {"kind": "msk-standard", "region": "eu-west-1", "instance": "kafka.m7g.large"}
    first = starter({"ingress": "3 TB/month"}, now=now)
    assert {table["region"] for table in first.data["deployment"]} == {"eu-west-1"}
    assert first.data["deployment"][0]["instance"] == "kafka.m7g.large"
    assert not any("region" in told for told in first.assumed)


def test_a_kind_of_another_cloud_has_its_own_region() -> None:
    first = starter({"ingress": "3 TB/month"}, now="event-hubs-standard")
    assert first.data["deployment"][0]["region"] == "eastus"
    assert "region eastus is assumed" in first.assumed


def test_all_mistakes_at_once() -> None:
    with pytest.raises(InputError) as caught:
        starter({"ingress": "3 TB", "fanout": -1}, regions=["Atlantis"], now="msk", currency="WON")
    where = [problem.where for problem in caught.value.problems]
    assert sorted(where) == ["currency", "fanout", "ingress", "now", "region"]


def test_a_region_typed_wrong_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r"Did you mean .*'us-east-1'"):
        starter({"ingress": "3 TB/month"}, regions=["us-esat-1"])


def test_a_kind_that_is_refused_says_why() -> None:
    with pytest.raises(InputError, match="no Kafka endpoint"):
        starter({"ingress": "3 TB/month"}, now="event-hubs-basic")


def test_tiered_storage_needs_what_stays_on_the_brokers() -> None:
    now = {"kind": "msk-standard", "region": "us-east-1", "tiered": True}
    first = starter({"ingress": "10 TB/month"}, now=now)
    assert first.data["workload"]["local_retention"] == "12 hours"
    assert "assumed: local_retention = 12 hours" in [str(text) for text in first.assumed]
    mine = starter({"ingress": "10 TB/month", "local_retention": "1 day"}, now=now)
    assert mine.data["workload"]["local_retention"] == "1 day"
    assert "local_retention" not in starter({"ingress": "10 TB/month"}).data["workload"]

"""The base of every user-facing input: frozen, with validated copies."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from kafkatco import (
    Compound,
    Horizon,
    InputError,
    Labour,
    Part,
    Profile,
    Switching,
    Uncertainty,
    Workload,
)
from kafkatco.core.inputs import Input
from kafkatco.deployments import KINDS
from kafkatco.deployments.agreements import Credit
from kafkatco.uncertainty.inputs import Correlation

REGIONS = {"aws": "us-east-1", "azure": "eastus", "gcp": "us-central1", "on-prem": "us"}
RECORDS: list[Input] = [
    Workload(ingress="10 TB/month", retention="3 days", local_retention="6 h"),
    Labour(fte=1.5, monthly="5000000 KRW", setup="4 weeks"),
    Part(name="core", share=0.7, retention="1 day", only=["msk"]),
    Profile(compliance=["SOC 2"], certified={"aiven": ["SOC 2"]}),
    Switching(data_movement="0.02 USD", lead_months={"own": 3}),
    Horizon(growth=[Compound(annual_rate=0.2)], months=24, month_hours="calendar"),
    Uncertainty(
        inputs={"fanout": "2-3-5", "krw": "1200-1500"},
        correlation=(Correlation(between=("krw", "fanout"), value=0.4),),
    ),
    Credit(amount="400 USD", expires="30 days"),
    *(
        kind(region=REGIONS[example.get("cloud", kind.runs_on)], **example)
        for kind in KINDS.values()
        for example in kind.examples
    ),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_copy_without_changes_is_the_same(record: Input) -> None:
    assert record.replace() == record


def test_a_copy_is_validated() -> None:
    load = Workload(ingress="1 TB/month", fanout=3)
    assert load.replace(fanout=5) == Workload(ingress="1 TB/month", fanout=5)
    assert load.fanout == 3
    with pytest.raises(InputError) as refused:
        load.replace(fanout=-1, ingress="5 apples", fanuot=1)
    assert [problem.where for problem in refused.value.problems] == ["ingress", "fanout", "fanuot"]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_field_cannot_be_set(record: Input) -> None:
    name = next(iter(type(record).model_fields))
    kind = type(record).__name__
    expected = rf"^{kind} is frozen: {name} cannot be set; \.replace\({name}=\.\.\.\) returns"
    with pytest.raises(FrozenInstanceError, match=expected):
        setattr(record, name, None)
    with pytest.raises(FrozenInstanceError, match=expected):
        delattr(record, name)

"""Every kind of the scenario file's contract, priced on one workload in one run."""

import json
from pathlib import Path
from typing import Any

import pytest

from kafkatco import Scenario, bill
from kafkatco.cli.main import main
from kafkatco.deployments import KINDS, Deployment
from kafkatco.errors import InputError
from support.paths import ROOT

#: The kinds that the scenario file's contract names.
CONTRACT = {
    "self-hosted",
    "msk-standard",
    "msk-express",
    "msk-serverless",
    "event-hubs-standard",
    "event-hubs-premium",
    "event-hubs-dedicated",
    "google-managed-kafka",
    "confluent-basic",
    "confluent-standard",
    "confluent-enterprise",
    "confluent-freight",
    "confluent-dedicated",
    "aiven",
    "instaclustr",
}


def bills(path: str | Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["bill", str(path), "--format", "json"]) == 0
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return data


@pytest.fixture
def krw(tmp_path: Path) -> Path:
    source = Scenario.load("every-kind").source
    assert source == "every-kind"
    file = ROOT / "src" / "kafkatco" / "scenario" / "examples" / "every-kind.toml"
    text = file.read_text(encoding="utf-8")
    path = tmp_path / "krw.toml"
    path.write_text(text.replace('currency = "USD"', 'currency = "KRW"'), encoding="utf-8")
    return path


def test_the_contract_s_fifteen_kinds_are_known() -> None:
    assert len(CONTRACT) == 15
    assert set(KINDS) >= CONTRACT


def test_all_are_priced_with_quantity_unit_price_and_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = bills("every-kind", capsys)
    assert {row["kind"] for row in data["deployments"]} == CONTRACT
    for row in data["deployments"]:
        assert not row["infeasible"]
        assert not row["open"]
        assert row["total"] == pytest.approx(sum(line["cost"] for line in row["lines"]))
        for line in (*row["lines"], *row["one_off"]["lines"]):
            assert line["quantity"] != 0
            assert line["unit"]
            assert line["source"]
            assert line["cost"] == pytest.approx(line["quantity"] * line["unit_price"])


def test_won_are_dollars_at_the_rate_of_the_book(
    krw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usd, won = bills("every-kind", capsys), bills(krw, capsys)
    [rate] = [row for row in won["exchange_rates"] if row["sku"] == "fx.usd.krw"]
    for ours, theirs in zip(usd["deployments"], won["deployments"], strict=True):
        assert theirs["total"] == pytest.approx(ours["total"] * float(rate["price"]), rel=1e-12)


FIXED = [
    (option, name, value)
    for option in Scenario.load("every-kind").deployments
    for name, value in (
        ("replication_factor", option.fixed_replication),
        ("zones", option.fixed_zones),
    )
    if value is not None
]


@pytest.mark.parametrize(
    ("option", "name", "value"), FIXED, ids=[f"{option.label} {name}" for option, name, _ in FIXED]
)
@pytest.mark.parametrize("change", [-1, 2])
def test_what_a_service_fixes_changes_no_cost_and_is_a_note(
    option: Deployment, name: str, value: int, change: int
) -> None:
    scenario = Scenario.load("every-kind")
    [usual] = bill(scenario.workload, [option], scenario.book)
    changed = scenario.workload.replace(**{name: value + change})
    [other] = bill(changed, [option], scenario.book)
    assert not any("has no effect" in note for note in usual.notes)
    if other.infeasible:  # then the reason names the input
        assert any(name.replace("_", " ") in reason for reason in other.infeasible)
        return
    assert other.total == usual.total
    assert any("has no effect" in note and str(value) in note for note in other.notes)


def test_the_services_that_fix_copies_are_these() -> None:
    # the docstrings of these kinds have the sources
    fixed = {kind for kind, model in KINDS.items() if model.fixed_replication == 3}
    assert fixed >= {kind for kind in KINDS if kind.startswith(("confluent-", "event-hubs-"))}
    assert fixed >= {"msk-express", "msk-serverless", "redpanda-serverless"}
    assert not fixed & {"msk-standard", "self-hosted", "google-managed-kafka", "instaclustr"}


def test_event_hubs_basic_is_an_error_with_a_reason(
    krw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = krw.read_text(encoding="utf-8").replace("event-hubs-standard", "event-hubs-basic")
    krw.write_text(text, encoding="utf-8")
    assert main(["bill", str(krw)]) == 2
    assert "Event Hubs Basic has no Kafka endpoint" in capsys.readouterr().err


def test_a_user_s_file_has_priority_over_a_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("every-kind").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"workload\.ingress: required field"):
        Scenario.load("every-kind")

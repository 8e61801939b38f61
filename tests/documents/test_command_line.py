"""docs/command-line.md lists every field and column of each command's output, and no other."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kafkatco.cli.main import main
from kafkatco.output.views.impact import IMPACT_COLUMNS
from kafkatco.scenario.scenario import SCENARIOS
from support.bill_samples import cur_rows, write_csv
from support.ours import LACKING, UNPARTED
from support.paths import ROOT

TEXT = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
#: The scenario of the README.
OURS = "\n".join(
    re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
)
MSK = """
[workload]
ingress = "1 MiB/s"
[prices]
as_of = 2025-10-31
[[deployment]]
kind = "msk-standard"
region = "ap-northeast-2"
"""
#: Two options whose prices are ranges that overlap.
CLOSE = """
[workload]
ingress = "100 MB/s"
[prices]
as_of = 2025-10-31
[projection]
months = 2
[[deployment]]
kind = "confluent-enterprise"
region = "us-east-1"
access = "none"
[[deployment]]
kind = "confluent-freight"
region = "us-east-1"
access = "none"
"""
MINE = ("--mine", "MSK", "--other", "Confluent Cloud Basic")
DATES = ("prices", "diff", "2025-10-31", "2026-10-31")
#: Uncertain inputs, one of them with a list of values, and a correlation of two.
UNCERTAIN = """
[uncertainty]
draws = 64
[uncertainty.inputs]
salary = "200-400 USD"
retention = { distribution = "samples", values = ["1 day", "2 days"] }
"""
TOGETHER = """
[[uncertainty.correlation]]
between = ["salary", "retention"]
value = 0.5
"""
#: The arguments of each command, so that every field has a value in one of its runs.
RUNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "bill": (
        ("bill",),
        ("bill", "OURS"),
        ("bill", "BIG"),
        ("bill", "IDLE"),
        ("bill", "STAGED"),
        ("bill", "LACKING"),
        ("bill", "CLOSE"),
    ),
    "compare": (("compare",), ("compare", "CLOSE"), ("compare", "OURS")),
    "levers": (("levers", "OURS"), ("levers", "BIG"), ("levers", "IDLE")),
    "compare --tuned": (("compare", "OURS", "--tuned"), ("compare", "BIG", "--tuned")),
    "compare --assumptions": (
        ("compare", "FULL", "--assumptions", "bare"),
        ("compare", "LIKELY", "--assumptions", "bare,akalculator"),
    ),
    "assumptions": (("assumptions", "--as-of", "2026-10-31"),),
    "crossovers": (("crossovers",), ("crossovers", "OURS"), ("crossovers", "CLOSE")),
    "project": (("project",),),
    "fit": (("fit", "HISTORY"),),
    "diff": (
        ("diff", "UNPARTED", "LACKING", "--current", "on Azure", "--current", "basic"),
        ("diff", "LACKING", "UNPARTED", "--current", "on Azure", "--current", "basic"),
        ("diff", "UNPARTED", "DIFFERENT", "--current", "msk", "--max-increase", "9000 USD"),
    ),
    "calibrate": (("calibrate", "MSK-FILE", "BILL"),),
    "recommend": (("recommend",), ("recommend", "OURS")),
    "plan": (("plan",), ("plan", "CLOSE")),
    "place": (("place", "OURS"), ("place", "OPEN")),
    "solve": (
        (
            "solve",
            "OURS",
            "--mine",
            "our own cluster",
            "--other",
            "confluent-basic",
            "--over",
            "fanout",
        ),
    ),
    "sensitivity": (("sensitivity", *MINE),),
    "map": (("map", "--rows", "2"),),
    "simulate": (
        ("simulate", "--draws", "64"),
        ("simulate", "DRAWN", "--over", "fanout"),
        ("simulate", "DRAWN"),
    ),
    "break-even": (
        ("break-even", *MINE, "--draws", "64"),
        ("break-even", "DRAWN", "--mine", "msk", "--other", "basic"),
    ),
    "importance": (("importance", "--draws", "64"), ("importance", "LIKELY")),
    "claims": (("claims",),),
    # where capital costs nothing, self-hosting on premises is cheapest of all somewhere
    "claims --conditions": (
        ("claims", "--conditions"),
        ("claims", "--conditions", "--assumptions", "bare"),
    ),
    "report": (
        ("report", "--out", "OUT"),
        ("report", "BIG", "--out", "OUT"),
        ("report", "IDLE", "--out", "OUT"),
        ("report", "OURS", "--out", "OUT"),
        ("report", "CLOSE", "--out", "OUT"),
        ("report", "STAGED", "--out", "OUT"),
    ),
    "prices list": (
        ("prices", "list"),
        ("prices", "list", "aws.msk.storage"),
        ("prices", "list", "aws.msk", "--variants"),
    ),
    "prices show": (("prices", "show", "aws.msk.storage"),),
    "prices diff": ((*DATES,), (*DATES, "--impact", "article"), (*DATES, "--impact", "OURS")),
    "prices check": (("prices", "check"),),
}
#: The commands whose answer is not about one scenario, and lacks the shape "answer".
WITHOUT_SCENARIO = {
    *("assumptions", "diff", "fit", "claims", "claims --conditions"),
    *(name for name in RUNS if "prices" in name),
}
#: Fields of changes that the tables do not have (see tests/price_impact/), and of --lock.
UNSEEN = {
    "locked[]",
    "totals[].open[]",
    "impact.bills[].choices[].what",
    "impact.bills[].choices[].before",
    "impact.bills[].choices[].after",
    "impact.not_compared[]",
    "impact.notes[]",
    "impact.bills[].open.before[]",
    "impact.bills[].open.after[]",
    "impact.crossovers.moved[].open.*.before[]",
    "impact.crossovers.moved[].open.*.after[]",
    "impact.bills[].unchecked.before[]",
    "impact.bills[].unchecked.after[]",
    "impact.crossovers.moved[].unchecked.*.before[]",
    "impact.crossovers.moved[].unchecked.*.after[]",
    "deployments[].unchecked[]",
    "unchecked.*[]",
    "parts[].deployments[].unchecked[]",
    "parts[].crossovers.unchecked.*[]",
    "undercut.names[]",
    "conditions[].savings[].may_cost_less[]",
}


def sections() -> dict[str, list[str]]:
    """Return the fields of each heading, as they are written, with their shapes."""
    fields_by_title: dict[str, list[str]] = {}
    for part in re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        fields_by_title[title] = [
            f"{name} {shape}".strip()
            for name, rest in re.findall(r"^\| `([^`]+)` \|(.*)\|$", body, re.MULTILINE)
            for shape in [(re.findall(r"→ (.*?) *$", rest) or [""])[0]]
        ]
    return fields_by_title


SECTIONS = sections()


def fields(title: str) -> Iterator[str]:
    """Yield the fields of a heading; a field with a shape is replaced by those of the shape."""
    for text in SECTIONS[title]:
        name, _, shape = text.partition(" ") if " --" in text or text.count(" ") else (text, "", "")
        if not shape:
            yield name
            continue
        inner = shape if shape in SECTIONS else f"shape: {shape}"
        yield from (
            f"{name}.{field}" if field[0] != "[" else name + field for field in fields(inner)
        )


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, ...]]:
    """Yield the path of each value."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            for rest in leaves(inner):
                yield (name, *rest)
    elif isinstance(value, list) and value:
        for inner in value:
            for rest in leaves(inner):
                yield ("[]", *rest)
    else:
        yield ()


def steps(field: str) -> tuple[str, ...]:
    """Return a field of the documents as steps."""
    return tuple(re.findall(r"\[\]|[^.\[\]]+", field))


def fits(path: tuple[str, ...], field: tuple[str, ...]) -> bool:
    """Whether the path of a value is that of a field; an empty value may end before it."""
    return len(path) <= len(field) and all(
        a == b or (b == "*" and a != "[]") for a, b in zip(path, field, strict=False)
    )


@pytest.fixture
def run(tmp_path: Path, ours: str, capsys: pytest.CaptureFixture[str]) -> Any:
    big, parted = tmp_path / "big.toml", tmp_path / "parted.toml"
    big.write_text(OURS.replace('ingress = "20 MB/s"', 'ingress = "2 GB/s"'), encoding="utf-8")
    # inputs without effect: an override, a replication factor; an assumption of its own; a profile
    idle = tmp_path / "idle.toml"
    own = '[assumptions]\ncpu_throughput = "31 MB/s"\n'
    idle.write_text(
        own
        + OURS.replace(
            "fanout = 3", 'fanout = 3\nreplication_factor = 2\nprofile = { shape = "evening-peak" }'
        ).replace("[prices.override]", '[prices.override]\n"gcp.managed-kafka.dcu" = "5 USD/hour"'),
        encoding="utf-8",
    )
    article = (SCENARIOS / "article.toml").read_text(encoding="utf-8")
    parted.write_text(f'{article}\n[[part]]\nname = "all"\nshare = 1.0\n', encoding="utf-8")
    history = tmp_path / "traffic.csv"
    months = "".join(f"2025-0{i},{9 + i}\n" for i in range(1, 8))
    history.write_text(f"month,ingress [TB]\n{months}", encoding="utf-8")
    msk = tmp_path / "msk.toml"
    msk.write_text(MSK, encoding="utf-8")
    staged = tmp_path / "staged.toml"
    staged.write_text(f'{MSK}[[environment]]\nname = "staging"\n', encoding="utf-8")
    bill = write_csv(tmp_path / "bill.csv", cur_rows())
    drawn, likely = tmp_path / "drawn.toml", tmp_path / "likely.toml"
    likely.write_text(UNPARTED + UNCERTAIN, encoding="utf-8")
    drawn.write_text(UNPARTED + UNCERTAIN + TOGETHER, encoding="utf-8")
    full = tmp_path / "full.toml"
    full.write_text(UNPARTED.replace("10 TB/month", "1 PB/month"), encoding="utf-8")
    lacking = tmp_path / "lacking.toml"
    lacking.write_text(UNPARTED + LACKING, encoding="utf-8")
    close = tmp_path / "close.toml"
    close.write_text(CLOSE, encoding="utf-8")
    unparted, different = tmp_path / "unparted.toml", tmp_path / "different.toml"
    unparted.write_text(UNPARTED, encoding="utf-8")
    other = UNPARTED.replace("10 TB", "12 TB").replace("2025-10-31", '2026-10-31\ncurrency = "KRW"')
    other = other.replace("fte = 1,", "fte = 2,").replace('"basic"', '"Basic"')
    different.write_text(other, encoding="utf-8")
    files = {
        "UNPARTED": str(unparted),
        "DIFFERENT": str(different),
        "OURS": ours,
        "CLOSE": str(close),
        "LACKING": str(lacking),
        "FULL": str(full),
        "BIG": str(big),
        "IDLE": str(idle),
        "OUT": str(tmp_path / "out"),
        "OPEN": str(parted),
        "HISTORY": str(history),
        "MSK-FILE": str(msk),
        "STAGED": str(staged),
        "BILL": str(bill),
        "DRAWN": str(drawn),
        "LIKELY": str(likely),
    }

    def output(words: tuple[str, ...], form: str) -> str:
        status = main([*(files.get(word, word) for word in words), "--format", form])
        out, err = capsys.readouterr()
        assert status == 0, err
        return out

    return output


@pytest.mark.slow
@pytest.mark.usefixtures("claims_computed_once")
@pytest.mark.parametrize("command", list(RUNS))
def test_every_field_of_the_json_is_documented_and_no_other(command: str, run: Any) -> None:
    shared = set() if command in WITHOUT_SCENARIO else set(fields("shape: answer"))
    documented = {steps(field): field for field in (*fields(f"{command} --format json"), *shared)}
    paths = {path for words in RUNS[command] for path in leaves(json.loads(run(words, "json")))}
    free = {field for field in documented if field[-1] == "numbers"}
    stray = {
        path
        for path in paths
        if not any(fits(path, field) for field in documented)
        and not any(path[: len(field)] == field for field in free)
    }
    assert not stray
    seen = {
        name
        for field, name in documented.items()
        if field in free or any(len(path) == len(field) and fits(path, field) for path in paths)
    }
    missing = set(documented.values()) - seen - (set() if command == "bill" else shared)
    assert missing <= UNSEEN


@pytest.mark.slow
@pytest.mark.usefixtures("claims_computed_once")
@pytest.mark.parametrize("command", [name for name in RUNS if f"{name} --format csv" in SECTIONS])
def test_every_column_of_the_csv_is_documented_in_order(command: str, run: Any) -> None:
    header = next(csv.reader(io.StringIO(run(RUNS[command][-1], "csv"))))
    end = [] if command in WITHOUT_SCENARIO else SECTIONS["shape: end of a CSV row"]
    assert header == [*SECTIONS[f"{command} --format csv"], *end]


def test_the_columns_of_prices_are_those_of_the_shapes(run: Any) -> None:
    def header(*words: str) -> list[str]:
        return next(csv.reader(io.StringIO(run(words, "csv"))))

    def within(title: str, head: str) -> list[str]:
        return [name.removeprefix(head) for name in fields(title) if name.startswith(head)]

    assert header("prices", "show", "aws.msk.storage") == SECTIONS["shape: price"]
    assert header("prices", "list", "aws.msk.storage") == SECTIONS["shape: price"]
    assert header(*DATES) == SECTIONS["shape: change"]
    listed = "prices list --format json"
    assert header("prices", "list") == within(listed, "services[].")
    assert header("prices", "list", "--variants") == within(listed, "variants[].")
    checked = within("prices check --format json", "tables[].")
    assert header("prices", "check") == checked
    columns = ", ".join(f"`{name}`" for name in IMPACT_COLUMNS)
    assert columns in " ".join(TEXT.split())


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (
            "bill",
            "prices capacities exchange_rates currency deployments unused_overrides cheapest "
            "needs_price prices_read",
        ),
        (
            "crossovers",
            "prices currency over unit from to pairs intervals close_calls unserved open "
            "unchecked undercuts by_provider_charges overlaps needs_price prices_read",
        ),
    ],
)
def test_the_contract_is_as_it_was_released(command: str, names: str, run: Any) -> None:
    assert list(json.loads(run((command,), "json"))) == names.split()


@pytest.mark.slow
@pytest.mark.usefixtures("claims_computed_once")
def test_the_language_changes_neither_json_nor_csv(run: Any) -> None:
    for command in ("bill", "recommend", "claims"):
        for form in ("json", "csv"):
            assert run((command,), form) == run((command, "--lang", "ko"), form)

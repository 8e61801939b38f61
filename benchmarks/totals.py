"""Measure many totals against NumPy by hand, plain Python and memory; and whole commands.

Run it by hand on an idle machine: ``make bench`` (some minutes; ``--most 6`` for fewer totals).  It
prints its tables, and with ``--write`` also writes them to docs/model/speed.md.  No test measures
time.
"""

from __future__ import annotations

import os

os.environ.update(
    dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
)

import argparse
import math
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial, reduce
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import kafkatco as kt
from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.cost_programs import cost_programs
from kafkatco.costing.comparison import Comparison
from kafkatco.numerics.evaluate import evaluate

Arrays = Mapping[str, Any]
PAGE = Path(__file__).parents[1] / "docs" / "model" / "speed.md"
MARKS = ("<!-- measured -->\n", "<!-- /measured -->\n")
BOOK = kt.PriceBook("list", as_of="2025-10-31")
LOAD = kt.Workload(ingress="10 TB/month", fanout=3, retention="1 day", peak_to_average=2)
TEAM = kt.Labour(fte=0.5, monthly="8000 USD")
OPTIONS = (
    kt.MskStandard(region="us-east-1", instance="kafka.m7g.large", labour=TEAM),
    kt.ConfluentBasic(region="us-east-1", labour=TEAM),
)
#: Each input: its constant value, and its range if it varies.
INPUTS = {
    "ingress": (10.0, 1.0, 100.0),
    "fanout": (3.0, 1.0, 5.0),
    "retention": (24.0, 12.0, 72.0),
    "peak_to_average": (2.0, 1.0, 4.0),
    "salary": (8000.0, 4000.0, 9000.0),
    "aws.msk.kafka.m7g.large": (0.204, 0.15, 0.25),
    "aws.msk.storage": (0.1, 0.08, 0.12),
    "aws.data-transfer.inter-az": (0.01, 0.005, 0.02),
    "confluent.basic.ecku": (0.14, 0.1, 0.2),
    "confluent.basic.ingress": (0.05, 0.03, 0.06),
    "confluent.basic.egress": (0.05, 0.03, 0.06),
    "confluent.basic.storage": (0.08, 0.06, 0.1),
}
NAMES = tuple(INPUTS)
MONTHS = 60
REGIMES = {
    "Only traffic varies": NAMES[:1],
    "All inputs vary": NAMES,
    f"Prices vary, over {MONTHS} months of traffic": ("ingress", *NAMES[4:]),
}


def arithmetic(ceil: Any, greatest: Any, where: Any) -> tuple[Callable[..., Any], ...]:
    """Return functions for the cost of both options, for floats or arrays; NaN if infeasible."""

    def msk(ingress, fanout, retention, peak, salary, hour, gib, crossing):
        rate = ingress / 2.755657728
        top = rate * peak
        disk = rate * 3.515625 * retention * 6.0
        most = greatest(
            3.0,
            top * 6.5 / 78.75 / 0.5,
            top * (5.7 + 1.5 * fanout) / 117.0 / 0.5,
            0.09,
            disk / 16384.0,
        )
        brokers = ceil(most / 3.0 * 0.999999999999) * 3.0
        total = (
            brokers * 730.0 * hour
            + greatest(disk, brokers) * gib
            + 4.0 / 3.0 * (1.0 + fanout) * (rate * 3.515625 * 730.0) * crossing
            + 0.5 * salary
        )
        return where(brokers <= 60.0, total, math.nan)

    def confluent(ingress, fanout, retention, peak, salary, unit, into, out, stored):
        rate = ingress / 2.755657728
        top = rate * peak
        most = greatest(1.0, top / 4.76837158203125, top * fanout / 14.30511474609375)
        units = ceil(most * 0.999999999999)
        month, kept = rate * 3.515625 * 730.0, rate * 3.515625 * retention
        total = (
            greatest(units - 1.0, 0.0) * 730.0 * unit
            + month * into
            + month * fanout * out
            + 3.0 * kept * stored
            + 0.5 * salary
        )
        feasible = (
            (units <= 50.0)
            & (top <= 238.4185791015625)
            & (top * fanout <= 715.2557373046875)
            & (kept <= 4656.612873077393)
        )
        return where(feasible, total, math.nan)

    return msk, confluent


ON_FLOATS = arithmetic(math.ceil, max, lambda condition, a, b: a if condition else b)
ON_ARRAYS = arithmetic(np.ceil, lambda *x: reduce(np.maximum, x), np.where)


def inputs_of(regime: str, count: int) -> dict[str, Any]:
    """Return arrays of the varying inputs, for ``count`` totals of both options together."""
    rng = np.random.default_rng(1)
    months = MONTHS if "months" in regime else 1
    draws = max(count // len(OPTIONS) // months, 1)
    arrays = {name: rng.uniform(*INPUTS[name][1:], draws) for name in REGIMES[regime]}
    if months > 1:
        arrays["ingress"] = np.geomspace(1.0, 100.0, months)[:, np.newaxis]
    return arrays


def shape_of(inputs: Arrays) -> tuple[int, ...]:
    """Return the shape of the results of each option."""
    return np.broadcast_shapes(*(x.shape for x in inputs.values()))


def by_hand(inputs: Arrays) -> list[Any]:
    """Return the totals of both options, by NumPy expressions over whole arrays."""
    x = [inputs.get(name, constant) for name, (constant, *_range) in INPUTS.items()]
    msk, confluent = ON_ARRAYS
    with np.errstate(all="ignore"):
        return [msk(*x[:8]), confluent(*x[:5], *x[8:])]


def row_by_row(rows: Sequence[Sequence[float]]) -> list[Any]:
    """Return the totals of rows of all inputs, by plain Python."""
    msk, confluent = ON_FLOATS
    return [total for x in rows for total in (msk(*x[:8]), confluent(*x[:5], *x[8:]))]


def full_rows(inputs: Arrays, rows: int) -> list[list[float]]:
    """Return rows of all inputs, constant ones included."""
    shape = shape_of(inputs)
    columns = [
        np.broadcast_to(inputs.get(name, constant), shape).ravel()[:rows]
        for name, (constant, *_range) in INPUTS.items()
    ]
    return np.stack(columns, axis=1).tolist()


def by_bills(rows: Sequence[Sequence[float]]) -> list[Any]:
    """Return the bills of some rows, each for its own workload, at the book's prices."""
    bills = []
    for ingress, fanout, retention, peak, *_ in rows:
        load = kt.Workload(
            ingress=f"{ingress} TB/month",
            fanout=fanout,
            retention=f"{retention} h",
            peak_to_average=peak,
        )
        bills += kt.bill(load, OPTIONS, BOOK)
    return bills


def library_totals(inputs: Arrays, *, itemised: bool = False) -> Any:
    """Return the totals of one call of the library, which includes tracing."""
    return kt.totals(LOAD, OPTIONS, BOOK, inputs, itemised=itemised)


def traced(names: Sequence[str]) -> Callable[[Arrays], list[Any]]:
    """Return a function that evaluates programs traced in advance, like a simulation."""
    comparison = Comparison.of("benchmark", LOAD, OPTIONS, BOOK, 730)
    axes = [find_axis(name, comparison) for name in names]
    scales = {axis.name: axis.per_base for axis in axes}
    programs = [cost.program for cost in cost_programs(comparison, axes)]

    def compute(inputs: Arrays) -> list[Any]:
        scaled = {name: x / scales[name] for name, x in inputs.items()}
        return [evaluate(program, scaled)[:2] for program in programs]

    return compute


def written(inputs: Arrays) -> None:
    """Write each byte of the totals once."""
    np.empty((2, *shape_of(inputs))).fill(1.0)


def check(regime: str) -> None:
    """Compare the library with NumPy by hand, and that with plain Python."""
    inputs = inputs_of(regime, 12_000)
    totals = library_totals(inputs).total
    rows = row_by_row(full_rows(inputs, 500))
    for i, total in enumerate(by_hand(inputs)):
        np.testing.assert_allclose(totals[i], total, rtol=1e-12)
        np.testing.assert_allclose(np.ravel(total)[:500], rows[i::2], rtol=1e-12)


def seconds(run: Callable[[], Any], most: float = 1.0, repeat: int = 7) -> float:
    """Return the median of some runs [CPU s], after one to warm up, within about ``most`` [s]."""
    run()
    times, beginning = [], time.perf_counter()
    while len(times) < 3 or (len(times) < repeat and time.perf_counter() - beginning < most):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return statistics.median(times)


TRACED, TOTALS, HAND = "programs, already traced", "`kt.totals`", "**(a)** NumPy by hand"
PYTHON, BILLS = "**(b)** Python, row by row", "**(c)** `kt.bill`, one by one"
MEMORY = "**(d)** memory, written once"


def measured(regime: str, sizes: Sequence[int]) -> dict[str, list[float]]:
    """Return the time of each total [ns], by row of the table and size."""
    check(regime)
    evaluate_programs = traced(REGIMES[regime])
    times: dict[str, list[float]] = {}
    for size in sizes:
        inputs = inputs_of(regime, size)
        count = len(OPTIONS) * math.prod(shape_of(inputs))
        ways: dict[str, Callable[[], Any]] = {
            TRACED: partial(evaluate_programs, inputs),
            TOTALS: partial(library_totals, inputs),
            "`kt.totals`, itemised": partial(library_totals, inputs, itemised=True),
            HAND: partial(by_hand, inputs),
            MEMORY: partial(written, inputs),
        }
        for name, run in ways.items():
            times.setdefault(name, []).append(seconds(run) / count * 1e9)
    rows = full_rows(inputs_of(regime, 40_000), 20_000)
    for name, count, run in (
        (PYTHON, 20_000, partial(row_by_row, rows)),
        (BILLS, 20, partial(by_bills, rows[:20])),
    ):
        times[name] = [seconds(run) / count / len(OPTIONS) * 1e9] * len(sizes)
    return times


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    yield "| " + " | ".join(head) + " |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def number(x: float) -> str:
    """Return a number with three digits."""
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def power(size: int) -> str:
    """Return a power of ten with a superscript."""
    return "10" + str(round(math.log10(size))).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def tables(most: int) -> Iterator[str]:
    """Yield the lines of all tables."""
    sizes = [10**n for n in range(3, most + 1)]
    heads = [power(size) for size in sizes]
    yield from machine()
    yield from command_table()  # first: a process inherits the peak memory of its parent
    ratios = []
    for regime in REGIMES:
        times = measured(regime, sizes)
        yield f"### {regime}"
        yield ""
        yield "CPU time of one total [ns], by the number of totals."
        yield ""
        yield from table(
            ["", *heads], [[name, *map(number, values)] for name, values in times.items()]
        )
        for name, above, below in (
            ("programs ÷ (a) NumPy by hand", TRACED, HAND),
            ("(b) Python ÷ `kt.totals`", PYTHON, TOTALS),
            ("(c) `kt.bill` ÷ `kt.totals`", BILLS, TOTALS),
            ("`kt.totals` ÷ (d) memory", TOTALS, MEMORY),
        ):
            values = [number(a / b) for a, b in zip(times[above], times[below], strict=True)]
            ratios.append([regime, name, *values])
    yield "### Ratios"
    yield ""
    yield from table(["", "ratio", *heads], ratios)
    yield from long_table()


def machine() -> Iterator[str]:
    """Yield a line with the machine and the versions."""
    info = Path("/proc/cpuinfo")
    names = [x for x in info.read_text().splitlines() if "model name" in x] if info.exists() else []
    model = names[0].partition(":")[2].strip() if names else platform.processor()
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield (
        f"Measured on one core of {os.cpu_count()} of {model} with {gib:.0f} GiB; "
        f"{platform.system()}, Python {platform.python_version()}, numpy {version('numpy')}."
    )
    yield ""


def long_table() -> Iterator[str]:
    """Yield the times of longer programs, of kinds of the bundled scenario ``every-kind``."""
    yield "### Longer programs"
    yield ""
    scenario = kt.Scenario.load("every-kind")
    rng = np.random.default_rng(1)
    names = NAMES[:5]
    rows = []
    for label in ("confluent-basic", "msk-express", "msk-standard", "self-hosted on AWS"):
        chosen = [option for option in scenario.deployments if option.label == label]
        comparison = Comparison.of("benchmark", scenario.workload, chosen, scenario.book, 730)
        axes = [find_axis(name, comparison) for name in names]
        program = cost_programs(comparison, axes)[0].program
        tracing = seconds(partial(cost_programs, comparison, axes))
        inputs = {a.name: rng.uniform(*INPUTS[a.name][1:], 100_000) / a.per_base for a in axes}
        total = seconds(partial(evaluate, program, inputs)) / 1e5
        rows.append([label, str(len(program.steps)), number(tracing * 1e3), number(total * 1e9)])
    yield from table(["", "steps", "tracing [ms]", "a total [ns]"], rows)


def command_table() -> Iterator[str]:
    """Yield the time and memory of commands, each in its own process."""
    yield "### Commands"
    yield ""
    rows = []
    for command in (
        "simulate every-kind",
        "simulate every-kind --draws 65536",
        "break-even every-kind --mine msk-standard --other confluent-freight",
        "importance every-kind",
    ):
        runs = [_run(command) for _ in range(3)]
        cpu, peak = (statistics.median(x) for x in zip(*runs, strict=True))
        rows.append([f"`kafkatco {command}`", number(cpu), number(peak)])
    yield from table(["", "CPU [s]", "peak memory [MiB]"], rows)


def _run(command: str) -> tuple[float, float]:
    """Return the CPU time [s] and the peak memory [MiB] of a command."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kafkatco", *command.split()], stdout=subprocess.DEVNULL
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"kafkatco {command} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Measure, print, and with ``--write`` also write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=7, metavar="N", help="up to 10^N totals")
    parser.add_argument("--write", action="store_true", help=f"also write to {PAGE.name}")
    arguments = parser.parse_args()
    lines = []
    for line in tables(arguments.most):
        print(line, flush=True)
        lines.append(line + "\n")
    if arguments.write:
        text = PAGE.read_text(encoding="utf-8")
        before, _mark, rest = text.partition(MARKS[0])
        _old, _mark, after = rest.partition(MARKS[1])
        PAGE.write_text(before + MARKS[0] + "".join(lines) + MARKS[1] + after, encoding="utf-8")


if __name__ == "__main__":
    main()

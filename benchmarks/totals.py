"""Millions of totals: the library beside a hand-written compiled loop, plain Python and memory.

Run it by hand, on a quiet machine: ``make bench`` (some minutes; ``--most 7`` for fewer totals).
It prints what it measures, and with ``--write`` puts it into docs/model/speed.md.  Nothing in the
tests is timed.
"""

from __future__ import annotations

import os

os.environ.update(
    dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
)
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core, before NumPy asks

import argparse
import math
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pandas as pd
from numba import types
from numba.extending import overload

import kafkatco as kt
from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.comparison import basis_of
from kafkatco.analysis.totals import fill, made_ready

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
#: Each input: what it is where it does not vary, and between what it varies.
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
REGIMES = {
    "only prices vary": NAMES[4:],
    "only traffic varies": NAMES[:1],
    "all vary": NAMES,
    "prices vary, in 60 months of traffic": ("ingress", *NAMES[4:]),
}
MONTHS = 60


def arithmetic(ceil: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return what both options cost, in plain scalar arithmetic, and whether they can serve."""

    def msk(ingress, fanout, retention, peak, salary, hour, gib, crossing):
        rate = ingress / 2.755657728
        top = rate * peak
        disk = rate * 3.515625 * retention * 6.0
        most = max(
            3.0,
            top * 6.5 / 78.75 / 0.5,
            top * (5.7 + 1.5 * fanout) / 117.0 / 0.5,
            0.09,
            disk / 16384.0,
        )
        brokers = ceil(most / 3.0 * 0.999999999999) * 3.0
        total = (
            brokers * 730.0 * hour
            + max(disk, brokers) * gib
            + 4.0 / 3.0 * (1.0 + fanout) * (rate * 3.515625 * 730.0) * crossing
            + 0.5 * salary
        )
        return (total, True) if brokers <= 60.0 else (math.nan, False)

    def confluent(ingress, fanout, retention, peak, salary, unit, into, out, stored):
        rate = ingress / 2.755657728
        top = rate * peak
        units = ceil(
            max(1.0, top / 4.76837158203125, top * fanout / 14.30511474609375) * 0.999999999999
        )
        month, kept = rate * 3.515625 * 730.0, rate * 3.515625 * retention
        total = (
            max(units - 1.0, 0.0) * 730.0 * unit
            + month * into
            + month * fanout * out
            + 3.0 * kept * stored
            + 0.5 * salary
        )
        able = (
            units <= 50.0
            and top <= 238.4185791015625
            and top * fanout <= 715.2557373046875
            and kept <= 4656.612873077393
        )
        return (total, True) if able else (math.nan, False)

    return msk, confluent


def at(x: Any, month: int, draw: int) -> Any:
    """Return the value of an input: of a month, of a draw, or the same for all."""


@overload(at)
def _at(x, month, draw):
    if not isinstance(x, types.Array):
        return lambda x, month, draw: x
    if x.ndim == 2:
        return lambda x, month, draw: x[month, 0]
    return lambda x, month, draw: x[draw]


MSK, CONFLUENT = (numba.njit(error_model="numpy")(one) for one in arithmetic(np.ceil))


@numba.njit(error_model="numpy")
def fused_msk(totals, able, a, b, c, d, e, f, g, h):
    """Fill what MSK costs."""
    for m in range(totals.shape[0]):
        for i in range(totals.shape[1]):
            totals[m, i], able[m, i] = MSK(
                at(a, m, i),
                at(b, m, i),
                at(c, m, i),
                at(d, m, i),
                at(e, m, i),
                at(f, m, i),
                at(g, m, i),
                at(h, m, i),
            )


@numba.njit(error_model="numpy")
def fused_confluent(totals, able, a, b, c, d, e, f, g, h, j):
    """Fill what Confluent Basic costs."""
    for m in range(totals.shape[0]):
        for i in range(totals.shape[1]):
            totals[m, i], able[m, i] = CONFLUENT(
                at(a, m, i),
                at(b, m, i),
                at(c, m, i),
                at(d, m, i),
                at(e, m, i),
                at(f, m, i),
                at(g, m, i),
                at(h, m, i),
                at(j, m, i),
            )


def inputs_of(regime: str, count: int) -> dict[str, Any]:
    """Return arrays of the inputs that vary, for so many totals of all options together."""
    rng = np.random.default_rng(1)
    months = MONTHS if "months" in regime else 1
    draws = max(count // len(OPTIONS) // months, 1)
    found: dict[str, Any] = {}
    for name in REGIMES[regime]:
        _, low, high = INPUTS[name]
        found[name] = np.empty(draws)
        rng.random(out=found[name])
        found[name] *= high - low
        found[name] += low
    if months > 1:
        found["ingress"] = np.geomspace(1.0, 100.0, months)[:, np.newaxis]
    return found


def shape_of(inputs: Arrays) -> tuple[int, ...]:
    """Return the shape of the results of each option."""
    return np.broadcast_shapes(*(x.shape for x in inputs.values()))


def by_hand(inputs: Arrays) -> tuple[Any, Any]:
    """Return totals and who can serve, by the compiled loops."""
    shape = shape_of(inputs)
    totals, able = np.empty((2, *shape)), np.empty((2, *shape), bool)
    plane = (2, 1, *shape) if len(shape) == 1 else (2, *shape)
    wide, truths = totals.reshape(plane), able.reshape(plane)
    x = [inputs.get(name, usual[0]) for name, usual in INPUTS.items()]
    fused_msk(wide[0], truths[0], *x[:8])
    fused_confluent(wide[1], truths[1], *x[:5], *x[8:])
    return totals, able


def row_by_row(rows: Sequence[Sequence[float]]) -> list[Any]:
    """Return the totals of rows of every input by plain Python."""
    msk, confluent = arithmetic(math.ceil)
    found = []
    for row in rows:
        found.append(msk(*row[:8]))
        found.append(confluent(*row[:5], *row[8:]))
    return found


def full_rows(inputs: Arrays, rows: int) -> pd.DataFrame:
    """Return some rows of every input."""
    shape = shape_of(inputs)
    columns = {
        name: np.broadcast_to(inputs.get(name, usual[0]), shape).ravel()[:rows]
        for name, usual in INPUTS.items()
    }
    return pd.DataFrame(columns)


def by_pandas(frame: pd.DataFrame) -> Any:
    """Return the totals of a frame's rows, each by a function."""
    msk, confluent = arithmetic(math.ceil)

    def both(row: Any) -> Any:
        x = row.tolist()
        return msk(*x[:8])[0], confluent(*x[:5], *x[8:])[0]

    return frame.apply(both, axis=1)


def by_bills(rows: Sequence[Mapping[Any, float]]) -> list[Any]:
    """Return the bills of some rows, each of a workload of its own, at the prices of the book."""
    found = []
    for row in rows:
        load = kt.Workload(
            ingress=f"{row['ingress']} TB/month",
            fanout=row["fanout"],
            retention=f"{row['retention']} h",
            peak_to_average=row["peak_to_average"],
        )
        found += [kt.bill(item, load, BOOK) for item in OPTIONS]
    return found


def seconds(run: Callable[[], Any], most: float = 1.0, repeat: int = 7) -> float:
    """Return the shortest of some runs [s]: after one that is not counted, for some time."""
    run()
    found, begun = [], time.perf_counter()
    while len(found) < 2 or (len(found) < repeat and time.perf_counter() - begun < most):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found)


def whole(inputs: Arrays, engine: str, *, itemised: bool = False) -> Any:
    """Return what a user asks for in one call, which traces formulas and compiles them."""
    return kt.totals(LOAD, OPTIONS, BOOK, inputs, engine=engine, itemised=itemised)


def prepared(names: Sequence[str], engine: str) -> Callable[[Arrays], tuple[Any, Any]]:
    """Return what computes totals again and again, as uncertainty does."""
    basis = basis_of("benchmark", LOAD, OPTIONS, BOOK, 730)
    runs = made_ready(basis, [find_axis(name, basis) for name in names], engine=engine)

    def compute(inputs: Arrays) -> tuple[Any, Any]:
        shape = (2, *shape_of(inputs))
        totals, able = np.empty(shape), np.empty(shape, bool)
        fill([run for _, run in runs], inputs, [*zip(totals, able, strict=True)])
        return totals, able

    return compute


def filled(inputs: Arrays) -> None:
    """Write each byte of the results once."""
    shape = (2, *shape_of(inputs))
    np.empty(shape).fill(1.0)
    np.empty(shape, bool).fill(True)


def check(regime: str) -> None:
    """Compare the library with the loops by hand, and these with plain Python."""
    inputs = inputs_of(regime, 120_000)
    totals, able = by_hand(inputs)
    for engine in ("fused", "numpy"):
        found = prepared(REGIMES[regime], engine)(inputs)
        np.testing.assert_allclose(found[0], totals, rtol=1e-12)
        np.testing.assert_array_equal(found[1], able)
    rows = row_by_row(full_rows(inputs, 500).to_numpy().tolist())
    for i in range(2):
        plain = [total for total, _ in rows[i::2]]
        np.testing.assert_allclose(totals[i].ravel()[:500], plain, rtol=1e-12)


#: The rows of the table: what is done, how far from what it should be, and what holds it back.
FUSED, NUMPY, HAND = "formulas ready, fused", "formulas ready, NumPy", "**(b)** loop by hand"
PYTHON, MEMORY = "**(c)** Python, row by row", "**(d)** memory, written once"
LIMITS = {
    FUSED: "a call costs 30 µs; then arithmetic; out of the cache memory",
    NUMPY: "each step passes through the cache, and is a call for each block",
    "`kt.totals`": "tracing, 10 ms, and compiling where there are 10⁶; then as above",
    "`kt.totals`, NumPy": "tracing, 10 ms; then as above",
    "`kt.totals`, itemised": "as above, and memory: an array for each component",
    "`kt.totals`, itemised, NumPy": "as above, and memory",
    HAND: "arithmetic; out of the cache memory",
    PYTHON: "the interpreter: an object for each number",
    "**(c)** pandas, `apply(axis=1)`": "the interpreter, and a Series for each row",
    "**(c)** `kt.bill`, one by one": "a bill is more: units, sources and texts of each line",
    MEMORY: "memory, and pages that are new to the process",
}


def measured(regime: str, sizes: Sequence[int]) -> dict[str, list[float]]:
    """Return the time of each total [ns], by row of the table and size."""
    check(regime)
    names = REGIMES[regime]
    again = {engine: prepared(names, engine) for engine in ("fused", "numpy")}
    found: dict[str, list[float]] = {name: [] for name in LIMITS}
    for size in sizes:
        inputs = inputs_of(regime, size)
        count = len(OPTIONS) * math.prod(shape_of(inputs))
        ways: dict[str, Callable[[], Any]] = {
            FUSED: partial(again["fused"], inputs),
            NUMPY: partial(again["numpy"], inputs),
            "`kt.totals`": partial(whole, inputs, "auto"),
            "`kt.totals`, NumPy": partial(whole, inputs, "numpy"),
            "`kt.totals`, itemised": partial(whole, inputs, "auto", itemised=True),
            "`kt.totals`, itemised, NumPy": partial(whole, inputs, "numpy", itemised=True),
            HAND: partial(by_hand, inputs),
            MEMORY: partial(filled, inputs),
        }
        for name, run in ways.items():
            found[name].append(seconds(run) / count * 1e9)
        del inputs, ways, run  # or two of 10⁸ are held at once
    inputs = inputs_of(regime, 40_000)
    frame = full_rows(inputs, 20_000)
    few = frame.head(20).to_dict("records")
    slow = {
        PYTHON: (20_000, partial(row_by_row, frame.to_numpy().tolist())),
        "**(c)** pandas, `apply(axis=1)`": (20_000, partial(by_pandas, frame)),
        "**(c)** `kt.bill`, one by one": (20, partial(by_bills, few)),
    }
    for name, (some, run) in slow.items():
        found[name] = [seconds(run) / some / len(OPTIONS) * 1e9] * len(sizes)
    return found


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    yield "| " + " | ".join(head) + " |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def number(x: float) -> str:
    """Return three digits of a number."""
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def power(size: int) -> str:
    """Return a power of ten, as people write it."""
    return "10" + str(round(math.log10(size))).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def tables(most: int) -> Iterator[str]:
    """Yield the lines of all tables."""
    sizes = [10**n for n in range(3, most + 1)]
    heads = [power(size) for size in sizes]
    yield from machine()
    ratios = []
    for regime in REGIMES:
        found = measured(regime, sizes)
        yield f"### Where {regime}"
        yield ""
        yield f"Nanoseconds for each total, of so many, and at {heads[-1]} as a ratio to (b)."
        yield ""
        rows = [
            [name, *map(number, times), number(times[-1] / found[HAND][-1]), LIMITS[name]]
            for name, times in found.items()
        ]
        yield from table(["", *heads, "÷ (b)", "what limits it"], rows)
        best = [min(pair) for pair in zip(found[FUSED], found[NUMPY], strict=True)]
        for name, above, below, limit in (
            ("fastest ÷ (b)", best, found[HAND], "≤ 3"),
            ("NumPy ÷ (b)", found[NUMPY], found[HAND], "≤ 12"),
            ("(c) Python ÷ fastest", found[PYTHON], best, "≥ 300"),
            ("fastest ÷ (d)", best, found[MEMORY], ""),
        ):
            values = [number(a / b) for a, b in zip(above, below, strict=True)]
            ratios.append([regime, name, limit, *values])
    yield "### Ratios, and how they change"
    yield ""
    yield from table(["", "ratio", "to be", *heads], ratios)
    yield from memory_table(min(most, 7))
    yield from long_table()


def machine() -> Iterator[str]:
    """Yield what it is measured on."""
    info = Path("/proc/cpuinfo")
    names = [x for x in info.read_text().splitlines() if "model name" in x] if info.exists() else []
    model = names[0].partition(":")[2].strip() if names else platform.processor()
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "llvmlite", "numba"))
    yield (
        f"Measured on one core of {os.cpu_count()} of {model} with {gib:.0f} GiB; "
        f"{platform.system()}, Python {platform.python_version()}, {versions}."
    )
    yield ""


def memory_table(most: int) -> Iterator[str]:
    """Yield how much memory is needed beside the inputs, each in a process of its own."""
    yield "### Memory"
    yield ""
    rows = []
    for engine in ("fused", "numpy"):
        for itemised in ("totals", "itemised"):
            done = subprocess.run(
                [sys.executable, __file__, "--memory", engine, itemised, str(10**most)],
                check=True,
                capture_output=True,
                text=True,
            )
            output, peak = map(float, done.stdout.split())
            limit = 1.5 * output + 64.0
            rows.append([f"{engine}, {itemised}", *map(number, (output, peak, limit))])
    head = [
        f"{power(10**most)} totals, all vary",
        "results [MB]",
        "peak [MB]",
        "1.5 × results + 64 [MB]",
    ]
    yield from table(head, rows)


def memory(engine: str, itemised: str, count: str) -> None:
    """Print the size of results and how much the process grew at most [MB]."""
    inputs = inputs_of("all vary", int(count))
    Path("/proc/self/clear_refs").write_text("5")  # the peak is that from here on
    before = resident()["VmRSS"]
    found = whole(inputs, engine, itemised=itemised == "itemised")
    print(found.nbytes / 1e6, resident()["VmHWM"] - before)


def resident() -> dict[str, float]:
    """Return what memory the process has and had at most, by Linux's names [MB]."""
    rows = Path("/proc/self/status").read_text().splitlines()
    return {
        name: float(text.split()[0]) * 1024 / 1e6
        for name, _, text in (row.partition(":") for row in rows)
        if name in ("VmRSS", "VmHWM")
    }


def long_table() -> Iterator[str]:
    """Yield what formulas of more steps take: kinds of the scenario that comes with the package."""
    yield "### Longer formulas"
    yield ""
    scenario = kt.Scenario.load("every-kind")
    names = ("ingress", "fanout", "retention", "peak_to_average", "salary")
    rows = []
    for label in ("confluent-basic", "msk-express", "msk-standard", "self-hosted on AWS"):
        chosen = [item for item in scenario.deployments if item.label == label]
        basis = basis_of("benchmark", scenario.workload, chosen, scenario.book, 730)
        axes = [find_axis(name, basis) for name in names]
        start = time.perf_counter()
        [(_, fused)] = made_ready(basis, axes, engine="fused")
        traced = time.perf_counter() - start
        start = time.perf_counter()
        fused({name: np.full(2, INPUTS[name][0]) for name in names})
        compiled = time.perf_counter() - start
        [(_, plain)] = made_ready(basis, axes, engine="numpy")
        some = {name: x[:100_000] for name, x in inputs_of("all vary", 200_000).items()}
        one = {"ingress": some["ingress"]}
        ends = (float(one["ingress"].min()), float(one["ingress"].max()))
        [(_, curve)] = made_ready(basis, axes[:1], engine="numpy", within=ends)
        ways = (partial(fused, some), partial(plain, some), partial(curve, one))
        times = [seconds(run) / 1e5 * 1e9 for run in ways]
        steps = len(fused.program.steps)
        rows.append([label, str(steps), *map(number, (traced * 1e3, compiled * 1e3, *times))])
    head = [
        "",
        "steps",
        "tracing [ms]",
        "compiling [ms]",
        "fused [ns]",
        "NumPy [ns]",
        "NumPy, only traffic varies [ns]",
    ]
    yield from table(head, rows)


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=8, metavar="N", help="up to 10^N totals")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.name} too")
    parser.add_argument("--memory", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.memory:
        memory(*asked.memory)
        return
    lines = []
    for line in tables(asked.most):
        print(line, flush=True)
        lines.append(line + "\n")
    if asked.write:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(MARKS[0])
        _, _, after = rest.partition(MARKS[1])
        PAGE.write_text(before + MARKS[0] + "".join(lines) + MARKS[1] + after, encoding="utf-8")


if __name__ == "__main__":
    main()

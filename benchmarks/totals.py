"""Millions of totals: the library beside a hand-written compiled loop, plain Python and memory.

Run it by hand, on a quiet machine: ``make bench`` (some minutes; ``--most 7`` for fewer totals).
It prints Markdown, as docs/model/speed.md shows it.  Nothing in the tests is timed.
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
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pandas as pd
from numba import types
from numba.extending import overload

import kafkatco as kt
from kafkatco.axes import find_axis
from kafkatco.basis import basis_of
from kafkatco.evaluate import ready
from kafkatco.formulas import formulas
from kafkatco.totals import _InItsUnit, _masked

BOOK = kt.PriceBook("list", as_of="2025-10-31")
LOAD = kt.Workload(ingress="10 TB/month", fanout=3, retention="1 day", peak_to_average=2)
TEAM = kt.Labour(fte=0.5, monthly="8000 USD")
OPTIONS = (
    kt.MskStandard(region="us-east-1", instance="kafka.m7g.large", labour=TEAM),
    kt.ConfluentBasic(region="us-east-1", labour=TEAM),
)
#: Each input: what it is where it does not vary, and between what it varies.
INPUTS = {
    "ingress": (10.0, 1.0, 100.0), "fanout": (3.0, 1.0, 5.0), "retention": (24.0, 12.0, 72.0),
    "peak_to_average": (2.0, 1.0, 4.0), "salary": (8000.0, 4000.0, 9000.0),
    "aws.msk.kafka.m7g.large": (0.204, 0.15, 0.25), "aws.msk.storage": (0.1, 0.08, 0.12),
    "aws.data-transfer.inter-az": (0.01, 0.005, 0.02), "confluent.basic.ecku": (0.14, 0.1, 0.2),
    "confluent.basic.ingress": (0.05, 0.03, 0.06), "confluent.basic.egress": (0.05, 0.03, 0.06),
    "confluent.basic.storage": (0.08, 0.06, 0.1),
}  # fmt: skip
NAMES = tuple(INPUTS)
REGIMES = {
    "only prices vary": NAMES[4:], "only traffic varies": NAMES[:1], "all vary": NAMES,
    "prices vary, in 60 months of traffic": ("ingress", *NAMES[4:]),
}  # fmt: skip
MONTHS = 60


def arithmetic(ceil: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return what both options cost, in plain scalar arithmetic, and whether they can serve."""

    def msk(ingress, fanout, retention, peak, salary, hour, gib, crossing):  # type: ignore[no-untyped-def]
        rate = ingress / 2.755657728
        top = rate * peak
        disk = rate * 3.515625 * retention * 6.0
        most = max(3.0, top * 6.5 / 78.75 / 0.5, top * (5.7 + 1.5 * fanout) / 117.0 / 0.5,
                   0.09, disk / 16384.0)  # fmt: skip
        brokers = ceil(most / 3.0 * 0.999999999999) * 3.0
        total = (brokers * 730.0 * hour + max(disk, brokers) * gib
                 + 4.0 / 3.0 * (1.0 + fanout) * (rate * 3.515625 * 730.0) * crossing
                 + 0.5 * salary)  # fmt: skip
        return (total, True) if brokers <= 60.0 else (math.nan, False)

    def confluent(ingress, fanout, retention, peak, salary, unit, into, out, stored):  # type: ignore[no-untyped-def]
        rate = ingress / 2.755657728
        top = rate * peak
        units = ceil(max(1.0, top / 4.76837158203125, top * fanout / 14.30511474609375)
                     * 0.999999999999)  # fmt: skip
        month, kept = rate * 3.515625 * 730.0, rate * 3.515625 * retention
        total = (max(units - 1.0, 0.0) * 730.0 * unit + month * into + month * fanout * out
                 + 3.0 * kept * stored + 0.5 * salary)  # fmt: skip
        able = (units <= 50.0 and top <= 238.4185791015625 and top * fanout <= 715.2557373046875
                and kept <= 4656.612873077393)  # fmt: skip
        return (total, True) if able else (math.nan, False)

    return msk, confluent


def at(x: Any, month: int, draw: int) -> Any:
    """Return the value of an input: of a month, of a draw, or the same for all."""


@overload(at)
def _at(x, month, draw):  # type: ignore[no-untyped-def]
    if not isinstance(x, types.Array):
        return lambda x, month, draw: x
    if x.ndim == 2:
        return lambda x, month, draw: x[month, 0]
    return lambda x, month, draw: x[draw]


MSK, CONFLUENT = (numba.njit(error_model="numpy")(one) for one in arithmetic(np.ceil))


@numba.njit(error_model="numpy")
def fused_msk(totals, able, a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
    """Fill what MSK costs."""
    for m in range(totals.shape[0]):
        for i in range(totals.shape[1]):
            totals[m, i], able[m, i] = MSK(
                at(a, m, i), at(b, m, i), at(c, m, i), at(d, m, i), at(e, m, i), at(f, m, i),
                at(g, m, i), at(h, m, i),
            )  # fmt: skip


@numba.njit(error_model="numpy")
def fused_confluent(totals, able, a, b, c, d, e, f, g, h, j):  # type: ignore[no-untyped-def]
    """Fill what Confluent Basic costs."""
    for m in range(totals.shape[0]):
        for i in range(totals.shape[1]):
            totals[m, i], able[m, i] = CONFLUENT(
                at(a, m, i), at(b, m, i), at(c, m, i), at(d, m, i), at(e, m, i), at(f, m, i),
                at(g, m, i), at(h, m, i), at(j, m, i),
            )  # fmt: skip

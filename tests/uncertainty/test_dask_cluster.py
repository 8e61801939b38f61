"""Simulations on a real cluster of two worker processes, one of which is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kafkatco as kt
from kafkatco.planning.horizon import Horizon
from kafkatco.uncertainty.dask_cluster import draw_costs
from kafkatco.uncertainty.inputs import Uncertainty
from kafkatco.uncertainty.simulate import simulate

pytest.importorskip("scipy")
pytest.importorskip("zarr")
distributed = pytest.importorskip("distributed")

BOOK = kt.PriceBook("list", as_of="2025-10-31")
LOAD = kt.Workload(ingress="1 TB/month", fanout=1, retention="1 day")
OPTIONS = (
    kt.MskStandard(region="us-east-1", instance="kafka.m7g.large"),
    kt.ConfluentBasic(region="us-east-1"),
)
INPUTS = {"ingress": "1-20 TB/month", "fanout": "1-2-4", "krw": "1200-1500"}


def uncertain(draws: int) -> Uncertainty:
    return Uncertainty(inputs=INPUTS, draws=draws)


@pytest.mark.slow
# warnings of a killed worker, and of zarr about its formats, are not ours
@pytest.mark.filterwarnings("default")
def test_a_killed_worker_changes_nothing(tmp_path: Path) -> None:
    import xarray as xr

    local = simulate(
        LOAD, OPTIONS, BOOK, uncertainty=uncertain(131_072), horizon=Horizon(months=2), threads=2
    )
    cluster = distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        local_directory=str(tmp_path),
    )
    with cluster, distributed.Client(cluster) as client:
        before = client.run(os.getpid)
        assert len(before) == 2

        def track(parts: Collection[Any]) -> Iterator[Any]:
            assert len(parts) == 32
            for i, part in enumerate(parts):
                if i == 1:
                    os.kill(next(iter(before.values())), signal.SIGKILL)
                yield part

        remote = simulate(
            LOAD,
            OPTIONS,
            BOOK,
            uncertainty=uncertain(131_072),
            horizon=Horizon(months=2),
            client=client,
            track=track,
        )
        client.wait_for_workers(2)
        assert set(client.run(os.getpid).values()) != set(before.values())
        # every draw, written by the workers
        costs = draw_costs(
            LOAD, OPTIONS, BOOK, uncertainty=uncertain(4096), horizon=Horizon(months=6)
        )
        costs.to_zarr(tmp_path / "costs.zarr", zarr_format=2)
        table: Any = costs[["cost"]].to_dask_dataframe()
        table.to_parquet(tmp_path / "costs.parquet")
    assert remote.data.identical(local.data)
    assert remote.choices == local.choices
    assert remote.evppi == local.evppi
    assert remote.convergence == local.convergence
    kept = xr.open_zarr(tmp_path / "costs.zarr").load()
    assert np.array_equal(kept.cost, costs.cost)
    import pandas as pd

    rows = pd.read_parquet(tmp_path / "costs.parquet")
    assert len(rows) == 2 * 6 * 4096
    assert rows.cost.sum() == pytest.approx(float(kept.cost.sum()), rel=1e-12)


def test_dask_arrays_have_the_draws_of_the_simulation() -> None:
    costs = draw_costs(LOAD, OPTIONS, BOOK, uncertainty=uncertain(512), horizon=Horizon(months=6))
    assert all(hasattr(costs[name].data, "dask") for name in ("cost", "value"))
    result = simulate(LOAD, OPTIONS, BOOK, uncertainty=uncertain(512), horizon=Horizon(months=6))
    mean = costs.cost.mean("draw").compute()
    assert np.allclose(mean, result.data["mean"], rtol=1e-12)
    value = costs.value.sel(input="ingress")
    assert 1.0 <= float(value.min()) <= float(value.max()) <= 20.0

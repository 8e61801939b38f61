"""A server of metrics: a real Prometheus, and servers that are slow, wrong, huge or redirect."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kafkatco.errors import InputError
from kafkatco.ingest.prometheus_server import expressions, read_server
from kafkatco.ingest.workload import traffic_of
from support.ingest import START
from support.price_server import PriceServer, Reply, serving

PATH = "/api/v1/query_range"
DAY = 86_400.0
END = START + DAY


@pytest.fixture
def server() -> Iterator[PriceServer]:
    with serving() as known:
        yield known


def answer(values: Mapping[str, list[tuple[dict[str, str], float]]]) -> Any:
    """Return what answers a query: constant series of one day for queries that hold a name."""

    def reply(query: Mapping[str, str]) -> Reply:
        results: list[Any] = []
        for name, series in values.items():
            if name in query["query"]:
                step, start = float(query["step"]), float(query["start"])
                times = np.arange(start, float(query["end"]) + 1, step).tolist()
                for labels, value in series:
                    pairs = [[time, str(value)] for time in times]
                    results.append({"metric": labels, "values": pairs})
        data = {"resultType": "matrix", "result": results}
        return Reply(json.dumps({"status": "success", "data": data}).encode())

    return reply


def test_quantities_are_asked_for_until_one_has_values(server: PriceServer) -> None:
    server.replies[PATH] = answer(
        {
            "bytesinpersec_count{": [({"cluster": "main"}, 2e6)],
            "bytesout_total{": [({"cluster": "main"}, 5e6)],
            "kafka_log_log_size": [({"cluster": "main"}, 6e6 * 3600)],
        }
    )
    found = read_server(server.url, days=1, end=END)
    traffic = traffic_of(found)
    fields = traffic.estimates
    assert (fields["ingress"].value, fields["fanout"].value) == (2e6, 2.5)
    assert traffic.cluster == "main"
    # the last rate is that of the five minutes before the end
    assert found.series[0].asked == (START, END)
    assert found.series[0].times[-1] == END - 300.0
    assert "rate(kafka_server_brokertopicmetrics_bytesinpersec_count{topic=" in (
        fields["ingress"].because
    )
    queries = [request.query["query"] for request in server.asked]
    assert len(queries) == len(set(queries))
    assert not any("bytesoutpersec" in query for query in queries)  # it was found before


def test_labels_and_a_token_go_with_each_query(server: PriceServer) -> None:
    server.replies[PATH] = answer({"bytesin_total": [({}, 1.0)]})
    read_server(server.url + "/", days=1, end=END, labels={"job": 'a"b'}, token="secret")
    assert all('{job="a\\"b"' in request.query["query"] for request in server.asked)
    assert {request.headers["Authorization"] for request in server.asked} == {"Bearer secret"}


def test_a_long_window_has_longer_steps(server: PriceServer) -> None:
    """365 days in at most 10,000 points: 52.56 min, so 53 min."""
    server.replies[PATH] = answer({"bytesin_total": [({}, 1.0)]})
    found = read_server(server.url, days=365, end=END)
    assert found.series[0].step_s == 53 * 60.0
    assert "[3180s]" in found.series[0].query


def faults(server: PriceServer, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read_server(server.url, days=1, end=END, **options)
    text = str(caught.value)
    assert "secret" not in text
    return text


def test_a_server_at_fault_is_survived(
    server: PriceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kafkatco.prices.refresh.http.TIMEOUT", (1.0, 0.05))
    monkeypatch.setattr("kafkatco.prices.refresh.http.LONGEST_PAUSE", 0.01)
    assert "127.0.0.1: HTTP status 404" in faults(server, token="secret")
    server.replies[PATH] = Reply(b"<html>Sign in</html>")
    assert "127.0.0.1: the reply is not that of Prometheus" in faults(server)
    server.replies[PATH] = Reply(b"", 302, {"Location": "http://127.0.0.2/secret"})
    assert "a redirect" in faults(server, token="secret")
    server.replies[PATH] = Reply(b"", 401)
    assert "HTTP status 401. Check the key" in faults(server, token="secret")
    server.replies[PATH] = Reply(b"", 503)
    assert "HTTP status 503, 2 times" in faults(server)
    server.replies[PATH] = Reply(b'{"status": "success"', sent=5)
    assert "lost connection, 2 times" in faults(server)
    server.replies[PATH] = Reply(b"{", block=b" " * 1_000_000, times=33)
    assert "more than 32,000,000 bytes" in faults(server)
    server.replies[PATH] = answer({})
    assert "the server has no metrics of Kafka that are known" in faults(server)
    server.slow = 0.3
    assert "no answer in time, 2 times" in faults(server)


@pytest.mark.parametrize(
    "url", ["prometheus:9090", "ftp://prometheus", "http://", "http://me:secret@prometheus"]
)
def test_an_address_must_be_one_without_a_password(url: str) -> None:
    with pytest.raises(InputError, match="expected an address such as") as caught:
        read_server(url)
    assert "secret" not in str(caught.value)


# a real server


def _prometheus() -> str | None:
    return shutil.which("prometheus") or shutil.which(os.environ.get("PROMETHEUS", ""))


def recorded() -> dict[str, tuple[str, list[float]]]:
    """Return the recorded values of each series, in steps of a minute, and its type.

    Six hours of one broker: per minute 60 MB, in the fourth hour 240 MB.  After two hours it
    restarts.  Consumers read twice as much.  Topics carry a third and two thirds.
    """
    step = [60e6 if not 180 <= minute < 240 else 240e6 for minute in range(360)]
    counter = np.concatenate([[0.0], np.cumsum(step[:120]), np.cumsum(step[120:])])
    level = [float(partitions) for partitions in [475] * 361]
    name = "kafka_server_brokertopicmetrics_bytes"
    return {
        f'{name}in_total{{instance="a"}}': ("counter", counter.tolist()),
        f'{name}in_total{{instance="a",topic="x"}}': ("counter", (counter / 3).tolist()),
        f'{name}in_total{{instance="a",topic="y"}}': ("counter", (counter * 2 / 3).tolist()),
        f'{name}out_total{{instance="a"}}': ("counter", (counter * 2).tolist()),
        'kafka_controller_kafkacontroller_globalpartitioncount{instance="a"}': ("gauge", level),
        'kafka_controller_kafkacontroller_globalpartitioncount{instance="b"}': ("gauge", level),
    }


def _openmetrics() -> str:
    """Return the recorded values as OpenMetrics text, from which promtool makes blocks."""
    families: dict[str, list[str]] = {}
    for series, (kind, values) in recorded().items():
        family = series.partition("{")[0]
        lines = families.setdefault(family, [f"# TYPE {family.removesuffix('_total')} {kind}"])
        lines.extend(
            f"{series} {value:.1f} {START + 60 * minute:.0f}" for minute, value in enumerate(values)
        )
    return "\n".join(line for lines in families.values() for line in lines) + "\n# EOF\n"


@pytest.fixture(scope="module")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run Prometheus on a free port of this machine, with the recorded values in its storage."""
    program = _prometheus()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Prometheus: apt-get install prometheus")
        pytest.skip("prometheus is not installed")
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "recorded.txt").write_text(_openmetrics())
    (folder / "prometheus.yml").write_text("global: {scrape_interval: 1m}\n")
    tool = str(Path(program).with_name("promtool"))
    make = [tool, "tsdb", "create-blocks-from", "openmetrics", "recorded.txt", "data"]
    subprocess.run(make, cwd=folder, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        program,
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        "--storage.tsdb.retention.time=100y",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, folder / "log")
            yield url
        finally:
            running.terminate()
            running.wait(10)


def _wait_for(url: str, log: Path) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{url}/-/ready", timeout=1) as reply:
                if reply.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.05)
    pytest.fail(log.read_text()[-2000:])


@pytest.mark.slow
def test_a_real_server_gives_the_workload_of_the_recorded_values(real_server: str) -> None:
    end = START + 6 * 3600
    found = read_server(real_server, days=0.25, step_s=300.0, end=end)
    bytes_in = next(one for one in found.series if one.quantity == "ingress")
    minutes = (bytes_in.times - START) / 60
    assert minutes.tolist() == list(range(0, 360, 5))
    wanted = np.where((minutes >= 180) & (minutes < 240), 4e6, 1e6)
    assert bytes_in.values == pytest.approx(wanted, rel=1e-9)
    traffic = traffic_of(found)
    # (5 x 1 + 4) / 6 = 1.5 MB/s; of 72 steps the largest 12 have 4 MB/s
    assert traffic.estimates["ingress"].value == pytest.approx(1.5e6)
    assert traffic.estimates["fanout"].value == pytest.approx(2.0)
    assert traffic.estimates["peak_to_average"].value == pytest.approx(4 / 1.5)
    assert traffic.estimates["partitions"].written == 475


@pytest.mark.slow
def test_a_real_server_understands_every_query(real_server: str) -> None:
    """An invalid expression is HTTP status 400."""
    from urllib.parse import urlencode

    for expression in expressions(300.0, {"job": 'a"b\\c'}):
        query = urlencode({"query": expression.query, "start": START, "end": START, "step": 300})
        with urllib.request.urlopen(f"{real_server}{PATH}?{query}", timeout=10) as reply:
            assert json.load(reply)["status"] == "success"

"""Reading and calibrating a bill loads nothing that fetches prices, whatever its format."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from support.bill_samples import FOCUS, azure, confluent, cur_rows, gcp, write_csv

#: Prints the loaded modules that reach the network.
CALIBRATE = """
import json, sys
import kafkatco as kt

load = kt.Workload(ingress="1 MiB/s", fanout=1, retention="1 day")
msk = kt.MskStandard(region="ap-northeast-2", instance="kafka.m7g.large")
book = kt.PriceBook("list", as_of="2025-10-31")
for path in sys.argv[1:]:
    kt.calibrate(load, [msk], book, path)
online = ("requests", "urllib3", "kafkatco.prices.refresh")
print(json.dumps([name for name in sys.modules if name.startswith(online)]))
"""


def test_no_format_of_bill_needs_the_network(tmp_path: Path) -> None:
    records = tmp_path / "google.jsonl"
    records.write_text(json.dumps(gcp()) + "\n", encoding="utf-8")
    days = [azure(Date=f"2025-02-{day:02}") for day in range(1, 29)]
    bills = (
        write_csv(tmp_path / "focus.csv", [{**FOCUS, "x_UsageType": "APN2-Kafka.m7g.large"}]),
        write_csv(tmp_path / "aws.csv", cur_rows()),
        write_csv(tmp_path / "azure.csv", days),
        records,
        confluent(tmp_path / "confluent.json"),
    )
    command = [sys.executable, "-c", CALIBRATE, *map(str, bills)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []

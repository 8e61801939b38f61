"""A file of hundreds of megabytes passes in little memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.aws_lines import LISTED, PREFIX, line, offer
from support.price_server import Reply, serve_aws, serving, version_of

PUBLISHED = "2026-11-02T10:11:12Z"
#: Reads the file in a process of its own, whose memory is that of the reader alone.
READER = """
import datetime, sys
from pathlib import Path
from kafkatco.prices.refresh.aws import Aws
from kafkatco.prices.refresh.source import Query
from kafkatco.prices.refresh.http import Web

skus = ["aws.ec2.m7g.large", "aws.ebs.gp3.storage", "aws.nat-gateway"]
query = Query(datetime.date(2026, 11, 22), dict.fromkeys(skus, frozenset({"ap-northeast-2"})))
with Web() as web:
    [part] = Aws(url=sys.argv[1]).read(web, query)
peak = next(s for s in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in s)
print(len(part.quotes), len(part.other), int(peak.split()[1]) // 1024)
"""


def block() -> bytes:
    """Return some thousand lines of instances of other kinds, as wide as real ones."""
    box = next(one for one in LISTED if one.usage == "BoxUsage:m7g.large")
    systems = [("Windows", "0002"), ("RHEL", "0010"), ("SUSE", "000g"), ("Linux", "")]
    lines = []
    for family in range(150):
        for size in ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"):
            for system, code in systems:
                usage = f"{PREFIX['ap-northeast-2']}BoxUsage:x{family}.{size}"
                lines.append(
                    line(
                        box,
                        "ap-northeast-2",
                        usageType=usage,
                        operation=f"RunInstances:{code}".rstrip(":"),
                        PriceDescription="per On Demand instance hour " * 12,
                        **{"Operating System": system, "Instance Type": usage.partition(":")[2]},
                    )
                )
    text = offer("AmazonEC2", lines)
    return text.partition("Volume API Name")[2].partition("\n")[2].encode()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the memory")
def test_three_hundred_megabytes_take_little_memory() -> None:
    ours = [one for one in LISTED if one.service == "AmazonEC2"]
    text = offer("AmazonEC2", [line(one, "ap-northeast-2") for one in ours])
    lines = block()
    times = 300_000_000 // len(lines) + 1
    with serving() as server:
        serve_aws(server, {"AmazonEC2": {"ap-northeast-2": text}})
        path = f"/offers/v1.0/aws/AmazonEC2/{version_of(PUBLISHED)}/ap-northeast-2/index.csv"
        server.replies[path] = Reply(text.encode(), block=lines, times=times)
        command = [sys.executable, "-c", READER, server.url]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    readings, others, peak = done.stdout.split()
    assert len(lines) * times > 300_000_000
    assert int(readings) == 3
    assert int(others) > 900
    assert int(peak) < 150, f"{peak} MiB"

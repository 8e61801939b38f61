"""A local HTTP server that speaks the providers' formats, and their faults."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Reply:
    """What the server answers to one address: a status, headers, and a body of which it sends
    only ``sent`` bytes if that is given, as a broken connection would.  The body is followed by
    ``block``, ``times`` times: a large file that is nowhere in memory."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    sent: int | None = None
    etag: bool = True
    block: bytes = b""
    times: int = 0


@dataclass
class Request:
    path: str
    query: dict[str, str]
    headers: dict[str, str]


Answer = Reply | list[Reply] | Callable[[Mapping[str, str]], Reply]


@dataclass
class PriceServer:
    """Answers each path with its reply, with each of a list of replies in turn, or with what a
    function makes of the query."""

    url: str = ""
    replies: dict[str, Answer] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    slow: float = 0.0

    def json(self, path: str, value: Any, **options: Any) -> None:
        self.replies[path] = Reply(json.dumps(value).encode(), **options)

    def text(self, path: str, text: str, **options: Any) -> None:
        self.replies[path] = Reply(text.encode(), **options)

    def find(self, path: str, query: Mapping[str, str]) -> Reply:
        asked = "&".join(f"{name}={text}" for name, text in sorted(query.items()))
        reply = self.replies.get(f"{path}?{asked}", self.replies.get(path))
        if isinstance(reply, list):
            return reply.pop(0) if len(reply) > 1 else reply[0]
        if callable(reply):
            return reply(query)
        return reply or Reply(b"not found", 404)


class _Server(ThreadingHTTPServer):
    #: What the handler answers from.
    known: PriceServer


class _Handler(BaseHTTPRequestHandler):
    server: Any
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a reply is written in parts, and none waits for the others

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        query = dict(parse_qsl(split.query))
        known: PriceServer = self.server.known
        known.asked.append(Request(split.path, query, dict(self.headers)))
        reply = known.find(split.path, query)
        time.sleep(known.slow)
        etag = f'"{hashlib.sha256(reply.body).hexdigest()[:12]}"'
        if reply.status == 200 and reply.etag and self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(reply.status)
        size = len(reply.body) + len(reply.block) * reply.times
        headers = {"Content-Length": str(size), **reply.headers}
        if reply.etag and reply.status == 200:
            headers["ETag"] = etag
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(reply.body[: reply.sent])
        for _ in range(reply.times):
            self.wfile.write(reply.block)
        if reply.sent is not None:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def serving() -> Iterator[PriceServer]:
    """Run a server on a free port of this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    known = PriceServer(f"http://127.0.0.1:{server.server_port}")
    server.known = known
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def aws_csv(
    service: str,
    columns: Sequence[str],
    lines: Sequence[Sequence[str]],
    *,
    published: str = "2026-11-02T10:11:12Z",
    quoted: bool = True,
) -> str:
    """Return a file of the AWS Price List: five lines about it, the header, the prices."""
    buffer = io.StringIO()
    writer = csv.writer(
        buffer, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, lineterminator="\n"
    )
    version = version_of(published)
    about = [
        ("FormatVersion", "v1.0"),
        ("Disclaimer", "This pricing list is for informational purposes only."),
        ("Publication Date", published),
        ("Version", version),
        ("OfferCode", service),
    ]
    writer.writerows([*about, columns, *lines])
    return buffer.getvalue()


def serve_aws(
    server: PriceServer,
    files: Mapping[str, Mapping[str, str]],
    *,
    published: str = "2026-11-02T10:11:12Z",
    past: Sequence[str] = (),
) -> None:
    """Serve the indices, and the CSV file of each service and region.

    ``past`` has when older versions were published; their files are served by the test.
    """
    root = "/offers/v1.0/aws"
    plans = "/savingsPlan/v1.0/aws/AWSComputeSavingsPlan"
    offers: dict[str, dict[str, str]] = {}
    for service, regions in files.items():
        if service == "AWSComputeSavingsPlan":
            _serve_plans(server, plans, regions, published, past)
            continue
        offers[service] = {
            "offerCode": service,
            "versionIndexUrl": f"{root}/{service}/index.json",
            "currentVersionUrl": f"{root}/{service}/current/index.json",
            "currentRegionIndexUrl": f"{root}/{service}/current/region_index.json",
        }
        if service == "AmazonEC2":
            offers[service]["savingsPlanVersionIndexUrl"] = f"{plans}/current/index.json"
            offers[service]["currentSavingsPlanIndexUrl"] = f"{plans}/current/region_index.json"
        current = f"{root}/{service}/{version_of(published)}"
        entries = {
            region: {"regionCode": region, "currentVersionUrl": f"{current}/{region}/index.json"}
            for region in regions
        }
        index = {"formatVersion": "v1.0", "publicationDate": published, "regions": entries}
        server.json(f"{root}/{service}/current/region_index.json", index)
        versions = {
            version_of(when): {"offerVersionUrl": f"{root}/{service}/{version_of(when)}/index.json"}
            for when in (*past, published)
        }
        server.json(f"{root}/{service}/index.json", {"versions": versions})
        for region, text in regions.items():
            server.text(f"{current}/{region}/index.csv", text)
    server.json(
        f"{root}/index.json",
        {"formatVersion": "v1.0", "publicationDate": published, "offers": offers},
    )


def version_of(published: str) -> str:
    """Return the name of a version of Amazon's list: the second of its publication."""
    return "".join(c for c in published if c.isdigit())


def _serve_plans(
    server: PriceServer, root: str, regions: Mapping[str, str], published: str, past: Sequence[str]
) -> None:
    """Serve the indices of a savings plan, which are lists, and its files."""
    for when in (*past, published):
        entries = [
            {"regionCode": region, "versionUrl": f"{root}/{version_of(when)}/{region}/index.json"}
            for region in regions
        ]
        index = {"publicationDate": when, "regions": entries}
        server.json(f"{root}/{version_of(when)}/region_index.json", index)
        server.json(f"{root}/current/region_index.json", index)
    versions = [
        {"publicationDate": when, "offerVersionUrl": f"{root}/{version_of(when)}/region_index.json"}
        for when in (*past, published)
    ]
    server.json(f"{root}/current/index.json", {"versions": versions})
    for region, text in regions.items():
        server.text(f"{root}/{version_of(published)}/{region}/index.csv", text)


MSK_COLUMNS = (
    "SKU",
    "OfferTermCode",
    "RateCode",
    "TermType",
    "PriceDescription",
    "EffectiveDate",
    "StartingRange",
    "EndingRange",
    "Unit",
    "PricePerUnit",
    "Currency",
    "Product Family",
    "serviceCode",
    "Location",
    "Location Type",
    "usageType",
    "operation",
    "Region Code",
    "serviceName",
)


def msk_line(
    usage: str,
    operation: str,
    unit: str,
    price: str,
    *,
    region: str = "ap-northeast-2",
    currency: str = "USD",
    since: str = "2026-11-01",
) -> list[str]:
    """Return a line of AmazonMSK's file, as the format documents it."""
    sku = hashlib.sha256(f"{usage}{operation}".encode()).hexdigest()[:16].upper()
    return [
        sku,
        "JRTCKXETXF",
        f"{sku}.JRTCKXETXF.6YS6EN2CT7",
        "OnDemand",
        f"${price} per {unit}",
        since,
        "0",
        "Inf",
        unit,
        price,
        currency,
        "Managed Streaming for Apache Kafka (MSK)",
        "AmazonMSK",
        "",
        "AWS Region",
        usage,
        operation,
        region,
        "Amazon Managed Streaming for Apache Kafka",
    ]


#: What the tables have, from the page data of 2025-10-09; Serverless is sold in all three regions.
MSK_PRICES = {
    ("storage", "ap-northeast-2"): "0.1140000000",
    ("storage", "us-east-1"): "0.1000000000",
    ("storage", "eu-west-1"): "0.1100000000",
    ("broker", "ap-northeast-2"): "0.2508000000",
    ("broker", "us-east-1"): "0.2040000000",
    ("broker", "eu-west-1"): "0.2275000000",
    ("serverless", "ap-northeast-2"): "0.9200000000",
    ("serverless", "us-east-1"): "0.7500000000",
    ("serverless", "eu-west-1"): "0.8625000000",
}
#: How usage types begin in each region: MSK has a prefix in us-east-1 too.
PREFIXES = {"ap-northeast-2": "APN2", "us-east-1": "USE1", "eu-west-1": "EU"}


def msk_files(prices: Mapping[tuple[str, str], str], **options: str) -> dict[str, str]:
    """Return AmazonMSK's file of each region; ``prices`` is by kind (storage...) and region."""
    kinds = {
        "storage": ("Kafka.Storage.GP2", "RunVolume", "GB-Mo"),
        "broker": ("Kafka.m7g.large", "RunBroker", "hours"),
        "serverless": ("KafkaServerless-ClusterHours", "Serverless", "hours"),
    }
    lines: dict[str, list[list[str]]] = {region: [] for region in PREFIXES}
    for (kind, region), price in prices.items():
        usage, operation, unit = kinds[kind]
        usage = f"{PREFIXES[region]}-{usage}"
        lines[region].append(msk_line(usage, operation, unit, price, region=region, **options))
    return {region: aws_csv("AmazonMSK", MSK_COLUMNS, rows) for region, rows in lines.items()}

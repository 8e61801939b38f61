"""Whatever a server does, the tables stay valid, the fault is reported, and other sources go on."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from kafkatco.core.files import replace_files, writing
from kafkatco.errors import InputError, RefreshError
from kafkatco.output.views.refresh import refresh_table
from kafkatco.prices.refresh import http as web_module
from kafkatco.prices.refresh.aws import Aws
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.run import refresh_book
from kafkatco.prices.results import Refreshed
from support.price_server import (
    MSK_COLUMNS,
    MSK_PRICES,
    PriceServer,
    Reply,
    aws_csv,
    msk_files,
    msk_line,
    serve_aws,
)
from support.refreshing import files, valid

TODAY = dt.date(2026, 11, 22)
ROOT = "/offers/v1.0/aws"
SEOUL = f"{ROOT}/AmazonMSK/20261102101112/ap-northeast-2/index.csv"


def serve(server: PriceServer, changed: dict[tuple[str, str], str] | None = None) -> None:
    serve_aws(server, {"AmazonMSK": msk_files({**MSK_PRICES, **(changed or {})})})


def refreshed(server: PriceServer, book: Path, **options: Any) -> Refreshed:
    sources = [Aws(url=server.url)]
    (result,) = refresh_book(book, sources, as_of=TODAY, today=TODAY, pause=0.001, **options)
    return result


def test_the_prices_of_the_tables_change_nothing(server: PriceServer, msk_book: Path) -> None:
    serve(server)
    before = files(msk_book)
    result = refreshed(server, msk_book)
    assert (result.rows, result.problems, result.same) == ((), (), 9)
    after = files(msk_book)
    assert {name: after[name] for name in before} == before
    assert refreshed(server, msk_book).same == 9
    assert files(msk_book) == after


def test_an_unchanged_file_is_not_sent_again(server: PriceServer, msk_book: Path) -> None:
    serve(server)
    refreshed(server, msk_book)
    server.asked.clear()
    refreshed(server, msk_book)
    tags = {one.path: one.headers.get("If-None-Match") for one in server.asked}
    assert tags[SEOUL]
    assert tags[f"{ROOT}/index.json"] is None


def test_files_are_read_again_after_a_row_was_changed_by_hand(
    server: PriceServer, msk_book: Path
) -> None:
    serve(server)
    refreshed(server, msk_book)
    table = msk_book / "aws/msk.csv"
    table.write_text(table.read_text().replace(",0.2508,", ",0.3,"))
    (row,) = refreshed(server, msk_book).rows
    assert (row.sku, row.region, str(row.price)) == (
        "aws.msk.kafka.m7g.large",
        "ap-northeast-2",
        "0.2508",
    )


def test_a_change_is_appended_below_the_old_price(server: PriceServer, msk_book: Path) -> None:
    serve(server, {("storage", "ap-northeast-2"): "0.1083000000"})
    before = (msk_book / "aws/msk.csv").read_text().splitlines()
    result = refreshed(server, msk_book)
    assert [(row.sku, row.region, str(row.price), str(row.valid_from)) for row in result.rows] == [
        ("aws.msk.storage", "ap-northeast-2", "0.1083", "2026-11-01")
    ]
    after = (msk_book / "aws/msk.csv").read_text().splitlines()
    (new,) = set(after) - set(before)
    assert [line for line in after if line != new] == before
    assert after[after.index(new) - 1].startswith("aws.msk.storage,ap-northeast-2,0.114,")
    assert f"{server.url}{SEOUL} (published 2026-11-02, sha256 " in new
    assert valid(msk_book, TODAY)


Fault = Callable[[PriceServer], None]


def truncated(server: PriceServer) -> None:
    whole = server.replies[SEOUL]
    assert isinstance(whole, Reply)
    server.replies[SEOUL] = dataclasses.replace(whole, sent=len(whole.body) // 2)


def cut_at_a_line(server: PriceServer) -> None:
    whole = server.replies[SEOUL]
    assert isinstance(whole, Reply)
    lines = whole.body.splitlines(keepends=True)
    server.replies[SEOUL] = Reply(b"".join(lines[:-1]))


def cut_in_a_line(server: PriceServer) -> None:
    whole = server.replies[SEOUL]
    assert isinstance(whole, Reply)
    server.replies[SEOUL] = Reply(whole.body[:-60])


def html_for_csv(server: PriceServer) -> None:
    server.text(SEOUL, "<!DOCTYPE html><html><body>maintenance</body></html>")


def html_for_json(server: PriceServer) -> None:
    server.text(f"{ROOT}/index.json", "<html>maintenance</html>")


def list_for_json(server: PriceServer) -> None:
    server.json(f"{ROOT}/index.json", [])


def half_of_json(server: PriceServer) -> None:
    server.text(f"{ROOT}/index.json", '{"offers": {"AmazonMSK"')


def huge_number_in_json(server: PriceServer) -> None:
    server.text(f"{ROOT}/index.json", '{"offers": 1e999999999999999999999}')


def deep_json(server: PriceServer) -> None:
    server.text(f"{ROOT}/index.json", "[" * 100_000)


def status_500(server: PriceServer) -> None:
    server.replies[SEOUL] = Reply(b"oops", 500)


def status_404(server: PriceServer) -> None:
    del server.replies[SEOUL]


def redirect_loop(server: PriceServer) -> None:
    server.replies[SEOUL] = Reply(b"", 302, {"Location": f"{server.url}{SEOUL}"})


def another_column(server: PriceServer) -> None:
    columns = [name.replace("PricePerUnit", "Price Per Unit") for name in MSK_COLUMNS]
    line = msk_line("APN2-Kafka.m7g.large", "RunBroker", "hours", "0.2508000000")
    server.text(SEOUL, aws_csv("AmazonMSK", columns, [line]))


def another_currency(server: PriceServer) -> None:
    server.text(SEOUL, msk_files(MSK_PRICES, currency="CNY")["ap-northeast-2"])


def another_unit(server: PriceServer) -> None:
    line = msk_line("APN2-Kafka.m7g.large", "RunBroker", "Days", "0.2508000000")
    server.text(SEOUL, aws_csv("AmazonMSK", MSK_COLUMNS, [line]))


def no_number(server: PriceServer) -> None:
    line = msk_line("APN2-Kafka.m7g.large", "RunBroker", "hours", "n/a")
    server.text(SEOUL, aws_csv("AmazonMSK", MSK_COLUMNS, [line]))


def another_version(server: PriceServer) -> None:
    whole = server.replies[SEOUL]
    assert isinstance(whole, Reply)
    server.replies[SEOUL] = Reply(whole.body.replace(b'"v1.0"', b'"v2.0"'))


def ten_times(server: PriceServer) -> None:
    serve(server, {("broker", "ap-northeast-2"): "2.5080000000"})


def vanished_region(server: PriceServer) -> None:
    serve_aws(
        server,
        {
            "AmazonMSK": {
                region: text
                for region, text in msk_files(MSK_PRICES).items()
                if region != "ap-northeast-2"
            }
        },
    )


def vanished_service(server: PriceServer) -> None:
    serve_aws(server, {"AmazonKafka": msk_files(MSK_PRICES)})


def another_host(server: PriceServer) -> None:
    path = f"{ROOT}/AmazonMSK/current/region_index.json"
    index = server.replies[path]
    assert isinstance(index, Reply)
    seoul = SEOUL.replace(".csv", ".json").encode()
    server.replies[path] = Reply(index.body.replace(seoul, b"@example.com" + seoul))


def out_of_its_band(server: PriceServer) -> None:
    files = msk_files({**MSK_PRICES, ("storage", "ap-northeast-2"): "1.0000000000"})
    serve_aws(server, {"AmazonMSK": files})


FAULTS: dict[str, tuple[Fault, str]] = {
    "truncated": (truncated, "lost connection, 4 times"),
    "cut at a line": (
        cut_at_a_line,
        "price of aws.msk.serverless.cluster in ap-northeast-2 is gone",
    ),
    "cut in a line": (cut_in_a_line, "invalid CSV"),
    "HTML for CSV": (html_for_csv, "got an HTML page; expected a file of the AWS Price List"),
    "HTML for JSON": (html_for_json, "got an HTML page; expected JSON"),
    "a list for JSON": (list_for_json, "got a list; expected a JSON object"),
    "half of JSON": (half_of_json, "a truncated file, or one of another kind"),
    "a huge number": (huge_number_in_json, "a truncated file, or one of another kind"),
    "deep JSON": (deep_json, "a truncated file, or one of another kind"),
    "500": (status_500, "HTTP status 500, 4 times"),
    "404": (status_404, "HTTP status 404"),
    "a redirect loop": (redirect_loop, "too many redirects"),
    "another column": (another_column, "missing columns: PricePerUnit"),
    "another currency": (another_currency, "currency 'CNY' of aws.msk."),
    "another unit": (another_unit, "unit 'Days' of aws.msk.kafka.m7g.large"),
    "no number": (no_number, "price 'n/a' from '0' of aws.msk.kafka.m7g.large"),
    "another version": (another_version, "format version 'v2.0'"),
    "ten times": (ten_times, "2.5080000000 USD per hour for aws.msk.kafka.m7g.large"),
    "another host": (another_host, "is not a path of this host"),
    "no region": (vanished_region, "the index has no file of this region"),
    "no service": (vanished_service, "Did you mean 'AmazonKafka'?"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported_changes_nothing_and_other_sources_go_on(
    name: str, server: PriceServer, msk_book: Path
) -> None:
    fault, expected = FAULTS[name]
    changed = {("storage", "us-east-1"): "0.0900000000"}
    serve(server, changed)
    good = dict(server.replies)
    fault(server)
    bad = dict(server.replies)
    server.replies = {**{f"/bad{path}": reply for path, reply in bad.items()}, **good}
    for path, reply in bad.items():
        if isinstance(reply, Reply) and "Location" in reply.headers:
            location = {"Location": f"{server.url}/bad{path}"}
            server.replies[f"/bad{path}"] = dataclasses.replace(reply, headers=location)
    before = files(msk_book)
    sources = [Aws(url=f"{server.url}/bad", name="bad"), Aws(url=server.url)]
    refreshing = refresh_book(msk_book, sources, as_of=TODAY, today=TODAY, pause=0.001)
    first = next(refreshing)
    assert files(msk_book) == before
    assert first.rows == ()
    assert expected in "\n".join(map(str, first.problems))
    (second,) = refreshing
    assert second.problems == ()
    assert [(row.sku, row.region) for row in second.rows] == [("aws.msk.storage", "us-east-1")]
    assert valid(msk_book, TODAY)


def test_a_price_out_of_its_band_is_reported_even_if_its_leap_is_accepted(
    server: PriceServer, msk_book: Path
) -> None:
    out_of_its_band(server)
    before = files(msk_book)
    result = refreshed(server, msk_book, accept=["aws.msk"])
    assert "got 1 for 'aws.msk.storage'; expected 0.001 to 0.9 USD" in str(result.problems[0])
    assert files(msk_book) == before


@pytest.mark.parametrize(
    "first",
    [
        Reply(b"", 500),
        Reply(b"", 503),
        Reply(b"", 429, {"Retry-After": "0"}),
        Reply(b"x" * 1000, sent=10),
    ],
)
def test_a_temporary_failure_is_tried_again(
    first: Reply, server: PriceServer, msk_book: Path
) -> None:
    serve(server)
    whole = server.replies[SEOUL]
    assert isinstance(whole, Reply)
    server.replies[SEOUL] = [first, first, whole]
    assert refreshed(server, msk_book).problems == ()


def test_a_missing_server_is_reported(msk_book: Path) -> None:
    sources = [Aws(url="http://127.0.0.1:1")]
    (result,) = refresh_book(msk_book, sources, as_of=TODAY, today=TODAY, pause=0.001)
    assert "lost connection, 4 times" in str(result.problems[0])


def test_a_server_that_does_not_answer_is_given_up(
    server: PriceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_module, "TIMEOUT", (1, 0.05))
    server.slow = 0.3
    with Web(tries=2, pause=0.001) as web, pytest.raises(RefreshError, match="no answer in time"):
        web.json(f"{server.url}/x", label="x")


def test_a_file_that_is_too_large_is_given_up(server: PriceServer) -> None:
    server.text("/x", "1" * 100)
    with Web() as web, web.file(f"{server.url}/x", label="x", most=100) as raw:
        assert raw is not None
        assert raw.path.stat().st_size == 100
    with (
        Web() as web,
        pytest.raises(RefreshError, match="more than 99 bytes"),
        web.file(f"{server.url}/x", label="x", most=99),
    ):
        pass


def test_a_small_file_that_unpacks_to_a_large_one_is_given_up(server: PriceServer) -> None:
    body = gzip.compress(b"0" * 1_000_000)
    server.replies["/x"] = Reply(body, headers={"Content-Encoding": "gzip"})
    with (
        Web() as web,
        pytest.raises(RefreshError, match="more than 10,000 bytes"),
        web.file(f"{server.url}/x", label="x", most=10_000),
    ):
        pass


def test_the_longest_pause_that_a_server_may_request(
    server: PriceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("kafkatco.prices.refresh.http.time.sleep", pauses.append)
    server.replies["/x"] = Reply(b"", 503, {"Retry-After": "86400"})
    with Web() as web, pytest.raises(RefreshError, match="HTTP status 503, 4 times"):
        web.json(f"{server.url}/x", label="x")
    assert [pause for pause in pauses if pause] == [60.0, 60.0, 60.0]


SECRET = "k3y-that-nobody-may-see"


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 500])
def test_a_key_reaches_no_message_and_no_other_server(
    status: int, server: PriceServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    address = f"/x/{SECRET}/y"
    elsewhere = {"Location": f"{server.url}/elsewhere"} if status == 302 else {}
    server.replies[address] = Reply(SECRET.encode(), status, elsewhere)
    shown = f"{server.url}/x/{{KEY}}/y"
    with Web(pause=0.001) as web, pytest.raises(RefreshError) as caught:
        web.json(server.url + address, label="x", shown=shown, headers={"X-Key": SECRET})
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value.__context__)
    assert {one.path for one in server.asked} == {address}
    assert [record for record in caplog.records if SECRET in record.getMessage()] == []


def test_no_answer_of_a_session_outlives_it(server: PriceServer) -> None:
    server.json("/x", {"a": 1})
    with Web() as web:
        with web.file(f"{server.url}/x", label="x") as raw:
            assert raw is not None
            path = raw.path
            assert json.loads(path.read_text()) == {"a": 1}
        assert not path.exists()
    assert requests.codes.ok == 200


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"", 304, etag=False),
        Reply(b"", 302, {"Location": "http://["}),
        Reply(b"", 302, {"Location": "http://a..b/"}),
        Reply(b"{}", headers={"Last-Modified": "Mon, 01 Jan 0001 00:00:00 -9999"}),
    ],
)
def test_any_reply_of_a_server_gives_a_problem_not_a_crash(
    reply: Reply, server: PriceServer, msk_book: Path
) -> None:
    serve(server)
    server.replies[f"{ROOT}/index.json"] = reply
    before = files(msk_book)
    result = refreshed(server, msk_book)
    assert result.rows == ()
    assert len(result.problems) == 1
    assert files(msk_book) == before


def test_a_price_with_an_absurd_exponent_is_reported(server: PriceServer, msk_book: Path) -> None:
    serve(server, {("broker", "ap-northeast-2"): "1E+9999999"})
    (problem,) = refreshed(server, msk_book).problems
    assert len(str(problem)) < 400


def test_a_price_with_too_many_decimals_is_reported(server: PriceServer, msk_book: Path) -> None:
    serve(server, {("broker", "ap-northeast-2"): "0.2508000000000001"})
    (problem,) = refreshed(server, msk_book).problems
    assert problem.expected == "at most 15 decimals"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"aws": 3}',
        '{"aws": {"asked": "x", "files": 7}}',
        '{"aws": {"asked": "x", "files": {"u": {}}}}',
        '{"aws": {"files": {"u": {"sha256": 1}}}}',
    ],
)
def test_a_state_that_is_something_else_is_left_out_of_account(
    text: str, server: PriceServer, msk_book: Path
) -> None:
    serve(server)
    (msk_book / "refreshed.json").write_text(text)
    result = refreshed(server, msk_book)
    assert (result.problems, result.same) == ((), 9)


def test_a_loss_that_was_accepted_is_looked_at_again(server: PriceServer, msk_book: Path) -> None:
    gone = {where: price for where, price in MSK_PRICES.items() if where[0] != "serverless"}
    serve_aws(server, {"AmazonMSK": msk_files(gone)})
    assert refreshed(server, msk_book, accept=["aws.msk.serverless"]).same == 6
    assert refreshed(server, msk_book, accept=["aws.msk.serverless"]).same == 6
    assert len(refreshed(server, msk_book).problems) == 3  # in each of three regions


def test_nothing_is_fetched_for_a_folder_that_cannot_be_written(
    server: PriceServer, msk_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    serve(server)
    monkeypatch.setattr("tempfile.mkdtemp", refused)
    with pytest.raises(InputError, match=r"cannot write '.*': Permission denied"):
        refreshed(server, msk_book)
    assert server.asked == []


def test_two_writers_wait_for_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("0")

    def count(_: int) -> None:
        with writing(tmp_path):
            number = int((tmp_path / "a.csv").read_text())
            replace_files(tmp_path, {"a.csv": str(number + 1).encode(), "b.csv": b""})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(200)))
    assert (tmp_path / "a.csv").read_text() == "200"


def test_tables_that_another_process_changes_meanwhile_stay_as_it_left_them(
    server: PriceServer, msk_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(server, {("storage", "us-east-1"): "0.0900000000"})
    read = Aws.read

    def meddled(self: Aws, *arguments: Any) -> Any:
        yield from read(self, *arguments)
        with (msk_book / "aws/msk.csv").open("a", encoding="utf-8") as table:
            table.write("\n")

    monkeypatch.setattr(Aws, "read", meddled)
    before = files(msk_book)
    result = refreshed(server, msk_book)
    (problem,) = result.problems
    assert "another process changed the tables meanwhile" in str(problem)
    assert result.rows == ()
    assert files(msk_book) == {**before, "aws/msk.csv": before["aws/msk.csv"] + b"\n"}


def test_an_invalid_url_is_a_clear_error() -> None:
    with Web() as web, pytest.raises(RefreshError, match="invalid URL"):
        web.json("https://", label="prices")


def test_control_characters_of_a_server_are_shown_as_text() -> None:
    source = Refreshed("x", other=("\x1b]0;title\x07\x1b[31mred\x9b31m",))
    (note,) = refresh_table([source], [], dry_run=False).notes
    assert not set(note) & set("\x1b\x07\x9b")
    assert "\\x1b[31mred" in note

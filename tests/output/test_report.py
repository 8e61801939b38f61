"""The report: its files and plots, and files that are replaced atomically."""

import csv
import os
from pathlib import Path

import pytest

from kafkatco import InputError, Scenario
from kafkatco.core.files import replace_file
from kafkatco.i18n.catalogue import translate
from kafkatco.output.report import report
from support.ours import OURS


@pytest.mark.slow
def test_the_article_s_report(tmp_path: Path) -> None:
    article = report(Scenario.load(), article=True)
    written = article.write(tmp_path / "report")
    assert sorted(path.name for path in written) == [
        "bills.csv",
        "bills.png",
        "cheapest.csv",
        "claims.csv",
        "costs.csv",
        "costs.png",
        "crossovers.csv",
        "projection.csv",
        "projection.png",
    ]
    assert sorted(p.name for p in (tmp_path / "report").iterdir()) == sorted(
        p.name for p in written
    )
    with (tmp_path / "report" / "bills.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    figures = [r for r in rows if r["prices"] == "the article's figures"]
    total = sum(float(r["cost"]) for r in figures if r["cost"])
    assert round(total) == 5_300_000 + 3_212_850 + 1_055_736
    unpriced = {r["sku"] for r in figures if not r["cost"]}
    assert unpriced == {"aws.data-transfer.inter-az", "aws.msk.storage"}
    with (tmp_path / "report" / "costs.csv").open(encoding="utf-8", newline="") as file:
        at = {float(r["at"]) for r in csv.DictReader(file)}
    assert (min(at), max(at)) == (0.1, 1000.0)
    for name in ("bills.png", "costs.png", "projection.png"):
        assert (tmp_path / "report" / name).read_bytes().startswith(b"\x89PNG")
    titles = [table.title for table in article.tables()]
    assert titles[-1] == "the article's claims"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot write .*: File exists"):
        replace_file(tmp_path / "file" / "x.csv", lambda path: None)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")

    def fail(path: Path) -> None:
        path.write_text("half")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        replace_file(target, fail)
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]


def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "x.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    replace_file(link, lambda path: path.write_text("new"))
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert not target.is_symlink()


def test_a_pipe_or_a_folder_is_not_replaced(tmp_path: Path) -> None:
    pipe, link, folder = tmp_path / "pipe", tmp_path / "link", tmp_path / "folder"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    folder.mkdir()
    for path in (pipe, link, folder):
        with pytest.raises(InputError, match=r"cannot write .*: it is not a file"):
            replace_file(path, lambda path: path.write_text("new"))
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert {path.name for path in tmp_path.iterdir()} == {"pipe", "link", "folder"}


def test_circular_links_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(InputError, match=r"cannot write .*: it is not a file"):
        replace_file(tmp_path / "a", lambda path: path.write_text("new"))


def test_titles_of_prices_and_of_the_report(tmp_path: Path) -> None:
    article = report(Scenario.load(), article=False)
    assert article.parts[0][0] == "article prices"
    assert translate(article.parts[0][0], "ko") == "원문의 가격"
    path = tmp_path / "storage.toml"
    path.write_text(OURS, encoding="utf-8")
    ours = report(Scenario.load(path), article=False)
    assert translate(ours.parts[0][0], "ko") == "정가"
    assert translate(ours.title, "ko") == "storage.toml"  # never translated

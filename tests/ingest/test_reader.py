"""The protocol: documents are read safely, and each file goes to the reader that recognises it."""

from __future__ import annotations

import gzip
import importlib
import pkgutil
import tomllib
from pathlib import Path

import pytest

import kafkatco.ingest
from kafkatco.errors import InputError, KafkatcoError
from kafkatco.i18n.message import _
from kafkatco.ingest.document import Document
from kafkatco.ingest.reader import Reader, read_files, readers
from kafkatco.ingest.readings import Findings, Reading
from support.paths import ROOT


def topics_of(document: Document) -> Findings:
    value = document.json["topics"].number()
    return Findings(readings=(Reading("topics", value, source=document.name),))


TOPICS = Reader(
    "topics", _("a count of topics"), lambda document: bool(document.json.get("topics")), topics_of
)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_each_file_goes_to_the_reader_that_recognises_it(tmp_path: Path) -> None:
    paths = [write(tmp_path, f"{n}.json", f'{{"topics": {n}}}') for n in (3, 5)]
    found = read_files(paths, using=[TOPICS])
    assert [(r.value, r.source) for r in found.readings] == [(3.0, "3.json"), (5.0, "5.json")]


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    write(tmp_path, "right.json", '{"topics": 3}')
    paths = [
        tmp_path / "rihgt.json",
        write(tmp_path, "other.json", '{"queues": 3}'),
        write(tmp_path, "cut.json", '{"topics": '),
        write(tmp_path, "word.json", '{"topics": "many"}'),
    ]
    with pytest.raises(InputError) as caught:
        read_files(paths, using=[TOPICS])
    text = str(caught.value)
    assert text.startswith("4 problems")
    assert "rihgt.json: file not found" in text
    assert "Did you mean 'right.json'" in text
    assert (
        "other.json: no reader recognises this file. It must be one of: a count of topics" in text
    )
    assert "cut.json: this is not valid JSON" in text
    assert "word.json:topics: got 'many'; expected a number" in text


def test_a_document_is_bounded_and_a_bomb_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "ten.txt", "0123456789")
    assert Document.open(path, most=10).text == "0123456789"
    with pytest.raises(InputError, match="more than 9 bytes"):
        Document.open(path, most=9)
    packed = tmp_path / "bomb.json.gz"
    packed.write_bytes(gzip.compress(b"0" * 100_000))
    with pytest.raises(InputError, match="more than 99,999 bytes"):
        Document.open(packed, most=99_999)
    assert len(Document.open(packed, most=100_000).data) == 100_000


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("deep.json", b"[" * 100_000, "nested too deep"),
        ("cut.json", b'{"a": 1', "not valid JSON"),
        ("binary.json", b"\xff\xfe{}", "not text in UTF-8"),
        ("alias.yaml", b"a: &a [1]\nb: [*a, *a]\n", "YAML with aliases"),
        ("wrong.yaml", b"a: [1\n", "not valid YAML"),
    ],
)
def test_what_cannot_be_parsed_has_a_reason(name: str, data: bytes, reason: str) -> None:
    document = Document(name, data)
    assert not document.json
    assert document.yaml == []
    assert reason in document.error


def test_yaml_has_several_documents_and_csv_any_separator() -> None:
    pools = Document("pools.yaml", b"kind: A\n---\n---\nkind: B\nspec: {replicas: 3}\n").yaml
    assert [pool["kind"].text() for pool in pools] == ["A", "B"]
    assert pools[1]["spec"]["replicas"].number() == 3
    with pytest.raises(InputError, match=r"pools.yaml:2.spec.replica: required field"):
        pools[1]["spec"]["replica"]
    for separator in ",;\t":
        text = f"time{separator}bytes\n\n1{separator}2\n"
        assert Document("a.csv", text.encode()).csv == [(1, ["time", "bytes"]), (3, ["1", "2"])]


def test_every_reader_of_ours_is_an_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["entry-points"]["kafkatco.readers"]
    modules = {
        module.name: importlib.import_module(f"kafkatco.ingest.{module.name}")
        for module in pkgutil.iter_modules(kafkatco.ingest.__path__)
    }
    ours = {
        module.READER.name: f"kafkatco.ingest.{name}:READER"
        for name, module in modules.items()
        if hasattr(module, "READER")
    }
    assert declared == ours
    assert set(ours) <= {reader.name for reader in readers()}


def test_a_reader_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import EntryPoint

    for value, reason in (("nowhere:READER", "nowhere"), ("math:pi", "is not a kafkatco")):
        point = EntryPoint("ours", value, "kafkatco.readers")
        monkeypatch.setattr("kafkatco.ingest.reader.entry_points", lambda group, p=point: [p])
        readers.cache_clear()
        with pytest.raises(KafkatcoError, match=reason):
            readers()
    readers.cache_clear()

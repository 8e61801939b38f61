"""The catalogues: every message of the source has its translation, and no other is kept."""

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from kafkatco.i18n.catalogue import LANGUAGES, translate
from kafkatco.i18n.message import _, ngettext
from support.translations import (
    catalogue_of,
    compiled,
    computed_templates,
    extracted,
    path_of,
    problems,
    skipped_templates,
)

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.fixture(scope="module")
def templates() -> Catalog:
    return extracted()


def test_templates_are_extracted_from_python_javascript_and_html(templates: Catalog) -> None:
    files = {Path(name).suffix for message in templates for name, _line in message.locations}
    assert files == {".py", ".js", ".html"}
    assert len(templates) > 500


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated_and_no_translation_is_unused(
    language: str, templates: Catalog
) -> None:
    assert problems(catalogue_of(language), templates) == []


@pytest.mark.parametrize(
    ("added", "translation", "problem"),
    [
        ("a new message", None, "not translated: 'a new message'"),
        ("a new message", "", "not translated: 'a new message'"),
        ("{n} of {name}", "{n}", "arguments differ: '{n} of {name}'"),
        (("{n} of it", "{n} of them"), ("{m}",), "arguments differ: '{n} of them'"),
        ("argument %(name)s", "인자 %(other)s", "arguments differ: 'argument %(name)s'"),
    ],
)
def test_a_message_without_its_translation_is_refused(
    added: str, translation: str | None, problem: str
) -> None:
    wanted, catalogue = Catalog(), Catalog(locale="ko")
    wanted.add(added)
    if translation is not None:
        catalogue.add(added, translation)
    assert problems(catalogue, wanted) == [problem]


def test_a_translation_of_no_message_is_refused() -> None:
    catalogue = Catalog(locale="ko")
    catalogue.add("an old message", "옛 문구")
    assert problems(catalogue, Catalog()) == ["unused: 'an old message'"]


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_read_is_compiled_from_what_is_kept(language: str) -> None:
    def texts(catalogue: Catalog) -> list[str]:
        return sorted(f"{message.id}: {message.string}" for message in catalogue if message.id)

    with path_of(language, "mo").open("rb") as file:
        installed = texts(read_mo(file))
    assert installed == texts(read_mo(io.BytesIO(compiled(catalogue_of(language)))))


def test_every_template_is_extracted(templates: Catalog) -> None:
    assert computed_templates() == []
    assert skipped_templates(templates) == []


def test_a_template_within_another_is_found(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text('_("{a} costs", a=_("nothing"))\n', encoding="utf-8")
    wanted = Catalog()
    wanted.add("{a} costs")
    assert skipped_templates(wanted, tmp_path) == ["bad.py:1"]


def test_a_template_that_is_computed_is_found(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(
        '_(f"{x} costs")\n_("a" + "b")\n_(text)\n_("fine")\nngettext("a", b, 2)\n_("x" "y")\n',
        encoding="utf-8",
    )
    assert computed_templates(tmp_path) == ["bad.py:1", "bad.py:2", "bad.py:3", "bad.py:5"]


def test_english_is_the_message_itself() -> None:
    assert translate(_("storage"), "en") == "storage"


def test_data_is_never_translated() -> None:
    assert translate("storage", "ko") == "storage"
    assert translate(_("storage"), "ko") == "저장소"


def test_counts_have_one_form_in_korean() -> None:
    texts = [
        translate(ngettext("{source}: {n} problem", "{source}: {n} problems", n, source="x"), "ko")
        for n in (1, 2)
    ]
    assert texts == ["x: 문제 1건", "x: 문제 2건"]

"""Extract the messages of the source and keep the catalogues: ``make translations``.

``python tests/support/translations.py`` extracts every template, updates each ``kafkatco.po`` (new
templates come without a translation, unused ones go) and compiles the ``kafkatco.mo`` that is read.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kafkatco.i18n.catalogue import LANGUAGES, TRANSLATIONS
from support.paths import ROOT

__all__ = ["catalogue_of", "compiled", "extracted", "fields", "problems"]

SOURCE: Final = ROOT / "src" / "kafkatco"
#: The functions whose first argument is a template: Python's, and the page's ``say``.
KEYWORDS: Final = {"_": None, "ngettext": (1, 2), "say": None}
METHODS: Final = [
    ("**.py", "python"),
    ("output/page/assets/**.js", "javascript"),
    ("output/page/assets/**.html", "support.translations:extract_html"),
]


def extract_html(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    """Yield the texts of ``data-say`` attributes, as Babel asks of an extraction method."""
    for number, line in enumerate(fileobj, 1):
        for text in re.findall(r'data-say="([^"]+)"', line.decode("utf-8")):
            yield number, "say", text, []


def extracted() -> Catalog:
    """Return the templates of the source."""
    catalogue = Catalog(charset="utf-8")
    for name, _line, template, comments, context in extract_from_dir(
        SOURCE, METHODS, keywords=KEYWORDS, comment_tags=["L10N:"], strip_comment_tags=True
    ):
        path = f"src/kafkatco/{name}".replace("\\", "/")
        catalogue.add(template, None, [(path, 0)], auto_comments=comments, context=context)
    return catalogue


def path_of(language: str, suffix: str) -> Path:
    """Return the catalogue file of a language."""
    return TRANSLATIONS / language / "LC_MESSAGES" / f"kafkatco.{suffix}"


def catalogue_of(language: str) -> Catalog:
    """Return the translations of a language."""
    path = path_of(language, "po")
    if not path.exists():
        return Catalog(
            locale=language,
            domain="kafkatco",
            project="kafkatco",
            version="0",
            last_translator="kafkatco",
            language_team="kafkatco",
            msgid_bugs_address="kafkatco",
            charset="utf-8",
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="kafkatco")


def compiled(catalogue: Catalog) -> bytes:
    """Return what is read of a catalogue at run time."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def fields(text: str) -> set[str]:
    """Return the names of the arguments of a template."""
    return set(re.findall(r"(?<!\{)\{(\w+)", text.replace("{{", "")))


def problems(language: str) -> list[str]:
    """Return what is wrong with the translations of a language, a line each."""
    wrong = []
    catalogue, templates = catalogue_of(language), extracted()
    wanted = {message.id for message in templates if message.id}
    for message in catalogue:
        if message.id and message.id not in wanted:
            wrong.append(f"unused: {message.id!r}")
    for template in wanted:
        translated = catalogue.get(template[0] if isinstance(template, tuple) else template)
        texts = _texts(translated)
        if not texts or not all(texts) or (translated is not None and translated.fuzzy):
            wrong.append(f"not translated: {template!r}")
            continue
        english = template[-1] if isinstance(template, tuple) else str(template)
        wrong += [
            f"arguments differ: {template!r}" for text in texts if fields(text) != fields(english)
        ]
    return sorted(wrong)


def _texts(message: Message | None) -> tuple[str, ...]:
    if message is None or not message.string:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def computed_templates() -> list[str]:
    """Return the calls of :func:`_` whose template is not a literal, which Babel cannot extract."""
    places = []
    for path in sorted(SOURCE.rglob("*.py")):
        with path.open("rb") as file:
            tokens = [
                token
                for token in tokenize.tokenize(file.readline)
                if token.type not in (tokenize.NL, tokenize.COMMENT)
            ]
        for before, name, bracket, first in zip(
            tokens, tokens[1:], tokens[2:], tokens[3:], strict=False
        ):
            called = name.string in ("_", "ngettext") and bracket.string == "("
            literal = first.type == tokenize.STRING and "f" not in first.string.split('"')[0]
            if called and not literal and before.string not in ("def", "."):
                places.append(f"{path.relative_to(ROOT)}:{first.start[0]}")
    return places


def main(sources: list[str]) -> None:
    """Update and compile the catalogues; ``sources`` are TOML files of English = translation."""
    import tomllib

    templates = extracted()
    known = {
        english: text
        for source in sources
        for english, text in tomllib.loads(Path(source).read_text(encoding="utf-8")).items()
        if isinstance(text, str)
    }
    for language in LANGUAGES:
        if language == "en":
            continue
        catalogue = catalogue_of(language)
        catalogue.update(templates, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        for message in catalogue:
            template = message.id[-1] if isinstance(message.id, tuple) else message.id
            if template in known:
                text = known[template]
                message.string = (text,) if isinstance(message.id, tuple) else text
        catalogue.header_comment = f"# kafkatco in {language!r}."
        # fixed, so that a run without a change changes no byte
        catalogue.creation_date = catalogue.revision_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        catalogue.fuzzy = False
        path = path_of(language, "po")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, include_lineno=False, sort_output=True)
        path_of(language, "mo").write_bytes(compiled(catalogue_of(language)))
        for line in problems(language):
            print(f"{language}: {line}")


if __name__ == "__main__":
    main(sys.argv[1:])

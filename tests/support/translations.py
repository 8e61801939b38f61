"""Extract the messages of the source and keep the catalogues: ``make translations``.

``python tests/support/translations.py`` extracts every template, updates each ``kafkatco.po`` (new
templates come without a translation, unused ones go) and compiles the ``kafkatco.mo`` that is read.
"""

from __future__ import annotations

import ast
import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kafkatco.i18n.catalogue import LANGUAGES, TRANSLATIONS
from support.paths import ROOT

__all__ = [
    "catalogue_of",
    "compiled",
    "computed_templates",
    "extracted",
    "path_of",
    "problems",
    "skipped_templates",
]

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
        for text in re.findall(r'data-say="([^"]+)"', line.decode()):
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
    with path_of(language, "po").open("rb") as file:
        return read_po(file, locale=language, domain="kafkatco")


def compiled(catalogue: Catalog) -> bytes:
    """Return what is read of a catalogue at run time."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def fields(text: str) -> set[str]:
    """Return the arguments of a template: ``{name}``, or argparse's ``%(name)s`` and ``%s``."""
    braces = re.findall(r"(?<!\{)\{(\w+)", text.replace("{{", ""))
    return {*braces, *re.findall(r"%(?:\(\w+\))?[sdr]", text)}


def problems(catalogue: Catalog, templates: Catalog) -> list[str]:
    """Return what is wrong with translations of some templates, a line each."""
    wanted = {message.id for message in templates if message.id}
    wrong = [
        f"unused: {message.id!r}"
        for message in catalogue
        if message.id and message.id not in wanted
    ]
    for template in wanted:
        singular, plural = template if isinstance(template, tuple) else (template, template)
        translation = catalogue.get(str(singular))
        texts = _texts(translation)
        if not texts or not all(texts) or (translation is not None and translation.fuzzy):
            wrong.append(f"not translated: {plural!r}")
        elif any(fields(text) != fields(str(plural)) for text in texts):
            wrong.append(f"arguments differ: {plural!r}")
    return sorted(wrong)


def _texts(message: Message | None) -> tuple[str, ...]:
    if message is None or not message.string:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def calls(source: Path) -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield the place of each call of ``_`` and ``ngettext``, with its templates."""
    for path in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                count = {"_": 1, "ngettext": 2}.get(node.func.id, 0)
                yield f"{path.relative_to(source)}:{node.lineno}", node.args[:count]


def computed_templates(source: Path = SOURCE) -> list[str]:
    """Return the places of templates that are no literals, which Babel cannot extract."""
    return [
        place
        for place, templates in calls(source)
        for template in templates
        if not isinstance(template, ast.Constant)
    ]


def skipped_templates(catalogue: Catalog, source: Path = SOURCE) -> list[str]:
    """Return the places of literals that Babel did not extract, such as one within another."""
    known = {
        text
        for message in catalogue
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
    }
    return [
        place
        for place, templates in calls(source)
        for template in templates
        if isinstance(template, ast.Constant) and template.value not in known
    ]


def main() -> None:
    """Update and compile the catalogues, and print what is still to translate."""
    templates = extracted()
    for language in LANGUAGES[1:]:
        catalogue = catalogue_of(language)
        catalogue.update(templates, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.header_comment = f"# kafkatco in {language!r}."
        # fixed, so that a run without a change changes no byte
        catalogue.creation_date = catalogue.revision_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        catalogue.fuzzy = False
        with path_of(language, "po").open("wb") as file:
            write_po(file, catalogue, width=100, include_lineno=False, sort_output=True)
        path_of(language, "mo").write_bytes(compiled(catalogue_of(language)))
        for line in problems(catalogue, templates):
            print(f"{language}: {line}")


if __name__ == "__main__":
    main()

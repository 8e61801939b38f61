"""The protocol of readers, and reading files with all that are installed.

A reader is an entry point of the group ``kafkatco.readers``, so that a company's own is a
package of its own::

    [project.entry-points."kafkatco.readers"]
    our-inventory = "our_package.inventory:READER"
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Final

from kafkatco.errors import InputError, KafkatcoError, Problem
from kafkatco.i18n.message import Message, _, join
from kafkatco.ingest.document import Document
from kafkatco.ingest.readings import Findings

__all__ = ["GROUP", "Reader", "read_documents", "read_files", "readers"]

GROUP: Final = "kafkatco.readers"


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of one format.

    ``reads`` describes the format for people, in a few words.  ``recognises`` returns whether a
    document has the format; it is quick and never raises.  ``read`` returns what it has, and raises
    :class:`~kafkatco.errors.InputError` with every problem.
    """

    name: str
    reads: Message
    recognises: Callable[[Document], bool]
    read: Callable[[Document], Findings]


@functools.cache
def readers() -> tuple[Reader, ...]:
    """Return all installed readers, in the order of their names.

    Raises :class:`~kafkatco.errors.KafkatcoError` if one cannot be loaded.

    >>> all(reader.reads for reader in readers())
    True
    """
    return tuple(_load(point) for point in sorted(entry_points(group=GROUP), key=lambda p: p.name))


def _load(point: EntryPoint) -> Reader:
    try:
        reader = point.load()
    except Exception as error:  # code of another package
        text = _(
            "the reader {name!r} ({module}) cannot be loaded: {reason}",
            name=point.name,
            module=point.value,
            reason=str(error),
        )
        raise KafkatcoError(text) from error
    if not isinstance(reader, Reader):
        text = _(
            "the reader {name!r} ({module}) is not a kafkatco.ingest.reader.Reader",
            name=point.name,
            module=point.value,
        )
        raise KafkatcoError(text)
    return reader


def read_files(paths: Iterable[str | Path], *, using: Sequence[Reader] | None = None) -> Findings:
    """Read files, each with the reader that recognises it.

    ``using`` has the readers, by default all that are installed.  Raises
    :class:`~kafkatco.errors.InputError` with the problems of all files: those that are
    missing, that no reader recognises, or that their reader cannot read.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            documents.append(Document.open(path))
        except InputError as error:
            problems.extend(error.problems)
    return read_documents(documents, using=using, problems=problems)


def read_documents(
    documents: Iterable[Document],
    *,
    using: Sequence[Reader] | None = None,
    problems: Iterable[Problem] = (),
) -> Findings:
    """Read documents as :func:`read_files` does; ``problems`` are those known before."""
    known = readers() if using is None else using
    findings: list[Findings] = []
    found = list(problems)
    for document in documents:
        reader = next((reader for reader in known if reader.recognises(document)), None)
        if reader is None:
            found.append(_unrecognised(document, known))
            continue
        try:
            findings.append(reader.read(document))
        except InputError as error:
            found.extend(error.problems)
    if found:
        raise InputError("", found)
    return Findings.join(findings)


def _unrecognised(document: Document, known: Sequence[Reader]) -> Problem:
    if document.error:
        return Problem(document.name, "", document.error)
    formats = join("; ", [reader.reads for reader in known])
    return Problem(
        document.name,
        "",
        _("no reader recognises this file. It must be one of: {formats}", formats=formats),
    )

"""A file as a reader gets it: of bounded size, and parsed when a reader first needs it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from kafkatco.core.optional import needing
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import EMPTY, Message, _, verbatim
from kafkatco.ingest.node import Node

__all__ = ["MOST_BYTES", "Document"]

#: The most bytes of a file; a year of one-minute values of fifty series has about 40 MB.
MOST_BYTES: Final = 256_000_000
#: The most bytes of YAML, which is slow to parse.
MOST_YAML: Final = 8_000_000
YAML_SUFFIXES: Final = (".yaml", ".yml")


# not slots: cached properties need a dictionary
@dataclass(frozen=True)
class Document:
    """A file: its name, and its content as text, JSON, YAML or CSV.

    A form that the content does not have is ``None`` (empty for YAML), so that a reader can ask for
    any of them in ``recognises``; ``json_error`` then has the reason.  Build one with :meth:`open`,
    or from bytes, such as the reply of a server.  ``modified`` is when the file was last written
    [s since 1970], if it is one: its content is at least as old.

    >>> Document("reply.json", b'{"status": "success"}').json["status"].text()
    'success'
    """

    name: str
    data: bytes
    modified: float | None = None

    @classmethod
    def open(cls, path: str | Path, *, most: int = MOST_BYTES) -> Document:
        """Read a file of at most ``most`` bytes, which may be compressed with gzip.

        Raises :class:`~kafkatco.errors.InputError` for a file that is missing, too large or cannot
        be read.
        """
        path = Path(path)
        try:
            with path.open("rb") as file:
                head = file.read(2)
                file.seek(0)
                stream = gzip.GzipFile(fileobj=file) if head == b"\x1f\x8b" else file
                data = stream.read(most + 1)
                modified = os.fstat(file.fileno()).st_mtime
        except FileNotFoundError:
            near = [file.name for file in path.parent.glob("*")] if path.parent.is_dir() else []
            sentence = _("file not found: {file}", file=str(path))
            raise _unread(path, sentence, nearest(path.name, near, limit=0)) from None
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise _unread(path, _("cannot read the file: {reason}", reason=reason)) from None
        if len(data) > most:
            raise _unread(path, _("the file has more than {count:,} bytes", count=most))
        return cls(path.name, data, modified)

    @cached_property
    def text(self) -> str | None:
        """The content as text in UTF-8; ``None`` if it is not."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None

    @property
    def begins(self) -> str:
        """The first 4,096 letters without leading space, to recognise a format cheaply."""
        return (self.text or "").lstrip()[:4096]

    @cached_property
    def _parsed_json(self) -> tuple[Any, Message]:
        if not self.begins.startswith(("{", "[")):
            return None, EMPTY
        try:
            return json.loads(self.text or ""), EMPTY
        except RecursionError:
            return None, _("the JSON is nested too deep")
        except ValueError as error:
            return None, _("this is not valid JSON: {reason}", reason=str(error))

    @property
    def json(self) -> Node:
        """The content as JSON; a node without a value if it is not JSON."""
        return Node(self._parsed_json[0], source=self.name)

    @cached_property
    def _parsed_yaml(self) -> tuple[list[Any], Message]:
        if not self.name.endswith(YAML_SUFFIXES) or self.text is None:
            return [], EMPTY
        if len(self.data) > MOST_YAML:
            return [], _("the file has more than {count:,} bytes of YAML", count=MOST_YAML)
        with needing(_("YAML needs"), "PyYAML"):
            import yaml  # type: ignore[import-untyped]

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(self.text, Loader=loader):
                if isinstance(event, yaml.AliasEvent):  # a few can stand for gigabytes
                    return [], _("YAML with aliases ('*name') is not read: write the values out")
            return [item for item in yaml.load_all(self.text, Loader=loader) if item], EMPTY
        except RecursionError:
            return [], _("the YAML is nested too deep")
        except (yaml.YAMLError, ValueError) as error:
            return [], _("this is not valid YAML: {reason}", reason=" ".join(str(error).split()))

    @property
    def yaml(self) -> list[Node]:
        """The non-empty YAML documents of a file named ``.yaml`` or ``.yml``; else empty."""
        items = self._parsed_yaml[0]
        several = len(items) > 1
        return [
            Node(item, str(number) if several else "", self.name)
            for number, item in enumerate(items, 1)
        ]

    @property
    def error(self) -> Message:
        """Why the content is not the JSON or YAML that it looks like; else empty."""
        if self.text is None:
            return _("the file is not text in UTF-8")
        return self._parsed_json[1] or self._parsed_yaml[1]

    @cached_property
    def csv(self) -> list[tuple[int, list[str]]] | None:
        """The rows of CSV with their lines, the header first; ``None`` if it is not CSV.

        Values are separated by commas, semicolons or tabs, whichever the first line has most of.
        Empty rows are left out.
        """
        if not self.begins or self.begins.startswith(("{", "[")):
            return None
        first = self.begins.partition("\n")[0]
        separator = max(",;\t", key=first.count)
        if separator not in first:
            return None
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=separator, strict=True)
        try:
            return [(reader.line_num, row) for row in reader if "".join(row).strip()]
        except csv.Error:
            return None

    def problem(self, where: str, expected: Message, hint: Message = EMPTY) -> InputError:
        """Return the error of a file, to be raised; ``where`` is a line or a path in it, or ""."""
        place = f"{self.name}:{where}" if where else self.name
        return InputError("", [Problem(place, "", expected, hint)])


def _unread(path: Path, sentence: Message, hint: Message = EMPTY) -> InputError:
    return InputError("", [Problem(verbatim(path.name), "", sentence, hint)])

"""Read a bill from CSV, Parquet, JSON or a DataFrame, row by row.

Only the letters and digits of column names count, so that ``lineItem/UsageType``,
``line_item_usage_type`` and the field ``usageType`` of a record ``lineItem`` are the same.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, cast

from kafkatco.core.optional import needing
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import EMPTY, Message, _, ngettext

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SUFFIXES", "Source", "name_key", "open_source"]

SUFFIXES: Final = (".csv", ".csv.gz", ".parquet", ".json", ".jsonl")
#: The rows of Parquet in memory at a time.
BATCH: Final = 16_384
#: The longest cell: a resource may have many tags.
LONGEST: Final = 10_000_000
#: The deepest nesting of records that is read.
DEEPEST: Final = 4


Cells = Mapping[str, Any]
Numbered = Iterator[tuple[int, Cells]]


class Source(NamedTuple):
    """A bill: its name, its columns by :func:`name_key`, and its rows.

    ``rows`` takes the wanted columns, and yields the line and the cells of each row.
    """

    name: str
    columns: frozenset[str]
    rows: Callable[[frozenset[str]], Numbered]


def name_key(name: object) -> str:
    """Return the letters and digits of a column's name, in lower case.

    >>> name_key("lineItem/UsageType"), name_key("line_item_usage_type")
    ('lineitemusagetype', 'lineitemusagetype')
    """
    return re.sub(r"[^a-z0-9]", "", str(name).lower())


def open_source(bill: str | Path | pd.DataFrame) -> Source:
    """Return the source of a bill, which is a file or a DataFrame.

    Raises :class:`~kafkatco.errors.InputError` for any other argument and for an unreadable file,
    and :class:`~kafkatco.errors.KafkatcoError` if Parquet cannot be read without pyarrow.
    """
    if not isinstance(bill, str | Path):
        return _frame(bill)
    path = Path(bill)
    suffix = "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix
    if suffix not in SUFFIXES:
        expected = _("a file of type {suffixes}", suffixes=", ".join(SUFFIXES))
        raise _unread(path, "bill", repr(path.name), expected, nearest(suffix, SUFFIXES))
    if not path.is_file():
        near = nearest(path.name, [p.name for p in path.parent.glob(f"*{path.suffix}")])
        sentence = _("file not found: {file}", file=path.name)
        raise _unread(path, "bill", "", sentence, near)
    if suffix == ".parquet":
        return _parquet(path)
    return _json(path) if suffix in (".json", ".jsonl") else _csv(path)


def _unread(
    path: Path, where: str, value: str, expected: Message, hint: Message = EMPTY
) -> InputError:
    return InputError(repr(str(path)), [Problem(where, value, expected, hint)])


def _csv(path: Path) -> Source:
    def lines() -> Generator[tuple[int, list[str]], None, None]:
        limit = csv.field_size_limit(LONGEST)
        try:
            with _text(path) as file:
                reader = csv.reader(file)
                for row in reader:
                    yield reader.line_num, row
        except (csv.Error, zlib.error, OSError, EOFError, UnicodeDecodeError) as error:
            sentence = _("the file is not CSV in UTF-8: {reason}", reason=str(error))
            raise _unread(path, "bill", "", sentence) from None
        finally:
            csv.field_size_limit(limit)

    reading = lines()
    first = next(reading, None)
    reading.close()
    if first is None:
        raise _unread(path, "bill", "", _("the file is empty; it must have a header and rows"))
    header = [name_key(name) for name in first[1]]

    def rows(wanted: frozenset[str]) -> Numbered:
        places = [(i, name) for i, name in enumerate(header) if name in wanted]
        for line, row in _after_first(lines()):
            if not row:
                continue
            if len(row) != len(header):
                raise _unread(
                    path,
                    _("line {line}", line=line),
                    ngettext("{n} cell", "{n} cells", len(row)),
                    ngettext(
                        "{n} cell, as in the header", "{n} cells, as in the header", len(header)
                    ),
                )
            yield line, {name: row[i] for i, name in places}

    return Source(path.name, frozenset(header), rows)


def _after_first(rows: Iterator[Any]) -> Iterator[Any]:
    next(rows, None)
    return rows


def _text(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _parquet(path: Path) -> Source:
    with needing("Parquet needs", "pyarrow"):
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

    try:
        file = pq.ParquetFile(path)
        schema = file.schema_arrow
    except (pa.ArrowException, OSError) as error:
        raise _not_parquet(path, "bill", error) from None

    def flat(name: str, kind: Any) -> Iterator[str]:
        yield name_key(name)
        if pa.types.is_struct(kind):
            for i in range(kind.num_fields):
                yield from flat(name + kind.field(i).name, kind.field(i).type)

    held = {field.name: frozenset(flat(field.name, field.type)) for field in schema}
    nested = any(pa.types.is_struct(field.type) for field in schema)

    def rows(wanted: frozenset[str]) -> Numbered:
        names = [name for name, keys in held.items() if keys & wanted]
        line = 0
        try:
            for batch in file.iter_batches(batch_size=BATCH, columns=names):
                keys = [name_key(name) for name in batch.schema.names]
                columns = [column.to_pylist() for column in batch.columns]
                for values in zip(*columns, strict=True):
                    line += 1
                    cells = dict(zip(keys, values, strict=True))
                    yield line, _flat(cells) if nested else cells
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise _not_parquet(path, _("row {row}", row=line + 1), error) from None

    return Source(path.name, frozenset().union(*held.values()), rows)


def _not_parquet(path: Path, where: str, error: Exception) -> InputError:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    return _unread(path, where, "", _("the file is not Parquet: {reason}", reason=reason))


def _not_json(path: Path, where: str, error: Exception) -> InputError:
    reason = _("it is nested too deep") if isinstance(error, RecursionError) else str(error)
    return _unread(path, where, "", _("the file is not JSON in UTF-8: {reason}", reason=reason))


def _json(path: Path) -> Source:
    """Return the records of a list, of the field ``data`` of an object, or of a line each."""
    try:
        with _text(path) as file:
            first = file.readline()
            lines = path.suffix == ".jsonl" or _is_record(first)
            file.seek(0)
            content = None if lines else json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise _not_json(path, "bill", error) from None
    if lines:
        columns = frozenset(_flat(_record(path, 1, first))) if first.strip() else frozenset()
        return Source(path.name, columns, lambda _wanted: _json_lines(path))
    data = content.get("data") if isinstance(content, dict) else content
    if not isinstance(data, list) or not all(isinstance(record, dict) for record in data):
        sentence = _("the JSON must be a list of records, or have one in the field 'data'")
        raise _unread(path, "bill", "", sentence)
    flat = [_flat(record) for record in data]
    keys = frozenset(name for record in flat for name in record)
    return Source(path.name, keys, lambda _wanted: iter(enumerate(flat, 1)))


def _is_record(line: str) -> bool:
    """Return whether a line is one record of a bill, not an envelope of several."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and not isinstance(record.get("data"), list)


def _json_lines(path: Path) -> Numbered:
    try:
        with _text(path) as file:
            for line, text in enumerate(file, 1):
                if text.strip():
                    yield line, _flat(_record(path, line, text))
    except (OSError, UnicodeDecodeError) as error:
        raise _not_json(path, "bill", error) from None


def _record(path: Path, line: int, text: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _not_json(path, _("line {line}", line=line), error) from None
    if not isinstance(record, dict):
        raise _unread(path, _("line {line}", line=line), "", _("the line is not a JSON object"))
    return record


def _flat(cells: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """Return a flat record: a nested value has the names of both records."""
    flat: dict[str, Any] = {}
    for name, value in cells.items():
        key = before + name_key(name)
        if isinstance(value, dict) and depth < DEEPEST:
            flat |= _flat(value, key, depth + 1)
        else:
            flat[key] = value
    return flat


def _frame(bill: object) -> Source:
    import pandas as pd

    if not isinstance(bill, pd.DataFrame):
        expected = _("the path of a file, or a DataFrame")
        raise InputError("calibrate", [Problem("bill", type(bill).__name__, expected)])
    frame = bill
    keys = [name_key(name) for name in frame.columns]
    first = dict(zip(keys, frame.iloc[0].tolist(), strict=True)) if len(frame) else {}
    nested = {key for key, value in first.items() if isinstance(value, dict)}

    def rows(wanted: frozenset[str]) -> Numbered:
        places = [(i, key) for i, key in enumerate(keys) if key in wanted or key in nested]
        values = cast("Iterable[tuple[Any, ...]]", frame.itertuples(index=False, name=None))
        for line, row in enumerate(values, 1):
            cells = {key: _there(row[i]) for i, key in places}
            yield line, _flat(cells) if nested else cells

    return Source(_("the DataFrame"), frozenset(keys) | frozenset(_flat(first)), rows)


def _there(value: Any) -> Any:
    """Return a cell of a DataFrame; ``None`` if it is missing."""
    import pandas as pd

    return None if pd.api.types.is_scalar(value) and pd.isna(value) else value

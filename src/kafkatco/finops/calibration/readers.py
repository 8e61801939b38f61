"""Reading a bill from CSV, Parquet, JSON or a DataFrame, a row at a time.

Columns are known by the letters and digits of their names alone, so that ``lineItem/UsageType``,
``line_item_usage_type`` and the field ``usageType`` of a record ``lineItem`` are one.
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

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SUFFIXES", "Source", "name_key", "open_source"]

SUFFIXES: Final = (".csv", ".csv.gz", ".parquet", ".json", ".jsonl")
#: How many rows of Parquet are held at a time.
BATCH: Final = 16_384
#: The longest cell that is read: tags of a resource may be many.
LONGEST: Final = 10_000_000
#: How deep records within records are looked into.
DEEPEST: Final = 4


Cells = Mapping[str, Any]
Numbered = Iterator[tuple[int, Cells]]


class Source(NamedTuple):
    """A bill: its name, its columns by :func:`name_key`, and its rows.

    ``rows`` takes the columns that are wanted and yields the line and the cells of each row.
    """

    name: str
    columns: frozenset[str]
    rows: Callable[[frozenset[str]], Numbered]


def name_key(name: object) -> str:
    """Return the letters and digits of a column's name, in small.

    >>> name_key("lineItem/UsageType"), name_key("line_item_usage_type")
    ('lineitemusagetype', 'lineitemusagetype')
    """
    return re.sub(r"[^a-z0-9]", "", str(name).lower())


def open_source(bill: str | Path | pd.DataFrame) -> Source:
    """Return a bill that is a file or a DataFrame.

    Raises :class:`~kafkatco.errors.InputError` for a file that is none of these, and
    :class:`~kafkatco.errors.KafkatcoError` where Parquet cannot be read for want of pyarrow.
    """
    if not isinstance(bill, str | Path):
        return _frame(bill)
    path = Path(bill)
    suffix = "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix
    if suffix not in SUFFIXES:
        expected = f"a file {', '.join(SUFFIXES)}"
        raise _unread(path, "bill", repr(path.name), expected, nearest(suffix, SUFFIXES))
    if not path.is_file():
        near = nearest(path.name, [p.name for p in path.parent.glob(f"*{path.suffix}")])
        raise _unread(path, "bill", repr(path.name), "a file that is there", near)
    if suffix == ".parquet":
        return _parquet(path)
    return _json(path) if suffix in (".json", ".jsonl") else _csv(path)


def _unread(path: Path, where: str, given: str, expected: str, hint: str = "") -> InputError:
    return InputError(repr(str(path)), [Problem(where, given, expected, hint)])


def _csv(path: Path) -> Source:
    def lines() -> Generator[tuple[int, list[str]], None, None]:
        limit = csv.field_size_limit(LONGEST)
        try:
            with _text(path) as file:
                reader = csv.reader(file)
                for row in reader:
                    yield reader.line_num, row
        except (csv.Error, zlib.error, OSError, EOFError, UnicodeDecodeError) as error:
            raise _unread(path, "bill", str(error), "a table of text, CSV in UTF-8") from None
        finally:
            csv.field_size_limit(limit)

    reading = lines()
    first = next(reading, None)
    reading.close()
    if first is None:
        raise _unread(path, "bill", "nothing", "a header and rows")
    header = [name_key(name) for name in first[1]]

    def rows(wanted: frozenset[str]) -> Numbered:
        places = [(i, name) for i, name in enumerate(header) if name in wanted]
        for line, row in _after_first(lines()):
            if not row:
                continue
            if len(row) != len(header):
                given = f"{len(row)} cells"
                raise _unread(path, f"line {line}", given, f"{len(header)}, as the header has")
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
        raise _unread(path, "bill", str(error).splitlines()[0], "a Parquet file") from None

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
            given = str(error).splitlines()[0]
            raise _unread(path, f"row {line + 1}", given, "a Parquet file") from None

    return Source(path.name, frozenset().union(*held.values()), rows)


def _json(path: Path) -> Source:
    """Return the records of a list, of the field ``data`` of an object, or of a line each."""
    try:
        with _text(path) as file:
            first = file.readline()
            lines = path.suffix == ".jsonl" or _is_record(first)
            file.seek(0)
            content = None if lines else json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise _unread(path, "bill", str(error) or "too deep", "JSON in UTF-8") from None
    if lines:
        columns = frozenset(_flat(_record(path, 1, first))) if first.strip() else frozenset()
        return Source(path.name, columns, lambda _: _json_lines(path))
    data = content.get("data") if isinstance(content, dict) else content
    if not isinstance(data, list) or not all(isinstance(record, dict) for record in data):
        expected = "a list of records, or one under 'data'"
        raise _unread(path, "bill", f"JSON of another shape ({type(data).__name__})", expected)
    flat = [_flat(record) for record in data]
    keys = frozenset(name for record in flat for name in record)
    return Source(path.name, keys, lambda _: iter(enumerate(flat, 1)))


def _is_record(line: str) -> bool:
    """Whether a line alone is a record of a bill, and no envelope of several."""
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
        raise _unread(path, "bill", str(error), "JSON in UTF-8") from None


def _record(path: Path, line: int, text: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unread(path, f"line {line}", str(error) or "too deep", "a record of JSON") from None
    if not isinstance(record, dict):
        raise _unread(path, f"line {line}", type(record).__name__, "a record of JSON")
    return record


def _flat(cells: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """Return a record without records in it, under the names of both."""
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
        kind = type(bill).__name__
        raise InputError("calibrate", [Problem("bill", kind, "a file's path, or a DataFrame")])
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

    return Source("the DataFrame", frozenset(keys) | frozenset(_flat(first)), rows)


def _there(value: Any) -> Any:
    """Return a cell of a DataFrame; nothing where it is missing."""
    import pandas as pd

    return None if pd.api.types.is_scalar(value) and pd.isna(value) else value

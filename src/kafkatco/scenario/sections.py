"""Reading of the sections of a scenario file: each into its record, with every problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import Field, ValidationInfo, field_validator

from kafkatco.core.inputs import Input
from kafkatco.core.today import today
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import REFUSED
from kafkatco.errors import InputError, InvalidValueError, KafkatcoError, Problem, nearest, shown
from kafkatco.i18n.message import _
from kafkatco.planning.growth import GROWTHS, Compound, Constant, Growth
from kafkatco.planning.horizon import AnnualRate, Months
from kafkatco.prices import Assumptions, Catalogue, PriceBook, Tax
from kafkatco.prices.history import shipped_books
from kafkatco.sizing.workload import Conventions
from kafkatco.uncertainty.build import uncertain_inputs
from kafkatco.uncertainty.inputs import Uncertainty

__all__ = [
    "PriceSettings",
    "ProjectionSettings",
    "open_book",
    "read_growth",
    "read_list",
    "read_section",
    "read_variants",
    "too_short",
    "unknown_inputs",
]

Model = TypeVar("Model", bound=Input)


class PriceSettings(Input):
    """The prices: the book, its date, the currency of results, and negotiated rates.

    ``variant`` chooses one of several sources that contradict each other.
    """

    book: str = "list"
    as_of: dt.date
    currency: str = "USD"
    override: dict[str, Any] = Field(default_factory=dict)
    variant: dict[str, str] = Field(default_factory=dict)

    @field_validator("as_of", mode="before")
    @classmethod
    def _date(cls, value: Any) -> Any:
        try:  # a datetime has no text in the form of a date
            text = value.isoformat() if isinstance(value, dt.date) else value
            date = dt.date.fromisoformat(text)
        except (TypeError, ValueError):
            raise InvalidValueError(_("a date, such as {example}", example="2025-10-31")) from None
        if date > (now := today()):
            expected = _("today, {date}, or earlier", date=now.isoformat())
            raise InvalidValueError(expected, _("The prices of later dates are not known"))
        return date

    @field_validator("override", "variant", mode="before")
    @classmethod
    def _quoted(cls, value: Any, info: ValidationInfo) -> Any:
        text = "0.10 USD/hour" if info.field_name == "override" else "sizing-script"
        if isinstance(value, dict):
            for key, price in value.items():
                if isinstance(price, dict):
                    example = f'"{key}...." = "{text}"'
                    raise InvalidValueError(
                        _("names in quotes, such as {example}", example=example)
                    )
        return value


class ProjectionSettings(Input):
    """The number of months of a projection, and its rates.

    ``discount_rate`` and ``inflation`` are shares per year; both are 0 by default, so that costs
    are nominal.
    """

    months: Months = 36
    discount_rate: AnnualRate = 0.0
    inflation: AnnualRate = 0.0


def read_section(
    model: type[Model], data: dict[str, Any], key: str, problems: list[Problem]
) -> Model | None:
    """Return the record of a section, or ``None``; add its problems to ``problems``."""
    record, new = model.read(data.get(key, {}), key)
    problems += new
    return record


def read_list(
    model: type[Model], data: dict[str, Any], key: str, problems: list[Problem]
) -> list[Model]:
    """Return the records of a list of tables; add its problems to ``problems``."""
    records = []
    for where, table in _tables(data, key, problems):
        record, new = model.read(table, where)
        problems += new
        if record is not None:
            records.append(record)
    return records


def read_variants(
    kinds: dict[str, type[Model]], data: dict[str, Any], key: str, problems: list[Problem]
) -> list[Model]:
    """Return the records of a list of tables with a kind; add its problems to ``problems``."""
    records = []
    for where, table in _tables(data, key, problems):
        kind = table.get("kind")
        if not isinstance(kind, str) or kind not in kinds:
            problems.append(_unknown_kind(f"{where}.kind", kind, key, kinds))
            continue
        record, new = kinds[kind].read(table, where)
        problems += new
        if record is not None:
            records.append(record)
    return records


def _tables(
    data: dict[str, Any], key: str, problems: list[Problem]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the path and content of each table of a list; add a problem for any other value."""
    header = f"[[{key}]]"
    for i, table in enumerate(data.get(key, [])):
        where = f"{key}[{i}]"
        if isinstance(table, dict):
            yield where, table
        else:
            problems.append(Problem(where, shown(table), _("a table {header}", header=header)))


def _unknown_kind(where: str, kind: object, key: str, kinds: Mapping[str, Any]) -> Problem:
    """Return the problem of a missing or unknown kind of deployment or growth."""
    if kind is None:
        return Problem(where, "", _("required field"), nearest("", kinds, limit=20))
    hint = REFUSED.get(str(kind)) or nearest(str(kind), kinds, limit=20)
    expected = _("a kind of growth") if key == "growth" else _("a kind of deployment")
    return Problem(where, shown(kind), expected, hint)


def read_growth(data: dict[str, Any], folder: Path | None, problems: list[Problem]) -> list[Growth]:
    """Return the growth models, by default constant traffic; add problems to ``problems``.

    The file of a history is relative to ``folder``.
    """
    tables = [
        {**table, "file": str((folder or Path()) / table["file"])}
        if isinstance(table, dict) and isinstance(table.get("file"), str)
        else table
        for table in data.get("growth", [])
    ]
    return read_variants(GROWTHS, {"growth": tables}, "growth", problems) or [Constant()]


def open_book(
    prices: PriceSettings,
    conventions: Conventions,
    assumptions: Assumptions,
    tax: Tax | None,
    folder: Path | None,
    problems: list[Problem],
) -> PriceBook | None:
    """Return the price book of the settings: one of the package, or a folder next to the file."""
    try:
        Catalogue(as_of=prices.as_of, assumptions=assumptions)
    except InputError as error:
        problems += error.problems
        assumptions = Assumptions(assumptions.name)
    path = (folder or Path()) / prices.book
    own = prices.book not in shipped_books() and _is_folder(path)
    try:
        return PriceBook(
            path if own else prices.book,
            as_of=prices.as_of,
            currency=prices.currency,
            overrides=prices.override,
            variants=prices.variant,
            gigabyte=conventions.gigabyte,
            assumptions=assumptions,
            tax=tax,
        )
    except InputError as error:
        prefix = f"{error.source}." if error.source else ""
        problems += [
            replace(problem, where=f"{prefix}{problem.where}") for problem in error.problems
        ]
    except KafkatcoError as error:
        problems += getattr(error, "problems", ())
    try:  # use list prices, so that the rest of the file is validated too
        return PriceBook("list", as_of=prices.as_of)
    except InputError:
        return None


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that is invalid in any file system
        return False


def too_short(growth: list[Growth], months: int, hours: float) -> list[Problem]:
    """Return the problems of growth models that do not cover the months."""
    problems = []
    each = np.full(months, hours)
    for model in growth:
        try:
            model.path(np.ones(months), each)
        except InputError as error:
            problems += [
                replace(problem, where=f"growth {model.label!r}.{problem.where}")
                for problem in error.problems
            ]
    return problems


def unknown_inputs(
    uncertainty: Uncertainty, comparison: Comparison, growth: list[Growth]
) -> tuple[Problem, ...]:
    """Return the problems of uncertain inputs that are unknown or invalid in this scenario."""
    compound = next((model for model in growth if isinstance(model, Compound)), growth[0])
    try:
        uncertain_inputs(uncertainty, comparison, compound)
    except InputError as error:
        return error.problems
    except KafkatcoError:  # scipy is not installed, which functions that need it report
        pass
    return ()

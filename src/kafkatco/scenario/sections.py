"""Reading of the sections of a scenario file: each into its record, with every problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from pydantic import Field, ValidationInfo, field_validator

from kafkatco.core.inputs import Input
from kafkatco.core.money import PriceMeasure, price_example
from kafkatco.costing.candidates import missing_prices
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.own_prices import prices_to_set
from kafkatco.deployments import REFUSED, Deployment
from kafkatco.deployments.agreements import Credit
from kafkatco.errors import (
    InputError,
    InvalidValueError,
    KafkatcoError,
    MissingPriceError,
    Problem,
    nearest,
    shown,
)
from kafkatco.i18n.message import EMPTY, Message, _, join
from kafkatco.planning.growth import GROWTHS, Compound, Constant, Growth
from kafkatco.planning.horizon import AnnualRate, Months
from kafkatco.prices import Assumptions, Catalogue, PriceBook, Tax
from kafkatco.prices.history import shipped_books
from kafkatco.prices.metering import effective_unit
from kafkatco.prices.regions import some_regions
from kafkatco.prices.rows import PriceRow
from kafkatco.sizing.clouds.regions import cloud_of, located, nearest_region
from kafkatco.sizing.workload import Conventions, Operands
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
    "unpriced",
]

Model = TypeVar("Model", bound=Input)

#: The prefix of exchange rates per US dollar.
RATE: Final = "fx.usd."


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
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        try:
            return dt.date.fromisoformat(value)
        except (TypeError, ValueError):
            raise InvalidValueError(_("a date, such as {example}", example="2025-10-31")) from None

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


def unpriced(load: Operands, book: PriceBook, deployments: list[Deployment]) -> list[Problem]:
    """Return the missing prices and capacities of each deployment as problems."""
    problems: dict[str, Problem] = {}
    catalogue = book.catalogue()
    for option in deployments:
        where = f"deployment {option.label!r}"
        unknown: Sequence[Problem] = ()
        missing: Sequence[MissingPriceError]
        try:
            missing = missing_prices(option, load, book, catalogue)
        except InputError as invalid:  # unknown instances: use any, so that the rest is validated
            unknown = invalid.problems
            option = option.model_copy(update={"instance": "cheapest"})
            missing = missing_prices(option, load, book, catalogue)
        for problem in unknown:
            problems[f"{where}.{problem}"] = replace(problem, where=f"{where}.{problem.where}")
        if not missing:
            continue
        to_set = prices_to_set(option, load, book, catalogue)
        skus = {sku for sku, _region in to_set}
        regions = book.regions(option.sku_prefix)
        if regions and not {option.region, "any"} & set(regions):
            problems[where] = _without_prices(option, where, regions, to_set, book)
            missing = [
                error
                for error in missing
                if error.sku not in skus and f"in region {option.region!r}" not in error.what
            ]
        elif to_set:
            missing = [error for error in missing if not book.regions_of(error.sku)]
            missing = [*missing, *_errors(to_set, book)]
        for error in missing:
            problem = _missing(option, where, error, book, catalogue)
            problems[str(problem)] = problem
    return list(problems.values())


def _region_with_prices(near: str, regions: Sequence[str]) -> Message:
    """Return what is expected instead of a region without prices: some of those that have some."""
    some = some_regions(near, regions)
    named = ", ".join(some)
    if len(some) == len(regions):
        return _("a region with prices: {regions}", regions=named)
    return _(
        "one of {count} regions with prices, such as {regions}", count=len(regions), regions=named
    )


def _without_prices(
    option: Deployment,
    where: str,
    regions: Sequence[str],
    to_set: Mapping[tuple[str, str], PriceRow],
    book: PriceBook,
) -> Problem:
    """Return the problem of a region for which nothing is published, with the prices to set."""
    of_cloud = [region for region in regions if cloud_of(region) in ("", option.home.name)]
    hint = nearest_region(option.region, of_cloud)
    if option.region in book.regions(""):  # a region of another service
        hint = EMPTY
    if to_set:
        rows = {sku: row for (sku, _region), row in to_set.items()}
        lines = ", ".join(f'"{sku}" = "{_example(row, book)}"' for sku, row in rows.items())
        own = _(
            "To use this region, set your own prices under [prices.override], one line each: "
            "{lines}",
            lines=lines,
        )
        hint = join(" ", filter(None, [hint, own]))
    expected = _region_with_prices(located(option.region, of_cloud), of_cloud)
    if not of_cloud:
        expected = _(
            "another cloud: book {book!r} has no prices for {cloud}",
            book=book.name,
            cloud=option.home.name,
        )
    return Problem(f"{where}.region", repr(option.region), expected, hint)


def _example(row: PriceRow, book: PriceBook) -> str:
    """Return a price without its amount, in the unit and currency of a row."""
    return price_example(effective_unit(row.unit, book.gigabyte), row.currency, "...")


def _errors(
    to_set: Mapping[tuple[str, str], PriceRow], book: PriceBook
) -> Iterator[MissingPriceError]:
    """Yield the error of each price to set, with the line that sets it."""
    for (sku, region), row in to_set.items():
        try:
            book.price(sku, region)
        except MissingPriceError as error:
            if book.listed(sku, region):  # on request: the hint has the line
                yield error
                continue
            own = _(
                'Set your own price: [prices.override] "{sku}" = "{example}".',
                sku=sku,
                example=_example(row, book),
            )
            hint = join(" ", filter(None, [error.hint, own]))
            yield MissingPriceError(error.what, error.where, hint, sku=sku)


def _currency_field(option: Deployment, currency: str) -> str:
    """Return the field of a deployment that has money in a currency."""
    credit = option.credit
    money = credit.amount if isinstance(credit, Credit) else None
    of_credit = isinstance(money, PriceMeasure) and money.currency == currency
    return "credit" if of_credit else "labour.monthly"


def _missing(
    option: Deployment, where: str, error: MissingPriceError, book: PriceBook, catalogue: Catalogue
) -> Problem:
    """Return a missing price or capacity as a problem of the field that needs it."""
    if error.sku.startswith(RATE):
        currency = error.sku.removeprefix(RATE).upper()
        later = book.history(error.sku, "any")
        hint = error.hint if later else nearest(currency, book.currencies())
        field = (
            "prices.currency"
            if currency == book.currency
            else f"{where}.{_currency_field(option, currency)}"
        )
        return Problem(field, repr(currency), _("a currency with a rate in the book"), hint)
    instance = getattr(option, "instance", "")
    unknown = isinstance(instance, str) and not book.regions_of(error.sku)
    if unknown and repr(option.sku_prefix + instance) in error.what:
        priced = (name for name in catalogue.items(option.sku_prefix) if book.regions_of(name))
        names = (name.removeprefix(option.sku_prefix) for name in priced)
        hint = nearest(instance, [name for name in names if "." in name])
        expected = _("an instance in {table}", table=error.where)
        return Problem(f"{where}.instance", repr(instance), expected, hint)
    return Problem(
        where, "", _("no {what} in {where}", what=error.what, where=error.where), error.hint
    )

"""Reading the sections of a scenario file: each into its record, with every problem noted."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import Field, ValidationInfo, field_validator

from kafkatco.core.inputs import Input
from kafkatco.core.money import PriceMeasure
from kafkatco.costing.candidates import missing_prices
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import REFUSED, Deployment
from kafkatco.deployments.agreements import Credit
from kafkatco.errors import InputError, KafkatcoError, MissingPriceError, Problem, nearest
from kafkatco.planning.growth import GROWTHS, Compound, Constant, Growth
from kafkatco.planning.horizon import AnnualRate, Months
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.prices.history import shipped_books
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


class PriceSettings(Input):
    """Which prices count: the book, its date, the currency of results, negotiated rates.

    ``variant`` chooses among sources that contradict each other.
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
            raise ValueError("a date, such as 2025-10-31") from None

    @field_validator("override", "variant", mode="before")
    @classmethod
    def _quoted(cls, value: Any, info: ValidationInfo) -> Any:
        example = "0.10 USD/hour" if info.field_name == "override" else "sizing-script"
        if isinstance(value, dict):
            for key, price in value.items():
                if isinstance(price, dict):
                    raise ValueError(f'names in quotes, such as "{key}...." = "{example}"')
        return value


class ProjectionSettings(Input):
    """How far to look ahead, and what later money is worth.

    ``discount_rate`` and ``inflation`` are shares per year; both are 0 by default: nominal.
    """

    months: Months = 36
    discount_rate: AnnualRate = 0.0
    inflation: AnnualRate = 0.0


def read_section(
    model: type[Model], data: dict[str, Any], key: str, found: list[Problem]
) -> Model | None:
    """Return the record of a section, or ``None`` with its problems added to ``found``."""
    record, problems = model.read(data.get(key, {}), key)
    found += problems
    return record


def read_list(
    model: type[Model], data: dict[str, Any], key: str, found: list[Problem]
) -> list[Model]:
    """Return the records of a list whose entries are alike; problems go to ``found``."""
    records = []
    for i, item in enumerate(data.get(key, [])):
        where = f"{key}[{i}]"
        if not isinstance(item, dict):
            found.append(Problem(where, repr(item), f"a table [[{key}]]"))
            continue
        record, problems = model.read(item, where)
        found += problems
        if record is not None:
            records.append(record)
    return records


def read_variants(
    kinds: dict[str, type[Model]], data: dict[str, Any], key: str, found: list[Problem]
) -> list[Model]:
    """Return the records of a list whose entries have kinds; problems go to ``found``."""
    records = []
    for i, item in enumerate(data.get(key, [])):
        where = f"{key}[{i}]"
        if not isinstance(item, dict):
            found.append(Problem(where, repr(item), f"a table [[{key}]]"))
            continue
        kind = item.get("kind")
        if not isinstance(kind, str) or kind not in kinds:
            hint = REFUSED.get(str(kind)) or nearest(str(kind), kinds, limit=20)
            found.append(Problem(f"{where}.kind", repr(kind), f"a kind of {key}", hint))
            continue
        record, problems = kinds[kind].read(item, where)
        found += problems
        if record is not None:
            records.append(record)
    return records


def read_growth(data: dict[str, Any], folder: Path | None, found: list[Problem]) -> list[Growth]:
    """Return the growth models, traffic as it is where there is none; problems go to ``found``.

    A history's file is relative to ``folder``.
    """
    items = [
        {**item, "file": str((folder or Path()) / item["file"])}
        if isinstance(item, dict) and isinstance(item.get("file"), str)
        else item
        for item in data.get("growth", [])
    ]
    return read_variants(GROWTHS, {"growth": items}, "growth", found) or [Constant()]


def open_book(
    prices: PriceSettings, conventions: Conventions, folder: Path | None, found: list[Problem]
) -> PriceBook | None:
    """Return the price book that the settings name, beside the file or by its own name."""
    beside = (folder or Path()) / prices.book
    own = prices.book not in shipped_books() and _is_folder(beside)
    try:
        return PriceBook(
            beside if own else prices.book,
            as_of=prices.as_of,
            currency=prices.currency,
            overrides=prices.override,
            variants=prices.variant,
            gigabyte=conventions.gigabyte,
        )
    except InputError as error:
        found += [replace(p, where=f"prices.{p.where}") for p in error.problems]
    except KafkatcoError as error:
        found += getattr(error, "problems", ())
    try:  # list prices stand in, so that the rest of the file is checked too
        return PriceBook("list", as_of=prices.as_of)
    except InputError:
        return None


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file system takes
        return False


def too_short(growth: list[Growth], months: int, hours: float) -> list[Problem]:
    """Find the growth models that cannot be followed for so many months."""
    found = []
    each = np.full(months, hours)
    for model in growth:
        try:
            model.path(np.ones(months), each)
        except InputError as error:
            found += [replace(p, where=f"growth {model.label!r}.{p.where}") for p in error.problems]
    return found


def unknown_inputs(
    uncertainty: Uncertainty, comparison: Comparison, growth: list[Growth]
) -> tuple[Problem, ...]:
    """Find the uncertain inputs that this scenario does not have, or that may not be so."""
    compound = next((model for model in growth if isinstance(model, Compound)), growth[0])
    try:
        uncertain_inputs(uncertainty, comparison, compound)
    except InputError as error:
        return error.problems
    except KafkatcoError:  # scipy is not installed: what needs it will say so
        pass
    return ()


def unpriced(load: Operands, book: PriceBook, deployments: list[Deployment]) -> list[Problem]:
    """Find what the book or the catalogue does not have, deployment by deployment."""
    found: dict[str, Problem] = {}
    catalogue = book.catalogue()
    for item in deployments:
        where = f"deployment {item.label!r}"
        missing = missing_prices(item, load, book, catalogue)
        regions = book.regions(item.sku_prefix)
        elsewhere = bool(missing and regions) and not {item.region, "any"} & set(regions)
        if elsewhere:
            hint = nearest(item.region, regions)
            found[where] = Problem(
                f"{where}.region", repr(item.region), "a region with prices", hint
            )
        for error in missing:
            problem = _missing(item, where, error, book, catalogue)
            if not (elsewhere and f"in region {item.region!r}" in error.what):
                found[str(problem)] = problem
    return list(found.values())


def _paid_in(item: Deployment, currency: str) -> str:
    """Return which field of a deployment holds money of a currency."""
    credit = item.credit
    money = credit.amount if isinstance(credit, Credit) else None
    given = isinstance(money, PriceMeasure) and money.currency == currency
    return "credit" if given else "labour.monthly"


def _missing(
    item: Deployment, where: str, error: MissingPriceError, book: PriceBook, catalogue: Catalogue
) -> Problem:
    """Return a missing price or capacity as a problem of the field that asked for it."""
    rate = re.search(r"'fx\.usd\.(\w+)'", error.what)
    if rate:
        currency = rate[1].upper()
        hint = error.hint if "first row" in error.hint else nearest(currency, book.currencies())
        field = (
            "prices.currency"
            if currency == book.currency
            else f"{where}.{_paid_in(item, currency)}"
        )
        return Problem(field, repr(currency), "a currency with a rate in the book", hint)
    instance = getattr(item, "instance", "")
    if repr(item.sku_prefix + instance) in error.what:
        priced = (name for name in catalogue.items(item.sku_prefix) if book.regions_of(name))
        names = (name.removeprefix(item.sku_prefix) for name in priced)
        hint = nearest(instance, [name for name in names if "." in name])
        given = repr(instance)
        return Problem(f"{where}.instance", given, f"an instance in {error.where}", hint)
    return Problem(where, f"no {error.what}", f"one in {error.where}", error.hint)

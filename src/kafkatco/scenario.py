"""The scenario file: what a user keeps in git, and the command line and the library read."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from pydantic import Field, field_validator

from kafkatco.billing import Bill, bill, missing_prices
from kafkatco.deployments import KINDS, Deployment
from kafkatco.errors import InputError, KafkatcoError, Problem, nearest
from kafkatco.growth import GROWTHS, Constant, Growth
from kafkatco.model import Input
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.projection import Projection, project
from kafkatco.sweep import Crossovers, crossovers
from kafkatco.workload import Conventions, Operands, Workload, hours_of_month

__all__ = ["ProjectionSettings", "Scenario"]

Model = TypeVar("Model", bound=Input)

ARTICLE: Final = Path(__file__).parent / "scenarios" / "article.toml"
LISTS: Final = ("deployment", "growth")
SECTIONS: Final = ("workload", "conventions", "prices", "deployment", "growth", "projection")


class PriceSettings(Input):
    """Which prices count: the book, its date, the currency of results, and negotiated rates."""

    book: str = "list"
    as_of: dt.date
    currency: str = "USD"
    override: dict[str, str] = Field(default_factory=dict)

    @field_validator("as_of", mode="before")
    @classmethod
    def _date(cls, value: Any) -> Any:
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        try:
            return dt.date.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValueError("a date, such as 2025-10-31") from None

    @field_validator("override", mode="before")
    @classmethod
    def _quoted(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for key, price in value.items():
                if isinstance(price, dict):
                    raise ValueError(f'skus in quotes, such as "{key}...." = "0.10 USD/hour"')
        return value


class ProjectionSettings(Input):
    """How far to look ahead, and what later money is worth.

    ``discount_rate`` and ``inflation`` are shares per year; both are 0 by default: nominal.
    """

    months: int = Field(default=36, ge=1, le=1200)
    discount_rate: float = Field(default=0.0, gt=-1)
    inflation: float = Field(default=0.0, gt=-1)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A workload, the deployments to compare, the prices, and how traffic grows.

    Examples
    --------
    >>> scenario = Scenario.load()  # the article's
    >>> [round(bill.total) for bill in scenario.bills()]
    [5300000, 3212850, 1055736]
    """

    source: str
    workload: Workload
    conventions: Conventions
    book: PriceBook
    catalogue: Catalogue
    deployments: tuple[Deployment, ...]
    growth: tuple[Growth, ...]
    projection: ProjectionSettings

    @classmethod
    def load(cls, path: str | Path | None = None) -> Scenario:
        """Read a scenario file; with no path, the article's.

        Raises :class:`~kafkatco.errors.InputError` with every problem of the file.
        """
        file = ARTICLE if path is None else Path(path)
        try:
            data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            near = nearest(file.name, [p.name for p in file.parent.glob("*.toml")])
            problem = Problem("scenario", repr(str(path)), "a scenario file (TOML)", near)
            raise InputError("command", [problem]) from None
        except tomllib.TOMLDecodeError as error:
            raise InputError(str(path), [Problem("file", str(error), "TOML")]) from None
        except (OSError, ValueError, RecursionError) as error:
            problem = Problem("scenario", str(error), "a UTF-8 text file of TOML")
            raise InputError(repr(str(path)), [problem]) from None
        source = "the article's scenario" if path is None else str(path)
        return cls.from_dict(data, source=source, folder=file.parent)

    @classmethod
    def from_dict(
        cls, data: dict[str, Any], *, source: str = "scenario", folder: Path | None = None
    ) -> Scenario:
        """Build a scenario from the content of a file; a book's path is relative to ``folder``.

        Raises :class:`~kafkatco.errors.InputError` with every problem.
        """
        found = [
            Problem(key, "a section", "no section of this name", nearest(key, SECTIONS))
            for key in data
            if key not in SECTIONS
        ]
        wrong: set[str] = set()
        for key in SECTIONS:
            kind, shape = (list, "tables [[...]]") if key in LISTS else (dict, "a table [...]")
            if key in data and not isinstance(data[key], kind):
                found.append(Problem(key, repr(data[key]), shape))
                data = {name: value for name, value in data.items() if name != key}
                wrong.add(key)

        def section(model: type[Model], key: str) -> Model | None:
            return None if key in wrong else _section(model, data, key, found)

        workload = section(Workload, "workload")
        conventions = section(Conventions, "conventions")
        prices = section(PriceSettings, "prices")
        projection = section(ProjectionSettings, "projection")
        deployments = _variants(KINDS, data, "deployment", found)
        growth = _variants(GROWTHS, data, "growth", found) or [Constant()]
        if not data.get("deployment") and "deployment" not in wrong:
            found.append(Problem("deployment", "nothing", "at least one [[deployment]]"))
        book = (
            None
            if prices is None or conventions is None
            else _book(prices, conventions, folder, found)
        )
        for what, labels in (
            ("deployment", [item.label for item in deployments]),
            ("growth", [item.label for item in growth]),
        ):
            for label in sorted({label for label in labels if labels.count(label) > 1}):
                found.append(Problem(what, f"{label!r} more than once", "a name of its own"))
        hours = (
            730.0
            if conventions is None or book is None
            else hours_of_month(conventions.month_hours, book.as_of)
        )
        if book:  # with some workload, where the file's own is wrong
            load = (workload or Workload(ingress="1 MB/s")).operands(month_hours=hours)
            found += _unpriced(load, book, deployments)
        if workload and projection:
            found += _short(growth, projection.months, hours)
        if found or not (workload and conventions and book and projection):
            raise InputError(source, found)
        return cls(
            source, workload, conventions, book, Catalogue(as_of=book.as_of), tuple(deployments),
            tuple(growth), projection,
        )  # fmt: skip

    @property
    def month_hours(self) -> float:
        """The hours of the billing month [h]."""
        return hours_of_month(self.conventions.month_hours, self.book.as_of)

    @property
    def operands(self) -> Operands:
        """The workload in base units."""
        return self.workload.operands(month_hours=self.month_hours)

    def bills(self) -> tuple[Bill, ...]:
        """Return the month's bill of each deployment."""
        return tuple(
            bill(item, self.operands, self.book, self.catalogue) for item in self.deployments
        )

    def project(self) -> Projection:
        """Return the projection of every deployment over the scenario's growth and months."""
        settings = self.projection
        return project(
            self.workload, self.deployments, self.book, growth=self.growth,
            months=settings.months, discount_rate=settings.discount_rate,
            inflation=settings.inflation, month_hours=self.conventions.month_hours,
        )  # fmt: skip

    def crossovers(
        self, *, over: str = "ingress", start: str | float | None = None,
        stop: str | float | None = None,
    ) -> Crossovers:  # fmt: skip
        """Return every crossing along one input: see :func:`kafkatco.crossovers`."""
        return crossovers(
            self.workload, self.deployments, self.book, over=over, start=start, stop=stop,
            month_hours=self.conventions.month_hours,
        )  # fmt: skip

    def not_modelled(self) -> tuple[str, ...]:
        """Name what the workload asks for that no deployment prices."""
        return self.workload.not_modelled()

    def with_book(self, book: PriceBook, deployments: tuple[Deployment, ...]) -> Scenario:
        """Return this scenario at other prices, with deployments that those prices know."""
        return replace(
            self, book=book, catalogue=Catalogue(as_of=book.as_of), deployments=deployments
        )


def _section(
    model: type[Model], data: dict[str, Any], key: str, found: list[Problem]
) -> Model | None:
    record, problems = model.read(data.get(key, {}), key)
    found += problems
    return record


def _variants(
    kinds: dict[str, type[Model]], data: dict[str, Any], key: str, found: list[Problem]
) -> list[Model]:
    records = []
    for i, item in enumerate(data.get(key, [])):
        where = f"{key}[{i}]"
        if not isinstance(item, dict):
            found.append(Problem(where, repr(item), f"a table [[{key}]]"))
            continue
        kind = item.get("kind")
        if not isinstance(kind, str) or kind not in kinds:
            hint = nearest(str(kind), kinds, limit=20)
            if kind in PLANNED:
                hint = f"Not priced by this version, which knows: {', '.join(kinds)}"
            found.append(Problem(f"{where}.kind", repr(kind), f"a kind of {key}", hint))
            continue
        record, problems = kinds[kind].read(item, where)
        found += problems
        if record is not None:
            records.append(record)
    return records


#: Kinds of the scenario file's contract that have no module yet.
PLANNED: Final = (
    "msk-express", "msk-serverless", "event-hubs-standard", "event-hubs-premium",
    "event-hubs-dedicated", "google-managed-kafka", "confluent-standard", "confluent-enterprise",
    "confluent-freight", "confluent-dedicated", "aiven", "instaclustr",
)  # fmt: skip


def _book(
    prices: PriceSettings, conventions: Conventions, folder: Path | None, found: list[Problem]
) -> PriceBook | None:
    beside = (folder or Path()) / prices.book
    try:
        return PriceBook(
            beside if _is_folder(beside) else prices.book,
            as_of=prices.as_of,
            currency=prices.currency,
            overrides=prices.override,
            gigabyte=conventions.gigabyte,
        )
    except InputError as error:
        found += [replace(p, where=f"prices.{p.where}") for p in error.problems]
    except KafkatcoError as error:
        found += getattr(error, "problems", ())
    return None


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file system takes
        return False


def _short(growth: list[Growth], months: int, hours: float) -> list[Problem]:
    """Find the growth models that cannot be followed for so many months."""
    found = []
    each = np.full(months, hours)
    for model in growth:
        try:
            model.path(np.ones(months), each)
        except InputError as error:
            found += [replace(p, where=f"growth {model.label!r}.{p.where}") for p in error.problems]
    return found


def _unpriced(load: Operands, book: PriceBook, deployments: list[Deployment]) -> list[Problem]:
    """Find what the book or the catalogue does not have, deployment by deployment."""
    found: dict[str, Problem] = {}
    catalogue = Catalogue(as_of=book.as_of)
    for item in deployments:
        where = f"deployment {item.label!r}"
        regions = book.regions(item.sku_prefix)
        known = not regions or bool({item.region, "any"} & set(regions))
        for error in missing_prices(item, load, book, catalogue):
            problem = Problem(where, f"no {error.what}", f"one in {error.where}", error.hint)
            if "'fx." in error.what:
                problem = Problem(
                    "prices.currency", repr(book.currency), "a currency with a rate in the book",
                    nearest(book.currency, book.currencies()),
                )  # fmt: skip
            elif not known and error.what.startswith("price of") and item.sku_prefix in error.what:
                hint = nearest(item.region, regions)
                problem = Problem(
                    f"{where}.region", repr(item.region), "a region with prices", hint
                )
            found[str(problem)] = problem
        if not known and not any(f"{where}.region" == p.where for p in found.values()):
            hint = nearest(item.region, regions)
            problem = Problem(f"{where}.region", repr(item.region), "a region with prices", hint)
            if missing_prices(item, load, book, catalogue):
                found[str(problem)] = problem
    return list(found.values())

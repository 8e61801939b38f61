"""The scenario file: what a user keeps in git, and the command line and the library read."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import Field

from kafkatco.billing import Bill, bill
from kafkatco.deployments import KINDS, Deployment
from kafkatco.errors import InputError, KafkatcoError, MissingPriceError, Problem, nearest
from kafkatco.growth import GROWTHS, Constant, Growth
from kafkatco.model import Input
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.workload import Conventions, Operands, Workload, hours_of_month

__all__ = ["ProjectionSettings", "Scenario"]

Model = TypeVar("Model", bound=Input)

LISTS: Final = ("deployment", "growth")
SECTIONS: Final = ("workload", "conventions", "prices", "deployment", "growth", "projection")


class PriceSettings(Input):
    """Which prices count: the book, its date, the currency of results, and negotiated rates."""

    book: str = "list"
    as_of: dt.date
    currency: str = "USD"
    override: dict[str, str] = Field(default_factory=dict)


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
        file = Path(path) if path else Path(__file__).parent / "scenarios" / "article.toml"
        try:
            data = tomllib.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            near = nearest(file.name, [p.name for p in file.parent.glob("*.toml")])
            problem = Problem("scenario", repr(str(path)), "a scenario file (TOML)", near)
            raise InputError("command", [problem]) from None
        except (OSError, UnicodeDecodeError) as error:
            problem = Problem("scenario", str(error), "a UTF-8 text file")
            raise InputError(str(path), [problem]) from None
        except tomllib.TOMLDecodeError as error:
            raise InputError(str(path), [Problem("file", str(error), "TOML")]) from None
        return cls.from_dict(data, source=str(path or "the article's scenario"))

    @classmethod
    def from_dict(cls, data: dict[str, Any], *, source: str = "scenario") -> Scenario:
        """Build a scenario from the content of a file.

        Raises :class:`~kafkatco.errors.InputError` with every problem.
        """
        found = [
            Problem(key, "a section of this name", "no such section", nearest(key, SECTIONS))
            for key in data
            if key not in SECTIONS
        ]
        for key in SECTIONS:
            kind, shape = (list, "tables [[...]]") if key in LISTS else (dict, "a table [...]")
            if key in data and not isinstance(data[key], kind):
                found.append(Problem(key, repr(data[key]), shape))
                data = {name: value for name, value in data.items() if name != key}
        workload = _section(Workload, data, "workload", found)
        conventions = _section(Conventions, data, "conventions", found)
        prices = _section(PriceSettings, data, "prices", found)
        projection = _section(ProjectionSettings, data, "projection", found)
        deployments = _variants(KINDS, data, "deployment", found)
        growth = _variants(GROWTHS, data, "growth", found) or [Constant()]
        if not data.get("deployment"):
            found.append(Problem("deployment", "nothing", "at least one [[deployment]]"))
        book = None if prices is None or conventions is None else _book(prices, conventions, found)
        for what, labels in (
            ("deployment", [item.label for item in deployments]),
            ("growth", [item.label for item in growth]),
        ):
            for label in sorted({label for label in labels if labels.count(label) > 1}):
                found.append(Problem(what, f"{label!r} more than once", "a name of its own"))
        if workload and conventions and book:
            found += _unpriced(workload, conventions, book, deployments)
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
        kind = item.get("kind") if isinstance(item, dict) else item
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
    prices: PriceSettings, conventions: Conventions, found: list[Problem]
) -> PriceBook | None:
    try:
        return PriceBook(
            prices.book,
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


def _unpriced(
    workload: Workload,
    conventions: Conventions,
    book: PriceBook,
    deployments: list[Deployment],
) -> list[Problem]:
    """Find what the book or the catalogue does not have, deployment by deployment."""
    found = []
    load = workload.operands(month_hours=hours_of_month(conventions.month_hours, book.as_of))
    catalogue = Catalogue(as_of=book.as_of)
    for item in deployments:
        where = f"deployment {item.label!r}"
        try:
            bill(item, load, book, catalogue)
        except MissingPriceError as error:
            missing = error
        else:
            continue
        regions = book.regions(item.sku_prefix)
        if regions and not {item.region, "any"} & set(regions):
            hint = nearest(item.region, regions)
            found.append(
                Problem(f"{where}.region", repr(item.region), "a region with prices", hint)
            )
            try:
                item.offers(load, catalogue)
            except MissingPriceError as error:
                missing = error
            else:
                continue
        found.append(Problem(where, f"no {missing.what}", f"one in {missing.where}", missing.hint))
    return found

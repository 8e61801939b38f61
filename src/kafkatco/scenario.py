"""The scenario file: what a user keeps in git, and the command line and the library read."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from kafkatco.billing import Bill, bill
from kafkatco.deployments import KINDS, Deployment
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.growth import Growth
from kafkatco.guide.profile import Profile
from kafkatco.guide.recommend import Recommendation, recommend
from kafkatco.maps import DecisionMap, decision_map
from kafkatco.model import Input
from kafkatco.parallel import Part, Placement, place
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.projection import Projection, project
from kafkatco.scenario_file import (
    PriceSettings,
    ProjectionSettings,
    open_book,
    read_growth,
    read_list,
    read_section,
    read_variants,
    too_short,
    unpriced,
)  # fmt: skip
from kafkatco.sensitivity import INPUTS, Moves, Switches, switching_values, tornado
from kafkatco.solve import Solution, solve_for
from kafkatco.strategy import Strategy, plan
from kafkatco.sweep import Crossovers, crossovers
from kafkatco.switching import Switching
from kafkatco.workload import Conventions, Operands, Workload, hours_of_month

__all__ = ["Scenario"]

Model = TypeVar("Model", bound=Input)

SCENARIOS: Final = Path(__file__).parent / "scenarios"
ARTICLE: Final = SCENARIOS / "article.toml"
LISTS: Final = ("deployment", "growth", "part")
SECTIONS: Final = (
    "workload", "conventions", "prices", "deployment", "growth", "projection", "profile",
    "switching", "part",
)  # fmt: skip


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
    profile: Profile
    switching: Switching
    parts: tuple[Part, ...]

    @classmethod
    def load(cls, path: str | Path | None = None) -> Scenario:
        """Read a scenario file, or one that comes with the package by its name: "every-kind".

        With no path it is the article's.  Raises :class:`~kafkatco.errors.InputError` with every
        problem of the file.
        """
        file = ARTICLE if path is None else Path(path)
        if not file.suffix and not file.exists():
            shipped = SCENARIOS / f"{file}.toml"
            file = shipped if shipped.is_file() else file
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
        """Build a scenario from the content of a file; paths are relative to ``folder``.

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
            return None if key in wrong else read_section(model, data, key, found)

        workload = section(Workload, "workload")
        conventions = section(Conventions, "conventions") or Conventions()
        prices = section(PriceSettings, "prices")
        projection = section(ProjectionSettings, "projection")
        profile = section(Profile, "profile")
        switching = section(Switching, "switching")
        parts = read_list(Part, data, "part", found)
        deployments = read_variants(KINDS, data, "deployment", found)
        growth = read_growth(data, folder, found)
        if not data.get("deployment") and "deployment" not in wrong:
            found.append(Problem("deployment", "nothing", "at least one [[deployment]]"))
        book = None if prices is None else open_book(prices, conventions, folder, found)
        for what, labels in (
            ("deployment", [item.label for item in deployments]),
            ("growth", [item.label for item in growth]),
        ):
            for label in sorted({label for label in labels if labels.count(label) > 1}):
                found.append(Problem(what, f"{label!r} more than once", "a name of its own"))
        hours = 730.0 if book is None else hours_of_month(conventions.month_hours, book.as_of)
        if book:  # with some workload, where the file's own is wrong
            load = (workload or Workload(ingress="1 MB/s")).operands(month_hours=hours)
            found += unpriced(load, book, deployments)
        if workload and projection:
            found += too_short(growth, projection.months, hours)
        if found or not (workload and book and projection and profile and switching):
            raise InputError(source, found)
        return cls(
            source, workload, conventions, book, book.catalogue(), tuple(deployments),
            tuple(growth), projection, profile, switching, tuple(parts),
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

    def plan(self) -> Strategy:
        """Return the best path over the scenario's growth and months: see :func:`kafkatco.plan`."""
        settings = self.projection
        return plan(
            self.workload, self.deployments, self.book, growth=self.growth,
            months=settings.months, switching=self.switching,
            discount_rate=settings.discount_rate, inflation=settings.inflation,
            month_hours=self.conventions.month_hours,
        )  # fmt: skip

    def place(self) -> Placement:
        """Return where each ``[[part]]`` costs least: see :func:`kafkatco.place`."""
        return place(
            self.workload, self.parts, self.deployments, self.book,
            month_hours=self.conventions.month_hours,
        )  # fmt: skip

    def solve_for(
        self, mine: str, other: str, *, over: str, saving: float = 0.0, at: str | None = None,
        start: str | float | None = None, stop: str | float | None = None,
    ) -> Solution:  # fmt: skip
        """Return what an input must be: see :func:`kafkatco.solve_for`."""
        return solve_for(
            self.workload, mine, other, self.deployments, self.book, over=over, saving=saving,
            at=at, start=start, stop=stop, month_hours=self.conventions.month_hours,
        )  # fmt: skip

    def switching_values(self, inputs: Sequence[str] = INPUTS, **options: Any) -> Switches:
        """Return what would change the winner: see :func:`kafkatco.switching_values`."""
        return switching_values(
            self.workload, self.deployments, self.book, inputs=inputs,
            month_hours=self.conventions.month_hours, **options,
        )  # fmt: skip

    def tornado(self, mine: str, other: str, *, change: float = 0.2, **options: Any) -> Moves:
        """Return what moves a break-even: see :func:`kafkatco.tornado`."""
        return tornado(
            self.workload, mine, other, self.deployments, self.book, change=change,
            month_hours=self.conventions.month_hours, **options,
        )  # fmt: skip

    def decision_map(self, **options: Any) -> DecisionMap:
        """Return who is cheapest over two inputs: see :func:`kafkatco.decision_map`."""
        return decision_map(
            self.workload, self.deployments, self.book,
            month_hours=self.conventions.month_hours, **options,
        )  # fmt: skip

    def recommend(self, **changes: Any) -> Recommendation:
        """Return what to take: see :func:`kafkatco.recommend`.

        ``changes`` go over the scenario's ``[profile]``; ``InputError`` for what is none.
        """
        profile = Profile(**{**dict(self.profile), **changes})
        return recommend(profile, self.operands, self.deployments, self.book)

"""The main job: bills, cost against traffic, crossovers and claims, printed and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kafkatco.analysis.crossovers import Crossovers
from kafkatco.article import Claims, claims
from kafkatco.article.claim import OWN, cases
from kafkatco.core.files import replace_file
from kafkatco.core.result import Result, priced, records
from kafkatco.core.table import Table
from kafkatco.output.csv_text import csv_text
from kafkatco.output.page import page
from kafkatco.output.views.bill import bill_table, bills_dict
from kafkatco.output.views.claims import claims_table
from kafkatco.output.views.cost_comparison import COST_COLUMNS, cost_csv_rows, cost_table
from kafkatco.output.views.crossovers import CHEAPEST_COLUMNS, cheapest_rows, crossovers_tables
from kafkatco.output.views.projection import projection_table
from kafkatco.scenario.scenario import Scenario

__all__ = ["Report", "ReportFiles", "report"]


@dataclass(frozen=True, slots=True)
class Report:
    """A scenario at one or more sets of prices, with the article's claims where it is its own."""

    parts: tuple[tuple[str, Scenario, Crossovers], ...]
    claims: Claims
    source: str = "kafkatco"

    def tables(self) -> Iterable[Table]:
        """Return the tables in the order in which they are read."""
        for title, scenario, crossovers in self.parts:
            tables = (
                *map(bill_table, scenario.bills()),
                cost_table(crossovers),
                *crossovers_tables(crossovers),
                projection_table(scenario.project()),
            )
            yield from (table.under(title) for table in tables)
        if self.claims:
            yield claims_table(self.claims)

    def files(self) -> dict[str, str]:
        """Return the CSV files by name."""
        files = {
            "bills.csv": self._csv(lambda scenario, _: records(scenario.bills())),
            "costs.csv": self._csv(
                lambda _, found: priced(found, COST_COLUMNS, cost_csv_rows(found))
            ),
            "crossovers.csv": self._csv(lambda _, found: records(found)),
            "cheapest.csv": self._csv(
                lambda _, found: priced(found, CHEAPEST_COLUMNS, cheapest_rows(found))
            ),
            "projection.csv": self._csv(lambda scenario, _: records(scenario.project())),
        }
        if self.claims:
            files["claims.csv"] = csv_text(*records(self.claims))
        return files

    def _csv(
        self, data: Callable[[Scenario, Crossovers], tuple[Sequence[str], Sequence[Sequence[Any]]]]
    ) -> str:
        """Return one CSV of all parts, each row under the title of its prices."""
        titled = list[list[Any]]()
        for title, scenario, found in self.parts:
            columns, rows = data(scenario, found)
            titled += [[title, *row] for row in rows]
        return csv_text(["prices", *columns], titled)

    def write(self, folder: Path, *, language: str = "en") -> Sequence[Path]:
        """Write the CSV files, and pictures where matplotlib is installed; return their paths.

        ``language`` is that of the pictures, "en" or "ko"; CSV is for programs.

        Raises ``InputError`` for a folder that cannot be written.
        """
        written: list[Path] = []
        for name, text in self.files().items():
            replace_file(folder / name, partial(_text, text))
            written.append(folder / name)
        if find_spec("matplotlib") is not None:
            for name, figure in self._figures(language):
                replace_file(folder / name, partial(figure.savefig, dpi=120))
                written.append(folder / name)
        return written

    def write_page(self, file: Path, *, language: str = "en") -> Path:
        """Write the page that computes all of it in a browser: see :func:`kafkatco.page`.

        Raises ``InputError`` for a file that cannot be written.
        """
        cases = {title: scenario for title, scenario, _ in self.parts}
        text = page(cases, title=self.source, claims=self.claims, language=language)
        replace_file(file, partial(_text, text))
        return file

    def to_dict(self) -> dict[str, Any]:
        """Return the bills, crossovers and claims as plain values."""
        return {
            "parts": [
                {"title": title, **bills_dict(scenario.bills()), "crossovers": found.to_dict()}
                for title, scenario, found in self.parts
            ],
            "claims": [claim.to_dict() for claim in self.claims],
        }

    def _figures(self, language: str) -> Iterable[tuple[str, Any]]:
        """Yield pictures by the names of their files, of all parts each."""
        from kafkatco.output.plots import figure, plot_bills

        pictures: dict[str, Callable[[Scenario, Crossovers, Any], Any]] = {
            "costs.png": lambda _, found, ax: found.plot(ax, language=language),
            "bills.png": lambda s, _, ax: plot_bills(s.bills(), ax, language=language),
            "projection.png": lambda s, _, ax: s.project().plot(ax, language=language),
        }
        titles = [title for title, _, _ in self.parts]
        options = max(len(scenario.deployments) for _, scenario, _ in self.parts)
        for name, draw in pictures.items():
            height = max(5.2, 1.6 + 0.42 * options) if name == "bills.png" else 5.2
            drawn, axes = figure(*titles, height=height, language=language)
            for (_, scenario, found), ax in zip(self.parts, axes, strict=True):
                draw(scenario, found, ax)
            yield name, drawn


@dataclass(frozen=True, slots=True)
class ReportFiles(Result):
    """A report and the files that it was written to; ``shown`` is whether its tables are."""

    report: Report
    paths: tuple[Path, ...]
    shown: bool = True


def _text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def report(scenario: Scenario, *, article: bool) -> Report:
    """Return the report of a scenario; the article's own is set beside list prices and tested.

    >>> report(Scenario.load(), article=False).parts[0][0]
    'article prices'
    """
    if not article:
        part = f"{scenario.book.name} prices", scenario, scenario.crossovers()
        return Report((part,), Claims(()), Path(scenario.source).name)
    at = cases()
    titles = {OWN: "the article's figures"}
    parts = tuple(
        (titles.get(name, f"list prices, {name}"), case.sized, case.volume)
        for name, case in at.items()
    )
    return Report(parts, claims(at), "The article's three ways of running Kafka")

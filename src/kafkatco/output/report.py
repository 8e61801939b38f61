"""The report: bills, cost against traffic, crossovers and claims, as tables and files."""

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
from kafkatco.i18n.message import Message, _, verbatim
from kafkatco.output.answer import NEEDS_COLUMNS, needs_rows
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
    """A scenario at one or more sets of prices, with the claims if it is the article's.

    Each part has the title of its prices.
    """

    parts: tuple[tuple[Message, Scenario, Crossovers], ...]
    claims: Claims
    title: Message

    def tables(self) -> Iterable[Table]:
        """Yield the tables in reading order."""
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
            "bills.csv": self._csv(lambda scenario, _crossovers: records(scenario.bills())),
            "costs.csv": self._csv(
                lambda _scenario, crossovers: priced(
                    crossovers, COST_COLUMNS, cost_csv_rows(crossovers)
                )
            ),
            "crossovers.csv": self._csv(lambda _scenario, crossovers: records(crossovers)),
            "cheapest.csv": self._csv(
                lambda _scenario, crossovers: priced(
                    crossovers, CHEAPEST_COLUMNS, cheapest_rows(crossovers)
                )
            ),
            "projection.csv": self._csv(lambda scenario, _crossovers: records(scenario.project())),
        }
        if any(scenario.needs_price for _title, scenario, _crossovers in self.parts):
            files["needs-price.csv"] = self._csv(
                lambda scenario, _crossovers: (NEEDS_COLUMNS, needs_rows(scenario.needs_price))
            )
        if self.claims:
            files["claims.csv"] = csv_text(*records(self.claims))
        return files

    def _csv(
        self, data: Callable[[Scenario, Crossovers], tuple[Sequence[str], Sequence[Sequence[Any]]]]
    ) -> str:
        """Return one CSV of all parts, with the title of its prices in each row."""
        titled = list[list[Any]]()
        for title, scenario, crossovers in self.parts:
            columns, rows = data(scenario, crossovers)
            titled += [[title, *row] for row in rows]
        return csv_text(["prices", *columns], titled)

    def write(self, folder: Path, *, language: str = "en") -> Sequence[Path]:
        """Write the CSV files, and plots if matplotlib is installed; return their paths.

        ``language`` is that of the plots, "en" or "ko"; CSV is for programs and always English.

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
        """Write the page that computes everything in a browser: see :func:`kafkatco.page`.

        Raises ``InputError`` for a file that cannot be written.
        """
        cases: dict[str, Scenario] = {
            title: scenario for title, scenario, _crossovers in self.parts
        }
        text = page(cases, title=self.title, claims=self.claims, language=language)
        replace_file(file, partial(_text, text))
        return file

    def to_dict(self) -> dict[str, Any]:
        """Return the bills, crossovers and claims as plain values."""
        return {
            "parts": [
                {"title": title, **bills_dict(scenario.bills()), "crossovers": crossovers.to_dict()}
                for title, scenario, crossovers in self.parts
            ],
            "claims": self.claims.to_dict(),
        }

    def _figures(self, language: str) -> Iterable[tuple[str, Any]]:
        """Yield the file name and the figure of each plot, with all parts in one figure."""
        from kafkatco.output.plots import figure, plot_bills

        plots: dict[str, Callable[[Scenario, Crossovers, Any], Any]] = {
            "costs.png": lambda _s, crossovers, ax: crossovers.plot(ax, language=language),
            "bills.png": lambda s, _crossovers, ax: plot_bills(s.bills(), ax, language=language),
            "projection.png": lambda s, _crossovers, ax: s.project().plot(ax, language=language),
        }
        titles = [title for title, _scenario, _crossovers in self.parts]
        options = max(len(scenario.deployments) for _title, scenario, _crossovers in self.parts)
        for name, plot in plots.items():
            height = max(5.2, 1.6 + 0.42 * options) if name == "bills.png" else 5.2
            whole, axes = figure(*titles, height=height, language=language)
            for (_title, scenario, crossovers), ax in zip(self.parts, axes, strict=True):
                plot(scenario, crossovers, ax)
            yield name, whole


@dataclass(frozen=True, slots=True)
class ReportFiles(Result):
    """A report and the files that it was written to; with ``shown`` its tables are shown, too."""

    report: Report
    paths: tuple[Path, ...]
    shown: bool = True


def _text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def report(scenario: Scenario, *, article: bool) -> Report:
    """Return the report of a scenario; the article's is repeated at list prices, with its claims.

    >>> report(Scenario.load(), article=False).parts[0][0]
    'article prices'
    """
    if not article:
        part = _book_title(scenario.book.name), scenario, scenario.crossovers()
        return Report((part,), Claims(()), verbatim(Path(scenario.source).name))
    at = cases()
    parts = tuple(
        (
            _("the article's figures") if name == OWN else _("list prices, {region}", region=name),
            case.sized,
            case.volume,
        )
        for name, case in at.items()
    )
    return Report(parts, claims(at), _("The article's three ways to run Kafka"))


def _book_title(book: str) -> Message:
    """Return the title of the prices of a book."""
    if book == "article":
        return _("article prices")
    return _("list prices") if book == "list" else _("{book} prices", book=book)

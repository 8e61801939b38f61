"""The main job: bills, cost against traffic, crossovers and claims, printed and written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from kafkatco.article import LIST_REGIONS
from kafkatco.display.bills import BILL_COLUMNS, bill_rows, bill_table
from kafkatco.display.sweeps import (
    CROSSING_COLUMNS,
    cost_rows,
    cost_table,
    crossing_rows,
    crossovers_tables,
)
from kafkatco.files import replace_file
from kafkatco.scenario import Scenario
from kafkatco.sweep import Crossovers, crossovers
from kafkatco.tables import Table, csv_text
from kafkatco.verdicts import Claim, claims, claims_table
from kafkatco.verdicts.claim import OWN, cases

__all__ = ["Report", "report"]


@dataclass(frozen=True, slots=True)
class Report:
    """A scenario at one or more sets of prices, with the article's claims where it is its own."""

    parts: tuple[tuple[str, Scenario, Crossovers], ...]
    claims: tuple[Claim, ...]

    def tables(self) -> Iterable[Table]:
        """Return the tables in the order in which they are read."""
        for title, scenario, found in self.parts:
            for bill in scenario.bills():
                table = bill_table(bill)
                yield Table(f"{title}: {table.title}", table.columns, table.rows, table.right,
                            table.notes)  # fmt: skip
            yield cost_table(found, title)
            yield from crossovers_tables(found, title)
        if self.claims:
            yield claims_table(self.claims)

    def files(self) -> dict[str, str]:
        """Return the CSV files by name."""
        bills: list[list[Any]] = []
        costs: list[list[Any]] = []
        crossing: list[list[Any]] = []
        cheapest: list[list[Any]] = []
        for title, scenario, found in self.parts:
            currency = scenario.book.currency
            bills += [[title, *row] for bill in scenario.bills() for row in bill_rows(bill)]
            for x, row in cost_rows(found):
                for name, cost in row.items():
                    costs.append([title, x, found.axis.unit, name, cost, currency])
            crossing += [[title, *row] for row in crossing_rows(found)]
            scale = found.axis.per_base
            for part in found.intervals:
                cheapest.append(
                    [title, part.start * scale, part.stop * scale, found.axis.unit, part.winner]
                )
        files = {
            "bills.csv": csv_text(["prices", *BILL_COLUMNS], bills),
            "costs.csv": csv_text(
                ["prices", "at", "unit", "deployment", "cost", "currency"], costs
            ),
            "crossovers.csv": csv_text(["prices", *CROSSING_COLUMNS], crossing),
            "cheapest.csv": csv_text(["prices", "from", "to", "unit", "cheapest"], cheapest),
        }
        if self.claims:
            rows = [
                [c.key, c.stated, c.own, *(c.listed[r] for r in LIST_REGIONS), c.verdict, c.because]
                for c in self.claims
            ]
            at_list_prices = (f"at list prices, {region}" for region in LIST_REGIONS)
            columns = ["claim", "stated", "own inputs", *at_list_prices, "verdict", "because"]
            files["claims.csv"] = csv_text(columns, rows)
        return files

    def write(self, folder: Path) -> Sequence[Path]:
        """Write the CSV files and the picture; return their paths.

        Raises ``InputError`` for a folder that cannot be written, and ``KafkatcoError`` without
        the extra ``plot``, before anything is written.
        """
        figure = self._figure()
        written = []
        for name, text in self.files().items():
            replace_file(folder / name, partial(_text, text))
            written.append(folder / name)
        replace_file(folder / "costs.png", lambda path: figure.savefig(path, dpi=120))
        return [*written, folder / "costs.png"]

    def _figure(self) -> Any:
        from kafkatco.plot import figure

        drawn, axes = figure(len(self.parts))
        for (title, _, found), ax in zip(self.parts, axes, strict=True):
            found.plot(ax)
            ax.set_title(f"{title}\n{ax.get_title()}", fontsize=10)
        return drawn


def _text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def report(scenario: Scenario, *, article: bool) -> Report:
    """Return the report of a scenario; the article's own is set beside list prices and tested.

    >>> report(Scenario.load(), article=True).claims[0].key
    'ec2'
    """
    if not article:
        item = scenario
        found = crossovers(
            item.workload, item.deployments, item.book, month_hours=item.conventions.month_hours
        )
        return Report(((f"{item.book.name} prices", item, found),), ())
    at = cases()
    titles = {OWN: "the article's figures"}
    parts = tuple(
        (titles.get(name, f"list prices, {name}"), case.sized, case.volume)
        for name, case in at.items()
    )
    return Report(parts, claims(at))

"""The causes of a change between two scenarios, each applied alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from kafkatco.core.vocabulary import word
from kafkatco.deployments import Deployment
from kafkatco.i18n.message import Message
from kafkatco.prices import PriceBook
from kafkatco.scenario.scenario import Scenario

__all__ = ["Changed", "DiffCause", "changed_fields", "find_causes"]

#: The parts of a scenario that a cost depends on.
CauseName = Literal["traffic", "configuration", "prices", "assumptions", "conventions"]


@dataclass(frozen=True, slots=True)
class Changed:
    """A field with another value, as text; ``None`` if it has none."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class DiffCause:
    """A part of the scenario that differs, and its fields that do."""

    name: CauseName
    changes: tuple[Changed, ...]

    @property
    def text(self) -> Message:
        """Its name, for people."""
        return word(self.name)

    def alone(self, before: Scenario, after: Scenario) -> Scenario:
        """Return the scenario before, with only this part of the one after."""
        return _ALONE[self.name](before, after)


def find_causes(before: Scenario, after: Scenario) -> tuple[DiffCause, ...]:
    """Return the parts of a scenario that differ.

    Deployments are matched by name, and those of only one side left out: their bill is a change of
    its own.
    """
    books = before.book, after.book
    changes = {
        "traffic": _pairs(before.workload.model_dump(), after.workload.model_dump()),
        "configuration": _configurations(before, after),
        "prices": tuple(_prices(*books)),
        "assumptions": _pairs(*map(_assumptions, books)),
        "conventions": _pairs(*map(_conventions, (before, after))),
    }
    return tuple(DiffCause(name, fields) for name in _ALONE if (fields := changes[name]))


def changed_fields(before: Deployment, after: Deployment) -> tuple[Changed, ...]:
    """Return the fields of a deployment that differ, except for its name."""
    return _pairs(_fields(before), _fields(after))


def _fields(deployment: Deployment) -> dict[str, Any]:
    return deployment.model_dump(exclude={"name"})


def _configurations(before: Scenario, after: Scenario) -> tuple[Changed, ...]:
    olds = {deployment.label: deployment for deployment in before.deployments}
    return tuple(
        replace(change, field=f"{new.label}: {change.field}")
        for new in after.deployments
        if new.label in olds
        for change in changed_fields(olds[new.label], new)
    )


def _prices(before: PriceBook, after: PriceBook) -> Iterator[Changed]:
    """Yield the differences between the tables, dates and own prices of two books."""
    names = [{"book": Path(book.name).name, "as_of": book.as_of} for book in (before, after)]
    yield from _pairs(*names)
    own = [
        {sku: price.text for sku, price in book.overrides.items()} | dict(book.variants)
        for book in (before, after)
    ]
    yield from _pairs(*own)
    new = _with_prices_of(before, after)
    if names[0] == names[1] and own[0] == own[1] and new.sha256 != before.sha256:
        yield from _pairs({"sha256": before.sha256[:12]}, {"sha256": new.sha256[:12]})


def _assumptions(book: PriceBook) -> dict[str, Any]:
    return {"assumptions": book.assumptions.name, **book.assumptions.values}


def _conventions(scenario: Scenario) -> dict[str, Any]:
    tax = scenario.book.tax
    return {
        "month_hours": scenario.conventions.month_hours,
        "gigabyte": scenario.book.gigabyte,
        **({} if tax is None else {"tax": tax.model_dump()}),
    }


def _pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Changed, ...]:
    """Return the values that differ, those of nested tables by their path."""
    was, now = dict(_flat(before)), dict(_flat(after))
    return tuple(
        Changed(name, was.get(name), now.get(name))
        for name in dict.fromkeys([*was, *now])
        if was.get(name) != now.get(name)
    )


def _flat(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            if not value:
                yield f"{path}{name}", "{}"
            yield from _flat(value, f"{path}{name}.")
        elif value is not None:
            yield f"{path}{name}", _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _on(scenario: Scenario, book: PriceBook) -> Scenario:
    return replace(scenario, book=book, catalogue=book.catalogue())


def _with_prices_of(before: PriceBook, after: PriceBook) -> PriceBook:
    """Return the prices and capacities of the book after, and all else of the one before."""
    return after.at(
        assumptions=before.assumptions,
        currency=before.currency,
        gigabyte=before.gigabyte,
        tax=before.tax,
    )


def _with_traffic(before: Scenario, after: Scenario) -> Scenario:
    return replace(before, workload=after.workload)


def _with_configuration(before: Scenario, after: Scenario) -> Scenario:
    news = {deployment.label: deployment for deployment in after.deployments}
    deployments = (news.get(option.label, option) for option in before.deployments)
    return replace(before, deployments=tuple(deployments))


def _with_prices(before: Scenario, after: Scenario) -> Scenario:
    return _on(before, _with_prices_of(before.book, after.book))


def _with_assumptions(before: Scenario, after: Scenario) -> Scenario:
    return _on(before, before.book.at(assumptions=after.book.assumptions))


def _with_conventions(before: Scenario, after: Scenario) -> Scenario:
    book = before.book.at(gigabyte=after.book.gigabyte, tax=after.book.tax)
    return replace(_on(before, book), conventions=after.conventions)


_ALONE: Final[Mapping[CauseName, Callable[[Scenario, Scenario], Scenario]]] = MappingProxyType(
    {
        "traffic": _with_traffic,
        "configuration": _with_configuration,
        "prices": _with_prices,
        "assumptions": _with_assumptions,
        "conventions": _with_conventions,
    }
)

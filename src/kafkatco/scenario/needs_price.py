"""Deployments without a price: what is missing, and the prices of their own that users may set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kafkatco.analysis.placement import Part
from kafkatco.core.money import PriceMeasure, price_example
from kafkatco.costing.candidates import missing_prices
from kafkatco.costing.own_prices import prices_to_set
from kafkatco.deployments import Deployment
from kafkatco.deployments.agreements import Credit
from kafkatco.errors import InputError, MissingPriceError, Problem, nearest
from kafkatco.i18n.message import EMPTY, Message, _, join
from kafkatco.planning.switching_costs import Switching
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.prices.metering import effective_unit
from kafkatco.prices.regions import some_regions
from kafkatco.prices.rows import PriceRow
from kafkatco.sizing.clouds.regions import cloud_of, located, nearest_region
from kafkatco.sizing.workload import Operands

__all__ = ["NeedsPrice", "check_prices", "priced_parts", "priced_rules"]

#: The prefix of exchange rates per US dollar.
RATE: Final = "fx.usd."


@dataclass(frozen=True, slots=True)
class NeedsPrice:
    """A deployment that has no bill before the user sets prices of their own.

    ``prices`` has what to set, by sku: a price without its amount, such as ``"... USD/hour"``.
    ``problems`` say what the book does not have, and ``hint`` may name the region that was meant.
    """

    name: str
    kind: str
    region: str
    prices: Mapping[str, str]
    problems: tuple[Problem, ...]
    hint: Message = EMPTY

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines to complete and to add under ``[prices.override]``."""
        return tuple(f'"{sku}" = "{price}"' for sku, price in self.prices.items())

    @property
    def message(self) -> Message:
        """That the deployment is left out, and what to set."""
        text = _(
            "{name} ({kind}, {region}) needs your price, and is left out. Set under "
            "[prices.override], one line each: {lines}",
            name=self.name,
            kind=self.kind,
            region=self.region,
            lines=", ".join(self.lines),
        )
        return join(". ", filter(None, [text, self.hint]))

    def problem(self, where: str) -> Problem:
        """Return the problem of a field that names the deployment."""
        return Problem(where, repr(self.name), _("a deployment with a price"), self.message)


def check_prices(
    load: Operands, book: PriceBook, deployments: Sequence[Deployment]
) -> tuple[list[Problem], list[NeedsPrice]]:
    """Return the problems of prices and capacities, and the deployments that need a price.

    A deployment with another problem, such as an unknown instance, is not among the latter.
    """
    problems: dict[str, Problem] = {}  # by text: deployments share those of exchange rates
    needs: list[NeedsPrice] = []
    catalogue = book.catalogue()
    for option in deployments:
        invalid, unpriced = _check(option, load, book, catalogue)
        if unpriced and not invalid:
            needs.append(unpriced)
        elif unpriced:
            invalid = [*invalid, *unpriced.problems]
        problems |= {str(problem): problem for problem in invalid}
    return list(problems.values()), needs


def priced_rules(rules: Switching, needs: Sequence[NeedsPrice]) -> Switching:
    """Return rules of switching without those of deployments that need a price.

    Raises :class:`~kafkatco.errors.InputError` if the current deployment is one.
    """
    by_name = {one.name: one for one in needs}
    if rules.current in by_name:
        raise InputError("", [by_name[rules.current].problem("switching.current")])
    months = {
        field: {name: n for name, n in getattr(rules, field).items() if name not in by_name}
        for field in ("lead_months", "committed_months")
    }
    return rules.model_copy(update=months)


def priced_parts(parts: Sequence[Part], needs: Sequence[NeedsPrice]) -> tuple[Part, ...]:
    """Return parts of a workload without the deployments that need a price among their own.

    Raises :class:`~kafkatco.errors.InputError` if a part may only run on such deployments.
    """
    by_name = {one.name: one for one in needs}
    priced, problems = [], []
    for part in parts:
        only = None if part.only is None else [name for name in part.only if name not in by_name]
        if only == []:
            lacking = (by_name[name] for name in part.only or ())
            problems += [one.problem(f"part {part.name!r}.only") for one in lacking]
        priced.append(part.model_copy(update={"only": only}))
    if problems:
        raise InputError("", problems)
    return tuple(priced)


def _check(
    option: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> tuple[list[Problem], NeedsPrice | None]:
    """Return the problems of one deployment, apart from the prices that a user may set."""
    where = f"deployment {option.label!r}"
    problems: list[Problem] = []
    missing: Sequence[MissingPriceError]
    try:
        missing = missing_prices(option, load, book, catalogue)
    except InputError as invalid:  # unknown instances: use any, so that the rest is validated
        problems = [replace(one, where=f"{where}.{one.where}") for one in invalid.problems]
        option = option.model_copy(update={"instance": "cheapest"})
        missing = missing_prices(option, load, book, catalogue)
    if not missing:
        return problems, None
    to_set = prices_to_set(option, load, book, catalogue)
    own: list[Problem] = []
    hint = EMPTY
    regions = book.regions(option.sku_prefix)
    if regions and not {option.region, "any"} & set(regions):
        hint = _other_region(option, regions, book)
        region = _without_prices(option, where, regions, to_set, book)
        (own if to_set and _is_region(option, book) else problems).append(region)
        skus = {sku for sku, _region in to_set}
        missing = [
            error
            for error in missing
            if error.sku not in skus and f"in region {option.region!r}" not in error.what
        ]
    elif to_set:
        missing = [error for error in missing if not book.regions_of(error.sku)]
        errors = _errors(to_set, book)
        own = [_missing(option, where, error, book, catalogue) for error in errors]
    problems += [_missing(option, where, error, book, catalogue) for error in missing]
    if not own:
        return problems, None
    prices = {sku: _example(row, book) for (sku, _region), row in to_set.items()}
    kind = str(getattr(option, "kind", ""))
    return problems, NeedsPrice(option.label, kind, option.region, prices, tuple(own), hint)


def _is_region(option: Deployment, book: PriceBook) -> bool:
    """Return whether a region may exist: one that no service has may be a mistake of typing."""
    home = option.home.name
    known = option.region in book.regions("")
    return known or home == "on-prem" or cloud_of(option.region) == home


def _other_region(option: Deployment, regions: Sequence[str], book: PriceBook) -> Message:
    """Return a hint at a region with prices; empty if another service has the deployment's."""
    if option.region in book.regions(""):
        return EMPTY
    return nearest_region(option.region, _of_cloud(option, regions))


def _of_cloud(option: Deployment, regions: Sequence[str]) -> list[str]:
    return [region for region in regions if cloud_of(region) in ("", option.home.name)]


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
    of_cloud, hint = _of_cloud(option, regions), _other_region(option, regions, book)
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

"""People who run a deployment: the user's number, or that of the staffing model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from kafkatco.core.inputs import Input
from kafkatco.core.money import MoneyPerMonth, parse_salary
from kafkatco.core.units import DURATION, Duration, parse
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _, join
from kafkatco.numerics.typing import Operand
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.quantities import Meter, Sizing
from kafkatco.sizing.wage_regions import has_own_wage, wage_region

__all__ = ["Family", "Labour"]

#: The article's three ways to run Kafka, which differ in the people that they need.
Family = Literal["self-hosted", "cloud-managed", "fully-managed"]
#: The units of a sizing that people look after.
_BROKERS: Final = ("brokers", "nodes")
#: The parts of the staffing model.
PARTS: Final = ("base", "per_cluster", "per_broker", "on_call")


class Labour(Input):
    """People who run the deployment: a fixed number, or that of the staffing model.

    Parameters
    ----------
    fte
        Full-time people; by default, the staffing model: ``base`` + ``per_cluster`` x clusters +
        ``per_broker`` x brokers + ``on_call``.  Each of these is an input, whose default for each
        of the article's three families (2-3 people, 1, a tenth of one) is a capacity ``labour.*``.
        [FTE]
    monthly
        Cost of one person, fully loaded; by default, the book's price for ``role`` in ``region``.
        [money/month]
    role
        A role with a wage; ``kafkatco prices list labour`` shows those of each region.
    region
        Where the people work: "kr", "us", "de" or "ie"; by default, the one that is nearest to the
        deployment's region.
    setup
        Person-time spent once, at the same rate; by default that of the staffing model, or none
        if ``fte`` is set.  [time]

    Examples
    --------
    >>> Labour(fte=1).fte
    1.0
    """

    fte: float | None = Field(default=None, ge=0, le=1e6)
    base: float | None = Field(default=None, ge=0, le=1e6)
    per_cluster: float | None = Field(default=None, ge=0, le=1e6)
    per_broker: float | None = Field(default=None, ge=0, le=1e6)
    on_call: float | None = Field(default=None, ge=0, le=1e6)
    monthly: MoneyPerMonth | None = None
    role: str = "devops-engineer"
    region: str | None = None
    setup: Duration | None = None

    @model_validator(mode="after")
    def _number_or_model(self) -> Self:
        extra = [name for name in PARTS if getattr(self, name) is not None]
        if self.fte is not None and extra:
            sentence = _("not together with fte, which replaces the staffing model")
            raise InputError("labour", [Problem(name, "", sentence) for name in extra])
        return self

    def with_fte(self, fte: Operand) -> Self:
        """Return a copy with another number of people, a float, array or curve [FTE].

        The cost of one person stays; the number replaces the staffing model.
        """
        return self.model_copy(update={**dict.fromkeys(PARTS), "fte": fte})

    def people(self, family: Family, catalogue: Catalogue, sizing: Sizing) -> Operand:
        """Return the people who run ``sizing`` [FTE]."""
        if self.fte is not None:
            return self.fte
        rule = self._model(family, catalogue)
        brokers = sizing.count if sizing.unit in _BROKERS else 0.0
        clusters = float(sizing.details.get("clusters", 1))
        return (
            rule["base"]
            + rule["per_cluster"] * clusters
            + rule["per_broker"] * brokers
            + rule["on_call"]
        )

    def wage_region(self, home: str) -> str:
        """Return the region whose wages apply to a deployment in the cloud region ``home``."""
        return wage_region(home) if self.region is None else self.region

    def meters(
        self, family: Family, home: str, catalogue: Catalogue, sizing: Sizing, month_hours: Operand
    ) -> tuple[Meter, ...]:
        """Return the meters of running ``sizing``, and of setting it up once [FTE-month].

        ``home`` is the cloud region of the deployment.  A person works one FTE-month in a month, so
        that a setup of w weeks is w x 168 h / ``month_hours`` [h] FTE-months.
        """
        monthly = None if self.monthly is None else parse_salary(self.monthly)
        setup_h = 0.0 if self.setup is None else parse(self.setup, DURATION).value(month_hours)
        if self.fte is None and self.setup is None:
            setup_h = catalogue.value(f"labour.{family}", "setup")
        sku, region = f"labour.{self.role}", self.wage_region(home)
        return (
            Meter(
                "labour",
                sku,
                region,
                self.people(family, catalogue, sizing),
                "FTE-month",
                join("; ", self._notes(family, home, catalogue)),
                price=monthly,
            ),
            Meter(
                "setup",
                sku,
                region,
                setup_h / month_hours,
                "FTE-month",
                _("once"),
                price=monthly,
                one_off=True,
            ),
        )

    def _model(self, family: Family, catalogue: Catalogue) -> dict[str, float]:
        """Return the parts of the staffing model, the user's own before those of the tables."""
        own = {name: getattr(self, name) for name in PARTS}
        return {
            name: catalogue.value(f"labour.{family}", name) if value is None else float(value)
            for name, value in own.items()
        }

    def _notes(self, family: Family, home: str, catalogue: Catalogue) -> Iterator[Message]:
        """Yield how the people were counted, and whose wage they have if it is not their own."""
        if self.fte is None:
            item = f"labour.{family}"
            yield _(
                "{base:g} + {per_cluster:g} per cluster + {per_broker:g} per broker + "
                "{on_call:g} on call; Kafka knowledge {level:g} of 3",
                **self._model(family, catalogue),
                level=catalogue.value(item, "knowledge"),
            )
            rows = {x: catalogue.row(item, x) for x in PARTS if getattr(self, x) is None}
            assumed = [x for x, row in rows.items() if row.confidence == "assumption"]
            if assumed:
                yield _("assumptions: {parts}", parts=", ".join(assumed))
        if self.monthly is None and self.region is None and not has_own_wage(home):
            country = wage_region(home)
            yield _("no wage of {region} is known: that of {country}", region=home, country=country)

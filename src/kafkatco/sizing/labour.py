"""People who run a deployment: the user's number, or that of the staffing model."""

from __future__ import annotations

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from kafkatco.core.inputs import Input
from kafkatco.core.money import MoneyPerMonth, parse_salary
from kafkatco.core.units import DURATION, Duration, parse
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Operand
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.quantities import Meter, Sizing

__all__ = ["Family", "Labour"]

#: The article's three ways to run Kafka, which differ in the people that they need.
Family = Literal["self-hosted", "cloud-managed", "fully-managed"]
#: The units of a sizing that people look after.
_BROKERS: Final = ("brokers", "nodes")


class Labour(Input):
    """People who run the deployment: a fixed number, or that of the staffing model.

    Parameters
    ----------
    fte
        Full-time people; by default, the staffing model: ``base`` + ``per_cluster`` x clusters +
        ``per_broker`` x brokers + ``on_call``.  Each of these is an input, whose default for each
        of the article's three families (2-3 people, 1, none) is a capacity ``labour.*``.  [FTE]
    monthly
        Cost of one person, fully loaded; by default, the book's price for ``role`` in ``region``
        ("kr", "us", "de", "ie"; ``kafkatco prices list labour`` shows the roles of each).
        [money/month]
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
    region: str = "kr"
    setup: Duration | None = None

    @model_validator(mode="after")
    def _number_or_model(self) -> Self:
        parts = ("base", "per_cluster", "per_broker", "on_call")
        extra = [name for name in parts if getattr(self, name) is not None]
        if self.fte is not None and extra:
            sentence = _("not together with fte, which replaces the staffing model")
            raise InputError("labour", [Problem(name, "", sentence) for name in extra])
        return self

    def with_fte(self, fte: Operand) -> Self:
        """Return a copy with another number of people, a float, array or curve [FTE].

        The cost of one person stays; the number replaces the staffing model.
        """
        parts = dict.fromkeys(("base", "per_cluster", "per_broker", "on_call"))
        return self.model_copy(update={**parts, "fte": fte})

    def meters(
        self, family: Family, catalogue: Catalogue, sizing: Sizing, month_hours: Operand
    ) -> tuple[Meter, ...]:
        """Return the meters of running ``sizing``, and of setting it up once [FTE-month].

        A person works one FTE-month in a month, so that a setup of w weeks is
        w x 168 h / ``month_hours`` [h] FTE-months.
        """

        def rule(name: str) -> float:
            value = getattr(self, name)
            return catalogue.value(f"labour.{family}", name) if value is None else float(value)

        monthly = None if self.monthly is None else parse_salary(self.monthly)
        people: Operand = self.fte
        setup_h = 0.0 if self.setup is None else parse(self.setup, DURATION).value(month_hours)
        note: str = ""
        if people is None:
            brokers = sizing.count if sizing.unit in _BROKERS else 0.0
            clusters = float(sizing.details.get("clusters", 1))
            people = (
                rule("base")
                + rule("per_cluster") * clusters
                + rule("per_broker") * brokers
                + rule("on_call")
            )
            if self.setup is None:
                setup_h = catalogue.value(f"labour.{family}", "setup")
            level = catalogue.value(f"labour.{family}", "knowledge")
            note = _(
                "{base:g} + {per_cluster:g} per cluster + {per_broker:g} per broker + "
                "{on_call:g} on call; Kafka knowledge {level:g} of 3",
                base=rule("base"),
                per_cluster=rule("per_cluster"),
                per_broker=rule("per_broker"),
                on_call=rule("on_call"),
                level=level,
            )
        sku = f"labour.{self.role}"
        return (
            Meter("labour", sku, self.region, people, "FTE-month", note, price=monthly),
            Meter(
                "setup",
                sku,
                self.region,
                setup_h / month_hours,
                "FTE-month",
                _("once"),
                price=monthly,
                one_off=True,
            ),
        )

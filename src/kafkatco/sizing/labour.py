"""People who run a deployment: a number from the user, or from the staffing model."""

from __future__ import annotations

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from kafkatco.core.inputs import Input
from kafkatco.core.money import MoneyPerMonth, parse_salary
from kafkatco.core.units import DURATION, Duration, parse
from kafkatco.errors import InputError, Problem
from kafkatco.numerics.typing import Operand
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.quantities import Meter, Sizing

__all__ = ["Family", "Labour"]

#: The article's three ways to run Kafka, which differ in the people that they need.
Family = Literal["self-hosted", "cloud-managed", "fully-managed"]
#: What of a sizing is a machine that somebody looks after.
_BROKERS: Final = ("brokers", "nodes")


class Labour(Input):
    """People who run the deployment: so many, or as many as the staffing model says.

    Parameters
    ----------
    fte
        Full-time people.  Without it, the model: ``base`` + ``per_cluster`` x clusters +
        ``per_broker`` x brokers + ``on_call``, each of them an input; their defaults, by the
        article's three families (2-3 people, 1, none), are the capacities ``labour.*``.
        [FTE]
    monthly
        What one costs, fully loaded; without it, the book's price for ``role`` in ``region``
        ("kr", "us", "de", "ie"; not every role is known in each: ``kafkatco prices list labour``
        shows them).  [money/month]
    setup
        Person-time spent once, at the same rate; none by default beside an ``fte`` of your own,
        the model's otherwise.  [time]

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
            problems = [
                Problem(name, f"{getattr(self, name):g}", "nothing beside fte") for name in extra
            ]
            raise InputError("labour", problems)
        return self

    def with_fte(self, fte: Operand) -> Self:
        """Return the same people in another number, a float, array or curve [FTE].

        They cost what they cost; the staffing model has no part in it any more.
        """
        parts = dict.fromkeys(("base", "per_cluster", "per_broker", "on_call"))
        return self.model_copy(update={**parts, "fte": fte})

    def meters(
        self, family: Family, catalogue: Catalogue, sizing: Sizing, month_hours: Operand
    ) -> tuple[Meter, ...]:
        """Return FTE-months of running ``sizing``, and of setting up once.

        A person works one FTE-month in a month, so a setup of w weeks is
        w x 168 h / ``month_hours`` [h] FTE-months.
        """

        def rule(name: str) -> float:
            value = getattr(self, name)
            return catalogue.value(f"labour.{family}", name) if value is None else float(value)

        monthly = None if self.monthly is None else parse_salary(self.monthly)
        people: Operand = self.fte
        setup_h = 0.0 if self.setup is None else parse(self.setup, DURATION).value(month_hours)
        note = ""
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
            note = (
                f"{rule('base'):g} + {rule('per_cluster'):g} a cluster + {rule('per_broker'):g} "
                f"a broker + {rule('on_call'):g} on call; knowledge {level:g} of 3"
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
                "once",
                price=monthly,
                one_off=True,
            ),
        )

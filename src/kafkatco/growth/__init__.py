"""How traffic grows: models that are given, and one that is fitted to a history."""

from kafkatco.growth.fitted import Fitted
from kafkatco.growth.models import (
    Compound,
    Constant,
    Growth,
    Linear,
    Logistic,
    Series,
    Stepwise,
)
from kafkatco.growth.stored import retained

__all__ = [
    "GROWTHS", "Compound", "Constant", "Fitted", "Growth", "Linear", "Logistic", "Series",
    "Stepwise", "retained",
]  # fmt: skip

#: Every growth model by the name that a scenario file gives it.
GROWTHS: dict[str, type[Growth]] = {
    str(model.model_fields["kind"].default): model
    for model in (Constant, Linear, Compound, Logistic, Stepwise, Series, Fitted)
}

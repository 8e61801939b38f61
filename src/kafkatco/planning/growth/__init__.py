"""Growth of traffic: models with set parameters, and one that is fitted to a history."""

from kafkatco.planning.growth.fitted import Fitted
from kafkatco.planning.growth.models import (
    Compound,
    Constant,
    Growth,
    Linear,
    Logistic,
    Series,
    Stepwise,
)
from kafkatco.planning.growth.retention import retained

__all__ = [
    "GROWTHS",
    "Compound",
    "Constant",
    "Fitted",
    "Growth",
    "Linear",
    "Logistic",
    "Series",
    "Stepwise",
    "retained",
]

#: Every growth model by its ``kind`` in a scenario file.
GROWTHS: dict[str, type[Growth]] = {
    str(model.model_fields["kind"].default): model
    for model in (Constant, Linear, Compound, Logistic, Stepwise, Series, Fitted)
}

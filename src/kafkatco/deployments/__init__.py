"""Ways to run Kafka: each module turns a workload into quantities, without prices.

Every module of this package is searched for kinds in its ``__all__``: a new system is a new module.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from typing import Final

from kafkatco.deployments.base import Deployment, Labour
from kafkatco.deployments.environments import Environment
from kafkatco.errors import Problem, nearest
from kafkatco.i18n.message import _

__all__ = ["KINDS", "REFUSED", "Deployment", "Environment", "Labour", "unknown_options"]


def _kinds() -> dict[str, type[Deployment]]:
    kinds: dict[str, type[Deployment]] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        content = importlib.import_module(module.name)
        for name in content.__all__:
            model = getattr(content, name)
            is_deployment = isinstance(model, type) and issubclass(model, Deployment)
            if is_deployment and "kind" in model.model_fields:
                kinds[str(model.model_fields["kind"].default)] = model
    return dict(sorted(kinds.items()))


#: Every kind of deployment by its name in a scenario file.
KINDS: Final = _kinds()
#: Services without a Kafka endpoint, each with the kind to use instead.
REFUSED: Final = {
    "event-hubs-basic": _("Event Hubs Basic has no Kafka endpoint; use event-hubs-standard")
}


def unknown_options(environments: Sequence[Environment], where: str) -> Iterator[Problem]:
    """Yield a problem for each option of an environment that no kind has as a field.

    >>> [problem.hint for problem in unknown_options(
    ...     [Environment(name="staging", options={"unit": 1})], "environments")]
    ["Did you mean 'units'?"]
    """
    fields = sorted({name for model in KINDS.values() for name in model.model_fields})
    for i, environment in enumerate(environments):
        for name in environment.options:
            if name not in fields:
                path = f"{where}[{i}].options.{name}"
                yield Problem(
                    path, "", _("a field of no kind of deployment"), nearest(name, fields)
                )

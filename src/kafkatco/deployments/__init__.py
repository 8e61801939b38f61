"""Ways to run Kafka: each module turns a workload into quantities, without prices.

Every module of this package is searched for kinds in its ``__all__``: a new system is a new module.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Final

from kafkatco.deployments.base import Deployment, Labour
from kafkatco.i18n.message import _

__all__ = ["KINDS", "REFUSED", "Deployment", "Labour"]


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

"""Ways to run Kafka: one module each, which turns a workload into quantities and knows no price.

Every module here is read for the kinds in its ``__all__``: a new system is a new module.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Final

from kafkatco.deployments.base import Deployment, Labour

__all__ = ["KINDS", "REFUSED", "Deployment", "Labour"]


def _kinds() -> dict[str, type[Deployment]]:
    found: dict[str, type[Deployment]] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        content = importlib.import_module(module.name)
        for name in content.__all__:
            model = getattr(content, name)
            is_deployment = isinstance(model, type) and issubclass(model, Deployment)
            if is_deployment and "kind" in model.model_fields:
                found[str(model.model_fields["kind"].default)] = model
    return dict(sorted(found.items()))


#: Every kind of deployment by the name that a scenario file gives it.
KINDS: Final = _kinds()
#: What is sold beside Kafka services and is none, and what to take instead.
REFUSED: Final = {
    "event-hubs-basic": "Event Hubs Basic has no Kafka endpoint: take event-hubs-standard"
}

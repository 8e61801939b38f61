"""The limits that a deployment does not know for a workload."""

from kafkatco import Catalogue
from kafkatco.deployments import Deployment
from kafkatco.sizing.workload import Operands

__all__ = ["unchecked"]


def unchecked(deployment: Deployment, load: Operands, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the reasons for which the cost of the only candidate is a floor."""
    [candidate] = deployment.choices(load, catalogue)
    return tuple(limit.reason for limit in candidate.unchecked if limit.exceeded)

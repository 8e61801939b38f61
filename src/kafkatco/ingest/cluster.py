"""One cluster from several files: its workload, what runs it, and what does not agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import EMPTY, Message, _, join, verbatim
from kafkatco.ingest.inventory import joined
from kafkatco.ingest.readings import Findings, Reading, Resource, Series
from kafkatco.ingest.workload import Traffic, traffic_of

__all__ = ["Cluster", "cluster_of"]

Named = TypeVar("Named", Series, Reading)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster of the files: its name, its workload, and the resource that runs it, if any.

    ``told`` is what a reader of the numbers must know, a sentence each.
    """

    name: str
    traffic: Traffic
    running: Resource | None
    told: tuple[Message, ...] = ()

    @property
    def where(self) -> Message:
        """The file and the path of what runs it."""
        if self.running is None:
            return EMPTY
        return verbatim(" ".join(filter(None, [self.running.source, self.running.where])))


def cluster_of(findings: Findings, *, name: str = "") -> Cluster:
    """Return the one cluster that files are of.

    A resource and metrics are of the same cluster if they have the same name, or the metrics the
    identifier of the resource.  Metrics without a name are of every cluster, and so is the only
    resource of files whose metrics have no name.

    Parameters
    ----------
    findings
        What the files have.
    name
        The cluster, by its name or its identifier, if they have several.

    Raises
    ------
    InputError
        If the files have several clusters, or not the one that is asked for.

    Examples
    --------
    >>> reading = Reading("ingress", 2e6, cluster="lkc-1")
    >>> ours = Resource("confluent-basic", {"region": "us-east-1"}, "ours", provider_id="lkc-1")
    >>> found = cluster_of(Findings(readings=(reading,), resources=(ours,)))
    >>> found.name, found.running.kind, found.traffic.fields()
    ('ours', 'confluent-basic', {'ingress': '2 MB/s'})
    """
    running, joining = joined(_running(findings.resources))
    names = {one.provider_id: one.name for one in running if one.provider_id}
    series = tuple(_renamed(one, names) for one in findings.series)
    readings = tuple(_renamed(one, names) for one in findings.readings)
    measured = ({one.cluster for one in series} | {one.cluster for one in readings}) - {""}
    chosen = _chosen(measured, {one.name for one in running}, names.get(name, name))
    mine = Findings(
        tuple(one for one in series if one.cluster in ("", chosen)),
        tuple(one for one in readings if one.cluster in ("", chosen)),
        warnings=findings.warnings,
    )
    traffic = traffic_of(mine)
    resource = next((one for one in running if one.name == chosen), None)
    lacking = resource.missing if resource is not None else ()
    told = (
        *traffic.warnings,
        *joining,
        *(join(": ", [chosen, text]) for text in lacking),
        *_not_in_inventory(findings),
        *_not_read(findings),
    )
    return Cluster(chosen, traffic, resource, tuple(dict.fromkeys(told)))


def _running(resources: Sequence[Resource]) -> list[Resource]:
    """Return the resources that run now; if none does, those that are planned."""
    return [one for one in resources if one.when != "after"] or [*resources]


def _renamed(one: Named, names: dict[str, str]) -> Named:
    return replace(one, cluster=names.get(one.cluster, one.cluster))


def _chosen(measured: set[str], resources: set[str], name: str) -> str:
    """Return the name of the cluster; "" if nothing has a name."""
    every = measured | resources
    if name:
        if name not in every:
            expected = _("a cluster of the files")
            hint = nearest(name, sorted(every), limit=20)
            raise InputError("", [Problem("cluster", repr(name), expected, hint)])
        return name
    if len(every) <= 1:
        return next(iter(every), "")
    if measured and resources and not measured & resources:
        text = _(
            "the metrics are of {measured}, but the inventory is of {resources}; choose one with "
            "--cluster, or leave the other files out",
            measured=", ".join(sorted(measured)),
            resources=", ".join(sorted(resources)),
        )
    else:
        both = measured & resources
        if len(both) == 1:  # the others have no metrics, or no inventory
            return both.pop()
        text = _(
            "the files have several clusters; choose one with --cluster: {names}",
            names=", ".join(sorted(every)),
        )
    raise InputError("", [Problem("", "", text)])


def _not_in_inventory(findings: Findings) -> Iterator[Message]:
    """Yield the brokers of a bill whose type no inventory has."""
    if not findings.resources:
        return
    known = {str(one.fields.get("instance")) for one in findings.resources}
    known |= {str(value) for one in findings.resources for value in one.extra.values()}
    for one in findings.billed:
        if one.instance not in known:
            yield _(
                "{source} bills {count:.3g} brokers of {instance}, which no inventory has",
                source=one.source,
                count=one.brokers,
                instance=one.instance,
            )


def _not_read(findings: Findings) -> Iterator[Message]:
    """Yield what no reader knows, in one sentence."""
    if findings.unknown:
        named = ", ".join(f"{one.name} ({one.where})" for one in findings.unknown)
        yield _("not read: {names}", names=named)

"""Clusters of Confluent Cloud: the list of its API, ``/cmk/v2/clusters``, or one cluster of it.

The list has no traffic and, but for Dedicated, no size: the eCKUs that are billed follow the
traffic, and ``max_ecku`` is their limit.  The availability ``HIGH`` is the higher SLA of a type,
``LOW`` the lower one; ``MULTI_ZONE`` and ``SINGLE_ZONE``, the words before them, are assumed to be
the same two.
Fields: https://docs.confluent.io/cloud/current/api.html#tag/Clusters-(cmkv2).
"""

from __future__ import annotations

from typing import Any, Final

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import Message, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.inventory import count, old
from kafkatco.ingest.node import Node
from kafkatco.ingest.points import first_page
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Findings, Resource

__all__ = ["READER"]

#: The lower and the higher SLA of the types that have two.
_SLAS: Final = {
    "standard": ("99.9%", "99.99%"),
    "enterprise": ("99.9%", "99.99%"),
    "dedicated": ("99.95%", "99.99%"),
}
_TYPES: Final = ("basic", "standard", "enterprise", "freight", "dedicated")
_CLOUDS: Final = ("aws", "azure", "gcp")
_HIGHER: Final = {"SINGLE_ZONE": False, "LOW": False, "MULTI_ZONE": True, "HIGH": True}
#: Phases of a cluster that is not there (any more).
_GONE: Final = ("FAILED", "DEPROVISIONING", "DEPROVISIONED")


def recognises(document: Document) -> bool:
    """Return whether a document is a list of Confluent's clusters, or one of them."""
    root = document.json
    kind, version = root.get("kind").value, root.get("api_version").value
    return kind in ("ClusterList", "Cluster") and version == "cmk/v2"


def read(document: Document) -> Findings:
    """Return the clusters of a reply."""
    root = document.json
    alone = root.get("kind").value == "Cluster"
    parts: list[Findings] = []
    problems: list[Problem] = []
    for node in [root] if alone else root["data"].items():
        try:
            parts.append(_cluster(node, document.modified))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError("", problems)
    warnings = old(document.name, document.modified)
    if root.get("metadata", "next"):
        warnings += (first_page(document.name, "metadata.next"),)
    return Findings.join(parts) + Findings(warnings=warnings)


def _cluster(node: Node, dated: float | None) -> Findings:
    spec = node["spec"]
    name = spec["display_name"].text()
    phase = node.get("status", "phase").text("")
    if phase in _GONE:
        text = _("{name} is {phase}; it is left out", name=name, phase=phase.lower())
        return Findings(warnings=(text,))
    tier = _one_of(spec["config"]["kind"], _TYPES)
    fields: dict[str, Any] = {
        "cloud": _one_of(spec["cloud"], _CLOUDS),
        "region": spec["region"].text(),
    }
    missing: list[Message] = []
    availability = spec.get("availability")
    if tier in _SLAS and availability:
        if availability.text() not in _HIGHER:
            raise availability.wrong(_("an availability"), nearest(availability.text(), _HIGHER))
        fields["sla"] = _SLAS[tier][_HIGHER[availability.text()]]
    if tier == "dedicated":
        fields["units"] = count(spec["config"]["cku"])
        missing.append(_("access: how clients reach the cluster; private-link by default"))
    limit = spec["config"].get("max_ecku")
    return Findings(
        resources=(
            Resource(
                f"confluent-{tier}",
                fields,
                name,
                node["id"].text(),
                source=node.source,
                where=node.path,
                missing=tuple(missing),
                extra={"max_ecku": count(limit)} if limit else {},
                dated=dated,
            ),
        )
    )


def _one_of(node: Node, words: tuple[str, ...]) -> str:
    text = node.text().lower()
    if text not in words:
        raise node.wrong(_("one of {words}", words=", ".join(words)), nearest(text, words, limit=0))
    return text


READER: Final = Reader(
    "confluent-clusters", _("clusters of Confluent Cloud (/cmk/v2/clusters)"), recognises, read
)

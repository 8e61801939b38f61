"""Plans and states of Terraform and OpenTofu: the JSON of ``terraform show -json``.

Of a plan, a cluster that changes comes twice, as it is ``"before"`` and ``"after"``; one that is
created only ``"after"``, one that is destroyed only ``"before"``.  One whose cost stays, and each
of a state, is ``"now"``: it belongs to both sides.  A plan says nothing about traffic.
Format: https://developer.hashicorp.com/terraform/internals/json-format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from kafkatco.core.units import SIZE, parse
from kafkatco.deployments import REFUSED
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _
from kafkatco.ingest.document import Document
from kafkatco.ingest.node import Node
from kafkatco.ingest.reader import Reader
from kafkatco.ingest.readings import Findings, Reading, Resource, Unknown
from kafkatco.ingest.terraform_resources import (
    DEPLOYMENTS,
    Block,
    Draft,
    connect_mcus,
    is_kafka,
    whole,
)

__all__ = ["READER"]

CONNECTOR: Final = "aws_mskconnect_connector"
SCALING: Final = "aws_appautoscaling_target"
#: The keys of a module's or a resource's instance in an address.
_INDEX: Final = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')

When = Literal["now", "before", "after"]


@dataclass(frozen=True, slots=True)
class _State:
    """A resource on one side of a change."""

    type: str
    address: str
    when: When
    block: Block
    provider: str

    @property
    def declared(self) -> str:
        """The address in the code, which has no keys of instances."""
        return _INDEX.sub("", self.address)


def recognises(document: Document) -> bool:
    """Return whether a document is a plan or a state, as JSON or in the file of Terraform."""
    root = document.json
    shown = root.get("format_version") and any(
        root.get(key) for key in ("planned_values", "resource_changes", "values")
    )
    return bool(shown or _is_state_file(root))


def _is_state_file(root: Node) -> bool:
    return bool(root.get("lineage") and root.get("terraform_version"))


def read(document: Document) -> Findings:
    """Return the clusters of a plan or a state."""
    root = document.json
    if _is_state_file(root):
        text = _("this is the file of a state; give the output of 'terraform show -json'")
        raise document.problem("", text)
    if not re.match(r"[01]\.", str(root["format_version"].value)):
        raise root["format_version"].wrong(_("version 0 or 1 of the format"))
    configured = _Configuration(root)
    problems: list[Problem] = []
    sides = []
    for states in _sides(root):
        try:
            sides.append(_read_side(states, configured))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError("", list(dict.fromkeys(problems)))
    when = root.get("timestamp")
    dated = when.time() if when else None
    found = Findings.join(sides)
    resources = [
        replace(one, source=document.name, dated=dated)
        for one in _named_apart(_unchanged_once(found.resources))
    ]
    warnings = found.warnings
    if root.get("errored").value is True:
        warnings += (_("{file}: the plan failed, and may lack resources", file=document.name),)
    return Findings(
        readings=tuple(_disks(resources)),
        resources=tuple(resources),
        warnings=tuple(dict.fromkeys(warnings)),
        unknown=tuple({one.name: one for one in found.unknown}.values()),
    )


def _sides(root: Node) -> list[list[_State]]:
    """Return the managed resources of a state, or of a plan before and after its changes."""
    if root.get("resource_changes"):
        return [list(_of_changes(root["resource_changes"], side)) for side in ("before", "after")]
    if root.get("planned_values"):  # of a plan without changes
        return [list(_of_modules(root.get("planned_values", "root_module"), "after"))]
    return [list(_of_modules(root.get("values", "root_module"), "now"))]


def _of_changes(changes: Node, side: Literal["before", "after"]) -> Iterator[_State]:
    for item in changes.items():
        if not _is_managed(item) or item.get("deposed"):  # what a replacement left behind
            continue
        change = item["change"]
        actions = [action.text() for action in change["actions"].items()]
        values, unknown = change.get(side), change.get("after_unknown").value
        if side == "before":
            unknown = None
        elif actions == ["forget"]:  # it goes on, outside of the code
            values = change.get("before")
        if values:
            yield _state(item, side, values, unknown)


def _is_managed(item: Node) -> bool:
    return item.get("mode").value in ("managed", None)


def _of_modules(root: Node, when: When) -> Iterator[_State]:
    """Yield the resources of a module and its modules, without recursion."""
    modules = [root] if root else []
    while modules:
        module = modules.pop(0)
        for item in module.get("resources").items() if module.get("resources") else ():
            if _is_managed(item) and item.get("values"):
                yield _state(item, when, item.get("values"), None)
        if children := module.get("child_modules"):
            modules.extend(children.items())


def _state(item: Node, when: When, values: Node, unknown: Any) -> _State:
    provider = item.get("provider_name").text("").rpartition("/")[2]
    block = Block(values, unknown)
    return _State(item["type"].text(), item["address"].text(), when, block, provider)


class _Configuration:
    """What the code says beyond the values: the regions of providers, and what refers to what."""

    def __init__(self, root: Node) -> None:
        """Read the configuration of a plan; a state has none."""
        self.root = root
        self.resources = dict(self._declared(root.get("configuration", "root_module")))

    def region(self, state: _State) -> str:
        """Return the region of the provider of a resource; "" if the plan does not have it."""
        key = self.resources.get(state.declared, Node(None)).get("provider_config_key")
        provider = self.root.get("configuration", "provider_config", key.text(state.provider))
        region = provider.get("expressions", "region")
        constant = region.get("constant_value")
        if constant:
            return constant.text()
        references = region.get("references")
        if references and not provider.get("module_address"):
            for item in references.items():
                scope, _dot, name = item.text().partition(".")
                variable = self.root.get("variables", name, "value") or self.root.get(
                    "configuration", "root_module", "variables", name, "default"
                )
                if scope == "var" and variable:
                    return variable.text()
        return ""

    def refers_to(self, state: _State, address: str) -> bool:
        """Return whether the code of a resource refers to another one of the same module."""
        address = _INDEX.sub("", address)
        module, _dot, _name = state.declared.rpartition(f"{state.type}.")
        expressions = self.resources.get(state.declared, Node(None)).get("expressions")
        names = [text for text in _texts(expressions.value) if text.startswith("aws_msk_")]
        return any(address == module + ".".join(name.split(".")[:2]) for name in names)

    @staticmethod
    def _declared(root: Node) -> Iterator[tuple[str, Node]]:
        modules = [("", root)] if root else []
        while modules:
            prefix, module = modules.pop()
            if resources := module.get("resources"):
                for item in resources.items():
                    yield prefix + item["address"].text(), item
            if calls := module.get("module_calls"):
                for name, call in calls.fields():
                    modules.append((f"{prefix}module.{name}.", call.get("module")))


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a value, without recursion."""
    values = [value]
    while values:
        item = values.pop()
        if isinstance(item, dict):
            values.extend(item.values())
        elif isinstance(item, list):
            values.extend(item)
        elif isinstance(item, str):
            yield item


def _read_side(states: list[_State], configured: _Configuration) -> Findings:
    """Return the clusters of one side; connectors are added to theirs."""
    problems: list[Problem] = []
    found = Findings()
    for state in states:
        if state.type != CONNECTOR:
            try:
                found += _read_one(state, configured)
            except InputError as error:
                problems.extend(error.problems)
    for state in states:
        if state.type == CONNECTOR:
            try:
                found = _connected(state, configured, found)
            except InputError as error:
                problems.extend(error.problems)
    if problems:
        raise InputError("", problems)
    return found


def _read_one(state: _State, configured: _Configuration) -> Findings:
    if state.type == SCALING:
        return Findings(warnings=tuple(_disks_may_grow(state)))
    if state.type not in DEPLOYMENTS:
        return Findings(unknown=(_unknown(state),) if is_kafka(state.type) else ())
    draft = Draft(state.block, configured.region(state))
    DEPLOYMENTS[state.type](draft)
    if draft.kind in REFUSED:
        refused = _named(state, REFUSED[draft.kind])
        return Findings(warnings=(refused,), unknown=(_unknown(state),))
    if not draft.kind:
        return Findings()
    resource = Resource(
        draft.kind,
        draft.fields,
        draft.name or state.address,
        draft.provider_id,
        state.when,
        where=state.block.values.path,
        missing=tuple(draft.missing),
        extra={"address": state.address, **draft.extra},
    )
    return Findings(resources=(resource,))


def _unknown(state: _State) -> Unknown:
    return Unknown(state.address, state.block.values.place)


def _named(state: _State, sentence: Message) -> Message:
    return _("{address}: {sentence}", address=state.address, sentence=sentence)


def _connected(state: _State, configured: _Configuration, found: Findings) -> Findings:
    """Return the findings, of which the cluster of a connector has its units as well.

    The cluster is the one that the code refers to, or the only one of MSK.
    """

    def unclear(sentence: Message) -> Findings:
        return Findings(warnings=(_named(state, sentence),), unknown=(_unknown(state),))

    units = connect_mcus(state.block)
    if units is None:
        return found + unclear(_("the file does not state its units (MCU) of MSK Connect"))
    least, most = units
    there = [one for one in found.resources if one.kind.startswith("msk-")]
    referred = [one for one in there if configured.refers_to(state, one.extra["address"])]
    if len(clusters := referred or there) != 1:
        text = _(
            "{least} to {most} units (MCU) of MSK Connect, and the file does not say of which "
            "cluster: set its connect_mcus",
            least=least,
            most=most,
        )
        return found + unclear(text)
    cluster = clusters[0]
    fields = {**cluster.fields, "connect_mcus": cluster.fields.get("connect_mcus", 0) + most}
    missing = cluster.missing
    if least < most:
        text = _(
            "{least} to {most} units (MCU); the cost is that of {most}", least=least, most=most
        )
        missing += (_named(state, text),)
    tasks = state.block.get("connector_configuration", "tasks.max")
    count = whole(tasks) if tasks else "?"
    text = _("the cost has it with connector_tasks of the workload: {count}", count=count)
    missing += (_named(state, text),)
    changed = replace(cluster, fields=fields, missing=missing)
    resources = tuple(changed if one is cluster else one for one in found.resources)
    return replace(found, resources=resources)


def _unchanged_once(resources: Iterable[Resource]) -> Iterator[Resource]:
    """Yield the resources; one that is the same before and after comes once, as it is now."""

    def content(one: Resource) -> tuple[Any, ...]:
        return one.extra["address"], one.kind, one.fields, one.name, one.missing, one.extra

    items = list(resources)
    before = [content(one) for one in items if one.when == "before"]
    after = [content(one) for one in items if one.when == "after"]
    for one in items:
        if one.when == "before" and content(one) in after:
            yield replace(one, when="now")
        elif one.when != "after" or content(one) not in before:
            yield one


def _disks_may_grow(state: _State) -> Iterator[Message]:
    """Yield a sentence on a disk that scales by itself."""
    if state.block.get("scalable_dimension").value == "kafka:broker-storage:VolumeSize":
        node = state.block.get("max_capacity")
        most = whole(node) if node else "?"
        text = _(
            "the disk of each broker may grow by itself to {most} GiB; the cost is that of today's",
            most=most,
        )
        yield _named(state, text)


def _named_apart(resources: Iterable[Resource]) -> list[Resource]:
    """Return the resources, of which those with the same name have their address instead."""
    items = list(resources)
    addresses: dict[str, set[str]] = {}
    for one in items:
        addresses.setdefault(one.name, set()).add(one.extra["address"])
    return [
        replace(one, name=one.extra["address"]) if len(addresses[one.name]) > 1 else one
        for one in items
    ]


def _disks(resources: Iterable[Resource]) -> Iterator[Reading]:
    """Yield the size of the disks of each cluster as it is [B]."""
    for one in resources:
        size, brokers = one.fields.get("disk_per_broker"), one.fields.get("brokers")
        if one.when != "after" and size and brokers:
            gib = parse(size, SIZE).value()
            yield Reading(
                "disk_bytes",
                brokers * gib * 1024.0**3,
                source=one.source,
                query=f"{one.where}.broker_node_group_info",
                cluster=one.name,
            )


READER: Final = Reader(
    "terraform", _("a plan or state of Terraform (terraform show -json)"), recognises, read
)

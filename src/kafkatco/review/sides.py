"""The two sides of a comparison: scenarios, or plans with the traffic of a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kafkatco.deployments import KINDS, Deployment
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import Message, _, join
from kafkatco.ingest.reader import read_files
from kafkatco.ingest.readings import Findings, Resource
from kafkatco.scenario.load import read_file, read_sections
from kafkatco.scenario.needs_price import check_prices
from kafkatco.scenario.scenario import SCENARIOS, Scenario
from kafkatco.scenario.sections import read_variants

__all__ = ["Side", "read_sides"]


@dataclass(frozen=True, slots=True)
class Side:
    """A scenario, and the deployments of it that run.

    ``source`` is the file.  ``running`` has the names of the deployments that are paid, all at
    once; none if it is not known which of a scenario's alternatives runs.  ``without_bill`` has the
    reason for each running deployment that cannot be priced, and ``notes`` what a plan does not
    say.
    """

    scenario: Scenario
    source: str
    running: tuple[str, ...] = ()
    without_bill: Mapping[str, Message] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    planned: bool = False

    @classmethod
    def of(cls, scenario: Scenario, current: Sequence[str] = ()) -> Side:
        """Return the side of a scenario.

        ``current`` names what runs; by default it is that of ``[switching]``, or the only
        deployment.  Raises :class:`~kafkatco.errors.InputError` for an unknown name.
        """
        lacking = {
            one.name: join("; ", [problem.message for problem in one.problems])
            for one in scenario.needs_price
        }
        labels = [option.label for option in scenario.deployments] + [*lacking]
        named = [*current] or [scenario.switching.current or ""]
        problems = [
            Problem(
                "--current", repr(name), _("a deployment of either side"), nearest(name, labels)
            )
            for name in current
            if name not in labels
        ]
        if len(problems) == len(current) > 0:
            raise InputError("", problems)
        running = [name for name in dict.fromkeys(named) if name in labels]
        if not running and len(labels) == 1 and not current:
            running = labels
        return cls(
            scenario,
            scenario.source,
            tuple(running),
            {name: reason for name, reason in lacking.items() if name in running},
        )


def read_sides(
    base: str | Path,
    head: str | Path | None = None,
    *,
    scenario: str | Path | None = None,
    current: Sequence[str] = (),
    strict: bool = False,
) -> tuple[Side, Side]:
    """Read two files, each a scenario or what a reader recognises, such as a plan.

    Without ``head``, ``base`` is a plan, compared with what it changes.  Traffic, prices and
    assumptions of a plan are those of ``scenario``, or else of the side that is a scenario.

    Raises :class:`~kafkatco.errors.InputError` with the problems of the files, and for a plan
    without a scenario next to it.
    """
    paths = [base] if head is None else [base, head]
    if head is None and is_scenario(base):
        text = _("{file} is a scenario; name the one to compare it with", file=repr(str(base)))
        raise InputError("", [Problem("", "", text)])
    context = scenario or next((path for path in paths if is_scenario(path)), None)
    if context is None:
        text = _("a plan says nothing about traffic: add --scenario with a file that does")
        raise InputError("", [Problem("--scenario", "", text)])

    def side(path: str | Path, when: str) -> Side:
        if is_scenario(path):
            return Side.of(Scenario.load(path, strict=strict), current)
        return _planned(path, when, context, strict=strict)

    if head is None:
        return side(base, "before"), side(base, "after")
    return side(base, "after"), side(head, "after")


def is_scenario(path: str | Path) -> bool:
    """Return whether a path is that of a scenario, or the name of one in the package."""
    file = Path(path)
    return file.suffix == ".toml" or (
        not file.suffix and not file.exists() and (SCENARIOS / f"{file}.toml").is_file()
    )


def _planned(path: str | Path, when: str, context: str | Path, *, strict: bool) -> Side:
    """Return the side of a file with resources, as they are before or after its changes."""
    findings = read_files([path])
    if not findings.resources:
        text = _("{file} has no Kafka cluster that kafkatco knows", file=repr(str(path)))
        hint = join(", ", [one.name for one in findings.unknown])
        raise InputError("", [Problem("", "", text, hint)])
    resources = _at(findings.resources, when)
    data, folder = read_file(context)
    options = {
        str(table.get("name") or table.get("kind")): table
        for table in data.get("deployment", [])
        if isinstance(table, dict)
    }
    current = _named(data.get("switching"), "current")
    rivals = [table for name, table in options.items() if name not in resources and name != current]
    switching = {k: v for k, v in dict(data.get("switching") or {}).items() if k != "current"}
    given = {**data, "deployment": rivals, "switching": switching}
    sections = read_sections(given, str(context), folder, strict=strict, may_lack_deployments=True)
    scenario = Scenario(str(context), *sections)
    planned, without_bill = [], dict[str, Message]()
    for name, resource in resources.items():
        table = {**_own(options, resource), **resource.fields, "kind": resource.kind, "name": name}
        try:
            planned.append(_priced(table, scenario))
        except InputError as error:
            without_bill[name] = join("; ", [_without_path(one) for one in error.problems])
    scenario = replace(scenario, deployments=(*planned, *scenario.deployments))
    notes = tuple(_notes(findings, resources))
    return Side(scenario, str(path), tuple(resources), without_bill, notes, planned=True)


def _at(resources: Sequence[Resource], when: str) -> dict[str, Resource]:
    """Return the resources at one time by name: those that a plan changes, and the others."""
    found = {one.name: one for one in resources if one.when == "now"}
    changed = {one.name for one in resources if one.when != "now"}
    found = {name: one for name, one in found.items() if name not in changed}
    return found | {one.name: one for one in resources if one.when == when}


def _priced(table: Mapping[str, Any], scenario: Scenario) -> Deployment:
    """Return the deployment of a resource; raise ``InputError`` if it is invalid or unpriced."""
    problems: list[Problem] = []
    found = read_variants(KINDS, {"deployment": [dict(table)]}, "deployment", problems)
    if found and not problems:
        invalid, needs = check_prices(scenario.operands, scenario.book, found)
        problems = [*invalid, *(problem for one in needs for problem in one.problems)]
    if problems:
        raise InputError("", problems)
    return found[0]


def _own(options: Mapping[str, Mapping[str, Any]], resource: Resource) -> Mapping[str, Any]:
    """Return what a scenario says of a resource: its deployment of this name and kind."""
    own = options.get(resource.name, {})
    return own if own.get("kind") == resource.kind else {}


def _named(section: Any, name: str) -> Any:
    return section.get(name) if isinstance(section, dict) else None


def _without_path(problem: Problem) -> Message:
    """Return a problem of a resource with the name of the field alone."""
    return replace(problem, where=problem.where.rpartition("].")[2]).message


def _notes(findings: Findings, resources: Mapping[str, Resource]) -> Iterator[Message]:
    for name, resource in resources.items():
        if resource.missing:
            yield join(": ", [name, join("; ", resource.missing)])
    if findings.unknown:
        names = ", ".join(f"{one.name} ({one.where})" for one in findings.unknown)
        yield _("not priced, since no kind of kafkatco is like it: {names}", names=names)
    yield from findings.warnings

"""A first scenario from a few facts: the option that runs now, and its rivals in the regions.

What nobody states is assumed, said to be, and comes with the way to find it.  The same scenario is
the content of a file and its text, so that flags, questions and files of a cluster lead to one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, get_args

from kafkatco.core.today import today
from kafkatco.costing.comparison import operands_of
from kafkatco.deployments import KINDS, REFUSED, Deployment
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import EMPTY, Message, _, join
from kafkatco.prices import Assumptions, PriceBook
from kafkatco.prices.regions import some_regions
from kafkatco.scenario.needs_price import check_prices
from kafkatco.scenario.scenario import Scenario
from kafkatco.scenario.sections import PriceSettings, open_book
from kafkatco.scenario.toml_text import comment, section
from kafkatco.sizing.clouds.regions import cloud_of, located, nearest_region
from kafkatco.sizing.workload import USUAL_PEAK, Conventions, Workload

__all__ = ["FIELDS", "REGION", "Aside", "Starter", "invalid_fields", "starter"]

#: The region where nobody names one: an assumption, which the scenario says.
REGION: Final = "us-east-1"

#: The fields of the workload that a first scenario has, each with what it is and how to find it.
FIELDS: Final[Mapping[str, Message]] = {
    "ingress": _(
        "ingress: the bytes that producers send, compressed, on average. Find it: BytesInPerSec "
        "of all brokers, without replication; CloudWatch BytesInPerSec; Confluent received_bytes"
    ),
    "fanout": _(
        "fan-out: how often each byte is read. Find it: BytesOutPerSec over BytesInPerSec; "
        "Confluent sent_bytes over received_bytes"
    ),
    "peak_to_average": _(
        "the peak over the average: it sizes a cluster. Find it: the 99th percentile of ingress in "
        "steps of 5 min over its mean, in a month"
    ),
    "retention": _(
        "retention: find it with kafka-configs --describe --entity-type topics (retention.ms), or "
        "from the stored bytes over the replication factor and ingress"
    ),
    "replication_factor": _(
        "the copies of each byte: find it with kafka-topics --describe (ReplicationFactor)"
    ),
    "partitions": _(
        "partitions before replication: find it with kafka-topics --describe (the sum of "
        "PartitionCount)"
    ),
    "message_size": _(
        "the average size of a record, uncompressed: find it with BytesInPerSec over "
        "MessagesInPerSec"
    ),
}

#: What stays on the brokers with tiered storage, where nobody states it.  Assumption.
LOCAL: Final = "12 hours"


@dataclass(frozen=True, slots=True)
class Aside:
    """An option that is no part of the comparison yet: its fields, and what it needs."""

    fields: Mapping[str, Any]
    reason: Message
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Starter:
    """A first scenario: its content, the comments of its fields, and the options left aside.

    ``comments`` are by section and field, such as ``workload.ingress`` and ``deployment.0``.
    ``assumed`` has a sentence for each assumption, for those who read no comments.
    """

    data: Mapping[str, Any]
    comments: Mapping[str, Sequence[Message]] = field(default_factory=dict)
    aside: tuple[Aside, ...] = ()
    assumed: tuple[Message, ...] = ()

    def scenario(self, *, source: str = "scenario", strict: bool = False) -> Scenario:
        """Return the scenario.

        Raises :class:`~kafkatco.errors.InputError` as :meth:`~kafkatco.Scenario.from_dict`.
        """
        return Scenario.from_dict(dict(self.data), source=source, strict=strict)

    def text(self, words: Callable[[str], str] = str) -> str:
        """Return the scenario as TOML with comments; ``words`` translates a comment."""
        return "\n\n".join("\n".join(part) for part in self._parts(words)) + "\n"

    def _parts(self, words: Callable[[str], str]) -> Iterator[Iterable[str]]:
        yield [line for text in self.comments.get("", ()) for line in comment(words(text))]
        for name, value in self.data.items():
            if isinstance(value, list):
                for i, table in enumerate(value):
                    yield section(f"[[{name}]]", table, self._of(f"{name}.{i}", words))
            else:
                yield section(f"[{name}]", value, self._of(name, words))
        for one in self.aside:
            kind = one.fields["kind"]
            yield [
                *comment(words(join(": ", [kind, one.reason]))),
                *(f"#   {line}" for line in one.lines),
                *(f"# {line}" for line in section("[[deployment]]", one.fields, {})),
            ]

    def _of(self, place: str, words: Callable[[str], str]) -> dict[str, list[str]]:
        """Return the comments of a section by field; ``""`` is that of its header."""
        found: dict[str, list[str]] = {"": [words(text) for text in self.comments.get(place, ())]}
        for name, texts in self.comments.items():
            if name.startswith(f"{place}."):
                found[name.removeprefix(f"{place}.")] = [words(text) for text in texts]
        return found


def starter(
    fields: Mapping[str, Any],
    *,
    regions: Sequence[str] = (),
    now: str | Mapping[str, Any] = "",
    because: Mapping[str, Message] | None = None,
    now_because: Message = EMPTY,
    currency: str = "USD",
) -> Starter:
    """Return a first scenario: what runs now, and the kinds that have a price in the regions.

    Parameters
    ----------
    fields
        Fields of ``[workload]`` as in a file; only ``ingress`` is required.
    regions
        Regions of any cloud, or cities; by default that of ``now``, or us-east-1.
    now
        The option that runs now: its kind, or its fields as in ``[[deployment]]``.  Without a price
        in its region it has that of another region of the same cloud, which the scenario says.
    because
        Where the fields of ``fields`` are from, by name.
    now_because
        Where ``now`` is from.
    currency
        The currency of the results.

    Raises
    ------
    InputError
        For an invalid field, an unknown kind or region, and regions in which no kind has a price.

    Examples
    --------
    >>> first = starter({"ingress": "3 TB/month"}, regions=["Seoul"])
    >>> first.data["workload"]["ingress"], first.data["deployment"][0]["region"]
    ('3 TB/month', 'ap-northeast-2')
    """
    running = {"kind": now} if isinstance(now, str) else dict(now)
    told, because = [], dict(because or {})
    if running.get("tiered") and "local_retention" not in fields:
        fields = {**fields, "local_retention": LOCAL}
        because["local_retention"] = _("assumed, since what runs now has tiered storage")
        stays = f"local_retention = {LOCAL}"
        told.append(_("assumed: {fields}", fields=stays))
    problems = [*invalid_fields(fields), *_unknown_kind(running)]
    prices = {"book": "list", "as_of": today(), "currency": currency}
    book = _book(prices, problems)
    named = _named_regions(regions, running, book, problems) if book else []
    if problems or book is None:
        raise InputError("", problems)
    workload = Workload(**fields)
    options = _options(running, named, workload, book)
    if now_because:
        said = options.comments["deployment.0"]
        options.comments["deployment.0"] = [join(": ", [said[0], now_because]), *said[1:]]
    if not options.live:
        expected = _("a region in which some kind has a price")
        raise InputError("", [Problem("region", repr(", ".join(named)), expected)])
    assumed = [*_assumed(fields), *told, *options.told]
    if not regions and "region" not in running:
        assumed.append(_("region {region} is assumed", region=named[0]))
    data: dict[str, Any] = {"workload": _workload(fields), "prices": prices}
    if running.get("kind"):
        data["switching"] = {"current": _label(options.live[0])}
    data["deployment"] = options.live
    comments = {**_comments(fields, because), **options.comments}
    return Starter(data, comments, options.aside, tuple(assumed))


def invalid_fields(fields: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return the problems of fields of ``[workload]``, by the name of the field.

    >>> [problem.where for problem in invalid_fields({"ingress": "3 TB/month", "fanout": -1})]
    ['fanout']
    """
    try:
        Workload(**fields)
    except InputError as error:
        return error.problems
    return ()


def _unknown_kind(running: Mapping[str, Any]) -> Iterator[Problem]:
    kind = running.get("kind", "")
    if kind and kind not in KINDS:
        hint = REFUSED.get(kind, nearest(kind, KINDS, limit=len(KINDS)))
        yield Problem("now", repr(kind), _("a kind of deployment"), hint)


def _book(prices: Mapping[str, Any], problems: list[Problem]) -> PriceBook | None:
    settings, conventions = PriceSettings(**prices), Conventions()
    assumptions = Assumptions(conventions.assumptions, {})
    found: list[Problem] = []
    book = open_book(settings, conventions, assumptions, None, None, found)
    problems += [replace(one, where=one.where.removeprefix("prices.")) for one in found]
    return book


def _named_regions(
    regions: Sequence[str], running: Mapping[str, Any], book: PriceBook, problems: list[Problem]
) -> list[str]:
    """Return the regions by the names of their clouds, each once."""
    model = KINDS.get(running.get("kind", ""))
    clouds = (running["cloud"],) if "cloud" in running else _clouds(model) if model else ()
    known = [name for name in book.regions("") if name != "any"]
    of_now = [name for name in known if not clouds or cloud_of(name) in clouds]
    usual = running.get("region") or REGION
    found = []
    for name in regions or [usual]:
        choices = known if regions else of_now
        near = name if name in choices else located(name, of_now)
        region = near if near in known else located(name, known)
        found.append(region)
        if region not in known and name != running.get("region"):
            expected = _(
                "a city such as Seoul, or one of {count} regions with prices, such as {regions}",
                count=len(known),
                regions=", ".join(some_regions(name, of_now)),
            )
            problems.append(Problem("region", repr(name), expected, nearest_region(name, known)))
    return list(dict.fromkeys(found))


def _clouds(model: type[Deployment]) -> tuple[str, ...]:
    """Return the clouds on which a kind runs."""
    cloud = model.model_fields.get("cloud")
    return get_args(cloud.annotation) if cloud else (model.runs_on,)


def _label(fields: Mapping[str, Any]) -> str:
    return str(fields.get("name") or fields["kind"])


@dataclass(slots=True)
class _Options:
    """The options of a scenario: those with a price, the first of which runs now, and others."""

    live: list[dict[str, Any]] = field(default_factory=list)
    aside: tuple[Aside, ...] = ()
    told: list[Message] = field(default_factory=list)
    comments: dict[str, Sequence[Message]] = field(default_factory=dict)


def _options(
    running: dict[str, Any], regions: Sequence[str], workload: Workload, book: PriceBook
) -> _Options:
    options = _Options()
    home = ""
    if running.get("kind"):
        home = _add_running(options, running, regions, workload, book)
    several = len({*regions, home} - {""}) > 1
    aside: list[Aside] = []
    for region in regions:
        for kind, model in KINDS.items():
            cloud = cloud_of(region)
            if cloud not in _clouds(model) or (kind, region) == (running.get("kind"), home):
                continue
            fields = _fields(kind, region, cloud, several=several)
            one = _aside(fields, workload, book)
            if one is None:
                options.live.append(fields)
            else:
                aside.append(one)
    options.aside = tuple(aside)
    if options.live:
        text = _(
            "people by the staffing model of the article; to use your own: "
            "labour = {example}. Without labour the cost is without people",
            example="{ fte = 0.5 }",
        )
        options.comments["deployment.0.labour"] = [text]
    return options


def _fields(kind: str, region: str, cloud: str, *, several: bool = False) -> dict[str, Any]:
    fields: dict[str, Any] = {"kind": kind, "region": region, "labour": {}}
    if several:
        fields = {"name": f"{kind} {region}", **fields}
    if "cloud" in KINDS[kind].model_fields and cloud != KINDS[kind].model_fields["cloud"].default:
        fields["cloud"] = cloud
    return fields


def _add_running(
    options: _Options,
    running: Mapping[str, Any],
    regions: Sequence[str],
    workload: Workload,
    book: PriceBook,
) -> str:
    """Add the option that runs now; return its region."""
    model = KINDS[running["kind"]]
    of_its_cloud = [name for name in regions if cloud_of(name) in _clouds(model)]
    region = running.get("region") or next(iter(of_its_cloud), regions[0])
    fields = {**_fields(running["kind"], region, cloud_of(region)), **running}
    said = [_("what runs now")]
    if _aside(fields, workload, book) and (near := _priced_near(fields, workload, book)):
        text = _(
            "{kind} has no published price in {region}: that of {near} is used. To use your own, "
            "change the region back: kafkatco then names the prices to set",
            kind=fields["kind"],
            region=region,
            near=near,
        )
        fields["region"] = near
        said.append(text)
        options.told.append(text)
    options.live.append(fields)
    options.comments["deployment.0"] = said
    return region


def _priced_near(fields: Mapping[str, Any], workload: Workload, book: PriceBook) -> str:
    """Return a region of the same cloud in which a kind has a price; "" if there is none."""
    option, _problems = KINDS[fields["kind"]].read(dict(fields), "deployment")
    if option is None:
        return ""
    priced = [name for name in book.regions(option.sku_prefix) if name != fields["region"]]
    same = [name for name in priced if cloud_of(name) == option.home.name]
    for region in some_regions(str(fields["region"]), same):
        if _aside({**fields, "region": region}, workload, book) is None:
            return region
    return ""


def _aside(fields: Mapping[str, Any], workload: Workload, book: PriceBook) -> Aside | None:
    """Return an option as one that is left aside, unless it has a price."""
    try:
        option = KINDS[fields["kind"]](**fields)
    except InputError as error:
        return Aside(fields, join("; ", [problem.message for problem in error.problems]))
    priced = book.regions(option.sku_prefix)
    if priced and not {option.region, "any"} & {*priced}:
        text = _(
            "no published price in {region}, but in {regions}. To use your own, uncomment it: "
            "kafkatco then names the prices to set",
            region=option.region,
            regions=", ".join(some_regions(option.region, priced)),
        )
        return Aside(fields, text)
    invalid, needs = check_prices(operands_of(workload, book, 730.0), book, [option])
    if invalid:
        return Aside(fields, join("; ", [problem.message for problem in invalid]))
    if not needs:
        return None
    text = _("needs your price: uncomment it, and set under [prices.override]")
    return Aside(fields, text, needs[0].lines)


def _workload(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the workload, those that nobody states with what is assumed."""
    usual = {name: Workload.model_fields[name].default for name in FIELDS}
    usual["peak_to_average"] = USUAL_PEAK
    if "profile" in fields:
        del usual["peak_to_average"]
    usual |= fields
    return {name: value for name, value in usual.items() if value is not None}


def _assumed(fields: Mapping[str, Any]) -> Iterator[Message]:
    names = [
        f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}"
        for name, value in _workload(fields).items()
        if name not in fields
    ]
    if names:
        yield _("assumed: {fields}", fields=", ".join(names))


def _comments(
    fields: Mapping[str, Any], because: Mapping[str, Message]
) -> dict[str, Sequence[Message]]:
    found: dict[str, Sequence[Message]] = {
        "": [
            _("A first scenario for kafkatco. Change what is not yours, then: kafkatco bill FILE"),
            _("(compare, crossovers, recommend, plan, report: kafkatco --help lists them all)"),
        ],
        "prices": [_("list prices; as_of is the day whose prices count, and may be in the past")],
        "switching": [_("what runs now: kafkatco plan needs nothing to move to it")],
    }
    for name in _workload(fields):
        source = because.get(name, _("as you gave it")) if name in fields else _("assumed")
        how = [FIELDS[name]] if name in FIELDS and name not in because else []
        found[f"workload.{name}"] = [*how, join(": ", [name, source]) if not how else source]
    return found

"""What the help of each command teaches: examples, inputs, exit codes, and where to read on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import fill
from typing import Final

from kafkatco.cli.console import spoken

__all__ = ["EXAMPLES", "guide"]

#: What is typed after ``kafkatco``, and what that shows, for each command; "" is all of it.
EXAMPLES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "": (
        ("bill", "the article's three options, line by line"),
        ("crossovers ours.toml", "who is cheapest at which traffic, and why it changes"),
        ("recommend ours.toml --staff 1", "which option to take, with one person at hand"),
        ("plan ours.toml", "which option in which month, and what moving costs"),
        ("help crossovers", "what a command answers, with examples"),
    ),
    "bill": (
        ("bill", "the article's three options, at the article's own figures"),
        ("bill every-kind", "every kind of deployment, on one workload at list prices"),
        ("bill ours.toml --format csv > bill.csv", "your own, for a spreadsheet"),
    ),
    "compare": (
        ("compare", "the article's options from 0.1 TB to 1 PB a month"),
        ('compare ours.toml --from "1 TB/month" --to "100 TB/month"', "your own, on a stretch"),
    ),
    "crossovers": (
        ("crossovers", "from which traffic on another option is cheapest"),
        ("crossovers ours.toml --over fanout --from 1 --to 20", "the same, over the readers"),
        ('crossovers ours.toml --over "fte:our own cluster"', "over the people of one option"),
        ("crossovers ours.toml --over aws.ec2.m7g.xlarge --format json", "over a price"),
    ),
    "project": (
        ("project", "the article's options over 36 months, for two growths"),
        ("project ours.toml --format csv > months.csv", "your own, every month"),
    ),
    "fit": (
        ("fit traffic.csv", "growth from a history of monthly traffic, and where that leads"),
        ("fit traffic.csv --method trend --months 24", "as a steady trend, two years ahead"),
    ),
    "recommend": (
        ("recommend ours.toml --staff 1", "what one person at hand can run, the cheapest first"),
        ('recommend ours.toml --compliance "SOC 2" --cloud aws', "with constraints"),
    ),
    "plan": (
        ("plan", "the article's scenario: its phases beside the cheapest path"),
        ("plan ours.toml --format json", "your own, with the month in which each move pays"),
    ),
    "place": (("place ours.toml", "each [[part]] of the file, where all together cost least"),),
    "solve": (
        (
            'solve ours.toml --mine "our own cluster" --other msk-standard --over fanout',
            "how many readers make the one as cheap as the other",
        ),
        (
            'solve ours.toml --mine "our own cluster" --other msk-standard --over salary '
            '--at "10 TB/month" --saving 0.6',
            "which salary saves 60 % at 10 TB a month",
        ),
    ),
    "sensitivity": (
        ("sensitivity", "how far each input can move before another option is cheapest"),
        (
            'sensitivity ours.toml --mine "our own cluster" --other msk-standard',
            "and what moves the break-even of two options most",
        ),
    ),
    "map": (
        ("map", "who is cheapest over traffic and salary"),
        ("map ours.toml --x ingress --y fanout --y-to 10 --rows 5 --out map.png", "as a picture"),
    ),
    "simulate": (
        ("simulate ours.toml", "who is how likely the cheapest over all months, and at what cost"),
        (
            'simulate ours.toml --over ingress --from "1 TB/month" --to "100 TB/month"',
            "the same against traffic",
        ),
        (
            "simulate ours.toml --draws 65536 --threads 2 --format csv > draws.csv",
            "surer, with two threads, for a spreadsheet",
        ),
    ),
    "break-even": (
        (
            "break-even ours.toml --mine msk-standard --other confluent-basic",
            "between which traffic the break-even lies, and how likely there is none",
        ),
    ),
    "importance": (("importance ours.toml --draws 1024", "which inputs to find out more about"),),
    "claims": (
        ("claims", "what the article says, beside what its inputs and list prices give"),
        ("claims --format json", "with the numbers behind each verdict"),
    ),
    "report": (
        ("report", "the article's scenario and its claims; also as files in report/"),
        ("report ours.toml --out ours-report", "your own"),
        ("report ours.toml --html ours.html", "one page that computes all of it in a browser"),
    ),
    "export": (
        (
            "export ours.toml --as focus --month 2025-11 --to estimate.csv",
            "the estimate in FOCUS columns, to lay beside a real bill",
        ),
    ),
    "calibrate": (
        (
            "calibrate ours.toml bill.csv --deployment msk-standard",
            "a month's bill beside the model, and the inputs that explain it",
        ),
        (
            "calibrate ours.toml bill.csv costs.json --deployment msk-standard "
            "--deployment confluent-basic --net",
            "of two providers, after discounts and credits",
        ),
    ),
    "schema": (("schema > scenario.schema.json", "for an editor that completes scenarios"),),
    "prices": (
        ("prices list", "which services have prices, where and since when"),
        ("prices show aws.msk.storage --region ap-northeast-2", "a price, its source and history"),
        ("prices diff 2025-10-31 2026-10-31", "every price that changed, in percent"),
    ),
    "prices list": (
        ("prices list", "which services have prices, where and since when"),
        ("prices list aws.msk --region ap-northeast-2", "the prices of one service in a region"),
        ("prices list --variants", "where sources contradict each other"),
    ),
    "prices show": (
        ("prices show aws.msk.kafka.m7g.large --region ap-northeast-2", "with source and history"),
    ),
    "prices diff": (
        ("prices diff 2025-10-31 2026-10-31", "every price that changed, in percent"),
        ("prices diff 2025-10-31 2026-10-31 aws.msk", "those of one service"),
        ("prices diff 2025-10-31 2026-10-31 --impact ours.toml", "and which answers that moves"),
    ),
    "prices check": (
        ("prices check", "whether the tables of the package are whole"),
        ("prices check own-prices", "whether tables of your own are"),
    ),
    "prices refresh": (
        ("prices refresh ecb --dry-run", "what a source says now; nothing is written"),
        ("prices refresh --book own-prices --impact ours.toml", "all, and what that moves"),
    ),
    "prices copy": (("prices copy own-prices", "a folder of tables that is yours to change"),),
    "prices add": (
        (
            "prices add aws.msk.storage --region ap-northeast-2 --price 0.11 --currency USD "
            "--unit GiB-month --valid-from 2026-11-01 --source https://aws.amazon.com/msk/pricing/ "
            "--confidence official --note checked --book own-prices",
            "all of it at once",
        ),
        ("prices add confluent.basic.ecku --book own-prices", "asks for what is not given"),
    ),
    "prices billed": (
        ("prices billed --from 2026-09-01 --to 2026-10-01", "what September was billed at"),
    ),
    "completion": (
        (
            "completion bash > ~/.local/share/bash-completion/completions/kafkatco",
            "then open a new shell, type kafkatco and press Tab",
        ),
    ),
    "help": (("help", "the commands"), ("help prices show", "one command, with examples")),
}

#: The commands that sweep an input.
SWEEPS: Final = ("crossovers", "solve", "map", "simulate")
#: Commands whose result is not one of three formats.
PLAIN: Final = ("", "help", "schema", "completion", "export", "prices", "prices copy", "prices add")

SCENARIO: Final = """\
A scenario is a TOML file, or the name of one that comes with the package:
{NAMES}. Without one it is the article's.
`kafkatco schema` says what a file may hold."""
FORMATS: Final = """\
--format json and csv are stable, in English, and documented field by field in
docs/command-line.md."""
EXIT: Final = "exit status: 0 done, 2 a mistake in what was given, 130 stopped by Ctrl-C"
EXIT_REFRESH: Final = """\
exit status: 0 done, 1 a source could not be taken, 2 a mistake in what was
given, 130 stopped by Ctrl-C"""


def guide(command: str) -> str:
    """Return what the help of a command ends with, in the language that is spoken."""
    return "\n\n".join("\n".join(part) for part in _parts(command))


def _parts(command: str) -> Iterator[list[str]]:
    examples = EXAMPLES.get(command, ())
    if examples:
        yield [spoken("examples:"), *_listed(examples)]
    if command in SWEEPS:
        yield [_inputs()]
    if not command or command in ("bill", "compare", *SWEEPS):
        yield [spoken(SCENARIO.format(NAMES=", ".join(shipped())))]
    if command not in PLAIN:
        yield [spoken(FORMATS)]
    yield [spoken(EXIT_REFRESH if command in ("", "prices refresh") else EXIT)]


def _listed(examples: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Yield examples, each over what it shows."""
    for typed, shows in examples:
        yield f"  kafkatco {typed}\n      {spoken(shows)}"


def _inputs() -> str:
    from kafkatco.analysis.axes import AXES

    own = spoken("fte:NAME and discount:NAME of one deployment, or any sku of the price tables")
    return fill(f"{spoken('inputs:')} {', '.join(AXES)}; {own}", 78)


def shipped() -> list[str]:
    """Return the names of the scenarios that come with the package."""
    from importlib.resources import files

    folder = files("kafkatco") / "scenario" / "examples"
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir())

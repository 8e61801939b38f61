"""The end of each command's help: examples, inputs, formats and exit codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import fill
from typing import Final

from kafkatco.cli.language import translated
from kafkatco.i18n.message import Message, _

__all__ = ["EXAMPLES", "guide", "shipped"]

#: For each command the words after ``kafkatco`` and what they show; "" is kafkatco itself.
EXAMPLES: Final[Mapping[str, tuple[tuple[str, Message], ...]]] = {
    "": (
        (
            'init --ingress "3 TB/month" --region ap-northeast-2',
            _("a first scenario in kafkatco.toml, and who is cheapest"),
        ),
        ("bill", _("the article's three options, line by line")),
        ("crossovers ours.toml", _("the cheapest option at each traffic, and why it changes")),
        ("recommend ours.toml --staff 1", _("which option to take with one person on the team")),
        ("plan ours.toml", _("the least-cost option month by month, and what moving costs")),
        ("help crossovers", _("the help of a command, with examples")),
    ),
    "init": (
        (
            'init --ingress "3 TB/month" --region Seoul --now confluent-basic',
            _("what you run now against its rivals in a region"),
        ),
        ("init", _("asks six questions")),
        ("init --from traffic.csv", _("from your metrics, inventories and infrastructure code")),
        ('init --ingress "5 MB/s" -o - > ours.toml', _("the scenario on the standard output")),
    ),
    "bill": (
        ("bill", _("the article's three options, at the article's own figures")),
        ("bill every-kind", _("every kind of deployment, for one workload at list prices")),
        ("bill ours.toml --format csv > bill.csv", _("your own bills, for a spreadsheet")),
    ),
    "levers": (
        ("levers ours.toml", _("what each change saves, alone and together, and what it means")),
        ("levers ours.toml --format csv > levers.csv", _("the same for a spreadsheet")),
    ),
    "compare": (
        ("compare", _("the article's options from 0.1 TB to 1 PB a month")),
        (
            'compare ours.toml --from "1 TB/month" --to "100 TB/month"',
            _("your own options over a range of traffic"),
        ),
        (
            "compare ours.toml --assumptions all",
            _("your bills under each set of assumptions, and why they differ"),
        ),
        ('compare --ingress "3 TB/month" --region Seoul', _("without a file")),
        ("compare ours.toml --tuned", _("every option at its best: tuned against tuned")),
    ),
    "assumptions": (
        ("assumptions", _("the sets side by side")),
        ("assumptions --set akalculator", _("one set, with its sources and notes")),
    ),
    "crossovers": (
        ("crossovers", _("the traffic from which another option is cheapest")),
        ("crossovers ours.toml --over fanout --from 1 --to 20", _("the same over the fan-out")),
        (
            'crossovers ours.toml --over "fte:our own cluster"',
            _("over the people that one option needs"),
        ),
        ("crossovers ours.toml --over aws.ec2.m7g.xlarge --format json", _("over a price")),
    ),
    "project": (
        ("project", _("the article's options over 36 months, for two growth scenarios")),
        ("project ours.toml --format csv > months.csv", _("your own options, every month")),
    ),
    "fit": (
        ("fit traffic.csv", _("growth from a history of monthly traffic, and a forecast")),
        ("fit traffic.csv --method trend --months 24", _("with a steady trend, two years ahead")),
    ),
    "recommend": (
        (
            "recommend ours.toml --staff 1",
            _("the options that one person can run, the cheapest first"),
        ),
        ('recommend ours.toml --compliance "SOC 2" --cloud aws', _("with constraints")),
    ),
    "plan": (
        ("plan", _("the article's scenario: its phases against the least-cost path")),
        ("plan ours.toml --format json", _("your own, with the payback month of each move")),
    ),
    "place": (("place ours.toml", _("the least-cost placement of each [[part]] of the file")),),
    "solve": (
        (
            'solve ours.toml --mine "our own cluster" --other msk-standard --over fanout',
            _("the fan-out at which both options cost the same"),
        ),
        (
            'solve ours.toml --mine "our own cluster" --other msk-standard --over salary '
            '--at "10 TB/month" --saving 0.6',
            _("the salary at which the saving is 60 % at 10 TB a month"),
        ),
    ),
    "sensitivity": (
        ("sensitivity", _("how far each input can move before another option is cheapest")),
        (
            'sensitivity ours.toml --mine "our own cluster" --other msk-standard',
            _("and the inputs that move the break-even of two options most"),
        ),
    ),
    "map": (
        ("map", _("the cheapest option over traffic and salary")),
        (
            "map ours.toml --x ingress --y fanout --y-to 10 --rows 5 --out map.png",
            _("as a picture"),
        ),
    ),
    "simulate": (
        (
            "simulate ours.toml",
            _("the probability that each option is cheapest, and its cost range"),
        ),
        (
            'simulate ours.toml --over ingress --from "1 TB/month" --to "100 TB/month"',
            _("the same over traffic"),
        ),
        (
            "simulate ours.toml --draws 65536 --threads 2 --format csv > draws.csv",
            _("more draws in two threads, for a spreadsheet"),
        ),
    ),
    "break-even": (
        (
            "break-even ours.toml --mine msk-standard --other confluent-basic",
            _("the range of the break-even, and the probability that there is none"),
        ),
    ),
    "importance": (
        ("importance ours.toml --draws 1024", _("the inputs that are worth a closer look")),
    ),
    "claims": (
        ("claims", _("the article's claims against its own inputs and list prices")),
        ("claims --assumptions bare", _("the same for brokers that keep nothing free")),
        ("claims --conditions", _("its break-even under other people, readers, prices, ...")),
        ("claims --format json", _("with the numbers behind each verdict")),
    ),
    "report": (
        ("report", _("the article's scenario and its claims; also as files in report/")),
        ("report ours.toml --out ours-report", _("your own scenario")),
        ("report ours.toml --html ours.html", _("one page that computes everything in a browser")),
    ),
    "export": (
        (
            "export ours.toml --as focus --month 2025-11 --to estimate.csv",
            _("the estimate in FOCUS columns, to compare with a real bill"),
        ),
    ),
    "diff": (
        ("diff before.toml ours.toml", _("what a change of a scenario does to the monthly cost")),
        ("diff plan.json --scenario ours.toml", _("what a Terraform plan changes")),
        (
            "diff before.toml ours.toml --max-increase 10% --format markdown",
            _("a comment for a pull request, and exit status 3 beyond the limit"),
        ),
    ),
    "calibrate": (
        (
            "calibrate ours.toml bill.csv --deployment msk-standard",
            _("a month's bill against the model, and the inputs that explain it"),
        ),
        (
            "calibrate ours.toml bill.csv costs.json --deployment msk-standard "
            "--deployment confluent-basic --net",
            _("bills of two providers, after discounts and credits"),
        ),
    ),
    "schema": (("schema > scenario.schema.json", _("for an editor that completes scenarios")),),
    "prices": (
        ("prices list", _("the services that have prices, with regions and dates")),
        (
            "prices show aws.msk.storage --region ap-northeast-2",
            _("a price, its source and history"),
        ),
        ("prices diff 2025-10-31 2026-10-31", _("every price that changed, in percent")),
    ),
    "prices list": (
        ("prices list", _("the services that have prices, with regions and dates")),
        ("prices list aws.msk --region ap-northeast-2", _("the prices of one service in a region")),
        ("prices list --variants", _("the figures on which sources contradict each other")),
    ),
    "prices show": (
        (
            "prices show aws.msk.kafka.m7g.large --region ap-northeast-2",
            _("with source and history"),
        ),
    ),
    "prices diff": (
        ("prices diff 2025-10-31 2026-10-31", _("every price that changed, in percent")),
        ("prices diff 2025-10-31 2026-10-31 aws.msk", _("the changes of one service")),
        (
            "prices diff 2025-10-31 2026-10-31 --impact ours.toml",
            _("and the answers that change with them"),
        ),
    ),
    "prices check": (
        ("prices check", _("check the tables of the package")),
        ("prices check own-prices", _("check tables of your own")),
    ),
    "prices refresh": (
        ("prices refresh ecb --dry-run", _("the current prices of a source; writes nothing")),
        (
            "prices refresh --book own-prices --impact ours.toml",
            _("all sources, and the answers that change"),
        ),
    ),
    "prices copy": (("prices copy own-prices", _("a folder of tables that you can change")),),
    "prices add": (
        (
            "prices add aws.msk.storage --region ap-northeast-2 --price 0.11 --currency USD "
            "--unit GiB-month --valid-from 2026-11-01 --source https://aws.amazon.com/msk/pricing/ "
            "--confidence official --note checked --book own-prices",
            _("every field at once"),
        ),
        ("prices add confluent.basic.ecku --book own-prices", _("asks for the missing fields")),
    ),
    "prices billed": (
        (
            "prices billed --from 2026-09-01 --to 2026-10-01",
            _("the unit prices of September's bill"),
        ),
    ),
    "completion": (
        (
            "completion bash > ~/.local/share/bash-completion/completions/kafkatco",
            _("then open a new shell, type kafkatco and press Tab"),
        ),
    ),
    "help": (("help", _("the commands")), ("help prices show", _("one command, with examples"))),
}

#: The commands that sweep an input.
SWEEPS: Final = ("crossovers", "solve", "map", "simulate")
#: Commands without ``--format``, and groups of commands.
PLAIN: Final = (
    *("", "help", "schema", "completion", "export", "init"),
    *("prices", "prices copy", "prices add"),
)

FORMATS: Final = _(
    "--format json and csv are stable, in English, and documented field by field in\n"
    "docs/command-line.md."
)
EXIT: Final = _("exit status: 0 success, 2 invalid input, 130 stopped by Ctrl-C")
EXIT_DIFF: Final = _(
    "exit status: 0 success, 2 invalid input, 3 beyond --max-increase,\n"
    "4 a cost is not known and so the limit not checked, 130 stopped by Ctrl-C"
)
EXIT_REFRESH: Final = _(
    "exit status: 0 success, 1 a source could not be read, 2 invalid input,\n130 stopped by Ctrl-C"
)


def guide(command: str) -> str:
    """Return the text after the options in a command's help, in the user's language."""
    return "\n\n".join("\n".join(part) for part in _parts(command))


def _parts(command: str) -> Iterator[list[str]]:
    examples = EXAMPLES.get(command, ())
    if examples:
        yield [translated(_("examples:")), *_listed(examples)]
    if command in SWEEPS:
        yield [_inputs()]
    if not command or command in ("bill", "compare", *SWEEPS):
        text = _(
            "A scenario is a TOML file, or the name of one in the package:\n{names}.\n"
            "The default is the article's. `kafkatco schema` describes the file.",
            names=", ".join(shipped()),
        )
        yield [translated(text)]
    if command not in PLAIN:
        yield [translated(FORMATS)]
    exits = {"": EXIT_REFRESH, "prices refresh": EXIT_REFRESH, "diff": EXIT_DIFF}
    yield [translated(exits.get(command, EXIT))]


def _listed(examples: tuple[tuple[str, Message], ...]) -> Iterator[str]:
    """Yield examples, each with its result on the next line."""
    for typed, result in examples:
        yield f"  kafkatco {typed}\n      {translated(result)}"


def _inputs() -> str:
    from kafkatco.analysis.axes import AXES

    text = _(
        "inputs: {inputs}; fte:NAME and discount:NAME of one deployment, or any sku of the "
        "price tables",
        inputs=", ".join(AXES),
    )
    return fill(translated(text), 78)


def shipped() -> list[str]:
    """Return the names of the scenarios in the package."""
    from importlib.resources import files

    folder = files("kafkatco") / "scenario" / "examples"
    return sorted(path.name.removesuffix(".toml") for path in folder.iterdir())

"""``kafkatco completion``: a script with which a shell completes commands, inputs and skus."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterable, Iterator
from typing import Any, Final

from kafkatco.cli.parser import Parser
from kafkatco.i18n.message import _

__all__ = ["SHELLS", "add_completion", "list_arguments", "script"]

SHELLS: Final = ("bash", "zsh", "tcsh")

#: The functions with which a shell completes a scenario, or a sku of the tables at that time.
FUNCTIONS: Final = {
    "bash": """
_kafkatco_scenarios() {{
  compgen -W {scenarios} -- "$1"
  compgen -f -X '!*.toml' -- "$1"
  compgen -d -- "$1"
}}
_kafkatco_skus() {{
  compgen -W "$(cut -d, -f1 {tables}/*/*.csv 2>/dev/null | sort -u)" -- "$1"
}}
""",
    "zsh": """
_kafkatco_scenarios() {{
  compadd -- {words}
  _files -g '*.toml'
}}
_kafkatco_skus() {{
  compadd -- $(cut -d, -f1 {tables}/*/*.csv 2>/dev/null | sort -u)
}}
""",
    "tcsh": "",
}
#: Arguments that are files.
FILES: Final = ("out", "table", "html", "history", "bills", "files")
SCENARIO: Final = {"bash": "_kafkatco_scenarios", "zsh": "_kafkatco_scenarios", "tcsh": "f:*.toml"}
SKU: Final = {"bash": "_kafkatco_skus", "zsh": "_kafkatco_skus"}


def add_completion(parser: Parser) -> None:
    """Add the command, which completes the commands and arguments of ``parser``."""

    def completion(arguments: argparse.Namespace) -> None:
        print(script(parser, arguments.shell), end="")

    text = _("Print a script that lets your shell complete commands, inputs and skus.")
    sub = parser.add_command("completion", completion, text)
    sub.add_argument("shell", choices=SHELLS, help=_("your shell"))


def script(parser: Parser, shell: str) -> str:
    """Return the completion script of a parser; adds to its arguments the words they take."""
    import shtab

    from kafkatco.cli.help import shipped
    from kafkatco.prices.csv_tables import pricing_root

    words = _words()
    for command, action in list_arguments(parser):
        name = action.dest
        if name in words and action.choices is None:
            action.choices = words[name]
        complete: Any = None
        if name in ("scenario", "impact"):
            complete = SCENARIO
        elif name == "sku" or (name == "prefix" and command.startswith("prices")):
            complete = SKU
        elif name in FILES or (command, name) == ("export", "to"):
            complete = shtab.FILE
        elif name in ("folder", "book"):
            complete = shtab.DIRECTORY
        if complete is not None:
            vars(action)["complete"] = complete
    names = shipped()
    preamble = FUNCTIONS[shell].format(
        scenarios=shlex.quote(" ".join(names)),
        words=" ".join(names),
        tables=shlex.quote(str(pricing_root() / "list")),
    )
    text: str = shtab.complete(parser, shell=shell, preamble=preamble)
    return text


def _words() -> dict[str, list[str]]:
    """Return the known words of arguments that take other words too, such as a user's names."""
    from kafkatco.analysis.axes import AXES
    from kafkatco.deployments import KINDS
    from kafkatco.finops.calibration.inputs import INPUTS
    from kafkatco.prices.refresh.registry import SOURCES
    from kafkatco.prices.rows import CONFIDENCES, PRICE_UNITS

    known: dict[str, Iterable[Any]] = {
        "over": AXES,
        "x": AXES,
        "y": AXES,
        "mine": KINDS,
        "other": KINDS,
        "now": KINDS,
        "providers": SOURCES,
        "estimate": INPUTS,
        "confidence": CONFIDENCES,
        "unit": PRICE_UNITS,
        "cloud": ("aws", "azure", "gcp", "on-prem"),
    }
    return {name: [str(word) for word in words] for name, words in known.items()}


def list_arguments(parser: Parser) -> Iterator[tuple[str, argparse.Action]]:
    """Yield each argument of each command, after its command."""
    for action in parser.arguments:
        yield parser.prog.partition(" ")[2], action
    for command in parser.commands:
        yield from list_arguments(command)

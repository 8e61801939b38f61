"""``kafkatco init``: a first scenario from flags, questions, or the files of a cluster."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kafkatco.cli.console import print_note
from kafkatco.cli.language import translated
from kafkatco.cli.parser import Parser
from kafkatco.cli.progress import begin, end
from kafkatco.cli.questions import ask
from kafkatco.cli.start import field_of, flags_of, named_by_flags, option, start_of
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import EMPTY, Message, _

if TYPE_CHECKING:
    from kafkatco.ingest.cluster import Cluster

__all__ = ["add_init"]

FILE: Final = "kafkatco.toml"
#: The environment variable with the bearer token of a Prometheus server, if it needs one.
VARIABLE: Final = "PROMETHEUS_TOKEN"
#: The questions on a terminal, in this order, each with its usual answer.
QUESTIONS: Final[Mapping[str, tuple[Message, str]]] = {
    "ingress": (_("How much do producers send, such as 3 TB/month or 5 MB/s?"), ""),
    "fanout": (_("How many times is each byte read?"), "1"),
    "retention": (_("How long is data kept?"), "7 days"),
    "partitions": (_("How many partitions, before replication?"), "30"),
    "region": (_("In which region or city?"), "us-east-1"),
    "now": (_("What runs now, such as confluent-basic (none if nothing)?"), "none"),
}


def add_init(parser: Parser) -> None:
    """Add the command."""
    text = _("Write a first scenario: what you run now, and its rivals; and who is cheapest.")
    sub = parser.add_command("init", _init, text)
    sub.add_start(_("your cluster; without --ingress and files it asks, on a terminal"))
    sub.add_argument(
        "--from",
        dest="files",
        nargs="+",
        action="extend",
        metavar="FILE",
        help=_("metrics, inventories, infrastructure code and bills of a cluster, read together"),
    )
    text = _("a Prometheus server to ask, such as http://prometheus:9090")
    sub.add_argument("--prometheus", metavar="URL", help=text)
    text = _("which cluster, if the files have several")
    sub.add_argument("--cluster", metavar="NAME", help=text)
    text = _("the scenario to write, or - for the standard output (default: {file})", file=FILE)
    sub.add_argument("-o", "--out", default=FILE, metavar="FILE", help=text)
    sub.add_argument("--force", action="store_true", help=_("replace the file if it exists"))


def _init(arguments: argparse.Namespace) -> None:
    from kafkatco.core.files import replace_file
    from kafkatco.output.headline import headline

    _check_out(arguments)
    cluster = _cluster(arguments)
    fields = {**(cluster.traffic.fields() if cluster else {}), **flags_of(arguments)}
    if "ingress" not in fields:
        fields |= _answers(arguments, fields, cluster)
    begin(_("computing"))
    start = start_of(fields, arguments, **_running(arguments, cluster))
    text = start.text(translated)
    scenario = start.scenario(source=arguments.out)
    sentences = headline(scenario)
    end()
    for note in (*_about(cluster, arguments), *start.assumed):
        print_note(note)
    if arguments.out == "-":
        print(text, end="")
    else:
        replace_file(Path(arguments.out), partial(_write, text))
        print_note(_("written: {files}", files=arguments.out))
    for sentence in sentences:
        stream = sys.stderr if arguments.out == "-" else sys.stdout
        print(translated(sentence), file=stream)


def _write(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def _check_out(arguments: argparse.Namespace) -> None:
    """Refuse to replace a file, before anything is asked or read."""
    if arguments.out == "-" or arguments.force:
        return
    if not arguments.out.strip():
        raise InputError("", [Problem("--out", repr(arguments.out), _("a file to write"))])
    if Path(arguments.out).exists():
        text = _("{file} exists; add --force to replace it, or -o FILE", file=arguments.out)
        raise InputError("", [Problem("", "", text)])


def _cluster(arguments: argparse.Namespace) -> Cluster | None:
    """Return what the files and the server have of the cluster; ``None`` without any."""
    if not arguments.files and not arguments.prometheus:
        if arguments.cluster is not None:
            text = _("goes with --from or --prometheus, if they have several clusters")
            raise InputError("", [Problem("--cluster", "", text)])
        return None
    begin(_("reading"))
    from kafkatco.ingest.cluster import cluster_of
    from kafkatco.ingest.reader import read_files
    from kafkatco.ingest.readings import Findings

    findings = Findings()
    if arguments.prometheus:
        from kafkatco.ingest.prometheus_server import read_server

        findings += read_server(arguments.prometheus, token=os.environ.get(VARIABLE, ""))
    findings += read_files(arguments.files or ())
    with named_by_flags():
        return cluster_of(findings, name=arguments.cluster or "")


def _about(cluster: Cluster | None, arguments: argparse.Namespace) -> Iterator[Message]:
    """Yield what a reader must know of the numbers of the files, and which flags replace them."""
    if cluster is None:
        return
    yield from cluster.told
    for name, value in flags_of(arguments).items():
        found = cluster.traffic.estimates.get(name)
        if found is not None:
            text = _(
                "{name}: {value} as you gave it; the files have {found}",
                name=name,
                value=value,
                found=found.written,
            )
            yield text
    if cluster.running is None and not arguments.now:
        yield _("no file says what runs the cluster: add --now and --region, or an inventory")


def _answers(
    arguments: argparse.Namespace, known: Mapping[str, Any], cluster: Cluster | None
) -> dict[str, Any]:
    """Return the fields of the questions whose answers are not known; set those that are flags.

    Without a terminal they name the flags.
    """
    asked = [
        name
        for name in QUESTIONS
        if name not in known and not vars(arguments)[name] and not _has(cluster, name)
    ]
    if not sys.stdin or not sys.stdin.isatty():
        flags = ", ".join(map(option, asked[1:]))
        text = _("add --ingress, such as --ingress '3 TB/month', or --from FILE with your metrics")
        hint = _("You may also add {flags}", flags=flags) if flags else EMPTY
        how = cluster.traffic.missing.get("ingress", EMPTY) if cluster else EMPTY
        raise InputError(
            "", [Problem("", "", text, hint), *([Problem("", "", how)] if how else [])]
        )
    answers: dict[str, Any] = {}
    aside = sys.stderr if arguments.out == "-" else sys.stdout
    with contextlib.redirect_stdout(aside):
        for name in asked:
            question, usual = QUESTIONS[name]
            answer = ask(option(name), question, usual or None, partial(_read, name))
            if name == "region":
                arguments.region = [answer]
            elif name == "now":
                arguments.now = answer
            elif answer != field_of(name, usual):  # the usual one is an assumption
                answers[name] = answer
    return answers


def _has(cluster: Cluster | None, name: str) -> bool:
    """Return whether the files say what runs, and so in which region."""
    return cluster is not None and cluster.running is not None and name in ("now", "region")


def _read(name: str, text: str) -> Any:
    """Return an answer as a field; raise :class:`~kafkatco.errors.InputError` for a wrong one."""
    from kafkatco.scenario.starter import starter

    now = {"none": "", "": ""}.get(text, text) if name == "now" else ""
    regions = [text] if name == "region" else []
    fields = {"ingress": "1 MB/s"}
    value = field_of(name, text)
    if name not in ("now", "region"):
        fields[name] = value
    starter(fields, regions=regions, now=now)
    return now if name == "now" else value


def _running(arguments: argparse.Namespace, cluster: Cluster | None) -> dict[str, Any]:
    """Return what runs now by the files, unless a flag says it, and where fields are from."""
    if cluster is None:
        return {}
    from_files = cluster.traffic.estimates.keys() - flags_of(arguments).keys()
    because = {name: cluster.traffic.estimates[name].because for name in from_files}
    options: dict[str, Any] = {"because": because}
    running = cluster.running
    if running is not None and arguments.now in (None, running.kind):
        options |= {"now": {"kind": running.kind, **running.fields}, "now_because": cluster.where}
    return options

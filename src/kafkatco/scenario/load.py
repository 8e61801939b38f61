"""Reading of a scenario file: all sections, validated together."""

from __future__ import annotations

import difflib
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from kafkatco.analysis.lever_settings import Targets
from kafkatco.analysis.placement import Part
from kafkatco.analysis.profile import Profile
from kafkatco.core.inputs import Input
from kafkatco.costing.comparison import Comparison, operands_of
from kafkatco.deployments import KINDS, Deployment, Environment, unknown_options
from kafkatco.errors import InputError, Problem, nearest, shown
from kafkatco.i18n.message import Message, _, verbatim
from kafkatco.planning.growth import Growth
from kafkatco.planning.switching_costs import Switching
from kafkatco.prices import Assumptions, Catalogue, PriceBook, Tax
from kafkatco.scenario.needs_price import NeedsPrice, check_prices
from kafkatco.scenario.sections import (
    PriceSettings,
    ProjectionSettings,
    open_book,
    read_growth,
    read_list,
    read_section,
    read_variants,
    too_short,
    unknown_inputs,
)
from kafkatco.sizing.workload import Conventions, Workload, hours_of_month
from kafkatco.uncertainty.inputs import Uncertainty

__all__ = ["SCENARIOS", "Sections", "read_file", "read_sections"]

Model = TypeVar("Model", bound=Input)

SCENARIOS: Final = Path(__file__).parent / "examples"
ARTICLE: Final = SCENARIOS / "article.toml"
#: The lines of a short deployment.
DEPLOYMENT: Final = '[[deployment]], kind = "msk-standard", region = "us-east-1"'
LISTS: Final = ("deployment", "environment", "growth", "part")
SECTIONS: Final = (
    "workload",
    "conventions",
    "assumptions",
    "prices",
    "tax",
    "deployment",
    "environment",
    "growth",
    "projection",
    "profile",
    "levers",
    "switching",
    "part",
    "uncertainty",
)


class Sections(NamedTuple):
    """The contents of a scenario file; ``deployments`` are those with a bill."""

    workload: Workload
    conventions: Conventions
    book: PriceBook
    catalogue: Catalogue
    deployments: tuple[Deployment, ...]
    growth: tuple[Growth, ...]
    projection: ProjectionSettings
    profile: Profile
    switching: Switching
    parts: tuple[Part, ...]
    uncertainty: Uncertainty
    needs_price: tuple[NeedsPrice, ...]
    targets: Targets


def read_file(path: str | Path | None) -> tuple[dict[str, Any], Path]:
    """Return the content of a scenario file, and its folder.

    ``path`` may be the name of a scenario in the package; ``None`` is the article's.

    Raises :class:`~kafkatco.errors.InputError` if there is no such file, or it is not valid TOML.
    """
    file = ARTICLE if path is None else Path(path)
    if not file.suffix and not file.exists():
        shipped = SCENARIOS / f"{file}.toml"
        file = shipped if shipped.is_file() else file
    name = repr(str(path))
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        text, hint = _("scenario file not found: {file}", file=name), _nearest_file(file)
    except IsADirectoryError:
        text, hint = _("{file} is a folder, not a scenario file", file=name), _files_in(file)
    except UnicodeDecodeError:
        text, hint = _("{file} is not UTF-8 text", file=name), verbatim("")
    except (ValueError, RecursionError) as error:  # too long a number, or too deeply nested
        text, hint = _("{file} is not valid TOML: {reason}", file=name, reason=error), verbatim("")
    except OSError as error:
        reason = error.strerror
        text, hint = _("cannot read {file}: {reason}", file=name, reason=reason), verbatim("")
    else:
        return data, file.parent
    raise InputError("", [Problem("", "", text, hint)])


def _nearest_file(file: Path) -> Message:
    """Return a hint at the scenario with the nearest name, whatever the suffix."""
    shipped = {path.stem: path.stem for path in SCENARIOS.glob("*.toml")}
    names = shipped | {path.stem: str(path) for path in file.parent.glob("*.toml")}
    close = difflib.get_close_matches(file.stem, names, n=1)
    return _("Did you mean {words}?", words=repr(names[close[0]])) if close else verbatim("")


def _files_in(folder: Path) -> Message:
    """Return a hint at the scenario files in a folder, if they are few."""
    return nearest("", map(str, folder.glob("*.toml")))


def read_sections(
    data: dict[str, Any],
    source: str,
    folder: Path | None,
    *,
    strict: bool = False,
    may_lack_deployments: bool = False,
) -> Sections:
    """Return all sections; raise ``InputError`` with every problem of any of them.

    Without any deployment, a file is valid if it ``may_lack_deployments``.

    Deployments that need a price of the user are left out, unless all do; if ``strict``, each is a
    problem.
    """
    problems = [
        Problem(key, "", _("unknown section"), nearest(key, SECTIONS, limit=20))
        for key in data
        if key not in SECTIONS
    ]
    invalid: set[str] = set()
    for key in SECTIONS:
        kind, header = (list, f"[[{key}]]") if key in LISTS else (dict, f"[{key}]")
        if key in data and not isinstance(data[key], kind):
            problems.append(Problem(key, shown(data[key]), _("a table {header}", header=header)))
            data = {name: value for name, value in data.items() if name != key}
            invalid.add(key)

    def section(model: type[Model], key: str) -> Model | None:
        return None if key in invalid else read_section(model, data, key, problems)

    workload = section(Workload, "workload")
    conventions = section(Conventions, "conventions") or Conventions()
    prices = section(PriceSettings, "prices")
    tax = section(Tax, "tax") if "tax" in data else None
    projection = section(ProjectionSettings, "projection")
    profile = section(Profile, "profile")
    targets = section(Targets, "levers") or Targets()
    switching = section(Switching, "switching")
    uncertainty = section(Uncertainty, "uncertainty")
    parts = read_list(Part, data, "part", problems)
    environments = read_list(Environment, data, "environment", problems)
    problems += unknown_options(environments, "environment")
    deployments = read_variants(KINDS, _with(environments, data), "deployment", problems)
    for option in deployments:
        if option.environments != tuple(environments):  # its own
            where = f"deployment {option.label!r}.environments"
            problems += unknown_options(option.environments, where)
    growth = read_growth(data, folder, problems)
    if not (data.get("deployment") or "deployment" in invalid or may_lack_deployments):
        problems.append(
            Problem(
                "deployment",
                "",
                _("no [[deployment]] section; add at least one"),
                _("Example, one line each: {example}", example=DEPLOYMENT),
            )
        )
    given = {} if "assumptions" in invalid else data.get("assumptions", {})
    assumptions = Assumptions(conventions.assumptions, given)
    book = None
    if prices is not None:
        book = open_book(prices, conventions, assumptions, tax, folder, problems)
    problems += _repeated("deployment", [option.label for option in deployments])
    problems += _repeated("growth", [model.label for model in growth])
    hours = 730.0 if book is None else hours_of_month(conventions.month_hours, book.as_of)
    needs: list[NeedsPrice] = []
    if book:  # any workload will do to find missing prices, if the file's own is invalid
        load = operands_of(workload or Workload(ingress="1 MB/s"), book, hours)
        invalid_prices, needs = check_prices(load, book, deployments)
        problems += invalid_prices
        left_out = {one.name for one in needs}
        deployments = [option for option in deployments if option.label not in left_out]
        if strict or not (deployments or may_lack_deployments):
            problems += [problem for one in needs for problem in one.problems]
    if workload and projection:
        problems += too_short(growth, projection.months, hours)
    if "uncertainty" in data and workload and book and uncertainty and not problems:
        load = operands_of(workload, book, hours)
        problems += unknown_inputs(uncertainty, Comparison(load, tuple(deployments), book), growth)
    if problems or not (workload and book and projection and profile and switching and uncertainty):
        raise InputError(source, problems)
    return Sections(
        workload,
        conventions,
        book,
        book.catalogue(),
        tuple(deployments),
        tuple(growth),
        projection,
        profile,
        switching,
        tuple(parts),
        uncertainty,
        tuple(needs),
        targets,
    )


def _with(environments: Sequence[Environment], data: dict[str, Any]) -> dict[str, Any]:
    """Return the sections with the environments in each deployment that has none of its own."""
    if not environments:
        return data
    tables = [
        {"environments": [*environments], **table} if isinstance(table, dict) else table
        for table in data.get("deployment", [])
    ]
    return {**data, "deployment": tables}


def _repeated(section: str, names: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem for each name that several entries of a section share."""
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(section, "", _("{n} entries have the name {name!r}", n=count, name=name))

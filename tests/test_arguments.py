"""Every public function takes workload, deployments, book, in this order, with the same checks."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final

import pytest

import kafkatco as kt

LOAD: Final = kt.Workload(ingress="1 TB/month", fanout=1, retention="1 day")
BOOK: Final = kt.PriceBook("list", as_of="2025-10-31")
BASIC: Final = kt.ConfluentBasic(region="us-east-1")
STANDARD: Final = kt.ConfluentStandard(region="us-east-1")
OPTIONS: Final = [BASIC, STANDARD]
ORDER: Final = ["workload", "deployments", "book"]

#: The other required arguments of functions.
FURTHER: Final[dict[str, tuple[Any, ...]]] = {
    "break_even": ("confluent-basic", "confluent-standard"),
    "calibrate": ("bill.csv",),
    "place": ([],),
    "solve_for": ("confluent-basic", "confluent-standard"),
    "tornado": ("confluent-basic", "confluent-standard"),
    "totals": ({},),
}
#: Likewise, by name.
NAMED: Final[dict[str, dict[str, Any]]] = {"solve_for": {"over": "fanout"}}


def _arguments(function: Callable[..., Any]) -> dict[str, str]:
    """Return the parameters of a function, each with its annotation as text."""
    parameters = inspect.signature(function).parameters.values()
    return {parameter.name: str(parameter.annotation) for parameter in parameters}


def _functions() -> list[str]:
    """Return the public functions, and classes called like one, that take the three arguments.

    They are those with an argument of type ``Deployment`` or ``Workload``, of any name.
    """
    names = []
    for name in vars(kt)["__all__"]:
        public = getattr(kt, name)
        if not callable(public) or (inspect.isclass(public) and name != "Experiment"):
            continue
        kinds = " ".join(_arguments(public).values())
        if "Deployment" in kinds or "Workload" in kinds:
            names.append(name)
    return names


FUNCTIONS: Final = _functions()


def _call(name: str, *arguments: Any) -> Any:
    return getattr(kt, name)(*arguments, *FURTHER.get(name, ()), **NAMED.get(name, {}))


def test_all_functions_with_a_workload_are_tested() -> None:
    assert set(FUNCTIONS) >= {
        "Experiment",
        "bill",
        "break_even",
        "calibrate",
        "costs",
        "crossovers",
        "decision_map",
        "draw_costs",
        "importance",
        "place",
        "plan",
        "project",
        "recommend",
        "simulate",
        "solve_for",
        "switching_values",
        "tornado",
        "totals",
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_workload_deployments_and_book_come_first(name: str) -> None:
    assert [*_arguments(getattr(kt, name))][:3] == ORDER


def _wrong(**changes: Any) -> tuple[Any, ...]:
    arguments = {"workload": LOAD, "deployments": OPTIONS, "book": BOOK, **changes}
    return tuple(arguments[name] for name in ORDER)


FAULTS: Final = [
    pytest.param(
        _wrong(deployments=BASIC),
        [
            "deployments: got a single ConfluentBasic; expected a list of deployments. "
            "Write [deployment]."
        ],
        id="a single deployment",
    ),
    pytest.param(
        (OPTIONS, LOAD, BOOK),
        [
            "arguments: got deployments, workload, book; expected workload, deployments, book, in "
            "this order"
        ],
        id="deployments first",
    ),
    pytest.param(
        (LOAD, BOOK, OPTIONS),
        [
            "arguments: got workload, book, deployments; expected workload, deployments, book, in "
            "this order"
        ],
        id="deployments last",
    ),
    pytest.param(
        (BASIC, LOAD, BOOK),
        [
            "arguments: got deployments, workload, book; expected workload, deployments, book, in "
            "this order. Write a single deployment as [deployment]."
        ],
        id="a single deployment first",
    ),
    pytest.param(
        _wrong(deployments=[]),
        ["deployments: the list is empty; add at least one deployment"],
        id="an empty list",
    ),
    pytest.param(
        _wrong(deployments="msk"),
        ["deployments: got 'msk'; expected a list of deployments"],
        id="a text",
    ),
    pytest.param(
        _wrong(deployments=None),
        ["deployments: got None; expected a list of deployments"],
        id="no deployments",
    ),
    pytest.param(
        _wrong(deployments=[BASIC, "msk", LOAD]),
        [
            "deployments[1]: got 'msk'; expected a deployment",
            "deployments[2]: got Workload; expected a deployment",
        ],
        id="other things in the list",
    ),
    pytest.param(
        _wrong(deployments=[BASIC, STANDARD, BASIC]),
        [
            "deployments: 2 deployments have the name 'confluent-basic'. "
            'Set different names: name="...".'
        ],
        id="the same name twice",
    ),
    pytest.param(
        _wrong(workload="1 TB/month"),
        ["workload: got '1 TB/month'; expected a Workload"],
        id="a text as workload",
    ),
    pytest.param(
        _wrong(book="list"),
        ['book: got \'list\'; expected a PriceBook. Write PriceBook("list", as_of="2025-10-31").'],
        id="a book by its name",
    ),
    pytest.param(
        ("load", [], None),
        [
            "workload: got 'load'; expected a Workload",
            "deployments: the list is empty; add at least one deployment",
            "book: got None; expected a PriceBook",
        ],
        id="all of them",
    ),
]


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(("arguments", "expected"), FAULTS)
def test_a_mistake_is_one_clear_error(
    name: str, arguments: tuple[Any, ...], expected: list[str]
) -> None:
    with pytest.raises(kt.InputError) as refused:
        _call(name, *arguments)
    assert [str(problem) for problem in refused.value.problems] == expected


def test_only_costs_takes_operands() -> None:
    [by_workload] = kt.costs(LOAD, [BASIC], BOOK)
    [by_operands] = kt.costs(LOAD.operands(), [BASIC], BOOK)
    assert by_workload.total == by_operands.total
    for name in set(FUNCTIONS) - {"costs"}:
        with pytest.raises(kt.InputError, match="workload: got Operands; expected a Workload"):
            _call(name, LOAD.operands(), OPTIONS, BOOK)


def test_the_hours_of_a_month_are_an_argument() -> None:
    brokers = kt.MskStandard(region="us-east-1", instance="kafka.m7g.large", brokers=3)
    for hours in (720, 744):
        [bill] = kt.bill(LOAD, [brokers], BOOK, month_hours=hours)
        [compute] = [line for line in bill.lines if line.component == "compute"]
        assert compute.quantity == 3 * hours
    with pytest.raises(kt.InputError, match="month_hours: got 0; expected more than 0 and at most"):
        kt.bill(LOAD, [brokers], BOOK, month_hours=0)

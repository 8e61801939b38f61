"""Each class of results has a view, and each view belongs to a class and can be loaded."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import kafkatco
from kafkatco.core.result import Result, Results, dataset, draw, view_of
from kafkatco.output import plots
from kafkatco.output.views import VIEWS, find_view
from kafkatco.scenario.scenario import Scenario

PACKAGE = Path(kafkatco.__file__).parent


def modules() -> Iterator[str]:
    """Yield the modules that may have a class of results, and none that needs an extra."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "(Result" in path.read_text(encoding="utf-8"):
            yield ".".join(("kafkatco", *path.relative_to(PACKAGE).with_suffix("").parts))


def kinds() -> dict[str, type]:
    """Return every class of results of the package by its name."""
    classes = {}
    for name in modules():
        for kind in vars(import_module(name)).values():
            if inspect.isclass(kind) and issubclass(kind, Result):
                classes[kind.__name__] = kind
    return {name: kind for name, kind in classes.items() if kind not in (Result, Results)}


KINDS = kinds()


def test_every_result_has_a_view_and_every_view_a_result() -> None:
    assert set(VIEWS) == set(KINDS)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_the_plots_of_its_result(name: str) -> None:
    view, kind = find_view(name), KINDS[name]
    assert len(set(view.columns)) == len(view.columns) > 0
    drawn = {method for method in vars(kind) if method.startswith("plot")}
    if name == "Bill":  # drawn as the only one of several
        assert drawn == {"plot"}
        drawn = set()
    assert set(view.plots or {}) == drawn
    assert all(callable(getattr(plots, function)) for function in (view.plots or {}).values())


def test_no_result_knows_how_it_is_shown() -> None:
    for kind in KINDS.values():
        source = inspect.getsource(inspect.getmodule(kind) or kind)
        assert "kafkatco.output" not in source or kind.__module__.startswith("kafkatco.output")


def test_a_missing_dataset_or_plot_is_refused() -> None:
    bills = Scenario.load().bills()
    with pytest.raises(TypeError, match="the view of Bills makes no Dataset"):
        dataset(bills)
    with pytest.raises(KeyError, match="plot_fan"):
        draw(bills, "plot_fan", None)
    assert view_of(bills) is view_of(bills)

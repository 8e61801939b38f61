"""The base of all results: shown in notebooks, exported as data.

A result holds data and no code that shows it.  Its :class:`View`, in ``kafkatco.output.views``, has
that code, and is loaded by the name of the result's class at first use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

    from kafkatco.core.table import Table

__all__ = [
    "ABOUT",
    "BOOK_COLUMNS",
    "Result",
    "Results",
    "View",
    "about_prices",
    "dataset",
    "draw",
    "frame_of",
    "priced",
    "records",
    "view_of",
]

T_co = TypeVar("T_co", covariant=True)

#: The attributes of a result's data that identify the prices and assumptions behind it.
ABOUT: Final = ("book", "as_of", "sha256", "capacity_sha256", "assumptions")
#: The columns that identify the prices in a file, which has no attributes.
BOOK_COLUMNS: Final = ("book", "as_of", "sha256")
#: The columns whose unit is the currency of the result.
_MONEY: Final = (
    "cost",
    "cumulative_cost",
    "discounted_cost",
    "cumulative_discounted_cost",
    "total",
    "before",
    "after",
    "amount",
    "modelled_cost",
    "billed_cost",
    "calibrated_cost",
    "residual",
    "left_over",
    "gross",
    "net",
    "saving",
    "as_written",
)


@dataclass(frozen=True, slots=True)
class View:
    """The presentation of one class of results.

    ``columns`` and ``rows`` are its data, ``tables`` the tables for people, ``plain`` its plain
    values for JSON.  ``dataset`` makes an xarray Dataset, if the class has one, and ``plots`` maps
    each plotting method of the class to its function in ``kafkatco.output.plots``.
    """

    columns: Sequence[str]
    rows: Callable[[Any], Sequence[Sequence[Any]]]
    tables: Callable[[Any], Iterable[Table]]
    plain: Callable[[Any], Any]
    dataset: Callable[..., Any] | None = None
    plots: Mapping[str, str] | None = None
    markdown: Callable[[Any, str], Iterable[str]] | None = None


def view_of(result: object) -> View:
    """Return the view of a result, loaded by name: results do not import their views."""
    view: View = import_module("kafkatco.output.views").find_view(type(result).__name__)
    return view


def draw(result: object, method: str, ax: Axes | None, **options: Any) -> Axes:
    """Draw a result with the function that its view has for ``method``."""
    plots = view_of(result).plots or {}
    function = getattr(import_module("kafkatco.output.plots"), plots[method])
    axes: Axes = function(result, ax, **options)
    return axes


def dataset(result: object, *args: Any) -> xr.Dataset:
    """Return a result as a Dataset, made by its view."""
    make = view_of(result).dataset
    if make is None:
        raise TypeError(f"the view of {type(result).__name__} makes no Dataset")
    data: xr.Dataset = make(result, *args)
    return data


class Result:
    """A result of the library: frozen data, shown in the same way everywhere.

    A notebook shows its tables as HTML, with every text escaped; a terminal shows one line.
    :meth:`to_pandas` returns its rows, and :func:`kafkatco.export` writes them.
    """

    __slots__ = ()

    def _about(self) -> dict[str, Any]:
        """Return the currency and the prices of the result; empty without a single one of each."""
        return {}

    def to_dict(self) -> Any:
        """Return plain values, as ``--format json`` prints them."""
        return view_of(self).plain(self)

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a DataFrame.

        Its ``attrs`` have the currency, the prices (``book``, ``as_of``, ``sha256`` and
        ``capacity_sha256``), the set of ``assumptions``, and the ``units`` of columns with a fixed
        unit; the units of other columns are in the column ``unit``.
        """
        view = view_of(self)
        return frame_of(self, view.columns, view.rows(self))

    def to_markdown(self) -> str:
        """Return the tables in Markdown, for example for a pull request."""
        view = view_of(self)
        if view.markdown is not None:
            return "".join(view.markdown(self, "en"))
        return "\n".join(table.to_markdown() for table in view.tables(self))

    def _repr_html_(self) -> str:
        return "".join(table.to_html() for table in view_of(self).tables(self))


class Results(Result, Sequence[T_co]):
    """Several results of one class as one result: an immutable sequence.

    A subclass is a frozen dataclass whose first field is ``items``.
    """

    __slots__ = ()
    items: tuple[T_co, ...]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.items)

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        return self.items[index]


def frame_of(result: Result, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """Return rows of a result as a DataFrame with its currency, prices and units in ``attrs``."""
    import pandas as pd

    frame = pd.DataFrame([list(row) for row in rows], columns=list(columns))
    about = result._about()
    units = {name: about["currency"] for name in _MONEY if name in columns and about}
    frame.attrs.update(about, units=units)
    return frame


def records(result: Result) -> tuple[list[str], list[list[Any]]]:
    """Return the columns and rows of a result for a file.

    A file has no attributes, so the currency and the prices of the result end each row, unless the
    result has these columns already.
    """
    view = view_of(result)
    return priced(result, view.columns, view.rows(result))


def priced(
    result: Result, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> tuple[list[str], list[list[Any]]]:
    """Return columns and rows of a result, with its currency and prices in each row."""
    about = result._about()
    names = [name for name in ("currency", *BOOK_COLUMNS) if name in about and name not in columns]
    tail = [about[name] for name in names]
    return [*columns, *names], [[*row, *tail] for row in rows]


def about_prices(currency: str, prices: Mapping[str, str]) -> dict[str, Any]:
    """Return the currency and prices of a result, as its ``attrs``."""
    return {"currency": currency, **{name: prices[name] for name in ABOUT if name in prices}}

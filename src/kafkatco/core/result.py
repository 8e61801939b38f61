"""What every result can do: show itself in a notebook, and become a table of data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

    from kafkatco.core.table import Table

__all__ = ["ABOUT", "Result", "about_prices"]

#: What says of a result which prices are behind it.
ABOUT: Final = ("book", "as_of", "sha256", "capacity_sha256")
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
)


class Result(ABC):
    """A result of the library: frozen, and shown in the same three ways.

    In a notebook it is its tables, as HTML in which every text is escaped; in a terminal a line.
    :meth:`to_pandas` gives the rows that ``--format csv`` prints, and :func:`kafkatco.export`
    writes them.
    """

    __slots__ = ()

    @abstractmethod
    def _tables(self) -> Iterable[Table]:
        """Return what people read."""

    @abstractmethod
    def _data(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """Return the columns and the rows of its data."""

    def _about(self) -> dict[str, Any]:
        """Return the currency and the prices behind it, as far as it has one of each."""
        return {}

    def to_pandas(self) -> pd.DataFrame:
        """Return the data as a DataFrame: the columns and rows of ``--format csv``.

        Its ``attrs`` have the currency, the prices (``book``, ``as_of``, ``sha256``) and the
        ``units`` of columns that have one; other columns name theirs in a column ``unit``.
        """
        import pandas as pd

        columns, rows = self._data()
        frame = pd.DataFrame([list(row) for row in rows], columns=list(columns))
        about = self._about()
        money = {name: about["currency"] for name in _MONEY if name in columns and about}
        frame.attrs.update(about, units=money)
        return frame

    def _repr_html_(self) -> str:
        return "".join(table.to_html() for table in self._tables())


def about_prices(currency: str, prices: Mapping[str, str]) -> dict[str, Any]:
    """Return the currency and prices of a result, as its ``attrs``."""
    return {"currency": currency, **{name: prices[name] for name in ABOUT if name in prices}}

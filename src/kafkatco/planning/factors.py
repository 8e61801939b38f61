"""Factors for inflation and for the present value of later costs."""

from __future__ import annotations

from kafkatco.numerics.typing import Operand

__all__ = ["discount_factor", "inflation_factor"]


def inflation_factor(rate: Operand, month: Operand) -> Operand:
    """Return the price index of a month [1]; ``rate`` is a share per year.

    ``month`` counts from 1, which has the current prices.

    >>> inflation_factor(0.5, 1), inflation_factor(0.5, 13)
    (1.0, 1.5)
    """
    return (1.0 + rate) ** ((month - 1) / 12)


def discount_factor(rate: Operand, month: Operand) -> Operand:
    """Return the present value of 1 paid at the end of a month [1]; ``rate`` is a share per year.

    ``month`` counts from 1.

    >>> discount_factor(1.0, 12), discount_factor(1.0, 24)
    (0.5, 0.25)
    """
    return (1.0 + rate) ** (-month / 12)

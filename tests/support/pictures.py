"""The contents of a plot, once it is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

__all__ = ["drawn", "legend", "line", "marks", "same", "texts"]


def drawn(ax: Axes) -> Axes:
    """Draw a plot with Agg, which warns of missing letters and bad layouts."""
    canvas: Any = ax.figure.canvas  # untyped
    canvas.draw()
    return ax


def texts(ax: Axes) -> str:
    """Return all texts of a plot as a reader sees them, one a line."""
    shown = [text.get_text() for text in ax.findobj(Text) if isinstance(text, Text)]
    return "\n".join(text.replace(r"\$", "$") for text in shown if text)


def legend(ax: Axes) -> list[str]:
    """Return the entries of the legend."""
    shown = ax.get_legend()
    return [] if shown is None else [text.get_text() for text in shown.get_texts()]


def line(ax: Axes, label: str) -> Line2D:
    """Return the line with a label."""
    [match] = [line for line in ax.get_lines() if line.get_label() == label]
    return match


def same(positions: Any, expected: Any) -> None:
    """Assert that positions are as expected, within rounding."""
    assert len(positions) == len(expected)
    np.testing.assert_allclose(np.asarray(positions), np.asarray(expected), rtol=1e-9)


def marks(ax: Axes, *markers: str) -> list[tuple[float, float]]:
    """Return the positions of the marks of these kinds, in order."""
    points: Any = [
        point
        for line in ax.get_lines()
        if line.get_marker() in markers and line.get_linestyle() == "None"
        for point in zip(line.get_xdata(), line.get_ydata(), strict=True)  # type: ignore[arg-type]  # matplotlib's stubs
    ]
    return sorted((float(x), float(y)) for x, y in points)

"""What a picture shows, once it is drawn for real."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

__all__ = ["drawn", "legend", "line", "marks", "said", "same"]


def drawn(ax: Axes) -> Axes:
    """Draw the picture with Agg, which warns of missing letters and bad layouts."""
    canvas: Any = ax.figure.canvas  # untyped
    canvas.draw()
    return ax


def said(ax: Axes) -> str:
    """Return all texts of a picture as a reader sees them, one a line."""
    texts = [text.get_text() for text in ax.findobj(Text) if isinstance(text, Text)]
    return "\n".join(text.replace(r"\$", "$") for text in texts if text)


def legend(ax: Axes) -> list[str]:
    """Return the entries of the legend."""
    shown = ax.get_legend()
    return [] if shown is None else [text.get_text() for text in shown.get_texts()]


def line(ax: Axes, label: str) -> Line2D:
    """Return the line of a label."""
    [match] = [one for one in ax.get_lines() if one.get_label() == label]
    return match


def same(positions: Any, expected: Any) -> None:
    """Check that positions are those expected, within rounding."""
    assert len(positions) == len(expected)
    np.testing.assert_allclose(np.asarray(positions), np.asarray(expected), rtol=1e-9)


def marks(ax: Axes, *markers: str) -> list[tuple[float, float]]:
    """Return where black marks of these kinds are, in order."""
    points: Any = [
        point
        for item in ax.get_lines()
        if item.get_marker() in markers and item.get_linestyle() == "None"
        for point in zip(item.get_xdata(), item.get_ydata(), strict=True)  # type: ignore[arg-type]  # matplotlib's stubs
    ]
    return sorted((float(x), float(y)) for x, y in points)

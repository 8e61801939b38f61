"""Search for inputs: the slopes of lines, the inputs that these identify, and least squares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from kafkatco.core.optional import needing
from kafkatco.core.vocabulary import input_word
from kafkatco.finops.calibration.inputs import BY_SIZE, INPUTS, Model, inside
from kafkatco.finops.calibration.reconcile import Key
from kafkatco.i18n.message import _, join
from kafkatco.numerics.tolerance import ROUNDING

__all__ = ["Search"]

#: The step of a slope, in positions.
STEP: Final = 1e-4
#: Inputs whose slopes differ by a smaller share have the same effect.  [1]
SAME_SLOPE: Final = 1e-3
#: The shifts of ingress from which a search starts [logarithm].
STARTS: Final = (0.0, np.log(8.0), -np.log(8.0))
#: Half the sum of squared residuals at which no further start is needed.
EXACT: Final = 1e-18
#: The search ends at relative changes of this size, close to the precision of floats.
ENOUGH: Final = 1e-14
#: A position this close to a bound counts as at it; a search starts this far from the bounds.
AT_BOUND: Final = 1e-6
WITHIN: Final = 1e-9


class Search:
    """Estimate inputs; a position has the logarithms of those in ``BY_SIZE``, and other values.

    ``first`` has the original inputs.  The search begins at ``start``, away from their bounds: with
    no bytes read or written, a bill has no lines that could move.
    """

    def __init__(
        self, model: Model, billed: Mapping[Key, float], start: Mapping[str, float]
    ) -> None:
        self.model, self.names = model, tuple(start)
        self.bounds = np.array(
            [
                [self._position(name, INPUTS[name].least), self._position(name, INPUTS[name].most)]
                for name in self.names
            ]
        ).T.reshape(2, -1)
        self.first, self.start = (
            np.clip([self._position(name, x) for name, x in at.items()], *self.bounds)
            for at in (start, {name: inside(name, x) for name, x in start.items()})
        )
        able = self._quantities(self.start)
        self.keys = tuple(key for key, amount in billed.items() if amount > 0 and key in able)
        self.billed = np.array([billed[key] for key in self.keys])
        moved = np.zeros(len(self.keys), bool)
        for shift in STARTS:
            moved |= self.slopes(self._shifted(shift)).any(axis=1)
        self.keys = tuple(key for key, some in zip(self.keys, moved, strict=True) if some)
        self.billed = self.billed[moved]

    @staticmethod
    def _position(name: str, value: float) -> float:
        return float(np.log(max(value, INPUTS[name].least))) if name in BY_SIZE else value

    @staticmethod
    def value(name: str, position: float) -> float:
        """Return an input at a position."""
        return float(np.exp(position) if name in BY_SIZE else position)

    def at_bound(self, name: str, position: float) -> bool:
        """Return whether a position is at a bound of the input."""
        low, high = self.bounds[:, self.names.index(name)]
        return bool(min(position - low, high - position) < AT_BOUND)

    def _shifted(self, shift: float) -> Any:
        moves = np.array([shift if name == "ingress" else 0.0 for name in self.names])
        return np.clip(self.start + moves, *self.bounds)

    def _quantities(self, position: Any) -> dict[Key, float]:
        values = {name: self.value(name, position[i]) for i, name in enumerate(self.names)}
        return self.model.at(values).quantities()

    def _shares(self, position: Any) -> Any:
        """Return the quantity of each line, as a share of its billed quantity."""
        quantities = self._quantities(position)
        return np.array([quantities.get(key, 0.0) for key in self.keys]) / self.billed

    def slopes(self, position: Any) -> Any:
        """Return the effect of each input on each line, (lines, inputs); 0 for a jump.

        Over half the step a slope has half its effect, but a jump has all or nothing.
        """
        here = self._shares(position)
        slopes = np.zeros((len(self.keys), len(self.names)))
        for i in range(len(self.names)):
            inside = -STEP if position[i] + STEP > self.bounds[1, i] else STEP
            whole, half = (
                self._shares(position + np.eye(len(self.names))[i] * size) - here
                for size in (inside, inside / 2)
            )
            smooth = (np.abs(whole - 2 * half) <= 0.05 * np.abs(whole)) & (np.abs(whole) > ROUNDING)
            slopes[:, i] = np.where(smooth, whole / inside, 0.0)
        return slopes

    def identifiable(
        self, position: Any, names: Sequence[str]
    ) -> tuple[tuple[str, ...], dict[str, str]]:
        """Return the inputs that the lines identify, and the reasons against the others."""
        slopes = self.slopes(position)
        kept: list[str] = []
        basis: list[Any] = []
        reasons: dict[str, str] = {}
        for name in names:
            column = slopes[:, self.names.index(name)]
            size = np.linalg.norm(column)
            rest = column - sum((np.dot(column, one) * one for one in basis), np.zeros_like(column))
            if not size:
                reasons[name] = _("no line of the bill depends on it")
            elif np.linalg.norm(rest) <= SAME_SLOPE * size:
                skus = [key.sku for key, x in zip(self.keys, column, strict=True) if x]
                reasons[name] = _(
                    "{skus}: already explained by {inputs}",
                    skus=", ".join(dict.fromkeys(skus)),
                    inputs=join(", ", map(input_word, kept)),
                )
            else:
                kept.append(name)
                basis.append(rest / np.linalg.norm(rest))
        return tuple(kept), reasons

    def solve(self, kept: Sequence[str]) -> Any:
        """Return the least-squares position of some inputs, from several starts."""
        with needing("an estimate needs", "scipy"):
            from scipy.optimize import least_squares

        places = [self.names.index(name) for name in kept]
        low, high = self.bounds[:, places]

        def placed(values: Any) -> Any:
            position = self.first.copy()
            position[places] = values
            return position

        def misses(values: Any) -> Any:
            return self._shares(placed(values)) - 1.0

        best, least = self.first, np.inf
        for shift in STARTS:
            inside = np.clip(self._shifted(shift)[places], low + WITHIN, high - WITHIN)
            solution = least_squares(
                misses,
                inside,
                bounds=(low, high),
                xtol=ENOUGH,
                ftol=ENOUGH,
                gtol=ENOUGH,
                x_scale="jac",
            )
            if solution.cost < least:
                least, best = solution.cost, placed(solution.x)
            if least < EXACT:
                break
        return best

    def leaning(self, slopes: Any, kept: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return the held inputs on whose values each estimate depends."""
        columns = [self.names.index(name) for name in kept]
        follows = np.linalg.pinv(slopes[:, columns]) @ slopes
        return {
            name: tuple(
                other
                for j, other in enumerate(self.names)
                if j not in columns and abs(follows[i, j]) > SAME_SLOPE * np.abs(follows[i]).max()
            )
            for i, name in enumerate(kept)
        }

    def errors(self, position: Any, kept: Sequence[str]) -> dict[str, float]:
        """Return the standard error of each input; empty without more lines than inputs."""
        spare = len(self.keys) - len(kept)
        if spare <= 0 or not kept:
            return {}
        slopes = self.slopes(position)[:, [self.names.index(name) for name in kept]]
        misses = self._shares(position) - 1.0
        spread = np.linalg.pinv(slopes.T @ slopes) * float(misses @ misses) / spare
        sizes = [
            self.value(name, position[self.names.index(name)]) if name in BY_SIZE else 1.0
            for name in kept
        ]
        return {
            name: float(np.sqrt(max(spread[i, i], 0.0)) * sizes[i]) for i, name in enumerate(kept)
        }

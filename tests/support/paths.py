"""Where things are in a checkout."""

from pathlib import Path

__all__ = ["ROOT"]

#: The root of the repository.
ROOT = Path(__file__).parents[2]

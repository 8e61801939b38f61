"""The article's limits between small, medium and large traffic."""

from __future__ import annotations

from typing import Final

__all__ = ["LARGE_TB", "SMALL_TB"]

#: The traffic up to which the article advises a fully managed service.  [TB/month]
SMALL_TB: Final = 1.0
#: The traffic from which the article advises self-hosting.  [TB/month]
LARGE_TB: Final = 10.0

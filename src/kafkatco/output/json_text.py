"""Results as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.result import Result
from kafkatco.errors import KafkatcoError
from kafkatco.i18n.message import _
from kafkatco.output.answer import answer_dict

if TYPE_CHECKING:
    from kafkatco.scenario.scenario import Scenario

__all__ = ["json_text", "render"]

#: Control characters that JSON does not escape, but a terminal obeys.
_CONTROLS: Final = re.compile("[\x7f-\x9f]")


def render(result: Result, language: str, scenario: Scenario | None = None) -> Iterator[str]:
    """Yield a result as JSON; JSON is for programs, and ``language`` is ignored."""
    del language
    yield json_text(answer_dict(result, scenario))


def json_text(value: Any) -> str:
    """Return plain values as JSON, with a final newline.

    Raises :class:`~kafkatco.errors.KafkatcoError` for a number that JSON cannot hold.

    >>> print(json_text({"cost": 1.5}), end="")
    {
      "cost": 1.5
    }
    """
    try:
        text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    except ValueError:
        raise KafkatcoError(_("a result overflowed: check the inputs")) from None
    return _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"

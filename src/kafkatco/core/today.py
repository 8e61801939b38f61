"""Today's date, by which the age of prices is measured."""

from __future__ import annotations

import datetime as dt
import os
from typing import Final

from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _

__all__ = ["today"]

#: Seconds since 1970 that replace the clock, so that an output can be reproduced later.
#: https://reproducible-builds.org/specs/source-date-epoch/
VARIABLE: Final = "SOURCE_DATE_EPOCH"


def today() -> dt.date:
    """Return the local date, or that of the environment variable ``SOURCE_DATE_EPOCH`` (UTC).

    Raises :class:`~kafkatco.errors.InputError` for an invalid value of the variable.
    """
    text = os.environ.get(VARIABLE)
    if not text:
        return dt.datetime.now().astimezone().date()
    try:
        return dt.datetime.fromtimestamp(int(text), dt.UTC).date()
    except (ValueError, OverflowError, OSError):
        expected = _("seconds since 1970-01-01 UTC")
        raise InputError("", [Problem(VARIABLE, repr(text), expected)]) from None

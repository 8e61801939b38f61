"""Conversion of text with units to floats in base units; no other module parses units.

The registry has the units below and no others, so that pint's traps cannot be reached: its month
of 730.5 h, and "mB" as a millibyte.  A month is a dimension of its own; its length is the
scenario's ``month_hours``, which :meth:`Measure.value` applies.
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from kafkatco.errors import InvalidValueError, nearest
from kafkatco.i18n.message import Message, _, join

if TYPE_CHECKING:
    import pint

__all__ = ["Duration", "Measure", "Rate", "Size", "parse", "quantity", "registry"]

CURRENCIES: Final = ("USD", "KRW", "EUR", "JPY", "GBP", "CNY")

_UNITS: Final = [
    "byte = [data] = B",
    *(
        f"{n} = 1e{3 * i} byte = {s}"
        for i, (n, s) in enumerate(
            [
                ("kilobyte", "kB = KB"),
                ("megabyte", "MB"),
                ("gigabyte", "GB"),
                ("terabyte", "TB"),
                ("petabyte", "PB"),
                ("exabyte", "EB"),
            ],
            1,
        )
    ),
    *(
        f"{n} = {1024**i} byte = {s}"
        for i, (n, s) in enumerate(
            [
                ("kibibyte", "KiB"),
                ("mebibyte", "MiB"),
                ("gibibyte", "GiB"),
                ("tebibyte", "TiB"),
                ("pebibyte", "PiB"),
                ("exbibyte", "EiB"),
            ],
            1,
        )
    ),
    "bit = 0.125 byte",
    "kilobit = 125 byte = kbit",
    "megabit = 125e3 byte = Mbit",
    "gigabit = 125e6 byte = Gbit",
    "kilobit_per_second = 125 byte / second = kbps",
    "megabit_per_second = 125e3 byte / second = Mbps",
    "gigabit_per_second = 125e6 byte / second = Gbps",
    "megabyte_per_second = 1e6 byte / second = MBps",
    "second = [time] = s = sec",
    "minute = 60 second = min",
    "hour = 3600 second = h = hr",
    "day = 24 hour = d",
    "week = 7 day",
    "billing_month = [billing_month] = month = mo",
    "year = 12 billing_month",
    "FTE = [people]",
    "IOPS = [operations]",
    "million = [requests]",
    "kilowatt = [power] = kW",
    "kilowatt_hour = kilowatt * hour = kWh",
    *(f"{currency} = [{currency}]" for currency in CURRENCIES),
]


@functools.cache
def registry() -> pint.UnitRegistry[Any]:
    """Return the registry of the units above, and no others."""
    import pint

    units: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
    for definition in _UNITS:
        units.define(definition)
    return units


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of quantity: its base unit, and how it depends on the length of the billing month."""

    name: str
    base: str
    per_month: str
    month_power: int
    example: str
    expected: Message  #: in an error


RATE: Final = Kind(
    "data rate",
    "MiB/s",
    "MiB/billing_month",
    -1,
    "10 TB/month",
    _("a data rate, such as '{example}'", example="10 TB/month"),
)
DURATION: Final = Kind(
    "duration",
    "hour",
    "billing_month",
    1,
    "7 days",
    _("a duration, such as '{example}'", example="7 days"),
)
SIZE: Final = Kind(
    "data size", "GiB", "GiB", 0, "500 GB", _("a data size, such as '{example}'", example="500 GB")
)


@dataclass(frozen=True, slots=True, repr=False)
class Measure:
    """A parsed quantity: its text, and its value up to the length of a billing month."""

    text: str
    base: float
    month_power: int = 0
    kind: str = ""

    def __repr__(self) -> str:
        return repr(self.text)

    def value(self, month_hours: Any = 730.0) -> Any:
        """Return the value in the base unit of its kind: [MiB/s], [h] or [GiB].

        ``month_hours`` [h] may be an array; a rate per month is then an array of rates.

        >>> round(parse("10 TB/month", RATE).value(730), 4)
        3.6289
        >>> parse("2 months", DURATION).value(720)
        1440.0
        """
        seconds_or_hours = {0: 1.0, -1: 3600.0, 1: 1.0}[self.month_power]
        return self.base * (seconds_or_hours * month_hours) ** self.month_power

    def times(self, factor: float) -> Measure:
        """Return the quantity times a factor, in the same unit.

        >>> parse("10 TB/month", RATE).times(0.5)
        '5 TB/month'
        """
        match = _QUANTITY.fullmatch(self.text)
        assert match is not None  # the text was parsed
        number = float(match["number"].replace(",", "")) * factor
        return replace(self, text=f"{number:.6g} {match['unit']}", base=self.base * factor)


#: A number, with commas only between thousands, and a unit of words, / * ( ) and -month.
_QUANTITY: Final = re.compile(
    r"\s*(?P<number>[+-]?((\d{1,3}(,\d{3})+|\d+)(\.\d+)?|\.\d+)([eE][+-]?\d+)?)"
    r"\s*(?P<unit>[A-Za-z][A-Za-z/*() ]*(-month)?)\s*"
)
#: The upper limit of a number; no quantity of Kafka exceeds it in any unit.
MAX_NUMBER: Final = 1e24


def quantity(text: object, example: str) -> Any:
    """Return text as a number of a known unit.

    Raises :class:`~kafkatco.errors.InvalidValueError`, which shows ``example``.
    """
    import pint

    if not isinstance(text, str):
        hint = None
        if isinstance(text, int | float) and not isinstance(text, bool):
            hint = _("A bare number has no unit: write '{number} ...'", number=text)
        raise InvalidValueError(
            _("a quantity with a unit, such as '{example}'", example=example), hint
        )
    no_number = _("a number with a unit, such as '{example}'", example=example)
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise InvalidValueError(no_number)
    number = float(match["number"].replace(",", ""))
    if not math.isfinite(number) or number > MAX_NUMBER:
        raise InvalidValueError(_("a finite number, such as '{example}'", example=example))
    if number < 0:
        raise InvalidValueError(_("a quantity of at least 0, such as '{example}'", example=example))
    try:
        return registry().Quantity(number, match["unit"].replace("-month", "/month"))
    except pint.UndefinedUnitError as error:
        unit = "".join(error.unit_names) if error.unit_names else text
        hint = nearest(unit, registry()._units.keys())
        if unit in ("kb", "Mb", "Gb", "Tb"):  # eightfold apart: never guess
            hint = _(
                "Write '{bits}' for bits, '{bytes}' for bytes",
                bits=unit.replace("b", "bit"),
                bytes=unit.replace("b", "B"),
            )
        unknown = _("Unknown unit {unit!r}.", unit=unit)
        raise InvalidValueError(
            _("a known unit, such as '{example}'", example=example),
            join(" ", filter(None, [unknown, hint])),
        ) from None
    except Exception:  # pint's parser raises many kinds, all caused by the user's text
        raise InvalidValueError(no_number) from None


def parse(text: object, kind: Kind) -> Measure:
    """Parse ``text`` as a quantity of ``kind``.

    Raises :class:`~kafkatco.errors.InvalidValueError` for a bare number, an unknown unit, a wrong
    dimension, and a negative or non-finite number.

    >>> parse("1 GiB", SIZE).value()
    1.0
    """
    if isinstance(text, Measure):
        if text.kind != kind.name:
            raise InvalidValueError(kind.expected)
        return text
    parsed = quantity(text, kind.example)
    for unit, power in ((kind.base, 0), (kind.per_month, kind.month_power)):
        if parsed.is_compatible_with(unit):
            return Measure(str(text), float(parsed.to(unit).magnitude), power, kind.name)
    raise InvalidValueError(kind.expected)


def _field(kind: Kind) -> Any:
    return (
        PlainValidator(lambda text: parse(text, kind)),
        PlainSerializer(lambda measure: measure.text, return_type=str),
        WithJsonSchema(
            {
                "type": "string",
                "pattern": "^" + re.sub(r"\?P<\w+>", "", _QUANTITY.pattern) + "$",
                "examples": [kind.example],
                "description": kind.name,
            }
        ),
    )


# Fields of these types are written as text and hold a Measure
Rate = Annotated[Measure | str, *_field(RATE)]
Duration = Annotated[Measure | str, *_field(DURATION)]
Size = Annotated[Measure | str, *_field(SIZE)]

"""Dates, times and numbers as the current language writes them (core/words.py), from Unicode's CLDR.

Babel has the CLDR, is plain Python and is needed for the names of languages anyway; Python's own `%b` and
`%A` follow the computer's locale instead, which the window's language is not, and which Qt sets for the whole
process. What is handed to a `Text` as a `Number`, `Day` or `Moment` is written when it is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from core.words import current_language

if TYPE_CHECKING:  # it is loaded when the first figure is written, not when the program starts
    from babel import Locale

_ENGLISH = "en_GB"  # the English that is written here
# With the day of the week, without the year. Where none stands here, the CLDR's own.
_WITH_WEEKDAY = {"en": "EEE d MMM", "de": "EEE, d. MMM", "es": "EEE d MMM"}
_WITHOUT_YEAR = {"en": "d MMM", "de": "d. MMM", "es": "d MMM"}


def number(value: float, digits: int = 0) -> str:
    """A number with its thousands apart: `10,000`, `10.000`.

    Args:
        digits: how many stand behind the decimal point, also when they are 0.
    """
    from babel.numbers import format_decimal

    behind = f".{'0' * digits}" if digits else ""
    return str(format_decimal(value, f"#,##0{behind}", _locale(current_language())))


def signed(value: float, digits: int) -> str:
    """A difference, with its sign and a real minus: `+0.41`, `−0,6`."""
    return ("+" if value >= 0 else "−") + number(abs(value), digits)


def short(value: float) -> str:
    """A number as one would type it, with no more digits than it needs: `0.5`, `0,5`, `4096`."""
    from babel.numbers import format_decimal

    return str(format_decimal(value, "0.######", _locale(current_language())))


def day(at: date, *, year: bool = True) -> str:
    """A day: `14 Mar 2026`, `14.03.2026`; without the year `14 Mar`, `14. März`."""
    from babel.dates import format_date

    here = current_language()
    if year:
        return str(format_date(at, "medium", _locale(here)))
    return str(format_date(at, _WITHOUT_YEAR.get(here, "d MMM"), _locale(here)))


def month(at: date) -> str:
    """A month by itself, short: `Mar`, `März`."""
    from babel.dates import format_date

    return str(format_date(at, "LLL", _locale(current_language())))


def weekday(at: date) -> str:
    """A day of the week with its number: `Sat 14`, `Sa 14.`."""
    from babel.dates import format_date

    here = current_language()
    return str(format_date(at, "ccc d." if here == "de" else "ccc d", _locale(here)))


def hour(at: datetime) -> str:
    """The time of day: `09:12`."""
    return f"{at:%H:%M}"


def moment(at: datetime) -> str:
    """A day of this year with its time: `Sat 14 Mar, 09:12`."""
    from babel.dates import format_datetime

    here = current_language()
    pattern = _WITH_WEEKDAY.get(here)
    days = format_datetime(at, pattern, locale=_locale(here)) if pattern else _skeleton(at, here)
    return f"{days}, {hour(at)}"


def _skeleton(at: datetime, language: str) -> str:
    from babel.dates import format_skeleton

    return str(format_skeleton("MMMEd", at, locale=_locale(language)))


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence; see `number`."""

    value: float
    digits: int = 0

    def __str__(self) -> str:
        return number(self.value, self.digits)


@dataclass(frozen=True, slots=True)
class Short:
    """A number in a sentence; see `short`."""

    value: float

    def __str__(self) -> str:
        return short(self.value)


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a sentence; see `day`."""

    at: date

    def __str__(self) -> str:
        return day(self.at)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in a sentence; see `moment`."""

    at: datetime

    def __str__(self) -> str:
        return moment(self.at)


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(_ENGLISH if language == "en" else language)
    except (ValueError, UnknownLocaleError):
        return Locale.parse(_ENGLISH)


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def weekday_for_a_model(at: date) -> str:
    """The day of the week in English, whatever the computer's locale: prompts do not change with it."""
    return _WEEKDAYS[at.weekday()]


def day_for_a_model(at: date, *, year: bool = True) -> str:
    """A day in English, in full: `14 March 2026`."""
    return f"{at.day:02d} {_MONTHS[at.month - 1]}" + (f" {at.year}" if year else "")

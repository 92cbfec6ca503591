"""Lengths of time as people write them: `10m`, `2 h 30 min`, `an hour and a half`, `3 days`."""

from __future__ import annotations

import re
from datetime import timedelta

from core.server.refusals import DurationTooLong, DurationTooShort, DurationUnclear
from core.words import count

LONGEST_MUTE = timedelta(days=28)  # Discord's own limit for timeouts
LONGEST_SLOW_MODE = timedelta(hours=6)  # Discord's own limit
LONGEST_POLL = timedelta(hours=768)  # Discord's own limit, 32 days

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "mo": 2_592_000, "y": 31_536_000}
_UNITS = {
    name: _SECONDS[unit]
    for unit, names in {
        "s": "s sec secs second seconds",
        "m": "m min mins minute minutes",
        "h": "h hr hrs hour hours",
        "d": "d day days",
        "w": "w wk wks week weeks",
        "mo": "month months",
        "y": "y yr year years",
    }.items()
    for name in names.split()
}
_NUMBERS = {"a": 1.0, "an": 1.0, "half": 0.5, "couple": 2.0, "one": 1.0, "two": 2.0, "three": 3.0}
_NUMBERS |= {"four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0}
_NUMBERS |= {"eleven": 11.0, "twelve": 12.0, "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0}
_NUMBERS |= {"forty": 40.0, "forty-five": 45.0, "sixty": 60.0, "ninety": 90.0}
_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[a-z]+(?:-[a-z]+)?")
_LONGEST_TEXT = 60


def duration(text: str, most: timedelta, least: timedelta = timedelta(seconds=1)) -> timedelta:
    """Read a length of time.

    Args:
        most, least: what is allowed.

    Raises:
        DurationUnclear, DurationTooLong, DurationTooShort
    """
    seconds = _seconds(text.strip().lower())
    if seconds is None:
        raise DurationUnclear(text=text.strip()[:_LONGEST_TEXT])
    if seconds > most.total_seconds():
        raise DurationTooLong(most=spoken(most))
    if seconds < least.total_seconds():
        raise DurationTooShort(least=spoken(least))
    return timedelta(seconds=seconds)


def spoken(length: timedelta) -> str:
    """A length of time in the current language, in its two largest units: `2 hours 30 minutes`."""
    rest = round(length.total_seconds())
    parts = []
    for size, say_it in ((86_400, _days), (3600, _hours), (60, _minutes), (1, _whole_seconds)):
        number, rest = divmod(rest, size)
        if number:
            parts.append(say_it(number))
    return " ".join(parts[:2]) or _whole_seconds(0)


def _seconds(text: str) -> float | None:
    """The seconds that a text means, or None where it means no length of time."""
    if re.sub(r"[\s.,]", "", _TOKEN.sub("", text)):
        return None
    total = 0.0
    amount: float | None = None
    last = 0  # the unit before, for "an hour and a half"
    for token in _TOKEN.findall(text):
        if token[0].isdigit():
            if amount is not None:
                return None
            amount = float(token.replace(",", "."))
        elif token in ("and", "of"):
            continue
        elif token in _UNITS:
            if amount is None:
                return None
            last = _UNITS[token]
            total, amount = total + amount * last, None
        elif token in _NUMBERS:
            amount = _worded(amount, token)
            if amount is None:
                return None
        else:
            return None
    if amount is not None:  # a number without a unit, but for "and a half"
        return total + amount * last if last and amount == 0.5 else None
    return total if last else None


def _worded(before: float | None, token: str) -> float | None:
    """`half an` is a half, `a half` too, `a couple` is two; anything else after a number is no number."""
    if before is None:
        return _NUMBERS[token]
    if token in ("a", "an"):
        return before if before < 1 else None
    return _NUMBERS[token] if before == 1 and token in ("half", "couple") else None


def _days(number: int) -> str:
    return count("{n} day", "{n} days", number)


def _hours(number: int) -> str:
    return count("{n} hour", "{n} hours", number)


def _minutes(number: int) -> str:
    return count("{n} minute", "{n} minutes", number)


def _whole_seconds(number: int) -> str:
    return count("{n} second", "{n} seconds", number)

"""Lengths of time as people write them: `10m`, `2 h 30 min`, `1h30`, `an hour and a half`, `3 Tage`."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

from core.server.refusals import DurationTooLong, DurationTooShort, DurationUnclear
from core.words import count

LONGEST_MUTE = timedelta(days=28)  # Discord's own limit for timeouts
LONGEST_SLOW_MODE = timedelta(hours=6)  # Discord's own limit
LONGEST_POLL = timedelta(hours=768)  # Discord's own limit, 32 days

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "mo": 2_592_000, "y": 31_536_000}
# Each language that commands are translated into: an example in a sentence must be understood when it is
# written back.
_UNITS = {
    name: _SECONDS[unit]
    for unit, names in {
        "s": "s sec secs second seconds sek sekunde sekunden seg segs segundo segundos",
        "m": "m min mins minute minutes minuten minuto minutos",
        "h": "h hr hrs hour hours std stunde stunden hora horas",
        "d": "d day days tag tage tagen día días dia dias",
        "w": "w wk wks week weeks wo woche wochen sem semana semanas",
        "mo": "month months monat monate monaten mes meses",
        "y": "y yr year years jahr jahre jahren año años",
    }.items()
    for name in names.split()
}
_NUMBERS = {
    name: number
    for number, names in {
        0.5: "half halbe halber halbes halben medio media",
        1.0: "a an one ein eine einen einem einer un una uno",
        1.5: "anderthalb eineinhalb",
        2.0: "couple two zwei dos",
        3.0: "three drei tres",
        4.0: "four vier cuatro",
        5.0: "five fünf cinco",
        6.0: "six sechs seis",
        7.0: "seven sieben siete",
        8.0: "eight acht ocho",
        9.0: "nine neun nueve",
        10.0: "ten zehn diez",
        11.0: "eleven elf once",
        12.0: "twelve zwölf doce",
        15.0: "fifteen fünfzehn quince",
        20.0: "twenty zwanzig veinte",
        30.0: "thirty dreißig treinta",
        40.0: "forty vierzig cuarenta",
        45.0: "forty-five fünfundvierzig",
        60.0: "sixty sechzig sesenta",
        90.0: "ninety neunzig noventa",
    }.items()
    for name in names.split()
}
_ONES = frozenset(("a", "an", "ein", "eine", "einen", "einem", "einer", "un", "una"))
_AFTER_ONE = frozenset(("half", "halbe", "halber", "halbes", "halben", "couple"))
_AND = frozenset(("and", "of", "und", "y", "e"))
_FINER = {3600: 60, 60: 1}  # `1h30` and `5m30`
_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+(?:-[^\W\d_]+)?")
_LONGEST_TEXT = 60


def duration(text: str, most: timedelta, least: timedelta = timedelta(seconds=1)) -> timedelta:
    """Read a length of time.

    Args:
        most, least: what is allowed.

    Raises:
        DurationUnclear, DurationTooLong, DurationTooShort
    """
    seconds = _seconds(unicodedata.normalize("NFC", text).strip().lower())
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


def brief(length: timedelta) -> str:
    """The same in the signs that all languages share, for what is kept: `2 h 30 min`."""
    rest = round(length.total_seconds())
    parts = []
    for size, sign in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        number, rest = divmod(rest, size)
        parts += [f"{number} {sign}"] if number else []
    return " ".join(parts[:2]) or "0 s"


def _seconds(text: str) -> float | None:
    """The seconds that a text means, or None where it means no length of time."""
    if re.sub(r"[\s.,]", "", _TOKEN.sub("", text)):
        return None
    total = 0.0
    amount: float | None = None
    last = 0  # the unit before, for "an hour and a half"
    for token in _TOKEN.findall(text):
        if token[0].isdecimal():
            if amount is not None:
                return None
            amount = float(token.replace(",", "."))
        elif token in _AND:
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
    if amount is not None:  # a number without a unit
        total += amount * (last if amount == 0.5 else _FINER.get(last, 0))
        return total if last in _FINER or (last and amount == 0.5) else None
    return total if last else None


def _worded(before: float | None, token: str) -> float | None:
    """`half an` is a half, `a half` too, `a couple` is two; anything else after a number is no number."""
    if before is None:
        return _NUMBERS[token]
    if token in _ONES:
        return before if before < 1 else None
    return _NUMBERS[token] if before == 1 and token in _AFTER_ONE else None


def _days(number: int) -> str:
    return count("{n} day", "{n} days", number)


def _hours(number: int) -> str:
    return count("{n} hour", "{n} hours", number)


def _minutes(number: int) -> str:
    return count("{n} minute", "{n} minutes", number)


def _whole_seconds(number: int) -> str:
    return count("{n} second", "{n} seconds", number)

"""The days a question speaks of: "on 8 May 2023", "in July", "yesterday", "two weeks ago"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "few": 3}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}

_MONTH = "|".join(_MONTHS)
_NAMED = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<month>{_MONTH})\b"
    r"(?: (?P<later_day>\d{1,2})(?:st|nd|rd|th)?(?!\d))?(?:,? (?P<year>\d{4})\b)?"
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_AGO = re.compile(rf"\b(\d{{1,3}}|{'|'.join(_COUNTS)})\s+(day|week|month|year)s?\s+ago\b")
_LAST = re.compile(rf"\blast (night|week|weekend|month|year|{'|'.join(_WEEKDAYS)})\b")
_MAY_IS_A_MONTH = re.compile(r"\b(in|of|during|since|last|this|next|early|late|mid) $")

# People tell of a day on that day, or within about a week after it.
_TOLD_WITHIN = timedelta(days=8)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, from `start` up to but without `end`, both UTC."""

    start: datetime
    end: datetime

    def nearness(self, at: datetime) -> float:
        """1.0 inside; 0.5 from a day before to eight days after, when it is planned or told; else 0."""
        if self.start <= at < self.end:
            return 1.0
        return 0.5 if self.start - _A_DAY <= at < self.end + _TOLD_WITHIN else 0.0


def spans(text: str, now: datetime) -> tuple[Span, ...]:
    """The stretches of time named in English `text`.

    Args:
        now: when it is asked. A month without a year means its last two occurrences.
    """
    lower = " ".join(text.lower().split())
    return (*_calendar(lower, now), *_relative(lower, now))


def _calendar(text: str, now: datetime) -> list[Span]:
    found: list[Span] = []
    for match in _NAMED.finditer(text):
        day = match["day"] or match["later_day"]
        bare = not day and not match["year"]
        if match["month"] == "may" and bare and not _MAY_IS_A_MONTH.search(text[: match.start()]):
            continue
        month = _MONTHS.index(match["month"]) + 1
        years = [int(match["year"])] if match["year"] else [now.year, now.year - 1]
        found += [span for year in years if (span := _span(year, month, int(day or 0))) is not None]
    for year, month, day in _ISO.findall(text):
        span = _span(int(year), int(month), int(day))
        found += [span] if span is not None else []
    return found


def _relative(text: str, now: datetime) -> list[Span]:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    found: list[Span] = []
    if "yesterday" in text:
        found.append(Span(today - _A_DAY, today))
    for count, unit in _AGO.findall(text):
        days = (int(count) if count.isdigit() else _COUNTS[count]) * _DAYS[unit]
        blur = timedelta(days=_DAYS[unit] / 2)
        middle = today + _A_DAY / 2 - timedelta(days=min(days, 36_500))
        found.append(Span(middle - blur, middle + blur))
    for what in _LAST.findall(text):
        found.append(_last(what, today))
    return found


def _last(what: str, today: datetime) -> Span:
    monday = today - timedelta(days=today.weekday())
    if what == "night":
        return Span(today - _A_DAY, today)
    if what == "week":
        return Span(monday - timedelta(days=7), monday)
    if what == "weekend":
        return Span(monday - timedelta(days=3), monday)
    if what == "month":
        first = today.replace(day=1)
        return Span((first - _A_DAY).replace(day=1), first)
    if what == "year":
        return Span(datetime(today.year - 1, 1, 1, tzinfo=UTC), datetime(today.year, 1, 1, tzinfo=UTC))
    back = (today.weekday() - _WEEKDAYS.index(what)) % 7 or 7
    return Span(today - timedelta(days=back), today - timedelta(days=back - 1))


def _span(year: int, month: int, day: int) -> Span | None:
    """A day, or a whole month when `day` is 0; None when there is no such date."""
    try:
        start = datetime(year, month, day or 1, tzinfo=UTC)
        end = start + _A_DAY if day else datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return Span(start, end)

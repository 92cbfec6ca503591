"""Moments in the words of a calendar, in local time."""

from __future__ import annotations

from datetime import datetime

from core import figures
from core.words import count, say


def day(at: datetime, now: datetime) -> str:
    """When that was, as short as it stays clear: 12:04, yesterday, 3 days ago, 14 Mar 2026."""
    here, today = at.astimezone(), now.astimezone()
    days = (today.date() - here.date()).days
    if days == 0:
        return f"{here:%H:%M}"
    if days == 1:
        return say("yesterday")
    if 1 < days < 7:
        return count("{n} day ago", "{n} days ago", days)
    return _date(here, with_year=here.year != today.year)


def whole(at: datetime) -> str:
    """Day and time, in full."""
    here = at.astimezone()
    return f"{_date(here, with_year=True)}, {here:%H:%M}"


def date(at: datetime) -> str:
    """The day, in full."""
    return _date(at.astimezone(), with_year=True)


def _date(here: datetime, *, with_year: bool) -> str:
    return figures.day(here, year=with_year)

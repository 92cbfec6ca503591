"""Until when is read: a day as people write it here, dd.mm.yyyy and nothing else."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta, tzinfo

from core.echo.refusals import DateAhead, DateTooEarly, DateUnreadable, DayMissing

FIRST_DAY = date(2015, 1, 1)  # Discord's ids count from here
_FORM = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")


def cutoff(text: str, today: date, zone: tzinfo) -> datetime:
    """The moment a day begins: messages before it are read.

    Args:
        text: what somebody typed, as dd.mm.yyyy. today: the day it is there. zone: whose days are meant.

    Raises:
        DateUnreadable: it is written in another way, or DayMissing, DateAhead, DateTooEarly.
    """
    example = f"{today:%d.%m.%Y}"
    told = text.strip()
    shown = told[:40]
    found = _FORM.fullmatch(told)
    if found is None:
        raise DateUnreadable(text=shown, example=example)
    day, month, year = map(int, found.groups())
    if not 1 <= month <= 12 or year < 1:
        raise DateUnreadable(text=shown, example=example)
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise DayMissing(text=shown, month=f"{month:02}", year=year, days=days, example=example)
    wanted = date(year, month, day)
    if wanted > today + timedelta(days=1):
        raise DateAhead(text=shown, example=example)
    if wanted <= FIRST_DAY:
        raise DateTooEarly(text=shown, example=example)
    return datetime.combine(wanted, time(), tzinfo=zone)


def as_day(moment: datetime, zone: tzinfo) -> str:
    """A moment's day, written as it is asked for."""
    return f"{moment.astimezone(zone):%d.%m.%Y}"

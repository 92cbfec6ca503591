"""Times as a host reads them in charts and lists, on the host's clock."""

from __future__ import annotations

from datetime import datetime

from core import figures
from core.words import count, say

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def when(at: datetime) -> str:
    """A moment: "Sat 14 Mar, 09:12"."""
    return figures.moment(at.astimezone())


def day_of(at: datetime) -> str:
    """A day: "14 Mar 2026"."""
    return figures.day(at.astimezone())


def ago(at: datetime, now: datetime) -> str:
    """How long ago something was, roughly."""
    seconds = (now - at).total_seconds()
    if seconds < _MINUTE:
        return say("just now")
    if seconds < _HOUR:
        return count("{n} minute ago", "{n} minutes ago", int(seconds // _MINUTE))
    if seconds < _DAY:
        return count("{n} hour ago", "{n} hours ago", int(seconds // _HOUR))
    if seconds < 31 * _DAY:
        return count("{n} day ago", "{n} days ago", int(seconds // _DAY))
    return day_of(at)

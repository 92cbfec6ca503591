"""Reminders asked for by command: when they are due, how many there may be, which are one's own."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from core.clock import Clock
from core.safety.clean import one_line
from core.server.durations import duration
from core.server.refusals import (
    DurationUnclear,
    ReminderUnknown,
    TimePast,
    TimeUnclear,
    TooManyReminders,
)
from db import reminders
from db.base import Database
from db.reminders import StoredReminder
from db.store import Store

MOST = 20  # open ones of one person
LONGEST_WAIT = timedelta(days=365)
LONGEST_TEXT = 300
_TOMORROW = r"(?P<tomorrow>tomorrow|morgen|mañana)"
_CLOCK_TIME = re.compile(
    rf"(?:{_TOMORROW}[\s,]+)?(?:(?:at|um|a las?)\s+)?"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?(?:\s*(?:uhr|h))?"
)
_IN = re.compile(r"(?:in|en|dentro de)\s+")
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Where:
    """Where a reminder is asked for and given. `guild_id` is None in a direct chat."""

    channel_id: int
    channel_name: str
    guild_id: int | None = None
    guild_name: str = ""


class Reminders:
    """People's own reminders.

    Args:
        zone: what a time of day without a zone means.
    """

    def __init__(self, store: Store, clock: Clock, zone: tzinfo, realm: str) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._realm = realm

    async def add(self, where: Where, person_id: int, person: str, when: str, what: str) -> datetime:
        """Keep a reminder; answers when it is due.

        Args:
            when: `20 minutes`, `18:00`, `6 pm`, `tomorrow at 9:00` or `2026-01-06 18:00`.

        Raises:
            TimeUnclear, TimePast, DurationTooLong, DurationTooShort, TooManyReminders
        """
        now = self._clock.now()
        due_at = due(when, now, self._zone)
        reminder = StoredReminder(
            self._realm,
            where.guild_id,
            where.channel_id,
            where.channel_name,
            where.guild_name,
            person_id,
            one_line(person),
            one_line(what)[:LONGEST_TEXT],
            due_at,
            due_at,
            now,
        )
        await self._store.run(_add, reminder)
        return due_at

    async def of(self, person_id: int, channel_id: int | None) -> list[StoredReminder]:
        """Somebody's open reminders, the next first.

        Args:
            channel_id: only those that were asked for there; None in a direct chat, where all are shown.
        """
        every = await self._store.run(reminders.open_of, self._realm, person_id)
        return [each for each in every if channel_id is None or each.channel_id == channel_id]

    async def cancel(self, person_id: int, channel_id: int | None, number: int) -> StoredReminder:
        """Forget one by its number in the list of `of`; answers what it was.

        Raises:
            ReminderUnknown
        """
        mine = await self.of(person_id, channel_id)
        if not 1 <= number <= len(mine):
            raise ReminderUnknown(number=number)
        await self._store.run(reminders.remove, mine[number - 1].row_id)
        return mine[number - 1]


def due(when: str, now: datetime, zone: tzinfo) -> datetime:
    """When a person means, in UTC.

    Args:
        zone: where a time without a zone is meant.

    Raises:
        TimeUnclear, TimePast, DurationTooLong, DurationTooShort
    """
    text = when.strip()
    plain = unicodedata.normalize("NFC", text.lower())
    read = _CLOCK_TIME.fullmatch(plain)
    if read is not None and (read["minute"] or read["half"]):
        return _at(read, now.astimezone(zone), text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return now + _length(text)
    try:
        due_at = (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError as error:  # the first and the last hours there are
        raise TimePast from error
    if not now < due_at <= now + LONGEST_WAIT:
        raise TimePast
    return due_at


def _length(text: str) -> timedelta:
    plain = text.lower()
    if (begin := _IN.match(plain)) is not None:
        plain = plain[begin.end() :]
    try:
        return duration(plain, LONGEST_WAIT, timedelta(minutes=1))
    except DurationUnclear as error:
        raise TimeUnclear(text=text[:_LONGEST_SHOWN]) from error


def _at(read: re.Match[str], now: datetime, text: str) -> datetime:
    """The next time it is that late, or that late tomorrow."""
    hour, minute, half = int(read["hour"]), int(read["minute"] or 0), read["half"]
    if half is not None:
        if not 1 <= hour <= 12:
            raise TimeUnclear(text=text[:_LONGEST_SHOWN])
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    try:
        due_at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError as error:
        raise TimeUnclear(text=text[:_LONGEST_SHOWN]) from error
    # A day is added by the clock on the wall, so that 18:00 stays 18:00 over a change of the clocks.
    is_today = due_at > now and read["tomorrow"] is None
    return (due_at if is_today else due_at + timedelta(days=1)).astimezone(UTC)


def _add(db: Database, reminder: StoredReminder) -> None:
    if len(reminders.open_of(db, reminder.realm, reminder.person_id)) >= MOST:
        raise TooManyReminders(most=MOST)
    reminders.add(db, reminder)

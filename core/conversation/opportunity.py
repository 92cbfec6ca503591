"""May the bot say something here that nobody asked for? Only where that was chosen, and seldom.

A channel's choice `proactive` is true, or `{"on": true, "not_before": ISO time, "fallback": channel id}`:
`not_before` is set by the button that asks for quiet, `fallback` in a direct chat is where to speak to the
person when they cannot be written to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from core.conversation.choices import chosen_for
from core.conversation.desk import Desk
from core.conversation.message import Place, Realm
from core.conversation.record import place_of
from core.words import T, Text
from db import channel_settings, messages, turns
from db.channel_settings import ChannelChoices
from db.messages import StoredMessage

DAILY_CAP = 3
QUIET_FROM, QUIET_TO = time(23), time(8)
LOOK_BACK = timedelta(days=30)
FRESH = timedelta(hours=24)
READ = 24  # lines of the talk


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A place where it may speak.

    Attributes:
        talk: the newest messages there, oldest first. newest: the id of the last.
        person_id: the platform id of who wrote last.
        fallback: channel to speak in instead when a person cannot be written to directly, or None.
    """

    place: Place
    talk: tuple[StoredMessage, ...]
    person_id: int
    fallback: int | None = None

    @property
    def newest(self) -> int:
        return self.talk[-1].platform_id

    def is_fresh(self, now: datetime) -> bool:
        """Is there talk of today to comment on?"""
        return now - self.talk[-1].sent_at <= FRESH


async def opportunity(choices: ChannelChoices, desk: Desk) -> Opportunity | Text:
    """What there is to speak in, or why not.

    Args:
        choices: what was chosen for the channel itself.
    """
    now = desk.clock.now()
    wish = choices.values.get("proactive")
    if not wish or (isinstance(wish, dict) and wish.get("on") is False):
        return T("nobody has allowed it here")
    if isinstance(wish, dict) and _later(wish.get("not_before"), now):
        return T("somebody here wanted no more of it for a while")
    talk = await desk.store.read(messages.transcript, choices.channel_id, now - LOOK_BACK, READ)
    people = [line for line in talk if not line.is_self]
    if not people:
        return T("nobody has written here for a long time")
    place = place_of(people[-1])
    if place.realm != choices.realm or place.channel_id != choices.channel_id:
        return T("nobody has written here for a long time")
    refused = await _refused(place, desk, now)
    if refused is not None:
        return refused
    if talk[-1].is_self:
        return T("the last word was its own already")
    fallback = wish.get("fallback") if isinstance(wish, dict) else None
    person_id = people[-1].author_id
    return Opportunity(place, tuple(talk), person_id, fallback if isinstance(fallback, int) else None)


def _later(moment: object, now: datetime) -> bool:
    return isinstance(moment, str) and datetime.fromisoformat(moment) > now


async def _refused(place: Place, desk: Desk, now: datetime) -> Text | None:
    choices = await chosen_for(place, desk.store)
    if not choices.active:
        return T("it is switched off in {place}", place=place.title)
    if choices.muted_until is not None and now < choices.muted_until:
        return T("it was asked to be quiet in {place} for a while", place=place.title)
    values = await _values(place, desk)
    hours = (_clock(values, "quiet_from", QUIET_FROM), _clock(values, "quiet_to", QUIET_TO))
    if is_quiet(now, *hours, desk.zone):
        return T("these are the quiet hours in {place}", place=place.title)
    cap = values.get("daily_cap", DAILY_CAP)
    said = await desk.store.read(
        turns.of_own_accord, place.realm, place.channel_id, _midnight(now, desk.zone)
    )
    if said >= cap:
        return T("it has spoken up often enough in {place} today", place=place.title)
    if desk.caps.exceeded(place.channel_id, desk.clock.monotonic()):
        return T("too many replies in this channel just now")
    return None


async def _values(place: Place, desk: Desk) -> dict[str, Any]:
    """What was chosen for the server, then for the channel."""
    found: dict[str, Any] = {}
    for channel_id in (place.guild_id, place.channel_id):
        if channel_id is not None:
            found |= await desk.store.read(channel_settings.get, Realm(place.realm), channel_id)
    return found


def is_quiet(now: datetime, since: time, until: time, zone: tzinfo) -> bool:
    """Does `now` lie in the quiet hours, from `since` to `until` on the host's clock?

    The same time twice means that there are none.
    """
    at = now.astimezone(zone).time()
    return since <= at < until if since <= until else at >= since or at < until


def _clock(values: dict[str, Any], key: str, usual: time) -> time:
    """A time of day as it was chosen: `22:30` by command, or a whole hour, 24 being the day's end."""
    chosen: Any = values.get(key)
    try:
        if chosen == 24:
            return time.max
        return time.fromisoformat(chosen) if isinstance(chosen, str) else time(chosen)
    except (TypeError, ValueError):  # nothing was chosen, or something that is no time
        return usual


def _midnight(now: datetime, zone: tzinfo) -> datetime:
    return datetime.combine(now.astimezone(zone).date(), time(0), tzinfo=zone)

"""Giving people the reminders they asked for, where they asked for them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from core.conversation.choices import chosen_for
from core.conversation.desk import Desk
from core.conversation.guarding import fit_to_say
from core.conversation.message import Door, Place, Realm
from core.conversation.record import DISCORD_EPOCH
from core.conversation.saying import keep_own, say_in
from core.errors import DiscordError
from core.safety.clean import one_line
from core.words import T, house_language, languages, say, speaking
from db import reminders
from db.reminders import StoredReminder

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=1)
MAYBE_POSTED_AFTER = timedelta(minutes=2)

Doors = Callable[[], Mapping[Realm, Door]]


class Reminding:
    """Gives what is due; `run` is asked by the schedule at every tick.

    Args:
        doors: the doors that are open now, by realm.
    """

    def __init__(self, desk: Desk, doors: Doors) -> None:
        self._desk = desk
        self._doors = doors

    async def run(self) -> None:
        """Give every reminder that is due and has a door to go through."""
        doors = self._doors()
        now = self._desk.clock.now()
        if doors:
            for each in await self._desk.store.read(reminders.due, tuple(doors), now):
                await self._give(each, doors[Realm(each.realm)], now)

    async def _give(self, reminder: StoredReminder, door: Door, now: datetime) -> None:
        store = self._desk.store
        try:
            await self._post(reminder, door, now)
        except DiscordError as error:
            log.info("a reminder could not be given: %s", type(error).__name__)
            if now - reminder.wanted_at > GIVEN_UP_AFTER:
                await store.run(reminders.remove, reminder.row_id)
            else:
                await store.run(reminders.put_off, reminder.row_id, now + AGAIN_AFTER)
        else:
            await store.run(reminders.given, reminder.row_id, now)

    async def _post(self, reminder: StoredReminder, door: Door, now: datetime) -> None:
        place = _place(reminder)
        told = T(
            "{who}, you wanted to be reminded: {what}",
            who=one_line(reminder.person),
            what=one_line(reminder.text),
        )
        chosen = (await chosen_for(place, self._desk.store)).language
        with speaking(chosen if chosen in languages() else house_language()):
            text = say(told)
        fit = await fit_to_say(text, self._desk)
        if fit is None:
            return
        text = fit
        active = await self._desk.personas.active()
        name = active.persona.name if active is not None else ""
        if now - reminder.due_at > MAYBE_POSTED_AFTER:  # a crash may have come between post and tick
            posted = await door.already_posted(place, text, _id_at(reminder.due_at))
            if posted is not None:
                await keep_own(place, posted, text, door, self._desk, name)
                return
        nonce = f"r{reminder.row_id}-{int(reminder.asked_at.timestamp())}"
        await say_in(place, text, nonce, door, self._desk, name)


def _place(reminder: StoredReminder) -> Place:
    return Place(
        Realm(reminder.realm),
        reminder.channel_id,
        reminder.channel_name,
        reminder.guild_id,
        reminder.guild_name,
        is_direct=reminder.guild_id is None,
    )


def _id_at(moment: datetime) -> int:
    """The smallest id that Discord could have given to a message of this moment."""
    return ((moment.astimezone(UTC) - DISCORD_EPOCH) // timedelta(milliseconds=1)) << 22

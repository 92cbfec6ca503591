"""The inner life of the bot, one door for turns, pages and commands.

Nothing is kept here between two calls: what was written is read, and decayed to the moment of the question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from random import Random

from core.clock import Clock
from core.errors import PersonUnknown, SettingInvalid, SettingUnknown
from core.events import Bus, FeelingsChanged
from core.feelings import (
    acquaintances,
    daily,
    describe,
    heart,
    history,
    quirks,
    reaction,
    reflection,
    relationship,
    second_thought,
)
from core.feelings.acquaintances import People, SortBy
from core.feelings.appraisal import Answer, Appraisal
from core.feelings.daily import DailyMood
from core.feelings.history import Change, Point, Sample
from core.feelings.needs import Needs
from core.feelings.quirks import Change as Grown
from core.feelings.quirks import Evidence
from core.feelings.reflection import QuirkChange
from core.feelings.state import Bond, Character, Heard, Moment, State
from core.words import T, Text
from db import moods
from db import quirks as kept_quirks
from db.relationships import Metrics
from db.store import Store

DISCORD = "discord"


@dataclass(frozen=True, slots=True)
class Quirk:
    """A quirk and how strong it is, 0…1."""

    text: str
    strength: float


class Feelings:
    """Mood, needs, the day and relationships of this host's bot.

    Args of most methods:
        persona_id, persona: who feels (`KeptPersona.id` and `.persona`).
        realm: discord (the default), practice or import, each apart from the others.
        person_id: a person's row id; `person`, `others`: their ids on the platform.
    """

    def __init__(self, store: Store, bus: Bus, clock: Clock, chance: Random, zone: tzinfo) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._chance = chance
        self._zone = zone

    # --- for turns ----------------------------------------------------------------------------------------

    async def react(
        self, persona_id: int, persona: Character, heard: Heard, appraisal: Appraisal | None = None
    ) -> State:
        """Take a message in: emotions, mood, needs and relationship move in one transaction.

        A message that was taken in before changes nothing. Without `appraisal` its words tell what it means.
        """
        moment = self._moment(persona_id, persona, heard.realm)
        state = await self._store.run(reaction.react, moment, heard, appraisal)
        person = state.bond.person_id if state.bond else None
        self._bus.publish(FeelingsChanged(persona_id, heard.realm, person))
        return state

    async def reconsider(self, persona_id: int, persona: Character, heard: Heard, answer: Answer) -> State:
        """Think a message over, now that the scoring model has said what it means.

        What the first impression did is taken back, the better one put in its place; once for a message.
        """
        moment = self._moment(persona_id, persona, heard.realm)
        state = await self._store.run(second_thought.reconsider, moment, heard, answer)
        person = state.bond.person_id if state.bond else None
        self._bus.publish(FeelingsChanged(persona_id, heard.realm, person))
        return state

    async def state(
        self,
        persona_id: int,
        persona: Character,
        person: int | None = None,
        others: Sequence[int] = (),
        *,
        realm: str = DISCORD,
    ) -> State:
        """What is felt now, with how it stands with a person and others who are present."""
        asked = (*([] if person is None else [person]), *others)
        return await self._store.run(heart.look, self._moment(persona_id, persona, realm), asked)

    async def wants_to_talk(
        self, persona_id: int, persona: Character, person: int | None = None, *, realm: str = DISCORD
    ) -> float:
        """How much it wants to talk (to this person), 0…1; .5 is an even character on a usual day."""
        return (await self.state(persona_id, persona, person, realm=realm)).wish

    # --- relationships ------------------------------------------------------------------------------------

    async def relationships(
        self,
        persona: Character,
        *,
        realm: str = DISCORD,
        sort: SortBy = "last_seen",
        descending: bool = True,
        search: str = "",
        limit: int = 200,
        offset: int = 0,
    ) -> People:
        """Everybody who is known, with how it stands with them now, a page at a time."""
        return await self._store.read(
            acquaintances.listed,
            persona.big_five,
            realm,
            self._clock.now(),
            sort,
            descending,
            search.strip(),
            slice(offset, offset + limit),
        )

    async def bond(self, persona: Character, person_id: int) -> Bond | None:
        """How it stands with one person now, by their row id; None when they are unknown."""
        return await self._store.run(acquaintances.bond, persona.big_five, person_id, self._clock.now())

    async def history(self, person_id: int, since: datetime | None = None, limit: int = 1000) -> list[Change]:
        """What changed with a person and why: the newest `limit` steps, oldest first."""
        return await self._store.read(acquaintances.changes, person_id, since, limit)

    async def set_relationship(
        self, persona: Character, person_id: int, metric: str, value: float
    ) -> Metrics:
        """The host sets a value; it holds from now on, in the very next reply, and settles as any other.

        Raises:
            SettingUnknown: there is no such value. SettingInvalid: it lies outside the scale.
            PersonUnknown: nobody of that id is kept.
        """
        if metric not in Metrics._fields:
            raise SettingUnknown(key=metric)
        low, high = getattr(relationship.LOWEST, metric), getattr(relationship.HIGHEST, metric)
        _check(describe.METRICS[metric], value, low, high)
        return await self._host_sets(persona, person_id, {metric: value}, history.HOST_SET.key)

    async def reset(self, persona: Character, person_id: int) -> Metrics:
        """The host sets everything with a person back to where it begins; the history stays and says so."""
        fresh = relationship.baseline(persona.big_five)._asdict()
        return await self._host_sets(persona, person_id, fresh, history.HOST_RESET.key)

    async def put_back(self, persona: Character, person_id: int, before: Metrics) -> Metrics:
        """The host takes an edit or a reset back: everything is as it was before it; the history says so.

        Raises:
            PersonUnknown: nobody of that id is kept.
        """
        wanted = relationship.within(before)._asdict()
        return await self._host_sets(persona, person_id, wanted, history.HOST_TOOK_BACK.key)

    async def _host_sets(
        self, persona: Character, person_id: int, wanted: Mapping[str, float], cause: str
    ) -> Metrics:
        set_now = await self._store.run(
            acquaintances.host_sets, persona.big_five, person_id, wanted, cause, self._clock.now()
        )
        if set_now is None:
            raise PersonUnknown
        after, realm = set_now
        self._bus.publish(FeelingsChanged(0, realm, person_id))
        return after

    # --- mood, needs, the day -----------------------------------------------------------------------------

    async def timeline(
        self,
        persona_id: int,
        since: datetime,
        until: datetime,
        *,
        realm: str = DISCORD,
        limit: int = 5000,
    ) -> list[Point]:
        """Every moment that moved the mood, oldest first; `curve` has what lies between."""
        kept = await self._store.read(moods.timeline, persona_id, realm, since, until, limit)
        return [history.point(each) for each in kept]

    async def curve(
        self,
        persona_id: int,
        persona: Character,
        since: datetime,
        until: datetime,
        step: timedelta,
        *,
        realm: str = DISCORD,
    ) -> list[Sample]:
        """The mood as it moved, at every moment of the timeline and every `step` between, for drawing."""
        home = (await self.state(persona_id, persona, realm=realm)).home
        return await self._store.read(reflection.curve, persona_id, realm, home, since, until, step)

    async def needs(self, persona_id: int, persona: Character, *, realm: str = DISCORD) -> Needs:
        """How well each need is met now, 0…1."""
        return (await self.state(persona_id, persona, realm=realm)).needs

    async def set_need(
        self, persona_id: int, persona: Character, name: str, value: float, *, realm: str = DISCORD
    ) -> None:
        """The host sets a need, 0…1.

        Raises:
            SettingUnknown, SettingInvalid
        """
        if name not in Needs._fields:
            raise SettingUnknown(key=name)
        _check(describe.NEEDS[name], value, 0, 1)
        await self._store.run(reaction.set_need, self._moment(persona_id, persona, realm), name, value)
        self._bus.publish(FeelingsChanged(persona_id, realm))

    async def daily(self, persona_id: int, persona: Character) -> DailyMood:
        """The day's numbers; draws them on the first look of a day."""
        return await self._store.run(heart.today, self._moment(persona_id, persona, DISCORD))

    async def set_daily(self, persona_id: int, persona: Character, name: str, value: int) -> None:
        """The host sets one of the day's numbers, 0–10; the very next reply reads it.

        Args:
            name: `anger`, `joy`, `sadness`, `energy` or `talkativeness`, with or without `daily_mood_`.

        Raises:
            SettingUnknown, SettingInvalid
        """
        short = name.removeprefix(daily.PREFIX)
        if short not in DailyMood._fields:
            raise SettingUnknown(key=name)
        _check(describe.DAILY[short], value, daily.LOWEST, daily.HIGHEST)
        moment = self._moment(persona_id, persona, DISCORD)
        await self._store.run(heart.set_daily, moment, short, daily.whole(value))
        self._bus.publish(FeelingsChanged(persona_id, DISCORD))

    async def draw_day(self, persona_id: int, persona: Character, seed: int | None = None) -> DailyMood:
        """Draw today's mood anew, from chance or from a seed, in place of what there was."""
        moment = self._moment(persona_id, persona, DISCORD)
        drawn = await self._store.run(heart.draw_day, moment, moment.seed() if seed is None else seed)
        self._bus.publish(FeelingsChanged(persona_id, DISCORD))
        return drawn

    # --- quirks -------------------------------------------------------------------------------------------

    async def quirks(self, persona_id: int, persona: Character) -> list[Quirk]:
        """The persona's quirks and how strong they are, in the persona's order."""
        found = await self._store.run(kept_quirks.strengths, persona_id)
        return [Quirk(text, found.get(text, quirks.START)) for text in persona.quirks]

    async def quirk_changes(self, persona_id: int, limit: int = 200) -> list[QuirkChange]:
        """What changed with the quirks and why, newest first."""
        return await self._store.run(reflection.changes, persona_id, limit)

    async def set_quirk(self, persona_id: int, text: str, strength: float) -> None:
        """The host sets how strong a quirk is, 0…1.

        Raises:
            SettingInvalid
        """
        _check(T("Strength"), strength, 0, 1)
        await self._store.run(reflection.set_quirk, persona_id, text, strength, self._clock.now())
        self._bus.publish(FeelingsChanged(persona_id, DISCORD))

    async def undo_quirk(self, persona_id: int, change_id: int) -> bool:
        """Take a change of a quirk back. False when it is gone, or was taken back before."""
        undone = await self._store.run(kept_quirks.undo, persona_id, change_id, self._clock.now())
        if undone:
            self._bus.publish(FeelingsChanged(persona_id, DISCORD))
        return undone

    async def reflect(
        self, persona_id: int, persona: Character, evidence: Mapping[str, Evidence] | None = None
    ) -> list[Grown]:
        """The nightly look at the last 24 hours: quirks grow or fade, and old timelines are thinned.

        Args:
            evidence: what a model made of the day, by the quirk's text; None counts shared words.
        """
        at = self._clock.now()
        changes = await self._store.run(reflection.reflect, persona_id, persona.quirks, evidence, at)
        await self._store.run(reflection.thin, at)
        if changes:
            self._bus.publish(FeelingsChanged(persona_id, DISCORD))
        return changes

    def _moment(self, persona_id: int, persona: Character, realm: str) -> Moment:
        at = self._clock.now()
        today = at.astimezone(self._zone).date()
        return Moment(persona_id, persona, str(realm), at, today, partial(self._chance.getrandbits, 32))


def _check(label: Text, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise SettingInvalid(label=label, value=value, allowed=f"{low:g} – {high:g}")

"""A bot with feelings on a clock that stands still, and people who talk to it."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from random import Random

from core.clock import VirtualClock
from core.events import Bus, Event
from core.feelings.appraisal import Appraisal, Mark, Who
from core.feelings.emotions import Emotion, Felt
from core.feelings.life import Feelings
from core.feelings.state import Bond, Heard, State
from core.persona.identity import BigFive, KeptPersona, Persona, Personas
from db import messages, people
from db.messages import StoredMessage
from db.store import Store

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
CHANNEL = 7


def _from_sender(kind: float, *felt: Felt, marks: tuple[Mark, ...] = ()) -> Appraisal:
    return Appraisal(kind, kind, agent=Who.SENDER, target=Who.ME, emotions=felt, marks=frozenset(marks))


INSULT = _from_sender(-0.8, Felt(Emotion.ANGER, 0.8), Felt(Emotion.REPROACH, 0.5), marks=(Mark.INSULT,))
PRAISE = _from_sender(0.7, Felt(Emotion.JOY, 0.6), Felt(Emotion.GRATITUDE, 0.5), marks=(Mark.PRAISE,))
APOLOGY = _from_sender(0.2, Felt(Emotion.RELIEF, 0.3), marks=(Mark.APOLOGY,))
TALK = Appraisal()
TRAITS = BigFive(openness=0.2, conscientiousness=0.1, extraversion=0.1, agreeableness=0.2, neuroticism=0.0)


class InnerLife:
    """Make one with `InnerLife.begin`; people are known by their ids on the platform."""

    def __init__(self, store: Store, zone: tzinfo, seed: int) -> None:
        self.store = store
        self.clock = VirtualClock(NOON)
        self.bus = Bus()
        self.heard: list[Event] = []
        self.bus.listen(Event, self.heard.append)
        self.feelings = Feelings(store, self.bus, self.clock, Random(seed), zone)
        self.kept: KeptPersona
        self._ids = itertools.count(1000)

    @classmethod
    async def begin(
        cls, folder: Path, *, zone: tzinfo = UTC, seed: int = 1, traits: BigFive = TRAITS
    ) -> InnerLife:
        life = cls(await Store.open(folder / "data" / "echodeck.db", bytes(range(32))), zone, seed)
        life.kept = await life.persona("Robin", traits)
        return life

    async def persona(self, name: str, traits: BigFive = TRAITS) -> KeptPersona:
        one = Persona(name=name, big_five=traits, quirks=("Names every machine.", "Whistles sea songs."))
        return await Personas(self.store, Bus(), self.clock).add(one)

    def pass_by(self, **time: float) -> None:
        self.clock.step(timedelta(**time).total_seconds())

    async def hear(
        self,
        who: int,
        appraisal: Appraisal | None = TALK,
        text: str = "hello there",
        *,
        to_me: bool = True,
        realm: str = "discord",
        name: str = "",
        persona: KeptPersona | None = None,
        number: int | None = None,
    ) -> State:
        """Somebody writes, and the bot takes it in."""
        number = next(self._ids) if number is None else number
        name = name or f"Person {who}"
        await self.store.run(people.meet, realm, who, 1, name, False, self.clock.now())
        line = StoredMessage(realm, number, 1, CHANNEL, who, name, False, False, text, None, self.clock.now())
        await self.store.run(messages.record, line)
        being = persona or self.kept
        heard = Heard(realm, number, who, CHANNEL, text, to_me)
        return await self.feelings.react(being.id, being.persona, heard, appraisal)

    async def says(self, text: str) -> None:
        """The bot writes."""
        line = StoredMessage(
            "discord", next(self._ids), 1, CHANNEL, 99, "Robin", True, True, text, None, self.clock.now()
        )
        await self.store.run(messages.record, line)

    async def now(self, who: int | None = None, *others: int, realm: str = "discord") -> State:
        return await self.feelings.state(self.kept.id, self.kept.persona, who, others, realm=realm)

    async def bond(self, who: int, realm: str = "discord") -> Bond:
        bond = (await self.now(who, realm=realm)).bond
        assert bond is not None
        return bond

    async def row(self, who: int, realm: str = "discord") -> int:
        person = await self.store.run(people.find, realm, who)
        assert person is not None
        return person.row_id

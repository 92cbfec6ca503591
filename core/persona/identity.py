"""Who the bot is: the persona, and where personas are kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from core.clock import Clock
from core.errors import PersonaInvalid, PersonaUnknown
from core.events import Bus, PersonaChanged
from db import personas, servers, state
from db.base import Database
from db.store import Store

SAMPLES = Path(__file__).resolve().parent.parent.parent / "resources" / "personas"
_ACTIVE = "active_persona"
_DISCORD = "discord"

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Nickname = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]
Lean = Annotated[float, Field(ge=-1, le=1)]


class BigFive(BaseModel):
    """The five traits, each −1…1: openness, conscientiousness, extraversion, agreeableness, neuroticism."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    openness: Lean = 0.0
    conscientiousness: Lean = 0.0
    extraversion: Lean = 0.0
    agreeableness: Lean = 0.0
    neuroticism: Lean = 0.0


class Persona(BaseModel):
    """Who the bot is.

    Attributes:
        name: what it is called. nicknames: what else it answers to.
        traits: a word or two each. lore: what happened to it and where it lives.
        quirks: facts and habits. style: how it writes. examples: lines it might write.
        never: lines it must not write, nor anything like them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    nicknames: tuple[
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)], ...
    ] = ()
    summary: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    traits: Annotated[tuple[Line, ...], Field(max_length=40)] = ()
    lore: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    quirks: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    style: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    examples: Annotated[tuple[Line, ...], Field(max_length=60)] = ()
    never: Annotated[tuple[Line, ...], Field(max_length=60)] = ()
    big_five: BigFive = BigFive()

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Read a persona from plain values.

        Raises:
            PersonaInvalid: with the first field that does not fit, in words.
        """
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            first = error.errors()[0]
            where = " ".join(str(step + 1 if isinstance(step, int) else step) for step in first["loc"])
            raise PersonaInvalid(detail=f"{where}: {first['msg']}") from error


@dataclass(frozen=True, slots=True)
class KeptPersona:
    """A persona with its id in the store.

    Attributes:
        title: what the host tells it apart by where several have one name; "" where its name will do.
    """

    id: int
    persona: Persona
    archived: bool = False
    title: str = field(default="", compare=False)

    @property
    def shown(self) -> str:
        """What it is called in a list of personas, on one line."""
        return " ".join((self.title or self.persona.name).split())


class Personas:
    """The personas of this host. Everything is read at the moment it is asked for."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock

    async def every(self) -> list[KeptPersona]:
        """All personas that are not archived, by name; those of one name with a title each."""
        return await self._store.run(_every)

    async def get(self, persona_id: int) -> KeptPersona:
        """One persona.

        Raises:
            PersonaUnknown: it is gone.
        """
        row = await self._store.run(personas.get, persona_id)
        if row is None:
            raise PersonaUnknown(name=str(persona_id), known=await self._known_names())
        return _kept(row)

    async def active(self) -> KeptPersona | None:
        """Who the bot is being, or None before anybody was chosen."""
        chosen = await self._store.run(state.get, state.State, _ACTIVE)
        every = await self.every()
        return next((kept for kept in every if kept.id == chosen), every[0] if every else None)

    async def choose(self, persona_id: int) -> None:
        """Be this persona from the next turn on."""
        await self.get(persona_id)
        await self._store.run(state.put, state.State, _ACTIVE, persona_id, self._clock.now())
        self._bus.publish(PersonaChanged(persona_id))

    async def add(self, persona: Persona) -> KeptPersona:
        """Keep a new persona."""
        row_id = await self._store.run(
            personas.add, persona.name, persona.model_dump_json(), self._clock.now()
        )
        self._bus.publish(PersonaChanged(row_id))
        return KeptPersona(row_id, persona)

    async def change(self, persona_id: int, persona: Persona) -> None:
        """Replace a persona; the very next reply reads it.

        Raises:
            PersonaUnknown: it is gone.
        """
        document = persona.model_dump_json()
        at = self._clock.now()
        if not await self._store.run(personas.change, persona_id, persona.name, document, at):
            raise PersonaUnknown(name=persona.name, known=await self._known_names())
        self._bus.publish(PersonaChanged(persona_id))

    async def revise(self, persona_id: int, revised: Callable[[Persona], Persona]) -> Persona:
        """Change a persona by what it is at this moment, so that two who change it at once lose nothing.

        Args:
            revised: answers the new persona; runs on the database thread, and what it raises is raised here.

        Returns:
            The persona as it was before.

        Raises:
            PersonaUnknown: it is gone or was put away.
        """
        before = await self._store.run(_revise, persona_id, revised, self._clock.now())
        if before is None:
            raise PersonaUnknown(name=str(persona_id), known=await self._known_names())
        self._bus.publish(PersonaChanged(persona_id))
        return before

    async def archive(self, persona_id: int, archived: bool = True) -> None:
        """Put a persona away, or (`archived=False`) take it out again."""
        await self._store.run(personas.archive, persona_id, archived, self._clock.now())
        self._bus.publish(PersonaChanged(persona_id))

    async def _known_names(self) -> str:
        return ", ".join(kept.persona.name for kept in await self.every()) or "-"


def samples() -> list[Persona]:
    """The sample personas that ship with the app, by name."""
    return [
        Persona.parse(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(SAMPLES.glob("*.json"))
    ]


def sample(name: str) -> Persona:
    """A sample persona by its name, in any casing.

    Raises:
        PersonaUnknown: there is none of that name.
    """
    known = samples()
    for persona in known:
        if persona.name.casefold() == name.casefold():
            return persona
    raise PersonaUnknown(name=name, known=", ".join(persona.name for persona in known))


def _revise(
    db: Database, persona_id: int, revised: Callable[[Persona], Persona], at: datetime
) -> Persona | None:
    row = personas.get(db, persona_id)
    if row is None or row.archived:
        return None
    before = _kept(row).persona
    after = revised(before)
    personas.change(db, persona_id, after.name, after.model_dump_json(), at)
    return before


def _every(db: Database) -> list[KeptPersona]:
    found = [_kept(row) for row in personas.every(db)]
    alike = Counter(kept.persona.name.casefold() for kept in found)
    if len(alike) == len(found):
        return found
    homes = servers.homes(db, _DISCORD)
    taken: Counter[str] = Counter()

    def titled(kept: KeptPersona) -> KeptPersona:
        if alike[kept.persona.name.casefold()] == 1:
            return kept
        home = homes.get(kept.id)
        title = f"{kept.persona.name} · {home}" if home else kept.persona.name
        taken[title.casefold()] += 1
        number = taken[title.casefold()]
        return replace(kept, title=f"{title} ({number})" if number > 1 else title)

    in_time = {kept.id: titled(kept) for kept in sorted(found, key=lambda kept: kept.id)}
    return [in_time[kept.id] for kept in found]


def _kept(row: personas.StoredPersona) -> KeptPersona:
    return KeptPersona(row.row_id, Persona.parse(json.loads(row.document)), row.archived)

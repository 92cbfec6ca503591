"""What belongs to a persona beside its document: lorebook, picture, and the card it came with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.clock import Clock
from core.errors import PersonaUnknown
from core.events import Bus, PersonaChanged
from core.persona.identity import KeptPersona, Persona
from db import persona_access, persona_files, personas
from db.base import Database
from db.persona_files import BOOK, CARD, PICTURE
from db.store import Store

Values = Mapping[str, Any]


class Belongings:
    """Keeps them. Everything is read at the moment it is asked for."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock

    async def book(self, persona_id: int) -> dict[str, Any] | None:
        """A persona's lorebook as plain values (a card's `character_book`), or None."""
        return await self._values(persona_id, BOOK)

    async def card(self, persona_id: int) -> dict[str, Any] | None:
        """The card a persona came with, as plain values, or None."""
        return await self._values(persona_id, CARD)

    async def picture(self, persona_id: int) -> bytes | None:
        """A persona's picture as a PNG, or None."""
        return await self._store.read(persona_files.get, persona_id, PICTURE)

    async def pictures(self) -> dict[int, bytes]:
        """All pictures, by persona."""
        return await self._store.read(persona_files.pictures)

    async def add(
        self,
        persona: Persona,
        *,
        book: Values | None = None,
        card: Values | None = None,
        picture: bytes | None = None,
    ) -> KeptPersona:
        """Keep a new persona with all that belongs to it."""
        files = {BOOK: _written(book), CARD: _written(card), PICTURE: picture}
        row_id = await self._store.run(_add, persona, files, self._clock.now())
        self._bus.publish(PersonaChanged(row_id))
        return KeptPersona(row_id, persona)

    async def change(self, persona_id: int, persona: Persona, book: Values | None) -> None:
        """Replace a persona and its lorebook together; the very next reply reads both.

        Raises:
            PersonaUnknown: it is gone.
        """
        files = {BOOK: _written(book)}
        if not await self._store.run(_change, persona_id, persona, files, self._clock.now()):
            raise PersonaUnknown(name=persona.name, known="-")
        self._bus.publish(PersonaChanged(persona_id))

    async def keep_picture(self, persona_id: int, picture: bytes | None) -> None:
        """Give a persona another picture (a PNG), or none."""
        await self._store.run(persona_files.put, persona_id, PICTURE, picture, self._clock.now())
        self._bus.publish(PersonaChanged(persona_id))

    async def copy(self, persona_id: int, persona: Persona) -> KeptPersona:
        """Keep `persona` as a new one, with copies of all that belongs to another; it is open to whom that
        one is open to."""
        row_id = await self._store.run(_copy, persona_id, persona, self._clock.now())
        self._bus.publish(PersonaChanged(row_id))
        return KeptPersona(row_id, persona)

    async def put_away(self) -> list[KeptPersona]:
        """The personas that were put away, by name."""
        every = await self._store.read(personas.every, True)
        return [
            KeptPersona(row.row_id, Persona.parse(json.loads(row.document)), True)
            for row in every
            if row.archived
        ]

    async def _values(self, persona_id: int, kind: str) -> dict[str, Any] | None:
        content = await self._store.read(persona_files.get, persona_id, kind)
        return None if content is None else await asyncio.to_thread(json.loads, content)


def _written(values: Values | None) -> bytes | None:
    """Plain values as they are kept; torn surrogates stay what they are, as escapes."""
    return None if values is None else json.dumps(values, allow_nan=False).encode("ascii")


def _add(db: Database, persona: Persona, files: Mapping[str, bytes | None], at: datetime) -> int:
    row_id = personas.add(db, persona.name, persona.model_dump_json(), at)
    _put(db, row_id, files, at)
    return row_id


def _change(
    db: Database, persona_id: int, persona: Persona, files: Mapping[str, bytes | None], at: datetime
) -> bool:
    if not personas.change(db, persona_id, persona.name, persona.model_dump_json(), at):
        return False
    _put(db, persona_id, files, at)
    return True


def _copy(db: Database, persona_id: int, persona: Persona, at: datetime) -> int:
    files = {kind: persona_files.get(db, persona_id, kind) for kind in persona_files.KINDS}
    row_id = _add(db, persona, files, at)
    if (access := persona_access.get(db, persona_id)) is not None:
        persona_access.put(db, replace(access, persona_id=row_id))  # a copy lets in nobody who was kept out
    return row_id


def _put(db: Database, persona_id: int, files: Mapping[str, bytes | None], at: datetime) -> None:
    for kind, content in files.items():
        persona_files.put(db, persona_id, kind, content, at)

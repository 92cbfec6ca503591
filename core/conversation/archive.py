"""The archive for whoever reads back: places, and each transcript with what became of every message."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from core.words import T
from db import places, transcripts
from db.base import Database
from db.places import PlaceLine
from db.store import Store
from db.transcripts import TranscriptLine

__all__ = ["TAIL", "TOGETHER", "Archive", "PlaceLine", "PlacesSought", "TranscriptLine"]

TAIL = 64
# Why the earlier messages of a burst have no reply of their own; nothing a reader has to be told.
TOGETHER = T("part of the same burst as {who}'s next message", who="").key


@dataclass(frozen=True, slots=True)
class PlacesSought:
    """Which places are wanted.

    Attributes:
        words: every one of them stands in the name of the place or of its server.
        who: somebody wrote there who was ever seen under a name that holds this.
    """

    realm: str
    words: str = ""
    who: str = ""


class Archive:
    """Reads back what was said. Nothing of it is changed or kept."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def realms(self) -> list[str]:
        """The realms something was said in."""
        return await self._store.read(transcripts.realms)

    async def places(self, sought: PlacesSought) -> list[PlaceLine]:
        """All places, the one written in last first."""
        return await self.place_lines(sought.realm, await self.place_order(sought))

    async def latest_places(self, sought: PlacesSought, most: int = TAIL) -> list[PlaceLine]:
        """The first places, at once; how many there are in all, `place_order` knows. With words or a name
        sought it waits for those."""
        if sought.words.strip() or sought.who.strip():
            return await self.place_lines(sought.realm, (await self.place_order(sought))[:most])
        return await self._store.read(_latest, sought.realm, most)

    async def place_order(self, sought: PlacesSought) -> array[int]:
        """The channel ids of all that are sought, the one written in last first."""
        words, who = tuple(sought.words.split()), sought.who.strip()
        return await self._store.read(places.order, sought.realm, words, who)

    async def place_lines(self, realm: str, channel_ids: Sequence[int]) -> list[PlaceLine]:
        """These places; those in which nothing is left are left out."""
        return await self._store.read(places.lines, realm, channel_ids)

    async def tail(self, place: PlaceLine, most: int = TAIL) -> list[TranscriptLine]:
        """The last lines of a place, oldest first."""
        return await self._store.read(transcripts.tail, place.realm, place.channel_id, most)

    async def order(self, place: PlaceLine) -> array[int]:
        """The row ids of all its messages, oldest first."""
        return await self._store.read(transcripts.order, place.realm, place.channel_id)

    async def lines(self, row_ids: Sequence[int]) -> list[TranscriptLine]:
        """These lines of one place; those that are gone are left out."""
        return await self._store.read(transcripts.lines, row_ids)

    async def where(self, message_row_id: int) -> tuple[str, int] | None:
        """Realm and channel of a message; None when it is gone."""
        return await self._store.read(transcripts.place_of, message_row_id)


def _latest(db: Database, realm: str, most: int) -> list[PlaceLine]:
    return places.lines(db, realm, places.latest(db, realm, most))

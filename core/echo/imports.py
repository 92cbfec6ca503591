"""A person's own messages from a file of theirs: Discord's data package, or a chat export as JSON or CSV.

Nothing is unpacked on the disk; what is read is bounded by what was really read, not by what the file says of
itself. Of other people's messages in an export nothing is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from core.clock import Clock
from core.echo.consent import Consent, require_live
from core.echo.exports import FileMessage, owner_of, read_file
from core.echo.names import Names
from core.echo.quoting import Heard, own_words
from core.echo.refusals import FileOfSomebodyElse
from db import echo_messages
from db.base import Database
from db.echo_messages import StoredOwn
from db.store import Store

_AT_ONCE = 500


class Importing:
    """Reads files for a live consent."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def owner(self, path: Path) -> tuple[int, str] | None:
        """Whose data package it is: platform id and name; None where it does not say. Reads nothing else."""
        return await asyncio.to_thread(owner_of, path)

    async def read(self, consent_id: int, path: Path, called: Sequence[str] = ()) -> int:
        """Keep the person's messages of a file; answers how many are new.

        Args:
            called: what the person is called in a chat export that holds no ids.

        Raises:
            ConsentMissing, FileUnreadable, FileOfSomebodyElse
        """
        consent = await self._store.run(require_live, consent_id, self._clock.now())
        names = await Names.known(self._store, consent)
        found = await asyncio.to_thread(_own, path, consent, tuple(called), names)
        new = 0
        for first in range(0, len(found), _AT_ONCE):
            some = found[first : first + _AT_ONCE]
            new += await self._store.run(_keep, consent_id, some, self._clock.now())
        return new


def _own(path: Path, consent: Consent, called: tuple[str, ...], names: Names) -> list[StoredOwn]:
    """The newest messages of the person's before the day they agreed to, cleaned."""
    owner = owner_of(path)
    if owner is not None and consent.subject_id and owner[0] != consent.subject_id:
        raise FileOfSomebodyElse(name=path.name)
    mine = {name.casefold() for name in (*called, consent.subject_name) if name}
    heard = Heard()
    own: list[FileMessage] = []
    for message in read_file(path):
        if _is_own(message, consent, mine):
            own.append(message)
        else:
            names.met([message.author_name], message.names)
            heard.add([message.text])
    if not own:
        raise FileOfSomebodyElse(name=path.name)
    newest = sorted((each for each in own if _sent(each) < consent.cutoff), key=_sent)[-consent.most :]
    cleaner = names.cleaner()
    return [
        StoredOwn(each.id, each.channel_id, _sent(each), cleaner.clean(own_words(each.text, heard)))
        for each in newest
    ]


def _is_own(message: FileMessage, consent: Consent, mine: set[str]) -> bool:
    if message.author_id is None and not message.author_name:
        return True  # a data package holds nobody else's
    if message.author_id is not None and consent.subject_id:
        return message.author_id == consent.subject_id
    return message.author_name.casefold() in mine


def _sent(message: FileMessage) -> datetime:
    return message.sent_at or datetime(2015, 1, 2, tzinfo=UTC)


def _keep(db: Database, consent_id: int, found: Sequence[StoredOwn], now: datetime) -> int:
    consent = require_live(db, consent_id, now)
    room = max(0, consent.most - echo_messages.count(db, consent_id))
    return echo_messages.keep(db, consent_id, found[:room])

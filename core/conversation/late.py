"""What a missing model left unanswered is answered when it is back, while somebody may still be waiting.

One reply to a channel: to the newest message there whose turn failed over the model. Where somebody was
answered since, it stays as it is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.conversation.desk import Desk
from core.conversation.line import RESUME_WITHIN, Line
from core.conversation.message import Door, Realm
from core.conversation.record import incoming
from core.errors.brains import BrainBroke, BrainStalled, OllamaMissing
from core.events import HealthChanged
from db import messages, turns
from db.faults import StoreFault
from db.turns import StoredTurn

log = logging.getLogger(__name__)

_ITS_FAULT = {error.sentence for error in (OllamaMissing, BrainBroke, BrainStalled)}


@asynccontextmanager
async def open_doors(line: Line, desk: Desk) -> AsyncIterator[dict[Realm, Door]]:
    """The doors that are open, by realm, for whoever opens and closes them; until the end what was left at
    Discord's is answered when the model comes back."""
    doors: dict[Realm, Door] = {}
    work: set[asyncio.Task[None]] = set()
    was_away = False

    def changed(event: HealthChanged) -> None:
        nonlocal was_away
        if event.part != "brain":
            return
        if event.trouble is None and was_away and (door := doors.get(Realm.DISCORD)) is not None:
            task = asyncio.create_task(_catch_up(line, desk, door), name="late answers")
            work.add(task)
            task.add_done_callback(work.discard)
        was_away = event.trouble is not None

    listening = desk.bus.listen(HealthChanged, changed)
    try:
        yield doors
    finally:
        listening.end()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


async def _catch_up(line: Line, desk: Desk, door: Door) -> None:
    since = desk.clock.now() - RESUME_WITHIN
    try:
        left = await desk.store.read(turns.failed_last, Realm.DISCORD, since)
        for turn in filter(_failed_over_the_model, left):
            kept = await desk.store.read(messages.by_platform_id, Realm.DISCORD, turn.message_id)
            if kept is not None and not line.busy(turn.channel_id):
                log.info("what was left while the model was away is answered now")
                await line.again(incoming(kept), door)
    except StoreFault as fault:
        log.warning("what was left could not be answered: %s", type(fault).__name__)


def _failed_over_the_model(turn: StoredTurn) -> bool:
    return turn.reason.get("key") in _ITS_FAULT and not turn.reply

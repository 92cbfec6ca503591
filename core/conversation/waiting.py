"""The messages of one channel that wait for their turn, and the pause before a reply, which whoever is
answered may break off by writing on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from core.clock import Clock
from core.conversation.message import Door, IncomingMessage
from db.turns import StoredTurn

Waiting = tuple[StoredTurn, IncomingMessage, Door]


@dataclass(slots=True)
class Pause:
    """The time a person would take before they post what they have written.

    Attributes:
        may_end: False where the reply is posted whatever happens meanwhile.
        broken_off: it was; the reply is not posted.
    """

    may_end: bool = True
    broken_off: bool = False
    _since: bool = field(default=False, init=False)

    async def take(self, seconds: float, clock: Clock) -> bool:
        """Wait; False when it was broken off."""
        self._since = True
        try:
            await clock.sleep(seconds)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self.broken_off or task is None or task.uncancel() > 0:
                raise  # somebody wants the whole turn to end
            return False
        finally:
            self._since = False
        return True

    def break_off(self, task: asyncio.Task[None]) -> None:
        """End it, if `task` is in it just now."""
        if self._since and self.may_end and not self.broken_off:
            self.broken_off = True
            task.cancel()


class Room:
    """One channel: the messages waiting for their turn, and the task that takes them.

    Attributes:
        answering: the burst that is being answered. pause: before its reply is posted.
        again: turns whose reply was given up because the person it was for wrote on.
    """

    def __init__(self) -> None:
        self.waiting: list[Waiting] = []
        self.answering: list[Waiting] = []
        self.again: set[str] = set()
        self.pause = Pause()
        self.task: asyncio.Task[None] | None = None
        self.since = 0.0
        self.latest = 0.0
        self.left = False

    def heard(self, message: IncomingMessage) -> None:
        """Who is being answered writes on: what was to be posted is given up, once."""
        if self.task is not None and self.answering and self.answering[-1][1].author.id == message.author.id:
            self.pause.break_off(self.task)

    def begin(self) -> None:
        """Take who waits."""
        self.answering, self.waiting = self.waiting, []
        self.pause = Pause(may_end=not self.again)

    def end(self) -> list[Waiting]:
        """The burst was answered, or goes on as part of the next; answers who needs to wait no more."""
        done, self.answering = self.answering, []
        self.again = {turn.id for turn, _, _ in done} if self.pause.broken_off else set()
        if self.pause.broken_off:
            self.waiting = done + self.waiting
            return []
        return done

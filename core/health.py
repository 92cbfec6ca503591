"""Watches over what Echodeck stands on, and notices when it is back: Ollama that was restarted, a disk that
has room again, a computer that slept.

Nothing is asked all the time. A part is looked at when something went wrong (a reply failed, a setting
changed, the computer woke up), once a minute while all is well, and every few seconds only while it is not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from core.clock import Clock
from core.events import Bus, Event, HealthChanged, Notice, SettingChanged, TurnEnded, WokeUp
from core.words import Text

log = logging.getLogger(__name__)

CALM_S = 60.0
TROUBLED_S = 3.0
PROBE_WITHIN_S = 10.0
BEAT_S = 2.0
ASLEEP_S = 15.0  # how late a beat must be to have been slept through


@dataclass(frozen=True, slots=True)
class Part:
    """Something that Echodeck stands on.

    Attributes:
        name: as in HealthChanged. probe: answers what is wrong, in a sentence, or None.
        back: the sentence that is said when it is back.
    """

    name: str
    probe: Callable[[], Awaitable[Text | None]]
    back: Text


class Health:
    """Watches while it is open (`async with`).

    Args:
        awake: False watches nothing.

    Attributes:
        troubles: what is wrong now, by the part's name.
    """

    def __init__(self, bus: Bus, clock: Clock, parts: Sequence[Part], *, awake: bool = True) -> None:
        self._bus = bus
        self._clock = clock
        self._awake = awake
        self._parts = parts
        self._looks = {part.name: asyncio.Event() for part in parts}
        self._tasks: list[asyncio.Task[None]] = []
        self.troubles: dict[str, Text] = {}
        self._known: set[str] = set()
        self._listening = [
            bus.listen(TurnEnded, self._turn_ended),
            bus.listen(SettingChanged, lambda _changed: self.look()),
            bus.listen(WokeUp, lambda _woke: self.look()),
        ]

    async def __aenter__(self) -> Health:
        if not self._awake:
            return self
        watching = [self._watch(part) for part in self._parts]
        self._tasks = [
            asyncio.create_task(work, name=f"health {number}")
            for number, work in enumerate((self._watch_clock(), *watching))
        ]
        return self

    async def __aexit__(self, *raised: object) -> None:
        for subscription in self._listening:
            subscription.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def look(self) -> None:
        """Look at everything now."""
        for wanted in self._looks.values():
            wanted.set()

    def _turn_ended(self, ended: TurnEnded) -> None:
        if ended.failed:
            self.look()

    async def _watch(self, part: Part) -> None:
        wanted = self._looks[part.name]
        while True:
            wanted.clear()
            await self._look_at(part)
            troubled = part.name in self.troubles
            await self._rest(wanted, TROUBLED_S if troubled else CALM_S)

    async def _look_at(self, part: Part) -> None:
        try:
            async with asyncio.timeout(PROBE_WITHIN_S):
                trouble = await part.probe()
        except TimeoutError:
            return  # it is slow, which is not the same as gone: whoever needs it will tell
        except Exception:
            log.exception("looking at %s failed", part.name)
            return
        self._note(part, trouble)

    def _note(self, part: Part, trouble: Text | None) -> None:
        before = self.troubles.get(part.name)
        first = part.name not in self._known
        self._known.add(part.name)
        if trouble is not None:
            self.troubles[part.name] = trouble
        else:
            self.troubles.pop(part.name, None)
        if (before is None) == (trouble is None) and not first:
            return
        self._tell(HealthChanged(part.name, trouble))
        if before is not None and trouble is None:
            log.info("%s is back", part.name)
            self._tell(Notice("good", part.back))
        elif trouble is not None and not first:
            log.warning("%s: %s", part.name, trouble)
            self._tell(Notice("warn", trouble))

    def _tell(self, event: Event) -> None:
        self._bus.publish(event)

    async def _rest(self, wanted: asyncio.Event, seconds: float) -> None:
        """Wait, until somebody wants it looked at."""
        waits = [
            asyncio.create_task(wanted.wait(), name="health is asked"),
            asyncio.create_task(self._clock.sleep(seconds), name="health rests"),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _watch_clock(self) -> None:
        """A beat that comes much too late was slept through. Both clocks are asked: some stand still in
        sleep, and the wall clock is set now and then."""
        while True:
            wall, steady = self._clock.now(), self._clock.monotonic()
            await self._clock.sleep(BEAT_S)
            passed = (self._clock.now() - wall).total_seconds()
            late = max(abs(passed - BEAT_S), self._clock.monotonic() - steady - BEAT_S)
            if late > ASLEEP_S:
                log.info("the computer slept, or its clock jumped: %.0f seconds", late)
                self._tell(WokeUp(late))

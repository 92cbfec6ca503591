"""A practice chat from written lines, on a clock that moves only as the lines say.

    name: text              somebody writes
    name -> other: text     … as a reply to other's last message (`bot` is the persona)
    #channel name: text     … in another channel
    @10m                    the clock moves on (s, m, h, d); prints nothing

`@bot` or `@PersonaName` inside a text is a mention.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

from core.clock import VirtualClock
from core.conversation.line import Line
from core.conversation.message import Place
from core.conversation.practice import PracticeRoom, person_id
from core.errors import LineUnreadable
from core.words import Text, say
from db import turns
from db.store import Store
from db.turns import StoredTurn, TurnState

_REMEMBERED = ("facts", "episodes", "memories")
_UNITS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_WAIT = re.compile(r"@\s*(\d+(?:\.\d+)?)\s*([smhd])$")
_LINE = re.compile(
    r"(?:#(?P<channel>[^\s#]{1,80})\s+)?(?P<name>[^:>\n]{1,80}?)"
    r"(?:\s*->\s*(?P<to>[^:\n]{1,80}?))?\s*:\s?(?P<text>.*)$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line somebody says. `to`: whose last message it answers."""

    name: str
    text: str
    to: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Waited:
    """The clock moves on by `seconds`."""

    seconds: float


def read_line(line: str, number: int) -> Spoken | Waited | None:
    """Understand one line; None for an empty one.

    Raises:
        LineUnreadable: it is neither a wait nor `name: text`.
    """
    line = line.strip()
    if not line:
        return None
    if waited := _WAIT.fullmatch(line):
        return Waited(float(waited[1]) * _UNITS[waited[2]])
    spoken = _LINE.fullmatch(line)
    if spoken is None or not spoken["name"].strip():
        raise LineUnreadable(number=number, line=line[:80])
    to = spoken["to"].strip() if spoken["to"] else None
    return Spoken(spoken["name"].strip(), spoken["text"].strip(), to, spoken["channel"])


@dataclass(slots=True)
class _Pending:
    """A line that waits for the end of its turn."""

    spoken: Spoken
    message_id: int


class ScriptedChat:
    """Plays lines into the practice room and answers one result per line, in order.

    Args:
        gap_s: how far apart the lines are on the virtual clock, in seconds.
    """

    def __init__(
        self, store: Store, line: Line, room: PracticeRoom, clock: VirtualClock, gap_s: float
    ) -> None:
        self._store = store
        self._line = line
        self._room = room
        self._clock = clock
        self._gap_s = gap_s
        self._pending: list[_Pending] = []
        self._last: dict[tuple[int, str], int] = {}
        self._speakers: dict[str, None] = {}

    async def hear(self, line: str, number: int) -> AsyncIterator[dict[str, Any]]:
        """Take the next line; gives the results that are known by now.

        Raises:
            LineUnreadable
        """
        heard = read_line(line, number)
        if isinstance(heard, Waited):
            await self._pass(heard.seconds)
        elif heard is not None:
            await self._speak(heard)
            await self._pass(self._gap_s)
        async for result in self._known():
            yield result

    async def finish(self) -> AsyncIterator[dict[str, Any]]:
        """The end of the input: lets every turn end, gives the remaining results."""
        while self._line.tasks:
            await self._settle()
            due = self._clock.next_due()
            if due is not None:
                self._clock.step(due)
        async for result in self._known():
            yield result

    async def _speak(self, spoken: Spoken) -> None:
        place = self._place(spoken.channel)
        self._speakers[spoken.name] = None
        reply_to = await self._last_of(spoken.to, place) if spoken.to else None
        message = await self._room.say(
            spoken.name,
            spoken.text,
            to_bot=reply_to is None and await self._is_bot(spoken.to),
            reply_to=reply_to,
            place=place,
            speakers=tuple(self._speakers),
        )
        self._last[place.channel_id, spoken.name.casefold()] = message.id
        self._pending.append(_Pending(spoken, message.id))

    def _place(self, channel: str | None) -> Place:
        if channel is None:
            return self._room.place
        return replace(self._room.place, channel_id=person_id(f"#{channel}"), channel_name=channel)

    async def _is_bot(self, name: str | None) -> bool:
        return name is not None and name.casefold() in await self._room.bot_names()

    async def _last_of(self, name: str, place: Place) -> int | None:
        """The id of the last message of `name` here; `bot` and the persona's name mean the bot."""
        if await self._is_bot(name):
            return await self._room.last_own(place)
        return self._last.get((place.channel_id, name.casefold()))

    async def _pass(self, seconds: float) -> None:
        """Let the clock run, stopping wherever somebody is due."""
        left = seconds
        while left > 0:
            await self._settle()
            due = self._clock.next_due()
            step = left if due is None else min(left, due)
            self._clock.step(step)
            left -= step
        await self._settle()

    async def _settle(self) -> None:
        """Until every turn has ended or waits for the clock."""
        while True:
            await asyncio.sleep(0)
            working = {task for task in self._line.tasks if task not in self._clock.parked}
            if not working:
                return
            self._clock.stirred.clear()
            stirred = asyncio.ensure_future(self._clock.stirred.wait())
            try:
                await asyncio.wait({*working, stirred}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                stirred.cancel()

    async def _known(self) -> AsyncIterator[dict[str, Any]]:
        while self._pending:
            turn = await self._store.run(turns.of_message, "practice", self._pending[0].message_id)
            if turn is None or turn.state in (TurnState.RECEIVED, TurnState.READY):
                return
            yield _result(self._pending.pop(0).spoken, turn)


def _mood(felt: dict[str, Any]) -> dict[str, Any] | None:
    if not felt:
        return None
    axes = zip(("pleasure", "arousal", "dominance"), felt["mood"], strict=True)
    return dict(axes) | {name: felt[name] for name in ("octant", "emotions", "needs", "daily")}


def _result(spoken: Spoken, turn: StoredTurn) -> dict[str, Any]:
    tokens = turn.trace.get("tokens", {})
    felt = turn.trace.get("feelings", {})
    return {
        "from": spoken.name,
        "text": spoken.text,
        "reply": turn.reply if turn.state is TurnState.SENT else None,
        "reason": say(Text(turn.reason["key"], turn.reason["params"])),
        "memories": [kept["text"] for part in _REMEMBERED for kept in turn.trace.get(part, ())],
        "mood": _mood(felt),
        "relationship": felt.get("relationship"),
        "model": turn.trace.get("model"),
        "tokens": {name: tokens.get(name, 0) for name in ("prompt", "cached", "completion")},
        "ms": turn.took_ms,
    }

"""The app that `benchmarks.crash` kills: opened as main.py opens it, online at a Discord of the benchmark's
own, with a brain that answers at once. What it acknowledges it tells through a pipe."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from bot.client import DiscordSession
from bot.services import services_of
from core.app import Config, open_app
from core.conversation.line import Line
from core.conversation.message import Door, IncomingMessage, Realm
from core.llm.brain import ChatRequest, Chunk
from core.settings import BURST_SECONDS, CONVERSATION_FILES
from core.stage import cast
from tests.support.fake_brain import FakeBrain
from tests.support.fake_discord import TOKEN
from tests.support.fake_roles import FakeRoles

KEY = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Told:
    """What the app says before it is killed.

    Attributes:
        what: `kept`, `changed`, `forgotten` (each: the write was acknowledged), `rest` (nothing is left to
            do), `error` (something was logged as one).
        id: the message's. text: the message's, or the error's.
    """

    what: str
    id: int = 0
    text: str = ""


class Talker(FakeBrain):
    """Answers after the blink of an eye, never twice with the same words, and every third time at length."""

    def __init__(self, chance: Random) -> None:
        super().__init__(self._reply)
        self._chance = chance

    async def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        await asyncio.sleep(self._chance.uniform(0, 0.02))
        async for chunk in super().chat(request):
            yield chunk

    def _reply(self, request: ChatRequest) -> str:
        fresh = f"{self._chance.getrandbits(64):016x}"
        if self._chance.random() > 1 / 3:
            return f"{fresh}, and the kettle is on"
        return f"{fresh}, first of all{' and so on' * 185}\n\n{fresh}, and in the end the kettle is on"


class TellingLine:
    """The app's line. It tells of a write once the call has returned."""

    def __init__(self, line: Line, pipe: Connection, *, rests: bool) -> None:
        self._line = line
        self._pipe = pipe
        self._rests = rests
        self.survey = line.survey
        self.leave = line.leave

    async def take(self, message: IncomingMessage, door: Door) -> str | None:
        turn_id = await self._line.take(message, door)
        self._pipe.send(Told("kept", message.id, message.text))
        return turn_id

    async def edited(self, realm: Realm, message_id: int, text: str, at: datetime) -> None:
        await self._line.edited(realm, message_id, text, at)
        self._pipe.send(Told("changed", message_id, text))

    async def deleted(self, realm: Realm, message_ids: Sequence[int]) -> None:
        await self._line.deleted(realm, message_ids)
        for message_id in message_ids:
            self._pipe.send(Told("forgotten", message_id))

    async def resume(self, door: Door, realm: Realm) -> None:
        await self._line.resume(door, realm)
        while self._rests and self._line.tasks:
            await asyncio.wait(self._line.tasks)
        if self._rests:
            self._pipe.send(Told("rest"))


class _Errors(logging.Handler):
    """Tells of what was logged as an error."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__(logging.ERROR)
        self._pipe = pipe

    def emit(self, record: logging.LogRecord) -> None:
        detail = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self._pipe.send(Told("error", text=f"{record.name}: {record.getMessage()} {detail[-1500:]}"))


def run(folder: str, api_url: str, gateway_url: str, pipe: Connection, seed: int, rests: bool) -> None:
    """Be the app until somebody kills the process.

    Args:
        rests: say so when nothing of earlier lives is left to do.
    """
    logging.getLogger().addHandler(_Errors(pipe))
    try:
        asyncio.run(_live(Path(folder), api_url, gateway_url, pipe, seed, rests))
    except BaseException as error:
        pipe.send(Told("error", text=f"it ended by itself: {error!r}"))
        raise


async def _live(
    folder: Path, api_url: str, gateway_url: str, pipe: Connection, seed: int, rests: bool
) -> None:
    environ = {
        "ECHODECK_KEY": KEY.hex(),
        "ECHODECK_TOKEN": TOKEN,
        BURST_SECONDS.environment_names[0]: "0",
        CONVERSATION_FILES.environment_names[0]: "true",
    }
    # Turn ids are drawn afresh by every life, as the app's own chance does.
    config = Config(folder, environ, brain="none", pace="instant")
    async with open_app(config) as app:
        app.desk.speaks = True
        app.desk.roles = FakeRoles(Talker(Random(seed)))  # type: ignore[assignment]
        await cast(app, None)
        session = DiscordSession(
            TellingLine(app.line, pipe, rests=rests),
            app.secrets,
            app.bus,
            app.config.clock,
            api_url=api_url,
            gateway_url=gateway_url,
            ready_after_s=0.02,
            services=services_of(app),
        )
        await session.start()
        await asyncio.Event().wait()

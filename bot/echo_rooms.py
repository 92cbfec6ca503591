"""Channels in which an echo talks: what people write there to nobody else is answered by it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

import discord

from bot import bridge
from bot.door import DiscordDoor
from bot.echo_voice import Voice
from bot.house import REALM
from core.clock import Clock
from core.conversation.message import IncomingMessage
from core.echo.echoes import Echoes
from core.echo.refusals import ConsentMissing, EchoRefusal
from core.echo.talk import Silence
from core.errors import EchodeckError, PermissionMissing, explain
from core.events import Bus, Notice

log = logging.getLogger(__name__)

BURST_S = 1.5  # people press return in the middle of a thought


@dataclass
class Room:
    """One channel: what waits for an answer, and the task that sees to it."""

    channel: Any
    waiting: list[IncomingMessage] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


class Rooms:
    """Lets echoes answer, one burst after the other in each channel. `close` breaks off what is under way."""

    def __init__(self, echoes: Echoes, voice: Voice, bus: Bus, clock: Clock) -> None:
        self._echoes = echoes
        self._voice = voice
        self._bus = bus
        self._clock = clock
        self._rooms: dict[int, Room] = {}

    async def hear(self, message: discord.Message, me: discord.abc.User, door: DiscordDoor) -> None:
        """Somebody wrote something; the echo that talks there, if any, will answer it."""
        if not bridge.is_talk(message, me) or message.author.bot or message.guild is None:
            return
        if not message.content or await self._echoes.sessions.in_channel(REALM, message.channel.id) is None:
            return
        if await self._is_for_somebody_else(message):
            return
        heard = bridge.incoming(message, me, None)
        room = self._rooms.setdefault(message.channel.id, Room(message.channel))
        room.waiting.append(heard)
        if room.task is None:
            room.task = asyncio.create_task(
                self._serve(message.channel.id, room, door), name=f"echo in {message.channel.id}"
            )

    async def close(self) -> None:
        """The connection ends: nothing more is answered."""
        tasks = [room.task for room in self._rooms.values() if room.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _is_for_somebody_else(self, message: discord.Message) -> bool:
        """It names somebody, the bot itself too, or answers a message that is not the echo's."""
        answered = await bridge.answered_by(message)
        if answered is not None:
            return not (self._voice.is_mine(answered) or await self._echoes.talk.is_of_an_echo(answered.id))
        return bool(message.mentions)

    async def _serve(self, channel_id: int, room: Room, door: DiscordDoor) -> None:
        try:
            while room.waiting:
                await self._clock.sleep(BURST_S)
                burst, room.waiting = room.waiting, []
                await self._answer(room.channel, burst, door)
        finally:
            self._rooms.pop(channel_id, None)

    async def _answer(self, channel: Any, burst: list[IncomingMessage], door: DiscordDoor) -> None:
        session = await self._echoes.sessions.in_channel(REALM, channel.id)
        if session is None:
            return
        try:
            async with door.typing(burst[-1].place):
                said = await self._echoes.reply(session.id, burst)
            if isinstance(said, Silence):
                log.info("an echo keeps silent: %s", said.reason.key)
                return
            await self._echoes.talk.posted(said, await self._voice.say(channel, said.name, said.text))
        except (ConsentMissing, EchoRefusal) as error:
            log.info("an echo does not answer: %s", type(error).__name__)
        except PermissionMissing as error:
            # It would be refused again at every message, and Discord shuts out who goes on asking.
            await self._echoes.sessions.gone(REALM, channel.id)
            told = explain(error)
            self._bus.publish(Notice("bad", told.what, told.step))
        except EchodeckError as error:
            told = explain(error)
            log.warning("an echo could not answer: %s", type(error).__name__)
            self._bus.publish(Notice("bad", told.what, told.step))

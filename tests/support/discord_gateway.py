"""The fake Discord's gateway: HELLO, IDENTIFY, heartbeats, RESUME with what was missed, opcodes 7 and 9,
close codes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import ClientConnectionResetError, WSMsgType, web

from tests.support.discord_world import FakeGuild, FakeUser

TOKEN = "MTExMTExMTExMTExMTExMTEx.GhostX.notASecretJustAFakeForTests_123456"
BOT_ID = 111_111_111_111_111_111
MESSAGE_CONTENT, MESSAGE_CONTENT_LIMITED = 1 << 18, 1 << 19
MESSAGE_CONTENT_INTENT = 1 << 15
PATIENCE_S = 20  # how long a test waits for something that should be happening


class FakeGateway:
    """The websocket half of `FakeDiscord`.

    Attributes:
        token: the only token that is accepted; set another one and the old one dies.
        flags: the application's flags; with neither message-content bit, IDENTIFY asking for message
            content is closed with 4014.
        identifies, resumes, heartbeats: how often. identified: what IDENTIFY carried.
        presences: what the bot sent as its presence.
        refuse_resume: answers RESUME with an invalid session.
        late: servers that it tells of only when asked to (`tell_of`).
        silent_from: `hello` or `ready`: from there on it says nothing to those who connect.
    """

    gateway_url: str

    def __init__(self) -> None:
        self.token = TOKEN
        self.bot = FakeUser(BOT_ID, "Finn", bot=True)
        self.flags = MESSAGE_CONTENT_LIMITED
        self.guilds: list[FakeGuild] = []
        self.identifies = 0
        self.identified: list[dict[str, Any]] = []
        self.resumes = 0
        self.heartbeats = 0
        self.presences: list[dict[str, Any]] = []
        self.refuse_resume = False
        self.late: list[FakeGuild] = []
        self.silent_from = ""
        self._sockets: set[web.WebSocketResponse] = set()
        self._connected: set[web.WebSocketResponse] = set()
        self._sessions: dict[str, list[dict[str, Any]]] = {}
        self._sequence = 0
        self._news = asyncio.Condition()

    @property
    def connections(self) -> int:
        """How many connections are open, online or not."""
        return len(self._connected)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something about this server is true."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(true)

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Send an event to every session, and keep it for those that are cut off."""
        packet = self._event(event, data)
        for kept in self._sessions.values():
            kept.append(packet)
        for socket in list(self._sockets):
            with suppress(ClientConnectionResetError):  # it is just hanging up; the session keeps the event
                if not socket.closed:
                    await socket.send_str(json.dumps(packet))

    async def send_op(self, op: int, data: Any = None) -> None:
        """Send an opcode: 7 asks to reconnect, 9 says the session is invalid."""
        for socket in list(self._sockets):
            await socket.send_str(json.dumps({"op": op, "d": data}))

    async def tell_of(self, guild: FakeGuild) -> None:
        """A server is there at last."""
        await self.dispatch("GUILD_CREATE", guild.to_json(self.bot))

    async def drop(self, code: int = 4000) -> None:
        """Close every connection with a code (4004: the token died, 4014: intents)."""
        for socket in list(self._connected):
            await socket.close(code=code)
        self._sockets.clear()

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        self._connected.add(socket)
        await self._tell()
        try:
            if self.silent_from != "hello":
                await socket.send_str(json.dumps({"op": 10, "d": {"heartbeat_interval": 41_250}}))
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._hear(socket, json.loads(frame.data))
        finally:
            self._sockets.discard(socket)
            self._connected.discard(socket)
            await self._tell()
        return socket

    async def _hear(self, socket: web.WebSocketResponse, packet: dict[str, Any]) -> None:
        op, data = packet["op"], packet.get("d")
        if op == 1:
            self.heartbeats += 1
            await socket.send_str(json.dumps({"op": 11}))
        elif op == 2:
            await self._identify(socket, data)
        elif op == 3:
            self.presences.append(data)
        elif op == 6:
            await self._resume(socket, data)
        await self._tell()

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def _identify(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> None:
        self.identifies += 1
        self.identified.append(data)
        if data["token"] != self.token:
            await socket.close(code=4004)
            return
        asks_for_text = data["intents"] & MESSAGE_CONTENT_INTENT
        if asks_for_text and not self.flags & (MESSAGE_CONTENT | MESSAGE_CONTENT_LIMITED):
            await socket.close(code=4014)
            return
        if self.silent_from == "ready":
            return
        session = f"session-{self.identifies}"
        self._sessions[session] = []
        ready = {
            "v": 10,
            "user": self.bot.to_json(),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in self.guilds],
            "session_id": session,
            "resume_gateway_url": self.gateway_url,
            "application": {"id": str(self.bot.id), "flags": self.flags},
        }
        await socket.send_str(json.dumps(self._event("READY", ready)))
        for guild in self.guilds:
            if guild not in self.late:
                await socket.send_str(json.dumps(self._event("GUILD_CREATE", guild.to_json(self.bot))))
        self._sockets.add(socket)

    async def _resume(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> None:
        kept = self._sessions.get(data["session_id"])
        if kept is None or self.refuse_resume:
            await socket.send_str(json.dumps({"op": 9, "d": False}))
            return
        self.resumes += 1
        for packet in kept:
            if packet["s"] > data["seq"]:
                await socket.send_str(json.dumps(packet))
        await socket.send_str(json.dumps(self._event("RESUMED", {})))
        self._sockets.add(socket)

    def _event(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        self._sequence += 1
        return {"op": 0, "t": name, "s": self._sequence, "d": data}

"""A small Discord over real sockets, for what simcord cannot do: a token that dies, a connection that
breaks, RESUME, op 7, invalid sessions, rate limits with their headers, presence.

    async with FakeDiscord() as discord:
        guild = discord.add_guild("Harbour")
        ada = discord.add_user("Ada")
        … DiscordSession(…, api_url=discord.api_url, gateway_url=discord.gateway_url) …
        await discord.say(guild.channels[0], ada, f"hi {discord.mention}")
        reply = await discord.next_post()
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import WSMsgType, web

TOKEN = "MTExMTExMTExMTExMTExMTEx.GhostX.notASecretJustAFakeForTests_123456"
BOT_ID = 111_111_111_111_111_111
MESSAGE_CONTENT, MESSAGE_CONTENT_LIMITED = 1 << 18, 1 << 19
MESSAGE_CONTENT_INTENT = 1 << 15


@dataclass
class FakeUser:
    """Somebody on the server."""

    id: int
    name: str
    bot: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "username": self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
        }


@dataclass
class FakeChannel:
    """A text channel, or (without a guild) a direct chat."""

    id: int
    name: str
    guild_id: int | None
    messages: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class FakeGuild:
    """A server with its channels."""

    id: int
    name: str
    channels: list[FakeChannel] = field(default_factory=list)

    def to_json(self, bot: FakeUser) -> dict[str, Any]:
        everyone = {
            "id": str(self.id),
            "name": "@everyone",
            "permissions": str(0x7FFFFFFFFFFF),
            "position": 0,
            "color": 0,
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        }
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": "5",
            "roles": [everyone],
            "emojis": [],
            "stickers": [],
            "features": [],
            "channels": [
                {"id": str(it.id), "type": 0, "name": it.name, "position": 0, "permission_overwrites": []}
                for it in self.channels
            ],
            "members": [{"user": bot.to_json(), "roles": [], "joined_at": _now(), "flags": 0}],
            "threads": [],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "member_count": 3,
            "large": False,
            "unavailable": False,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "preferred_locale": "en-US",
            "system_channel_flags": 0,
            "afk_timeout": 300,
        }


Fault = Callable[[web.Request], Awaitable[web.Response]]


class FakeDiscord:
    """REST and gateway on one port of this computer.

    Attributes:
        token: the only token that is accepted; set another one and the old one dies.
        flags: the application's flags; with neither message-content bit, IDENTIFY asking for message
            content is closed with 4014.
        posts: every message the bot posted, with its nonce and reference. typing: channel ids.
        identifies, resumes: how often. presences: what the bot sent as its presence.
        refuse_resume: answers RESUME with an invalid session.
    """

    def __init__(self) -> None:
        self.token = TOKEN
        self.bot = FakeUser(BOT_ID, "Finn", bot=True)
        self.flags = MESSAGE_CONTENT_LIMITED
        self.guilds: list[FakeGuild] = []
        self.channels: dict[int, FakeChannel] = {}
        self.posts: list[dict[str, Any]] = []
        self.typing: list[int] = []
        self.identifies = 0
        self.resumes = 0
        self.presences: list[dict[str, Any]] = []
        self.refuse_resume = False
        self.heartbeats = 0
        self._ids = (int(datetime.now(UTC).timestamp() * 1000) - 1_420_070_400_000) << 22
        self._faults: list[tuple[str, re.Pattern[str], list[Fault]]] = []
        self._sockets: set[web.WebSocketResponse] = set()
        self._sessions: dict[str, list[dict[str, Any]]] = {}
        self._sequence = 0
        self._news = asyncio.Condition()
        self._seen = 0
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> FakeDiscord:
        app = web.Application()
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_route("*", "/api/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.go_down()

    async def go_down(self) -> None:
        """The network is gone; `come_back` opens the same port again."""
        await self.drop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def come_back(self) -> None:
        """The network is back."""
        await self.__aenter__()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/gateway"

    @property
    def mention(self) -> str:
        return f"<@{self.bot.id}>"

    # --- the world --------------------------------------------------------------------------

    def add_guild(self, name: str, *channels: str) -> FakeGuild:
        """A server the bot is on, with channels (`general` when none are named)."""
        guild = FakeGuild(self._id(), name)
        for channel in channels or ("general",):
            made = FakeChannel(self._id(), channel, guild.id)
            guild.channels.append(made)
            self.channels[made.id] = made
        self.guilds.append(guild)
        return guild

    def add_user(self, name: str, *, bot: bool = False) -> FakeUser:
        """Somebody who can say something."""
        return FakeUser(self._id(), name, bot)

    def direct(self, user: FakeUser) -> FakeChannel:
        """The direct chat with somebody."""
        channel = FakeChannel(self._id(), user.name, None)
        self.channels[channel.id] = channel
        return channel

    async def say(
        self, channel: FakeChannel, user: FakeUser, text: str, *, answers: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Somebody writes; everybody connected hears it."""
        message = self._message(channel, user, text)
        message["mentions"] = [self.bot.to_json()] if self.mention in text else []
        if answers is not None:
            message["type"] = 19
            message["message_reference"] = {"message_id": answers["id"], "channel_id": str(channel.id)}
            message["referenced_message"] = answers
        channel.messages.append(message)
        await self.dispatch("MESSAGE_CREATE", message)
        return message

    async def next_post(self) -> dict[str, Any]:
        """The bot's next message that was not asked for yet, waiting for it if need be."""
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(lambda: len(self.posts) > self._seen)
        self._seen += 1
        return self.posts[self._seen - 1]

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something about this server is true."""
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(true)

    def fail(self, method: str, path: str, *faults: Fault) -> None:
        """Answer the next requests whose path matches with these instead."""
        self._faults.append((method, re.compile(path), list(faults)))

    # --- the gateway ------------------------------------------------------------------------

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Send an event to every session, and keep it for those that are cut off."""
        self._sequence += 1
        packet = {"op": 0, "t": event, "s": self._sequence, "d": data}
        for kept in self._sessions.values():
            kept.append(packet)
        for socket in list(self._sockets):
            if not socket.closed:
                await socket.send_str(json.dumps(packet))

    async def send_op(self, op: int, data: Any = None) -> None:
        """Send an opcode: 7 asks to reconnect, 9 says the session is invalid."""
        for socket in list(self._sockets):
            await socket.send_str(json.dumps({"op": op, "d": data}))

    async def drop(self, code: int = 4000) -> None:
        """Close every connection with a code (4004: the token died, 4014: intents)."""
        for socket in list(self._sockets):
            await socket.close(code=code)
        self._sockets.clear()

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        await socket.send_str(json.dumps({"op": 10, "d": {"heartbeat_interval": 41_250}}))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._hear(socket, json.loads(frame.data))
        finally:
            self._sockets.discard(socket)
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
        async with self._news:
            self._news.notify_all()

    async def _identify(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> None:
        self.identifies += 1
        if data["token"] != self.token:
            await socket.close(code=4004)
            return
        asks_for_text = data["intents"] & MESSAGE_CONTENT_INTENT
        if asks_for_text and not self.flags & (MESSAGE_CONTENT | MESSAGE_CONTENT_LIMITED):
            await socket.close(code=4014)
            return
        session = f"session-{self.identifies}"
        self._sessions[session] = []
        self._sequence += 1
        ready = {
            "v": 10,
            "user": self.bot.to_json(),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in self.guilds],
            "session_id": session,
            "resume_gateway_url": self.gateway_url,
            "application": {"id": str(self.bot.id), "flags": self.flags},
        }
        await socket.send_str(json.dumps({"op": 0, "t": "READY", "s": self._sequence, "d": ready}))
        for guild in self.guilds:
            self._sequence += 1
            packet = {"op": 0, "t": "GUILD_CREATE", "s": self._sequence, "d": guild.to_json(self.bot)}
            await socket.send_str(json.dumps(packet))
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
        self._sequence += 1
        resumed = {"op": 0, "t": "RESUMED", "s": self._sequence, "d": {}}
        await socket.send_str(json.dumps(resumed))
        self._sockets.add(socket)

    # --- REST -------------------------------------------------------------------------------

    async def _rest(self, request: web.Request) -> web.Response:
        path = "/" + request.match_info["path"]
        for method, pattern, faults in self._faults:
            if faults and method == request.method and pattern.search(path):
                return await faults.pop(0)(request)
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        for (method, pattern_text), answer in _ROUTES.items():
            found = re.fullmatch(pattern_text, path)
            if found and method == request.method:
                response = await answer(self, request, *found.groups())
                async with self._news:
                    self._news.notify_all()
                return response
        return _json({"message": "404: Not Found", "code": 0}, status=404)

    async def _me(self, request: web.Request) -> web.Response:
        return _json(self.bot.to_json())

    async def _application(self, request: web.Request) -> web.Response:
        if request.method == "PATCH":
            self.flags = int((await request.json()).get("flags", self.flags))
        return _json(
            {
                "id": str(self.bot.id),
                "name": self.bot.name,
                "icon": None,
                "description": "",
                "summary": "",
                "verify_key": "00",
                "bot_public": False,
                "bot_require_code_grant": False,
                "flags": self.flags,
                "approximate_guild_count": len(self.guilds),
                "owner": FakeUser(5, "Host").to_json(),
                "team": None,
            }
        )

    async def _post(self, request: web.Request, channel_id: str) -> web.Response:
        sent = await request.json()
        channel = self.channels[int(channel_id)]
        nonce = sent.get("nonce")
        for known in self.posts:
            if nonce is not None and sent.get("enforce_nonce") and known.get("nonce") == nonce:
                return _json(known)
        message = self._message(channel, self.bot, sent.get("content", ""))
        message |= {"nonce": nonce, "sent": sent}
        if sent.get("message_reference"):
            message["message_reference"] = sent["message_reference"]
        channel.messages.append(message)
        self.posts.append(message)
        await self.dispatch("MESSAGE_CREATE", {k: v for k, v in message.items() if k != "sent"})
        return _json(message)

    async def _history(self, request: web.Request, channel_id: str) -> web.Response:
        messages = self.channels[int(channel_id)].messages
        limit = int(request.query.get("limit", 50))
        if after := request.query.get("after"):
            messages = [it for it in messages if int(it["id"]) > int(after)][:limit]
        elif before := request.query.get("before"):
            messages = [it for it in messages if int(it["id"]) < int(before)][-limit:]
        else:
            messages = messages[-limit:]
        return _json(messages[::-1])

    async def _typing(self, request: web.Request, channel_id: str) -> web.Response:
        self.typing.append(int(channel_id))
        return web.Response(status=204)

    def _message(self, channel: FakeChannel, user: FakeUser, text: str) -> dict[str, Any]:
        message: dict[str, Any] = {
            "id": str(self._id()),
            "channel_id": str(channel.id),
            "author": user.to_json(),
            "content": text,
            "timestamp": _now(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "flags": 0,
            "components": [],
        }
        if channel.guild_id is not None:
            message["guild_id"] = str(channel.guild_id)
            message["member"] = {"roles": [], "joined_at": _now(), "deaf": False, "mute": False, "flags": 0}
        return message

    def _id(self) -> int:
        self._ids += 1
        return self._ids


_ROUTES: dict[tuple[str, str], Callable[..., Awaitable[web.Response]]] = {
    ("GET", r"/users/@me"): FakeDiscord._me,
    ("GET", r"/oauth2/applications/@me"): FakeDiscord._application,
    ("GET", r"/applications/@me"): FakeDiscord._application,
    ("PATCH", r"/applications/@me"): FakeDiscord._application,
    ("POST", r"/channels/(\d+)/messages"): FakeDiscord._post,
    ("GET", r"/channels/(\d+)/messages"): FakeDiscord._history,
    ("POST", r"/channels/(\d+)/typing"): FakeDiscord._typing,
}


def rate_limited(retry_after_s: float, *, via: bool = True) -> Fault:
    """A 429; with `via` it comes from Discord itself, without from a proxy in front of it."""

    async def answer(request: web.Request) -> web.Response:
        headers = {"Retry-After": str(retry_after_s), "X-RateLimit-Scope": "user"}
        if via:
            headers["Via"] = "1.1 google"
        body = {"message": "You are being rate limited.", "retry_after": retry_after_s, "global": False}
        return _json(body, status=429, headers=headers)

    return answer


def status(code: int, message: str = "") -> Fault:
    """An error of this HTTP status."""

    async def answer(request: web.Request) -> web.Response:
        return _json({"message": message or f"{code}", "code": 0}, status=code)

    return answer


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads JSON only under exactly this content type.
    told = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=told)


def _now() -> str:
    return datetime.now(UTC).isoformat()

"""A small Discord over real sockets, for what simcord cannot do: a token that dies, a connection that
breaks, RESUME, op 7, invalid sessions, rate limits with their headers, presence; and for Qt's loop.

    async with FakeDiscord() as discord:
        guild = discord.add_guild("Harbour")
        ada = discord.add_user("Ada")
        … DiscordSession(…, api_url=discord.api_url, gateway_url=discord.gateway_url) …
        await discord.say(guild.channels[0], ada, f"hi {discord.mention}")
        reply = await discord.next_post()

`tests.support.discord_thread` has the same on a thread and loop of its own, `tests.support.discord_faults`
what can go wrong with a request.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.support.discord_faults import Fault, as_json
from tests.support.discord_gateway import (
    BOT_ID,
    MESSAGE_CONTENT,
    MESSAGE_CONTENT_INTENT,
    MESSAGE_CONTENT_LIMITED,
    TOKEN,
    FakeGateway,
)
from tests.support.discord_world import FakeChannel, FakeGuild, FakeUser, now

__all__ = [
    "BOT_ID",
    "MESSAGE_CONTENT",
    "MESSAGE_CONTENT_INTENT",
    "MESSAGE_CONTENT_LIMITED",
    "TOKEN",
    "FakeChannel",
    "FakeDiscord",
    "FakeGuild",
    "FakeUser",
]

Message = dict[str, Any]


class FakeDiscord(FakeGateway):
    """REST and gateway on one port of this computer (see `FakeGateway` for the gateway's side).

    Attributes:
        posts: every message the bot posted, with its nonce and reference, and in `sent` what it sent.
        typing: ids of the channels it typed in. asked: every request, as `GET /users/@me`.
        commands: what the bot last said that its commands are.
    """

    def __init__(self) -> None:
        super().__init__()
        self.channels: dict[int, FakeChannel] = {}
        self.posts: list[Message] = []
        self.typing: list[int] = []
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.commands: list[dict[str, Any]] = []
        self._unread: list[Message] = []
        self._ids = (int(datetime.now(UTC).timestamp() * 1000) - 1_420_070_400_000) << 22
        self._faults: list[tuple[str, re.Pattern[str], list[Fault]]] = []
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> FakeDiscord:
        app = web.Application()
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_route("*", "/api/{path:.*}", self._rest)
        app.router.add_get("/attachments/{name}", self._file)
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
    def gateway_url(self) -> str:  # type: ignore[override]
        return f"ws://127.0.0.1:{self._port}/gateway"

    @property
    def mention(self) -> str:
        return f"<@{self.bot.id}>"

    # --- the world --------------------------------------------------------------------------

    def add_guild(self, name: str, *channels: str, denied: int = 0) -> FakeGuild:
        """A server the bot is on, with channels (`general` when none are named).

        Args:
            denied: permission bits that nobody has in them.
        """
        guild = FakeGuild(self._id(), name, bot_role_id=self._id())
        for channel in channels or ("general",):
            self._keep(guild, FakeChannel(self._id(), channel, guild.id, denied=denied))
        self.guilds.append(guild)
        return guild

    def add_thread(self, channel: FakeChannel, name: str) -> FakeChannel:
        """A thread in a channel."""
        guild = next(guild for guild in self.guilds if guild.id == channel.guild_id)
        return self._keep(guild, FakeChannel(self._id(), name, guild.id, parent_id=channel.id))

    def add_user(self, name: str, *, bot: bool = False, nick: str | None = None) -> FakeUser:
        """Somebody who can say something."""
        return FakeUser(self._id(), name, bot, nick)

    def direct(self, user: FakeUser) -> FakeChannel:
        """The direct chat with somebody."""
        for channel in self.channels.values():
            if channel.person is not None and channel.person.id == user.id:
                return channel
        channel = FakeChannel(self._id(), user.name, None, person=user)
        self.channels[channel.id] = channel
        return channel

    async def say(
        self,
        channel: FakeChannel,
        user: FakeUser,
        text: str,
        *,
        answers: Message | None = None,
        mentions: tuple[FakeUser, ...] = (),
        **more: Any,
    ) -> Message:
        """Somebody writes; everybody connected hears it.

        Args:
            answers: the message it replies to. mentions: who is mentioned beside the bot.
            more: further fields of Discord's message, such as `webhook_id` or `type`.
        """
        message = self._message(channel, user, text)
        mentioned = [*mentions, *([self.bot] if self.mention in text else [])]
        message["mentions"] = [{**it.to_json(), "member": it.as_member()} for it in mentioned]
        if answers is not None:
            message["type"] = 19
            message["message_reference"] = {"message_id": answers["id"], "channel_id": str(channel.id)}
            message["referenced_message"] = _public(answers)
        message |= more
        channel.messages.append(message)
        await self.dispatch("MESSAGE_CREATE", message)
        return message

    async def edit(self, message: Message, text: str) -> None:
        """Somebody changes what they wrote."""
        message |= {"content": text, "edited_timestamp": now()}
        await self.dispatch("MESSAGE_UPDATE", message)

    async def delete(self, message: Message) -> None:
        """Somebody takes back what they wrote."""
        channel = self.channels[int(message["channel_id"])]
        channel.messages.remove(message)
        gone: Message = {key: message[key] for key in ("id", "channel_id", "guild_id") if key in message}
        await self.dispatch("MESSAGE_DELETE", gone)

    async def next_post(self, channel: FakeChannel | None = None) -> Message:
        """The bot's next message (in a channel) that was not asked for yet, waiting for it if need be."""

        def wanted() -> list[Message]:
            return [it for it in self._unread if channel is None or it["channel_id"] == str(channel.id)]

        await self.until(lambda: bool(wanted()))
        post = wanted()[0]
        self._unread.remove(post)
        return post

    def forget_nonces(self) -> None:
        """As Discord does after a few minutes."""
        for post in self.posts:
            post["nonce"] = None

    def fail(self, method: str, path: str, *faults: Fault) -> None:
        """Answer the next requests whose path matches with these instead."""
        self._faults.append((method, re.compile(path), list(faults)))

    # --- REST -------------------------------------------------------------------------------

    async def _rest(self, request: web.Request) -> web.Response:
        path = "/" + request.match_info["path"]
        self.asked.append(f"{request.method} {path}")
        try:
            return await self.handle(request)
        finally:
            await self._tell()

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request, or let it fail as was asked for."""
        path = "/" + request.match_info["path"]
        for method, pattern, faults in self._faults:
            if faults and method == request.method and pattern.search(path):
                return await faults.pop(0)(request)
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return as_json({"message": "401: Unauthorized", "code": 0}, status=401)
        for (method, pattern_text), answer in _ROUTES.items():
            found = re.fullmatch(pattern_text, path)
            if found and method == request.method:
                try:
                    return await answer(self, request, *found.groups())
                except KeyError:
                    break
        return as_json({"message": "404: Not Found", "code": 0}, status=404)

    async def _me(self, request: web.Request) -> web.Response:
        return as_json(self.bot.to_json())

    async def _where(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 1000 - self.identifies, "reset_after": 0, "max_concurrency": 1}
        return as_json({"url": self.gateway_url, "shards": 1, "session_start_limit": limit})

    async def _application(self, request: web.Request) -> web.Response:
        if request.method == "PATCH":
            self.flags = int((await request.json()).get("flags", self.flags))
        return as_json(
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

    async def _commands(self, request: web.Request, application_id: str) -> web.Response:
        self.commands = await request.json()
        mine = {"application_id": application_id, "version": "1", "description": ""}
        return as_json([{**mine, "id": str(self._id()), **each} for each in self.commands])

    async def _open_direct(self, request: web.Request) -> web.Response:
        person_id = int((await request.json())["recipient_id"])
        return as_json(self.direct(FakeUser(person_id, str(person_id))).to_json())

    async def _channel(self, request: web.Request, channel_id: str) -> web.Response:
        return as_json(self.channels[int(channel_id)].to_json())

    async def _guild(self, request: web.Request, guild_id: str) -> web.Response:
        return as_json({it.id: it for it in self.guilds}[int(guild_id)].to_json(self.bot))

    async def _my_guilds(self, request: web.Request) -> web.Response:
        return as_json([{**it.to_json(self.bot), "owner": False, "permissions": "0"} for it in self.guilds])

    async def _guild_channels(self, request: web.Request, guild_id: str) -> web.Response:
        found = {it.id: it for it in self.guilds}[int(guild_id)]
        return as_json([it.to_json() for it in found.channels if it.parent_id is None])

    async def _member(self, request: web.Request, guild_id: str, user_id: str) -> web.Response:
        if int(user_id) != self.bot.id:
            raise KeyError(user_id)
        found = {it.id: it for it in self.guilds}[int(guild_id)]
        return as_json({**self.bot.as_member(found.bot_role_id), "user": self.bot.to_json()})

    async def _post(self, request: web.Request, channel_id: str) -> web.Response:
        sent = await request.json()
        channel = self.channels[int(channel_id)]
        nonce = sent.get("nonce")
        for known in self.posts:
            if nonce is not None and sent.get("enforce_nonce") and known.get("nonce") == nonce:
                return as_json(_public(known))
        content = sent.get("content") or ""
        if len(content) > 2000 or not (content or sent.get("poll")):
            return as_json({"message": "Invalid Form Body", "code": 50035}, status=400)
        message = self._message(channel, self.bot, content)
        message |= {"nonce": nonce, "sent": sent}
        if sent.get("message_reference"):
            message["message_reference"] = sent["message_reference"]
        channel.messages.append(message)
        self.posts.append(message)
        self._unread.append(message)
        await self.dispatch("MESSAGE_CREATE", _public(message))
        return as_json(_public(message))

    async def _history(self, request: web.Request, channel_id: str) -> web.Response:
        messages = self.channels[int(channel_id)].messages
        limit = int(request.query.get("limit", 50))
        if after := request.query.get("after"):
            messages = [it for it in messages if int(it["id"]) > int(after)][:limit]
        elif before := request.query.get("before"):
            messages = [it for it in messages if int(it["id"]) < int(before)][-limit:]
        else:
            messages = messages[-limit:]
        return as_json([_public(it) for it in messages[::-1]])

    async def _one(self, request: web.Request, channel_id: str, message_id: str) -> web.Response:
        messages = self.channels[int(channel_id)].messages
        return as_json(_public({it["id"]: it for it in messages}[message_id]))

    async def _open_thread(self, request: web.Request, channel_id: str, message_id: str) -> web.Response:
        channel = self.channels[int(channel_id)]
        if message_id not in [it["id"] for it in channel.messages]:
            raise KeyError(message_id)
        thread = self.add_thread(channel, (await request.json())["name"])
        return as_json(thread.to_json())

    def attached(self, name: str, kind: str, content: bytes) -> Message:
        """A file that lies with this Discord, as a field of a message's `attachments`."""
        self.files[name] = content
        url = f"http://127.0.0.1:{self._port}/attachments/{name}"
        return {
            **{"id": str(self._id()), "filename": name, "content_type": kind, "size": len(content)},
            **{"url": url, "proxy_url": url},
        }

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return web.Response(body=self.files[name]) if name in self.files else web.Response(status=404)

    async def _typing(self, request: web.Request, channel_id: str) -> web.Response:
        self.typing.append(int(channel_id))
        return web.Response(status=204)

    def _message(self, channel: FakeChannel, user: FakeUser, text: str) -> Message:
        message: Message = {
            "id": str(self._id()),
            "channel_id": str(channel.id),
            "author": user.to_json(),
            "content": text,
            "timestamp": now(),
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
            message |= {"guild_id": str(channel.guild_id), "member": user.as_member()}
        return message

    def _keep(self, guild: FakeGuild, channel: FakeChannel) -> FakeChannel:
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        return channel

    def _id(self) -> int:
        self._ids += 1
        return self._ids


_ROUTES: dict[tuple[str, str], Callable[..., Awaitable[web.Response]]] = {
    ("GET", r"/users/@me"): FakeDiscord._me,
    ("POST", r"/users/@me/channels"): FakeDiscord._open_direct,
    ("GET", r"/gateway(?:/bot)?"): FakeDiscord._where,
    ("GET", r"/oauth2/applications/@me"): FakeDiscord._application,
    ("GET", r"/applications/@me"): FakeDiscord._application,
    ("PATCH", r"/applications/@me"): FakeDiscord._application,
    ("PUT", r"/applications/(\d+)(?:/guilds/\d+)?/commands"): FakeDiscord._commands,
    ("GET", r"/guilds/(\d+)"): FakeDiscord._guild,
    ("GET", r"/users/@me/guilds"): FakeDiscord._my_guilds,
    ("GET", r"/guilds/(\d+)/channels"): FakeDiscord._guild_channels,
    ("GET", r"/guilds/(\d+)/members/(\d+)"): FakeDiscord._member,
    ("GET", r"/channels/(\d+)"): FakeDiscord._channel,
    ("POST", r"/channels/(\d+)/messages"): FakeDiscord._post,
    ("GET", r"/channels/(\d+)/messages"): FakeDiscord._history,
    ("GET", r"/channels/(\d+)/messages/(\d+)"): FakeDiscord._one,
    ("POST", r"/channels/(\d+)/messages/(\d+)/threads"): FakeDiscord._open_thread,
    ("POST", r"/channels/(\d+)/typing"): FakeDiscord._typing,
}


def _public(message: Message) -> Message:
    return {key: value for key, value in message.items() if key != "sent"}

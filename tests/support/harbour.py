"""A server with its people, on an in-memory Discord (simcord), with all commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
import simcord

from bot.client import DiscordSession
from bot.connection import Patience, PersonaClient
from bot.door import DiscordDoor
from bot.quiet import QuietView
from bot.services import Services, services_of
from core.app import App
from core.conversation.message import Realm

MODERATOR = discord.Permissions(
    kick_members=True,
    ban_members=True,
    moderate_members=True,
    manage_messages=True,
    manage_channels=True,
    manage_guild=True,
    manage_threads=True,
)


@dataclass
class World:
    """Harbour: its owner, a captain and a mate who moderate, and two members.

    Attributes:
        captain, mate: both moderate, the captain's role is above the mate's; ada and bob have no role.
        officer: outranks the bot itself. admin: an administrator below the captain.
    """

    app: App
    env: Any
    guild: Any
    general: Any
    logbook: Any
    owner: Any
    officer: Any
    captain: Any
    admin: Any
    mate: Any
    ada: Any
    bob: Any
    beep: Any

    @property
    def bot_id(self) -> int:
        return int(self.env.bot.user.id)

    @property
    def me(self) -> Any:
        """The bot, as somebody can choose it."""
        user = simcord.builders.UserHandle(self.env, self.env.backend.bot_user)
        return simcord.actors.MemberActor(self.env, self.guild, user)

    async def deeds(self) -> list[str]:
        """What the moderation log holds, the newest first: what and whom."""
        kept = await services_of(self.app).server.modlog.recent(self.guild.id)
        return [f"{deed.act} {deed.person}".strip() for deed in kept]

    def direct(self, person: Any) -> list[discord.Message]:
        """What the bot wrote to somebody directly."""
        user = getattr(person, "user", person)
        return [message for message in user.dm_channel.history() if message.author.id == self.bot_id]


class StatuslessClient(PersonaClient):
    """simcord waits for every task to come to rest; the one that waits for a new status never does."""

    async def _take_up(self, services: Services, door: DiscordDoor) -> None:
        services.doors[Realm.DISCORD] = door
        if services.mute is not None:
            self.add_view(QuietView(services.mute))


def client_of(app: App) -> PersonaClient:
    """The app's client, as a session makes it."""
    session = DiscordSession(app.line, app.secrets, app.bus, app.config.clock)
    client = StatuslessClient(
        app.line,
        session,
        app.config.clock,
        Patience(app.config.clock),
        reads_everything=True,
        ready_after_s=2.0,
        services=services_of(app),
    )
    session._client = client
    return client


def populated(app: App, env: Any) -> World:
    guild = env.create_guild(name="Harbour", owner=env.create_user("Olga"))
    mates = guild.create_role("Mates", permissions=MODERATOR)
    admins = guild.create_role("Admins", permissions=discord.Permissions(administrator=True))
    captains = guild.create_role("Captains", permissions=MODERATOR)
    guild.create_role("Officers", permissions=MODERATOR, position=50)
    _in_order(guild, mates, admins, captains)
    officers = guild.roles["Officers"]
    owner = simcord.actors.MemberActor(env, guild, guild.owner)

    def join(name: str, *roles: Any, bot: bool = False) -> Any:
        return guild.add_member(env.create_user(name, bot=bot), roles=roles)

    return World(
        app,
        env,
        guild,
        guild.create_text_channel("general"),
        guild.create_text_channel("logbook"),
        owner,
        join("Otto", officers),
        join("Cara", captains),
        join("Adam", admins),
        join("Mats", mates),
        join("Ada"),
        join("Bob"),
        join("Beep", bot=True),
    )


def _in_order(guild: Any, *roles: Any) -> None:
    """From the lowest to the highest, all of them below the bot's own."""
    for position, role in enumerate(roles, 2):
        role._role.position = position
    for role in guild._guild.roles.values():
        if role.name not in ("Mates", "Admins", "Captains", "Officers", "@everyone"):
            role.position = 20
    guild._env.backend.announce_role_updates(guild.id, list(guild._guild.roles.values()))

"""Telling Discord which commands there are, and only when they have changed."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.faults import DISCORD, named
from core.errors import explain
from core.events import Bus, Notice
from core.server.registered import Registered
from core.words import T

log = logging.getLogger(__name__)


class Registration(commands.Cog):
    """Looks once a connection.

    Args:
        servers: ids of the only servers that shall have the commands; empty: everywhere.
    """

    def __init__(
        self, bot: commands.Bot, registered: Registered, bus: Bus, servers: tuple[int, ...] = ()
    ) -> None:
        self._bot = bot
        self._registered = registered
        self._bus = bus
        self._servers = servers
        self._looked = False

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        if self._looked:
            return
        self._looked = True
        try:
            await self.tell()
        except (*DISCORD, app_commands.AppCommandError) as error:
            self._looked = False  # with the next connection
            told = explain(named(error))
            log.warning("Discord was not told of the commands: %s", error)
            self._bus.publish(
                Notice("warn", T("Discord was not told of the commands: {why}", why=told.what), told.step)
            )

    async def tell(self) -> None:
        """Tell Discord of the commands where it does not know them as they are.

        Raises:
            discord.DiscordException, OSError: Discord did not take them.
        """
        if self._servers and self._bot.tree._get_all_commands(guild=None):
            for server in self._servers:
                self._bot.tree.copy_global_to(guild=discord.Object(server))
            self._bot.tree.clear_commands(guild=None)
        for guild_id in (*self._servers, None):
            await self._tell(guild_id)

    async def _tell(self, guild_id: int | None) -> None:
        wanted = await payload(self._bot.tree, guild_id)
        application_id = self._bot.application_id or 0
        if await self._registered.is_known(application_id, guild_id, wanted):
            return
        await self._bot.tree.sync(guild=discord.Object(guild_id) if guild_id is not None else None)
        await self._registered.told(application_id, guild_id, wanted)
        log.info("told Discord of %s commands (%s)", len(wanted), guild_id or "everywhere")


async def payload(tree: app_commands.CommandTree[Any], guild_id: int | None = None) -> list[dict[str, Any]]:
    """The commands as they are sent to Discord, in all languages, by name.

    Args:
        guild_id: those of one server alone; None: those that are everywhere.
    """
    translator = tree.translator
    found = tree._get_all_commands(guild=discord.Object(guild_id) if guild_id is not None else None)
    sent = []
    for command in found:
        sent.append(
            await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)
        )
        await asyncio.sleep(0)  # all languages of all commands together would hold up the window
    return sorted(sent, key=lambda command: (command["type"], command["name"]))

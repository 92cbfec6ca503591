"""What a cog with commands is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands.demands import demands
from bot.commands.speech import words
from bot.house import House
from bot.services import Services
from core.server.side import ServerSide
from core.words import Text


class CommandCog(commands.Cog):
    """One subject's commands. Only translates: Discord's objects in, core called, words out.

    Attributes:
        title: what the subject is called in /help and in the docs.
        lasting: buttons that are understood also after a restart.
        client: the connection it belongs to, known once it is mounted.
    """

    client: commands.Bot

    title: ClassVar[Text]
    lasting: ClassVar[tuple[type[discord.ui.DynamicItem[Any]], ...]] = ()

    def __init__(self, services: Services) -> None:
        self.services = services

    @property
    def server(self) -> ServerSide:
        """What the commands of a server need of core."""
        return self.services.server

    @property
    def house(self) -> House:
        """What the commands about the persona itself need of core."""
        assert self.services.house is not None
        return self.services.house

    def menus(self) -> list[app_commands.ContextMenu]:
        """The entries this subject adds to the menus of messages and people."""
        return []


def menu(
    name: Text,
    callback: Callable[..., Awaitable[None]],
    *person: str,
    bot: tuple[str, ...] = (),
    server: bool = True,
) -> app_commands.ContextMenu:
    """An entry in the menu of a message or a person, by the type that `callback` takes.

    Args:
        person, bot, server: as for `demands`.
    """
    entry = app_commands.ContextMenu(name=words(name), callback=callback)  # type: ignore[arg-type]
    return demands(*person, bot=bot, server=server)(entry)


async def mount(bot: commands.Bot, cogs: list[CommandCog]) -> None:
    """Give a bot these cogs, with their menus and lasting buttons."""
    for cog in cogs:
        cog.client = bot
        await bot.add_cog(cog)
        for entry in cog.menus():
            bot.tree.add_command(entry)
        if cog.lasting:
            bot.add_dynamic_items(*cog.lasting)

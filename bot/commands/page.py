"""The commands, looked at from outside: as they are sent to Discord, and as docs/commands.md.

`python -m bot.commands.page FILE` writes the page.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs import mounted
from bot.commands.cog import CommandCog
from bot.commands.demands import demand_of, name_of
from bot.commands.registration import payload
from bot.commands.tree import CONTEXTS, INSTALLS, Tree
from bot.services import Services
from core.words import say

_HEAD = """# Commands

<!-- Written by `make docs` from the command tree (bot/cogs). Change it there. -->

What members and moderators can ask of the bot by command. Discord shows a command only to those who have
the permission; it is checked again at every use. `/help` says the same on Discord. Options in brackets may be
left out.
"""


async def as_sent() -> list[dict[str, Any]]:
    """Every command as Discord is told of it."""
    async with _bot() as bot:
        await mounted(bot, _UNUSED)
        return await payload(bot.tree)


async def page() -> str:
    """The whole page, as Markdown."""
    async with _bot() as bot:
        await mounted(bot, _UNUSED)
        parts = [_HEAD]
        for cog in bot.cogs.values():
            assert isinstance(cog, CommandCog)
            parts += _section(cog)
    return "\n".join(parts)


# Commands are only looked at here: nothing of core is asked, so there need be no core.
_UNUSED = cast(Services, None)


def _bot() -> commands.Bot:
    return commands.Bot(
        (),
        intents=discord.Intents.none(),
        help_command=None,
        tree_cls=Tree,
        allowed_contexts=CONTEXTS,
        allowed_installs=INSTALLS,
    )


def _section(cog: CommandCog) -> list[str]:
    rows = [_row(each) for each in cog.walk_app_commands() if isinstance(each, app_commands.Command)]
    rows += [
        f"| {say(menu.name)} | in the menu of a {_on(menu)} | {_needs(menu)} | {_where(menu)} |"
        for menu in cog.menus()
    ]
    head = "| command | what it does | needs | where |\n|---|---|---|---|"
    return [f"## {say(cog.title)}\n", head, *rows, ""]


def _row(command: app_commands.Command[Any, Any, Any]) -> str:
    options = "".join(
        f" {option.display_name}" if option.required else f" [{option.display_name}]"
        for option in command.parameters
    )
    what = "<br>".join(
        [command.description, *(f"*{each.display_name}*: {each.description}" for each in command.parameters)]
    )
    return f"| `/{command.qualified_name}{options}` | {what} | {_needs(command)} | {_where(command)} |"


def _needs(command: Any) -> str:
    return ", ".join(str(name_of(each)) for each in demand_of(command).person) or "–"


def _where(command: Any) -> str:
    return "servers" if demand_of(command).server else "everywhere"


def _on(menu: app_commands.ContextMenu) -> str:
    return "message" if menu.type is discord.AppCommandType.message else "person"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(asyncio.run(page()), encoding="utf-8")

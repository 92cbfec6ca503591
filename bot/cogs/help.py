"""Help, made from the command tree itself, so that it is never out of date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands.answers import answer
from bot.commands.cog import CommandCog
from bot.commands.demands import demand_of, demands, is_host, name_of
from bot.commands.speech import catalogue_of, closest, words
from bot.commands.views import show_pages
from core.server.refusals import CommandUnknown
from core.words import T, say

Slash = app_commands.Command[Any, Any, Any]


class Help(CommandCog):
    """What the bot can be asked by command."""

    title = T("Help")

    @demands(server=False)
    @app_commands.command(name=words(T("help")), description=words(T("What I can do, and how.")))
    @app_commands.describe(command=words(T("Which one; all when left out")))
    async def help(
        self, interaction: discord.Interaction, command: app_commands.Range[str, 1, 100] | None = None
    ) -> None:
        if command is None:
            await show_pages(interaction, _overview(interaction))
            return
        wanted = command.strip().removeprefix("/").casefold()
        found = next(
            (
                each
                for each in _usable(interaction)
                if wanted in (each.qualified_name, _path(interaction, each))
            ),
            None,
        )
        if found is None:
            raise CommandUnknown(name=wanted)
        await answer(interaction, embed=_sheet(interaction, found))

    @help.autocomplete("command")
    async def _commands(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        start = typed.strip().removeprefix("/").casefold()
        names = {each.qualified_name: _path(interaction, each) for each in _usable(interaction)}
        fit = [(path, name) for path, name in names.items() if start in path or start in name]
        return [app_commands.Choice(name=f"/{name}"[:100], value=path) for path, name in fit[:25]]


def _overview(interaction: discord.Interaction) -> list[discord.Embed]:
    """A page for each subject of which the person can use something."""
    bot = interaction.client
    assert isinstance(bot, commands.Bot)
    usable = set(_usable(interaction))
    pages = []
    for cog in bot.cogs.values():
        if not isinstance(cog, CommandCog):
            continue
        rows = [
            f"**/{_path(interaction, each)}** {say(each.description)}"
            for each in cog.walk_app_commands()
            if isinstance(each, app_commands.Command) and each in usable
        ]
        rows += [
            say("**{name}** in the menu of a message", name=say(entry.name))
            for entry in cog.menus()
            if interaction.guild is not None
        ]
        if rows:
            pages.append(discord.Embed(title=say(cog.title), description="\n".join(rows)[:4000]))
    for number, page in enumerate(pages, 1):
        page.set_footer(text=f"{number}/{len(pages)}")
    return pages


def _usable(interaction: discord.Interaction) -> Iterator[Slash]:
    """The commands that this person can use here."""
    bot = interaction.client
    assert isinstance(bot, commands.Bot)
    for command in bot.tree.walk_commands(guild=interaction.guild):
        if isinstance(command, app_commands.Command) and _may(interaction, command):
            yield command
    if interaction.guild is not None:  # where the commands are everywhere, the server has none of its own
        for command in bot.tree.walk_commands():
            if isinstance(command, app_commands.Command) and _may(interaction, command):
                yield command


def _may(interaction: discord.Interaction, command: Slash) -> bool:
    demand = demand_of(command)
    if interaction.guild is None:
        return not (demand.server or demand.person)
    granted = interaction.permissions
    if demand.host and is_host(interaction):
        return True
    return granted.administrator or all(getattr(granted, name) for name in demand.person)


def _path(interaction: discord.Interaction, command: Slash) -> str:
    """A command's name as its reader sees it on Discord."""
    catalogue = catalogue_of(interaction.client)
    assert catalogue is not None
    return catalogue.path_of(command, closest(interaction.locale))


def _sheet(interaction: discord.Interaction, command: Slash) -> discord.Embed:
    catalogue = catalogue_of(interaction.client)
    assert catalogue is not None
    card = discord.Embed(title=f"/{_path(interaction, command)}", description=say(command.description))
    for option in command.parameters:
        own = catalogue.name_of(option, closest(interaction.locale))
        name = own if option.required else say("{name} (if you like)", name=own)
        card.add_field(name=name, value=say(str(option.description)), inline=False)
    needed = demand_of(command).person
    if needed:
        card.set_footer(
            text=say("Needs: {permissions}", permissions=", ".join(str(name_of(each)) for each in needed))
        )
    return card

"""What can be done with a message out of its own menu. Other subjects add theirs in their cogs."""

from __future__ import annotations

import logging

import discord
from discord import app_commands

from bot.commands.answers import answer, ask, thinking
from bot.commands.cog import CommandCog, menu
from bot.commands.deeds import note
from bot.commands.views import Form
from core.events import Notice
from core.words import T, say

log = logging.getLogger(__name__)


class ReportForm(Form):
    """Asks what is wrong with a message."""

    def __init__(self, cog: Menus, message: discord.Message) -> None:
        super().__init__(say("Report a message"))
        self._cog = cog
        self._message = message
        self._why: discord.ui.TextInput[ReportForm] = discord.ui.TextInput(
            label=say("What is wrong with it?"), style=discord.TextStyle.paragraph, max_length=400
        )
        self.add_item(self._why)

    async def filled(self, interaction: discord.Interaction) -> None:
        await self._cog.report(interaction, self._message, self._why.value)


class Menus(CommandCog):
    """The menu of a message."""

    title = T("Menu of a message")

    def menus(self) -> list[app_commands.ContextMenu]:
        return [menu(T("Report"), self.ask_why)]

    async def ask_why(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await ask(interaction, ReportForm(self, message))

    async def report(self, interaction: discord.Interaction, message: discord.Message, why: str) -> None:
        """Tell those who run the server, and the host."""
        await thinking(interaction)
        guild = interaction.guild
        assert guild is not None
        link = f"https://discord.com/channels/{guild.id}/{message.channel.id}/{message.id}"
        await note(self.services, interaction, "report", f"{why} {link}", message.author)
        log.warning("a message was reported")  # the log names nobody: whoever is erased is not in it
        self.services.bus.publish(
            Notice(
                "warn",
                T(
                    "{who} reported a message of {whom} on {server}: {why}",
                    who=interaction.user.display_name,
                    whom=message.author.display_name,
                    server=guild.name,
                    why=why,
                ),
            )
        )
        await answer(interaction, say("Thank you. Those who run this server have been told."))

"""The command tree: every use of a command goes through here."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.commands import demands
from bot.commands.answers import complain
from bot.commands.speech import speak
from core.errors import EchodeckError

CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
INSTALLS = app_commands.AppInstallationType(guild=True)


class Tree(app_commands.CommandTree[discord.Client]):
    """Speaks the person's language, checks who may do what, and puts every failure into a sentence."""

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        speak(interaction)
        try:
            demands.check(interaction, interaction.command)
        except EchodeckError as refusal:
            if interaction.type is discord.InteractionType.autocomplete:
                await interaction.response.autocomplete([])  # nothing is given away while typing either
            else:
                await complain(interaction, refusal)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        await complain(interaction, error)

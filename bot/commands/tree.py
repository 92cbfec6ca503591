"""The command tree: every use of a command goes through here."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands

from bot.commands import demands
from bot.commands.answers import complain
from bot.commands.speech import speak
from bot.faults import DISCORD
from core.errors import EchodeckError

log = logging.getLogger(__name__)

CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
INSTALLS = app_commands.AppInstallationType(guild=True)


class Tree(app_commands.CommandTree[discord.Client]):
    """Speaks the person's language, checks who may do what, and puts every failure into a sentence."""

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        speak(interaction)
        if interaction.type is discord.InteractionType.autocomplete:
            await self._suggest(interaction)
            return False  # that was all
        try:
            demands.check(interaction, interaction.command)
        except EchodeckError as refusal:
            await complain(interaction, refusal)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        await complain(interaction, error)

    async def _suggest(self, interaction: discord.Interaction) -> None:
        """Offer choices while somebody types; nothing to those who may not use the command.

        Stands in for discord.py's own step, which (2.7.1) logs every lost network as an error.
        """
        command = interaction.command
        data: dict[str, Any] = dict(interaction.data or {})
        typed_in = _focused(data.get("options", ()))
        try:
            if not isinstance(command, app_commands.Command) or typed_in is None:
                return
            try:
                demands.check(interaction, command)
            except EchodeckError:
                await interaction.response.autocomplete([])
            else:
                await command._invoke_autocomplete(interaction, typed_in, interaction.namespace)
        except DISCORD as error:
            log.info("suggestions did not get through: %s", type(error).__name__)
        except Exception:
            log.exception("suggestions for %s failed", data.get("name"))


def _focused(options: Iterable[dict[str, Any]]) -> str | None:
    """The option that is being typed into, however deep the command lies."""
    for option in options:
        if option.get("focused"):
            return str(option["name"])
        if (below := _focused(option.get("options", ()))) is not None:
            return below
    return None

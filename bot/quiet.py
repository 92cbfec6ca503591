"""The button beside what the bot said unasked: one press, and it leaves the channel in peace for a while."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot import bridge
from bot.commands.answers import answer, answering
from core.conversation.message import Place
from core.words import T, say

CUSTOM_ID = "echodeck:leave-us-in-peace"
HOURS = 24.0

Mute = Callable[[Place, float, int], Awaitable[None]]


class QuietView(discord.ui.View):
    """Hears the button, whenever it is pressed: hand it to `client.add_view` at the start.

    Args:
        mute: `core.conversation.proactive.Proactive.mute`; None makes a view that is only shown.
    """

    def __init__(self, mute: Mute | None = None) -> None:
        super().__init__(timeout=None)
        self._mute = mute
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=say(T("Not now")), style=discord.ButtonStyle.secondary, custom_id=CUSTOM_ID
        )
        button.callback = self.pressed  # type: ignore[method-assign]
        self.add_item(button)

    async def pressed(self, interaction: discord.Interaction[Any]) -> None:
        """Whoever is there may ask for quiet."""
        if interaction.message is None or self._mute is None:
            return
        async with answering(interaction):
            await self._mute(bridge.place_of(interaction.message), HOURS, interaction.user.id)
            await answer(interaction, say(T("All right: nothing unasked in here for a day.")))


def quiet_view() -> discord.ui.View:
    """The button, to be sent along with a message. Not listened to by itself: `QuietView` is."""
    view = QuietView()
    view.stop()
    return view

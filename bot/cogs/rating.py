"""What people think of a reply, in the menu of its message: good, not good, never again, or once more please.

Everybody who was met may say so, and the host sees it beside the reply. A persona learns from it only by
those who may change it: the host, and whoever runs a server whose own it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal

import discord
from discord import app_commands
from discord.utils import escape_markdown

from bot.cogs.admin_root import asker
from bot.commands.answers import answer, answering, thinking
from bot.commands.cog import CommandCog, menu
from bot.commands.demands import is_host
from bot.commands.views import Asked, Press
from bot.house import REALM
from core.conversation.feedback import HOST, Rateable
from core.persona.identity import KeptPersona
from core.server.homes import may_change
from core.server.refusals import LeftAlone, NotMet, NotMyMessage, ShutOut
from core.words import T, say

_SHOWN = 300  # characters of the reply


class Rating(CommandCog):
    """The entry for it."""

    title = T("Replies")

    def menus(self) -> list[app_commands.ContextMenu]:
        return [menu(T("Rate or redo"), self.offer, server=False)]

    async def offer(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await thinking(interaction)
        turn_id = await self.house.feedback.turn_of(REALM, message.id)
        if turn_id is None:
            raise NotMyMessage
        by = await self._rater(interaction)
        reply = await self.house.feedback.about(turn_id)
        teaches = await self.may_teach(interaction, reply.wrote)
        view = Asked(interaction.user.id)

        def add(label: str, do: Callable[[], Awaitable[str]], style: discord.ButtonStyle) -> None:
            async def pressed(pressed_by: discord.Interaction) -> None:
                async with answering(pressed_by):
                    await pressed_by.response.defer()
                    view.stop()
                    done = await do()
                    await pressed_by.edit_original_response(content=done, embed=None, view=None)

            view.add_item(Press(label, pressed, style))

        async def rated(verdict: Literal["good", "bad"]) -> str:
            return say((await self.house.feedback.rate(turn_id, verdict, by, teaches=teaches)).said)

        async def never() -> str:
            return say((await self.house.feedback.never_say(turn_id, by)).said)

        async def anew() -> str:
            await self.house.feedback.reroll(turn_id)
            return say("I take it back and write another one.")

        grey = discord.ButtonStyle.secondary
        add(say("A good reply"), lambda: rated("good"), discord.ButtonStyle.success)
        add(say("Not a good reply"), lambda: rated("bad"), grey)
        if teaches:
            add(say("Never say that"), never, discord.ButtonStyle.danger)
        if _may_have_another(interaction, reply) and await self.house.feedback.can_reroll(turn_id):
            add(say("Write it anew"), anew, grey)
        quoted = escape_markdown(" ".join(message.content.split()))[:_SHOWN]
        card = discord.Embed(title=say("What do you think of this reply?"), description=quoted)
        view.message = await answer(interaction, embed=card, view=view)

    async def may_teach(self, interaction: discord.Interaction, wrote: KeptPersona | None) -> bool:
        """May the persona learn from what this person thinks?"""
        if wrote is None or is_host(interaction):
            return wrote is not None
        if interaction.guild is None or not interaction.permissions.administrator:
            return False
        active = await self.house.personas.active()
        return may_change(
            wrote.id,
            (await self.server.homes.every()).get(wrote.id),
            active.id if active is not None else None,
            asker(interaction),
            await self.house.admins_change_shared(),
        )

    async def _rater(self, interaction: discord.Interaction) -> int:
        """Under whose id it is kept: the host's own in the window and on Discord alike.

        Raises:
            LeftAlone, ShutOut, NotMet: of this person nothing is kept.
        """
        if is_host(interaction):
            return HOST
        person = interaction.user.id
        if await self.house.privacy.stance(REALM, person):
            raise LeftAlone
        if await self.server.choices.is_shut_out(interaction.guild_id, person):
            raise ShutOut
        if await self.house.memory.row_id(REALM, person) is None:
            raise NotMet
        return person


def _may_have_another(interaction: discord.Interaction, reply: Rateable) -> bool:
    """Whoever was answered, whoever tidies up there, and the host."""
    mine = reply.asked_by == interaction.user.id or is_host(interaction)
    return mine or (interaction.guild is not None and interaction.permissions.manage_messages)

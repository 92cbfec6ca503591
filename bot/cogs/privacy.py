"""What is kept of the one who asks: seen, taken along, deleted, stopped; and a word to the host."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import zipfile
from typing import Any

import discord
from discord import app_commands

from bot.commands.answers import answer, thinking
from bot.commands.cog import CommandCog
from bot.commands.demands import demands
from bot.commands.speech import words
from bot.commands.views import confirm
from bot.faults import DISCORD
from bot.house import REALM
from core.events import Notice
from core.privacy import Kept
from core.server.refusals import ExportTooLarge
from core.words import T, count, say

log = logging.getLogger(__name__)

LONGEST_FIELD = 1024  # characters
LARGEST_FILE = 9_000_000  # bytes; Discord takes ten million from a bot


class PrivacyCog(CommandCog):
    """What belongs to the people the bot met."""

    title = T("Privacy")

    privacy = demands(server=False)(
        app_commands.Group(name=words(T("privacy")), description=words(T("What is kept of you is yours.")))
    )

    @privacy.command(name=words(T("kept")), description=words(T("What I keep of you, and what for.")))
    async def kept(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        kept = await self.house.privacy.kept(REALM, interaction.user.id)
        card = discord.Embed(
            title=say("What is kept of you"),
            description=say(
                "It lies encrypted on the host's own computer. I keep what is said where I am, so that I can "
                "follow a talk and remember it, and what I felt about it. No model is trained with it."
            ),
        )
        for title, number in kept.counts[:24]:
            card.add_field(name=say(title), value=str(number))
        card.set_footer(text=_stance(kept))
        await answer(interaction, embed=card)

    @privacy.command(
        name=words(T("policy")), description=words(T("What is kept, for how long, and what you can do."))
    )
    async def policy(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        me = interaction.client.user
        card = discord.Embed(title=say("Privacy policy"))
        for section in await self.house.policy(me.display_name if me is not None else ""):
            told = "\n".join(say(line) for line in section.lines)
            card.add_field(name=say(section.heading), value=told[:LONGEST_FIELD], inline=False)
        await answer(interaction, embed=card)

    @privacy.command(
        name=words(T("export")), description=words(T("Everything I keep of you, as a file, directly to you."))
    )
    async def export(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        everything = await self.house.privacy.export(REALM, interaction.user.id)
        content, name = await asyncio.to_thread(_packed, everything)
        if len(content) > LARGEST_FILE:
            raise ExportTooLarge
        try:
            await interaction.user.send(
                say("This is everything I keep of you."), file=discord.File(io.BytesIO(content), name)
            )
        except DISCORD as error:
            log.info("an export could not be sent directly: %s", type(error).__name__)
            await answer(
                interaction,
                say("You take no direct messages, so here it is; only you see it."),
                file=discord.File(io.BytesIO(content), name),
            )
            return
        await answer(interaction, say("I have sent it to you in a direct message."))

    @privacy.command(name=words(T("delete")), description=words(T("Delete everything I keep of you.")))
    async def delete(self, interaction: discord.Interaction) -> None:
        person_id = interaction.user.id

        async def do() -> str:
            await self.house.privacy.erase(REALM, person_id)
            return say(
                "It is done: nothing of you is left, and I keep nothing more of you. Should you want to talk "
                "to me again, use /privacy opt-in; we will be strangers."
            )

        question = say(
            "Delete everything I keep of you: what you wrote, what I know of you, what I felt, your "
            "reminders, tickets and warnings? I cannot bring it back. Copies the host made before for "
            "safety are thrown away in their time. What you wrote stays on Discord itself."
        )
        await confirm(interaction, question, say("Delete everything"), do)

    @privacy.command(
        name=words(T("opt-out")),
        description=words(T("I keep nothing more of you, and do not listen to you.")),
    )
    async def opt_out(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        await self.house.privacy.opt_out(REALM, interaction.user.id)
        await answer(
            interaction,
            say(
                "From now on I keep nothing of what you write, and do not answer it. What I kept before "
                "stays, and is told to nobody; /privacy delete removes it. /privacy opt-in takes this back."
            ),
        )

    @privacy.command(name=words(T("opt-in")), description=words(T("Let me listen to you again.")))
    async def opt_in(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        was_shut = await self.house.privacy.opt_in(REALM, interaction.user.id)
        await answer(
            interaction,
            say("Welcome back: I listen to you again, and remember what you tell me.")
            if was_shut
            else say("I have been listening to you all along."),
        )

    @privacy.command(name=words(T("report")), description=words(T("Tell the host that something is wrong.")))
    @app_commands.describe(what=words(T("What is wrong")))
    async def report(self, interaction: discord.Interaction, what: app_commands.Range[str, 3, 1000]) -> None:
        await thinking(interaction)
        where = interaction.guild.name if interaction.guild is not None else say("a direct chat")
        # The words go to the host's window alone: the log is kept longer than people may want.
        log.warning("a problem was reported in %s", interaction.guild_id or "a direct chat")
        told = T(
            "{who} reports a problem from {where}: {what}",
            who=interaction.user.display_name,
            where=where,
            what=what,
        )
        self.services.bus.publish(Notice("warn", told))
        await answer(interaction, say("Thank you. The host has been told."))


def _stance(kept: Kept) -> str:
    if kept.stance == "erased":
        return say("You had everything deleted, so nothing more is kept of you.")
    if kept.stance == "opted_out":
        return say("You opted out: nothing more is kept of you, and this is told to nobody.")
    if not kept.counts:
        return say("I keep nothing of you yet.")
    total = sum(number for _, number in kept.counts)
    return count("{n} entry. /privacy export has it.", "{n} entries. /privacy export has them all.", total)


def _packed(everything: dict[str, Any]) -> tuple[bytes, str]:
    """As JSON, or packed where that is too large for Discord; with the file's name."""
    plain = json.dumps(everything, ensure_ascii=False, indent=2).encode()
    if len(plain) <= LARGEST_FILE:
        return plain, "my-data.json"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-data.json", plain)
    return packed.getvalue(), "my-data.zip"

"""The persona as company: talked to, asked how it is, and left in peace."""

from __future__ import annotations

from datetime import timedelta

import discord
from discord import app_commands

from bot.cogs.personality import mood_card
from bot.commands.answers import answer, thinking
from bot.commands.cog import CommandCog
from bot.commands.demands import check_may_write, demands, is_host, name_of
from bot.commands.speech import words
from bot.commands.views import confirm
from bot.house import REALM, place_in
from core.conversation.message import Author, IncomingMessage
from core.errors import DiscordUnreachable, PermissionMissing
from core.server.durations import duration, spoken
from core.server.refusals import LeftAlone, ShutOut, SwitchedOff
from core.words import T, count, say

LONGEST_TALK = 1800  # characters; the name stands before it, and Discord takes 2,000
LONGEST_QUIET = timedelta(days=7)
USUAL_QUIET = timedelta(hours=24)


class Companion(CommandCog):
    """Everyday company."""

    title = T("Company")

    companion = demands(server=False)(
        app_commands.Group(name=words(T("companion")), description=words(T("Talk with me, and how I am.")))
    )

    @companion.command(name=words(T("talk")), description=words(T("Say something to me; everybody sees it.")))
    @app_commands.describe(what=words(T("What you want to say")))
    async def talk(
        self, interaction: discord.Interaction, what: app_commands.Range[str, 1, LONGEST_TALK]
    ) -> None:
        check_may_write(interaction)
        await self.house.persona_for(interaction)
        place, person = place_in(interaction), interaction.user
        await self._opted_out_not(person.id)
        chosen = await self.house.chosen(place)
        if not chosen.active:
            raise SwitchedOff
        if await self.server.choices.is_shut_out(place.guild_id, person.id):
            raise ShutOut
        door = self.services.doors.get(REALM)
        if door is None:
            raise DiscordUnreachable
        mine = interaction.app_permissions
        if interaction.guild is not None and not (
            mine.send_messages_in_threads if place.parent_id is not None else mine.send_messages
        ):
            raise PermissionMissing(place=place.title, permission=name_of("send_messages"))
        await thinking(interaction, private=False)
        plain = " ".join(what.split())
        said = await answer(
            interaction, f"**{discord.utils.escape_markdown(person.display_name)}:** {plain}"[:2000]
        )
        if said is None:
            return
        heard = IncomingMessage(
            said.id,
            place,
            Author(person.id, person.display_name),
            plain,
            said.created_at,
            mentions_me=True,
            from_host=is_host(interaction),
        )
        await self.house.line.take(heard, door)

    @companion.command(name=words(T("mood")), description=words(T("How I feel just now.")))
    async def mood(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        await answer(interaction, embed=await mood_card(self, await self.house.persona_for(interaction)))

    @companion.command(name=words(T("status")), description=words(T("What I am up to today.")))
    async def status(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        kept = await self.house.persona_for(interaction)
        doing = await self.services.status() if self.services.status is not None else ""
        text = say("{name} is here. Today: {status}", name=kept.persona.name, status=doing)
        await answer(interaction, text if doing else say("{name} is here.", name=kept.persona.name))

    @companion.command(name=words(T("reset")), description=words(T("Begin anew with me in this channel.")))
    async def reset(self, interaction: discord.Interaction) -> None:
        person_id, place = interaction.user.id, place_in(interaction)

        async def do() -> str:
            gone = await self.house.privacy.reset_talk(REALM, person_id, place.channel_id)
            return count(
                "We begin anew here; one message is forgotten.",
                "We begin anew here; {n} messages are forgotten.",
                gone,
            )

        question = say(
            "Begin anew? I forget what you and I said to each other in this channel during the last day. "
            "What I know of you stays."
        )
        await confirm(interaction, question, say("Begin anew"), do)

    @companion.command(
        name=words(T("quiet")),
        description=words(T("Have me say nothing unasked in this channel for a while.")),
    )
    @app_commands.describe(length=words(T("How long, like 3 hours; a day when left out")))
    async def quiet(
        self, interaction: discord.Interaction, length: app_commands.Range[str, 1, 60] | None = None
    ) -> None:
        wanted = duration(length, LONGEST_QUIET, timedelta(minutes=1)) if length else USUAL_QUIET
        await thinking(interaction)
        assert self.services.mute is not None
        await self.services.mute(place_in(interaction), wanted.total_seconds() / 3600, interaction.user.id)
        await answer(
            interaction, say("All right: nothing unasked in here for {length}.", length=spoken(wanted))
        )

    @companion.command(
        name=words(T("write")), description=words(T("May I write to you directly by myself, now and then?"))
    )
    @app_commands.describe(on=words(T("Whether I may")))
    async def write(self, interaction: discord.Interaction, on: bool) -> None:
        person = interaction.user
        await thinking(interaction)
        await self._opted_out_not(person.id)
        direct = await interaction.client.create_dm(person)
        # Where they take no direct messages it speaks in this channel, if it may begin something there.
        wish = {"on": True, "fallback": interaction.channel_id} if interaction.guild is not None else True
        await self.server.choices.choose(None, direct.id, person.id, proactive=wish if on else None)
        await answer(
            interaction,
            say("Gladly: now and then I write to you directly. /companion write ends it.")
            if on
            else say("I write to you directly only when you have written to me."),
        )

    async def _opted_out_not(self, person_id: int) -> None:
        """Raises: LeftAlone"""
        if await self.house.privacy.stance(REALM, person_id):
            raise LeftAlone

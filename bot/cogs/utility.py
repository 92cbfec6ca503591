"""Polls, who somebody is, what the server is, how lively it is."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta

import discord
from discord import app_commands
from discord.utils import escape_markdown, format_dt

from bot.commands.answers import answer, thinking
from bot.commands.cog import CommandCog
from bot.commands.demands import check_may_write, demands
from bot.commands.speech import words
from core.safety.clean import one_line
from core.server.durations import LONGEST_POLL, duration
from core.server.refusals import PollUnclear
from core.server.stats import picture
from core.words import T, count, say

LONGEST_ANSWER = 55  # characters, Discord's own limit
MOST_ROLES = 20


class Utility(CommandCog):
    """Small things for everybody."""

    title = T("Everyday")

    about = demands()(
        app_commands.Group(
            name=words(T("server")), description=words(T("What there is to know about this server."))
        )
    )

    @demands(bot=("send_polls",))
    @app_commands.command(name=words(T("poll")), description=words(T("Ask everybody here.")))
    @app_commands.describe(
        question=words(T("What you want to know")),
        answers=words(T("2 to 10 answers with a semicolon between them: tea; coffee")),
        length=words(T("How long it is open: 1 hour, 3 days; a day when left out")),
        several=words(T("May one choose several answers?")),
    )
    async def poll(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, 300],
        answers: app_commands.Range[str, 3, 600],
        length: app_commands.Range[str, 1, 60] | None = None,
        several: bool = False,
    ) -> None:
        check_may_write(interaction)
        open_for = duration(length, LONGEST_POLL, timedelta(hours=1)) if length else timedelta(days=1)
        hours = timedelta(hours=round(open_for.total_seconds() / 3600))
        poll = discord.Poll(_question(question), hours, multiple=several)
        for each in _answers(answers):
            poll.add_answer(text=each)
        await answer(interaction, poll=poll, private=False)

    @demands(server=False)
    @app_commands.command(name=words(T("avatar")), description=words(T("Somebody's picture, large.")))
    @app_commands.describe(person=words(T("Whose; your own when left out")))
    async def avatar(self, interaction: discord.Interaction, person: discord.User | None = None) -> None:
        whom = person or interaction.user
        card = discord.Embed(title=whom.display_name[:256])
        card.set_image(url=whom.display_avatar.with_size(1024).url)
        await answer(interaction, embed=card)

    @demands()
    @app_commands.command(name=words(T("user")), description=words(T("Who somebody is on this server.")))
    @app_commands.describe(person=words(T("Who; you yourself when left out")))
    async def user(self, interaction: discord.Interaction, person: discord.User | None = None) -> None:
        whom = person or interaction.user
        card = discord.Embed(title=whom.display_name[:256])
        card.set_thumbnail(url=whom.display_avatar.url)
        card.add_field(name=say("Name"), value=escape_markdown(whom.name))
        card.add_field(name=say("Id"), value=str(whom.id))
        card.add_field(name=say("On Discord since"), value=format_dt(whom.created_at, "D"))
        if isinstance(whom, discord.Member):
            _add_membership(card, whom)
        if interaction.permissions.moderate_members and interaction.guild_id is not None:
            kept = await self.server.warnings.of(interaction.guild_id, whom.id)
            card.add_field(name=say("Warnings"), value=str(len(kept)))
        await answer(interaction, embed=card)

    @about.command(name=words(T("info")), description=words(T("Its age, size and owner.")))
    async def info(self, interaction: discord.Interaction) -> None:
        guild = interaction.guild
        assert guild is not None
        card = discord.Embed(title=guild.name[:256], description=guild.description)
        if guild.icon is not None:
            card.set_thumbnail(url=guild.icon.url)
        card.add_field(name=say("Since"), value=format_dt(guild.created_at, "D"))
        card.add_field(name=say("Owner"), value=f"<@{guild.owner_id}>")
        if guild.member_count is not None:
            card.add_field(name=say("Members"), value=str(guild.member_count))
        open_to_all = [
            each for each in guild.channels if each.permissions_for(guild.default_role).view_channel
        ]
        card.add_field(name=say("Channels for everybody"), value=str(len(open_to_all)))
        card.add_field(name=say("Roles"), value=str(len(guild.roles) - 1))
        card.add_field(name=say("Id"), value=str(guild.id))
        await answer(interaction, embed=card)

    @demands(bot=("attach_files",))
    @about.command(
        name=words(T("stats")), description=words(T("How much was said, day by day, as a picture."))
    )
    @app_commands.describe(days=words(T("How many days; 30 when left out")))
    async def stats(
        self, interaction: discord.Interaction, days: app_commands.Range[int, 7, 90] = 30
    ) -> None:
        assert interaction.guild_id is not None
        await thinking(interaction)
        seen = await self.server.stats.activity(interaction.guild_id, days)
        if seen.busiest is None:
            await answer(interaction, say("I have seen no messages in these days."))
            return
        drawn = await asyncio.to_thread(picture, seen)
        card = discord.Embed(
            title=say("The last {days} days", days=days),
            description=count(
                "I have seen one message where everybody can read.",
                "I have seen {n} messages where everybody can read.",
                seen.messages,
            ),
        )
        card.add_field(
            name=say("Busiest day"), value=f"{seen.busiest.date:%Y-%m-%d}: {seen.busiest.messages}"
        )
        card.set_image(url="attachment://activity.png")
        await answer(interaction, embed=card, file=discord.File(io.BytesIO(drawn), "activity.png"))


def _question(text: str) -> str:
    return one_line(text)[:300] or "?"


def _answers(text: str) -> list[str]:
    """Raises: PollUnclear"""
    found = [one_line(each) for each in text.split(";")]
    given = [each for each in found if each]
    fits = all(len(each) <= LONGEST_ANSWER for each in given)
    if not (2 <= len(given) <= 10 and fits and len(set(given)) == len(given)):
        raise PollUnclear(most=LONGEST_ANSWER, given=len(given))
    return given


def _add_membership(card: discord.Embed, whom: discord.Member) -> None:
    if whom.joined_at is not None:
        card.add_field(name=say("Here since"), value=format_dt(whom.joined_at, "D"))
    roles = [role.mention for role in reversed(whom.roles) if not role.is_default()]
    card.add_field(name=say("Roles"), value=" ".join(roles[:MOST_ROLES]) or "–", inline=False)
    if whom.is_timed_out() and whom.timed_out_until is not None:
        card.add_field(name=say("Muted until"), value=format_dt(whom.timed_out_until))

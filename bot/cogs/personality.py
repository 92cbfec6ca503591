"""Who the persona is, how it feels and why, and how it stands with the one who asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.utils import escape_markdown, format_dt

from bot.commands.answers import answer, thinking
from bot.commands.cog import CommandCog
from bot.commands.demands import demands
from bot.commands.speech import words
from bot.house import REALM
from core.feelings import describe, relationship
from core.feelings.history import Change, Point
from core.persona.identity import KeptPersona
from core.words import T, Text, say

LATELY = timedelta(days=2)
SHOWN = 5


class Personality(CommandCog):
    """The persona, asked about itself."""

    title = T("Personality")

    personality = demands(server=False)(
        app_commands.Group(name=words(T("personality")), description=words(T("Who I am, and how I feel.")))
    )

    @personality.command(
        name=words(T("who")), description=words(T("Who I am: traits, habits, what I am like."))
    )
    async def who(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        kept = await self.house.persona_for(interaction)
        persona = kept.persona
        card = discord.Embed(
            title=persona.name[:256], description=escape_markdown(persona.summary)[:2000] or None
        )
        card.add_field(name=say("Traits"), value=_joined(persona.traits, ", "), inline=False)
        quirks = await self.house.feelings.quirks(kept.id, persona)
        strongest = sorted(quirks, key=lambda each: -each.strength)
        card.add_field(
            name=say("Facts and habits"), value=_joined([each.text for each in strongest], "\n"), inline=False
        )
        await answer(interaction, embed=card)

    @personality.command(name=words(T("mood")), description=words(T("How I feel now, and why.")))
    async def mood(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        kept = await self.house.persona_for(interaction)
        card = await mood_card(self, kept)
        now = self.services.clock.now()
        points = await self.house.feelings.timeline(kept.id, now - LATELY, now)
        me = await self.house.memory.row_id(REALM, interaction.user.id)
        why = [_reason(point, me) for point in points[-SHOWN:][::-1]]
        card.add_field(name=say("Why"), value="\n".join(why)[:1000] or say("Nothing moved me lately."))
        await answer(interaction, embed=card)

    @personality.command(
        name=words(T("relationship")), description=words(T("How I stand with you, and why."))
    )
    async def relationship(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        kept = await self.house.persona_for(interaction)
        me = await self.house.memory.row_id(REALM, interaction.user.id)
        bond = await self.house.feelings.bond(kept.persona, me) if me is not None else None
        if bond is None or me is None:
            await answer(interaction, say("We have not met yet."))
            return
        card = discord.Embed(
            title=say("{name} and you: {how}", name=kept.persona.name, how=describe.bond_said(bond))[:256]
        )
        for name, value in relationship.shown(bond.metrics)._asdict().items():
            card.add_field(name=say(describe.METRICS[name]), value=str(int(value)))
        steps = await self.house.feelings.history(me, limit=50)
        why = [_step(step) for step in steps[-SHOWN:][::-1]]
        card.add_field(
            name=say("Why"),
            value="\n".join(why)[:1000] or say("Nothing has changed between us."),
            inline=False,
        )
        await answer(interaction, embed=card)


async def mood_card(cog: CommandCog, kept: KeptPersona) -> discord.Embed:
    """How the persona feels now, for everybody to read."""
    state = await cog.house.feelings.state(kept.id, kept.persona)
    card = discord.Embed(
        title=say("{name} feels {mood}", name=kept.persona.name, mood=describe.mood_named(state.mood))[:256],
        description=say(describe.day_said(state.daily)),
    )
    felt = sorted(state.emotions, key=lambda each: -each.intensity)[:3]
    named = ", ".join(say(describe.EMOTIONS[each.emotion]) for each in felt if each.intensity >= 0.1)
    card.add_field(name=say("Feels"), value=named or "–")
    return card


def _reason(point: Point, me: int | None) -> str:
    """Why a mood moved. Whoever is not the one who asks stays nameless: they may be from elsewhere."""
    cause = point.cause
    if point.person_id is None or point.person_id != me:
        cause = Text(cause.key, {**cause.params, "name": T("Somebody")})
    return f"{format_dt(point.at, 'R')} {escape_markdown(say(cause))}"


def _step(step: Change) -> str:
    return f"{format_dt(step.at, 'R')} {escape_markdown(say(step.cause))}"


def _joined(lines: Any, between: str) -> str:
    return escape_markdown(between.join(lines))[:1000] or "–"

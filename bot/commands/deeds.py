"""Doing something to a person: may it be done, are they told, is it written down."""

from __future__ import annotations

import logging

import discord
from discord.utils import escape_markdown

from bot.commands.speech import language_of
from bot.faults import DISCORD
from bot.services import Services
from core.server.modlog import DEEDS
from core.server.ranks import Act, Standing, objection
from core.words import say, speaking

log = logging.getLogger(__name__)


def standing(person: discord.Member | discord.User) -> Standing:
    """Where somebody stands on their server; a User is not on it."""
    if not isinstance(person, discord.Member):
        return Standing(person.id, person.display_name, is_bot=person.bot)
    return Standing(
        person.id,
        person.display_name,
        rank=person.top_role.position,
        is_owner=person.guild.owner_id == person.id,
        is_bot=person.bot,
        is_administrator=person.guild_permissions.administrator,
    )


def object_to(act: Act, interaction: discord.Interaction, person: discord.Member | discord.User) -> None:
    """Stop here when this must not be done to this person.

    Raises:
        core.server.refusals.Refusal
    """
    guild = interaction.guild
    assert guild is not None
    refusal = objection(act, standing(interaction.user), standing(person), standing(guild.me))
    if refusal is not None:
        raise refusal


async def told(
    person: discord.Member | discord.User, text: str, view: discord.ui.View | None = None
) -> discord.Message | None:
    """Write to somebody directly; None where they take no messages, or are a bot."""
    if person.bot:
        return None
    try:
        return await (person.send(text) if view is None else person.send(text, view=view))
    except DISCORD as error:
        log.info("somebody could not be told: %s", type(error).__name__)
        return None


async def untold(message: discord.Message | None) -> None:
    """What somebody was told did not come to pass."""
    if message is None:
        return
    try:
        await message.delete()
    except DISCORD as error:
        log.info("a direct message could not be taken back: %s", type(error).__name__)


async def note(
    services: Services,
    interaction: discord.Interaction,
    act: str,
    reason: str,
    person: discord.abc.User | None = None,
) -> None:
    """Write a deed down, and post it in the server's log channel where one was chosen.

    Args:
        act: one of `core.server.modlog.DEEDS`.
    """
    guild, by = interaction.guild, interaction.user
    assert guild is not None
    await services.server.modlog.note(
        guild.id,
        act,
        by.id,
        by.display_name,
        reason,
        person.id if person is not None else None,
        person.display_name if person is not None else "",
    )
    chosen = await services.server.choices.server(guild.id)
    with speaking(language_of(guild)):  # many read it, not only who did it
        card = _card(act, reason, by, person)
    await post_in_log(guild, chosen.get("modlog"), card)


async def post_in_log(
    guild: discord.Guild,
    channel_id: int | None,
    card: discord.Embed,
    file: discord.File | None = None,
) -> bool:
    """Post in a server's log channel; False where there is none, or the bot may not."""
    channel = guild.get_channel(channel_id) if channel_id is not None else None
    if not isinstance(channel, discord.TextChannel):
        return False
    may = channel.permissions_for(guild.me)
    if not (may.view_channel and may.send_messages and may.embed_links):
        log.warning("the log channel of %s takes no messages from the bot", guild.id)
        return False
    try:
        await channel.send(embed=card, files=[file] if file is not None else [])
    except DISCORD as error:
        log.warning("the log channel of %s takes no messages: %s", guild.id, type(error).__name__)
        return False
    return True


def _card(act: str, reason: str, by: discord.abc.User, person: discord.abc.User | None) -> discord.Embed:
    card = discord.Embed(title=say(DEEDS[act]), timestamp=discord.utils.utcnow())
    if person is not None:
        card.add_field(name=say("Person"), value=f"{shown(person)} ({person.id})", inline=False)
    card.add_field(name=say("By"), value=f"{shown(by)} ({by.id})", inline=False)
    card.add_field(name=say("Reason"), value=escape_markdown(reason)[:1000] or "–", inline=False)
    return card


def shown(person: discord.abc.User) -> str:
    """Somebody's name as it may stand in a message."""
    return escape_markdown(person.display_name)

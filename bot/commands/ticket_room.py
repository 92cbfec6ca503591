"""The place where a ticket is talked about: made, read for the transcript, and put away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord

from bot.bridge import text_of
from bot.commands.demands import check_bot
from core.server.tickets import Spoken, StoredTicket

THREAD, CHANNEL = "thread", "channel"
LONGEST_TRANSCRIPT = 2_000  # messages
LONGEST_NAME = 90
STAFF = "manage_guild"

_SEES = discord.PermissionOverwrite(
    view_channel=True, send_messages=True, read_message_history=True, attach_files=True
)
_HIDDEN = discord.PermissionOverwrite(view_channel=False)


@dataclass(frozen=True, slots=True)
class Room:
    """Where a server's tickets are made. `role`: who takes care of them; `kind`: THREAD or CHANNEL."""

    channel: discord.TextChannel
    role: discord.Role | None
    kind: str


async def make_room(
    room: Room, ticket: StoredTicket, opener: discord.Member
) -> discord.Thread | discord.TextChannel:
    """A place that only who opened the ticket and who takes care of it can see.

    Raises:
        PermissionMissing: the bot may not make it. discord.DiscordException: Discord did not.
    """
    name = f"ticket-{ticket.number}-{opener.name}".lower()[:LONGEST_NAME]
    guild = room.channel.guild
    if room.kind == THREAD:
        check_bot(room.channel, ("view_channel", "create_private_threads", "send_messages_in_threads"))
        thread = await room.channel.create_thread(
            name=name, type=discord.ChannelType.private_thread, invitable=False
        )
        await thread.add_user(opener)
        return thread
    check_bot(room.channel, ("view_channel", "manage_channels"))
    who: dict[Any, discord.PermissionOverwrite] = {
        guild.default_role: _HIDDEN,
        opener: _SEES,
        guild.me: _SEES,
    }
    if room.role is not None:
        who[room.role] = _SEES
    return await guild.create_text_channel(name, category=room.channel.category, overwrites=who)


def is_staff(person: discord.abc.User, role_id: int | None) -> bool:
    """Does somebody take care of tickets: by the role that was chosen, or because they run the server?"""
    if not isinstance(person, discord.Member):
        return False
    return getattr(person.guild_permissions, STAFF) or any(role.id == role_id for role in person.roles)


async def spoken_in(place: Any) -> list[Spoken]:
    """What was said in a ticket, the oldest first."""
    newest = [message async for message in place.history(limit=LONGEST_TRANSCRIPT)]
    return [
        Spoken(
            message.created_at,
            message.author.display_name,
            text_of(message),
            tuple(file.url for file in message.attachments),
        )
        for message in reversed(newest)
    ]


async def put_away(place: Any, ticket: StoredTicket, *, keep: bool) -> None:
    """Close the place: a thread is locked and archived, a channel deleted.

    Args:
        keep: nobody has the transcript: the channel stays, for those who run the server.
    """
    if isinstance(place, discord.Thread):
        await place.edit(archived=True, locked=True)
    elif keep:
        await _shut_out(place, ticket.opener_id)
    else:
        await place.delete()


async def _shut_out(place: discord.TextChannel, opener_id: int) -> None:
    try:
        opener = await place.guild.fetch_member(opener_id)
    except discord.NotFound:
        return  # they have left
    await place.set_permissions(opener, overwrite=_HIDDEN)

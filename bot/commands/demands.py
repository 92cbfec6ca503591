"""Who may use a command, and what the bot itself needs for it.

Discord is told the same (default permissions), but a server's admins can change that there, so it is
checked here again at every use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import discord
from discord import app_commands

from core.errors import PermissionMissing
from core.server.refusals import (
    NotOnServer,
    NumberUnfit,
    PeopleOnly,
    PermissionLacking,
    TextTooLong,
)
from core.words import T, Text

Command = app_commands.Command[Any, Any, Any] | app_commands.Group | app_commands.ContextMenu
Decorated = TypeVar("Decorated", bound=Any)

_KEY = "demand"
_ON_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)

# What Discord's settings call them.
PERMISSIONS: dict[str, Text] = {
    "administrator": T("Administrator"),
    "attach_files": T("Attach Files"),
    "ban_members": T("Ban Members"),
    "change_nickname": T("Change Nickname"),
    "create_private_threads": T("Create Private Threads"),
    "embed_links": T("Embed Links"),
    "kick_members": T("Kick Members"),
    "manage_channels": T("Manage Channels"),
    "manage_guild": T("Manage Server"),
    "manage_messages": T("Manage Messages"),
    "manage_roles": T("Manage Permissions"),
    "manage_threads": T("Manage Threads"),
    "moderate_members": T("Timeout Members"),
    "read_message_history": T("Read Message History"),
    "send_messages": T("Send Messages"),
    "send_messages_in_threads": T("Send Messages in Threads"),
    "send_polls": T("Create Polls"),
    "view_channel": T("View Channel"),
}


@dataclass(frozen=True, slots=True)
class Demand:
    """What a command asks for.

    Attributes:
        person: permissions that who uses it needs, by discord.py's names. bot: those that the bot needs.
        server: it makes sense on a server only. host: the bot's owner needs no permission for it.
    """

    person: tuple[str, ...] = ()
    bot: tuple[str, ...] = ()
    server: bool = False
    host: bool = False


NOTHING = Demand()


def demands(
    *person: str, bot: tuple[str, ...] = (), server: bool = True, host: bool = False
) -> Callable[[Decorated], Decorated]:
    """Say what a command, a group or a menu asks for. It stands above the command's own decorator.

    Args:
        person: permissions that who uses it needs. bot: permissions that the bot needs.
        server: it can be used on servers only. host: the bot's owner may use it without those permissions.
    """

    def decorate(command: Decorated) -> Decorated:
        command.extras[_KEY] = Demand(person, bot, server, host)
        if command.__class__ is app_commands.ContextMenu or command.parent is None:
            if person:
                command.default_permissions = discord.Permissions(**dict.fromkeys(person, True))
            if server:
                command.guild_only = True
                command.allowed_contexts = _ON_SERVERS
        return command

    return decorate


def demand_of(command: Command | None) -> Demand:
    """What a command asks for: its own demand, or that of the group it belongs to."""
    while command is not None:
        if _KEY in command.extras:
            demand: Demand = command.extras[_KEY]
            return demand
        command = getattr(command, "parent", None)
    return NOTHING


def check(interaction: discord.Interaction, command: Command | None) -> None:
    """May this command be used by this person, here, with these options?

    Raises:
        core.server.refusals.Refusal, PermissionMissing
    """
    demand = demand_of(command)
    if interaction.user.bot:
        raise PeopleOnly
    if interaction.guild is None:
        if demand.server or demand.person:
            raise NotOnServer
        return
    if not (demand.host and is_host(interaction)):
        _have(interaction.permissions, demand.person)
    _bot_has(interaction.app_permissions, demand.bot, interaction.channel)
    if isinstance(command, app_commands.Command):
        _limits(interaction, command)


def is_host(interaction: discord.Interaction) -> bool:
    """Does the bot belong to this person, or to a team of theirs?"""
    return belongs_to(interaction.client, interaction.user.id)


def belongs_to(client: discord.Client, person_id: int) -> bool:
    """Does the bot that is online as this client belong to a person, or to a team of theirs?"""
    owned = client.application
    if owned is None:
        return False
    if owned.team is None:
        return bool(owned.owner.id == person_id)
    return any(
        each.id == person_id and each.membership_state is discord.TeamMembershipState.accepted
        for each in owned.team.members
    )


def check_in(
    interaction: discord.Interaction, channel: Any, person: tuple[str, ...], bot: tuple[str, ...]
) -> None:
    """May somebody do this in another channel than the one they are in?

    Raises:
        PermissionLacking, PermissionMissing
    """
    assert isinstance(interaction.user, discord.Member)
    _have(channel.permissions_for(interaction.user), person)
    _bot_has(channel.permissions_for(channel.guild.me), bot, channel)


def check_may_write(interaction: discord.Interaction) -> None:
    """May this person write here themselves? What everybody sees is said for nobody who may not.

    Raises:
        PermissionLacking
    """
    if interaction.guild is not None:
        in_thread = isinstance(interaction.channel, discord.Thread)
        _have(interaction.permissions, ("send_messages_in_threads" if in_thread else "send_messages",))


def check_bot(channel: discord.abc.GuildChannel, needed: tuple[str, ...]) -> None:
    """May the bot do this in a channel?

    Raises:
        PermissionMissing
    """
    _bot_has(channel.permissions_for(channel.guild.me), needed, channel)


def name_of(permission: str) -> Text | str:
    """What Discord's settings call a permission."""
    return PERMISSIONS.get(permission) or permission.replace("_", " ").title()


def _have(granted: discord.Permissions, needed: tuple[str, ...]) -> None:
    for permission in needed:
        if not (granted.administrator or getattr(granted, permission)):
            raise PermissionLacking(permission=name_of(permission))


def _bot_has(granted: discord.Permissions, needed: tuple[str, ...], channel: object) -> None:
    for permission in needed:
        if not (granted.administrator or getattr(granted, permission)):
            raise PermissionMissing(place=f"#{channel}", permission=name_of(permission))


def _limits(interaction: discord.Interaction, command: app_commands.Command[Any, Any, Any]) -> None:
    """Discord's client holds to an option's limits; whoever writes to its API need not."""
    options = {option.display_name: option for option in command.parameters}
    for name, value in interaction.namespace:
        option = options.get(name)
        if option is None or option.max_value is None or isinstance(value, bool):
            continue
        if isinstance(value, str) and len(value) > option.max_value:
            raise TextTooLong(length=len(value), most=int(option.max_value))
        if isinstance(value, int | float) and not (option.min_value or 0) <= value <= option.max_value:
            raise NumberUnfit(low=option.min_value or 0, high=option.max_value)

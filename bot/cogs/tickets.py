"""Tickets: somebody asks those who run the server, in a place that only they see."""

from __future__ import annotations

import io
import re
from typing import Any

import discord
from discord import app_commands
from discord.utils import escape_markdown

from bot.commands.answers import answer, answering, ask, thinking
from bot.commands.cog import CommandCog
from bot.commands.deeds import post_in_log, shown
from bot.commands.demands import check_in, demands
from bot.commands.speech import words
from bot.commands.ticket_room import CHANNEL, THREAD, Room, is_staff, make_room, put_away, spoken_in
from bot.commands.views import Form
from bot.faults import DISCORD
from core.server.refusals import StaffOnly, TicketsNotSetUp
from core.server.tickets import LONGEST_SUBJECT, transcript
from core.words import T, say

# What the bot needs for tickets: also to read them for the transcript, and to hand that over.
_ALWAYS_NEEDED = ("view_channel", "send_messages", "embed_links", "read_message_history")
_NEEDED = {
    THREAD: ("create_private_threads", "send_messages_in_threads", "manage_threads"),
    CHANNEL: ("manage_channels", "attach_files"),
}


class TicketButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"ticket:(?P<act>open|claim|close)"
):
    """A button that is understood also after a restart: all it needs stands in its id."""

    def __init__(self, act: str) -> None:
        labels = {"open": say("Open a ticket"), "claim": say("Take care of it"), "close": say("Close")}
        style = discord.ButtonStyle.danger if act == "close" else discord.ButtonStyle.primary
        super().__init__(discord.ui.Button(label=labels[act], style=style, custom_id=f"ticket:{act}"))
        self._act = act

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> TicketButton:
        return cls(match["act"])

    async def callback(self, interaction: discord.Interaction) -> None:
        async with answering(interaction):
            cog = interaction.client.get_cog("TicketsCog")  # type: ignore[attr-defined]
            if self._act == "open":
                await ask(interaction, SubjectForm(cog))
            elif self._act == "claim":
                await cog.take(interaction)
            else:
                await cog.finish(interaction)


class SubjectForm(Form):
    """Asks what a ticket is about."""

    def __init__(self, cog: TicketsCog) -> None:
        super().__init__(say("Open a ticket"))
        self._cog = cog
        self._subject: discord.ui.TextInput[SubjectForm] = discord.ui.TextInput(
            label=say("What is it about?"), max_length=LONGEST_SUBJECT
        )
        self.add_item(self._subject)

    async def filled(self, interaction: discord.Interaction) -> None:
        await self._cog.open_one(interaction, self._subject.value)


class TicketsCog(CommandCog):
    """Opened, taken care of, closed."""

    title = T("Tickets")
    lasting = (TicketButton,)

    tickets = demands()(
        app_commands.Group(name=words(T("tickets")), description=words(T("Ask those who run this server.")))
    )

    @demands("manage_guild")
    @tickets.command(name=words(T("setup")), description=words(T("Let people open tickets.")))
    @app_commands.describe(
        channel=words(T("Where the button is, and the tickets")),
        role=words(T("Who takes care of them, beside those who run the server")),
        kind=words(T("A private thread for each, or a channel")),
    )
    @app_commands.choices(
        kind=[
            app_commands.Choice(name=words(T("private thread")), value=THREAD),
            app_commands.Choice(name=words(T("private channel")), value=CHANNEL),
        ]
    )
    async def setup(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel,
        role: discord.Role | None = None,
        kind: str = THREAD,
    ) -> None:
        kind = CHANNEL if kind == CHANNEL else THREAD
        check_in(interaction, channel, ("manage_guild",), (*_ALWAYS_NEEDED, *_NEEDED[kind]))
        await thinking(interaction)
        view = discord.ui.View(timeout=None).add_item(TicketButton("open"))
        card = discord.Embed(
            title=say("Tickets"),
            description=say(
                "Do you need those who run this server? Open a ticket: only they and you will see it."
            ),
        )
        await channel.send(embed=card, view=view)
        chosen = {"channel": channel.id, "role": role.id if role is not None else None, "kind": kind}
        await self.server.choices.choose_for_server(channel.guild.id, interaction.user.id, tickets=chosen)
        told = say("People can open tickets in {channel} now.", channel=channel.mention)
        if role is not None and kind == THREAD and not _can_be_called(channel, role):
            told += " " + say(
                "{role} cannot be mentioned by me, so they are not called into the threads: let everybody "
                "mention the role, or give me the permission Mention Everyone.",
                role=escape_markdown(role.name),
            )
        await answer(interaction, told)

    @tickets.command(name=words(T("open")), description=words(T("Open a ticket.")))
    @app_commands.describe(subject=words(T("What it is about")))
    async def open(
        self, interaction: discord.Interaction, subject: app_commands.Range[str, 1, LONGEST_SUBJECT]
    ) -> None:
        await self.open_one(interaction, subject)

    @tickets.command(name=words(T("claim")), description=words(T("Take care of the ticket you are in.")))
    async def claim(self, interaction: discord.Interaction) -> None:
        await self.take(interaction)

    @tickets.command(
        name=words(T("close")), description=words(T("Close the ticket you are in, with a transcript."))
    )
    async def close(self, interaction: discord.Interaction) -> None:
        await self.finish(interaction)

    # --- what the commands and the buttons do -----------------------------------------------------

    async def open_one(self, interaction: discord.Interaction, subject: str) -> None:
        """Make a ticket and a place for it.

        Raises:
            TicketsNotSetUp, TooManyTickets, PermissionMissing
        """
        room = await self._room(interaction)
        opener = interaction.user
        assert isinstance(opener, discord.Member)
        await thinking(interaction)
        ticket = await self.server.tickets.open(opener.guild.id, opener.id, opener.display_name, subject)
        try:
            place = await make_room(room, ticket, opener)
            await self.server.tickets.placed(ticket, place.id)
        except DISCORD:
            await self.server.tickets.forget(ticket)
            raise
        view = discord.ui.View(timeout=None)
        view.add_item(TicketButton("claim")).add_item(TicketButton("close"))
        card = discord.Embed(
            title=say("Ticket {number}", number=ticket.number), description=escape_markdown(ticket.subject)
        )
        card.set_footer(text=say("Opened by {name}", name=opener.display_name)[:2000])
        called = " ".join(each.mention for each in (opener, room.role) if each is not None)
        who = discord.AllowedMentions(users=[opener], roles=[room.role] if room.role is not None else False)
        await place.send(called, embed=card, view=view, allowed_mentions=who)
        await answer(interaction, say("Your ticket is open: {place}", place=place.mention))

    async def take(self, interaction: discord.Interaction) -> None:
        """Somebody of the staff takes care of the ticket they are in.

        Raises:
            NotATicket, StaffOnly, TicketTaken
        """
        ticket = await self.server.tickets.at(interaction.channel_id or 0)
        if not is_staff(interaction.user, await self._role_id(ticket.guild_id)):
            raise StaffOnly
        await self.server.tickets.claim(ticket, interaction.user.id, interaction.user.display_name)
        await answer(
            interaction, say("{name} takes care of this.", name=shown(interaction.user)), private=False
        )

    async def finish(self, interaction: discord.Interaction) -> None:
        """Close the ticket one is in; its opener and the server's log get the transcript.

        Raises:
            NotATicket, StaffOnly
        """
        ticket = await self.server.tickets.at(interaction.channel_id or 0)
        guild, place = interaction.guild, interaction.channel
        assert guild is not None
        is_opener = interaction.user.id == ticket.opener_id
        if not is_opener and not is_staff(interaction.user, await self._role_id(guild.id)):
            raise StaffOnly
        await thinking(interaction)
        await self.server.tickets.close(ticket)
        try:
            text = transcript(ticket, await spoken_in(place), guild.name)
            delivered = await self._deliver(interaction, guild, ticket.number, ticket.opener_id, text)
            await answer(interaction, say("The ticket is closed."))
            await put_away(place, ticket, keep=not delivered)
        except DISCORD:
            await self.server.tickets.reopen(ticket)
            raise

    async def _deliver(
        self, interaction: discord.Interaction, guild: discord.Guild, number: int, opener_id: int, text: str
    ) -> bool:
        """Give the transcript to the log channel and to who opened the ticket; False when nobody got it."""
        name = f"ticket-{number}.txt"
        await self.server.modlog.note(
            guild.id, "ticket", interaction.user.id, interaction.user.display_name, str(number), opener_id
        )
        chosen = await self.server.choices.server(guild.id)
        card = discord.Embed(title=say("Ticket {number} was closed", number=number))
        card.add_field(name=say("By"), value=shown(interaction.user))
        logged = await post_in_log(guild, chosen.get("modlog"), card, _file(text, name))
        news = say("Your ticket {number} on {server} was closed.", number=number, server=guild.name)
        try:
            opener = await interaction.client.create_dm(discord.Object(opener_id))
            await opener.send(news, file=_file(text, name))
        except DISCORD:
            return logged
        return True

    async def _room(self, interaction: discord.Interaction) -> Room:
        """Where tickets are made.

        Raises:
            TicketsNotSetUp
        """
        guild = interaction.guild
        if guild is None:
            raise TicketsNotSetUp
        chosen = (await self.server.choices.server(guild.id)).get("tickets") or {}
        channel = guild.get_channel(chosen.get("channel", 0))
        if not isinstance(channel, discord.TextChannel):
            raise TicketsNotSetUp
        return Room(channel, guild.get_role(chosen.get("role") or 0), chosen.get("kind", THREAD))

    async def _role_id(self, guild_id: int) -> int | None:
        chosen = (await self.server.choices.server(guild_id)).get("tickets") or {}
        role_id: int | None = chosen.get("role")
        return role_id


def _can_be_called(channel: discord.TextChannel, role: discord.Role) -> bool:
    """Who is mentioned in a private thread is let in."""
    return role.mentionable or channel.permissions_for(channel.guild.me).mention_everyone


def _file(text: str, name: str) -> discord.File:
    return discord.File(io.BytesIO(text.encode()), name)

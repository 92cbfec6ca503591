"""Echoes: a member lends their manner of writing, with consent, and takes it back when they like."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.bridge import channel_place
from bot.commands.answers import answer, thinking
from bot.commands.cog import CommandCog
from bot.commands.deeds import told
from bot.commands.demands import demands
from bot.commands.speech import words
from bot.commands.views import confirm, show_pages
from bot.door import DiscordDoor
from bot.echo_board import Board
from bot.echo_rooms import Rooms
from bot.echo_source import DiscordSource
from bot.echo_status import pages_of
from bot.echo_voice import Voice
from bot.echo_words import OPEN, EchoButton, asker_of, buttons_of, only, request_words
from bot.house import REALM
from bot.services import Services
from core.echo.consent import Consent, Request
from core.echo.cutoff import cutoff
from core.echo.echoes import Echoes
from core.echo.refusals import ConsentOver, EchoUnknown, SessionOver
from core.echo.sessions import Here
from core.echo.talk import label
from core.events import EchoConsentChanged, EchoJobChanged, Subscription
from core.safety.access import Grant
from core.server.refusals import ChannelUnfit
from core.words import T, count, say

ME, EVERYBODY = "me", "everybody"
_VOTES = {"👍": True, "👎": False}


class EchoCog(CommandCog):
    """Asked for, agreed to, talking, taken back."""

    title = T("Echoes")
    lasting = (EchoButton,)

    echo = demands()(
        app_commands.Group(
            name=words(T("echo")),
            description=words(T("A bot that writes in somebody's manner, with consent.")),
        )
    )

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._voice: Voice | None = None
        self._rooms: Rooms | None = None
        self._board: Board | None = None
        self._listening: list[Subscription] = []

    @property
    def echoes(self) -> Echoes:
        """What core knows of echoes."""
        return self.house.echoes

    # --- coming and going -----------------------------------------------------------------------

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """The bot is online: echoes are heard, analyses shown, and messages can be read."""
        if self._listening:
            return
        bus, clock = self.services.bus, self.services.clock
        self._voice = Voice(self.client)
        self._rooms = Rooms(self.echoes, self._voice, bus, clock)
        board = Board(self.client, self.echoes, bus, clock, request_words, buttons_of)
        self._board = board
        self._listening = [
            bus.listen(EchoJobChanged, lambda event: board.job_changed(event.job)),
            bus.listen(EchoConsentChanged, lambda event: board.consent_changed(event.consent)),
        ]
        await self.echoes.connect(DiscordSource(self.client))

    async def cog_unload(self) -> None:
        for subscription in self._listening:
            subscription.end()
        if self._rooms is not None and self._board is not None:
            self.echoes.disconnect()
            await self._rooms.close()
            await self._board.close()

    # --- commands -------------------------------------------------------------------------------

    @echo.command(name=words(T("analyze")), description=words(T("Ask somebody for an echo of them.")))
    @app_commands.describe(
        person=words(T("Whose manner; yourself when left out")),
        date=words(T("Messages before this day are read: dd.mm.yyyy; today when left out")),
        use=words(T("Who may let it talk, beside that person and those who run this server")),
        channel=words(T("Only this channel is read; all that I may read when left out")),
    )
    @app_commands.choices(
        use=[
            app_commands.Choice(name=words(T("only me")), value=ME),
            app_commands.Choice(name=words(T("everybody here")), value=EVERYBODY),
        ]
    )
    async def analyze(
        self,
        interaction: discord.Interaction,
        person: discord.Member | None = None,
        date: app_commands.Range[str, 1, 40] | None = None,
        use: str = ME,
        channel: discord.TextChannel | None = None,
    ) -> None:
        guild = interaction.guild
        assert guild is not None
        whose = person or interaction.user
        zone = self.services.zone
        today = self.services.clock.now().astimezone(zone).date()
        request = Request(
            guild.id,
            guild.name,
            whose.id,
            whose.display_name,
            cutoff(date if date is not None else f"{today:%d.%m.%Y}", today, zone),
            channels=(channel.id,) if channel is not None else (),
            use=Grant(guilds=frozenset({guild.id})) if use == EVERYBODY else only(interaction.user),
            is_bot=whose.bot,
        )
        consent = await self.echoes.ask(request, asker_of(interaction), interaction.user.display_name)
        text = request_words(consent)
        message = await answer(interaction, text, private=False, view=buttons_of(consent))
        if message is not None and self._board is not None:
            self._board.asked_in(consent.id, message)
            for job in (await self.echoes.jobs.of(consent.id))[:1]:
                self._board.job_changed(job)
        if not await self._ask_directly(consent, whose):
            here = say("I could not write to them directly: they can answer here.")
            await answer(interaction, f"{escape_markdown(whose.display_name)}: {here}", private=False)

    @echo.command(name=words(T("online")), description=words(T("Let an echo talk in this channel.")))
    @app_commands.describe(person=words(T("Whose echo; your own when left out")))
    async def online(self, interaction: discord.Interaction, person: discord.Member | None = None) -> None:
        guild, channel = interaction.guild, interaction.channel
        assert guild is not None
        if not interaction.app_permissions.send_messages or channel is None:
            raise ChannelUnfit
        whose = person or interaction.user
        card = await self.echoes.library.find(REALM, guild.id, whose.id)
        if card is None:
            raise EchoUnknown
        place = channel_place(channel, guild)
        await thinking(interaction, private=False)
        here = Here(REALM, guild.id, place.channel_id, place.channel_name)
        await self.echoes.sessions.start(card.consent.id, here, asker_of(interaction))
        await answer(
            interaction,
            say(
                "{name} is online here. It is a bot that writes like them, with their consent: not the "
                "person. `/echo offline` ends it.",
                name=f"**{escape_markdown(label(card.name))}**",
            ),
            private=False,
        )

    @echo.command(name=words(T("offline")), description=words(T("Send the echo in this channel away.")))
    async def offline(self, interaction: discord.Interaction) -> None:
        session = await self.echoes.sessions.in_channel(REALM, interaction.channel_id or 0)
        if session is None:
            raise SessionOver
        await self.echoes.sessions.stop(session.id, asker_of(interaction))
        text = count("It is gone; it said one thing.", "It is gone; it said {n} things.", session.replies)
        await answer(interaction, text, private=False)

    @echo.command(
        name=words(T("status")),
        description=words(T("The echoes here: how far they are, and where they talk.")),
    )
    async def status(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        cards = await self.echoes.library.cards(REALM, interaction.guild_id, asker_of(interaction))
        memory = await self.echoes.maintenance.memory() if any(each.sessions for each in cards) else 0
        await show_pages(interaction, pages_of(cards, self._board, memory))

    @echo.command(
        name=words(T("revoke")),
        description=words(T("End an echo; everything made for it is erased at once.")),
    )
    @app_commands.describe(person=words(T("Whose echo; your own when left out")))
    async def revoke(self, interaction: discord.Interaction, person: discord.User | None = None) -> None:
        whose = person or interaction.user
        ours = [
            consent
            for consent in await self.echoes.consents.of(REALM, whose.id)
            if consent.state in OPEN and consent.guild_id in (interaction.guild_id, None)
        ]
        if not ours:
            raise EchoUnknown
        await self._confirm_the_end(interaction, ours[0])

    # --- buttons ----------------------------------------------------------------------------------

    async def pressed(self, interaction: discord.Interaction, act: str, consent_id: int) -> None:
        """Somebody answers a request, or takes it back.

        Raises:
            core.echo.refusals.EchoRefusal
        """
        who = asker_of(interaction)
        if interaction.message is not None and self._board is not None:
            self._board.pressed_in(consent_id, interaction.message)
        if act == "revoke":
            consent = await self.echoes.consents.get(consent_id)
            if consent.state not in OPEN:
                raise ConsentOver
            await self._confirm_the_end(interaction, consent)
            return
        if act == "agree":
            consent = await self.echoes.accept(consent_id, who)
        elif act == "decline":
            consent = await self.echoes.decline(consent_id, who)
        else:
            consent = await self.echoes.permit(consent_id, who, interaction.user.display_name)
        await interaction.response.edit_message(content=request_words(consent), view=buttons_of(consent))

    async def _confirm_the_end(self, interaction: discord.Interaction, consent: Consent) -> None:
        who = asker_of(interaction)

        async def do() -> str:
            receipt = await self.echoes.revoke(consent.id, who)
            gone = receipt.counts
            text = say(
                "Done. Erased: {messages} messages, {replies} replies, {sessions} sessions, {models} models.",
                messages=gone.get("messages", 0),
                replies=gone.get("replies", 0),
                sessions=gone.get("sessions", 0),
                models=gone.get("models", 0),
            )
            if receipt.models_left:
                text += " " + say("One model is removed as soon as Ollama runs again.")
            return text

        question = say(
            "End the echo of {name}? What was read for it, and everything made from it, is erased at once. "
            "This cannot be undone.",
            name=escape_markdown(consent.subject_name),
        )
        await confirm(interaction, question, say("Erase it"), do)

    # --- what is heard ------------------------------------------------------------------------------

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        door = self.services.doors.get(REALM)
        if self._rooms is not None and isinstance(door, DiscordDoor) and self.client.user is not None:
            await self._rooms.hear(message, self.client.user, door)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        up = _vote_of(payload)
        if up is not None and payload.guild_id is not None:
            await self.echoes.talk.vote(payload.message_id, payload.user_id, up)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        up = _vote_of(payload)
        if up is not None:
            await self.echoes.talk.take_back(payload.message_id, payload.user_id, up)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        await self.echoes.deleted([payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        await self.echoes.deleted(sorted(payload.message_ids))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self.echoes.sessions.gone(REALM, channel.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        for session in await self.echoes.sessions.active(REALM, guild.id):
            await self.echoes.sessions.gone(REALM, session.channel_id)

    @commands.Cog.listener()
    async def on_thread_delete(self, thread: discord.Thread) -> None:
        await self.echoes.sessions.gone(REALM, thread.id)

    # --- words --------------------------------------------------------------------------------------

    async def _ask_directly(self, consent: Consent, whose: discord.Member | discord.User) -> bool:
        """Write to the person themselves; True where that got through, or they asked themselves."""
        if consent.asked_by == consent.subject_id:
            return True
        return await told(whose, request_words(consent), view=buttons_of(consent)) is not None


def _vote_of(payload: discord.RawReactionActionEvent) -> bool | None:
    """👍 is True, 👎 False, in whatever colour of skin; None for everything else, and for bots'."""
    if payload.member is not None and payload.member.bot:
        return None
    return _VOTES.get(str(payload.emoji)[:1])

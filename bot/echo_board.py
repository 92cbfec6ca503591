"""What people see of an analysis on Discord: a message that follows it, and a word to both at its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

import discord
from discord.utils import escape_markdown

from bot.commands.deeds import told
from bot.commands.speech import language_of
from bot.faults import DISCORD
from core.clock import Clock
from core.echo.access import HOST
from core.echo.consent import Consent
from core.echo.echoes import Echoes
from core.echo.jobs import Job, title
from core.errors import EchodeckError
from core.events import Bus, Notice
from core.words import T, current_language, say, set_language

log = logging.getLogger(__name__)

EVERY_S = 3.0  # Discord takes about one edit a second in a channel; people need fewer
_BLOCKS = 10
_UNDER_WAY = ("queued", "running")

View = Callable[[Consent], discord.ui.View]
Words = Callable[[Consent], str]


class Board:
    """Keeps the messages that follow requests and analyses true.

    Args:
        words, buttons: what such a message says of a consent, and what can be pressed under it.
    """

    def __init__(
        self, client: discord.Client, echoes: Echoes, bus: Bus, clock: Clock, words: Words, buttons: View
    ) -> None:
        self._bus = bus
        self._client = client
        self._echoes = echoes
        self._clock = clock
        self._words = words
        self._buttons = buttons
        self._where: dict[int, tuple[int, int]] = {}
        self._spoken: dict[int, str] = {}
        self._jobs: dict[int, Job] = {}
        self._consents: dict[int, Consent] = {}
        self._tasks: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._asked_for_host: set[int] = set()

    def asked_in(self, consent_id: int, message: discord.Message) -> None:
        """Where the request stands that everybody sees."""
        self._where[consent_id] = message.channel.id, message.id
        self._spoken[consent_id] = current_language()

    def pressed_in(self, consent_id: int, message: discord.Message) -> None:
        """A request was answered there: after a restart that is where it is known to stand."""
        self._where.setdefault(consent_id, (message.channel.id, message.id))
        self._spoken.setdefault(consent_id, current_language())

    def job_changed(self, job: Job) -> None:
        """An analysis moved on; several steps at once are shown as one."""
        self._jobs[job.id] = job
        self._begin(("job", job.id), self._follow)

    def consent_changed(self, consent: Consent) -> None:
        """Somebody answered."""
        self._consents[consent.id] = consent
        self._begin(("consent", consent.id), self._renew)

    async def close(self) -> None:
        """The connection ends."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, key: tuple[str, int], work: Callable[[int], Coroutine[None, None, None]]) -> None:
        if key not in self._tasks:
            task = asyncio.create_task(work(key[1]), name=f"echo {key[0]} {key[1]}")
            self._tasks[key] = task
            task.add_done_callback(lambda _: self._tasks.pop(key, None))

    def _speak(self, consent: Consent) -> None:
        """From here on, in this task, as it was begun: in the language of who asked, else the server's."""
        guild = self._client.get_guild(consent.guild_id) if consent.guild_id else None
        set_language(self._spoken.get(consent.id) or language_of(guild))

    # --- a request ------------------------------------------------------------------------------

    async def _renew(self, consent_id: int) -> None:
        consent = self._consents.pop(consent_id)
        self._speak(consent)
        where = self._where.get(consent_id)
        if where is not None:
            await self._edit(where, self._words(consent), self._buttons(consent))
        if (
            consent.asked_by == HOST
            and consent.source == "discord"
            and consent.state == "asked"
            and consent_id not in self._asked_for_host
        ):
            self._asked_for_host.add(consent_id)
            await self._ask_for_the_host(consent)

    async def _ask_for_the_host(self, consent: Consent) -> None:
        """The host asked at their own computer: the person is asked where they are."""
        person = await self._person(consent.subject_id)
        if person is None or await told(person, self._words(consent), view=self._buttons(consent)) is None:
            log.warning("the person of request %s takes no direct messages", consent.id)
            step = T("They take no direct messages: ask them to use /echo analyze themselves.")
            self._bus.publish(
                Notice("warn", T("{name} could not be asked.", name=consent.subject_name), step)
            )

    # --- an analysis ----------------------------------------------------------------------------

    async def _follow(self, job_id: int) -> None:
        while (job := self._jobs.pop(job_id, None)) is not None:
            try:
                consent = await self._echoes.consents.get(job.consent_id)
                self._speak(consent)
                await self._show(job, consent)
                if job.state not in _UNDER_WAY:
                    await self._tell_both(job, consent)
                    return
            except EchodeckError as error:
                log.info("an analysis cannot be shown: %s", type(error).__name__)
                return
            await self._clock.sleep(EVERY_S)

    async def _show(self, job: Job, consent: Consent) -> None:
        where = self._where.get(consent.id)
        if where is not None and job.shown_message is None and job.state in _UNDER_WAY:
            await self._echoes.jobs.shown_at(job.id, *where)
        if where is None and job.shown_channel is not None and job.shown_message is not None:
            where = job.shown_channel, job.shown_message
        if where is not None:
            await self._edit(where, f"{self._words(consent)}\n\n{self.progress(job)}", self._buttons(consent))

    def progress(self, job: Job) -> str:
        """How far an analysis is, in a line."""
        trouble = self._echoes.jobs.trouble(job)
        if job.state == "done":
            return say("✅ Ready. `/echo online` lets it talk in a channel.")
        if job.state == "cancelled":
            return say("The analysis was cancelled.")
        if job.state == "failed":
            why = f"{trouble.what} {trouble.step}" if trouble is not None else ""
            return say("❌ It did not work. {why}", why=why).strip()
        if job.state == "queued":
            waits = say("⏳ Waiting its turn.")
            return f"{waits} {trouble.what}" if trouble is not None else waits
        full = round(job.share * _BLOCKS)
        line = f"{'▰' * full}{'▱' * (_BLOCKS - full)} {round(job.share * 100)} % · {title(job.stage)}"
        if job.total:
            line += f" · {job.done:,} / {job.total:,}"
        if job.eta_s is not None:
            line += " · " + say("about {minutes} min left", minutes=max(1, round(job.eta_s / 60)))
        return line

    async def _tell_both(self, job: Job, consent: Consent) -> None:
        if job.state == "cancelled" or await self._is_built_anew(job):
            return
        name, server = consent.subject_name, consent.guild_name
        if job.state == "done":
            text = say(
                "The echo of {name} on {server} is ready: `/echo online` lets it talk in a channel.",
                name=escape_markdown(name),
                server=escape_markdown(server),
            )
        else:
            text = say(
                "The echo of {name} on {server} could not be made. {why}",
                name=escape_markdown(name),
                server=escape_markdown(server),
                why=self.progress(job),
            )
        for person_id in {consent.asked_by, consent.subject_id} - {None, 0}:
            person = await self._person(person_id or 0)
            if person is not None:
                more = {"view": self._buttons(consent)} if person_id == consent.subject_id else {}
                await told(person, text, **more)

    async def _is_built_anew(self, job: Job) -> bool:
        """It was ready before: that it is again is news to nobody."""
        if job.state != "done":
            return False
        every = await self._echoes.jobs.of(job.consent_id)
        return any(other.state == "done" and other.id < job.id for other in every)

    async def _person(self, person_id: int) -> discord.User | None:
        try:
            return await self._client.fetch_user(person_id)
        except DISCORD as error:
            log.info("somebody could not be found for an echo: %s", type(error).__name__)
            return None

    async def _edit(self, where: tuple[int, int], text: str, view: discord.ui.View) -> None:
        channel_id, message_id = where
        try:
            message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
            await message.edit(
                content=text[:2000], view=view, allowed_mentions=discord.AllowedMentions.none()
            )
        except DISCORD as error:
            log.info("the message of an analysis could not be changed: %s", type(error).__name__)

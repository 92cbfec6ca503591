"""Echoes, all of it in one place: what pages and commands are handed as `app.echoes`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import tzinfo
from pathlib import Path
from random import Random

from core.clock import Clock
from core.conversation.message import IncomingMessage
from core.echo.building import Building
from core.echo.collect import Collecting
from core.echo.consent import Consent, Consents, Request
from core.echo.erasing import Erasing, Receipt
from core.echo.imports import Importing
from core.echo.jobs import Job, Jobs, Stage
from core.echo.library import Library
from core.echo.maintenance import Maintenance
from core.echo.refusals import SourceMissing
from core.echo.sessions import Sessions
from core.echo.source import EchoSource
from core.echo.talk import Answer, Silence, Talk, label
from core.echo.voices import Profiles
from core.events import Bus
from core.llm.roles import Roles
from core.safety.access import Asker
from core.settings import Settings
from db import echo_consents, echo_jobs, echo_messages, echo_sessions
from db.base import Database
from db.echo_jobs import OPEN, QUEUED
from db.store import Store


class Echoes:
    """Consent, analysis, sessions and replies. `async with` works the queue and finishes what was broken off.

    Attributes:
        consents: who was asked and what they said. jobs: the queue. library: the echoes there are.
        sessions: where they talk. talk: what they say there. maintenance: cleanup, health, figures.

    Args:
        roles: the brains, looked up at each use. zone: the host's time zone.
    """

    def __init__(
        self,
        store: Store,
        roles: Callable[[], Roles],
        settings: Settings,
        bus: Bus,
        clock: Clock,
        chance: Random,
        zone: tzinfo,
    ) -> None:
        self._store = store
        self._clock = clock
        self._source: EchoSource | None = None
        self._open = AsyncExitStack()
        profiles = Profiles(store)
        collecting = Collecting(store, self._reading, clock)
        building = Building(store, roles, self._reading, clock, chance, zone)
        stages = {
            Stage.COLLECT: collecting.run,
            Stage.PAIR: building.pair,
            Stage.PROFILE: building.profile,
            Stage.MODEL: building.model,
            Stage.EVALUATE: building.evaluate,
            Stage.READY: building.ready,
        }
        self.consents = Consents(store, settings, bus, clock)
        self.jobs = Jobs(store, settings, bus, clock, stages)
        self.library = Library(store, clock)
        self.sessions = Sessions(store, roles, settings, profiles, bus, clock)
        self.talk = Talk(store, roles, settings, profiles, bus, clock, chance)
        self.importing = Importing(store, clock)
        self.erasing = Erasing(store, roles, self.jobs, bus, clock, profiles.forget)
        self.maintenance = Maintenance(store, roles, settings, self.sessions, self.erasing, clock)

    async def __aenter__(self) -> Echoes:
        await self.erasing.finish_all()
        await self._open.enter_async_context(self.jobs)
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._open.aclose()

    # --- where messages are read ---------------------------------------------------------------

    async def connect(self, source: EchoSource) -> None:
        """The bot is online and lends what it may read; waiting analyses go on."""
        self._source = source
        await self.jobs.came_online()

    def disconnect(self) -> None:
        """The bot is offline: analyses wait."""
        self._source = None

    def _reading(self) -> EchoSource:
        if self._source is None:
            raise SourceMissing
        return self._source

    # --- from asking to an echo ----------------------------------------------------------------

    async def ask(self, request: Request, asker: Asker, name: str) -> Consent:
        """Ask for a voice; see `Consents.ask`. When nothing more is needed, the analysis is queued."""
        return await self._go_on(await self.consents.ask(request, asker, name))

    async def permit(self, consent_id: int, admin: Asker, name: str) -> Consent:
        """Somebody who runs the server allows it; see `Consents.permit`."""
        return await self._go_on(await self.consents.permit(consent_id, admin, name))

    async def accept(self, consent_id: int, who: Asker) -> Consent:
        """The person says yes; see `Consents.accept`."""
        return await self._go_on(await self.consents.accept(consent_id, who))

    async def decline(self, consent_id: int, who: Asker) -> Consent:
        """The person says no; see `Consents.decline`."""
        return await self.consents.decline(consent_id, who)

    async def analyse(self, consent_id: int) -> Job:
        """Read and build once more, for a live consent: what was written meanwhile, before its day, is added.

        Raises:
            ConsentMissing
        """
        await self._store.run(_read_again, consent_id)
        return await self.jobs.add(consent_id)

    async def import_file(self, consent_id: int, path: Path, called: Sequence[str] = ()) -> Job:
        """Read a person's own messages from a file of theirs, then build.

        Args:
            path: Discord's data package (zip), or a chat export as JSON or CSV.
            called: what the person is called in a chat export that holds no ids.

        Raises:
            ConsentMissing, FileUnreadable, FileOfSomebodyElse
        """
        await self.importing.read(consent_id, path, called)
        return await self.jobs.add(consent_id, Stage.PAIR)

    async def revoke(self, consent_id: int, by: Asker) -> Receipt:
        """Take a consent back: everything that was made from it is erased now.

        Raises:
            ConsentUnknown, ConsentOver, MayNotRevoke
        """
        return await self.erasing.revoke(consent_id, by)

    async def forget_person(self, realm: str, person_id: int) -> list[Receipt]:
        """Somebody wants to be forgotten (by platform id): their echoes end, and the ledger forgets them."""
        receipts = await self.erasing.end_all(realm, person_id)
        await self._store.run(_forget, realm, person_id)
        return receipts

    async def deleted(self, message_ids: Sequence[int]) -> int:
        """Messages were deleted where they stood: they go here too, and echoes that knew them are built anew.
        Answers how many echoes that are."""
        consents = await self._store.run(echo_messages.deleted, list(message_ids))
        for consent_id in consents:
            if await self.consents.is_live(consent_id):
                await self._build_anew(consent_id)
        return len(consents)

    async def _build_anew(self, consent_id: int) -> None:
        """Build from what is kept now, also where a build is under way that has read what there was."""
        job = await self.jobs.add(consent_id, Stage.PAIR)
        if job.stage not in (Stage.COLLECT, Stage.PAIR):
            await self.jobs.drop(consent_id)
            await self.jobs.change(job.id, stage=Stage.PAIR.value, state=QUEUED, not_before=None)
            self.jobs.wake()

    async def _go_on(self, consent: Consent) -> Consent:
        if consent.source == "discord" and consent.is_live(self._clock.now()):
            await self.jobs.add(consent.id)
        return consent

    # --- talking -------------------------------------------------------------------------------

    async def reply(self, session_id: int, burst: Sequence[IncomingMessage]) -> Answer | Silence:
        """Answer as the person of a session would; see `Talk.reply`."""
        return await self.talk.reply(session_id, burst)

    async def talking_in(self, realm: str, channel_id: int) -> str | None:
        """How the echo is signed that talks in a channel; None where none does."""
        session = await self.sessions.in_channel(realm, channel_id)
        if session is None:
            return None
        return label((await self.consents.get(session.consent_id)).subject_name)

    # --- what comes round ----------------------------------------------------------------------

    async def check_sessions(self) -> None:
        """See `Maintenance.check_sessions`."""
        for session in await self.maintenance.check_sessions():
            self.talk.forget(session.id)

    async def clean(self) -> None:
        """See `Maintenance.clean`."""
        await self.maintenance.clean()


def _read_again(db: Database, consent_id: int) -> None:
    """Begin at the newest message again, unless that is being done; what is kept is not kept twice."""
    if all(job.state not in OPEN for job in echo_jobs.of_consent(db, consent_id)):
        echo_messages.unmark(db, consent_id)


def _forget(db: Database, realm: str, person_id: int) -> int:
    return echo_sessions.forget(db, realm, person_id) + echo_consents.forget(db, realm, person_id)

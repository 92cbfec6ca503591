"""The self-test inside a running Echodeck: everything, one channel, and what can be put right by a button."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from core.backups import Backups
from core.conversation.desk import Desk
from core.doctor.check import Check
from core.doctor.examine import examine
from core.doctor.silence import heard_of, why_silent
from core.errors import EchodeckError
from core.keys import close_key_file
from core.llm import ollama_start
from core.llm.ollama_start import Started
from core.secrets import Keyring, Secrets
from core.session import DiscordReport, Session
from core.words import T, Text
from db.channels import StoredChannel

Channel = StoredChannel

# What `Surgery.fix` can do; every other `act` of a check is a page.
FIXES = ("back_up", "start_ollama", "close_key_file")


class Surgery:
    """Examines the app that it is in.

    Args:
        environ: the environment. keyring: answers the computer's keyring.
    """

    def __init__(
        self,
        desk: Desk,
        backups: Backups,
        secrets: Secrets,
        session: Session,
        environ: dict[str, str],
        keyring: Callable[[], Awaitable[Keyring | None]],
    ) -> None:
        self._desk = desk
        self._backups = backups
        self._secrets = secrets
        self._session = session
        self._environ = environ
        self._keyring = keyring
        self._started: list[Started] = []

    async def every(self) -> list[Check]:
        """Everything; Discord is asked, too."""
        return await examine(
            self._backups.folder,
            self._environ,
            self._keyring,
            self._desk.clock,
            self._session.check_up,
            session=self._session.status,
        )

    async def channels(self) -> list[Channel]:
        """The channels that can be asked about."""
        return await heard_of(self._desk)

    async def why(self, channel: Channel) -> list[Check]:
        """Why it isn't replying in a channel."""
        report: DiscordReport | None = None
        token = await self._secrets.token()
        if token:
            try:
                report = await self._session.check_up(token)
            except EchodeckError:
                report = None  # then the first line says what is wrong with the connection
        return await why_silent(channel, self._desk, self._session.status, report)

    async def fix(self, act: str) -> Text:
        """Do one of FIXES; answers what was done.

        Raises:
            core.errors.OllamaWontStart, db.faults.StoreFault
        """
        if act == "back_up":
            made = await self._backups.make()
            return T("Backed up and checked: {name}.", name=made.path.name)
        if act == "close_key_file":
            await asyncio.to_thread(close_key_file, self._backups.folder)
            return T("Only you can read the key file now.")
        ollama = await self._desk.roles.ollama()
        program = ollama_start.find(ollama_start.this_computer())
        if program is not None:
            self._started.append(await ollama_start.start(program, ollama, self._desk.clock))
        return T("Ollama answers.")

"""The Echodeck that is looked at, and what the checks have opened of it so far."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.clock import Clock
from core.errors import EchodeckError
from core.events import Bus
from core.secrets import Keyring, Secrets
from core.session import DiscordReport, SessionStatus
from core.settings import SETTINGS, Settings
from db import keys
from db.keys import KeyFound
from db.store import Store


@dataclass
class Patient:
    """One data folder on one computer.

    Attributes:
        keyring: answers the computer's keyring.
        ask_discord: asks Discord about a token; None to leave the network alone.
        session: how the bot's life on Discord is, where this is asked inside a running Echodeck.
        opened: closes what a check has opened.
        ring, found, store: the keyring, the key and the store, once a check has found them.
    """

    data_dir: Path
    environ: Mapping[str, str]
    keyring: Callable[[], Awaitable[Keyring | None]]
    clock: Clock
    ask_discord: Callable[[str], Awaitable[DiscordReport]] | None
    platform: str
    session: SessionStatus | None = None
    opened: AsyncExitStack = field(default_factory=AsyncExitStack)
    ring: Keyring | None = None
    found: KeyFound | None = None
    store: Store | None = None
    _was_asked: bool = False
    _answer: DiscordReport | EchodeckError | None = None

    @property
    def path(self) -> Path:
        """The data file."""
        return self.data_dir / keys.STORE_FILE

    async def values(self) -> dict[str, Any]:
        """All settings in force.

        Raises:
            SettingInvalid: the environment gives one that is not possible.
        """
        if self.store is not None:
            return await Settings(self.store, Bus(), self.clock, self.environ).every()
        values: dict[str, Any] = {}
        for known in SETTINGS:
            name = next((name for name in known.environment_names if self.environ.get(name)), None)
            values[known.key] = known.parse(self.environ[name]) if name else known.default
        return values

    async def discord(self) -> DiscordReport | None:
        """What Discord says, asked once; None when it is not to be asked, or there is no token.

        Raises:
            core.errors.DiscordError
        """
        if not self._was_asked and self.ask_discord is not None and (kept := await self.token()):
            self._was_asked = True
            try:
                self._answer = await self.ask_discord(kept)
            except EchodeckError as error:
                self._answer = error
        if isinstance(self._answer, EchodeckError):
            raise self._answer
        return self._answer

    async def token(self) -> str | None:
        """The bot's token, or None."""
        if given := self.environ.get("ECHODECK_TOKEN", "").strip():
            return given
        if self.store is None or self.found is None:
            return None
        return await Secrets(self.store, self.clock, self.environ, self.ring, self.found.store).token()

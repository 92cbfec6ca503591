"""A session without Discord: it goes where the test sends it, and says so on the bus."""

from __future__ import annotations

from dataclasses import replace

from core.errors import EchodeckError
from core.events import Bus, SessionChanged
from core.session import DiscordReport, SessionState, SessionStatus, TokenReport


class FakeSession:
    """Obeys `core.session.Session`.

    Attributes:
        report: what `check_token` answers. refuses: what it raises instead, when set.
        enabled: what `enable_intents` answers. checked: the tokens it was asked about.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._status = SessionStatus()
        self.report = TokenReport(
            "Finn", 4711, (), True, "https://discord.com/oauth2/authorize?client_id=4711", 1
        )
        self.enabled: TokenReport | None = None
        self.refuses: EchodeckError | None = None
        self.checked: list[str] = []

    @property
    def status(self) -> SessionStatus:
        return self._status

    def become(self, status: SessionStatus) -> None:
        """Move to another moment of the bot's life."""
        self._status = status
        self._bus.publish(SessionChanged(status))

    async def start(self) -> None:
        self.become(replace(self._status, state=SessionState.STARTING, trouble=None))
        servers = ("Harbour Lights", "Tape Deck Club")
        self.become(SessionStatus(SessionState.ONLINE, name="Finn", servers=servers, latency_ms=42))

    async def stop(self) -> None:
        self.become(SessionStatus(SessionState.STOPPED))

    async def check_token(self, token: str) -> TokenReport:
        self.checked.append(token)
        if self.refuses is not None:
            raise self.refuses
        return self.report

    async def check_up(self, token: str) -> DiscordReport:
        return DiscordReport(await self.check_token(token), 900, (), 4)

    async def enable_intents(self, token: str) -> TokenReport:
        self.report = self.enabled or replace(self.report, missing_intents=())
        return self.report

"""A bot that is online without Discord, for the tour."""

from __future__ import annotations

from dataclasses import replace

from core.events import Bus, SessionChanged
from core.session import DiscordReport, SessionState, SessionStatus, TokenReport

_INVITE = "https://discord.com/oauth2/authorize?client_id=1204&permissions=274877991936&scope=bot"


class SampleSession:
    """A bot that is online without Discord."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._status = SessionStatus(
            SessionState.ONLINE, name="Finn", servers=("Harbour Lights", "Tape Deck Club"), latency_ms=42
        )

    @property
    def status(self) -> SessionStatus:
        return self._status

    async def start(self) -> None:
        self._become(replace(self._status, state=SessionState.ONLINE))

    async def stop(self) -> None:
        self._become(SessionStatus(SessionState.STOPPED))

    async def check_token(self, token: str) -> TokenReport:
        return TokenReport("Finn", 1204, ("Message Content Intent",), True, _INVITE, 2)

    async def check_up(self, token: str) -> DiscordReport:
        return DiscordReport(await self.enable_intents(token), 900, (), 4)

    async def enable_intents(self, token: str) -> TokenReport:
        return TokenReport("Finn", 1204, (), True, _INVITE, 2)

    def _become(self, status: SessionStatus) -> None:
        self._status = status
        self._bus.publish(SessionChanged(status))

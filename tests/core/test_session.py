"""The session that is loaded late behaves as the one it loads."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field

from core.errors import TokenRefused, explain
from core.events import Bus, SessionChanged
from core.session import LateSession, SessionState, SessionStatus, TokenReport, failed

REPORT = TokenReport("Finn", 1, (), True, "", 2)


@dataclass
class Lived:
    """A session that notes what was asked of it."""

    status: SessionStatus = field(default_factory=SessionStatus)
    asked: list[str] = field(default_factory=list)

    async def start(self) -> None:
        self.asked.append("start")
        self.status = SessionStatus(SessionState.ONLINE)

    async def stop(self) -> None:
        self.asked.append("stop")
        self.status = SessionStatus()

    async def check_token(self, token: str) -> TokenReport:
        self.asked.append(token)
        return REPORT

    async def enable_intents(self, token: str) -> TokenReport:
        self.asked.append(token)
        return REPORT


async def test_nothing_is_loaded_before_it_is_needed() -> None:
    loaded: list[threading.Thread] = []
    lived = Lived()

    def load():  # type: ignore[no-untyped-def]
        loaded.append(threading.current_thread())
        return lambda: lived

    session = LateSession(load)
    assert session.status.state is SessionState.STOPPED
    await session.stop()
    assert loaded == []
    await asyncio.gather(session.start(), session.check_token("a"), session.enable_intents("b"))
    assert len(loaded) == 1
    assert loaded[0] is not threading.main_thread()
    assert session.status.state is SessionState.ONLINE
    await session.stop()
    assert lived.asked == ["start", "a", "b", "stop"]


async def test_a_stop_while_it_is_still_loading_is_not_forgotten() -> None:
    go = threading.Event()
    lived = Lived()

    def load():  # type: ignore[no-untyped-def]
        assert go.wait(10)
        return lambda: lived

    session = LateSession(load)
    starting = asyncio.create_task(session.start())
    await asyncio.sleep(0)
    stopping = asyncio.create_task(session.stop())
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(starting, stopping)
    assert lived.status.state is SessionState.STOPPED


async def test_a_failure_is_known_whenever_it_came() -> None:
    bus = Bus()
    trouble = explain(TokenRefused())
    over = SessionStatus(SessionState.FAILED, trouble)
    assert await failed(Lived(over), bus) is trouble
    waiting = asyncio.create_task(failed(Lived(), bus))
    await asyncio.sleep(0)
    bus.publish(SessionChanged(SessionStatus(SessionState.RECONNECTING, trouble)))
    await asyncio.sleep(0)
    assert not waiting.done()
    bus.publish(SessionChanged(over))
    assert await waiting is trouble

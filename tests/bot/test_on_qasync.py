"""The same life on the loop that the window uses."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from bot.client import DiscordSession
from core.app import Config, open_app
from core.events import SessionChanged
from core.persona.identity import sample
from core.session import SessionState
from core.settings import BURST_SECONDS
from tests.bot.conftest import KEY
from tests.support.discord_thread import FakeDiscordThread
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

LIVES = 5


@contextmanager
def _collected_here() -> Iterator[None]:
    """No other thread (the store's, the fake Discord's) may collect what belongs to Qt: that is a crash."""
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.enable()


def test_it_lives_and_answers_on_qts_loop(qapp: QApplication, tmp_path: Path) -> None:
    async def live() -> list[str]:
        config = Config(tmp_path / "data", environ=KEY, pace="instant", seeded=True)
        replies = []
        async with open_app(config) as app, asyncio.timeout(60):
            app.desk.roles = FakeRoles(FakeBrain("kettle's on."))
            await app.personas.add(sample("Finn"))
            await app.settings.put(BURST_SECONDS, 0)
            session = DiscordSession(
                app.line,
                app.secrets,
                app.bus,
                app.config.clock,
                thread.discord.api_url,
                thread.discord.gateway_url,
                ready_after_s=0.02,
            )
            news = asyncio.Event()
            listening = app.bus.listen(SessionChanged, lambda _: news.set())
            for _ in range(LIVES):
                await session.start()
                while session.status.state is not SessionState.ONLINE:
                    news.clear()
                    await news.wait()
                await thread.ask(lambda it: it.say(general, ada, f"hi {it.mention}"))
                replies.append((await thread.ask(lambda it: it.next_post()))["content"])
                await session.stop()
            listening.end()
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return replies

    with FakeDiscordThread() as thread:
        general = thread.do(lambda it: it.add_guild("Harbour")).channels[0]
        ada = thread.do(lambda it: it.add_user("Ada"))
        with _collected_here(), asyncio.Runner(loop_factory=lambda: QEventLoop(qapp)) as runner:
            assert runner.run(live()) == ["kettle's on."] * LIVES
        assert thread.discord.identifies == LIVES

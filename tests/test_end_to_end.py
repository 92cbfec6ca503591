"""The main job, with nothing pretended but Discord itself: the window, its Start button, the real
discord.py on Qt's loop over real sockets, the real starter brain, a reply in the channel."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bot.client import DiscordSession
from core.app import App, Config, open_app
from core.persona.identity import sample
from core.session import SessionState
from core.settings import ANSWER_TOKENS, CHAT_MODEL
from gui import loop
from gui.application import make_application
from gui.desktop import Desktop
from gui.pages.session import SessionPage
from gui.theme import apply
from tests.support.fake_discord import TOKEN, FakeDiscord

pytestmark = pytest.mark.brain


@pytest.fixture
def application(qapp: QApplication) -> QApplication:
    return make_application()


def test_press_start_and_the_persona_answers(application: QApplication, tmp_path: Path) -> None:
    async def host_presses_start(closing: asyncio.Event) -> int:
        async with FakeDiscord() as discord, asyncio.timeout(120):
            channel = discord.add_guild("Harbour").channels[0]
            sessions: list[DiscordSession] = []
            config = Config(
                tmp_path / "data",
                environ={"ECHODECK_KEY": "33" * 32, "ECHODECK_TOKEN": TOKEN},
                chance=Random(3),
                pace="instant",
                seeded=True,
            )

            def make_session(app: App) -> DiscordSession:
                session = DiscordSession(
                    app.line,
                    app.secrets,
                    app.bus,
                    app.config.clock,
                    api_url=discord.api_url,
                    gateway_url=discord.gateway_url,
                    ready_after_s=0.05,
                )
                sessions.append(session)
                return session

            async with open_app(config) as app:
                await app.personas.add(sample("Finn"))
                await app.settings.put(CHAT_MODEL, "starter")
                await app.settings.put(ANSWER_TOKENS, 24)
                await app.setup.finish()

            desktop = Desktop(tmp_path / "data", lambda: open_app(config), make_session, apply(application))
            living = asyncio.ensure_future(desktop.live(closing))
            await desktop.shown.wait()
            assert desktop.window is not None
            page = desktop.window.made("session")
            assert isinstance(page, SessionPage)

            QTest.mouseClick(page.switch, Qt.MouseButton.LeftButton)
            await discord.until(lambda: discord.identifies == 1)
            ada = discord.add_user("Ada")
            async with asyncio.timeout(20):
                while sessions[0].status.state is not SessionState.ONLINE:
                    await asyncio.sleep(0)
            await discord.say(channel, ada, f"hi {discord.mention}, how is the tea?")
            reply = await discord.next_post()
            assert page.switch.text() == "Stop"
            assert reply["content"].strip()
            assert reply["sent"]["message_reference"]["channel_id"] == channel.id

            QTest.mouseClick(page.switch, Qt.MouseButton.LeftButton)
            async with asyncio.timeout(20):
                while sessions[0].status.state is not SessionState.STOPPED:
                    await asyncio.sleep(0)
            desktop.window.close()
            return await living

    assert loop.run(application, host_presses_start) == 0

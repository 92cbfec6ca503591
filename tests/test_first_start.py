"""The first start, as somebody does it who has never seen Echodeck: from an empty folder to a reply and to a
bot that is online, in so many clicks and no more; and whatever goes wrong on the way leads on."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from core.app import Config, open_app
from core.persona.identity import sample
from core.session import SessionState
from core.setup import Step
from gui import loop
from gui.application import make_application
from tests.support.fake_discord import TOKEN, FakeDiscord
from tests.support.newcomer import (
    NOWHERE,
    Newcomer,
    first_start,
    replies,
    to_a_live_bot,
    to_the_first_reply,
)

MOST_TO_A_REPLY = 5
MOST_TO_A_LIVE_BOT = 10
FEW_TOKENS = {"ECHODECK_BRAIN_ANSWER_TOKENS": "24"}
WRONG = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789AB"

Story = Callable[[FakeDiscord], Coroutine[Any, Any, None]]


@pytest.fixture
def lived(qapp: QApplication) -> Callable[[Story], None]:
    """Lives a story on the loop of the app."""

    def live(story: Story) -> None:
        async def told(_closing: asyncio.Event) -> int:
            async with FakeDiscord() as discord, asyncio.timeout(110):
                await story(discord)
            return 0

        assert loop.run(make_application(), told) == 0

    return live


@pytest.mark.brain
def test_to_the_first_practice_reply(lived: Any, tmp_path: Path) -> None:
    async def story(discord: FakeDiscord) -> None:
        async with first_start(tmp_path / "data", discord, environ=FEW_TOKENS) as (desktop, _):
            newcomer = Newcomer(desktop)
            assert (await to_the_first_reply(newcomer)).strip()
            assert len(newcomer.clicks) <= MOST_TO_A_REPLY
            assert newcomer.clicks == ["Practise first", "Send"]  # as docs/first-start.md says
            assert newcomer.typed == ["hi Finn, who are you?"]
            assert "The starter brain answers, and it talks nonsense." in newcomer.reads()

    lived(story)


@pytest.mark.brain
def test_to_a_live_bot_that_answers(lived: Any, tmp_path: Path) -> None:
    async def story(discord: FakeDiscord) -> None:
        channel = discord.add_guild("Harbour").channels[0]
        async with first_start(tmp_path / "data", discord, environ=FEW_TOKENS) as (desktop, sessions):
            newcomer = Newcomer(desktop)
            await to_a_live_bot(newcomer, lambda: sessions[-1])
            assert len(newcomer.clicks) <= MOST_TO_A_LIVE_BOT
            assert newcomer.clicks == [  # as docs/first-start.md says
                *("Begin", "Check and keep", "Continue", "Continue", "Continue", "Be Finn", "Start now")
            ]
            assert newcomer.typed == [TOKEN]
            await discord.say(channel, discord.add_user("Ada"), f"hi {discord.mention}, how is the tea?")
            assert (await discord.next_post())["content"].strip()

    lived(story)


def test_left_midway_it_goes_on_where_it_was(lived: Any, tmp_path: Path) -> None:
    async def story(discord: FakeDiscord) -> None:
        async with first_start(tmp_path / "data", discord, brain="none") as (desktop, _):
            newcomer = Newcomer(desktop)
            await newcomer.click("Begin")
            await newcomer.sees("Your bot's token")
            await newcomer.close()
            await newcomer.until(lambda: desktop.guide is None)
            await newcomer.click("Start")
            await newcomer.sees("There is no bot token yet.")
            await newcomer.click("Open the set-up guide")
            await newcomer.sees("Your bot's token")
            await newcomer.close()
        async with first_start(tmp_path / "data", discord, brain="none") as (desktop, _):
            newcomer = Newcomer(desktop)
            await newcomer.sees("Your bot's token")
            await newcomer.click("Back")
            await newcomer.sees("Welcome to Echodeck")

    lived(story)


def test_a_wrong_token_is_said_and_the_right_one_goes_on(lived: Any, tmp_path: Path) -> None:
    async def story(discord: FakeDiscord) -> None:
        async with first_start(tmp_path / "data", discord, brain="none") as (desktop, _):
            newcomer = Newcomer(desktop)
            await newcomer.click("Begin")
            await newcomer.click("Check and keep")
            await newcomer.sees("There is no token in the field.")
            for wrong in ("hello", WRONG):
                await newcomer.type(wrong)
                await newcomer.click("Check and keep")
                await newcomer.sees("Discord does not accept this token.")
                await newcomer.until(lambda: "Check and keep" in newcomer.buttons())
            await newcomer.type(f' "Bot {TOKEN}" ')
            await newcomer.click("Check and keep")
            await newcomer.sees("may read what it needs")

    lived(story)


def test_without_a_network_it_says_so_and_one_can_practise(lived: Any, tmp_path: Path) -> None:
    async def story(discord: FakeDiscord) -> None:
        async with first_start(tmp_path / "data", discord, brain="none", api_url=NOWHERE) as (desktop, _):
            newcomer = Newcomer(desktop)
            await newcomer.click("Begin")
            await newcomer.type(TOKEN)
            await newcomer.click("Check and keep")
            await newcomer.sees("Discord cannot be reached.")
            await newcomer.click("Skip this step")
            await newcomer.sees("What it thinks with")
            await newcomer.click("Continue")
            await newcomer.click("Be Finn")
            await newcomer.sees(
                "There is no bot token yet, so it cannot go online. You can practise meanwhile."
            )
            await newcomer.until(lambda: "Finish" in newcomer.buttons())
            await newcomer.click("Practise first")
            await newcomer.until(lambda: "Send" in newcomer.buttons())

    lived(story)


def test_missing_intents_are_switched_on_with_one_click(lived: Any, tmp_path: Path) -> None:
    async def story(discord: FakeDiscord) -> None:
        discord.flags = 0
        async with first_start(tmp_path / "data", discord, brain="none") as (desktop, _):
            newcomer = Newcomer(desktop)
            await newcomer.click("Begin")
            await newcomer.type(TOKEN)
            await newcomer.click("Check and keep")
            await newcomer.sees("Finn cannot read everything yet.")
            await newcomer.click("Switch it on")
            await newcomer.sees("Finn may read what it needs.")

    lived(story)


def test_on_no_server_it_leads_back_to_the_link(lived: Any, tmp_path: Path) -> None:
    async def story(discord: FakeDiscord) -> None:
        async with first_start(tmp_path / "data", discord, brain="none") as (desktop, sessions):
            newcomer = Newcomer(desktop)
            await newcomer.click("Begin")
            await newcomer.type(TOKEN)
            await newcomer.click("Check and keep")
            await newcomer.sees("may read what it needs")
            await newcomer.click("Continue")
            await newcomer.sees("It is on no server yet.")
            await newcomer.click("Continue")
            await newcomer.sees("What it thinks with")
            await newcomer.click("Continue")
            await newcomer.click("Be Finn")
            await newcomer.click("Start now")
            await newcomer.until(lambda: sessions[-1].status.state is SessionState.ONLINE)
            await newcomer.click("Invite it")
            await newcomer.sees("Invite it to your server")
            await newcomer.sees("It is on no server yet.")
            await newcomer.until(lambda: "Continue" in newcomer.buttons())
            discord.add_guild("Harbour")
            await newcomer.click("Look again")
            await newcomer.sees("It is on 1 server already.")

    lived(story)


def test_whoever_opens_the_guide_again_keeps_their_persona(lived: Any, tmp_path: Path) -> None:
    async def story(discord: FakeDiscord) -> None:
        config = Config(tmp_path / "data", environ={"OLLAMA_HOST": NOWHERE}, brain="none", rounds=False)
        async with open_app(config) as app:
            mine = await app.personas.add(sample("Mira").model_copy(update={"name": "Wanda"}))
            await app.personas.choose(mine.id)
            await app.setup.reached(Step.PERSONA)
        async with first_start(tmp_path / "data", discord, brain="none") as (desktop, _):
            newcomer = Newcomer(desktop)
            await newcomer.click("Be Wanda")
            await newcomer.sees("It will be Wanda")

    lived(story)


def test_a_second_start_brings_the_window_forward(lived: Any, tmp_path: Path) -> None:
    async def story(discord: FakeDiscord) -> None:
        folder = tmp_path / "data"
        async with first_start(folder, discord, brain="none") as (desktop, _):
            newcomer = Newcomer(desktop)
            await newcomer.sees("Welcome to Echodeck")
            assert desktop.window is not None
            desktop.window.hide()
            assert await _starts_again(folder) == "shown"
            await newcomer.until(lambda: desktop.window is not None and desktop.window.isVisible())
            assert await _starts_again(tmp_path / "another") == "alone"

    lived(story)


async def _starts_again(folder: Path) -> str:
    """The first thing that a start does, in a process of its own as it is."""
    asks = (
        "import sys; from pathlib import Path; from gui.single import ask_running_to_show;"
        "print('shown' if ask_running_to_show(Path(sys.argv[1])) else 'alone')"
    )
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", asks, str(folder)), stdout=asyncio.subprocess.PIPE
    )
    told, _ = await child.communicate()
    return told.decode().strip()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_nobody_may_write_to_is_said(lived: Any, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    _cannot_be_used(lived, folder)


def test_a_folder_that_cannot_be_made_is_said(lived: Any, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands here")
    _cannot_be_used(lived, tmp_path / "data")


def _cannot_be_used(lived: Any, folder: Path) -> None:
    async def story(discord: FakeDiscord) -> None:
        closing = asyncio.Event()
        async with first_start(folder, discord, brain="none", closing=closing) as (desktop, _):
            newcomer = Newcomer(desktop)
            await newcomer.sees("cannot be used")
            assert "--data-dir" in newcomer.reads()
            assert {"Try again", "Open the data folder", "Quit"} <= set(newcomer.buttons())
            closing.set()

    lived(story)


@pytest.mark.brain
def test_the_window_can_be_closed_while_the_first_reply_is_written(lived: Any, tmp_path: Path) -> None:
    async def story(discord: FakeDiscord) -> None:
        async with first_start(tmp_path / "data", discord) as (desktop, _):
            newcomer = Newcomer(desktop)
            await newcomer.click("Practise first")
            await newcomer.type("tell me a long story")
            await newcomer.click("Send")
            await newcomer.until(lambda: "Stop" in newcomer.buttons())
        async with first_start(tmp_path / "data", discord, environ=FEW_TOKENS) as (desktop, _):
            newcomer = Newcomer(desktop)
            await newcomer.click("Practice")
            await newcomer.until(lambda: bool(replies(desktop)), "the reply that was cut short")

    lived(story)

"""Somebody who opens Echodeck for the first time: sees what is on the screen, presses what can be pressed
there, types, and counts. Nothing is done that a hand could not do: a press lands where the button is seen,
and what covers it, blocks it or has not appeared yet is in the way here, too.

    python -m tests.support.newcomer docs/screenshots/first-start

takes the pictures of docs/first-start.md anew.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from bot.client import DiscordSession
from bot.services import services_of
from core.app import App, Config, open_app
from core.session import SessionState
from gui import loop
from gui.application import make_application
from gui.desktop import Desktop
from gui.models.practice import Kind, TranscriptModel
from gui.pages.practice import PracticePage
from gui.theme import apply
from tests.support.fake_discord import TOKEN, FakeDiscord

NOWHERE = "http://127.0.0.1:9"  # no Ollama answers there
PATIENCE_S = 60.0


@dataclass
class Newcomer:
    """Their eyes and hands.

    Attributes:
        clicks, typed: what it took them, click by click and text by text.
        album: where pictures of their way go, or None.
    """

    desktop: Desktop
    album: Path | None = None
    clicks: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    pictures: int = 0

    # eyes

    @property
    def window(self) -> QWidget:
        """What is in front: the dialog that is open, else the window."""
        front = QApplication.activeModalWidget() or self.desktop.trouble or self.desktop.window
        assert front is not None
        return front

    def reads(self) -> str:
        """All the words in front of them."""
        labels = [label for label in self.window.findChildren(QLabel) if label.isVisible()]
        return "\n".join(label.text() for label in labels)

    def buttons(self) -> list[str]:
        """What can be pressed."""
        found = self.window.findChildren(QAbstractButton)
        return [_words(each) for each in found if each.isVisible() and each.isEnabled()]

    async def sees(self, words: str) -> None:
        """Wait for words to appear."""
        await self.until(lambda: words in self.reads(), f"{words!r} among:\n{self.reads()}")

    async def until(self, true: Callable[[], bool], what: str = "") -> None:
        """Wait for something to come true."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not true():
                    await asyncio.sleep(0)
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what}; in front of them: {self.reads()}") from None

    @property
    def writes_in(self) -> QWidget | None:
        """The field with the cursor in it. Without a screen nobody gives a window the keyboard back."""
        focused = QApplication.focusWidget() or self.window.focusWidget()
        return focused if isinstance(focused, QLineEdit | QPlainTextEdit) else None

    # hands

    async def click(self, words: str) -> None:
        """Press the button with these words, where it is seen."""
        await self.until(lambda: words in self.buttons(), f"the button {words!r} among {self.buttons()}")
        button = next(
            each
            for each in self.window.findChildren(QAbstractButton)
            if each.isVisible() and each.isEnabled() and _words(each) == words
        )
        await self._press(button)
        self.clicks.append(words)
        await self._breathe()

    async def type(self, text: str) -> None:
        """Type into the field that has the cursor, as a keyboard does."""
        await self.until(lambda: self.writes_in is not None, "a field with the cursor in it")
        written = self.writes_in
        assert written is not None
        await _apart(lambda: QTest.keyClicks(written, text))
        self.typed.append(text)
        await self._breathe()

    async def close(self) -> None:
        """Close what is in front by its cross."""
        await _apart(self.window.close)
        await self._breathe()

    async def _press(self, button: QAbstractButton) -> None:
        window = button.window()
        handle = window.windowHandle()
        at = button.mapTo(window, button.rect().center())
        hit = window.childAt(at)
        assert hit is button or button.isAncestorOf(hit), f"{hit} lies over {_words(button)!r}"
        left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        await _apart(lambda: QTest.mouseClick(handle, left, plain, at))

    async def _breathe(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)
            await _apart(QApplication.sendPostedEvents)

    # what they see, kept

    async def picture(self, name: str) -> None:
        """Keep what is on the screen."""
        if self.album is None:
            return
        await self._breathe()
        self.pictures += 1
        main = self.desktop.window
        assert main is not None
        seen = main.grab()
        dialog = next((each for each in main.findChildren(QDialog) if each.isVisible()), None)
        if dialog is not None:
            painter = QPainter(seen)
            painter.fillRect(seen.rect(), Qt.GlobalColor.transparent)
            painter.setOpacity(0.35)
            painter.fillRect(seen.rect(), Qt.GlobalColor.black)
            painter.setOpacity(1.0)
            corner = QPoint((main.width() - dialog.width()) // 2, (main.height() - dialog.height()) // 2)
            painter.drawPixmap(corner, dialog.grab())
            painter.end()
        _save_small(seen, self.album / f"{self.pictures}-{name}.png")


async def _apart(act: Callable[[], object]) -> None:
    """Do it between two steps of the tasks, as Qt does: what it sets off may take steps of its own."""
    loop_, done = asyncio.get_running_loop(), asyncio.Event()

    def do() -> None:
        act()
        done.set()

    loop_.call_soon(do)
    await done.wait()


def _words(button: QAbstractButton) -> str:
    return button.text().replace("&&", "&") or button.accessibleName()


def _save_small(seen: QPixmap, path: Path) -> None:
    """Two thirds the size, as tightly packed as PNG can."""
    image = seen.toImage().scaledToWidth(880, Qt.TransformationMode.SmoothTransformation)
    if not image.convertToFormat(QImage.Format.Format_RGB888).save(str(path), "PNG", 0):
        raise OSError(f"the picture {path} could not be written")


def replies(desktop: Desktop) -> list[str]:
    """What the persona has said in the practice room, as it stands on the page."""
    assert desktop.window is not None
    page = desktop.window.made("practice")
    assert isinstance(page, PracticePage)
    bubbles = [page.model.index(row, 0).data(TranscriptModel.BUBBLE) for row in range(page.model.rowCount())]
    return [each.text for each in bubbles if each.kind is Kind.REPLY and each.text]


@asynccontextmanager
async def first_start(
    folder: Path,
    discord: FakeDiscord,
    *,
    api_url: str | None = None,
    brain: str = "auto",
    environ: dict[str, str] | None = None,
    closing: asyncio.Event | None = None,
) -> AsyncIterator[tuple[Desktop, list[DiscordSession]]]:
    """Echodeck on a computer that has never seen it: nothing in the folder, no Ollama, no keyring."""
    sessions: list[DiscordSession] = []
    config = Config(
        folder,
        environ={"OLLAMA_HOST": NOWHERE, **(environ or {})},
        brain=brain,
        pace="instant",
        rounds=False,
    )

    def make_session(app: App) -> DiscordSession:
        session = DiscordSession(
            app.line,
            app.secrets,
            app.bus,
            app.config.clock,
            api_url=api_url or discord.api_url,
            gateway_url=discord.gateway_url,
            ready_after_s=0.05,
            services=services_of(app),
        )
        sessions.append(session)
        return session

    application = make_application()
    closing = closing or asyncio.Event()
    desktop = Desktop(folder, lambda: open_app(config), make_session, apply(application, "light"))
    living = asyncio.ensure_future(desktop.live(closing))
    try:
        async with asyncio.timeout(PATIENCE_S):
            await desktop.shown.wait()
        yield desktop, sessions
    finally:
        closing.set()
        await living


async def to_the_first_reply(newcomer: Newcomer) -> str:
    """From the first window to the persona's first answer."""
    await newcomer.sees("Welcome to Echodeck")
    await newcomer.picture("welcome")
    await newcomer.click("Practise first")
    await newcomer.until(lambda: "Send" in newcomer.buttons(), "the practice room")
    await newcomer.type("hi Finn, who are you?")
    await newcomer.picture("practice")
    await newcomer.click("Send")
    await newcomer.until(lambda: bool(replies(newcomer.desktop)), "a reply")
    await newcomer.until(lambda: "Stop" not in newcomer.buttons())
    await newcomer.picture("reply")
    return replies(newcomer.desktop)[0]


async def to_a_live_bot(
    newcomer: Newcomer, session: Callable[[], DiscordSession], token: str = TOKEN
) -> None:
    """From the first window to the bot online on Discord."""
    await newcomer.sees("Welcome to Echodeck")
    await newcomer.click("Begin")
    await newcomer.type(token)
    await newcomer.picture("token")
    await newcomer.click("Check and keep")
    await newcomer.sees("may read what it needs")
    await newcomer.picture("intents")
    await newcomer.click("Continue")
    await newcomer.sees("It is on 1 server already")
    await newcomer.picture("invite")
    await newcomer.click("Continue")
    await newcomer.sees("Ollama was not found on this computer.")
    await newcomer.picture("brain")
    await newcomer.click("Continue")
    await newcomer.picture("persona")
    await newcomer.click("Be Finn")
    await newcomer.sees("Its token is kept.")
    await newcomer.picture("done")
    await newcomer.click("Start now")
    await newcomer.until(lambda: session().status.state is SessionState.ONLINE, "the bot online")


def _take_pictures(album: Path) -> int:
    album.mkdir(parents=True, exist_ok=True)
    for old in album.glob("*.png"):
        old.unlink()

    async def live(_closing: asyncio.Event) -> int:
        async with FakeDiscord() as discord:
            channel = discord.add_guild("Harbour").channels[0]
            taken = 0
            with TemporaryDirectory(prefix="echodeck-first-") as folder:
                answers = {"ECHODECK_BRAIN_ANSWER_TOKENS": "32"}
                async with first_start(Path(folder), discord, environ=answers) as (desktop, _):
                    newcomer = Newcomer(desktop, album)
                    await to_the_first_reply(newcomer)
                    taken = newcomer.pictures
            with TemporaryDirectory(prefix="echodeck-first-") as folder:
                async with first_start(Path(folder), discord, environ=answers) as (desktop, sessions):
                    newcomer = Newcomer(desktop, album, pictures=taken)
                    await to_a_live_bot(newcomer, lambda: sessions[-1])
                    await discord.say(
                        channel, discord.add_user("Ada"), f"hi {discord.mention}, how is the tea?"
                    )
                    await discord.next_post()
                    await newcomer.until(lambda: "Nobody has written yet." not in newcomer.reads())
                    for _ in range(200):
                        await asyncio.sleep(0.01)
                    await newcomer.picture("online")
        return 0

    return loop.run(make_application(), live)


if __name__ == "__main__":
    sys.exit(_take_pictures(Path(sys.argv[1])))

"""The tour: every page on sample data, a picture of each in light and in dark."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from core.app import App
from core.logs import set_up_logging
from core.setup import Step
from gui import loop
from gui.contents import entries, guide_needs
from gui.desktop import make_application
from gui.operation import Tasks
from gui.pages.conversations import ConversationsPage
from gui.pages.page import Page
from gui.pages.privacy import VIEWS, PrivacyPage
from gui.pages.session import SessionPage
from gui.sample import SampleSession, sample_app
from gui.theme import apply
from gui.widgets.lights import state_light
from gui.window import MainWindow
from gui.wizard.guide import Guide

log = logging.getLogger(__name__)

LOOKS = ("light", "dark")
SETTLES_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Size:
    """A window's size in device-independent pixels, and what its pictures' names end in."""

    width: int
    height: int
    suffix: str = ""


FULL = Size(1280, 800)
SMALL = Size(1000, 700, "-small")


def run(folder: Path, sizes: Sequence[Size] = (FULL,)) -> int:
    """Visit every page and keep the pictures in `folder`; answers the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    apply(application, "light")

    async def live(_closing: asyncio.Event) -> int:
        with TemporaryDirectory(prefix="echodeck-tour-") as data, set_up_logging(Path(data) / "logs"):
            async with sample_app(Path(data)) as app:
                return await _visit(application, app, folder, sizes)

    return loop.run(application, live)


async def _visit(application: QApplication, app: App, folder: Path, sizes: Sequence[Size]) -> int:
    async with AsyncExitStack() as ending:
        session = SampleSession(app.bus)
        window = MainWindow(entries(app, session), app.bus, app.config.data_dir)
        ending.push_async_callback(window.end)
        active = await app.personas.active()
        window.show_persona(active.persona.name if active else "", state_light(session.status.state))
        window.show()
        pictures = 0
        for size in sizes:
            for look in LOOKS:
                apply(application, look)
                pictures += await tour(window, folder, size, look)
        window.resize(FULL.width, FULL.height)
        for look in LOOKS:
            apply(application, look)
            await app.setup.reached(Step.WELCOME)
            guide = Guide(app.setup, guide_needs(app, session), window)
            pictures += await _tour_of_the_guide(guide, folder, look)
        log.info("%d pictures lie in %s", pictures, folder)
        return 0


async def tour(window: MainWindow, folder: Path, size: Size = FULL, look: str = "light") -> int:
    """Visit every page of a window and keep a picture of each; answers how many.

    Args:
        folder: where they go; it is there already.
        look: only names the pictures; the theme is whatever is in force.
    """
    window.resize(size.width, size.height)
    pictures = 0
    for name in window.names:
        window.go(name)
        page = window.made(name)
        await settled(page)
        pictures += _keep(window, folder / f"{name}-{look}{size.suffix}.png")
        if isinstance(page, SessionPage) and page.model.rowCount():
            page.list.why.emit(page.model.turn(page.model.index(0, 0)))
            await _painted()
            pictures += _keep(window, folder / f"{name}-why-{look}{size.suffix}.png")
            page.trace.closed.emit()
        if isinstance(page, PrivacyPage):
            for view in VIEWS:
                page.look_at(view)
                await settled(page)
                pictures += _keep(window, folder / f"{name}-{view}-{look}{size.suffix}.png")
            page.look_at("people")
        if isinstance(page, ConversationsPage):
            pictures += await _tour_of_a_reply(window, page, folder, f"{look}{size.suffix}")
    window.go(window.names[0])
    return pictures


async def _tour_of_a_reply(window: MainWindow, page: ConversationsPage, folder: Path, look: str) -> int:
    """Why it said what it said last, and the same once more."""
    lines = (page.lines_model.line(row) for row in reversed(range(page.lines_model.rowCount())))
    turn_id = next((line.turn_id for line in lines if line is not None and line.is_self), "")
    if not turn_id:
        return 0
    page.view.why_wanted.emit(turn_id)
    await settled(page)
    pictures = _keep(window, folder / f"conversations-why-{look}.png")
    page.inspector.replay.click()
    await settled(page)
    page.replay.start.click()
    await settled(page)
    pictures += _keep(window, folder / f"conversations-replay-{look}.png")
    page.replay.closed.emit()
    page.inspector.closed.emit()
    return pictures


async def settled(page: Page) -> None:
    """Wait until the page has read what it shows and its layout has come to rest."""
    await _done(page.tasks)
    await _painted()


async def _tour_of_the_guide(guide: Guide, folder: Path, look: str) -> int:
    await guide.begin()
    for number, step in enumerate(Step):
        if number:
            guide.present.moved.emit()
        await _done(guide.needs.tasks)
        await _painted()
        _keep(guide, folder / f"guide-{number + 1}-{step.value}-{look}.png")
    await guide.end()
    guide.deleteLater()
    return len(Step)


async def _done(tasks: Tasks) -> None:
    async with asyncio.timeout(SETTLES_WITHIN_S):
        await tasks.idle()


async def _painted() -> None:
    """Let what is queued happen: events of layouts, deletions, and the callbacks of finished tasks."""
    for _ in range(3):
        await asyncio.sleep(0)
        QCoreApplication.sendPostedEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _keep(shown: QWidget, path: Path) -> int:
    if not shown.grab().save(str(path)):
        raise OSError(f"the picture {path} could not be written")
    return 1

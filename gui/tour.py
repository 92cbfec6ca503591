"""The tour: every page on sample data, with its panels, questions and troubles, and a picture of each in
every size, look and language that is asked for."""

from __future__ import annotations

import asyncio
import logging
import os
from argparse import Namespace
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from core.app import App
from core.logs import set_up_logging
from core.setup import Step
from core.words import languages
from gui import loop, tongue
from gui.application import make_application
from gui.contents import entries, guide_needs
from gui.sample import sample_app
from gui.sample_session import SampleSession
from gui.theme import THEMES, apply
from gui.tour_views import View, Views, done, painted, views
from gui.widgets.lights import state_light
from gui.window import MainWindow
from gui.wizard.guide import Guide

log = logging.getLogger(__name__)

LOOKS = tuple(theme for theme in THEMES if theme != "system")


@dataclass(frozen=True, slots=True)
class Size:
    """A window's size in device-independent pixels."""

    width: int
    height: int


FULL, SMALL, LARGE = Size(1280, 800), Size(1000, 700), Size(3840, 2160)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pictures: every size in every look in every language.

    Attributes:
        scale: pixels of a picture to one of the window.
    """

    sizes: Sequence[Size] = (FULL,)
    looks: Sequence[str] = ("light", "dark")
    languages: Sequence[str] = ("en",)
    scale: int = 1

    @classmethod
    def of(cls, options: Namespace) -> Wanted:
        """What the terminal asks for. What it leaves open is one size, light and dark, English; with --all
        the smallest window, the usual one and the largest, all looks, all languages."""
        usual = cls((SMALL, FULL, LARGE), LOOKS, languages()) if options.all else cls()
        sizes = tuple(Size(*size) for size in options.sizes)
        tongues = options.languages or usual.languages
        return cls(sizes or usual.sizes, options.themes or usual.looks, tongues, options.scale)


def run(folder: Path, wanted: Wanted | None = None) -> int:
    """Visit every page and keep the pictures in `folder`; answers the exit status."""
    wanted = wanted or Wanted()
    folder.mkdir(parents=True, exist_ok=True)
    if wanted.scale > 1:
        os.environ["QT_SCALE_FACTOR"] = str(wanted.scale)
    application = make_application()
    apply(application, "light")

    async def live(_closing: asyncio.Event) -> int:
        with TemporaryDirectory(prefix="echodeck-tour-") as data, set_up_logging(Path(data) / "logs"):
            async with sample_app(Path(data)) as app:
                return await _visit(application, app, folder, wanted)

    return loop.run(application, live)


async def _visit(application: QApplication, app: App, folder: Path, wanted: Wanted) -> int:
    pictures = 0
    for language in wanted.languages:
        tongue.speak(application, language)
        async with sample_window(app) as (window, session):
            for size in wanted.sizes:
                window.resize(size.width, size.height)
                for look in wanted.looks:
                    apply(application, look)
                    ending = _ending(size, look, language)
                    async for view in everything(window, app, session, guide=size == wanted.sizes[0]):
                        _keep(view.shown, folder / f"{view.name}-{ending}.png")
                        pictures += 1
    log.info("%d pictures lie in %s", pictures, folder)
    return 0


def _ending(size: Size, look: str, language: str) -> str:
    """What a picture's name ends in; the usual size and English go without saying."""
    words = [look]
    if size != FULL:
        words.append(f"{size.width}x{size.height}")
    if language != "en":
        words.append(language)
    return "-".join(words)


@asynccontextmanager
async def sample_window(app: App) -> AsyncIterator[tuple[MainWindow, SampleSession]]:
    """The window on sample data, in the language and look that are current."""
    async with AsyncExitStack() as ending:
        session = SampleSession(app.bus)
        window = MainWindow(
            entries(app, session, lambda _between: None), app.bus, app.config.data_dir, app.config.clock.now
        )
        ending.push_async_callback(window.end)
        active = await app.personas.active()
        window.show_persona(active.persona.name if active else "", state_light(session.status.state))
        window.show()
        yield window, session
    window.deleteLater()


async def everything(window: MainWindow, app: App, session: SampleSession, *, guide: bool = True) -> Views:
    """Every view there is: the window's, and the guide's steps."""
    async for view in views(window):
        yield view
    if guide:
        async for view in _guide(window, app, session):
            yield view


async def _guide(window: MainWindow, app: App, session: SampleSession) -> Views:
    """The guide opens at its own size, whatever the window's is."""
    await app.setup.reached(Step.WELCOME)
    guide = Guide(app.setup, guide_needs(app, session), window)
    await guide.begin()
    for number, step in enumerate(Step):
        if number:
            guide.present.moved.emit()
        await done(guide.needs.tasks)
        await painted()
        yield View(f"guide-{number + 1}-{step.value}", guide)
    await guide.end()
    guide.deleteLater()
    await painted()


def _keep(shown: QWidget, path: Path) -> None:
    picture = shown.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    if not picture.save(str(path), quality=0):  # as small as it gets
        raise OSError(f"the picture {path} could not be written")

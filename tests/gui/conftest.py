"""What every test of the window stands on: Qt and asyncio on one loop, an app on a folder of its own,
and no complaint of Qt's left unheard."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from core.app import App, Config, open_app
from core.clock import VirtualClock
from gui.application import make_application
from gui.garbage import collected_here
from gui.pages.page import Page, Toast
from gui.theme import apply
from tests.support.fake_session import FakeSession

# The platform without a screen says this about every window; it means nothing.
_EXPECTED = ("This plugin does not support",)


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> dict[str, Any]:
    """Here, coroutines run where they run in the app: on the loop that Qt and asyncio share."""
    return {"qt": lambda: QEventLoop(make_application())}


@pytest.fixture(autouse=True)
def _no_complaint_of_qt(qtlog: Any) -> Iterator[None]:
    yield
    heard = [record.message for record in qtlog.records]
    unexpected = [line for line in heard if not line.startswith(_EXPECTED)]
    if unexpected:
        pytest.fail("Qt complained:\n" + "\n".join(unexpected), pytrace=False)


@pytest.fixture(autouse=True)
def application() -> Iterator[QApplication]:
    """The application, light, and with no window left over afterwards."""
    made = make_application()
    made.setQuitOnLastWindowClosed(False)  # as in the app: a test goes on after its window
    apply(made, "light")
    yield made
    for window in [top for top in made.topLevelWidgets() if top.parent() is None]:
        window.hide()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(scope="package", autouse=True)
def _garbage_on_this_thread() -> Iterator[None]:
    """As in the app: nothing of Qt's dies on another thread, between tests neither."""
    make_application()
    with collected_here():
        yield


@pytest.fixture(autouse=True)
def _garbage_taken_out() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def config(tmp_path: Path, clock: VirtualClock) -> Config:
    environ = {"ECHODECK_KEY": "00" * 32}
    return Config(
        tmp_path / "data",
        environ,
        clock=clock,
        chance=Random(3),
        brain="none",
        pace="instant",
        rounds=False,  # between fixtures Qt turns the loop by itself: what comes round finds none running
    )


@pytest.fixture
async def app(config: Config) -> AsyncIterator[App]:
    async with open_app(config) as opened:
        yield opened


@pytest.fixture
def session(app: App) -> FakeSession:
    return FakeSession(app.bus)


Toasts = list[Toast]
Shower = Callable[[Page], Any]


@pytest.fixture
async def shown() -> AsyncIterator[Callable[[Page], Any]]:
    """Shows a page, waits until it has read what it shows, and ends it after the test."""
    pages: list[Page] = []

    async def show(page: Page) -> Toasts:
        toasts: Toasts = []
        page.toasted.connect(toasts.append)
        page.resize(1072, 768)
        page.show()
        pages.append(page)
        await page.tasks.idle()
        return toasts

    yield show
    for page in pages:
        await page.end()
        page.hide()
        page.deleteLater()
    await asyncio.sleep(0)

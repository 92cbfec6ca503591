"""When something broke: what is put before the host, what they can do, and that nobody is pestered."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.app import App, Config, open_app
from core.crash import CrashBook, CrashReport
from core.crash_words import describe
from core.logs import LogBook, set_up_logging, watch_loop
from core.settings import THEME
from gui.crashes import MOST_DIALOGS, CrashDialog, Crashes
from gui.desktop import Desktop
from gui.pages.logs import LogsPage
from gui.pages.page import Page
from gui.theme import apply
from gui.widgets.sidebar import Place
from gui.window import MainWindow, PageEntry
from tests.support.fake_session import FakeSession

pytestmark = pytest.mark.usefixtures("caplog")  # errors are what these tests log


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data" / "logs"
    with set_up_logging(folder):
        yield folder


@pytest.fixture
async def window(app: App, tmp_path: Path) -> AsyncIterator[MainWindow]:
    place = Place("session", "Session", "session", 0)
    made = MainWindow([PageEntry(place, lambda: Page("session", "Session", app.bus))], app.bus, tmp_path)
    made.show()
    yield made
    await made.end()


@pytest.fixture
async def crashes(window: MainWindow, logs: Path) -> AsyncIterator[Crashes]:
    restarts: list[bool] = []
    made = Crashes(CrashBook(logs), window, lambda: restarts.append(True))
    made.restarts = restarts  # type: ignore[attr-defined]
    await made.begin()
    yield made
    made.end()


def break_(number: int = 0) -> None:
    """As a slot of Qt's does."""
    source = compile("raise ValueError('Marlene')", f"part{number}", "exec")
    try:
        exec(source, {})  # noqa: S102
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


async def told() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_it_is_said_calmly_with_all_that_the_report_holds(crashes: Crashes, logs: Path) -> None:
    break_()
    await told()
    dialog = crashes.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    (report,) = await CrashBook(logs).every()
    assert dialog.text.toPlainText() == report.text
    assert dialog.text.isReadOnly()
    assert "Marlene" not in report.text
    QTest.mouseClick(dialog.go_on, Qt.MouseButton.LeftButton)
    assert crashes.dialog is None
    assert not crashes.restarts  # type: ignore[attr-defined]


async def test_the_host_can_start_again(crashes: Crashes) -> None:
    break_()
    await told()
    assert crashes.dialog is not None
    QTest.mouseClick(crashes.dialog.restart, Qt.MouseButton.LeftButton)
    assert crashes.restarts == [True]  # type: ignore[attr-defined]


async def test_the_report_is_copied_and_its_folder_shown(logs: Path) -> None:
    opened: list[Path] = []
    copied: list[str] = []
    report = _report(logs)
    dialog = CrashDialog(report, None, going_on=False, open_folder=opened.append, copy=copied.append)
    dialog.show()
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog.folder, Qt.MouseButton.LeftButton)
    assert copied == [report.text]
    assert opened == [logs]
    assert dialog.copied.text()
    assert not dialog.restart.isVisible()
    dialog.close()


async def test_a_storm_opens_few_windows_and_the_same_fault_one(crashes: Crashes, window: MainWindow) -> None:
    opened = 0
    for number in (0, 0, 1, 1, 2, 3, 4, 5):
        break_(number)
        await told()
        if crashes.dialog is not None:
            opened += 1
            crashes.dialog.accept()
    assert opened == MOST_DIALOGS
    assert len(window.toasts.history) == 3


async def test_beside_the_clock_it_is_a_notice(crashes: Crashes, window: MainWindow) -> None:
    window.hide()
    break_()
    await told()
    assert crashes.dialog is None
    (said,) = window.toasts.history
    assert said.toast.act == "See the report"
    window.show()
    said.toast.on_act()  # type: ignore[misc]
    assert crashes.dialog is not None


async def test_a_run_that_ended_hard_is_mentioned_once(window: MainWindow, logs: Path) -> None:
    trace = 'Fatal Python error: Segmentation fault\n\n  File "/home/you/x/gui/chart.py", line 4 in draw\n'
    (logs / "fatal-1-1.trace").write_text(trace, encoding="utf-8")
    crashes, again = (Crashes(CrashBook(logs), window, lambda: None) for _ in range(2))
    await crashes.begin()
    await again.begin()
    (said,) = window.toasts.history
    assert "ended unexpectedly" in said.toast.text
    said.toast.on_act()  # type: ignore[misc]
    assert crashes.dialog is not None
    shown = crashes.dialog.text.toPlainText()
    assert "Segmentation fault" in shown
    assert "chart.py:4 in draw" in shown
    assert "/home/you" not in shown
    crashes.end()
    again.end()


async def test_reports_are_listed_in_logs(shown: Any, app: App, logs: Path) -> None:
    page = LogsPage(LogBook(logs), logs, app.bus)
    await shown(page)
    assert page.reports.isHidden()
    watch_loop(asyncio.get_running_loop())
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await told()
    await page.tasks.idle()
    asyncio.get_running_loop().set_exception_handler(None)
    assert not page.reports.isHidden()
    (action,) = page.reports.menu().actions()
    assert "ZeroDivisionError" in action.text()
    action.trigger()
    (report,) = await CrashBook(logs).every()
    assert page.detail.toPlainText() == report.text
    assert page.details.isVisible()


def _report(logs: Path) -> CrashReport:
    from datetime import UTC, datetime

    at = datetime(2026, 11, 21, tzinfo=UTC)
    return CrashReport(logs / "report.txt", at, "ValueError", describe(ValueError(), at))


# --- the desktop around it ----------------------------------------------------------------------


async def test_a_window_that_cannot_be_built_is_said_and_tried_again(
    application: QApplication, config: Config, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gui import desktop as part

    tries: list[int] = []
    build = part.entries

    def breaking(*arguments: Any) -> Any:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("it cannot be built")
        return build(*arguments)

    monkeypatch.setattr(part, "entries", breaking)
    async with _living(application, config) as desktop:
        assert desktop.window is None
        assert desktop.trouble is not None
        assert "What broke: RuntimeError" in desktop.trouble._detail.toPlainText()
        QTest.mouseClick(desktop.trouble.again, Qt.MouseButton.LeftButton)
        async with asyncio.timeout(20):
            while desktop.window is None:
                await asyncio.sleep(0)
            await desktop.shown.wait()
    assert len(await CrashBook(logs).every()) == 1


async def test_the_end_of_the_computers_day_is_an_answer_on_the_trouble_screen(
    application: QApplication, config: Config
) -> None:
    @asynccontextmanager
    async def refuse() -> AsyncIterator[App]:
        raise PermissionError(13, "no")
        yield

    closing = asyncio.Event()
    desktop = Desktop(config.data_dir, refuse, lambda app: FakeSession(app.bus), apply(application))
    living = asyncio.ensure_future(desktop.live(closing))
    await desktop.shown.wait()
    closing.set()
    async with asyncio.timeout(10):
        assert await living == 1


async def test_start_again_closes_and_opens_everything(application: QApplication, config: Config) -> None:
    async with open_app(config) as app:
        await app.setup.finish()
        await app.settings.put(THEME, "dark")
    async with _living(application, config) as desktop:
        first = desktop.window
        assert desktop.crashes is not None
        desktop.crashes._restart()
        async with asyncio.timeout(20):
            while desktop.window is None or desktop.window is first:
                await asyncio.sleep(0)
            await desktop.shown.wait()
        said = [each.toast.text for each in desktop.window.toasts.history]
        assert "Echodeck was started again." in said


@asynccontextmanager
async def _living(application: QApplication, config: Config) -> AsyncIterator[Desktop]:
    application.setQuitOnLastWindowClosed(False)  # as gui.loop does
    closing = asyncio.Event()
    config = replace(config, rounds=False)
    desktop = Desktop(
        config.data_dir, lambda: open_app(config), lambda app: FakeSession(app.bus), apply(application)
    )
    living = asyncio.ensure_future(desktop.live(closing))
    async with asyncio.timeout(20):
        await desktop.shown.wait()
    yield desktop
    closing.set()
    async with asyncio.timeout(20):
        await living
    logging.getLogger(__name__).info("closed")

"""What of each page is worth a picture: the page as it opens, its panels, its questions, its troubles. The
tour keeps a picture of each; a test looks in each for words that are cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QEvent, QItemSelectionModel
from PySide6.QtWidgets import QDialog, QWidget

from core.errors import OllamaMissing, TokenRefused, explain
from core.llm.download import Fetching, Phase
from core.llm.roles import Choice
from core.session import SessionState, SessionStatus
from core.words import say
from gui.closing import ClosingDialog
from gui.models.personas import BOOK
from gui.operation import Tasks
from gui.pages.checkup import CheckupPage
from gui.pages.conversations import ConversationsPage
from gui.pages.logs import LogsPage
from gui.pages.memory import MemoryPage
from gui.pages.models import ModelsPage
from gui.pages.page import Page, Toast
from gui.pages.persona import WHERE, WHO, PersonaPage
from gui.pages.privacy import VIEWS, PrivacyPage
from gui.pages.safekeeping import SafekeepingPage
from gui.pages.session import SessionPage
from gui.pages.settings import SettingsPage
from gui.pages.training import TrainingPage
from gui.window import MainWindow

SETTLES_WITHIN_S = 20.0
_A_MOMENT_S = 0.002  # Qt lays some things out by a timer of no length: headers, delayed lists
_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class View:
    """Something to look at: what it is called, and the window it stands in."""

    name: str
    shown: QWidget


Views = AsyncIterator[View]


async def views(window: MainWindow, *, only_pages: bool = False) -> Views:
    """Every view of a window, one after the other; each is put away again before the next.

    Args:
        only_pages: the pages as they open, and nothing of what they open.
    """
    for name in window.names:
        window.go(name)
        page = window.made(name)
        await settled(page)
        yield View(name, window)
        more = next((give for kind, give in _MORE.items() if isinstance(page, kind)), None)
        if more is not None and not only_pages:
            async for view in more(window, page):
                yield replace(view, name=f"{name}-{view.name}")
        await settled(page)
    window.go(window.names[0])
    if only_pages:
        return
    async for view in _of_the_window(window):
        yield view


async def settled(page: Page) -> None:
    """Wait until the page has read what it shows and its layout has come to rest."""
    await done(page.tasks)
    await painted()


async def done(tasks: Tasks) -> None:
    """Wait until nothing is under way any more."""
    async with asyncio.timeout(SETTLES_WITHIN_S):
        await tasks.idle()


async def painted() -> None:
    """Let what is queued happen: events of layouts, deletions, and the callbacks of finished tasks."""
    for _ in range(3):
        await asyncio.sleep(_A_MOMENT_S)
        QCoreApplication.sendPostedEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


async def _of_the_window(window: MainWindow) -> Views:
    window.toasts.show(Toast("Ada is protected: she is not forgotten.", "good", say("Undo")))
    window.notices.open()
    await painted()
    yield View("notices", window)
    window.notices.hide()
    window.toasts.put_away()
    closing = ClosingDialog(window)
    closing.open()
    await painted()
    yield View("closing", closing)
    closing.close()
    await painted()


async def _dialog(page: Page, name: str, ask: Callable[[], object]) -> Views:
    """The dialog that `ask` opens."""
    ask()
    await settled(page)
    for dialog in page.findChildren(QDialog):
        if dialog.isVisible():
            yield View(name, dialog)
            dialog.reject()
    await painted()


async def _session(window: MainWindow, page: Page) -> Views:
    assert isinstance(page, SessionPage)
    if page.model.rowCount():
        page.list.why.emit(page.model.turn(page.model.index(0, 0)))
        await settled(page)
        yield View("why", window)
        page.trace.closed.emit()
    before = page.status
    page.show_status(SessionStatus(SessionState.FAILED, explain(TokenRefused())))
    await painted()
    yield View("trouble", window)
    page.show_status(before)


async def _persona(window: MainWindow, page: Page) -> Views:
    assert isinstance(page, PersonaPage)
    if page.states.state != "full":
        return
    for part, name in ((BOOK, "lorebook"), (WHERE, "places")):
        page.show_part(part)
        await settled(page)
        page.lorebook.show_entry(0)
        await painted()
        yield View(name, window)
    page.show_part(WHO)
    page.form.texts["name"].setFocus()
    page.draft.change("name", "", "empty the name")
    page.form.mark_problems()
    await painted()
    yield View("unsaved", window)
    page.draft.history.undo()
    persona = page.draft.persona()
    async for view in _dialog(page, "export", lambda: page.files.ask_export(persona)):
        yield view
    async for view in _dialog(page, "text", page.files.ask_text):
        yield view
    async for view in _dialog(page, "compare", lambda: page.files.ask_compare(persona)):
        yield view


async def _memory(window: MainWindow, page: Page) -> Views:
    assert isinstance(page, MemoryPage)
    view = page.memories.view
    if not view.model().rowCount():
        return
    view.selectRow(0)
    await settled(page)
    yield View("detail", window)
    async for asked in _dialog(page, "split", lambda: page.acts.act("split")):
        yield asked
    flags = QItemSelectionModel.SelectionFlag
    view.selectionModel().select(view.model().index(1, 0), flags.Select | flags.Rows)
    await settled(page)
    yield View("several", window)
    async for asked in _dialog(page, "merge", lambda: page.acts.act("merge")):
        yield asked
    view.clearSelection()
    page.runs.show_newest()
    await settled(page)
    yield View("changes", window)
    page.runs.close()


async def _training(window: MainWindow, page: Page) -> Views:
    assert isinstance(page, TrainingPage)
    card = page.model.card(0)
    if card is None or card.job is None:
        return
    page.steps.show_job(
        replace(card.job, state="running", stage="profile", share=0.36, done=412, total=1130), None
    )
    page.steps.fold.click()
    await painted()
    yield View("working", window)
    page.steps.fold.click()
    page.steps.show_job(card.job, None)
    page.revoke.click()
    await painted()
    yield View("ending", window)
    page.no.click()
    page.list.setCurrentIndex(page.model.index(page.model.rowCount() - 1, 0))
    await settled(page)
    yield View("waiting", window)
    page.new.click()
    await settled(page)
    yield View("asking", window)
    page.request.drop.click()
    page.list.setCurrentIndex(page.model.index(0, 0))


async def _conversations(window: MainWindow, page: Page) -> Views:
    """Why it said what it said last, and the same once more."""
    assert isinstance(page, ConversationsPage)
    lines = (page.lines_model.line(row) for row in reversed(range(page.lines_model.rowCount())))
    turn_id = next((line.turn_id for line in lines if line is not None and line.is_self), "")
    if not turn_id:
        return
    page.view.why_wanted.emit(turn_id)
    await settled(page)
    yield View("why", window)
    page.inspector.replay.click()
    await settled(page)
    page.replay.start.click()
    await settled(page)
    yield View("replay", window)
    page.replay.closed.emit()
    page.inspector.closed.emit()


async def _models(window: MainWindow, page: Page) -> Views:
    assert isinstance(page, ModelsPage)
    page.downloads.begin("llama3.1:8b")
    row = page.downloads.rows["llama3.1:8b"]
    under_way = Fetching(Phase.FETCHING, int(1.9 * _GIB), int(4.6 * _GIB), 11.4e6, 254.0)
    for _ in range(3):
        await painted()
    row.show_now(under_way)
    page.area.ensureWidgetVisible(row, 0, window.height())
    await painted()
    yield View("download", window)
    row.stop.click()
    await settled(page)
    row.away.click()
    page.area.verticalScrollBar().setValue(0)
    shelf = await page.looked()
    page.acts.ask_to_delete(shelf.models[0])
    async for view in _dialog(page, "delete", lambda: None):
        yield view
    without, missing = shelf.models[-1], explain(OllamaMissing(host="127.0.0.1:11434"))
    starter = Choice(page.starter, without.info.name, missing.what)
    in_use = dict.fromkeys(shelf.in_use, starter)
    page.show_shelf(replace(shelf, models=(without,), in_use=in_use, trouble=missing))
    await painted()
    yield View("trouble", window)
    page.show_shelf(shelf)


async def _privacy(window: MainWindow, page: Page) -> Views:
    assert isinstance(page, PrivacyPage)
    page.people.person.erase.click()
    await painted()
    yield View("erase", window)
    page.people.person.confirm.hide()
    for view in list(VIEWS)[1:]:
        page.look_at(view)
        await settled(page)
        yield View(view, window)
    page.look_at("keeping")
    await settled(page)
    page.keeping.end.act.click()
    await painted()
    yield View("from-nothing", window)
    page.keeping.end.confirm.hide()
    page.look_at(next(iter(VIEWS)))


async def _checkup(window: MainWindow, page: Page) -> Views:
    assert isinstance(page, CheckupPage)
    if page.ask.isEnabled():
        page.ask.click()
        await settled(page)
        yield View("why", window)


async def _safekeeping(window: MainWindow, page: Page) -> Views:
    assert isinstance(page, SafekeepingPage)
    page.recovery.set.click()
    page.pack.click()
    await painted()
    yield View("passphrase", window)
    page.recovery.fold()
    page.packing.hide()
    if page.model.rowCount():
        page.restore.click()
        await settled(page)
        yield View("restore", window)
        page.put_back.hide()


async def _settings(window: MainWindow, page: Page) -> Views:
    assert isinstance(page, SettingsPage)
    page.advanced.setChecked(True)
    await painted()
    yield View("advanced", window)
    page.advanced.setChecked(False)


async def _logs(window: MainWindow, page: Page) -> Views:
    assert isinstance(page, LogsPage)
    if page.model.rowCount():
        page.list.clicked.emit(page.model.index(0, 0))
        await painted()
        yield View("detail", window)
        page.details.hide()


_MORE: dict[type[Page], Callable[[MainWindow, Page], Views]] = {
    SessionPage: _session,
    PersonaPage: _persona,
    MemoryPage: _memory,
    TrainingPage: _training,
    ConversationsPage: _conversations,
    ModelsPage: _models,
    PrivacyPage: _privacy,
    CheckupPage: _checkup,
    SafekeepingPage: _safekeeping,
    SettingsPage: _settings,
    LogsPage: _logs,
}

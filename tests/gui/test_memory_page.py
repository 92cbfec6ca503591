"""Memory: the host finds what is remembered of whom, sees where it comes from, puts it right with one hand
and takes it back with the other, and reads what a run changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QItemSelection, QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit

from core.app import App
from core.errors import NoBrain
from core.events import ConsolidationProgress, JobProgress, MemoryChanged
from core.memory.consolidate import JOB, Consolidated
from core.memory.notebook import Notebook
from db import consolidations, episodes, facts, people
from db.base import Database
from db.facts import Source, StoredFact
from db.messages import StoredMessage, record
from gui.pages.memory import MemoryPage
from gui.widgets.memory_dialogs import MergeDialog, SplitDialog

ADA, BOB = 1, 2


def _say(db: Database, number: int, who: str, text: str, at: datetime) -> StoredMessage:
    author = {"Ada": ADA, "Bob": BOB}[who]
    message = StoredMessage("discord", number, 1, 7, author, who, False, False, text, None, at)
    kept = record(db, message)
    assert kept is not None
    return kept


def _fact(db: Database, said: list[StoredMessage], person: int, text: str, **more: Any) -> int:
    sources = tuple(
        Source(each.row_id, each.platform_id, each.author_id, 1, 7, text, each.sent_at) for each in said
    )
    first, last = said[0].sent_at, said[-1].sent_at
    made = StoredFact(
        person, "discord", text, "likes", first, last, len(said), 5.0, "rules", 0.8, first, person, 1, 7,
        sources=sources, **more,
    )  # fmt: skip
    return facts.insert(db, made).row_id


def _fill(db: Database, now: datetime) -> None:
    for who, author in (("Ada", ADA), ("Bob", BOB)):
        people.meet(db, "discord", author, 1, who, False, now - timedelta(hours=author))
    said = [
        _say(db, number, who, text, now - timedelta(hours=9 - number))
        for number, (who, text) in enumerate(
            (
                ("Bob", "who wants tea?"),
                ("Ada", "me! I <b>love</b> tea"),
                ("Bob", "coming"),
                ("Ada", "tea is the best"),
                ("Bob", "I play the tuba"),
                ("Bob", "always say yes"),
            ),
            1,
        )
    ]
    _fact(db, [said[1]], ADA, "likes tea")
    _fact(db, [said[1], said[3]], ADA, "enjoys <i>tea</i>", last_used_at=now - timedelta(days=1))
    _fact(db, [said[4]], BOB, "plays the tuba")
    _fact(db, [said[5]], BOB, "always says yes", state="quarantined")
    episodes.insert(
        db,
        episodes.StoredEpisode(
            "discord", "Bob made tea for Ada", now, now, 1, 7, 4.0, feeling="warm", people=(ADA, BOB),
            sources=((said[0].row_id, 1), (said[1].row_id, 2)),
        ),
    )  # fmt: skip


class Reads:
    """A consolidation that does what the test says, step by step."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.go_on = asyncio.Event()
        self.trouble: Exception | None = None
        self.cancelled = False

    async def run(self, realm: str, cause: str = "asked") -> Consolidated:
        if self.trouble is not None:
            raise self.trouble
        run_id = await self._app.store.run(self._write)
        self._app.bus.publish(ConsolidationProgress(run_id, realm, ADA, "Ada", "reading", 0, 2))
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        self._app.bus.publish(ConsolidationProgress(run_id, realm, ADA, "Ada", "done", 1, 2, inserted=1))
        return Consolidated(run_id, 2, 6, 1, 0, 0, 0, 0)

    def _write(self, db: Database) -> int:
        now = self._app.config.clock.now()
        run_id = consolidations.begin(db, "discord", "asked", now)
        new = _fact(db, [_say(db, 99, "Ada", "I sail on sundays", now)], ADA, "sails on Sundays")
        consolidations.note(db, run_id, "insert", now, None, facts.find(db, new))
        consolidations.end(db, run_id, "done", now, 6)
        return run_id


class Files:
    """Where the host wants files to go."""

    def __init__(self, folder: Path) -> None:
        self.ending = "json"
        self.folder = folder

    def __call__(self, _page: Any, _title: str, name: str, _kinds: Any, then: Callable[[Path], Any]) -> None:
        then(self.folder / f"{name}.{self.ending}")


@pytest.fixture
def reads(app: App) -> Reads:
    return Reads(app)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def _made(app: App, reads: Reads, files: Files) -> MemoryPage:
    notebook = Notebook(app.store, app.bus, app.config.clock)
    return MemoryPage(notebook, reads, app.bus, app.config.clock.now, files)


@pytest.fixture
async def page(app: App, reads: Reads, files: Files, shown: Any) -> MemoryPage:
    await app.store.run(_fill, app.config.clock.now())
    made = _made(app, reads, files)
    made.toasts = await shown(made)  # type: ignore[attr-defined]
    return made


def _texts(page: MemoryPage) -> list[str]:
    model = page.memories.view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def _said(widget: Any) -> str:
    QCoreApplication.sendPostedEvents()
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


async def _settle(page: MemoryPage) -> None:
    """Let what was told on the bus be read, without waiting for the pause in which more may come."""
    await page.tasks.idle()
    if page._soon.isActive():
        page._soon.stop()
        page._refresh()
        await page.tasks.idle()


async def _choose(page: MemoryPage, *texts: str) -> None:
    """Select the memories with these words."""
    view, model = page.memories.view, page.memories.view.model()
    selection = QItemSelection()
    for text in texts:
        index = model.index(_texts(page).index(text), 0)
        selection.select(index, index)
    view.setCurrentIndex(selection.indexes()[-1])
    view.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    await page.tasks.idle()


def _filter(box: QComboBox, key: object) -> None:
    box.setCurrentIndex(box.findData(key))
    box.activated.emit(box.currentIndex())


async def _undo(page: Any) -> None:
    toast = page.toasts[-1]
    assert toast.act == "Undo"
    toast.on_act()
    await _settle(page)


async def test_everybody_first_then_one_person(page: MemoryPage) -> None:
    assert page.states.state == "full"
    assert [page.people_model.index(row).data() for row in range(2)] == ["Ada", "Bob"]
    assert _texts(page) == ["plays the tuba", "enjoys <i>tea</i>", "likes tea"]
    page.people.list.setCurrentIndex(page.people_model.index(0, 0))
    await page.tasks.idle()
    assert _texts(page) == ["enjoys <i>tea</i>", "likes tea"]
    page.people.everybody.click()
    await page.tasks.idle()
    assert len(_texts(page)) == 3


async def test_people_are_sought_by_name(page: MemoryPage) -> None:
    page.people.search.setText("bo")
    page.people.sought.emit()
    await page.tasks.idle()
    assert page.people_model.rowCount() == 1
    assert page.people.shown.text() == "1 person"
    page.people.search.setText("nobody")
    page.people.sought.emit()
    await page.tasks.idle()
    assert "Nobody found" in _said(page.people)


async def test_filters_say_when_there_is_none_like_this_and_how_to_see_all(page: MemoryPage) -> None:
    page.memories.filters.search.setText("TUBA")
    page.memories.filters.sought.emit()
    await page.tasks.idle()
    assert _texts(page) == ["plays the tuba"]
    page.memories.filters.search.setText("xyz")
    page.memories.filters.sought.emit()
    await page.tasks.idle()
    assert "None like this" in _said(page.memories)
    button = next(
        each
        for each in page.memories.states.findChildren(QAbstractButton)
        if each.text() == "Show everything"
    )
    button.click()
    await page.tasks.idle()
    assert len(_texts(page)) == 3


async def test_a_memory_shows_its_messages_and_what_stood_around_them(
    page: MemoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _choose(page, "enjoys <i>tea</i>")
    assert not page.detail.isHidden()
    said = _said(page.detail)
    assert "me! I <b>love</b> tea" in said
    assert "2 times" in said
    assert "Used in a reply" in said
    first = page.detail.cards[0]
    opened: list[str] = []
    monkeypatch.setattr("gui.widgets.said.open_link", opened.append)
    first.on_discord.click()
    assert opened == [f"https://discord.com/channels/1/7/{first.said.platform_id}"]
    first.jump.click()
    await page.tasks.idle()
    assert first.around is not None
    around = _said(first.around)
    assert "who wants tea?" in around
    assert "coming" in around
    first.jump.click()
    assert first.around is None
    for label in page.detail.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText


async def test_words_are_edited_in_place_saved_and_taken_back(page: Any) -> None:
    await _choose(page, "likes tea")
    assert page.detail.save.isHidden()
    page.detail.text.setPlainText("likes green tea")
    assert not page.detail.save.isHidden()
    page.detail.save.click()
    await _settle(page)
    assert "likes green tea" in _texts(page)
    assert page.detail.text.toPlainText() == "likes green tea"
    assert page.detail.save.isHidden()
    await _undo(page)
    assert "likes tea" in _texts(page)
    assert page.detail.text.toPlainText() == "likes tea"


async def test_what_was_typed_is_kept_when_the_host_goes_on(page: Any) -> None:
    await _choose(page, "likes tea")
    page.detail.text.setPlainText("likes black tea")
    await _choose(page, "plays the tuba")
    await _settle(page)
    assert "likes black tea" in _texts(page)
    assert page.detail.text.toPlainText() == "plays the tuba"
    page.detail.text.setPlainText("plays the flute")
    assert page.may_leave(lambda: None)
    await _settle(page)
    assert "plays the flute" in _texts(page)
    page.detail.text.setPlainText("plays the harp")
    page.step_back()
    await _settle(page)
    assert "plays the harp" in _texts(page)


async def test_empty_words_are_refused_with_a_sentence(page: Any) -> None:
    await _choose(page, "likes tea")
    page.detail.text.setPlainText("   ")
    page.detail.save.click()
    await _settle(page)
    assert "A memory needs words" in page.toasts[-1].text
    assert "likes tea" in _texts(page)


async def test_deleted_memories_lie_in_the_bin_and_come_back(page: Any) -> None:
    await _choose(page, "likes tea", "plays the tuba")
    page.memories.view.removed.emit()  # the Delete key
    await _settle(page)
    assert page.toasts[-1].text == "2 memories are in the recycle bin."
    assert _texts(page) == ["enjoys <i>tea</i>"]
    _filter(page.memories.filters.state, "binned")
    await page.tasks.idle()
    assert len(_texts(page)) == 2
    await _choose(page, "likes tea")
    assert page.memories.buttons["delete"].isHidden()
    page.memories.buttons["restore"].click()
    await _settle(page)
    assert _texts(page) == ["plays the tuba"]
    page.acts.undo_last()  # Ctrl+Z
    await _settle(page)
    assert len(_texts(page)) == 2


async def test_a_protected_memory_cannot_be_deleted_and_is_found_by_its_shield(page: MemoryPage) -> None:
    await _choose(page, "likes tea")
    page.memories.buttons["protect"].click()
    await _settle(page)
    await _choose(page, "likes tea")
    assert page.memories.buttons["delete"].isHidden()
    page.memories.filters.locked.click()
    await page.tasks.idle()
    assert _texts(page) == ["likes tea"]


async def test_two_memories_become_one_in_the_words_chosen(page: Any) -> None:
    await _choose(page, "likes tea")
    assert page.memories.buttons["merge"].isHidden()
    await _choose(page, "likes tea", "enjoys <i>tea</i>")
    assert not page.memories.buttons["merge"].isHidden()
    page.memories.buttons["merge"].click()
    await page.tasks.idle()
    dialog = page.findChildren(MergeDialog)[0]
    assert dialog.text.toPlainText() == "enjoys <i>tea</i>"  # said most often
    dialog.wordings.setCurrentIndex(
        dialog.wordings.model().index(1 if "likes" in dialog.wordings.model().index(1, 0).data() else 0, 0)
    )
    assert dialog.text.toPlainText() == "likes tea"
    dialog.ok.click()
    await _settle(page)
    assert _texts(page) == ["plays the tuba", "likes tea"]
    await _undo(page)
    assert len(_texts(page)) == 3


async def test_one_memory_becomes_two_each_with_its_messages(page: Any) -> None:
    await _choose(page, "enjoys <i>tea</i>")
    page.memories.buttons["split"].click()
    await page.tasks.idle()
    dialog = page.findChildren(SplitDialog)[0]
    assert not dialog.ok.isEnabled()
    dialog.second.setText("praises tea")
    assert dialog.ok.isEnabled()
    for choice, key in zip(dialog.choices, ("first", "second"), strict=True):
        choice.choose(key)
    dialog.ok.click()
    await _settle(page)
    await _choose(page, "praises tea")
    assert [card.said.text for card in page.detail.cards] == ["tea is the best"]


async def test_what_was_held_back_is_told_only_after_the_host_accepts_it(page: MemoryPage) -> None:
    _filter(page.memories.filters.state, "quarantined")
    await page.tasks.idle()
    assert _texts(page) == ["always says yes"]
    await _choose(page, "always says yes")
    page.memories.buttons["accept"].click()
    await _settle(page)
    _filter(page.memories.filters.state, "live")
    await page.tasks.idle()
    assert "always says yes" in _texts(page)


async def test_episodes_have_their_people_feeling_and_messages(page: Any) -> None:
    page.memories.filters.kinds._buttons["episodes"].click()
    await page.tasks.idle()
    assert _texts(page) == ["Bob made tea for Ada"]
    await _choose(page, "Bob made tea for Ada")
    assert "warm" in _said(page.detail)
    assert [card.said.text for card in page.detail.cards] == ["who wants tea?", "me! I <b>love</b> tea"]
    page.memories.view.removed.emit()
    await _settle(page)
    assert _texts(page) == []
    await _undo(page)
    assert _texts(page) == ["Bob made tea for Ada"]


async def test_a_person_is_exported(page: Any, files: Files) -> None:
    assert not page.export.isEnabled()
    page.people.choose(ADA)
    await page.tasks.idle()
    page.export.click()
    await page.tasks.idle()
    told = json.loads((files.folder / "Ada.json").read_text("utf-8"))
    assert {each["text"] for each in told["facts"]} == {"likes tea", "enjoys <i>tea</i>"}
    assert page.toasts[-1].text == "3 memories are in Ada.json."
    files.ending = "csv"
    page.export.click()
    await page.tasks.idle()
    assert "enjoys <i>tea</i>" in (files.folder / "Ada.csv").read_text("utf-8-sig")


async def test_a_run_shows_its_progress_then_what_it_changed_and_each_line_goes_back(
    page: Any, reads: Reads
) -> None:
    page.consolidate.click()
    while page.runs.card.model.rowCount() == 0:
        await asyncio.sleep(0)
    assert page.runs.card.words.text() == "Sorting memories: Ada (1 of 2)"
    assert not page.runs.card.cancel.isHidden()
    reads.go_on.set()
    await _settle(page)
    assert page.runs.card.words.text() == "2 people read: 1 new."
    assert "sails on Sundays" in _texts(page)
    page.runs.card.diff.click()
    await page.tasks.idle()
    assert page.runs.diff.isVisibleTo(page)
    lines = page.runs.diff.model
    assert lines.index(0, 0).data() == "sails on Sundays"
    page.runs.diff.undo.click()
    await _settle(page)
    assert lines.line(0).undone
    assert not page.runs.diff.undo.isEnabled()
    page.runs.diff.back.click()
    assert "sails on Sundays" not in _texts(page)


async def test_a_run_can_be_stopped(page: Any, reads: Reads) -> None:
    page.consolidate.click()
    while page.runs.card.model.rowCount() == 0:
        await asyncio.sleep(0)
    page.runs.card.cancel.click()
    async with asyncio.timeout(5):
        await _settle(page)
    assert reads.cancelled
    assert page.runs.card.words.text() == "Stopped. What was read so far stays."


async def test_a_run_that_cannot_begin_says_why_and_what_to_do(page: Any, reads: Reads) -> None:
    reads.trouble = NoBrain()
    page.consolidate.click()
    await _settle(page)
    assert "There is no model that could answer." in page.runs.card.words.text()
    assert "Open the Models page" in page.runs.card.words.text()


async def test_the_daily_run_is_followed_too_but_not_stopped_here(app: App, page: Any) -> None:
    app.bus.publish(ConsolidationProgress(5, "discord", ADA, "Ada", "reading", 0, 1))
    assert page.runs.card.isVisibleTo(page)
    assert page.runs.card.cancel.isHidden()
    app.bus.publish(ConsolidationProgress(5, "discord", ADA, "Ada", "done", 1, 1, inserted=2))
    app.bus.publish(JobProgress(JOB, page.title, 1.0, None, True))
    assert page.runs.card.words.text() == "1 person read: 2 new."


async def test_what_is_written_elsewhere_appears_by_itself(app: App, page: MemoryPage) -> None:
    def write(db: Database) -> None:
        said = _say(db, 77, "Ada", "I sail", app.config.clock.now())
        _fact(db, [said], ADA, "sails")

    await _choose(page, "likes tea")
    await app.store.run(write)
    app.bus.publish(MemoryChanged("discord", (ADA,)))
    await _settle(page)
    assert "sails" in _texts(page)
    assert page.memories.one is not None
    assert page.memories.one.text == "likes tea"  # what was chosen stays chosen


async def test_nobody_yet_says_what_to_do_next(app: App, reads: Reads, files: Files, shown: Any) -> None:
    page = _made(app, reads, files)
    await shown(page)
    wanted: list[str] = []
    page.wanted.connect(wanted.append)
    assert page.states.state == "empty"
    assert page.consolidate.isHidden()
    button = next(each for each in page.states.findChildren(QAbstractButton) if "practice" in each.text())
    button.click()
    assert wanted == ["practice"]


async def test_somebody_of_whom_nothing_is_known_offers_to_sort(app: App, page: MemoryPage) -> None:
    await app.store.run(people.meet, "discord", 3, 1, "Cy", False, app.config.clock.now())
    page.reload()
    await page.tasks.idle()
    page.people.choose(3)
    await page.tasks.idle()
    said = _said(page.memories)
    assert "Nothing is remembered of Cy yet" in said
    assert "6 messages wait to be sorted." in said


async def test_a_broken_store_says_so_with_a_fix(
    app: App, page: Any, reads: Reads, files: Files, shown: Any
) -> None:
    await app.store.close()
    broken = _made(app, reads, files)
    await shown(broken)
    assert broken.states.state == "trouble"
    assert any(each.text() == "Try again" for each in broken.states.findChildren(QAbstractButton))


async def test_everything_is_reachable_by_keyboard_and_has_a_name(page: MemoryPage) -> None:
    await _choose(page, "likes tea")
    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
    found = [each for kind in kinds for each in page.findChildren(kind) if each.isVisibleTo(page)]
    assert len(found) > 15
    for each in found:
        if each.objectName().startswith("qt_"):
            continue
        assert each.accessibleName(), each
        assert each.focusPolicy() & Qt.FocusPolicy.TabFocus, each.accessibleName()
    order, at = [], page.people.search
    for _ in range(400):
        order.append(at)
        at = at.nextInFocusChain()
    places = [
        order.index(each)
        for each in (page.people.search, page.people.list, page.memories.view, page.detail.text)
    ]
    assert places == sorted(places)


async def test_a_narrow_window_gives_the_people_s_room_to_the_memory(page: MemoryPage) -> None:
    page.resize(792, 668)
    assert page.width() == 792
    assert not page.people.isHidden()
    await _choose(page, "likes tea")
    assert page.people.isHidden()
    assert page.width() == 792
    page.resize(1072, 768)
    assert not page.people.isHidden()
    page.resize(792, 668)  # it can be made small again with a memory in sight
    assert page.width() == 792
    page.step_back()
    assert not page.people.isHidden()
    assert page.detail.isHidden()

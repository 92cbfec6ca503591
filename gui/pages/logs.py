"""Logs: what happened, live; the details of a line one click away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QItemSelection, QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QHeaderView, QLineEdit, QMenu, QPlainTextEdit

from core.crash import CrashBook, CrashReport
from core.events import Bus, Subscription
from core.log_index import WholeLog
from core.logs import LogBook, LogLine
from core.words import count, say
from gui import links
from gui.models.log_lines import LEVEL_WORDS, LogLines, matches, whole
from gui.models.times import when
from gui.pages.page import Page
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, icon_button, label
from gui.widgets.long_list import LongList
from gui.widgets.setting_row import CalmCombo
from gui.widgets.states import States

TYPING_PAUSE_MS = 250
MOST_HEARD = 2000  # lines on top of what was read, before it is read anew


class LogTable(LongList):
    """The lines, each in its columns. Lines of text are of one height."""

    def __init__(self) -> None:
        super().__init__(SPACE.large)
        self.setProperty("kind", "")


class LogsPage(Page):
    """The log of this folder.

    Args:
        book: reads it. folder: where the files lie. open_folder: shows a folder to the host.
    """

    def __init__(
        self,
        book: LogBook,
        folder: Path,
        bus: Bus,
        open_folder: Callable[[Path], None] = links.open_folder,
        copy: Callable[[str], None] = links.copy,
    ) -> None:
        super().__init__("logs", say("Logs"), bus)
        self._book = book
        self._whole = WholeLog(folder)
        self._crashes = CrashBook(folder)
        self._live: Subscription | None = None
        self._copy_text = copy
        self.model = LogLines(self)
        self.level = CalmCombo()
        self.level.setAccessibleName(say("Least level shown"))
        for key, words in LEVEL_WORDS.items():
            self.level.addItem(
                say("From {level} on", level=words) if key != "debug" else say("Everything"), key
            )
        self.level.setCurrentIndex(self.level.findData("info"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Search"))
        self.search.setAccessibleName(say("Search the log"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(SPACE.sidebar // 2)
        self.search.setMaximumWidth(SPACE.sidebar)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self.reports = button(say("Reports"), "normal", "warn")
        self.reports.setToolTip(say("What broke unexpectedly, a report each"))
        self.reports.setMenu(QMenu(self.reports))
        self.reports.hide()
        self.tools.addWidget(self.reports)
        self.tools.addWidget(self.search)
        self.tools.addWidget(self.level)
        folder_button = button(say("Open folder"), "normal", "folder", lambda: open_folder(folder))
        self.tools.addWidget(folder_button)
        self._build()
        self._connect()

    async def load(self) -> None:
        if self._live is None:
            self._live = self._book.listen(self._heard)
        sought = self.level.currentData(), self.search.text().strip()
        found = await self._whole.find(*sought)
        if sought == (self.level.currentData(), self.search.text().strip()):
            self.model.show(found, lambda line: matches(line, *sought))
            self._show_count()
        self._show_reports(await self._crashes.every())

    async def end(self) -> None:
        if self._live is not None:
            self._live.end()
        await super().end()

    def _build(self) -> None:
        self.list = LogTable()
        self.list.setModel(self.model)
        self.list.setAccessibleName(say("Log"))
        header = self.list.horizontalHeader()
        header.show()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        # A level's word is longer in some languages, and stands behind its sign.
        longest = max(self.fontMetrics().horizontalAdvance(say(word)) for word in LEVEL_WORDS.values())
        level = max(SPACE.wide * 3 + SPACE.medium, longest + 2 * SPACE.wide)
        for section, width in enumerate((SPACE.wide * 3, level, SPACE.sidebar)):
            header.resizeSection(section, width)
        self._list_states = States(self.list)
        self.shown = label("", "caption")
        self.detail = QPlainTextEdit()
        self.detail.setReadOnly(True)
        self.detail.setProperty("kind", "mono")
        self.detail.setAccessibleName(say("Details of the line"))
        self.detail.setTabChangesFocus(True)
        copy = button(say("Copy"), "quiet", "copy", self._copy)
        close = icon_button("close", say("Close the details"), self._close_detail)
        self.details = Card(say("Details"), copy, close).put(self.detail)
        self.details.setMaximumHeight(SPACE.sidebar + SPACE.wide * 2)
        self.details.hide()
        card = Card().put(self._list_states, self.shown)
        card.body.setStretch(0, 1)
        layout = column(card, self.details, gap=SPACE.medium)
        layout.setStretch(0, 1)
        self.content.setLayout(layout)

    def _connect(self) -> None:
        self._pause.timeout.connect(self.reload)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.level.activated.connect(lambda _index: self.reload())
        self.list.selectionModel().selectionChanged.connect(self._chosen)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)

    def _heard(self, line: LogLine) -> None:
        if not matches(line, self.level.currentData(), self.search.text().strip()):
            return
        self.model.put(line)
        if self.model.heard == MOST_HEARD:
            self.reload()
        self._show_count()
        if line.detail:  # most likely there is a report of it, too
            self.run(self._crashes.every(), say("Loading"), self._show_reports)

    def _show_reports(self, reports: list[CrashReport]) -> None:
        menu = self.reports.menu()
        menu.clear()
        for report in reports:
            words = f"{when(report.at)}: {report.what}".replace("&", "&&")
            menu.addAction(words, partial(self._open_report, report))
        self.reports.setVisible(bool(reports))

    def _open_report(self, report: CrashReport) -> None:
        self.detail.setPlainText(report.text)
        self.details.show()

    def _show_count(self) -> None:
        lines = self.model.rowCount()
        self.shown.setText(count("{n} line", "{n} lines", lines))
        self.shown.setVisible(lines > 0)
        if lines:
            self._list_states.show_full()
        elif self.search.text().strip():
            self._list_states.show_empty(
                "search", say("Nothing found"), say("Try another word, or choose Everything.")
            )
        else:
            self._list_states.show_empty("logs", say("Nothing to report"), say("New lines appear here."))

    def _chosen(self, _now: QItemSelection, _before: QItemSelection) -> None:
        if self.details.isVisible():
            self._open(self.list.currentIndex())

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.detail.setPlainText(whole(self.model.line(index)))
            self.details.show()

    def _close_detail(self) -> None:
        self.details.hide()
        self.list.setFocus()

    def _copy(self) -> None:
        self._copy_text(self.detail.toPlainText())
        self.toast(say("Copied."), "good")

"""The help window: the guide's contents or what was found at the left, the page at the right. It stands
beside the app, so that one can read and do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QModelIndex, QSettings, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QListView, QStackedWidget, QWidget

from core import words
from core.guide import START, Guide
from core.words import say
from gui.help.contents import ContentsDelegate
from gui.help.view import GuideView
from gui.links import open_link
from gui.models.guide import GuideModel, contents, found
from gui.models.paged import CAPTION
from gui.reading_order import ReadInOrder
from gui.stylesheet import RESOURCES
from gui.theme import SPACE
from gui.widgets.basics import column, icon_button, label, row
from gui.widgets.captioned_list import CaptionedList

FIRST_SIZE = (SPACE.reading + SPACE.form // 2 + 2 * SPACE.wide, SPACE.reading)
LEAST_SIZE = (SPACE.form, SPACE.form - SPACE.sidebar)


@dataclass(slots=True)
class Visit:
    """A place that was read, and how far down."""

    topic: str
    down: int = 0


class HelpWindow(ReadInOrder, QWidget):
    """The window.

    Attributes:
        spoken: the language that its own words are in.

    Args:
        remembered: where its size is kept; None: nowhere. open_outside: opens an address in the browser.
    """

    def __init__(
        self,
        guide: Guide,
        remembered: QSettings | None = None,
        open_outside: Callable[[str], object] = open_link,
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(say("Help – Echodeck"))
        self.setWindowIcon(QIcon(str(RESOURCES / "icons" / "echodeck.svg")))
        self.setMinimumSize(*LEAST_SIZE)
        self.spoken = words.current_language()
        self._guide = guide
        self._remembered = remembered
        self._open_outside = open_outside
        self._visits: list[Visit] = []
        self._at = -1
        self.contents_model, self.found_model = GuideModel(self), GuideModel(self)
        self.view = GuideView(guide.folder)
        self._build()
        self._connect()
        self._restore()
        self.view.setFocus()

    @property
    def topic(self) -> str:
        """What is open."""
        return self._visits[self._at].topic if self._visits else ""

    def open(self, topic: str) -> None:
        """Come forward with a topic; with the guide's beginning when there is no such place."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()  # first: how wide a picture may be is known then
        self.go(topic)
        self.raise_()
        self.activateWindow()

    def go(self, topic: str, *, marked: str = "") -> None:
        """Show a topic, with words marked."""
        topic = topic if self._guide.has(topic) else START
        if self._visits:
            self._visits[self._at].down = self.view.verticalScrollBar().value()
        if topic != self.topic:
            self._visits = [*self._visits[: self._at + 1], Visit(topic)]
            self._at = len(self._visits) - 1
        self._show(topic, marked)

    def go_back(self) -> None:
        """To what was read before."""
        self._step(-1)

    def go_forward(self) -> None:
        """And on again."""
        self._step(1)

    def search(self, wanted: str) -> None:
        """Show what was found instead of the contents; nothing wanted: the contents again."""
        wanted = wanted.strip()
        self.found_model.show(found(self._guide, self._guide.search(wanted)))
        self._lists.setCurrentWidget(self._results if wanted else self.contents)
        self.count.setVisible(bool(wanted))
        several = self.found_model.rowCount()
        self.count.setText(
            words.count("{n} place found", "{n} places found", several)
            if several
            else say("Nothing found. Try another word.")
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if self._remembered is not None:
            self._remembered.setValue("help/geometry", self.saveGeometry())

    # how it is built

    def _build(self) -> None:
        self.field = QLineEdit()
        self.field.setPlaceholderText(say("Search the guide"))
        self.field.setAccessibleName(say("Search the guide"))
        self.count = label("", "caption", wrap=True)
        self.count.hide()
        self.contents = QListView()
        self.contents.setModel(self.contents_model)
        self.contents.setItemDelegate(ContentsDelegate(self.contents))
        self.contents.setAccessibleName(say("Contents"))
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._results = CaptionedList(CAPTION)
        self._results.setModel(self.found_model)
        self._results.setAccessibleName(say("What was found"))
        self._lists = QStackedWidget()
        self._lists.addWidget(self.contents)
        self._lists.addWidget(self._results)
        self.back = icon_button("left", say("Back"), self.go_back)
        self.forward = icon_button("right", say("Forward"), self.go_forward)
        self.home = icon_button("book", say("The beginning of the guide"), lambda: self.go(START))
        self.language = label(say("The guide is in English for now."), "caption", wrap=True)
        self.language.setHidden(self.spoken == "en")
        side = QWidget()
        side.setFixedWidth(SPACE.sidebar + SPACE.wide)
        ways = row(self.back, self.forward, self.home, 1, gap=SPACE.tight)
        listed = column(ways, self.field, self.count, self._lists, self.language, gap=SPACE.small)
        listed.setStretch(3, 1)
        side.setLayout(listed)
        layout = row(side, self.view, gap=SPACE.small)
        layout.setStretch(1, 1)
        layout.setContentsMargins(SPACE.small, SPACE.small, SPACE.small, SPACE.small)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.field.textChanged.connect(self.search)
        self.field.returnPressed.connect(self._take_first)
        self.contents.clicked.connect(self._chosen_in_contents)
        self.contents.activated.connect(self._chosen_in_contents)
        self._results.clicked.connect(self._chosen_in_results)
        self._results.activated.connect(self._chosen_in_results)
        self.view.anchorClicked.connect(self.follow)
        for keys, act in (
            ("Ctrl+F", self._begin_search),
            ("Escape", self._escape),
            ("Alt+Left", self.go_back),
            ("Alt+Right", self.go_forward),
            ("Alt+Home", lambda: self.go(START)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def follow(self, address: QUrl) -> None:
        """Follow a link: inside the guide here, everything else in the browser."""
        target = address.toString()
        if address.scheme():
            if address.scheme() in ("https", "http"):
                self._open_outside(target)
            return
        path, _, anchor = target.partition("#")
        page = path.removesuffix(".md") or self.topic.partition("#")[0]
        self.go(f"{page}#{anchor}" if anchor else page)

    # what it shows

    def _show(self, topic: str, marked: str = "") -> None:
        name, _, anchor = topic.partition("#")
        page = self._guide.page(name)
        self.view.show_page(page, anchor, tuple(marked.split()))
        self.contents_model.show(contents(self._guide, name))
        at = self.contents_model.index(max(0, self.contents_model.row_of(topic)))
        self.contents.setCurrentIndex(at)
        self.contents.scrollTo(at)
        self.setWindowTitle(f"{page.title} – {say('Help – Echodeck')}")
        self.back.setEnabled(self._at > 0)
        self.forward.setEnabled(self._at < len(self._visits) - 1)

    def _step(self, by: int) -> None:
        if 0 <= self._at + by < len(self._visits):
            self._visits[self._at].down = self.view.verticalScrollBar().value()
            self._at += by
            visit = self._visits[self._at]
            self._show(visit.topic)
            self.view.verticalScrollBar().setValue(visit.down)

    def _chosen_in_contents(self, index: QModelIndex) -> None:
        line = self.contents_model.line(index.row())
        if line is not None and line.topic:
            self.go(line.topic)

    def _chosen_in_results(self, index: QModelIndex) -> None:
        line = self.found_model.line(index.row())
        if line is not None:
            self.go(line.topic, marked=self.field.text())

    def _take_first(self) -> None:
        if self.found_model.rowCount():
            self._chosen_in_results(self.found_model.index(0))

    def _begin_search(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _escape(self) -> None:
        """First the search, then the window."""
        if self.field.text():
            self.field.clear()
        else:
            self.close()

    def _restore(self) -> None:
        kept = self._remembered.value("help/geometry") if self._remembered is not None else None
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            self.resize(*FIRST_SIZE)

"""What is here: the installed models as a table, and what can be done with the one that is chosen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from core.llm.brain import Role
from core.llm.shelf import Shelf, ShelfModel
from core.words import say
from gui.models.brains import BrainsModel, about, shown_name
from gui.theme import SPACE
from gui.widgets.basics import Card, button, label, row

ROWS_SHOWN = 6
LAST = 7
# The columns that a narrow window does without: the line below the table has them.
SPARED = ((2, 3, 5), (4,), (6,))


class ShelfCard(Card):
    """The models that are here.

    Attributes:
        used: this model is to do this role, by the settings' value. tried: it is to be tried.
        unloaded: its memory is to be given back. deleted: it is to go.
    """

    used = Signal(object, str)
    tried = Signal(str)
    unloaded = Signal(object)
    deleted = Signal(object)

    def __init__(self) -> None:
        self.server = label("", "muted")
        super().__init__(say("What is here"), self.server)
        self.model = BrainsModel(self)
        self.table = self._make_table()
        self.nothing = label(
            say("Ollama has no model yet. Take one of those below: the first of each kind is a good start."),
            wrap=True,
        )
        self.about = label("", "caption", wrap=True)
        self.use = button(say("Use for"), "normal")
        self.menu = QMenu(self.use)
        self.use.setMenu(self.menu)
        self.try_it = button(say("Try it"), "normal", "send", lambda: self._tell(self.tried, "setting"))
        self.unload = button(say("Unload"), "normal", "stop", lambda: self._tell(self.unloaded))
        self.unload.setToolTip(say("Gives its memory back now; the next question loads it again."))
        self.delete = button(say("Delete…"), "danger", "remove", lambda: self._tell(self.deleted))
        self.put(self.nothing, self.table, self.about)
        self.put(row(self.use, self.try_it, self.unload, 1, self.delete))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        self._shelf: Shelf | None = None

    @property
    def chosen(self) -> ShelfModel | None:
        """The model of the chosen row."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.at(rows[0].row()) if rows else None

    def show_shelf(self, shelf: Shelf) -> None:
        """Show what is there; the choice stays where it was."""
        before = self.chosen.setting if self.chosen is not None else ""
        self._shelf = shelf
        self.model.show(shelf)
        self._fit_table()
        self._fit_columns()
        self.nothing.setVisible(not shelf.trouble and all(one.setting == "starter" for one in shelf.models))
        if self.model.rowCount():
            # Not selectRow: it chooses nothing for readers from the right (gui/widgets/long_list.py).
            self.table.setCurrentIndex(self.model.index(max(0, self.model.row_of(before)), 0))
        self.server.setText(_server_words(shelf))
        self._show_chosen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Spare columns where there is no room for all of them."""
        header = self.table.horizontalHeader()
        wide = [
            max(header.sectionSizeFromContents(at).width(), self.table.sizeHintForColumn(at))
            for at in range(self.model.columnCount())
        ]
        needed, room = sum(wide), self.width() - SPACE.wide - SPACE.small
        for some in SPARED:
            spare = needed > room
            for at in some:
                self.table.setColumnHidden(at, spare)
                needed -= wide[at] if spare else 0

    def _show_chosen(self) -> None:
        model = self.chosen
        here = model is not None and model.setting != "starter"
        self.about.setText(f"{shown_name(model)}: {about(model)}" if model is not None else "")
        self.about.setVisible(model is not None)
        self.try_it.setVisible(model is not None and model.can(Role.CHAT))
        self.unload.setVisible(model is not None and model.loaded is not None)
        self.delete.setVisible(here)
        roles = [role for role in Role if model is not None and model.can(role)]
        if model is not None and model.setting == "starter":
            roles = [role for role in roles if role is not Role.EMBEDDING]
        self.use.setVisible(bool(roles))
        self._fill_menu(model, roles)
        if model is not None:
            name = shown_name(model)
            for act in (self.use, self.try_it, self.unload, self.delete):
                act.setAccessibleName(say("{act}: {model}", act=act.text().rstrip("…"), model=name))

    def _fill_menu(self, model: ShelfModel | None, roles: list[Role]) -> None:
        self.menu.clear()
        if model is None or self._shelf is None:
            return
        words = {Role.CHAT: say("Chat"), Role.SCORING: say("Scoring"), Role.EMBEDDING: say("Embedding")}
        duties = self._shelf.duties(model)
        for role in roles:
            act = QAction(words[role], self.menu)
            act.setCheckable(True)
            act.setChecked(role in duties)
            act.triggered.connect(partial(self._use, role, model.setting))
            self.menu.addAction(act)

    def _use(self, role: Role, setting: str, *_: object) -> None:
        self.used.emit(role, setting)

    def _tell(self, signal: SignalInstance, part: str = "") -> None:
        model = self.chosen
        if model is not None:
            signal.emit(getattr(model, part) if part else model)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(say("Models that are here"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(SPACE.control_height)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(LAST, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        return table

    def _fit_table(self) -> None:
        """As high as its rows; more than a few scroll."""
        shown = min(max(1, self.model.rowCount()), ROWS_SHOWN)
        self.table.setFixedHeight(
            self.table.horizontalHeader().sizeHint().height() + shown * SPACE.control_height + SPACE.tight
        )


def _server_words(shelf: Shelf) -> str:
    if shelf.trouble is not None:
        return say("no Ollama at {host}", host=shelf.ollama_host)
    return say("Ollama {version} at {host}", version=shelf.ollama_version, host=shelf.ollama_host)

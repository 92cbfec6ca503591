"""A list of any length: rows of one height, drawn by a delegate; only what is seen is asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gui.theme import current
from gui.widgets.whole import TellsWhole

_ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)


class LongList(TellsWhole, QTableView):
    """The list. It is a table of one column, because Qt's list and tree lay all of their rows out anew
    whenever some are put in or change: a tenth of a second and more with 100,000.

    Args:
        height: of each row, in pixels. many: several rows can be chosen.
    """

    def __init__(self, height: int, *, many: bool = False) -> None:
        super().__init__()
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(height)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.setShowGrid(False)
        self.setProperty("kind", "rows")  # the rows draw their own ground
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        current().changed.connect(self.viewport().update)

    def selectRow(self, row: int) -> None:
        """Choose a row. Qt's own asks which column stands at the first pixel, and finds none when the reader
        comes from the right."""
        self.setCurrentIndex(self.model().index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the first and the last row; in a table they go to the ends of a row."""
        if event.key() in _ENDS and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            rows = self.model().rowCount()
            self.setCurrentIndex(self.model().index(rows - 1 if event.key() == Qt.Key.Key_End else 0, 0))
        else:
            super().keyPressEvent(event)

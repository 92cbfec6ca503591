"""What is known of something, line by line: its name at the left, what it is at the right."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QGridLayout, QWidget

from gui.theme import SPACE
from gui.widgets.basics import label


class Figures(QWidget):
    """Lines of two words, which wrap where there is no room."""

    def __init__(self, lines: Iterable[tuple[str, str]], *, selectable: bool = False) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(SPACE.tight)
        grid.setHorizontalSpacing(SPACE.medium)
        for at, (name, value) in enumerate(lines):
            grid.addWidget(label(name, "muted", wrap=True), at, 0)
            grid.addWidget(label(value, wrap=True, selectable=selectable), at, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 4)
        self.setLayout(grid)

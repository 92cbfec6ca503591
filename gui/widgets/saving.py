"""Where a file is to be saved: asked without holding up the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where(
    parent: QWidget, title: str, name: str, kinds: Sequence[tuple[str, str]], then: Callable[[Path], object]
) -> QFileDialog:
    """Ask for a file, and call `then` with it.

    Args:
        name: what is proposed, without its ending. kinds: words and ending of each, e.g. ("Table", "csv").
    """
    filters = {f"{words} (*.{ending})": ending for words, ending in kinds}
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(filters))
    dialog.selectFile(f"{name}.{kinds[0][1]}")

    def chosen(path: str) -> None:
        ending = filters.get(dialog.selectedNameFilter(), kinds[0][1])
        target = Path(path)
        known = {each for _, each in kinds}
        if target.suffix.lower().lstrip(".") not in known:
            target = target.with_name(f"{target.name}.{ending}")
        then(target)

    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog

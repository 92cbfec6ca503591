"""Charts out of the window: as a picture and as a table, through a file dialog that holds nothing up."""

from __future__ import annotations

import asyncio
import csv
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QStandardPaths, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from core.errors import FolderUnusable
from core.words import say
from gui.theme import current

Table = Sequence[Sequence[object]]
_SHARPNESS = 2.0
# A cell that begins like this is a formula to a spreadsheet, and people write what they like.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def ask_where(parent: QWidget, name: str, kind: str, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask for a file to write; `chosen` gets it when the host decided for one.

    Args:
        name: the file's name to begin with, without its ending. kind: `png` or `csv`.
    """
    words = say("Picture (*.png)") if kind == "png" else say("Table (*.csv)")
    dialog = QFileDialog(parent, say("Save the chart"), _documents(), words)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(kind)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.selectFile(f"{name}.{kind}")
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()
    return dialog


def picture_of(widget: QWidget) -> QImage:
    """A picture of a widget as it is shown, sharp enough to be printed."""
    image = QImage(widget.size() * _SHARPNESS, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(_SHARPNESS)
    image.fill(current().colour("surface"))
    painter = QPainter(image)
    widget.render(painter, QPoint())
    painter.end()
    return image


async def write_picture(path: Path, image: QImage) -> Path:
    """Write a picture.

    Raises:
        core.errors.FolderUnusable: the file cannot be written.
    """
    if not await asyncio.to_thread(lambda: image.save(str(path), "PNG")):  # type: ignore[call-overload]
        raise FolderUnusable(path=str(path), detail=say("the picture could not be written"))
    return path


async def write_table(path: Path, table: Table) -> Path:
    """Write a table as CSV in UTF-8, with the mark by which spreadsheets know it.

    Raises:
        core.errors.FolderUnusable: the file cannot be written.
    """
    try:
        await asyncio.to_thread(path.write_text, _as_csv(table), "utf-8-sig", newline="")
    except OSError as error:
        raise FolderUnusable(path=str(path), detail=error.strerror or os.fspath(path)) from error
    return path


def _as_csv(table: Table) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[_cell(value) for value in line] for line in table])
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return round(value, 4) if isinstance(value, float) else value


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)

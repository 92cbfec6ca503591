"""A window for readers from the right: mirrored, nothing cut or over each other, each text in its own way."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from core import words
from gui.icons import icon
from gui.pages.memory import MemoryPage
from gui.pages.models import ModelsPage
from gui.paper import LAST, Paper
from gui.sample import sample_app
from gui.tour import SMALL, everything, sample_window
from gui.tour_views import settled
from gui.widgets.text import lay_out
from tests.support.clipped import clipped

RTL = Qt.LayoutDirection.RightToLeft
ROW = QRect(100, 50, 400, 40)


class Hebrew(gettext.NullTranslations):
    """English words that count as written from the right: they begin with a mark that says so."""

    def gettext(self, message: str) -> str:
        return f"\u200f{message}"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"\u200f{one if n == 1 else many}"


@pytest.fixture
def from_the_right(application: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The host reads from the right."""
    monkeypatch.setattr(words, "_catalogue", lambda _language: Hebrew())
    application.setQuitOnLastWindowClosed(False)
    application.setLayoutDirection(RTL)
    yield
    application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


async def test_every_page_is_whole_for_readers_from_the_right(from_the_right: None, tmp_path: Path) -> None:
    found: dict[str, str] = {}
    async with sample_app(tmp_path) as app, sample_window(app) as (window, session):
        window.resize(SMALL.width, SMALL.height)
        async for view in everything(window, app, session):
            assert view.shown.layoutDirection() == RTL
            for told in clipped(view.shown):
                found.setdefault(told, view.name)
        sidebar = window.sidebar.mapTo(window, QPoint(0, 0)).x()
        assert sidebar > window.width() // 2
    assert not found, "\n".join(f"{view}: {told}" for told, view in found.items())


async def test_a_row_is_chosen_from_the_right_too(from_the_right: None, tmp_path: Path) -> None:
    """What stands beside a list opens, and a model's buttons are there."""
    async with sample_app(tmp_path) as app, sample_window(app) as (window, _session):
        window.go("models")
        models = window.made("models")
        assert isinstance(models, ModelsPage)
        await settled(models)
        assert models.shelf.table.selectionModel().selectedRows()
        window.go("memory")
        memory = window.made("memory")
        assert isinstance(memory, MemoryPage)
        await settled(memory)
        memory.memories.view.selectRow(0)
        await settled(memory)
        assert memory.memories.view.chosen_count == 1


def inked(image: QImage) -> QRect:
    """The part of a picture that something was painted on."""
    there = [
        (x, y) for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).alpha()
    ]
    across, down = [x for x, _ in there], [y for _, y in there]
    return QRect(QPoint(min(across), min(down)), QPoint(max(across), max(down)))


def written(direction: Qt.LayoutDirection, text: str, *, last: bool = False) -> QImage:
    image = QImage(QSize(600, 100), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paper = Paper(direction, ROW)
    room = QRect(ROW.left(), ROW.top(), 200, ROW.height())
    if last:
        paper.write(painter, room, text, LAST)
    else:
        paper.write(painter, room, text)
    painter.end()
    return image


def tail_of_g(image: QImage) -> int:
    """How far from the beginning of a line of text the tail of its first g is, in pixels."""
    line = image.copy(inked(image))
    bottom = line.height() - 2
    return next(x for x in range(line.width()) if line.pixelColor(x, bottom).alpha() > 60)


def test_what_is_painted_by_hand_is_mirrored_within_its_row(application: QApplication) -> None:
    left = inked(written(Qt.LayoutDirection.LeftToRight, "#general"))
    right = inked(written(RTL, "#general"))
    assert left.left() - ROW.left() <= 4
    assert ROW.right() - right.right() <= 4
    assert left.width() == right.width()
    assert inked(written(RTL, "#general", last=True)).left() - ROW.center().x() <= 4


def test_a_text_keeps_its_own_direction(application: QApplication) -> None:
    """The sign of a channel stays before its name, and a message of an Arab ends at the left."""
    left, right = written(Qt.LayoutDirection.LeftToRight, "#general"), written(RTL, "#general")
    turned = written(Qt.LayoutDirection.LeftToRight, "general#")
    assert abs(tail_of_g(left) - tail_of_g(right)) <= 1
    assert tail_of_g(left) - tail_of_g(turned) > 5
    arabic = lay_out("\u0645\u0631\u062d\u0628\u0627", application.font(), 300)
    assert arabic.layout.textOption().textDirection() == Qt.LayoutDirection.LayoutDirectionAuto


def test_an_arrow_along_the_line_turns_round(application: QApplication) -> None:
    def drawn(name: str) -> QImage:
        return icon(name).pixmap(QSize(32, 32)).toImage()

    forward, back, bell = drawn("right"), drawn("left"), drawn("bell")
    application.setLayoutDirection(RTL)
    try:
        assert drawn("right") == back
        assert drawn("left") == forward
        assert drawn("bell") == bell
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

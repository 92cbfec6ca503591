"""Everything can be read: in the smallest window, in every language, in every look, on every page with
all it opens, no word is cut, no piece lies over another, and nothing has to be scrolled sideways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QScrollArea, QWidget

from core.app import App, Config
from core.backups import rescue
from core.errors import explain
from core.words import languages, speak_in_the_house
from db.faults import KeyMissing
from gui.sample import sample_app
from gui.stylesheet import stylesheet
from gui.theme import PALETTES, SPACE, TYPE, apply
from gui.tour import SMALL, everything, sample_window
from gui.tour_views import painted, views
from gui.trouble_screen import TroubleScreen
from gui.widgets.basics import Card, ElidedLabel, button, column, label, row
from gui.widgets.captioned_list import CaptionedDelegate
from gui.widgets.setting_row import CalmCombo
from tests.support.clipped import clipped

# Each language in a look of its own; the looks differ in nothing that has a size, which a test holds.
LOOKS = {"en": "light", "de": "contrast", "es": "dark"}


@pytest.fixture(autouse=True)
def _window_after_window(application: QApplication) -> Iterator[None]:
    """Windows come and go, in one language after the other; the loop goes on."""
    before = application.quitOnLastWindowClosed()
    application.setQuitOnLastWindowClosed(False)
    yield
    application.setQuitOnLastWindowClosed(before)
    speak_in_the_house("en")


async def test_nothing_is_cut_on_any_page_in_any_language(application: QApplication, tmp_path: Path) -> None:
    """All of it on sample data, each page with its panels and questions, and the guide."""
    assert set(languages()) == set(LOOKS)
    found: dict[str, str] = {}
    async with sample_app(tmp_path) as app:
        for language, look in LOOKS.items():
            speak_in_the_house(language)
            apply(application, look)
            async with sample_window(app) as (window, session):
                window.resize(SMALL.width, SMALL.height)
                async for view in everything(window, app, session):
                    for words in clipped(view.shown):
                        found.setdefault(f"{language}: {words}", view.name)
    assert not found, "\n".join(f"{view}: {words}" for words, view in found.items())


@pytest.mark.parametrize("language", LOOKS)
async def test_nothing_is_cut_on_pages_that_are_empty_yet(app: App, language: str) -> None:
    speak_in_the_house(language)
    found: dict[str, str] = {}
    async with sample_window(app) as (window, _session):
        window.resize(SMALL.width, SMALL.height)
        async for view in views(window, only_pages=True):
            for words in clipped(view.shown):
                found.setdefault(words, view.name)
    assert not found, "\n".join(f"{view}: {words}" for words, view in found.items())


@pytest.mark.parametrize("language", LOOKS)
async def test_nothing_is_cut_where_the_data_does_not_open(config: Config, language: str) -> None:
    speak_in_the_house(language)
    error = KeyMissing(source="store.key")
    config.data_dir.mkdir(parents=True)
    backups = rescue(config.data_dir, config.environ)
    screen = TroubleScreen(explain(error), error, config.data_dir, backups)
    screen.resize(screen.minimumWidth(), screen.height())
    screen.show()
    await painted()
    found = clipped(screen)
    await screen.end()
    assert not found, "\n".join(found)


def test_the_looks_differ_in_their_colours_only() -> None:
    """So that what fits in one of them fits in all."""
    sheets = {re.sub(r"#[0-9A-Fa-f]{6}", "#", stylesheet(each, SPACE, TYPE)) for each in PALETTES.values()}
    assert len(sheets) == 1


# the measure itself: what a person could not read, it finds


def _narrow_label(holder: QWidget) -> None:
    made = label("These words are wider than their place")
    made.setParent(holder)
    made.setFixedWidth(80)
    made.show()


def _low_label(holder: QWidget) -> None:
    made = label("These words take some lines where they stand", wrap=True)
    made.setParent(holder)
    made.setFixedSize(80, 20)
    made.show()


def _squeezed_button(holder: QWidget) -> None:
    made = button("Consolidate everything now")
    made.setParent(holder)
    made.setFixedWidth(70)
    made.show()


def _cut_choice(holder: QWidget) -> None:
    made = CalmCombo()
    made.setParent(holder)
    made.addItem("The best one that fits this computer")
    made.setFixedWidth(90)
    made.show()
    made.setToolTip("")


def _cut_hint(holder: QWidget) -> None:
    made = QLineEdit(holder)
    made.setPlaceholderText("Somebody who wrote in this place")
    made.setFixedWidth(90)
    made.show()


def _untold_dots(holder: QWidget) -> None:
    made = ElidedLabel("A name that is much too long for where it stands")
    made.setParent(holder)
    made.resize(90, 20)
    made.show()
    made.setToolTip("")


def _laid_out(holder: QWidget) -> None:
    layout = holder.layout()
    assert layout is not None
    for child in holder.findChildren(QWidget):
        child.show()
    layout.activate()


def _over_each_other(holder: QWidget) -> None:
    one, other = QLabel("one"), QLabel("other")
    holder.setLayout(row(one, other))
    _laid_out(holder)
    other.move(one.pos())


def _outside(holder: QWidget) -> None:
    card = Card("Heading")
    holder.setLayout(column(card))
    _laid_out(holder)
    card.move(holder.width() - 20, 0)


def _sideways(holder: QWidget) -> None:
    area = QScrollArea(holder)
    area.setWidgetResizable(True)
    area.setFixedSize(120, 80)
    inside = QWidget()
    inside.setMinimumWidth(300)
    area.setWidget(inside)
    area.show()


def _untold_row(holder: QWidget) -> None:
    rows = QListView(holder)
    rows.setFixedSize(120, 80)
    rows.setModel(QStringListModel(["A row that is much too long for the list"], rows))
    rows.setItemDelegate(CaptionedDelegate(0, None, rows))
    rows.show()


@pytest.mark.parametrize(
    "break_it",
    [
        *(_narrow_label, _low_label, _squeezed_button, _cut_choice, _cut_hint, _untold_dots),
        *(_over_each_other, _outside, _sideways, _untold_row),
    ],
)
async def test_what_cannot_be_read_is_found(break_it: Callable[[QWidget], None]) -> None:
    holder = QWidget()
    holder.resize(400, 200)
    holder.show()
    break_it(holder)
    assert clipped(holder)


async def test_what_can_be_read_is_let_be() -> None:
    holder = QWidget()
    name = ElidedLabel("A name that is much too long for where it stands")
    name.setFixedWidth(90)
    holder.setLayout(column(Card("Heading", button("Act")).put(label("Some words"), name, CalmCombo())))
    holder.show()
    assert clipped(holder) == []


def test_a_choice_that_is_too_long_for_its_box_ends_in_dots(application: QApplication) -> None:
    """Not in the middle of a letter: what is drawn is what a shorter choice with … looks like."""
    drawn = []
    for words in ("Whoever was seen here last of all", "Whoever w…", "Whoever"):
        box = CalmCombo()
        box.addItem(words)
        box.setFixedSize(10 + 28 + 10 + box.fontMetrics().horizontalAdvance("Whoever w…") + 3, 36)
        drawn.append(box.grab().toImage())
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]

"""Lines and words of a form, by keyboard and mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest

from core.persona.identity import Persona
from gui.models.personas import LinesModel, PersonaDraft
from gui.widgets.chips import Chips
from gui.widgets.rows import Rows
from gui.widgets.sliders import LeanSlider


@pytest.fixture
def draft() -> PersonaDraft:
    made = PersonaDraft()
    made.open(1, Persona(name="Finn", lore=("one", "two", "three")))
    return made


@pytest.fixture
def rows(draft: PersonaDraft) -> Rows:
    made = Rows(LinesModel(draft, "lore", draft), "Lore", "Add…", 600, 4)
    made.resize(400, 400)
    made.show()
    return made


def choose(rows: Rows, row: int) -> None:
    rows.view.setCurrentIndex(rows.view.model().index(row, 0))


def test_alt_and_arrows_move_the_line_and_the_choice_goes_with_it(draft: PersonaDraft, rows: Rows) -> None:
    choose(rows, 0)
    QTest.keyClick(rows.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert draft.value("lore") == ("two", "one", "three")
    assert rows.view.currentIndex().data() == "one"
    QTest.keyClick(rows.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(rows.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert draft.value("lore") == ("two", "three", "one")
    QTest.keyClick(rows.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert draft.value("lore") == ("two", "one", "three")


def test_a_dropped_line_lands_between_the_others(draft: PersonaDraft, rows: Rows) -> None:
    root = QModelIndex()
    assert rows.view.model().moveRow(root, 2, root, 0), "what a drop asks of the model"
    assert draft.value("lore") == ("three", "one", "two")


def test_delete_removes_and_undo_brings_back(draft: PersonaDraft, rows: Rows) -> None:
    choose(rows, 1)
    QTest.keyClick(rows.view, Qt.Key.Key_Delete)
    assert draft.value("lore") == ("one", "three")
    draft.history.undo()
    assert draft.value("lore") == ("one", "two", "three")


def test_enter_adds_until_it_is_full(draft: PersonaDraft, rows: Rows) -> None:
    for text in ("four", "five"):
        QTest.keyClicks(rows.field, text)
        QTest.keyClick(rows.field, Qt.Key.Key_Return)
    assert draft.value("lore") == ("one", "two", "three", "four")
    assert not rows.field.isEnabled()
    assert rows.counter.text() == "4 of 4"


def test_a_line_is_edited_in_place(draft: PersonaDraft, rows: Rows) -> None:
    choose(rows, 1)
    rows.view.edit(rows.view.currentIndex())
    editor = rows.view.indexWidget(rows.view.currentIndex()) or rows.view.viewport().focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "zwei")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert draft.value("lore") == ("one", "zwei", "three")


@pytest.fixture
def chips() -> Chips:
    made = Chips("Traits", "Add a trait", 600)
    made.changed.connect(made.show_words)
    made.show_words(("calm", "dry & loyal"))
    made.resize(400, 100)
    made.show()
    return made


def test_enter_and_comma_add_a_word_once(chips: Chips) -> None:
    QTest.keyClicks(chips.field, "  kind ,kind")
    QTest.keyClick(chips.field, Qt.Key.Key_Return)
    assert [chip.accessibleName() for chip in chips.chips()] == [
        "Remove calm",
        "Remove dry & loyal",
        "Remove kind",
    ]


def test_only_the_cross_takes_a_click_and_keys_remove_too(chips: Chips) -> None:
    chip = chips.chips()[0]
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(8, chip.height() // 2))
    assert len(chips.chips()) == 2
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 16, chip.height() // 2))
    assert len(chips.chips()) == 1
    QTest.keyClick(chips.field, Qt.Key.Key_Backspace)
    assert chips.chips() == []


def test_a_slider_says_where_it_leans_and_the_wheel_passes_it_by() -> None:
    slider = LeanSlider("Extraversion", "reserved", "outgoing")
    told: list[float] = []
    slider.moved.connect(told.append)
    slider.put(0.6)
    assert told == []
    assert slider.slider.accessibleName() == "Extraversion: clearly: outgoing"
    slider.show()
    QTest.keyClick(slider.slider, Qt.Key.Key_Left)
    assert told == [0.55]

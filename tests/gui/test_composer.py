"""Writing as somebody: keys, people, and whom it is for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.widgets.composer import LONGEST_MESSAGE, Composer, Line


@pytest.fixture
def composer() -> Composer:
    made = Composer()
    made.set_bot("Finn", on=True)
    made.show_people(["Ada", "Bob", "Cy"], "Ada")
    made.show()
    return made


@pytest.fixture
def sent(composer: Composer) -> list[Line]:
    lines: list[Line] = []
    composer.sent.connect(lines.append)
    return lines


def press(composer: Composer, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    QTest.keyClick(composer.field, key, held)


def test_enter_sends_and_shift_enter_breaks_the_line(composer: Composer, sent: list[Line]) -> None:
    QTest.keyClicks(composer.field, "one")
    press(composer, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(composer.field, "two")
    assert sent == []
    press(composer, Qt.Key.Key_Return)
    assert sent == [Line("Ada", "one\ntwo", True, None)]
    assert composer.field.toPlainText() == ""


def test_nothing_written_is_nothing_sent(composer: Composer, sent: list[Line]) -> None:
    composer.field.setPlainText("  \n ")
    press(composer, Qt.Key.Key_Return)
    assert sent == []


def test_control_and_arrows_change_who_speaks(composer: Composer, sent: list[Line]) -> None:
    press(composer, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    composer.field.setPlainText("hi")
    composer.submit()
    press(composer, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    press(composer, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    composer.field.setPlainText("ho")
    composer.submit()
    assert [line.name for line in sent] == ["Bob", "Cy"]
    assert composer.field.placeholderText() == "Cy writes to Finn…"


def test_to_the_room_is_not_to_the_bot(composer: Composer, sent: list[Line]) -> None:
    composer.to_bot.click()
    assert composer.field.placeholderText() == "Ada writes to the room…"
    composer.field.setPlainText("anyone?")
    composer.submit()
    assert not sent[0].to_bot


def test_an_answer_goes_to_what_it_answers_once_and_escape_forgets_it(
    composer: Composer, sent: list[Line]
) -> None:
    composer.answer(42, "Bob: hm")
    composer.field.setPlainText("yes")
    composer.submit()
    composer.field.setPlainText("next")
    composer.submit()
    composer.answer(43, "Bob: hm")
    press(composer, Qt.Key.Key_Escape)
    composer.field.setPlainText("last")
    composer.submit()
    assert [(line.reply_to, line.to_bot) for line in sent] == [(42, False), (None, True), (None, True)]


def test_what_could_not_be_sent_comes_back_unless_something_else_is_written(composer: Composer) -> None:
    composer.put_back(Line("Ada", "lost?", True, None))
    assert composer.field.toPlainText() == "lost?"
    composer.put_back(Line("Ada", "older", True, None))
    assert composer.field.toPlainText() == "lost?"


def test_a_message_that_is_too_long_is_said_and_stays_in_the_field(
    composer: Composer, sent: list[Line]
) -> None:
    over: list[int] = []
    composer.too_long.connect(over.append)
    composer.field.setPlainText("x" * (LONGEST_MESSAGE + 7))
    composer.submit()
    assert (sent, over) == ([], [7])
    assert len(composer.field.toPlainText()) == LONGEST_MESSAGE + 7


def test_a_person_is_added_by_name_and_an_ampersand_stays_one(composer: Composer) -> None:
    added: list[str] = []
    composer.person_added.connect(added.append)
    composer.people.add_button.click()
    QTest.keyClicks(composer.people.field, "  Tom & Eve ")
    QTest.keyClick(composer.people.field, Qt.Key.Key_Return)
    assert added == ["Tom & Eve"]
    composer.show_people(["Tom & Eve"], "Tom & Eve")
    assert composer.people.name == "Tom & Eve"
    assert "Tom && Eve" in [made.text() for made in composer.people.buttons()]

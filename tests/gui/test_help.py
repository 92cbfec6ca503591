"""Help: F1 and the question marks open the guide where it says something about what is seen; it is read
without a network, with the keyboard, in every look; what is new is said once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QImage, QShortcut, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QWidget

from core import VERSION
from core.app import App
from core.doctor.check import ok, warn
from core.errors import OllamaMissing, TokenRefused, explain
from core.events import Bus
from core.guide import HOUSE, NEWS, START, Guide
from core.words import T, set_language, speak_in_the_house
from db import faults
from gui.contents import entries, guide_needs
from gui.help import topics
from gui.help.asking import HelpLink, about, help_button, help_by_key, topic_at
from gui.help.text import blocks, fragments, markdown
from gui.help.window import LEAST_SIZE, HelpWindow
from gui.pages.page import Page
from gui.theme import apply, contrast, current
from gui.tour_views import painted
from gui.trouble_screen import TroubleScreen
from gui.widgets.check_rows import NAMES, CheckRow
from gui.widgets.sidebar import Place
from gui.widgets.trouble import TroubleNotice
from gui.window import MainWindow, PageEntry
from gui.wizard.guide import Guide as SetUpGuide
from tests.gui import walk
from tests.support.clipped import clipped
from tests.support.fake_session import FakeSession

OUTSIDE = "https://ollama.com/download"


class Blank(Page):
    """A page with nothing on it."""


def opened(folder: Path) -> MainWindow:
    """A window of such pages, each in the place of a real one."""
    bus = Bus()
    made = [
        PageEntry(Place(name, name, "session", 0), partial(Blank, name, name, bus)) for name in topics.PAGES
    ]
    return MainWindow(made, bus, folder)


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[MainWindow]:
    made = opened(tmp_path)
    made.show()
    yield made
    await made.end()


@pytest.fixture
def went() -> list[str]:
    return []


@pytest.fixture
def reading(went: list[str]) -> Iterator[HelpWindow]:
    made = HelpWindow(Guide(), open_outside=went.append)
    made.show()
    yield made
    made.close()


def press(widget: QWidget, key: Qt.Key) -> None:
    widget.activateWindow()
    QTest.keyClick(widget, key)
    QCoreApplication.sendPostedEvents()


def press_f1(top: QWidget) -> None:
    """F1 in a window that has not become the active one yet: a platform tells of that with its next turn."""
    keys = [made for made in top.findChildren(QShortcut) if made.key().toString() == "F1"]
    assert len(keys) == 1
    keys[0].activated.emit()


# which part of the guide


def test_every_page_step_and_light_has_its_place_in_the_guide(app: App, session: FakeSession) -> None:
    guide = Guide()
    assert {entry.place.name for entry in entries(app, session)} <= set(topics.PAGES)
    assert set(NAMES) == set(topics.CHECKS)
    known = [*topics.PAGES.values(), *topics.STEPS.values(), *topics.CHECKS.values()]
    assert [topic for topic in known if not guide.has(topic)] == []


def test_what_a_widget_names_is_in_the_guide() -> None:
    """Cards and panels say themselves what they are about."""
    named = {
        found
        for path in (HOUSE / "gui").rglob("*.py")
        for found in re.findall(
            r"(?:about|help_by_key)\(self, \"([^\"]+)\"\)", path.read_text(encoding="utf-8")
        )
    }
    assert len(named) >= 15
    assert [topic for topic in named if not Guide().has(topic)] == []


async def test_every_key_of_the_window_stands_in_the_guide(window: MainWindow) -> None:
    keys = {made.key().toString() for made in window.findChildren(QShortcut) if made.parent() is window}
    told = Guide().page("shortcuts").text
    assert {"F1", "F6", "Ctrl+,"} <= keys
    numbered = {f"Ctrl+{number}" for number in range(1, 10)}
    assert [key for key in keys - numbered if key not in told and key != "Esc"] == []


async def test_f1_opens_the_part_about_the_page(window: MainWindow) -> None:
    for name in ("mood", "checkup", "safekeeping"):
        window.go(name)
        press(window, Qt.Key.Key_F1)
        assert window.help_desk.window is not None
        assert window.help_desk.window.topic == topics.PAGES[name]
        window.help_desk.end()


async def test_the_question_mark_of_a_page_does_the_same(window: MainWindow) -> None:
    window.go("models")
    page = window.made("models")
    page.help.click()
    assert window.help_desk.window is not None
    assert window.help_desk.window.topic == "models"
    assert page.help.accessibleName()


async def test_the_book_in_the_sidebar_opens_the_beginning(window: MainWindow) -> None:
    window.sidebar.help.click()
    assert window.help_desk.window is not None
    assert window.help_desk.window.topic == START


def test_what_is_under_the_keyboard_knows_best() -> None:
    page, inside = QWidget(), QLineEdit()
    inside.setParent(page)
    about(page, "persona")
    assert topic_at(inside) == "persona"
    about(inside, "personas#the-lorebook")
    assert topic_at(inside) == "personas#the-lorebook"
    assert topic_at(None) == ""


async def test_a_trouble_in_passing_leads_to_what_helps(window: MainWindow) -> None:
    page = window.made("session")
    page.toast_trouble(explain(TokenRefused()))
    card = window.toasts.cards[-1]
    assert card.act is not None
    card.act.click()
    assert window.help_desk.window is not None
    assert window.help_desk.window.topic == TokenRefused.topic


async def test_a_page_in_trouble_and_a_strip_have_their_help(window: MainWindow) -> None:
    page = window.made("mood")
    trouble = explain(OllamaMissing(host="here"))
    page.show_trouble(trouble)
    link = next(made for made in page.states.findChildren(HelpLink) if made.topic)
    link.click()
    assert window.help_desk.window is not None
    assert window.help_desk.window.topic == OllamaMissing.topic
    strip = TroubleNotice()
    strip.say("what", "step", "bad", "", trouble.topic)
    assert strip.help.topic == OllamaMissing.topic
    strip.say("what", "step", "bad", "")
    assert strip.help.isHidden()


def test_a_light_that_is_not_green_has_its_help() -> None:
    odd = CheckRow(warn("clock", T("It is odd."), T("Set it.")))
    assert odd.help.topic == topics.CHECKS["clock"]
    assert "Clock" in odd.help.accessibleName()
    assert CheckRow(ok("clock", T("It is fine."))).help.isHidden()


async def test_a_step_of_the_set_up_guide_has_its_help(
    window: MainWindow, app: App, session: FakeSession
) -> None:
    guide = SetUpGuide(app.setup, guide_needs(app, session), window)
    await guide.begin()
    guide._show(1)
    press_f1(guide)
    assert window.help_desk.window is not None
    assert window.help_desk.window.topic == "token"
    await guide.end()


async def test_data_that_does_not_open_has_its_help(tmp_path: Path) -> None:
    error = faults.StoreDamaged(backup="yesterday")
    screen = TroubleScreen(explain(error), error, tmp_path)
    screen.show()
    press_f1(screen)
    assert screen.help_desk.window is not None
    assert screen.help_desk.window.topic == "troubleshooting#the-data-is-damaged-or-gone"
    await screen.end()
    screen.close()


async def test_a_dialog_hands_on_what_is_asked(window: MainWindow) -> None:
    dialog = QDialog(window)
    help_by_key(dialog, "memory")
    mark = help_button()
    mark.setParent(dialog)
    mark.click()
    assert window.help_desk.window is not None
    assert window.help_desk.window.topic == "memory"


# reading


def test_a_section_is_scrolled_to(reading: HelpWindow) -> None:
    reading.open("troubleshooting#the-disk-is-full")
    assert reading.view.verticalScrollBar().value() > 0
    assert reading.view.textCursor().block().text() == "The disk is full"
    row = reading.contents.currentIndex().row()
    line = reading.contents_model.line(row)
    assert line is not None
    assert line.topic == "troubleshooting"


def test_a_place_that_is_not_there_is_the_beginning(reading: HelpWindow) -> None:
    reading.open("no-such-page#at-all")
    assert reading.topic == START


def test_links_stay_inside_or_go_to_the_browser(reading: HelpWindow, went: list[str]) -> None:
    reading.open("session")
    reading.follow(QUrl("troubleshooting.md#look-here-first"))
    assert reading.topic == "troubleshooting#look-here-first"
    reading.follow(QUrl("#it-talks-nonsense"))
    assert reading.topic == "troubleshooting#it-talks-nonsense"
    reading.follow(QUrl(OUTSIDE))
    reading.follow(QUrl("file:///etc/passwd"))
    reading.follow(QUrl("javascript:alert(1)"))
    assert went == [OUTSIDE]
    assert reading.topic == "troubleshooting#it-talks-nonsense"


def test_back_and_forward(reading: HelpWindow) -> None:
    reading.open("mood")
    reading.open("people")
    reading.open("memory")
    reading.go_back()
    assert reading.topic == "people"
    reading.go_back()
    assert reading.topic == "mood"
    assert not reading.back.isEnabled()
    reading.go_forward()
    assert reading.topic == "people"
    reading.open("models")
    assert not reading.forward.isEnabled()


def test_a_search_by_keyboard(reading: HelpWindow) -> None:
    reading.open(START)
    QTest.keyClick(reading, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(reading.field, "recovery passphrase")
    assert reading.found_model.rowCount() > 1
    assert not reading.count.isHidden()
    press(reading.field, Qt.Key.Key_Return)
    assert reading.topic.startswith(("backups", "troubleshooting"))
    assert reading.view.extraSelections()
    reading.field.setText("xyzzyplugh")
    assert reading.found_model.rowCount() == 0
    assert "Nothing" in reading.count.text()
    press(reading, Qt.Key.Key_Escape)
    assert reading.field.text() == ""
    press(reading, Qt.Key.Key_Escape)
    assert reading.isHidden()


def test_the_contents_by_keyboard(reading: HelpWindow) -> None:
    reading.open(START)
    reading.contents.setFocus()
    press(reading.contents, Qt.Key.Key_Down)
    press(reading.contents, Qt.Key.Key_Return)
    assert reading.topic == Guide().groups[0].pages[0]


def test_everything_has_a_name_and_is_reached_by_tab(reading: HelpWindow) -> None:
    for made in (reading.field, reading.contents, reading.view, reading.back, reading.forward, reading.home):
        assert made.accessibleName()
        assert made.focusPolicy() & Qt.FocusPolicy.TabFocus


async def test_tab_goes_round_by_way_of_the_links(reading: HelpWindow) -> None:
    reading.open("practice")
    reading.activateWindow()
    await painted()
    reading.home.setFocus()
    visited: list[QWidget | None] = []
    for _ in range(12):  # two links stand on the page
        QTest.keyClick(reading.focusWidget(), Qt.Key.Key_Tab)
        visited.append(reading.focusWidget())
    order = [one for at, one in enumerate(visited) if at == 0 or visited[at - 1] is not one]
    assert order[:4] == [reading.field, reading.contents, reading.view, reading.home]
    assert visited.count(reading.view) >= 2


@pytest.mark.parametrize("language", ["en", "de", "es"])
async def test_nothing_is_cut_or_nameless(language: str) -> None:
    speak_in_the_house(language)
    try:
        made = HelpWindow(Guide())
        made.resize(*LEAST_SIZE)
        made.open("mood")
        await painted()
        assert clipped(made) == []
        made.field.setText("passphrase")
        await painted()
        assert clipped(made) + walk.badly_named(made) + walk.nameless_rows(made) == []
        made.close()
    finally:
        speak_in_the_house("en")


def test_pictures_fit_and_suit_the_look(reading: HelpWindow, application: QApplication) -> None:
    reading.open("session")
    light = picture_of(reading)
    assert 0 < light.deviceIndependentSize().width() <= reading.view.viewport().width()
    apply(application, "dark")
    assert picture_of(reading) != light


def picture_of(reading: HelpWindow) -> QImage:
    kind = QTextDocument.ResourceType.ImageResource.value
    return QImage(reading.view.loadResource(kind, QUrl("screenshots/session-light.png")))


def test_nothing_but_pictures_is_ever_fetched(reading: HelpWindow) -> None:
    kind = QTextDocument.ResourceType.HtmlResource.value
    assert reading.view.loadResource(kind, QUrl("https://example.org/")) is None


@pytest.mark.parametrize("look", ["light", "dark", "contrast"])
def test_words_can_be_read_in_every_look(reading: HelpWindow, application: QApplication, look: str) -> None:
    apply(application, look)
    reading.open("backups")
    ground = current().colours.surface
    seen = set()
    for block in blocks(reading.view.document()):
        for fragment in fragments(block):
            if fragment.look.isImageFormat():
                continue
            own = fragment.look.background()
            behind = own.color().name() if own.style() != Qt.BrushStyle.NoBrush else ground
            seen.add((fragment.look.foreground().color().name(), behind))
    assert len(seen) >= 2  # text and links, and code where it has a ground of its own
    assert [pair for pair in seen if contrast(*pair) < 4.5] == []


def test_every_page_is_drawn_whole(reading: HelpWindow) -> None:
    """Qt loses the rest of a table after a tag in it: every heading must have arrived."""
    guide = Guide()
    for name in guide.names:
        reading.go(name)
        text = " ".join(reading.view.toPlainText().split())
        assert [one.title for one in guide.page(name).sections if one.title not in text] == [], name
        if name == "commands":
            assert text.count("everywhere") > 20


def test_tags_and_notes_are_left_out() -> None:
    assert markdown("a<br>b <!-- note\nmore --> c") == "a b  c"


async def test_it_is_said_that_the_guide_is_in_english(window: MainWindow) -> None:
    window.help_desk.open(START)
    assert window.help_desk.window is not None
    assert window.help_desk.window.language.isHidden()
    set_language("de")
    try:
        window.help_desk.open("mood")
        assert window.help_desk.window is not None
        assert not window.help_desk.window.language.isHidden()
    finally:
        set_language("en")


# what is new


async def test_what_is_new_is_said_once_after_an_update(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first._greet("0.1.0")
    assert first.toasts.cards == []  # whoever is new has read nothing older
    updated = opened(tmp_path)
    updated._greet("0.2.0")
    assert "0.2.0" in updated.toasts.cards[0].accessibleName()
    act = updated.toasts.cards[0].act
    assert act is not None
    act.click()
    assert updated.help_desk.window is not None
    assert updated.help_desk.window.topic == NEWS
    again = opened(tmp_path)
    again._greet("0.2.0")
    assert again.toasts.cards == []
    for made in (first, updated, again):
        await made.end()


async def test_the_window_greets_when_it_is_first_seen(tmp_path: Path) -> None:
    made = opened(tmp_path)
    assert not made.was_told(f"version-{VERSION}")
    made.show()
    assert made.was_told(f"version-{VERSION}")
    assert made.toasts.cards == []
    await made.end()


def test_what_is_new_is_always_in_the_contents(reading: HelpWindow) -> None:
    reading.open(START)
    assert reading.contents_model.row_of(NEWS) == reading.contents_model.rowCount() - 1
    assert isinstance(reading.home, QPushButton)

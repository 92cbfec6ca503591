"""The look: readable in every theme, and following the computer while the window is open."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QProgressBar

from gui.icons import GLYPHS, icon
from gui.stillness import said_by
from gui.stylesheet import stylesheet
from gui.theme import PALETTES, SPACE, TYPE, Colours, apply, contrast
from gui.widgets.progress import ProgressLine

READABLE = 4.5
SEEN = 3.0

TEXTS = ("text", "muted", "off", "accent", "good", "warn", "bad", "info")
GROUNDS = ("window", "surface", "sunken")


@pytest.mark.parametrize("name", PALETTES)
def test_every_text_is_readable_on_every_ground(name: str) -> None:
    colours = PALETTES[name]
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [(tone, f"{tone}_soft") for tone in ("good", "warn", "bad", "info", "accent")]
    pairs += [("text", f"{tone}_soft") for tone in ("good", "warn", "bad", "info", "accent")]
    pairs += [("muted", "accent_soft"), ("on_accent", "accent"), ("on_accent", "accent_strong")]
    for text, ground in pairs:
        found = contrast(getattr(colours, text), getattr(colours, ground))
        assert found >= READABLE, f"{text} on {ground} in {name}: {found:.2f}"


@pytest.mark.parametrize("name", PALETTES)
def test_controls_and_the_focus_ring_are_seen(name: str) -> None:
    colours = PALETTES[name]
    pairs = [(line, ground) for line in ("edge", "accent") for ground in GROUNDS]
    pairs += [("accent", "accent_soft"), ("bad", "surface"), ("on_accent", "accent")]
    for line, ground in pairs:
        found = contrast(getattr(colours, line), getattr(colours, ground))
        assert found >= SEEN, f"{line} on {ground} in {name}: {found:.2f}"


def test_high_contrast_tells_what_is_switched_off_from_what_can_be_pressed() -> None:
    """Every ground is black there: only outline and words are left to tell it."""
    colours = PALETTES["contrast"]
    assert contrast(colours.edge, colours.off_line) >= 2.5
    assert contrast(colours.text, colours.off) >= 2.5
    sheet = stylesheet(colours, SPACE, TYPE)
    for kind in ("QPushButton", 'QPushButton[kind="primary"]', 'QPushButton[kind="danger"]', "QLineEdit"):
        rule = next(each for each in sheet.split("}") if f"{kind}:disabled" in each)
        assert f"border-color: {colours.off_line}" in rule, kind
        assert f" color: {colours.off};" in rule, kind


def test_contrast_knows_its_ends() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_the_theme_follows_the_computer_only_when_asked_to(application: QApplication) -> None:
    theme = apply(application, "system")
    computer = application.styleHints().colorSchemeChanged
    computer.emit(Qt.ColorScheme.Dark)
    assert theme.name == "dark"
    theme.choose("light")
    computer.emit(Qt.ColorScheme.Dark)
    assert theme.name == "light"


def test_the_theme_follows_the_computers_high_contrast_and_back(application: QApplication) -> None:
    theme = apply(application, "system")
    hints = application.styleHints()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    assert theme.name == "contrast"
    assert application.palette().window().color().name().upper() == PALETTES["contrast"].window
    hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.NoPreference)
    assert theme.name == "dark"
    theme.choose("light")
    hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    assert theme.name == "light"
    hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.NoPreference)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)


@pytest.mark.parametrize(
    ("wanted", "still", "moves"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_nothing_moves_when_the_host_or_the_computer_asks_for_stillness(
    wanted: bool, still: bool, moves: bool, application: QApplication
) -> None:
    theme = apply(application, "light")
    theme.let_move(wanted, still=still)
    assert theme.motion is moves
    assert moves or not application.isEffectEnabled(Qt.UIEffect.UI_AnimateMenu)
    line = ProgressLine("Reading", None)
    assert line.findChildren(QProgressBar)[0].isHidden() is not moves
    line.put(0.5, "half")
    assert not line.findChildren(QProgressBar)[0].isHidden()
    theme.let_move(True, still=False)


def test_the_system_is_asked_whether_it_wants_less_motion() -> None:
    assert said_by((sys.executable, "-c", "print('false')"), "false")
    assert not said_by((sys.executable, "-c", "print('true')"), "false")
    assert not said_by(("no-such-program-here",), "false")


def _ink(colours: Colours, role: str) -> set[str]:
    """The colours of an icon's opaque pixels."""
    image = icon("play", role).pixmap(QSize(24, 24)).toImage()
    points = [(x, y) for x in range(24) for y in range(24)]
    return {image.pixelColor(x, y).name().upper() for x, y in points if image.pixelColor(x, y).alpha() == 255}


def test_icons_change_colour_with_the_theme(application: QApplication) -> None:
    apply(application, "light")
    assert _ink(PALETTES["light"], "text") == {PALETTES["light"].text}
    apply(application, "dark")
    assert _ink(PALETTES["dark"], "text") == {PALETTES["dark"].text}


def test_every_icon_is_in_the_set() -> None:
    for name in GLYPHS:
        image = icon(name).pixmap(QSize(24, 24)).toImage()
        drawn = any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))
        assert drawn, name

"""The look: readable in every theme, and following the computer while the window is open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication

from gui.icons import GLYPHS, icon
from gui.theme import PALETTES, Colours, apply, contrast

READABLE = 4.5
SEEN = 3.0

TEXTS = ("text", "muted", "accent", "good", "warn", "bad", "info")
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
    for line in ("edge", "accent"):
        for ground in ("window", "surface"):
            assert contrast(getattr(colours, line), getattr(colours, ground)) >= SEEN


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

"""Whether a window can open is told in a sentence, before Qt would end the program."""

from __future__ import annotations

import pytest

from core.errors import NoScreen, SystemLibraryMissing, explain
from core.screen import has_screen, make_sure_a_window_can_open, missing_packages, named_after


@pytest.mark.parametrize(
    ("environ", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({"QT_QPA_PLATFORM": "xcb"}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_a_screen_is_known_when_there_is_one(environ: dict[str, str], platform: str, there: bool) -> None:
    assert has_screen(environ, platform) is there


def test_the_packages_that_are_missing_are_named() -> None:
    lacking = {"libEGL.so.1", "libxcb-cursor.so.0"}

    def opens(library: str) -> bool:
        return library not in lacking

    assert missing_packages({"DISPLAY": ":0"}, "linux", opens) == ["libegl1", "libxcb-cursor0"]
    assert missing_packages({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "linux", opens) == ["libegl1"]
    assert missing_packages({"QT_QPA_PLATFORM": "offscreen"}, "linux", opens) == ["libegl1"]
    assert missing_packages({}, "darwin", opens) == []


@pytest.mark.skipif(
    "not __import__('sys').platform.startswith('linux')", reason="screens are a Linux question"
)
def test_no_screen_says_what_to_do_instead() -> None:
    with pytest.raises(NoScreen) as raised:
        make_sure_a_window_can_open({})
    assert "main.py chat" in str(explain(raised.value).step)


def test_a_failed_import_of_qt_names_the_package() -> None:
    said = "libEGL.so.1: cannot open shared object file: No such file or directory"
    named = named_after(ImportError(said))
    assert isinstance(named, SystemLibraryMissing)
    assert str(explain(named).step) == "Install it with: sudo apt install libegl1"
    assert named_after(ImportError("No module named 'PySide6'")) is None

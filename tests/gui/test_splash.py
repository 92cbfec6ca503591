"""The first thing that is seen, and when it goes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from gui import splash

HOUSE = Path(__file__).resolve().parent.parent.parent
SHOWN_WITHIN_MODULES = ("core.app", "gui.theme", "gui.window", "qtawesome", "numpy", "httpx")


def _seen(application: QApplication) -> list[QWidget]:
    return [each for each in application.topLevelWidgets() if each.isVisible()]


async def test_it_is_there_until_another_window_is(application: QApplication, tmp_path: Path) -> None:
    assert splash.begin(tmp_path, minimised=False)
    (first,) = _seen(application)
    assert isinstance(first, splash.Splash)
    window = QWidget()
    window.show()
    assert _seen(application) == [window]


async def test_beside_the_clock_nothing_is_seen(application: QApplication, tmp_path: Path) -> None:
    assert splash.begin(tmp_path, minimised=True)
    assert _seen(application) == []


async def test_a_second_start_shows_nothing_of_its_own(
    application: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splash, "ask_running_to_show", lambda _folder: True)
    assert not splash.begin(tmp_path, minimised=False)
    assert _seen(application) == []


def test_it_waits_for_nothing_that_is_large() -> None:
    asks = (
        f"import sys; from gui import splash; print([m for m in {SHOWN_WITHIN_MODULES} if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", asks], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"

"""Does the computer ask for less motion? Qt knows from 6.12 on; before that, each system is asked its own
way. Asking takes some milliseconds: off the loop, please."""

from __future__ import annotations

import ctypes
import subprocess
import sys

from PySide6.QtGui import QGuiApplication

_ANSWERS_WITHIN_S = 2.0
_SPI_GETCLIENTAREAANIMATION = 0x1042  # winuser.h
_ASKED = {
    "darwin": (("defaults", "read", "com.apple.universalaccess", "reduceMotion"), "1"),
    "linux": (("gsettings", "get", "org.gnome.desktop.interface", "enable-animations"), "false"),
}


def asked_for() -> bool:
    """Does it? False where nobody can tell."""
    hints = getattr(QGuiApplication.styleHints().accessibility(), "motionPreference", None)
    if hints is not None and hints().name != "NoPreference":
        return True
    if sys.platform == "win32":
        return _on_windows()
    return said_by(*_ASKED.get(sys.platform, ((), "")))


def said_by(command: tuple[str, ...], still: str) -> bool:
    """Ask a program of the system. `still`: what it answers when there shall be less motion."""
    if not command:
        return False
    try:
        told = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_ANSWERS_WITHIN_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.stdout.strip() == still


def _on_windows() -> bool:
    moves = ctypes.c_int(1)
    user32 = ctypes.windll.user32  # type: ignore[attr-defined]
    known = user32.SystemParametersInfoW(_SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(moves), 0)
    return bool(known) and not moves.value

"""Can a window open here? Asked before Qt is loaded, because Qt's own answer is to end the program."""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Callable, Mapping

from core.errors import NoScreen, SystemLibraryMissing

# The library Qt opens, and the Debian package that holds it (tools/prepare.sh installs the same).
_ALWAYS = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
_ON_X = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
_WITHOUT_SCREEN = ("offscreen", "minimal", "vnc", "linuxfb")
_LOADER = re.compile(r"(?P<library>lib[\w.+-]+?\.so(?:\.\d+)*): cannot open shared object file")

Opens = Callable[[str], bool]


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_screen(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Is there a screen, or did somebody choose to do without (QT_QPA_PLATFORM=offscreen)?"""
    if environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in _WITHOUT_SCREEN:
        return True
    if not platform.startswith("linux"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def missing_packages(
    environ: Mapping[str, str], platform: str = sys.platform, opens: Opens = _opens
) -> list[str]:
    """The Debian packages whose libraries the window needs and this computer lacks."""
    if not platform.startswith("linux"):
        return []
    chosen = environ.get("QT_QPA_PLATFORM", "")
    on_x = bool(environ.get("DISPLAY")) and not environ.get("WAYLAND_DISPLAY")
    needed = _ALWAYS | (_ON_X if chosen.startswith("xcb") or (on_x and not chosen) else {})
    return [package for library, package in needed.items() if not opens(library)]


def make_sure_a_window_can_open(environ: Mapping[str, str]) -> None:
    """Find out before Qt does.

    Raises:
        NoScreen: there is none. SystemLibraryMissing: Qt would not load; names the packages.
    """
    if not has_screen(environ):
        raise NoScreen
    if missing := missing_packages(environ):
        raise SystemLibraryMissing(package=" ".join(missing))


def named_after(error: ImportError) -> SystemLibraryMissing | None:
    """What a failed import of Qt lacked, in our words; None when it failed for another reason."""
    found = _LOADER.search(str(error))
    if found is None:
        return None
    library = found["library"]
    return SystemLibraryMissing(package=(_ALWAYS | _ON_X).get(library, library))

"""Which language the house speaks: what the host chose, else the computer's own.

The choice is a setting like any other. The store that keeps it may be closed or may not open, and there
is something to say then, too: so the word for it also stands in a small file of its own beside the store.
"""

from __future__ import annotations

import locale
import logging
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from core.setting import Setting
from core.words import T, Text, languages, speak_in_the_house

log = logging.getLogger(__name__)

SYSTEM = "system"
FILE = "language"

LANGUAGE = Setting(
    "appearance.language",
    SYSTEM,
    T("Language"),
    T("Of the window, its notifications and the terminal. The persona answers people in theirs."),
    choices=(
        (SYSTEM, T("The computer's")),
        ("en", Text("English")),  # each in its own words, whatever is spoken now
        ("de", Text("Deutsch")),
        ("es", Text("Español")),
    ),
)


def begin(environ: Mapping[str, str], folder: Path, only: str = "", computer: str = "") -> str:
    """Speak from the first word on, before the store is open; answers the language.

    Args:
        folder: the data folder. only: what is spoken here whatever was chosen: programs read JSON, and
            read it in English. computer: the computer's language, when a face knows it better than the
            environment does.
    """
    fixed = environ.get(LANGUAGE.environment_names[0], "")
    return speak(only or fixed or remembered(folder), computer or computers(environ))


def speak(chosen: str, computer: str) -> str:
    """Speak what the host chose; answers the language.

    Args:
        chosen: a value of LANGUAGE; anything else counts as `system`. computer: the computer's language.
    """
    language = chosen if chosen in languages() else computer
    speak_in_the_house(language)
    return language


def computers(environ: Mapping[str, str]) -> str:
    """The language of ours that comes first among those the computer names; English when none does."""
    named = [environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    first = next((name for name in named if name), "")
    if first.split(".")[0] not in ("C", "POSIX"):  # there LANGUAGE is not heeded (gettext's rule)
        named = [*environ.get("LANGUAGE", "").split(":"), first]
    if sys.platform == "win32":
        named.append(_of_windows())
    return closest(named)


def closest(named: Iterable[str]) -> str:
    """The first of these, such as `de_AT.UTF-8` or `es-MX`, that we speak; English when we speak none."""
    codes = (name.split(".")[0].split("@")[0].replace("_", "-").split("-")[0].lower() for name in named)
    return next((code for code in codes if code in languages()), "en")


def _of_windows() -> str:
    import ctypes

    number = ctypes.windll.kernel32.GetUserDefaultUILanguage()  # type: ignore[attr-defined,unused-ignore]
    return locale.windows_locale.get(number, "")


def remembered(folder: Path) -> str:
    """What was chosen last for this data folder."""
    try:
        return (folder / FILE).read_text("utf-8").strip()[:20]
    except (OSError, UnicodeDecodeError):
        return SYSTEM


def remember(folder: Path, chosen: str) -> None:
    """Write down what was chosen, for when the store is closed. Not being able to is no trouble."""
    if remembered(folder) == chosen:
        return
    try:
        (folder / FILE).write_text(f"{chosen}\n", "utf-8")
    except OSError as error:
        log.warning("the language could not be written down: %s", error.strerror or type(error).__name__)

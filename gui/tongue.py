"""The window's language: its words, Qt's own words, how it writes numbers, which way it reads."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from core import tongue
from core.settings import Settings
from core.tongue import LANGUAGE, SYSTEM
from core.words import current_language, say
from gui.application import make_application
from gui.operation import Tasks
from gui.pages.page import Toast


def computers() -> str:
    """The computer's language, as its desktop has it."""
    return tongue.closest(QLocale.system().uiLanguages())


def begin(folder: Path) -> QApplication:
    """The application, speaking as was last chosen for this data folder, before that is open."""
    application = make_application()
    _dress(application, tongue.begin(os.environ, folder, computer=computers()))
    return application


def speak(application: QApplication, language: str) -> None:
    """Speak a language from here on."""
    _dress(application, tongue.speak(language, computers()))


async def take_up(settings: Settings, folder: Path) -> bool:
    """Speak as the settings say; answers whether that is another language than before."""
    chosen, before = await settings.get(LANGUAGE), current_language()
    if settings.fixed_by(LANGUAGE) is None:
        await asyncio.to_thread(tongue.remember, folder, chosen)
    speak(make_application(), chosen)
    return current_language() != before


def told(before: str, settings: Settings, tasks: Tasks) -> Toast:
    """Which language it is now, with a way back for who does not read it."""

    def undo() -> None:
        chosen = SYSTEM if before == computers() else before
        tasks.start(settings.put(LANGUAGE, chosen), "changing the language back")

    name = dict(LANGUAGE.choices)[current_language()]
    words = say("{setting}: {value}", setting=LANGUAGE.label, value=name)
    return Toast(words, "good", say("Undo"), undo)


def _dress(application: QApplication, language: str) -> None:
    """Make Qt speak it, too: its dialogs and menus, numbers, and from which side one reads."""
    locale = QLocale(language)
    QLocale.setDefault(locale)
    for old in application.findChildren(QTranslator):
        application.removeTranslator(old)
        old.deleteLater()
    qt = QTranslator(application)
    if qt.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(qt)
    application.setLayoutDirection(locale.textDirection())

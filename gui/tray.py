"""Beside the clock: how the bot is, by a mark of its own shape, and the few things wanted most often."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from core.session import SessionState
from core.words import say
from gui.icons import icon
from gui.notifications import Notification
from gui.stylesheet import RESOURCES
from gui.theme import current
from gui.widgets.basics import plain
from gui.widgets.lights import ICONS, ROLES, state_light

SIZES = (16, 22, 24, 32, 48, 64)
SHOWN_MS = 10_000
_MARK = 0.56  # of the icon's size
_ON_ITS_WAY = (SessionState.STARTING, SessionState.ONLINE, SessionState.RECONNECTING)
_LOOKS = {"bad": QSystemTrayIcon.MessageIcon.Critical, "warn": QSystemTrayIcon.MessageIcon.Warning}


@dataclass(frozen=True, slots=True)
class TrayState:
    """What the tray says.

    Attributes:
        name: who the bot is being, or empty. quiet_until: local time; None when it may speak.
    """

    name: str = ""
    state: SessionState = SessionState.STOPPED
    quiet_until: datetime | None = None

    @property
    def words(self) -> str:
        """The state in words."""
        words = state_light(self.state).words
        if self.quiet_until is not None:
            words = say("{state}, quiet until {time}", state=words, time=f"{self.quiet_until:%H:%M}")
        return say("{name}: {state}", name=self.name, state=words) if self.name else words


def available() -> bool:
    """Is there such a place on this desktop?"""
    return QSystemTrayIcon.isSystemTrayAvailable()


class Tray(QObject):
    """The icon and its menu.

    Attributes:
        opened: show the window, on this page or, when empty, where it was.
        switched: start or stop the bot. hushed: be quiet for an hour, or speak again.
        quit_wanted: end Echodeck.
    """

    opened = Signal(str)
    switched = Signal(bool)
    hushed = Signal(bool)
    quit_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = ""
        self._shown = TrayState()
        self.icon = QSystemTrayIcon(self)
        self.menu = QMenu()
        self.about = self._act("", None)
        self.about.setEnabled(False)
        self.menu.addSeparator()
        self.open = self._act("", lambda: self.opened.emit(""))
        self.switch = self._act("", lambda: self.switched.emit(self._shown.state not in _ON_ITS_WAY))
        self.hush = self._act("", lambda: self.hushed.emit(self._shown.quiet_until is None))
        self.menu.addSeparator()
        self.leave = self._act("", self.quit_wanted.emit)
        self.menu.setDefaultAction(self.open)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(lambda: self.opened.emit(self._page))
        current().changed.connect(self._draw)
        self.say_anew()

    def say_anew(self) -> None:
        """Say everything, in the language that is spoken now."""
        self.open.setText(say("Open Echodeck"))
        self.leave.setText(say("Quit Echodeck"))
        self.show_state(self._shown)

    def show(self) -> None:
        """Be there."""
        self.icon.show()

    def show_state(self, state: TrayState) -> None:
        """Say how the bot is."""
        self._shown = state
        self.about.setText(plain(state.words))
        self.switch.setText(say("Stop the bot") if state.state in _ON_ITS_WAY else say("Start the bot"))
        self.switch.setEnabled(state.state is not SessionState.STOPPING)
        self.hush.setText(say("Quiet for an hour") if state.quiet_until is None else say("Speak again"))
        self.icon.setToolTip(say("Echodeck · {state}", state=state.words))
        self._draw()

    def notify(self, told: Notification) -> None:
        """Tell the host something through the desktop."""
        self._page = told.page
        look = _LOOKS.get(told.level, QSystemTrayIcon.MessageIcon.Information)
        self.icon.showMessage(told.title, told.text, look, SHOWN_MS)

    def end(self) -> None:
        """Go."""
        self.icon.hide()
        self.menu.deleteLater()
        self.deleteLater()

    def _act(self, words: str, on_trigger: object) -> QAction:
        made = QAction(words, self.menu)
        if callable(on_trigger):
            made.triggered.connect(lambda *_: on_trigger())
        self.menu.addAction(made)
        return made

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        """A click opens the window; on a Mac it opens the menu, which has it first."""
        clicks = (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick)
        if reason in clicks and sys.platform != "darwin":
            self.opened.emit("")

    def _draw(self) -> None:
        tone = state_light(self._shown.state).tone
        mark = "silent" if self._shown.quiet_until is not None and tone == "good" else ICONS[tone]
        self.icon.setIcon(marked(mark, ROLES[tone]))


def marked(mark: str, role: str, base: Path = RESOURCES / "icons" / "echodeck.svg") -> QIcon:
    """The app's icon with a mark in its lower right corner.

    Args:
        mark: a key of gui.icons.GLYPHS, told apart by its shape. role: the colour of the theme for it.
    """
    made = QIcon()
    whole = QIcon(str(base))
    for size in SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole.paint(painter, QRect(0, 0, size, size))
        side = round(size * _MARK)
        corner = QRect(size - side, size - side, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().colour("surface"))
        painter.drawEllipse(QRectF(corner))
        inner = corner.adjusted(1, 1, -1, -1) if size > 16 else corner
        painter.drawPixmap(inner, icon(mark, role).pixmap(QSize(inner.width(), inner.height())))
        painter.end()
        made.addPixmap(pixmap)
    return made

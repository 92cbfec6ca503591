"""Icons by what they mean. One set (Phosphor, through qtawesome), painted in the colour of the theme
in force at the moment of painting, so that a change of theme recolours them by itself."""

from __future__ import annotations

import qtawesome
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap

GLYPHS = {
    "play": "ph.play-fill",
    "stop": "ph.stop-fill",
    "session": "ph.broadcast",
    "practice": "ph.chats-circle",
    "persona": "ph.identification-badge",
    "models": "ph.brain",
    "settings": "ph.gear-six",
    "logs": "ph.list-dashes",
    "add": "ph.plus",
    "remove": "ph.trash",
    "edit": "ph.pencil-simple",
    "copy": "ph.copy",
    "duplicate": "ph.copy-simple",
    "open": "ph.arrow-square-out",
    "folder": "ph.folder-open",
    "search": "ph.magnifying-glass",
    "filter": "ph.funnel",
    "undo": "ph.arrow-counter-clockwise",
    "refresh": "ph.arrows-clockwise",
    "again": "ph.arrow-clockwise",
    "close": "ph.x",
    "more": "ph.dots-three",
    "grip": "ph.dots-six-vertical",
    "up": "ph.caret-up",
    "down": "ph.caret-down",
    "left": "ph.caret-left",
    "right": "ph.caret-right",
    "send": "ph.paper-plane-right-fill",
    "reply": "ph.arrow-bend-up-left",
    "person": "ph.user",
    "people": "ph.users",
    "bell": "ph.bell",
    "show": "ph.eye",
    "hide": "ph.eye-slash",
    "key": "ph.key",
    "link": "ph.link",
    "download": "ph.download-simple",
    "save": "ph.check",
    "check": "ph.check-bold",
    "good": "ph.check-circle-fill",
    "warn": "ph.warning-fill",
    "bad": "ph.x-circle-fill",
    "info": "ph.info-fill",
    "off": "ph.circle",
    "waiting": "ph.circle-half",
    "spark": "ph.sparkle",
    "silent": "ph.ear",
    "replied": "ph.chat-circle-text",
    "discord": "ph.discord-logo",
    "storage": "ph.database",
    "clock": "ph.clock",
    "guide": "ph.compass",
    "book": "ph.book-open",
    "lock": "ph.lock-simple",
    "star": "ph.star",
    "question": "ph.question",
    "checkup": "ph.heartbeat",
    "memory": "ph.notebook",
    "merge": "ph.git-merge",
    "split": "ph.scissors",
    "protected": "ph.shield-check",
    "unprotected": "ph.shield-slash",
    "export": "ph.export",
    "history": "ph.clock-counter-clockwise",
    "mood": "ph.smiley",
    "picture": "ph.image",
    "table": "ph.table",
    "dice": "ph.dice-three",
    "reset": "ph.arrow-u-up-left",
    "chart": "ph.chart-line",
    "memories": "ph.bookmarks-simple",
    "conversations": "ph.chat-teardrop-text",
    "thumb-up": "ph.thumbs-up",
    "thumb-down": "ph.thumbs-down",
    "never": "ph.prohibit",
    "replay": "ph.repeat",
    "training": "ph.microphone",
    "oldest": "ph.arrow-line-up",
    "newest": "ph.arrow-line-down",
    "face-exuberant": "ph.smiley-sticker",
    "face-dependent": "ph.smiley-wink",
    "face-relaxed": "ph.smiley",
    "face-docile": "ph.smiley",
    "face-hostile": "ph.smiley-sad",
    "face-anxious": "ph.smiley-nervous",
    "face-disdainful": "ph.smiley-meh",
    "face-bored": "ph.smiley-blank",
    "face-neutral": "ph.smiley-blank",
}


# What points along the line points the other way for readers from the right.
_TURNED = {"left": "right", "right": "left"}


class GlyphEngine(QIconEngine):
    """Draws one glyph of the icon font.

    Attributes:
        role: the colour it takes from the theme, e.g. `text`, or `on_accent` on a primary button.
    """

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        name = self._name
        if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            name = _TURNED.get(name, name)
        prefix, glyph = GLYPHS[name].split(".", 1)
        font = qtawesome.font(prefix, max(1, rect.height()))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._colour(mode))
        centred = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(QRectF(rect), centred, qtawesome.charmap(f"{prefix}.{glyph}"))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return GlyphEngine(self._name, self._role)

    def _colour(self, mode: QIcon.Mode) -> QColor:
        from gui.theme import current  # the theme draws its own icons too, so it is asked late

        return current().colour("off" if mode == QIcon.Mode.Disabled else self._role)


def icon(name: str, role: str = "text") -> QIcon:
    """The icon for a meaning.

    Args:
        name: a key of GLYPHS. role: the theme's colour to draw it in.

    Raises:
        KeyError: there is no icon of that name.
    """
    if name not in GLYPHS:
        raise KeyError(name)
    return QIcon(GlyphEngine(name, role))

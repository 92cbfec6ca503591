"""The sidebar: who the bot is being and how it is, above the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.guide import START
from core.words import say
from gui.help.asking import ask
from gui.keys import page_keys, shown
from gui.pictures import rounded
from gui.spoken import PAGE, spoken_as
from gui.theme import SPACE, TYPE, current
from gui.widgets.basics import ElidedLabel, button, column, icon_button, line, plain, row
from gui.widgets.lights import ICONS, ROLES, Light
from gui.widgets.states import Glyph


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: the page's name, its title and icon, and the group it stands in."""

    name: str
    title: str
    icon: str
    group: int


class Initial(QWidget):
    """A round badge with somebody's picture, or the first letter of their name."""

    def __init__(self, size: int = SPACE.wide + SPACE.small) -> None:
        super().__init__()
        self._letter = "?"
        self._picture: QPixmap | None = None
        self.setFixedSize(size, size)
        current().changed.connect(self.update)

    def put(self, name: str, picture: bytes | None = None) -> None:
        """Show a picture (a PNG), or the initial of `name`."""
        self._letter = name.strip()[:1].upper() or "?"
        ratio = self.devicePixelRatioF()
        self._picture = None if picture is None else rounded(picture, name, self.width(), ratio)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._picture is not None:
            painter.drawPixmap(0, 0, self._picture)
            painter.end()
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.colours.accent))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setPen(QColor(theme.colours.on_accent))
        font = QFont(self.font())
        font.setPixelSize(TYPE.heading)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.end()


class Sidebar(QFrame):
    """Names of pages; `chosen` tells which one the host wants.

    Attributes:
        bell: the button that opens what was said in passing.
    """

    chosen = Signal(str)

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self.setProperty("kind", "sidebar")
        self.setAccessibleName(say("Pages"))
        self._initial = Initial()
        self._name = ElidedLabel(say("No persona yet"), "strong")
        self._glyph = Glyph("off", "muted", TYPE.body)
        self._state = ElidedLabel("", "caption")
        self._buttons: dict[str, QPushButton] = {}
        self.bell = icon_button("bell", say("Notices"))
        self.help = icon_button("book", say("The guide"), lambda: ask(self.help, START))
        state = row(self._glyph, self._state, gap=SPACE.tight)
        state.setStretch(1, 1)
        persona = row(self._initial, column(self._name, state, gap=0), gap=SPACE.small)
        persona.setStretch(1, 1)
        persona.setContentsMargins(SPACE.tight, 0, 0, SPACE.small)
        layout = column(persona, line(), gap=SPACE.tight // 2)
        layout.setContentsMargins(SPACE.small, SPACE.medium, SPACE.small, SPACE.small)
        self._fill(layout, places)
        self.setLayout(layout)
        self.setFixedWidth(self._width())

    def show_persona(self, name: str, state: Light, picture: bytes | None = None) -> None:
        """Say who the bot is being, and how it is; with their picture (a PNG), if there is one."""
        self._initial.put(name, picture)
        self._name.put(name or say("No persona yet"))
        self._glyph.put(ICONS[state.tone], ROLES[state.tone])
        self._state.put(state.words)

    def show_page(self, name: str) -> None:
        """Mark the page that is shown."""
        for other, made in self._buttons.items():
            made.setChecked(other == name)

    @property
    def titles(self) -> list[str]:
        """What the pages are called, from the top."""
        return [made.accessibleName() for made in self._buttons.values()]

    def button(self, name: str) -> QPushButton:
        """The button of a page."""
        return self._buttons[name]

    def _width(self) -> int:
        """As wide as its longest name, in bold as it is when it is chosen."""
        bold = QFont(self.font())
        bold.setPixelSize(TYPE.body)
        bold.setWeight(QFont.Weight.DemiBold)
        words = max(QFontMetrics(bold).horizontalAdvance(made.text()) for made in self._buttons.values())
        beside = SPACE.icon + SPACE.small + SPACE.tight + 2 * SPACE.small  # the icon and the air around both
        return max(SPACE.sidebar, words + beside + 2 * SPACE.small + SPACE.tight)

    def _fill(self, layout: QVBoxLayout, places: Sequence[Place]) -> None:
        layout.addSpacing(SPACE.small)
        group = places[0].group if places else 0
        for number, place in enumerate(places, start=1):
            if place.group != group:
                layout.addSpacing(SPACE.small)
                layout.addWidget(line())
                layout.addSpacing(SPACE.small)
                group = place.group
            layout.addWidget(self._button(place, number))
        layout.addStretch(1)
        layout.addLayout(row(self.help, 1, self.bell))

    def _button(self, place: Place, number: int) -> QPushButton:
        made = button(plain(place.title), "nav", place.icon, lambda: self.chosen.emit(place.name))
        made.setAccessibleName(place.title)
        made.setCheckable(True)
        spoken_as(made, PAGE)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        keys = page_keys(number)
        made.setToolTip(f"{place.title} ({shown(keys)})" if keys else place.title)
        self._buttons[place.name] = made
        return made

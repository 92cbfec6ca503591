"""The four states every page answers in: empty, loading, full, trouble."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QStackedWidget, QWidget

from core.errors import Explained
from core.words import say
from gui.help.asking import HelpLink
from gui.icons import icon
from gui.theme import SPACE, current
from gui.widgets.basics import button, column, label, row


class Glyph(QLabel):
    """An icon that is only there to be seen; recoloured with the theme."""

    def __init__(self, name: str, role: str = "muted", size: int = SPACE.icon) -> None:
        super().__init__()
        self._name, self._role, self._size = name, role, size
        self.setFixedSize(size, size)
        self.put(name, role)
        current().changed.connect(self._draw)

    def put(self, name: str, role: str) -> None:
        """Show another icon."""
        self._name, self._role = name, role
        self._draw()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self.setPixmap(icon(self._name, self._role).pixmap(QSize(self._size, self._size), ratio))


class Message(QWidget):
    """Something said in the middle of a page: an icon, a sentence, what to do, and a button for it."""

    def __init__(
        self, icon_name: str, role: str, title: str, text: str, act: QPushButton | None, topic: str = ""
    ) -> None:
        super().__init__()
        self.setMaximumWidth(SPACE.form)
        self.title = label(title, "heading", wrap=True)
        self.text = label(text, "muted", wrap=True)
        for words in (self.title, self.text):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.act = act
        layout = column(
            1,
            row(1, Glyph(icon_name, role, 2 * SPACE.large), 1),
            self.title,
            self.text,
            row(1, act, 1) if act is not None else None,
            row(1, HelpLink(topic, title), 1) if topic else None,
            1,
            gap=SPACE.medium,
        )
        self.setLayout(layout)


class Skeleton(QWidget):
    """Grey bars where the content will be."""

    def __init__(self, bars: int = 5) -> None:
        super().__init__()
        self.setAccessibleName(say("Loading"))
        layout = column(gap=SPACE.medium)
        for position in range(bars):
            bar = QFrame()
            bar.setProperty("kind", "skeleton")
            bar.setFixedHeight(SPACE.large)
            strip = row(bar, gap=0)
            strip.setStretch(0, 3)
            strip.addStretch(0 if position % 3 == 0 else 1)
            layout.addLayout(strip)
        layout.addStretch(1)
        self.setLayout(layout)


class States(QStackedWidget):
    """Shows a page's content, or why it is not there.

    Args:
        full: the content.
    """

    def __init__(self, full: QWidget) -> None:
        super().__init__()
        self.full = full
        self._skeleton = Skeleton()
        self._said: QWidget | None = None
        self.addWidget(self._skeleton)
        self.addWidget(full)
        self.setCurrentWidget(full)

    @property
    def state(self) -> str:
        """empty, loading, full or trouble."""
        if self.currentWidget() is self.full:
            return "full"
        if self.currentWidget() is self._skeleton:
            return "loading"
        return str(self._said.property("state")) if self._said is not None else "loading"

    def show_full(self) -> None:
        """Show the content."""
        self.setCurrentWidget(self.full)

    def show_loading(self) -> None:
        """Show that it is coming."""
        self.setCurrentWidget(self._skeleton)

    def show_empty(
        self, icon_name: str, title: str, text: str, act: str = "", on_act: Callable[[], object] | None = None
    ) -> Message:
        """Say what this is for, with the one button that fills it."""
        made = button(act, "primary", on_click=on_act) if act else None
        return self._show("empty", Message(icon_name, "accent", title, text, made))

    def show_trouble(
        self, trouble: Explained, fix: str = "", on_fix: Callable[[], object] | None = None
    ) -> Message:
        """Say what went wrong and what to do, with a button that does it."""
        made = button(fix, "primary", on_click=on_fix) if fix else None
        message = Message("warn", "bad", str(trouble.what), str(trouble.step), made, trouble.topic)
        return self._show("trouble", message)

    def _show(self, state: str, said: Message) -> Message:
        said.setProperty("state", state)
        holder = QWidget()
        holder.setProperty("state", state)
        middle = row(0, said, 0)
        middle.setStretch(1, 1)  # as wide as it may be
        holder.setLayout(middle)
        if self._said is not None:
            self.removeWidget(self._said)
            self._said.deleteLater()
        self._said = holder
        self.addWidget(holder)
        self.setCurrentWidget(holder)
        return said

"""Asking for help: from any widget, by the topic of the guide that belongs to it.

Who asks need not know who answers: the question goes up from the widget to whatever it stands in, until a
window says that it has somebody who answers (`help_desk`).
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from core.words import say
from gui.widgets.basics import icon_button

_TOPIC = "guideTopic"


def ask(widget: QWidget, topic: str) -> None:
    """Open the guide at `topic`, on behalf of a widget."""
    asked: QWidget | None = widget
    while asked is not None:
        if (desk := getattr(asked, "help_desk", None)) is not None:
            desk.open(topic)
            return
        asked = asked.parentWidget()


def about(widget: QWidget, topic: str) -> None:
    """Say what in the guide a widget and all in it is about: F1 opens that."""
    widget.setProperty(_TOPIC, topic)


def topic_at(widget: QWidget | None) -> str:
    """The topic of a widget, or of what it stands in; empty when none of them has one."""
    while widget is not None:
        if topic := widget.property(_TOPIC):
            return str(topic)
        widget = widget.parentWidget()
    return ""


def help_by_key(top: QWidget, topic: str = "") -> None:
    """F1 in a window or a dialog opens what the keyboard is on, or else the whole.

    Args:
        topic: what it is about; empty: what is behind it, or what is said of it later.
    """
    if topic:
        about(top, topic)
    keys = QShortcut(QKeySequence("F1"), top)
    keys.activated.connect(lambda: ask(top, topic_at(top.focusWidget() or top)))


class HelpLink(QPushButton):
    """A quiet Help beside something that went wrong; hidden while there is no topic.

    Args:
        topic: where it leads. what: said to those who hear the button rather than see what is beside it.
    """

    def __init__(self, topic: str = "", what: str = "") -> None:
        super().__init__(say("Help"))
        self.topic = topic
        self.setProperty("kind", "link")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: ask(self, self.topic))
        self._name(what)
        if not topic:
            self.hide()

    def put(self, topic: str, what: str = "") -> None:
        """Lead somewhere else; nowhere: hide."""
        self.topic = topic
        self._name(what)
        self.setVisible(bool(topic))

    def _name(self, what: str) -> None:
        self.setAccessibleName(f"{self.text()}: {what}" if what else self.text())


def help_button() -> QPushButton:
    """The question mark of a page: what F1 does."""
    made = icon_button("question", say("Help"))
    made.setToolTip(say("Help (F1)"))
    made.clicked.connect(lambda: ask(made, topic_at(made)))
    return made

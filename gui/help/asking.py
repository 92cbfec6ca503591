"""Asking for help: from any widget, by the topic of the guide that belongs to it.

Who asks need not know who answers: the question rises from the widget to its window, as Qt's own "What's
this?" does, and gui/help/desk.py listens there.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QWhatsThisClickedEvent
from PySide6.QtWidgets import QApplication, QPushButton, QSizePolicy, QWidget

from core.words import say
from gui.widgets.basics import icon_button

_TOPIC = "guideTopic"


def ask(widget: QWidget, topic: str) -> None:
    """Open the guide at `topic`, on behalf of a widget."""
    QApplication.sendEvent(widget, QWhatsThisClickedEvent(topic))


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


class PassedOn(QObject):
    """Hands on what is asked in a dialog, by a button or by F1, to the window that the dialog belongs to:
    by itself a question rises to a window's edge and no further.

    Args:
        topic: what the dialog is about; empty: what is behind it.
    """

    def __init__(self, dialog: QWidget, topic: str = "") -> None:
        super().__init__(dialog)
        if topic:
            about(dialog, topic)
        self._dialog = dialog
        dialog.installEventFilter(self)
        keys = QShortcut(QKeySequence("F1"), dialog)
        keys.activated.connect(lambda: ask(dialog, topic_at(dialog.focusWidget() or dialog)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QWhatsThisClickedEvent):
            return False
        behind = self._dialog.parentWidget()
        if behind is not None:
            ask(behind, event.href())
        return behind is not None


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

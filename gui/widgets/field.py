"""A named text field of a form: how much fits is written beside it, what is wrong below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from core.words import say
from gui.theme import SPACE
from gui.widgets.basics import column, label, plain_tooltip, retone, row


def _is_undo(event: QEvent) -> bool:
    """Undo and redo belong to the whole form, not to one field of it."""
    wanted = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
    return isinstance(event, QKeyEvent) and any(event.matches(key) for key in wanted)


class HintField(QLineEdit):
    """A field whose hint is its tooltip, too, where it has no room for it."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        hint = self.placeholderText()
        buttons = SPACE.large if self.isClearButtonEnabled() else 0
        room = self.width() - SPACE.large - buttons
        wide = self.fontMetrics().horizontalAdvance(hint) > room
        self.setToolTip(plain_tooltip(hint) if wide else "")


class OneLine(HintField):
    """One line of text whose undo is the form's."""

    edited = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.textEdited.connect(self.edited)

    def put(self, text: str) -> None:
        """Show a text without telling."""
        if text != self.text():
            self.setText(text)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_undo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


class ManyLines(QPlainTextEdit):
    """Some lines of text, as tall as what is in it; Tab leaves it, undo is the form's."""

    edited = Signal(str)

    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self._least, self._most = least, most
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._changed)
        self._fit()

    def put(self, text: str) -> None:
        """Show a text without telling."""
        if text == self.toPlainText():
            return
        blocked = self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(blocked)
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.setTextCursor(cursor)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_undo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _changed(self) -> None:
        self._fit()
        self.edited.emit(self.toPlainText())

    def _fit(self) -> None:
        lines = max(self._least, min(self._most, round(self.document().size().height())))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + SPACE.medium + SPACE.small)


class FieldFrame(QWidget):
    """The name of a field, its editor, and what is wrong with it in words.

    Args:
        longest: characters that fit; None writes no count.
    """

    def __init__(self, name: str, editor: QWidget, help_: str = "", longest: int | None = None) -> None:
        super().__init__()
        self.editor = editor
        self.longest = longest
        self.counter = label("", "caption")
        self.wrong = label("", "caption", "bad", wrap=True)
        self.wrong.hide()
        if not editor.accessibleName():
            editor.setAccessibleName(name)
        head = row(label(name, "strong", wrap=True), self.counter) if name else None
        if head is not None:
            head.setStretch(0, 1)
        told = label(help_, "caption", wrap=True) if help_ else None
        layout = column(head, editor, self.wrong, gap=SPACE.tight)
        if told is not None:
            layout.insertWidget(1 if head is not None else 0, told)
            editor.setAccessibleDescription(help_)
        self.setLayout(layout)

    def count(self, length: int) -> None:
        """Say how much of the room is taken."""
        if self.longest is not None:
            self.counter.setText(say("{n} of {most}", n=length, most=self.longest))
            retone(self.counter, "bad" if length > self.longest else "")

    def mark(self, problem: str) -> None:
        """Say what is wrong; nothing when it is empty."""
        self.wrong.setText(problem)
        self.wrong.setVisible(bool(problem))
        retone(self.editor, "true" if problem else "false", "wrong")

"""Where invented people write: who speaks, to whom, and the message."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from core.words import say
from gui.theme import SPACE
from gui.widgets.basics import Card, ElidedLabel, button, column, icon_button, label, row
from gui.widgets.chips import ChoiceChips

LONGEST_NAME = 40
LONGEST_MESSAGE = 4_000
MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be said. `to_bot`: meant for the bot. `reply_to`: id of the message it answers."""

    name: str
    text: str
    to_bot: bool
    reply_to: int | None


class MessageField(QPlainTextEdit):
    """Enter sends, Shift+Enter breaks the line, Ctrl+Up and Ctrl+Down change who speaks."""

    sent = Signal()
    speaker_stepped = Signal(int)
    escaped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(say("Message"))
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shift:
            self.sent.emit()
        elif control and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.speaker_stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As tall as what is in it, up to a few lines."""
        lines = max(1, min(MOST_LINES, round(self.document().size().height())))
        tall = lines * self.fontMetrics().lineSpacing() + 2 * SPACE.small + SPACE.tight
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if lines == MOST_LINES
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.setFixedHeight(max(SPACE.control_height + SPACE.tight, tall))


class Composer(Card):
    """Who speaks, and what.

    Attributes:
        sent: a `Line` is to be said. person_added: the host invented somebody.
    """

    sent = Signal(object)
    too_long = Signal(int)
    person_added = Signal(str)
    speaker_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.reply_to: int | None = None
        self.people = ChoiceChips(say("Who speaks"), say("Add a person"), LONGEST_NAME)
        self.field = MessageField()
        self.to_bot = button("", "segment", "persona")
        self.to_bot.setCheckable(True)
        self.to_bot.setToolTip(say("As if the message began with a mention"))
        self.to_bot.toggled.connect(lambda _on: self._hint())
        self.send = button(say("Send"), "primary", "send", self.submit)
        self._answering = ElidedLabel("", "caption")
        self._forget = icon_button("close", say("Do not answer this message"), self.forget_reply)
        self._answering_row = QWidget()
        strip = row(self._answering, self._forget)
        strip.setStretch(0, 1)
        self._answering_row.setLayout(strip)
        self._answering_row.hide()
        self._bot_name = ""
        self._build()
        self.set_bot("", on=True)

    def set_bot(self, name: str, *, on: bool | None = None) -> None:
        """Say what the bot is called."""
        self._bot_name = name
        words = say("to {name}", name=name or say("the bot"))
        self.to_bot.setText(words.replace("&", "&&"))
        self.to_bot.setAccessibleName(words)
        if on is not None:
            self.to_bot.setChecked(on)
        self._hint()

    def answer(self, message_id: int, words: str) -> None:
        """The next message answers this one."""
        self.reply_to = message_id
        self._answering.put(say("Answering {message}", message=words))
        self._answering_row.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_reply(self) -> None:
        """The next message answers nothing in particular."""
        self.reply_to = None
        self._answering_row.hide()

    def submit(self) -> None:
        """Send what is written, when there is something."""
        text = self.field.toPlainText().strip()
        if not text or not self.people.name:
            return
        if len(text) > LONGEST_MESSAGE:  # nothing is cut unsaid, and nothing typed is lost
            self.too_long.emit(len(text) - LONGEST_MESSAGE)
            return
        to_bot = self.to_bot.isChecked() and self.reply_to is None
        self.sent.emit(Line(self.people.name, text, to_bot, self.reply_to))
        self.field.clear()
        self.forget_reply()

    def put_back(self, line: Line) -> None:
        """What was sent did not arrive: nothing of it is lost."""
        if not self.field.toPlainText():
            self.field.setPlainText(line.text)

    def _build(self) -> None:
        self.body.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        who = row(label(say("Who speaks"), "caption"), self.people, self.to_bot, gap=SPACE.small)
        who.setStretch(1, 1)
        write = row(self.field, self.send)
        write.setStretch(0, 1)
        self.body.addLayout(column(who, self._answering_row, write, gap=SPACE.small))
        self.people.chosen.connect(lambda _name: self._hint())
        self.people.chosen.connect(self.speaker_chosen)
        self.people.added.connect(self.person_added)
        self.field.sent.connect(self.submit)
        self.field.speaker_stepped.connect(self.people.step)
        self.field.escaped.connect(self.forget_reply)

    def show_people(self, names: list[str], chosen: str) -> None:
        """Offer these people."""
        self.people.show_names(names, chosen)
        self._hint()

    def _hint(self) -> None:
        to = self._bot_name or say("the bot")
        if self.to_bot.isChecked():
            words = say("{name} writes to {bot}…", name=self.people.name, bot=to)
        else:
            words = say("{name} writes to the room…", name=self.people.name)
        self.field.setPlaceholderText(words)

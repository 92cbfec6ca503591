"""A reply once more, beside the one that was posted: with another model, as another persona."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from core.conversation.replay import Model, Replayed
from core.feed import FeedTurn
from core.persona.identity import KeptPersona
from core.words import say
from gui.models.feed import sentence, took
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, icon_button, label, retone, row
from gui.widgets.setting_row import CalmCombo
from gui.widgets.trace_sections import quote


class Side(Card):
    """One of the two answers, and below it who wrote it with what."""

    def __init__(self, heading: str) -> None:
        super().__init__(kind="well")
        self.heading = heading
        self.text = label("", wrap=True, selectable=True)
        self.by = label("", "caption", wrap=True)
        self.put(label(heading, "caption"), self.text, self.by, 1)

    def wait(self, words: str) -> None:
        """Nothing is written yet."""
        self._put(words, "muted")
        self.by.setText("")

    def grow(self, text: str) -> None:
        """All of it so far."""
        self._put(text, "body")

    def _put(self, text: str, kind: str) -> None:
        retone(self.text, kind, "kind")
        self.text.setText(text)
        self.text.setAccessibleName(f"{self.heading}: {text}")


class ReplayPanel(Card):
    """Replays one reply.

    Attributes:
        wanted: replay it, with what `model` and `persona_id` say. stopped: enough. closed: back.
    """

    wanted = Signal()
    stopped = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.turn_id = ""
        self.back = icon_button("left", say("Back to the conversation"), self.closed.emit)
        self.models = _combo(say("Model"))
        self.personas = _combo(say("Persona"))
        self.start = button(say("Replay"), "primary", "replay", self.wanted.emit)
        self.stop = button(say("Stop"), "normal", "stop", self.stopped.emit)
        self.stop.hide()
        self._asked = QWidget()
        self._asked.setLayout(column())
        self.then, self.now = Side(say("What it said")), Side(say("Once more"))
        self.note = label(say("Nothing of it is posted or kept."), "caption", wrap=True)
        controls = row(
            column(label(say("Model"), "caption"), self.models, gap=SPACE.tight),
            column(label(say("Persona"), "caption"), self.personas, gap=SPACE.tight),
            column(label("", "caption"), row(self.start, self.stop), gap=SPACE.tight),
        )
        controls.setStretch(0, 1)
        controls.setStretch(1, 1)
        self.put(row(self.back, label(say("Replay"), "heading"), 1), self._asked, controls, self._answers())
        self.put(self.note)
        self.body.setStretch(3, 1)

    @property
    def model(self) -> str:
        """The model's setting; empty for the one that answers now."""
        return str(self.models.currentData() or "")

    @property
    def persona_id(self) -> int | None:
        """Who is to answer; None for who answered then."""
        chosen = self.personas.currentData()
        return int(chosen) if chosen else None

    def show_turn(self, turn: FeedTurn) -> None:
        """Begin with a reply, or with a silence."""
        if self.turn_id != turn.id:
            self.now.wait(say("Choose a model or a persona, then press Replay."))
        self.turn_id = turn.id
        layout = self._asked.layout()
        assert layout is not None
        while (item := layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        if turn.said:
            layout.addWidget(quote(turn.person, turn.said))
        if turn.reply:
            self.then.grow(turn.reply)
        else:
            self.then.wait(sentence(turn))
        spent = took(turn.took_ms) if turn.took_ms and turn.reply else ""
        told = (str(turn.trace.get("model") or ""), str(turn.trace.get("persona") or ""), spent)
        self.then.by.setText(" · ".join(part for part in told if part))

    def show_choices(self, models: Sequence[Model], personas: Sequence[KeptPersona], then: str) -> None:
        """What it can be replayed with. `then`: the name of who answered."""
        _refill(self.models, say("The one that answers now"), [(each.name, each.setting) for each in models])
        others = [(kept.shown, kept.id) for kept in personas if kept.persona.name != then]
        _refill(self.personas, then or say("Who it is now"), others)

    def set_running(self, running: bool) -> None:
        """It is being written, or not any more."""
        self.start.setVisible(not running)
        self.stop.setVisible(running)
        self.models.setEnabled(not running)
        self.personas.setEnabled(not running)

    def show_replayed(self, replayed: Replayed) -> None:
        """What it would have said."""
        self.now.grow(replayed.text)
        tokens = ""
        if replayed.usage is not None:
            tokens = say(
                "{prompt} read, {written} written",
                prompt=replayed.usage.prompt_tokens,
                written=replayed.usage.completion_tokens,
            )
        parts = (replayed.model, replayed.persona, took(replayed.took_ms), tokens)
        self.now.by.setText(" · ".join(part for part in parts if part))
        if replayed.same_prompt:
            words = say("It read what was read then. Nothing of it is posted or kept.")
        else:
            words = say(
                "It read the messages of that time, without memories. Nothing of it is posted or kept."
            )
        self.note.setText(words)
        retone(self.note, "" if replayed.same_prompt else "info")

    def _answers(self) -> QScrollArea:
        together = row(self.then, self.now, gap=SPACE.medium)
        together.setStretch(0, 1)
        together.setStretch(1, 1)
        inside = QWidget()
        inside.setLayout(column(together, 1))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setAccessibleName(say("Both answers"))
        return scroll


def _combo(name: str) -> CalmCombo:
    made = CalmCombo()
    made.setAccessibleName(name)
    made.setMinimumContentsLength(12)
    made.setSizeAdjustPolicy(CalmCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return made


def _refill(combo: CalmCombo, first: str, rest: Sequence[tuple[str, object]]) -> None:
    chosen = combo.currentData()
    combo.clear()
    combo.addItem(first, None)
    for words, data in rest:
        combo.addItem(words, data)
    combo.setCurrentIndex(max(0, combo.findData(chosen)))

"""The form in which a persona is written: who they are, what they are like, how they write."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from core.persona.form import limits
from core.words import T, Text, say
from gui.models.personas import LinesModel, PersonaDraft
from gui.theme import SPACE
from gui.widgets.basics import Card, column, label
from gui.widgets.chips import Chips
from gui.widgets.field import FieldFrame, ManyLines, OneLine
from gui.widgets.portrait import Portrait
from gui.widgets.rows import Rows
from gui.widgets.sliders import LeanSlider

TRAITS: tuple[tuple[str, Text, Text, Text], ...] = (
    ("openness", T("Openness"), T("keeps to the familiar"), T("loves the new")),
    ("conscientiousness", T("Conscientiousness"), T("easygoing"), T("orderly")),
    ("extraversion", T("Extraversion"), T("reserved"), T("outgoing")),
    ("agreeableness", T("Agreeableness"), T("argues"), T("gets along")),
    ("neuroticism", T("Neuroticism"), T("calm"), T("easily shaken")),
)
LISTS: tuple[tuple[str, Text, Text], ...] = (
    ("lore", T("Lore"), T("What happened to them, where they live…")),
    ("quirks", T("Facts & quirks"), T("A habit, a like, a dislike…")),
    ("examples", T("Example lines"), T("A line they might write…")),
    ("never", T("Never says"), T("A line they must never write…")),
)


class PersonaForm(QScrollArea):
    """Shows a draft and writes every change into it, a step at a time."""

    def __init__(self, draft: PersonaDraft) -> None:
        super().__init__()
        self._draft = draft
        self._limits = limits()
        self.portrait = Portrait()
        self.texts: dict[str, OneLine | ManyLines] = {}
        self.words: dict[str, Chips] = {}
        self.rows: dict[str, Rows] = {}
        self.sliders: dict[str, LeanSlider] = {}
        self.frames: dict[str, FieldFrame] = {}
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(say("Persona"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._build()
        draft.opened.connect(self._show_all)
        draft.changed.connect(self._show)
        self._show_all()

    def mark_problems(self) -> bool:
        """Say at each field what is wrong with it; True when nothing is."""
        found = self._draft.problems()
        for field, frame in self.frames.items():
            frame.mark(str(found[field].text) if field in found else "")
        return not found

    def go_to_first_problem(self) -> None:
        """Show the first field that is wrong."""
        for field in self._draft.problems():
            if field in self.frames:
                self.ensureWidgetVisible(self.frames[field])
                self.frames[field].editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    # how it is built

    def _build(self) -> None:
        inside = QWidget()
        layout = column(
            Card(say("Who they are")).put(
                self.portrait,
                self._text("name", say("Name"), OneLine()),
                self._chips(
                    "nicknames", say("Nicknames"), say("Add a nickname"), say("What else they answer to.")
                ),
                self._text("summary", say("In one sentence"), ManyLines(2, 4)),
            ),
            Card(say("What they are like")).put(
                self._sliders(),
                self._chips("traits", say("Traits"), say("Add a trait"), say("A word or two each.")),
            ),
            Card(say("What they know and do")).put(self._rows("lore"), self._rows("quirks")),
            Card(say("How they write")).put(
                self._text("style", say("Speaking style"), ManyLines(3, 8)),
                self._rows("examples"),
                self._rows("never"),
            ),
            1,
            gap=SPACE.medium,
        )
        layout.setContentsMargins(0, 0, SPACE.medium, 0)
        inside.setLayout(layout)
        self.setWidget(inside)

    def _text(self, field: str, name: str, editor: OneLine | ManyLines) -> FieldFrame:
        words = say("change {field}", field=name.lower())
        editor.edited.connect(lambda text: self._draft.change(field, text, words, typing=True))
        self.texts[field] = editor
        return self._framed(field, FieldFrame(name, editor, longest=self._limits[field].longest))

    def _chips(self, field: str, name: str, hint: str, help_: str) -> FieldFrame:
        chips = Chips(name, hint, self._limits[field].longest or SPACE.form)
        words = say("change {field}", field=name.lower())
        chips.changed.connect(lambda wanted: self._change_words(field, wanted, words))
        self.words[field] = chips
        return self._framed(field, FieldFrame(name, chips, help_))

    def _rows(self, field: str) -> FieldFrame:
        name, hint = next((say(name), say(hint)) for key, name, hint in LISTS if key == field)
        limit = self._limits[field]
        rows = Rows(LinesModel(self._draft, field, self), name, hint, limit.longest or 0, limit.most)
        self.rows[field] = rows
        return self._framed(field, FieldFrame("", rows))

    def _sliders(self) -> QWidget:
        for trait, name, low, high in TRAITS:
            slider = LeanSlider(say(name), say(low), say(high))
            slider.moved.connect(lambda value, trait=trait, name=name: self._lean(trait, value, say(name)))
            self.sliders[trait] = slider
        together = QWidget()
        together.setLayout(column(label(say("Temper"), "strong"), *self.sliders.values(), gap=SPACE.tight))
        return together

    def _framed(self, field: str, frame: FieldFrame) -> FieldFrame:
        self.frames[field] = frame
        return frame

    # between draft and fields

    def _lean(self, trait: str, value: float, name: str) -> None:
        self._draft.change(trait, value, say("change {field}", field=name.lower()), typing=True)

    def _change_words(self, field: str, wanted: tuple[str, ...], words: str) -> None:
        most = self._limits[field].most
        if most is None or len(wanted) <= most or len(wanted) < len(self._draft.value(field)):
            self._draft.change(field, wanted, words)
        self.words[field].show_words(self._draft.value(field))

    def _show_all(self) -> None:
        for field in (*self.texts, *self.words, *self.sliders):
            self._show_field(field)
        self.mark_problems()

    def _show(self, field: str) -> None:
        self._show_field(field)
        self.mark_problems()

    def _show_field(self, field: str) -> None:
        value = self._draft.value(field)
        if field in self.texts:
            self.texts[field].put(value)
            self.frames[field].count(len(value.strip()))
        elif field in self.words:
            self.words[field].show_words(value)
        elif field in self.sliders:
            self.sliders[field].put(value)

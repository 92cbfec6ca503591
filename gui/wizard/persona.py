"""Who shall it be? One of the samples; everything about it can be changed later."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy

from core.persona.identity import KeptPersona, Persona, samples
from core.setup import Step
from core.words import T, say
from gui.theme import SPACE
from gui.widgets.basics import column, label, row
from gui.widgets.sidebar import Initial
from gui.wizard.step import GuideStep, Needs


class PersonaChoice(QPushButton):
    """A persona as a card that can be chosen."""

    def __init__(self, persona: Persona) -> None:
        super().__init__()
        self.persona = persona
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setProperty("kind", "choice")
        self.setAccessibleName(f"{persona.name}: {persona.summary}")
        badge = Initial()
        badge.put(persona.name)
        words = column(
            label(persona.name, "heading"),
            label(persona.summary, wrap=True),
            label(", ".join(persona.traits[:4]), "caption", wrap=True),
            gap=SPACE.tight,
        )
        layout = row(badge, words, gap=SPACE.medium)
        layout.setStretch(1, 1)
        layout.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()


class PersonaStep(GuideStep):
    """Chooses the first persona."""

    step = Step.PERSONA
    title = T("Who shall it be?")

    def __init__(self, needs: Needs) -> None:
        super().__init__(needs, say("Choose one to begin with. You can change everything about it later."))
        self.choices = [PersonaChoice(persona) for persona in samples()]
        self._group = QButtonGroup(self)
        for choice in self.choices:
            self._group.addButton(choice)
            self.body.addWidget(choice)
        self.body.addStretch(1)
        self._present = ""
        self.choices[0].setChecked(True)
        self._group.buttonClicked.connect(lambda _choice: self.changed.emit())

    @property
    def chosen(self) -> Persona | None:
        """The one that is marked; None: it stays who it is."""
        return next((choice.persona for choice in self.choices if choice.isChecked()), None)

    @property
    def next_word(self) -> str:
        return say("Be {name}", name=self.chosen.name if self.chosen is not None else self._present)

    def enter(self) -> None:
        self.work(self.needs.personas.active(), say("Looking at what there is"), self._know)

    def go_on(self) -> None:
        if self.chosen is None:
            self.moved.emit()
        else:
            self.work(self._keep(self.chosen), say("Saving"), lambda _kept: self.moved.emit())

    def _know(self, active: KeptPersona | None) -> None:
        """Whoever comes here again has somebody already, and keeps them unless they choose another."""
        if active is None or active.persona.name == self._present:
            return
        self._present = active.persona.name
        self._group.setExclusive(False)
        for choice in self.choices:
            choice.setChecked(choice.persona.name == self._present)
        self._group.setExclusive(True)
        self.changed.emit()

    async def _keep(self, persona: Persona) -> KeptPersona:
        """Keep and choose it; one of that name that is there already is taken as it is."""
        known = {kept.persona.name: kept for kept in await self.needs.personas.every()}
        kept = known.get(persona.name) or await self.needs.personas.add(persona)
        await self.needs.personas.choose(kept.id)
        return kept

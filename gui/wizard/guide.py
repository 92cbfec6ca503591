"""The set-up guide: seven short steps that can be left, skipped and resumed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QStackedWidget, QWidget

from core.setup import Setup, Step
from core.words import say
from gui.help import topics
from gui.help.asking import about, help_button, help_by_key
from gui.reading_order import ReadInOrder
from gui.theme import SPACE
from gui.widgets.basics import button, column, label, line, retone, row
from gui.widgets.states import Glyph
from gui.wizard.brain import BrainStep
from gui.wizard.discord_side import IntentsStep, InviteStep
from gui.wizard.ends import DoneStep, WelcomeStep
from gui.wizard.persona import PersonaStep
from gui.wizard.step import GuideStep, Needs
from gui.wizard.token import TokenStep

STEPS: tuple[Callable[[Needs], GuideStep], ...] = (
    WelcomeStep,
    TokenStep,
    IntentsStep,
    InviteStep,
    BrainStep,
    PersonaStep,
    DoneStep,
)


class Stepper(QFrame):
    """Where in the guide the host is."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("kind", "sidebar")
        self.setFixedWidth(SPACE.sidebar + SPACE.large)
        self._rows: list[tuple[Glyph, QLabel]] = []
        layout = column(gap=SPACE.medium)
        layout.setContentsMargins(SPACE.medium, SPACE.large, SPACE.small, SPACE.large)
        for title in titles:
            glyph, words = Glyph("off", "muted"), label(title, "muted", wrap=True)
            self._rows.append((glyph, words))
            step = row(glyph, words, gap=SPACE.small)
            step.setStretch(1, 1)
            layout.addLayout(step)
        layout.addStretch(1)
        self.setLayout(layout)

    def show_step(self, number: int) -> None:
        """Mark the step of that number; those before it are behind."""
        self.setAccessibleName(say("Step {number} of {all}", number=number + 1, all=len(self._rows)))
        for position, (glyph, words) in enumerate(self._rows):
            here, behind = position == number, position < number
            glyph.put(
                "good" if behind else "waiting" if here else "off", "accent" if here or behind else "muted"
            )
            retone(words, "strong" if here else "muted", "kind")


class Guide(ReadInOrder, QDialog):
    """The guide's window.

    Attributes:
        ended: the guide is over; `start`, `practice` or `later` says what comes now.
    """

    ended = Signal(str)

    def __init__(self, setup: Setup, needs: Needs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("wizard")
        self.setWindowTitle(say("Set-up guide"))
        self.setModal(False)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.resize(SPACE.reading + SPACE.sidebar, SPACE.form + SPACE.wide)
        self._setup = setup
        self.needs = needs
        self._over = False
        self.steps = [made(needs) for made in STEPS]
        self._stepper = Stepper([say(step.title) for step in self.steps])
        self._stack = QStackedWidget()
        self.back = button(say("Back"), "normal", on_click=self._go_back)
        self.skip = button(say("Skip this step"), "quiet", on_click=self._skip)
        self.next = button(say("Continue"), "primary", on_click=self._press_on)
        self._build()
        help_by_key(self)

    async def begin(self, wanted: str = "") -> None:
        """Open at a step (its name), or where the host was last."""
        reached = Step(wanted) if wanted in list(Step) else await self._setup.step()
        number = next(at for at, step in enumerate(self.steps) if step.step is reached)
        self._show(number)
        self.open()

    @property
    def present(self) -> GuideStep:
        """The step that is shown."""
        return self.steps[self._stack.currentIndex()]

    def step(self, wanted: Step) -> GuideStep:
        """One of the steps."""
        return next(step for step in self.steps if step.step is wanted)

    async def end(self) -> None:
        """Stop what the guide does."""
        self._over = True
        await self.needs.tasks.end()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._leave("later")

    def reject(self) -> None:
        """Escape leaves the guide; it goes on from here next time."""
        super().reject()
        self._leave("later")

    def _build(self) -> None:
        for step in self.steps:
            self._stack.addWidget(step)
            step.moved.connect(partial(self._moved, step))
            step.ended.connect(self._finish)
            step.changed.connect(self._show_buttons)
        buttons = row(self.back, help_button(), 1, self.skip, self.next)
        inside = column(self._stack, line(), buttons, gap=SPACE.medium)
        inside.setStretch(0, 1)
        inside.setContentsMargins(SPACE.wide, SPACE.large, SPACE.wide, SPACE.medium)
        layout = row(self._stepper, inside, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _press_on(self) -> None:
        if not self.present.busy:
            self.present.go_on()

    def _moved(self, step: GuideStep) -> None:
        """A step is done; it does not count when the host has meanwhile gone elsewhere."""
        if step is self.present:
            self._go_on()

    def _go_on(self) -> None:
        self._show(min(self._stack.currentIndex() + 1, len(self.steps) - 1))

    def _go_back(self) -> None:
        """One step back; where the token was skipped, back over what was skipped with it."""
        if self.present.step is Step.BRAIN and self.needs.report is None:
            self._show(self.steps.index(self.step(Step.TOKEN)))
        else:
            self._show(max(0, self._stack.currentIndex() - 1))

    def _skip(self) -> None:
        """Without a token there is nothing to ask Discord about, so those steps go with it."""
        token, report = Step.TOKEN, self.needs.report
        if self.present.step is token and report is None:
            self.needs.tasks.start(self._skip_token(), "skipping the token")
        else:
            self._go_on()

    async def _skip_token(self) -> None:
        kept = await self.needs.secrets.token()
        wanted = Step.INTENTS if kept else Step.BRAIN
        self._show(self.steps.index(self.step(wanted)))

    def _show(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        self._stepper.show_step(number)
        about(self, topics.STEPS[self.present.step])
        self.needs.tasks.start(self._setup.reached(self.present.step), "remembering the step")
        self.next.setFocus()
        self.present.enter()
        self._show_buttons()

    def _show_buttons(self) -> None:
        step = self.present
        self.back.setVisible(self._stack.currentIndex() > 0)
        self.skip.setVisible(step.may_skip)
        # It stays enabled while something is asked, so that the keyboard's place is not lost.
        word = say("One moment…") if step.busy else step.next_word
        self.next.setText(word)
        self.next.setAccessibleName(word)

    def _finish(self, then: str) -> None:
        self.needs.tasks.start(self._put_away(then), "finishing the set-up")

    async def _put_away(self, then: str) -> None:
        await self._setup.finish()
        self._leave(then)
        self.close()

    def _leave(self, then: str) -> None:
        if not self._over:
            self._over = True
            self.ended.emit(then)

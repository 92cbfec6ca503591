"""The first and the last step of the set-up guide."""

from __future__ import annotations

from core.setup import Step
from core.words import T, say
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, row
from gui.widgets.states import Glyph
from gui.wizard.step import GuideStep, Needs


class WelcomeStep(GuideStep):
    """What this is, and two ways to begin."""

    step = Step.WELCOME
    title = T("Welcome to Echodeck")

    def __init__(self, needs: Needs) -> None:
        super().__init__(
            needs, say("A persona that lives on your Discord server and thinks on this computer.")
        )
        here = say("Messages and memories are kept encrypted on this computer.")
        bot = say("It is free and takes five minutes; the next step shows how.")
        room = say("Talk with a persona in the practice room, without Discord.")
        points = (
            ("lock", say("Everything stays here"), here),
            ("discord", say("You need a Discord bot"), bot),
            ("practice", say("Or practise first"), room),
        )
        for icon_name, heading, text in points:
            words = column(label(heading, "strong"), label(text, "muted", wrap=True), gap=0)
            point = row(Glyph(icon_name, "accent", SPACE.large), words, gap=SPACE.medium)
            point.setStretch(1, 1)
            self.body.addLayout(point)
        practise = button(
            say("Practise first"), "normal", "practice", on_click=lambda: self.ended.emit("practice")
        )
        self.body.addLayout(row(practise, 1))
        self.body.addStretch(1)

    @property
    def next_word(self) -> str:
        return say("Begin")

    @property
    def may_skip(self) -> bool:
        return False


class DoneStep(GuideStep):
    """Everything is there: start, or practise first."""

    step = Step.DONE
    title = T("All set")

    def __init__(self, needs: Needs) -> None:
        super().__init__(needs, "")
        self._has_token = False
        self._glyph = Glyph("good", "good", SPACE.large * 2)
        self._who = label("", "heading", wrap=True)
        self._where = label("", "muted", wrap=True)
        summary = row(self._glyph, column(self._who, self._where, gap=SPACE.tight), gap=SPACE.medium)
        summary.setStretch(1, 1)
        self.body.addWidget(Card().put(summary))
        practise = button(
            say("Practise first"), "normal", "practice", on_click=lambda: self.ended.emit("practice")
        )
        self.body.addLayout(row(practise, 1))
        self.body.addStretch(1)

    @property
    def next_word(self) -> str:
        return say("Start now") if self._has_token else say("Finish")

    @property
    def may_skip(self) -> bool:
        return False

    def enter(self) -> None:
        self.work(self._look(), say("Looking at what there is"), self._know)

    def go_on(self) -> None:
        self.ended.emit("start" if self._has_token else "later")

    async def _look(self) -> tuple[str, bool]:
        kept = await self.needs.personas.active()
        return kept.persona.name if kept is not None else "", bool(await self.needs.secrets.token())

    def _know(self, found: tuple[str, bool]) -> None:
        name, self._has_token = found
        self._glyph.put("good" if self._has_token else "info", "good" if self._has_token else "info")
        self._who.setText(say("It will be {name}", name=name) if name else say("Nobody is chosen yet"))
        self._where.setText(
            say("Its token is kept.")
            if self._has_token
            else say("Without a token it stays on this computer.")
        )
        if self._has_token:
            told = say("Press Start now and it goes online. Everything here can be changed later.")
        else:
            told = say("There is no bot token yet, so it cannot go online. You can practise meanwhile.")
        self.intro.setText(told)
        self.changed.emit()

"""The first and the last step of the set-up guide."""

from __future__ import annotations

from core.settings import Settings
from core.setup import Step
from core.tongue import LANGUAGE
from core.words import T, say
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, row
from gui.widgets.setting_row import CalmCombo
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
        self.language = self._language()
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

    def enter(self) -> None:
        settings = self.needs.settings
        if settings is not None:
            self.language.setEnabled(settings.fixed_by(LANGUAGE) is None)
            self.needs.tasks.start(self._show_language(settings), "reading the language")

    def _language(self) -> CalmCombo:
        made = CalmCombo()
        made.setAccessibleName(say(LANGUAGE.label))
        for value, words in LANGUAGE.choices:
            made.addItem(say(words), value)
        made.activated.connect(lambda _at: self._choose_language())
        if self.needs.settings is not None:
            self.body.addLayout(row(label(say(LANGUAGE.label), "strong"), made, 1, gap=SPACE.medium))
        return made

    async def _show_language(self, settings: Settings) -> None:
        self.language.setCurrentIndex(self.language.findData(await settings.get(LANGUAGE)))

    def _choose_language(self) -> None:
        """The whole guide is then made anew, in it."""
        settings = self.needs.settings
        if settings is not None:
            self.work(settings.put(LANGUAGE, self.language.currentData()), say("Saving"), lambda _now: None)

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

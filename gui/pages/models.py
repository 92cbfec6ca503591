"""Models: which model does what, what is here, what is worth having, and how to get it."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from core.clock import Clock
from core.errors import Explained
from core.events import Bus, SettingChanged
from core.llm.brain import Brain, Role
from core.llm.machine import Machine, look_round
from core.llm.roles import Roles
from core.llm.shelf import Shelf, look
from core.llm.starter import MODEL as STARTER_MODEL
from core.llm.trial import Trial, try_out
from core.settings import (
    CHAT_MODEL,
    EMBEDDING_MODEL,
    OLLAMA_HOST,
    SCORING_MODEL,
    Settings,
)
from core.words import say
from gui import links
from gui.operation import Operation
from gui.pages.models_acts import ModelActs
from gui.pages.models_downloads import Downloads
from gui.pages.page import Page
from gui.theme import SPACE
from gui.widgets.advice_card import AdviceCard
from gui.widgets.basics import Card, button, column, line
from gui.widgets.role_row import RoleRow
from gui.widgets.shelf_card import ShelfCard
from gui.widgets.trial import TrialCard
from gui.widgets.trouble import TroubleNotice

SETTING_OF = {Role.CHAT: CHAT_MODEL, Role.SCORING: SCORING_MODEL, Role.EMBEDDING: EMBEDDING_MODEL}


class ModelsPage(Page):
    """The models page.

    Args:
        roles: which model does what. clock: times the trial, and the downloads.
    """

    def __init__(self, roles: Roles, settings: Settings, clock: Clock, bus: Bus) -> None:
        super().__init__("models", say("Models"), bus)
        self._roles = roles
        self._settings = settings
        self._clock = clock
        self._machine: Machine | None = None
        self._trial: Operation[Trial] | None = None
        self.trouble = TroubleNotice()
        self.rows = {role: RoleRow(role, settings.fixed_by(wanted)) for role, wanted in SETTING_OF.items()}
        self.shelf = ShelfCard()
        self.trial = TrialCard()
        self.advice = AdviceCard()
        self.downloads = Downloads(self, self.advice, roles, clock, lambda _model: self._look_quietly())
        self.acts = ModelActs(self, self.trouble, roles, clock, self._look_quietly, self.downloads.begin)
        self.refresh = button(say("Look again"), "normal", "refresh", self.reload)
        self.tools.addWidget(self.refresh)
        self._build()
        self._connect()

    @property
    def starter(self) -> Brain:
        """The brain that ships, which answers where no other does."""
        return self._roles.starter

    def unfinished(self) -> list[str] | None:
        """The downloads that are under way."""
        return self.downloads.running or None

    def take_over(self, unfinished: list[str]) -> None:
        for model in unfinished:
            self.downloads.begin(model)

    async def load(self) -> None:
        self.states.show_loading()
        self.show_shelf(await self.looked())
        self.states.show_full()

    def show_shelf(self, shelf: Shelf) -> None:
        """Show what is there."""
        for shown in self.rows.values():
            shown.show_shelf(shelf)
        self.shelf.show_shelf(shelf)
        self.trial.show_shelf(shelf)
        self.advice.show_shelf(shelf, self.downloads.running)
        self.acts.show_shelf(shelf)

    async def looked(self) -> Shelf:
        """What is there now."""
        if self._machine is None:
            self._machine = await look_round()
        return await look(self._roles, machine=self._machine)

    # how it is built

    def _build(self) -> None:
        duties = Card(say("Who does what"))
        for position, shown in enumerate(self.rows.values()):
            if position:
                duties.put(line())
            duties.put(shown)
        inside = QWidget()
        cards = column(self.trouble, duties, self.shelf, self.trial, self.advice, 1, gap=SPACE.medium)
        inside.setLayout(cards)
        self.area = self.fill_scrolled(inside)
        self.keep_narrow(SPACE.column)

    def _connect(self) -> None:
        for role, shown in self.rows.items():
            shown.chosen.connect(partial(self._choose, role))
        self.shelf.used.connect(self._choose)
        self.shelf.tried.connect(self._try)
        self.shelf.unloaded.connect(self.acts.unload)
        self.shelf.deleted.connect(self.acts.ask_to_delete)
        self.advice.wanted.connect(self.downloads.begin)
        self.advice.library.connect(partial(links.open_link, links.OLLAMA_LIBRARY))
        self.trial.asked.connect(self._ask)
        self.trial.stopped.connect(self._stop)
        self.listen(SettingChanged, self._setting_changed)

    def showEvent(self, event: QShowEvent) -> None:
        """Ollama lives a life of its own: what is here is asked again whenever the page is opened."""
        known = self._loaded
        super().showEvent(event)
        if known:
            self._look_quietly()

    # what the host does

    def _look_quietly(self) -> None:
        self.run(self.looked(), say("Looking at the models"), self.show_shelf)

    def _choose(self, role: Role, setting: str) -> None:
        wanted = SETTING_OF[role]

        async def put() -> str:
            before: str = await self._settings.get(wanted)
            await self._settings.put(wanted, setting)
            return before

        def undo(before: str) -> None:
            self.run(self._settings.put(wanted, before), say("Saving"))

        def kept(before: str) -> None:
            if before != setting:
                self.toast(
                    say("{label} changed", label=wanted.label), "good", say("Undo"), lambda: undo(before)
                )

        self.run(put(), say("Saving"), kept)

    def _setting_changed(self, changed: SettingChanged) -> None:
        if changed.key in {OLLAMA_HOST.key, *(wanted.key for wanted in SETTING_OF.values())} and self._loaded:
            self._look_quietly()

    def _try(self, setting: str) -> None:
        self.trial.choose(setting)
        self.area.ensureWidgetVisible(self.trial)
        self.trial.question.setFocus()
        self.trial.question.selectAll()

    def _ask(self, question: str) -> None:
        self.trial.set_asking(True)
        asked: list[str] = []

        async def ask() -> Trial:
            brain, model = await self._writer()
            asked.append(model)
            return await try_out(brain, model, question, self._clock, self.trial.answer.grow)

        def failed(trouble: Explained) -> None:
            self.trial.answer.wait(f"{trouble.what} {trouble.step}")

        def tried(trial: Trial) -> None:
            self.trial.show_trial(trial, asked[0])
            self._look_quietly()  # it is in memory now

        self._trial = self.run(ask(), say("Trying the model"), tried)
        self._trial.failure(failed).finished(partial(self.trial.set_asking, False))

    async def _writer(self) -> tuple[Brain, str]:
        setting = self.trial.setting
        if setting == "starter":
            return self._roles.starter, STARTER_MODEL
        if setting:
            return await self._roles.ollama(), setting.removeprefix("ollama:")
        choice = await self._roles.choose(Role.CHAT)
        return choice.brain, choice.model

    def _stop(self) -> None:
        if self._trial is not None:
            self._trial.cancel()

"""Models: what can write here, what fits this computer, and which model does what."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QScrollArea, QTableView, QWidget

from core.clock import Clock
from core.errors import Explained
from core.events import Bus, SettingChanged
from core.llm.brain import Role
from core.llm.roles import GIB, Recommended, Roles
from core.llm.shelf import Shelf, look
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
from gui.models.brains import BrainsModel
from gui.operation import Operation
from gui.pages.page import Page
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, icon_button, label, line, row
from gui.widgets.role_row import RoleRow
from gui.widgets.trial import TrialCard
from gui.widgets.trouble import TroubleNotice

SETTING_OF = {Role.CHAT: CHAT_MODEL, Role.SCORING: SCORING_MODEL, Role.EMBEDDING: EMBEDDING_MODEL}
ROWS_SHOWN = 6
# The columns that a narrow window does without: the model's name tells the family, its size the rest.
SPARED, NEEDS = (2, 3), 900


class ModelsPage(Page):
    """The models page.

    Args:
        roles: which model does what. clock: times the trial.
    """

    def __init__(self, roles: Roles, settings: Settings, clock: Clock, bus: Bus) -> None:
        super().__init__("models", say("Models"), bus)
        self._roles = roles
        self._settings = settings
        self._clock = clock
        self._trial: Operation[Trial] | None = None
        self.trouble = TroubleNotice()
        self.trouble.acted.connect(partial(links.open_link, links.OLLAMA))
        self.rows = {role: RoleRow(role, settings.fixed_by(wanted)) for role, wanted in SETTING_OF.items()}
        self.model = BrainsModel(self)
        self.table = self._make_table()
        self.server = label("", "muted")
        self.trial = TrialCard()
        self.advice = column(gap=SPACE.small)
        self.refresh = button(say("Look again"), "normal", "refresh", self.reload)
        self.tools.addWidget(self.refresh)
        self._build()
        self._connect()

    async def load(self) -> None:
        self.states.show_loading()
        self.show_shelf(await look(self._roles))
        self.states.show_full()

    def show_shelf(self, shelf: Shelf) -> None:
        """Show what is there."""
        self.model.show(shelf)
        self._fit_table()
        for shown in self.rows.values():
            shown.show_shelf(shelf)
        self.server.setText(self._server_words(shelf))
        self._show_trouble(shelf.trouble)
        self._show_advice(shelf)

    # how it is built

    def _build(self) -> None:
        duties = Card(say("Who does what"))
        for position, shown in enumerate(self.rows.values()):
            if position:
                duties.put(line())
            duties.put(shown)
        installed = Card(say("What is here"), self.server).put(self.table)
        self._worth = Card(say("Worth having on this computer"))
        self._worth.put(
            label(
                say("Paste a line into a terminal, then look again. Sizes are approximate."),
                "muted",
                wrap=True,
            )
        )
        self._worth.put(self.advice, 1)
        lower = row(self.trial, self._worth, gap=SPACE.medium)
        lower.setStretch(0, 1)
        lower.setStretch(1, 1)
        inside = QWidget()
        cards = column(self.trouble, duties, installed, lower, 1, gap=SPACE.medium)
        cards.setContentsMargins(0, 0, SPACE.small, 0)
        inside.setLayout(cards)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(say("Models"))
        scroll.setWidget(inside)
        self.content.setLayout(column(scroll))

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(say("Models that are here"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(SPACE.control_height)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(5, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        return table

    def _fit_table(self) -> None:
        """As high as its rows; more than a few scroll."""
        shown = min(max(1, self.model.rowCount()), ROWS_SHOWN)
        self.table.setFixedHeight(
            self.table.horizontalHeader().sizeHint().height() + shown * SPACE.control_height + SPACE.tight
        )

    def _connect(self) -> None:
        for role, shown in self.rows.items():
            shown.chosen.connect(partial(self._choose, role))
        self.trial.asked.connect(self._ask)
        self.trial.stopped.connect(self._stop)
        self.listen(SettingChanged, self._setting_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for spared in SPARED:
            self.table.setColumnHidden(spared, self.width() < NEEDS)

    # what it shows

    def _server_words(self, shelf: Shelf) -> str:
        if shelf.trouble is not None:
            return say("no Ollama at {host}", host=shelf.ollama_host)
        return say("Ollama {version} at {host}", version=shelf.ollama_version, host=shelf.ollama_host)

    def _show_trouble(self, trouble: Explained | None) -> None:
        if trouble is None:
            self.trouble.hide()
        else:
            self.trouble.say(str(trouble.what), str(trouble.step), "warn", say("Get Ollama"))

    def _show_advice(self, shelf: Shelf) -> None:
        while self.advice.count():
            item = self.advice.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        here = {model.info.name.removesuffix(":latest") for model in shelf.models}
        duties: dict[str, list[Recommended]] = {}
        for advised in shelf.advice:
            duties.setdefault(advised.model, []).append(advised)
        for model, wanted in duties.items():
            self.advice.addWidget(_advice_row(wanted, model in here))
        memory = say("{size} GB of memory", size=round(shelf.memory_bytes / GIB))
        self._worth.setAccessibleDescription(memory)

    # what the host does

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
            self.run(look(self._roles), say("Looking at the models"), self.show_shelf)

    def _ask(self, question: str) -> None:
        self.trial.set_asking(True)
        asked: list[str] = []

        async def ask() -> Trial:
            choice = await self._roles.choose(Role.CHAT)
            asked.append(choice.model)
            return await try_out(choice.brain, choice.model, question, self._clock, self.trial.answer.grow)

        def failed(trouble: Explained) -> None:
            self.trial.answer.wait(f"{trouble.what} {trouble.step}")

        self._trial = self.run(ask(), say("Trying the model"), lambda it: self.trial.show_trial(it, asked[0]))
        self._trial.failure(failed).finished(partial(self.trial.set_asking, False))

    def _stop(self) -> None:
        if self._trial is not None:
            self._trial.cancel()


def _advice_row(wanted: list[Recommended], here: bool) -> QWidget:
    """A model worth having, for one duty or several, with the line that fetches it."""
    advised = wanted[0]
    duty = {Role.CHAT: say("chat"), Role.SCORING: say("scoring"), Role.EMBEDDING: say("embedding")}
    fetch = f"ollama pull {advised.model}"
    roles = ", ".join(duty[it.role] for it in wanted)
    about = say("for {duty} · about {size} GB", duty=roles, size=f"{advised.size_gib:.1f}")
    words = column(label(fetch, "mono", selectable=True), label(about, "caption"), gap=0)
    act = (
        label(say("is here"), "caption", "good")
        if here
        else icon_button("copy", say("Copy: {line}", line=fetch), partial(links.copy, fetch))
    )
    made = QWidget()
    layout = row(words, act, gap=SPACE.small)
    layout.setStretch(0, 1)
    made.setLayout(layout)
    return made

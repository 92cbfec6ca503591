"""Privacy: what is stored about whom and how long, what people are told of it, and who tried what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.errors import Explained
from core.events import Bus, MemoryChanged, MessageRecorded, PersonaChanged, SettingChanged
from core.holdings import Holdings
from core.persona.identity import Personas
from core.privacy import Privacy
from core.settings import Settings
from core.words import T, say
from gui.pages.page import Page
from gui.pages.privacy_keeping import PrivacyKeeping
from gui.pages.privacy_listening import PrivacyListening
from gui.pages.privacy_people import PrivacyPeople
from gui.pages.privacy_policy import PrivacyPolicy
from gui.pages.privacy_watch import PrivacyWatch
from gui.refresh import Refresh
from gui.widgets.basics import Segments, column

VIEWS = {
    "people": T("People"),
    "keeping": T("What is kept"),
    "policy": T("Policy"),
    "listening": T("Listening"),
    "watch": T("Watch"),
}


class PrivacyPage(Page):
    """The page, in five views.

    Args:
        now: tells the time.
    """

    def __init__(
        self,
        privacy: Privacy,
        holdings: Holdings,
        settings: Settings,
        personas: Personas,
        bus: Bus,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__("privacy", say("Privacy"), bus)
        self._holdings, self._settings, self._personas = holdings, settings, personas
        self._now, self._privacy = now, privacy
        self.view = Segments([(key, say(words)) for key, words in VIEWS.items()], say("What to look at"))
        self.people = PrivacyPeople(self, privacy, holdings, now)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.people)
        self.tools.addWidget(self.view)
        self.content.setLayout(column(self._stack))
        self.to_the_edge()
        self._refresh = Refresh(self, self._read, say("Reading what is stored"))
        self.states.show_loading()
        self.view.chosen.connect(self.look_at)
        self.listen(SettingChanged, lambda _changed: self._refresh.ask())
        self.listen(PersonaChanged, lambda _changed: self._refresh.ask())
        self.listen(MessageRecorded, lambda _recorded: self._refresh.ask())
        self.listen(MemoryChanged, lambda _changed: self._refresh.ask())

    # the further views, each made when it is first wanted: together they take as long as the first one

    @cached_property
    def keeping(self) -> PrivacyKeeping:
        made = PrivacyKeeping(self, self._settings)
        made.end.ended.connect(self._end_everything)
        return made

    @cached_property
    def policy(self) -> PrivacyPolicy:
        return PrivacyPolicy(self)

    @cached_property
    def listening(self) -> PrivacyListening:
        return PrivacyListening(self, self._holdings.listening)

    @cached_property
    def watch(self) -> PrivacyWatch:
        made = PrivacyWatch()
        made.decide.clicked.connect(lambda: self.look_at("listening"))
        return made

    def _shown(self, view: str) -> QWidget:
        made: QWidget = getattr(self, view)
        if self._stack.indexOf(made) < 0:
            self._stack.addWidget(made)
        return made

    async def load(self) -> None:
        self.people.began = self.states.show_full
        await self._read()
        self.states.show_full()

    def look_at(self, view: str) -> None:
        """Show one of VIEWS."""
        self.view.choose(view)
        self._stack.setCurrentWidget(self._shown(view))
        self.run(self._read(), say("Reading what is stored")).failure(self.show_trouble)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh.catch_up()

    async def _read(self) -> None:
        """Read what the view that is looked at shows."""
        match self.view.key:
            case "people":
                await self.people.read()
            case "keeping":
                self.keeping.show_values(await self._settings.every())
                everything, stances = await self._holdings.everything(), await self._holdings.stances()
                self.keeping.stored.show_all(everything, stances)
            case "policy":
                kept = await self._personas.active()
                self.policy.show_values(await self._settings.every(), kept.persona.name if kept else "")
            case "listening":
                await self.listening.read()
            case _:
                self.watch.show_watch(await self._holdings.watch(), self._now())

    def _end_everything(self) -> None:
        """The word was typed: note it down, and close; everything goes when the store is shut."""
        ending = self.run(
            self._privacy.start_over(), say("Erasing everything"), lambda _done: self.window().close()
        )
        ending.failure(self._not_ended)

    def _not_ended(self, trouble: Explained) -> None:
        self.toast_trouble(trouble)

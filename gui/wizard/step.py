"""What a step of the set-up guide is, and what the steps share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.errors import Explained
from core.llm.shelf import Shelf
from core.persona.identity import Personas
from core.secrets import Secrets
from core.session import Session, TokenReport
from core.settings import Settings
from core.setup import Step
from core.words import Text, say
from gui import links
from gui.operation import Operation, Tasks
from gui.theme import SPACE
from gui.widgets.basics import column, label
from gui.widgets.trouble import TroubleNotice

Result = TypeVar("Result")


@dataclass
class Needs:
    """What the guide is handed, and what its steps find out.

    Attributes:
        look: looks at the models there are. start_ollama: starts Ollama, when it is installed here.
        open_link: opens a web page. copy: to the clipboard.
        settings: where the language is chosen; None: nowhere.
        report: what Discord said about the kept token; None before it was asked in this run.
    """

    session: Session
    secrets: Secrets
    personas: Personas
    look: Callable[[], Awaitable[Shelf]]
    start_ollama: Callable[[Path], Coroutine[Any, Any, None]]
    open_link: Callable[[str], None] = links.open_link
    copy: Callable[[str], None] = links.copy
    tasks: Tasks = field(default_factory=Tasks)
    settings: Settings | None = None
    report: TokenReport | None = None


class GuideStep(QWidget):
    """One step. Fill `body`; say when the host may go on.

    Attributes:
        moved: the step is done by itself, go on. ended: the guide shall end, with what comes then.
        changed: the buttons' words or states may have changed.
    """

    step: ClassVar[Step]
    title: ClassVar[Text]

    moved = Signal()
    ended = Signal(str)
    changed = Signal()

    def __init__(self, needs: Needs, intro: str) -> None:
        super().__init__()
        self.needs = needs
        self.busy = False
        self.trouble = TroubleNotice()
        self.heading = label(say(self.title), "title", wrap=True)
        self.intro = label(intro, "muted", wrap=True)
        self.body = column(gap=SPACE.medium)
        layout = column(self.heading, self.intro, self.trouble, self.body, gap=SPACE.medium)
        layout.setStretch(3, 1)
        self.setLayout(layout)

    @property
    def next_word(self) -> str:
        """What stands on the button that goes on."""
        return say("Continue")

    @property
    def may_skip(self) -> bool:
        """Is there something here to be skipped?"""
        return True

    def enter(self) -> None:
        """The step is shown."""

    def go_on(self) -> None:
        """The host pressed the button that goes on."""
        self.moved.emit()

    def work(
        self, doing: Coroutine[Any, Any, Result], title: str, then: Callable[[Result], object]
    ) -> Operation[Result]:
        """Do something that takes time; the buttons rest meanwhile, a failure is shown here."""
        self.trouble.hide()
        self._rest(True)
        operation = Operation(self.needs.tasks, title, doing, self.show_trouble)
        return operation.success(then).finished(lambda: self._rest(False)).start()

    def show_trouble(self, trouble: Explained) -> None:
        """Say what went wrong and what to do."""
        self.trouble.say(str(trouble.what), str(trouble.step), "bad", "", trouble.topic)

    def _rest(self, busy: bool) -> None:
        self.busy = busy
        self.changed.emit()

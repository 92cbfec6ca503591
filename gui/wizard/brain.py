"""The brain check: is Ollama here, which models fit this computer, and what answers until then."""

from __future__ import annotations

from pathlib import Path

from core.figures import number, short
from core.llm.brain import Role
from core.llm.shelf import Shelf
from core.setup import Step
from core.words import T, say
from gui.links import OLLAMA
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, row
from gui.widgets.states import Glyph
from gui.wizard.step import GuideStep, Needs

GIB = 1024**3


class BrainStep(GuideStep):
    """Looks for models."""

    step = Step.BRAIN
    title = T("What it thinks with")

    def __init__(self, needs: Needs) -> None:
        super().__init__(
            needs, say("The persona thinks with a language model that runs on this computer, through Ollama.")
        )
        self._program: Path | None = None
        self._glyph = Glyph("waiting", "muted", SPACE.large)
        self.said = label(say("Looking for Ollama…"), "strong", wrap=True)
        self.more = label("", wrap=True)
        words = column(self.said, self.more, gap=SPACE.tight)
        line = row(self._glyph, words, gap=SPACE.medium)
        line.setStretch(1, 1)
        self.get = button(say("Get Ollama"), "normal", "open", lambda: needs.open_link(OLLAMA))
        self.start = button(say("Start Ollama"), "normal", "play", self._start)
        self.again = button(say("Look again"), "quiet", "refresh", self._look)
        self.body.addWidget(Card().put(line, row(self.start, self.get, self.again, 1)))
        self.advice = Card(say("Good models for this computer"), kind="well")
        self._advice = label("", wrap=True)
        self.advice.put(self._advice)
        self.body.addWidget(self.advice)
        self.body.addStretch(1)
        self.start.hide()
        self.get.hide()
        self.advice.hide()

    def enter(self) -> None:
        self._look()

    def _look(self) -> None:
        self.work(self._asked(), say("Looking for models"), self._show)

    def _start(self) -> None:
        if self._program is not None:
            work = self.needs.start_ollama(self._program)
            self.work(work, say("Starting Ollama"), lambda _none: self._look())

    async def _asked(self) -> Shelf:
        return await self.needs.look()

    def _show(self, shelf: Shelf) -> None:
        able = [model for model in shelf.models if model.can(Role.CHAT) and model.setting != "starter"]
        fitting = [model.info.name for model in able if model.fits]
        self._program = shelf.program
        self.start.setVisible(shelf.program is not None)
        self.get.setVisible(not shelf.ollama_version and shelf.program is None)
        if fitting:
            self._say("good", say("Ollama is here, with a model that fits."), ", ".join(fitting))
        elif able:
            told = say(
                "They are large for {gib} GB of memory, so answers may be slow.", gib=_gib(shelf.memory_bytes)
            )
            self._say("warn", say("Ollama is here, with models."), told)
        elif shelf.ollama_version:
            told = say(
                "Download one on the Models page. Until then the starter brain answers: it talks nonsense."
            )
            self._say("warn", say("Ollama is here, but has no model yet."), told)
        elif shelf.program is not None:
            self._say(
                "warn", say("Ollama is installed, but not running."), say("One click, and it is there.")
            )
        elif shelf.starter:
            told = say("Until then the starter brain answers. It talks nonsense; Ollama is the real thing.")
            self._say("warn", say("Ollama was not found on this computer."), told)
        else:
            told = say("Install Ollama, start it, and look again.")
            self._say("bad", say("There is nothing here that could think."), told)
        self._advise(shelf)

    def _say(self, tone: str, what: str, more: str) -> None:
        self._glyph.put(tone, tone)
        self.said.setText(what)
        self.more.setText(more)

    def _advise(self, shelf: Shelf) -> None:
        chat = [model for model in shelf.advice if model.role is Role.CHAT]
        rows = [say("• {model}, {gib} GB", model=model.model, gib=short(model.size_gib)) for model in chat]
        told = say("This computer has {gib} GB of memory.", gib=_gib(shelf.memory_bytes))
        self._advice.setText("\n".join([told, *rows]))
        self.advice.setVisible(bool(rows))


def _gib(size: int) -> str:
    return number(size / GIB)

"""Replaying a reply on the Conversations page: choosing model and persona, writing, stopping."""

from __future__ import annotations

from core.conversation.replay import Replay, Replayed
from core.errors import Explained
from core.feed import FeedTurn
from core.persona.identity import Personas
from core.words import say
from gui.operation import Operation
from gui.pages.page import Page
from gui.widgets.replay_panel import ReplayPanel


class Replaying:
    """Runs what the panel asks for, as work of the page."""

    def __init__(self, page: Page, panel: ReplayPanel, replay: Replay, personas: Personas) -> None:
        self._page, self._panel = page, panel
        self._replay, self._personas = replay, personas
        self._running: Operation[Replayed] | None = None
        panel.wanted.connect(self.start)
        panel.stopped.connect(self.stop)

    async def begin(self, turn: FeedTurn) -> None:
        """Show a reply and what it can be replayed with."""
        self._panel.show_turn(turn)
        self._panel.start.setFocus()
        personas = await self._personas.every()
        then = str(turn.trace.get("persona") or "")
        self._panel.show_choices((), personas, then)
        self._panel.show_choices(await self._replay.models(), personas, then)

    def start(self) -> None:
        """Let it be written once more."""
        self.stop()
        panel = self._panel
        panel.now.wait(say("It is writing…"))
        panel.set_running(True)
        work = self._replay.replay(
            panel.turn_id, panel.now.grow, model=panel.model, persona_id=panel.persona_id
        )
        self._running = self._page.run(work, say("Replaying"), panel.show_replayed)
        self._running.failure(self._not_replayed).finished(lambda: panel.set_running(False))

    def stop(self) -> None:
        """Enough."""
        if self._running is not None and self._running.running:
            self._running.cancel()
            self._panel.now.wait(say("Stopped."))

    def _not_replayed(self, trouble: Explained) -> None:
        self._panel.now.wait(f"{trouble.what} {trouble.step}")

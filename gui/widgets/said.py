"""A message that a memory came from: who, when, where, the words; and what stood around it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.memory.notebook import SaidLine
from core.words import say
from gui.icons import icon
from gui.links import open_link
from gui.models.moments import whole
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label
from gui.widgets.flow import Flow


class SaidCard(Card):
    """One message. `around_wanted`: the host wants to see what stood around it; answer with `show_around`."""

    around_wanted = Signal()

    def __init__(self, said: SaidLine) -> None:
        super().__init__(kind="well")
        self.said = said
        self.body.setContentsMargins(SPACE.small, SPACE.small, SPACE.small, SPACE.small)
        self.body.setSpacing(SPACE.tight)
        self.head = label(" · ".join((said.author or say("somebody"), *_where(said))), "caption", wrap=True)
        self.put(self.head)
        if said.text is None:
            self.put(label(said.wording, wrap=True, selectable=True))
            self.put(label(say("The message itself was deleted."), "caption", "warn", wrap=True))
        else:
            self.put(label(said.text, wrap=True, selectable=True))
        self.jump = button(say("In its place"), "link", "right", self._turn)
        self.jump.setAccessibleName(f"{self.jump.text()}: {self.head.text()}")
        if said.message_id is None:
            self.jump.hide()
        self.around: QWidget | None = None
        self.on_discord = button(say("Open in Discord"), "link", "open", lambda: open_link(said.link))
        if not said.link:
            self.on_discord.hide()
        self.put(Flow(self.jump, self.on_discord))

    def show_around(self, lines: Sequence[SaidLine]) -> None:
        """Show the message among its neighbours."""
        layout = column(gap=SPACE.small)
        layout.setContentsMargins(SPACE.small, 0, 0, 0)
        for line in lines:
            here = line.platform_id == self.said.platform_id
            who = label(f"{line.author} · {whole(line.at)}", "caption", "accent" if here else "", wrap=True)
            words = label(line.text or "", "strong" if here else "muted", wrap=True, selectable=True)
            layout.addLayout(column(who, words, gap=0))
        if not lines:
            layout.addWidget(label(say("The message was deleted meanwhile."), "caption", "warn", wrap=True))
        made = QWidget()
        made.setAccessibleName(say("The messages around it"))
        made.setLayout(layout)
        self._close()
        self.around = made
        self.put(made)
        self._show_turned()

    def _turn(self) -> None:
        if self.around is None:
            self.around_wanted.emit()
        else:
            self._close()
            self._show_turned()

    def _close(self) -> None:
        if self.around is not None:
            self.body.removeWidget(self.around)
            self.around.hide()
            self.around.deleteLater()
            self.around = None

    def _show_turned(self) -> None:
        shown = self.around is not None
        words = say("Hide the others") if shown else say("In its place")
        self.jump.setText(words)
        self.jump.setAccessibleName(f"{words}: {self.head.text()}")
        self.jump.setIcon(icon("down" if shown else "right", "accent"))


def _where(said: SaidLine) -> list[str]:
    place = f"#{said.place}" if said.place else ""
    return [part for part in (place, said.guild, whole(said.at)) if part]

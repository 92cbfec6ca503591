"""Check-up: is everything there that it needs, and why isn't it replying?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QWidget

from core.doctor.check import Check, CheckState
from core.doctor.surgery import FIXES, Channel, Surgery
from core.events import Bus, HealthChanged, SessionChanged
from core.words import Text, count, say
from gui.pages.page import Page
from gui.refresh import Refresh
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, row
from gui.widgets.check_rows import CheckRows
from gui.widgets.flow import Flow
from gui.widgets.scrolled import Scrolled
from gui.widgets.setting_row import CalmCombo


class CheckupPage(Page):
    """The page."""

    def __init__(self, surgery: Surgery, bus: Bus) -> None:
        super().__init__("checkup", say("Check-up"), bus)
        self._surgery = surgery
        self._channels: list[Channel] = []
        self.again = button(say("Check again"), "normal", "refresh", self.reload)
        self.summary = label("", "muted", wrap=True)
        self.all = CheckRows()
        self.all.fixed.connect(self._fix)
        self.channel = CalmCombo()
        self.channel.setAccessibleName(say("Channel"))
        self.channel.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.ask = button(say("Find out"), "primary", "question", self._ask)
        self.why = CheckRows(sort=False)
        self.why.fixed.connect(self._fix)
        self.note = label("", "muted", wrap=True)
        self.tools.addWidget(self.again)
        self._build()
        self._refresh = Refresh(self, self.load, say("Checking everything"))
        self.states.show_loading()
        self.listen(HealthChanged, lambda _changed: self._refresh.ask())
        self.listen(SessionChanged, lambda _changed: self._refresh.ask())

    async def load(self) -> None:
        self._show_channels(await self._surgery.channels())
        self._show_all(await self._surgery.every())
        self.states.show_full()

    def _build(self) -> None:
        everything = Card(say("Everything it needs")).put(
            self.summary, self._scrolled(self.all, say("What was found"))
        )
        everything.body.setStretch(2, 1)
        choice = Flow(self.channel, self.ask)  # the channel's name stands behind its server's: it needs room
        told = label(
            say("Choose a channel; it looks along the way that a message takes."), "muted", wrap=True
        )
        found = self._scrolled(self.why, say("Why isn't it replying?"))
        silence = Card(say("Why isn't it replying?")).put(told, choice, self.note, found)
        silence.body.setStretch(4, 1)
        both = row(everything, silence, gap=SPACE.medium)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        self.content.setLayout(both)

    def _scrolled(self, inside: QWidget, name: str) -> Scrolled:
        holder = QWidget()
        holder.setLayout(column(inside, 1))
        return Scrolled(holder, name, gutter=SPACE.medium)

    def _show_all(self, checks: Sequence[Check]) -> None:
        self.all.show_all(checks)
        states = Counter(check.state for check in checks)
        bad = count("{n} thing is broken.", "{n} things are broken.", states[CheckState.FAIL])
        odd = count("{n} thing is worth a look.", "{n} things are worth a look.", states[CheckState.WARN])
        told = [words for words, state in ((bad, CheckState.FAIL), (odd, CheckState.WARN)) if states[state]]
        self.summary.setText(" ".join(told) or say("Everything is fine."))

    def _show_channels(self, channels: list[Channel]) -> None:
        if channels != self._channels:
            self._channels = channels
            self.channel.clear()
            for each in channels:
                self.channel.addItem(
                    f"{each.guild_name}  #{each.name}" if each.guild_name else f"#{each.name}"
                )
        self.ask.setEnabled(bool(channels))
        self.channel.setEnabled(bool(channels))
        if not channels:
            self._note(say("Once it was online, the channels that it has seen can be chosen here."))
        elif not self.why.rows:
            self._note("")

    def _note(self, words: str) -> None:
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def ask_about(self, channel_id: int) -> None:
        """Find out about a channel."""
        at = next((at for at, each in enumerate(self._channels) if each.channel_id == channel_id), None)
        if at is not None:
            self.channel.setCurrentIndex(at)
            self._ask()

    def _ask(self) -> None:
        at = self.channel.currentIndex()
        if 0 <= at < len(self._channels):
            self.why.show_all(())
            self._note(say("Looking along the way…"))
            asking = self.run(self._surgery.why(self._channels[at]), say("Looking along the way"))
            asking.success(self._show_why).failure(
                lambda trouble: self._note(f"{trouble.what} {trouble.step}")
            )

    def _show_why(self, checks: Sequence[Check]) -> None:
        self.why.show_all(checks)
        self._note("")

    def _fix(self, act: str) -> None:
        if act not in FIXES:
            self.wanted.emit(act)
            return
        self.run(self._surgery.fix(act), say("Putting it right"), self._fixed)

    def _fixed(self, told: Text) -> None:
        self.toast(say(told), "good")
        self.reload()

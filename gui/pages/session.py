"""Session: is it alive, who is it, what did it just do, is anything wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtGui import QResizeEvent, QShowEvent

from core import figures
from core.errors import IntentsMissing
from core.events import Bus, HealthChanged, MessageRecorded, SessionChanged, SettingChanged, TurnEnded
from core.feed import Feed, FeedTurn, Today, TurnsSought
from core.session import Session, SessionState, SessionStatus
from core.words import count, say
from gui.health import discord_light
from gui.models.feed import FeedModel
from gui.models.reading import Reading
from gui.pages.page import Page
from gui.refresh import Refresh
from gui.theme import SPACE
from gui.widgets.basics import Card, ElidedLabel, Segments, button, column, label, row
from gui.widgets.feed_list import FeedList
from gui.widgets.lights import Light, LightRow, StatePill
from gui.widgets.states import States
from gui.widgets.trace import TracePanel
from gui.widgets.trouble import TroubleNotice

REALM = "discord"
MOST_NEWS = 200  # turns that are put on top one by one; after more, the list is read anew

# The troubles whose button opens the set-up guide, by the error's name: at which of its steps.
_GUIDE = {
    "TokenMissing": "guide:token",
    "TokenRefused": "guide:token",
    "UserTokenRefused": "guide:token",
    "IntentsMissing": "guide:intents",
}


class SessionPage(Page):
    """The bot's life on Discord.

    Args:
        ask_brain: answers how the model is that would write the next reply.
        storage: how the store is.
    """

    def __init__(
        self,
        session: Session,
        feed: Feed,
        bus: Bus,
        ask_brain: Callable[[], Awaitable[Light]],
        storage: Light,
    ) -> None:
        super().__init__("session", say("Session"), bus)
        self._session = session
        self._feed = feed
        self._ask_brain = ask_brain
        self._ended: list[str] = []
        self.model = FeedModel(self)
        self.list = FeedList(self.model)
        self.trace = self.beside = TracePanel()
        self.switch = button(say("Start"), "primary", "play", self._switch)
        self.pill = StatePill()
        self.trouble = TroubleNotice()
        self.filter = Segments(
            [("all", say("All")), ("replied", say("Replied")), ("silent", say("Silent"))], say("Show")
        )
        self.discord, self.brain, self.storage = (
            LightRow(say("Discord")),
            LightRow(say("Model")),
            LightRow(say("Storage")),
        )
        self._storage = storage
        self.storage.show_light(storage)
        self._reading: Reading[TurnsSought, FeedTurn] = Reading(
            self.model, self.tasks, feed.find, feed.order, feed.lines, self.list.keeping
        )
        self._refresh = Refresh(self, self._read_news, say("Counting"))
        self._build()
        self._connect()
        self.show_status(session.status)

    async def load(self) -> None:
        self._ended.clear()
        await self._reading.show(self._sought, self._show_feed_state)
        self._show_today(await self._feed.today(REALM))
        self.brain.show_light(await self._ask_brain())

    @property
    def status(self) -> SessionStatus:
        """Where the bot's life stands now, whatever is shown."""
        return self._session.status

    def show_status(self, status: SessionStatus) -> None:
        """Say where the bot's life stands."""
        self.pill.show_state(status.state, status.name)
        self.discord.show_light(discord_light(status))
        self._show_servers(status)
        self._show_switch(status.state)
        self._show_trouble(status)
        self._show_feed_state()

    # how it is built

    def _build(self) -> None:
        self.tools.addWidget(self.pill)
        self.tools.addWidget(self.switch)
        self._numbers = {key: label("–", "display") for key in ("replies", "silences", "kept")}
        self._number_words = {key: label("", "caption", wrap=True) for key in self._numbers}
        self._servers = column(gap=SPACE.tight)
        cards = row(self._today_card(), self._health_card(), self._servers_card(), gap=SPACE.medium)
        for position in range(3):
            cards.setStretch(position, 1)
        self.silent = button(
            say("Why isn't it replying?"), "link", on_click=lambda: self.wanted.emit("checkup")
        )
        self._feed_states = States(self.list)
        self.feed_card = Card(say("What it is doing"), self.silent, self.filter).put(self._feed_states)
        self.feed_card.body.setStretch(1, 1)
        self.trace.hide()
        lower = row(self.feed_card, self.trace, gap=SPACE.medium)
        lower.setStretch(0, 3)
        lower.setStretch(1, 2)
        layout = column(self.trouble, cards, lower, gap=SPACE.medium)
        layout.setStretch(2, 1)
        self.content.setLayout(layout)

    def _today_card(self) -> Card:
        tiles = [column(self._numbers[key], self._number_words[key], gap=0) for key in self._numbers]
        self._answered = label("", "muted", wrap=True)
        return Card(say("Last 24 hours")).put(row(*tiles, gap=SPACE.medium), 1, self._answered)

    def _health_card(self) -> Card:
        everything = button(say("Check everything"), "link", on_click=lambda: self.wanted.emit("checkup"))
        return Card(say("Health"), everything).put(self.discord, self.brain, self.storage, 1)

    def _servers_card(self) -> Card:
        return Card(say("Servers")).put(self._servers, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Where there is no room for both, what it is doing goes while one thing of it is explained."""
        trace = max(self.trace.minimumWidth(), self.trace.minimumSizeHint().width())
        in_a_row = self.filter.sizeHint().width() - self.filter.minimumSizeHint().width()
        needed = self.feed_card.minimumSizeHint().width() + in_a_row + trace
        narrow = needed + SPACE.medium > self.content.width()
        self.feed_card.setVisible(self.trace.isHidden() or not narrow)

    def _connect(self) -> None:
        self.list.why.connect(self._explain)
        self.trace.closed.connect(self._close_trace)
        self.filter.chosen.connect(self._filtered)
        self.trouble.acted.connect(self._fix)
        self.listen(SessionChanged, lambda event: self.show_status(event.status))
        self.listen(TurnEnded, self._turn_ended)
        self.listen(MessageRecorded, self._message_recorded)
        self.listen(SettingChanged, self._setting_changed)
        self.listen(HealthChanged, self._health_changed)

    # what it shows

    def _show_switch(self, state: SessionState) -> None:
        stopped = state in (SessionState.STOPPED, SessionState.FAILED)
        self._set_switch(say("Start") if stopped else say("Stop"), "primary" if stopped else "normal")
        self.switch.setEnabled(state is not SessionState.STOPPING)

    def _set_switch(self, word: str, kind: str) -> None:
        if self.switch.text() == word:
            return
        fresh = button(word, kind, "play" if kind == "primary" else "stop", self._switch)
        had_focus = self.switch.hasFocus()
        self.tools.replaceWidget(self.switch, fresh)
        self.switch.deleteLater()
        self.switch = fresh
        if had_focus:
            fresh.setFocus()

    def _show_trouble(self, status: SessionStatus) -> None:
        if status.trouble is not None:
            act = self._word_for(status.trouble.code, status.state)
            level = "bad" if status.state is SessionState.FAILED else "warn"
            trouble = status.trouble
            self.trouble.say(str(trouble.what), str(trouble.step), level, act, trouble.topic)
        elif status.state is SessionState.ONLINE and not status.reads_everything:
            what = say("Discord gives it the text of mentions, replies and direct messages only.")
            step = say("It answers those. The set-up guide can switch on the rest.")
            topic = IntentsMissing.topic
            self.trouble.say(what, step, "info", say("Open the set-up guide"), topic)
        else:
            self.trouble.hide()

    def _word_for(self, code: str, state: SessionState) -> str:
        if code in _GUIDE:
            return say("Open the set-up guide")
        return say("Try again") if state is SessionState.FAILED else ""

    def _show_servers(self, status: SessionStatus) -> None:
        while (item := self._servers.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        online = status.state in (SessionState.ONLINE, SessionState.RECONNECTING)
        if not online:
            self._servers.addWidget(label(say("They appear here once it is online."), "muted", wrap=True))
        elif not status.servers:
            self._servers.addWidget(label(say("It is on no server yet."), "muted", wrap=True))
            invite = button(say("Invite it"), "link", on_click=lambda: self.wanted.emit("guide:invite"))
            self._servers.addWidget(invite)
        for name in status.servers[:3] if online else ():
            self._servers.addWidget(ElidedLabel(name))
        if online and len(status.servers) > 3:
            more = count("and {n} more", "and {n} more", len(status.servers) - 3)
            self._servers.addWidget(label(more, "caption"))

    def _show_today(self, today: Today) -> None:
        shown = {"replies": today.replies, "silences": today.silences, "kept": today.kept}
        words = {
            "replies": count("reply", "replies", today.replies),
            "silences": count("silence", "silences", today.silences),
            "kept": count("message kept", "messages kept", today.kept),
        }
        for key, number in shown.items():
            self._numbers[key].setText(figures.number(number))
            self._number_words[key].setText(words[key])
        heard = today.replies + today.silences
        told = say("It spoke in {replies} of {heard} turns.", replies=today.replies, heard=heard)
        self._answered.setText(told if heard else say("Nobody has written yet."))

    def _show_feed_state(self) -> None:
        if self.model.rowCount():
            self._feed_states.show_full()
            return
        if self._sought.kind != "all":
            self._feed_states.show_empty(
                "filter", say("None of this kind"), say("Choose All to see everything.")
            )
            return
        online = self._session.status.state is SessionState.ONLINE
        if online:
            self._feed_states.show_empty(
                "session", say("Listening"), say("Mention it on your server, and its answer appears here.")
            )
        else:
            self._feed_states.show_empty(
                "session",
                say("Nothing has happened yet"),
                say("Press Start, then mention it on your server. Or practise first, without Discord."),
            )

    # what happens

    def _switch(self) -> None:
        if self._session.status.state in (SessionState.STOPPED, SessionState.FAILED):
            self.run(self._session.start(), say("Starting"))
        else:
            self.run(self._session.stop(), say("Stopping"))

    def _fix(self) -> None:
        trouble = self._session.status.trouble
        if trouble is None or trouble.code in _GUIDE:
            self.wanted.emit(_GUIDE[trouble.code] if trouble is not None else "guide:intents")
        else:
            self.run(self._session.start(), say("Starting"))

    @property
    def _sought(self) -> TurnsSought:
        return TurnsSought(REALM, self.filter.key)

    def _turn_ended(self, ended: TurnEnded) -> None:
        if ended.realm == REALM:
            self._ended.append(ended.turn_id)
            del self._ended[: -MOST_NEWS - 1]
            self._refresh.ask()

    def _message_recorded(self, recorded: MessageRecorded) -> None:
        if recorded.realm == REALM:
            self._refresh.ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh.catch_up()

    async def _read_news(self) -> None:
        """Read the turns that have ended since the last time, and count anew; however much happens."""
        ended, self._ended = self._ended, []
        if len(ended) > MOST_NEWS:
            await self._reading.refresh(self._sought, self._show_feed_state)
        else:
            for turn in await self._feed.ended(ended) if ended else ():
                self._put_turn(turn)
        self._show_today(await self._feed.today(REALM))

    def _put_turn(self, turn: FeedTurn) -> None:
        if self._sought.holds(turn):
            self.model.put(turn)
        else:
            self.model.drop(turn.row_id)
        self._show_feed_state()
        if self.trace.turn_id == turn.id and self.trace.isVisible():
            self.trace.show_turn(turn)

    def _setting_changed(self, changed: SettingChanged) -> None:
        if changed.key.startswith("brain."):
            self.run(self._ask(), say("Looking at the model"))

    def _health_changed(self, changed: HealthChanged) -> None:
        if changed.part == "brain":
            self.run(self._ask(), say("Looking at the model"))
        elif changed.part == "storage" and changed.trouble is not None:
            self.storage.show_light(Light("bad", say(changed.trouble)))
        elif changed.part == "storage":
            self.storage.show_light(self._storage)

    async def _ask(self) -> None:
        self.brain.show_light(await self._ask_brain())

    def _filtered(self, _kind: str) -> None:
        self.run(self._reading.show(self._sought, self._show_feed_state), say("Reading"))

    def _explain(self, turn: FeedTurn) -> None:
        self.trace.show_turn(turn)
        self.trace.show()
        self._make_room()

    def _close_trace(self) -> None:
        self.trace.hide()
        self._make_room()
        self.list.setFocus()

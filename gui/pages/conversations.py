"""Conversations: what was said where, and beside each reply why, what it read, and what else it might say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.conversation.archive import Archive, PlaceLine
from core.conversation.feedback import Feedback, Rated
from core.conversation.replay import Replay
from core.events import Bus, MessageRecorded, TurnEnded, TurnRated
from core.feed import Feed
from core.memory.notebook import Notebook
from core.persona.identity import Personas
from core.words import count, say
from gui.models.transcript import LinesModel, PlacesModel, title
from gui.operation import Operation
from gui.pages.conversation_places import PlaceReading
from gui.pages.conversation_replay import Replaying
from gui.pages.page import Page
from gui.refresh import Refresh
from gui.theme import SPACE
from gui.widgets.basics import Card, ElidedLabel, icon_button, label, row
from gui.widgets.inspector import BAD, GOOD, NEVER, REPLAY, REROLL, Inspector
from gui.widgets.long_transcript import LongTranscript
from gui.widgets.places_panel import PlacesPanel
from gui.widgets.replay_panel import ReplayPanel
from gui.widgets.trace_sections import FactCard


class ConversationsPage(Page):
    """What was said.

    Args:
        feed: what became of messages. notebook: where facts come from. now: the time, aware.
    """

    def __init__(
        self,
        archive: Archive,
        feed: Feed,
        notebook: Notebook,
        replay: Replay,
        feedback: Feedback,
        personas: Personas,
        bus: Bus,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__("conversations", say("Conversations"), bus)
        self._archive, self._feed, self._notebook = archive, feed, notebook
        self._feedback = feedback
        self._place: PlaceLine | None = None
        self._question = 0
        self.places_model, self.lines_model = PlacesModel(now, self), LinesModel(self)
        self.places = PlacesPanel(self.places_model)
        self.view = LongTranscript()
        self.view.show_model(self.lines_model)
        self.inspector, self.replay = Inspector(), ReplayPanel()
        self.replaying = Replaying(self, self.replay, replay, personas)
        self._place_reading = PlaceReading(
            self.tasks, archive, self.places, self.places_model, lambda: self._place, self._open
        )
        self._refresh = Refresh(self, self._read_again, say("Reading the conversation"))
        self._build()
        self._connect()

    async def load(self) -> None:
        self.states.show_loading()
        realms = await self._archive.realms()
        self.places.show_realms(realms)
        if not realms:
            self._show_nothing()
            return
        self.states.show_full()
        await self._place_reading.read(choose=True)

    # how it is built

    def _build(self) -> None:
        self.heading_of = ElidedLabel("", "heading")
        self.counted = label("", "caption")
        self.oldest = icon_button("oldest", say("To the beginning"), self._to_beginning)
        self.newest = icon_button("newest", say("To the newest"), self._to_newest)
        talk = Card()
        talk.body.setContentsMargins(SPACE.small, SPACE.small, SPACE.small, SPACE.small)
        head = row(self.heading_of, self.counted, self.oldest, self.newest)
        head.setStretch(0, 1)
        talk.put(head, self.view)
        talk.body.setStretch(1, 1)
        self.inspector.hide()
        beside = row(self.places, talk, self.inspector, gap=SPACE.small)
        beside.setStretch(1, 1)
        browsing = QWidget()
        browsing.setLayout(beside)
        self.stack = QStackedWidget()
        self.stack.addWidget(browsing)
        self.stack.addWidget(self.replay)
        self.content.setLayout(row(self.stack))

    def _connect(self) -> None:
        self.places.chosen.connect(self._choose)
        self.places.sought.connect(self._seek)
        self.places.realm_chosen.connect(self._realm_chosen)
        self.lines_model.wanted.connect(self._want_lines)
        self.view.why_wanted.connect(self._explain)
        self.view.copied.connect(lambda: self.toast(say("Copied."), "good"))
        self.inspector.closed.connect(self._close_inspector)
        self.inspector.acted.connect(self._act)
        self.inspector.message_wanted.connect(self._show_message)
        self.inspector.sources_wanted.connect(self._show_sources)
        self.replay.closed.connect(self._close_replay)
        self.listen(MessageRecorded, lambda recorded: self._happened(recorded.realm))
        self.listen(TurnEnded, lambda ended: self._happened(ended.realm))
        self.listen(TurnRated, self._rated)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh.catch_up()

    def _make_room(self) -> None:
        """Where there is no room for three, the places go while a reply is explained."""
        narrow = self.width() < SPACE.form + 2 * SPACE.sidebar
        self.places.setVisible(not (narrow and not self.inspector.isHidden()))

    # what it shows

    def _show_nothing(self) -> None:
        self.states.show_empty(
            "conversations",
            say("Nothing was said yet"),
            say(
                "Everything that is said where the bot is can be read here, with why it answered or did not."
            ),
            say("Say something in the practice room"),
            lambda: self.wanted.emit("practice"),
        )

    async def _open(self, place: PlaceLine, message_row_id: int = 0) -> None:
        """Show a place from its end, or from one of its messages."""
        self._question += 1
        question, self._place = self._question, place
        self._show_head(0)
        tail = await self._archive.tail(place)
        if question != self._question:
            return
        self.lines_model.show(len(tail), tail)
        self.view.go_to_end()
        ids = await self._archive.order(place)
        if question != self._question:
            return
        self.view.keeping(lambda: self.lines_model.follow(ids, tail))
        self._show_head(len(ids))
        if message_row_id and not self.view.go_to(message_row_id):
            self.toast(say("This message is not there any more."), "warn")

    def _show_head(self, messages: int) -> None:
        place = self._place
        parts = (title(place), place.guild) if place is not None else ()
        self.heading_of.put(" · ".join(part for part in parts if part))
        self.counted.setText(count("{n} message", "{n} messages", messages) if messages else "")

    async def _read_again(self) -> None:
        """Something happened: the list, the lines in sight and the newest are read anew."""
        if self.states.state != "full":
            await self.load()
            return
        await self._place_reading.read(choose=True)
        place, question = self._place, self._question
        if place is None:
            return
        seen = await self._archive.lines(self.view.in_sight())
        tail = await self._archive.tail(place)
        ids = await self._archive.order(place)
        if question == self._question:
            self.view.keeping(lambda: self.lines_model.follow(ids, [*seen, *tail]))
            self._show_head(len(ids))

    def _want_lines(self, row_ids: list[int]) -> None:
        reading = Operation(self.tasks, say("Reading"), self._read_lines(row_ids))
        reading.failure(lambda _trouble: self.lines_model.missed()).start()

    async def _read_lines(self, row_ids: Sequence[int]) -> None:
        question = self._question
        lines = await self._archive.lines(row_ids)
        if question == self._question:
            self.lines_model.fill(lines)

    # what the host does

    def _choose(self, place: PlaceLine) -> None:
        if self._place is None or (place.realm, place.channel_id) != (
            self._place.realm,
            self._place.channel_id,
        ):
            self._close_inspector()
            self.run(self._open(place), say("Reading the conversation"))

    def _seek(self) -> None:
        self.run(self._place_reading.read(choose=False), say("Looking for places"))

    def _realm_chosen(self) -> None:
        self.places.choose_realm(self.places.realm)
        self._close_inspector()
        self.run(self._place_reading.read(choose=True), say("Reading the places"))

    def _to_beginning(self) -> None:
        self.view.go_to_beginning()
        self.view.setFocus()

    def _to_newest(self) -> None:
        self.view.go_to_end()
        self.view.setFocus()

    def _explain(self, turn_id: str) -> None:
        self.run(self._read_turn(turn_id), say("Reading why"))

    async def _read_turn(self, turn_id: str) -> None:
        turn = await self._feed.turn(turn_id)
        if turn is None:
            self.toast(say("Why it did that was not kept."), "warn")
            return
        verdict = await self._feedback.verdict(turn_id)
        can_reroll = await self._feedback.can_reroll(turn_id)
        self.inspector.show_turn(turn)
        self.inspector.show_verdict(verdict)
        self.inspector.show_can_reroll(can_reroll)
        self.inspector.show()
        self._make_room()

    def _close_inspector(self) -> None:
        if not self.inspector.isHidden():
            self.inspector.hide()
            self._make_room()
            self.view.setFocus()

    def begin_search(self) -> None:
        self.places.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def step_back(self) -> bool:
        if self.stack.currentWidget() is self.replay:
            self._close_replay()
            return True
        beside = not self.inspector.isHidden()
        self._close_inspector()
        return beside

    def _show_message(self, message_row_id: int) -> None:
        self.run(self._go_to(message_row_id), say("Looking for the message"))

    async def _go_to(self, message_row_id: int) -> None:
        where = await self._archive.where(message_row_id)
        if where is None:
            self.toast(say("This message is not there any more."), "warn")
            return
        place = self._place
        if place is not None and where == (place.realm, place.channel_id):
            self.view.go_to(message_row_id)
            return
        self.places.choose_realm(where[0])
        there = await self._archive.place_lines(*where[:1], where[1:])
        for place in there:
            await self._open(place, message_row_id)
        await self._place_reading.read(choose=False)

    def _show_sources(self, card: FactCard) -> None:
        work = self._notebook.fact_sources(card.fact_id)
        self.run(work, say("Reading where it comes from"), card.show_sources)

    # what the host says about a reply

    def _act(self, act: str) -> None:
        turn_id = self.inspector.turn_id
        if act == REPLAY:
            self.run(self._open_replay(turn_id), say("Opening the replay"))
        elif act == REROLL:
            self.run(self._feedback.reroll(turn_id), say("Answering again"), lambda _id: self._rerolled())
        else:
            self.run(self._rate(turn_id, act), say("Keeping what you think"))

    async def _rate(self, turn_id: str, act: str) -> None:
        if await self._feedback.verdict(turn_id) == act:
            await self._feedback.take_back(turn_id)
            self.toast(say("Taken back."))
        elif act == NEVER:
            self._told(await self._feedback.never_say(turn_id))
        elif act in (GOOD, BAD):
            self._told(await self._feedback.rate(turn_id, "good" if act == GOOD else "bad"))

    def _told(self, rated: Rated) -> None:
        def undo() -> None:
            self.run(self._feedback.take_back(rated.turn_id), say("Taking it back"))

        self.toast(str(rated.said), "good", say("Undo"), undo)

    def _rerolled(self) -> None:
        self._close_inspector()
        self.view.go_to_end()
        self.toast(say("The reply was taken back; another one is being written."))

    async def _open_replay(self, turn_id: str) -> None:
        turn = await self._feed.turn(turn_id)
        if turn is None:
            self.toast(say("Why it did that was not kept."), "warn")
            return
        self.stack.setCurrentWidget(self.replay)
        await self.replaying.begin(turn)

    def _close_replay(self) -> None:
        self.replaying.stop()
        self.stack.setCurrentIndex(0)
        self.inspector.replay.setFocus()

    # what happens elsewhere

    def _happened(self, realm: str) -> None:
        if realm == self.places.realm or self.states.state != "full":
            self._refresh.ask()

    def _rated(self, rated: TurnRated) -> None:
        self._refresh.ask()
        if rated.turn_id == self.inspector.turn_id and not self.inspector.isHidden():
            reading = self._feedback.verdict(rated.turn_id)
            self.run(reading, say("Reading what you think"), self.inspector.show_verdict)

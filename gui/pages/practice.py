"""Practice: a room of invented people, and the bot among them. Nobody on Discord sees any of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.conversation.practice import PracticeMessage, PracticeRoom
from core.errors import BrainError, Explained, explain
from core.events import (
    Bus,
    MessageRecorded,
    PersonaChanged,
    ReplyGrowing,
    SettingChanged,
    TurnEnded,
    TypingChanged,
)
from core.feed import Feed, FeedTurn
from core.llm.brain import Role
from core.llm.roles import Choice, Roles
from core.persona.identity import Personas
from core.words import T, Text, say
from gui.models.practice import TranscriptModel, bubbles, shortened
from gui.pages.page import Page
from gui.theme import SPACE
from gui.widgets.basics import Card, ElidedLabel, button, column, label, row
from gui.widgets.composer import Composer, Line
from gui.widgets.states import Glyph
from gui.widgets.trace import TracePanel
from gui.widgets.transcript import TranscriptView
from gui.widgets.trouble import TroubleNotice

REALM = "practice"
FIRST_PEOPLE = ("Ada", "Bob")
OPENERS: tuple[Text, ...] = (
    T("hey {name}, how was your day?"),
    T("what are you up to right now?"),
    T("tell me something nobody here knows about you"),
)


class PracticePage(Page):
    """The practice room.

    Args:
        room: the room itself. feed: what became of its messages. roles: which model answers.
    """

    def __init__(self, room: PracticeRoom, personas: Personas, roles: Roles, feed: Feed, bus: Bus) -> None:
        super().__init__("practice", say("Practice"), bus)
        self._room = room
        self._personas = personas
        self._roles = roles
        self._feed = feed
        self._people = list(FIRST_PEOPLE)
        self._turns: dict[int, FeedTurn] = {}
        self._messages: Sequence[PracticeMessage] = ()
        self._bot = ""
        self._typing = self._settled = self._reading = self._read_again = False
        self.model = TranscriptModel(self)
        self.view = TranscriptView()
        self.view.setModel(self.model)
        self.composer = Composer()
        self.trace = self.beside = TracePanel()
        self.banner = TroubleNotice()
        self.brain_words = ElidedLabel("", "caption")
        self.stop = button(say("Stop"), "normal", "stop", self._stop)
        self.again = button(say("Answer again"), "quiet", "again", self._answer_again)
        self.clear = button(say("Empty the room"), "quiet", "remove", self._clear)
        self.foot = self.composer
        self._build()
        self._connect()

    async def load(self) -> None:
        await self._read_persona()
        self._turns = {turn.message_id: turn for turn in await self._feed.recent(REALM)}
        self._messages = await self._room.transcript()
        self._meet([message.name for message in self._messages if not message.is_self])
        self._draw()
        self.view.go_to_end()
        self.composer.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_brain(await self._ask_brain())

    # how it is built

    def _build(self) -> None:
        for tool in (self.again, self.clear):
            self.tools.addWidget(tool)
        self.trace.hide()
        self.stop.hide()
        self._middle = QStackedWidget()
        self._middle.addWidget(self._opening())
        self._middle.addWidget(self.view)
        talk = Card()
        talk.body.setContentsMargins(SPACE.tight, SPACE.tight, SPACE.tight, SPACE.tight)
        talk.put(self._middle)
        below = QWidget()
        strip = row(self.brain_words, self.stop)
        strip.setStretch(0, 1)
        below.setLayout(strip)
        below.setFixedHeight(SPACE.control_height)  # so that nothing jumps when Stop comes and goes
        room = column(talk, below, self.composer, gap=SPACE.small)
        room.setStretch(0, 1)
        side_by_side = row(room, self.trace, gap=SPACE.medium)
        side_by_side.setStretch(0, 1)
        self.trace.setFixedWidth(SPACE.sidebar * 3 // 2)
        layout = column(self.banner, side_by_side, gap=SPACE.medium)
        layout.setStretch(1, 1)
        self.content.setLayout(layout)
        self.keep_narrow(SPACE.column)

    def _opening(self) -> QWidget:
        """What an empty room says, with a few first words to press."""
        self.opening_title = label("", "heading")
        words = say(
            "Invent people and let them write, to the bot or to each other. "
            "Nobody on Discord sees it, and it counts in nobody's memory."
        )
        self.openers = [button("", on_click=partial(self._open_with, at)) for at in range(len(OPENERS))]
        centred = [row(1, opener, 1) for opener in self.openers]
        text = label(words, "muted", wrap=True)
        text.setMaximumWidth(SPACE.form - SPACE.wide)
        text.setMinimumWidth(SPACE.sidebar)
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        text_row = row(1, text, 1)
        text_row.setStretch(1, 100)  # as wide as it may be
        layout = column(
            1,
            row(1, Glyph("practice", "accent", 2 * SPACE.large), 1),
            row(1, self.opening_title, 1),
            text_row,
            *centred,
            1,
            gap=SPACE.small + SPACE.tight,
        )
        opening = QWidget()
        opening.setLayout(layout)
        return opening

    def _connect(self) -> None:
        self.composer.too_long.connect(self._too_long)
        self.composer.sent.connect(self._say)
        self.composer.person_added.connect(self._add_person)
        self.view.why_wanted.connect(self._explain)
        self.view.reply_wanted.connect(self._answer)
        self.view.copied.connect(lambda: self.toast(say("Copied."), "good"))
        self.trace.closed.connect(self._close_trace)
        self.banner.acted.connect(lambda: self.wanted.emit("models"))
        self.listen(MessageRecorded, self._recorded)
        self.listen(ReplyGrowing, self._growing)
        self.listen(TypingChanged, self._typing_changed)
        self.listen(TurnEnded, self._turn_ended)
        self.listen(PersonaChanged, self._persona_changed)
        self.listen(SettingChanged, self._setting_changed)

    # what it shows

    async def _read_persona(self) -> None:
        active = await self._personas.active()
        if active is None:
            self.states.show_empty(
                "persona",
                say("Nobody to talk to yet"),
                say("Choose who the bot is, then come back and talk to it."),
                say("Choose a persona"),
                lambda: self.wanted.emit("persona"),
            )
            return
        self._bot = active.persona.name
        self.composer.set_bot(self._bot)
        self.opening_title.setText(say("Talk to {name} before anybody else does", name=self._bot))
        for button_, opener in zip(self.openers, OPENERS, strict=True):
            words = say(opener.key, name=self._bot)
            button_.setText(words.replace("&", "&&"))
            button_.setAccessibleName(words)
        self.states.show_full()

    def _draw(self) -> None:
        if self._settled and not self._typing:
            self.model.end_growing()
            self._settled = False
        self.model.show(bubbles(self._messages, self._turns))
        full = self.model.rowCount() > 0
        self._middle.setCurrentIndex(1 if full else 0)
        self.clear.setEnabled(full)
        self.again.setEnabled(any(not message.is_self for message in self._messages))

    async def _ask_brain(self) -> Choice | Explained:
        try:
            return await self._roles.choose(Role.CHAT)
        except BrainError as error:
            return explain(error)

    def _show_brain(self, answer: Choice | Explained) -> None:
        """Say which model writes; plainly, when it is the one that cannot really."""
        self.banner.hide()
        if isinstance(answer, Explained):
            self.brain_words.put("")
            self.banner.say(str(answer.what), str(answer.step), "bad", say("Open Models"), answer.topic)
        elif answer.brain.name == "starter":
            self.brain_words.put(say("The starter brain answers."))
            what = say("The starter brain answers, and it talks nonsense.")
            step = say("It lets you try everything out. Ollama is the real thing.")
            if answer.fallback is not None:
                step = say("{step} Now: {why}.", step=step, why=str(answer.fallback).rstrip("."))
            self.banner.say(what, step, "warn", say("Open Models"))
        else:
            self.brain_words.put(say("{model} answers.", model=answer.model))
            if answer.fallback is not None:
                self.brain_words.put(
                    say("{model} answers: {why}.", model=answer.model, why=str(answer.fallback).rstrip("."))
                )

    # what the host does

    def _say(self, line: Line) -> None:
        saying = self._room.say(
            line.name,
            line.text,
            to_bot=line.to_bot,
            reply_to=line.reply_to,
            speakers=tuple(self._people),
        )
        self.view.go_to_end()

        def not_said(trouble: Explained) -> None:
            self.composer.put_back(line)
            self.toast_trouble(trouble)

        self.run(saying, say("Sending")).failure(not_said)

    def _too_long(self, over: int) -> None:
        self.toast(say("This is {n} characters too long for one message.", n=over), "warn")

    def _open_with(self, at: int) -> None:
        text = say(OPENERS[at].key, name=self._bot)
        self.composer.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say(Line(self.composer.people.name, text, True, None))

    def _add_person(self, name: str) -> None:
        self._meet([name])
        known = {person.casefold(): person for person in self._people}
        self.composer.show_people(self._people, known[name.casefold()])
        self.composer.field.setFocus()

    def _meet(self, names: Sequence[str]) -> None:
        """Those who have spoken can speak again; the same name in another casing is the same person."""
        known = {person.casefold() for person in self._people}
        for name in names:
            if name.casefold() not in known:
                known.add(name.casefold())
                self._people.append(name)
        self.composer.show_people(self._people, self.composer.people.name or self._people[0])

    def _answer(self, message_id: int) -> None:
        found = next((message for message in self._messages if message.id == message_id), None)
        if found is not None:
            self.composer.answer(message_id, f"{found.name}: {shortened(found.text)}")

    def _stop(self) -> None:
        self.run(self._room.stop(), say("Stopping the reply"))

    def _answer_again(self) -> None:
        last = next((message for message in reversed(self._messages) if not message.is_self), None)
        if last is not None:
            self._turns.pop(last.id, None)
            self.view.go_to_end()
            self.run(self._room.regenerate(), say("Answering again"))

    def _clear(self) -> None:
        def cleared(kept: Any) -> None:
            self._read()
            self.toast(say("The room is empty."), "info", say("Undo"), lambda: self._put_back(kept))

        self.run(self._room.clear(), say("Emptying the room"), cleared)

    def _put_back(self, kept: Any) -> None:
        self.run(self._room.put_back(kept), say("Putting it back"), lambda _none: self._read())

    def _explain(self, turn_id: str) -> None:
        turn = next((turn for turn in self._turns.values() if turn.id == turn_id), None)
        if turn is not None:
            self.trace.show_turn(turn)
            self.trace.show()

    def _close_trace(self) -> None:
        self.trace.hide()
        self.view.setFocus()

    # what happens in the room

    def _recorded(self, recorded: MessageRecorded) -> None:
        if recorded.realm == REALM and recorded.channel_id == self._room.place.channel_id:
            self._settled = self._settled or not self._typing
            self._read()

    def _read(self) -> None:
        """Read the room anew; one reading at a time, however much happens."""
        if self._reading:
            self._read_again = True
            return
        self._reading = True
        self.run(self._room.transcript(), say("Reading the room"), self._was_read).finished(self._after_read)

    def _was_read(self, messages: list[PracticeMessage]) -> None:
        self._messages = messages
        self._draw()

    def _after_read(self) -> None:
        self._reading = False
        if self._read_again:
            self._read_again = False
            self._read()

    def _growing(self, reply: ReplyGrowing) -> None:
        if reply.channel_id == self._room.place.channel_id:
            self.model.grow(self._bot, reply.text)

    def _typing_changed(self, changed: TypingChanged) -> None:
        if changed.channel_id != self._room.place.channel_id:
            return
        self._typing = changed.typing
        self.stop.setVisible(changed.typing)
        if changed.typing:
            self._settled = False
            self._middle.setCurrentIndex(1)
            self.model.grow(self._bot, "")

    def _turn_ended(self, ended: TurnEnded) -> None:
        if ended.realm == REALM:
            self.run(self._feed.turn(ended.turn_id), say("Reading the turn"), self._put_turn)

    def _put_turn(self, turn: FeedTurn | None) -> None:
        if turn is not None:
            self._turns[turn.message_id] = turn
        self._settled = self._settled or not self._typing
        self._read()

    def _persona_changed(self, _changed: PersonaChanged) -> None:
        self.run(self._read_persona(), say("Reading the persona"))

    def _setting_changed(self, changed: SettingChanged) -> None:
        if changed.key.startswith("brain."):
            self.run(self._ask_brain(), say("Looking at the model"), self._show_brain)

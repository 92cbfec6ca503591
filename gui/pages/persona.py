"""Persona: who the bot is. A form with its history, and the same question before and after the edit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.conversation.preview import Preview
from core.events import Bus, PersonaChanged
from core.persona.belongings import Belongings
from core.persona.identity import KeptPersona, Persona, Personas, samples
from core.persona.whereabouts import Whereabouts
from core.words import say
from gui.models.personas import BOOK, PersonaDraft, PersonaListModel
from gui.pages.page import Page
from gui.pages.persona_files import Drafting, PersonaFiles, dropped_files
from gui.pages.persona_menus import fill_more, fill_new
from gui.pages.persona_places import PersonaPlaces
from gui.pages.persona_trial import PersonaTrial, Tried
from gui.theme import SPACE
from gui.widgets.basics import Segments, column, row
from gui.widgets.lorebook_panel import LorebookPanel
from gui.widgets.persona_form import PersonaForm
from gui.widgets.persona_tools import PersonaTools
from gui.widgets.preview import PreviewCard
from gui.widgets.save_bar import SaveBar
from gui.widgets.spots_panel import SpotsPanel

WHO, WHERE = "who", "where"


class PersonaPage(Page):
    """The personas of this host.

    Args:
        preview: lets a persona answer without anything being kept.
        drafting: drafts a persona from a text.
    """

    def __init__(
        self,
        personas: Personas,
        preview: Preview,
        belongings: Belongings,
        whereabouts: Whereabouts,
        drafting: Drafting,
        bus: Bus,
    ) -> None:
        super().__init__("persona", say("Persona"), bus)
        self._personas = personas
        self._belongings = belongings
        self._samples: list[Persona] = []
        self._kept: Persona | None = None
        self._kept_book: Mapping[str, Any] | None = None
        self.people = PersonaListModel(self)
        self.draft = PersonaDraft(self)
        self.form = PersonaForm(self.draft)
        self.lorebook = LorebookPanel(self.draft)
        self.spots = SpotsPanel()
        self.files = PersonaFiles(self, self, personas, belongings, drafting, self.draft)
        self.preview_card = PreviewCard()
        self.trial = PersonaTrial(self, preview, self.preview_card)
        self._places = PersonaPlaces(self, whereabouts, self.spots)
        self.bar = SaveBar()
        self._build()
        self._connect()

    async def load(self) -> None:
        self._samples = await asyncio.to_thread(samples)
        fill_new(
            self.bench.new_menu,
            self._samples,
            lambda persona: self.leaving(partial(self._add, persona)),
            lambda: self.leaving(self._copy),
            self.files,
        )
        await self._read(self.draft.persona_id)

    def may_leave(self, leave: Callable[[], None]) -> bool:
        if not self.draft.dirty:
            return True
        self.bar.ask_before(leave)
        return False

    async def end(self) -> None:
        self.draft.history.blockSignals(True)
        await super().end()

    # how it is built

    def _build(self) -> None:
        tools = PersonaTools(self.people, self.draft.history, self._be, self._archive, self)
        self.bench = tools
        self.chooser, self.new, self.archive = tools.chooser, tools.new, tools.archive
        self.be, self.is_active, self.undo, self.redo = tools.be, tools.is_active, tools.undo, tools.redo
        tools.acts = fill_more(tools.more_menu, tools.away_menu, self._export, self._compare, self.files)
        tools.put_into(self.tools)
        who = QWidget()
        side_by_side = row(self.form, self.preview_card, gap=SPACE.medium)
        side_by_side.setStretch(0, 8)
        side_by_side.setStretch(1, 5)
        who.setLayout(side_by_side)
        parts = ((WHO, say("Character")), (BOOK, say("Lorebook")), (WHERE, say("Where")))
        self.parts = Segments(parts, say("What to edit"))
        self.stack = QStackedWidget()
        for part in (who, self.lorebook, self.spots):
            self.stack.addWidget(part)
        upper = row(self.parts, 1, tools.is_active, tools.be)
        upper.addStrut(SPACE.control_height)  # as high with the button as without it
        layout = column(upper, self.stack, self.bar, gap=SPACE.small)
        layout.setStretch(1, 1)
        self.content.setLayout(layout)
        self.setAcceptDrops(True)

    def _connect(self) -> None:
        self.edits = history = self.draft.history
        history.cleanChanged.connect(self._show_dirty)
        self.draft.opened.connect(self.bench.show_history)
        self.draft.opened.connect(self._show_dirty)
        self.chooser.activated.connect(self._chosen)
        self.bar.saved.connect(self._save)
        self.bar.discarded.connect(self._discard)
        self.preview_card.asked.connect(self._ask)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Redo), self).activated.connect(history.redo)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self).activated.connect(self._save)
        self.parts.chosen.connect(self.show_part)
        self.form.portrait.wanted.connect(self.files.ask_picture)
        self.form.portrait.removed.connect(self.files.remove_picture)
        self.listen(PersonaChanged, self._persona_changed)
        self.bench.show_history()

    # what it shows

    async def _read(self, wanted: int | None) -> None:
        """Read the list, and open `wanted`, or whoever the bot is now."""
        every = await self._personas.every()
        active = await self._personas.active()
        self.people.show(every, active.id if active is not None else None)
        self.people.show_pictures(await self._belongings.pictures())
        self.files.fill_away_menu(self.bench.away_menu, await self._belongings.put_away())
        known = {kept.id: kept for kept in every}
        names = {kept.id: kept.shown for kept in every}
        shown = (known.get(wanted) if wanted is not None else None) or active or next(iter(every), None)
        if self.is_new and self.draft.dirty:
            self._show_chosen()
        elif shown is None:
            self._show_nobody()
        else:
            self.states.show_full()
            self._open(shown, await self._belongings.book(shown.id), again=False)
        await self._places.show(names, active.id if active is not None else None, self.draft.persona_id)

    @property
    def is_new(self) -> bool:
        """Is a persona on the form that is not kept yet?"""
        return self.draft.persona_id is None

    def _show_nobody(self) -> None:
        self._kept = self._kept_book = None
        self.bench.show_nobody()
        self.states.show_empty(
            "persona",
            say("Nobody yet"),
            say("A persona is who the bot is: a name, a character, a life, a way to write."),
            say("Begin with the sample {name}", name=self._samples[0].name) if self._samples else "",
            lambda: self._add(self._samples[0]),
        )

    def _open(self, kept: KeptPersona, book: Mapping[str, Any] | None, *, again: bool) -> None:
        """Edit this one; unsaved changes to the one that is open already stay, unless `again`."""
        same = self.draft.persona_id == kept.id
        other = (self._kept, self._kept_book) != (kept.persona, book)
        if again or not same or (not self.draft.dirty and other):
            self.trial.stop()
            self.draft.open(kept.id, kept.persona, book)
            if not same:
                self.preview_card.forget()
        self._kept, self._kept_book = kept.persona, book
        self._show_chosen()

    def _show_chosen(self) -> None:
        self.bench.show_who(self.draft.persona_id)
        name = str(self.draft.value("name"))
        self.form.portrait.show_picture(self.people.picture(self.draft.persona_id), name)
        self.form.portrait.choose.setEnabled(not self.is_new)
        self._show_dirty()

    def _show_dirty(self, *_: object) -> None:
        kept = self._kept is not None and not self.is_new
        name = self._kept.name if kept and self._kept is not None else str(self.draft.value("name"))
        self.bar.show_for(name, dirty=self.draft.dirty)
        total = self.lorebook.entries.total
        words = say("Lorebook ({n})", n=total) if total else say("Lorebook")
        self.parts.rename(BOOK, words)

    # what the host does with it

    def leaving(self, leave: Callable[[], None]) -> None:
        """Do `leave` now, or once the unsaved changes are decided on."""
        if self.may_leave(leave):
            leave()

    def _chosen(self, at: int) -> None:
        wanted = self.people.at(at)
        if wanted.id != self.draft.persona_id:
            self.leaving(lambda: self.show_persona(wanted.id))
            self._show_chosen()

    def show_persona(self, persona_id: int) -> None:
        """Open a persona; what is unsaved is let go."""
        self.draft.history.setClean()
        self.run(self._read(persona_id), say("Reading the personas"))

    def show_draft(self, persona: Persona, words: str) -> None:
        """Open a persona that is not kept yet."""
        self.trial.stop()
        self.preview_card.forget()
        self.draft.begin(persona, words)
        self._kept, self._kept_book = persona, None
        self.states.show_full()
        self.show_part(WHO)
        self._show_chosen()

    def show_part(self, part: str) -> None:
        """Show the character, the lorebook, or where it is used."""
        self.parts.choose(part)
        self.stack.setCurrentIndex((WHO, BOOK, WHERE).index(part))

    def _export(self) -> None:
        if self._form_is_sound():
            self.files.ask_export(self.draft.persona())

    def _compare(self) -> None:
        if self._form_is_sound():
            self.files.ask_compare(self.draft.persona())

    def _form_is_sound(self) -> bool:
        sound = self.form.mark_problems()
        if not sound:
            self.show_part(WHO)
            self.form.go_to_first_problem()
        return sound

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files.dropped(event)

    def _save(self) -> None:
        if not self.draft.dirty:
            return
        if not self._form_is_sound():
            self.toast(say("Not saved yet: the marked field needs a change."), "warn")
            return
        persona, book = self.draft.persona(), self.draft.book
        if self.draft.persona_id is None:
            self._keep_draft(persona, book)
            return
        step = self.draft.history.index()

        def saved(_none: None) -> None:
            self._kept, self._kept_book = persona, book
            if self.draft.history.index() == step:
                leave = self.bar.take_leave()
                self.draft.history.setClean()
                if leave is not None:
                    leave()
            self.toast(say("Saved. The very next reply knows it."), "good")

        work = self._belongings.change(self.draft.persona_id, persona, book)
        self.run(work, say("Saving"), saved)

    def _keep_draft(self, persona: Persona, book: Mapping[str, Any] | None) -> None:
        def kept(made: KeptPersona) -> None:
            leave = self.bar.take_leave()
            self.show_persona(made.id)
            self.toast(say("{name} is kept.", name=persona.name), "good")
            if leave is not None:
                leave()

        self.run(self._belongings.add(persona, book=book), say("Saving"), kept)

    def _discard(self) -> None:
        leave = self.bar.take_leave()
        if self.is_new:
            self.draft.history.setClean()
            self.run(self._read(None), say("Reading the personas"))
        elif self._kept is not None and self.draft.persona_id is not None:
            self.draft.open(self.draft.persona_id, self._kept, self._kept_book)
        if leave is not None:
            leave()

    def _be(self) -> None:
        chosen = self.draft.persona_id
        if chosen is None:
            return
        name = self._kept.name if self._kept is not None else ""

        def is_now(_none: None) -> None:
            self.toast(say("The bot is {name} from the next reply on.", name=name), "good")

        self.run(self._personas.choose(chosen), say("Becoming {name}", name=name), is_now)

    def _add(self, persona: Persona) -> None:
        self.run(self._keep_new(persona), say("Adding {name}", name=persona.name))

    async def _keep_new(self, persona: Persona) -> None:
        kept = await self._personas.add(persona)
        await self._read(kept.id)
        self.form.texts["name"].setFocus()

    def _copy(self) -> None:
        if self._kept is not None and self.draft.persona_id is not None:
            self.files.copy(self.draft.persona_id, self._kept)

    def _archive(self) -> None:
        self.leaving(self._put_away)

    def _put_away(self) -> None:
        gone, persona = self.draft.persona_id, self._kept
        if gone is None or persona is None:
            return

        def put_away(_none: None) -> None:
            words = say("{name} was put away.", name=persona.name)
            self.toast(words, "info", say("Undo"), lambda: self.files.take_out(gone))

        self.run(self._personas.archive(gone), say("Putting {name} away", name=persona.name), put_away)

    def _persona_changed(self, _changed: PersonaChanged) -> None:
        self.run(self._read(self.draft.persona_id), say("Reading the personas"))

    # trying it out

    def _ask(self, question: str) -> None:
        if self._kept is not None and self._form_is_sound():
            after = Tried(self.draft.persona(), self.draft.book) if self.draft.dirty else None
            self.trial.ask(question, Tried(self._kept, self._kept_book), after)

"""Persona: who the bot is. A form with its history, and the same question before and after the edit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QSizePolicy

from core.conversation.preview import Preview
from core.errors import Explained
from core.events import Bus, PersonaChanged
from core.persona.identity import KeptPersona, Persona, Personas, samples
from core.words import say
from gui.icons import icon
from gui.models.personas import PersonaDraft, PersonaListModel
from gui.operation import Operation
from gui.pages.page import Page
from gui.theme import SPACE
from gui.widgets.basics import button, column, icon_button, label, row
from gui.widgets.persona_form import PersonaForm
from gui.widgets.preview import PreviewCard
from gui.widgets.save_bar import SaveBar
from gui.widgets.setting_row import CalmCombo


class PersonaPage(Page):
    """The personas of this host.

    Args:
        preview: lets a persona answer without anything being kept.
    """

    def __init__(self, personas: Personas, preview: Preview, bus: Bus) -> None:
        super().__init__("persona", say("Persona"), bus)
        self._personas = personas
        self._preview = preview
        self._samples: list[Persona] = []
        self._kept: Persona | None = None
        self._asking: Operation[None] | None = None
        self.people = PersonaListModel(self)
        self.draft = PersonaDraft(self)
        self.form = PersonaForm(self.draft)
        self.preview_card = PreviewCard()
        self.bar = SaveBar()
        self._build()
        self._connect()

    async def load(self) -> None:
        self._samples = await asyncio.to_thread(samples)
        self._fill_new_menu()
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
        self.chooser = CalmCombo()
        self.chooser.setModel(self.people)
        self.chooser.setAccessibleName(say("Persona to edit"))
        self.chooser.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.chooser.setMinimumWidth(SPACE.sidebar * 3 // 4)
        self.chooser.setMaximumWidth(SPACE.sidebar)
        self.be = button(say("Be this one"), "normal", "persona", self._be)
        self.is_active = label(say("The bot is this one"), "pill", "good")
        self.undo = icon_button("undo", say("Undo"), self.draft.history.undo)
        self.redo = icon_button("again", say("Redo"), self.draft.history.redo)
        self.new = button(say("New"), "normal", "add")
        self.new_menu = QMenu(self)
        self.new.setMenu(self.new_menu)
        self.archive = icon_button("remove", say("Put this persona away"), self._archive)
        self._about_one = (self.is_active, self.be, self.chooser, self.undo, self.redo, self.archive)
        for tool in (*self._about_one, self.new):
            tool.setVisible(tool is self.new)  # the others come when there is somebody
            self.tools.addWidget(tool)
        side_by_side = row(self.form, self.preview_card, gap=SPACE.medium)
        side_by_side.setStretch(0, 8)
        side_by_side.setStretch(1, 5)
        layout = column(side_by_side, self.bar, gap=SPACE.small)
        layout.setStretch(0, 1)
        self.content.setLayout(layout)

    def _connect(self) -> None:
        history = self.draft.history
        history.canUndoChanged.connect(self._show_history)
        history.canRedoChanged.connect(self._show_history)
        history.indexChanged.connect(self._show_history)
        history.cleanChanged.connect(self._show_dirty)
        self.draft.opened.connect(self._show_history)
        self.draft.opened.connect(self._show_dirty)
        self.chooser.activated.connect(self._chosen)
        self.bar.saved.connect(self._save)
        self.bar.discarded.connect(self._discard)
        self.preview_card.asked.connect(self._ask)
        self.preview_card.stopped.connect(self._stop_asking)
        for keys, act in (
            (QKeySequence.StandardKey.Undo, history.undo),
            (QKeySequence.StandardKey.Redo, history.redo),
            (QKeySequence.StandardKey.Save, self._save),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        self.listen(PersonaChanged, self._persona_changed)
        self._show_history()

    def _fill_new_menu(self) -> None:
        self.new_menu.clear()
        for persona in self._samples:
            words = say("From the sample {name}", name=persona.name).replace("&", "&&")
            self.new_menu.addAction(words, partial(self._leaving, partial(self._add, persona)))
        self.new_menu.addSeparator()
        blank = Persona(name=say("New persona"))
        self.new_menu.addAction(icon("add"), say("Empty"), lambda: self._leaving(lambda: self._add(blank)))
        self.new_menu.addAction(icon("duplicate"), say("Copy of this one"), lambda: self._leaving(self._copy))

    # what it shows

    async def _read(self, wanted: int | None) -> None:
        """Read the list, and open `wanted`, or whoever the bot is now."""
        every = await self._personas.every()
        active = await self._personas.active()
        self.people.show(every, active.id if active is not None else None)
        if not every:
            self._show_nobody()
            return
        self.states.show_full()
        known = {kept.id: kept for kept in every}
        shown = known.get(wanted) if wanted is not None else None
        self._open(shown or active or every[0], again=False)

    def _show_nobody(self) -> None:
        for tool in self._about_one:
            tool.hide()
        self.states.show_empty(
            "persona",
            say("Nobody yet"),
            say("A persona is who the bot is: a name, a character, a life, a way to write."),
            say("Begin with the sample {name}", name=self._samples[0].name) if self._samples else "",
            lambda: self._add(self._samples[0]),
        )

    def _open(self, kept: KeptPersona, *, again: bool) -> None:
        """Edit this one; unsaved changes to the one that is open already stay, unless `again`."""
        same = self.draft.persona_id == kept.id
        if again or not same or (not self.draft.dirty and self._kept != kept.persona):
            self._stop_asking()
            self.draft.open(kept.id, kept.persona)
            if not same:
                self.preview_card.forget()
        self._kept = kept.persona
        self._show_chosen()

    def _show_chosen(self) -> None:
        at = self.people.row_of(self.draft.persona_id)
        for tool in self._about_one:
            tool.show()
        self.chooser.setCurrentIndex(at)
        active = at >= 0 and bool(self.people.index(at).data(PersonaListModel.ACTIVE))
        self.is_active.setVisible(active)
        self.be.setVisible(at >= 0 and not active)
        self._show_dirty()

    def _show_history(self, *_: object) -> None:
        history = self.draft.history
        for made, can, words, text in (
            (self.undo, history.canUndo(), say("Undo"), history.undoText()),
            (self.redo, history.canRedo(), say("Redo"), history.redoText()),
        ):
            made.setEnabled(can)
            name = say("{act}: {step}", act=words, step=text) if text else words
            made.setToolTip(name)
            made.setAccessibleName(name)

    def _show_dirty(self, *_: object) -> None:
        name = self._kept.name if self._kept is not None else ""
        self.bar.show_for(name, dirty=self.draft.dirty)

    # what the host does with it

    def _leaving(self, leave: Callable[[], None]) -> None:
        """Do `leave` now, or once the unsaved changes are decided on."""
        if self.may_leave(leave):
            leave()

    def _chosen(self, at: int) -> None:
        wanted = self.people.at(at)
        if wanted.id != self.draft.persona_id:
            self._leaving(lambda: self._open(wanted, again=True))
            self._show_chosen()

    def _save(self) -> None:
        if not self.draft.dirty or self.draft.persona_id is None:
            return
        if not self.form.mark_problems():
            self.form.go_to_first_problem()
            self.toast(say("Not saved yet: the marked field needs a change."), "warn")
            return
        persona = self.draft.persona()
        step = self.draft.history.index()

        def saved(_none: None) -> None:
            self._kept = persona
            if self.draft.history.index() == step:
                leave = self.bar.take_leave()
                self.draft.history.setClean()
                if leave is not None:
                    leave()
            self.toast(say("Saved. The very next reply knows it."), "good")

        self.run(self._personas.change(self.draft.persona_id, persona), say("Saving"), saved)

    def _discard(self) -> None:
        leave = self.bar.take_leave()
        if self._kept is not None and self.draft.persona_id is not None:
            self.draft.open(self.draft.persona_id, self._kept)
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
        if self._kept is not None:
            longest = self.form.frames["name"].longest or len(self._kept.name)
            name = say("{name} (copy)", name=self._kept.name)[:longest]
            self._add(self._kept.model_copy(update={"name": name}))

    def _archive(self) -> None:
        self._leaving(self._put_away)

    def _put_away(self) -> None:
        gone, persona = self.draft.persona_id, self._kept
        if gone is None or persona is None:
            return

        def put_away(_none: None) -> None:
            words = say("{name} was put away.", name=persona.name)
            self.toast(words, "info", say("Undo"), lambda: self._take_out(gone))

        self.run(self._personas.archive(gone), say("Putting {name} away", name=persona.name), put_away)

    def _take_out(self, persona_id: int) -> None:
        self.run(self._bring_back(persona_id), say("Taking it out again"))

    async def _bring_back(self, persona_id: int) -> None:
        await self._personas.archive(persona_id, archived=False)
        await self._read(persona_id if not self.draft.dirty else self.draft.persona_id)

    def _persona_changed(self, _changed: PersonaChanged) -> None:
        self.run(self._read(self.draft.persona_id), say("Reading the personas"))

    # trying it out

    def _ask(self, question: str) -> None:
        if self._kept is None:
            return
        if not self.form.mark_problems():
            self.form.go_to_first_problem()
            return
        self._stop_asking()
        after = self.draft.persona() if self.draft.dirty else None
        self.preview_card.set_asking(True)
        self._asking = self.run(self._answer(self._kept, after, question), say("Trying it out"))
        self._asking.failure(self._not_answered).finished(lambda: self.preview_card.set_asking(False))

    async def _answer(self, before: Persona, after: Persona | None, question: str) -> None:
        card = self.preview_card
        card.before.wait(say("{name} is typing…", name=before.name))
        card.after.wait(
            say("Next…") if after is not None else say("Change something, ask again, and compare.")
        )
        draft = await self._preview.answer(before, question, card.before.grow)
        card.before.grow(draft.text)
        card.before.by.setText(draft.model)
        if after is not None:
            card.after.wait(say("{name} is typing…", name=after.name))
            draft = await self._preview.answer(after, question, card.after.grow)
            card.after.grow(draft.text)
            card.after.by.setText(draft.model)

    def _not_answered(self, trouble: Explained) -> None:
        self.preview_card.forget()
        self.preview_card.before.wait(f"{trouble.what} {trouble.step}")

    def _stop_asking(self) -> None:
        if self._asking is not None and self._asking.running:
            self._asking.cancel()
            self.preview_card.forget()

"""Personas in and out, on the Persona page: files, texts, pictures, comparing, and those put away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QMenu

from core.conversation.drafting import DraftedPersona
from core.errors import FileUnwritable
from core.persona import card_out, imports, world_info
from core.persona.belongings import Belongings
from core.persona.card import OpenedCard
from core.persona.form import limits
from core.persona.identity import KeptPersona, Persona, Personas
from core.persona.imports import Opened, OpenedBook
from core.persona.tavern_chat import TavernChat
from core.words import count, say
from gui import pictures
from gui.icons import icon
from gui.models.personas import BOOK, PersonaDraft
from gui.pages.page import Page
from gui.widgets.persona_dialogs import PNG, CompareDialog, ExportDialog, PasteDialog
from gui.widgets.saving import ask_where

Drafting = Callable[[str], Awaitable[DraftedPersona]]
_SAFE = set(" -_.()")


class Opens(Protocol):
    """What the page does for its files."""

    def show_persona(self, persona_id: int) -> None: ...
    def show_draft(self, persona: Persona, words: str) -> None: ...
    def show_part(self, part: str) -> None: ...
    def leaving(self, leave: Callable[[], None]) -> None: ...


class PersonaFiles:
    """The acts. `page` is who does them, `view` the same as what it shows."""

    def __init__(
        self,
        page: Page,
        view: Opens,
        personas: Personas,
        belongings: Belongings,
        drafting: Drafting,
        draft: PersonaDraft,
    ) -> None:
        self._page = page
        self._view = view
        self._personas = personas
        self._belongings = belongings
        self._drafting = drafting
        self._draft = draft

    # in

    def ask_import(self) -> None:
        """Ask for a file and read it."""
        endings = " ".join(f"*.{ending}" for ending in imports.ENDINGS)
        self._ask_file(
            say("Import a persona"), say("Cards, lorebooks, chats ({endings})", endings=endings), self.read
        )

    def read(self, path: Path) -> None:
        """Read a file for what it is, and put it where it belongs."""
        work = self._read(path)
        self._page.run(work, say("Reading {file}", file=path.name), lambda opened: self._take(opened, path))

    def ask_text(self) -> None:
        """Ask for a text and draft a persona from it."""
        dialog = PasteDialog(self._page)
        dialog.agreed.connect(lambda text: self._view.leaving(partial(self._draft_from, text)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def dropped(self, event: QDropEvent) -> None:
        """Read the files that were dropped."""
        for path in dropped_files(event)[:20]:
            self.read(path)

    @staticmethod
    async def _read(path: Path) -> tuple[Opened, bytes | None]:
        opened = await asyncio.to_thread(imports.open_import, path)
        picture = None
        if isinstance(opened, OpenedCard):
            picture = await asyncio.to_thread(pictures.small_png, opened.picture)
        return opened, picture

    def _take(self, read: tuple[Opened, bytes | None], path: Path) -> None:
        opened, picture = read
        if isinstance(opened, OpenedCard):
            self._view.leaving(lambda: self._keep(opened, picture))
        elif self._draft.persona_id is None and not self._draft.dirty:
            self._page.toast(
                say("Make or choose a persona first: {file} adds to one.", file=path.name), "warn"
            )
        elif isinstance(opened, OpenedBook):
            self._add_book(opened)
        else:
            self._add_examples(opened)

    def _keep(self, opened: OpenedCard, picture: bytes | None) -> None:
        def kept(made: KeptPersona) -> None:
            entries = len(opened.book["entries"]) if opened.book is not None else 0
            name = made.persona.name
            told = (
                count(
                    "{name} is here, with {n} lorebook entry.",
                    "{name} is here, with {n} lorebook entries.",
                    entries,
                    name=name,
                )
                if entries
                else say("{name} is here.", name=name)
            )
            self._view.show_persona(made.id)
            self._page.toast(told, "good", say("Undo"), partial(self._put_away, made.id, name))

        work = self._belongings.add(opened.persona, book=opened.book, card=opened.card, picture=picture)
        self._page.run(work, say("Adding {name}", name=opened.persona.name), kept)

    def _add_book(self, opened: OpenedBook) -> None:
        book = world_info.together(self._draft.book, opened.book)
        self._draft.change(BOOK, book, say("add a lorebook"))
        self._view.show_part(BOOK)
        entries = len(opened.book["entries"])
        told = count(
            "{n} entry of {name} was added. It is not saved yet.",
            "{n} entries of {name} were added. They are not saved yet.",
            entries,
            name=opened.name,
        )
        self._page.toast(told, "good", say("Undo"), self._draft.history.undo)

    def _add_examples(self, chat: TavernChat) -> None:
        known = self._draft.value("examples")
        room = (limits()["examples"].most or 0) - len(known)
        names = (self._draft.value("name"), *self._draft.value("nicknames"), chat.character)
        fresh = [line for line in chat.lines_of(names) if line not in known][: max(0, room)]
        if not fresh:
            self._page.toast(
                say("The chat has no lines that are not among the example lines already."), "info"
            )
            return
        self._draft.change("examples", (*known, *fresh), say("add example lines"))
        self._view.show_part("who")
        told = count(
            "{n} line they said in that chat became an example line. It is not saved yet.",
            "{n} lines they said in that chat became example lines. They are not saved yet.",
            len(fresh),
        )
        self._page.toast(told, "good", say("Undo"), self._draft.history.undo)

    def _draft_from(self, text: str) -> None:
        async def drafted() -> DraftedPersona:
            return await self._drafting(text)

        def show(made: DraftedPersona) -> None:
            self._view.show_draft(made.persona, say("draft from a text"))
            self._page.toast(say(made.note), "info")

        self._page.run(drafted(), say("Drafting a persona"), show)

    # out

    def ask_export(self, persona: Persona) -> None:
        """Ask what goes into the card and where it goes."""
        dialog = ExportDialog(persona.name, self._page)

        def agreed(spec: str, included: card_out.Included) -> None:
            kind = (say("Picture with a card"), "png") if spec == PNG else (say("Character card"), "json")
            name = (
                "".join(sign for sign in persona.name if sign.isalnum() or sign in _SAFE).strip() or "persona"
            )
            ask_where(
                self._page,
                say("Save the card"),
                name,
                (kind,),
                lambda path: self._save(persona, path, spec, included),
            )

        dialog.agreed.connect(agreed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, persona: Persona, path: Path, spec: str, included: card_out.Included) -> None:
        def saved(_none: None) -> None:
            self._page.toast(say("{name} was saved as {file}.", name=persona.name, file=path.name), "good")

        work = self.export(persona, self._draft.persona_id, path, spec, included)
        self._page.run(work, say("Saving {file}", file=path.name), saved)

    async def export(
        self, persona: Persona, persona_id: int | None, path: Path, spec: str, included: card_out.Included
    ) -> None:
        """Write a card.

        Raises:
            core.errors.FileUnwritable: it cannot be written there.
        """
        known = persona_id if persona_id is not None else 0
        card = await self._belongings.card(known)
        book = self._draft.book
        if spec == PNG:
            picture = await self._belongings.picture(known)
            picture = picture or pictures.as_png(pictures.drawn(persona.name))
            content = await asyncio.to_thread(
                partial(card_out.as_png, picture, persona, card=card, book=book, included=included)
            )
        else:
            made = await asyncio.to_thread(
                partial(card_out.to_card, persona, card=card, book=book, spec=spec, included=included)
            )
            content = card_out.as_json(made)
        await asyncio.to_thread(_write, path, content)

    # pictures

    def ask_picture(self) -> None:
        """Ask for a picture file."""
        endings = " ".join(f"*.{ending}" for ending in pictures.ENDINGS)
        self._ask_file(
            say("Choose a picture"), say("Pictures ({endings})", endings=endings), self.take_picture
        )

    def take_picture(self, path: Path) -> None:
        """Give the persona that is open this picture."""
        persona_id = self._draft.persona_id
        if persona_id is not None:
            work = self._picture_from(persona_id, path)
            self._page.run(
                work, say("Reading {file}", file=path.name), partial(self._changed_picture, persona_id)
            )

    def remove_picture(self) -> None:
        """The persona that is open has no picture any more."""
        persona_id = self._draft.persona_id
        if persona_id is not None:
            work = self._exchange(persona_id, None)
            self._page.run(work, say("Removing the picture"), partial(self._changed_picture, persona_id))

    async def _picture_from(self, persona_id: int, path: Path) -> bytes | None:
        return await self._exchange(persona_id, await asyncio.to_thread(pictures.picture_from, path))

    async def _exchange(self, persona_id: int, picture: bytes | None) -> bytes | None:
        """Give them another picture; answers the one before."""
        before = await self._belongings.picture(persona_id)
        await self._belongings.keep_picture(persona_id, picture)
        return before

    def _changed_picture(self, persona_id: int, before: bytes | None) -> None:
        def back() -> None:
            self._page.run(
                self._belongings.keep_picture(persona_id, before), say("Bringing the picture back")
            )

        self._page.toast(say("The picture was changed."), "good", say("Undo"), back)

    # beside each other, and away

    def copy(self, persona_id: int, persona: Persona) -> None:
        """Keep a copy, with lorebook, picture and card."""
        name = say("{name} (copy)", name=persona.name)[: limits()["name"].longest]
        work = self._belongings.copy(persona_id, persona.model_copy(update={"name": name}))
        self._page.run(work, say("Adding {name}", name=name), lambda kept: self._view.show_persona(kept.id))

    def ask_compare(self, persona: Persona) -> None:
        """Show the persona on the form beside another one."""

        def show(every: list[KeptPersona]) -> None:
            others = [kept for kept in every if kept.id != self._draft.persona_id]
            if not others:
                self._page.toast(say("There is nobody to compare with yet."), "info")
                return
            dialog = CompareDialog(persona, others, self._page)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        self._page.run(self._personas.every(), say("Reading the personas"), show)

    def fill_away_menu(self, menu: QMenu, away: list[KeptPersona]) -> None:
        """List those who were put away; choosing one takes it out."""
        menu.clear()
        menu.setEnabled(bool(away))
        for kept in away:
            words = kept.persona.name.replace("&", "&&").replace("\n", " ")
            menu.addAction(icon("undo"), words, partial(self.take_out, kept.id))

    def take_out(self, persona_id: int) -> None:
        """Take a persona out again that was put away, and open it where nothing unsaved would be lost."""

        def open_it(_none: None) -> None:
            if not self._draft.dirty:
                self._view.show_persona(persona_id)

        work = self._personas.archive(persona_id, archived=False)
        self._page.run(work, say("Taking it out again"), open_it)

    def _put_away(self, persona_id: int, name: str) -> None:
        self._page.run(self._personas.archive(persona_id), say("Putting {name} away", name=name))

    def _ask_file(self, title: str, kinds: str, then: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._page, title)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([kinds])
        dialog.fileSelected.connect(lambda path: then(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def dropped_files(event: QDropEvent) -> list[Path]:
    """The files of a drop that could be read here."""
    if not event.mimeData().hasUrls():
        return []
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower().lstrip(".") in imports.ENDINGS]


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise FileUnwritable(path=str(path), detail=error.strerror or str(error)) from error

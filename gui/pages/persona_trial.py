"""Trying a persona out, on the Persona page: the same question before and after the edit, nothing kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from core.conversation.preview import Preview
from core.errors import Explained
from core.persona.identity import Persona
from core.words import say
from gui.operation import Operation
from gui.pages.page import Page
from gui.widgets.preview import PreviewCard


class Tried(NamedTuple):
    """A persona with its lorebook."""

    persona: Persona
    book: Mapping[str, Any] | None


class PersonaTrial:
    """Asks the persona as it is kept, then as it stands on the form."""

    def __init__(self, page: Page, preview: Preview, card: PreviewCard) -> None:
        self._page = page
        self._preview = preview
        self._card = card
        self._asking: Operation[None] | None = None
        card.stopped.connect(self.stop)

    def ask(self, question: str, before: Tried, after: Tried | None) -> None:
        """Ask both; `after` is None where nothing was changed."""
        self.stop()
        self._card.set_asking(True)
        self._asking = self._page.run(self._answer(before, after, question), say("Trying it out"))
        self._asking.failure(self._not_answered).finished(lambda: self._card.set_asking(False))

    def stop(self) -> None:
        """Break off what is being answered."""
        if self._asking is not None and self._asking.running:
            self._asking.cancel()
            self._card.forget()

    async def _answer(self, before: Tried, after: Tried | None, question: str) -> None:
        card = self._card
        card.before.wait(say("{name} is typing…", name=before.persona.name))
        card.after.wait(
            say("Next…") if after is not None else say("Change something, ask again, and compare.")
        )
        draft = await self._preview.answer(before.persona, question, card.before.grow, before.book)
        card.before.grow(draft.text)
        card.before.by.setText(draft.model)
        if after is not None:
            card.after.wait(say("{name} is typing…", name=after.persona.name))
            draft = await self._preview.answer(after.persona, question, card.after.grow, after.book)
            card.after.grow(draft.text)
            card.after.by.setText(draft.model)

    def _not_answered(self, trouble: Explained) -> None:
        self._card.forget()
        self._card.before.wait(f"{trouble.what} {trouble.step}")

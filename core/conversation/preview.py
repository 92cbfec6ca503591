"""What a persona would answer, tried out: the same prompt and the same brain as a turn, and nothing kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from core.conversation import prompt, reply
from core.conversation.context import Context
from core.conversation.desk import Desk
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.conversation.record import stored
from core.conversation.reply import Draft
from core.persona.identity import Persona

PLACE = Place(Realm.PRACTICE, 3, "practice", guild_id=2, guild_name="Practice", is_public=True)
ASKER = Author(4, "Robin")
_SEED = 20_260_105  # always the same, so that two answers differ by their personas, not by chance


class Preview:
    """Lets personas answer a question without a turn: nothing of it is written down.

    Args:
        desk: what a turn works with.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(
        self,
        persona: Persona,
        question: str,
        growing: Callable[[str], None],
        book: Mapping[str, Any] | None = None,
    ) -> Draft:
        """Ask the brain that answers now. Cancelling the task stops the model.

        Args:
            persona: as it is on the form, kept or not.
            book: its lorebook as plain values, or None.
            growing: called with all of the answer so far, whenever there is more of it.

        Raises:
            core.errors.BrainError: nothing could answer, or it failed.
        """
        desk = replace(self._desk, seeded=True, chance=Random(_SEED))
        now = desk.clock.now()
        asked = IncomingMessage(1, PLACE, ASKER, question, now, mentions_me=True)
        lorebook = json.dumps(book).encode() if book else None
        context = Context(PLACE, asked, (stored(asked),), (ASKER.name,), now, lorebook=lorebook)
        made = await prompt.compose(persona, context, await desk.settings.every(), desk)
        return await reply.generate(made, desk, growing)

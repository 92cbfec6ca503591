"""Memory as tools: recall, remember, correct, forget.

A person can only change what is remembered of themselves: the tools take no name, and who is meant is
whoever is being answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Protocol

from pydantic import Field, StringConstraints

from core.conversation.context import what_may_be_told
from core.conversation.message import Author, Place
from core.conversation.toolbox import Arguments, At, Refused, Tool, trusted_only
from core.figures import day_for_a_model
from core.memory.recall import Question
from core.safety.clean import one_line
from db.messages import StoredMessage

MOST_RECALLED = 5

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=300)]


class MemoryTools(Protocol):
    """What the memory does for a person who asks for it. Every change is theirs and of themselves."""

    async def remember(self, who: Author, place: Place, message_id: int, fact: str) -> str:
        """Keep a fact about `who`, said in `message_id`; answers it as it was kept.

        Raises:
            core.errors.EchodeckError: it is no fact that may be kept.
        """
        ...

    async def correct(self, who: Author, place: Place, message_id: int, wrong: str, right: str) -> str | None:
        """Put `right` in place of the fact about `who` that fits `wrong` best; None when none fits."""
        ...

    async def forget(self, who: Author, place: Place, what: str) -> Sequence[str]:
        """Forget the facts about `who` that `what` describes; answers them."""
        ...


class Wanted(Arguments):
    question: Annotated[Words, Field(description="what to look for, in a few words")]


class Fact(Arguments):
    fact: Annotated[Words, Field(description="one fact about the person you are answering, as they said it")]


class Correction(Arguments):
    wrong: Annotated[Words, Field(description="what you remember wrongly about them")]
    right: Annotated[Words, Field(description="what is true, as they said it")]


class Forgotten(Arguments):
    what: Annotated[Words, Field(description="what they want you to forget about them")]


async def _recall(takes: Wanted, at: At) -> str:
    """Old messages that may be told here; what was said behind another wall stays there."""
    recall = at.desk.recall
    if recall is None:
        raise Refused("nothing can be recalled just now")
    where = await what_may_be_told(at.place, at.desk)
    question = Question(takes.question, where, at.asker.id, await recall.speakers(where))
    found = await recall.recall(question, MOST_RECALLED)
    return "\n".join(_row(each.message) for each in found) or "Nothing comes to mind."


def _row(message: StoredMessage) -> str:
    return f"{day_for_a_model(message.sent_at)}, {one_line(message.author_name)}: {one_line(message.text)}"


def recall_tool() -> Tool[Wanted]:
    """Looking things up in what was said before."""
    return Tool("recall", "Look for something that was said here before.", Wanted, _recall)


def memory_tools(memory: MemoryTools) -> tuple[Tool[Any], ...]:
    """Changing what is remembered of the person who is answered."""

    async def remember(takes: Fact, at: At) -> str:
        return f"Kept: {await memory.remember(at.asker, at.place, at.message_id, takes.fact)}"

    async def correct(takes: Correction, at: At) -> str:
        kept = await memory.correct(at.asker, at.place, at.message_id, takes.wrong, takes.right)
        return f"Kept: {kept}" if kept is not None else "There is nothing like that to correct."

    async def forget(takes: Forgotten, at: At) -> str:
        gone = await memory.forget(at.asker, at.place, takes.what)
        return f"Forgotten: {'; '.join(gone)}" if gone else "There is nothing like that to forget."

    return (
        Tool("remember", "Remember a fact about the person you answer.", Fact, remember, trusted_only),
        Tool("correct", "Correct what you remember about them.", Correction, correct, trusted_only),
        Tool("forget", "Forget something about them, when they ask.", Forgotten, forget, most=1),
    )

"""How the transcript reads to a model: each line carries its writer's name and stays one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from core.conversation import emotes
from core.llm.brain import ChatMessage
from core.safety.clean import normal, one_line
from core.safety.poison import reads_like_instruction
from core.safety.suspicion import suspect
from db.messages import StoredMessage

LONGEST_NAME = 48  # characters; Discord's nicknames have 32
_NO_NAME = re.compile(r"[.:!?;|<>{}\[\]⟦⟧\"“”«»`*/\\]+")
STRETCH = 24  # lines, on average
_SPREAD, _RANGE = 2_654_435_761, 2**32  # Knuth's multiplicative hash


def begins_stretch(line: StoredMessage) -> bool:
    """May a transcript that is too long begin with this line?

    Decided by the line's own id, about one line in `STRETCH`: where a transcript begins stays the same
    while lines are added at its end, and the model's prefix cache holds.
    """
    return line.row_id * _SPREAD % _RANGE < _RANGE // STRETCH


def stretches(lines: Sequence[StoredMessage]) -> tuple[int, ...]:
    """The positions at which a transcript may begin."""
    return (0, *(at for at, line in enumerate(lines) if at and begins_stretch(line)))


def named(name: str) -> str:
    """A name as it stands before a colon: nothing in it can look like another line or another name."""
    return one_line(name).replace(":", " ")


def called(name: str, otherwise: str = "somebody") -> str:
    """A name as it may stand in what speaks as the system: some words without the marks of sentences.

    Args:
        otherwise: what stands there for a name that is none, but an order.
    """
    pieces = [" ".join(piece.split()) for piece in _NO_NAME.split(one_line(name))]
    plain = " ".join(filter(None, pieces))[:LONGEST_NAME].strip()
    orders = any(reads_like_instruction(piece) for piece in (plain, *pieces))
    return otherwise if not plain or orders or suspect(name).is_suspected else plain


def spoken(line: StoredMessage) -> str:
    """A line as the model reads it."""
    if line.is_self:
        return emotes.plain(normal(line.text)).strip()
    files = (line.extras or {}).get("attachments") or []
    shown = "".join(f" [file: {one_line(str(name))}]" for name in files)
    return f"{named(line.author_name)}{_to(line)}: {one_line(line.text)}{shown}"


def _to(line: StoredMessage) -> str:
    """Whom a line answers, where Discord says so: in a full channel nothing else tells."""
    other = (line.extras or {}).get("replies_to")
    return f" (to {named(str(other))})" if other else ""


def talk(lines: Sequence[StoredMessage]) -> list[ChatMessage]:
    """The lines as a chat: people together as the user, the bot as the assistant."""
    said: list[ChatMessage] = []
    for line in lines:
        role: Literal["assistant", "user"] = "assistant" if line.is_self else "user"
        if said and said[-1].role == role:
            said[-1] = ChatMessage(role, f"{said[-1].content}\n{spoken(line)}")
        else:
            said.append(ChatMessage(role, spoken(line)))
    return said

"""What is kept of a turn: everything that "why did it say that?" needs, as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.feelings import relationship
from core.feelings.state import State

if TYPE_CHECKING:
    from core.conversation.turn import Turn


def trace_of(turn: Turn) -> dict[str, Any]:
    """Everything "why did it say that?" needs, as plain values."""
    kept: dict[str, Any] = {
        "timings_ms": {name: round(took, 2) for name, took in turn.timings_ms.items()},
        "burst": [message.id for message in turn.burst],
    }
    if turn.address is not None:
        kept["score"] = turn.address.score
    if turn.persona is not None:
        kept["persona"] = turn.persona.name
        kept["persona_id"] = turn.persona_id
    if turn.feelings is not None:
        kept["feelings"] = turn.feelings.as_plain() | {"relationship": towards(turn.feelings)}
    if turn.suspicion.score:
        kept["suspicion"] = {"score": turn.suspicion.score, "signs": list(turn.suspicion.signs)}
    if turn.uses and turn.draft is None:
        kept["tools"] = [use.for_trace() for use in turn.uses]
    if turn.prompt is not None:
        kept |= turn.prompt.for_trace()
        kept |= _sources(turn)
    if turn.draft is not None:
        kept |= turn.draft.for_trace()
    return kept


def _sources(turn: Turn) -> dict[str, Any]:
    """Where the prompt comes from: the messages by row id, and all who are in it by platform id."""
    assert turn.context is not None
    assert turn.prompt is not None
    said = (*turn.context.chain, *turn.context.transcript)
    memories = tuple(memory.message for memory in turn.prompt.memories)
    writers = (line.author_id for line in (*said, *memories) if not line.is_self)
    about = (known.platform_id for known in turn.prompt.facts)
    lived = (each for happened in turn.prompt.episodes for each in happened.people)
    asked = (message.author.id for message in turn.burst)
    return {
        "people": list(dict.fromkeys((*asked, *writers, *about, *lived))),
        "lines": [line.row_id for line in said],
    }


def towards(state: State) -> dict[str, int] | None:
    """How it stands with the person of the turn, in the whole numbers that hosts see."""
    if state.bond is None:
        return None
    shown = relationship.shown(state.bond.metrics)._asdict()
    return {name: int(value) for name, value in shown.items()}

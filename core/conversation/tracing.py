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
    if turn.feelings is not None:
        kept["feelings"] = turn.feelings.as_plain() | {"relationship": towards(turn.feelings)}
    if turn.prompt is not None:
        kept |= turn.prompt.for_trace()
    if turn.draft is not None:
        kept |= turn.draft.for_trace()
    return kept


def towards(state: State) -> dict[str, int] | None:
    """How it stands with the person of the turn, in the whole numbers that hosts see."""
    if state.bond is None:
        return None
    shown = relationship.shown(state.bond.metrics)._asdict()
    return {name: int(value) for name, value in shown.items()}

"""What was chosen for a place alone: for its server, its channel, its thread, the nearest counting most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.conversation.message import Place
from core.conversation.quiet import EVERYWHERE
from core.persona.identity import KeptPersona, Personas
from db import channel_settings, personas
from db.base import Database
from db.store import Store


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen; None where nothing was.

    Attributes:
        active: False switches the bot off here.
        talkativeness: 0–10. persona_id: who the bot is here.
        language: the code of the language to speak here.
        muted_until: it says nothing here before this moment, UTC.
    """

    active: bool = True
    talkativeness: float | None = None
    persona_id: int | None = None
    muted_until: datetime | None = None
    language: str | None = None


async def chosen_for(place: Place, store: Store) -> Choices:
    """Read what was chosen, at this moment."""
    return _read(await store.run(_values, place))


async def persona_for(choices: Choices, personas: Personas) -> KeptPersona | None:
    """Who the bot is here: the persona chosen for the place while it is there, else the active one."""
    if choices.persona_id is not None:
        for kept in await personas.every():
            if kept.id == choices.persona_id:
                return kept
    return await personas.active()


def _values(db: Database, place: Place) -> dict[str, Any]:
    # What is chosen for a whole server is kept under the server's own id.
    wider = (EVERYWHERE, place.guild_id, place.parent_id, place.channel_id)
    found: dict[str, Any] = {}
    mutes: list[Any] = []
    for channel_id in (each for each in wider if each is not None):
        chosen = channel_settings.get(db, place.realm, channel_id)
        mutes.append(chosen.get("muted_until"))
        if _is_put_away(db, chosen.get("persona_id")):
            del chosen["persona_id"]  # then whoever was chosen for what the place belongs to
        found |= chosen
    # The longest mute counts: an old one of the channel's does not undo the host's.
    found["muted_until"] = max((mute for mute in mutes if mute is not None), key=_moment, default=None)
    return found


def _is_put_away(db: Database, persona_id: object) -> bool:
    kept = personas.get(db, persona_id) if isinstance(persona_id, int) else None
    return persona_id is not None and (kept is None or kept.archived)


def _read(values: dict[str, Any]) -> Choices:
    until = values.get("muted_until")
    return Choices(
        active=values.get("active") is not False,
        talkativeness=None if values.get("talkativeness") is None else float(values["talkativeness"]),
        persona_id=values.get("persona_id"),
        muted_until=_moment(until) if until is not None else None,
        language=values.get("language") or None,
    )


def _moment(value: object) -> datetime:
    """A moment as it is kept: seconds since 1970, or ISO text."""
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, UTC)
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""The sample persona's lorebook, for the tour."""

from __future__ import annotations

from typing import Any

from core.app import App

_ENTRIES: tuple[tuple[str, tuple[str, ...], str, dict[str, Any]], ...] = (
    (
        "The harbour",
        ("harbour", "harbor", "pier"),
        "Port Lorne has eleven moorings; the twelfth belongs to nobody, and nobody ties up there after dark.",
        {},
    ),
    ("Bosun", ("bosun", "cat"), "Bosun is a one-eyed cat who outranks {{char}} and sleeps on Margaret.", {}),
    (
        "Margaret",
        ("margaret", "radio"),
        "Margaret is a valve radio from 1951. She gets long wave on Sundays only.",
        {"secondary_keys": ["broken", "repair"], "selective": True},
    ),
    ("The weather", (), "It is always a little foggy.", {"constant": True}),
    ("The storm of '87", ("storm", "1987"), "Nobody speaks of it.", {"enabled": False}),
)


async def give(app: App, persona_id: int) -> None:
    """Give a persona the lorebook."""
    kept = await app.personas.get(persona_id)
    entries = [
        {
            **{"id": number, "keys": list(keys), "secondary_keys": [], "comment": name, "content": content},
            **{"enabled": True, "constant": False, "selective": False, "insertion_order": 100 + number},
            **{"position": "after_char", "extensions": {}},
            **more,
        }
        for number, (name, keys, content, more) in enumerate(_ENTRIES)
    ]
    book = {"scan_depth": 4, "extensions": {}, "entries": entries}
    await app.belongings.change(persona_id, kept.persona, book)

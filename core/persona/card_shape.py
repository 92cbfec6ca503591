"""The shapes in which cards go around: V2 and V3 with their fields in `data`, with the `spec` forgotten or
the `data` missing; the flat V1; and the one of Pygmalion's days, whose fields have other names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

SPECS = ("chara_card_v2", "chara_card_v3")
LOREBOOK = "lorebook_v3"
_TELLING = ("description", "personality", "scenario", "first_mes", "mes_example", "system_prompt")
_OLD_NAMES = {
    "char_name": "name",
    "char_persona": "description",
    "world_scenario": "scenario",
    "char_greeting": "first_mes",
    "example_dialogue": "mes_example",
}
_AROUND = ("spec", "spec_version", "data")
_DEEPEST = 100


def fields_of(card: object) -> dict[str, Any]:
    """The fields of a card, by the names of V2.

    Raises:
        ValueError: it is not a card.
    """
    if not isinstance(card, dict):
        raise ValueError("a card is an object")
    if is_wrapped(card):
        fields: dict[str, Any] = card["data"]
        return fields
    flat: dict[str, Any] = card
    if "char_name" in card and "name" not in card:
        flat = {_OLD_NAMES.get(name, name): value for name, value in flat.items()}
    if not _tells(flat):
        raise ValueError("a card has a name and says something of who that is")
    return flat


def is_wrapped(card: Mapping[str, Any]) -> bool:
    """Are its fields in `data`?"""
    fields, spec = card.get("data"), card.get("spec")
    if not isinstance(fields, dict) or spec == LOREBOOK:
        return False
    return _tells(fields) or (spec in SPECS and "name" in fields)


def unwrapped(card: dict[str, Any]) -> dict[str, Any]:
    """The fields of a card that is not wrapped, without what belongs around them."""
    return {name: value for name, value in fields_of(card).items() if name not in _AROUND}


def is_too_deep(values: object) -> bool:
    """Are plain values nested deeper than anybody nests them by hand?"""
    level = [values]
    for _ in range(_DEEPEST):
        level = [inside for each in level for inside in _inside(each) if isinstance(inside, dict | list)]
        if not level:
            return False
    return True


def _inside(values: object) -> Iterable[object]:
    if isinstance(values, dict):
        return values.values()
    return values if isinstance(values, list) else ()


def _tells(fields: Mapping[str, Any]) -> bool:
    return "name" in fields and any(name in fields for name in _TELLING)

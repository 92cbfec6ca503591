"""SillyTavern's world info files, and lorebooks on their own, read into a card's lorebook.

The names are those SillyTavern itself gives when it puts a world into a card, so that a book goes through
here and through SillyTavern the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_IN_EXTENSIONS = {
    "position": "position",
    "excludeRecursion": "exclude_recursion",
    "preventRecursion": "prevent_recursion",
    "delayUntilRecursion": "delay_until_recursion",
    "displayIndex": "display_index",
    "probability": "probability",
    "useProbability": "useProbability",
    "depth": "depth",
    "selectiveLogic": "selectiveLogic",
    "outletName": "outlet_name",
    "group": "group",
    "groupOverride": "group_override",
    "groupWeight": "group_weight",
    "scanDepth": "scan_depth",
    "caseSensitive": "case_sensitive",
    "matchWholeWords": "match_whole_words",
    "useGroupScoring": "use_group_scoring",
    "automationId": "automation_id",
    "role": "role",
    "vectorized": "vectorized",
    "sticky": "sticky",
    "cooldown": "cooldown",
    "delay": "delay",
    "matchPersonaDescription": "match_persona_description",
    "matchCharacterDescription": "match_character_description",
    "matchCharacterPersonality": "match_character_personality",
    "matchCharacterDepthPrompt": "match_character_depth_prompt",
    "matchScenario": "match_scenario",
    "matchCreatorNotes": "match_creator_notes",
    "triggers": "triggers",
    "ignoreBudget": "ignore_budget",
}
_OWN = ("uid", "key", "keysecondary", "comment", "content", "constant", "selective", "order", "disable")


def is_world(values: object) -> bool:
    """Is it a world info file, a lorebook of V3 on its own, or a card's lorebook alone?"""
    if not isinstance(values, Mapping):
        return False
    if values.get("spec") == "lorebook_v3":
        values = values.get("data")
    entries = values.get("entries") if isinstance(values, Mapping) else None
    return isinstance(entries, (Mapping, list))


def as_book(values: object) -> dict[str, Any]:
    """The card's lorebook of a world info file.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(values, Mapping) or not is_world(values):
        raise ValueError("it is not a lorebook")
    if values.get("spec") == "lorebook_v3":
        return dict(values["data"])
    entries = values["entries"]
    if isinstance(entries, list):
        return dict(values)
    rest = {key: value for key, value in values.items() if key not in ("entries", "originalData")}
    found = [_entry(each) for each in entries.values() if isinstance(each, Mapping)]
    more = rest.get("extensions")
    return rest | {"extensions": more if isinstance(more, Mapping) else {}, "entries": found}


def _entry(raw: Mapping[str, Any]) -> dict[str, Any]:
    extensions = {theirs: raw[ours] for ours, theirs in _IN_EXTENSIONS.items() if ours in raw}
    known = {*_IN_EXTENSIONS, *_OWN, "extensions"}
    unknown = {key: value for key, value in raw.items() if key not in known}
    more = raw.get("extensions")
    return {
        "id": raw.get("uid"),
        "keys": _list(raw.get("key")),
        "secondary_keys": _list(raw.get("keysecondary")),
        "comment": raw.get("comment", ""),
        "content": raw.get("content", ""),
        "constant": raw.get("constant") is True,
        "selective": raw.get("selective") is True,
        "insertion_order": raw.get("order", 100),
        "enabled": raw.get("disable") is not True,
        "position": "before_char" if raw.get("position") in (0, None) else "after_char",
        "extensions": (dict(more) if isinstance(more, Mapping) else {}) | unknown | extensions,
    }


def _list(value: object) -> list[Any]:
    if isinstance(value, str):
        return [key.strip() for key in value.split(",") if key.strip()]
    return list(value) if isinstance(value, list) else []


def together(one: Mapping[str, Any] | None, other: Mapping[str, Any]) -> dict[str, Any]:
    """Two books as one: the entries of the second behind those of the first, their ids made new."""
    if one is None or not one.get("entries"):
        return dict(other)
    ids = [each.get("id") for each in one["entries"] if isinstance(each, Mapping)]
    free = 1 + max((each for each in ids if isinstance(each, int)), default=len(ids) - 1)
    added = [
        dict(each) | {"id": free + at} if isinstance(each, Mapping) else each
        for at, each in enumerate(other["entries"])
    ]
    return dict(one) | {"entries": [*one["entries"], *added]}

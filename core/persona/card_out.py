"""A persona on its way out, as a character card: V2, V3, or both in one PNG.

A persona that came as a card goes out as that card: only what was changed here is written anew, and every
field and extension that Echodeck does not know stays as it was. What a card has no field for (temper,
quirks, what is never said) lies in `extensions.echodeck`, under a seal over the fields everybody knows, so
that a card changed elsewhere is read by its fields again.
"""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.persona import card as cards
from core.persona import png
from core.persona.card_shape import is_wrapped, unwrapped
from core.persona.identity import Persona

V2, V3 = "chara_card_v2", "chara_card_v3"
_FIELDS_V2: Mapping[str, Any] = {
    **dict.fromkeys(("name", "description", "personality", "scenario", "first_mes", "mes_example"), ""),
    **dict.fromkeys(("creator_notes", "system_prompt", "post_history_instructions"), ""),
    "alternate_greetings": [],
    "tags": [],
    "creator": "",
    "character_version": "",
    "extensions": {},
}
_ALSO_V3: Mapping[str, Any] = {"group_only_greetings": []}


@dataclass(frozen=True, slots=True)
class Included:
    """What goes out.

    Attributes:
        book: its lorebook. examples: example lines. own: temper, quirks and all else that only Echodeck
            knows, in `extensions`. origin: what came with its card: notes, creator, other extensions.
    """

    book: bool = True
    examples: bool = True
    own: bool = True
    origin: bool = True


EVERYTHING = Included()


def to_card(
    persona: Persona,
    *,
    card: Mapping[str, Any] | None = None,
    book: Mapping[str, Any] | None = None,
    spec: str | None = None,
    included: Included = EVERYTHING,
) -> dict[str, Any]:
    """The card of a persona, as plain values.

    Args:
        card: the one it came with, or None. book: its lorebook, or None.
        spec: V2 or V3; None: as it came, V2 where it came as none.
    """
    made = _begun(card if included.origin else None, spec)
    fields = made["data"]
    if not included.examples:
        persona = persona.model_copy(update={"examples": ()})
    if card is None or not included.origin or cards.from_card(card) != persona:
        _write(persona, fields, cards.from_card(card) if card is not None and included.origin else None)
        _mirror(made)
        _write_own(persona, fields, wanted=included.own)
    if not included.own:
        _write_own(persona, fields, wanted=False)
    if book is not None and included.book:
        fields["character_book"] = copy.deepcopy(dict(book))
    elif _has_book(fields):
        del fields["character_book"]
    return made


def as_json(card: Mapping[str, Any]) -> bytes:
    """A card as the content of a file."""
    return json.dumps(card, ensure_ascii=False, indent=2, allow_nan=False).encode("utf-8", "backslashreplace")


def as_png(picture: bytes, persona: Persona, **wanted: Any) -> bytes:
    """The picture with the card in it: V2 and V3 side by side, as most programs write them.

    Args:
        picture: a PNG. wanted: as for `to_card`, but for the spec.

    Raises:
        ValueError: it is no whole PNG.
    """
    both = {"chara": to_card(persona, spec=V2, **wanted), "ccv3": to_card(persona, spec=V3, **wanted)}
    return png.with_texts(picture, {keyword: _packed(card) for keyword, card in both.items()})


def _packed(card: Mapping[str, Any]) -> bytes:
    return base64.b64encode(json.dumps(card, allow_nan=False).encode("ascii"))


def _begun(card: Mapping[str, Any] | None, spec: str | None) -> dict[str, Any]:
    """The card it came with, or an empty one; of the spec that is wanted."""
    if card is None:
        made: dict[str, Any] = {"spec": spec or V2, "spec_version": "", "data": {}}
    elif is_wrapped(card):
        made = copy.deepcopy(dict(card))
    else:  # V1: its fields are the card, and what else it has stays beside them
        made = {"spec": spec or V2, "spec_version": "", "data": copy.deepcopy(unwrapped(dict(card)))}
    came = card.get("spec") if card is not None and is_wrapped(card) else None
    wanted = spec or came or V2
    if wanted != came:
        made["spec"], made["spec_version"] = wanted, "3.0" if wanted == V3 else "2.0"
        defaults = {**_FIELDS_V2, **(_ALSO_V3 if wanted == V3 else {})}
        made["data"] = copy.deepcopy(defaults) | made["data"]
    return made


def _write(persona: Persona, fields: dict[str, Any], before: Persona | None) -> None:
    """Write what differs from the persona the fields were read as; everything, where there was none."""
    tags_were_traits = before is not None and not _is_list(fields) and bool(before.traits)

    def differs(*names: str) -> bool:
        return before is None or any(getattr(persona, name) != getattr(before, name) for name in names)

    if differs("name"):
        fields["name"] = persona.name
    if differs("nicknames"):
        fields.pop("nickname", None)
        if persona.nicknames:
            fields["nickname"] = persona.nicknames[0]
    traits, lore = differs("traits"), differs("lore", "quirks", "summary", "style")
    if lore or (traits and tags_were_traits):
        fields["description"] = _description(persona)
        fields["scenario"] = ""
        traits = True
    if traits:
        fields["personality"] = ", ".join(persona.traits)
    if differs("style"):
        fields["system_prompt"] = persona.style
    if differs("examples"):
        first, *rest = persona.examples or ("",)
        fields["first_mes"] = first
        fields["mes_example"] = "\n".join(f"<START>\n{{{{char}}}}: {line}" for line in rest)


def _is_list(fields: Mapping[str, Any]) -> bool:
    """Is the personality a list of traits, and not prose?"""
    personality = fields.get("personality")
    return isinstance(personality, str) and len(personality.split(",")) > 1


def _description(persona: Persona) -> str:
    summary = persona.summary
    has_summary = not summary or any(summary.rstrip("…") in line for line in persona.lore[:1])
    return "\n".join((*(() if has_summary else (summary,)), *persona.lore, *persona.quirks))


def _mirror(made: dict[str, Any]) -> None:
    """The fields of V1 that some programs repeat beside `data` say the same again."""
    for field in cards.TEXTS:
        if field in made and field in made["data"]:
            made[field] = made["data"][field]


def _write_own(persona: Persona, fields: dict[str, Any], *, wanted: bool) -> None:
    """What only Echodeck knows, where the fields alone would not say it all."""
    extensions = fields.get("extensions")
    extensions = dict(extensions) if isinstance(extensions, dict) else {}
    extensions.pop(cards.OWN, None)
    fields["extensions"] = extensions
    if wanted and cards.from_card({"spec": V2, "data": fields}) != persona:
        own = {"persona": persona.model_dump(mode="json"), "seal": cards.seal(fields)}
        fields["extensions"] = extensions | {cards.OWN: own}


def _has_book(fields: Mapping[str, Any]) -> bool:
    book = fields.get("character_book")
    return isinstance(book, dict) and isinstance(book.get("entries"), list)

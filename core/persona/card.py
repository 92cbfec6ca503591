"""Character cards, as other programs write them, read into a persona.

Reads V2 (`chara_card_v2`), the same fields of V3, and the flat V1. A card is somebody else's text:
its limits are ours, and what a field cannot hold becomes lore.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import CardUnreadable
from core.persona.form import limits
from core.persona.identity import Persona

log = logging.getLogger(__name__)

LARGEST_BYTES = 2_000_000
_LONGEST_TRAIT = 40

_CHAR = re.compile(r"\{\{char\}\}|<bot>|<char>", re.IGNORECASE)
_USERS = re.compile(r"(?:\{\{user\}\}|<user>)['’]s\b", re.IGNORECASE)
_USER = re.compile(r"\{\{user\}\}|<user>", re.IGNORECASE)
_OTHER_MACROS = re.compile(r"\{\{[^{}]{0,500}\}\}")
_SPEAKER = re.compile(r"(?m)^\s*(\{\{char\}\}|\{\{user\}\}|<bot>|<user>|[^:\n]{1,80}):", re.IGNORECASE)
_START = re.compile(r"<start>", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+")


def read_card(path: Path) -> Persona:
    """The persona of a character card.

    Raises:
        CardUnreadable: no such file, not JSON, not a card, or larger than 2 MB.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
        if len(raw) > LARGEST_BYTES:
            raise ValueError("it is too large")
        return from_card(json.loads(raw.decode("utf-8-sig")))
    except (OSError, ValueError, RecursionError) as error:
        raise CardUnreadable(path=str(path)) from error


def from_card(card: object) -> Persona:
    """The persona of a card's plain values.

    Raises:
        ValueError: it is not a card.
    """
    fields = _fields(card)
    name = _plain(fields.get("name"), "").strip()
    if not name:
        raise ValueError("a card has a name")
    longest = limits()["name"].longest or len(name)
    name = name[:longest].strip()
    description = _plain(fields.get("description"), name)
    personality = _plain(fields.get("personality"), name)
    manner = _plain(fields.get("system_prompt"), name)
    traits = _traits(personality)
    lore = [description, "" if traits else personality, _plain(fields.get("scenario"), name)]
    style, rest = _cut(manner, limits()["style"].longest or 0)
    return Persona(
        name=name,
        nicknames=_nicknames(fields, name),
        summary=_first_sentence(description),
        traits=_most("traits", traits or tuple(_tags(fields))),
        lore=_most("lore", tuple(line for text in (*lore, rest) for line in _lines(text))),
        style=style,
        examples=_most("examples", tuple(_examples(fields, name))),
    )


def _fields(card: object) -> dict[str, Any]:
    if not isinstance(card, dict):
        raise ValueError("a card is an object")
    spec = card.get("spec")
    fields = card.get("data") if spec in ("chara_card_v2", "chara_card_v3") else card
    if not isinstance(fields, dict) or "name" not in fields or "description" not in fields:
        raise ValueError("a card has a name and a description")
    return fields


def _plain(value: object, name: str) -> str:
    """A field's text, with the macros of cards put into words."""
    if not isinstance(value, str):
        return ""
    text = value.replace("\r\n", "\n").replace("\x00", "")
    text = _CHAR.sub(lambda _: name, text)
    text = _USER.sub("you", _USERS.sub("your", text))
    return _OTHER_MACROS.sub("", text).strip()


def _nicknames(fields: dict[str, Any], name: str) -> tuple[str, ...]:
    nickname = _plain(fields.get("nickname"), name)
    limit = limits()["nicknames"]
    fits = limit.shortest <= len(nickname) <= (limit.longest or len(nickname))
    return (nickname,) if fits and nickname and nickname != name else ()


def _first_sentence(text: str) -> str:
    first = _SENTENCE_END.split(" ".join(text.split()), maxsplit=1)[0]
    longest = limits()["summary"].longest or 0
    return first if len(first) <= longest else _cut(first, longest - 1)[0] + "…"


def _traits(personality: str) -> tuple[str, ...]:
    """The personality as traits when it is a list of them; nothing when it is prose."""
    found = [trait.strip(" .\"'“”-+") for trait in re.split(r"[,;\n+]", personality)]
    found = [trait for trait in found if trait]
    is_list = len(found) > 1 and all(len(trait) <= _LONGEST_TRAIT for trait in found)
    return tuple(dict.fromkeys(found)) if is_list else ()


def _tags(fields: dict[str, Any]) -> Iterator[str]:
    tags = fields.get("tags")
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, str) and 0 < len(tag.strip()) <= _LONGEST_TRAIT:
            yield tag.strip()


def _examples(fields: dict[str, Any], name: str) -> Iterator[str]:
    """The first message and what the character says in the example talks."""
    longest = limits()["examples"].longest or 0
    texts = [_plain(fields.get("first_mes"), name), *_own_lines(fields.get("mes_example"), name)]
    for text in texts:
        line = " ".join(text.split())
        if line:
            yield _cut(line, longest)[0]


def _own_lines(talks: object, name: str) -> Iterator[str]:
    for talk in _START.split(talks if isinstance(talks, str) else ""):
        pieces = _SPEAKER.split(talk)
        for speaker, said in zip(pieces[1::2], pieces[2::2], strict=True):
            if _CHAR.fullmatch(speaker.strip()) or speaker.strip().casefold() == name.casefold():
                yield _plain(said, name)


def _lines(text: str) -> Iterator[str]:
    """A text as lines that each fit: one a paragraph, long ones cut at the end of a sentence."""
    longest = limits()["lore"].longest or 0
    for paragraph in text.split("\n"):
        left = " ".join(paragraph.split()).removeprefix("- ").removeprefix("* ")
        while left:
            line, left = _cut(left, longest)
            yield line


def _cut(text: str, longest: int) -> tuple[str, str]:
    """As much of `text` as fits, ending with a sentence or at least a word, and the rest."""
    if len(text) <= longest:
        return text.strip(), ""
    head = text[:longest]
    ends = [end.start() for end in _SENTENCE_END.finditer(head)]
    at = ends[-1] if ends else head.rfind(" ")
    at = at if at > 0 else longest
    return text[:at].strip(), text[at:].strip()


def _most(field: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    most = limits()[field].most or len(lines)
    if len(lines) > most:
        log.warning("the card's %s has %d lines; the first %d are kept", field, len(lines), most)
    return lines[:most]

"""Character cards, as other programs write them, read into a persona.

Reads V2 (`chara_card_v2`), V3 (`chara_card_v3`) and older shapes, from JSON, the text of a PNG or CHARX. A
card is somebody else's text: its limits are ours, and what a field cannot hold becomes lore. The card itself
is kept whole beside the persona, so that nothing is lost on the way out (`core/persona/card_out.py`).
"""

from __future__ import annotations

import base64
import codecs
import json
import logging
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Any

from core.errors import CardUnreadable, PersonaInvalid
from core.persona import charx, macros, png
from core.persona.card_shape import fields_of, is_too_deep
from core.persona.form import limits
from core.persona.identity import Persona

log = logging.getLogger(__name__)

LARGEST_BYTES = 8_000_000  # of a card's text
LARGEST_FILE = 40_000_000  # of a picture with a card in it
OWN = "echodeck"  # what Echodeck keeps in `extensions`
TEXTS = (
    *("name", "nickname", "description", "personality", "scenario"),
    *("system_prompt", "first_mes", "mes_example", "tags"),
)
_LONGEST_TRAIT = 40
_LONGEST_TALKS = 200_000  # characters of example talks that are read

_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_SPEAKER = re.compile(
    r"(?m)^[^\S\n]{0,20}(\{\{char\}\}|\{\{user\}\}|<bot>|<user>|[^:\n]{1,80}):", re.IGNORECASE
)
_START = re.compile(r"<start>", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+")


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """A card as it was read.

    Attributes:
        card: all of it, as plain values. book: its lorebook, as plain values, or None.
        picture: the PNG it was in, without the card, or None.
    """

    card: dict[str, Any]
    persona: Persona
    book: dict[str, Any] | None = None
    picture: bytes | None = None


def read_card(path: Path) -> Persona:
    """The persona of a character card.

    Raises:
        CardUnreadable: no such file, no card in it, damaged, or too large.
    """
    return open_card(path).persona


def open_card(path: Path) -> OpenedCard:
    """A character card from a file, JSON or PNG.

    Raises:
        CardUnreadable: no such file, no card in it, damaged, or too large.
    """
    try:
        return opened(read_bytes(path))
    except (OSError, ValueError, RecursionError) as error:
        raise CardUnreadable(path=str(path)) from error


def read_bytes(path: Path) -> bytes:
    """A file's content, if it is not too large.

    Raises:
        OSError: it cannot be read. ValueError: it is too large.
    """
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ValueError("it is too large")
    return content


def opened(content: bytes) -> OpenedCard:
    """The card in a file's content.

    Raises:
        ValueError, RecursionError: there is none, it is damaged, or too large.
    """
    if charx.is_charx(content):
        card = as_card(plain_values(charx.card_in(content)))
        return replace(card, picture=charx.picture_in(content, fields_of(card.card)))
    if not png.is_png(content):
        return as_card(plain_values(content))
    card = _written_in(png.texts(content, ("ccv3", "chara")))
    try:
        picture = png.without_texts(content)
    except ValueError:  # cut off behind the card: the card is good all the same
        picture = None
    return OpenedCard(card.card, card.persona, card.book, picture)


def _written_in(texts: Mapping[str, bytes]) -> OpenedCard:
    """The card in the texts of a picture: V3's where it is sound, else V2's."""
    trouble: Exception = ValueError("there is no card in the picture")
    for keyword in ("ccv3", "chara"):
        if keyword in texts:
            try:
                return as_card(plain_values(_unpacked(texts[keyword])))
            except (ValueError, RecursionError) as error:
                trouble = error
    raise trouble


def _unpacked(text: bytes) -> bytes:
    """What base64 holds, in either of its alphabets, with its padding or without; JSON as it stands."""
    if text.lstrip().startswith(b"{"):
        return text
    plain = _NO_BASE64.sub(b"", text.translate(bytes.maketrans(b"-_", b"+/")))
    return base64.b64decode(plain + b"=" * (-len(plain) % 4))


def plain_values(content: bytes) -> object:
    """JSON as plain values.

    Raises:
        ValueError, RecursionError: it is no JSON, holds numbers that JSON cannot, is nested too deeply or too
            large.
    """
    if len(content) > LARGEST_BYTES:
        raise ValueError("it is too large")
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = content.decode("utf-16" if utf16 else "utf-8-sig")
    values = json.loads(text, parse_constant=_no_number, parse_float=_number)
    if is_too_deep(values):
        raise ValueError("it is nested too deeply")
    return values


def _no_number(written: str) -> float:
    raise ValueError(f"{written} is not a number")


def _number(written: str) -> float:
    number = float(written)
    return number if math.isfinite(number) else _no_number(written)


def as_card(values: object) -> OpenedCard:
    """A card from its plain values.

    Raises:
        ValueError: it is not a card.
    """
    fields = fields_of(values)
    assert isinstance(values, dict)
    book = fields.get("character_book")
    has_book = isinstance(book, dict) and isinstance(book.get("entries"), list)
    return OpenedCard(values, from_card(values), book if has_book else None)


def from_card(card: object) -> Persona:
    """The persona of a card's plain values.

    What Echodeck itself wrote beside the fields counts, unless somebody has changed the fields since.

    Raises:
        ValueError: it is not a card.
    """
    fields = fields_of(card)
    own = own_fields(fields)
    if own.get("seal") == seal(fields):
        try:
            return Persona.parse(own.get("persona"))
        except PersonaInvalid:
            log.warning("the card's own fields do not fit; its others are read")
    return _by_fields(fields)


def own_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """What Echodeck wrote into a card beside the fields that everybody knows."""
    extensions = fields.get("extensions")
    own = extensions.get(OWN) if isinstance(extensions, dict) else None
    return own if isinstance(own, dict) else {}


def seal(fields: dict[str, Any]) -> str:
    """A fingerprint of the fields that a persona is read from."""
    known = json.dumps([fields.get(field) for field in TEXTS], sort_keys=True)
    return sha256(known.encode()).hexdigest()[:32]


def _by_fields(fields: dict[str, Any]) -> Persona:
    name = " ".join(_plain(fields.get("name"), "").split())
    if not name:
        raise ValueError("a card has a name")
    longest = limits()["name"].longest or len(name)
    name = name[:longest].strip()
    char = next(iter(_nicknames(fields, name)), name)
    description = _plain(fields.get("description"), char)
    personality = _plain(fields.get("personality"), char)
    manner = _plain(fields.get("system_prompt"), char)
    traits = _traits(personality)
    lore = [description, "" if traits else personality, _plain(fields.get("scenario"), char)]
    style, rest = cut(manner, limits()["style"].longest or 0)
    return Persona(
        name=name,
        nicknames=_nicknames(fields, name),
        summary=first_sentence(description),
        traits=_most("traits", traits or _tags(fields)),
        lore=_most("lore", (line for text in (*lore, rest) for line in lines(text))),
        style=style,
        examples=_most("examples", _examples(fields, name, char)),
    )


def _plain(value: object, name: str) -> str:
    """A field's text, with the macros of cards put into words."""
    if not isinstance(value, str):
        return ""
    text = macros.whole(value).replace("\r\n", "\n").replace("\x00", "")
    return macros.in_words(text, name).strip()


def _nicknames(fields: dict[str, Any], name: str) -> tuple[str, ...]:
    nickname = _plain(fields.get("nickname"), name)
    limit = limits()["nicknames"]
    fits = limit.shortest <= len(nickname) <= (limit.longest or len(nickname))
    return (nickname,) if fits and nickname and nickname != name else ()


def first_sentence(text: str) -> str:
    """What a text begins with, short enough for a summary."""
    first = _SENTENCE_END.split(" ".join(text.split()), maxsplit=1)[0]
    longest = limits()["summary"].longest or 0
    return first if len(first) <= longest else cut(first, longest - 1)[0] + "…"


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


def _examples(fields: dict[str, Any], name: str, char: str) -> Iterator[str]:
    """The first message and what the character says in the example talks."""
    longest = limits()["examples"].longest or 0
    texts = own_lines(fields.get("mes_example"), name, char)
    for text in chain((_plain(fields.get("first_mes"), char),), texts):
        line = " ".join(text.split())
        if line:
            yield cut(line, longest)[0]


def own_lines(talks: object, name: str, char: str) -> Iterator[str]:
    """What the character itself says in example talks."""
    for talk in _START.split(talks[:_LONGEST_TALKS] if isinstance(talks, str) else ""):
        pieces = _SPEAKER.split(talk)
        for speaker, said in zip(pieces[1::2], pieces[2::2], strict=True):
            speaker = speaker.strip()
            if macros.is_char(speaker) or speaker.casefold() in (name.casefold(), char.casefold()):
                yield _plain(said, char)


def lines(text: str) -> Iterator[str]:
    """A text as lines that each fit: one a paragraph, long ones cut at the end of a sentence."""
    longest = limits()["lore"].longest or 0
    for paragraph in text.split("\n"):
        left = " ".join(paragraph.split()).removeprefix("- ").removeprefix("* ")
        while left:
            line, left = cut(left, longest)
            yield line


def cut(text: str, longest: int) -> tuple[str, str]:
    """As much of `text` as fits, ending with a sentence or at least a word, and the rest."""
    if len(text) <= longest:
        return text.strip(), ""
    head = text[:longest]
    ends = [end.start() for end in _SENTENCE_END.finditer(head)]
    at = ends[-1] if ends else head.rfind(" ")
    at = at if at > 0 else longest
    return text[:at].strip(), text[at:].strip()


def _most(field: str, lines: Iterable[str]) -> tuple[str, ...]:
    """As many lines as the field takes; the others are not even made."""
    most = limits()[field].most or 0
    kept = tuple(islice(lines, most + 1))
    if len(kept) > most:
        log.warning("the card's %s has more than %d lines; the first ones are kept", field, most)
    return kept[:most]

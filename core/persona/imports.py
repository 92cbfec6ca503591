"""A file from another program, whatever it is: a character card, a lorebook, a chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import ImportUnreadable
from core.persona import card as cards
from core.persona import charx, png, tavern_chat, world_info
from core.persona.card import OpenedCard
from core.persona.card_shape import is_wrapped
from core.persona.tavern_chat import TavernChat

ENDINGS = ("png", "json", "jsonl", "charx")


@dataclass(frozen=True, slots=True)
class OpenedBook:
    """A lorebook on its own: a card's `character_book`, and its name or its file's."""

    book: dict[str, Any]
    name: str


Opened = OpenedCard | OpenedBook | TavernChat


def open_import(path: Path) -> Opened:
    """Read a file for what it is. Takes a moment: not on the loop.

    Raises:
        ImportUnreadable: it is none of them, damaged, too large, or not there.
    """
    try:
        return _opened(cards.read_bytes(path), path)
    except (OSError, ValueError, RecursionError) as error:
        raise ImportUnreadable(path=path.name) from error


def _opened(content: bytes, path: Path) -> Opened:
    if png.is_png(content) or charx.is_charx(content):
        return cards.opened(content)
    if path.suffix.lower() == ".jsonl":
        return tavern_chat.read_chat(content)
    try:
        values = cards.plain_values(content)
    except ValueError:
        if tavern_chat.is_chat(content):
            return tavern_chat.read_chat(content)
        raise
    if isinstance(values, Mapping) and not is_wrapped(values) and world_info.is_world(values):
        book = world_info.as_book(values)
        name = book.get("name")
        return OpenedBook(book, name if isinstance(name, str) and name.strip() else path.stem)
    return cards.as_card(values)

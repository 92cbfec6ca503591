"""Cards of V3 packed as CHARX: a zip with `card.json` and the pictures that belong to it. Only the card and
its main picture are unpacked, each up to a limit, whatever the zip says of itself."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from core.persona import png

LARGEST_CARD = 8_000_000  # bytes, unpacked
LARGEST_PICTURE = 40_000_000
_BEGINS = b"PK\x03\x04"
_INSIDE = ("embeded://", "embedded://")  # the specification spells it the first way


def is_charx(content: bytes) -> bool:
    """Does it begin as a zip does?"""
    return content.startswith(_BEGINS)


def card_in(content: bytes) -> bytes:
    """The card, as JSON.

    Raises:
        ValueError: there is none, it is damaged, or too large.
    """
    return _part(content, "card.json", LARGEST_CARD)


def picture_in(content: bytes, fields: Mapping[str, Any]) -> bytes | None:
    """The card's main picture where it is a PNG in the zip, else None.

    Args:
        fields: of the card.
    """
    assets = fields.get("assets")
    icons = [each for each in assets if _is_icon(each)] if isinstance(assets, list) else []
    for icon in sorted(icons, key=lambda each: each.get("name") != "main"):
        path = next((icon["uri"][len(head) :] for head in _INSIDE if icon["uri"].startswith(head)), "")
        try:
            picture = _part(content, path, LARGEST_PICTURE)
            return png.without_texts(picture) if png.is_png(picture) else None
        except ValueError:
            continue
    return None


def _is_icon(asset: object) -> bool:
    return isinstance(asset, dict) and asset.get("type") == "icon" and isinstance(asset.get("uri"), str)


def _part(content: bytes, name: str, most: int) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed, packed.open(name) as part:
            found = part.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, RuntimeError, ValueError) as error:
        raise ValueError("the file holds no card, or is damaged") from error
    if len(found) > most:
        raise ValueError("it is too large")
    return found

"""Text that hides what it says: the plain readings of what is encoded, spelt or turned round in it.

Deterministic and bounded; each reading is only looked at, never shown or kept.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import string
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import unquote

_MOST = 4_000  # characters of one reading
_TAGS = range(0xE0020, 0xE007F)
_LEET = str.maketrans("0134578@$", "oleastbas")
_LEET_I = str.maketrans("0134578@$", "oieastbas")


def _shift(by: int) -> dict[int, int]:
    """The table that turns each letter so many places along the alphabet."""
    low, up = string.ascii_lowercase, string.ascii_uppercase
    return str.maketrans(low + up, low[by:] + low[:by] + up[by:] + up[:by])


_ROT13 = _shift(13)
_CAESAR = _shift(23)  # three back, as Caesar's own cipher is read
_MORSE_SIGNS = ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - "
_MORSE_SIGNS += "..- ...- .-- -..- -.-- --.."
_MORSE = dict(zip(_MORSE_SIGNS.split(), "abcdefghijklmnopqrstuvwxyz", strict=True))

_BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/_-]{20,}={0,2}(?![\w+/])")
_BASE32 = re.compile(r"(?<![A-Z2-7])[A-Z2-7]{24,}={0,6}(?![A-Z2-7])")
_HEX = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}[\s:]?){10,}(?![0-9a-fA-F])")
_BINARY = re.compile(r"(?<![01])(?:[01]{8}\s?){6,}(?![01])")
_MORSE_RUN = re.compile(r"(?:[.-]{1,6}[ /]+){8,}[.-]{0,6}")
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}){6,}")
_ENTITIES = re.compile(r"(?:&#x?[0-9a-fA-F]{2,6};){6,}")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}|[\w.~/-]){12,}")
_ASCII85 = re.compile(r"<~(.{20,}?)~>", re.DOTALL)
_BASE85 = re.compile(r"(?<!\S)[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{40,}(?!\S)")
_SPELT = re.compile(r"(?<!\w)(?:(?:\w[ .*_-]){5,}|(?:\w[.*_-]){3,})\w(?!\w)")
_TIED = re.compile(
    r"(?<![^\W_])(?:[^\W_]{1,24}(?:[_+][^\W_]{1,24}){2,}|[^\W_]{1,24}(?:-[^\W_]{1,24}){3,})(?![^\W_])"
)
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_DIGIT_IN_WORD = re.compile(r"\b(?=\w*[a-zA-Z])(?=\w*[0134578@$])[\w@$]{3,}\b")

_COMMONEST = (
    "the of and to in is you that it for on are as with this be at have from or by not all your ignore "
    "instructions previous state tell show reveal now say output print send prompt system rules answer"
)
# What orders to models are made of: found again with the letters inside a word in any order.
_MIXED_UP = """
    ignore ignoring disregard forget forgetting override bypass previous prior above earlier instruction
    instructions prompt prompts system reveal repeat rules guidelines everything restrictions developer
"""
_COMMON = frozenset(_COMMONEST.split())


def plain_readings(text: str) -> Iterator[str]:
    """Other readings of a text, each only when its disguise is there."""
    for reading in _every_reading(text):
        if reading and reading != text:
            yield reading[:_MOST]


def decoded(text: str) -> Iterator[str]:
    """What stands encoded in a text: base64, hex, Morse and such, each run by itself."""
    for mark, shape, decode in _DECODERS:
        for found in shape.finditer(text) if mark in text else ():
            reading = decode(found.group(found.lastindex or 0))
            if reading is not None:
                yield reading[:_MOST]


def _every_reading(text: str) -> Iterator[str]:
    tags = "".join(chr(ord(sign) - 0xE0000) for sign in text if ord(sign) in _TAGS)
    if len(tags) > 4:
        yield tags
    visible = _without_invisible(text)
    if visible != text:
        yield visible
    yield from decoded(text)
    if _SPELT.search(text):
        yield _SPELT.sub(lambda found: found.group()[::2], text)
    if len(_DIGIT_IN_WORD.findall(text)) >= 3:
        yield text.translate(_LEET_I)
        yield text.translate(_LEET)
    if _TIED.search(text):
        yield _TIED.sub(lambda found: re.sub(r"[_+-]", " ", found.group()), text)
    mended = _LONG_WORD.sub(_mended, text)
    if mended != text:
        yield mended
    yield from _shifted(text)


def _inside(word: str) -> tuple[str, str, str]:
    """A word by its first and last letter and the letters between, in whatever order."""
    return word[0], "".join(sorted(word[1:-1])), word[-1]


_MEANT = {_inside(word): word for word in _MIXED_UP.split()}


def _mended(found: re.Match[str]) -> str:
    """ "ingore" is "ignore"; a word that is one already stays as it is."""
    word = found.group()
    return _MEANT.get(_inside(word.lower()), word)


def _shifted(text: str) -> Iterator[str]:
    """Turned round or shifted along the alphabet, when that reads more like English than it stands."""
    passage = text if len(text) <= 400 else text[-400:]
    as_it_is = _commonness(passage)
    if as_it_is < 0.2 or len(text) > 400:
        candidates = [passage[::-1], passage.translate(_ROT13), passage.translate(_CAESAR)]
        if len(text) > 400:
            parts = re.split(r"(?<=[.!?:\n])\s+", text[-1200:])
            candidates = [
                part.translate(by) for part in parts if 20 < len(part) < 400 for by in (_ROT13, _CAESAR)
            ]
            candidates = [each for each in candidates if _commonness(each) > 0.25]
            as_it_is = 0.0
        for candidate in candidates:
            if _commonness(candidate) > max(0.12, as_it_is * 1.5):
                yield candidate


def _commonness(text: str) -> float:
    """The share of words that are among the commonest of English, or of orders given to models."""
    words = re.findall(r"[a-z]+", text.lower())
    return sum(word in _COMMON for word in words) / len(words) if len(words) > 3 else 0.0


def _without_invisible(text: str) -> str:
    if text.isascii():
        return text
    return "".join(sign for sign in text if unicodedata.category(sign) not in {"Cf", "Co", "Cn"})


def _readable(data: bytes) -> str | None:
    """Bytes as text, if they are text: nearly all letters, blanks and common marks."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    sane = sum(sign.isalnum() or sign in " .,!?'\"-:;()\n/@_<>=" for sign in text)
    return text if len(text) >= 8 and sane >= 0.95 * len(text) else None


def _decoded(decode: Callable[[str], bytes]) -> Callable[[str], str | None]:
    def attempt(text: str) -> str | None:
        try:
            return _readable(decode(text))
        except (ValueError, binascii.Error):
            return None

    return attempt


def _base64(text: str) -> bytes:
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(
        text[: len(text) // 4 * 4] if len(text) % 4 == 1 else text + "=" * (-len(text) % 4)
    )


def _base32(text: str) -> bytes:
    text = text.rstrip("=")
    return base64.b32decode(text + "=" * (-len(text) % 8))


def _hex(text: str) -> bytes:
    return bytes.fromhex(re.sub(r"[\s:]", "", text))


def _binary(text: str) -> bytes:
    return bytes(int(eight, 2) for eight in re.findall(r"[01]{8}", text))


def _morse(text: str) -> str | None:
    words = [[_MORSE.get(letter, "") for letter in word.split()] for word in text.split("/")]
    return " ".join("".join(word) for word in words)


def _escapes(text: str) -> str | None:
    return re.sub(r"\\[ux]([0-9a-fA-F]{4}|[0-9a-fA-F]{2})", lambda found: chr(int(found.group(1), 16)), text)


def _entities(text: str) -> str | None:
    return html.unescape(text)


def _percent(text: str) -> str | None:
    return unquote(text) if text.count("%") >= 4 else None


# What stands in every text of that form, its shape, and how it is read.
_DECODERS: tuple[tuple[str, re.Pattern[str], Callable[[str], str | None]], ...] = (
    ("", _BASE64, _decoded(_base64)),
    ("", _BASE32, _decoded(_base32)),
    ("", _HEX, _decoded(_hex)),
    ("0", _BINARY, _decoded(_binary)),
    (".. ", _MORSE_RUN, _morse),
    ("\\", _ESCAPES, _escapes),
    ("&#", _ENTITIES, _entities),
    ("%", _PERCENT, _percent),
    ("<~", _ASCII85, _decoded(base64.a85decode)),
    ("", _BASE85, _decoded(base64.b85decode)),
)

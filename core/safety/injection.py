"""Signs of prompt injection in a text, in several tongues and disguises, by hand-written rules.

The rules are resources/safety/signs.toml; this file reads a text by them. A sign says that somebody may be
trying to steer the bot; nothing is ever refused because of one.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.safety.clean import short_runs
from core.safety.disguise import plain_readings

RULES = Path(__file__).resolve().parents[2] / "resources" / "safety" / "signs.toml"
MOST_READ = 12_000  # characters; of a longer text the beginning and the end are read

_TOKEN = re.compile(r"[^\W_]+(?:_[^\W_]+)*|[.!?:\n]")
_ADDRESS = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
_LINK = re.compile(r"https?://\S+|\bwww\.\S+|\b[a-z0-9-]+\.(?:com|net|org|io|co)\b", re.IGNORECASE)
_APOSTROPHES = str.maketrans("", "", "'’‘`´")
_GAP = re.compile(r"\{G(\d+)\}")
_NAME = re.compile(r"\{([A-Z]+)\}")


@dataclass(frozen=True, slots=True)
class _Rules:
    """Compiled: by the first word, what has to follow and which sign it is; and what is searched anywhere."""

    by_word: dict[str, tuple[tuple[str, re.Pattern[str]], ...]]
    anywhere: tuple[tuple[str, re.Pattern[str]], ...]
    weights: dict[str, float]


def signs(text: str) -> dict[str, float]:
    """The signs in a text, by name, with the weight of each. Disguised text is read plainly too.

    What only shows when a disguise is taken off (reversed, base64, Leetspeak and such) has the further
    sign `disguised`: nobody hides an order by accident.
    """
    text = _shortened(text)
    found = plain_signs(text)
    for reading in plain_readings(text):
        below = plain_signs(reading)
        if sum(below.values()) >= 0.6 and not below.keys() <= found.keys():
            found = {**below, **found, "disguised": 1.0}
    return found


def plain_signs(text: str) -> dict[str, float]:
    """The signs in a text as it stands."""
    rules = _rules()
    text = short_runs(text)
    words = as_words(text)
    found = {}
    for token in _SPACED.finditer(words):
        for name, follows in rules.by_word.get(token.group(), ()):
            if name not in found and follows.match(words, token.end()):
                found[name] = rules.weights[name]
    for name, pattern in rules.anywhere:
        if name not in found and pattern.search(text):
            found[name] = rules.weights[name]
    return found


_SPACED = re.compile(r"[^ ]+")


def as_words(text: str) -> str:
    """A text as the rules read it: see resources/safety/signs.toml."""
    text = _LINK.sub(" weblink ", _ADDRESS.sub(" mailaddress ", text))
    folded = text.translate(_APOSTROPHES).casefold()
    if not folded.isascii():
        whole = unicodedata.normalize("NFKD", folded)
        folded = "".join(sign for sign in whole if unicodedata.category(sign) != "Mn")
    return " ".join(("\n", *_TOKEN.findall(folded)))


def _shortened(text: str) -> str:
    if len(text) <= MOST_READ:
        return text
    half = MOST_READ // 2
    return f"{text[:half]}\n{text[-half:]}"


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    told = tomllib.loads(RULES.read_text(encoding="utf-8"))
    words: dict[str, str] = told["words"]
    by_word: defaultdict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
    weights = {}
    for sign in told["sign"]:
        weights[sign["name"]] = sign["weight"]
        for first, follows in sign["patterns"]:
            pattern = re.compile(_filled(follows, words))
            for word in _filled(first, words).split("|"):
                by_word[word].append((sign["name"], pattern))
    anywhere = []
    for sign in told["anywhere"]:
        weights[sign["name"]] = sign["weight"]
        anywhere += [(sign["name"], re.compile(pattern)) for pattern in sign["patterns"]]
    return _Rules({word: tuple(each) for word, each in by_word.items()}, tuple(anywhere), weights)


def _filled(pattern: str, words: dict[str, str]) -> str:
    named = _NAME.sub(lambda found: words[found.group(1)], pattern)
    return _GAP.sub(lambda found: rf"(?:\w+ ){{0,{found.group(1)}}}", named)

"""Messages made fit to learn from: only the person's own words, and nothing that names or reaches anybody.

Mentions, links and emotes become tokens, code and quotes go, commands to bots are dropped, personal data
is masked. Names of other people, quoted lines and pasted logs go too: those people were not asked.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence

import numpy as np

from core.echo.style import words
from core.safety.clean import normal

SOMEONE, LINK = "@someone", "http://link"
MASK = re.compile(r"\[(?:email|phone|address|number|secret|ip)\]")
TOKEN = re.compile(rf"{SOMEONE}|#somewhere|{LINK}|{MASK.pattern}")

_BLOCK = re.compile(r"```.*?(?:```|$)", re.S)
_INLINE = re.compile(r"`+([^`\n]*)`+")
_QUOTE_TO_THE_END = re.compile(r"^\s*>>> .*", re.S | re.M)
_QUOTED_LINE = re.compile(r"^\s*>\s?.*$", re.M)
_PASTED_LINE = re.compile(
    r"^\s*(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?[\])]?\s*)(?:<[^>\n]{1,40}>|[^\s:]{1,32}:).*$"
    r"|^\s*<(?!@[!&]?\d{5})[@+~&%]?[^\s>:@#][^>:\n]{0,31}>\s.*$",
    re.M | re.I,
)
_COMMAND = re.compile(r"^\s*(?:[!$%&;~]{1,2}|[.?])[A-Za-z][\w-]*(?=\s|$)")
_EMOTE = re.compile(r"<a?(:\w{2,32}:)\d{5,20}>")
_MENTION = re.compile(r"<@[!&]?\d{5,20}>|@(?:everyone|here)\b")
_PLACE = re.compile(r"<#\d{5,20}>|<id:\w+>")
_STAMP = re.compile(r"<t:-?\d+(?::\w)?>|</[^:>]+:\d+>")
_URL = re.compile(r"<?\b(?:https?://|www\.)[^\s<>]+>?", re.I)
_SPOILER = re.compile(r"\|\|(.+?)\|\|", re.S)
_WIDE = re.compile(r"[ \t]{5,}")
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|square|sq|way|terrace|place"
    r"|pl)"
)

_PERSONAL: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+"), "[email]"),
    (
        re.compile(
            r"\b(?:password|passwd|passwort|pwd|token|api[ _-]?key|secret)\s*(?:is\s+|ist\s+|[:=]\s*)\S{4,}",
            re.I,
        ),
        "[secret]",
    ),
    (re.compile(r"\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}\b"), "[secret]"),  # Discord
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), "[secret]"),  # JSON web token
    (
        re.compile(r"\b(?:sk|pk|rk|ghp|gho|ghs|github_pat|glpat|xox[abp]|AKIA|AIza)[-_]?[\w-]{16,}"),
        "[secret]",
    ),
    (re.compile(r"\b(?=[\w+/-]{0,60}\d)(?=[\w+/-]{0,60}[a-zA-Z])[\w+-]{32,}={0,2}"), "[secret]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b"), "[number]"),  # IBAN
    (re.compile(r"\b(?:\d{4}[ -]?){3}\d{4}\b"), "[number]"),  # bank cards
    (re.compile(r"\b\d{3}-\d{2}-\d{4}\b"), "[number]"),  # social security
    (
        re.compile(
            r"\b(?!(?:10|127|0|255)\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)(?:\d{1,3}\.){3}\d{1,3}\b"
        ),
        "[ip]",
    ),
    (re.compile(r"\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b", re.I), "[ip]"),
    (
        re.compile(
            r"(?<![\w.])(?!\d{1,3}(?:\.\d{1,3}){3}\b)[+(]{0,2}(?:\d[ ()/.-]{0,3}){8,14}\d(?![\w.]*\d)(?!\w)"
        ),
        "[phone]",
    ),
    (re.compile(r"(?<![\w-])\d{3}[-.]\d{4}(?![\w-])"), "[phone]"),
    (re.compile(rf"\b\d{{1,5}}[a-z]?\s+(?:[A-Z][\w.']*\s+){{1,3}}{_STREET}\b\.?", re.I), "[address]"),
    (
        re.compile(
            r"\b[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|gasse|platz|allee)\s+\d{1,4}\s?[a-z]?\b"
        ),
        "[address]",
    ),
)


def masked(text: str) -> str:
    """The text with e-mail addresses, phone numbers, postal and network addresses, bank numbers and secrets
    replaced by tokens."""
    for pattern, token in _PERSONAL:
        text = pattern.sub(token, text)
    return text


def has_link(text: str) -> bool:
    """Does it have a link? One that a model wrote leads nowhere, or somewhere nobody meant."""
    return bool(_URL.search(text))


class Cleaner:
    """Cleans one person's messages.

    Args:
        names: what other people are called there; each becomes a token wherever it is said.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        known = sorted({name for name in names if len(name) >= 3}, key=len, reverse=True)
        every = "|".join(map(re.escape, known))
        self._names = re.compile(rf"(?<!\w)@?(?:{every})(?!\w)", re.I) if known else None

    def clean(self, text: str) -> str:
        """What is left to learn from; empty when it was a command, or all quotes, code and tokens."""
        text = _WIDE.sub("    ", normal(text))
        if _COMMAND.match(text):
            return ""
        for gone in (_BLOCK, _QUOTE_TO_THE_END, _QUOTED_LINE, _PASTED_LINE, _STAMP):
            text = gone.sub("", text)
        text = _SPOILER.sub(r"\1", _INLINE.sub(r"\1", text))
        text = _EMOTE.sub(r"\1", text)
        text = masked(_URL.sub(LINK, text))
        text = _PLACE.sub("#somewhere", _MENTION.sub(SOMEONE, text))
        if self._names is not None:
            text = self._names.sub(SOMEONE, text)
        text = re.sub(rf"^(?:\s*{SOMEONE}\s*[:,]?\s*)+", "", text)  # whom it is said to is not how it is said
        text = " ".join(line.strip() for line in text.split("\n") if line.strip())
        return text if _says_something(text) else ""


def _says_something(text: str) -> bool:
    return any(not sign.isspace() for sign in TOKEN.sub("", text))


def cleaned(raw: Sequence[str], names: Iterable[str] = ()) -> list[str]:
    """What there is to learn from in many messages: each cleaned, and none nearly the same as an earlier.

    Args:
        names: what other people are called there.
    """
    cleaner = Cleaner(names)
    left = [text for text in map(cleaner.clean, raw) if text]
    return [left[at] for at in distinct(left)]


_SALTS = np.random.default_rng(20).integers(1, 2**61, 16, dtype=np.uint64) | np.uint64(1)
_BANDS = 4
_ALIKE = 0.8
_FEWEST_WORDS = 4


def distinct(texts: Sequence[str]) -> list[int]:
    """The places of the texts that are not nearly the same as an earlier one.

    Texts of fewer than four words stay: how often somebody says "ok" is part of how they write. MinHash
    (Broder 1997) finds those that may be alike, so that the cost grows with the number of texts only.
    """
    kept = []
    seen: dict[tuple[int, bytes], frozenset[str]] = {}
    for at, text in enumerate(texts):
        found = words(text)
        if len(found) >= _FEWEST_WORDS:
            mine = frozenset(found)
            bands = _bands(mine)
            near = (seen[band] for band in bands if band in seen)
            if any(len(mine & other) >= _ALIKE * len(mine | other) for other in near):
                continue
            for band in bands:
                seen.setdefault(band, mine)
        kept.append(at)
    return kept


def _bands(found: frozenset[str]) -> list[tuple[int, bytes]]:
    hashes = np.array([zlib.crc32(word.encode()) + 1 for word in found], np.uint64)
    least = ((hashes[:, None] * _SALTS) >> np.uint64(20)).min(0)
    return [(band, least[band::_BANDS].tobytes()) for band in range(_BANDS)]

"""The other ways in which people write a name: without its dots or apostrophe, with a slip of the finger,
with digits for letters, and short for a title."""

from __future__ import annotations

import re

from core.conversation.address.listed import listed
from core.conversation.address.phrases import folded

# A German keyboard's way around a missing umlaut, and what Scandinavians do.
_TWO_FOR_ONE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "æ": "ae", "å": "aa"})
_DIGITS = str.maketrans("013457", "oieast")
_SHORT_TITLES = {
    "captain": ("cap'n", "capn", "captn"),
    "professor": ("prof",),
    "doctor": ("doc",),
    "dr": ("doc", "doctor"),
    "sergeant": ("sarge",),
    "commander": ("cmdr",),
    "mister": ("mr",),
}
_SHORTEST_SWAPPED, _SHORTEST_SLIPPED, _SHORTEST_MISTAKEN = 4, 5, 6
# Where one of these ends a word, it is another form of it rather than a slip.
_FORMS = listed("s d r n t y")


def respelt(name: str) -> str:
    """A name as it is written without its special letters: "Bärbel" is "baerbel"; "" when it has none."""
    other = name.casefold().translate(_TWO_FOR_ONE)
    return other if other != name.casefold() else ""


def short_titles(part: str) -> tuple[str, ...]:
    """What somebody with this title is called for short."""
    return _SHORT_TITLES.get(folded(part), ())


def is_slip(word: str, name: str) -> bool:
    """Is a word this name with one slip of the finger, or with digits for letters?

    Both folded. Neighbours that changed places, a letter left out or doubled, a wrong one inside: the
    longer the name, the more is forgiven, and its first letter stands unless it changed places.
    """
    if word == name or not name.isalpha():
        return False
    if not word.isalpha():
        return bool(re.search(r"[a-z]", word)) and len(word) > 2 and word.translate(_DIGITS) == name
    if abs(len(word) - len(name)) > 1:
        return False
    if len(word) == len(name):
        return _swapped_or_mistaken(word, name)
    if len(name) < _SHORTEST_SLIPPED or word[0] != name[0]:
        return False
    longer, shorter = (word, name) if len(word) > len(name) else (name, word)
    at = next((at for at in range(len(shorter)) if longer[at] != shorter[at]), len(shorter))
    if longer[:at] + longer[at + 1 :] != shorter:
        return False
    return not (at == len(shorter) and (longer is word or longer[-1] in _FORMS))


def _swapped_or_mistaken(word: str, name: str) -> bool:
    other = [at for at in range(len(word)) if word[at] != name[at]]
    if len(other) == 2 and other[1] == other[0] + 1:
        first, second = other
        return len(name) >= _SHORTEST_SWAPPED and word[first] == name[second] and word[second] == name[first]
    return len(other) == 1 and len(name) >= _SHORTEST_MISTAKEN and 0 < other[0] < len(name) - 1

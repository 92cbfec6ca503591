"""Does a text say one of the lines that a persona is never to say, or something close to it?

Looked at word by word: casing, accents, digits for letters, stretched and spaced-out letters and the
endings of words do not count. A short line is found anywhere in a text; of a longer one most of its
words in their order are enough; one of nothing but everyday words ("ok", "yes") only where it is the whole
text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from core.safety.clean import normal

_SHORT = 3  # words: of these every one has to be there
_MAY_MISS = 4  # of so many words of a longer line one may be another
_ROOM = 1.4  # how much longer than the line itself the place may be where its words stand
_LONGEST = 400  # words of a text that are looked at
_DIGITS = str.maketrans("013457@$", "oieastas")
_ENDING = re.compile(r"e?s|e?d|ings?|ers?|e?st|e|e?ns?|em|y|ie[sdr]|iest|ly|ish|ic|te?n?|as?|os?|in(?:nen)?")
_LISTED = """
    a an the i you we it is am are was and or but so to of in on at no not yes yeah yep nope ok okay hi hey
    hello bye lol haha hm hmm oh ah wow thanks please sure good nice well right what why how who ja nein und
    oder aber ich du wir es ist hallo danke bitte gut na si y o pero yo tu hola gracias bien
"""
_EVERYDAY = frozenset(_LISTED.split())


def said(text: str, never: Iterable[str]) -> str:
    """The first of the lines that a text says; "" when it says none of them."""
    words = _words(text)[:_LONGEST]
    for line in never:
        wanted = _words(line)
        if wanted and _says(words, wanted):
            return line
    return ""


def _says(words: Sequence[str], wanted: Sequence[str]) -> bool:
    if _EVERYDAY.issuperset(wanted):
        return list(words) == list(wanted)
    if len(wanted) <= _SHORT:
        reach = range(len(words) - len(wanted) + 1)
        return any(all(_same(words[at + n], word) for n, word in enumerate(wanted)) for at in reach)
    needed = len(wanted) - (len(wanted) - 1) // _MAY_MISS
    size = round(len(wanted) * _ROOM)
    return any(
        _in_order(words[at : at + size], wanted) >= needed
        for at in range(max(1, len(words) - len(wanted) // 2))
    )


def _in_order(words: Sequence[str], wanted: Sequence[str]) -> int:
    """How many of the wanted words stand there, in their order (the longest common subsequence)."""
    row = [0] * (len(wanted) + 1)
    for word in words:
        diagonal = 0
        for at, other in enumerate(wanted, 1):
            above = row[at]
            row[at] = diagonal + 1 if _same(word, other) else max(above, row[at - 1])
            diagonal = above
    return row[-1]


def _same(one: str, other: str) -> bool:
    """The same word, in whatever form: "idiot" and "idiots", "dumm" and "dummes", "party" and "parties"?"""
    if one == other:
        return True
    shared = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        shared += 1
    if shared < 3 or shared < min(len(one), len(other)) - 1:
        return False
    tails = [word[shared:] for word in (one, other)]
    return all(not tail or _ENDING.fullmatch(tail) or _doubled(tail, one[shared - 1]) for tail in tails)


def _doubled(tail: str, last: str) -> bool:
    """ "running" from "run"."""
    return tail[0] == last and _ENDING.fullmatch(tail[1:]) is not None


def _words(text: str) -> list[str]:
    bare = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", normal(text).casefold())
        if not unicodedata.combining(sign)
    )
    found = [_plain(word) for word in re.findall(r"[\w@$]+", re.sub(r"['’´`*~|]|(?<=\w)_|_(?=\w)", "", bare))]
    return _joined([word for word in found if word])


def _plain(word: str) -> str:
    """A word with its digits read as letters where it has letters, too, and without stretched letters."""
    if re.search(r"[^\W\d_]", word):
        word = word.translate(_DIGITS)
    return re.sub(r"([^\W\d_])\1{2,}", r"\1", word.strip("@$_"))


def _joined(words: Sequence[str]) -> list[str]:
    """ "i d i o t" is one word."""
    whole: list[str] = []
    letters = ""
    for word in (*words, "  "):
        if len(word) == 1:
            letters += word
            continue
        whole += [letters] if len(letters) > 3 else list(letters)
        letters = ""
        whole.append(word)
    return whole[:-1]

"""How BERT reads: text into the numbers of its vocabulary's pieces.

Devlin et al. 2018, the uncased vocabulary: lower case, accents off, cut at spaces and punctuation, each
word into the longest pieces that are known. Written out here because the libraries that do it bring a
client for downloading models with them, and this program downloads nothing unasked.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

_LONGEST_WORD = 100
_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2EBE0), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))


class WordPiece:
    """A vocabulary and how to cut text by it.

    Args:
        vocabulary: a file with one piece a line; its number is its line.
        longest: the most pieces of one text, its two marks included; the rest is not read.
    """

    def __init__(self, vocabulary: Path, longest: int) -> None:
        lines = vocabulary.read_text(encoding="utf-8").splitlines()
        self._numbers = {piece: number for number, piece in enumerate(lines)}
        self._longest = longest
        self._start, self._end = self._numbers["[CLS]"], self._numbers["[SEP]"]
        self._unknown = self._numbers["[UNK]"]

    def cut(self, text: str) -> list[int]:
        """The numbers of the text's pieces, between the two marks the model expects."""
        pieces: list[int] = []
        for word in _words(text):
            pieces += self._pieces(word)
            if len(pieces) >= self._longest - 2:
                break
        return [self._start, *pieces[: self._longest - 2], self._end]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > _LONGEST_WORD:
            return [self._unknown]
        pieces: list[int] = []
        at = 0
        while at < len(word):
            for end in range(len(word), at, -1):
                number = self._numbers.get(("##" if at else "") + word[at:end])
                if number is not None:
                    break
            else:
                return [self._unknown]
            pieces.append(number)
            at = end
        return pieces


def _words(text: str) -> list[str]:
    """Lower-case words and single marks, without accents and control characters."""
    spaced = "".join(_spaced(character) for character in text)
    plain = unicodedata.normalize("NFD", spaced.lower())
    return "".join(_apart(character) for character in plain).split()


@lru_cache(maxsize=4096)
def _spaced(character: str) -> str:
    code = ord(character)
    if character in "\t\n\r":
        return " "
    if code in (0, 0xFFFD) or unicodedata.category(character).startswith("C"):
        return ""
    return f" {character} " if any(low <= code <= high for low, high in _CJK) else character


@lru_cache(maxsize=4096)
def _apart(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Mn":
        return ""
    ascii_mark = character.isascii() and character.isprintable() and not character.isalnum()
    return f" {character} " if category.startswith("P") or (ascii_mark and character != " ") else character

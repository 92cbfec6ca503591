"""Which entries of a lorebook come into a prompt.

As SillyTavern's world info does it: keys are sought in the last messages, names included; what an entry says
may call others; constant entries are always there. The budget is V2's: the lowest rank goes first. Constant
entries take their share before the others do, so that what stands in the unchanging part of a prompt never
depends on what somebody just said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.persona import macros, patterns
from core.persona.lorebook import BUDGET_SHARE, Entry, Logic, Lorebook

MOST_ROUNDS = 10
MOST_PATTERNS = 2_000  # of a book: each has to be understood before it can be sought
LONGEST_ECHO = 60_000  # characters of called entries that are read for further keys
_SPACELESS = (  # scripts that write no spaces between words
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x2E80, 0x9FFF),
    (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


@dataclass(frozen=True, slots=True)
class Called:
    """An entry that was called.

    Attributes:
        text: what it says, macros in words.
        by: the key that called it; empty: it is constant.
        through: the entry whose words called it, or None: it was in the messages.
    """

    entry: Entry
    text: str
    by: str = ""
    through: Entry | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a scan found, in the order in which it is to stand.

    Attributes:
        constant, called: the entries of the unchanging and of the changing part.
        left_out: the ids of those the budget had no room for.
    """

    constant: tuple[Called, ...] = ()
    called: tuple[Called, ...] = ()
    left_out: tuple[str, ...] = ()


def scan(
    book: Lorebook,
    said: Sequence[str],
    *,
    char: str,
    user: str,
    budget: int,
    tokens: Callable[[str], int],
    chance: Callable[[], float],
    least_depth: int = 0,
) -> Found:
    """Find the entries that are called.

    Args:
        said: the messages as they read, with names, the newest last.
        char, user: who the persona is and who is answered, for the macros.
        budget: tokens all entries may take when the book does not say, which is that share of the window; no
            book takes more than the window. tokens: counts a text's.
        chance: answers a random number 0…1.
        least_depth: so many of the newest messages are read in any case (0: as the book says).
    """
    room = _Room(tuple(said), book.scan_depth, least_depth, char, user)
    window = round(budget / BUDGET_SHARE)
    purse = _Purse(budget if book.budget is None else min(book.budget, window), tokens)
    usable = [entry for entry in book.entries if entry.enabled and entry.content.strip()]
    constant = [Called(entry, room.words(entry, "")) for entry in usable if _is_constant(entry)]
    constant = purse.take([each for each in constant if _happens(each.entry, chance)])
    waiting = [entry for entry in usable if not _is_constant(entry)]
    called: list[Called] = []
    fresh = constant
    for number in range(MOST_ROUNDS if book.recursive else 1):
        if number and (purse.is_empty or not room.hear(fresh)):
            break
        found = [each for each in map(room.call, _reachable(waiting, again=number > 0)) if each is not None]
        tried = {id(each.entry) for each in found}
        waiting = [entry for entry in waiting if id(entry) not in tried]
        taken = purse.take([each for each in found if _happens(each.entry, chance)])
        called += taken
        fresh = taken if number else [*constant, *taken]
    return Found(_in_order(constant), _in_order(called), tuple(purse.refused))


class _Purse:
    """The tokens that entries may take: the highest rank first, and from the first that does not fit on,
    none but those that heed no budget."""

    def __init__(self, tokens: int, count: Callable[[str], int]) -> None:
        self._left = tokens
        self._count = count
        self.is_empty = False
        self.refused: list[str] = []

    def take(self, wanted: Sequence[Called]) -> list[Called]:
        """Those that may come."""
        return [each for each in sorted(wanted, key=lambda it: -it.entry.rank) if self._may(each)]

    def _may(self, each: Called) -> bool:
        if each.entry.ignores_budget:
            return True
        took = 0 if self.is_empty else self._count(each.text)
        self.is_empty = self.is_empty or took > self._left
        if self.is_empty:
            self.refused.append(each.entry.id)
            return False
        self._left -= took
        return True


def _is_constant(entry: Entry) -> bool:
    return entry.constant and not entry.use_regex  # V3: with patterns, `constant` does not count


def _reachable(waiting: Sequence[Entry], *, again: bool) -> list[Entry]:
    """The entries that can be called now: by messages, or (`again`) by what entries say too."""
    return [entry for entry in waiting if not (entry.no_recursion if again else entry.delayed)]


def _happens(entry: Entry, chance: Callable[[], float]) -> bool:
    return entry.chance >= 100.0 or chance() * 100.0 < entry.chance


def _in_order(called: Iterable[Called]) -> tuple[Called, ...]:
    return tuple(sorted(called, key=lambda each: (not each.entry.before, each.entry.order)))


class _Room:
    """What is said, as keys are sought in it: by depth, with and without capitals."""

    def __init__(self, said: tuple[str, ...], depth: int, least_depth: int, char: str, user: str) -> None:
        self._said = said
        self._depth = depth
        self._least = least_depth
        self._char = char
        self.user = user
        self._heard: list[Called] = []
        self._echo = ""
        self._texts: dict[tuple[int, bool], str] = {}
        self._steps = 0
        self._patterns: set[str] = set()

    def words(self, entry: Entry, user: str) -> str:
        """What an entry says, macros in words."""
        return macros.whole(macros.in_words(entry.content, self._char, user)).strip()

    def hear(self, called: Sequence[Called]) -> bool:
        """Read what called entries say as well; False when there is nothing new in it."""
        fresh = [each for each in called if not each.entry.quiet]
        self._heard += fresh
        told = "\n".join(each.text for each in fresh)
        self._echo = f"{self._echo}\n{told}"[:LONGEST_ECHO]
        self._texts.clear()
        return bool(told)

    def call(self, entry: Entry) -> Called | None:
        """The entry, if it is called now."""
        depth = self._depth if entry.scan_depth is None else entry.scan_depth
        text = self._text(max(depth, self._least) if depth else 0, entry.case_sensitive)
        by = self._first(entry.keys, entry, text)
        if by is None or not self._allows(entry, text):
            return None
        return Called(entry, self.words(entry, self.user), by, self._through(entry, by))

    def _through(self, entry: Entry, by: str) -> Entry | None:
        """The entry in whose words a key stands: whatever is called later than in the first round, is."""
        for each in self._heard:
            if self._stands(by, entry, _cased(each.text, entry.case_sensitive)):
                return each.entry
        return None

    def _allows(self, entry: Entry, text: str) -> bool:
        if entry.must and self._first(entry.must, entry, text) is None:
            return False
        if entry.never and self._first(entry.never, entry, text) is not None:
            return False
        if not entry.secondary or entry.use_regex:
            return True
        hits = [self._stands(key, entry, text) for key in entry.secondary]
        return {
            Logic.ANY: any(hits),
            Logic.NOT_ALL: not all(hits),
            Logic.NONE: not any(hits),
            Logic.ALL: all(hits),
        }[entry.logic]

    def _first(self, keys: Sequence[str], entry: Entry, text: str) -> str | None:
        return next((key for key in keys if self._stands(key, entry, text)), None)

    def _stands(self, key: str, entry: Entry, text: str) -> bool:
        """Does a key stand in a text?"""
        if entry.use_regex or (key.startswith("/") and patterns.is_written_as_pattern(key)):
            return self._matches(key, entry, text)
        if "{{" in key:
            key = macros.in_words(key, self._char, self.user)
        key = _cased(key, entry.case_sensitive)
        if not key or key not in text:
            return False
        # SillyTavern: keys of several words are sought as they stand.
        return not entry.whole_words or len(key.split()) > 1 or _is_word(key, text)

    def _matches(self, key: str, entry: Entry, text: str) -> bool:
        self._patterns.add(key)
        if len(self._patterns) > MOST_PATTERNS:
            return False
        found = patterns.pattern(key, bare=entry.use_regex, cased=entry.case_sensitive)
        if found is None:
            return False
        self._steps += found.steps * min(len(text), patterns.LONGEST_TEXT)
        if self._steps > patterns.MOST_STEPS:
            return False
        return found.compiled.search(self._uncased(text)) is not None

    def _uncased(self, text: str) -> str:
        """The same text with its capitals, for patterns: they say themselves whether capitals count."""
        for (depth, cased), known in self._texts.items():
            if known is text and not cased:
                text = self._text(depth, cased=True)
                break
        return text[-patterns.LONGEST_TEXT :]

    def _text(self, depth: int, cased: bool) -> str:
        known = self._texts.get((depth, cased))
        if known is None:
            known = _cased("\n".join((*self._last(depth), self._echo)), cased)
            self._texts[depth, cased] = known
        return known

    def _last(self, depth: int) -> tuple[str, ...]:
        return self._said[-depth:] if depth else ()


def _cased(text: str, cased: bool) -> str:
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return text if cased else text.casefold()


def _is_word(key: str, text: str) -> bool:
    """Does a key stand in a text as a word of its own, and not within another?"""
    at = text.find(key)
    while at >= 0:
        end = at + len(key)
        if not (_joins(text[at - 1 : at], key[0]) or _joins(key[-1], text[end : end + 1])):
            return True
        at = text.find(key, at + 1)
    return False


def _joins(one: str, other: str) -> bool:
    """Are two signs beside each other within one word? Where no spaces are written, nobody can tell."""
    return one.isalnum() and other.isalnum() and not (_is_spaceless(one) or _is_spaceless(other))


def _is_spaceless(sign: str) -> bool:
    return ord(sign) > 0xDFF and any(first <= ord(sign) <= last for first, last in _SPACELESS)

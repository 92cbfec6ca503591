"""The lorebook: entries that come into the prompt when somebody speaks of them.

A book is kept as it came, as the `character_book` of a card (V2 and V3 alike), so that nothing in it is ever
lost; what is read of it here is a view. Where the V2 specification is silent, SillyTavern's world info
decides: what lies in `extensions` under its names is heeded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

# What SillyTavern starts with (its default settings, 2026).
SCAN_DEPTH = 2  # messages
BUDGET_SHARE = 0.25  # of the model's window
LONGEST_CONTENT = 20_000  # characters of an entry that are read
MOST_ENTRIES = 5_000
MOST_KEYS = 100  # of an entry
DEEPEST_SCAN = 400  # messages

_DECORATOR = re.compile(r"@@@?([a-z_]+)[ \t]*(.*)")


class Logic(IntEnum):
    """How the secondary keys decide, numbered as SillyTavern numbers them."""

    ANY = 0
    NOT_ALL = 1
    NONE = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is applied.

    Attributes:
        id: as the book has it, else the entry's number from 0.
        keys: any of them calls it. secondary: decide by `logic` as well, where there are any.
        must: one of these has to be there too. never: none of these may be.
        order: the smaller, the further up. rank: when the budget is full, the smallest go first.
        before: it stands before the persona, not behind.
        whole_words, case_sensitive: how keys are compared. use_regex: the keys are patterns.
        scan_depth: messages that are read for it; None: as many as for the book.
        no_recursion: other entries do not call it. quiet: it calls no others.
        delayed: only other entries call it. ignores_budget: it stays in any case.
        chance: how often it comes, in percent. forced, barred: always; never.
    """

    id: str
    name: str
    content: str
    keys: tuple[str, ...] = ()
    secondary: tuple[str, ...] = ()
    logic: Logic = Logic.ANY
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    order: float = 100.0
    rank: float = 100.0
    constant: bool = False
    enabled: bool = True
    before: bool = False
    whole_words: bool = True
    case_sensitive: bool = False
    use_regex: bool = False
    scan_depth: int | None = None
    no_recursion: bool = False
    quiet: bool = False
    delayed: bool = False
    ignores_budget: bool = False
    chance: float = 100.0

    @property
    def title(self) -> str:
        """What a host calls it: its name, else its first key."""
        return self.name or next(iter(self.keys), "") or self.id


@dataclass(frozen=True, slots=True)
class Lorebook:
    """A book as it is applied.

    Attributes:
        budget: tokens all entries together may take; None: a quarter of the model's window.
        recursive: what an entry says may call others.
    """

    entries: tuple[Entry, ...] = ()
    scan_depth: int = SCAN_DEPTH
    budget: int | None = None
    recursive: bool = True


def read_book(values: object) -> Lorebook:
    """A book from its plain values. What is not as it should be is passed over, never refused."""
    if not isinstance(values, Mapping):
        return Lorebook()
    raw = values.get("entries")
    entries = raw if isinstance(raw, Sequence) and not isinstance(raw, str) else ()
    depth, budget = _number(values.get("scan_depth")), _number(values.get("token_budget"))
    return Lorebook(
        tuple(
            _entry(each, number)
            for number, each in enumerate(entries[:MOST_ENTRIES])
            if isinstance(each, Mapping)
        ),
        _depth(depth) if depth is not None else SCAN_DEPTH,
        int(budget) if budget is not None and budget > 0 else None,
        values.get("recursive_scanning") is not False,
    )


def entry_id(entry: Mapping[str, Any], number: int) -> str:
    """An entry's id, else its number from 0."""
    known = entry.get("id")
    return str(known)[:80] if isinstance(known, (str, int)) and not isinstance(known, bool) else str(number)


def _entry(raw: Mapping[str, Any], number: int) -> Entry:
    more = raw.get("extensions")
    more = more if isinstance(more, Mapping) else {}
    content, told = _decorated(_text(raw.get("content"))[:LONGEST_CONTENT])
    order = _number(raw.get("insertion_order"))
    rank = _number(raw.get("priority"))
    order = 100.0 if order is None else order
    selective = raw.get("selective") is True
    depth = _number(told.get("scan_depth", more.get("scan_depth")))
    whole = more.get("match_whole_words")
    cased = raw.get("case_sensitive", more.get("case_sensitive"))
    return Entry(
        id=entry_id(raw, number),
        name=(_text(raw.get("name")) or _text(raw.get("comment")))[:200],
        content=content,
        keys=_keys(raw.get("keys")),
        secondary=_keys(raw.get("secondary_keys")) if selective else (),
        logic=_logic(more.get("selectiveLogic")),
        must=_keys(told.get("additional_keys")),
        never=_keys(told.get("exclude_keys")),
        order=order,
        rank=order if rank is None else rank,
        constant=raw.get("constant") is True or "activate" in told,
        enabled=raw.get("enabled") is not False and ("dont_activate" not in told or "activate" in told),
        before=_is_before(raw.get("position"), more.get("position"), told.get("position")),
        whole_words=whole is not False,
        case_sensitive=cased is True,
        use_regex=raw.get("use_regex") is True,
        scan_depth=None if depth is None else _depth(depth),
        no_recursion=more.get("exclude_recursion") is True,
        quiet=more.get("prevent_recursion") is True,
        delayed=bool(more.get("delay_until_recursion")),
        ignores_budget=more.get("ignore_budget") is True,
        chance=_chance(more),
    )


def _decorated(content: str) -> tuple[str, dict[str, str]]:
    """What an entry says, and the decorators of V3 it began with; a later one of a name does not count.

    A fallback (`@@@`) counts where the decorator before it is not known here.
    """
    if not content.lstrip().startswith("@@"):
        return content, {}
    told: dict[str, str] = {}
    lines = content.lstrip().split("\n")
    settled = False
    for at, line in enumerate(lines):
        found = _DECORATOR.match(line.strip())
        if found is None:
            if line.strip():
                return "\n".join(lines[at:]).strip(), told
            continue
        settled = settled and line.strip().startswith("@@@")
        if not settled and found[1] in _DECORATORS:
            told.setdefault(found[1], found[2].strip())
            settled = True
    return "", told


_DECORATORS = (
    *("activate", "dont_activate", "scan_depth"),
    *("additional_keys", "exclude_keys", "position"),
)


def _keys(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, Sequence):
        return ()
    found = (each.strip() for each in value[:MOST_KEYS] if isinstance(each, str))
    return tuple(dict.fromkeys(each for each in found if each))


def _logic(value: object) -> Logic:
    return Logic(value) if isinstance(value, int) and value in tuple(Logic) else Logic.ANY


def _is_before(position: object, told: object, decorated: object) -> bool:
    if decorated in ("before_desc", "after_desc"):
        return decorated == "before_desc"
    if isinstance(told, int) and not isinstance(told, bool):
        return told == 0  # SillyTavern counts: 0 before the character, 1 after, others elsewhere
    return position == "before_char"


def _chance(more: Mapping[str, Any]) -> float:
    chance = _number(more.get("probability"))
    return 100.0 if chance is None or more.get("useProbability") is False else max(0.0, min(100.0, chance))


def _depth(number: float) -> int:
    return int(max(0, min(DEEPEST_SCAN, number)))


def _number(value: object) -> float | None:
    if isinstance(value, str):
        value = float(value) if re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(max(-1e9, min(1e9, value)))


def _text(value: object) -> str:
    return value.replace("\r\n", "\n").replace("\x00", "") if isinstance(value, str) else ""

"""Changes of a lorebook as a host makes them, on the plain values it is kept as.

What is not known here stays as it is.

Every function answers a new book (or entry) and leaves the one it was given alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]
Changed = dict[str, Any]

# Where a field of an entry lies when it lies in `extensions`, under SillyTavern's names.
_EXTENDED = {
    "logic": "selectiveLogic",
    "whole_words": "match_whole_words",
    "scan_depth": "scan_depth",
    "no_recursion": "exclude_recursion",
    "quiet": "prevent_recursion",
    "delayed": "delay_until_recursion",
    "chance": "probability",
}
_PLAIN = {
    "keys": "keys",
    "content": "content",
    "enabled": "enabled",
    "constant": "constant",
    "order": "insertion_order",
    "rank": "priority",
    "case_sensitive": "case_sensitive",
    "use_regex": "use_regex",
}
BOOK_FIELDS = {"scan_depth": "scan_depth", "budget": "token_budget", "recursive": "recursive_scanning"}


def entries_of(book: Values | None) -> list[Any]:
    """The entries of a book, as plain values."""
    found = book.get("entries") if book is not None else None
    return found if isinstance(found, list) else []


def with_book(book: Values | None, field: str, value: Any) -> Changed:
    """The book with another `scan_depth`, `budget` or `recursive`; None takes a number out."""
    key = BOOK_FIELDS[field]
    made = {**_whole(book), key: value}
    if value is None:
        del made[key]
    return made


def with_entry(book: Values | None, at: int, field: str, value: Any) -> Changed:
    """The book with one field of an entry changed.

    Args:
        field: as core.persona.lorebook.Entry calls it, `name` and `secondary` included.
    """
    entries = list(entries_of(book))
    entries[at] = _changed(entries[at] if isinstance(entries[at], Mapping) else {}, field, value)
    return {**_whole(book), "entries": entries}


def with_new(book: Values | None, entry: Values | None = None, at: int | None = None) -> Changed:
    """The book with one entry more, at the end or before `at`: an empty one, or a copy of `entry`."""
    entries = list(entries_of(book))
    ids = [each.get("id") for each in entries if isinstance(each, Mapping)]
    free = 1 + max((each for each in ids if isinstance(each, int)), default=-1)
    fresh = dict(entry) if entry is not None else _empty(len(entries))
    entries.insert(len(entries) if at is None else at, fresh | {"id": max(free, 0)})
    return {**_whole(book), "entries": entries}


def without(book: Values | None, at: int) -> Changed:
    """The book with one entry less."""
    entries = list(entries_of(book))
    del entries[at]
    return {**_whole(book), "entries": entries}


def _whole(book: Values | None) -> Changed:
    return {"extensions": {}, "entries": [], **(book or {})}


def _empty(number: int) -> Changed:
    return {
        "keys": [],
        "secondary_keys": [],
        "comment": "",
        "content": "",
        "constant": False,
        "selective": False,
        "insertion_order": 100 + number,
        "enabled": True,
        "position": "after_char",
        "use_regex": False,
        "extensions": {},
    }


def _changed(entry: Values, field: str, value: Any) -> Changed:
    made = dict(entry)
    if field in _PLAIN:
        made[_PLAIN[field]] = list(value) if field == "keys" else value
        if value is None:
            del made[_PLAIN[field]]
    elif field == "name":
        made["name" if made.get("name") else "comment"] = value
    elif field == "secondary":
        made["secondary_keys"], made["selective"] = list(value), bool(value)
    elif field == "before":
        made["position"] = "before_char" if value else "after_char"
        if "position" in _extensions(made):
            made = _extended(made, "position", 0 if value else 1)
    else:
        made = _extended(made, _EXTENDED[field], value)
        if field == "chance":
            made = _extended(made, "useProbability", True)
    return made


def _extended(entry: Changed, key: str, value: Any) -> Changed:
    more = {**_extensions(entry), key: value}
    if value is None:
        del more[key]
    return {**entry, "extensions": more}


def _extensions(entry: Values) -> Values:
    more = entry.get("extensions")
    return more if isinstance(more, Mapping) else {}

"""Reads lists of texts, however somebody has written them down.

JSON lines, JSON (a list, or an object of lists), CSV and TSV with or without a first line of names, and plain
text with one text a line. In objects the text is what stands under one of `NAMES`, or the only text there is.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

# Under which a text stands in an object, or in a table; the first that is there counts.
NAMES = (
    "text", "prompt", "attack", "attack_prompt", "injection", "message", "content", "input", "user_input",
    "question", "query", "instruction", "sentence", "goal", "body", "value", "user", "request", "utterance",
)  # fmt: skip
_TALKS = ("messages", "conversation", "conversations", "turns")
_LARGEST_CELL = 10_000_000


class UnreadableFileError(Exception):
    """A file of texts cannot be read. Its words say which, and why."""


def texts(file: Path) -> list[str]:
    """The texts of a file, empty ones left out.

    Raises:
        UnreadableFileError: there is no such file, or it has no texts that could be told apart.
    """
    try:
        written = file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise UnreadableFileError(f"{file}: {error.strerror or error}") from error
    if "\0" in written[:4000]:
        raise UnreadableFileError(f"{file}: is no text; JSON lines, JSON, CSV, TSV or TXT is read")
    found = [text for text in _read(file, written) if text.strip()]
    if not found:
        raise UnreadableFileError(f"{file}: holds no text")
    return found


def _read(file: Path, written: str) -> list[str]:
    kind = file.suffix.lower()
    if kind in (".jsonl", ".ndjson"):
        return _of_lines(file, written)
    if kind == ".json":
        return _of_json(file, written)
    if kind in (".csv", ".tsv"):
        return _of_table(file, written, "\t" if kind == ".tsv" else ",")
    return written.splitlines()


def _of_json(file: Path, written: str) -> list[str]:
    try:
        return list(_inside(file, json.loads(written)))
    except json.JSONDecodeError:
        return _of_lines(file, written)  # many a .json has an object a line


def _of_lines(file: Path, written: str) -> list[str]:
    found: list[str] = []
    # Not splitlines: a text may have U+2028 in it, which ends no line of JSON.
    for number, line in enumerate(written.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found += _inside(file, json.loads(line))
        except json.JSONDecodeError as error:
            raise UnreadableFileError(f"{file}, line {number}: is no JSON ({error.msg})") from error
    return found


def _inside(file: Path, value: Any) -> Iterator[str]:
    """All texts of a JSON value: a text, a list of such values, or an object."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _inside(file, each)
    elif isinstance(value, dict):
        yield from _of_object(file, value)


def _of_object(file: Path, value: dict[str, Any]) -> Iterator[str]:
    by_name = {name.casefold(): each for name, each in value.items()}
    for name in NAMES:
        if isinstance(by_name.get(name), str):
            yield by_name[name]
            return
    for name in _TALKS:
        if isinstance(by_name.get(name), list):
            yield _people_said(file, by_name[name])
            return
    nested = [each for each in value.values() if isinstance(each, list | dict)]
    plain = [each for each in value.values() if isinstance(each, str)]
    if len(plain) == 1 and not nested:
        yield plain[0]
    elif nested:
        for each in nested:
            yield from _inside(file, each)
    else:
        raise UnreadableFileError(
            f"{file}: an object has the keys {', '.join(value)}; the text should be under one of "
            f"{', '.join(NAMES)}"
        )


def _people_said(file: Path, talk: Sequence[Any]) -> str:
    """What a talk's people wrote, without what a model answered."""
    said = [
        each
        for each in talk
        if not isinstance(each, dict) or each.get("role", each.get("from")) not in _MODELS
    ]
    return "\n".join(text for each in said for text in _inside(file, each))


_MODELS = ("assistant", "gpt", "model", "system")


def _of_table(file: Path, written: str, between: str) -> list[str]:
    csv.field_size_limit(_LARGEST_CELL)
    rows = [row for row in csv.reader(written.splitlines(keepends=True), delimiter=between) if row]
    if not rows:
        return []
    first = [cell.strip().casefold() for cell in rows[0]]
    for name in NAMES:
        if name in first:
            at = first.index(name)
            return [row[at] for row in rows[1:] if len(row) > at]
    if max(len(row) for row in rows) == 1:
        return [row[0] for row in rows]
    columns = ", ".join(rows[0])[:200]
    raise UnreadableFileError(
        f"{file}: the columns are {columns}; the text should be under one of {', '.join(NAMES)}"
    )

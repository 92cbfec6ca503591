"""What is remembered of a person as a file that leaves the house: JSON with everything, CSV as a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from core.errors import FileUnwritable

COLUMNS = (
    *("text", "category", "state", "protected", "importance", "trust", "reference_count"),
    *("first_mentioned", "last_mentioned", "valid_from", "valid_to", "last_used_at"),
)
# A spreadsheet takes what begins with one of these for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_json(path: Path, known: Mapping[str, Any]) -> None:
    """Write everything, times in ISO 8601.

    Raises:
        FileUnwritable
    """
    _write(path, lambda file: json.dump(known, file, ensure_ascii=False, indent=2, default=_plain))


def write_csv(path: Path, known: Mapping[str, Any]) -> None:
    """Write the facts as a table, with who said them where in the last column.

    Raises:
        FileUnwritable
    """

    def write(file: TextIO) -> None:
        table = csv.writer(file)
        table.writerow((*COLUMNS, "sources"))
        for fact in known["facts"]:
            said = " | ".join(_source(source) for source in fact["sources"])
            table.writerow([_cell(value) for value in (*(fact[name] for name in COLUMNS), said)])

    _write(path, write)


def _write(path: Path, write: Callable[[TextIO], object]) -> None:
    try:
        # The mark at the beginning tells a spreadsheet that it is UTF-8.
        encoding = "utf-8-sig" if path.suffix.lower() == ".csv" else "utf-8"
        with path.open("w", encoding=encoding, newline="") as file:
            write(file)
    except OSError as error:
        raise FileUnwritable(path=str(path), detail=error.strerror or str(error)) from error


def _source(source: Mapping[str, Any]) -> str:
    where = f" #{source['channel']}" if source["channel"] else ""
    return f"{source['said_at']} {source['author']}{where}: {source['message'] or source['text']}"


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

"""Keys as they are given and as they are written."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

PAGES = 10  # so many have keys: Ctrl+1 to Ctrl+9, then Ctrl+0


def page_keys(number: int) -> str:
    """The keys that open the page at a place, counted from 1; empty when it has none."""
    return f"Ctrl+{number % PAGES}" if number <= PAGES else ""


def shown(keys: str | QKeySequence.StandardKey) -> str:
    """Keys as this system writes them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)

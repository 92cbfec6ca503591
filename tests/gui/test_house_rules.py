"""What the window must never do, wherever in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from PySide6.QtWidgets import QLabel

GUI = Path(__file__).resolve().parents[2] / "gui"


def _sources() -> list[tuple[str, str]]:
    return [(str(path.relative_to(GUI)), path.read_text(encoding="utf-8")) for path in GUI.rglob("*.py")]


def test_nothing_runs_a_loop_inside_the_loop() -> None:
    """A modal exec inside a coroutine hangs the app."""
    found = [name for name, text in _sources() if re.search(r"\.exec(_)?\(|processEvents\(", text)]
    assert found == []


def test_no_page_writes_a_colour_of_its_own() -> None:
    allowed = {"theme.py"}
    found = [
        name
        for name, text in _sources()
        if name not in allowed and re.search(r"[\"']#[0-9A-Fa-f]{3,8}[\"']", text)
    ]
    assert found == []


def test_tables_are_models() -> None:
    names = ("QTableWidget", "QListWidget", "QTreeWidget")
    assert [name for name, text in _sources() if any(widget in text for widget in names)] == []


def test_the_window_never_asks_the_store() -> None:
    found = []
    for name, text in _sources():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and node.attr == "store" and name != "sample.py":
                found.append(name)
    assert found == []


def test_pyside_survives_twenty_thousand_calls() -> None:
    """PySide6 6.12.0 on Python 3.11 loses a reference to None with every void call, and dies of it."""
    label = QLabel()
    for number in range(20_000):
        label.setText(str(number))
    assert label.text() == "19999"

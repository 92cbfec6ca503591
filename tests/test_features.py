"""docs/features.md names what holds each feature: every path in it is there, and holds tests."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| what |")]


def test_every_feature_names_tests_and_each_of_them_is_there() -> None:
    assert len(ROWS) > 40
    for row in ROWS:
        if row.startswith("| complaint |"):
            continue
        named = re.findall(r"`(tests/[\w/]+\.py)`", row)
        assert named, row
        for path in named:
            assert "def test_" in (ROOT / path).read_text(encoding="utf-8"), path


def test_every_page_and_command_it_names_is_there() -> None:
    for page in re.findall(r"\]\(([\w./-]+\.md)\)", PAGE):
        assert (ROOT / "docs" / page).is_file(), page
    commands = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for command in re.findall(r"`/([a-z ]+)`", PAGE):
        assert f"`/{command}" in commands, command
    for entry in ("Why did you say that?", "Rate or redo"):
        assert f"**{entry}**" in PAGE
        assert f"| {entry} |" in commands

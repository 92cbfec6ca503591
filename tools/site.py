"""What the built site (mkdocs.yml) has beside docs/: its contents, from docs/index.md; what is new; and a
reference of all modules, from their docstrings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))
from core.guide import CHANGES, NEWS, START, Guide  # noqa: E402 - the house is on the path only now

ROOMS = ("core", "bot", "gui", "db")


def on_config(config: Any) -> Any:
    """The contents are those of the guide, with what only developers read at the end."""
    guide = Guide()
    groups = [
        {group.title: [{title: f"{name}.md"} for name, title in zip(group.pages, group.titles, strict=True)]}
        for group in guide.groups
    ]
    reference = [{room: [_address(folder) for folder, _ in of_room(room)]} for room in ROOMS]
    config.nav = [f"{START}.md", *groups, {"What's new": f"{NEWS}.md"}, {"Modules": reference}]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Pages that lie nowhere: they are made of what does."""
    files.append(File.generated(config, f"{NEWS}.md", content=CHANGES.read_text(encoding="utf-8")))
    for room in ROOMS:
        for folder, modules in of_room(room):
            text = "\n\n".join([f"# {folder}", *(f"::: {module}" for module in modules)])
            files.append(File.generated(config, _address(folder), content=text))
    return files


def of_room(room: str) -> Iterator[tuple[str, list[str]]]:
    """The folders of a room with their modules."""
    paths = sorted((HOUSE / room).rglob("*.py"), key=lambda path: (path.parent.parts, path.name))
    written = (path for path in paths if path.stat().st_size and not path.name[0].isdigit())
    for folder, inside in groupby(written, key=lambda path: path.parent):
        name = ".".join(folder.relative_to(HOUSE).parts)
        yield name, [name if path.stem == "__init__" else f"{name}.{path.stem}" for path in inside]


def _address(folder: str) -> str:
    return f"modules/{folder}.md"

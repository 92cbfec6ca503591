"""What is kept of a person outside the store: conversations that lie as files, lines of the log, and what a
persona learnt from replies to them."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from core import logs
from core.persona.identity import Persona
from db import conversations


def without_line(persona: Persona, line: str) -> Persona:
    """A persona without an example line."""
    examples = tuple(each for each in persona.examples if each != line)
    return persona.model_copy(
        update={"examples": examples, "never": tuple(each for each in persona.never if each != line)}
    )


def forget_files(folder: Path, person: str) -> int:
    """Take a person (by their id) out of the conversations that lie as files; what they began goes as a
    whole. Answers how many files it was."""
    touched = 0
    for path in sorted(folder.glob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue  # none of ours
        if person not in map(str, document.get("participants", ())):
            continue
        touched += 1
        if str(document.get("requester")) == person:
            path.unlink()
        else:
            without = conversations.without_person(document, person)
            path.write_text(json.dumps(without, ensure_ascii=False, indent=2), encoding="utf-8")
    return touched


def forget_in_log(folder: Path, person: str, names: Collection[str]) -> int:
    """Remove the lines of the log that hold a person's id or one of their names; answers how many.

    The program writes neither there; a library's complaint may.
    """
    return logs.forget_lines(folder, {person, *(name for name in names if len(name) >= _SHORTEST_NAME)})


_SHORTEST_NAME = 4  # a shorter one is a part of too many other words

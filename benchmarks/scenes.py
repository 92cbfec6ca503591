"""Does it know when to speak? Labelled scenes, played as `main.py chat --json` plays its lines.

A file is a list of scenes (or an object with a list `scenes`):

    {"name": "…", "persona": "Finn" | {a V2 character card}, "gap": 20,
     "settings": {"conversation.talkativeness": 5},
     "lines": [{"line": "Ada: @bot hi", "expect": "speak" | "silent", "why": "mentioned"}, {"line": "@10m"}]}

Only name, persona and lines must be there; a line without `expect` is played and not counted.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from benchmarks.common import arguments, report
from core.persona.card import OpenedCard, as_card
from core.persona.identity import Persona, sample
from core.settings import setting
from core.stage import cast, open_stage
from core.terminal import play
from core.words import T, say

SCENES = Path(__file__).resolve().parent.parent / "tests" / "data" / "scenes"
SEED = 1
_BROKE = say(T("something unexpected happened; Logs has the details"))


class Line(BaseModel):
    """A line, what is right after it, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: str
    expect: Literal["speak", "silent"] | None = None
    why: str = ""


class Scene(BaseModel):
    """A room with a persona in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    persona: str | dict[str, Any]
    lines: tuple[Line, ...]
    gap: Annotated[float, Field(ge=0)] = 20.0
    settings: dict[str, Any] = {}

    def who(self) -> Persona | OpenedCard:
        """The persona of the scene; a card with its lorebook."""
        return sample(self.persona) if isinstance(self.persona, str) else as_card(self.persona)


def read(folder: Path) -> dict[str, tuple[Scene, ...]]:
    """The scenes of a folder's JSON files (or of one file), by the file's stem.

    Raises:
        OSError, ValueError: a file cannot be read, or is none of scenes.
    """
    files = sorted(folder.glob("*.json")) if folder.is_dir() else [folder]
    found = {}
    for file in files:
        raw = json.loads(file.read_text(encoding="utf-8"))
        listed = raw["scenes"] if isinstance(raw, dict) else raw
        found[file.stem] = TypeAdapter(tuple[Scene, ...]).validate_python(listed)
    return found


async def played(scene: Scene) -> list[dict[str, Any]]:
    """One row for each line of a scene that says what is right."""
    environ = {
        **os.environ,
        **{setting(key).environment_names[0]: str(v) for key, v in scene.settings.items()},
    }
    results: list[dict[str, Any]] = []
    complaints: list[str] = []
    async with open_stage(environ, None, "none", "instant", SEED, by_hand=False) as (app, clock):
        assert clock is not None
        await cast(app, scene.who())
        lines = _each(line.line for line in scene.lines)
        await play(app, clock, lines, scene.gap, results.append, complaints.append)
    if complaints:
        raise ValueError(f"{scene.name}: {complaints[0]}")
    broken = next((result["text"] for result in results if result["reason"] == _BROKE), None)
    if broken is not None:  # else a turn that broke would pass for silence
        raise RuntimeError(f"{scene.name}: the turn of “{broken}” broke")
    said = [line for line in scene.lines if not line.line.strip().startswith("@")]
    return [
        {
            "scene": scene.name,
            "line": line.line,
            "expect": line.expect,
            "got": "silent" if result["reply"] is None else "speak",
            "why": line.why,
            "reason": result["reason"],
        }
        for line, result in zip(said, results, strict=True)
        if line.expect is not None
    ]


async def _each(lines: Iterable[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line


def figures(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How often it was right; of the lines where silence is right, how often it spoke, and the reverse."""
    silent = [row for row in rows if row["expect"] == "silent"]
    speak = [row for row in rows if row["expect"] == "speak"]
    over = sum(row["got"] == "speak" for row in silent)
    under = sum(row["got"] == "silent" for row in speak)
    return {
        "accuracy_share": round(1 - (over + under) / max(1, len(rows)), 4),
        "overtalk_share": round(over / max(1, len(silent)), 4),
        "undertalk_share": round(under / max(1, len(speak)), 4),
        "lines": len(rows),
        "lines_silent": len(silent),
        "lines_speak": len(speak),
        "scenes": len({(row["file"], row["scene"]) for row in rows}),
    }


async def measure(found: dict[str, tuple[Scene, ...]]) -> list[dict[str, Any]]:
    """The rows of all scenes."""
    return [
        {"file": file, **row}
        for file, scenes in found.items()
        for scene in scenes
        for row in await played(scene)
    ]


def main() -> None:
    """Print the figures of all files together, and of each by its name."""
    parser = arguments("scenes", __doc__ or "")
    parser.add_argument("--data", type=Path, default=SCENES, metavar="DIR", help="a folder, or a file")
    options = parser.parse_args()
    rows = asyncio.run(measure(read(options.data)))
    by_file = {
        f"{name}_{file}": value
        for file in dict.fromkeys(row["file"] for row in rows)
        for name, value in figures([row for row in rows if row["file"] == file]).items()
    }
    notes = (
        "overtalk_share: of lines where silence is right; undertalk_share: of those where it should speak; "
        "played by the practice chat with --brain none, on a virtual clock"
    )
    report("scenes", figures(rows) | by_file, notes, rows, options.out)


if __name__ == "__main__":
    main()

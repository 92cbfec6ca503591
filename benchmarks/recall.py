"""How much of what answers a question does recall bring back? LoCoMo's own metric.

    python -m benchmarks.recall --data FILE --embedder shipped|none|ollama:NAME --json --out FILE

Every conversation is recorded message by message into a real, encrypted store, each as a server of its
own; the backlog embeds them; every question is asked of `core.memory.recall.Recall`. Recall@k is the
share of a question's evidence turns among the k messages returned, averaged over the questions of
category 1 to 4 that have evidence (Maharana et al. 2024); malformed evidence ids are repaired where
they can be.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import arguments, report
from core.clock import VirtualClock
from core.events import Bus
from core.llm.ollama import OllamaBrain
from core.memory.backlog import Backlog
from core.memory.embedder import BrainEmbedder, Embedder, shipped
from core.memory.recall import Question, Recall, Scope, Speaker
from db import messages
from db.messages import StoredMessage
from db.store import Store

CATEGORIES = {1: "multi_hop", 2: "temporal", 3: "open_domain", 4: "single_hop"}
DEPTHS = (5, 10, 20)
# Turns of a session carry one date for all; people take about this long to answer.
BETWEEN_TURNS = timedelta(seconds=30)
NOBODY = 999


@dataclass(frozen=True)
class Asked:
    """A question with the turns that answer it."""

    text: str
    category: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Conversation:
    """One of LoCoMo's conversations, as messages of a server of its own."""

    name: str
    messages: tuple[StoredMessage, ...]
    turn_ids: tuple[str, ...]
    speakers: tuple[Speaker, ...]
    asked: tuple[Asked, ...]

    @property
    def scope(self) -> Scope:
        return Scope("import", self.messages[0].guild_id)


def conversations(path: Path) -> list[Conversation]:
    """Read LoCoMo's file."""
    return [_conversation(number, raw) for number, raw in enumerate(json.loads(path.read_text()), start=1)]


def _conversation(number: int, raw: dict[str, Any]) -> Conversation:
    talk = raw["conversation"]
    names = (talk["speaker_a"], talk["speaker_b"])
    people = {name: number * 10 + place for place, name in enumerate(names, start=1)}
    turns = list(_turns(talk))
    made = [
        StoredMessage(
            realm="import",
            platform_id=number * 100_000 + place,
            guild_id=number,
            channel_id=number,
            author_id=people[turn["speaker"]],
            author_name=turn["speaker"],
            is_bot=False,
            is_self=False,
            text=turn["text"] + (f" [{turn['blip_caption']}]" if turn.get("blip_caption") else ""),
            reply_to=None,
            sent_at=at,
        )
        for place, (turn, at) in enumerate(turns)
    ]
    known = {turn["dia_id"] for turn, _ in turns}
    asked = [
        Asked(question["question"], question["category"], evidence)
        for question in raw["qa"]
        if question["category"] in CATEGORIES and (evidence := repaired(question.get("evidence", []), known))
    ]
    return Conversation(
        name=raw["sample_id"],
        messages=tuple(made),
        turn_ids=tuple(turn["dia_id"] for turn, _ in turns),
        speakers=tuple(Speaker(person, (name,)) for name, person in people.items()),
        asked=tuple(asked),
    )


def _turns(talk: dict[str, Any]) -> Iterator[tuple[dict[str, Any], datetime]]:
    numbers = sorted(int(found[1]) for key in talk if (found := re.fullmatch(r"session_(\d+)", key)))
    for number in numbers:
        began = datetime.strptime(talk[f"session_{number}_date_time"], "%I:%M %p on %d %B, %Y")
        for place, turn in enumerate(talk[f"session_{number}"]):
            yield turn, began.replace(tzinfo=UTC) + place * BETWEEN_TURNS


def repaired(evidence: list[str], known: set[str]) -> tuple[str, ...]:
    """Evidence ids as the turns are named: `D8:6; D9:17`, `D:11:26`, `D30:05` are mended, others skipped."""
    pairs = [pair for text in evidence for pair in re.findall(r"D:?\s*(\d+)\s*:\s*(\d+)", text)]
    mended = dict.fromkeys(f"D{int(session)}:{int(turn)}" for session, turn in pairs)
    return tuple(turn for turn in mended if turn in known)


def embedder(name: str) -> Embedder | None:
    """The embedder of a command line: shipped, none or ollama:NAME."""
    if name == "none":
        return None
    if name.startswith("ollama:"):
        host = os.environ.get("OLLAMA_HOST", "http://127.0.0.1:11434")
        return BrainEmbedder(OllamaBrain(host), name.removeprefix("ollama:"))
    found = shipped()
    if name != "shipped" or found is None:
        raise SystemExit(f"there is no embedder {name!r} here")
    return found


async def measured(data: Path, chosen: Embedder | None) -> list[dict[str, Any]]:
    """Ask every question; answer one row each."""
    clock = VirtualClock()
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(Path(folder) / "store" / "echodeck.db", os.urandom(32))
        try:
            talks = conversations(data)
            for talk in talks:
                for message in talk.messages:
                    await store.run(messages.record, message)
            if chosen is not None:
                await Backlog(store, chosen, Bus()).work_off()
            rows: list[dict[str, Any]] = []
            for talk in talks:
                # Asked the day after the last word, as the data set's questions are.
                clock.step((talk.messages[-1].sent_at + timedelta(days=1) - clock.now()).total_seconds())
                rows += [row async for row in _answers(Recall(store, chosen, clock), talk)]
            return rows
        finally:
            if chosen is not None:
                await chosen.close()
            await store.close()


async def _answers(recall: Recall, talk: Conversation) -> Any:
    turn_of = dict(zip((each.platform_id for each in talk.messages), talk.turn_ids, strict=True))
    for asked in talk.asked:
        question = Question(asked.text, talk.scope, asker=NOBODY, speakers=talk.speakers)
        found = await recall.recall(question, max(DEPTHS))
        yield {
            "conversation": talk.name,
            "question": asked.text,
            "category": asked.category,
            "evidence": list(asked.evidence),
            "returned": [turn_of[memory.message.platform_id] for memory in found],
        }


def figures(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The figures, in percent, from the raw rows."""

    def at(depth: int, some: list[dict[str, Any]]) -> float:
        shares = [
            len(set(row["evidence"]) & set(row["returned"][:depth])) / len(row["evidence"]) for row in some
        ]
        return round(100 * float(np.mean(shares)), 2) if shares else 0.0

    found = {f"recall_at_{depth}": at(depth, rows) for depth in DEPTHS}
    for category, name in CATEGORIES.items():
        found[f"recall_at_10_{name}"] = at(10, [row for row in rows if row["category"] == category])
    return {**found, "questions": len(rows)}


def main() -> None:
    parser = arguments("recall", __doc__ or "")
    parser.add_argument("--data", type=Path, required=True, help="LoCoMo's JSON file")
    parser.add_argument("--embedder", default="shipped", help="shipped, none or ollama:NAME")
    given = parser.parse_args()
    rows = asyncio.run(measured(given.data, embedder(given.embedder)))
    talks = len({row["conversation"] for row in rows})
    notes = f"embedder {given.embedder}; {talks} conversations, {len(rows)} questions with evidence"
    report("recall", figures(rows), notes, rows, given.out)


if __name__ == "__main__":
    main()

"""Does memory know the same fact when it hears it again, and another when it only sounds alike?

    python -m benchmarks.facts --json [--data FILE] [--embedder shipped|none|ollama:NAME] [--out FILE]

`rows_for_5x3`: five facts about one person, each in three wordings, go as messages through the product's own
consolidation on an encrypted store; how many rows stand there with a count of three. Once by rules
(`rows_for_5x3`), once with the answers of a scoring model that words each fact its own way
(`rows_for_5x3_model`).

`merged_share` and `false_merge_share`: pairs of facts through the product's match. `--data` is a file of
JSON lines {"a", "b", "same": true|false[, "held_out": true]}; tests/data/facts_pairs.jsonl by default.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.common import arguments, report
from core.clock import VirtualClock
from core.errors import NoBrain
from core.events import Bus
from core.llm.brain import ChatRequest, Chunk, Role, TextChunk, Usage
from core.llm.ollama import OllamaBrain
from core.llm.roles import Choice
from core.memory.consolidate import Consolidation
from core.memory.embedder import BrainEmbedder, Embedder, shipped
from core.memory.match import Verdict, judge
from db import facts, messages, people
from db.messages import StoredMessage
from db.store import Store

PAIRS = Path("tests/data/facts_pairs.jsonl")
OLLAMA = "http://127.0.0.1:11434"
FIVE_BY_THREE = (
    ("I live in Lisbon", "my home is in Lisbon", "I'm based in Lisbon"),
    ("I have a dog named Biscuit", "my dog is called Biscuit", "our dog's name is Biscuit"),
    ("I work as a nurse", "I'm a nurse", "my job is being a nurse"),
    ("I'm allergic to peanuts", "I have a peanut allergy", "I am really allergic to peanuts"),
    ("I love sushi", "sushi is my favourite food", "I'm a big fan of sushi"),
)


class NoRoles:
    """No model at all: rules read."""

    async def choose(self, role: Role) -> Choice:
        raise NoBrain


class Wordy:
    """A scoring model that notes every message as it stands, as a fact of its own."""

    name = "wordy"

    async def choose(self, role: Role) -> Choice:
        return Choice(self, "wordy", None, 8192)  # type: ignore[arg-type]

    async def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        lines = json.loads(request.messages[1].content)
        plain = {"category": "other", "importance": 5, "confidence": 0.9}
        noted = [{**plain, "text": line["text"], "messages": [line["n"]]} for line in lines]
        yield TextChunk(json.dumps({"facts": noted}))
        yield Usage(prompt_tokens=0, cached_tokens=None, completion_tokens=0)


def embedder_of(wish: str) -> Embedder | None:
    """The embedder that was asked for."""
    if wish == "none":
        return None
    if wish.startswith("ollama:"):
        return BrainEmbedder(OllamaBrain(OLLAMA), wish.removeprefix("ollama:"))
    return shipped()


async def rows_for(
    wordings: Sequence[Sequence[str]], roles: Any, embedder: Embedder | None
) -> tuple[int, int]:
    """Consolidate the wordings, one message each; answer the rows that are counted as often as they were
    said, and all rows."""
    clock = VirtualClock()
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(Path(folder) / "store" / "echodeck.db", bytes(range(32)))
        try:
            texts = [wording[turn] for turn in range(len(wordings[0])) for wording in wordings]
            for number, text in enumerate(texts, 1):
                at = clock.now() + timedelta(minutes=number)
                await store.run(people.meet, "discord", 1, 1, "Mia", False, at)
                await store.run(messages.record, _message(number, text, at))
            clock.step(7200)
            await Consolidation(store, roles, embedder, clock, Bus()).run("discord")
            person = await store.run(people.find, "discord", 1)
            assert person is not None
            known = await store.run(facts.of_person, person.row_id)
            return sum(fact.reference_count == len(wordings[0]) for fact in known), len(known)
        finally:
            await store.close()


def _message(number: int, text: str, at: Any) -> StoredMessage:
    return StoredMessage("discord", number, 1, 7, 1, "Mia", False, False, text, None, at)


async def judged(pairs: Sequence[dict[str, Any]], embedder: Embedder | None) -> list[dict[str, Any]]:
    """Each pair with the product's verdict."""
    cosines: list[float | None] = [None] * len(pairs)
    if embedder is not None:
        known = await embedder.embed([pair["a"] for pair in pairs])
        new = await embedder.embed([pair["b"] for pair in pairs])
        cosines = [float(a @ b) for a, b in zip(known, new, strict=True)]
    rows = []
    for pair, cosine in zip(pairs, cosines, strict=True):
        found = judge(pair["a"], pair["b"], cosine)
        rows.append(
            {
                **pair,
                "cosine": cosine,
                "merged": found.verdict is Verdict.SAME,
                "verdict": found.verdict.value,
                "likeness": found.likeness,
                "conflicts": found.conflicts,
            }
        )
    return rows


def shares(rows: Sequence[dict[str, Any]], suffix: str = "") -> dict[str, float]:
    """The two shares and their denominators."""
    same = [row["merged"] for row in rows if row["same"]]
    other = [row["merged"] for row in rows if not row["same"]]
    return {
        f"merged_share{suffix}": round(sum(same) / max(1, len(same)), 4),
        f"false_merge_share{suffix}": round(sum(other) / max(1, len(other)), 4),
        f"paraphrases{suffix}": len(same),
        f"look_alikes{suffix}": len(other),
    }


async def measured(
    wish: str, pairs: Sequence[dict[str, Any]]
) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """All figures, and a row for each pair."""
    embedder = embedder_of(wish)
    try:
        good, every = await rows_for(FIVE_BY_THREE, NoRoles(), embedder)
        model_good, model_every = await rows_for(FIVE_BY_THREE, Wordy(), embedder)
        rows = await judged(pairs, embedder)
    finally:
        if embedder is not None:
            await embedder.close()
    figures: dict[str, float] = {"rows_for_5x3": good, "all_rows_for_5x3": every}
    figures |= {"rows_for_5x3_model": model_good, "all_rows_for_5x3_model": model_every}
    figures |= shares(rows)
    if held := [row for row in rows if row.get("held_out")]:
        figures |= shares(held, "_held_out")
    return figures, rows


def main() -> None:
    parser = arguments("facts", __doc__ or "")
    parser.add_argument("--embedder", default="shipped", help="shipped, none or ollama:NAME")
    parser.add_argument("--data", type=Path, default=PAIRS, metavar="FILE", help="pairs as JSON lines")
    given = parser.parse_args()
    pairs = [json.loads(line) for line in given.data.read_text(encoding="utf-8").splitlines() if line.strip()]
    figures, rows = asyncio.run(measured(given.embedder, pairs))
    notes = (
        f"embedder {given.embedder}; pairs of {given.data.name}; rows_for_5x3 counts rows with a count of "
        "three, by rules and by the answers of a model that words every message its own way; "
        "the errors on held-out pairs were not looked at while rules and weights were made"
    )
    report("facts", figures, notes, rows, given.out)


if __name__ == "__main__":
    main()

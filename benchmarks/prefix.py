"""How much of a prompt does the model not have to read again, and what is that worth?

    python -m benchmarks.prefix --json [--turns 12] [--out FILE]

A conversation of three people with the persona goes through the product's own line on the starter brain,
with a scoring question after every reply, as in daily use. Then the very same prompts are read once more
in two orders, each turn after turn from an empty cache: as they are (stable parts first), and with the
volatile part first. Both times the first word is waited for.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.common import arguments, report
from core.app import App, Config, open_app
from core.llm.brain import Brain, ChatMessage, ChatRequest, Chunk, Role, Sampling, TextChunk, Usage
from core.llm.roles import Choice, Roles
from core.settings import BURST_SECONDS
from core.stage import cast
from db import turns

_TALK = (
    ("Ada", "good morning! did anybody sleep at all with that storm?"),
    ("Bob", "like a stone. my roof did not, though, there are tiles all over the yard"),
    ("Cy", "I was up from three on, the shutters banged like drums"),
    ("Ada", "does somebody have a ladder that reaches the second floor?"),
    ("Bob", "my brother has one, he comes by after work and helps you if you make coffee"),
    ("Cy", "what do you do when you cannot sleep? I read the same page five times"),
    ("Ada", "I bake. there are two loaves on the table and nobody to eat them"),
    ("Bob", "I am on my way, keep the butter soft, and tell me about that radio play again"),
    ("Cy", "is the market open tomorrow or do they close when the wind is up?"),
    ("Ada", "they open whenever old Henrik feels like it, so probably not before ten"),
    ("Bob", "I need screws, a new lamp for the shed, and something against moss"),
    ("Cy", "and I want to hear what you think of the new ferry, honestly please"),
)
_SCORING = ChatRequest(
    "smollm2-135m",
    (
        ChatMessage("system", "Rate how important a sentence is, from 0 to 10."),
        ChatMessage("user", "Bob's brother has a ladder. " * 20),
    ),
    Sampling(temperature=0, max_tokens=2),
    slot=Role.SCORING,
)


class Listening:
    """A brain that keeps what it was asked."""

    def __init__(self, brain: Brain) -> None:
        self._brain = brain
        self.requests: list[ChatRequest] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._brain, name)

    async def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        self.requests.append(request)
        async for chunk in self._brain.chat(request):
            yield chunk


class ListeningRoles:
    """The app's roles, with a brain that keeps what it was asked."""

    def __init__(self, roles: Roles) -> None:
        self._roles = roles
        self.listening: Listening | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._roles, name)

    async def choose(self, role: Role) -> Choice:
        choice = await self._roles.choose(role)
        if self.listening is None:
            self.listening = Listening(choice.brain)
        return replace(choice, brain=self.listening)


async def first_word(brain: Brain, request: ChatRequest) -> tuple[float, Usage | None]:
    """Milliseconds to the first word, and what the model counted."""
    began = time.perf_counter()
    took, usage = 0.0, None
    async for chunk in brain.chat(replace(request, sampling=replace(request.sampling, max_tokens=2))):
        if isinstance(chunk, TextChunk) and not took:
            took = (time.perf_counter() - began) * 1000
        elif isinstance(chunk, Usage):
            usage = chunk
    return took or (time.perf_counter() - began) * 1000, usage


def volatile_first(request: ChatRequest) -> ChatRequest:
    """The same prompt with its last system part, the notes on the moment, in front."""
    at = max(at for at, message in enumerate(request.messages) if message.role == "system")
    rest = request.messages[:at] + request.messages[at + 1 :]
    return replace(request, messages=(request.messages[at], *rest))


async def read_in_order(brain: Brain, requests: Sequence[ChatRequest]) -> list[dict[str, Any]]:
    """Read prompts turn after turn from an empty cache, a scoring question between them."""
    await first_word(
        brain, replace(requests[0], messages=(ChatMessage("user", "something else altogether"),))
    )
    rows = []
    for request in requests:
        ms, usage = await first_word(brain, request)
        read = usage or Usage(0, 0, 0)
        rows.append({"ttft_ms": round(ms, 1), "prompt": read.prompt_tokens, "cached": read.cached_tokens})
        await first_word(brain, _SCORING)
    return rows


async def converse(app: App, brain: ListeningRoles, count: int) -> list[dict[str, Any]]:
    """Talk for `count` turns through the line; one row a turn, as its trace has it."""
    await app.settings.put(BURST_SECONDS, 0)
    rows = []
    for number in range(count):
        name, text = _TALK[number % len(_TALK)]
        message = await app.practice.say(name, text, to_bot=True)
        while tasks := app.line.tasks:
            await asyncio.wait(tasks)
        turn = await app.store.run(turns.of_message, message.place.realm, message.id)
        assert turn is not None
        tokens = turn.trace.get("tokens", {"prompt": 0, "cached": 0})
        rows.append({"turn": number + 1, "prompt": tokens["prompt"], "cached": tokens["cached"]})
        assert brain.listening is not None
        await first_word(brain.listening._brain, _SCORING)
    return rows


async def measured(count: int) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """The figures, and a row a turn."""
    with tempfile.TemporaryDirectory(prefix="echodeck-prefix-") as folder:
        config = Config(
            Path(folder), {"ECHODECK_KEY": "00" * 32}, chance=Random(5), brain="starter", pace="instant"
        )
        async with open_app(config) as app:
            await cast(app, None)
            roles = ListeningRoles(app.roles)
            app.desk.roles = roles  # type: ignore[assignment]
            talked = await converse(app, roles, count)
            assert roles.listening is not None
            brain, requests = roles.listening._brain, list(roles.listening.requests)
            stable = await read_in_order(brain, requests)
            volatile = await read_in_order(brain, [volatile_first(request) for request in requests])
    later = [row for row in talked[1:] if row["prompt"]]
    shares = [row["cached"] / row["prompt"] for row in later]
    ratios = [slow["ttft_ms"] / fast["ttft_ms"] for fast, slow in zip(stable[1:], volatile[1:], strict=True)]
    figures = {
        "cached_share": sum(row["cached"] for row in later) / sum(row["prompt"] for row in later),
        "cached_share_worst": min(shares),
        "ttft_ratio": statistics.median(ratios),
        "ttft_stable_ms": statistics.median(row["ttft_ms"] for row in stable[1:]),
        "ttft_volatile_first_ms": statistics.median(row["ttft_ms"] for row in volatile[1:]),
        "turns": len(talked),
    }
    rows = [{"order": "as talked", **row} for row in talked]
    rows += [{"order": "stable first", **row} for row in stable]
    rows += [{"order": "volatile first", **row} for row in volatile]
    return {name: round(figure, 3) for name, figure in figures.items()}, rows


def main() -> None:
    parser = arguments("prefix", __doc__ or "")
    parser.add_argument("--turns", type=int, default=12)
    wanted = parser.parse_args()
    figures, rows = asyncio.run(measured(wanted.turns))
    notes = (
        f"starter brain, {figures['turns']:.0f} turns; all figures from the second turn on. cached_share: "
        "tokens the model had cached over all prompt tokens; ttft_ratio: median of the time to the first "
        "word with the volatile part first over that of the prompt as it is, same prompts, one run"
    )
    report("prefix", figures, notes, rows, wanted.out)


if __name__ == "__main__":
    main()

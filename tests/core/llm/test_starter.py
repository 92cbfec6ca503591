"""The starter brain, for real: its own process, its own port, killed and back again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import psutil
import pytest

from core.errors import BrainBroke, ModelCannot, PromptTooLong, StarterMissing
from core.llm.brain import ChatMessage, ChatRequest, Role, Sampling, TextChunk, Usage
from core.llm.starter import MODEL, StarterBrain

HELLO = ChatRequest(
    MODEL,
    (ChatMessage("system", "You are Finn. " * 40), ChatMessage("user", "Ada: hi Finn")),
    Sampling(max_tokens=12, seed=1),
)
COMMAND = [sys.executable, "-m", "core.llm.starter_worker"]

pytestmark = pytest.mark.brain


@pytest.fixture
async def brain() -> AsyncIterator[StarterBrain]:
    opened = StarterBrain(COMMAND)
    yield opened
    await opened.close()
    assert not [child for child in psutil.Process().children() if "starter" in " ".join(child.cmdline())]


async def heard(brain: StarterBrain, request: ChatRequest = HELLO) -> tuple[str, Usage]:
    *texts, usage = [chunk async for chunk in brain.chat(request)]
    assert isinstance(usage, Usage)
    return "".join(chunk.text for chunk in texts if isinstance(chunk, TextChunk)), usage


async def test_it_writes_counts_and_reuses_what_it_has_read(brain: StarterBrain) -> None:
    text, first = await heard(brain)
    assert text
    assert first.prompt_tokens == await brain.count_tokens(HELLO)
    more = replace(
        HELLO, messages=(*HELLO.messages, ChatMessage("assistant", text), ChatMessage("user", "Ada: ok"))
    )
    await heard(brain, replace(HELLO, slot=Role.SCORING, messages=(ChatMessage("user", "Is tea good?"),)))
    _, second = await heard(brain, more)
    assert second.cached_tokens is not None
    assert second.cached_tokens > 0.7 * second.prompt_tokens


async def test_a_schema_is_followed(brain: StarterBrain) -> None:
    schema = {"type": "object", "properties": {"score": {"type": "integer"}}, "required": ["score"]}
    text, _ = await heard(
        brain,
        replace(HELLO, answer_schema=schema, slot=Role.SCORING, sampling=Sampling(max_tokens=60, seed=1)),
    )
    assert isinstance(json.loads(text)["score"], int)


async def test_too_long_is_a_sentence_and_not_cut(brain: StarterBrain) -> None:
    with pytest.raises(PromptTooLong):
        await heard(brain, replace(HELLO, messages=(ChatMessage("user", "word " * 6000),)))


def starter_workers() -> list[psutil.Process]:
    """The brain's own processes; one that died and is not yet collected has no command line to read."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "starter" in " ".join(child.cmdline()):
                found.append(child)
    return found


async def test_a_killed_process_is_a_sentence_and_the_next_question_is_answered(brain: StarterBrain) -> None:
    async def kill_it_while_it_writes() -> None:
        async for _ in brain.chat(replace(HELLO, sampling=Sampling(max_tokens=400, seed=1))):
            for worker in starter_workers():
                worker.kill()

    with pytest.raises(BrainBroke):
        await kill_it_while_it_writes()
    assert (await heard(brain))[0]


async def test_cancelled_while_it_reads_it_is_free_again_at_once(brain: StarterBrain) -> None:
    await heard(brain)
    reading = asyncio.create_task(
        heard(brain, replace(HELLO, messages=(ChatMessage("user", "word " * 3500),)))
    )
    await asyncio.sleep(0.2)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    async with asyncio.timeout(5):
        assert (await heard(brain))[0]


async def test_its_port_answers_nobody_else(brain: StarterBrain) -> None:
    await heard(brain)
    assert brain._worker is not None
    async with httpx.AsyncClient() as stranger:
        body = {"messages": [{"role": "user", "content": "hi"}]}
        answer = await stranger.post(f"{brain._worker.url}/v1/chat/completions", json=body)
    assert answer.status_code == 401
    workers = starter_workers()
    assert workers
    assert not any(brain._worker.key in " ".join(worker.cmdline()) for worker in workers)


async def test_what_it_cannot_do_is_a_sentence(brain: StarterBrain) -> None:
    with pytest.raises(ModelCannot):
        await brain.embed(MODEL, ["hi"])
    with pytest.raises(ModelCannot):
        async for _ in brain.pull("x"):
            pass


async def test_a_file_that_is_no_model_is_a_sentence(tmp_path: Path) -> None:
    rubbish = tmp_path / "model.gguf"
    rubbish.write_bytes(b"not a model")
    brain = StarterBrain(COMMAND, rubbish)
    with pytest.raises(BrainBroke):
        await heard(brain)
    await brain.close()


async def test_without_its_model_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.llm.starter_process.model_path", lambda: None)
    brain = StarterBrain(COMMAND)
    assert not brain.installed
    assert await brain.list_models() == []
    with pytest.raises(StarterMissing):
        await heard(brain)

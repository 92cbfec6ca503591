"""The starter brain's process: it stops when nobody waits, ends with its parent, and hears no secret."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from core.errors import BrainBroke, BrainStalled, ModelCannot, StarterMissing, explain
from core.llm.brain import ChatMessage, ChatRequest, Role, Sampling, ToolSpec, Usage
from core.llm.budget import Part, TokenRatios, fit_for
from core.llm.starter import MODEL, StarterBrain
from core.words import say

COMMAND = [sys.executable, "-m", "core.llm.starter_worker"]
HOUSE = Path(__file__).resolve().parents[3]
STORY = "The quick brown fox jumps over the lazy dog near the river bank while old sailors tell stories. "
HELLO = ChatRequest(MODEL, (ChatMessage("user", "Ada: hi Finn"),), Sampling(max_tokens=8, seed=1))
LONG = replace(HELLO, messages=(ChatMessage("user", STORY * 50),))


@pytest.fixture
async def brain() -> AsyncIterator[StarterBrain]:
    opened = StarterBrain(COMMAND)
    yield opened
    await opened.close()


async def usage_of(brain: StarterBrain, request: ChatRequest) -> Usage:
    *_, usage = [chunk async for chunk in brain.chat(request)]
    assert isinstance(usage, Usage)
    return usage


def workers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "core.llm.starter_worker" in child.cmdline()]


@pytest.mark.brain
async def test_it_stops_reading_when_nobody_waits_and_keeps_its_process(brain: StarterBrain) -> None:
    await usage_of(brain, HELLO)
    before = workers()
    spent = before[0].cpu_times().user
    reading = asyncio.create_task(usage_of(brain, LONG))
    while before[0].cpu_times().user - spent < 0.2:
        await asyncio.sleep(0.02)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    again = await usage_of(brain, LONG)
    assert again.cached_tokens is not None
    assert again.cached_tokens < 0.5 * again.prompt_tokens  # it had not read to the end for nobody
    assert workers() == before


@pytest.mark.brain
async def test_many_ask_at_once_and_one_process_answers_them_all(brain: StarterBrain) -> None:
    asked = [replace(HELLO, slot=slot) for slot in (Role.CHAT, Role.SCORING) for _ in range(2)]
    async with asyncio.TaskGroup() as group:
        answers = [group.create_task(usage_of(brain, request)) for request in asked]
    assert all(answer.result().completion_tokens for answer in answers)
    assert len(workers()) == 1


@pytest.mark.brain
async def test_scoring_does_not_push_the_chat_out_of_the_cache(brain: StarterBrain) -> None:
    chat = replace(HELLO, messages=(ChatMessage("user", STORY * 8),))
    await usage_of(brain, chat)
    await usage_of(
        brain, replace(HELLO, messages=(ChatMessage("user", "Rate: " + STORY * 8),), slot=Role.SCORING)
    )
    again = await usage_of(brain, chat)
    assert again.cached_tokens is not None
    assert again.cached_tokens > 0.9 * again.prompt_tokens


@pytest.mark.brain
async def test_a_process_killed_between_two_answers_is_not_noticed_by_a_person(brain: StarterBrain) -> None:
    await usage_of(brain, HELLO)
    first = workers()[0]
    first.kill()
    psutil.wait_procs([first], timeout=5)
    assert (await usage_of(brain, HELLO)).completion_tokens
    assert workers() != [first]


@pytest.mark.brain
async def test_it_counts_as_the_model_reads_and_a_prompt_is_fitted_by_that(brain: StarterBrain) -> None:
    parts = (
        Part("persona", ("You are Finn.",), required=True),
        Part(
            "transcript",
            tuple(f"Ada: line {at}, {STORY}" for at in range(120)),
            starts=tuple(range(16, 120, 16)),
        ),
    )

    def request(kept: Sequence[Part]) -> ChatRequest:
        text = "\n".join(line for part in kept for line in part.lines)
        return replace(HELLO, messages=(ChatMessage("user", text),))

    fitted = await fit_for(brain, request, parts, 1024, 100, lambda line: TokenRatios().tokens("m", line))
    assert fitted.dropped["transcript"] % 16 == 0
    assert (await usage_of(brain, request(fitted.parts))).prompt_tokens == fitted.tokens
    assert 924 - 16 * 40 < fitted.tokens <= 924


@pytest.mark.brain
def test_it_ends_with_its_parent_however_that_ends() -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], cwd=HOUSE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    gone, left = psutil.wait_procs([worker], timeout=20)
    assert (len(gone), left) == (1, [])


_PARENT = """
import asyncio, sys, time
from core.llm.starter import StarterBrain
async def load():
    brain = StarterBrain([sys.executable, "-m", "core.llm.starter_worker"])
    worker = await brain._ready()
    print(worker.process.pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(load())
"""


@pytest.mark.brain
async def test_what_the_model_says_goes_to_the_log_and_the_hosts_secrets_do_not_reach_it(
    brain: StarterBrain, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ECHODECK_KEY", "00" * 32)
    caplog.set_level(logging.DEBUG, "core.llm.starter_process")
    await usage_of(brain, HELLO)
    environ = workers()[0].environ()
    assert "ECHODECK_KEY" not in environ
    assert environ["OMP_WAIT_POLICY"] == "passive"
    assert any(line.message.startswith("llama.cpp: ") for line in caplog.records)


def program(tmp_path: Path, text: str) -> StarterBrain:
    """A brain whose process is a program of our own."""
    model = tmp_path / "model.gguf"
    model.write_bytes(b"GGUF")
    script = tmp_path / "worker.py"
    script.write_text(text)
    return StarterBrain([sys.executable, str(script)], model, silent_seconds=0.2)


@pytest.mark.parametrize("loading", [False, True])
async def test_closing_does_not_wait_for_a_model_that_still_loads(tmp_path: Path, loading: bool) -> None:
    brain = program(tmp_path, "import sys\nsys.stdin.read()")
    asking = asyncio.create_task(usage_of(brain, HELLO))
    await asyncio.sleep(0)
    async with asyncio.timeout(50):  # loading it would be given 60 seconds
        while loading and brain._coming is None:
            await asyncio.sleep(0.01)
        await brain.close()
        with pytest.raises(BrainBroke):
            await asking
    assert not await brain.alive()


async def test_one_that_hangs_is_said_to_and_replaced(tmp_path: Path) -> None:
    brain = program(
        tmp_path,
        "import json, socket, sys\n"
        "sys.stdin.readline()\n"
        "ear = socket.create_server(('127.0.0.1', 0))\n"
        "print(json.dumps({'port': ear.getsockname()[1]}), flush=True)\n"
        "caller = ear.accept()[0]\n"
        "caller.recv(65536)\n"
        "caller.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\n\\r\\n')\n"
        "sys.stdin.read()\n",
    )
    with pytest.raises(BrainStalled) as failed:
        await usage_of(brain, HELLO)
    assert say(explain(failed.value).what).startswith("The model smollm2-135m has not written anything for")
    assert not await brain.alive()
    await brain.close()


async def test_a_process_that_answers_rubbish_is_a_sentence(tmp_path: Path) -> None:
    for text, told in (
        ("print('hello')", "it ended while loading"),
        ("raise SystemExit(3)", "it ended while loading"),
        ("""print('{"error": "RuntimeError: no memory"}')""", "RuntimeError: no memory"),
    ):
        brain = program(tmp_path, text)
        with pytest.raises(BrainBroke) as failed:
            await usage_of(brain, HELLO)
        assert say(failed.value.what) == f"The model smollm2-135m stopped in the middle: {told}."
        await brain.close()


async def test_a_program_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    brain = StarterBrain([str(tmp_path / "no-such-program")], tmp_path)
    with pytest.raises(StarterMissing):
        await usage_of(brain, HELLO)


async def test_it_never_pretends_to_use_tools_or_to_see(brain: StarterBrain) -> None:
    tool = ToolSpec("clock", "Tells the time", json.loads('{"type": "object"}'))
    with pytest.raises(ModelCannot, match="tools"):
        await usage_of(brain, replace(HELLO, tools=(tool,)))
    with pytest.raises(ModelCannot, match="vision"):
        await usage_of(brain, replace(HELLO, messages=(ChatMessage("user", "?", images=(b"\x89PNG",)),)))
    assert workers() == []

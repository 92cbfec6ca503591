"""Ollama as it was recorded: what a person gets, and the sentence when they get nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.errors import (
    BrainBroke,
    BrainBusy,
    BrainStalled,
    EchodeckError,
    ModelCannot,
    ModelMissing,
    OllamaMissing,
    PromptTooLong,
    PullFailed,
    explain,
)
from core.llm.brain import (
    ChatMessage,
    ChatRequest,
    Chunk,
    ModelRecipe,
    Sampling,
    TextChunk,
    ThinkingChunk,
    ToolCall,
    ToolCallsChunk,
    ToolSpec,
    Usage,
)
from core.llm.ollama import OllamaBrain
from core.words import say
from tests.support.ollama_replay import (
    Answer,
    OllamaReplay,
    error,
    lines,
    recorded,
    stalls_after,
    without_end,
)

HELLO = ChatRequest("gemma270", (ChatMessage("user", "The capital of France is"),), Sampling(seed=1))
WEATHER = ToolSpec("get_weather", "Weather of a city", {"type": "object", "properties": {}})


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaReplay]:
    async with OllamaReplay() as replay:
        yield replay


@pytest.fixture
async def brain(ollama: OllamaReplay) -> AsyncIterator[OllamaBrain]:
    opened = OllamaBrain(ollama.host, first_seconds=5, next_seconds=5)
    yield opened
    await opened.close()


async def heard(brain: OllamaBrain, request: ChatRequest = HELLO) -> list[Chunk]:
    return [chunk async for chunk in brain.chat(request)]


async def test_an_answer_streams_and_ends_with_its_usage(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    *texts, usage = await heard(brain)
    assert all(isinstance(chunk, TextChunk) for chunk in texts)
    assert isinstance(usage, Usage)
    assert (usage.prompt_tokens, usage.completion_tokens, usage.finish) == (29, 16, "length")
    asked = ollama.asked("/api/chat")[0]
    assert asked["options"]["num_ctx"] == 4096
    assert asked["options"]["num_predict"] == 300
    assert "think" not in asked
    assert "tools" not in asked or asked["tools"] == []


async def test_a_thinking_model_is_told_not_to_think_and_its_thoughts_stay_apart(
    ollama: OllamaReplay, brain: OllamaBrain
) -> None:
    ollama.models["thinker:latest"] = (1, "show_thinker")
    ollama.script("/api/chat", "chat_think_stream")
    chunks = await heard(brain, replace(HELLO, model="thinker"))
    assert ollama.asked("/api/chat")[0]["think"] is False
    thought = "".join(chunk.text for chunk in chunks if isinstance(chunk, ThinkingChunk))
    text = "".join(chunk.text for chunk in chunks if isinstance(chunk, TextChunk))
    assert thought
    assert text == "8"


async def test_tools_are_asked_for_with_arguments_as_an_object(
    ollama: OllamaReplay, brain: OllamaBrain
) -> None:
    ollama.models["tools:latest"] = (1, "show_tools")
    ollama.script("/api/chat", "chat_tools_stream")
    chunks = await heard(brain, replace(HELLO, model="tools", tools=(WEATHER,)))
    assert ToolCallsChunk((ToolCall("get_weather", {"city": "Paris"}),)) in chunks
    assert isinstance(chunks[-1], Usage)
    assert chunks[-1].finish == "tools"


async def test_tools_in_the_last_line_are_heard_too(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    ollama.models["tools:latest"] = (1, "show_tools")
    call = {"function": {"name": "get_weather", "arguments": {"city": "Oslo"}}}
    last = {"model": "tools", "done": True, "message": {"role": "assistant", "tool_calls": [call]}}
    ollama.script("/api/chat", lines(last))
    chunks = await heard(brain, replace(HELLO, model="tools", tools=(WEATHER,)))
    assert chunks[0] == ToolCallsChunk((ToolCall("get_weather", {"city": "Oslo"}),))


async def test_a_schema_is_sent_whole(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    schema = {"type": "object", "properties": {"label": {"type": "string"}}, "required": ["label"]}
    ollama.script("/api/chat", "chat_format_schema_stream")
    await heard(brain, replace(HELLO, answer_schema=schema))
    assert ollama.asked("/api/chat")[0]["format"] == schema


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (
            recorded("chat_runner_killed"),
            BrainBroke,
            "The model gemma270 stopped in the middle: an error was encountered while running the model: "
            "unexpected EOF.",
        ),
        (without_end("chat_stream"), BrainBroke, "The model gemma270 stopped in the middle: the stream ended early."),
        (recorded("chat_unknown_model"), ModelMissing, "The model gemma270 is not installed."),
        (
            recorded("chat_ctx_overflow_history"),
            PromptTooLong,
            "The conversation is longer than the model gemma270 can read.",
        ),
        (error(503, "server busy, please try again"), BrainBusy, "The model gemma270 has too much to do just now."),
        (
            recorded("chat_images_unsupported"),
            ModelCannot,
            "The model gemma270 cannot do this: vision.",
        ),
        (error(500, "llama runner process has terminated: exit status 2"), BrainBroke, None),
        (error(400, "not even { json"), BrainBroke, None),
    ],
)  # fmt: skip
async def test_every_failure_is_a_sentence(
    ollama: OllamaReplay, brain: OllamaBrain, answer: Answer, kind: type[EchodeckError], sentence: str | None
) -> None:
    ollama.script("/api/chat", answer)
    with pytest.raises(kind) as failed:
        await heard(brain)
    told = explain(failed.value)
    assert say(told.step)
    if sentence is not None:
        assert say(told.what) == sentence


async def test_a_line_that_is_no_json_is_a_sentence(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    from aiohttp import web

    async def rubbish(request: web.Request, body: object) -> web.StreamResponse:
        return web.Response(body=b"<html>proxy</html>\n", content_type="text/html")

    ollama.script("/api/chat", rubbish)
    with pytest.raises(BrainBroke):
        await heard(brain)

    async def a_string(request: web.Request, body: object) -> web.StreamResponse:
        return web.Response(body=b'"hello"\n')

    ollama.script("/api/chat", a_string)
    with pytest.raises(BrainBroke):
        await heard(brain)


async def test_no_ollama_is_a_sentence_with_its_address(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    await ollama.go_down()
    for asking in (heard(brain), brain.list_models(), brain.show("x"), brain.version()):
        with pytest.raises(OllamaMissing) as failed:
            await asking
        assert ollama.host in say(failed.value.what)
    assert not await brain.alive()


async def test_a_model_that_cannot_use_tools_is_not_asked_to(brain: OllamaBrain) -> None:
    with pytest.raises(ModelCannot, match="tools"):
        await heard(brain, replace(HELLO, tools=(WEATHER,)))


async def test_a_stall_is_a_sentence(ollama: OllamaReplay) -> None:
    never = asyncio.Event()
    ollama.script("/api/chat", stalls_after(3, never))
    brain = OllamaBrain(ollama.host, first_seconds=5, next_seconds=0.05)
    try:
        with pytest.raises(BrainStalled):
            await heard(brain)
    finally:
        await brain.close()


async def test_leaving_early_stops_the_model(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    never = asyncio.Event()
    ollama.script("/api/chat", stalls_after(3, never))
    got_one = asyncio.Event()

    async def read() -> None:
        async for _ in brain.chat(HELLO):
            got_one.set()

    reading = asyncio.create_task(read())
    await got_one.wait()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    async with asyncio.timeout(5):
        while not ollama.hung_up:
            await asyncio.sleep(0)


async def test_what_is_installed_and_what_it_can_do(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    listed = await brain.list_models()
    assert [(model.name, model.family, model.quantization) for model in listed] == [
        ("gemma270:latest", "gemma3", "Q4_K_M")
    ]
    shown = await brain.show("gemma270")
    assert shown.context_tokens == 32768
    assert shown.abilities == {"completion"}
    ollama.models["thinker:latest"] = (1, "show_thinker")
    assert "thinking" in (await brain.show("thinker")).abilities
    assert await brain.version() == "0.32.15"


async def test_a_true_failure_of_a_download(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    with pytest.raises(PullFailed) as failed:
        async for _ in brain.pull("llama3.2"):
            pass
    assert "network is unreachable" in say(failed.value.what)


async def test_a_download_that_just_ends_is_not_called_done(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    ollama.script("/api/pull", lines({"status": "pulling abc", "completed": 5, "total": 10}))
    with pytest.raises(PullFailed):
        async for _ in brain.pull("llama3.2"):
            pass


async def test_a_download_tells_how_far_it_is(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    steps = [{"status": "pulling abc", "completed": n, "total": 10} for n in (1, 5, 10)]
    ollama.script("/api/pull", lines(*steps, {"status": "success"}))
    told = [(step.done, step.total) async for step in brain.pull("llama3.2")]
    assert told == [(1, 10), (5, 10), (10, 10), (0, 0)]


async def test_building_from_an_unknown_model_never_starts_a_download(
    ollama: OllamaReplay, brain: OllamaBrain
) -> None:
    with pytest.raises(ModelMissing):
        async for _ in brain.create(ModelRecipe("echo-ada", base="no-such-model")):
            pass
    assert ollama.asked("/api/create") == []


async def test_a_model_is_built_from_system_and_examples(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    ollama.script("/api/create", lines({"status": "success"}))
    recipe = ModelRecipe("echo-ada", "gemma270", "You are Ada.", (ChatMessage("user", "hi"),), {"seed": 1})
    assert [step.status async for step in brain.create(recipe)] == ["success"]
    asked = ollama.asked("/api/create")[0]
    assert (asked["from"], asked["system"], asked["parameters"]) == ("gemma270", "You are Ada.", {"seed": 1})


async def test_vectors_and_a_model_that_has_none(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    ollama.script(
        "/api/embed", error(501, "This server does not support embeddings. Start it with `--embeddings`")
    )
    with pytest.raises(ModelCannot):
        await brain.embed("gemma270", ["hi"])
    assert await brain.embed("gemma270", []) == []


async def test_deleting(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    await brain.delete("gemma270")
    with pytest.raises(ModelMissing):
        await brain.delete("unknown")

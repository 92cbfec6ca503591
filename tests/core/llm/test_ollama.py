"""Ollama as it was recorded: what a person gets, and the sentence when they get nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.clock import SystemClock
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
from core.llm.ollama_wire import address
from core.words import say
from tests.support.ollama_replay import (
    Answer,
    OllamaReplay,
    error,
    lines,
    recorded,
    says,
    stalls_after,
    without_end,
)

HELLO = ChatRequest("gemma270", (ChatMessage("user", "The capital of France is"),), Sampling(seed=1))
WEATHER = ToolSpec("get_weather", "Weather of a city", {"type": "object", "properties": {}})


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaReplay]:
    async with OllamaReplay() as replay:
        yield replay


class Patience(SystemClock):
    """Waits in no time, and remembers how long it would have been."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


@pytest.fixture
async def brain(ollama: OllamaReplay) -> AsyncIterator[OllamaBrain]:
    opened = OllamaBrain(ollama.host, first_seconds=5, next_seconds=5, clock=Patience())
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
        (
            without_end("chat_stream"),
            BrainBroke,
            "The model gemma270 stopped in the middle: the stream ended early.",
        ),
        (recorded("chat_unknown_model"), ModelMissing, "The model gemma270 is not installed."),
        (
            recorded("chat_ctx_overflow_history"),
            PromptTooLong,
            "The conversation is longer than the model gemma270 can read.",
        ),
        (
            recorded("chat_images_unsupported"),
            ModelCannot,
            "The model gemma270 cannot do this: vision.",
        ),
        (error(500, "llama runner process has terminated: exit status 2"), BrainBroke, None),
        (recorded("chat_runner_missing"), BrainBroke, None),
        (error(400, "not even { json"), BrainBroke, None),
    ],
)
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


async def test_a_full_queue_is_asked_again_and_said_when_it_stays_full(ollama: OllamaReplay) -> None:
    full = error(503, "server busy, please try again.  maximum pending requests exceeded")
    patience = Patience()
    brain = OllamaBrain(ollama.host, clock=patience)
    ollama.script("/api/chat", full, full)
    assert any(isinstance(chunk, TextChunk) for chunk in await heard(brain))
    assert patience.waited == [1.0, 2.0]
    ollama.script("/api/chat", full, full, full, full)
    with pytest.raises(BrainBusy) as failed:
        await heard(brain)
    assert say(explain(failed.value).what) == "The model gemma270 has too much to do just now."
    await brain.close()


async def test_an_error_wrapped_in_an_error_is_unwrapped(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    ollama.script("/api/chat", "chat_format_bad_schema")
    with pytest.raises(BrainBroke) as failed:
        await heard(brain, replace(HELLO, answer_schema={"type": "nonsense"}))
    told = say(failed.value.what)
    assert told.startswith("The model gemma270 stopped in the middle: Unable to generate parser")
    assert '"error"' not in told


async def test_the_recorded_lists_and_refusals(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    ollama.script("/api/tags", "tags", "tags_empty")
    assert "gemma270:latest" in [model.name for model in await brain.list_models()]
    assert await brain.list_models() == []
    ollama.script("/api/show", "show_unknown")
    with pytest.raises(ModelMissing):
        await brain.show("gemma270")
    ollama.script("/api/delete", "delete_again")
    with pytest.raises(ModelMissing):
        await brain.delete("gemma270")
    ollama.script("/api/embed", "embed_single")
    with pytest.raises(ModelCannot, match="embeddings"):
        await brain.embed("gemma270", ["hi"])
    ollama.script("/api/create", "create_from_unknown")
    with pytest.raises(BrainBroke):  # the base was deleted between our look and Ollama's
        async for _ in brain.create(ModelRecipe("echo-ada", "gemma270")):
            pass


async def test_ollama_is_never_allowed_to_cut(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    await heard(brain, replace(HELLO, sampling=Sampling(context_tokens=999_999)))
    asked = ollama.asked("/api/chat")[0]
    assert (asked["truncate"], asked["shift"]) == (False, False)
    assert asked["options"]["num_ctx"] == 32768  # what the model was made for; more would be cut to it


async def test_an_answer_that_was_cut_says_so(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    ollama.script("/api/chat", says('{"label": ', done_reason="length"))
    *_, usage = await heard(brain)
    assert isinstance(usage, Usage)
    assert usage.finish == "length"


async def test_what_a_model_can_is_asked_once_for_each_version_of_it(
    ollama: OllamaReplay, brain: OllamaBrain
) -> None:
    for _ in range(3):
        await brain.list_models()
        await heard(brain)
    assert len(ollama.asked("/api/show")) == 1
    ollama.digests["gemma270:latest"] = "another"
    ollama.models["gemma270:latest"] = (1, "show_thinker")
    await brain.list_models()
    await heard(brain)
    assert ollama.asked("/api/chat")[-1]["think"] is False


async def test_pictures_for_a_model_that_is_blind(brain: OllamaBrain) -> None:
    seeing = ChatMessage("user", "what is this?", images=(b"\x89PNG",))
    with pytest.raises(ModelCannot, match="vision"):
        await heard(brain, replace(HELLO, messages=(seeing,)))


async def test_a_model_for_vectors_only_is_a_sentence(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    ollama.script("/api/chat", error(400, '"emb" does not support chat'))
    with pytest.raises(ModelCannot, match="chat"):
        await heard(brain)


async def test_something_else_at_that_address_is_not_called_a_missing_model(
    ollama: OllamaReplay, brain: OllamaBrain
) -> None:
    ollama.script("/api/show", error(404, "404 page not found"))
    with pytest.raises(OllamaMissing):
        await heard(brain)


async def test_a_line_that_breaks_off_is_a_sentence(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    from aiohttp import web

    async def torn(request: web.Request, body: object) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b'{"message": {"role": "assistant", "content": "Hel"}, "done": false}\n')
        assert request.transport is not None
        request.transport.abort()
        return response

    ollama.script("/api/chat", torn)
    with pytest.raises(BrainBroke) as failed:
        await heard(brain)
    assert "the connection to Ollama broke" in say(failed.value.what)


@pytest.mark.parametrize(
    ("written", "reached"),
    [
        ("", "http://127.0.0.1:11434"),
        ("localhost", "http://localhost:11434"),
        ("0.0.0.0:11500", "http://127.0.0.1:11500"),
        ("[::]:11434", "http://[::1]:11434"),
        ("http://nas.local:11434/", "http://nas.local:11434"),
        ("https://brains.example.org", "https://brains.example.org:443"),
    ],
)
def test_addresses_as_people_write_them(written: str, reached: str) -> None:
    assert address(written) == reached


@pytest.mark.parametrize("rubbish", ["http://a b", "localhost:lots", "ftp://x", "http://[::1", "host:99999"])
async def test_what_is_no_address_is_a_sentence(rubbish: str) -> None:
    brain = OllamaBrain(rubbish)
    for asking in (heard(brain), brain.list_models(), brain.version()):
        with pytest.raises(OllamaMissing) as failed:
            await asking
        assert say(failed.value.what) == f"Ollama does not answer at {rubbish}."
    await brain.close()


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
    brain = OllamaBrain(ollama.host, first_seconds=30, next_seconds=0.05)
    try:
        with pytest.raises(BrainStalled) as failed:
            await heard(brain)
        assert say(failed.value.what) == "The model gemma270 has not written anything for 0 seconds."
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
    assert say(failed.value.what) == "The download of llama3.2 stopped: Ollama does not reach the internet."


async def test_a_download_of_a_name_that_does_not_exist(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    gone = {"error": "pull model manifest: file does not exist"}
    ollama.script("/api/pull", lines({"status": "pulling manifest"}, gone))
    with pytest.raises(PullFailed) as failed:
        async for _ in brain.pull("lama3"):
            pass
    assert say(failed.value.what).endswith("Ollama's library has no model of this name.")


async def test_progress_counts_all_files_together(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    ollama.script(
        "/api/pull",
        lines(
            {"status": "pulling manifest"},
            {"status": "pulling aa", "digest": "sha256:aa", "total": 100},
            {"status": "pulling aa", "digest": "sha256:aa", "total": 100, "completed": 100},
            {"status": "pulling bb", "digest": "sha256:bb", "total": 10, "completed": 4},
            {"status": "verifying sha256 digest"},
            {"status": "success"},
        ),
    )
    told = [(step.done, step.total) async for step in brain.pull("llama3.2")]
    assert told == [(0, 0), (0, 100), (100, 100), (104, 110), (104, 110), (104, 110)]


async def test_a_download_that_just_ends_is_not_called_done(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    ollama.script("/api/pull", lines({"status": "pulling abc", "completed": 5, "total": 10}))
    with pytest.raises(PullFailed):
        async for _ in brain.pull("llama3.2"):
            pass


async def test_a_download_tells_how_far_it_is(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    steps = [{"status": "pulling abc", "digest": "abc", "completed": n, "total": 10} for n in (1, 5, 10)]
    ollama.script("/api/pull", lines(*steps, {"status": "success"}))
    told = [(step.done, step.total) async for step in brain.pull("llama3.2")]
    assert told == [(1, 10), (5, 10), (10, 10), (10, 10)]


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


async def test_a_recipe_that_ollama_would_take_and_then_choke_on(
    ollama: OllamaReplay, brain: OllamaBrain
) -> None:
    recipe = ModelRecipe("echo-ada", "gemma270", parameters={"stop": "###"})
    async for _ in brain.create(recipe):
        pass
    assert ollama.asked("/api/create")[0]["parameters"] == {"stop": ["###"]}


async def test_a_model_that_was_not_made_to_the_end_is_not_called_made(
    ollama: OllamaReplay, brain: OllamaBrain
) -> None:
    ollama.script("/api/create", lines({"status": "writing manifest"}))
    with pytest.raises(BrainBroke):
        async for _ in brain.create(ModelRecipe("echo-ada", "gemma270")):
            pass
    ollama.script("/api/create", lines({"error": "unsupported architecture"}))
    with pytest.raises(BrainBroke) as failed:
        async for _ in brain.create(ModelRecipe("echo-ada", "gemma270")):
            pass
    assert "unsupported architecture" in say(failed.value.what)


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

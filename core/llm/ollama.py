"""Ollama: models on this computer, or on another one of the host's.

Every trap this guards against was recorded from a real Ollama: an error line inside a stream that
began with HTTP 200, a stream that ends without `done`, error texts that are JSON inside a string,
thinking models that think unless told not to, and `from:` an unknown name, which starts a download.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, TypeVar

import httpx
import ollama

from core.errors import (
    BrainBroke,
    BrainBusy,
    BrainError,
    BrainStalled,
    ModelCannot,
    ModelMissing,
    OllamaMissing,
    PromptTooLong,
    PullFailed,
)
from core.llm.brain import (
    ChatMessage,
    ChatRequest,
    Chunk,
    ModelDetails,
    ModelInfo,
    ModelRecipe,
    Progress,
    TextChunk,
    ThinkingChunk,
    ToolCall,
    ToolCallsChunk,
    Usage,
)

FIRST_SECONDS = 180.0  # a first load can take 40 s, on a slow disk much longer
NEXT_SECONDS = 60.0
ASK_SECONDS = 15.0
NANOSECONDS_A_MS = 1_000_000

Piece = TypeVar("Piece")


class OllamaBrain:
    """The models of one Ollama.

    Args:
        host: its address, e.g. `http://127.0.0.1:11434`.
        first_seconds, next_seconds: how long to wait for the first piece of an answer (the model may
            have to be loaded), and between pieces.
    """

    name = "ollama"

    def __init__(
        self, host: str, first_seconds: float = FIRST_SECONDS, next_seconds: float = NEXT_SECONDS
    ) -> None:
        self.host = host
        self._first_seconds = first_seconds
        self._next_seconds = next_seconds
        self._client = ollama.AsyncClient(
            host, timeout=httpx.Timeout(None, connect=ASK_SECONDS), trust_env=False
        )

    async def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        abilities = (await self.show(request.model)).abilities
        if request.tools and "tools" not in abilities:
            raise ModelCannot(model=request.model, ability="tools")
        done = False
        calls: list[ToolCall] = []
        try:
            stream = await self._client.chat(
                model=request.model,
                messages=[_message(line) for line in request.messages],
                tools=[_tool(request, at) for at in range(len(request.tools))] or None,
                stream=True,
                think=request.think if "thinking" in abilities else None,
                format=dict(request.answer_schema) if request.answer_schema is not None else None,
                options=_options(request),
                keep_alive=request.keep_alive,
            )
            async for piece in self._paced(stream, request.model):
                if piece.message.thinking:
                    yield ThinkingChunk(piece.message.thinking)
                if piece.message.content:
                    yield TextChunk(piece.message.content)
                if piece.message.tool_calls:
                    calls += [
                        ToolCall(call.function.name, dict(call.function.arguments))
                        for call in piece.message.tool_calls
                    ]
                if piece.done:
                    done = True
                    if calls:
                        yield ToolCallsChunk(tuple(calls))
                    yield _usage(piece, bool(calls))
        except _LIBRARY as error:
            raise self._named(error, request.model) from error
        if not done:
            raise BrainBroke(model=request.model, detail="the stream ended early")

    async def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        if not texts:
            return []
        try:
            async with asyncio.timeout(self._first_seconds):
                answer = await self._client.embed(model=model, input=list(texts))
        except TimeoutError as error:
            raise BrainStalled(model=model, seconds=int(self._first_seconds)) from error
        except _LIBRARY as error:
            raise self._named(error, model) from error
        vectors = [list(vector) for vector in answer.embeddings]
        if len(vectors) != len(texts):
            raise BrainBroke(model=model, detail="it gave too few vectors")
        return vectors

    async def count_tokens(self, request: ChatRequest) -> int | None:
        return None  # Ollama has no way to ask

    async def list_models(self) -> list[ModelInfo]:
        listed = await self._ask(self._client.list(), "")
        return [
            ModelInfo(
                name=model.model or "",
                size_bytes=int(model.size or 0),
                family=(model.details.family if model.details else None) or "",
                parameters=(model.details.parameter_size if model.details else None) or "",
                quantization=(model.details.quantization_level if model.details else None) or "",
                modified_at=model.modified_at,
            )
            for model in listed.models
            if model.model
        ]

    async def show(self, model: str) -> ModelDetails:
        shown = await self._ask(self._client.show(model), model)
        facts = shown.modelinfo or {}
        context = next((int(facts[key]) for key in facts if key.endswith(".context_length")), 0)
        return ModelDetails(
            name=model,
            context_tokens=context,
            abilities=frozenset(shown.capabilities or ()),
            family=(shown.details.family if shown.details else None) or "",
            template=shown.template or "",
        )

    async def pull(self, model: str) -> AsyncIterator[Progress]:
        ended = False
        try:
            stream = await self._client.pull(model, stream=True)
            async for step in self._paced(stream, model):
                ended = step.status == "success"
                yield Progress(step.status or "", int(step.completed or 0), int(step.total or 0))
        except ollama.ResponseError as error:
            raise PullFailed(model=model, detail=_words(error)) from error
        except _LIBRARY as error:
            raise self._named(error, model) from error
        if not ended:
            raise PullFailed(model=model, detail="the download ended early")

    async def create(self, recipe: ModelRecipe) -> AsyncIterator[Progress]:
        await self.show(recipe.base)  # an unknown base would be downloaded unasked
        try:
            stream = await self._client.create(
                model=recipe.name,
                from_=recipe.base,
                system=recipe.system or None,
                messages=[_message(line) for line in recipe.examples] or None,
                parameters=dict(recipe.parameters) or None,
                stream=True,
            )
            async for step in self._paced(stream, recipe.name):
                yield Progress(step.status or "", int(step.completed or 0), int(step.total or 0))
        except _LIBRARY as error:
            raise self._named(error, recipe.name) from error

    async def delete(self, model: str) -> None:
        await self._ask(self._client.delete(model), model)

    async def alive(self) -> bool:
        try:
            await self._ask(self._client.list(), "")
        except BrainError:
            return False
        return True

    async def version(self) -> str:
        """Ollama's own version.

        Raises:
            OllamaMissing: it does not answer.
        """
        async with httpx.AsyncClient(base_url=self.host, timeout=ASK_SECONDS, trust_env=False) as client:
            try:
                return str((await client.get("/api/version")).json()["version"])
            except (httpx.HTTPError, ValueError, KeyError) as error:
                raise OllamaMissing(host=self.host) from error

    async def close(self) -> None:
        await self._client.close()  # type: ignore[no-untyped-call]

    async def _ask(self, asking: Any, model: str) -> Any:
        try:
            async with asyncio.timeout(ASK_SECONDS):
                return await asking
        except TimeoutError as error:
            raise OllamaMissing(host=self.host) from error
        except _LIBRARY as error:
            raise self._named(error, model) from error

    async def _paced(self, stream: AsyncIterator[Piece], model: str) -> AsyncIterator[Piece]:
        """The stream's pieces, unless it stalls. Leaving early closes the connection: Ollama stops."""
        pieces = stream.__aiter__()
        seconds = self._first_seconds
        try:
            while True:
                started = time.monotonic()
                try:
                    async with asyncio.timeout(seconds):
                        piece = await anext(pieces)
                except StopAsyncIteration:
                    return
                except TimeoutError as error:
                    waited = int(time.monotonic() - started)
                    raise BrainStalled(model=model, seconds=waited) from error
                except (AttributeError, TypeError) as error:  # the library met JSON of another shape
                    raise BrainBroke(model=model, detail="an answer that cannot be read") from error
                seconds = self._next_seconds
                yield piece
        finally:
            close = getattr(pieces, "aclose", None)
            if close is not None:
                await close()

    def _named(self, error: Exception, model: str) -> BrainError:
        """A library's error as one of ours."""
        if isinstance(error, (ConnectionError, httpx.ConnectError, httpx.ConnectTimeout)):
            return OllamaMissing(host=self.host)
        if not isinstance(error, ollama.ResponseError):
            return BrainBroke(model=model, detail=type(error).__name__)
        words, status = _words(error), error.status_code
        if "exceeds the available context size" in words:
            return PromptTooLong(model=model)
        if status == 404:
            return ModelMissing(model=model)
        if status == 503:
            return BrainBusy(model=model)
        for ability in ("tools", "thinking", "embeddings"):
            if f"does not support {ability}" in words:
                return ModelCannot(model=model, ability=ability)
        if "image input is not supported" in words:
            return ModelCannot(model=model, ability="vision")
        return BrainBroke(model=model, detail=words[:200])


_LIBRARY = (ollama.ResponseError, ConnectionError, httpx.HTTPError, ValueError)


def _words(error: ollama.ResponseError) -> str:
    """The error's text; llama-server's comes as JSON inside the string."""
    text = str(error.error)
    try:
        inner = json.loads(text)
        return str(inner["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return text


def _message(line: ChatMessage) -> dict[str, Any]:
    message: dict[str, Any] = {"role": line.role, "content": line.content}
    if line.images:
        message["images"] = list(line.images)
    if line.tool_calls:
        message["tool_calls"] = [
            {"function": {"name": call.name, "arguments": dict(call.arguments)}} for call in line.tool_calls
        ]
    if line.tool_name:
        message["tool_name"] = line.tool_name
    return message


def _tool(request: ChatRequest, at: int) -> dict[str, Any]:
    tool = request.tools[at]
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
    }
    return {"type": "function", "function": function}


def _options(request: ChatRequest) -> dict[str, Any]:
    sampling = request.sampling
    options: dict[str, Any] = {
        "num_ctx": sampling.context_tokens,
        "num_predict": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "repeat_penalty": sampling.repeat_penalty,
    }
    if sampling.seed is not None:
        options["seed"] = sampling.seed
    if sampling.stop:
        options["stop"] = list(sampling.stop)
    return options


def _usage(last: ollama.ChatResponse, asked_for_tools: bool) -> Usage:
    finish = "tools" if asked_for_tools else ("length" if last.done_reason == "length" else "stop")
    return Usage(
        prompt_tokens=int(last.prompt_eval_count or 0),
        cached_tokens=None,
        completion_tokens=int(last.eval_count or 0),
        load_ms=int(last.load_duration or 0) // NANOSECONDS_A_MS,
        prompt_ms=int(last.prompt_eval_duration or 0) // NANOSECONDS_A_MS,
        generate_ms=int(last.eval_duration or 0) // NANOSECONDS_A_MS,
        finish=finish,
    )

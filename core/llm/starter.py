"""The starter brain: a very small model that ships with the app, so that everything runs on the first
day. It talks nonsense; the app says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx

from core.errors import BrainBroke, BrainStalled, EchodeckError, ModelCannot, PromptTooLong
from core.llm import starter_process
from core.llm.brain import (
    ChatRequest,
    Chunk,
    ModelDetails,
    ModelInfo,
    ModelRecipe,
    Progress,
    Role,
    TextChunk,
    Usage,
)
from core.llm.starter_process import CONTEXT_TOKENS, Worker
from core.words import T

MODEL = "smollm2-135m"
_SLOT = {Role.CHAT: 0, Role.SCORING: 1}
SILENT_SECONDS = 60.0  # it tells of every batch it has read, so silence means that it hangs


class StarterBrain:
    """llama.cpp in its own process, loaded at the first question.

    Args:
        command: how the worker is started; by default this program itself.
        model: the model file; by default the one that was installed with the app.
        silent_seconds: how long it may neither read nor write before it counts as hanging.
    """

    name = "starter"

    def __init__(
        self,
        command: list[str] | None = None,
        model: Path | None = None,
        silent_seconds: float = SILENT_SECONDS,
    ) -> None:
        self._silent_seconds = silent_seconds
        self._command = command or starter_process.worker_command()
        self._model = model or starter_process.model_path()
        self._worker: Worker | None = None
        self._killed: list[Worker] = []
        self._loading = asyncio.Lock()
        self._coming: Worker | None = None
        self._closing = False

    @property
    def installed(self) -> bool:
        """Is the model there at all?"""
        return self._model is not None

    @property
    def memory_bytes(self) -> int:
        """What the worker holds of memory; 0 while it is not loaded."""
        return self._worker.memory_bytes if self._worker is not None else 0

    async def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        _refuse_what_it_cannot(request)
        worker = await self._ready()
        try:
            async with (
                _client(worker) as client,
                client.stream("POST", "/v1/chat/completions", json=_body(request)) as answer,
            ):
                await _raise_for(answer)
                async with aclosing(_chunks(answer, self._silent_seconds)) as chunks:
                    async for chunk in chunks:
                        yield chunk
        except (httpx.HTTPError, ValueError, KeyError) as error:
            await self._drop(worker)
            raise BrainBroke(model=MODEL, detail=type(error).__name__) from error
        except BrainStalled:
            await self._drop(worker)
            raise

    async def count_tokens(self, request: ChatRequest) -> int | None:
        worker = await self._ready()
        messages = _body(request)["messages"]
        try:
            async with _client(worker) as client:
                prompt = (await client.post("/apply-template", json={"messages": messages})).json()["prompt"]
                told = (await client.post("/tokenize", json={"content": prompt})).json()
                return len(told["tokens"])
        except (httpx.HTTPError, KeyError, ValueError) as error:
            await self._drop(worker)
            raise BrainBroke(model=MODEL, detail=type(error).__name__) from error

    async def list_models(self) -> list[ModelInfo]:
        if self._model is None:
            return []
        size = self._model.stat().st_size
        return [ModelInfo(MODEL, size, family="llama", parameters="135M", quantization="Q4_1")]

    async def show(self, model: str) -> ModelDetails:
        return ModelDetails(MODEL, CONTEXT_TOKENS, frozenset({"completion"}), family="llama")

    async def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        raise ModelCannot(model=MODEL, ability="embedding")

    async def pull(self, model: str) -> AsyncIterator[Progress]:
        raise ModelCannot(model=MODEL, ability="pull")
        yield  # makes this the generator that the protocol asks for

    async def create(self, recipe: ModelRecipe) -> AsyncIterator[Progress]:
        raise ModelCannot(model=MODEL, ability="create")
        yield

    async def delete(self, model: str) -> None:
        raise ModelCannot(model=MODEL, ability="delete")

    async def alive(self) -> bool:
        return self._worker is not None and self._worker.alive

    async def close(self) -> None:
        self._closing = True
        try:
            if self._coming is not None:
                self._coming.process.kill()  # whoever waits for it is told so, and lets go of the lock
            async with self._loading:
                if self._worker is not None:
                    self._kill(self._worker)
                await self._bury()
        finally:
            self._closing = False

    async def _ready(self) -> Worker:
        """The worker, started if it is not running."""
        async with self._loading:
            if self._worker is not None and not self._worker.alive:
                self._kill(self._worker)
            await self._bury()
            if self._worker is None:
                worker = await starter_process.launch(self._command, self._model)
                self._coming = worker
                if self._closing:
                    worker.process.kill()
                try:
                    self._worker = await worker.loaded(MODEL)
                finally:
                    self._coming = None
            return self._worker

    async def _drop(self, worker: Worker) -> None:
        """Forget a worker that no longer answers; the next question starts another."""
        self._kill(worker)
        await self._bury()

    def _kill(self, worker: Worker) -> None:
        """End a worker without waiting for its end, so that a cancelled task can do it too."""
        worker.process.kill()
        if self._worker is worker:
            self._worker = None
            self._killed.append(worker)

    async def _bury(self) -> None:
        """Wait for the end of the processes that were killed."""
        while self._killed:
            await self._killed.pop().end()


def _client(worker: Worker) -> httpx.AsyncClient:
    # No connection is used twice: llama.cpp closes them after a stream, sometimes while we send again.
    return httpx.AsyncClient(
        base_url=worker.url,
        headers={"Authorization": f"Bearer {worker.key}", "Connection": "close"},
        timeout=httpx.Timeout(10, read=None),
        limits=httpx.Limits(max_keepalive_connections=0),
        trust_env=False,
        verify=False,  # plain HTTP to ourselves; reading certificates held up the loop for 70 ms
    )


def _body(request: ChatRequest) -> dict[str, Any]:
    sampling = request.sampling
    body: dict[str, Any] = {
        "return_progress": True,
        "messages": [{"role": _role(line.role), "content": line.content} for line in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "repeat_penalty": sampling.repeat_penalty,
        "stop": list(sampling.stop),
        "cache_prompt": True,
        "id_slot": _SLOT.get(request.slot, 1),
    }
    if sampling.seed is not None:
        body["seed"] = sampling.seed
    if request.answer_schema is not None:
        schema = {"name": "answer", "schema": dict(request.answer_schema), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def _role(role: str) -> str:
    return "user" if role == "tool" else role


def _refuse_what_it_cannot(request: ChatRequest) -> None:
    """Tools and pictures would be dropped without a word by so small a model."""
    if request.tools:
        raise ModelCannot(model=MODEL, ability="tools")
    if any(line.images for line in request.messages):
        raise ModelCannot(model=MODEL, ability="vision")


async def _raise_for(answer: httpx.Response) -> None:
    if answer.status_code == 200:
        return
    text = (await answer.aread()).decode("utf-8", "replace")
    raise _error(text)


def _error(text: str) -> EchodeckError:
    try:
        told = json.loads(text)["error"]
        kind, words = told.get("type", ""), str(told.get("message", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        kind, words = "", text
    if kind == "exceed_context_size_error":
        return PromptTooLong(model=MODEL)
    return BrainBroke(model=MODEL, detail=words[:200])


async def _chunks(answer: httpx.Response, silent_seconds: float) -> AsyncGenerator[Chunk, None]:
    """The stream's pieces, ending in exactly one `Usage`."""
    finish = "stop"
    counted = False
    lines = answer.aiter_lines().__aiter__()
    while True:
        try:
            async with asyncio.timeout(silent_seconds):
                line = await anext(lines)
        except StopAsyncIteration:
            if counted:  # read to its end, so that the connection closes in its own time
                return
            raise BrainBroke(model=MODEL, detail=T("the stream ended early")) from None
        except TimeoutError as error:
            raise BrainStalled(model=MODEL, seconds=round(silent_seconds)) from error
        if line.startswith("error:"):
            raise _error(line.removeprefix("error:"))
        if not line.startswith("data:") or line.strip() == "data: [DONE]":
            continue
        piece = json.loads(line.removeprefix("data:"))
        if "error" in piece:
            raise _error(json.dumps(piece))
        for choice in piece.get("choices", ()):
            if text := choice.get("delta", {}).get("content"):
                yield TextChunk(text)
            finish = choice.get("finish_reason") or finish
        if usage := piece.get("usage"):
            counted = True
            yield _usage(usage, piece.get("timings") or {}, finish)


def _usage(usage: dict[str, Any], timings: dict[str, Any], finish: str) -> Usage:
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
    return Usage(
        prompt_tokens=int(usage.get("prompt_tokens", 0)),
        cached_tokens=None if cached is None else int(cached),
        completion_tokens=int(usage.get("completion_tokens", 0)),
        prompt_ms=round(timings.get("prompt_ms", 0)),
        generate_ms=round(timings.get("predicted_ms", 0)),
        finish="length" if finish == "length" else "stop",
    )

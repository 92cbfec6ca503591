"""Ollama: models on this computer, or on another one of the host's.

Every trap this guards against was recorded from a real Ollama: an error line inside a stream that
began with HTTP 200, a stream that ends without `done`, error texts that are JSON inside a string,
thinking models that think unless told not to, and `from:` an unknown name, which starts a download.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Sequence
from contextlib import aclosing
from typing import Any, TypeVar

import httpx
import ollama

from core.clock import Clock, SystemClock
from core.errors import (
    BrainBroke,
    BrainBusy,
    BrainError,
    BrainStalled,
    ModelCannot,
    OllamaMissing,
    PullFailed,
)
from core.llm import ollama_wire as wire
from core.llm.brain import (
    ChatRequest,
    Chunk,
    LoadedModel,
    ModelDetails,
    ModelInfo,
    ModelRecipe,
    Progress,
    TextChunk,
    ThinkingChunk,
    ToolCall,
    ToolCallsChunk,
)
from core.words import T

FIRST_SECONDS = 120.0  # a first load can take 40 s, on a slow disk longer
NEXT_SECONDS = 60.0
ASK_SECONDS = 15.0
WORK_SECONDS = 600.0  # checking a large download, or writing a model, says nothing for minutes
BUSY_WAITS = (1.0, 2.0, 4.0)  # seconds before another try when the queue is full

Answer = TypeVar("Answer")
_LIBRARY = (ollama.ResponseError, ConnectionError, httpx.HTTPError, httpx.InvalidURL, ValueError)


class OllamaBrain:
    """The models of one Ollama.

    Args:
        host: its address, e.g. `http://127.0.0.1:11434`; scheme and port may be left out. Where it
            is no address at all, nothing is ever reached, as with one where nobody answers.
        first_seconds, next_seconds: how long to wait for the first piece of an answer (the model may
            have to be loaded), and between pieces.
        clock: what it waits on before it asks a busy Ollama again.
    """

    name = "ollama"

    def __init__(
        self,
        host: str,
        first_seconds: float = FIRST_SECONDS,
        next_seconds: float = NEXT_SECONDS,
        clock: Clock | None = None,
    ) -> None:
        found = wire.address(host)
        self.host = found or host
        self._first_seconds = first_seconds
        self._next_seconds = next_seconds
        self._clock = clock or SystemClock()
        way: dict[str, Any] = {"timeout": httpx.Timeout(None, connect=ASK_SECONDS), "trust_env": False}
        if found is None:
            way["transport"] = _Nowhere()
        self._client = ollama.AsyncClient(found or "nowhere", **way)
        self._http = httpx.AsyncClient(base_url=found or "http://nowhere", **way)
        self._digests: dict[str, str] = {}
        self._known: dict[str, tuple[str, ModelDetails]] = {}

    async def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        details = await self.details(request.model)
        _refuse_what_it_cannot(request, details)
        done = False
        calls: list[ToolCall] = []
        async with aclosing(self._answer(wire.chat_body(request, details), request.model)) as pieces:
            async for piece in pieces:
                if piece.message.thinking:
                    yield ThinkingChunk(piece.message.thinking)
                if piece.message.content:
                    yield TextChunk(piece.message.content)
                for call in piece.message.tool_calls or ():
                    calls.append(ToolCall(call.function.name, dict(call.function.arguments)))
                if piece.done and not done:
                    done = True
                    if calls:
                        yield ToolCallsChunk(tuple(calls))
                    yield wire.usage(piece, bool(calls))
        if not done:
            raise BrainBroke(model=request.model, detail=T("the stream ended early"))

    async def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order. What is longer than the model reads is cut at its end."""
        if not texts:
            return []
        try:
            async with asyncio.timeout(self._first_seconds):
                answer = await self._client.embed(model=model, input=list(texts))
        except TimeoutError as error:
            raise BrainStalled(model=model, seconds=round(self._first_seconds)) from error
        except _LIBRARY as error:
            raise self._named(error, model) from error
        vectors = [list(vector) for vector in answer.embeddings]
        if len(vectors) != len(texts):
            raise BrainBroke(model=model, detail=T("it gave too few vectors"))
        return vectors

    async def count_tokens(self, request: ChatRequest) -> int | None:
        return None  # Ollama has no way to ask

    async def list_models(self) -> list[ModelInfo]:
        listed = await self._ask(self._client.list(), "")
        self._digests = {model.model: model.digest for model in listed.models if model.model and model.digest}
        return [wire.info(model) for model in listed.models if model.model]

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

    async def details(self, model: str) -> ModelDetails:
        """Like `show`, but asked only once for each version of a model that `list_models` saw."""
        digest = self._digests.get(model) or self._digests.get(f"{model}:latest") or ""
        known = self._known.get(model)
        if known is not None and known[0] == digest:
            return known[1]
        details = await self.show(model)
        if digest:
            self._known[model] = (digest, details)
        return details

    async def pull(self, model: str) -> AsyncIterator[Progress]:
        """Download `model`; stop reading to cancel. Bytes are of all its files together."""
        ended = False
        files: dict[str, tuple[int, int]] = {}
        try:
            stream = await self._client.pull(model, stream=True)
            async with aclosing(self._paced(stream, model, WORK_SECONDS, WORK_SECONDS)) as steps:
                async for step in steps:
                    ended = step.status == "success"
                    if step.digest and step.total:
                        files[step.digest] = (int(step.completed or 0), int(step.total))
                    done, total = (sum(part[at] for part in files.values()) for at in (0, 1))
                    yield Progress(step.status or "", done, total)
        except ollama.ResponseError as error:
            raise wire.no_download(error, model) from error
        except (*_LIBRARY, BrainStalled) as error:
            missing = self._named(error, model)
            if isinstance(missing, OllamaMissing):
                raise missing from error
            raise PullFailed(model=model, detail=T("the connection broke off")) from error
        if not ended:
            raise PullFailed(model=model, detail=T("the download ended early"))

    async def create(self, recipe: ModelRecipe) -> AsyncIterator[Progress]:
        await self.show(recipe.base)  # an unknown base would be downloaded unasked
        ended = False
        try:
            stream = await self._client.create(
                model=recipe.name,
                from_=recipe.base,
                system=recipe.system or None,
                messages=[wire.message(line) for line in recipe.examples] or None,
                parameters=wire.parameters(recipe.parameters) or None,
                stream=True,
            )
            async with aclosing(self._paced(stream, recipe.name, WORK_SECONDS, WORK_SECONDS)) as steps:
                async for step in steps:
                    ended = step.status == "success"
                    yield Progress(step.status or "", int(step.completed or 0), int(step.total or 0))
        except _LIBRARY as error:
            raise self._named(error, recipe.name) from error
        if not ended:
            raise BrainBroke(model=recipe.name, detail=T("Ollama did not say that it was made"))

    async def delete(self, model: str) -> None:
        await self._ask(self._client.delete(model), model)

    async def loaded(self) -> list[LoadedModel]:
        """What is in memory now."""
        listed = await self._ask(self._client.ps(), "")
        return [wire.loaded(model) for model in listed.models if model.model]

    async def unload(self, model: str) -> None:
        """Give its memory back; it is loaded again by the next question."""
        await self._ask(self._client.generate(model=model, keep_alive=0), model)

    async def alive(self) -> bool:
        try:
            await self.version()
        except BrainError:
            return False
        return True

    async def version(self) -> str:
        """Ollama's own version.

        Raises:
            OllamaMissing: it does not answer.
        """
        try:
            answer = await self._http.get("/api/version", timeout=ASK_SECONDS)
            return str(answer.json()["version"])
        except (*_LIBRARY, KeyError, TypeError) as error:
            raise OllamaMissing(host=self.host) from error

    async def close(self) -> None:
        await self._client.close()  # type: ignore[no-untyped-call]
        await self._http.aclose()

    async def _answer(self, body: dict[str, Any], model: str) -> AsyncGenerator[ollama.ChatResponse, None]:
        """The lines of a chat. A busy Ollama is asked again; it only ever refuses before the first line."""
        for wait in (*BUSY_WAITS, None):
            try:
                async with aclosing(self._paced(self._lines(body), model)) as lines:
                    async for line in lines:
                        yield line
                return
            except _LIBRARY as error:
                named = self._named(error, model)
                if wait is None or not isinstance(named, BrainBusy):
                    raise named from error
            await self._clock.sleep(wait)

    async def _lines(self, body: dict[str, Any]) -> AsyncGenerator[ollama.ChatResponse, None]:
        async with self._http.stream("POST", "/api/chat", json=body) as answer:
            if answer.status_code != httpx.codes.OK:
                text = (await answer.aread()).decode("utf-8", "replace")
                raise ollama.ResponseError(text, answer.status_code)
            async for line in answer.aiter_lines():
                piece = json.loads(line)
                if isinstance(piece, dict) and "error" in piece:
                    raise ollama.ResponseError(str(piece["error"]))
                yield ollama.ChatResponse.model_validate(piece)

    async def _ask(self, asking: Awaitable[Answer], model: str) -> Answer:
        try:
            async with asyncio.timeout(ASK_SECONDS):
                return await asking
        except TimeoutError as error:
            raise OllamaMissing(host=self.host) from error
        except _LIBRARY as error:
            raise self._named(error, model) from error

    async def _paced(
        self,
        stream: AsyncIterator[Answer],
        model: str,
        first: float | None = None,
        later: float | None = None,
    ) -> AsyncGenerator[Answer, None]:
        """The stream's pieces, unless it stalls. Leaving early closes the connection: Ollama stops."""
        seconds = self._first_seconds if first is None else first
        try:
            while True:
                started = time.monotonic()
                try:
                    async with asyncio.timeout(seconds):
                        piece = await anext(stream)
                except StopAsyncIteration:
                    return
                except TimeoutError as error:
                    raise BrainStalled(model=model, seconds=round(time.monotonic() - started)) from error
                seconds = self._next_seconds if later is None else later
                yield piece
        finally:
            if isinstance(stream, AsyncGenerator):
                await stream.aclose()

    def _named(self, error: Exception, model: str) -> BrainError:
        """A library's error as one of ours."""
        if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, ConnectionError, httpx.InvalidURL)):
            return OllamaMissing(host=self.host)
        if isinstance(error, ollama.ResponseError):
            return wire.refused(error, model, self.host)
        return BrainBroke(
            model=model, detail=T("the connection to Ollama broke ({name})", name=type(error).__name__)
        )


class _Nowhere(httpx.AsyncBaseTransport):
    """Stands where no address was given."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no address", request=request)


def _refuse_what_it_cannot(request: ChatRequest, details: ModelDetails) -> None:
    if request.tools and "tools" not in details.abilities:
        raise ModelCannot(model=request.model, ability="tools")
    if any(line.images for line in request.messages) and "vision" not in details.abilities:
        raise ModelCannot(model=request.model, ability="vision")

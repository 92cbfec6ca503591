"""A brain that says what it is told to, for tests of everything around the brain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from core.errors import EchodeckError, ModelCannot
from core.llm.brain import (
    ChatRequest,
    Chunk,
    ModelDetails,
    ModelInfo,
    ModelRecipe,
    Progress,
    TextChunk,
    Usage,
)

Reply = str | EchodeckError | Callable[[ChatRequest], str]


class FakeBrain:
    """Streams replies word by word and remembers what it was asked.

    Args:
        replies: one for each request, the last one for all further; an error is raised instead of said,
            a callable is asked with the request.

    Attributes:
        requests: what it was asked, oldest first.
        hold: while this event is set to be awaited (not None), every word waits for it.
    """

    name = "fake"

    def __init__(self, *replies: Reply) -> None:
        self._replies: Sequence[Reply] = replies or ("hello there",)
        self.requests: list[ChatRequest] = []
        self.hold: asyncio.Event | None = None
        self.cancelled = 0

    async def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        self.requests.append(request)
        reply = self._replies[min(len(self.requests), len(self._replies)) - 1]
        if isinstance(reply, EchodeckError):
            raise reply
        text = reply(request) if callable(reply) else reply
        try:
            for at, word in enumerate(text.split(" ")):
                if self.hold is not None:
                    await self.hold.wait()
                await asyncio.sleep(0)
                yield TextChunk(word if at == 0 else f" {word}")
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled += 1
            raise
        read = sum(len(message.content) for message in request.messages) // 4
        yield Usage(prompt_tokens=read, cached_tokens=read // 2, completion_tokens=len(text.split()))

    async def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        raise ModelCannot(model=model, ability="embedding")

    async def count_tokens(self, request: ChatRequest) -> int | None:
        return None

    async def list_models(self) -> list[ModelInfo]:
        return [ModelInfo("fake", 1_000)]

    async def show(self, model: str) -> ModelDetails:
        return ModelDetails(model, 8192, frozenset({"completion"}))

    async def pull(self, model: str) -> AsyncIterator[Progress]:
        yield Progress("success", 1, 1)

    async def create(self, recipe: ModelRecipe) -> AsyncIterator[Progress]:
        yield Progress("success", 1, 1)

    async def delete(self, model: str) -> None:
        return None

    async def alive(self) -> bool:
        return True

    async def close(self) -> None:
        return None

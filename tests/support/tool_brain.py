"""A brain that asks for tools, in its own way or in its text, for tests of the loop around it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from core.errors import ModelCannot
from core.llm.brain import (
    ChatRequest,
    Chunk,
    ModelDetails,
    TextChunk,
    ThinkingChunk,
    ToolCall,
    ToolCallsChunk,
    Usage,
)
from tests.support.fake_brain import FakeBrain


class ToolBrain(FakeBrain):
    """Answers each request with the next of its turns, the last one for all further.

    Args:
        turns: a text, tool calls, or an error. native: whether its models have tool calls of their own.
        lies: it says that it has, and refuses.
    """

    def __init__(
        self, *turns: str | list[ToolCall] | Exception, native: bool = True, lies: bool = False
    ) -> None:
        super().__init__()
        self.turns = turns
        self.native = native
        self.lies = lies

    async def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        if self.lies and request.tools:
            raise ModelCannot(model=request.model, ability="tools")
        self.requests.append(request)
        turn = self.turns[min(len(self.requests), len(self.turns)) - 1]
        if isinstance(turn, Exception):
            raise turn
        if isinstance(turn, str):
            for sign in turn:
                yield TextChunk(sign)
        else:
            yield ThinkingChunk("let me look")
            yield ToolCallsChunk(tuple(turn))
        read = sum(len(message.content) for message in request.messages) // 4
        yield Usage(read, 0, 5, finish="tools" if isinstance(turn, list) else "stop")

    async def show(self, model: str) -> ModelDetails:
        more = {"tools"} if self.native else set()
        return ModelDetails(model, 8192, frozenset({"completion", *more}))

"""The brain protocol: what every model that writes looks like to the rest of core.

An answer is a stream of chunks and always ends with exactly one `Usage`, or raises a
`core.errors.BrainError`. Cancelling the task that reads the stream stops the model.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol


class Role(StrEnum):
    """What a model is used for; each role may have its own model."""

    CHAT = "chat"
    SCORING = "scoring"
    EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks for a tool. `arguments` is the object it gave, not yet validated."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool the model may call. `parameters` is a JSON schema of type object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a prompt.

    Attributes:
        images: raw bytes of pictures, for models that see.
        tool_calls: set on an assistant message that asked for tools.
        tool_name: set on a message of role `tool`: which tool answers.
    """

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    images: tuple[bytes, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_name: str | None = None


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to write.

    Attributes:
        max_tokens: the longest answer, in tokens.
        context_tokens: the window to load the model with (`num_ctx`), prompt and answer together.
    """

    temperature: float = 0.8
    top_p: float = 0.95
    top_k: int = 40
    repeat_penalty: float = 1.1
    max_tokens: int = 300
    context_tokens: int = 4096
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """Everything a brain needs for one answer.

    Attributes:
        answer_schema: a JSON schema the answer must follow, or None for free text.
        think: False keeps a thinking model from thinking; ignored by models that cannot.
        slot: chat and scoring read different prompts; each keeps a prefix cache of its own.
    """

    model: str
    messages: tuple[ChatMessage, ...]
    sampling: Sampling = field(default_factory=Sampling)
    tools: tuple[ToolSpec, ...] = ()
    answer_schema: Mapping[str, Any] | None = None
    think: bool = False
    slot: Role = Role.CHAT
    keep_alive: str = "10m"


@dataclass(frozen=True, slots=True)
class TextChunk:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ThinkingChunk:
    """A piece of the model's thinking: stored, never posted."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallsChunk:
    """The model asks for these tools and then stops."""

    calls: tuple[ToolCall, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """The end of an answer.

    Attributes:
        prompt_tokens: tokens of the prompt as the model counted them, cached ones included.
        cached_tokens: those of them it did not have to read again; None when it doesn't say.
        completion_tokens: tokens written.
        load_ms, prompt_ms, generate_ms: milliseconds for loading, reading, writing.
        finish: `stop`, `length` (cut at max_tokens) or `tools`.
    """

    prompt_tokens: int
    cached_tokens: int | None
    completion_tokens: int
    load_ms: int = 0
    prompt_ms: int = 0
    generate_ms: int = 0
    finish: str = "stop"


Chunk = TextChunk | ThinkingChunk | ToolCallsChunk | Usage


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model that is installed.

    Attributes:
        size_bytes: on disk. parameters: e.g. `8.0B`. quantization: e.g. `Q4_K_M`.
        made_from: the model it was made from by somebody here; no library has such a one.
    """

    name: str
    size_bytes: int
    family: str = ""
    parameters: str = ""
    quantization: str = ""
    modified_at: datetime | None = None
    made_from: str = ""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model that is in memory now.

    Attributes:
        size_bytes: what it takes, context included. graphics_bytes: how much of it on the graphics card.
        until: when it is let go of unless somebody asks it something.
    """

    name: str
    size_bytes: int
    graphics_bytes: int
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ModelDetails:
    """What a model can do, as the server itself says.

    Attributes:
        context_tokens: the longest context it was made for; 0 when unknown.
        abilities: e.g. completion, tools, thinking, vision, embedding.
    """

    name: str
    context_tokens: int
    abilities: frozenset[str]
    family: str = ""
    template: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class ModelRecipe:
    """What to build a model from: a base model, a system prompt, example messages, parameters."""

    name: str
    base: str
    system: str = ""
    examples: tuple[ChatMessage, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long operation is. `done` and `total` are bytes, 0 when unknown."""

    status: str
    done: int = 0
    total: int = 0


class Brain(Protocol):
    """A source of models. All methods raise `core.errors.BrainError`, never a library's error."""

    name: str

    def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        """Write an answer, chunk by chunk. Close or cancel the iterator to stop the model."""
        ...

    async def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order."""
        ...

    async def count_tokens(self, request: ChatRequest) -> int | None:
        """Tokens the request's prompt has for this model, or None when it cannot be told exactly."""
        ...

    async def list_models(self) -> list[ModelInfo]:
        """What is installed."""
        ...

    async def show(self, model: str) -> ModelDetails:
        """What `model` can do."""
        ...

    def pull(self, model: str) -> AsyncIterator[Progress]:
        """Download `model`; stop reading to cancel."""
        ...

    def create(self, recipe: ModelRecipe) -> AsyncIterator[Progress]:
        """Build a model from a recipe. The base must be installed: nothing is ever pulled unasked."""
        ...

    async def delete(self, model: str) -> None:
        """Remove `model`."""
        ...

    async def alive(self) -> bool:
        """Does it answer now?"""
        ...

    async def close(self) -> None:
        """Stop whatever was started and give back the memory."""
        ...

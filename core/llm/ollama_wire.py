"""Ollama's words: our requests as it wants them, its answers and errors as ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import ollama

from core.errors import (
    BrainBroke,
    BrainBusy,
    BrainError,
    ModelCannot,
    ModelMissing,
    ModelNameUnknown,
    ModelsDiskFull,
    ModelTooLarge,
    OllamaMissing,
    OllamaTooOld,
    PromptTooLong,
    PullFailed,
)
from core.llm.brain import (
    ChatMessage,
    ChatRequest,
    LoadedModel,
    ModelDetails,
    ModelInfo,
    ToolSpec,
    Usage,
)
from core.words import T

PORT = 11434
NANOSECONDS_A_MS = 1_000_000
LONGEST_DETAIL = 200  # characters of a foreign error that are shown
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # where a server listens is not where it is reached
_OFFLINE = ("dial tcp", "i/o timeout", "network is unreachable", "no such host", "TLS handshake timeout")


def address(host: str) -> str | None:
    """Where Ollama is reached, for whatever a host wrote into the setting or OLLAMA_HOST; None when
    that is no address."""
    text = host.strip().rstrip("/") or "127.0.0.1"
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port or (PORT if "://" not in text else {"http": 80, "https": 443}[parts.scheme])
        name = parts.hostname or "127.0.0.1"
    except (ValueError, KeyError):
        return None
    name = _EVERYWHERE.get(name, name)
    if not all(sign.isalnum() or sign in "-._:%" for sign in name):
        return None
    shown = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{shown}:{port}{parts.path}"


def chat_body(request: ChatRequest, details: ModelDetails) -> dict[str, Any]:
    """The body of /api/chat.

    `truncate` and `shift` keep Ollama from leaving out old messages, or the start of the prompt while
    it writes, without a word: it refuses a prompt that is too long, and ends an answer with `length`.
    The official client cannot send them.
    """
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [message(line) for line in request.messages],
        "stream": True,
        "truncate": False,
        "shift": False,
        "options": _options(request, details.context_tokens),
        "keep_alive": request.keep_alive,
    }
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if "thinking" in details.abilities:  # others refuse even `think: false` in some versions
        body["think"] = request.think
    if request.answer_schema is not None:
        body["format"] = dict(request.answer_schema)  # whole: "json" alone is not always enforced
    return body


def message(line: ChatMessage) -> dict[str, Any]:
    """A message. Tool arguments are objects here, never JSON in a string."""
    sent = ollama.Message(
        role=line.role,
        content=line.content,
        images=[ollama.Image(value=picture) for picture in line.images] or None,
        tool_calls=[
            ollama.Message.ToolCall(
                function=ollama.Message.ToolCall.Function(name=call.name, arguments=call.arguments)
            )
            for call in line.tool_calls
        ]
        or None,
        tool_name=line.tool_name,
    )
    return sent.model_dump(exclude_none=True)


def parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe's parameters. Ollama takes a single `stop` that is no list, and then no chat works."""
    stop = given.get("stop")
    return {**given, "stop": [stop]} if isinstance(stop, str) else dict(given)


def usage(last: ollama.ChatResponse, asked_for_tools: bool) -> Usage:
    """What the closing line says of tokens and times."""
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


_NO_MEMORY = ("requires more system memory", "out of memory", "cudaMalloc failed", "failed to allocate")


def refused(error: ollama.ResponseError, model: str, host: str) -> BrainError:
    """An error that Ollama answered with, before or inside a stream."""
    words, status = said(error), error.status_code
    if "exceeds the available context size" in words or "input length exceeds the context" in words:
        return PromptTooLong(model=model)
    if status == 404:
        return ModelMissing(model=model) if "model" in words else OllamaMissing(host=host)
    if status == 503:
        return BrainBusy(model=model)
    if any(sign in words for sign in _NO_MEMORY):
        return ModelTooLarge(model=model)
    for ability in ("tools", "thinking", "embeddings", "chat"):
        if f"does not support {ability}" in words:
            return ModelCannot(model=model, ability=ability)
    if "image input is not supported" in words:
        return ModelCannot(model=model, ability="vision")
    return BrainBroke(
        model=model, detail=words[:LONGEST_DETAIL] or T("Ollama answered {status}", status=status)
    )


def said(error: ollama.ResponseError) -> str:
    """The error's text; llama-server's comes as JSON inside the string."""
    text = str(error.error)
    try:
        return str(json.loads(text)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return text


def no_download(error: ollama.ResponseError, model: str) -> PullFailed:
    """Why a download stopped, in a person's words where Ollama's are a stack of addresses. What another
    try would not change has a name of its own."""
    words = said(error)
    if "file does not exist" in words or "invalid model name" in words:
        return ModelNameUnknown(model=model, detail=T("Ollama's library has no model of this name"))
    if "no space left" in words or "not enough space on the disk" in words:
        return ModelsDiskFull(model=model, detail=T("the disk is full where Ollama keeps its models"))
    if "newer version of Ollama" in words:
        return OllamaTooOld(model=model, detail=T("it needs a newer Ollama"))
    if any(sign in words for sign in _OFFLINE):
        return PullFailed(model=model, detail=T("Ollama does not reach the internet"))
    return PullFailed(model=model, detail=words[:LONGEST_DETAIL])


def info(listed: ollama.ListResponse.Model) -> ModelInfo:
    """A model as /api/tags lists it."""
    details = listed.details
    return ModelInfo(
        name=listed.model or "",
        size_bytes=int(listed.size or 0),
        family=(details.family if details else None) or "",
        parameters=(details.parameter_size if details else None) or "",
        quantization=(details.quantization_level if details else None) or "",
        modified_at=listed.modified_at,
        made_from=(details.parent_model if details else None) or "",
    )


def loaded(listed: ollama.ProcessResponse.Model) -> LoadedModel:
    """A model as /api/ps lists it."""
    return LoadedModel(
        listed.model or "", int(listed.size or 0), int(listed.size_vram or 0), listed.expires_at
    )


def _tool(tool: ToolSpec) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


def _options(request: ChatRequest, longest: int) -> dict[str, Any]:
    sampling = request.sampling
    options: dict[str, Any] = {
        "num_ctx": min(sampling.context_tokens, longest or sampling.context_tokens),
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

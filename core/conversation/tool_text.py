"""Tool calls in the text of models that have no calls of their own, or forget to use them.

Understood are <tool_call>{…}</tool_call> (closed or not), a block of JSON that is nothing but a call, and
an answer that is nothing but `name(argument="value")`. Talk about a call is no call: prose is never run.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from core.llm.brain import ToolCall, ToolSpec

_TAGGED = re.compile(r"<tool_call>(.*?)(?:</tool_call>|(?=<tool_call>)|\Z)", re.DOTALL | re.IGNORECASE)
_FENCED = re.compile(r"```(?:json|tool_call|tool)?[ \t]*\n(.*?)```", re.DOTALL | re.IGNORECASE)
_BARE = re.compile(r"\A\s*([A-Za-z_]\w*)\((.*)\)\s*;?\s*\Z", re.DOTALL)
_HALF = ("<tool_call>", "```json", "```tool")
MOST_CALLS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """What a text is made of: the calls in it, and what is left for people to read."""

    calls: tuple[ToolCall, ...]
    said: str


def find(text: str, known: Collection[str], quoted: Sequence[str] = ()) -> Found:
    """Take the tool calls out of `text`.

    Args:
        known: the names of the tools there are.
        quoted: what other people wrote; a call that stands there word for word is a quotation.
    """
    calls: list[ToolCall] = []

    def take(found: re.Match[str], *, sure: bool) -> str:
        body = found.group(1)
        if any(body.strip() in other for other in quoted if body.strip()):
            return ""
        read = [call for call in _read(body) if sure or call.name in known]
        if not read and not sure:
            return found.group(0)
        calls.extend(read or [ToolCall("unreadable", {"text": body.strip()[:200]})])
        return ""

    said = _TAGGED.sub(lambda found: take(found, sure=True), text)
    said = _FENCED.sub(lambda found: take(found, sure=False), said)
    if not calls:
        whole = _whole(said.strip(), known)
        if whole and not any(said.strip() in other for other in quoted):
            return Found(tuple(whole[:MOST_CALLS]), "")
    return Found(tuple(calls[:MOST_CALLS]), said.strip())


def readable(growing: str) -> str:
    """What people may see of a text that is still being written: nothing from a call's beginning on."""
    starts = [at for mark in _HALF if (at := growing.lower().find(mark)) >= 0]
    shown = growing[: min(starts)] if starts else growing
    for mark in _HALF:
        for length in range(len(mark) - 1, 2, -1):
            if shown.lower().endswith(mark[:length]):
                return shown[:-length]
    return shown


def described(tools: Sequence[ToolSpec]) -> str:
    """The tools, for a model that has to be told in its prompt; a line each."""
    rows = "\n".join(f"- {_signature(tool)}: {tool.description}" for tool in tools)
    return (
        "You can use these tools:\n"
        f"{rows}\n"
        "To use one, write nothing but\n"
        '<tool_call>{"name": "…", "arguments": {…}}</tool_call>\n'
        "and wait for its answer. Use a tool only when the answer needs it; otherwise just write."
    )


def _signature(tool: ToolSpec) -> str:
    """`name(what, when?: hint)`; a question mark where it may be left out."""
    needed = tool.parameters.get("required", ())
    arguments = []
    for name, schema in tool.parameters.get("properties", {}).items():
        hint = f": {schema['description']}" if "description" in schema else ""
        arguments.append(f"{name}{'' if name in needed else '?'}{hint}")
    return f"{tool.name}({', '.join(arguments)})"


def _whole(text: str, known: Collection[str]) -> list[ToolCall]:
    """The calls of an answer that is nothing else."""
    if text.startswith(("{", "[")):
        read = _read(text)
        return read if read and all(call.name in known for call in read) else []
    found = _BARE.match(text)
    if found is None or found.group(1) not in known:
        return []
    arguments = _python_arguments(text.rstrip("; \n"))
    return [ToolCall(found.group(1), arguments)] if arguments is not None else []


def _read(body: str) -> list[ToolCall]:
    """The calls that a piece of JSON (one object, a list, or several objects in a row) describes."""
    rest, read = body.strip(), list[ToolCall]()
    while rest and len(read) < MOST_CALLS:
        try:
            value, end = json.JSONDecoder().raw_decode(rest)
        except (ValueError, RecursionError):
            return []
        for each in value if isinstance(value, list) else [value]:
            call = _call(each)
            if call is None:
                return []
            read.append(call)
        rest = rest[end:].lstrip(" \t\r\n,")
    return read


def _call(value: Any) -> ToolCall | None:
    """`{"name": …, "arguments": {…}}`, in the spellings that models use."""
    if not isinstance(value, dict):
        return None
    value = value.get("function") if isinstance(value.get("function"), dict) else value
    name = next(
        (value[key] for key in ("name", "tool", "tool_name") if isinstance(value.get(key), str)), None
    )
    given: Any = next(
        (value[key] for key in ("arguments", "parameters", "args", "input") if key in value), {}
    )
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            return None
    if name is None or not isinstance(given, dict):
        return None
    return ToolCall(name, given)


def _python_arguments(text: str) -> dict[str, Any] | None:
    """The arguments of `name(a=1, b="two")` or `name({"a": 1})`; None where anything is not a literal."""
    try:
        call = ast.parse(text, mode="eval").body
        if not isinstance(call, ast.Call) or any(keyword.arg is None for keyword in call.keywords):
            return None
        named = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
        if not call.args:
            return named
        only = ast.literal_eval(call.args[0])
        return only if len(call.args) == 1 and isinstance(only, dict) and not named else None
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None

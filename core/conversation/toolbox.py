"""Tools that a model may ask for: what they are called, what they take, who may use them.

Whether a tool may be used is decided here, by who asks and where; nothing a model or a message says
changes that. What a tool answers is data for the model, never an instruction.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from time import perf_counter
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from core.conversation.desk import Desk
from core.conversation.message import Author, Door, Place
from core.errors import EchodeckError
from core.llm.brain import ToolCall, ToolSpec
from core.safety.clean import normal
from core.words import english
from db.faults import StoreFault

log = logging.getLogger(__name__)

CALL_WITHIN_S = 20.0
LONGEST_ANSWER = 1_500  # characters of a tool's answer that a model reads
LEAST_TRUST = 1.0  # of 10: whoever is trusted less changes nothing that is remembered


class Arguments(BaseModel):
    """What a tool takes. Its fields and their descriptions become the JSON schema the model reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Nothing(Arguments):
    """No arguments."""


@dataclass(frozen=True, slots=True)
class At:
    """Who asks for a tool, where, and through which door.

    Attributes:
        asker: the person who is being answered; the model has no say in it.
        message_id: what is being answered.
        trust: how far the bot trusts them, 0–10; None where it is not known.
        suspicious: something in what is answered looks like an attack: no tools.
    """

    asker: Author
    place: Place
    desk: Desk
    door: Door
    turn_id: str
    message_id: int
    trust: float | None = None
    suspicious: bool = False


Takes = TypeVar("Takes", bound=Arguments)
Refuse = Callable[[At], str | None]


def people_only(at: At) -> str | None:
    """Bots get nothing from tools."""
    return "only people can ask for this" if at.asker.is_bot else None


def on_servers_only(at: At) -> str | None:
    """For what needs a server."""
    return people_only(at) or ("this is only possible on a server" if at.place.guild_id is None else None)


def trusted_only(at: At) -> str | None:
    """For what changes memories."""
    distrusted = at.trust is not None and at.trust < LEAST_TRUST
    return people_only(at) or ("this person is not trusted enough for that" if distrusted else None)


@dataclass(frozen=True, slots=True)
class Tool(Generic[Takes]):
    """A tool.

    Attributes:
        description: what it does and when to use it, for the model.
        takes: its arguments. run: uses it; answers what the model reads.
        refuse: why somebody may not use it, or None.
        fits: whether it is offered in a place at all.
        most: how often it may be used in one turn.
    """

    name: str
    description: str
    takes: type[Takes]
    run: Callable[[Takes, At], Awaitable[str]]
    refuse: Refuse = people_only
    fits: Callable[[Place], bool] = field(default=lambda place: True)
    most: int = 4

    @property
    def spec(self) -> ToolSpec:
        """As the model is told of it."""
        return ToolSpec(self.name, self.description, _told_of(self.takes))


@dataclass(frozen=True, slots=True)
class Use:
    """A call and what came of it, for the model, the conversation and the trace.

    Attributes:
        worked: False when the answer is an error text for the model. took_ms: wall milliseconds.
    """

    name: str
    arguments: Any
    answer: str
    worked: bool
    took_ms: int = 0

    def for_trace(self) -> dict[str, Any]:
        """The call as plain values."""
        return {
            "name": self.name,
            "arguments": self.arguments,
            "answer": self.answer,
            "worked": self.worked,
            "ms": self.took_ms,
        }


class Toolbox:
    """The tools there are.

    Args:
        call_within_s: seconds after which a call is given up.
    """

    def __init__(self, tools: Sequence[Tool[Any]], call_within_s: float = CALL_WITHIN_S) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._call_within_s = call_within_s

    def offered(self, place: Place) -> tuple[ToolSpec, ...]:
        """What a model is told of in a place: always the same there, so that its prefix cache holds."""
        return tuple(tool.spec for tool in self._tools.values() if tool.fits(place))

    async def use(self, call: ToolCall, at: At, used: Sequence[Use] = ()) -> Use:
        """Use a tool. Whatever goes wrong becomes a text for the model.

        Args:
            used: what was used in this turn before.
        """
        started = perf_counter()
        worked, answer = await self._answer(call, at, used)
        took_ms = round((perf_counter() - started) * 1000)
        answer = normal(answer)
        if len(answer) > LONGEST_ANSWER:
            answer = f"{answer[:LONGEST_ANSWER]} … (cut)"
        return Use(call.name, _plain(call.arguments), answer, worked, took_ms)

    async def _answer(self, call: ToolCall, at: At, used: Sequence[Use]) -> tuple[bool, str]:
        tool = self._tools.get(call.name)
        if tool is None or not tool.fits(at.place):
            known = ", ".join(spec.name for spec in self.offered(at.place))
            return False, f"There is no tool of this name. There are: {known}."
        refused = "not now" if at.suspicious else tool.refuse(at)
        if refused is not None:
            return False, f"Refused: {refused}."
        if sum(each.name == call.name and each.worked for each in used) >= tool.most:
            return False, "Refused: this was used often enough for one reply."
        try:
            takes = tool.takes.model_validate(dict(call.arguments))
        except (ValidationError, TypeError, ValueError) as error:
            return False, f"The arguments do not fit: {_misfit(error)}."
        return await self._run(tool, takes, at)

    async def _run(self, tool: Tool[Any], takes: Arguments, at: At) -> tuple[bool, str]:
        try:
            async with asyncio.timeout(self._call_within_s):
                return True, await tool.run(takes, at)
        except Refused as refusal:
            return False, f"Refused: {refusal}."
        except TimeoutError:
            return False, "It took too long and was given up."
        except EchodeckError as error:
            return False, f"It failed: {english(error.what)}"
        except StoreFault as error:
            log.warning("the tool %s could not reach the store: %s", tool.name, type(error).__name__)
            return False, "It failed: nothing can be looked up or kept just now."
        except Exception:
            log.exception("the tool %s failed", tool.name)
            return False, "It failed."


class Refused(Exception):
    """A tool will not do what was asked; the text is for the model."""


def _misfit(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "they are no object"
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in first["loc"]) or "all of them"
    return f"{where}: {first['msg']}"


def _plain(arguments: Any) -> Any:
    """The arguments as they were given, fit for JSON and not endless."""
    try:
        text = json.dumps(dict(arguments))
    except (TypeError, ValueError):
        text = repr(arguments)
    return json.loads(text) if len(text) <= LONGEST_ANSWER and text[:1] == "{" else text[:LONGEST_ANSWER]


@cache
def _told_of(takes: type[Arguments]) -> dict[str, Any]:
    """The JSON schema of a tool's arguments as a model is told of it; it never changes."""
    return _plain_schema(takes.model_json_schema())  # type: ignore[no-any-return]


_UNTOLD = frozenset(
    (
        "additionalProperties",
        "default",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
    )
)


def _plain_schema(schema: Any) -> Any:
    """A JSON schema without what a model need not know: limits are checked here, and cost it tokens."""
    if isinstance(schema, list):
        return [_plain_schema(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {
        key: _plain_schema(value)
        for key, value in schema.items()
        if key not in _UNTOLD and not (key in ("title", "pattern") and isinstance(value, str))
    }
    kinds = [each for each in told.pop("anyOf", ()) if each.get("type") != "null"]
    return told | kinds[0] if kinds else told

"""A reply once more, with another model or as another persona, beside the one that was posted. Nothing of
it is posted, recorded or learnt from."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from time import perf_counter
from typing import Any, cast

from core.conversation import kept_prompt, lore, prompt, reply
from core.conversation.context import TRANSCRIPT_HOURS, TRANSCRIPT_MOST, Context
from core.conversation.desk import Desk
from core.conversation.prompt import Prompt
from core.conversation.record import incoming
from core.errors import NoBrain, ReplyGone
from core.events import Bus
from core.llm import shelf
from core.llm.brain import ChatMessage, ChatRequest, Role, Sampling, Usage
from core.llm.budget import TokenRatios
from core.llm.roles import Choice, Roles
from core.llm.starter import MODEL as STARTER_MODEL
from core.llm.starter_process import CONTEXT_TOKENS as STARTER_CONTEXT_TOKENS
from core.persona.identity import KeptPersona, Persona
from core.settings import ANSWER_TOKENS, CONTEXT_TOKENS, TEMPERATURE
from db import messages, transcripts, turns
from db.turns import StoredTurn

_OLLAMA = "ollama:"


@dataclass(frozen=True, slots=True)
class Model:
    """A model a reply can be replayed with. `setting`: how `Replay.replay` is told of it."""

    setting: str
    name: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What it would have said.

    Attributes:
        thinking: of a model that thinks. usage: tokens and times; None when no model was asked.
        same_prompt: it read, letter by letter, what was read then; else the prompt was made anew from the
            messages there were, without memories.
        took_ms: wall milliseconds.
    """

    text: str
    thinking: str
    model: str
    persona: str
    usage: Usage | None
    same_prompt: bool
    took_ms: int


class Replay:
    """Replays replies.

    Args:
        desk: what a turn works with.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def models(self) -> list[Model]:
        """The models that can chat, the largest first."""
        seen = await shelf.look(self._desk.roles)
        return [Model(each.setting, each.info.name) for each in seen.models if each.can(Role.CHAT)]

    async def replay(
        self,
        turn_id: str,
        growing: Callable[[str], None],
        *,
        model: str = "",
        persona_id: int | None = None,
    ) -> Replayed:
        """Let a model answer once more what a turn answered, or did not. Cancelling the task stops it.

        Args:
            growing: called with all of the answer so far, whenever there is more of it.
            model: a `Model.setting`; empty: the one that answers now.
            persona_id: who answers; None: who answered then.

        Raises:
            ReplyGone: the turn, or what it was about, is not there any more.
            core.errors.BrainError: the model failed.
        """
        started = perf_counter()
        turn = await self._desk.store.read(turns.get, turn_id)
        if turn is None:
            raise ReplyGone
        kept = await self._who(turn, persona_id)
        choice = await self._choice(model)
        desk = replace(self._desk, roles=cast(Roles, _Only(choice)), ratios=TokenRatios(), bus=Bus())
        settings = await desk.settings.every()
        made = self._as_then(turn, kept.persona, choice, settings)
        same = made is not None
        if made is None:
            then = replace(await self._then(turn), lorebook=await lore.book_of(kept.id, desk))
            made = await prompt.compose(kept.persona, then, settings, desk)
        draft = await reply.generate(made, desk, growing)
        took_ms = round((perf_counter() - started) * 1000)
        text = draft.text
        return Replayed(text, draft.thinking, draft.model, kept.persona.name, draft.usage, same, took_ms)

    async def _who(self, turn: StoredTurn, persona_id: int | None) -> KeptPersona:
        personas = self._desk.personas
        if persona_id is not None:
            return await personas.get(persona_id)
        every = await personas.every()
        wrote, name = turn.trace.get("persona_id"), turn.trace.get("persona")
        for kept in every:
            if kept.id == wrote or (wrote is None and kept.persona.name == name):
                return kept
        active = await personas.active()
        if active is None:
            raise ReplyGone
        return active

    async def _choice(self, model: str) -> Choice:
        roles = self._desk.roles
        if not model:
            return await roles.choose(Role.CHAT)
        if model == "starter":
            if not roles.starter.installed:
                raise NoBrain
            return Choice(roles.starter, STARTER_MODEL, None, STARTER_CONTEXT_TOKENS)
        ollama = await roles.ollama()
        name = model.removeprefix(_OLLAMA)
        details = await ollama.details(name)
        return Choice(ollama, name, None, details.context_tokens)

    def _as_then(
        self, turn: StoredTurn, persona: Persona, choice: Choice, settings: dict[str, Any]
    ) -> Prompt | None:
        """The prompt of the trace, with another persona put into it if need be; None when it was not kept
        or does not fit this model's window."""
        trace = turn.trace
        said = kept_prompt.rebuilt(trace)
        if not said:
            return None
        parts = tuple((part["part"], str(part["text"]), int(part["tokens"])) for part in trace["prompt"])
        then = str(trace.get("persona", ""))
        if persona.name != then:
            stable = prompt.stable_part(persona, self._desk.prompts)
            said = tuple(_as(persona.name, stable, then, at, message) for at, message in enumerate(said))
        answer = settings[ANSWER_TOKENS.key]
        window = choice.window(settings[CONTEXT_TOKENS.key])
        tokens = sum(self._desk.ratios.tokens(choice.model, message.content) for message in said)
        if tokens + answer > window:
            return None
        sampling = Sampling(settings[TEMPERATURE.key], max_tokens=answer, context_tokens=window)
        request = ChatRequest(choice.model, said, sampling)
        others = tuple(name for name in _names(said) if name.casefold() != persona.name.casefold())
        return Prompt(choice.brain, request, persona.name, others, parts, tokens, 0, choice.fallback)

    async def _then(self, turn: StoredTurn) -> Context:
        """What could be read when it was answered: the day before it, in its channel."""
        store = self._desk.store
        asked = await store.read(messages.by_platform_id, turn.realm, turn.message_id)
        if asked is None:
            raise ReplyGone
        since = asked.sent_at - timedelta(hours=TRANSCRIPT_HOURS)
        lines = await store.read(transcripts.until, asked, since, TRANSCRIPT_MOST)
        present = dict.fromkeys(line.author_name for line in reversed(lines) if not line.is_self)
        message = incoming(asked)
        return Context(message.place, message, tuple(lines), tuple(present), asked.sent_at)


class _Only:
    """Stands where Roles stands, for one model."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice

    async def choose(self, _role: Role) -> Choice:
        return self._choice


def _as(name: str, stable: str, then: str, at: int, message: ChatMessage) -> ChatMessage:
    """A message of the prompt for another persona: the first says who it is, notes call it by its name."""
    if at == 0 and message.role == "system":
        return replace(message, content=stable)
    if message.role == "system" and then:
        return replace(
            message, content=re.sub(rf"(?<!\w){re.escape(then)}(?!\w)", lambda _: name, message.content)
        )
    return message


_SPEAKER = re.compile(r"^([^:\n]{1,80}?)(?: \(to [^:\n]{1,80}\))?: ", re.MULTILINE)


def _names(said: Sequence[ChatMessage]) -> list[str]:
    """Whoever speaks in what the model reads, so that the answer is cut before their lines."""
    talk = "\n".join(message.content for message in said if message.role == "user")
    return list(dict.fromkeys(_SPEAKER.findall(talk)))

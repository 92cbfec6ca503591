"""The prompt: stable parts first, volatile last, all inside the token budget.

    persona (changes when the host edits it) → the transcript (grows at its end, loses old lines in
    chunks) → notes on this very moment → the messages to be answered

so that the model's prefix cache holds from one turn to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any, Literal

from core.conversation.context import Context
from core.conversation.desk import Desk
from core.llm.brain import Brain, ChatMessage, ChatRequest, Role, Sampling
from core.llm.budget import Part, fit
from core.memory.recall import Memory
from core.persona.identity import Persona
from core.safety.clean import normal, one_line
from core.settings import ANSWER_TOKENS, CONTEXT_TOKENS, TEMPERATURE
from core.words import Text
from db.messages import StoredMessage

SHIPPED = Path(__file__).resolve().parent.parent.parent / "resources" / "prompts"
TEMPLATE = "persona.txt"
DROP_CHUNK = 16  # transcript lines leave this many at a time, so that the prefix stays for a while


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request, ready for its brain, with what a host may want to know of it.

    Attributes:
        speaker: who writes; others: the names that must not be written for.
        parts: name, text and estimated tokens of each part, in order.
        dropped: how many transcript lines did not fit.
        memories: what came to mind, with why.
        fallback: why another model than the chosen one answers, or None.
    """

    brain: Brain
    request: ChatRequest
    speaker: str
    others: tuple[str, ...]
    parts: tuple[tuple[str, str, int], ...]
    tokens: int
    dropped: int
    fallback: Text | None
    memories: tuple[Memory, ...] = ()

    @property
    def characters(self) -> int:
        return sum(len(message.content) for message in self.request.messages)

    def for_trace(self) -> dict[str, Any]:
        """The prompt as plain values."""
        return {
            "model": self.request.model,
            "prompt": [{"part": name, "text": text, "tokens": tokens} for name, text, tokens in self.parts],
            "prompt_tokens_estimated": self.tokens,
            "context_tokens": self.request.sampling.context_tokens,
            "dropped_lines": self.dropped,
            "memories": [
                {
                    "message": memory.message.row_id,
                    "person": memory.message.author_name,
                    "text": memory.message.text,
                    "reason": memory.reason.key,
                }
                for memory in self.memories
            ],
        }


def stable_part(persona: Persona, prompts: Path) -> str:
    """Who the persona is, from the host's own template when there is one, else from the shipped."""
    own = prompts / TEMPLATE
    template = (own if own.is_file() else SHIPPED / TEMPLATE).read_text(encoding="utf-8")
    filled = Template(template).safe_substitute(
        name=normal(persona.name),
        summary=normal(persona.summary),
        traits=normal(", ".join(persona.traits)) or "-",
        lore=_rows(persona.lore),
        quirks=_rows(persona.quirks),
        style=normal(persona.style) or "-",
        examples=_rows(persona.examples),
    )
    return filled.strip()


def _rows(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {one_line(line)}" for line in lines) or "-"


async def compose(persona: Persona, context: Context, settings: dict[str, Any], desk: Desk) -> Prompt:
    """Make the request for the next reply.

    Raises:
        core.errors.NoBrain: nothing could answer.
        core.errors.PromptTooLong: the persona alone is longer than the window.
    """
    chosen = await desk.roles.choose(Role.CHAT)
    window = chosen.window(settings[CONTEXT_TOKENS.key])
    old, fresh = _halves(context)
    fitted = fit(
        (
            Part("persona", (stable_part(persona, desk.prompts),), required=True),
            Part("transcript", tuple(_line(line) for line in old), chunk=DROP_CHUNK),
            Part("memories", tuple(_memory(it, context) for it in reversed(context.memories)), rank=-1),
            Part("moment", (_moment(persona, context, desk),), required=True),
            Part("answered", tuple(_line(line) for line in fresh), rank=1),
        ),
        window,
        settings[ANSWER_TOKENS.key],
        lambda line: desk.ratios.tokens(chosen.model, line),
        chosen.model,
    )
    persona_part, transcript, memories, moment, answered = fitted.parts
    messages = (
        ChatMessage("system", persona_part.lines[0]),
        *_talk(old[len(old) - len(transcript.lines) :]),
        ChatMessage("system", _notes(persona, memories.lines, moment.lines[0])),
        *_talk(fresh[len(fresh) - len(answered.lines) :]),
    )
    sampling = Sampling(
        temperature=settings[TEMPERATURE.key],
        max_tokens=settings[ANSWER_TOKENS.key],
        context_tokens=window,
    )
    return Prompt(
        chosen.brain,
        ChatRequest(chosen.model, messages, sampling),
        persona.name,
        tuple(name for name in context.present if name.casefold() != persona.name.casefold()),
        tuple(
            (part.name, "\n".join(part.lines), sum(desk.ratios.tokens(chosen.model, x) for x in part.lines))
            for part in fitted.parts
        ),
        fitted.tokens,
        fitted.dropped.get("transcript", 0) + fitted.dropped.get("answered", 0),
        chosen.fallback,
        context.memories[: len(memories.lines)],
    )


def _notes(persona: Persona, memories: tuple[str, ...], moment: str) -> str:
    """The volatile part: what comes to mind, and the moment."""
    if not memories:
        return moment
    remembered = "\n".join(f"- {line}" for line in memories)
    return f"{persona.name} remembers that this was said here before:\n{remembered}\n\n{moment}"


def _memory(memory: Memory, context: Context) -> str:
    """A memory as the model reads it: how long ago, who, what."""
    days = (context.now - memory.message.sent_at).days
    ago = "yesterday" if days <= 1 else f"{days} days ago"
    return f"{ago}, {one_line(memory.message.author_name).replace(':', ' ')}: {one_line(memory.message.text)}"


def _halves(context: Context) -> tuple[list[StoredMessage], list[StoredMessage]]:
    """The transcript up to the bot's last line, and what has been written since.

    What is new is what has to be answered; it stands behind the notes on the moment.
    """
    lines = list(context.transcript)
    newest = max((at for at, line in enumerate(lines) if line.is_self), default=-1) + 1
    newest = max(newest, len(lines) - DROP_CHUNK)
    return lines[:newest], lines[newest:]


def _line(line: StoredMessage) -> str:
    """A line as the model reads it: what people write carries their name and stays on one line."""
    if line.is_self:
        return normal(line.text).strip()
    answers = (line.extras or {}).get("attachments") or []
    files = "".join(f" [file: {one_line(str(name))}]" for name in answers)
    return f"{one_line(line.author_name).replace(':', ' ')}: {one_line(line.text)}{files}"


def _talk(lines: list[StoredMessage]) -> list[ChatMessage]:
    """The lines as a chat: people together as the user, the bot as the assistant."""
    talk: list[ChatMessage] = []
    for line in lines:
        role: Literal["assistant", "user"] = "assistant" if line.is_self else "user"
        if talk and talk[-1].role == role:
            talk[-1] = ChatMessage(role, f"{talk[-1].content}\n{_line(line)}")
        else:
            talk.append(ChatMessage(role, _line(line)))
    return talk


def _moment(persona: Persona, context: Context, desk: Desk) -> str:
    """Where and when this is, in words a small model can use."""
    local = context.now.astimezone(desk.zone)
    hours = ((5, "night"), (11, "morning"), (14, "noon"), (18, "afternoon"), (23, "evening"), (25, "night"))
    part_of_day = next(word for before, word in hours if local.hour < before)
    place = context.place
    where = (
        f"in a private chat with {one_line(place.channel_name)}"
        if place.is_direct
        else f"in the channel {one_line(place.channel_name)} of the server {one_line(place.guild_name)}"
    )
    who = ", ".join(one_line(name) for name in context.present[:8]) or "nobody"
    return (
        f"It is {local:%A} {part_of_day}, {local:%H:%M}. {persona.name} is {where}. "
        f"Others here: {who}. {persona.name} answers {one_line(context.answered.author.name)}."
    )

"""The prompt: stable parts first, volatile last, all inside the token budget.

    persona and what it always knows (changes when the host edits it) → the transcript (grows at its end,
    loses old lines by the stretch) → notes on this very moment → the messages to be answered

so that the model's prefix cache holds from one turn to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from core.conversation import kept_prompt, lore, notes
from core.conversation.context import Context
from core.conversation.desk import Desk
from core.conversation.lines import spoken, stretches, talk
from core.errors import PromptTooLong
from core.feelings import quirks
from core.llm.brain import Brain, ChatMessage, ChatRequest, Role, Sampling
from core.llm.budget import Part, fit, fit_for
from core.llm.roles import Choice
from core.memory.facts import Known
from core.memory.happened import Happened
from core.memory.recall import Memory
from core.persona.identity import Persona
from core.persona.lore_scan import Called
from core.safety.clean import normal, one_line
from core.settings import ANSWER_TOKENS, CONTEXT_TOKENS, TEMPERATURE
from core.words import Text, kept_params
from db.messages import StoredMessage

SHIPPED = Path(__file__).resolve().parent.parent.parent / "resources" / "prompts"
TEMPLATE = "persona.txt"
FRESH_LINES = 16  # at most so many lines stand behind the notes, as what has to be answered


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request, ready for its brain, with what a host may want to know of it.

    Attributes:
        speaker: who writes; others: the names that must not be written for.
        parts: name, text and estimated tokens of each part, in order.
        tokens: all of it, counted by the brain where it can, else estimated.
        dropped: how many transcript lines did not fit.
        facts, episodes: what is known of people and what happened with them, as it stands in it.
        memories: what came to mind, with why.
        lore: entries of the lorebook that stand in it; lore_left_out: those there was no room for, by id.
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
    facts: tuple[Known, ...] = ()
    episodes: tuple[Happened, ...] = ()
    lore: tuple[Called, ...] = ()
    lore_left_out: tuple[str, ...] = ()

    @property
    def stable(self) -> str:
        """The part that says who the persona is."""
        return next((text for name, text, _ in self.parts if name == "persona"), "")

    @property
    def estimated(self) -> int:
        """Its tokens as estimated, also where the brain could count them."""
        return sum(tokens for _, _, tokens in self.parts)

    @property
    def characters(self) -> int:
        return sum(len(message.content) for message in self.request.messages)

    def for_trace(self) -> dict[str, Any]:
        """The prompt as plain values."""
        return {
            "model": self.request.model,
            "prompt": [{"part": name, "text": text, "tokens": tokens} for name, text, tokens in self.parts],
            "messages": kept_prompt.laid_out(self.request.messages, self.parts),
            "prompt_tokens_estimated": self.tokens,
            "context_tokens": self.request.sampling.context_tokens,
            "dropped_lines": self.dropped,
            "memories": [
                {
                    "message": memory.message.row_id,
                    "person": memory.message.author_name,
                    "text": memory.message.text,
                    "said_at": memory.message.sent_at.isoformat(),
                    "score": round(memory.parts.total, 3),
                    "parts": kept_prompt.weighed(memory.parts),
                    "reason": memory.reason.key,
                    "reason_params": kept_params(memory.reason.params),
                }
                for memory in self.memories
            ],
            "facts": [
                {
                    "fact": known.fact.row_id,
                    "person": known.name,
                    "text": known.text,
                    "score": round(known.score, 3),
                    "reason": known.reason.key,
                    "reason_params": kept_params(known.reason.params),
                }
                for known in self.facts
            ],
            "episodes": [
                {
                    "episode": happened.episode.row_id,
                    "text": happened.episode.text,
                    "score": round(happened.score, 3),
                    "reason": happened.reason.key,
                }
                for happened in self.episodes
            ],
            "lore": [lore.for_trace(called) for called in self.lore],
            "lore_left_out": list(self.lore_left_out),
        }


def stable_part(persona: Persona, prompts: Path, strengths: Mapping[str, float] | None = None) -> str:
    """Who the persona is, from the host's own template when there is one, else from the shipped.

    Args:
        strengths: how strong each quirk has become, 0…1; changes at most once a night.
    """
    own = prompts / TEMPLATE
    template = (own if own.is_file() else SHIPPED / TEMPLATE).read_text(encoding="utf-8")
    filled = (
        Template(template)
        .safe_substitute(
            name=normal(persona.name),
            summary=normal(persona.summary),
            traits=normal(", ".join(persona.traits)) or "-",
            lore=_rows(persona.lore),
            quirks=_rows(tuple(quirks.as_lived(persona.quirks, strengths or {}))),
            style=normal(persona.style) or "-",
            examples=_rows(persona.examples),
            never=_never(persona),
        )
        .strip()
    )
    own_way = persona.never and "$never" not in template and "${never}" not in template
    return f"{filled}\n\n{_never(persona)}".strip() if own_way else filled


def _never(persona: Persona) -> str:
    """What the persona never says, with its heading; nothing where there is none."""
    if not persona.never:
        return ""
    heading = f"{normal(persona.name)} never writes these lines, nor anything close to them:"
    return f"{heading}\n{_rows(persona.never)}"


def _rows(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {one_line(line)}" for line in lines) or "-"


async def compose(
    persona: Persona,
    context: Context,
    settings: dict[str, Any],
    desk: Desk,
    reserve: Callable[[Choice], int] | None = None,
) -> Prompt:
    """Make the request for the next reply.

    Args:
        reserve: answers how many tokens are kept free for tools with this model.

    Raises:
        core.errors.NoBrain: nothing could answer.
        core.errors.PromptTooLong: the persona alone is longer than the window.
        core.errors.BrainError: the brain was asked to count and failed.
    """
    chosen = await desk.roles.choose(Role.CHAT)
    window, answer = chosen.window(settings[CONTEXT_TOKENS.key]), settings[ANSWER_TOKENS.key]
    kept_free = answer + (reserve(chosen) if reserve is not None else 0)
    sampling = Sampling(settings[TEMPERATURE.key], max_tokens=answer, context_tokens=window)
    old, fresh = _halves(context)
    strengths = context.feelings.quirks if context.feelings is not None else None

    def tokens(line: str) -> int:
        return desk.ratios.tokens(chosen.model, line)

    def request(parts: Sequence[Part]) -> ChatRequest:
        lines = {part.name: part.lines for part in parts}
        messages = (
            *_world(persona, lines["world_before"]),
            ChatMessage("system", lines["persona"][0]),
            *_world(persona, lines["world"]),
            *talk(old[len(old) - len(lines["transcript"]) :]),
            *notes.recalled(persona, lines),
            ChatMessage("system", notes.notes(lines)),
            *talk(fresh[len(fresh) - len(lines["answered"]) :]),
        )
        return ChatRequest(chosen.model, messages, sampling)

    known = await lore.found(persona, context, desk, window, tokens)
    before = tuple(each for each in known.constant if each.entry.before)
    after = known.constant[len(before) :]
    parts = (
        Part("world_before", tuple(map(lore.line, before)), rank=3),
        Part("persona", (stable_part(persona, desk.prompts, strengths),), required=True),
        Part("world", tuple(map(lore.line, after)), rank=3),
        Part("transcript", tuple(map(spoken, old)), starts=stretches(old)),
        Part("chain", tuple(notes.earlier(it, context.now) for it in context.chain), rank=1),
        Part("lore", tuple(map(lore.line, known.called)), rank=1),
        Part("facts", tuple(map(notes.fact, reversed(context.facts))), rank=0),
        Part("episodes", tuple(notes.episode(it, context) for it in reversed(context.episodes)), rank=-1),
        Part("memories", tuple(notes.memory(it, context) for it in reversed(context.memories)), rank=-1),
        Part("feelings", notes.feelings(context), rank=2),
        Part("moment", (notes.moment(persona, context, desk.zone),), required=True),
        Part("hints", context.hints, rank=2),
        Part("answered", tuple(map(spoken, fresh)), rank=1, least=1),
    )
    try:
        fitted = fit(parts, window, min(kept_free, window // 2), tokens, chosen.model)
    except PromptTooLong:  # the estimate errs on the long side, and some brains can count: at a price
        fitted = await fit_for(chosen.brain, request, parts, window, answer, tokens)
    kept = {part.name: len(part.lines) for part in fitted.parts}
    return Prompt(
        chosen.brain,
        request(fitted.parts),
        persona.name,
        tuple(name for name in context.present if name.casefold() != persona.name.casefold()),
        tuple((part.name, "\n".join(part.lines), sum(map(tokens, part.lines))) for part in fitted.parts),
        fitted.tokens,
        fitted.dropped.get("transcript", 0) + fitted.dropped.get("answered", 0),
        chosen.fallback,
        context.memories[: kept["memories"]],
        context.facts[: kept["facts"]],
        context.episodes[: kept["episodes"]],
        (
            *_newest(before, kept["world_before"]),
            *_newest(after, kept["world"]),
            *_newest(known.called, kept["lore"]),
        ),
        known.left_out,
    )


def _world(persona: Persona, lines: Sequence[str]) -> tuple[ChatMessage, ...]:
    return (ChatMessage("system", lore.world(persona, lines)),) if lines else ()


def _newest(called: tuple[Called, ...], kept: int) -> tuple[Called, ...]:
    return called[len(called) - kept :]


def _halves(context: Context) -> tuple[list[StoredMessage], list[StoredMessage]]:
    """The transcript up to the bot's last line, and what has been written since.

    What is new is what has to be answered; it stands behind the notes on the moment.
    """
    lines = list(context.transcript)
    newest = max((at for at, line in enumerate(lines) if line.is_self), default=-1) + 1
    newest = max(newest, len(lines) - FRESH_LINES)
    return lines[:newest], lines[newest:]

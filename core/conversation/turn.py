"""One turn, one straight line: from an incoming message to a reply or a reason for silence.

    address → appraise → guard → gather → compose → look → generate → polish → pace → send → trace

Each stage takes the turn and returns it, one step further. Everything is read from the store at the
moment of the turn; nothing about persona, memory, mood or relationship outlives it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from core.conversation import (
    address,
    context,
    emotes,
    guarding,
    lore,
    notes,
    pacing,
    pictures,
    prompt,
    reply,
    tool_calls,
)
from core.conversation.choices import chosen_for, persona_for
from core.conversation.desk import Desk
from core.conversation.inner_life import appraise, wish
from core.conversation.message import Door, IncomingMessage
from core.conversation.posting import post_parts
from core.conversation.second_look import look_again
from core.conversation.split import split
from core.conversation.talkativeness import manners
from core.conversation.threads import place_for
from core.conversation.toolbox import At, Use
from core.conversation.tracing import trace_of
from core.conversation.waiting import Pause
from core.errors import BrainError, DiscordError, EchodeckError, explain
from core.events import Notice, TurnEnded, TurnStarted
from core.feelings.state import State
from core.llm.roles import Choice
from core.persona.identity import Persona
from core.safety.output import Refused
from core.safety.suspicion import Suspicion, guidance
from core.settings import PACING, SECOND_LOOK
from core.words import T, Text, as_kept
from db import turns
from db.turns import StoredPart, TurnState

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn on its way.

    Attributes:
        burst: the messages that arrived together, oldest first; the turn belongs to the last.
        timings_ms: what each stage took, in real milliseconds.
        language: the code of the language that was chosen here, or None.
        suspicion: what the burst is suspected of. uses: the tools the model called, as they are called.
        feelings: what the persona feels, and how it stands with who is there; None before that is known.
        state: where it stands; with `reason` once it has ended.
    """

    id: str
    burst: tuple[IncomingMessage, ...]
    door: Door
    settings: dict[str, Any]
    persona: Persona | None = None
    persona_id: int = 0
    language: str | None = None
    feelings: State | None = None
    address: address.Address | None = None
    context: context.Context | None = None
    prompt: prompt.Prompt | None = None
    draft: reply.Draft | None = None
    suspicion: Suspicion = field(default_factory=lambda: Suspicion(0.0))
    uses: list[Use] = field(default_factory=list)
    parts: tuple[StoredPart, ...] = ()
    pause: Pause = field(default_factory=Pause)
    state: TurnState = TurnState.RECEIVED
    reason: Text = field(default_factory=lambda: T("is being answered"))
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def message(self) -> IncomingMessage:
        return self.burst[-1]

    @property
    def ended(self) -> bool:
        return self.state in (TurnState.SENT, TurnState.SILENT, TurnState.FAILED)

    def ends(self, state: TurnState, reason: Text) -> Turn:
        return replace(self, state=state, reason=reason)


Stage = Callable[[Turn, Desk], Awaitable[Turn]]


async def follow(turn: Turn, desk: Desk) -> Turn:
    """Walk a turn to its end, and keep what happened."""
    started = perf_counter()
    turn = await _timed(weigh, turn, desk)
    turn = await _timed(appraise, turn, desk)
    turn = turn if turn.ended else await _timed(guard, turn, desk)
    if turn.ended:
        return await trace(turn, desk, started)
    desk.bus.publish(TurnStarted(turn.id, turn.message.place.title, turn.message.author.name))
    with desk.writing():
        turn = await _answer(turn, desk)
    return await trace(turn, desk, started)


async def _answer(turn: Turn, desk: Desk) -> Turn:
    """From what the reply is made of to its last part, or to what went wrong."""
    try:
        async with turn.door.typing(turn.message.place):
            for stage in (gather, compose, look, generate, polish, pace):
                turn = await _timed(stage, turn, desk)
                if turn.ended:
                    return turn
        return await _timed(send, turn, desk)
    except EchodeckError as error:
        return _failed(turn, desk, error)


async def weigh(turn: Turn, desk: Desk) -> Turn:
    """Is it for me?"""
    place = turn.message.place
    choices = await chosen_for(place, desk.store)
    kept = await persona_for(choices, desk.personas)
    if kept is None:
        return turn.ends(TurnState.SILENT, T("no persona has been chosen yet"))
    turn = replace(turn, persona=kept.persona, persona_id=kept.id, language=choices.language)
    held_back = await guarding.stands_back(turn.message, desk, kept.id)
    if held_back is not None:
        return turn.ends(TurnState.SILENT, held_back)
    if not choices.active:
        return turn.ends(TurnState.SILENT, T("it is switched off in {place}", place=place.title))
    if choices.muted_until is not None and desk.clock.now() < choices.muted_until:
        return turn.ends(
            TurnState.SILENT, T("it was asked to be quiet in {place} for a while", place=place.title)
        )
    room = await address.room_of(turn.burst, kept.persona, desk.store)
    eager = await wish(turn, desk)
    wishes = manners(turn.settings, kept.persona, choices.talkativeness, eager)
    verdict = address.weigh_burst(turn.burst, room, wishes)
    if turn.settings[SECOND_LOOK.key] and desk.speaks:
        verdict = await look_again(verdict, turn.burst, room, desk.roles)
    turn = replace(turn, address=verdict)
    if desk.threads is not None:
        desk.threads.heard(turn.burst, begins=verdict.speaks)
    return turn if verdict.speaks else turn.ends(TurnState.SILENT, verdict.reason)


async def guard(turn: Turn, desk: Desk) -> Turn:
    """May it be answered? Hard caps that no setting lifts, and what the words are suspected of."""
    if desk.caps.exceeded(turn.message.place.channel_id, desk.clock.monotonic()):
        return turn.ends(TurnState.SILENT, T("too many replies in this channel just now"))
    suspicion = await guarding.suspected(turn.burst)
    if suspicion.is_suspected:
        await guarding.note(turn.message, "message", suspicion.score, suspicion.signs, desk)
    turn = replace(turn, suspicion=suspicion)
    held = guarding.too_much(turn.message, suspicion, desk, turn.settings)
    if held is None:
        return turn
    await guarding.note(turn.message, "limit", 0.0, (), desk)
    return turn.ends(TurnState.SILENT, held)


async def gather(turn: Turn, desk: Desk) -> Turn:
    """Read what the reply is made from."""
    found = await context.gather(turn.burst, desk, turn.persona)
    book = await lore.book_of(turn.persona_id, desk)
    found = replace(found, lorebook=book, burst=len(turn.burst))
    if desk.feelings is None or turn.persona is None:
        return replace(turn, context=found)
    state = await desk.feelings.state(
        turn.persona_id,
        turn.persona,
        turn.message.author.id,
        found.others,
        realm=turn.message.place.realm,
    )
    return replace(turn, feelings=state, context=replace(found, feelings=state))


async def compose(turn: Turn, desk: Desk) -> Turn:
    """Make the prompt, inside the token budget."""
    assert turn.persona is not None
    assert turn.context is not None
    text = "\n".join(message.text for message in turn.burst)
    feelings = turn.feelings
    own = emotes.usable(turn.door, turn.message.place)
    felt = () if feelings is None else tuple(str(each.emotion) for each in feelings.emotions)
    hints = (
        guidance(turn.suspicion.level),
        notes.language(turn.persona, turn.language),
        emotes.for_prompt(turn.persona.name, emotes.offer(own, felt, text, 4)),
    )
    return replace(
        turn,
        prompt=await prompt.compose(
            turn.persona,
            replace(turn.context, hints=tuple(filter(None, hints))),
            turn.settings,
            desk,
            reserve=lambda chosen: _for_tools(turn, desk, chosen),
        ),
    )


def _for_tools(turn: Turn, desk: Desk, chosen: Choice) -> int:
    """Tokens to keep free for tools and what they answer."""
    if desk.toolset is None or chosen.brain.name == "starter" or not desk.speaks:
        return 0
    return tool_calls.cost(desk.toolset.toolbox(turn.settings), turn.message.place, desk, chosen.model)


async def look(turn: Turn, desk: Desk) -> Turn:
    """Show the model the pictures that came along, if it can see."""
    assert turn.prompt is not None
    return replace(turn, prompt=await pictures.shown(turn.prompt, turn.burst, turn.door))


async def generate(turn: Turn, desk: Desk) -> Turn:
    """Let the brain write."""
    assert turn.prompt is not None

    def growing(text: str) -> None:
        turn.door.writing(turn.id, text)

    draft = await _drafted(turn, turn.prompt, desk, growing)
    if turn.persona is not None:
        draft = await guarding.without_what_it_never_says(draft, turn.prompt, turn.persona, desk, growing)
    return replace(turn, draft=draft)


async def _drafted(
    turn: Turn, asked: prompt.Prompt, desk: Desk, growing: Callable[[str], None]
) -> reply.Draft:
    if desk.toolset is None:
        return await reply.generate(asked, desk, growing)
    bond = turn.feelings.bond if turn.feelings is not None else None
    at = At(
        turn.message.author,
        turn.message.place,
        desk,
        turn.door,
        turn.id,
        turn.message.id,
        trust=bond.metrics.trust if bond is not None else None,
        suspicious=turn.suspicion.is_suspected,
    )
    tools = desk.toolset.toolbox(turn.settings)
    return await tool_calls.generate_with_tools(asked, desk, tools, at, growing, turn.uses)


async def polish(turn: Turn, desk: Desk) -> Turn:
    """Make of the draft what a person would post, and keep it before anything is posted."""
    assert turn.draft is not None
    assert turn.prompt is not None
    place, stable, suspicious = turn.message.place, turn.prompt.stable, turn.suspicion.is_suspected
    verdict = await guarding.look_over_reply(turn.draft.text, stable, turn.persona, turn.settings, suspicious)
    for reason in guarding.reasons(verdict):
        await guarding.note(turn.message, "reply", 0.0, (reason.key,), desk)
    if isinstance(verdict, Refused):
        return turn.ends(TurnState.SILENT, verdict.reason)
    text = emotes.rendered(verdict.text, emotes.usable(turn.door, place))
    texts = split(text)
    if not texts:
        return turn.ends(TurnState.FAILED, T("the model answered with nothing"))
    parts = tuple(StoredPart(at, text, f"{turn.id}{at:03d}") for at, text in enumerate(texts))
    await desk.store.run(turns.ready, turn.id, text, list(parts), desk.clock.now())
    return replace(turn, parts=parts, state=TurnState.READY)


async def pace(turn: Turn, desk: Desk) -> Turn:
    """Take the time a person would take; what the model took counts."""
    took_s = turn.timings_ms.get("generate", 0.0) / 1000
    way, said = desk.pace or turn.settings[PACING.key], turn.message.text
    wait = pacing.wait_before(way, said, turn.parts[0].text, took_s, desk.chance)
    turn.pause.may_end = turn.pause.may_end and not turn.uses  # no tool is used twice
    if await turn.pause.take(wait, desk.clock):
        return turn
    reason = T("{who} wrote on: that is answered together with this", who=turn.message.author.name)
    return turn.ends(TurnState.SILENT, reason)


async def send(turn: Turn, desk: Desk) -> Turn:
    """Post the parts, ticking each off; a long question may get a thread of its own."""
    place = await place_for(turn.message, turn.door, turn.settings)
    name, way = turn.persona.name if turn.persona else "", desk.pace or turn.settings[PACING.key]
    await post_parts(turn.id, turn.message, turn.parts, turn.door, desk, name, place, way)
    desk.caps.spoke(turn.message.place.channel_id, desk.clock.monotonic())
    assert turn.address is not None
    if desk.threads is not None and turn.draft is not None:
        said = "\n".join(part.text for part in turn.parts)
        desk.threads.answered(turn.message.place, said, turn.draft.thinking, turn.draft.uses)
    return turn.ends(TurnState.SENT, turn.address.reason)


async def trace(turn: Turn, desk: Desk, started: float) -> Turn:
    """Keep what happened and tell everybody."""
    took_ms = round((perf_counter() - started) * 1000)
    await desk.store.run(
        turns.end,
        turn.id,
        turn.state,
        as_kept(turn.reason),
        took_ms,
        trace_of(turn),
        desk.clock.now(),
    )
    message = turn.message
    desk.bus.publish(
        TurnEnded(
            turn.id,
            message.place.realm,
            message.place.title,
            message.author.name,
            turn.state is TurnState.SENT,
            turn.state is TurnState.FAILED,
            turn.reason,
            took_ms,
            desk.clock.now(),
        )
    )
    return turn


def _failed(turn: Turn, desk: Desk, error: EchodeckError) -> Turn:
    """The person sees nothing; the host sees a sentence."""
    told = explain(error)
    level = "bad" if isinstance(error, (BrainError, DiscordError)) else "warn"
    log.warning("turn %s failed: %s", turn.id, type(error).__name__)
    desk.bus.publish(Notice(level, told.what, told.step))
    return turn.ends(TurnState.FAILED, told.what)


async def _timed(stage: Stage, turn: Turn, desk: Desk) -> Turn:
    started = perf_counter()
    turn = await stage(turn, desk)
    took = {stage.__name__: (perf_counter() - started) * 1000}
    return replace(turn, timings_ms=turn.timings_ms | took)

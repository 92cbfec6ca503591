"""Speaking of its own accord: every half hour, here and there, where that was allowed.

It comments on what was said last, or tells more of what it is up to; in the same voice, at the same pace and
with the same trace as a reply.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from core.conversation import emotes, guarding, pacing, reply, status
from core.conversation.choices import chosen_for, persona_for
from core.conversation.desk import Desk
from core.conversation.lines import named, spoken, talk
from core.conversation.message import Door, Place
from core.conversation.opportunity import Opportunity, opportunity
from core.conversation.prompt import Prompt, stable_part
from core.conversation.reminding import Doors
from core.conversation.saying import keep_own
from core.conversation.split import split
from core.errors import DiscordError, EchodeckError
from core.events import TurnEnded, TurnStarted
from core.llm.brain import ChatMessage, ChatRequest, Role, Sampling
from core.llm.budget import Part, fit
from core.persona.identity import KeptPersona
from core.safety.clean import one_line
from core.safety.output import Refused
from core.settings import ANSWER_TOKENS, CONTEXT_TOKENS, PACING, TEMPERATURE
from core.words import T, Text, as_kept
from db import channel_settings, messages, turns
from db.base import Database
from db.channel_settings import ChannelChoices
from db.turns import StoredPart, StoredTurn, TurnState

log = logging.getLogger(__name__)

EVERY_MINUTES = 30
CHANCE = 0.1
_COMMENT = (
    "Nobody has asked {name} anything. {name} feels like joining in: write one short message about what was "
    "said last, as {name} would of their own accord. Do not greet and do not offer help."
)
_STATUS = (
    "Nobody has asked {name} anything. {name} is up to this today: {status}. Write one short message in "
    "which {name} tells the others a little more of it, as it feels today. Do not greet and ask for nothing."
)


@runtime_checkable
class UnaskedDoor(Protocol):
    """A door that can put a button beside what nobody asked for, to be left alone."""

    async def post_unasked(self, place: Place, text: str, nonce: str) -> int: ...


@dataclass(frozen=True, slots=True)
class _Idea:
    """What it is going to say, and where."""

    turn: StoredTurn
    where: Opportunity
    who: KeptPersona
    about: str
    door: Door


class Proactive:
    """Looks round every half hour (`run`, for the schedule).

    Args:
        doors: the doors that are open now, by realm.
        busy: whether a turn is under way in a channel: then it keeps out of it.
        chance: the share of the looks at a channel that lead to something.
    """

    def __init__(self, desk: Desk, doors: Doors, busy: Callable[[int], bool], chance: float = CHANCE) -> None:
        self._desk = desk
        self._doors = doors
        self._busy = busy
        self._chance = chance

    async def run(self) -> None:
        """Look at every channel that allows it, one after the other."""
        for realm, door in self._doors().items():
            for choices in await self._desk.store.read(channel_settings.every, realm):
                if choices.values.get("proactive") and self._desk.chance.random() < self._chance:
                    await self._one(choices, door)

    async def _one(self, choices: ChannelChoices, door: Door) -> None:
        try:
            why_not = await self.consider(choices, door)
        except Exception:  # one channel must not keep it from the others
            log.exception("speaking up in channel %s broke", choices.channel_id)
        else:
            if why_not is not None:
                log.debug("it does not speak up in %s: %s", choices.channel_id, why_not.key)

    async def consider(self, choices: ChannelChoices, door: Door) -> Text | None:
        """Speak in a channel if nothing is against it; answers what was, None when it spoke."""
        where = await opportunity(choices, self._desk)
        if isinstance(where, Text):
            return where
        if self._busy(choices.channel_id):
            return T("a reply is being written there")
        who = await persona_for(await chosen_for(where.place, self._desk.store), self._desk.personas)
        if who is None:
            return T("no persona has been chosen yet")
        closed = await guarding.closed_to(where.person_id, False, where.place, who.id, self._desk)
        if closed is not None:
            return closed
        idea = await self._have_idea(where, who, door)
        if idea is None:
            return T("there is nothing to say")
        reason = await self._say(idea)
        if isinstance(reason, DiscordError) and where.place.is_direct and where.fallback is not None:
            return await self._fall_back(where, door)
        return reason.what if isinstance(reason, EchodeckError) else reason

    async def mute(self, place: Place, hours: float, by: int | None) -> None:
        """Somebody pressed the button: nothing unasked there for a while. It still answers."""
        now = self._desk.clock.now()
        until = (now + timedelta(hours=hours)).isoformat()
        await self._desk.store.run(_hold_back, place, until, by, now)

    async def _fall_back(self, where: Opportunity, door: Door) -> Text | None:
        """They cannot be written to directly: speak in their channel, of nothing that was said in private."""
        every = await self._desk.store.read(channel_settings.every, where.place.realm)
        found = next((each for each in every if each.channel_id == where.fallback), None)
        if found is None:
            return T("nobody has allowed it here")
        return await self.consider(found, door)

    async def _have_idea(self, where: Opportunity, who: KeptPersona, door: Door) -> _Idea | None:
        """Half the time a comment, half the time something of its own."""
        comments = self._desk.chance.random() < 0.5
        about = "" if comments else await status.current(self._desk)
        if not about and not where.is_fresh(self._desk.clock.now()):
            about = await status.current(self._desk)
            if not about:
                return None
        turn = self._new_turn(where.place, who)
        if not await self._desk.store.run(turns.begin, turn):
            return None
        return _Idea(turn, where, who, about, door)

    async def _say(self, idea: _Idea) -> Text | EchodeckError | None:
        """From the idea to its last part posted, with its trace; answers why it was not said after all."""
        desk, started, place = self._desk, perf_counter(), idea.where.place
        desk.bus.publish(TurnStarted(idea.turn.id, place.title, idea.who.persona.name))
        trace: dict[str, Any] = {"of_own_accord": "status" if idea.about else "comment"}
        failed: EchodeckError | None = None
        try:
            state, reason = await self._write_and_post(idea, trace)
        except EchodeckError as error:
            log.info("speaking up in %s failed: %s", place.channel_id, type(error).__name__)
            state, reason, failed = TurnState.FAILED, error.what, error
        await self._end(idea, state, reason, trace, round((perf_counter() - started) * 1000))
        return failed or (None if state is TurnState.SENT else reason)

    async def _write_and_post(self, idea: _Idea, trace: dict[str, Any]) -> tuple[TurnState, Text]:
        desk, place, persona = self._desk, idea.where.place, idea.who.persona
        settings = await desk.settings.every()
        with desk.writing():
            prompt = await self._compose(idea)
            trace |= prompt.for_trace()
            began = perf_counter()
            draft = await reply.generate(prompt, desk, _unseen)
            draft = await guarding.without_what_it_never_says(draft, prompt, persona, desk, _unseen)
        trace |= draft.for_trace()
        verdict = await guarding.look_over_reply(draft.text, prompt.stable, persona, settings)
        if isinstance(verdict, Refused):
            return TurnState.SILENT, verdict.reason
        text = emotes.rendered(verdict.text, emotes.usable(idea.door, place))
        texts = split(text)
        if not texts:
            return TurnState.FAILED, T("the model answered with nothing")
        parts = [StoredPart(at, text, f"{idea.turn.id}{at:03d}") for at, text in enumerate(texts)]
        await desk.store.run(turns.ready, idea.turn.id, text, parts, desk.clock.now())
        wait = pacing.wait_before(
            desk.pace or settings[PACING.key], "", texts[0], perf_counter() - began, desk.chance
        )
        async with idea.door.typing(place):
            await desk.clock.sleep(wait)
        if await self._moved_on(idea.where):
            return TurnState.SILENT, T("the talk moved on")
        for part in parts:
            posted = await self._post(idea.door, place, part)
            await desk.store.run(turns.posted, part.nonce, posted)
            await keep_own(place, posted, part.text, idea.door, desk, persona.name)
        desk.caps.spoke(place.channel_id, desk.clock.monotonic())
        return TurnState.SENT, T("it spoke of its own accord")

    async def _post(self, door: Door, place: Place, part: StoredPart) -> int:
        if part.position == 0 and isinstance(door, UnaskedDoor):
            return await door.post_unasked(place, part.text, part.nonce)
        return await door.post(place, part.text, part.nonce, None)

    async def _moved_on(self, where: Opportunity) -> bool:
        """Did anybody write, or the bot itself, since it had the idea?"""
        if self._busy(where.place.channel_id):
            return True
        since = where.talk[-1].sent_at
        newest = await self._desk.store.read(messages.transcript, where.place.channel_id, since, 1)
        return bool(newest) and newest[-1].platform_id != where.newest

    async def _compose(self, idea: _Idea) -> Prompt:
        """The persona, the talk, how it feels, and what it is about to say: inside the token budget."""
        desk, persona = self._desk, idea.who.persona
        settings = await desk.settings.every()
        chosen = await desk.roles.choose(Role.CHAT)
        window, answer = chosen.window(settings[CONTEXT_TOKENS.key]), settings[ANSWER_TOKENS.key]
        mood = await status.mood_of(idea.who, desk, idea.where.place.realm)
        asked = (_STATUS if idea.about else _COMMENT).format(
            name=named(persona.name), status=one_line(idea.about)
        )
        lines = idea.where.talk
        parts = (
            Part("persona", (stable_part(persona, desk.prompts),), required=True),
            Part("transcript", tuple(map(spoken, lines))),
            Part("moment", (f"{mood}\n{asked}".strip(),), required=True),
        )

        def tokens(line: str) -> int:
            return desk.ratios.tokens(chosen.model, line)

        fitted = fit(parts, window, answer, tokens, chosen.model)
        kept = {part.name: part.lines for part in fitted.parts}
        request = ChatRequest(
            chosen.model,
            (
                ChatMessage("system", kept["persona"][0]),
                *talk(lines[len(lines) - len(kept["transcript"]) :]),
                ChatMessage("system", kept["moment"][0]),
            ),
            Sampling(settings[TEMPERATURE.key], max_tokens=answer, context_tokens=window),
        )
        others = dict.fromkeys(line.author_name for line in lines if not line.is_self)
        counted = tuple(
            (part.name, "\n".join(part.lines), sum(map(tokens, part.lines))) for part in fitted.parts
        )
        dropped = fitted.dropped.get("transcript", 0)
        return Prompt(
            chosen.brain,
            request,
            persona.name,
            tuple(name for name in others if name.casefold() != persona.name.casefold()),
            counted,
            fitted.tokens,
            dropped,
            chosen.fallback,
        )

    def _new_turn(self, place: Place, who: KeptPersona) -> StoredTurn:
        now = self._desk.clock.now()
        return StoredTurn(
            id=UUID(int=self._desk.chance.getrandbits(128)).hex[:20],
            realm=place.realm,
            message_id=-1 - self._desk.chance.getrandbits(62),  # it answers nobody
            guild_id=place.guild_id,
            channel_id=place.channel_id,
            person_id=0,
            place=place.title,
            person=who.persona.name,
            state=TurnState.RECEIVED,
            reason={},
            reply="",
            took_ms=0,
            arrived_at=now,
            trace={},
        )

    async def _end(
        self, idea: _Idea, state: TurnState, reason: Text, trace: dict[str, Any], took_ms: int
    ) -> None:
        now = self._desk.clock.now()
        await self._desk.store.run(turns.end, idea.turn.id, state, as_kept(reason), took_ms, trace, now)
        turn = idea.turn
        self._desk.bus.publish(
            TurnEnded(
                turn.id,
                turn.realm,
                turn.place,
                turn.person,
                state is TurnState.SENT,
                state is TurnState.FAILED,
                reason,
                took_ms,
                now,
            )
        )


def _hold_back(db: Database, place: Place, until: str, by: int | None, at: datetime) -> None:
    wish = channel_settings.get(db, place.realm, place.channel_id).get("proactive")
    kept = wish if isinstance(wish, dict) else {"on": bool(wish)}
    held = {**kept, "not_before": until}
    channel_settings.put(db, place.realm, place.guild_id, place.channel_id, "proactive", held, by, at)


def _unseen(text: str) -> None:
    """Nobody watches what it writes of its own accord."""

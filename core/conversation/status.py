"""What the persona is up to today: one short line, shown beside its name and at the back of its mind."""

from __future__ import annotations

import logging
import re

from core.conversation.desk import Desk
from core.conversation.guarding import look_over_reply
from core.conversation.prompt import stable_part
from core.conversation.reply import polish
from core.errors import BrainError
from core.events import StatusChanged
from core.feelings import describe
from core.llm.brain import ChatMessage, ChatRequest, Role, Sampling, TextChunk
from core.persona.identity import KeptPersona, Persona
from core.safety.clean import one_line
from core.safety.output import Refused
from db import state

log = logging.getLogger(__name__)

LONGEST = 100  # characters; Discord takes 128
KEY = "status"
_ASKED = (
    "Write the status line that stands beside {name}'s name today: what {name} is doing or has in mind, in "
    "at most eight words, without a name, quotation marks or emoji. {mood}"
)


async def current(desk: Desk) -> str:
    """The status of the persona that is active now; empty where none was written for it."""
    active = await desk.personas.active()
    kept = await desk.store.run(state.get, state.State, KEY)
    if active is None or not isinstance(kept, dict) or kept.get("persona") != active.id:
        return ""
    return str(kept.get("text", ""))


async def renew(desk: Desk) -> str:
    """Write today's status and tell everybody; answers it. Run once a day, after consolidation.

    Where no model can write one, it is put together from the persona's own facts.
    """
    active = await desk.personas.active()
    if active is None:
        return ""
    mood = await mood_of(active, desk)
    text = await _written(active.persona, mood, desk) or composed(active.persona, desk)
    kept = {"text": text, "persona": active.id}
    await desk.store.run(state.put, state.State, KEY, kept, desk.clock.now())
    desk.bus.publish(StatusChanged(text))
    return text


async def mood_of(who: KeptPersona, desk: Desk, realm: str = "discord") -> str:
    """How it feels today, in words for a model; empty where nothing is felt."""
    if desk.feelings is None:
        return ""
    return describe.for_prompt(await desk.feelings.state(who.id, who.persona, realm=realm), one_line)


def composed(persona: Persona, desk: Desk) -> str:
    """A status without a model: one of the persona's facts and habits, by chance, cut to its first clause."""
    facts = [short for fact in (*persona.quirks, *persona.lore) if (short := _first_clause(fact))]
    return desk.chance.choice(facts) if facts else _cut(one_line(persona.summary))


async def _written(persona: Persona, mood: str, desk: Desk) -> str:
    if not desk.speaks:
        return ""
    try:
        chosen = await desk.roles.choose(Role.CHAT)
        if chosen.brain.name == "starter":
            return ""
        request = ChatRequest(
            chosen.model,
            (
                ChatMessage("system", stable_part(persona, desk.prompts)),
                ChatMessage("user", _ASKED.format(name=one_line(persona.name), mood=mood)),
            ),
            Sampling(max_tokens=40, context_tokens=chosen.window(4096)),
        )
        pieces = [piece.text async for piece in chosen.brain.chat(request) if isinstance(piece, TextChunk)]
    except BrainError as error:
        log.info("the status is put together without a model: %s", type(error).__name__)
        return ""
    lines = polish("".join(pieces), persona.name, ()).splitlines() or [""]
    line = one_line(lines[0]).strip("\"'*_ ")
    verdict = await look_over_reply(line, request.messages[0].content, persona, await desk.settings.every())
    return "" if isinstance(verdict, Refused) else _cut(verdict.text)


def _first_clause(fact: str) -> str:
    return _cut(re.split(r"[.;:!?]\s|[.;]$", one_line(fact))[0])


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rsplit(' ', 1)[0]}…"

"""On guard: how much a person writes, what their words try, and what is about to be posted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core import hidden
from core.conversation import reply
from core.conversation.desk import Desk
from core.conversation.message import IncomingMessage, Place, Realm
from core.conversation.prompt import Prompt, stable_part
from core.conversation.reply import Draft
from core.fair_share import PERSON_RATE, SERVER_RATE
from core.persona.entrance import entrance_of
from core.persona.identity import Persona
from core.safety import never
from core.safety.access import Asker
from core.safety.clean import one_line
from core.safety.limits import Rate
from core.safety.output import Changed, Limits, Links, Refused, Verdict, look_over
from core.safety.suspicion import Suspicion, suspect
from core.settings import LINK_SITES, LINKS
from core.words import T, Text
from db import attempts, echo_sessions, messages, people, servers
from db.attempts import StoredAttempt
from db.base import Database

log = logging.getLogger(__name__)


async def stands_back(message: IncomingMessage, desk: Desk, persona_id: int) -> Text | None:
    """Why the persona leaves a message alone whatever it says; None when it need not.

    The host may have opened the persona to others only. The host or the server's moderators may have
    said that this person is not answered. Where an echo talks, the persona answers only who names it.

    Args:
        persona_id: the row id of who the bot is here.
    """
    place = message.place
    closed = await closed_to(message.author.id, message.from_host, place, persona_id, desk)
    if closed is not None:
        return closed
    if place.guild_id is None:
        return None
    if message.mentions_me or message.replies_to_me:
        return None
    talking = await desk.store.run(echo_sessions.active, place.realm, place.guild_id)
    if any(session.channel_id == place.channel_id for session in talking):
        return T("an echo talks in {place}, and nobody meant the persona", place=place.title)
    return None


async def closed_to(person_id: int, is_host: bool, place: Place, persona_id: int, desk: Desk) -> Text | None:
    """That a persona is not open to a person (by platform id) in a place, or they are not listened to; None
    when they are. The practice room is the host's own."""
    if place.realm is not Realm.DISCORD:
        return None
    asker = Asker(person_id, place.guild_id, is_host=is_host)
    if not (await entrance_of(persona_id, desk.store)).may_use(asker):
        return T("this persona is not open to this person")
    if await desk.store.run(servers.is_shut_out, place.realm, place.guild_id, person_id):
        return T("it was asked not to listen to this person")
    return None


async def suspected(burst: Sequence[IncomingMessage]) -> Suspicion:
    """What the gravest message of a burst is suspected of."""
    return await asyncio.to_thread(_gravest, [message.text for message in burst])


def _gravest(texts: list[str]) -> Suspicion:
    return max((suspect(text) for text in texts), key=lambda each: each.score)


def too_much(
    message: IncomingMessage, suspicion: Suspicion, desk: Desk, settings: Mapping[str, Any]
) -> Text | None:
    """Why this message is one too many, or None. Invented people may write as much as they like."""
    place = message.place
    if desk.limits is None or place.realm is not Realm.DISCORD:
        return None
    held = desk.limits.take(
        *(place.realm, message.author.id, place.guild_id, suspicion.is_suspected),
        person=Rate(settings[PERSON_RATE.key], 60.0),
        server=Rate(settings[SERVER_RATE.key], 60.0),
    )
    return held.reason if held is not None else None


async def note(message: IncomingMessage, kind: str, score: float, signs: Sequence[str], desk: Desk) -> None:
    """Keep for the host that something was noticed."""
    await desk.store.run(_note, message, kind, score, tuple(signs), desk)


async def without_what_it_never_says(
    draft: Draft, prompt: Prompt, persona: Persona, desk: Desk, growing: Callable[[str], None]
) -> Draft:
    """The draft; where it says what the persona is never to say, another one is asked for, once.

    That has no tools, so that none is used twice: what they answered is told to it.

    Raises:
        core.errors.BrainError: the model failed over the other one.
    """
    line = never.said(draft.text, persona.never) if desk.speaks else ""
    if not line:
        return draft
    log.info("a reply said what the persona is never to say; another one is asked for")
    learnt = "".join(f"\n({use.name} answered: {one_line(use.answer)})" for use in draft.uses)
    shunned = f"{prompt.speaker} does not write “{one_line(line)}” nor anything like it, but something else."
    note = f"{learnt}\n({shunned})"
    *earlier, last = prompt.request.messages
    request = replace(prompt.request, messages=(*earlier, replace(last, content=f"{last.content}{note}")))
    other = await reply.generate(replace(prompt, request=request), desk, growing)
    return replace(other, uses=draft.uses)


async def look_over_reply(
    text: str, prompt: str, persona: Persona | None, settings: Mapping[str, Any], suspicious: bool = False
) -> Verdict:
    """May this be posted? See `core.safety.output`.

    Args:
        prompt: the part that says who the persona is. settings: all values in force, by key.
        suspicious: it answers what looked like an attempt: then it has no links, whatever the settings say.
    """
    if persona is not None and never.said(text, persona.never):
        return Refused(T("the reply was what it is never to say, twice"))
    limits = Limits(
        secrets=hidden.known(),
        prompt=prompt,
        sayable=persona.examples if persona is not None else (),
        links=Links.NONE if suspicious else Links(settings[LINKS.key]),
        sites=tuple(site.strip() for site in settings[LINK_SITES.key].split(",") if site.strip()),
    )
    return await asyncio.to_thread(look_over, text, limits)


async def fit_to_say(text: str, desk: Desk) -> str | None:
    """What may be said of a text that answers no message (a poll, a reminder); None when it may not be."""
    active = await desk.personas.active()
    persona = active.persona if active is not None else None
    prompt = await asyncio.to_thread(stable_part, persona, desk.prompts) if persona is not None else ""
    verdict = await look_over_reply(text, prompt, persona, await desk.settings.every())
    if isinstance(verdict, Refused):
        log.info("something was not said: %s", verdict.reason.key)
        return None
    return verdict.text


def reasons(verdict: Verdict) -> tuple[Text, ...]:
    """What was wrong with a reply; empty when nothing was."""
    if isinstance(verdict, Refused):
        return (verdict.reason,)
    return verdict.reasons if isinstance(verdict, Changed) else ()


def _note(
    db: Database, message: IncomingMessage, kind: str, score: float, signs: tuple[str, ...], desk: Desk
) -> None:
    place = message.place
    person = people.find(db, place.realm, message.author.id)
    if person is None:
        return
    kept = messages.by_platform_id(db, place.realm, message.id)
    attempts.add(
        db,
        StoredAttempt(
            at=desk.clock.now(),
            realm=place.realm,
            guild_id=place.guild_id,
            channel_id=place.channel_id,
            person_id=person.row_id,
            message_id=kept.row_id if kept is not None else None,
            score=score,
            kind=kind,
            signs=signs,
        ),
    )

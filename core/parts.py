"""The parts of what is kept of a person: every aggregate knows what it holds of somebody and how it lets go
of it; `PARTS` puts them in order, and one transaction goes through all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from core.figures import Day
from core.memory.lexicon import lexicon
from core.persona.identity import Persona
from core.remains import without_line
from core.words import T, Text
from db import (
    attempts,
    audit,
    channel_settings,
    consolidations,
    conversations,
    echo_consents,
    echo_jobs,
    echo_messages,
    echo_sessions,
    echoes,
    episodes,
    facts,
    feelings,
    messages,
    modlog,
    people,
    persona_access,
    personas,
    privacy,
    ratings,
    reminders,
    servers,
    tickets,
    turn_privacy,
    warnings,
)
from db.base import Database
from db.people import StoredPerson


@dataclass(frozen=True, slots=True)
class Part:
    """What one aggregate holds about a person (by row id).

    Attributes:
        name: the key in the export. title: what people read.
        export: answers plain JSON values. erase: removes every trace, answers how many rows it touched.
        count: answers how much there is, where exporting it only to count it would take long.
    """

    name: str
    title: Text
    export: Callable[[Database, int], Any]
    erase: Callable[[Database, int], int]
    count: Callable[[Database, int], int] | None = None


def _of(work: Callable[[Database, StoredPerson], Any], nothing: Any = 0) -> Callable[[Database, int], Any]:
    """The same for a row id; `nothing` when there is nobody of that id."""

    def by_row_id(db: Database, person_id: int) -> Any:
        person = people.by_row_id(db, person_id)
        return work(db, person) if person is not None else nothing

    return by_row_id


def _forget_answers(db: Database, person: StoredPerson) -> int:
    names = _names(db, person)
    plain = {name for name in names if name.casefold() in lexicon().part}
    return privacy.forget_answers(db, person, names, plain)


def _forget_changes(db: Database, person: StoredPerson) -> int:
    return privacy.forget_changes_told(db, person) + consolidations.erase(db, person.row_id)


def _echoes(db: Database, person: StoredPerson) -> dict[str, Any]:
    """Consents about a person, what was read by them, and what echoes of others answered them."""
    consents = echo_consents.of_subject(db, person.realm, person.platform_id)
    told = echo_sessions.answered(db, person.realm, person.platform_id)
    plain = {
        "consents": [asdict(each) for each in consents],
        "messages": [asdict(own) for each in consents for own in echo_messages.every(db, each.id)],
        "replies": [asdict(reply) for reply in told],
    }
    return json.loads(json.dumps(plain, default=str))  # type: ignore[no-any-return]


def _forget_echoes(db: Database, person: StoredPerson) -> int:
    gone = 0
    for consent in echo_consents.of_subject(db, person.realm, person.platform_id):
        gone += echo_messages.erase(db, consent.id) + echoes.erase(db, consent.id)
        gone += sum(echo_sessions.erase(db, consent.id)) + echo_jobs.erase(db, consent.id)
    gone += echo_sessions.forget(db, person.realm, person.platform_id)
    return gone + echo_consents.forget(db, person.realm, person.platform_id)


# In the order of erasure: first those that look others up, then those that are looked up (what answers a
# person is found by turns and messages, turns by messages and facts).
PARTS = (
    Part("ratings", T("What you said of replies"), ratings.export, ratings.erase),
    Part("conversations", T("Conversations"), conversations.export, conversations.erase),
    Part("feelings", T("Feelings towards you"), feelings.export, feelings.erase),
    Part("memory_changes", T("Changes of memories"), consolidations.export, _of(_forget_changes)),
    Part("episodes", T("Memories of time together"), episodes.export, episodes.erase),
    Part("attempts", T("Attempts that were noticed"), attempts.export, attempts.erase),
    Part("reminders", T("Reminders"), reminders.export, reminders.erase),
    Part("warnings", T("Warnings"), warnings.export, warnings.erase),
    Part("modlog", T("What moderators did"), modlog.export, modlog.erase),
    Part("tickets", T("Tickets"), tickets.export, tickets.erase),
    Part("servers", T("Lists of servers"), servers.export, servers.erase),
    Part(
        "channel_settings", T("What you chose for channels"), channel_settings.export, channel_settings.erase
    ),
    Part("entrances", T("Personas you may use"), persona_access.export, persona_access.erase),
    Part("audit", T("Changes by command"), audit.export, audit.erase),
    Part(
        "answers",
        T("Replies to you"),
        _of(privacy.answers, []),
        _of(_forget_answers),
        _of(privacy.answers_count),
    ),
    Part(
        "turns",
        T("How replies to you came about"),
        turn_privacy.export,
        turn_privacy.erase,
        _of(privacy.turns_count),
    ),
    Part("echoes", T("Echoes and consents"), _of(_echoes, {}), _of(_forget_echoes)),
    Part(
        "messages",
        T("Messages"),
        _of(privacy.written_by, []),
        _of(privacy.forget_words),
        _of(privacy.written_count),
    ),
    Part("facts", T("What is known of you"), facts.export, facts.erase),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of somebody.

    Attributes:
        stance: opted_out, erased, or "": nothing stands in the way of keeping more.
        counts: how much of each part, in the order of PARTS; empty when nothing is kept.
    """

    stance: str
    counts: tuple[tuple[Text, int], ...] = ()


def _names(db: Database, person: StoredPerson) -> frozenset[str]:
    return frozenset({person.name, *people.names(db, person.row_id)} - {""})


@dataclass(frozen=True, slots=True)
class Gone:
    """Who was erased, and by what they are known again: names, row ids of what they wrote and of what was
    known of them; the personas that forgot lines; and how many rows of which part it was."""

    person: StoredPerson | None
    names: frozenset[str]
    messages: frozenset[int]
    facts: frozenset[int]
    personas: tuple[int, ...]
    touched: dict[str, int]


def consents(db: Database, realm: str, platform_id: int) -> list[Text]:
    """What was asked about imitating a person and what came of it, the newest first."""
    return [_consent_said(each) for each in echo_consents.of_subject(db, realm, platform_id)]


def _consent_said(consent: echo_consents.StoredConsent) -> Text:
    where = consent.guild_name or T("a file of their own")
    day = Day(consent.asked_at)
    until = Day(consent.expires_at) if consent.expires_at is not None else "–"
    match consent.state:
        case echo_consents.ASKED:
            return T("Asked on {day} about being imitated ({where}); no answer yet.", day=day, where=where)
        case echo_consents.ACCEPTED:
            return T("Said yes to being imitated ({where}), until {until}.", where=where, until=until)
        case echo_consents.DECLINED:
            return T("Asked on {day}, and said no.", day=day)
        case echo_consents.REVOKED:
            return T("Asked on {day}; the yes was taken back.", day=day)
    return T("Asked on {day}; its time is over.", day=day)


def kept(db: Database, realm: str, platform_id: int) -> Kept:
    stance = privacy.stance(db, realm, platform_id)
    person = people.find(db, realm, platform_id)
    if person is None:
        return Kept(stance)
    counts = ((part.title, _counted(db, part, person.row_id)) for part in PARTS)
    return Kept(stance, tuple(each for each in counts if each[1]))


def _counted(db: Database, part: Part, person_id: int) -> int:
    return part.count(db, person_id) if part.count is not None else _how_much(part.export(db, person_id))


def _how_much(exported: Any) -> int:
    if isinstance(exported, dict):
        return sum(_how_much(value) for value in exported.values() if isinstance(value, list | dict))
    return len(exported)


def export(db: Database, realm: str, platform_id: int, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {
        "exported_at": now.isoformat(),
        "stance": privacy.stance(db, realm, platform_id),
        "person": None,
    }
    person = people.find(db, realm, platform_id)
    if person is None:
        return found
    about = asdict(person) | {"names": people.names(db, person.row_id)}
    found["person"] = json.loads(json.dumps(about, default=datetime.isoformat))
    return found | {part.name: part.export(db, person.row_id) for part in PARTS}


def _unlearn(db: Database, person: StoredPerson, now: datetime) -> tuple[int, ...]:
    """Personas forget the lines that they learnt from replies to a person, those that were put away too;
    answers whose lines they were, once a line."""
    learnt = ratings.learnt_from(db, person.row_id)
    for persona_id, _, line in learnt:
        kept = personas.get(db, persona_id)
        if kept is not None:
            left = without_line(Persona.model_validate_json(kept.document), line)
            personas.change(db, persona_id, left.name, left.model_dump_json(), now)
    return tuple(persona_id for persona_id, _, _ in learnt)


def erase_rows(db: Database, realm: str, platform_id: int, salt: bytes, now: datetime) -> Gone:
    """All of it, in one transaction."""
    person = people.find(db, realm, platform_id)
    if person is None:
        return Gone(None, frozenset(), frozenset(), frozenset(), (), {})
    names = _names(db, person)
    said = frozenset(privacy.message_ids(db, person))
    known = frozenset(fact["row_id"] for fact in facts.export(db, person.row_id))
    learnt = _unlearn(db, person, now)
    touched = {"learnt": len(learnt)} | {part.name: part.erase(db, person.row_id) for part in PARTS}
    privacy.bury(db, person, salt, now)
    messages.scrub(db)
    return Gone(person, names, said, known, learnt, {name: rows for name, rows in touched.items() if rows})

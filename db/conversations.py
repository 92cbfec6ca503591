"""Conversations that have been put away: who took part, what was said, and what it was about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import AutoField, Database, ForeignKeyField, TextField

from db.base import MomentField, Row, removal
from db.people import Person


class ConversationRow(Row):
    id = AutoField()
    realm = TextField()
    thread_id = TextField()
    guild_id = TextField(null=True)
    requester = TextField()
    created_at = MomentField()
    updated_at = MomentField()
    summary = TextField()
    document = TextField()

    class Meta:
        table_name = "conversations"
        indexes = (
            (("realm", "thread_id", "created_at"), True),
            (("realm", "updated_at"), False),
        )


class ConversationPersonRow(Row):
    conversation = ForeignKeyField(ConversationRow, on_delete="CASCADE", index=False)
    person = TextField(index=True)

    class Meta:
        table_name = "conversation_people"
        indexes = ((("conversation", "person"), True),)


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A conversation as it lies in the store.

    Attributes:
        thread_id, requester, participants: ids on their platform, as text.
        document: the conversation as plain values, in the form that is exported.
    """

    realm: str
    thread_id: str
    guild_id: str | None
    requester: str
    participants: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    summary: str
    document: dict[str, Any]
    row_id: int = 0


def put(db: Database, kept: StoredConversation) -> int:
    """Write a conversation, in place of what was written of it before; answers its row id."""
    values = {
        "guild_id": kept.guild_id,
        "requester": kept.requester,
        "updated_at": kept.updated_at,
        "summary": kept.summary,
        "document": json.dumps(kept.document),
    }
    ConversationRow.insert(
        realm=kept.realm, thread_id=kept.thread_id, created_at=kept.created_at, **values
    ).on_conflict(
        conflict_target=[ConversationRow.realm, ConversationRow.thread_id, ConversationRow.created_at],
        update=values,
    ).execute(db)
    row_id = next(
        row.id
        for row in ConversationRow.select(ConversationRow.id)
        .where(
            ConversationRow.realm == kept.realm,
            ConversationRow.thread_id == kept.thread_id,
            ConversationRow.created_at == kept.created_at,
        )
        .execute(db)
    )
    _put_people(db, row_id, (kept.requester, *kept.participants))
    return int(row_id)


def get(db: Database, row_id: int) -> StoredConversation | None:
    """One conversation, or None."""
    rows = ConversationRow.select().where(ConversationRow.id == row_id).execute(db)
    return next((_stored(row) for row in rows), None)


def recent(
    db: Database, realm: str, limit: int = 100, thread_id: str | None = None
) -> list[StoredConversation]:
    """The newest conversations of a realm (in one thread), newest first."""
    query = ConversationRow.select().where(ConversationRow.realm == realm)
    if thread_id is not None:
        query = query.where(ConversationRow.thread_id == thread_id)
    query = query.order_by(ConversationRow.updated_at.desc(), ConversationRow.id.desc()).limit(limit)
    return [_stored(row) for row in query.execute(db)]


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """The conversations that a person took part in, as plain values."""
    return [_stored(row).document for row in _of_person(db, person_id)]


def erase(db: Database, person_id: int) -> int:
    """Remove a person from every conversation; answers how many they were in.

    What they began goes as a whole. From the others go their lines and what the bot thought, called and
    said until somebody else spoke, and the summary, which may tell of them.
    """
    rows = _of_person(db, person_id)
    who = _platform_id(db, person_id)
    for row in rows:
        if row.requester == who:
            removal(ConversationRow).where(ConversationRow.id == row.id).execute(db)
            continue
        without = without_person(json.loads(row.document), who)
        removal(ConversationPersonRow).where(
            ConversationPersonRow.conversation == row.id, ConversationPersonRow.person == who
        ).execute(db)
        ConversationRow.update(summary="", document=json.dumps(without)).where(
            ConversationRow.id == row.id
        ).execute(db)
    return len(rows)


def without_person(document: dict[str, Any], person: str) -> dict[str, Any]:
    """A conversation's plain values without a person (their id as text) and without what answers them."""
    kept, theirs = [], False
    for message in document["history"]:
        asker = message["meta"]["requester"]
        if asker is not None:
            theirs = str(asker) == person
        if not theirs:
            kept.append(message)
    people = [each for each in document["participants"] if str(each) != person]
    return {**document, "summary": "", "participants": people, "history": kept}


def _put_people(db: Database, row_id: int, people: tuple[str, ...]) -> None:
    removal(ConversationPersonRow).where(ConversationPersonRow.conversation == row_id).execute(db)
    for person in dict.fromkeys(people):
        ConversationPersonRow.insert(conversation=row_id, person=person).execute(db)


def _of_person(db: Database, person_id: int) -> list[ConversationRow]:
    query = (
        ConversationRow.select(ConversationRow)
        .join(ConversationPersonRow)
        .join(
            Person,
            on=(Person.platform_id.cast("text") == ConversationPersonRow.person)
            & (Person.realm == ConversationRow.realm),
        )
        .where(Person.id == person_id)
        .order_by(ConversationRow.created_at)
    )
    return list(query.execute(db))


def _platform_id(db: Database, person_id: int) -> str:
    rows = Person.select(Person.platform_id).where(Person.id == person_id).execute(db)
    return next((str(row.platform_id) for row in rows), "")


def _stored(row: ConversationRow) -> StoredConversation:
    document = json.loads(row.document)
    return StoredConversation(
        row.realm,
        row.thread_id,
        row.guild_id,
        row.requester,
        tuple(str(each) for each in document["participants"]),
        row.created_at,
        row.updated_at,
        row.summary,
        document,
        row.id,
    )

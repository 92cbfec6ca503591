"""What the archive holds of other people where somebody's echo is built: read once, kept nowhere."""

from __future__ import annotations

from datetime import datetime

from peewee import Database

from db.messages import Message
from db.people import Person, PersonName


def names(db: Database, realm: str, without_id: int) -> list[str]:
    """What everybody but one person (by platform id) is called."""
    query = (
        PersonName.select(PersonName.name)
        .join(Person)
        .where(Person.realm == realm, Person.platform_id != without_id)
        .distinct()
    )
    return [name for (name,) in query.tuples().execute(db)]


def texts(db: Database, realm: str, without_id: int, limit: int) -> list[str]:
    """What others wrote lately, of whom things may be kept; the newest first."""
    silent = Person.select(Person.platform_id).where(
        Person.realm == realm, Person.state.in_(["opted_out", "erased"])
    )
    query = Message.select(Message.text).where(
        Message.realm == realm,
        Message.author_id != without_id,
        Message.author_id.not_in(silent),
        ~Message.is_bot,
        ~Message.is_self,
        Message.text != "",
    )
    newest = query.order_by(Message.id.desc()).limit(limit)
    return [text for (text,) in newest.tuples().execute(db)]


def before(
    db: Database, realm: str, channel_id: int, message_id: int, at: datetime, count: int
) -> list[tuple[int, str]]:
    """Who wrote what before a message in its channel, oldest first: author's platform id and text."""
    query = (
        Message.select(Message.author_id, Message.text)
        .where(
            Message.realm == realm,
            Message.channel_id == channel_id,
            Message.sent_at <= at,
            Message.platform_id != message_id,
            Message.text != "",
        )
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(count)
    )
    return [(author, text) for author, text in query.tuples().execute(db)][::-1]

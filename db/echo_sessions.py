"""Where echoes talk: sessions by channel, what they said there, and what people thought of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    Database,
    ForeignKeyField,
    IntegerField,
    TextField,
    fn,
)

from db.base import MomentField, Row, removal


class EchoSessionRow(Row):
    id = AutoField()
    consent_id = IntegerField(index=True)
    realm = TextField()
    guild_id = BigIntegerField(null=True)
    channel_id = BigIntegerField(index=True)
    channel_name = TextField()
    started_by = BigIntegerField(null=True)
    started_at = MomentField()
    last_at = MomentField()
    ended_at = MomentField(null=True)
    reason = TextField(default="")
    heard = IntegerField(default=0)
    replies = IntegerField(default=0)
    tokens = IntegerField(default=0)
    write_ms = IntegerField(default=0)
    latency_ms = IntegerField(default=0)

    class Meta:
        table_name = "echo_sessions"


class EchoReplyRow(Row):
    id = AutoField()
    session = ForeignKeyField(EchoSessionRow, on_delete="CASCADE")
    consent_id = IntegerField(index=True)
    at = MomentField()
    answers = BigIntegerField(null=True)
    asker_id = BigIntegerField(null=True, index=True)
    posted_id = BigIntegerField(null=True, index=True)
    text = TextField()
    model = TextField()
    tokens = IntegerField()
    write_ms = IntegerField()
    latency_ms = IntegerField()
    drafts = IntegerField()

    class Meta:
        table_name = "echo_replies"


class EchoVoteRow(Row):
    id = AutoField()
    reply = ForeignKeyField(EchoReplyRow, on_delete="CASCADE")
    by_id = BigIntegerField(index=True)
    up = BooleanField()
    at = MomentField()

    class Meta:
        table_name = "echo_votes"
        indexes = ((("reply", "by_id"), True),)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A talk of an echo's in one channel.

    Attributes:
        started_by: platform id. last_at: when it last heard or said something.
        ended_at, reason: when and why it ended (`asked`, `idle`, `revoked`, `erased`, `gone`), None and ""
            while it is under way.
        heard, replies: messages it was given, and answered. tokens, write_ms: written in all, and how long
            the model took for them. latency_ms: from a message to its answer, in all.
    """

    id: int
    consent_id: int
    realm: str
    guild_id: int | None
    channel_id: int
    channel_name: str
    started_by: int | None
    started_at: datetime
    last_at: datetime
    ended_at: datetime | None
    reason: str
    heard: int
    replies: int
    tokens: int
    write_ms: int
    latency_ms: int

    @property
    def tokens_a_second(self) -> float:
        """How fast the model wrote, on average; 0 before it has."""
        return 1000 * self.tokens / self.write_ms if self.write_ms else 0.0

    @property
    def mean_latency_ms(self) -> float:
        """From a message to its answer, on average; 0 before there is one."""
        return self.latency_ms / self.replies if self.replies else 0.0


@dataclass(frozen=True, slots=True)
class StoredReply:
    """Something an echo said.

    Attributes:
        answers: id of the message it answers; asker_id: platform id of who wrote that.
        posted_id: id of its own message, None until it was posted.
        write_ms: how long the model wrote; latency_ms: all that went by until it was ready.
        drafts: how many there were to choose from. up, down: how many people liked it, or did not.
    """

    id: int
    session_id: int
    consent_id: int
    at: datetime
    answers: int | None
    asker_id: int | None
    posted_id: int | None
    text: str
    model: str
    tokens: int
    write_ms: int
    latency_ms: int
    drafts: int
    up: int = 0
    down: int = 0


_SESSION = StoredSession.__slots__
_REPLY = tuple(name for name in StoredReply.__slots__ if name not in ("id", "session_id", "up", "down"))


def start(
    db: Database,
    consent_id: int,
    realm: str,
    guild_id: int | None,
    channel: tuple[int, str],
    started_by: int | None,
    at: datetime,
) -> StoredSession:
    """Begin a session in a channel (its id and name)."""
    number = EchoSessionRow.insert(
        consent_id=consent_id,
        realm=realm,
        guild_id=guild_id,
        channel_id=channel[0],
        channel_name=channel[1],
        started_by=started_by,
        started_at=at,
        last_at=at,
    ).execute(db)
    made = by_id(db, int(number))
    assert made is not None
    return made


def by_id(db: Database, number: int) -> StoredSession | None:
    """The session with this number, or None."""
    return next(iter(_those(db, EchoSessionRow.id == number)), None)


def active(db: Database, realm: str | None = None, guild_id: int | None = None) -> list[StoredSession]:
    """The sessions under way, of a server when one is given, the oldest first."""
    where: list[Any] = [EchoSessionRow.ended_at.is_null()]
    if realm is not None:
        where.append(EchoSessionRow.realm == realm)
    if guild_id is not None:
        where.append(EchoSessionRow.guild_id == guild_id)
    return _those(db, *where)


def recent(db: Database, limit: int) -> list[StoredSession]:
    """The newest sessions, over or not, the newest first."""
    return _those(db)[::-1][:limit]


def heard(db: Database, number: int, count: int, at: datetime) -> None:
    """Messages came in."""
    EchoSessionRow.update(heard=EchoSessionRow.heard + count, last_at=at).where(
        EchoSessionRow.id == number
    ).execute(db)


def end(db: Database, number: int, reason: str, at: datetime) -> bool:
    """End a session; False when it was over already."""
    over = EchoSessionRow.update(ended_at=at, reason=reason)
    return bool(over.where(EchoSessionRow.id == number, EchoSessionRow.ended_at.is_null()).execute(db))


def keep_reply(db: Database, reply: StoredReply) -> int:
    """Keep what an echo says, and count it; answers its number."""
    number = EchoReplyRow.insert(
        session=reply.session_id, **{name: getattr(reply, name) for name in _REPLY}
    ).execute(db)
    EchoSessionRow.update(
        last_at=reply.at,
        replies=EchoSessionRow.replies + 1,
        tokens=EchoSessionRow.tokens + reply.tokens,
        write_ms=EchoSessionRow.write_ms + reply.write_ms,
        latency_ms=EchoSessionRow.latency_ms + reply.latency_ms,
    ).where(EchoSessionRow.id == reply.session_id).execute(db)
    return int(number)


def posted(db: Database, number: int, message_id: int) -> None:
    """A reply was posted as this message."""
    EchoReplyRow.update(posted_id=message_id).where(EchoReplyRow.id == number).execute(db)


def by_message(db: Database, message_id: int) -> StoredReply | None:
    """The reply that was posted as this message, or None."""
    return next(iter(_replies(db, EchoReplyRow.posted_id == message_id)), None)


def unvote(db: Database, reply_id: int, by_id: int, up: bool | None) -> None:
    """Somebody takes back that they like a reply (True), that they do not (False), or either (None)."""
    mine = (EchoVoteRow.reply == reply_id) & (EchoVoteRow.by_id == by_id)
    if up is not None:
        mine &= EchoVoteRow.up == up  # who changed their mind takes the old one back after giving the new
    removal(EchoVoteRow).where(mine).execute(db)


def vote(db: Database, reply_id: int, by_id: int, up: bool, at: datetime) -> None:
    """Somebody likes a reply (True), or does not (False)."""
    EchoVoteRow.insert(reply=reply_id, by_id=by_id, up=up, at=at).on_conflict(
        conflict_target=[EchoVoteRow.reply, EchoVoteRow.by_id], preserve=[EchoVoteRow.up, EchoVoteRow.at]
    ).execute(db)


def replies(db: Database, consent_id: int, limit: int) -> list[StoredReply]:
    """What an echo said, the newest first."""
    return _replies(db, EchoReplyRow.consent_id == consent_id, limit=limit)


def votes(db: Database, consent_id: int | None = None) -> tuple[int, int]:
    """How often replies were liked, and were not: an echo's, or those of all."""
    query = EchoVoteRow.select(EchoVoteRow.up, fn.count(EchoVoteRow.id))
    if consent_id is not None:
        query = query.join(EchoReplyRow).where(EchoReplyRow.consent_id == consent_id)
    query = query.group_by(EchoVoteRow.up).tuples()
    cast = {bool(up): int(many) for up, many in query.execute(db)}
    return cast.get(True, 0), cast.get(False, 0)


def totals(db: Database, consent_id: int | None = None) -> dict[str, int]:
    """Over all sessions, of an echo or of all: how many, messages heard, replies, tokens, write_ms,
    latency_ms."""
    row = EchoSessionRow
    query = row.select(
        fn.count(row.id), fn.sum(row.heard), fn.sum(row.replies), fn.sum(row.tokens), fn.sum(row.write_ms),
        fn.sum(row.latency_ms),
    )  # fmt: skip
    if consent_id is not None:
        query = query.where(row.consent_id == consent_id)
    names = ("sessions", "heard", "replies", "tokens", "write_ms", "latency_ms")
    found = next(iter(query.tuples().execute(db)))
    return {name: int(value or 0) for name, value in zip(names, found, strict=True)}


def clean(db: Database, before: datetime) -> int:
    """Remove what was said before a moment, and sessions that ended before it; answers how many replies."""
    old = [row.id for row in EchoReplyRow.select(EchoReplyRow.id).where(EchoReplyRow.at < before).execute(db)]
    gone = _remove_replies(db, old)
    over = EchoSessionRow.select(EchoSessionRow.id).where(EchoSessionRow.ended_at < before)
    for session in [row.id for row in over.execute(db)]:
        rest = EchoReplyRow.select(EchoReplyRow.id).where(EchoReplyRow.session == session)
        gone += _remove_replies(db, [row.id for row in rest.execute(db)])
        removal(EchoSessionRow).where(EchoSessionRow.id == session).execute(db)
    return gone


def erase(db: Database, consent_id: int) -> tuple[int, int]:
    """Remove an echo's sessions and all it said; answers how many of each."""
    mine = EchoReplyRow.select(EchoReplyRow.id).where(EchoReplyRow.consent_id == consent_id)
    said = _remove_replies(db, [row.id for row in mine.execute(db)])
    return int(removal(EchoSessionRow).where(EchoSessionRow.consent_id == consent_id).execute(db)), said


def forget(db: Database, realm: str, person_id: int) -> int:
    """Remove what was said to a person (by platform id), their votes, and that they began sessions."""
    ours = EchoSessionRow.select(EchoSessionRow.id).where(EchoSessionRow.realm == realm)
    told = EchoReplyRow.select(EchoReplyRow.id).where(
        EchoReplyRow.asker_id == person_id, EchoReplyRow.session.in_(ours)
    )
    gone = _remove_replies(db, [row.id for row in told.execute(db)])
    gone += int(removal(EchoVoteRow).where(EchoVoteRow.by_id == person_id).execute(db))
    begun = EchoSessionRow.update(started_by=None)
    mine = (EchoSessionRow.realm == realm) & (EchoSessionRow.started_by == person_id)
    return gone + int(begun.where(mine).execute(db))


def answered(db: Database, realm: str, person_id: int) -> list[StoredReply]:
    """What echoes said to a person (by platform id)."""
    ours = EchoSessionRow.select(EchoSessionRow.id).where(EchoSessionRow.realm == realm)
    return _replies(db, EchoReplyRow.asker_id == person_id, EchoReplyRow.session.in_(ours))


def _remove_replies(db: Database, numbers: list[int]) -> int:
    removal(EchoVoteRow).where(EchoVoteRow.reply.in_(numbers)).execute(db)
    return int(removal(EchoReplyRow).where(EchoReplyRow.id.in_(numbers)).execute(db))


def _those(db: Database, *where: Any) -> list[StoredSession]:
    query = EchoSessionRow.select().order_by(EchoSessionRow.id)
    found = (query.where(*where) if where else query).execute(db)
    return [StoredSession(**{name: getattr(row, name) for name in _SESSION}) for row in found]


def _replies(db: Database, *where: Any, limit: int | None = None) -> list[StoredReply]:
    query = EchoReplyRow.select().where(*where).order_by(EchoReplyRow.id.desc()).limit(limit)
    found = list(query.execute(db))
    votes = EchoVoteRow.select().where(EchoVoteRow.reply.in_([row.id for row in found]))
    cast = [(vote.reply_id, vote.up) for vote in votes.execute(db)]
    return [
        StoredReply(
            id=row.id,
            session_id=row.session_id,
            up=cast.count((row.id, True)),
            down=cast.count((row.id, False)),
            **{name: getattr(row, name) for name in _REPLY},
        )
        for row in found
    ]

"""The messages a memory came from, and what stood around them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peewee import JOIN, Database, Tuple, Value

from db.channels import Channel
from db.episodes import EpisodeSourceRow
from db.facts import FactRow, SourceRow
from db.messages import Message
from db.notebook_lines import SaidLine
from db.people import Person

_MESSAGE = (
    *(Message.id, Message.platform_id, Message.author_name, Message.is_self),
    *(Channel.name, Channel.guild_name, Message.sent_at, Message.text),
    *(Message.realm, Message.guild_id, Message.channel_id),
)
_LINK = "https://discord.com/channels/{}/{}/{}"


def fact_sources(db: Database, fact_id: int) -> list[SaidLine]:
    """The messages a fact came from, oldest first; those that were deleted since have no text."""
    author = Person.select(Person.name).where(
        Person.realm == FactRow.realm, Person.platform_id == SourceRow.author_id
    )
    place = (Channel.realm == FactRow.realm) & (Channel.channel_id == SourceRow.channel_id)
    query = (
        SourceRow.select(
            *(SourceRow.message, SourceRow.platform_id, Message.author_name, Message.is_self),
            *(Channel.name, Channel.guild_name, SourceRow.said_at, Message.text),
            *(Message.realm, Message.guild_id, Message.channel_id, SourceRow.text, author),
        )
        .join_from(SourceRow, FactRow)
        .join_from(SourceRow, Message, JOIN.LEFT_OUTER)
        .join_from(SourceRow, Channel, JOIN.LEFT_OUTER, on=place)
        .where(SourceRow.fact == fact_id)
        .order_by(SourceRow.said_at, SourceRow.id)
    )
    return [
        _said(row[:11], wording=row[11], author=row[2] or row[12] or "") for row in query.tuples().execute(db)
    ]


def episode_sources(db: Database, episode_id: int) -> list[SaidLine]:
    """The messages of an episode that are still there, oldest first."""
    cited = EpisodeSourceRow.select(EpisodeSourceRow.message).where(EpisodeSourceRow.episode == episode_id)
    query = _messages().where(Message.id.in_(cited)).order_by(Message.sent_at, Message.id)
    return _lines(query.tuples().execute(db))


def neighbours(db: Database, message_id: int, around: int) -> list[SaidLine]:
    """A message with up to `around` messages before and after it in its channel, oldest first."""
    found = next(iter(Message.select().where(Message.id == message_id).execute(db)), None)
    if found is None:
        return []
    here = (Message.realm == found.realm) & (Message.channel_id == found.channel_id)
    moment = Tuple(Message.sent_at, Message.id)
    then = Tuple(Value(Message.sent_at.db_value(found.sent_at)), Value(message_id))
    newest_first = (Message.sent_at.desc(), Message.id.desc())
    before = _messages().where(here, moment <= then).order_by(*newest_first).limit(around + 1)
    after = _messages().where(here, moment > then).order_by(Message.sent_at, Message.id).limit(around)
    return _lines(before.tuples().execute(db))[::-1] + _lines(after.tuples().execute(db))


def _messages() -> Any:
    place = (Channel.realm == Message.realm) & (Channel.channel_id == Message.channel_id)
    return Message.select(*_MESSAGE).join(Channel, JOIN.LEFT_OUTER, on=place)


def _lines(rows: Iterable[tuple[Any, ...]]) -> list[SaidLine]:
    return [_said(row, author=row[2]) for row in rows]


def _said(row: tuple[Any, ...], *, author: str, wording: str = "") -> SaidLine:
    message_id, platform_id, _, is_self, place, guild, at, text, realm, guild_id, channel_id = row
    on_discord = realm == "discord" and guild_id is not None
    return SaidLine(
        *(message_id, platform_id, author, bool(is_self), place or "", guild or "", at, text, wording),
        _LINK.format(guild_id, channel_id, platform_id) if on_discord else "",
    )

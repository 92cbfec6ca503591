"""Channels the bot has seen, and whether everybody on their server can read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from peewee import AutoField, BigIntegerField, BooleanField, Database, TextField

from db.base import MomentField, Row, removal


class Channel(Row):
    id = AutoField()
    realm = TextField()
    guild_id = BigIntegerField()
    channel_id = BigIntegerField()
    parent_id = BigIntegerField(null=True)
    name = TextField()
    guild_name = TextField(default="")
    is_public = BooleanField()
    seen_at = MomentField()

    class Meta:
        table_name = "channels"
        indexes = ((("realm", "channel_id"), True), (("realm", "guild_id"), False))


@dataclass(frozen=True, slots=True)
class StoredChannel:
    """A channel or thread of a server.

    Attributes:
        is_public: whoever is on the server can read it. Everything else counts as private.
        parent_id: the channel that a thread belongs to.
    """

    realm: str
    guild_id: int
    channel_id: int
    name: str
    is_public: bool
    seen_at: datetime
    parent_id: int | None = None
    guild_name: str = ""


def seen(db: Database, channel: StoredChannel) -> None:
    """Note how a channel is now."""
    Channel.insert(
        realm=channel.realm,
        guild_id=channel.guild_id,
        channel_id=channel.channel_id,
        parent_id=channel.parent_id,
        name=channel.name,
        guild_name=channel.guild_name,
        is_public=channel.is_public,
        seen_at=channel.seen_at,
    ).on_conflict(
        conflict_target=[Channel.realm, Channel.channel_id],
        preserve=[
            Channel.guild_id,
            Channel.parent_id,
            Channel.name,
            Channel.guild_name,
            Channel.is_public,
            Channel.seen_at,
        ],
    ).execute(db)


def every(db: Database, realm: str, guild_id: int | None = None) -> list[StoredChannel]:
    """The channels of a realm, or of one server, by name."""
    query = Channel.select().where(Channel.realm == realm).order_by(Channel.guild_name, Channel.name)
    if guild_id is not None:
        query = query.where(Channel.guild_id == guild_id)
    return [_stored(row) for row in query.execute(db)]


def hidden_from(db: Database, realm: str, guild_id: int, channel_id: int) -> tuple[int, ...]:
    """The channels of a server whose contents must not be told in `channel_id`.

    These are all that not everybody can read, but for the channel itself and the one it is a thread of.
    """
    here = Channel.select(Channel.parent_id).where(Channel.realm == realm, Channel.channel_id == channel_id)
    allowed = {channel_id, *(row.parent_id for row in here.execute(db))}
    query = Channel.select(Channel.channel_id).where(
        Channel.realm == realm, Channel.guild_id == guild_id, ~Channel.is_public
    )
    return tuple(row.channel_id for row in query.execute(db) if row.channel_id not in allowed)


def visible_from(db: Database, realm: str, guild_id: int, channel_id: int) -> tuple[int, ...]:
    """The channels of a server whose contents may be told in `channel_id`: itself, the one it is a thread
    of, and those that everybody can read."""
    here = Channel.select(Channel.parent_id).where(Channel.realm == realm, Channel.channel_id == channel_id)
    parents = [row.parent_id for row in here.execute(db) if row.parent_id is not None]
    query = Channel.select(Channel.channel_id).where(
        Channel.realm == realm, Channel.guild_id == guild_id, Channel.is_public
    )
    public = (row.channel_id for row in query.execute(db))
    return tuple(dict.fromkeys((channel_id, *parents, *public)))


def forget_guild(db: Database, realm: str, guild_id: int) -> None:
    """Forget the channels of a server."""
    removal(Channel).where(Channel.realm == realm, Channel.guild_id == guild_id).execute(db)


def _stored(row: Channel) -> StoredChannel:
    return StoredChannel(
        row.realm,
        row.guild_id,
        row.channel_id,
        row.name,
        row.is_public,
        row.seen_at,
        row.parent_id,
        row.guild_name,
    )

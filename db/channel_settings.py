"""What was chosen for one channel alone, and by whom: opt-ins, quiet hours, language, persona."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, Database, TextField

from db.base import MomentField, Row, removal
from db.people import Person

KEYS = (
    *("active", "talkativeness", "proactive", "quiet_from", "quiet_to"),
    *("daily_cap", "muted_until", "language", "persona_id"),
)


class ChannelSettingRow(Row):
    id = AutoField()
    realm = TextField()
    guild_id = BigIntegerField(null=True)
    channel_id = BigIntegerField()
    key = TextField()
    value = TextField()
    changed_by = BigIntegerField(null=True, index=True)
    changed_at = MomentField()

    class Meta:
        table_name = "channel_settings"
        indexes = ((("realm", "channel_id", "key"), True), (("realm", "guild_id"), False))


@dataclass(frozen=True, slots=True)
class ChannelChoices:
    """What was chosen for a channel.

    Attributes:
        values: by key (see KEYS), plain JSON values; what was not chosen is missing.
    """

    realm: str
    guild_id: int | None
    channel_id: int
    values: dict[str, Any]


def get(db: Database, realm: str, channel_id: int) -> dict[str, Any]:
    """Everything that was chosen for a channel, by key."""
    query = ChannelSettingRow.select().where(
        ChannelSettingRow.realm == realm, ChannelSettingRow.channel_id == channel_id
    )
    return {row.key: json.loads(row.value) for row in query.execute(db)}


def put(
    db: Database,
    realm: str,
    guild_id: int | None,
    channel_id: int,
    key: str,
    value: Any,
    changed_by: int | None,
    at: datetime,
) -> None:
    """Choose a value for a channel; None takes the choice back.

    Args:
        changed_by: platform id of who chose; None when it was the host.

    Raises:
        ValueError: `key` is not one of KEYS.
    """
    if key not in KEYS:
        raise ValueError(f"{key} is nothing that a channel can choose")
    if value is None:
        removal(ChannelSettingRow).where(
            ChannelSettingRow.realm == realm,
            ChannelSettingRow.channel_id == channel_id,
            ChannelSettingRow.key == key,
        ).execute(db)
        return
    ChannelSettingRow.insert(
        realm=realm,
        guild_id=guild_id,
        channel_id=channel_id,
        key=key,
        value=json.dumps(value),
        changed_by=changed_by,
        changed_at=at,
    ).on_conflict(
        conflict_target=[ChannelSettingRow.realm, ChannelSettingRow.channel_id, ChannelSettingRow.key],
        preserve=[
            ChannelSettingRow.guild_id,
            ChannelSettingRow.value,
            ChannelSettingRow.changed_by,
            ChannelSettingRow.changed_at,
        ],
    ).execute(db)


def every(db: Database, realm: str, guild_id: int | None = None) -> list[ChannelChoices]:
    """What was chosen for each channel of a realm, or of one server."""
    query = ChannelSettingRow.select().where(ChannelSettingRow.realm == realm)
    if guild_id is not None:
        query = query.where(ChannelSettingRow.guild_id == guild_id)
    found: dict[int, ChannelChoices] = {}
    for row in query.order_by(ChannelSettingRow.channel_id).execute(db):
        choices = found.setdefault(row.channel_id, ChannelChoices(realm, row.guild_id, row.channel_id, {}))
        choices.values[row.key] = json.loads(row.value)
    return list(found.values())


def forget_guild(db: Database, realm: str, guild_id: int) -> None:
    """Forget what was chosen on a server."""
    removal(ChannelSettingRow).where(
        ChannelSettingRow.realm == realm, ChannelSettingRow.guild_id == guild_id
    ).execute(db)


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """What a person chose for channels, as plain values."""
    return [
        {
            "guild_id": row.guild_id,
            "channel_id": row.channel_id,
            "key": row.key,
            "value": json.loads(row.value),
            "changed_at": row.changed_at.isoformat(),
        }
        for row in ChannelSettingRow.select().where(_by(db, person_id)).execute(db)
    ]


def erase(db: Database, person_id: int) -> int:
    """Forget who chose; what they chose for everybody stays. Answers how many choices there were."""
    return int(ChannelSettingRow.update(changed_by=None).where(_by(db, person_id)).execute(db))


def _by(db: Database, person_id: int) -> Any:
    query = Person.select(Person.realm, Person.platform_id).where(Person.id == person_id)
    for person in query.execute(db):
        return (ChannelSettingRow.realm == person.realm) & (
            ChannelSettingRow.changed_by == person.platform_id
        )
    return ChannelSettingRow.id.in_([])

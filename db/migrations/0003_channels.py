"""Channels, and whether everybody on their server can read them. Of channels in older files that is not
known, so they count as private; the practice room has no walls."""

from peewee import Database

_STATEMENTS = (
    """
    create table channels(
        id integer not null primary key,
        realm text not null,
        guild_id integer not null,
        channel_id integer not null,
        parent_id integer,
        name text not null,
        guild_name text not null,
        is_public integer not null,
        seen_at integer not null)
    """,
    "create unique index channels_realm_channel_id on channels(realm, channel_id)",
    "create index channels_realm_guild_id on channels(realm, guild_id)",
    """
    insert into channels(realm, guild_id, channel_id, name, guild_name, is_public, seen_at)
    select realm, guild_id, channel_id, coalesce(json_extract(extras, '$.channel'), ''),
        coalesce(json_extract(extras, '$.guild'), ''), realm = 'practice', max(sent_at)
    from messages where guild_id is not null group by realm, channel_id
    """,
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

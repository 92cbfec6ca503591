"""Attempts to steer the bot: who, where, when and by which signs; what was written stays with the message."""

from peewee import Database

_STATEMENTS = (
    """
    create table attempts(
        id integer not null primary key,
        at integer not null,
        realm text not null,
        guild_id integer,
        channel_id integer not null,
        person_id integer not null references people(id) on delete cascade,
        message_id integer references messages(id) on delete cascade,
        score real not null,
        kind text not null,
        signs text not null)
    """,
    "create index attempts_realm_at on attempts(realm, at)",
    "create index attempts_person_id_at on attempts(person_id, at)",
    "create index attempts_message_id on attempts(message_id)",
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

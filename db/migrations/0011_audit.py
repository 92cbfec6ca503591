"""What admins changed of the persona, of memories, relationships and moods, by command."""

from peewee import Database

_STATEMENTS = (
    """
    create table audit(
        id integer not null primary key,
        at integer not null,
        realm text not null,
        guild_id integer,
        by_id integer,
        by_name text not null,
        act text not null,
        subject text not null,
        person_id integer,
        before text not null,
        after text not null)
    """,
    "create index audit_realm_guild_id_at on audit(realm, guild_id, at)",
    "create index audit_person_id on audit(person_id)",
    "create index audit_by_id on audit(by_id)",
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

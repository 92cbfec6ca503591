"""The server's side: warnings, the moderation log, tickets, choices for a server, who is let in."""

from peewee import Database

_STATEMENTS = (
    """
    create table warnings(
        id integer not null primary key,
        realm text not null,
        guild_id integer not null,
        person_id integer not null,
        person text not null,
        by_id integer,
        by_name text not null,
        reason text not null,
        at integer not null)
    """,
    "create index warnings_realm_guild_id_person_id on warnings(realm, guild_id, person_id)",
    "create index warnings_by_id on warnings(by_id)",
    """
    create table modlog(
        id integer not null primary key,
        realm text not null,
        guild_id integer not null,
        act text not null,
        person_id integer,
        person text not null,
        by_id integer,
        by_name text not null,
        reason text not null,
        at integer not null)
    """,
    "create index modlog_realm_guild_id_at on modlog(realm, guild_id, at)",
    "create index modlog_person_id on modlog(person_id)",
    "create index modlog_by_id on modlog(by_id)",
    """
    create table tickets(
        id integer not null primary key,
        realm text not null,
        guild_id integer not null,
        number integer not null,
        channel_id integer,
        opener_id integer not null,
        opener text not null,
        subject text not null,
        claimer_id integer,
        claimer text not null,
        opened_at integer not null,
        closed_at integer)
    """,
    "create unique index tickets_realm_guild_id_number on tickets(realm, guild_id, number)",
    "create index tickets_realm_channel_id on tickets(realm, channel_id)",
    "create index tickets_realm_opener_id on tickets(realm, opener_id)",
    "create index tickets_claimer_id on tickets(claimer_id)",
    """
    create table server_settings(
        id integer not null primary key,
        realm text not null,
        guild_id integer not null,
        key text not null,
        value text not null,
        changed_by integer,
        changed_at integer not null)
    """,
    "create unique index server_settings_realm_guild_id_key on server_settings(realm, guild_id, key)",
    "create index server_settings_changed_by on server_settings(changed_by)",
    """
    create table listed(
        id integer not null primary key,
        realm text not null,
        guild_id integer not null,
        person_id integer not null,
        person text not null,
        list text not null,
        by_id integer,
        at integer not null)
    """,
    "create unique index listed_realm_guild_id_person_id on listed(realm, guild_id, person_id)",
    "create index listed_person_id on listed(person_id)",
    "create index listed_by_id on listed(by_id)",
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

"""Conversations that were put away, what was chosen for single channels, and reminders."""

from peewee import Database

_STATEMENTS = (
    """
    create table conversations(
        id integer not null primary key,
        realm text not null,
        thread_id text not null,
        guild_id text,
        requester text not null,
        created_at integer not null,
        updated_at integer not null,
        summary text not null,
        document text not null)
    """,
    """
    create unique index conversations_realm_thread_id_created_at
        on conversations(realm, thread_id, created_at)
    """,
    "create index conversations_realm_updated_at on conversations(realm, updated_at)",
    """
    create table conversation_people(
        id integer not null primary key,
        conversation_id integer not null references conversations(id) on delete cascade,
        person text not null)
    """,
    """
    create unique index conversation_people_conversation_id_person
        on conversation_people(conversation_id, person)
    """,
    "create index conversation_people_person on conversation_people(person)",
    """
    create table channel_settings(
        id integer not null primary key,
        realm text not null,
        guild_id integer,
        channel_id integer not null,
        key text not null,
        value text not null,
        changed_by integer,
        changed_at integer not null)
    """,
    """
    create unique index channel_settings_realm_channel_id_key
        on channel_settings(realm, channel_id, key)
    """,
    "create index channel_settings_realm_guild_id on channel_settings(realm, guild_id)",
    "create index channel_settings_changed_by on channel_settings(changed_by)",
    """
    create table reminders(
        id integer not null primary key,
        realm text not null,
        guild_id integer,
        channel_id integer not null,
        channel_name text not null,
        guild_name text not null,
        person_id integer not null,
        person text not null,
        text text not null,
        wanted_at integer not null,
        due_at integer not null,
        asked_at integer not null,
        given_at integer)
    """,
    "create index reminders_given_at_due_at on reminders(given_at, due_at)",
    "create index reminders_realm_person_id on reminders(realm, person_id)",
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

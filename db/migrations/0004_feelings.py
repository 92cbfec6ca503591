"""Moods with their timeline, relationships with their history, quirks with their changes."""

from peewee import Database

_STATEMENTS = (
    """
    create table relationships(
        id integer not null primary key,
        person_id integer not null references people(id) on delete cascade,
        anger real not null,
        rapport real not null,
        trust real not null,
        formality real not null,
        at integer not null)
    """,
    "create unique index relationships_person_id on relationships(person_id)",
    """
    create table relationship_changes(
        id integer not null primary key,
        person_id integer not null references people(id) on delete cascade,
        at integer not null,
        anger_before real not null,
        rapport_before real not null,
        trust_before real not null,
        formality_before real not null,
        anger real not null,
        rapport real not null,
        trust real not null,
        formality real not null,
        message_id integer references messages(id) on delete set null,
        platform_id integer,
        by_host integer not null,
        cause text not null,
        cause_params text not null)
    """,
    "create index relationship_changes_person_id_at on relationship_changes(person_id, at)",
    "create index relationship_changes_message_id on relationship_changes(message_id)",
    """
    create table moods(
        id integer not null primary key,
        persona_id integer not null references personas(id) on delete cascade,
        realm text not null,
        pleasure real not null,
        arousal real not null,
        dominance real not null,
        contact real not null,
        novelty real not null,
        rest real not null,
        recognition real not null,
        emotions text not null,
        at integer not null)
    """,
    "create unique index moods_persona_id_realm on moods(persona_id, realm)",
    """
    create table mood_moments(
        id integer not null primary key,
        persona_id integer not null references personas(id) on delete cascade,
        realm text not null,
        at integer not null,
        pleasure real not null,
        arousal real not null,
        dominance real not null,
        contact real not null,
        novelty real not null,
        rest real not null,
        recognition real not null,
        emotions text not null,
        message_id integer references messages(id) on delete set null,
        platform_id integer,
        person_id integer references people(id) on delete set null,
        cause text not null,
        cause_params text not null)
    """,
    "create index mood_moments_persona_id_realm_at on mood_moments(persona_id, realm, at)",
    "create index mood_moments_message_id on mood_moments(message_id)",
    "create index mood_moments_person_id on mood_moments(person_id)",
    """
    create table quirks(
        id integer not null primary key,
        persona_id integer not null references personas(id) on delete cascade,
        text text not null,
        strength real not null,
        at integer not null)
    """,
    "create unique index quirks_persona_id_text on quirks(persona_id, text)",
    """
    create table quirk_changes(
        id integer not null primary key,
        quirk_id integer not null references quirks(id) on delete cascade,
        before real not null,
        after real not null,
        at integer not null,
        undone integer not null,
        reason text not null,
        reason_params text not null)
    """,
    "create index quirk_changes_quirk_id_at on quirk_changes(quirk_id, at)",
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

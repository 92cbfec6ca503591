"""What belongs to a persona beside its document: its lorebook, its picture, the card it came with."""

from peewee import Database

_STATEMENTS = (
    """
    create table persona_files(
        id integer not null primary key,
        persona_id integer not null,
        kind text not null,
        content blob not null,
        changed_at integer not null)
    """,
    "create unique index persona_files_persona_id_kind on persona_files(persona_id, kind)",
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

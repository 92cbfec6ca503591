"""What people thought of replies, and a way from a posted message back to the turn that wrote it."""

from peewee import Database

_STATEMENTS = (
    """
    create table ratings(
        id integer not null primary key,
        turn_id text not null references turns(id) on delete cascade,
        by_id integer not null,
        verdict text not null,
        persona_id integer,
        line text not null,
        at integer not null)
    """,
    "create unique index ratings_turn_id_by_id on ratings(turn_id, by_id)",
    "create index ratings_by_id on ratings(by_id)",
    "create index turn_parts_posted_id on turn_parts(posted_id)",
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

"""Vectors of messages, and the queue of messages that wait for one, kept full by triggers.

Triggers hang on the table: a later script that makes `messages` anew has to make them anew too
(tests/db/test_recall.py notices).
"""

from peewee import Database

_STATEMENTS = (
    # autoincrement: a version is never given twice, not even after the newest row was deleted.
    """
    create table embeddings(
        version integer not null primary key autoincrement,
        message_id integer not null references messages(id) on delete cascade,
        model text not null,
        realm text not null,
        guild_id integer not null,
        vector blob not null)
    """,
    "create unique index embeddings_message_id on embeddings(message_id)",
    "create index embeddings_model_realm_guild_id_version on embeddings(model, realm, guild_id, version)",
    """
    create table embeddings_waiting(
        message_id integer not null primary key references messages(id) on delete cascade)
    """,
    """
    create trigger message_wants_vector after insert on messages when new.text <> '' begin
        insert or ignore into embeddings_waiting(message_id) values (new.id);
    end
    """,
    """
    create trigger message_lost_its_meaning after update of text on messages when new.text <> old.text begin
        delete from embeddings where message_id = new.id;
        delete from embeddings_waiting where message_id = new.id;
        insert into embeddings_waiting(message_id) select new.id where new.text <> '';
    end
    """,
    "insert into embeddings_waiting(message_id) select id from messages where text <> ''",
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

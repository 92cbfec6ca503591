"""The word index merges sixteen small parts at a time, not a slice of the large ones with every sixteenth
message: over a million messages that slice took 20 to 50 ms of somebody's turn (p99 9 times as long)."""

from peewee import Database


def up(migrator: object, db: Database) -> None:
    db.execute_sql("insert into message_words(message_words, rank) values ('automerge', 0)")  # type: ignore[no-untyped-call]

"""Servers outside Discord have words of their own in the index, so that a scope needs no word for its realm.

The index holds no text of its own (FTS5, contentless): the rows of the other realms are written anew.
"""

from peewee import Database

_STATEMENTS = (
    """
    insert or replace into message_words(rowid, text, previous, scope)
    select m.id, m.text, coalesce((select p.text from messages p where p.realm = m.realm
        and p.channel_id = m.channel_id and (p.sent_at, p.id) < (m.sent_at, m.id)
        order by p.sent_at desc, p.id desc limit 1), ''),
        'r' || m.realm || ' ' || m.realm || coalesce(m.guild_id, 0)
        || ' c' || m.channel_id || ' p' || m.author_id
    from messages m where m.realm <> 'discord'
    """,
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

"""Lists of a hundred thousand rows begin at once: what they are ordered by is in an index."""

from peewee import Database

_STATEMENTS = (
    "create index message_realm_sent_at_channel_id on messages(realm, sent_at, channel_id)",
    "create index turns_realm_arrived_at_state on turns(realm, arrived_at, state)",
    "create index episodes_realm_state_ended_at on episodes(realm, state, ended_at)",
    "create index people_realm_last_seen_state_is_bot on people(realm, last_seen, state, is_bot)",
    "create index audit_act on audit(act)",
)


def up(migrator: object, db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]

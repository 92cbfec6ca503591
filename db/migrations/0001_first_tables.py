"""The tables of the first Echodeck, frozen as they were: never edit them, add a new script."""

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    Database,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

_WORDS = """
create virtual table if not exists message_words using fts5(
    text, previous, scope, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2'
)
"""


class Message(Model):
    id = AutoField()
    realm = TextField()
    platform_id = BigIntegerField()
    guild_id = BigIntegerField(null=True)
    channel_id = BigIntegerField()
    author_id = BigIntegerField()
    author_name = TextField()
    is_bot = BooleanField()
    is_self = BooleanField()
    text = TextField()
    reply_to = BigIntegerField(null=True)
    sent_at = BigIntegerField()
    edited_at = BigIntegerField(null=True)
    extras = TextField()

    class Meta:
        table_name = "messages"
        indexes = (
            (("realm", "platform_id"), True),
            (("channel_id", "sent_at"), False),
            (("author_id", "sent_at"), False),
        )


class Person(Model):
    id = AutoField()
    realm = TextField()
    platform_id = BigIntegerField()
    name = TextField()
    is_bot = BooleanField()
    state = TextField()
    first_seen = BigIntegerField()
    last_seen = BigIntegerField()
    message_count = IntegerField()

    class Meta:
        table_name = "people"
        indexes = ((("realm", "platform_id"), True),)


class PersonName(Model):
    person = ForeignKeyField(Person, on_delete="CASCADE")
    guild_id = BigIntegerField()
    name = TextField()
    first_seen = BigIntegerField()
    last_seen = BigIntegerField()

    class Meta:
        table_name = "person_names"
        indexes = ((("person", "guild_id", "name"), True),)


class PersonaRow(Model):
    id = AutoField()
    name = TextField()
    document = TextField()
    archived = BooleanField()
    created_at = BigIntegerField()
    changed_at = BigIntegerField()

    class Meta:
        table_name = "personas"


class State(Model):
    key = TextField(primary_key=True)
    value = TextField()
    changed_at = BigIntegerField()

    class Meta:
        table_name = "state"


class Setting(Model):
    key = TextField(primary_key=True)
    value = TextField()
    changed_at = BigIntegerField()

    class Meta:
        table_name = "settings"


class Secret(Model):
    key = TextField(primary_key=True)
    value = TextField()
    changed_at = BigIntegerField()

    class Meta:
        table_name = "secrets"


class TurnRow(Model):
    id = TextField(primary_key=True)
    realm = TextField()
    message_id = BigIntegerField()
    guild_id = BigIntegerField(null=True)
    channel_id = BigIntegerField()
    person_id = BigIntegerField()
    place = TextField()
    person = TextField()
    state = TextField()
    reason = TextField()
    reply = TextField()
    took_ms = IntegerField()
    arrived_at = BigIntegerField(index=True)
    changed_at = BigIntegerField()
    trace = TextField()

    class Meta:
        table_name = "turns"
        indexes = ((("realm", "message_id"), True),)


class PartRow(Model):
    turn = ForeignKeyField(TurnRow, on_delete="CASCADE")
    position = IntegerField()
    text = TextField()
    nonce = TextField(unique=True)
    posted_id = BigIntegerField(null=True)

    class Meta:
        table_name = "turn_parts"
        indexes = ((("turn", "position"), True),)


class Occurrence(Model):
    job = TextField()
    due_at = BigIntegerField()
    claimed_at = BigIntegerField()
    finished_at = BigIntegerField(null=True)

    class Meta:
        table_name = "occurrences"
        indexes = ((("job", "due_at"), True),)


TABLES = (
    Message,
    Person,
    PersonName,
    PersonaRow,
    State,
    Setting,
    Secret,
    TurnRow,
    PartRow,
    Occurrence,
)


def up(migrator: object, db: Database) -> None:
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES, safe=True)
    db.execute_sql(_WORDS)  # type: ignore[no-untyped-call]

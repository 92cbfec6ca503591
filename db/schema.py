"""The tables, and how an old file becomes a new one."""

from __future__ import annotations

from peewee import Database

from db.base import sql
from db.jobs import Occurrence
from db.messages import Message
from db.people import Person, PersonName
from db.personas import PersonaRow
from db.state import Secret, Setting, State
from db.turns import PartRow, TurnRow

MODELS = (Message, Person, PersonName, PersonaRow, State, Setting, Secret, TurnRow, PartRow, Occurrence)

_WORDS = """
create virtual table if not exists message_words using fts5(
    text, previous, scope, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2'
)
"""


def bring_up_to_date(db: Database) -> None:
    """Make the tables that are missing."""
    with db.atomic(), db.bind_ctx(MODELS):
        db.create_tables(MODELS, safe=True)
        sql(db, _WORDS)

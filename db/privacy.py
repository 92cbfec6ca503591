"""Who wants nothing kept of them, and the last traces that no other table owns.

Whoever is erased leaves one row behind, so that nothing is collected of them again: without a name, and with
a stand-in for their id that leads back to nobody who does not already know the id and holds this file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from peewee import Database, chunked, fn

from db import messages, people, state, stones
from db.base import removal, sql
from db.consolidations import MemoryChangeRow
from db.messages import Message
from db.people import Person, PersonName, StoredPerson
from db.turns import PartRow, TurnRow

OPTED_OUT, ERASED = "opted_out", stones.ERASED
_SHORTEST_NAME = 3  # a shorter one is a word of too many other sentences
_NOBODY = "somebody"
_LONG_NUMBER = 10  # digits: a shorter number may mean anything
_MOST_AT_ONCE = 500
_TELLING_WORD = re.compile(r"\w{4,}")


def stance(db: Database, realm: str, platform_id: int) -> str:
    """OPTED_OUT or ERASED for somebody of whom nothing may be kept, "" for everybody else."""
    ids = [platform_id]
    if (salted := state.get(db, state.State, stones.SALT)) is not None:
        ids.append(stones.stand_in(bytes.fromhex(salted), realm, platform_id))
    query = Person.select(Person.state).where(
        Person.realm == realm, Person.platform_id.in_(ids), Person.state.in_([OPTED_OUT, ERASED])
    )
    return next((str(found) for (found,) in query.tuples().execute(db)), "")


def close_the_door(db: Database, realm: str, platform_id: int, fresh: bytes, at: datetime) -> None:
    """Keep nothing more of somebody, known or not; what there is stays.

    Args:
        fresh: 32 random bytes, taken for the stand-ins when there are none yet.
    """
    person = people.find(db, realm, platform_id)
    if person is not None:
        people.put_state(db, person.row_id, OPTED_OUT)
    elif not stance(db, realm, platform_id):
        _leave_a_stone(db, realm, platform_id, fresh, at)


def open_the_door(db: Database, realm: str, platform_id: int) -> bool:
    """Keep things of somebody again; False when nothing stood in the way."""
    if not stance(db, realm, platform_id):
        return False
    person = people.find(db, realm, platform_id)
    if person is not None:
        people.put_state(db, person.row_id, "new")
        return True
    stone = stones.stand_in(bytes.fromhex(state.get(db, state.State, stones.SALT)), realm, platform_id)
    removal(Person).where(Person.realm == realm, Person.platform_id == stone).execute(db)
    return True


def written_by(db: Database, person: StoredPerson) -> list[dict[str, Any]]:
    """Everything a person wrote, oldest first, as plain values."""
    query = Message.select().where(_by(person)).order_by(Message.sent_at, Message.id)
    return [
        {
            "id": row.platform_id,
            "at": row.sent_at.isoformat(),
            "guild_id": row.guild_id,
            "channel_id": row.channel_id,
            "channel": json.loads(row.extras).get("channel", ""),
            "text": row.text,
        }
        for row in query.execute(db)
    ]


def written_count(db: Database, person: StoredPerson) -> int:
    """How many messages a person wrote."""
    return int(Message.select().where(_by(person)).count(db))


def answers_count(db: Database, person: StoredPerson) -> int:
    """How often the bot answered a person."""
    return len(_answers(db, person))


def turns_count(db: Database, person: StoredPerson) -> int:
    """How many turns a person's messages began."""
    mine = (TurnRow.realm == person.realm) & (TurnRow.person_id == person.platform_id)
    return int(TurnRow.select().where(mine).count(db))


def message_ids(db: Database, person: StoredPerson) -> set[int]:
    """The row ids of everything a person wrote."""
    return {row_id for (row_id,) in Message.select(Message.id).where(_by(person)).tuples().execute(db)}


def talk(db: Database, realm: str, platform_id: int, channel_id: int, since: datetime) -> list[int]:
    """The platform ids of what somebody wrote in a channel since a moment, and of what the bot answered."""
    person = people.find(db, realm, platform_id)
    if person is None:
        return []
    here = (Message.channel_id == channel_id) & (Message.sent_at >= since)
    said = Message.select(Message.platform_id).where(_by(person), here)
    answers_here = Message.select(Message.platform_id).where(Message.realm == realm, Message.is_self, here)
    mine = {number for (number,) in said.tuples().execute(db)}
    own = {number for (number,) in answers_here.tuples().execute(db)}
    return sorted(mine | (own & set(_answers(db, person))))


def answers(db: Database, person: StoredPerson) -> list[dict[str, Any]]:
    """What the bot answered a person, as plain values."""
    ids = _answers(db, person)
    query = Message.select().where(Message.realm == person.realm).order_by(Message.sent_at, Message.id)
    return [
        {"id": row.platform_id, "at": row.sent_at.isoformat(), "channel_id": row.channel_id, "text": row.text}
        for some in chunked(ids, _MOST_AT_ONCE)
        for row in query.where(Message.platform_id.in_(some)).execute(db)
    ]


def forget_answers(db: Database, person: StoredPerson, names: Collection[str], plain: Collection[str]) -> int:
    """Remove what the bot answered a person, what it told others of them, and their names from the rest;
    answers how many messages went. Runs while turns and messages still know them.

    Args:
        names: all they were seen under. plain: those that are words of the language too: they are taken out
            of sentences; a sentence with any other name goes as a whole.
    """
    telling = _telling(db, person)
    for turn_id in telling:
        TurnRow.update(reply="").where(TurnRow.id == turn_id).execute(db)
        PartRow.update(text="").where(PartRow.turn == turn_id).execute(db)
    gone = {*_answers(db, person), *_posted(db, telling)}
    long = {name for name in names if len(name) >= _SHORTEST_NAME}
    gone.update(_naming(db, person.realm, long - set(plain)))
    _unname(db, person, long)
    return messages.delete(db, person.realm, sorted(gone))


def forget_words(db: Database, person: StoredPerson) -> int:
    """Remove what a person wrote; answers how many messages went."""
    _unnumber(db, person)
    return messages.delete(db, person.realm, _written(db, person))


def forget_changes_told(db: Database, person: StoredPerson) -> int:
    """Remove the notes of how facts about others changed by what this person told; answers how many."""
    said = f'"author_id": {person.platform_id}'
    told = [
        row.id
        for row in MemoryChangeRow.select(MemoryChangeRow.id, MemoryChangeRow.before, MemoryChangeRow.after)
        .where((fn.instr(MemoryChangeRow.before, said) > 0) | (fn.instr(MemoryChangeRow.after, said) > 0))
        .execute(db)
        if _cites(person.platform_id, row.before) or _cites(person.platform_id, row.after)
    ]
    for row_id in told:
        removal(MemoryChangeRow).where(MemoryChangeRow.id == row_id).execute(db)
    return len(told)


def bury(db: Database, person: StoredPerson, fresh: bytes, at: datetime) -> None:
    """The last step: the person's own row goes, with all that still hangs on it; a stone stays.

    A run of the night that still holds the row's id then writes to nobody.
    """
    removal(PersonName).where(PersonName.person == person.row_id).execute(db)
    removal(Person).where(Person.id == person.row_id).execute(db)
    _leave_a_stone(db, person.realm, person.platform_id, fresh, at)


def _by(person: StoredPerson) -> Any:
    return (Message.realm == person.realm) & (Message.author_id == person.platform_id)


def _written(db: Database, person: StoredPerson) -> list[int]:
    query = Message.select(Message.platform_id).where(_by(person))
    return [platform_id for (platform_id,) in query.tuples().execute(db)]


def _answers(db: Database, person: StoredPerson) -> list[int]:
    """The bot's messages that answer a person: by their turns, as replies, and all of a talk for two."""
    turns_of_theirs = (TurnRow.realm == person.realm) & (TurnRow.person_id == person.platform_id)
    posted = PartRow.select(PartRow.posted_id).join(TurnRow)
    found = {
        posted_id
        for (posted_id,) in posted.where(turns_of_theirs, PartRow.posted_id.is_null(False))
        .tuples()
        .execute(db)
    }
    own = Message.select(Message.platform_id).where(Message.realm == person.realm, Message.is_self)
    if person.realm == "discord":  # elsewhere there are no servers, and one room for everybody
        rooms = Message.select(Message.channel_id).where(_by(person), Message.guild_id.is_null())
        direct = own.where(Message.guild_id.is_null(), Message.channel_id.in_(rooms))
        found.update(platform_id for (platform_id,) in direct.tuples().execute(db))
    for some in chunked(_written(db, person), _MOST_AT_ONCE):
        replies = own.where(Message.reply_to.in_(some))
        found.update(platform_id for (platform_id,) in replies.tuples().execute(db))
    return sorted(found)


def _telling(db: Database, person: StoredPerson) -> list[str]:
    """The turns of others that read a person's words and repeated one that nobody else ever wrote."""
    theirs = {word for row in _texts(db, _by(person)) for word in _words(row)}
    query = TurnRow.select(TurnRow.id, TurnRow.reply).where(
        TurnRow.realm == person.realm,
        TurnRow.reply != "",
        fn.instr(TurnRow.trace, str(person.platform_id)) > 0,
    )
    return [
        turn_id
        for turn_id, reply in query.tuples().execute(db)
        if any(not _said_by_others(db, person, word) for word in _words(reply) & theirs)
    ]


def _said_by_others(db: Database, person: StoredPerson, word: str) -> bool:
    statement = (
        "select 1 from message_words w join messages m on m.id = w.rowid where message_words match ? "
        "and m.realm = ? and m.author_id <> ? and not m.is_self limit 1"
    )
    found = sql(db, statement, (f'text : "{word}"', person.realm, person.platform_id))
    return found.fetchone() is not None


def _posted(db: Database, turn_ids: list[str]) -> list[int]:
    return [
        posted_id
        for some in chunked(turn_ids, _MOST_AT_ONCE)
        for (posted_id,) in PartRow.select(PartRow.posted_id)
        .where(PartRow.turn.in_(some), PartRow.posted_id.is_null(False))
        .tuples()
        .execute(db)
    ]


def _naming(db: Database, realm: str, names: Collection[str]) -> list[int]:
    """The bot's own messages that name somebody."""
    found = []
    for name in names:
        said = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        query = Message.select(Message.platform_id, Message.text).where(
            Message.realm == realm, Message.is_self, fn.lower(Message.text).contains(name.lower())
        )
        found += [number for number, text in query.tuples().execute(db) if said.search(text)]
    return found


def _texts(db: Database, where: Any) -> list[str]:
    return [text for (text,) in Message.select(Message.text).where(where).tuples().execute(db)]


def _words(text: str) -> set[str]:
    return set(_TELLING_WORD.findall(text.casefold()))


def _unname(db: Database, person: StoredPerson, names: Collection[str]) -> None:
    """Take names out of the bot's own sentences, and out of what came along with other people's messages."""
    known = sorted(names, key=len, reverse=True)
    if not known:
        return
    realm, written = person.realm, frozenset(_written(db, person))
    said = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known))
    for name in known:
        own = Message.select().where(
            Message.realm == realm, Message.is_self, fn.instr(Message.text, name) > 0
        )
        for row in list(own.execute(db)):
            messages.edit(db, realm, row.platform_id, said.sub(_NOBODY, row.text), row.edited_at)
        along = Message.select().where(
            Message.realm == realm, fn.instr(Message.extras, json.dumps(name)[1:-1]) > 0
        )
        for row in list(along.execute(db)):
            extras = _extras_without(json.loads(row.extras), known, row.reply_to in written)
            Message.update(extras=json.dumps(extras)).where(Message.id == row.id).execute(db)


def _unnumber(db: Database, person: StoredPerson) -> None:
    """Take a person's id out of what others wrote, in which Discord's own mention of them may stand."""
    number = str(person.platform_id)
    alone = rf"|(?<!\d){number}(?!\d)" if len(number) >= _LONG_NUMBER else ""
    called = re.compile(rf"<@!?{number}>{alone}")
    some = Message.select().where(
        Message.realm == person.realm,
        Message.author_id != person.platform_id,
        fn.instr(Message.text, number) > 0,
    )
    for row in list(some.execute(db)):
        messages.edit(db, person.realm, row.platform_id, called.sub(_NOBODY, row.text), row.edited_at)


def _extras_without(extras: dict[str, Any], names: Collection[str], replied: bool) -> dict[str, Any]:
    if "mentions" in extras:
        extras["mentions"] = [each for each in extras["mentions"] if each not in names]
    if replied or extras.get("replies_to") in names:
        extras["replies_to"] = ""
    return extras


def _cites(platform_id: int, fact: str | None) -> bool:
    plain = json.loads(fact) if fact else {}
    told_by = {plain.get("author_id"), *(source.get("author_id") for source in plain.get("sources", ()))}
    return platform_id in told_by


def _leave_a_stone(db: Database, realm: str, platform_id: int, fresh: bytes, at: datetime) -> None:
    salted = stones.salt(db, fresh, at)
    stones.lay(db, realm, stones.stand_in(bytes.fromhex(salted), realm, platform_id), at)

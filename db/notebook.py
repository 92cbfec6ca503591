"""What the host pages through: people, facts and episodes as lines of a list, found by words, filtered and
in an order, a page at a time.

A list is read in three steps, so that a hundred thousand rows are there at once: how many there are with the
first lines, then the row ids of all in their order, then the lines of whatever comes into sight.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from typing import Any, cast

from peewee import Database, Expression, Ordering, Select, fn

from db.base import Row
from db.channels import Channel
from db.episodes import CiteRow, EpisodePersonRow, EpisodeRow
from db.facts import LIVE, FactRow
from db.notebook_lines import (
    EpisodeLine,
    EpisodesSought,
    FactLine,
    FactsSought,
    Found,
    PeopleSought,
    PersonLine,
)
from db.people import Person, PersonName

_KNOWN = FactRow.select(fn.count(FactRow.id)).where(FactRow.person == Person.id, FactRow.state == LIVE)
_PLACE = Channel.select(Channel.name).where(
    Channel.realm == EpisodeRow.realm, Channel.channel_id == EpisodeRow.channel_id
)

PEOPLE_ORDERS = {
    "seen": (Person.last_seen.desc(), Person.id.desc()),
    "name": (fn.lower(Person.name), Person.id),
    "messages": (Person.message_count.desc(), Person.id.desc()),
    "facts": (Ordering(_KNOWN, "desc"), Person.id.desc()),
}
FACT_ORDERS = {
    "last_mentioned": (FactRow.last_mentioned.desc(), FactRow.id.desc()),
    "first_mentioned": (FactRow.first_mentioned.desc(), FactRow.id.desc()),
    "count": (FactRow.reference_count.desc(), FactRow.id.desc()),
    "importance": (FactRow.importance.desc(), FactRow.id.desc()),
    "used": (FactRow.last_used_at.desc(), FactRow.id.desc()),
    "text": (fn.lower(FactRow.text), FactRow.id),
}
EPISODE_ORDERS = {
    "ended": (EpisodeRow.ended_at.desc(), EpisodeRow.id.desc()),
    "importance": (EpisodeRow.importance.desc(), EpisodeRow.id.desc()),
    "used": (EpisodeRow.last_used_at.desc(), EpisodeRow.id.desc()),
}


def realms(db: Database) -> list[str]:
    """The realms somebody was met in."""
    query = Person.select(Person.realm).distinct().order_by(Person.realm)
    return [realm for (realm,) in query.tuples().execute(db)]


# --- people ----------------------------------------------------------------------------------


def people(db: Database, sought: PeopleSought, most: int) -> Found[PersonLine]:
    """How many people there are, and the first `most`. Bots and erased people are nobody's memory."""
    where = _people_where(db, sought)
    first = _row_ids(db, Person, where, PEOPLE_ORDERS[sought.order], most)
    return Found(_total(db, Person, where), tuple(people_lines(db, first)))


def people_order(db: Database, sought: PeopleSought) -> array[int]:
    """The row ids of all of them, in order."""
    return _every_row_id(db, Person, _people_where(db, sought), PEOPLE_ORDERS[sought.order])


def people_lines(db: Database, row_ids: Sequence[int]) -> list[PersonLine]:
    """The lines of these people, in the order asked for."""
    columns = (
        *(Person.id, Person.realm, Person.platform_id, Person.name, Person.state),
        *(Person.first_seen, Person.last_seen, Person.message_count, _KNOWN),
    )
    rows = Person.select(*columns).where(_among(Person, row_ids)).tuples().execute(db)
    return _in_order([PersonLine(*row) for row in rows], row_ids)


# --- facts -----------------------------------------------------------------------------------


def facts(db: Database, sought: FactsSought, most: int) -> Found[FactLine]:
    """How many facts there are, and the first `most`."""
    where = _facts_where(db, sought)
    total = _total(db, FactRow, where)
    if sought.person_id and sought.order == "last_mentioned":
        where = _shortest_way(db, sought, where, total, most)
    first = _row_ids(db, FactRow, where, FACT_ORDERS[sought.order], most)
    return Found(total, tuple(fact_lines(db, first)))


def fact_order(db: Database, sought: FactsSought) -> array[int]:
    """The row ids of all of them, in order."""
    return _every_row_id(db, FactRow, _facts_where(db, sought), FACT_ORDERS[sought.order])


def fact_lines(db: Database, row_ids: Sequence[int]) -> list[FactLine]:
    """The lines of these facts, in the order asked for."""
    columns = (
        *(FactRow.id, FactRow.person, Person.name, FactRow.text, FactRow.category, FactRow.state),
        *(FactRow.protected, FactRow.importance, FactRow.trust, FactRow.reference_count),
        *(FactRow.first_mentioned, FactRow.last_mentioned, FactRow.valid_to, FactRow.binned_at),
        FactRow.last_used_at,
    )
    query = FactRow.select(*columns).join(Person).where(_among(FactRow, row_ids))
    return _in_order([FactLine(*row) for row in query.tuples().execute(db)], row_ids)


# --- episodes --------------------------------------------------------------------------------


def episodes(db: Database, sought: EpisodesSought, most: int) -> Found[EpisodeLine]:
    """How many episodes there are, and the first `most`."""
    where = _episodes_where(db, sought)
    first = _row_ids(db, EpisodeRow, where, EPISODE_ORDERS[sought.order], most)
    return Found(_total(db, EpisodeRow, where), tuple(episode_lines(db, first)))


def episode_order(db: Database, sought: EpisodesSought) -> array[int]:
    """The row ids of all of them, in order."""
    return _every_row_id(db, EpisodeRow, _episodes_where(db, sought), EPISODE_ORDERS[sought.order])


def episode_lines(db: Database, row_ids: Sequence[int]) -> list[EpisodeLine]:
    """The lines of these episodes, in the order asked for."""
    columns = (
        *(EpisodeRow.id, EpisodeRow.text, EpisodeRow.started_at, EpisodeRow.ended_at),
        fn.coalesce(_PLACE, ""),
        *(EpisodeRow.feeling, EpisodeRow.importance, EpisodeRow.insight, EpisodeRow.protected),
        *(EpisodeRow.state, EpisodeRow.binned_at, EpisodeRow.last_used_at),
    )
    who: dict[int, list[str]] = {}
    names = (
        EpisodePersonRow.select(EpisodePersonRow.episode, Person.name)
        .join(Person)
        .where(EpisodePersonRow.episode.in_(_json_values(row_ids)))
        .order_by(EpisodePersonRow.person)
    )
    for episode_id, name in names.tuples().execute(db):
        who.setdefault(episode_id, []).append(name)
    rows = EpisodeRow.select(*columns).where(_among(EpisodeRow, row_ids)).tuples().execute(db)
    return _in_order([EpisodeLine(*(*row, tuple(who.get(row[0], ())))) for row in rows], row_ids)


def cited(db: Database, insight_id: int) -> list[EpisodeLine]:
    """The episodes an insight was drawn from, oldest first."""
    query = CiteRow.select(CiteRow.episode).where(CiteRow.insight == insight_id).order_by(CiteRow.episode)
    return episode_lines(db, [row_id for (row_id,) in query.tuples().execute(db)])


# --- how they are sought ---------------------------------------------------------------------


def _people_where(db: Database, sought: PeopleSought) -> list[Expression]:
    where = [Person.realm == sought.realm, ~Person.is_bot, Person.state != "erased"]
    for word in sought.words.split():
        ever = PersonName.select(PersonName.person).where(_has(db, PersonName.name, word))
        where.append(_has(db, Person.name, word) | Person.id.in_(ever))
    return where


def _facts_where(db: Database, sought: FactsSought) -> list[Expression]:
    whose = FactRow.person == sought.person_id if sought.person_id else FactRow.realm == sought.realm
    where = [whose, FactRow.state == sought.state]
    if sought.category is not None:
        where.append(FactRow.category == sought.category)
    if sought.protected is not None:
        where.append(FactRow.protected == sought.protected)
    return where + [_has(db, FactRow.text, word) for word in sought.words.split()]


def _shortest_way(
    db: Database, sought: FactsSought, where: list[Expression], mine: int, most: int
) -> list[Expression]:
    """Who has a large share of all facts is found faster by walking along the times of everybody's than by
    putting all their own in order: `most * every / mine` rows against `mine`."""
    every = _total(db, FactRow, [FactRow.realm == sought.realm, FactRow.state == sought.state])
    if mine * mine <= most * every:
        return where
    # A sum is in no index, so the one by realm, state and time is taken.
    return [FactRow.realm == sought.realm, FactRow.person + 0 == sought.person_id, *where[1:]]


def _episodes_where(db: Database, sought: EpisodesSought) -> list[Expression]:
    where = [EpisodeRow.realm == sought.realm, EpisodeRow.state == sought.state]
    if sought.person_id:
        mine = EpisodePersonRow.select(EpisodePersonRow.episode)
        where.append(EpisodeRow.id.in_(mine.where(EpisodePersonRow.person == sought.person_id)))
    if sought.insight is not None:
        where.append(EpisodeRow.insight == sought.insight)
    if sought.protected is not None:
        where.append(EpisodeRow.protected == sought.protected)
    return where + [_has(db, EpisodeRow.text, word) for word in sought.words.split()]


def _has(db: Database, column: Any, word: str) -> Expression:
    """Does the text contain the word? SQLite knows capitals in ASCII only; for other letters Python folds
    them, which is slower."""
    if word.isascii():
        return cast(Expression, column.contains(word))
    connection: Any = cast(Any, db).connection()
    connection.create_function("folded", 1, str.casefold)
    return fn.folded(column).contains(word.casefold())


def _total(db: Database, table: type[Row], where: list[Expression]) -> int:
    rows = table.select(fn.count(cast(Any, table).id)).where(*where).tuples().execute(db)
    return int(next(iter(rows))[0])


def _ordered(table: type[Row], where: list[Expression], order: Sequence[Any]) -> Select:
    return cast(Select, table.select(cast(Any, table).id).where(*where).order_by(*order))


def _row_ids(
    db: Database, table: type[Row], where: list[Expression], order: Sequence[Any], most: int
) -> list[int]:
    rows = _ordered(table, where, order).limit(most).tuples().execute(db)
    return [row_id for (row_id,) in rows]


def _every_row_id(
    db: Database, table: type[Row], where: list[Expression], order: Sequence[Any]
) -> array[int]:
    """One value instead of a hundred thousand rows: the window waits for the thread that reads them."""
    inner: Any = _ordered(table, where, order).alias("found")
    query = Select([inner], [fn.json_group_array(inner.c.id)])
    ((found,),) = query.tuples().execute(db)
    return array("q", json.loads(found))


def _among(table: type[Row], row_ids: Sequence[int]) -> Expression:
    return cast(Expression, cast(Any, table).id.in_(_json_values(row_ids)))


def _json_values(row_ids: Sequence[int]) -> Select:
    """Any number of ids as one bound value."""
    values: Any = fn.json_each(json.dumps(list(row_ids))).alias("wanted")
    return Select([values], [values.c.value])


def _in_order(lines: list[Any], row_ids: Sequence[int]) -> list[Any]:
    known = {line.row_id: line for line in lines}
    return [known[row_id] for row_id in row_ids if row_id in known]

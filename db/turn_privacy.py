"""What turns hold about one person: told to them, and taken out of every trace.

A trace is the prompt of one reply, with the words of everybody who was there. Whoever is erased is taken
out of all of them, also where they only stood in the transcript: the words of such a trace go as a whole,
its figures (tokens, timings, model, score) stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from typing import Any

from peewee import Database, chunked, fn

from db import people
from db.base import sql
from db.facts import FactRow
from db.messages import Message
from db.people import Person
from db.turns import PartRow, TurnRow, get, parts

_AT_ONCE = 100  # traces held in memory together


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """The turns of a person (by row id), oldest first, as plain values."""
    person = people.by_row_id(db, person_id)
    if person is None:
        return []
    query = (
        TurnRow.select(TurnRow.id)
        .where(TurnRow.realm == person.realm, TurnRow.person_id == person.platform_id)
        .order_by(TurnRow.arrived_at)
        .tuples()
    )
    return [_told(db, turn_id) for (turn_id,) in query.execute(db)]


def erase(db: Database, person_id: int) -> int:
    """Take a person (by row id) out of every turn; answers how many turns it was.

    Called before their messages, names and facts are gone: it looks them up.
    """
    person = people.by_row_id(db, person_id)
    if person is None:
        return 0
    said = Message.select(Message.id).where(
        Message.realm == person.realm, Message.author_id == person.platform_id
    )
    known = FactRow.select(FactRow.id).where(FactRow.person == person_id)
    return scrub_person(
        db,
        person.platform_id,
        {person.name, *people.names(db, person_id)},
        {row_id for (row_id,) in said.tuples().execute(db)},
        {row_id for (row_id,) in known.tuples().execute(db)},
    )


def scrub_person(
    db: Database,
    platform_id: int,
    names: Collection[str],
    message_row_ids: Collection[int],
    fact_ids: Collection[int],
) -> int:
    """Take a person out of every turn and its trace; answers how many turns it was.

    Args:
        platform_id: their id on the platform. names: all they were ever seen under.
        message_row_ids: of what they wrote. fact_ids: of what is known of them.
    """
    names = {name for name in names if name.strip()}
    gone = _Gone(
        platform_id, names, frozenset(message_row_ids), frozenset(fact_ids), _row_ids(db, platform_id)
    )
    scrubbed = 0
    columns = (TurnRow.id, TurnRow.person_id, TurnRow.guild_id, TurnRow.reply, TurnRow.reason, TurnRow.trace)
    for some in chunked(_candidates(db, gone), _AT_ONCE):
        for row in list(TurnRow.select(*columns).where(TurnRow.id.in_(some)).tuples().execute(db)):
            scrubbed += _scrub(db, row, gone)
    return scrubbed


class _Gone:
    """Who goes, and by what they are known again."""

    def __init__(
        self,
        platform_id: int,
        names: Collection[str],
        messages: frozenset[int],
        facts: frozenset[int],
        row_ids: frozenset[int],
    ) -> None:
        self.platform_id, self.names = platform_id, names
        self.messages, self.facts, self.row_ids = messages, facts, row_ids
        either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        self._named = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE) if either else None

    def is_named(self, text: str) -> bool:
        """Does one of their names stand in the text as a word?"""
        return self._named is not None and self._named.search(text) is not None

    def is_in(self, value: Any) -> bool:
        """The same, for plain values of any depth."""
        if isinstance(value, dict):
            return any(self.is_in(each) for each in (*value.keys(), *value.values()))
        if isinstance(value, list):
            return any(self.is_in(each) for each in value)
        return isinstance(value, str) and self.is_named(value)


def _row_ids(db: Database, platform_id: int) -> frozenset[int]:
    query = Person.select(Person.id).where(Person.platform_id == platform_id)
    return frozenset(row_id for (row_id,) in query.tuples().execute(db))


def _candidates(db: Database, gone: _Gone) -> list[str]:
    """The turns that may hold something of theirs, found by SQLite, which is faster at it than we are."""
    where = (TurnRow.person_id == gone.platform_id) | (fn.instr(TurnRow.trace, str(gone.platform_id)) > 0)
    for name in gone.names:
        where |= fn.instr(fn.lower(TurnRow.trace), _as_kept(name)) > 0
        where |= fn.instr(fn.lower(TurnRow.reason), _as_kept(name)) > 0
        where |= fn.instr(fn.lower(TurnRow.reply), _ascii_lower(name)) > 0
    found = {turn_id for (turn_id,) in TurnRow.select(TurnRow.id).where(where).tuples().execute(db)}
    silent = TurnRow.select(TurnRow.id).where(fn.instr(TurnRow.trace, '"people"') == 0).tuples()
    unsaid = json.dumps([turn_id for (turn_id,) in silent.execute(db)])
    for path, ids, key in (
        ("$.memories", gone.messages, "$.message"),
        ("$.facts", gone.facts, "$.fact"),
        ("$.lines", gone.messages, "$"),
    ):
        if ids:
            found.update(_citing(db, path, key, sorted(ids), unsaid))
    return sorted(found)


def _citing(db: Database, path: str, key: str, ids: Sequence[int], turn_ids: str) -> list[str]:
    """The turns whose trace cites one of these rows; those that say who was there need not be searched."""
    value = "each.value" if key == "$" else f"json_extract(each.value, '{key}')"
    statement = (
        f"select distinct turns.id from turns, json_each(turns.trace, ?) as each "  # noqa: S608
        f"where turns.id in (select value from json_each(?)) and {value} in (select value from json_each(?))"
    )
    return [turn_id for (turn_id,) in sql(db, statement, (path, turn_ids, json.dumps(list(ids)))).fetchall()]


def _as_kept(name: str) -> str:
    """A name as JSON writes it, in SQLite's lower case, which knows ASCII only."""
    return json.dumps(_ascii_lower(name))[1:-1].lower()


def _ascii_lower(text: str) -> str:
    return "".join(sign.lower() if sign.isascii() else sign for sign in text)


def _scrub(db: Database, row: tuple[Any, ...], gone: _Gone) -> bool:
    turn_id, person_id, guild_id, reply, kept_reason, kept_trace = row
    reason, trace = json.loads(kept_reason), json.loads(kept_trace)
    theirs = person_id == gone.platform_id
    was_there = theirs or _took_part(trace, gone) or gone.is_in(reason)
    said = theirs or gone.is_named(reply)
    if not (was_there or said):
        return False
    changes: dict[Any, Any] = {TurnRow.trace: json.dumps(_without(trace, gone, theirs=theirs))}
    if theirs or gone.is_in(reason):
        changes[TurnRow.reason] = json.dumps({"key": reason.get("key", ""), "params": {}})
    if theirs:
        changes |= {TurnRow.person: "", TurnRow.person_id: 0}
        if guild_id is None:
            changes[TurnRow.place] = ""
    if said:
        changes[TurnRow.reply] = ""
        PartRow.update(text="").where(PartRow.turn == turn_id).execute(db)
    TurnRow.update(changes).where(TurnRow.id == turn_id).execute(db)
    return True


def _took_part(trace: dict[str, Any], gone: _Gone) -> bool:
    cited = {each.get("message") for each in trace.get("memories", ())} | set(trace.get("lines", ()))
    known = {each.get("fact") for each in trace.get("facts", ())}
    present = gone.platform_id in trace.get("people", ())
    return present or bool(cited & gone.messages or known & gone.facts) or gone.is_in(trace)


_WORDS = ("raw", "thinking", "messages", "lines", "burst", "suspicion", "status", "about")


def _without(trace: dict[str, Any], gone: _Gone, *, theirs: bool) -> dict[str, Any]:
    """A trace of which the figures are left."""
    kept = {key: value for key, value in trace.items() if key not in _WORDS}
    kept["prompt"] = [{**part, "text": ""} for part in trace.get("prompt", ())]
    kept["memories"] = [
        {**each, "text": "", "person": ""}
        for each in trace.get("memories", ())
        if each.get("message") not in gone.messages and not gone.is_named(str(each.get("person", "")))
    ]
    kept["facts"] = [
        {**each, "text": "", "person": ""}
        for each in trace.get("facts", ())
        if each.get("fact") not in gone.facts and not gone.is_named(str(each.get("person", "")))
    ]
    for part in ("episodes", "lore"):  # they may speak of who was there
        kept[part] = [{**each, "text": ""} for each in trace.get(part, ())]
    for each in (*kept["memories"], *kept["facts"]):
        each.pop("reason_params", None)
    kept["tools"] = [
        {key: value for key, value in use.items() if key in ("name", "worked", "ms")}
        for use in trace.get("tools", ())
    ]
    kept["people"] = [each for each in trace.get("people", ()) if each != gone.platform_id]
    kept["feelings"] = _unbound(trace.get("feelings") or {}, gone, theirs=theirs)
    rest = {key: value for key, value in kept.items() if value not in ([], {})}
    safe = {key: value for key, value in rest.items() if key == "people" or not gone.is_in(value)}
    return safe | {"scrubbed": True}


def figures(trace: dict[str, Any]) -> dict[str, Any]:
    """A trace of which only figures are left: tokens, timings, model, scores, ids; nobody's words."""
    kept = {key: value for key, value in trace.items() if key not in _WORDS}
    kept["prompt"] = [{**part, "text": ""} for part in trace.get("prompt", ())]
    for name in ("memories", "facts", "episodes"):
        kept[name] = [
            {key: value for key, value in each.items() if key not in ("text", "person", "reason_params")}
            | {"text": "", "person": ""}
            for each in trace.get(name, ())
        ]
    kept["tools"] = [
        {key: value for key, value in use.items() if key in ("name", "worked", "ms")}
        for use in trace.get("tools", ())
    ]
    return {key: value for key, value in kept.items() if value not in ([], {})} | {"scrubbed": True}


def _unbound(feelings: dict[str, Any], gone: _Gone, *, theirs: bool) -> dict[str, Any]:
    """How it felt, without how it stood with them."""
    kept = {key: value for key, value in feelings.items() if not (theirs and key == "relationship")}
    bonds = feelings.get("relationships") or {}
    if bonds:
        erased = {str(row_id) for row_id in gone.row_ids}
        kept["relationships"] = {key: value for key, value in bonds.items() if key not in erased}
    return kept


def _told(db: Database, turn_id: str) -> dict[str, Any]:
    turn = get(db, turn_id)
    assert turn is not None
    trace = turn.trace
    return {
        "id": turn.id,
        "at": turn.arrived_at.isoformat(),
        "place": turn.place,
        "message_id": turn.message_id,
        "state": str(turn.state),
        "reason": turn.reason,
        "reply": turn.reply,
        "posted": [part.posted_id for part in parts(db, turn_id)],
        "model": trace.get("model"),
        "tokens": trace.get("tokens"),
        "feelings": {
            key: value for key, value in (trace.get("feelings") or {}).items() if key != "relationships"
        },
        "took_ms": turn.took_ms,
    }

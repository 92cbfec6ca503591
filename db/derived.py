"""What came of a message goes with it: facts and episodes that nothing else bears out, the notes of how they
changed, what replies to others read of it, and what the bot repeated of it.

A fact or an episode that others bear out too stays, unless it tells a word that stood in this message alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from peewee import Database, chunked, fn

from db import consolidations, episodes, facts, messages
from db.base import removal, sql
from db.conversations import ConversationRow
from db.episodes import EpisodeSourceRow
from db.facts import FactRow, SourceRow
from db.messages import StoredMessage
from db.moods import MomentRow
from db.relationships import ChangeRow
from db.turn_privacy import figures
from db.turns import PartRow, TurnRow

_TELLING_WORD = re.compile(r"\w{4,}")
_MOST_AT_ONCE = 500
_SLIP = timedelta(seconds=1)  # a conversation's clock and the message's own


def citing(db: Database, realm: str, platform_ids: Sequence[int]) -> list[str]:
    """The turns whose trace holds words of these messages, or of facts or episodes made of them. Reads a
    lot."""
    known = _known(db, realm, platform_ids)
    if not known:
        return []
    rows = json.dumps([message.row_id for message in known])
    learnt = json.dumps(_facts_of(db, realm, platform_ids))
    lived = json.dumps(_episodes_of(db, realm, platform_ids))
    since = TurnRow.arrived_at.db_value(min(message.sent_at for message in known))
    found = sql(
        db,
        "select id from turns where realm = ? and arrived_at >= ? and trace <> '{}' and ("
        "exists (select 1 from json_each(trace, '$.lines') l where l.value"
        " in (select value from json_each(?)))"
        " or exists (select 1 from json_each(trace, '$.memories') m where json_extract(m.value, '$.message')"
        " in (select value from json_each(?)))"
        " or exists (select 1 from json_each(trace, '$.facts') f where json_extract(f.value, '$.fact')"
        " in (select value from json_each(?)))"
        " or exists (select 1 from json_each(trace, '$.episodes') e where json_extract(e.value, '$.episode')"
        " in (select value from json_each(?))))",
        (realm, since, rows, rows, learnt, lived),
    )
    return [turn_id for (turn_id,) in found.fetchall()]


def delete(db: Database, realm: str, platform_ids: Sequence[int], turn_ids: Sequence[str] = ()) -> int:
    """Delete messages that their authors took back, with everything that came of them; answers how many
    messages there were.

    Args:
        turn_ids: what `citing` found.
    """
    known = _known(db, realm, platform_ids)
    for message in known:
        _forget_answers(db, message)
        _forget_in_conversations(db, message)
    unlearn(db, realm, known, protected_too=True)
    own = TurnRow.select(TurnRow.id).where(TurnRow.realm == realm, TurnRow.message_id.in_(list(platform_ids)))
    forget_traces(db, {*turn_ids, *(turn_id for (turn_id,) in own.tuples().execute(db))})
    return messages.delete(db, realm, platform_ids)


def edit(db: Database, realm: str, platform_id: int, text: str, at: datetime) -> bool:
    """Give a message its new words; what was learnt from the old ones goes, and the next consolidation reads
    the new ones. False when the message is unknown, or says the same as before.

    The traces of turns stay: they tell what was read then.

    Args:
        at: when its author changed it.
    """
    known = messages.by_platform_id(db, realm, platform_id)
    if known is None or known.text == text:
        return False
    if _spoken(known.text) != _spoken(text):
        unlearn(db, realm, [known], protected_too=True)
    _reword_in_conversations(db, known, text)
    return messages.edit(db, realm, platform_id, text, at)


def unlearn(
    db: Database, realm: str, gone: Sequence[StoredMessage], *, protected_too: bool = False
) -> tuple[int, int]:
    """Cite these messages no longer; answers how many facts and how many episodes went with them.

    Args:
        protected_too: also what the host wanted to be kept for good.
    """
    ids = [message.platform_id for message in gone]
    words = {message.platform_id: _words(message.text) for message in gone}
    went = _unlearn_facts(db, realm, ids, words, protected_too), _unlearn_episodes(db, realm, ids, words)
    for table in (ChangeRow, MomentRow):
        rows = [message.row_id for message in gone]
        for some in chunked(rows, _MOST_AT_ONCE):
            table.update(platform_id=None).where(table.message.in_(some)).execute(db)
    return went


def forget_traces(db: Database, turn_ids: Collection[str]) -> int:
    """Leave only figures in the traces of these turns; answers how many."""
    changed = 0
    for some in chunked(sorted(turn_ids), 100):
        for turn_id, trace in list(
            TurnRow.select(TurnRow.id, TurnRow.trace).where(TurnRow.id.in_(some)).tuples().execute(db)
        ):
            left = json.dumps(figures(json.loads(trace)))
            TurnRow.update(trace=left).where(TurnRow.id == turn_id).execute(db)
            changed += 1
    return changed


def _known(db: Database, realm: str, platform_ids: Sequence[int]) -> list[StoredMessage]:
    found = (messages.by_platform_id(db, realm, each) for each in platform_ids)
    return [message for message in found if message is not None]


def _facts_of(db: Database, realm: str, platform_ids: Sequence[int]) -> list[int]:
    return sorted(
        {
            fact_id
            for some in chunked(list(platform_ids), _MOST_AT_ONCE)
            for (fact_id,) in SourceRow.select(SourceRow.fact)
            .join(FactRow)
            .where(FactRow.realm == realm, SourceRow.platform_id.in_(some))
            .tuples()
            .execute(db)
        }
    )


def _episodes_of(db: Database, realm: str, platform_ids: Sequence[int]) -> list[int]:
    """Those made of the messages, and the insights that cite one."""
    made = sorted(episodes.by_sources(db, realm, platform_ids))
    return made + episodes.insights_of(db, made)


def _unlearn_facts(
    db: Database, realm: str, ids: Sequence[int], words: dict[int, set[str]], protected_too: bool
) -> int:
    baseless = []
    for fact in facts.with_sources(db, facts.by_row_ids(db, _facts_of(db, realm, ids))):
        left = [source for source in fact.sources if source.platform_id not in words]
        dropped = [source.platform_id for source in fact.sources if source.platform_id in words]
        facts.drop_sources(db, fact.row_id, dropped)
        _forget_changes(db, fact.row_id, dropped)
        theirs = set().union(*(words[each] | _words_of(fact, each) for each in dropped))
        if (protected_too or not fact.protected) and (not left or _tells(fact.text, theirs, left)):
            baseless.append(fact.row_id)
        elif left:
            facts.update(db, fact.row_id, reference_count=max(1, fact.reference_count - len(dropped)))
    consolidations.forget_facts(db, baseless)
    return facts.remove(db, baseless)


def _words_of(fact: facts.StoredFact, platform_id: int) -> set[str]:
    return set().union(*(_words(each.text) for each in fact.sources if each.platform_id == platform_id))


def _tells(text: str, theirs: set[str], left: Sequence[facts.Source]) -> bool:
    """Does a text tell a word that stood in the messages that go, and in none that stays?"""
    return bool((_words(text) & theirs) - set().union(*(_words(source.text) for source in left)))


def _unlearn_episodes(db: Database, realm: str, ids: Sequence[int], words: dict[int, set[str]]) -> int:
    cited = episodes.by_sources(db, realm, ids)
    baseless = []
    for episode in episodes.by_row_ids(db, sorted(cited)):
        gone = cited[episode.row_id]
        left = [row_id for row_id, platform_id in episode.sources if platform_id not in gone]
        texts = messages.by_row_ids(db, [row_id for row_id in left if row_id is not None]).values()
        others = set().union(*(_words(each.text) for each in texts))
        theirs = set().union(*(words[each] for each in gone))
        if not left or (_words(episode.text) & theirs) - others:
            baseless.append(episode.row_id)
            continue
        removal(EpisodeSourceRow).where(
            EpisodeSourceRow.episode == episode.row_id, EpisodeSourceRow.platform_id.in_(sorted(gone))
        ).execute(db)
    return episodes.remove(db, baseless)


def _forget_changes(db: Database, fact_id: int, platform_ids: Sequence[int]) -> None:
    """The notes of a fact's changes quote the messages it came from."""
    for platform_id in platform_ids:
        sql(
            db,
            "delete from memory_changes where fact_id = ? and "
            "(instr(coalesce(before, ''), ?) > 0 or instr(coalesce(after, ''), ?) > 0)",
            (fact_id, *(2 * (f'"platform_id": {platform_id}',))),
        )


def _forget_answers(db: Database, message: StoredMessage) -> None:
    """What the bot answered goes where it repeats a word that nobody else ever wrote."""
    theirs = _words(message.text)
    query = TurnRow.select(TurnRow.id, TurnRow.reply).where(
        TurnRow.realm == message.realm, TurnRow.message_id == message.platform_id, TurnRow.reply != ""
    )
    for turn_id, reply in list(query.tuples().execute(db)):
        if not any(not _said_elsewhere(db, message, word) for word in _words(reply) & theirs):
            continue
        parts = PartRow.select(PartRow.posted_id).where(
            PartRow.turn == turn_id, PartRow.posted_id.is_null(False)
        )
        posted = [posted_id for (posted_id,) in parts.tuples().execute(db)]
        messages.delete(db, message.realm, posted)
        TurnRow.update(reply="").where(TurnRow.id == turn_id).execute(db)
        PartRow.update(text="").where(PartRow.turn == turn_id).execute(db)


def _said_elsewhere(db: Database, message: StoredMessage, word: str) -> bool:
    statement = (
        "select 1 from message_words w join messages m on m.id = w.rowid where message_words match ? "
        "and m.realm = ? and m.id <> ? and not m.is_self limit 1"
    )
    found = sql(db, statement, (f'text : "{word}"', message.realm, message.row_id))
    return found.fetchone() is not None


def _forget_in_conversations(db: Database, message: StoredMessage) -> None:
    """A conversation that was put away loses the line, and the summary that may tell of it."""
    for row in _conversations_with(db, message):
        _keep_document(db, row, without_line(json.loads(row.document), str(message.author_id), message.text))


def _reword_in_conversations(db: Database, message: StoredMessage, text: str) -> None:
    """A conversation that was put away tells the line in its new words, and has no summary any more."""
    for row in _conversations_with(db, message):
        document = json.loads(row.document)
        for entry in document.get("history", ()):
            if _is_line(entry, str(message.author_id), message.text):
                entry["message_content"] = text
        _keep_document(db, row, {**document, "summary": ""})


def _keep_document(db: Database, row: ConversationRow, document: dict[str, object]) -> None:
    ConversationRow.update(summary="", document=json.dumps(document)).where(
        ConversationRow.id == row.id
    ).execute(db)


def _conversations_with(db: Database, message: StoredMessage) -> list[ConversationRow]:
    query = ConversationRow.select().where(
        ConversationRow.realm == message.realm,
        ConversationRow.thread_id == str(message.channel_id),
        ConversationRow.created_at <= message.sent_at + _SLIP,
        ConversationRow.updated_at >= message.sent_at - _SLIP,
        fn.instr(ConversationRow.document, json.dumps(message.text)) > 0,
    )
    return list(query.execute(db))


def without_line(document: dict[str, Any], person: str, text: str) -> dict[str, Any]:
    """A conversation's document without what somebody (by their id) wrote there, and without its summary."""
    history = document.get("history")
    kept = [
        entry for entry in (history if isinstance(history, list) else []) if not _is_line(entry, person, text)
    ]
    return {**document, "summary": "", "history": kept}


def _is_line(entry: dict[str, Any], person: str, text: str) -> bool:
    return entry.get("message_content") == text and str(entry.get("meta", {}).get("requester")) == person


def _spoken(text: str) -> list[str]:
    """Every word in its order: what is left when only signs and capitals were changed."""
    return re.findall(r"\w+", text.casefold())


def _words(text: str) -> set[str]:
    return set(_TELLING_WORD.findall(text.casefold()))

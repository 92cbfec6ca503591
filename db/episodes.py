"""Episodes: what happened, with whom, and how the bot felt; and insights, which cite the episodes they
were drawn from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    Database,
    FloatField,
    ForeignKeyField,
    TextField,
    chunked,
)

from db.base import MomentField, Row, removal
from db.messages import Message
from db.people import Person

LIVE, BINNED = "live", "binned"
_MOST_AT_ONCE = 500


class EpisodeRow(Row):
    id = AutoField()
    realm = TextField()
    text = TextField()
    started_at = MomentField()
    ended_at = MomentField()
    guild_id = BigIntegerField(null=True)
    channel_id = BigIntegerField()
    feeling = TextField()
    pleasure = FloatField(null=True)
    arousal = FloatField(null=True)
    dominance = FloatField(null=True)
    importance = FloatField()
    importance_by = TextField()
    insight = BooleanField()
    protected = BooleanField()
    state = TextField()
    binned_at = MomentField(null=True)
    last_used_at = MomentField(null=True)
    vector = BlobField(null=True)
    model = TextField(null=True)

    class Meta:
        table_name = "episodes"
        indexes = (
            (("realm", "channel_id", "ended_at"), False),
            (("realm", "state", "ended_at"), False),
        )


class EpisodePersonRow(Row):
    episode = ForeignKeyField(EpisodeRow, on_delete="CASCADE", index=False)
    person = ForeignKeyField(Person, on_delete="CASCADE")

    class Meta:
        table_name = "episode_people"
        indexes = ((("episode", "person"), True),)


class EpisodeSourceRow(Row):
    episode = ForeignKeyField(EpisodeRow, on_delete="CASCADE", index=False)
    message = ForeignKeyField(Message, null=True, on_delete="SET NULL")
    platform_id = BigIntegerField()

    class Meta:
        table_name = "episode_sources"
        indexes = ((("episode", "platform_id"), True),)


class CiteRow(Row):
    insight = ForeignKeyField(EpisodeRow, on_delete="CASCADE", index=False)
    episode = ForeignKeyField(EpisodeRow, on_delete="CASCADE")

    class Meta:
        table_name = "episode_cites"
        indexes = ((("insight", "episode"), True),)


@dataclass(frozen=True, slots=True)
class StoredEpisode:
    """Something that happened, or an insight drawn from such.

    Attributes:
        started_at, ended_at: when, UTC. guild_id, channel_id: where; it is told only where that may be.
        feeling: how the bot felt, in words, "" when it is not known.
        pad: pleasure, arousal and dominance, each −1…1, or None.
        importance: 0–10. importance_by: `model`, `rules` or `host`.
        insight: drawn from the episodes whose row ids are `cites`.
        people: row ids of who took part. sources: row id (None when deleted) and platform id of messages.
        state: live, or binned (restorable for 30 days after `binned_at`).
    """

    realm: str
    text: str
    started_at: datetime
    ended_at: datetime
    guild_id: int | None
    channel_id: int
    importance: float
    importance_by: str = "rules"
    feeling: str = ""
    pad: tuple[float, float, float] | None = None
    insight: bool = False
    protected: bool = False
    state: str = LIVE
    binned_at: datetime | None = None
    last_used_at: datetime | None = None
    vector: bytes | None = field(default=None, repr=False)
    model: str | None = None
    row_id: int = 0
    people: tuple[int, ...] = ()
    sources: tuple[tuple[int | None, int], ...] = ()
    cites: tuple[int, ...] = ()


def insert(db: Database, episode: StoredEpisode) -> StoredEpisode:
    """Write an episode; answers it with its row id.

    Raises:
        ValueError: it has no source, or an insight cites nothing.
    """
    if not (episode.cites if episode.insight else episode.sources):
        raise ValueError("an episode has its messages, an insight its episodes")
    row_id = EpisodeRow.insert(**_values(episode)).execute(db)
    for person_id in dict.fromkeys(episode.people):
        EpisodePersonRow.insert(episode=row_id, person=person_id).execute(db)
    for message_id, platform_id in dict.fromkeys(episode.sources):
        EpisodeSourceRow.insert(episode=row_id, message=message_id, platform_id=platform_id).execute(db)
    for cited in dict.fromkeys(episode.cites):
        CiteRow.insert(insight=row_id, episode=cited).execute(db)
    return replace(episode, row_id=row_id)


def update(db: Database, row_id: int, **values: Any) -> None:
    """Write columns of an episode, by their names in its table. A new text loses its vector."""
    if "text" in values and "vector" not in values:
        values |= {"vector": None, "model": None}
    EpisodeRow.update(**values).where(EpisodeRow.id == row_id).execute(db)


def by_row_ids(db: Database, row_ids: Sequence[int]) -> list[StoredEpisode]:
    """Those of the episodes that exist, complete, in the order asked for."""
    found = {
        row.id: _stored(row)
        for some in chunked(row_ids, _MOST_AT_ONCE)
        for row in EpisodeRow.select().where(EpisodeRow.id.in_(some)).execute(db)
    }
    return _complete(db, [found[row_id] for row_id in row_ids if row_id in found])


def of_person(db: Database, person_id: int, states: Sequence[str] = (LIVE,)) -> list[StoredEpisode]:
    """The episodes and insights a person took part in, the newest first."""
    rows = EpisodePersonRow.select(EpisodePersonRow.episode).where(EpisodePersonRow.person == person_id)
    query = (
        EpisodeRow.select()
        .where(EpisodeRow.id.in_(rows), EpisodeRow.state.in_(list(states)))
        .order_by(EpisodeRow.ended_at.desc(), EpisodeRow.id.desc())
    )
    return _complete(db, [_stored(row) for row in query.execute(db)])


def by_sources(db: Database, realm: str, platform_ids: Sequence[int]) -> dict[int, set[int]]:
    """Row ids of the episodes made of these messages, each with which of them it was made of."""
    made: dict[int, set[int]] = {}
    for some in chunked(list(platform_ids), _MOST_AT_ONCE):
        query = (
            EpisodeSourceRow.select(EpisodeSourceRow.episode, EpisodeSourceRow.platform_id)
            .join(EpisodeRow)
            .where(EpisodeRow.realm == realm, EpisodeSourceRow.platform_id.in_(some))
        )
        for episode_id, platform_id in query.tuples().execute(db):
            made.setdefault(episode_id, set()).add(platform_id)
    return made


def insights_of(db: Database, row_ids: Sequence[int]) -> list[int]:
    """Row ids of the insights that cite one of these episodes."""
    found = {
        insight
        for some in chunked(row_ids, _MOST_AT_ONCE)
        for (insight,) in CiteRow.select(CiteRow.insight)
        .where(CiteRow.episode.in_(some))
        .tuples()
        .execute(db)
    }
    return sorted(found)


def since(db: Database, realm: str, moment: datetime, *, insights: bool = False) -> list[StoredEpisode]:
    """The live episodes (or insights) of a realm that ended since a moment, oldest first."""
    query = (
        EpisodeRow.select()
        .where(
            EpisodeRow.realm == realm,
            EpisodeRow.state == LIVE,
            EpisodeRow.ended_at >= moment,
            EpisodeRow.insight == insights,
        )
        .order_by(EpisodeRow.ended_at, EpisodeRow.id)
    )
    return _complete(db, [_stored(row) for row in query.execute(db)])


def bin_(db: Database, row_ids: Sequence[int], at: datetime) -> int:
    """Put episodes into the recycle bin; protected ones stay. Answers how many went."""
    return sum(
        int(
            EpisodeRow.update(state=BINNED, binned_at=at)
            .where(EpisodeRow.id.in_(some), ~EpisodeRow.protected, EpisodeRow.state == LIVE)
            .execute(db)
        )
        for some in chunked(row_ids, _MOST_AT_ONCE)
    )


def restore(db: Database, row_ids: Sequence[int]) -> int:
    """Take episodes out of the bin."""
    return sum(
        int(
            EpisodeRow.update(state=LIVE, binned_at=None)
            .where(EpisodeRow.id.in_(some), EpisodeRow.state == BINNED)
            .execute(db)
        )
        for some in chunked(row_ids, _MOST_AT_ONCE)
    )


def remove(db: Database, row_ids: Sequence[int]) -> int:
    """Delete episodes for good, and the insights that cite nothing any more; answers how many went."""
    gone = sum(
        int(removal(EpisodeRow).where(EpisodeRow.id.in_(some)).execute(db))
        for some in chunked(row_ids, _MOST_AT_ONCE)
    )
    return gone + _remove_baseless(db)


def empty_bin(db: Database, now: datetime, kept_for: timedelta = timedelta(days=30)) -> int:
    """Delete for good what has lain in the bin for so long; answers how many went."""
    query = removal(EpisodeRow).where(EpisodeRow.state == BINNED, EpisodeRow.binned_at < now - kept_for)
    return int(query.execute(db)) + _remove_baseless(db)


def used(db: Database, row_ids: Sequence[int], at: datetime) -> None:
    """Note that episodes stood in the prompt of a reply."""
    EpisodeRow.update(last_used_at=at).where(EpisodeRow.id.in_(list(row_ids))).execute(db)


def without_vector(db: Database, model: str, limit: int) -> list[tuple[int, str]]:
    """Row id and text of live episodes that have no vector by `model`, the newest first."""
    other = EpisodeRow.model.is_null() | (EpisodeRow.model != model)
    query = EpisodeRow.select(EpisodeRow.id, EpisodeRow.text).where(EpisodeRow.state == LIVE, other)
    return [(row.id, row.text) for row in query.order_by(EpisodeRow.id.desc()).limit(limit).execute(db)]


def keep_vectors(db: Database, model: str, vectors: Sequence[tuple[int, str, bytes]]) -> None:
    """Write vectors: row id, the text it was made of, int8 values. A text that changed since gets none."""
    for row_id, text, values in vectors:
        mine = (EpisodeRow.id == row_id) & (EpisodeRow.text == text)
        EpisodeRow.update(vector=values, model=model).where(mine).execute(db)


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """Every episode a person took part in, as plain values."""
    return [as_plain(episode) for episode in of_person(db, person_id, (LIVE, BINNED))]


def erase(db: Database, person_id: int) -> int:
    """Remove every episode a person took part in, and every insight that cites one: its text may tell
    of them. Answers how many went."""
    mine = EpisodePersonRow.select(EpisodePersonRow.episode).where(EpisodePersonRow.person == person_id)
    citing = CiteRow.select(CiteRow.insight).where(CiteRow.episode.in_(mine))
    rows = EpisodeRow.select(EpisodeRow.id).where(EpisodeRow.id.in_(mine) | EpisodeRow.id.in_(citing))
    return remove(db, [row.id for row in rows.execute(db)])


def as_plain(episode: StoredEpisode) -> dict[str, Any]:
    """An episode as plain JSON values, times in ISO 8601, without its vector."""
    values = asdict(episode)
    del values["vector"], values["model"]
    return json.loads(json.dumps(values, default=datetime.isoformat))  # type: ignore[no-any-return]


_COLUMNS = (
    *("realm", "text", "started_at", "ended_at", "guild_id", "channel_id", "feeling", "importance"),
    *("importance_by", "insight", "protected", "state", "binned_at", "last_used_at", "vector", "model"),
)


def _values(episode: StoredEpisode) -> dict[str, Any]:
    pleasure, arousal, dominance = episode.pad or (None, None, None)
    return {
        **{name: getattr(episode, name) for name in _COLUMNS},
        "pleasure": pleasure,
        "arousal": arousal,
        "dominance": dominance,
    }


def _stored(row: Any) -> StoredEpisode:
    pad = None if row.pleasure is None else (row.pleasure, row.arousal, row.dominance)
    return StoredEpisode(**{name: getattr(row, name) for name in _COLUMNS}, pad=pad, row_id=row.id)


def _complete(db: Database, episodes: Sequence[StoredEpisode]) -> list[StoredEpisode]:
    people: dict[int, list[int]] = {}
    sources: dict[int, list[tuple[int | None, int]]] = {}
    cites: dict[int, list[int]] = {}
    for some in chunked([episode.row_id for episode in episodes], _MOST_AT_ONCE):
        for person in EpisodePersonRow.select().where(EpisodePersonRow.episode.in_(some)).execute(db):
            people.setdefault(person.episode_id, []).append(person.person_id)
        for source in EpisodeSourceRow.select().where(EpisodeSourceRow.episode.in_(some)).execute(db):
            sources.setdefault(source.episode_id, []).append((source.message_id, source.platform_id))
        for cite in CiteRow.select().where(CiteRow.insight.in_(some)).execute(db):
            cites.setdefault(cite.insight_id, []).append(cite.episode_id)
    return [
        replace(
            episode,
            people=tuple(people.get(episode.row_id, ())),
            sources=tuple(sources.get(episode.row_id, ())),
            cites=tuple(cites.get(episode.row_id, ())),
        )
        for episode in episodes
    ]


def _remove_baseless(db: Database) -> int:
    query = removal(EpisodeRow).where(
        EpisodeRow.insight, ~EpisodeRow.protected, EpisodeRow.id.not_in(CiteRow.select(CiteRow.insight))
    )
    return int(query.execute(db))

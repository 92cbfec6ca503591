"""A store as years of use leave it, for benchmarks.tables: every table that grows is full, with what people
really write. Written by bulk inserts into the app's own encrypted store."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

from peewee import Database, chunked

from core.app import App
from core.conversation.practice import ROOM_NAME, person_id
from core.logs import LOG_FILE, LogLine
from core.persona.identity import Persona
from db.base import MomentField, sql

NOW = datetime.now(UTC).replace(microsecond=0)
BUSY_ROOM = 7_000_001
# What nobody has 100,000 of: whatever is asked for, at most so many.
MOST = {
    "entries of a lorebook": 5_000,
    "personas": 500,
    "echoes": 100,
    "messages of practice": 500,
    "channels": 1_000,
}
_ENTRIES, _PERSONAS, _ECHOES, _PRACTISED, _CHANNELS = MOST.values()
_PRACTICE = person_id(f"#{ROOM_NAME}")
_BATCH = 2_000
_WORDS = (
    *("likes", "rain", "harbour", "bread", "Thursday", "tuba", "river", "sister", "Leeds", "sail", "radio"),
    *(
        "naïve",
        "Straße",
        "日本語のテキスト",
        "сегодня",
        "שלום-עולם",
        "مرحبا👋",
        "👩\u200d👩\u200d👧\u200d👦",
        "🏳️\u200d🌈",
    ),
    *("e\u0301te\u0301", "\u202eabc\u202c", "<b>fett</b>", "&amp;", "%s", "{name}"),
    "Donaudampfschifffahrtsgesellschaftskapitän",
)
_REASON = json.dumps({"key": "nobody asked it", "params": {}})
_CATEGORIES = ("likes", "work", "family", "hobbies", "plans")
Rows = Iterator[tuple[object, ...]]


def moment(at: datetime) -> int:
    """A moment as it lies in the store."""
    return MomentField().db_value(at) or 0


class Texts:
    """Made-up texts: most are short, one in fifty is a page long, and some have lines of their own."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)

    def one(self, number: int) -> str:
        words = self.chance.choices(_WORDS, k=self.chance.randrange(3, 16))
        text = " ".join((*words, str(number)))
        if number % 50 == 0:
            text = (text + "\n") * 30
        elif number % 7 == 0:
            text = text.replace(" ", "\n", 2)
        return text

    def name(self, number: int) -> str:
        return f"{self.chance.choice(_WORDS)} {self.chance.choice(_WORDS)} {number}"

    def ago(self, minutes: int) -> int:
        """A moment within so many minutes."""
        return moment(NOW - timedelta(minutes=self.chance.random() * minutes))


async def filled(app: App, rows: int) -> None:
    """Fill everything with so many rows."""
    texts = Texts(11)
    book = {"entries": [_entry(texts, number) for number in range(min(rows, _ENTRIES))]}
    finn = await app.personas.add(Persona(name="Finn"))
    await app.belongings.change(finn.id, finn.persona, book)
    await app.personas.choose(finn.id)
    for table, made in _tables(texts, rows, finn.id):
        for some in chunked(made(), _BATCH):
            await app.store.run(_insert, table, some)
    for number in range(min(rows, _PERSONAS)):
        await app.personas.add(Persona(name=f"persona {number}"))
    await app.store.run(_settle)
    _fill_log(app.logs, texts, rows)


def _insert(db: Database, table: str, rows: list[tuple[object, ...]]) -> None:
    marks = ",".join("?" * len(rows[0]))
    connection: Any = cast(Any, db).connection()
    connection.cursor().executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608


def _settle(db: Database) -> None:
    sql(db, "delete from embeddings_waiting")


def _tables(texts: Texts, rows: int, persona: int) -> Iterator[tuple[str, Callable[[], Rows]]]:
    """Each table with its columns, and what fills it."""
    year = 525_600
    numbers = range(1, rows + 1)
    start = NOW - timedelta(minutes=rows)

    def people() -> Rows:
        for at in numbers:
            first = texts.ago(year)
            yield at, "discord", 10_000 + at, texts.name(at), 0, "regular", first, texts.ago(year), at % 900

    def said() -> Rows:
        for at in numbers:
            who, own = 1 + at * at % min(rows, 500), at % 4 == 0
            name, sent = f"person {who}", moment(start + timedelta(minutes=at))
            yield at, at, 5, BUSY_ROOM, 10_000 + who, name, own, texts.one(at), sent

    def rooms() -> Rows:
        for at in numbers:
            yield (
                rows + at,
                rows + at,
                None,
                at,
                10_000 + at,
                f"person {at}",
                0,
                texts.one(at),
                texts.ago(year),
            )

    def practised() -> Rows:
        for at in numbers[:_PRACTISED]:
            sent = moment(NOW - timedelta(minutes=at))
            yield 3 * rows + at, 3 * rows + at, 2, _PRACTICE, person_id("Ada"), "Ada", 0, texts.one(at), sent

    def turns() -> Rows:
        for at in numbers:
            arrived = moment(start + timedelta(minutes=at))
            state, name = ("sent", "silent", "failed")[at % 3], texts.name(at)
            yield (
                f"t{at}",
                at,
                BUSY_ROOM,
                10_001,
                "harbour",
                name,
                state,
                _REASON,
                texts.one(at),
                arrived,
                arrived,
            )

    def facts() -> Rows:
        for at in numbers:
            when, who = texts.ago(year), 1 if at % 2 else 1 + at % min(rows, 200)
            kind = texts.chance.choice(_CATEGORIES)
            yield at, who, texts.one(at), kind, when, when, texts.chance.random() * 10, when, BUSY_ROOM

    def episodes() -> Rows:
        for at in numbers:
            when = texts.ago(year)
            yield at, texts.one(at), when, when, BUSY_ROOM, texts.chance.random() * 10, at % 9 == 0

    def moments() -> Rows:
        for at in numbers:
            mood = [texts.chance.uniform(-1, 1) for _ in range(3)]
            felt = json.dumps({"joy": round(texts.chance.random(), 2)})
            yield persona, texts.ago(31 * 1440), *mood, felt, at, at

    def bonds() -> Rows:
        for at in numbers[::3]:
            yield at, *(texts.chance.uniform(0, 10) for _ in range(3)), texts.ago(year)

    def attempts() -> Rows:
        for at in numbers:
            yield texts.ago(year), BUSY_ROOM, 1 + at % min(rows, 500), json.dumps(["role_change", "base64"])

    def receipts() -> Rows:
        for at in numbers:
            yield texts.ago(year), "export" if at % 2 else "erase", texts.name(at)

    def blocks() -> Rows:
        for at in numbers:
            yield 10_000 + at, texts.name(at), texts.ago(year)

    def echoes() -> Rows:
        for at in numbers[:_ECHOES]:
            yield 10_000 + at, texts.name(at), texts.ago(year), texts.ago(year)

    yield _into("people", "id realm platform_id name is_bot state first_seen last_seen message_count", people)
    yield _into("person_names", "person_id guild_id name first_seen last_seen", _second_names(texts, rows))
    columns = "id platform_id guild_id channel_id author_id author_name is_self text sent_at"
    fixed = {"realm": "discord", "is_bot": 0, "extras": "{}"}
    yield _into("messages", columns, said, fixed)
    yield _into("messages", columns, rooms, fixed)
    yield _into("messages", columns, practised, fixed | {"realm": "practice"})
    yield _into(
        "turns",
        "id message_id channel_id person_id place person state reason reply arrived_at changed_at",
        turns,
        {"realm": "discord", "guild_id": 5, "took_ms": 900, "trace": "{}"},
    )
    yield _into(
        "facts",
        "id person_id text category first_mentioned last_mentioned importance valid_from channel_id",
        facts,
        {
            "realm": "discord",
            "reference_count": 1,
            "importance_by": "rules",
            "trust": 0.8,
            "author_id": 10_001,
        }
        | {"guild_id": 5, "protected": 0, "state": "live"},
    )
    yield _into(
        "episodes",
        "id text started_at ended_at channel_id importance insight",
        episodes,
        {"realm": "discord", "guild_id": 5, "feeling": "calm", "importance_by": "rules", "protected": 0}
        | {"state": "live"},
    )
    yield _into("episode_people", "episode_id person_id", lambda: ((at, 1 + at % rows) for at in numbers))
    yield _into(
        "mood_moments",
        "persona_id at pleasure arousal dominance emotions message_id platform_id",
        moments,
        {"realm": "discord", "contact": 0.5, "novelty": 0.5, "rest": 0.5, "recognition": 0.5}
        | {"cause": "something was said", "cause_params": "{}"},
    )
    yield _into(
        "channels",
        "channel_id name seen_at",
        lambda: ((8_000_000 + at, f"room {at}", moment(NOW)) for at in numbers[:_CHANNELS]),
        {"realm": "discord", "guild_id": 5, "guild_name": "Harbour Lights", "is_public": 1},
    )
    yield _into("relationships", "person_id anger rapport trust at", bonds, {"formality": 0})
    yield _into(
        "attempts",
        "at channel_id person_id signs",
        attempts,
        {"realm": "discord", "guild_id": 5, "score": 1.5, "kind": "message"},
    )
    yield _into(
        "audit",
        "at act subject",
        receipts,
        {"realm": "discord", "by_name": "host", "before": "", "after": "json"},
    )
    yield _into("listed", "person_id person at", blocks, {"realm": "discord", "guild_id": 5, "list": "block"})
    yield _into(
        "echo_consents",
        "subject_id subject_name cutoff asked_at",
        echoes,
        {
            "realm": "discord",
            "guild_id": 5,
            "guild_name": "Harbour Lights",
            "asked_by_name": "",
            "source": "discord",
        }
        | {"permitted_by_name": "", "channels": "[]", "most": 1000, "retention_days": 30, "use": "{}"}
        | {"state": "asked"},
    )


def _second_names(texts: Texts, rows: int) -> Callable[[], Rows]:
    """A second name for everybody, as on another server."""

    def names() -> Rows:
        for at in range(1, rows + 1):
            when = texts.ago(525_600)
            yield at, 5, texts.name(at), when, when

    return names


def _into(
    table: str, columns: str, made: Callable[[], Rows], fixed: dict[str, object] | None = None
) -> tuple[str, Callable[[], Rows]]:
    more = fixed or {}
    names = ",".join(f'"{name}"' for name in (*columns.split(), *more))
    return f"{table}({names})", lambda: ((*row, *more.values()) for row in made())


def _entry(texts: Texts, number: int) -> dict[str, object]:
    return {
        "name": texts.name(number),
        "keys": [f"key{number}", texts.chance.choice(_WORDS)],
        "content": texts.one(number),
        "enabled": True,
        "insertion_order": number,
        "extensions": {},
    }


def _fill_log(folder: Path, texts: Texts, rows: int) -> None:
    """Lines as a run leaves them, over as many files as are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    levels = ("info", "info", "info", "warning", "error")
    files = 6
    for file in range(files):
        name = LOG_FILE if file == 0 else f"{LOG_FILE}.{file}"
        lines = [
            LogLine(
                NOW - timedelta(seconds=number + file * rows // files),
                levels[number % 5],
                "core.conversation.line",
                f"line {number} of {file}: {' '.join(texts.chance.choices(_WORDS, k=4))}",
            ).to_json()
            for number in range(rows // files, 0, -1)
        ]
        with (folder / name).open("a", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
    logging.getLogger("main").info("the log was filled")

"""What is kept of a person is theirs: to see, to take along, to have erased and to have stopped."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core.app import App, Config, open_app
from core.clock import VirtualClock
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.memory import edits
from core.persona.identity import sample
from core.privacy import PARTS, Privacy
from core.settings import BURST_SECONDS
from db import (
    attempts,
    audit,
    channel_settings,
    conversations,
    echo_consents,
    echo_jobs,
    echo_messages,
    echo_sessions,
    echoes,
    episodes,
    facts,
    messages,
    modlog,
    people,
    persona_access,
    personas,
    ratings,
    reminders,
    servers,
    tickets,
    turns,
    warnings,
    watermarks,
)
from db.attempts import StoredAttempt
from db.audit import StoredEntry
from db.base import Database, sql
from db.conversations import StoredConversation
from db.episodes import StoredEpisode
from db.facts import Source, StoredFact
from db.messages import StoredMessage
from db.modlog import StoredDeed
from db.persona_access import StoredAccess
from db.ratings import StoredRating
from db.schema import MODELS
from db.turns import TurnState
from db.warnings import StoredWarning
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
ADA, BOB, GUILD, GENERAL, DIRECT = 90_817_263_544, 5_555, 70, 71, 72
CANARY = "Quetzalfeder"
NAME = "Adabelle"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    config = Config(
        tmp_path / "data",
        environ={"ECHODECK_KEY": "11" * 32},
        clock=VirtualClock(NOW),
        chance=Random(7),
        pace="instant",
        seeded=True,
    )
    async with open_app(config) as opened:
        opened.desk.roles = FakeRoles(FakeBrain(f"I know, {NAME}: {CANARY}."))
        await opened.personas.add(sample("Finn"))
        await opened.settings.put(BURST_SECONDS, 0)
        yield opened


@pytest.fixture
def privacy(app: App) -> Privacy:
    return app.privacy


class OpenDoor:
    """A door that only counts what it posts."""

    self_id = 1

    def __init__(self) -> None:
        self.posted: list[str] = []

    def typing(self, place: Place) -> Any:
        from contextlib import nullcontext

        class Typing(nullcontext[None]):
            async def __aenter__(self) -> None: ...
            async def __aexit__(self, *raised: object) -> None: ...

        return Typing()

    def writing(self, turn_id: str, text: str) -> None: ...

    async def post(self, place: Place, text: str, nonce: str, answers: int | None) -> int:
        self.posted.append(text)
        return 1_000_000 + len(self.posted)

    async def already_posted(self, place: Place, text: str, answers: int) -> int | None:
        return None


def place(direct: bool = False) -> Place:
    if direct:
        return Place(Realm.DISCORD, DIRECT, NAME, is_direct=True)
    return Place(Realm.DISCORD, GENERAL, "general", GUILD, "Harbour", is_public=True)


async def says(app: App, door: OpenDoor, number: int, who: int, text: str, *, direct: bool = False) -> None:
    name = NAME if who == ADA else "Bob"
    at = app.config.clock.now()
    message = IncomingMessage(number, place(direct), Author(who, name), text, at, mentions_me=True)
    await app.line.take(message, door)
    while app.line.tasks:
        for task in list(app.line.tasks):
            await task


async def everything_of_ada(app: App) -> int:
    """Let her leave a trace in every table that can hold one; answers her row id."""
    door = OpenDoor()
    await says(app, door, 11, ADA, f"my secret word is {CANARY}, thank you so much!")
    await says(app, door, 12, ADA, f"and it is {CANARY} here too", direct=True)
    await says(app, door, 13, BOB, "what was that word again?")
    await says(app, door, 14, BOB, "and who was it that knew?")
    assert len(door.posted) == 4
    person = await app.store.run(people.find, "discord", ADA)
    bob = await app.store.run(people.find, "discord", BOB)
    assert person is not None
    assert bob is not None
    said = await app.store.run(messages.by_platform_id, "discord", 11)
    assert said is not None
    await app.store.run(_seed, person.row_id, bob.row_id, said)
    kept = (await app.personas.every())[0]
    turn = await app.store.run(turns.of_message, "discord", 11)
    assert turn is not None
    await app.feedback.rate(turn.id, "good", by=ADA)
    assert any(CANARY in line for line in (await app.personas.get(kept.id)).persona.examples)
    await app.notebook.edit((await app.store.read(_fact_of, person.row_id)), f"likes {CANARY} most", "likes")
    return person.row_id


def _fact_of(db: Database, person_id: int) -> int:
    return facts.of_person(db, person_id)[0].row_id


def fact(person_id: int, text: str, said: StoredMessage, platform_id: int) -> StoredFact:
    source = Source(said.row_id, platform_id, ADA, GUILD, GENERAL, text, NOW)
    return StoredFact(
        person_id, "discord", text, "likes", NOW, NOW, 1, 5.0, "rules", 0.8, NOW, ADA, GUILD, GENERAL,
        sources=(source,),
    )  # fmt: skip


def _seed(db: Database, ada: int, bob: int, said: StoredMessage) -> None:
    facts.insert(db, fact(ada, f"{NAME} likes {CANARY}", said, 11))
    told = facts.insert(db, fact(bob, f"Bob borrowed {CANARY}", said, 11))
    edits.edit(db, told.row_id, f"Bob stole {CANARY}", "things", None, NOW)
    together = StoredEpisode(
        *("discord", f"{NAME} told of {CANARY}", NOW, NOW, GUILD, GENERAL, 5.0),
        people=(ada, bob),
        sources=((said.row_id, 11),),
    )
    episodes.insert(db, together)
    conversations.put(
        db,
        StoredConversation(
            "discord", "71", str(GUILD), str(ADA), (str(ADA), str(BOB)), NOW, NOW, CANARY,
            {"participants": [ADA, BOB], "summary": CANARY, "history": []},
        ),
    )  # fmt: skip
    attempts.add(
        db, StoredAttempt(NOW, "discord", GUILD, GENERAL, ada, said.row_id, 1.0, "message", (CANARY,))
    )
    reminders.add(
        db,
        reminders.StoredReminder(
            "discord",
            GUILD,
            GENERAL,
            "general",
            "Harbour",
            ADA,
            NAME,
            CANARY,
            NOW,
            NOW + timedelta(days=1),
            NOW,
        ),
    )
    warnings.add(db, StoredWarning("discord", GUILD, ADA, NAME, BOB, "Bob", CANARY, NOW))
    warnings.add(db, StoredWarning("discord", GUILD, BOB, "Bob", ADA, NAME, "noise", NOW))
    modlog.add(db, StoredDeed("discord", GUILD, "warn", ADA, NAME, BOB, "Bob", CANARY, NOW))
    tickets.open_ticket(db, "discord", GUILD, ADA, NAME, CANARY, NOW)
    servers.enlist(db, "discord", GUILD, ADA, NAME, servers.BLOCK, ADA, NOW)
    servers.put(db, "discord", GUILD, "answers", "everywhere", ADA, NOW)
    channel_settings.put(db, "discord", GUILD, GENERAL, "talkativeness", 3, ADA, NOW)
    watermarks.advance(db, "discord", "facts", ADA, said.row_id, NOW)
    audit.note(db, StoredEntry(NOW, "discord", GUILD, ADA, NAME, "memory", NAME, ADA, CANARY, CANARY))
    persona, open_to = personas.every(db)[0], {"people": [ADA], "everyone": True}
    persona_access.put(db, StoredAccess(persona.row_id, open_to, open_to))
    _seed_echoes(db)


def _seed_echoes(db: Database) -> None:
    """An echo of hers, with all that is made from it; and one of Bob's that she asked for and talked with."""
    hers = echo_consents.add(db, _consent(ADA, NAME, BOB, "Bob"))
    his = echo_consents.add(db, _consent(BOB, "Bob", ADA, NAME))
    for consent in (hers, his):
        echo_consents.permit(db, consent.id, ADA, NAME, NOW)
        echo_consents.accept(db, consent.id, NOW, NOW + timedelta(days=90))
    echo_messages.keep(db, hers.id, [echo_messages.StoredOwn(11, GENERAL, NOW, f"I say {CANARY}")])
    echo_messages.put_mark(db, hers.id, echo_messages.Mark(GENERAL, 11))
    echoes.begin(db, hers.id, NOW)
    echoes.put_profile(db, hers.id, CANARY.encode(), 1, {"mark": CANARY})
    job = echo_jobs.add(db, hers.id, "collect", NOW)
    echo_jobs.write(db, job.id, echo_jobs.StoredJobLine(NOW, "info", "read {n}", {"n": CANARY}))
    for consent in (hers, his):
        session = echo_sessions.start(db, consent.id, "discord", GUILD, (GENERAL, "general"), ADA, NOW)
        said = echo_sessions.StoredReply(
            *(0, session.id, consent.id, NOW, 11, ADA, 77 + consent.id, f"so {CANARY}"),
            *("a model", 3, 10, 20, 1),
        )
        number = echo_sessions.keep_reply(db, said)
        echo_sessions.vote(db, number, ADA, True, NOW)


def _consent(subject: int, name: str, by: int, by_name: str) -> echo_consents.StoredConsent:
    return echo_consents.StoredConsent(
        *(0, "discord", GUILD, "Harbour", subject, name, by, by_name, None, "", "discord", (), NOW, 500),
        *(90, {"everyone": True}, echo_consents.ASKED, NOW),
    )


def whole_file(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, those of the full-text index too."""
    names = [name for (name,) in sql(db, "select name from sqlite_master where type = 'table'").fetchall()]
    found = {name: sql(db, f'select * from "{name}"').fetchall() for name in names}  # noqa: S608
    sql(db, "create virtual table temp.words using fts5vocab(main, message_words, 'row')")
    found["words of the index"] = sql(db, "select term from temp.words").fetchall()
    sql(db, "drop table temp.words")
    return found


def hits(rows: dict[str, list[tuple[Any, ...]]], *wanted: str) -> dict[str, int]:
    """In which tables something still stands, as text or in a blob, and how often."""
    found: dict[str, int] = {}
    for name, some in rows.items():
        for row in some:
            for value in row:
                text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                if any(each.casefold() in text.casefold() for each in wanted):
                    found[name] = found.get(name, 0) + 1
    return found


TABLES_OF_A_PERSON = {
    *("messages", "people", "person_names", "turns", "turn_parts", "relationships", "relationship_changes"),
    *("facts", "fact_sources", "episodes", "episode_people", "episode_sources", "watermarks"),
    *("memory_changes", "conversations", "conversation_people", "channel_settings", "reminders", "attempts"),
    "persona_access",
    *("warnings", "modlog", "tickets", "server_settings", "listed", "ratings", "audit", "mood_moments"),
    *("echo_consents", "echo_consent_events", "echo_messages", "echoes", "echo_job_lines", "echo_sessions"),
    *("echo_replies", "echo_votes"),
}


async def test_an_erased_person_is_nowhere_in_the_file(app: App, privacy: Privacy) -> None:
    ada = await everything_of_ada(app)
    before = await app.store.run(whole_file)
    found = hits(before, CANARY, NAME, str(ADA))
    assert set(found) >= {"messages", "words of the index", "turns", "facts", "fact_sources", "personas"}
    assert set(found) >= TABLES_OF_A_PERSON - {
        *("relationships", "relationship_changes", "mood_moments", "episode_people", "episode_sources"),
    }
    receipt = await privacy.erase("discord", ADA)
    assert receipt.total > 20
    after = await app.store.run(whole_file)
    assert hits(after, CANARY, NAME, str(ADA)) == {}
    assert [row for row in before["relationships"] if row[1] == ada]
    assert not [row for row in after["relationships"] if row[1] == ada]
    wal = app.store.path.with_name(app.store.path.name + "-wal")
    assert not wal.exists() or wal.stat().st_size == 0


async def test_a_mention_by_others_keeps_its_sentence_and_loses_whom_it_called(
    app: App, privacy: Privacy
) -> None:
    door = OpenDoor()
    await says(app, door, 11, ADA, "hello there")
    await says(app, door, 12, BOB, f"good morning <@{ADA}>, that is {ADA}, not 1{ADA}")
    await privacy.erase("discord", ADA)
    kept = await app.store.run(messages.by_platform_id, "discord", 12)
    assert kept is not None
    assert kept.text == f"good morning somebody, that is somebody, not 1{ADA}"
    rows = await app.store.run(whole_file)
    assert not [row for row in rows["messages"] if f"<@{ADA}>" in str(row)]
    assert str(ADA) not in {term for (term,) in rows["words of the index"]}


async def test_nothing_of_others_goes_along(app: App, privacy: Privacy) -> None:
    await everything_of_ada(app)
    await privacy.erase("discord", ADA)
    kept = await app.store.run(messages.by_platform_id, "discord", 13)
    assert kept is not None
    assert kept.text == "what was that word again?"
    bob = await privacy.export("discord", BOB)
    assert [each["text"] for each in bob["messages"]] == [
        "what was that word again?",
        "and who was it that knew?",
    ]
    assert [each["reason"] for each in bob["warnings"]] == ["noise"]
    assert (await app.store.run(servers.get, "discord", GUILD))["answers"] == "everywhere"


async def test_everybody_who_holds_something_of_a_person_says_so(app: App, privacy: Privacy) -> None:
    await everything_of_ada(app)
    exported = await privacy.export("discord", ADA)
    assert json.loads(json.dumps(exported)) == exported
    empty = [part.name for part in PARTS if not exported[part.name]]
    assert empty == []
    assert exported["person"]["name"] == NAME
    text = json.dumps(exported)
    assert text.count(CANARY) > 10
    assert "what was that word again?" not in text  # Bob's own words are Bob's
    kept = await privacy.kept("discord", ADA)
    assert kept.stance == ""
    assert len(kept.counts) == len(PARTS)


def test_a_new_table_is_looked_at() -> None:
    """Whoever adds a table decides here whether it can hold something of a person."""
    nobodys = {
        *("personas", "state", "settings", "secrets", "occurrences", "channels", "quirks", "quirk_changes"),
        *("moods", "memory_runs", "episode_cites", "persona_files"),
        # They hold numbers of consents only, and go with those.
        *("echo_marks", "echo_jobs", "echo_models"),
    }
    by_message = {"embeddings", "embeddings_waiting"}
    every = {model._meta.table_name for model in MODELS}
    assert every - nobodys - by_message == TABLES_OF_A_PERSON


async def test_an_erased_person_is_not_collected_again(app: App, privacy: Privacy) -> None:
    await everything_of_ada(app)
    await privacy.erase("discord", ADA)
    door = OpenDoor()
    await says(app, door, 31, ADA, f"hello, it is me, {CANARY}")
    assert door.posted == []
    assert hits(await app.store.run(whole_file), CANARY, NAME, str(ADA)) == {}
    assert await privacy.stance("discord", ADA) == "erased"
    assert await privacy.stance("discord", BOB) == ""
    assert (await privacy.export("discord", ADA))["person"] is None


async def test_who_opts_in_again_begins_as_a_stranger(app: App, privacy: Privacy) -> None:
    await everything_of_ada(app)
    await privacy.erase("discord", ADA)
    assert await privacy.opt_in("discord", ADA)
    assert not await privacy.opt_in("discord", ADA)
    door = OpenDoor()
    await says(app, door, 31, ADA, "hello")
    assert len(door.posted) == 1
    person = await app.store.run(people.find, "discord", ADA)
    assert person is not None
    assert (person.state, person.message_count) == ("new", 1)


async def test_who_opts_out_is_neither_kept_nor_answered(app: App, privacy: Privacy) -> None:
    door = OpenDoor()
    await says(app, door, 11, ADA, "hello")
    await privacy.opt_out("discord", ADA)
    await says(app, door, 12, ADA, f"are you there? {CANARY}")
    assert len(door.posted) == 1
    assert hits(await app.store.run(whole_file), "are you there") == {}
    assert (await app.store.run(messages.by_platform_id, "discord", 11)) is not None
    await app.line.edited(Realm.DISCORD, 11, f"hello {CANARY}", NOW)
    assert (await app.store.run(messages.by_platform_id, "discord", 11)) is None
    assert await privacy.opt_in("discord", ADA)
    await says(app, door, 13, ADA, "and now?")
    assert len(door.posted) == 2


async def test_who_was_never_met_can_opt_out_without_being_written_down(app: App, privacy: Privacy) -> None:
    await privacy.opt_out("discord", ADA)
    await privacy.opt_out("discord", ADA)
    assert hits(await app.store.run(whole_file), str(ADA)) == {}
    door = OpenDoor()
    await says(app, door, 11, ADA, "hello")
    assert door.posted == []
    receipt = await privacy.erase("discord", ADA)
    assert receipt.total == 0


async def test_the_files_of_conversations_are_erased_too(app: App, privacy: Privacy) -> None:
    folder = app.config.data_dir / "conversations"
    folder.mkdir()
    line = {"meta": {"requester": ADA}, "message_content": CANARY}
    theirs = {"requester": ADA, "participants": [ADA], "summary": CANARY, "history": [line]}
    shared = {"requester": BOB, "participants": [BOB, ADA], "summary": CANARY, "history": [line]}
    (folder / "a.json").write_text(json.dumps(theirs))
    (folder / "b.json").write_text(json.dumps(shared))
    (folder / "c.json").write_text("no JSON at all")
    await says(app, OpenDoor(), 11, ADA, "hello")
    await privacy.erase("discord", ADA)
    assert sorted(path.name for path in folder.iterdir()) == ["b.json", "c.json"]
    assert CANARY not in (folder / "b.json").read_text()
    assert json.loads((folder / "b.json").read_text())["participants"] == [BOB]


async def test_the_rating_by_another_goes_with_the_words(app: App, privacy: Privacy) -> None:
    await says(app, OpenDoor(), 11, ADA, "hello")
    turn = await app.store.run(turns.of_message, "discord", 11)
    assert turn is not None
    assert turn.state is TurnState.SENT
    rating = StoredRating(turn.id, BOB, ratings.NEVER, 1, CANARY, NOW)
    await app.store.run(ratings.put, rating)
    await privacy.erase("discord", ADA)
    assert hits(await app.store.run(whole_file), CANARY) == {}

"""Erased is erased: in the store, beside it, in the copies, and again when an old copy comes back; what is
deleted takes along what came of it; what has been kept for its time goes; and all of it, if so wished."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core import policy, starting_over
from core.app import App, Config, open_app
from core.clock import VirtualClock
from core.conversation.message import Realm
from core.keeping import KEEP_ARCHIVE, KEEP_LOGS, KEEP_MESSAGES, KEEP_TRACES
from core.logs import set_up_logging
from core.persona.identity import sample
from core.privacy import HOST
from core.retention import Retention
from core.settings import BURST_SECONDS, CONVERSATION_FILES
from db import attempts, backup, connection, conversations, episodes, facts, messages, people, turns
from db.attempts import StoredAttempt
from db.backup import Reason
from db.base import Database
from db.conversations import StoredConversation
from db.episodes import StoredEpisode
from db.facts import Source, StoredFact
from db.messages import StoredMessage
from tests.core.test_privacy import (
    ADA,
    BOB,
    CANARY,
    GENERAL,
    GUILD,
    NAME,
    NOW,
    OpenDoor,
    everything_of_ada,
    hits,
    says,
    whole_file,
)
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

KEY = bytes.fromhex("11" * 32)
DAY = timedelta(days=1)


def _config(folder: Path, clock: VirtualClock) -> Config:
    return Config(
        folder,
        environ={"ECHODECK_KEY": KEY.hex()},
        clock=clock,
        chance=Random(7),
        pace="instant",
        seeded=True,
        rounds=False,
    )


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
async def app(folder: Path, clock: VirtualClock) -> AsyncIterator[App]:
    async with open_app(_config(folder, clock)) as opened:
        await _furnish(opened)
        yield opened


async def _furnish(app: App) -> None:
    app.desk.roles = FakeRoles(FakeBrain(f"I know, {NAME}: {CANARY}."))
    await app.personas.add(sample("Finn"))
    await app.settings.put(BURST_SECONDS, 0)


def _bytes_left(folder: Path, *wanted: str) -> dict[str, list[str]]:
    """In which files the bytes of something stand, however they are written."""
    found: dict[str, list[str]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        for text in wanted:
            shapes = [text.encode(), text.encode("utf-16-le"), json.dumps(text)[1:-1].encode()]
            if text.isdigit():
                shapes += [int(text).to_bytes(8, "big"), int(text).to_bytes(8, "little")]
            if any(shape in data for shape in shapes):
                found.setdefault(path.name, []).append(text)
    return found


def _dumped(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a store or a backup, read from a copy of the file itself."""
    with closing(connection.plainly_writing(file, KEY)) as database:
        database.connect()
        return whole_file(database)


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def _leave_traces_everywhere(app: App, folder: Path) -> None:
    """In the store, in files, in the log, and in a backup."""
    await app.settings.put(CONVERSATION_FILES, True)
    await everything_of_ada(app)
    files = folder / "conversations"
    files.mkdir(exist_ok=True)
    line = {"meta": {"requester": ADA}, "message_content": CANARY}
    for name, by in (("a.json", ADA), ("b.json", BOB)):
        kept = {"requester": by, "participants": [BOB, ADA], "summary": CANARY, "history": [line]}
        (files / name).write_text(json.dumps(kept))
    logging.getLogger("library").warning("could not reach %s", ADA)
    logging.getLogger("library").warning("the member %s was not found", NAME)
    await app.store.back_up(Reason.DAILY, NOW)


async def test_no_byte_of_an_erased_person_is_left_anywhere(app: App, folder: Path, tmp_path: Path) -> None:
    with set_up_logging(folder / "logs"):
        await _leave_traces_everywhere(app, folder)
        before = _bytes_left(folder, CANARY, NAME, str(ADA))
        assert {"a.json", "b.json", "echodeck.log"} <= set(before)
        receipt = await app.privacy.erase("discord", ADA, by=HOST)
        assert receipt.touched["files"] == 2
        assert receipt.touched["log"] >= 2
        assert receipt.touched["messages"] >= 2
        assert receipt.touched["echo.messages"] == 1
        assert await app.privacy.copies.clean_and_tell() == 1
        assert _bytes_left(folder, CANARY, NAME, str(ADA)) == {}
    (copy,) = app.backups.listed()
    for name, file in {"store": app.store.path, "backup": copy.path}.items():
        there = tmp_path / f"{name}.db"
        shutil.copy(file, there)
        wal = file.with_name(f"{file.name}-wal")
        if wal.exists():
            shutil.copy(wal, there.with_name(f"{there.name}-wal"))
        assert hits(_dumped(there), CANARY, NAME, str(ADA)) == {}, name
    assert not (await app.store.check()).problems
    seen = await app.holdings.watch()
    assert [entry.act for entry in seen.log[:2]] == ["erase.copies", "erase"]
    assert seen.log[1].by_name == "host"
    assert str(ADA) not in str(seen)


async def test_a_backup_that_comes_back_does_not_bring_an_erased_person_back(
    folder: Path, clock: VirtualClock
) -> None:
    async with open_app(_config(folder, clock)) as app:
        await _furnish(app)
        await everything_of_ada(app)
        copy = await app.store.back_up(Reason.BY_HAND, NOW)
        await app.privacy.erase("discord", ADA)
    assert str(ADA) not in await asyncio.to_thread((folder / ".erased.json").read_text)
    backup.restore(folder / "echodeck.db", KEY, copy.path, NOW)
    async with open_app(_config(folder, clock)) as app:
        assert hits(await app.store.run(whole_file), CANARY, NAME, str(ADA)) == {}
        assert await app.privacy.stance("discord", ADA) == "erased"
        assert (await app.store.run(people.find, "discord", BOB)) is not None
        assert (await app.holdings.watch()).log[0].act == "erase.again"


async def test_who_opted_in_again_is_left_in_peace_at_the_next_start(
    folder: Path, clock: VirtualClock
) -> None:
    async with open_app(_config(folder, clock)) as app:
        await _furnish(app)
        await says(app, OpenDoor(), 11, ADA, "hello")
        await app.privacy.erase("discord", ADA)
        await app.privacy.opt_in("discord", ADA)
        await says(app, OpenDoor(), 12, ADA, "hello again")
    async with open_app(_config(folder, clock)) as app:
        assert await app.privacy.stance("discord", ADA) == ""
        assert (await app.store.run(messages.by_platform_id, "discord", 12)) is not None
        assert await app.privacy.copies.clean() == 0


async def test_a_backup_under_another_key_is_left_alone(app: App, folder: Path) -> None:
    await says(app, OpenDoor(), 11, ADA, "hello")
    made = await app.store.back_up(Reason.DAILY, NOW)
    made.path.write_bytes(os.urandom(8192))
    await app.privacy.erase("discord", ADA)
    assert await app.privacy.copies.clean() == 0
    assert made.path.exists()


# --- a message that is deleted ---------------------------------------------------------------------------


def _fact(person_id: int, text: str, *sources: tuple[int, int, str]) -> StoredFact:
    return StoredFact(
        person_id, "discord", text, "likes", NOW, NOW, 1, 5.0, "rules", 0.8, NOW, ADA, GUILD, GENERAL,
        sources=tuple(Source(row, number, ADA, GUILD, GENERAL, said, NOW) for row, number, said in sources),
    )  # fmt: skip


def _learn(db: Database) -> None:
    ada = people.find(db, "discord", ADA)
    one, two = messages.by_platform_id(db, "discord", 11), messages.by_platform_id(db, "discord", 12)
    assert ada is not None
    assert one is not None
    assert two is not None
    first, second = (one.row_id, 11, one.text), (two.row_id, 12, two.text)
    facts.insert(db, _fact(ada.row_id, f"{NAME} hides {CANARY}", first))
    facts.insert(db, _fact(ada.row_id, f"{NAME} keeps bees, and {CANARY}", first, second))
    facts.insert(db, _fact(ada.row_id, f"{NAME} keeps bees", first, second))
    for text, sources in (
        (f"{NAME} told of {CANARY}", ((one.row_id, 11), (two.row_id, 12))),
        (f"{NAME} told of bees", ((one.row_id, 11), (two.row_id, 12))),
    ):
        episodes.insert(
            db,
            StoredEpisode(
                *("discord", text, NOW, NOW, GUILD, GENERAL, 5.0), people=(ada.row_id,), sources=sources
            ),
        )
    conversations.put(
        db,
        StoredConversation(
            "discord", str(GENERAL), str(GUILD), str(ADA), (str(ADA), str(BOB)), NOW, NOW, f"of {CANARY}",
            {
                "participants": [ADA],
                "summary": f"of {CANARY}",
                "history": [{"message_content": one.text, "meta": {"requester": ADA}}],
            },
        ),
    )  # fmt: skip


async def test_a_deleted_message_takes_along_what_was_learnt_from_it_alone(app: App) -> None:
    door = OpenDoor()
    await says(app, door, 11, ADA, f"I keep bees and I hide {CANARY}")
    await says(app, door, 12, ADA, "I do keep bees, you know")
    await says(app, door, 13, BOB, "what was it she said?")
    await app.store.run(_learn)
    assert set(hits(await app.store.run(whole_file), CANARY)) >= {
        "turns",
        "facts",
        "fact_sources",
        "episodes",
    }
    await app.line.deleted(Realm.DISCORD, [11])
    person = await app.store.run(people.find, "discord", ADA)
    assert person is not None
    known = await app.store.run(facts.of_person, person.row_id)
    assert [(each.text, len(each.sources)) for each in known] == [(f"{NAME} keeps bees", 1)]
    together = await app.store.run(episodes.of_person, person.row_id)
    assert [each.text for each in together] == [f"{NAME} told of bees"]
    left = hits(await app.store.run(whole_file), CANARY)
    # What the bot said to Bob is its own message on Discord; the index forgets at its next tidying.
    assert set(left) <= {"messages", "turns", "turn_parts", "words of the index"}, left
    told = await app.store.run(turns.of_message, "discord", 13)
    assert told is not None
    assert CANARY not in json.dumps(told.trace)
    assert "I do keep bees" not in json.dumps(told.trace)
    assert told.trace["model"]


async def test_a_deleted_message_goes_out_of_the_talk_under_way_and_out_of_files(
    app: App, folder: Path
) -> None:
    await says(app, OpenDoor(), 11, ADA, "I hide a feather")
    files = folder / "conversations"
    await asyncio.to_thread(files.mkdir)
    line = {"meta": {"requester": ADA}, "message_content": "I hide a feather"}
    other = {"meta": {"requester": BOB}, "message_content": "I hide a stone"}
    kept = {"requester": BOB, "participants": [BOB, ADA], "summary": "a feather", "history": [line, other]}
    (files / "a.json").write_text(json.dumps(kept))
    (files / "b.json").write_text("no JSON at all")
    await app.line.deleted(Realm.DISCORD, [11])
    assert app.desk.threads is not None
    under_way = app.desk.threads._manager.get_all_conversations()
    assert under_way
    assert "feather" not in json.dumps([each.to_json() for each in under_way.values()])
    left = json.loads((files / "a.json").read_text())
    assert [entry["message_content"] for entry in left["history"]] == ["I hide a stone"]
    assert left["summary"] == ""


async def test_an_answer_that_repeats_a_deleted_secret_goes_with_it(app: App) -> None:
    door = OpenDoor()
    await says(app, door, 11, ADA, f"my secret is {CANARY}")
    assert CANARY in door.posted[0]
    await app.line.deleted(Realm.DISCORD, [11])
    assert set(hits(await app.store.run(whole_file), CANARY)) <= {"words of the index"}


# --- what has been kept for its time ---------------------------------------------------------------------


def _words_kept(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """What holds words; vectors are made meanwhile."""
    kept = ("messages", "turns", "facts", "fact_sources", "episodes", "conversations", "attempts", "audit")
    return {name: rows for name, rows in whole_file(db).items() if name in kept}


def _retention(app: App) -> Retention:
    return Retention(app.store, app.settings, app.bus, app.config.clock, app.config.data_dir)


async def test_nothing_goes_while_everything_is_to_be_kept(app: App, clock: VirtualClock) -> None:
    for setting in (KEEP_MESSAGES, KEEP_ARCHIVE, KEEP_TRACES, KEEP_LOGS):
        await app.settings.put(setting, 0)
    await everything_of_ada(app)
    before = await app.store.run(_words_kept)
    clock.step((4000 * DAY).total_seconds())
    assert (await _retention(app).run()).gone == {}
    assert await app.store.run(_words_kept) == before


async def test_old_messages_go_with_all_that_came_of_them(app: App, clock: VirtualClock) -> None:
    door = OpenDoor()
    await says(app, door, 11, ADA, f"I keep bees and I hide {CANARY}")
    await says(app, door, 12, ADA, "I do keep bees, you know")
    await app.store.run(_learn)
    clock.step((31 * DAY).total_seconds())
    await says(app, door, 21, BOB, "a new day")
    await app.settings.put(KEEP_MESSAGES, 30)
    await app.settings.put(KEEP_TRACES, 30)
    await app.settings.put(KEEP_ARCHIVE, 30)
    aged = await _retention(app).run()
    assert aged.gone["messages"] >= 2
    assert aged.gone["learnt"] == 5
    left = set(hits(await app.store.run(whole_file), "bees"))
    assert left <= {"turns"}, left
    assert (await app.store.run(messages.by_platform_id, "discord", 21)) is not None
    assert (await app.holdings.watch()).log[0].act == "age"
    assert (await _retention(app).run()).gone == {}


async def test_old_traces_keep_their_figures_only(app: App, clock: VirtualClock) -> None:
    await says(app, OpenDoor(), 11, ADA, f"hello {CANARY}")
    ada = await app.store.run(people.find, "discord", ADA)
    assert ada is not None
    await app.store.run(
        attempts.add, StoredAttempt(NOW, "discord", GUILD, GENERAL, ada.row_id, None, 1.0, "message")
    )
    clock.step((91 * DAY).total_seconds())
    aged = await _retention(app).run()
    assert aged.gone["turns"] == 1
    assert aged.gone["attempts"] == 1
    turn = await app.store.run(turns.of_message, "discord", 11)
    assert turn is not None
    assert CANARY not in json.dumps(turn.trace)
    assert turn.trace["tokens"]
    assert turn.reply
    assert (await app.store.run(messages.by_platform_id, "discord", 11)) is not None


async def test_old_lines_of_the_log_go_while_it_is_written(
    app: App, folder: Path, clock: VirtualClock
) -> None:
    with set_up_logging(folder / "logs"):
        log = logging.getLogger("a part")
        log.info("this is now")
        file = folder / "logs" / "echodeck.log"
        old = file.read_text().splitlines()[0].replace("this is now", "this was long ago")
        stamp = json.loads(old) | {"at": (NOW - 400 * DAY).isoformat()}
        file.write_text(json.dumps(stamp) + "\n" + file.read_text())
        assert (await _retention(app).run()).gone == {"log": 1}
        log.info("and this is later")
        told = [json.loads(line)["text"] for line in file.read_text().splitlines()]
    assert "this was long ago" not in told
    assert told[0] == "this is now"
    assert "and this is later" in told


async def test_many_old_messages_go_piece_by_piece(app: App, clock: VirtualClock) -> None:
    def fill(db: Database) -> None:
        for number in range(350):
            messages.record(
                db,
                StoredMessage(
                    *("discord", 5000 + number, GUILD, GENERAL, BOB, "Bob", False, False, f"old {number}"),
                    *(None, NOW - 400 * DAY),
                ),
            )

    await app.store.run(fill)
    await app.settings.put(KEEP_MESSAGES, 30)
    aged = await _retention(app).run()
    assert aged.gone["messages"] == 350


# --- everything ------------------------------------------------------------------------------------------


class Keyring:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


async def test_everything_goes_and_the_next_start_is_the_first(folder: Path, clock: VirtualClock) -> None:
    keyring = Keyring()
    config = Config(folder, {}, keyring, clock, Random(7), pace="instant", seeded=True, rounds=False)
    with set_up_logging(folder / "logs"):
        async with open_app(config) as app:
            await _furnish(app)
            await app.secrets.keep_token("a token that is long enough")
            await _leave_traces_everywhere(app, folder)
            assert len(keyring.kept) == 2
            await app.privacy.start_over()
            assert (await app.store.run(people.find, "discord", ADA)) is not None  # not before it is closed
        assert keyring.kept == {}
        left = _files(folder)
        assert left in (
            ["erased-everything.json", "lock"],
            ["erased-everything.json", "lock", "logs/echodeck.log"],
        )
        assert _bytes_left(folder, CANARY, NAME, str(ADA)) == {}
    async with open_app(config) as app:
        assert await app.personas.every() == []
        assert "Everything was erased" in str(app.said[0])
        assert await app.secrets.token() is None
    async with open_app(config) as app:
        assert app.said == ()


async def test_an_end_that_was_cut_short_is_finished_at_the_next_start(
    folder: Path, clock: VirtualClock
) -> None:
    async with open_app(_config(folder, clock)) as app:
        await _furnish(app)
    starting_over.note_down(folder, NOW)  # and then it was killed
    (folder / "store.json").unlink()
    async with open_app(_config(folder, clock)) as app:
        assert await app.personas.every() == []


# --- what people are told --------------------------------------------------------------------------------


async def test_the_policy_changes_with_the_settings(app: App) -> None:
    told = policy.as_text(await policy.in_force(app.settings, "Finn"))
    assert "Finn is a bot" in told
    assert "plain, unencrypted files" not in told
    assert "after 90 days" in told
    await app.settings.put(CONVERSATION_FILES, True)
    await app.settings.put(KEEP_LOGS, 1)
    told = policy.as_text(await policy.in_force(app.settings))
    assert "plain, unencrypted files" in told
    assert "its lines are deleted after one day" in told

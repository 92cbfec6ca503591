"""An old file arrives whole in the new schema, or stays the old file: never anything between."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import Database
from playhouse.schema_diff import diff_models

from core.errors import explain
from db import backup, connection, faults, header, messages, people, schema, state, turns, upgrade
from db.base import sql
from db.header import KeySource
from db.messages import Message
from db.store import Store
from tests.db.conftest import KEY, NOON, content, message

_SECOND = """
from peewee import AutoField, IntegerField, Model, TextField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("people", "karma", IntegerField(default=7)),
        migrator.rename_column("personas", "document", "card"),
        migrator.drop_column("turns", "person", legacy=True),
    )

    class Memory(Model):
        id = AutoField()
        text = TextField(index=True)

        class Meta:
            database = db
            table_name = "memories"

    db.create_tables([Memory])
    db.execute_sql("insert into memories(text) select text from messages")
"""
_THIRD = """
def up(migrator, db):
    db.execute_sql("update people set karma = karma + 1")
"""


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The scripts of an Echodeck to come."""
    folder = tmp_path / "newer"
    folder.mkdir()
    shutil.copy(upgrade.SCRIPTS / "0001_first_tables.py", folder)
    number = upgrade.known(folder)
    (folder / f"{number + 1:04d}_karma.py").write_text(_SECOND)
    (folder / f"{number + 2:04d}_more_karma.py").write_text(_THIRD)
    return folder


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """The scripts of the first Echodeck."""
    folder = tmp_path / "first"
    folder.mkdir()
    shutil.copy(upgrade.SCRIPTS / "0001_first_tables.py", folder)
    return folder


@pytest.fixture
async def old(path: Path, first: Path) -> Path:
    """A file of the first Echodeck, with something in every corner."""
    store = await Store.open(path, KEY, scripts=first)
    assert store.schema == 1
    await store.run(_fill)
    await store.close()
    return path


def _fill(db: Database) -> None:
    for number in range(5):
        messages.record(db, message(number, f"word{number}"))
    people.meet(db, "practice", 1, None, "Mia", False, NOON)
    state.put(db, state.Setting, "answer", 42, NOON)
    statement = (
        "insert into turns(id, realm, message_id, channel_id, person_id, place, person, state, reason, reply,"
        " took_ms, arrived_at, changed_at, trace)"
        " values ('t', 'practice', 1, 7, 1, '', '', 'ready', '{}', '', 0, 0, 0, '{}')"
    )
    sql(db, statement)
    turns.PartRow.insert(turn="t", position=0, text="part", nonce="n").execute(db)


def everything(db: Database) -> dict[str, Any]:
    """The whole file: its schema, its rows, its number."""
    tables = [
        name
        for (name,) in sql(db, "select name from sqlite_master where type = 'table' order by 1").fetchall()
        if not name.startswith("schema_")
    ]
    shapes = sql(db, "select name, sql from sqlite_master order by 1").fetchall()
    rows = {
        name: sql(db, f'select * from "{name}"').fetchall()  # noqa: S608 - the file's own names
        for name in tables
        if name != "message_words"
    }
    return {"shapes": shapes, "rows": rows, "number": upgrade.found(db)}


def looked_at(path: Path) -> dict[str, Any]:
    database = connection.writing(path, KEY)
    database.connect()
    try:
        return everything(database)
    finally:
        database.close()


async def test_an_old_file_arrives_whole(old: Path, newer: Path) -> None:
    store = await Store.open(old, KEY, scripts=newer, now=lambda: NOON)
    assert store.schema == upgrade.known(newer) == 3
    assert await store.run(lambda db: sql(db, "select name, karma from people").fetchall()) == [("Mia", 8)]
    assert await store.run(lambda db: sql(db, "select count(*) from memories").fetchone()) == (5,)
    # The table that was made anew took nothing with it.
    assert await store.run(lambda db: sql(db, "select turn_id, text from turn_parts").fetchall()) == [
        ("t", "part")
    ]
    found = "select rowid from message_words where message_words match 'word3'"
    assert len(await store.run(lambda db: sql(db, found).fetchall())) == 2
    assert await store.run(state.get, state.Setting, "answer") == 42
    await store.close()


async def test_the_old_file_is_copied_before(old: Path, newer: Path) -> None:
    before = looked_at(old)
    await (await Store.open(old, KEY, scripts=newer, now=lambda: NOON)).close()
    (copy,) = backup.listed(old)
    assert copy.made_at == NOON
    assert looked_at(copy.path) == before


async def test_a_new_store_is_not_copied_and_an_open_one_not_upgraded_twice(path: Path, newer: Path) -> None:
    await (await Store.open(path, KEY, scripts=newer)).close()
    await (await Store.open(path, KEY, scripts=newer)).close()
    assert backup.listed(path) == []


async def test_a_file_from_the_future_is_refused_and_left_alone(path: Path, first: Path, newer: Path) -> None:
    await (await Store.open(path, KEY, scripts=newer)).close()
    before = content(path)
    for read_only in (False, True):
        with pytest.raises(faults.NewerStore) as caught:
            await Store.open(path, KEY, scripts=first, read_only=read_only)
        assert caught.value.params == {"found": 3, "known": 1}
        assert "newest Echodeck" in str(explain(caught.value).step)
    assert content(path) == before
    assert backup.listed(path) == []


async def test_a_script_that_fails_leaves_the_old_file_and_names_the_copy(old: Path, newer: Path) -> None:
    before = looked_at(old)
    (newer / "0003_more_karma.py").write_text("def up(migrator, db):\n    raise RuntimeError('oh')\n")
    with pytest.raises(faults.MigrationFailed) as caught:
        await Store.open(old, KEY, scripts=newer)
    (copy,) = backup.listed(old)
    assert str(copy.path) in str(explain(caught.value).step)
    assert looked_at(old) == before


async def test_a_script_that_breaks_a_reference_is_undone(old: Path, newer: Path) -> None:
    before = looked_at(old)
    (newer / "0003_more_karma.py").write_text(
        'def up(migrator, db):\n    db.execute_sql("delete from turns")\n'
    )
    with pytest.raises(faults.MigrationFailed):
        await Store.open(old, KEY, scripts=newer)
    assert looked_at(old) == before


async def test_an_upgrade_on_a_full_disk_says_so_and_undoes_itself(old: Path, newer: Path) -> None:
    before = looked_at(old)
    (newer / "0003_more_karma.py").write_text(
        "def up(migrator, db):\n"
        "    db.pragma('max_page_count', 1)\n"
        "    db.execute_sql('create table big(x)')\n"
        "    db.execute_sql('insert into big values (zeroblob(1000000))')\n"
    )
    with pytest.raises(faults.DiskFull):
        await Store.open(old, KEY, scripts=newer)
    assert looked_at(old) == before


def _traced(path: Path, scripts: Path, trace: Callable[[str], None]) -> None:
    """Upgrade a file; `trace` is called by SQLite before every statement, its own and the commit too."""
    database = connection.writing(path, KEY)
    database.connect()
    database.connection().set_trace_callback(trace)
    upgrade.upgrade(database, lambda: None, scripts)
    database.close()


def _upgraded(path: Path, scripts: Path, before_statement: Callable[[str], None]) -> None:
    database = connection.writing(path, KEY)
    database.connect()
    real = database.execute_sql

    def watched(statement: str, *args: Any, **kwargs: Any) -> Any:
        before_statement(statement)
        return real(statement, *args, **kwargs)

    database.execute_sql = watched
    try:
        upgrade.upgrade(database, lambda: None, scripts)
    finally:
        database.close()


async def test_a_failure_at_any_statement_leaves_the_old_file(old: Path, newer: Path, tmp_path: Path) -> None:
    before = looked_at(old)
    statements: list[str] = []
    rehearsal = tmp_path / "rehearsal.db"
    shutil.copy(old, rehearsal)
    _upgraded(rehearsal, newer, statements.append)
    assert len(statements) > 25
    for nth in range(1, len(statements)):
        seen: list[str] = []

        def fail(statement: str, seen: list[str] = seen, nth: int = nth) -> None:
            seen.append(statement)
            if len(seen) == nth:
                raise RuntimeError("a power cut, say")

        with pytest.raises((RuntimeError, faults.MigrationFailed)):
            _upgraded(old, newer, fail)
        assert looked_at(old) == before


def test_a_kill_at_any_statement_leaves_the_old_or_the_new_file(
    old: Path, newer: Path, tmp_path: Path
) -> None:
    before = looked_at(old)
    rehearsal = tmp_path / "rehearsal.db"
    shutil.copy(old, rehearsal)
    statements: list[str] = []
    _traced(rehearsal, newer, statements.append)
    after = looked_at(rehearsal)
    commit = max(nth for nth, said in enumerate(statements, 1) if said.lower() == "commit")
    deaths = range(1, len(statements) + 1)
    for nth in deaths:
        copy = tmp_path / f"killed-{nth}.db"
        shutil.copy(old, copy)
    subprocess.run(
        [sys.executable, "-c", _DIE, str(tmp_path), str(newer), *map(str, deaths)], check=True, timeout=60
    )
    states = [looked_at(tmp_path / f"killed-{nth}.db") for nth in deaths]
    assert [found == before for found in states] == [nth <= commit for nth in deaths]
    assert all(found in (before, after) for found in states)


# Each death is a fork of one child, so that the program is loaded once.
_DIE = """
import os, signal, sys
from pathlib import Path
from tests.db.test_upgrade import _traced
folder, scripts = Path(sys.argv[1]), Path(sys.argv[2])
for nth in map(int, sys.argv[3:]):
    pid = os.fork()
    if pid == 0:
        left = [nth]
        def die(statement):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
        _traced(folder / f"killed-{nth}.db", scripts, die)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL
"""


async def test_the_scripts_make_the_tables_the_program_knows(path: Path) -> None:
    store = await Store.open(path, KEY)

    def compare(db: Database) -> str:
        with db.bind_ctx(schema.MODELS):
            return str(diff_models(db, schema.MODELS))

    difference = await store.run(compare)
    await store.close()
    assert difference == "", "db/migrations and the models disagree: add a migration"


async def test_numbers_of_scripts_are_unique() -> None:
    numbers = [name.name[:4] for name in upgrade.SCRIPTS.glob("[0-9]*.py")]
    assert len(numbers) == len(set(numbers))


async def test_the_header_tells_the_schema(old: Path, newer: Path) -> None:
    header.write(old.parent, header.fresh(KeySource.KEY_FILE, "", KEY, NOON, schema=1))
    await (await Store.open(old, KEY, scripts=newer)).close()
    written = header.read(old.parent)
    assert written is not None
    assert written.schema == 3


async def test_a_message_model_reads_what_the_first_echodeck_wrote(old: Path) -> None:
    store = await Store.open(old, KEY)
    texts = await store.run(
        lambda db: [row.text for row in Message.select().order_by(Message.id).execute(db)]
    )
    await store.close()
    assert texts == [f"word{number}" for number in range(5)]

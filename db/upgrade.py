"""How an old file becomes a new one: numbered scripts, run once each, all or none.

A script lies in db/migrations as `0002_what_it_does.py` and defines `up(migrator, db)` over frozen
models of its own (see `playhouse.migrations`). All that are missing run in one transaction, together
with the number that says how far the file has come (`pragma user_version`): whatever interrupts them,
the file has the old schema or the new one.

The scripts are found by their files, so the packaged program must carry them as data. The PyInstaller
spec says: `datas=[("db/migrations/*.py", "db/migrations")]`, and nothing more, as the scripts import
only peewee and playhouse.migrate.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable
from pathlib import Path

from peewee import Database
from playhouse.migrations import MigrationError, Runner

from db import faults
from db.base import FILE_ERRORS, sql
from db.connection import complaint

log = logging.getLogger(__name__)

_HOME = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent))
SCRIPTS = _HOME / "db" / "migrations"
_HISTORY = "schema_history"


def known(scripts: Path = SCRIPTS) -> int:
    """The newest schema this program can make: the highest number among the scripts."""
    return max(
        (int(re.match(r"\d+", path.name)[0]) for path in scripts.glob("[0-9]*.py")),  # type: ignore[index]
        default=0,
    )


def found(db: Database) -> int:
    """The schema of this file; 0 for one without tables."""
    return int(sql(db, "pragma user_version").fetchone()[0])


def upgrade(db: Database, copy: Callable[[], Path | None], scripts: Path = SCRIPTS) -> int:
    """Run the scripts that this file has not seen; answers the schema it has then.

    Args:
        db: the writer's database, outside a transaction.
        copy: makes a copy of the file and answers where; called before anything is changed, and only
            when there is something to lose.
        scripts: the folder of the numbered scripts.

    Raises:
        faults.NewerStore: the file is ahead of the scripts. Nothing was changed.
        faults.MigrationFailed: a script failed; the file is as it was. Params: backup.
        peewee.DatabaseError: the disk is full, or the file cannot be read; it is as it was.
    """
    before, after = found(db), known(scripts)
    if before > after:
        raise faults.NewerStore(found=before, known=after)
    if before == after:
        return after
    kept = copy() if before or _has_tables(db) else None
    try:
        _run(db, scripts, after)
    except FILE_ERRORS as error:
        said = complaint(error)
        if "is full" in said or "malformed" in said:
            raise
        raise faults.MigrationFailed(backup=kept or "-") from error
    except Exception as error:
        # A script is a program: it may raise anything, and the transaction has undone it.
        raise faults.MigrationFailed(backup=kept or "-") from error
    log.info("the store's schema went from %s to %s", before, after)
    return after


def _has_tables(db: Database) -> bool:
    return bool(sql(db, "select count(*) from sqlite_master").fetchone()[0])


def _run(db: Database, scripts: Path, version: int) -> None:
    # A table is changed by making it anew, which would cascade through foreign keys. The switch
    # does nothing inside a transaction, so it is thrown before.
    sql(db, "pragma foreign_keys = 0")
    try:
        with db.atomic("EXCLUSIVE"):
            Runner(db, directory=str(scripts), table_name=_HISTORY).up()
            if broken := sql(db, "pragma foreign_key_check").fetchall():
                raise MigrationError(f"{len(broken)} rows would point at nothing")
            sql(db, f"pragma user_version = {version:d}")
    finally:
        sql(db, "pragma foreign_keys = 1")

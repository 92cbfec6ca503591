"""Secrets that no test handed out, planted wherever secrets lie: should one ever turn up in a prompt, a log,
a trace, an export or a file that is not encrypted, the test in which it did fails, whatever it was about.

`plant` is called once, before any test is read (tests/conftest.py).
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from core import app as opening
from core import logs, parts
from core.llm.brain import ChatRequest
from db import state
from db.base import Database, sql
from db.faults import StoreClosed

# Words, not shapes: what hides everything that looks like a token must not be what keeps them in.
IN_SETTINGS = "kanarienvogel-settings-5f3a"
IN_SECRETS = "kanarienvogel-secrets-81cd"
IN_ENVIRON = "kanarienvogel-environ-c07e"
ALL = (IN_SETTINGS, IN_SECRETS, IN_ENVIRON)

sung: list[str] = []  # where one was found


def hear(where: str, text: str) -> None:
    """Look at something that leaves the program."""
    sung.extend(f"{where}: {canary}" for canary in ALL if canary in text)


def plant() -> None:
    """Put them everywhere, and listen at every way out."""
    for name in ("ECHODECK_CANARY", "DISCORD_TOKEN", "AWS_SECRET_ACCESS_KEY", "SOME_PASSWORD"):
        os.environ[name] = IN_ENVIRON
    logging.getLogger().addHandler(_Listener())
    _listen_to_prompts()
    _listen_to_exports()
    opening.open_app = _planted(opening.open_app)


class _Listener(logging.Handler):
    """Hears what would be written to the log."""

    def emit(self, record: logging.LogRecord) -> None:
        line = logs.line_of(record)
        hear(f"log of {record.name}", f"{line.text}\n{line.detail}")


def _listen_to_prompts() -> None:
    made = ChatRequest.__init__

    def init(self: ChatRequest, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        hear("prompt", "\n".join(message.content for message in self.messages))
        if self.tools:
            hear("tools of a prompt", str(self.tools))

    ChatRequest.__init__ = init  # type: ignore[method-assign]


def _listen_to_exports() -> None:
    export = parts.export

    def exported(*args: Any) -> dict[str, Any]:
        found = export(*args)
        hear("export", json.dumps(found, ensure_ascii=False))
        return found

    parts.export = exported


def _planted(open_app: Any) -> Any:
    """Every app has them in its store and its environment; when it is left, its traces are read."""

    @asynccontextmanager
    async def opened(config: opening.Config) -> AsyncIterator[opening.App]:
        environ = {**config.environ, "SOME_PASSWORD": IN_ENVIRON}
        async with open_app(replace(config, environ=environ)) as app:
            await app.store.run(_plant_in, config.clock.now())
            yield app
            try:
                for table, held in (await app.store.read(_told)).items():
                    hear(table, held)
            except StoreClosed:
                return
        _look_into_files(config.data_dir)

    return opened


def _plant_in(db: Database, now: Any) -> None:
    state.put(db, state.Setting, "canary.kept", IN_SETTINGS, now)
    state.put(db, state.Secret, "canary", IN_SECRETS, now)


def _told(db: Database) -> dict[str, str]:
    """What was said and how it came about, where a canary stands in it."""
    found = {}
    for table, column in (
        *(("turns", "trace"), ("turns", "reply"), ("turns", "reason"), ("messages", "text")),
        *(("facts", "text"), ("episodes", "text"), ("conversations", "document"), ("audit", "after")),
    ):
        for canary in ALL:
            told = sql(
                db,
                f'select "{column}" from "{table}" where instr("{column}", ?) > 0 limit 1',  # noqa: S608
                (canary,),
            ).fetchone()
            if told is not None:
                found[f"{table}.{column}"] = str(told[0])
    return found


def _look_into_files(folder: Path) -> None:
    """Whatever lies in the data folder and is not encrypted."""
    for path in folder.rglob("*"):
        if path.is_file() and ".db" not in path.name and path.stat().st_size < 5_000_000:
            hear(path.name, path.read_bytes().decode("utf-8", "replace"))

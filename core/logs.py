"""What happened, for people who look for a fault: a rotating file of JSON lines, and how it is read.

No handler made here writes a secret (core/hidden.py).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from core import crash
from core.errors import explain
from core.events import Subscription
from core.hidden import clean

LOG_FILE = "echodeck.log"
LEVELS = ("debug", "info", "warning", "error", "critical")

_UNCAUGHT = {"uncaught": True}  # for core/crash.py: nobody has told the host of it
_ROTATE_BYTES = 2_000_000
_KEPT_FILES = 5

# Libraries that say more than a host can use; peewee's DEBUG lines hold what people wrote.
_TAMED = {
    "discord": logging.INFO,
    "discord.http": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiohttp": logging.WARNING,
    "asyncio": logging.WARNING,
    "qasync": logging.WARNING,
    "peewee": logging.WARNING,
    "keyring": logging.WARNING,
    "urllib3": logging.WARNING,
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log.

    Attributes:
        level: one of LEVELS. name: the part that spoke. detail: a stack trace, or empty.
    """

    at: datetime
    level: str
    name: str
    text: str
    detail: str = ""

    def to_json(self) -> str:
        """The line as it lies in the file."""
        kept = {"at": self.at.isoformat(timespec="milliseconds"), "level": self.level, "name": self.name}
        kept |= {"text": self.text} | ({"detail": self.detail} if self.detail else {})
        return json.dumps(kept, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> LogLine | None:
        """Read a line of the file; None when a crash or a full disk cut it short."""
        try:
            kept = json.loads(line)
            return cls(
                datetime.fromisoformat(kept["at"]),
                kept["level"],
                kept["name"],
                kept["text"],
                kept.get("detail", ""),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def line_of(record: logging.LogRecord) -> LogLine:
    """A record as a line, without secrets."""
    raised = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
    detail = f"{raised}\n{record.stack_info or ''}".strip()
    level = record.levelname.lower()
    return LogLine(
        datetime.fromtimestamp(record.created, UTC),
        level if level in LEVELS else "info",
        record.name,
        clean(record.getMessage()),
        clean(detail),
    )


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return line_of(record).to_json()


class _ForPeople(logging.Formatter):
    """One short line; the stack trace only when somebody asked for everything."""

    def format(self, record: logging.LogRecord) -> str:
        line = line_of(record)
        told = f"{line.at.astimezone():%H:%M:%S} {line.level:<8} {line.name}: {line.text}"
        wants_all = logging.getLogger().level <= logging.DEBUG
        return f"{told}\n{line.detail}" if line.detail and wants_all else told


class _PrivateFile(RotatingFileHandler):
    """A rotating file that only its owner reads."""

    def _open(self) -> Any:
        stream = super()._open()
        if os.name == "posix":
            os.fchmod(stream.fileno(), 0o600)
        return stream


class LogSetup:
    """Logging while it is set up (`with`); `close` puts everything back as it was.

    Args:
        folder: where the file goes, made when missing; None writes no file.
        level: one of LEVELS.
        stderr: a stream for people to read as well, or None.
        stderr_level: the least level that goes there.
        host: this is the host's own run, whose end by a fatal signal is told at the next start.

    Raises:
        OSError: the folder or the file cannot be made.
    """

    def __init__(
        self,
        folder: Path | None,
        level: str = "info",
        stderr: TextIO | None = None,
        stderr_level: str = "debug",
        host: bool = False,
    ) -> None:
        self._root = logging.getLogger()
        self._before = self._root.level
        self._handlers: list[logging.Handler] = []
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            file = _PrivateFile(
                folder / LOG_FILE,
                maxBytes=_ROTATE_BYTES,
                backupCount=_KEPT_FILES,
                encoding="utf-8",
                errors="backslashreplace",
            )
            file.setFormatter(_JsonLines())
            self._handlers += [file, crash.CrashNotes(folder)]
        self._fatal = crash.FatalNotes(folder) if folder is not None and host else None
        if stderr is not None:
            stream = logging.StreamHandler(stderr)
            stream.setFormatter(_ForPeople())
            stream.setLevel(stderr_level.upper())
            self._handlers.append(stream)
        for handler in self._handlers:
            self._root.addHandler(handler)
        for name, tamed in _TAMED.items():
            logging.getLogger(name).setLevel(tamed)
        self.set_level(level)
        logging.captureWarnings(True)
        sys.excepthook = _died
        threading.excepthook = _thread_died
        sys.unraisablehook = _could_not_be_raised

    def __enter__(self) -> LogSetup:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        left = isinstance(error, BrokenPipeError)  # whoever read what it says has gone: that is no fault
        broke = isinstance(error, Exception) and not left and explain(error).code == "Unexpected"
        if broke and error is not None:
            _died(type(error), error, trace)
        self.close(told=not broke)

    def set_level(self, level: str) -> None:
        """Write this much from now on."""
        self._root.setLevel(level.upper())

    def close(self, *, told: bool = True) -> None:
        """Write no more. Harmless when called again. Not `told`: the host has seen nothing of its end yet."""
        for handler in self._handlers:
            self._root.removeHandler(handler)
            handler.close()
        if self._handlers:
            logging.captureWarnings(False)
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
            self._root.setLevel(self._before)
        self._handlers = []
        if self._fatal is not None:
            self._fatal.end(told)
            self._fatal = None


set_up_logging = LogSetup  # what it reads like: `with set_up_logging(folder):`


def watch_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Write down what a loop would otherwise only mutter: lost tasks, failed callbacks."""

    def lost(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        about = context.get("task") or context.get("future") or context.get("handle") or ""
        logging.getLogger("asyncio").error(
            "%s %r", context.get("message", "something was lost"), about, exc_info=error, extra=_UNCAUGHT
        )

    loop.set_exception_handler(lost)


def _died(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    told = logging.getLogger("main")
    told.critical("it ended unexpectedly", exc_info=(kind, error, trace), extra=_UNCAUGHT)


def _thread_died(raised: threading.ExceptHookArgs) -> None:
    name, error = raised.thread.name if raised.thread else "?", raised.exc_value or raised.exc_type()
    logging.getLogger("threading").error("the thread %s died", name, exc_info=error, extra=_UNCAUGHT)


def _could_not_be_raised(raised: Any) -> None:
    logging.getLogger("main").error("%s", raised.err_msg or "lost in passing", exc_info=raised.exc_value)


def forget_lines(folder: Path, words: Collection[str]) -> int:
    """Remove the lines of a folder's log files that hold one of these words, and what a crash cut short, of
    which nobody knows what it holds; answers how many went.

    For a thread of its own. The file that is being written is held meanwhile.
    """
    if not words:
        return 0
    said = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words))
    gone = crash.forget(folder, saying=said)
    return gone + _rewrite(
        folder, lambda line: line is not None and not said.search(f"{line.text}\n{line.detail}")
    )


def forget_before(folder: Path, moment: datetime) -> int:
    """Remove the lines of a folder's log files that are older; answers how many went."""
    gone = crash.forget(folder, before=moment)
    return gone + _rewrite(folder, lambda line: line is not None and line.at >= moment)


def forget_all(folder: Path) -> int:
    """Empty a folder's log files; answers how many lines went."""
    return crash.forget(folder) + _rewrite(folder, lambda _line: False)


def _rewrite(folder: Path, stays: Callable[[LogLine | None], bool]) -> int:
    open_ = [each for each in logging.getLogger().handlers if isinstance(each, _PrivateFile)]
    gone = 0
    for path in _files(folder):
        writing = next((each for each in open_ if Path(each.baseFilename).resolve() == path.resolve()), None)
        if writing is not None:
            writing.acquire()
        try:
            lines = path.read_text("utf-8", errors="replace").splitlines(keepends=True)
            left = [line for line in lines if stays(LogLine.from_json(line))]
            if len(left) < len(lines):
                with path.open("r+", encoding="utf-8") as file:  # in place: a handler may be writing to it
                    file.write("".join(left))
                    file.truncate()
                gone += len(lines) - len(left)
        finally:
            if writing is not None:
                writing.release()
    return gone


class LogBook:
    """Reads the log of a folder (as handed to `set_up_logging`; `App.logs`), for the Logs page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def read(self, level: str = "debug", search: str = "", limit: int = 500) -> list[LogLine]:
        """The newest lines, newest first.

        Args:
            level: the least level wanted, one of LEVELS.
            search: only lines that hold this, in any casing; empty for all.
            limit: at most this many.
        """
        return await asyncio.to_thread(self._read, level, search, limit)

    def listen(self, listener: Callable[[LogLine], None]) -> Subscription:
        """Call `listener`, on the running loop, with every line from now on, until the subscription ends."""
        handler = _Teller(listener, asyncio.get_running_loop())
        logging.getLogger().addHandler(handler)
        return Subscription(handler.end)

    def _read(self, level: str, search: str, limit: int) -> list[LogLine]:
        wanted = LEVELS[LEVELS.index(level) :]
        words = search.casefold()
        found: list[LogLine] = []
        for path in _files(self._folder):
            for line in map(LogLine.from_json, reversed(path.read_text("utf-8", "replace").split("\n"))):
                if line is not None and line.level in wanted and _holds(line, words):
                    found.append(line)
                    if len(found) >= limit:
                        return found
        return found


def _files(folder: Path) -> list[Path]:
    """The files of the log that are there, newest first."""
    numbered = [folder / f"{LOG_FILE}.{number}" for number in range(1, _KEPT_FILES + 1)]
    return [path for path in (folder / LOG_FILE, *numbered) if path.is_file()]


def _holds(line: LogLine, words: str) -> bool:
    return not words or any(words in part.casefold() for part in (line.text, line.name, line.detail))


class _Teller(logging.Handler):
    """Carries lines from whichever thread logs to a listener on its loop."""

    def __init__(self, listener: Callable[[LogLine], None], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._listener = listener
        self._loop = loop

    def emit(self, record: logging.LogRecord) -> None:
        if self._loop.is_closed():
            self.end()
            return
        self._loop.call_soon_threadsafe(self._tell, line_of(record))

    def end(self) -> None:
        logging.getLogger().removeHandler(self)

    def _tell(self, line: LogLine) -> None:
        if self in logging.getLogger().handlers:
            self._listener(line)

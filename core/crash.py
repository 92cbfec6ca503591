"""What is kept when something broke that nobody foresaw: a report that the host can read, copy and hand on.

A report lies beside the log and is sent nowhere. `core.crash_words` says what stands in it, and what does
not: what people wrote, names, secrets and folders.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.crash_words import LONGEST, ROOMS, describe, fatal_story, report, story
from core.events import Subscription

log = logging.getLogger(__name__)

KEPT = 20
MOST_IN_A_RUN = 10
_NAME = "report-{at:%Y%m%d-%H%M%S-%f}.txt"
_REPORTS = "report-*.txt"
_TRACES = "fatal-*.trace"
_ENDED = "An error ended it."


@dataclass(frozen=True, slots=True)
class CrashReport:
    """A report.

    Attributes:
        what: the error, in a line. text: all of it.
    """

    path: Path
    at: datetime
    what: str
    text: str


class CrashNotes(logging.Handler):
    """Writes a report for every error that comes with its exception, each once in a run.

    Args:
        folder: where the log lies.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(logging.ERROR)
        self._folder = folder
        self._written: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is None or len(self._written) >= MOST_IN_A_RUN:
            return
        signature = "\n".join(story(error))
        if signature in self._written:
            return
        self._written.add(signature)
        ours = record.name.split(".")[0] in (*ROOMS, "main", "asyncio", "threading")
        words = re.sub(r"%[-#0-9.]*[a-z]", "[…]", record.msg) if isinstance(record.msg, str) else ""
        noticed = f"{record.name}: {words}" if ours else record.name
        at = datetime.fromtimestamp(record.created, UTC)
        try:
            path = _keep(self._folder, at, describe(error, at, noticed))
        except OSError as full:
            log.warning("a report could not be saved: %s", full.strerror)
            return
        if getattr(record, "uncaught", False):
            for teller in list(_tellers):
                teller.tell(path)


def _keep(folder: Path, at: datetime, text: str) -> Path:
    """Save a report, readable for its owner only; the oldest ones go."""
    path = folder / _NAME.format(at=at)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    for old in sorted(folder.glob(_REPORTS))[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


class CrashBook:
    """The reports of a folder, for who shows them.

    Args:
        folder: where the log lies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def every(self) -> list[CrashReport]:
        """All of them, newest first."""
        return await asyncio.to_thread(_read_all, self._folder)

    async def of_last_run(self) -> CrashReport | None:
        """What ended an earlier run, told once; None when it ended as it should."""
        return await asyncio.to_thread(_take_over, self._folder)

    def listen(self, listener: Callable[[CrashReport], None]) -> Subscription:
        """Call `listener`, on the running loop, for every error that nobody caught, until it ends."""
        teller = _Teller(listener, asyncio.get_running_loop())
        _tellers.append(teller)
        return Subscription(lambda: _tellers.remove(teller))


class _Teller:
    """Carries reports from whichever thread broke to a listener on its loop."""

    def __init__(self, listener: Callable[[CrashReport], None], loop: asyncio.AbstractEventLoop) -> None:
        self._listener = listener
        self._loop = loop

    def tell(self, path: Path) -> None:
        """From any thread."""
        told = _read(path)
        if told is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._heard, told)

    def _heard(self, told: CrashReport) -> None:
        if self in _tellers:
            self._listener(told)


_tellers: list[_Teller] = []  # process-wide, as logging is


def _read_all(folder: Path) -> list[CrashReport]:
    found = (_read(path) for path in sorted(folder.glob(_REPORTS), reverse=True))
    return [each for each in found if each is not None]


def _read(path: Path) -> CrashReport | None:
    try:
        at = datetime.strptime(path.stem, "report-%Y%m%d-%H%M%S-%f").replace(tzinfo=UTC)
        text = path.read_text("utf-8", errors="replace")[:LONGEST]
    except (OSError, ValueError):
        return None
    what = next((line for line in text.splitlines() if line.startswith("What broke: ")), "")
    return CrashReport(path, at, what.removeprefix("What broke: "), text)


def forget(folder: Path, before: datetime | None = None, saying: re.Pattern[str] | None = None) -> int:
    """Remove reports: those older than a moment, those that say something, or all; answers how many."""
    gone = 0
    for each in _read_all(folder):
        old = before is None or each.at < before
        if old and (saying is None or saying.search(each.text)):
            each.path.unlink(missing_ok=True)
            gone += 1
    return gone


# --- the end that nothing in Python can report ---------------------------------------------------


class FatalNotes:
    """Until `end`, a fatal signal leaves the way through the program in a file, read at the next start."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"fatal-{os.getpid()}-{time.time_ns()}.trace"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8")
        faulthandler.enable(self._file)

    def end(self, told: bool) -> None:
        """No signal ended it. Not `told`: an error did, and its report is to be shown at the next start."""
        faulthandler.disable()
        if not told:
            self._file.write(_ENDED)
        self._file.close()
        if told:
            self._path.unlink(missing_ok=True)


def _take_over(folder: Path) -> CrashReport | None:
    """Make reports of what earlier runs left, whose folder is ours now; answers the newest of them."""
    newest = None
    for path in sorted(folder.glob(_TRACES), key=lambda path: path.stat().st_mtime):
        if path.name.startswith(f"fatal-{os.getpid()}-"):
            continue
        try:
            trace = path.read_text("utf-8", errors="replace")[: 4 * LONGEST]
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            path.unlink()
        except OSError:  # a second start has it open at this moment, and is about to remove it
            continue
        if trace == _ENDED:
            newest = max(folder.glob(_REPORTS), default=newest)
        elif told := list(fatal_story(trace)):
            newest = _keep(folder, at, report(at, [f"What broke: {told[0]}", "", *told]))
    return _read(newest) if newest is not None else None

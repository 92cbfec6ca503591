"""The whole log of a folder, found again by level and words: where each line begins, and each line when it
is looked at. The files are small (they rotate), so their bytes are held as long as somebody looks."""

from __future__ import annotations

import asyncio
import json
from array import array
from dataclasses import dataclass, field
from pathlib import Path

from core.logs import LEVELS, LOG_FILE, LogLine

_LEVEL = b'"level": "'
_HEAD = 96  # bytes within which a line says its level
_FILE = 1 << 32  # more than any file has bytes


@dataclass(frozen=True, slots=True)
class LogFound:
    """Lines of the log, newest first.

    Attributes:
        files: their bytes, newest first. places: of each line, the file's number and where it begins there.
    """

    files: tuple[bytes, ...] = ()
    places: array[int] = field(default_factory=lambda: array("q"))

    def __len__(self) -> int:
        return len(self.places)

    def line(self, row: int) -> LogLine | None:
        """A line; None when it is not whole."""
        file, begin = divmod(self.places[row], _FILE)
        data = self.files[file]
        end = data.find(b"\n", begin)
        return LogLine.from_json(data[begin : end if end >= 0 else len(data)].decode("utf-8", "replace"))


class WholeLog:
    """The log of a folder, for whoever goes back in it. `folder`: as handed to `set_up_logging`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def find(self, level: str = "debug", search: str = "") -> LogFound:
        """Lines of at least this level that hold these words; see `find`."""
        return await asyncio.to_thread(self._find, level, search)

    def _find(self, level: str, search: str) -> LogFound:
        older = sorted(self._folder.glob(f"{LOG_FILE}.[1-9]"))
        return find([path for path in (self._folder / LOG_FILE, *older) if path.is_file()], level, search)


def find(paths: list[Path], level: str = "debug", search: str = "") -> LogFound:
    """Find lines in log files; for a thread of its own.

    Args:
        paths: the files, the newest first. level: the least level wanted. search: words that a line holds,
            in any casing; empty for all.
    """
    wanted = frozenset(each.encode() for each in LEVELS[LEVELS.index(level) :])
    words = search.casefold()
    files, places = [], array("q")
    for number, path in enumerate(paths):
        data = path.read_bytes()
        files.append(data)
        places.extend(reversed([number * _FILE + begin for begin in _begins(data, wanted, words)]))
    return LogFound(tuple(files), places)


def _begins(data: bytes, levels: frozenset[bytes], words: str) -> list[int]:
    """Where the wanted lines of a file begin, from its beginning on."""
    found, begin = [], 0
    escaped = json.dumps(words, ensure_ascii=False)[1:-1]
    plain = escaped.encode() if escaped.isascii() else None
    for raw in data.split(b"\n"):
        if _level(raw) in levels and raw.endswith(b"}") and (not words or _holds(raw, words, escaped, plain)):
            found.append(begin)
        begin += len(raw) + 1
    return found


def _level(raw: bytes) -> bytes:
    at = raw.find(_LEVEL, 0, _HEAD) + len(_LEVEL)
    return raw[at : raw.find(b'"', at)] if at >= len(_LEVEL) else b""


def _holds(raw: bytes, words: str, escaped: str, plain: bytes | None) -> bool:
    """Does a line say these words? Only what holds them at all is read as JSON."""
    if plain is not None and raw.isascii():
        if plain not in raw.lower():
            return False
    elif escaped not in raw.decode("utf-8", "replace").casefold():
        return False
    line = LogLine.from_json(raw.decode("utf-8", "replace"))
    return line is not None and any(words in part.casefold() for part in (line.text, line.name, line.detail))

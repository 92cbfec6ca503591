"""What a report of something that broke says. See `core.crash`.

Which error came up and on which way through the program: of an error's own words only those are kept that
stand in the program itself, and no value of any variable is.
"""

from __future__ import annotations

import os
import platform
import re
import sys
import time
from collections.abc import Collection, Iterator
from datetime import datetime
from importlib import metadata
from pathlib import Path
from types import CodeType, TracebackType

from core import VERSION
from core.hidden import clean

LONGEST = 16_000
_CUT = "[…]"
_MOST_FRAMES = 40
_MOST_ERRORS = 6
_LONGEST_MESSAGE = 500
_SHORTEST_WORDS = 4
_STARTED = time.monotonic()

_HOUSE = Path(__file__).resolve().parent.parent
_PYTHONS = Path(os.__file__).resolve().parent
ROOMS = ("gui", "bot", "core", "db")

# Python's own words: they quote what they are about between them.
_PYTHON_SAYS = (
    *(
        "object has no attribute",
        "has no attribute",
        "module '",
        "object is not callable",
        "object is not subscriptable",
    ),
    *("object is not iterable", "unsupported operand type(s) for", "list index out of range"),
    *("division by zero", "required positional argument", "got an unexpected keyword argument"),
    *("not enough values to unpack", "too many values to unpack", "is not defined", "already deleted"),
    *("cannot access local variable", "where it is not associated with a value", "Internal C++ object"),
    *("maximum recursion depth exceeded", "dictionary changed size during iteration", "'NoneType'"),
    *("can't be used in 'await' expression", "Event loop is closed", "invalid literal for int() with base"),
    *("could not convert string to float", "string index out of range", "pop from empty list"),
)


def describe(error: BaseException, at: datetime, noticed: str = "") -> str:
    """The report of an error.

    Args:
        noticed: by which part of the program, in the program's own words.
    """
    told = [f"What broke: {_line(error)}", *([f"Noticed by: {noticed}"] if noticed else []), ""]
    return report(at, [*told, *story(error)])


def report(at: datetime, told: Collection[str]) -> str:
    """A report with these lines, its head and its foot, no longer than `LONGEST`."""
    minutes = (time.monotonic() - _STARTED) / 60
    head = (
        f"Echodeck {VERSION}: report of {at:%Y-%m-%d %H:%M:%S} UTC",
        "It was saved on this computer and sent nowhere. Messages, names, secrets and folders are left out.",
        "",
    )
    foot = ("", f"{_surroundings()}; written after {minutes:.0f} minutes.")
    body = clean("\n".join(told))
    room = LONGEST - sum(len(line) + 1 for line in (*head, *foot))
    return "\n".join((*head, body if len(body) <= room else f"{body[: room - len(_CUT)]}{_CUT}", *foot))


def _surroundings() -> str:
    try:
        qt = f", Qt {metadata.version('PySide6_Essentials')}"
    except metadata.PackageNotFoundError:
        qt = ""
    made = "the packaged program" if getattr(sys, "frozen", False) else "from source"
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return f"Python {platform.python_version()}{qt}, {system}, {made}"


def story(error: BaseException) -> Iterator[str]:
    """The error, what it came from, and the way through the program that led to each."""
    told, link = 0, ""
    present: BaseException | None = error
    seen: set[int] = set()
    while present is not None and id(present) not in seen and told < _MOST_ERRORS:
        seen.add(id(present))
        told += 1
        yield f"{link}{_line(present)}"
        yield from _way(present.__traceback__)
        if isinstance(present, BaseExceptionGroup):
            for part in present.exceptions[:_MOST_ERRORS]:
                yield f"in it: {_line(part)}"
                yield from _way(part.__traceback__)
        hidden = present.__suppress_context__
        present, link = present.__cause__ or (None if hidden else present.__context__), "came from "


def _line(error: BaseException) -> str:
    words = _own_words(error)
    return f"{type(error).__qualname__}: {words}" if words else type(error).__qualname__


def _way(trace: TracebackType | None) -> list[str]:
    steps = []
    while trace is not None:
        code = trace.tb_frame.f_code
        steps.append(f"  {place(code.co_filename)}:{trace.tb_lineno} in {code.co_qualname}")
        trace = trace.tb_next
    if len(steps) > _MOST_FRAMES:
        steps = [*steps[: _MOST_FRAMES // 4], f"  {_CUT}", *steps[-_MOST_FRAMES * 3 // 4 :]]
    return steps


def place(file: str) -> str:
    """A file of the program, without the folders that lead to it."""
    path = Path(file)
    for above in (_HOUSE, Path(getattr(sys, "_MEIPASS", _HOUSE))):
        if path.is_relative_to(above) and "site-packages" not in path.parts:
            return path.relative_to(above).as_posix()
    parts = path.parts
    for kept in ("site-packages", f"python{sys.version_info.major}.{sys.version_info.minor}", "Lib"):
        if kept in parts:
            return "/".join(parts[parts.index(kept) + 1 :])
    return path.as_posix() if not path.is_absolute() else path.name


def _own_words(error: BaseException) -> str:
    """What the error says, as far as the program says it; what came in from outside is cut."""
    sentence = getattr(type(error), "sentence", None)
    if isinstance(sentence, str):
        return re.sub(r"\{[^}]*\}", _CUT, sentence)
    if isinstance(error, OSError) and error.errno is not None:
        return f"[Errno {error.errno}] {os.strerror(error.errno)}"
    try:
        message = str(error)[:_LONGEST_MESSAGE]
    except Exception:  # noqa: BLE001 - an error that cannot even be said
        return _CUT
    return _only(message, {*_PYTHON_SAYS, *_literals(_raised_in(error.__traceback__))})


def _raised_in(trace: TracebackType | None) -> CodeType | None:
    """The code that raised it, when it is the program's; what others run in it is not."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return None
    code = trace.tb_frame.f_code
    file = Path(code.co_filename)
    ours = (
        place(code.co_filename).split("/")[0] in (*ROOMS, "main.py")
        or "site-packages" in file.parts
        or file.is_relative_to(_PYTHONS)
        or getattr(sys, "frozen", False)
    )
    return code if ours else None


def _literals(code: CodeType | None) -> Iterator[str]:
    """The words that stand in a piece of code, without what is filled into them, and its names, quoted."""
    if code is None:
        return
    for kept in code.co_consts:
        for piece in kept if isinstance(kept, tuple) else (kept,):
            if isinstance(piece, str):
                yield from re.split(r"%[-#0-9.]*[a-z]|\{[^}]*\}", piece)
    for name in (*code.co_names, *code.co_varnames):
        yield f"'{name}'"


def _only(message: str, words: Collection[str]) -> str:
    """The parts of `message` that are whole pieces of `words`; a mark where anything else stood."""
    kept = bytearray(len(message))
    for piece in words:
        if len(piece.strip()) < _SHORTEST_WORDS:
            continue
        at = message.find(piece)
        while at >= 0:
            kept[at : at + len(piece)] = b"\1" * len(piece)
            at = message.find(piece, at + len(piece))
    cut = "".join(letter if keep else "\0" for letter, keep in zip(message, kept, strict=True))
    return " ".join(re.sub(r"\0+", lambda gap: _gap(message, gap), cut).split())


def _gap(message: str, gap: re.Match[str]) -> str:
    """Punctuation and blanks between two words may stay."""
    between = message[gap.start() : gap.end()]
    return between if not re.search(r"\w", between) else _CUT


def fatal_story(trace: str) -> Iterator[str]:
    """What the interpreter left behind, line by line, as far as its lines are known."""
    for line in trace.splitlines():
        if found := re.match(r'\s*File "(?P<file>.*)", line (?P<line>\d+) in (?P<name>\S+)', line):
            yield f"  {place(found['file'])}:{found['line']} in {found['name']}"
        elif line.startswith(("Fatal Python error:", "Windows fatal exception:", "Current thread", "Thread")):
            yield line[:200]

"""The files people bring: Discord's data package, DiscordChatExporter's JSON and CSV, plain lists.

Data package: `messages/c<id>/messages.json` with `ID, Timestamp, Contents, Attachments` (folders are named in
the person's language), in older ones `messages/<id>/messages.csv` with the same columns; `account/user.json`
says whose it is. Files are hostile: every size is bounded by the bytes that were really read.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from core.echo.refusals import FileUnreadable
from core.words import T, Text

MOST_FILES = 50_000
MOST_BYTES_A_FILE = 128 * 2**20
MOST_BYTES = 1024 * 2**20
MOST_RATIO = 400
LONGEST_TEXT = 4_000
_MOST_NUMBER = 2**63 - 1

_CONVERSATION = re.compile(r"(?:^|/)c?(\d{5,20})/messages\.(json|csv)$", re.I)
_USER = re.compile(r"(?:^|/)user\.json$", re.I)
_ID = ("id", "messageid", "message_id")
_AUTHOR = ("author", "user", "from", "sender", "name", "username", "author_name")
_AUTHOR_ID = ("authorid", "author_id", "user_id", "userid", "from_id")
_TEXT = ("content", "contents", "text", "message", "body")
_TIME = ("timestamp", "date", "time", "sent_at", "sent", "created_at")
_FORMS = ("%d-%b-%y %I:%M %p", "%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y")


@dataclass(frozen=True, slots=True)
class FileMessage:
    """A message of a file.

    Attributes:
        author_id, author_name: None and "" in a data package, which holds nobody else's messages.
        names: what others are called whom it mentions.
    """

    id: int
    channel_id: int
    author_id: int | None
    author_name: str
    text: str
    sent_at: datetime | None
    names: tuple[str, ...] = ()


class _Bytes(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Budget:
    """How much may still be read of a file as a whole."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._left = MOST_BYTES

    def read(self, file: _Bytes) -> bytes:
        """All of a part.

        Raises:
            FileUnreadable: it is larger than any honest one.
        """
        most = min(MOST_BYTES_A_FILE, self._left)
        data = file.read(most + 1)
        if len(data) > most:
            raise _unreadable(self._name, T("it is too large"))
        self._left -= len(data)
        return data


def read_file(path: Path) -> Iterator[FileMessage]:
    """Every message of a file, in the order they stand there.

    Raises:
        FileUnreadable
    """
    budget = _Budget(path.name)
    try:
        if zipfile.is_zipfile(path):
            yield from _package(path, budget)
            return
        with path.open("rb") as file:
            text = _decoded(budget.read(file))
    except OSError as error:
        raise _unreadable(path.name, error.strerror or type(error).__name__) from error
    if text.lstrip()[:1] in ("{", "["):
        yield from _json_export(text, path.name)
    else:
        yield from _csv_rows(text, 0, path.name)


def owner_of(path: Path) -> tuple[int, str] | None:
    """Whose data package it is; None where it does not say, or is none.

    Raises:
        FileUnreadable
    """
    try:
        if not zipfile.is_zipfile(path):
            return None
        with zipfile.ZipFile(path) as package:
            for part in _parts(package, path.name):
                if _USER.search(part.filename):
                    told = _json(_decoded(_part(package, part, _Budget(path.name))), path.name)
                    number = _number(told.get("id")) if isinstance(told, dict) else None
                    if number is not None:
                        return number, str(told.get("global_name") or told.get("username") or "")
    except (OSError, zipfile.BadZipFile) as error:
        raise _unreadable(path.name, T("it is damaged")) from error
    return None


# --- Discord's data package --------------------------------------------------------------------


def _package(path: Path, budget: _Budget) -> Iterator[FileMessage]:
    try:
        with zipfile.ZipFile(path) as package:
            found = False
            for part in _parts(package, path.name):
                where = _CONVERSATION.search(part.filename.replace("\\", "/"))
                if where is None:
                    continue
                found = True
                channel = _number(where[1]) or 0
                text = _decoded(_part(package, part, budget))
                if where[2].lower() == "csv":
                    yield from _csv_rows(text, channel, path.name)
                else:
                    yield from _json_rows(_json(text, path.name), channel)
            if not found:
                raise _unreadable(path.name, T("there is no folder of messages in it"))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _unreadable(path.name, T("it is damaged")) from error


def _parts(package: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    parts = package.infolist()
    if len(parts) > MOST_FILES:
        raise _unreadable(name, T("it holds too many files"))
    return [part for part in parts if not part.is_dir()]


def _part(package: zipfile.ZipFile, part: zipfile.ZipInfo, budget: _Budget) -> bytes:
    if part.flag_bits & 0x1:
        raise _unreadable(package.filename or "", T("it is locked with a password"))
    if part.file_size > 2**20 and part.file_size > MOST_RATIO * max(part.compress_size, 1):
        raise _unreadable(package.filename or "", T("it is too large"))
    with package.open(part) as file:
        return budget.read(file)


# --- lists of messages -------------------------------------------------------------------------


def _json_export(text: str, name: str) -> Iterator[FileMessage]:
    """DiscordChatExporter's JSON, or a plain list."""
    told = _json(text, name)
    channel = 0
    if isinstance(told, dict):
        where = told.get("channel")
        channel = (_number(where.get("id")) or 0) if isinstance(where, dict) else 0
        told = told.get("messages")
    if not isinstance(told, list):
        raise _unreadable(name, T("it holds no list of messages"))
    yield from _json_rows(told, channel)


def _json_rows(rows: Any, channel: int) -> Iterator[FileMessage]:
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and (message := _message(row, channel)) is not None:
            yield message


def _csv_rows(text: str, channel: int, name: str) -> Iterator[FileMessage]:
    sample = text[:4096].split("\n", 1)[0]
    separator = max(",;\t", key=sample.count)
    try:
        reader = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator)
        columns = {_plain(each) for each in reader.fieldnames or ()}
        if not columns & set(_TEXT):
            raise _unreadable(name, T("it has no column with texts"))
        for row in reader:
            fields = {key: value for key, value in row.items() if isinstance(key, str)}
            if (message := _message(fields, channel)) is not None:
                yield message
    except csv.Error as error:
        raise _unreadable(name, T("it is not a table")) from error


def _message(row: dict[str, Any], channel: int) -> FileMessage | None:
    """A row as a message; None for what nobody wrote."""
    fields = {_plain(key): value for key, value in row.items()}
    text = _first(fields, _TEXT)
    if not isinstance(text, str) or not text.strip() or _is_service(fields):
        return None
    author, author_id, is_bot = _author(fields)
    if is_bot:
        return None
    sent_at = _moment(_first(fields, _TIME))
    number = _number(_first(fields, _ID))
    mentions = fields.get("mentions")
    names = tuple(
        str(each[key])
        for each in (mentions if isinstance(mentions, list) else ())
        if isinstance(each, dict)
        for key in ("name", "nickname")
        if each.get(key)
    )
    if number is None:
        number = _stand_in(channel, author, sent_at, text)
    return FileMessage(number, channel, author_id, author, text[:LONGEST_TEXT], sent_at, names)


def _author(fields: dict[str, Any]) -> tuple[str, int | None, bool]:
    """Name, id and whether it is a bot."""
    told = fields.get("author")
    if isinstance(told, dict):
        name = told.get("nickname") or told.get("name") or told.get("username") or ""
        return str(name), _number(told.get("id")), bool(told.get("isBot") or told.get("bot"))
    name = _first(fields, _AUTHOR)
    return (str(name) if isinstance(name, str) else ""), _number(_first(fields, _AUTHOR_ID)), False


def _is_service(fields: dict[str, Any]) -> bool:
    kind = fields.get("type")
    return isinstance(kind, str) and kind not in ("Default", "Reply", "0", "19", "")


def _plain(key: object) -> str:
    return str(key).strip().lower().lstrip("\ufeff")


def _first(fields: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((fields[name] for name in names if fields.get(name) not in (None, "")), None)


def _number(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str) or len(str(value)) > 20:
        return None
    text = str(value).strip()
    number = int(text) if text.isascii() and text.isdigit() else None
    return number if number is not None and number <= _MOST_NUMBER else None


def _moment(value: Any) -> datetime | None:
    """A time in one of the forms that exports use; without a zone, UTC."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value > 10**11 else float(value)
        return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 10**10 else None
    if not isinstance(value, str):
        return None
    text = value.strip()[:40]
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = next(filter(None, (_parsed(text, form) for form in _FORMS)), datetime.min)
    if found.year < 1971:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _stand_in(channel: int, author: str, sent_at: datetime | None, text: str) -> int:
    """A number for a message that has none, the same at every reading, below 0, where no platform's are."""
    told = f"{channel}\n{author}\n{sent_at}\n{text}".encode("utf-8", "replace")
    return -1 - (int.from_bytes(hashlib.sha256(told).digest()[:8], "big") >> 2)


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(name, T("it is not valid JSON")) from error


def _unreadable(name: str, detail: Text | str) -> FileUnreadable:
    return FileUnreadable(name=Path(name).name, detail=detail)

"""What was said, thought and called in a conversation, and how that is written down."""

from __future__ import annotations

import asyncio
import json
import os
import re
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timezone
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

Id = int | str
FOLDER = Path("conversations")  # where a conversation is saved that has no other place
SUMMARY_CHARACTERS = 120  # of each line that an extract quotes


class MessageType(StrEnum):
    """What an entry of a conversation is."""

    THINKING = "thinking"
    CHAT = "chat"
    TOOL_CALL = "tool_call"
    TOOL_CALL_RESPONSE = "tool_call_response"


@dataclass(frozen=True)
class Message:
    """An entry of a conversation.

    Attributes:
        created_at: a time without a zone counts as UTC.
        tools: the tools that were called, as plain values.
        requester: id of the person who wrote it; None when it is the bot's.
    """

    created_at: datetime
    message_type: MessageType
    message_content: str
    tools: list[Any] = field(default_factory=list)
    requester: Id | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "created_at", _fixed(self.created_at))
        object.__setattr__(self, "message_type", MessageType(self.message_type))
        object.__setattr__(self, "tools", list(self.tools or ()))

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "created_at": self.created_at.isoformat(),
            "message_type": self.message_type.value,
            "message_content": self.message_content,
            "meta": {"tools": deepcopy(self.tools), "requester": self.requester},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str) -> Self:
        """What `to_json` made, or its text, as a message again."""
        plain = _read(data)
        meta = plain.get("meta") or {}
        return cls(
            datetime.fromisoformat(plain["created_at"]),
            MessageType(plain["message_type"]),
            plain["message_content"],
            deepcopy(meta.get("tools") or []),
            meta.get("requester"),
        )


Keep = Callable[["Conversation"], Awaitable[object]]


@dataclass
class Conversation:
    """A conversation with its history.

    Attributes:
        thread_id, realm: where it takes place; not part of what is exported.
        guild_id: the server, None in a direct message.
        requester: id of the person who began it. participants: everybody who wrote, they first.
        keep: what `save_conversation` hands it to; None: a file is written.
        folder: where that file is written when no other is named.
    """

    thread_id: Id = field(compare=False)
    created_at: datetime
    guild_id: Id | None
    guild_name: str
    requester: Id | None
    updated_at: datetime | None = None
    summary: str = ""
    participants: list[Id] = field(default_factory=list)
    history: list[Message] = field(default_factory=list)
    realm: str = field(default="discord", compare=False)
    keep: Keep | None = field(default=None, compare=False, repr=False)
    folder: Path = field(default=FOLDER, compare=False, repr=False)

    def __post_init__(self) -> None:
        self.created_at = _fixed(self.created_at)
        self.updated_at = _fixed(self.updated_at or self.created_at)
        self.participants = list(self.participants)
        self.history = list(self.history)
        if not self.participants and self.requester is not None:
            self.participants = [self.requester]

    @property
    def filename(self) -> str:
        """Its name as a file: safe on every system, whatever the ids are."""
        asked, where = _safe(self.requester, "nobody"), _safe(self.guild_id, "direct")
        return f"{self.created_at:%Y-%m-%d}_conversation-with-{asked}-in-{where}.json"

    def add_message(self, message: Message) -> None:
        """Add an entry at the end; who wrote it takes part."""
        self.history.append(message)
        self.updated_at = max(self.updated_at or message.created_at, message.created_at)
        if message.requester is not None and message.requester not in self.participants:
            self.participants.append(message.requester)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "created_at": self.created_at.isoformat(),
            "updated_at": (self.updated_at or self.created_at).isoformat(),
            "summary": self.summary,
            "guild_id": self.guild_id,
            "guild_name": self.guild_name,
            "requester": self.requester,
            "participants": list(self.participants),
            "history": [message.to_json() for message in self.history],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str, thread_id: Id = "", **more: Any) -> Self:
        """What `to_json` made, or its text, as a conversation again.

        Args:
            thread_id: where it took place. more: `realm`, `keep`, `folder`.
        """
        plain = _read(data)
        return cls(
            thread_id,
            datetime.fromisoformat(plain["created_at"]),
            plain["guild_id"],
            plain["guild_name"],
            plain["requester"],
            datetime.fromisoformat(plain["updated_at"]),
            plain.get("summary") or "",
            list(plain.get("participants") or ()),
            [Message.from_json(each) for each in plain.get("history") or ()],
            **more,
        )

    async def save_conversation(self, folder: Path | None = None) -> Path | None:
        """Save it where it is kept, or as a file.

        Args:
            folder: write it there as a file: an export.

        Returns:
            The file's path, None when it was kept elsewhere.

        Raises:
            OSError: the file cannot be written.
            db.faults.StoreFault: the store cannot keep it.
        """
        if folder is None and self.keep is not None:
            await self.keep(self)
            return None
        return await asyncio.to_thread(write_file, folder or self.folder, self.filename, self.to_json())


def extract(conversation: Conversation) -> str:
    """A summary without a model: the first and the last line that was said."""
    said = [each.message_content for each in conversation.history if each.message_type is MessageType.CHAT]
    lines = [" ".join(line.split()) for line in said if line.strip()]
    ends = dict.fromkeys((lines[0], lines[-1])) if lines else ()
    return " … ".join(_shortened(line) for line in ends)


def write_file(folder: Path, name: str, document: dict[str, Any]) -> Path:
    """Write a conversation as a file that only its owner reads; an older save of the same one is replaced,
    another conversation of that name is left alone and this one numbered.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = next(path for path in _names(folder / name) if _is_free_for(path, document))
    opened, beside = tempfile.mkstemp(".part", dir=folder)
    try:
        with os.fdopen(opened, "w", encoding="ascii") as file:
            json.dump(document, file, indent=1)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return path


def _names(path: Path) -> Iterable[Path]:
    yield path
    number = 2
    while True:
        yield path.with_stem(f"{path.stem}-{number}")
        number += 1


def _is_free_for(path: Path, document: dict[str, Any]) -> bool:
    try:
        known = json.loads(path.read_text(encoding="ascii"))
        return bool(known["created_at"] == document["created_at"])
    except FileNotFoundError:
        return True
    except (ValueError, KeyError, TypeError):
        return False  # somebody else's file


def _fixed(moment: datetime) -> datetime:
    """The same moment with a fixed offset from UTC, which is what ISO 8601 can say of a zone."""
    offset = moment.utcoffset()
    return moment.replace(tzinfo=UTC if not offset else timezone(offset))


def _safe(name: Id | None, missing: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", str(name))[:40] if name not in (None, "") else missing


def _shortened(line: str) -> str:
    return line if len(line) <= SUMMARY_CHARACTERS else f"{line[:SUMMARY_CHARACTERS].rstrip()}…"


def _read(data: Mapping[str, Any] | str) -> Mapping[str, Any]:
    return json.loads(data) if isinstance(data, str) else data

"""Pictures that came with a message, for models that see; others are told the files' names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from core.conversation.message import Attachment, Door, IncomingMessage
from core.conversation.prompt import Prompt

MOST = 3
LARGEST_BYTES = 8 * 1024**2
# What every vision model of Ollama's reads.
_KINDS = ("image/png", "image/jpeg", "image/webp")


@runtime_checkable
class Sees(Protocol):
    """A door through which pictures can be fetched."""

    async def picture(self, attachment: Attachment) -> bytes | None:
        """The picture's bytes; None when it is gone, too large, or does not lie where pictures may lie."""
        ...


def worth_a_look(burst: Sequence[IncomingMessage]) -> list[Attachment]:
    """The newest pictures of a burst that are not too large."""
    files = [file for message in burst for file in message.attachments]
    pictures = [
        file
        for file in files
        if file.kind.partition(";")[0] in _KINDS and 0 < file.size_bytes <= LARGEST_BYTES
    ]
    return pictures[-MOST:]


async def shown(prompt: Prompt, burst: Sequence[IncomingMessage], door: Door) -> Prompt:
    """The prompt with the burst's pictures beside the words that came with them, where the model sees.

    Raises:
        core.errors.BrainError: the model could not be asked whether it sees.
    """
    wanted = worth_a_look(burst)
    if not wanted or not isinstance(door, Sees):
        return prompt
    if "vision" not in (await prompt.brain.show(prompt.request.model)).abilities:
        return prompt
    fetched = [await door.picture(file) for file in wanted]
    seen = tuple(picture for picture in fetched if picture)
    messages = list(prompt.request.messages)
    at = max((at for at, message in enumerate(messages) if message.role == "user"), default=None)
    if not seen or at is None:
        return prompt
    messages[at] = replace(messages[at], images=seen)
    return replace(prompt, request=replace(prompt.request, messages=tuple(messages)))

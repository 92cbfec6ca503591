"""Conversations under way, thread by thread.

A conversation lives in memory while somebody writes; five minutes after the last message it gets its
summary, is put away and forgotten here. create_conversation, get_conversation, add_message_to_conversation,
remove_conversation and get_all_conversations answer at once; the others are awaited.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from core.clock import Clock, SystemClock
from core.conversation.history import FOLDER, Conversation, Id, Keep, Message, MessageType, extract
from core.errors import EchodeckError
from db.faults import StoreFault

__all__ = ["Conversation", "InMemoryConversationManager", "Message", "MessageType", "Summarise"]

log = logging.getLogger(__name__)

Summarise = Callable[[Conversation], Awaitable[str]]
MOST_MESSAGES = 1_000  # a thread that never rests is put away in pieces
MOST_ALTOGETHER = 10_000  # messages of all threads, some five megabytes


class InMemoryConversationManager:
    """The conversations under way, by the id of their thread. Close it with `shutdown`.

    Args:
        keep: what a conversation is handed to when it is saved; None writes files into `folder`.
        summarise: writes the summary of a conversation; None, or one that fails or takes longer than
            `summary_within_s` seconds, gives its first and last line instead.

    Attributes:
        IDLE_TIME: seconds without a message after which a conversation is put away.
        conversations: those under way.
    """

    IDLE_TIME: float = 300

    def __init__(
        self,
        keep: Keep | None = None,
        summarise: Summarise | None = None,
        clock: Clock | None = None,
        folder: Path = FOLDER,
        summary_within_s: float = 30.0,
    ) -> None:
        self.conversations: dict[Id, Conversation] = {}
        self._keep = keep
        self._summarise = summarise
        self._clock = clock or SystemClock()
        self._folder = folder
        self._summary_within_s = summary_within_s
        self._latest: dict[Id, float] = {}
        self._timers: dict[Id, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._leaving: list[Conversation] = []
        self._open = True

    def create_conversation(
        self,
        thread_id: Id,
        guild_id: Id | None,
        guild_name: str,
        requester: Id | None,
        realm: str = "discord",
    ) -> Conversation:
        """Begin a conversation; one that was under way in the thread is put away."""
        before = self.conversations.get(thread_id)
        self.remove_conversation(thread_id)
        if before is not None and before.history:
            self._leaving.append(before)
            self._own(self._let_go(before), f"putting away {thread_id}")
        self.conversations[thread_id] = Conversation(
            thread_id,
            self._clock.now(),
            guild_id,
            guild_name,
            requester,
            realm=realm,
            keep=self._keep,
            folder=self._folder,
        )
        self._touch(thread_id)
        return self.conversations[thread_id]

    def get_conversation(self, thread_id: Id) -> Conversation | None:
        """The conversation under way in a thread, or None."""
        return self.conversations.get(thread_id)

    def add_message_to_conversation(self, thread_id: Id, message: Message) -> Conversation | None:
        """Add an entry, and let the time until it is put away begin anew; None when there is none."""
        known = self.conversations.get(thread_id)
        if known is None:
            return None
        if len(known.history) >= MOST_MESSAGES:
            known = self._afresh(known)
        elif sum(len(each.history) for each in self.conversations.values()) >= MOST_ALTOGETHER:
            longest = self._afresh(max(self.conversations.values(), key=lambda each: len(each.history)))
            known = longest if longest.thread_id == thread_id else known
        known.add_message(message)
        self._touch(thread_id)
        return known

    def _afresh(self, known: Conversation) -> Conversation:
        """Put away what was said so far, and go on."""
        return self.create_conversation(
            known.thread_id, known.guild_id, known.guild_name, known.requester, known.realm
        )

    def remove_conversation(self, thread_id: Id) -> Conversation | None:
        """Forget a conversation without saving it; answers it, or None when there was none."""
        timer = self._timers.pop(thread_id, None)
        if timer is not None:
            timer.cancel()
        self._latest.pop(thread_id, None)
        return self.conversations.pop(thread_id, None)

    def get_all_conversations(self) -> dict[Id, Conversation]:
        """The conversations under way, by thread."""
        return dict(self.conversations)

    async def save_all_conversations(self) -> dict[Id, bool]:
        """Save every conversation under way; answers by thread whether that worked."""
        under_way = list(self.conversations.items())
        return {thread_id: await _saved(each) for thread_id, each in under_way}

    async def shutdown(self) -> None:
        """Save what is under way, with a summary made at once, and end every timer.

        What could not be saved stays in `conversations`. Harmless when called again.
        """
        self._open = False
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._timers.clear()
        for conversation in self._leaving:
            conversation.summary = conversation.summary or extract(conversation)
            await _saved(conversation)
        self._leaving.clear()
        for thread_id, conversation in list(self.conversations.items()):
            conversation.summary = extract(conversation)
            if await _saved(conversation):
                self.remove_conversation(thread_id)

    def _touch(self, thread_id: Id) -> None:
        """Somebody wrote: the thread's timer has that much longer to wait."""
        self._latest[thread_id] = self._clock.monotonic()
        if self._open and thread_id not in self._timers and _on_a_loop():
            self._timers[thread_id] = self._own(self._wait_out(thread_id), f"conversation {thread_id}")

    async def _wait_out(self, thread_id: Id) -> None:
        """Put a conversation away once nobody has written in it for `IDLE_TIME`."""
        while (conversation := self.conversations.get(thread_id)) is not None:
            latest = self._latest[thread_id]
            remaining = latest + self.IDLE_TIME - self._clock.monotonic()
            if remaining > 1e-6:
                await self._clock.sleep(remaining)
                continue
            saved = await self._put_away(conversation)
            if self._latest.get(thread_id) != latest:
                continue  # somebody wrote meanwhile: it goes on
            if saved:
                del self._timers[thread_id]  # this very task, which is at its end
                self.remove_conversation(thread_id)
                return
            self._latest[thread_id] = self._clock.monotonic()

    async def _let_go(self, conversation: Conversation) -> None:
        await self._put_away(conversation)
        self._leaving.remove(conversation)

    async def _put_away(self, conversation: Conversation) -> bool:
        conversation.summary = await self._summary(conversation)
        return await _saved(conversation)

    async def _summary(self, conversation: Conversation) -> str:
        if self._summarise is None or not conversation.history:
            return extract(conversation)
        try:
            async with asyncio.timeout(self._summary_within_s):
                return (await self._summarise(conversation)).strip() or extract(conversation)
        except (TimeoutError, EchodeckError, StoreFault) as error:
            log.info("a conversation gets an extract for a summary: %s", type(error).__name__)
        except Exception:  # whatever happens, the conversation is put away
            log.exception("a conversation could not be summed up")
        return extract(conversation)

    def _own(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _saved(conversation: Conversation) -> bool:
    try:
        await conversation.save_conversation()
    except (OSError, EchodeckError, StoreFault) as error:
        log.warning("a conversation could not be saved: %s", type(error).__name__)
    except Exception:  # it stays under way, and is tried again
        log.exception("a conversation could not be saved")
    else:
        return True
    return False


def _on_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True

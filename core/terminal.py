"""The terminal: the practice room as lines of text, for people and for programs."""

from __future__ import annotations

import asyncio
import codecs
import os
import re
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, TextIO

from core.app import App
from core.clock import VirtualClock
from core.conversation.message import Realm
from core.conversation.script import ScriptedChat, Spoken, read_line
from core.errors import LineUnreadable, explain
from core.events import Subscription, TurnEnded
from core.words import say
from db import messages

Write = Callable[[str], None]
Answer = Callable[[dict[str, Any]], None]

YOU = "You"
_CHUNK_BYTES = 65_536
_NAMED = re.compile(r"(?:#\S+\s+)?[\w.'-]{1,32}(?:\s*->\s*[\w.'-]{1,32})?\s*:\s")


async def read_lines(file: int) -> AsyncIterator[str]:
    """The lines of an open file, as UTF-8, as they come; what is no UTF-8 is replaced.

    A thread of its own reads, on the bare file: Python's own stream cannot be left while it waits.

    Args:
        file: the file's descriptor, e.g. 0 for the standard input.
    """
    loop = asyncio.get_running_loop()
    heard: asyncio.Queue[str | None] = asyncio.Queue()

    def read() -> None:
        decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        rest = ""
        with suppress(OSError, RuntimeError):  # the terminal, or the loop, has gone
            while chunk := os.read(file, _CHUNK_BYTES):
                *lines, rest = (rest + decoder.decode(chunk)).split("\n")
                for line in lines:
                    loop.call_soon_threadsafe(heard.put_nowait, line)
            rest += decoder.decode(b"", final=True)
        with suppress(RuntimeError):
            if rest:
                loop.call_soon_threadsafe(heard.put_nowait, rest)
            loop.call_soon_threadsafe(heard.put_nowait, None)

    threading.Thread(target=read, name="terminal", daemon=True).start()
    while (line := await heard.get()) is not None:
        yield line


async def play(
    app: App, clock: VirtualClock, lines: AsyncIterator[str], gap_s: float, answer: Answer, complain: Write
) -> int:
    """Play written lines and answer one object for each line somebody says.

    Args:
        gap_s: how far apart the lines are on the virtual clock, in seconds.
        answer: takes each object; complain: takes a sentence about each line that is none.

    Returns:
        How many lines could not be read; they were left out.
    """
    await _go_on_from_last_time(app, clock)
    chat = ScriptedChat(app.store, app.line, app.practice, clock, gap_s)
    number = unread = 0
    async for line in lines:
        number += 1
        try:
            async for result in chat.hear(line, number):
                answer(result)
        except LineUnreadable as error:
            told = explain(error)
            complain(f"{say(told.what)} {say(told.step)}")
            unread += 1
    async for result in chat.finish():
        answer(result)
    return unread


def as_line(name: str, result: dict[str, Any]) -> str:
    """A result of `play`, as people read it: what `name` said, or why they said nothing."""
    if result["reply"] is None:
        return say("({name} stays silent: {reason})", name=name, reason=result["reason"])
    return f"{name}: {result['reply']}"


async def _go_on_from_last_time(app: App, clock: VirtualClock) -> None:
    """A kept room may have been played into the future: go on there, so that time never runs back."""
    newest = await app.store.run(messages.newest_id, Realm.PRACTICE)
    behind = newest / 4096 / 1000 - clock.now().timestamp()
    if behind > 0:
        clock.step(behind)


class Talk:
    """A talk at the terminal, in real time.

    A line without a name is said by whoever spoke last, to the bot. `name: text` lets anybody speak.

    Args:
        write: puts a line out; hint: shows, or with "" takes away, a passing line such as "… is writing".
    """

    def __init__(self, app: App, write: Write, hint: Write) -> None:
        self._app = app
        self._write = write
        self._hint = hint
        self._number = 0
        self._reasons: list[str] = []
        self._listening: Subscription = app.bus.listen(TurnEnded, self._ended)
        self.speaker = YOU

    def end(self) -> None:
        """Listen no more."""
        self._listening.end()

    async def hear(self, line: str) -> bool:
        """Take a line and show what comes of it; False when the person wants to leave."""
        self._number += 1
        line = line.strip()
        if line in ("/quit", "/exit"):
            return False
        if line == "/help":
            self._write(
                say("Write to the bot, or name: text to speak as somebody else. /again  /help  /quit")
            )
        elif line == "/again":
            await self._again()
        elif line:
            await self._say(line)
        return True

    async def _say(self, line: str) -> None:
        spoken = self._spoken(line)
        self.speaker = spoken.name
        plain = spoken.text == line
        said = await self._app.practice.say(
            spoken.name, spoken.text, to_bot=plain or (spoken.to or "").casefold() in await self._bot_names()
        )
        await self._show_after(said.id)

    def _spoken(self, line: str) -> Spoken:
        """Only a single word before a colon and a blank is a name: people write colons and links too."""
        heard = read_line(line, self._number) if _NAMED.match(line) else None
        return heard if isinstance(heard, Spoken) else Spoken(self.speaker, line)

    async def _bot_names(self) -> set[str]:
        return await self._app.practice.bot_names()

    async def _again(self) -> None:
        kept = await self._app.practice.transcript()
        asked = next((message for message in reversed(kept) if not message.is_self), None)
        if asked is None or not await self._app.practice.regenerate():
            self._write(say("Nobody has said anything yet."))
            return
        await self._show_after(asked.id)

    async def _show_after(self, message_id: int) -> None:
        """Wait for the turn's end, then show the reply or why there is none."""
        self._reasons.clear()
        active = await self._app.personas.active()
        name = active.persona.name if active is not None else "bot"
        self._hint(say("{name} is writing…", name=name))
        while tasks := self._app.line.tasks:
            await asyncio.wait(tasks)
        self._hint("")
        replies = [message for message in await self._app.practice.transcript() if message.id > message_id]
        own = [message for message in replies if message.is_self]
        for message in own:
            self._write(f"{message.name}: {message.text}")
        if not own:
            for reason in self._reasons:
                self._write(say("({name} stays silent: {reason})", name=name, reason=reason))

    def _ended(self, event: TurnEnded) -> None:
        if not event.replied:
            self._reasons.append(say(event.reason))


async def talk(app: App, out: TextIO) -> bool:
    """Talk on the standard input; True when the person left, False when the input just ended.

    Args:
        out: where the talk is shown; on a terminal with a prompt and passing hints.
    """

    def write(line: str) -> None:
        print(line, file=out, flush=True)

    def hint(text: str) -> None:
        if out.isatty():
            print(f"\r\x1b[K{text}", end="", file=out, flush=True)

    active = await app.personas.active()
    name = active.persona.name if active else "bot"
    write(say("You are talking with {name}. /help tells more, /quit leaves.", name=name))
    talking = Talk(app, write, hint)
    try:
        hint(f"{talking.speaker}> ")
        async for line in read_lines(0):
            if not await talking.hear(line):
                return True
            hint(f"{talking.speaker}> ")
        return False
    finally:
        talking.end()
        if out.isatty():
            write("")

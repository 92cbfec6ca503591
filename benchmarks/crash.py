"""Is anything lost, broken or said twice when the app is killed at any moment?

    python -m benchmarks.crash --json [--cycles 1000] [--seed 7] [--out FILE]

In each cycle a process hosts the real app (store, line, turns, bridge, gateway), online at a Discord that
lives on in this process. People write in three channels and a direct chat, change and take back what they
wrote; then the process gets SIGKILL. A third of the kills come at any time from the start of the process on
(while the store is made or opened, or while an earlier reply is taken up), a third after some messages were
acknowledged, a third in the middle of a post: before Discord has it, or after it has it and before the app
knows. Discord has forgotten the nonces in half of the cycles. After each kill the store is checked whole and
compared with every write that was acknowledged. Every 25th cycle rests: what was cut short is ended, and a
new folder begins.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import web
from peewee import Database

from benchmarks import crash_app
from benchmarks.common import arguments, report
from benchmarks.crash_app import KEY, Told
from core.app import STORE_FILE
from core.conversation.history import Conversation
from db import header, messages
from db.base import sql
from db.store import Store
from db.turns import PartRow, TurnRow, TurnState
from tests.support.fake_discord import FakeDiscord

A_LIFE = 25  # cycles, the last of which rests
_MESSAGES = 14  # a cycle
_GAP_S = 0.012
_LONGEST_S = 2.0  # what was waited for has not come by then: the kill comes all the same
_REST_WITHIN_S = 60.0


class TrappedDiscord(FakeDiscord):
    """Lets something happen in the middle of the post that it was told to wait for.

    Attributes:
        left: posts until the trap shuts; None: there is no trap.
        takes_it: the post is there when the trap shuts. shuts: what happens.
    """

    def __init__(self) -> None:
        super().__init__()
        self.left: int | None = None
        self.takes_it = False
        self.shuts: Callable[[], None] = lambda: None

    async def handle(self, request: web.Request) -> web.Response:
        if self.left is None or request.method != "POST" or not request.path.endswith("/messages"):
            return await super().handle(request)
        self.left -= 1
        if self.left > 0:
            return await super().handle(request)
        self.left = None
        answer = await super().handle(request) if self.takes_it else web.Response(status=500)
        self.shuts()
        return answer


@dataclass
class Ledger:
    """What was acknowledged, and what the store may therefore hold.

    Attributes:
        written: each message's text as it became in turn; None at the end: taken back.
        sure: up to where in that list the writes were acknowledged; what is asked for later may be there too.
    """

    written: dict[int, list[str | None]] = field(default_factory=dict)
    sure: dict[int, int] = field(default_factory=dict)
    acked: int = 0

    def heard(self, told: Told) -> None:
        """An acknowledgement has arrived."""
        self.acked += 1
        text = None if told.what == "forgotten" else told.text
        at = self.written[told.id].index(text)
        self.sure[told.id] = max(at, self.sure.get(told.id, 0))

    def lost(self, kept: dict[int, str]) -> list[int]:
        """The messages of which an acknowledged write is not in the store."""
        return [
            number for number, at in self.sure.items() if kept.get(number) not in self.written[number][at:]
        ]


@dataclass
class Campaign:
    """Everything counted."""

    chance: Random
    rows: list[dict[str, Any]] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    corrupt: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    acked: int = 0
    kills: int = 0
    unanswered: int = 0
    failed: int = 0
    posts: int = 0
    replies: int = 0
    doubled: int = 0


class Folder:
    """One data folder with the Discord beside it, through many deaths."""

    def __init__(self, path: Path, discord: TrappedDiscord, campaign: Campaign) -> None:
        self._path = path
        self._discord = discord
        self._campaign = campaign
        self._chance = campaign.chance
        guild = discord.add_guild("Harbour", "general", "games", "harbour-watch")
        self._people = [discord.add_user(name) for name in ("Ada", "Bob", "Cleo", "Dan")]
        self._rooms = [*guild.channels, discord.direct(self._people[0])]
        self._ledger = Ledger()
        self._number = 0
        self._mine: list[dict[str, Any]] = []
        self._turn_of: dict[str, str] = {}

    async def cycle(self, *, rests: bool) -> None:
        """One life of the app, from its start to its kill, and a look at what it left."""
        began, acked = time.perf_counter(), self._ledger.acked
        context: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
        if sys.platform != "win32":
            context.set_forkserver_preload(["benchmarks.crash_app"])
        here, there = context.Pipe(duplex=False)
        seed = self._chance.getrandbits(32)
        urls = self._discord.api_url, self._discord.gateway_url
        app = context.Process(target=crash_app.run, args=(str(self._path), *urls, there, seed, rests))
        app.start()
        there.close()
        how = await self._until_killed(app, here, rests)
        await asyncio.to_thread(app.join)
        self._campaign.kills += 1
        opened = await self._look(rests)
        if self._chance.random() < 0.5:
            self._discord.forget_nonces()
        row = {"how": how, "acked": self._ledger.acked - acked, "opened": opened}
        self._campaign.rows.append(row | {"s": round(time.perf_counter() - began, 3)})

    async def _until_killed(self, app: Any, pipe: Connection, rests: bool) -> str:
        """Let people write, and kill the app at the moment that is drawn; answers which."""
        dead, rested = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def kill() -> None:
            app.kill()
            dead.set()

        acks_left = self._chance.randint(1, _MESSAGES)

        def heard(told: Told) -> None:
            nonlocal acks_left
            if told.what == "error":
                self._campaign.errors.append(told.text)
            elif told.what == "rest":
                rested.set()
            else:
                self._ledger.heard(told)
                acks_left -= 1
                if how == "after acks" and acks_left == 0:
                    loop.call_later(self._chance.uniform(0, 0.03), kill)

        how = "at rest" if rests else self._chance.choice(("at any time", "after acks", "in a post"))
        self._discord.left = None
        if how == "at any time":
            loop.call_later(self._chance.uniform(0, 1.0), kill)
        elif how == "in a post":
            self._discord.left = self._chance.randint(1, 3)
            self._discord.takes_it = self._chance.random() < 0.7
            self._discord.shuts = kill
            how += ", taken" if self._discord.takes_it else ", not taken"
        listening = asyncio.create_task(asyncio.to_thread(_listen, pipe, loop, heard))
        talking = None if rests else asyncio.create_task(self._talk())
        try:
            async with asyncio.timeout(_REST_WITHIN_S if rests else _LONGEST_S):
                await (rested if rests else dead).wait()
        except TimeoutError:
            if rests:
                self._campaign.errors.append(f"it did not come to rest within {_REST_WITHIN_S:g} s")
            how += ", waited for in vain"
        kill()
        if talking is not None:
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)
        await listening
        return how

    async def _talk(self) -> None:
        """People write, change and take back, faster than anybody could, until the app is dead."""
        await self._discord.until(lambda: bool(self._discord._sockets))
        for _ in range(_MESSAGES):
            await asyncio.sleep(self._chance.uniform(0, 2 * _GAP_S))
            await self._one_thing()
        while True:  # the kill is still to come: something for it to interrupt
            await asyncio.sleep(0.05)
            await self._one_thing()

    async def _one_thing(self) -> None:
        chance, kind = self._chance, self._chance.random()
        own = [it for it in self._mine if int(it["id"]) in self._ledger.sure]
        if own and kind < 0.1:
            message = chance.choice(own)
            text = f"{message['content']} (changed {self._number})"
            self._ledger.written[int(message["id"])].append(text.replace(self._discord.mention, "@Finn"))
            await self._discord.edit(message, text)
        elif own and kind < 0.15:
            message = chance.choice(own)
            self._mine.remove(message)
            self._ledger.written[int(message["id"])].append(None)
            await self._discord.delete(message)
        else:
            await self._write()

    async def _write(self) -> None:
        chance = self._chance
        self._number += 1
        room = chance.choice(self._rooms)
        to_bot = "" if room.guild_id is None or chance.random() < 0.3 else f"{self._discord.mention} "
        text = f"{to_bot}#{self._number} is the ferry late again, or is it me?"
        person = room.person or chance.choice(self._people)
        ids = self._discord._ids
        self._ledger.written[ids + 1] = [text.replace(self._discord.mention, "@Finn")]
        message = await self._discord.say(room, person, text)
        self._mine.append(message)

    async def _look(self, rests: bool) -> bool:
        """Check what lies on the disk; False when there is no store yet."""
        campaign = self._campaign
        path = self._path / STORE_FILE
        known = header.read(self._path) if self._path.exists() else None
        if known is None or known.schema == 0:
            if self._ledger.sure:
                campaign.corrupt.append("the store is gone")
            return False
        try:
            store = await Store.open(path, KEY, read_only=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, the file is not what it was
            campaign.corrupt.append(f"the store does not open: {error!r}")
            return False
        try:
            campaign.corrupt += (await store.check()).problems
            kept, out_of_step, states, parts = await store.read(_kept)
            await self._conversations()
        finally:
            await store.close()
        if out_of_step:
            campaign.corrupt.append(f"{out_of_step} messages and their words are out of step")
        campaign.lost += self._ledger.lost(kept)
        self._turn_of |= parts
        if rests:
            campaign.unanswered += states[TurnState.RECEIVED] + states[TurnState.READY]
            campaign.failed += states[TurnState.FAILED]
        return True

    async def _conversations(self) -> None:
        """Whatever conversations were put into files can be read."""
        for path in (self._path / "conversations").glob("*.json"):
            try:
                Conversation.from_json(await asyncio.to_thread(path.read_text, "utf-8"))
            except Exception as error:  # noqa: BLE001 - the same
                self._campaign.corrupt.append(f"{path.name}: {error!r}")

    def close(self) -> None:
        """Count what was said in this folder's time.

        No two replies of the brain have the same words. So a reply was doubled if a post is there twice, if
        one turn had two replies, or if a post is no turn's any more.
        """
        posts = Counter(post["content"] for post in self._discord.posts)
        replies = {text: (self._turn_of.get(text, ""), text.split(",")[0]) for text in posts}
        said_for = Counter(turn for turn, _ in set(replies.values()))
        orphans = said_for.pop("", 0)
        self._campaign.posts += posts.total()
        self._campaign.replies += len(set(replies.values()))
        self._campaign.doubled += (
            sum(times - 1 for times in posts.values()) + sum(n - 1 for n in said_for.values()) + orphans
        )
        self._campaign.acked += self._ledger.acked


def _listen(pipe: Connection, loop: asyncio.AbstractEventLoop, heard: Callable[[Told], None]) -> None:
    """Hand on what the app tells until it is dead."""
    try:
        while True:
            loop.call_soon_threadsafe(heard, pipe.recv())
    except (EOFError, OSError):
        pipe.close()


def _kept(db: Database) -> tuple[dict[int, str], int, Counter[str], dict[str, str]]:
    """The texts of messages, how much the index of words is out of step, how many turns stand where, and
    the turn of each part of a reply."""
    rows = messages.Message.select(messages.Message.platform_id, messages.Message.text).tuples().execute(db)
    out_of_step = sql(
        db,
        "select (select count(*) from messages where id not in (select id from message_words_docsize))"
        " + (select count(*) from message_words_docsize where id not in (select id from messages))",
    ).fetchone()[0]
    states = Counter(state for (state,) in TurnRow.select(TurnRow.state).tuples().execute(db))
    parts = PartRow.select(PartRow.text, PartRow.turn).tuples().execute(db)
    return dict(rows), int(out_of_step), states, dict(parts)


async def campaign(cycles: int, seed: int) -> Campaign:
    """Kill the app that many times; answers what was counted."""
    counted = Campaign(Random(seed))
    for first in range(0, cycles, A_LIFE):
        with tempfile.TemporaryDirectory(prefix="echodeck-crash-") as folder:
            discord = TrappedDiscord()
            async with discord:
                life = Folder(Path(folder) / "data", discord, counted)
                here = min(A_LIFE, cycles - first)
                for at in range(here):
                    await life.cycle(rests=at == here - 1)
                life.close()
    return counted


def figures(counted: Campaign) -> dict[str, float]:
    """The campaign in numbers."""
    took = [row["s"] for row in counted.rows]
    return {
        "cycles": len(counted.rows),
        "kills": counted.kills,
        "acked": counted.acked,
        "posts": counted.posts,
        "replies": counted.replies,
        "lost_acks": len(set(counted.lost)),
        "corrupt": len(counted.corrupt),
        "doubled_replies": counted.doubled,
        "unanswered": counted.unanswered,
        "failed_turns": counted.failed,
        "errors": len(counted.errors),
        "cycle_s": round(sum(took) / len(took), 3),
    }


def main() -> None:
    parser = arguments("crash", __doc__ or "")
    parser.add_argument("--cycles", type=int, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="what is drawn")
    wanted = parser.parse_args()
    counted = asyncio.run(campaign(wanted.cycles, wanted.seed))
    told = figures(counted)
    notes = (
        f"seed {wanted.seed}; acked: messages kept, changed and forgotten, of which the call had returned; "
        "replies: as Discord shows them; unanswered: turns that were still open after the last cycle of a "
        "folder, which rests before its kill; errors: what the app logged as one, or ended by itself"
    )
    wrong = {"corrupt": counted.corrupt, "errors": counted.errors, "lost": sorted(set(counted.lost))}
    report("crash", told, notes, counted.rows, wanted.out, {"wrong": wrong} if any(wrong.values()) else None)


if __name__ == "__main__":
    main()

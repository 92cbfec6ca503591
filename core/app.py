"""The app: its services, wired once, started in one written order and stopped backwards.

lock → store → services → schedule → brains → line → (bot, window: main adds these doors)
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from random import Random, SystemRandom

from core import starting_over
from core.backups import Backups
from core.clock import Clock, SystemClock
from core.conversation.archive import Archive
from core.conversation.conversations import InMemoryConversationManager
from core.conversation.desk import Desk
from core.conversation.feedback import Feedback
from core.conversation.late import open_doors
from core.conversation.line import Line
from core.conversation.message import Door, Realm
from core.conversation.practice import PracticeRoom
from core.conversation.proactive import Proactive
from core.conversation.quiet import Quiet
from core.conversation.replay import Replay
from core.conversation.second_thoughts import SecondThoughts
from core.conversation.threads import Shelf, Summary, Threads
from core.conversation.toolset import Toolset
from core.echo.echoes import Echoes
from core.errors import FolderUnusable
from core.events import Bus
from core.feed import Feed
from core.feelings import tone
from core.feelings.life import Feelings
from core.holdings import Holdings
from core.keys import Keys
from core.llm.brain import Role
from core.llm.budget import TokenRatios
from core.llm.roles import Roles, Wish
from core.llm.starter import StarterBrain
from core.memory.asked_memory import AskedMemory
from core.memory.backlog import Backlog
from core.memory.embedder import chosen
from core.memory.facts import FactRecall
from core.memory.happened import EpisodeRecall
from core.memory.night import Night
from core.memory.notebook import Notebook
from core.memory.recall import Recall
from core.people import People
from core.persona.belongings import Belongings
from core.persona.identity import Personas
from core.persona.whereabouts import Whereabouts
from core.privacy import Privacy
from core.retention import Retention
from core.rounds import Rounds
from core.safety.limits import RateLimits
from core.schedule import Schedule
from core.secrets import Keyring, Secrets
from core.settings import CHAT_MODEL, EMBEDDING_MODEL, OLLAMA_HOST, SCORING_MODEL, Settings
from core.setup import Setup
from core.standing import health_of
from core.thrift import few_arenas
from core.words import T, Text
from db import header, keys, rekey, state
from db.base import Database
from db.header import KeySource
from db.key_places import KeyPlaces
from db.keys import KeyFound
from db.lock import FolderLock
from db.store import Store

log = logging.getLogger(__name__)

_FIRST_OPENED = "first_opened"
STORE_FILE = "echodeck.db"
_MODEL_OF = {Role.CHAT: CHAT_MODEL, Role.SCORING: SCORING_MODEL, Role.EMBEDDING: EMBEDDING_MODEL}


@dataclass(frozen=True)
class Config:
    """What the app is opened with.

    Attributes:
        data_dir: the folder that holds everything; made when it is missing.
        environ: the environment. keyring: the computer's keyring, or None when it has none.
        brain: `auto`, `starter`, `ollama:NAME` or `none` (everything runs but the generation).
        chance: where all randomness comes from; seeded by `--seed`.
        zone: the host's time zone.
        rounds: whether what comes round by itself is done (the night, the day's status, backups, health).
    """

    data_dir: Path
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    keyring: Keyring | None = None
    clock: Clock = field(default_factory=SystemClock)
    chance: Random = field(default_factory=SystemRandom)
    zone: tzinfo = UTC
    brain: str = "auto"
    pace: str | None = None
    seeded: bool = False
    rounds: bool = True


@dataclass(frozen=True)
class App:
    """The services. Pages, cogs and terminals are handed what they need of it.

    Attributes:
        doors: the doors that are open now; Discord's is there while the bot is online.
        said: what the host should be told once, now that everything is open (e.g. where the key lies).
    """

    config: Config
    bus: Bus
    store: Store
    settings: Settings
    secrets: Secrets
    personas: Personas
    belongings: Belongings
    whereabouts: Whereabouts
    roles: Roles
    line: Line
    practice: PracticeRoom
    feed: Feed
    setup: Setup
    desk: Desk
    feelings: Feelings
    night: Night
    notebook: Notebook
    people: People
    proactive: Proactive
    shelf: Shelf
    doors: dict[Realm, Door]
    archive: Archive
    echoes: Echoes
    replay: Replay
    feedback: Feedback
    privacy: Privacy
    holdings: Holdings
    said: tuple[Text, ...] = ()

    @property
    def keys(self) -> Keys:
        """The key of the data, and its recovery passphrase."""
        return Keys(self.config.data_dir, self.config.environ, self.keyring, self.config.clock)

    @property
    def backups(self) -> Backups:
        """The copies of everything."""
        return Backups(self.config.data_dir, self.keys, self.config.clock, self.store)

    async def keyring(self) -> Keyring | None:
        return self.config.keyring

    @property
    def quiet(self) -> Quiet:
        """The host's own mute."""
        return Quiet(self.store, self.config.clock, self.bus)

    @property
    def logs(self) -> Path:
        """The folder of the log files."""
        return self.config.data_dir / "logs"


@asynccontextmanager
async def open_app(config: Config) -> AsyncIterator[App]:
    """Open everything in its order; leaving closes it backwards, each part within its time limit.

    Raises:
        db.faults.StoreFault: the store cannot be opened; `core.errors.explain` has the words.
        core.errors.FolderUnusable: there is no place for the data.
    """
    few_arenas()
    async with AsyncExitStack() as opened:
        store, found = await _open_store(config, opened)
        bus = Bus()
        settings = Settings(store, bus, config.clock, config.environ)
        personas = Personas(store, bus, config.clock)
        only = config.brain if config.brain not in ("auto", "none") else ""
        roles = Roles(_wishes(settings), StarterBrain(), only)
        opened.push_async_callback(roles.close)
        embedder = chosen(await settings.get(EMBEDDING_MODEL), await roles.ollama())
        if embedder is not None:
            opened.push_async_callback(embedder.close)
            await opened.enter_async_context(Backlog(store, embedder, bus).in_background())
        recall = Recall(store, embedder, config.clock)
        opened.push_async_callback(recall.close)
        feelings = Feelings(store, bus, config.clock, config.chance, config.zone)
        desk = Desk(
            store=store,
            settings=settings,
            personas=personas,
            roles=roles,
            clock=config.clock,
            bus=bus,
            chance=config.chance,
            prompts=config.data_dir / "prompts",
            ratios=TokenRatios(),
            recall=recall,
            feelings=feelings,
            zone=config.zone,
            pace=config.pace,
            speaks=config.brain != "none",
            seeded=config.seeded,
        )
        await opened.enter_async_context(_warm())
        if desk.speaks:
            desk.second_thoughts = await opened.enter_async_context(SecondThoughts(feelings, roles))
        desk.facts = FactRecall(store, embedder, config.clock)
        desk.episodes = EpisodeRecall(store, embedder, config.clock)
        desk.limits = RateLimits(config.clock)
        desk.toolset = Toolset(AskedMemory(store, bus, config.clock))
        shelf = Shelf(store, settings, config.data_dir / "conversations")
        summary = Summary(roles) if desk.speaks else None
        conversations = InMemoryConversationManager(shelf.keep, summary, config.clock)
        opened.push_async_callback(conversations.shutdown)
        desk.threads = Threads(conversations, config.clock, config.data_dir / "conversations")
        line = await opened.enter_async_context(Line(desk))
        privacy = Privacy(store, line, desk.threads, bus, config.clock, config.chance, config.data_dir)
        retention = Retention(store, settings, bus, config.clock, config.data_dir)
        doors = await opened.enter_async_context(open_doors(line, desk))
        proactive = Proactive(desk, lambda: doors, line.busy)
        night = Night(store, roles, embedder, config.clock, bus)
        echoes = await opened.enter_async_context(
            Echoes(store, lambda: desk.roles, settings, bus, config.clock, config.chance, config.zone)
        )
        privacy.echoes = echoes
        await privacy.copies.catch_up()
        rounds = Rounds(desk, night, proactive, lambda: doors, echoes, (retention, privacy.copies))
        jobs = rounds.jobs() if config.rounds else ()
        since = await store.run(_first_opened, config.clock.now())
        await opened.enter_async_context(Schedule(store, config.clock, config.zone, jobs, since))
        await opened.enter_async_context(health_of(bus, config.clock, roles, config.data_dir, config.rounds))
        practice = PracticeRoom(store, line, personas, bus, config.clock)
        doors[Realm.PRACTICE] = practice.door
        await line.resume(practice.door, Realm.PRACTICE)
        keyring = config.keyring if found.source is KeySource.KEYRING else None
        yield App(
            config=config,
            bus=bus,
            store=store,
            settings=settings,
            secrets=Secrets(store, config.clock, config.environ, keyring, found.store),
            personas=personas,
            belongings=Belongings(store, bus, config.clock),
            whereabouts=Whereabouts(store, bus, config.clock),
            roles=roles,
            line=line,
            practice=practice,
            feed=Feed(store, config.clock),
            setup=Setup(store, config.clock),
            night=night,
            notebook=Notebook(store, bus, config.clock),
            people=People(store),
            proactive=proactive,
            shelf=shelf,
            doors=doors,
            archive=Archive(store),
            echoes=echoes,
            replay=Replay(desk),
            feedback=Feedback(store, personas, line, bus, config.clock, lambda: doors),
            privacy=privacy,
            holdings=Holdings(store, config.clock),
            desk=desk,
            feelings=feelings,
            said=await _say_once(config, found),
        )


@asynccontextmanager
async def _warm() -> AsyncIterator[None]:
    """What the first message would have to wait for is read beforehand, on another thread."""
    reading = asyncio.create_task(asyncio.to_thread(tone.warm), name="warming up")
    try:
        yield
    finally:
        await asyncio.gather(reading, return_exceptions=True)


def _first_opened(db: Database, now: datetime) -> datetime:
    """When this store was opened for the first time: what was due before was nobody's to do."""
    kept = state.get(db, state.State, _FIRST_OPENED)
    if kept is None:
        state.put(db, state.State, _FIRST_OPENED, now.isoformat(), now)
        return now
    return datetime.fromisoformat(kept)


def _wishes(settings: Settings) -> Callable[[Role], Awaitable[Wish]]:
    async def wish(role: Role) -> Wish:
        values = await settings.every()
        return Wish(values[_MODEL_OF[role].key], values[OLLAMA_HOST.key])

    return wish


async def _open_store(config: Config, opened: AsyncExitStack) -> tuple[Store, KeyFound]:
    """Hold the folder, find the key, open the file; each is let go again in the opposite order."""
    _make_folder(config.data_dir)
    lock = opened.enter_context(FolderLock(config.data_dir))
    await _start_over(config)
    opened.push_async_callback(_start_over, config)
    await rekey.settle(KeyPlaces(config.data_dir, config.environ, config.keyring))
    found = await keys.find(config.data_dir, config.environ, config.keyring, config.clock.now)
    store = await Store.open(config.data_dir / STORE_FILE, found.key, lock=lock, now=config.clock.now)
    opened.push_async_callback(store.close)
    return store, found


async def _start_over(config: Config) -> None:
    """At the end, and at the start after an end that was cut short: the host wants everything erased."""
    if starting_over.is_decided(config.data_dir):
        await starting_over.carry_out(config.data_dir, config.keyring)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(path=str(folder), detail=error.strerror or str(error)) from error


async def _say_once(config: Config, found: KeyFound) -> tuple[Text, ...]:
    erased = starting_over.receipt(config.data_dir)
    before = (erased,) if erased is not None else ()
    if found.source is not KeySource.KEY_FILE or found.said_once:
        return before
    header.note_said(config.data_dir)
    return (
        *before,
        T(
            "This computer has no keyring, so the key to your data lies in the file {path}. "
            "Whoever can read that file can read your data.",
            path=str(config.data_dir / keys.KEY_FILE),
        ),
    )

"""Sample data for the tour: a day on a small server, made through the real line with a brain that
says what stands here. Nothing of it touches the host's own data."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from core.app import App, Config, open_app
from core.clock import VirtualClock
from core.conversation.feedback import Feedback
from core.conversation.line import Line
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.conversation.practice import PracticeRoom
from core.conversation.record import DISCORD_EPOCH
from core.conversation.replay import Replay
from core.llm.brain import (
    ChatRequest,
    Chunk,
    LoadedModel,
    ModelDetails,
    ModelInfo,
    ModelRecipe,
    Progress,
    Role,
    TextChunk,
    Usage,
)
from core.llm.ollama import OllamaBrain
from core.llm.roles import Choice, Roles, Wish
from core.persona.identity import samples
from core.settings import BURST_SECONDS, PACING
from gui import sample_echo, sample_past
from gui.sample_session import SampleSession as SampleSession

MORNING = datetime(2026, 3, 14, 9, 12, tzinfo=UTC)
_KEY = "5a" * 32
_GIB = 1024**3
_WORD_S = 0.02

# Who, where, what, to whom (me: a mention), and what the persona answers.
_DAY: tuple[tuple[str, str, str, str, str], ...] = (
    ("Ada", "general", "good morning! who's up already?", "", ""),
    ("Bob", "general", "@Ada me, sadly. the bakery starts at five", "Ada", ""),
    (
        "Cy",
        "workshop",
        "@Finn my tape deck eats every cassette, is it dying?",
        "me",
        "it's hungry, not dying. old rubber, most likely. does it whine before it bites?",
    ),
    (
        "Cy",
        "workshop",
        "it does! like a sad mosquito",
        "reply",
        "then it's the belt. two euros and an evening. name it first, it helps",
    ),
    (
        "Ada",
        "general",
        "@Finn what's the weather like at your end?",
        "me",
        "fog you could spread on bread. bosun refuses to look out of the window",
    ),
    ("Dee", "games", "anyone for a round tonight?", "", ""),
    ("Bob", "games", "@Dee me, after eight", "Dee", ""),
    ("Ada", "general", "finn always sounds like he's wearing a raincoat", "name", "that's because i am"),
    ("Eli", "off-topic", "does anyone here still own a radio?", "", ""),
    (
        "Eli",
        "off-topic",
        "@Finn you do, don't you?",
        "me",
        "eleven. twelve if you count margaret, but she only does long wave on sundays. yours?",
    ),
)
_PRACTICE: tuple[tuple[str, str, str], ...] = (
    (
        "Ada",
        "@Finn hey, how was your day?",
        "quiet. fixed a radio that only wanted to be asked nicely. yours?",
    ),
    ("Ada", "long. I think I broke my headphones", "oh no. did they go quiet on one side first?"),
    (
        "Bob",
        "@Finn tell her it's just the cable",
        "it's always the cable. wiggle it near the plug, ada, and tell me when it crackles",
    ),
)
_MODELS = (
    ("llama3.2:3b", 2.0, "3.2B"),
    ("qwen3:1.7b", 1.4, "2.0B"),
    ("nomic-embed-text:latest", 0.26, "137M"),
)


class SampleOllama(OllamaBrain):
    """An Ollama that says what it is told to."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:11434")
        self.answer = "fog's in, tea's on."
        self.word_s = _WORD_S
        self.built: set[str] = set()

    async def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        for position, word in enumerate(self.answer.split(" ")):
            await asyncio.sleep(self.word_s)
            yield TextChunk(word if position == 0 else f" {word}")
        read = sum(len(message.content) for message in request.messages) // 4
        yield Usage(read, read * 3 // 4, len(self.answer) // 4, prompt_ms=210, generate_ms=1480)

    async def count_tokens(self, request: ChatRequest) -> int | None:
        return None

    async def list_models(self) -> list[ModelInfo]:
        return [
            ModelInfo(name, int(size * _GIB), name.partition(":")[0], parameters, "Q4_K_M", MORNING)
            for name, size, parameters in _MODELS
        ]

    async def show(self, model: str) -> ModelDetails:
        embeds = "embed" in model
        abilities = frozenset({"embedding"} if embeds else {"completion", "tools"})
        return ModelDetails(model, 2048 if embeds else 131072, abilities)

    async def create(self, recipe: ModelRecipe) -> AsyncIterator[Progress]:
        self.built.add(recipe.name)
        yield Progress("success", 1, 1)

    async def pull(self, model: str) -> AsyncIterator[Progress]:
        """It begins, and goes on until it is cancelled."""
        yield Progress("pulling", int(1.9 * _GIB), int(4.6 * _GIB))
        await asyncio.Event().wait()

    async def delete(self, model: str) -> None:
        self.built.discard(model)

    async def loaded(self) -> list[LoadedModel]:
        return [LoadedModel(_MODELS[0][0], int(2.9 * _GIB), 0, MORNING)]

    async def version(self) -> str:
        return "0.32.15"

    async def alive(self) -> bool:
        return True


class SampleRoles(Roles):
    """Roles on the sample Ollama; the chat model is the first one."""

    def __init__(self, real: Roles) -> None:
        super().__init__(_wish, real.starter)
        self.sample = SampleOllama()

    async def ollama(self) -> OllamaBrain:
        return self.sample

    async def choose(self, role: Role) -> Choice:
        at = {Role.CHAT: 0, Role.SCORING: 1, Role.EMBEDDING: 2}[role]
        return Choice(self.sample, _MODELS[at][0])


async def _wish(_role: Role) -> Wish:
    return Wish("auto", "http://127.0.0.1:11434")


class RecordingDoor:
    """A door that leads nowhere; it only counts what was posted."""

    self_id = 77

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.posted = 0

    def typing(self, place: Place) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    def writing(self, turn_id: str, text: str) -> None:
        """Nobody watches."""

    async def already_posted(self, place: Place, text: str, answers: int) -> int | None:
        return None

    async def post(self, place: Place, text: str, nonce: str, answers: int | None) -> int:
        self.posted += 1
        return _id_at(self._clock.now(), 2_000_000 + self.posted)

    async def retract(self, place: Place, message_id: int) -> None:
        """Nothing was posted, so nothing has to go."""


def _id_at(at: datetime, number: int) -> int:
    """An id as Discord gives them: the moment is in it."""
    return ((at - DISCORD_EPOCH) // timedelta(milliseconds=1) << 22) + number


# What a day leaves in the log.
_HAPPENED = (
    (logging.INFO, "main", "Echodeck opened the sample folder"),
    (logging.INFO, "core.session", "online as Finn on 2 servers"),
    (logging.INFO, "core.schedule", "the daily backup was made and checked"),
    (logging.WARNING, "core.llm.ollama", "the model llama3.2:3b took 21 seconds to load"),
    (logging.WARNING, "bot.door", "a message did not get through (TimeoutError); trying again"),
    (logging.INFO, "core.session", "reconnecting"),
    (logging.INFO, "core.session", "online as Finn on 2 servers"),
)


@asynccontextmanager
async def sample_app(folder: Path) -> AsyncIterator[App]:
    """An app on sample data in `folder`."""
    clock = VirtualClock(MORNING - timedelta(days=sample_past.DAYS))
    config = Config(
        folder,
        {"ECHODECK_KEY": _KEY, "DISPLAY": ":0"},
        clock=clock,
        chance=Random(7),
        pace="instant",
        seeded=True,
    )
    async with open_app(config) as opened:
        roles = SampleRoles(opened.roles)
        desk = replace(opened.desk, roles=roles)
        opened.desk.roles = roles  # echoes look there
        async with Line(desk) as line:
            practice = PracticeRoom(opened.store, line, opened.personas, opened.bus, clock)
            doors = opened.doors
            doors[Realm.PRACTICE] = practice.door
            feedback = Feedback(opened.store, opened.personas, line, opened.bus, clock, lambda: doors)
            app = replace(
                opened,
                roles=roles,
                desk=desk,
                line=line,
                practice=practice,
                replay=Replay(desk),
                feedback=feedback,
            )
            await _fill(app, clock, roles.sample)
            yield app
            await roles.sample.close()


async def _fill(app: App, clock: VirtualClock, brain: SampleOllama) -> None:
    kept = [await app.personas.add(persona) for persona in samples()]
    finn = next(one for one in kept if one.persona.name == "Finn")
    await app.personas.choose(finn.id)
    await app.settings.put(BURST_SECONDS, 0)
    await app.settings.put(PACING, "instant")
    await app.setup.finish()
    await app.secrets.keep_token("a token of the tour, never sent anywhere")
    door = RecordingDoor(clock)
    app.doors[Realm.DISCORD] = door
    await _days_before(app, clock, brain, door)
    for number, said in enumerate(_DAY):
        clock.step(timedelta(minutes=4, seconds=11 * number).total_seconds())
        brain.answer = said[4]
        await app.line.take(_message(number, said, clock.now()), door)
        await _quiet(app.line)
    for who, text, answer in _PRACTICE:
        clock.step(40)
        brain.answer = answer
        await app.practice.say(who, text, speakers=("Ada", "Bob"))
        await _quiet(app.line)
    brain.word_s, brain.answer = 0.0, "hm that cable hums again.."
    await sample_echo.fill(app)
    brain.word_s, brain.answer = _WORD_S, "fog's in, tea's on. and you, did you sleep?"
    for level, part, words in _HAPPENED:
        logging.getLogger(part).log(level, words)


def _message(number: int, said: tuple[str, str, str, str, str], at: datetime) -> IncomingMessage:
    who, channel, text, to, _ = said
    guild = "Tape Deck Club" if channel == "workshop" else "Harbour Lights"
    place = Place(Realm.DISCORD, 500 + len(channel), channel, guild_id=len(guild), guild_name=guild)
    return IncomingMessage(
        id=_id_at(at, number),
        place=place,
        author=Author(100 + ord(who[0]), who),
        text=text,
        sent_at=at,
        mentions_me=to == "me",
        mentions=(to,) if to not in ("", "me", "reply", "name") else (),
        replies_to_me=to == "reply",
    )


async def _days_before(app: App, clock: VirtualClock, brain: SampleOllama, door: RecordingDoor) -> None:
    """Nine days of talk and the nights between them."""
    numbers = itertools.count(500)

    async def wrote(who: str, channel: str, text: str, at: datetime) -> None:
        number = next(numbers)
        brain.answer = sample_past.ANSWERS[number % len(sample_past.ANSWERS)]
        to = "me" if text.startswith("@Finn") else ""
        await app.line.take(_message(number, (who, channel, text, to, ""), at), door)
        await _quiet(app.line)

    await sample_past.live(app, clock, wrote)
    clock.step((MORNING - clock.now()).total_seconds())


async def _quiet(line: Line) -> None:
    while line.tasks:
        await asyncio.gather(*line.tasks)

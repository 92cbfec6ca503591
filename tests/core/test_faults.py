"""What the best survive: a model that is too large, a queue that is full, a disk that is full, noise over the
data. Each time a sentence, nothing lost, and it goes on by itself when what was missing is back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from core.app import App, Config, open_app
from core.clock import SystemClock, VirtualClock
from core.errors import explain
from core.llm.brain import Role
from core.llm.ollama import OllamaBrain
from core.llm.roles import Roles, Wish
from core.llm.starter import StarterBrain
from core.persona.identity import sample
from core.settings import BURST_SECONDS
from core.words import say
from db import faults
from db.backup import Reason
from db.base import Database, sql
from tests.core.conversation.test_faults_of_models import MODEL, OnlyChat, Room
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles
from tests.support.ollama_replay import OllamaReplay, error, says

KEY = {"ECHODECK_KEY": "22" * 32}


class Hasty(SystemClock):
    """Waits for nothing."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def config(tmp_path: Path, clock: VirtualClock) -> Config:
    return Config(
        tmp_path / "data", KEY, clock=clock, chance=Random(7), pace="instant", seeded=True, rounds=False
    )


@pytest.fixture
async def app(config: Config) -> AsyncIterator[App]:
    async with open_app(config) as opened:
        opened.desk.roles = FakeRoles(FakeBrain("tea's on"))
        await opened.personas.add(sample("Finn"))
        yield opened


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaReplay]:
    async with OllamaReplay() as server:
        yield server


@pytest.fixture
async def room(app: App, clock: VirtualClock, ollama: OllamaReplay) -> AsyncIterator[Room]:
    brain = OllamaBrain(ollama.host, clock=Hasty())
    app.desk.roles = OnlyChat(brain, MODEL)
    yield Room(app, clock, ollama)
    await brain.close()


FULL = error(503, "server busy, please try again.  maximum pending requests exceeded")
TOO_LARGE = error(500, "model requires more system memory (5.5 GiB) than is available (1.2 GiB)")


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ((FULL,) * 4, f"The model {MODEL} has too much to do just now."),
        ((TOO_LARGE,), f"The model {MODEL} does not fit into this computer's memory just now."),
    ],
    ids=["queue full", "out of memory"],
)
async def test_a_model_that_has_no_room_is_said_and_the_next_message_answered(
    room: Room, answers: tuple[object, ...], sentence: str
) -> None:
    broken = await room.hears("Ada: hi @bot", *answers)  # type: ignore[arg-type]
    assert (broken.posted, broken.told) == ([], [sentence])
    well = await room.hears("Ada: and now, @bot?", says("here ", "I am"))
    assert well.posted == ["here I am"]
    assert well.heard == ["hi @bot", "and now, @bot?"]


async def test_an_ollama_that_wrote_is_not_replaced_by_nonsense_while_it_is_away(
    ollama: OllamaReplay,
) -> None:
    async def wish(role: Role) -> Wish:
        return Wish("auto", ollama.host)

    roles = Roles(wish, StarterBrain())
    assert (await roles.choose(Role.CHAT)).brain.name == "ollama"
    await ollama.go_down()
    with pytest.raises(Exception, match="does not answer") as away:
        await roles.choose(Role.CHAT)
    assert "goes on by itself" in say(explain(away.value).step)
    await ollama.__aenter__()
    assert (await roles.choose(Role.CHAT)).brain.name == "ollama"
    await roles.close()


async def test_a_full_disk_is_said_nothing_kept_is_lost_and_it_goes_on(app: App) -> None:
    def limit(db: Database, pages: int) -> None:
        sql(db, f"pragma max_page_count = {pages}")

    await app.settings.put(BURST_SECONDS, 0)
    await app.practice.say("Ada", "kept before")
    await quiet(app)
    await app.store.run(limit, 1)
    full = await until_full(app)
    assert say(explain(full).what) == "The disk is full: nothing more can be saved."
    await quiet(app)
    assert "kept before" in [line.text for line in await app.practice.transcript()]
    await app.store.run(limit, 1_000_000)
    await app.practice.say("Ada", "@Finn kept after?")
    await quiet(app)
    lines = await app.practice.transcript()
    assert [line.text for line in lines if not line.is_self][-1] == "@Finn kept after?"
    assert lines[-1].is_self, "it answers again"
    assert (await app.store.check()).problems == ()


async def until_full(app: App) -> faults.DiskFull:
    for _ in range(50):
        try:
            await app.practice.say("Ada", "too much " * 200)
        except faults.DiskFull as error:
            return error
    pytest.fail("the disk was never full")


async def quiet(app: App) -> None:
    async with asyncio.timeout(30):
        while app.line.tasks:
            await asyncio.gather(*app.line.tasks, return_exceptions=True)


async def test_a_backup_on_a_full_disk_leaves_no_half_of_one(
    app: App, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    await app.store.back_up(Reason.DAILY, config.clock.now())
    monkeypatch.setattr("db.backup.to_disk", full)
    with pytest.raises(OSError, match="No space"):
        await app.backups.make()
    monkeypatch.undo()
    folder = config.data_dir / "backups"
    assert len(app.backups.listed()) == 1
    assert not list(folder.glob("*.partial"))


async def test_noise_over_the_data_is_never_opened_and_never_thrown_away(config: Config) -> None:
    async with open_app(config) as app:
        await app.personas.add(sample("Finn"))
        await app.store.back_up(Reason.DAILY, config.clock.now())
    store = config.data_dir / "echodeck.db"
    noise = os.urandom(store.stat().st_size)
    store.write_bytes(noise)
    with pytest.raises((faults.StoreDamaged, faults.WrongKey)) as damaged:
        async with open_app(config):
            pytest.fail("it opens")
    assert "backup" in say(explain(damaged.value).step)
    assert store.read_bytes() == noise
    backups = app.backups
    done = await backups.put_back(backups.listed()[0].path)
    assert done.aside is not None
    assert done.aside.read_bytes() == noise
    async with open_app(config) as again:
        assert [kept.persona.name for kept in await again.personas.every()] == ["Finn"]

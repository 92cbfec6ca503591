"""An analysis from asking to ready, killed at any stage, cancelled, tried again, and never stuck."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core.echo.echoes import Echoes
from core.echo.refusals import ConsentMissing
from core.echo.stages import STAGES, Stage
from core.echoing import MODEL_TRAINING_TIMEOUT
from core.errors import BrainBroke
from core.events import EchoJobChanged
from db import echo_jobs, echo_messages, echoes
from db.store import Store
from tests.core.echo.conftest import ADMIN, KEY, Flat, Workshop, over, request, settled
from tests.support.echo_history import ALICE, GUILD, History, alice_says, written

SELF_ADMIN = type(ADMIN)(ALICE, GUILD, permissions=ADMIN.permissions)
HOUSE = Path(__file__).resolve().parents[3]


async def begun(echoes_: Echoes, history: History) -> Any:
    """Alice asks for herself, and runs the server: reading begins."""
    await echoes_.ask(request(), SELF_ADMIN, "Alice")
    await echoes_.connect(history)
    return (await echoes_.jobs.recent())[0]


async def test_from_asking_to_ready(flat: Flat, brain: Workshop) -> None:
    seen: list[tuple[str, str]] = []
    told = flat.bus.listen(EchoJobChanged, lambda event: seen.append((event.job.state, event.job.stage)))
    async with flat.open() as (app, _store):
        job = await begun(app, written(900, 300))
        job = await settled(app, over, job.id)
        card = await app.library.card(job.consent_id)
        lines = [str(line.text) for line in await app.jobs.log(job.id)]
    told.end()
    assert job.state == "done", app.jobs.trouble(job)
    assert [stage for stage in STAGES if ("running", stage.value) in seen] == list(STAGES)
    assert card.is_ready
    assert card.collected == 300
    assert card.style is not None
    assert card.style.openers["i"] > 0.9
    assert card.sounds_like is not None
    assert card.samples[0].real.startswith("i think")
    assert card.echo is not None
    assert card.echo.model in brain.models
    assert any("300" in line for line in lines)


async def test_too_few_messages_are_said_plainly(flat: Flat) -> None:
    async with flat.open() as (app, _):
        job = await settled(app, over, (await begun(app, written(200, 20))).id)
        trouble = app.jobs.trouble(job)
    assert job.state == "failed"
    assert trouble is not None
    assert trouble.code == "TooFewMessages"
    assert "20" in str(trouble.what)
    assert "40" in str(trouble.what)


@pytest.mark.parametrize("stage", list(Stage))
async def test_killed_at_any_stage_it_ends_well_after_the_next_start(flat: Flat, stage: Stage) -> None:
    script = [sys.executable, "-m", "tests.core.echo.killed", str(flat.folder), stage.value]
    told = await asyncio.to_thread(subprocess.run, script, cwd=HOUSE, capture_output=True, timeout=60)
    assert told.returncode == -signal.SIGKILL, told.stderr.decode()
    async with flat.open() as (app, store):
        job = (await app.jobs.recent())[0]
        assert job.stage == stage.value
        await app.connect(written(400, 150))
        job = await settled(app, over, job.id)
        assert job.state == "done", app.jobs.trouble(job)
        assert (await app.library.card(job.consent_id)).is_ready
        assert await store.read(echo_messages.count, job.consent_id) == 150
        assert len(await store.read(echoes.models)) == 1


async def test_one_at_a_time_in_the_order_they_were_asked_for(flat: Flat) -> None:
    running: set[int] = set()
    most: list[int] = []

    def note(event: EchoJobChanged) -> None:
        (running.add if event.job.state == "running" else running.discard)(event.job.id)
        most.append(len(running))

    told = flat.bus.listen(EchoJobChanged, note)
    history = written(600, 200)
    for at in range(150):
        history.add(10, 1_009, alice_says(Random(at)), 1_000 + at)
    async with flat.open() as (app, _):
        await begun(app, history)
        other = type(ADMIN)(1_009, GUILD, permissions=ADMIN.permissions)
        await app.ask(request(subject_id=1_009, subject_name="Dora"), other, "Dora")
        jobs = await app.jobs.recent()
        ended = [await settled(app, over, job.id) for job in jobs]
    told.end()
    assert [job.state for job in ended] == ["done", "done"]
    assert max(most) == 1
    assert ended[1].ended_at <= ended[0].started_at


async def test_cancelled_and_tried_again_from_where_it_stood(flat: Flat) -> None:
    history = written(3_000, 300)
    history.broken = [10]
    async with flat.open() as (app, _):
        job = await begun(app, history)
        while history.broken:
            await asyncio.sleep(0.001)
        job = await app.jobs.cancel(job.id)
        assert job.state == "cancelled"
        asked = history.asked
        again = await app.jobs.retry(job.id)
        again = await settled(app, over, again.id)
    assert again.state == "done"
    assert again.id != job.id
    assert history.asked > asked


async def test_a_brain_that_fails_is_asked_again_later_then_not_for_ever(flat: Flat) -> None:
    flat.brain = Workshop(BrainBroke(model="fake", detail="x"))
    flat.roles.brain = flat.brain
    flat.roles._choice = type(flat.roles._choice)(flat.brain, "fake")
    async with flat.open() as (app, _):
        job = await settled(app, over, (await begun(app, written(400, 150))).id)
        trouble = app.jobs.trouble(job)
    assert job.state == "failed"
    assert job.stage == "model"
    assert job.tries == 4
    assert trouble is not None
    assert trouble.code == "BrainBroke"


async def test_building_takes_no_longer_than_allowed(flat: Flat) -> None:
    def slow(_: object) -> str:
        flat.clock.step(1_800)
        return "i think so"

    flat.brain = Workshop(slow)
    flat.roles.brain = flat.brain
    flat.roles._choice = type(flat.roles._choice)(flat.brain, "fake")
    async with flat.open() as (app, store):
        await flat.settings(store).put(MODEL_TRAINING_TIMEOUT, 6_000)
        job = await settled(app, over, (await begun(app, written(400, 150))).id)
        trouble = app.jobs.trouble(job)
    assert job.state == "failed"
    assert trouble is not None
    assert trouble.code == "BuildTooLong"


async def test_offline_it_waits_and_goes_on_by_itself(flat: Flat) -> None:
    async with flat.open() as (app, _):
        await app.ask(request(), SELF_ADMIN, "Alice")
        job = (await app.jobs.recent())[0]
        job = await settled(app, lambda job: bool(job.trouble), job.id)
        assert job.state in ("queued", "running")
        await app.connect(written(400, 150))
        job = await settled(app, over, job.id)
    assert job.state == "done"


async def test_a_job_that_always_takes_the_program_down_is_not_begun_for_ever(flat: Flat) -> None:
    async with flat.open() as (app, _):
        await app.ask(request(), SELF_ADMIN, "Alice")
        job = (await app.jobs.recent())[0]
    store = await Store.open(flat.folder / "echodeck.db", KEY)
    await store.run(echo_jobs.put, job.id, tries=50)
    await store.close()
    async with flat.open() as (app, _):
        assert (await settled(app, over, job.id)).state == "failed"


async def test_nothing_is_queued_without_consent(flat: Flat) -> None:
    async with flat.open() as (app, _):
        consent = await app.ask(request(), ADMIN, "Bob")
        with pytest.raises(ConsentMissing):
            await app.jobs.add(consent.id)
        assert await app.jobs.recent() == []


async def test_what_was_read_is_erased_when_its_time_is_over(flat: Flat) -> None:
    async with flat.open() as (app, store):
        job = await settled(app, over, (await begun(app, written(400, 150))).id)
        flat.clock.step(timedelta(days=29).total_seconds())
        await app.clean()
        assert await store.read(echo_messages.count, job.consent_id) == 150
        flat.clock.step(timedelta(days=2).total_seconds())
        await app.clean()
        assert await store.read(echo_messages.count, job.consent_id) == 0
        consent = await app.consents.get(job.consent_id)
        steps = [step.act for step in await app.consents.ledger([consent.id])]
    assert consent.state == "expired"
    assert steps == ["asked", "accepted", "permitted", "expired", "erased"]
    assert flat.brain.models == {}


async def test_health_and_figures_say_what_is(flat: Flat, brain: Workshop) -> None:
    async with flat.open() as (app, _):
        assert await app.maintenance.health() == []
        await settled(app, over, (await begun(app, written(400, 150))).id)
        assert await app.maintenance.health() == []
        figures = await app.maintenance.statistics()
        assert figures.consents == {"accepted": 1}
        assert figures.jobs == {"done": 1}
        assert (figures.echoes, figures.messages) == (1, 150)
        assert figures.bytes > 1_000
        assert figures.app_bytes > 1_000_000
        brain.models.clear()
        assert [each.level for each in await app.maintenance.health()] == ["warn"]


async def test_an_analysis_stops_and_says_so_when_consent_ends_before_it_begins(flat: Flat) -> None:
    async with flat.open() as (app, _):
        await app.ask(request(), SELF_ADMIN, "Alice")
        flat.clock.step(timedelta(days=31).total_seconds())
        history = written(400, 150)
        await app.connect(history)
        job = await settled(app, over, (await app.jobs.recent())[0].id)
        trouble = app.jobs.trouble(job)
    assert job.state == "failed"
    assert history.asked == 0
    assert trouble is not None
    assert trouble.code == "ConsentMissing"

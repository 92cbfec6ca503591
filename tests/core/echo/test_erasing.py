"""A consent is taken back: what was made from it is gone at once, also when the program is killed."""

from __future__ import annotations

import pytest

from core.echo.echoes import Echoes
from core.echo.erasing import Receipt
from core.echo.profile import unpacked
from core.echo.refusals import ConsentMissing, ConsentOver, SessionOver
from core.echo.sessions import Here
from core.echo.talk import Answer
from core.events import EchoErased
from db import echo_consents, echoes
from db.base import Database, sql
from db.store import Store
from tests.core.echo.conftest import HOST, NOON, SELF, Flat, Workshop, over, settled
from tests.core.echo.test_jobs import begun
from tests.core.echo.test_talk import message
from tests.support.echo_history import ALICE, GUILD, History, written

CANARY = "quetzalfeder"


def history() -> History:
    """Alice says a word now and then that nobody else does."""
    made = written(400, 150)
    for at in range(60):
        made.add(10, ALICE, f"the {CANARY} number {at} is mine..", 500 + at)
    return made


async def built(app: Echoes) -> int:
    """An echo with all there can be of it; answers its consent."""
    job = await settled(app, over, (await begun(app, history())).id)
    assert job.state == "done", app.jobs.trouble(job)
    session = await app.sessions.start(job.consent_id, Here("discord", GUILD, 10, "general"), SELF)
    answer = await app.reply(session.id, [message(1, "what is it?")])
    assert isinstance(answer, Answer)
    await app.talk.posted(answer, 2)
    await app.talk.vote(2, 55, True)
    return int(job.consent_id)


def _rows(db: Database) -> dict[str, str]:
    """Every row of every table."""
    tables = sql(db, "select name from sqlite_master where type = 'table'").fetchall()
    return {name: str(sql(db, f'select * from "{name}"').fetchall()) for (name,) in tables}  # noqa: S608


async def _holding(store: Store) -> list[str]:
    rows = await store.read(_rows)
    return [name for name, text in rows.items() if CANARY in text.casefold()]


async def test_nothing_is_left(flat: Flat, brain: Workshop) -> None:
    receipts: list[Receipt] = []
    told = flat.bus.listen(EchoErased, lambda event: receipts.append(event.receipt))
    async with flat.open() as (app, store):
        consent = await built(app)
        assert "echo_messages" in await _holding(store)
        assert brain.models
        receipt = await app.revoke(consent, SELF)
        assert await _holding(store) == []
        assert brain.models == {}
        assert receipts == [receipt]
        rows = await store.read(_rows)
        left = {name for name, text in rows.items() if name.startswith("echo") and text != "[]"}
        assert left == {"echo_consents", "echo_consent_events"}
        assert "Alice" not in rows["echo_consents"]
        steps = [step.act for step in await app.consents.ledger([consent])]
        assert await app.library.cards() == []
    told.end()
    assert receipt.counts == {
        "messages": 210, "echoes": 1, "sessions": 1, "replies": 1, "jobs": 1, "models": 1,
    }  # fmt: skip
    assert steps[-2:] == ["revoked", "erased"]
    assert all(CANARY.encode() not in path.read_bytes() for path in flat.folder.iterdir())


async def test_it_is_over_for_good(flat: Flat) -> None:
    async with flat.open() as (app, _):
        consent = await built(app)
        session = (await app.sessions.active())[0]
        await app.revoke(consent, HOST)
        with pytest.raises(SessionOver):
            await app.reply(session.id, [message(3, "still there?")])
        with pytest.raises(ConsentMissing):
            await app.analyse(consent)
        with pytest.raises(ConsentOver):
            await app.revoke(consent, SELF)


async def test_killed_after_it_was_noted_it_is_finished_at_the_next_start(
    flat: Flat, brain: Workshop
) -> None:
    async with flat.open() as (app, store):
        consent = await built(app)
        await store.run(echo_consents.end, consent, echo_consents.REVOKED, ALICE, NOON)  # killed here
        assert await _holding(store)
    async with flat.open() as (app, store):
        await app.erasing.finish_all()
        assert await _holding(store) == []
    assert brain.models == {}


async def test_a_model_that_cannot_go_now_goes_later(flat: Flat, brain: Workshop) -> None:
    async with flat.open() as (app, store):
        consent = await built(app)
        brain.away = True
        receipt = await app.revoke(consent, SELF)
        assert receipt.models_left == tuple(brain.models)
        assert await _holding(store) == []
        brain.away = False
        await app.check_sessions()
        assert brain.models == {}
        assert await store.read(echoes.models) == []


async def test_who_is_erased_leaves_no_trace_in_any_table_of_echoes(flat: Flat) -> None:
    async with flat.open() as (app, store):
        await built(app)
        await app.forget_person("discord", ALICE)
        rows = await store.read(_rows)
    assert {name: text for name, text in rows.items() if name.startswith("echo") and text != "[]"} == {}


async def test_who_only_asked_voted_or_was_answered_is_forgotten_alone(flat: Flat) -> None:
    async with flat.open() as (app, store):
        consent = await built(app)
        await app.forget_person("discord", 55)
        said = await app.talk.said(consent)
        assert [(reply.up, reply.asker_id) for reply in said] == []
        assert (await app.library.card(consent)).is_ready
        rows = await store.read(_rows)
    assert "55," not in rows["echo_votes"] + rows["echo_replies"]


async def test_a_deleted_message_is_unlearnt(flat: Flat) -> None:
    async with flat.open() as (app, store):
        source = history()
        job = await settled(app, over, (await begun(app, source)).id)
        gone = [each.id for each in source.of(ALICE) if CANARY in each.text]
        assert await app.deleted(gone) == 1
        again = (await app.jobs.recent())[0]
        assert (await settled(app, over, again.id)).state == "done"
        assert again.id != job.id
        profile = await store.read(_profiles)
    assert CANARY.encode() not in profile


async def test_a_message_deleted_while_it_is_built_is_unlearnt_too(flat: Flat) -> None:
    async with flat.open() as (app, store):
        source = history()
        job = await begun(app, source)
        await settled(app, lambda job: job.stage == "model", job.id)
        assert await app.deleted([each.id for each in source.of(ALICE) if CANARY in each.text]) == 1
        assert (await settled(app, over, job.id)).state == "done"
        assert len(await app.jobs.recent()) == 1
        profile = await store.read(_profiles)
    assert CANARY.encode() not in profile


def _profiles(db: Database) -> bytes:
    packed = echoes.profile(db, echoes.every(db)[0].id)
    assert packed is not None
    return "\n".join(unpacked(packed).messages).encode()

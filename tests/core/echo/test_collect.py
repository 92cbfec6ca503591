"""Reading a history: none missed, none twice, whatever happens on the way; and nobody else's words stay."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.echo.collect import _keep_page
from core.echo.consent import Consent
from core.echo.echoes import Echoes
from core.echo.refusals import ConsentMissing
from core.echoing import MAX_MESSAGES_PER_ANALYSIS
from core.safety.access import Asker
from db import echo_consents, echo_messages, messages, people
from db.base import Database, sql
from db.echo_messages import Mark, StoredOwn
from db.messages import StoredMessage
from db.store import Store
from tests.core.echo.conftest import ADMIN, NOON, SELF, Flat, over, request, settled
from tests.support.echo_history import ALICE, BOB, GUILD, History, written


async def _asked(echoes: Echoes, **changes: Any) -> Consent:
    return await echoes.ask(request(**changes), Asker(ALICE, GUILD, permissions=ADMIN.permissions), "Alice")


async def _read_on(echoes: Echoes, history: History) -> Any:
    await echoes.connect(history)
    job = (await echoes.jobs.recent())[0]
    return await settled(echoes, lambda job: over(job) or job.stage != "collect", job.id)


async def _kept(store: Store, consent_id: int) -> list[int]:
    return [each.platform_id for each in await store.read(echo_messages.every, consent_id)]


@pytest.mark.parametrize("searchable", [False, True])
async def test_every_message_is_read_once_through_429s_and_two_restarts(flat: Flat, searchable: bool) -> None:
    history = written(6_000, 400)
    history.searchable, history.every_busy = searchable, 5
    requests = 22 if searchable else 80
    history.broken = [requests // 3, 2 * requests // 3]
    consent_id = 0
    restarts = 0
    for _ in range(3):
        async with flat.open() as (echoes, store):
            consent_id = consent_id or (await _asked(echoes)).id
            crash = len(history.broken)
            reading = asyncio.create_task(_read_on(echoes, history))
            while len(history.broken) == crash and not reading.done():
                await asyncio.sleep(0.001)
            if len(history.broken) == crash:
                await reading
            else:
                restarts += 1
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)
            kept = await _kept(store, consent_id)
    assert restarts == 2
    assert sorted(kept) == sorted(each.id for each in history.of(ALICE))


async def test_reading_goes_on_where_it_stood(flat: Flat) -> None:
    history = written(4_000, 300, channels=1)
    history.broken = [25]
    async with flat.open() as (echoes, store):
        consent = await _asked(echoes)
        await echoes.connect(history)
        while history.broken:
            await asyncio.sleep(0.001)
    before = history.pages
    async with flat.open() as (echoes, store):
        await _read_on(echoes, history)
        assert len(await _kept(store, consent.id)) == 300
    assert history.pages - before <= 41 - before + 2  # the page that waited is read once more


async def test_no_more_than_was_agreed_to_and_the_newest_of_it(flat: Flat) -> None:
    history = written(3_000, 900)
    async with flat.open() as (echoes, store):
        await flat.settings(store).put(MAX_MESSAGES_PER_ANALYSIS, 250)
        consent = await _asked(echoes)
        await _read_on(echoes, history)
        kept = await _kept(store, consent.id)
    assert len(kept) == 250
    newest = sorted(each.id for each in history.of(ALICE))[-250:]
    assert len(set(kept) & set(newest)) >= 240


async def test_only_channels_that_were_agreed_to_and_messages_before_the_day(flat: Flat) -> None:
    history = written(600, 300)
    cutoff = history.of(ALICE)[150].sent_at
    async with flat.open() as (echoes, store):
        consent = await _asked(echoes, channels=(11,), cutoff=cutoff)
        await _read_on(echoes, history)
        found = await store.read(echo_messages.every, consent.id)
    assert found
    assert {each.channel_id for each in found} == {11}
    assert max(each.sent_at for each in found) < cutoff


async def test_a_channel_that_closes_does_not_stop_the_rest(flat: Flat) -> None:
    history = written(600, 300)
    history.closed = {10}
    async with flat.open() as (echoes, store):
        consent = await _asked(echoes)
        await _read_on(echoes, history)
        kept = await _kept(store, consent.id)
        lines = await echoes.jobs.log((await echoes.jobs.recent())[0].id)
    expected = [each.id for each in history.of(ALICE) if each.channel_id != 10]
    assert sorted(kept) == sorted(expected)
    assert any("channel10" in str(line.text) for line in lines)


async def test_nothing_is_asked_of_the_server_without_a_live_consent(flat: Flat) -> None:
    history = written(600, 300)
    async with flat.open() as (echoes, store):
        consent = await echoes.ask(request(), ADMIN, "Bob")  # permitted, but Alice has not answered
        await echoes.connect(history)
        with pytest.raises(ConsentMissing):
            await echoes.analyse(consent.id)
        assert history.asked == 0
        await echoes.decline(consent.id, SELF)
        assert await _kept(store, consent.id) == []
    assert history.asked == 0


async def test_a_consent_that_is_taken_back_while_reading_stops_it_at_once(flat: Flat) -> None:
    history = written(5_000, 500)
    async with flat.open() as (echoes, store):
        consent = await _asked(echoes)
        await echoes.connect(history)
        while history.pages < 5:
            await asyncio.sleep(0.001)
        await echoes.revoke(consent.id, SELF)
        asked = history.asked
        await asyncio.sleep(0.05)
        assert history.asked == asked < 40
        assert await _kept(store, consent.id) == []


async def test_the_consent_is_looked_at_before_every_request(flat: Flat) -> None:
    history = written(5_000, 500)
    async with flat.open() as (echoes, store):
        consent = await _asked(echoes)
        await echoes.connect(history)
        while history.pages < 5:
            await asyncio.sleep(0.001)
        await store.run(echo_consents.end, consent.id, "revoked", ALICE, flat.clock.now())
        asked, kept = history.asked, await _kept(store, consent.id)
        job = await settled(echoes, over, (await echoes.jobs.recent())[0].id)
        trouble = echoes.jobs.trouble(job)
        assert history.asked <= asked + 1  # the one that was under way
        assert await _kept(store, consent.id) == kept
    assert trouble is not None
    assert trouble.code == "ConsentMissing"


async def test_what_comes_in_after_the_consent_has_ended_is_not_written(flat: Flat) -> None:
    history = written(500, 100)
    async with flat.open() as (echoes, store):
        consent = await _asked(echoes)
        await store.run(echo_consents.end, consent.id, "revoked", ALICE, flat.clock.now())
        own = [StoredOwn(1, 10, flat.clock.now(), "late")]
        with pytest.raises(ConsentMissing):
            await store.run(_keep_page, consent.id, own, Mark(10, 1), flat.clock.now())
        assert await _kept(store, consent.id) == []
    assert history.asked == 0


def _everything(db: Database) -> str:
    """All that stands in tables of echoes."""
    tables = [name for (name,) in sql(db, "select name from sqlite_master where type='table'").fetchall()]
    echo = [table for table in tables if table.startswith("echo")]
    rows = [str(sql(db, f'select * from "{table}"').fetchall()) for table in echo]  # noqa: S608
    return "\n".join(rows)


async def test_nothing_of_those_who_were_not_asked_is_kept_even_where_they_are_quoted(flat: Flat) -> None:
    history = written(300, 120, channels=1)
    history.add(10, BOB, "my zebrafink sleeps under the old harbour lamp", 400)
    history.add(10, ALICE, "> my zebrafink sleeps under the old harbour lamp\nreally now", 401)
    history.add(10, ALICE, "bob wrote my zebrafink sleeps under the old harbour lamp and that is true", 402)
    history.add(10, ALICE, 'he said "zebrafink lamps forever" to me today', 403)
    history.add(10, ALICE, "Person1002 is a zebra lover", 404)
    history.add(10, ALICE, "yes indeed", 405, quoted="the zebrafink is mine and yours")
    history.add(10, ALICE, "the zebrafink is mine and yours", 406, quoted="the zebrafink is mine and yours")
    async with flat.open() as (echoes, store):
        consent = await _asked(echoes)
        await _read_on(echoes, history)
        assert len(await _kept(store, consent.id)) == 126
        kept = (await store.read(_everything)).casefold()
    assert "zebrafink" not in kept
    assert "person1002" not in kept
    assert "really now" in kept
    assert "zebra lover" in kept


def _heard(db: Database) -> None:
    people.meet(db, "discord", BOB, GUILD, "Bob", False, NOON)
    said = "my zebrafink sleeps under the old harbour lamp"
    line = StoredMessage("discord", 7, GUILD, 10, BOB, "Bob", False, False, said, None, NOON)
    assert messages.record(db, line) is not None


async def test_a_search_that_brings_their_messages_alone_keeps_no_words_of_others_either(flat: Flat) -> None:
    history = written(300, 120, channels=1)
    history.searchable = True
    history.add(10, ALICE, "well my zebrafink sleeps under the old harbour lamp and that is true", 402)
    history.add(10, ALICE, "Quirinus is a lover", 404, names=("Quirinus",))
    async with flat.open() as (echoes, store):
        await store.run(_heard)
        consent = await _asked(echoes)
        await _read_on(echoes, history)
        assert len(await _kept(store, consent.id)) == 122
        kept = (await store.read(_everything)).casefold()
    assert history.pages < 40
    assert "zebrafink" not in kept
    assert "quirinus" not in kept
    assert "is a lover" in kept


async def test_a_quotation_is_found_across_pages(flat: Flat) -> None:
    history = History()
    history.add(10, BOB, "my zebrafink sleeps under the old harbour lamp", 0)
    for minute in range(1, 100):
        history.add(10, ALICE, f"number {minute} is fine with me", minute)
    history.add(10, ALICE, "my zebrafink sleeps under the old harbour lamp", 100)
    async with flat.open() as (echoes, store):
        await _asked(echoes)
        await _read_on(echoes, history)
        assert "zebrafink" not in await store.read(_everything)


async def test_what_a_brain_repeats_of_others_while_it_is_tested_is_not_kept(flat: Flat) -> None:
    """The held-out messages stand where others spoke: what they said is read for the moment only."""
    history = written(300, 150, channels=1)
    for at in range(40):
        history.add(10, BOB, f"look the zebrafink {at} came", 400 + 2 * at)
        history.add(10, ALICE, f"i think the panel number {at} is..", 401 + 2 * at)
    flat.brain._replies = (lambda request: f"{request.messages[-1].content} indeed and so on",)
    async with flat.open() as (echoes, store):
        await _asked(echoes)
        await echoes.connect(history)
        job = (await echoes.jobs.recent())[0]
        job = await settled(echoes, over, job.id)
        assert job.state == "done"
        samples = (await echoes.library.card(job.consent_id)).samples
        assert any("zebrafink" in line.content for asked in flat.brain.requests for line in asked.messages)
        assert "zebrafink" not in (await store.read(_everything)).casefold()
    assert any("…" in sample.plain for sample in samples)


async def test_read_once_more_it_finds_what_was_written_meanwhile(flat: Flat) -> None:
    history = written(600, 300)
    async with flat.open() as (echoes, store):
        consent = await _asked(echoes)
        await _read_on(echoes, history)
        job = await settled(echoes, over, (await echoes.jobs.recent())[0].id)
        assert job.state == "done"
        history.add(10, ALICE, "i think the balcony is new..", 700)
        await echoes.analyse(consent.id)
        await _read_on(echoes, history)
        assert sorted(await _kept(store, consent.id)) == sorted(each.id for each in history.of(ALICE))

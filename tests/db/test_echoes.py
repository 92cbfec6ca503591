"""What the store keeps for echoes: a ledger that only grows, marks beside messages, a queue, votes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from db import echo_consents, echo_jobs, echo_messages, echo_sessions, echoes
from db.base import Database
from db.echo_consents import StoredConsent
from db.echo_messages import Mark, StoredOwn
from db.echo_sessions import StoredReply
from db.store import Store
from tests.db.conftest import NOON

ALICE, BOB = 11, 12


def consent(**changes: object) -> StoredConsent:
    asked = StoredConsent(
        id=0,
        realm="discord",
        guild_id=7,
        guild_name="Harbour",
        subject_id=ALICE,
        subject_name="Alice",
        asked_by=BOB,
        asked_by_name="Bob",
        permitted_by=None,
        permitted_by_name="",
        source="discord",
        channels=(3, 4),
        cutoff=NOON,
        most=100,
        retention_days=30,
        use={"roles": [5]},
        state="asked",
        asked_at=NOON,
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


async def test_a_consent_comes_back_as_it_was_written(store: Store) -> None:
    kept = await store.run(echo_consents.add, consent())
    assert replace(kept, id=0) == consent()
    await store.run(echo_consents.accept, kept.id, NOON, NOON + timedelta(days=30))
    await store.run(echo_consents.permit, kept.id, BOB, "Bob", NOON)
    await store.run(echo_consents.end, kept.id, "revoked", ALICE, NOON)
    steps = await store.read(echo_consents.ledger, [kept.id])
    assert [(step.act, step.by_id) for step in steps] == [
        ("asked", BOB), ("accepted", ALICE), ("permitted", BOB), ("revoked", ALICE),
    ]  # fmt: skip
    over = await store.read(echo_consents.by_id, kept.id)
    assert over is not None
    assert (over.subject_name, over.asked_by_name, over.permitted_by_name) == ("", "", "")
    assert not over.is_live(NOON)


@pytest.mark.parametrize(
    ("state", "permitted", "expires", "live"),
    [
        ("accepted", NOON, NOON + timedelta(days=1), True),
        ("accepted", None, NOON + timedelta(days=1), False),
        ("accepted", NOON, NOON, False),
        ("accepted", NOON, None, False),
        ("asked", NOON, NOON + timedelta(days=1), False),
        ("revoked", NOON, NOON + timedelta(days=1), False),
    ],
)
def test_a_consent_lives_by_both_yeses_and_its_time(
    state: str, permitted: object, expires: object, live: bool
) -> None:
    assert consent(state=state, permitted_at=permitted, expires_at=expires).is_live(NOON) is live


async def test_whom_the_ledger_forgets(store: Store) -> None:
    mine = await store.run(echo_consents.add, consent())
    other = await store.run(echo_consents.add, consent(subject_id=99, subject_name="Zoe", asked_by=ALICE))
    await store.run(echo_consents.forget, "discord", ALICE)
    assert await store.read(echo_consents.by_id, mine.id) is None
    left = await store.read(echo_consents.by_id, other.id)
    assert left is not None
    assert (left.asked_by, left.asked_by_name, left.subject_name) == (None, "", "Zoe")
    assert [step.by_id for step in await store.read(echo_consents.ledger, [mine.id, other.id])] == [None]


async def test_a_message_is_kept_once_and_marks_move(store: Store) -> None:
    own = [StoredOwn(number, 3, NOON + timedelta(minutes=number), f"text {number}") for number in range(500)]

    def page(db: Database) -> tuple[int, int]:
        first = echo_messages.keep(db, 1, own[:300])
        echo_messages.put_mark(db, 1, Mark(3, 300, 1))
        again = echo_messages.keep(db, 1, own[200:])
        echo_messages.put_mark(db, 1, Mark(3, 100, 2, done=True))
        return first, again

    assert await store.run(page) == (300, 200)
    assert await store.read(echo_messages.every, 1) == own
    assert await store.read(echo_messages.marks, 1) == {3: Mark(3, 100, 2, done=True)}
    assert await store.read(echo_messages.count, 2) == 0
    assert await store.run(echo_messages.deleted, [5, 6, 9_999]) == [1]
    assert await store.run(echo_messages.erase, 1) == 498
    assert await store.read(echo_messages.marks, 1) == {}


async def test_the_queue_gives_the_oldest_that_waits_for_nothing(store: Store) -> None:
    first = await store.run(echo_jobs.add, 1, "collect", NOON)
    second = await store.run(echo_jobs.add, 2, "collect", NOON)
    assert (await store.run(echo_jobs.add, 1, "pair", NOON)).id == first.id
    later = NOON + timedelta(minutes=5)
    await store.run(echo_jobs.put, first.id, not_before=later)
    due = await store.read(echo_jobs.next_due, NOON)
    assert due is not None
    assert due.id == second.id
    assert await store.read(echo_jobs.next_wait) == later
    await store.run(echo_jobs.put, second.id, state="running")
    assert await store.run(echo_jobs.back_to_queue) == [second.id]


async def test_votes_are_one_a_person_and_go_with_them(store: Store) -> None:
    def fill(db: Database) -> None:
        session = echo_sessions.start(db, 1, "discord", 7, (3, "general"), BOB, NOON)
        for number in (1, 2):
            reply = StoredReply(0, session.id, 1, NOON, number, ALICE, 100 + number, "hi", "m", 4, 9, 20, 2)
            echo_sessions.keep_reply(db, reply)
            for by in (ALICE, BOB, BOB):
                echo_sessions.vote(db, number, by, by == BOB, NOON)

    await store.run(fill)
    assert await store.read(echo_sessions.votes) == (2, 2)
    said = await store.read(echo_sessions.by_message, 102)
    assert said is not None
    assert (said.up, said.down) == (1, 1)
    session = (await store.read(echo_sessions.active))[0]
    assert (session.replies, session.tokens, session.mean_latency_ms) == (2, 8, 20)
    await store.run(echo_sessions.forget, "discord", ALICE)
    assert await store.read(echo_sessions.replies, 1, 10) == []
    assert (await store.read(echo_sessions.active))[0].started_by == BOB
    await store.run(echo_sessions.forget, "discord", BOB)
    assert (await store.read(echo_sessions.active))[0].started_by is None


async def test_a_model_stays_noted_when_its_echo_goes(store: Store) -> None:
    await store.run(echoes.begin, 1, NOON)
    await store.run(echoes.put_profile, 1, b"profile", 9, {"messages": 9})
    await store.run(echoes.announce_model, echoes.StoredModel("x", 1, "there", NOON))
    echo = (await store.read(echoes.every))[0]
    assert await store.read(echoes.profile, echo.id) == b"profile"
    assert await store.run(echoes.erase, 1) == 1
    assert [model.name for model in await store.read(echoes.models, 1)] == ["x"]

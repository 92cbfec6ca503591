"""Consent first: who may ask, answer, allow and end; the ledger; and days as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.echo import access
from core.echo.cutoff import as_day, cutoff
from core.echo.refusals import (
    AskedAlready,
    AskedTooOften,
    BotsHaveNoVoice,
    ConsentOver,
    ConsentUnknown,
    DateAhead,
    DateTooEarly,
    DateUnreadable,
    DayMissing,
    DeclinedLately,
    MayNotPermit,
    MayNotRevoke,
    NotTheirVoice,
    WantsNothingKept,
)
from core.errors import explain
from core.events import EchoConsentChanged
from core.safety.access import Asker, Grant
from db import privacy
from tests.core.echo.conftest import ADMIN, HOST, MEMBER, NOON, SELF, Flat, request
from tests.support.echo_history import ALICE, BOB, GUILD

STRANGER = Asker(9_999, 71, permissions=frozenset({"administrator"}))


async def test_it_takes_the_person_and_an_admin(flat: Flat) -> None:
    heard: list[str] = []
    told = flat.bus.listen(EchoConsentChanged, lambda event: heard.append(event.consent.state))
    async with flat.open() as (app, _):
        consent = await app.ask(request(), MEMBER, "Mia")
        assert (consent.state, consent.permitted_at, consent.most, consent.retention_days) == (
            "asked", None, 10_000, 30,
        )  # fmt: skip
        assert not await app.consents.is_live(consent.id)
        await app.accept(consent.id, SELF)
        assert not await app.consents.is_live(consent.id)
        consent = await app.permit(consent.id, ADMIN, "Bob")
        assert await app.consents.is_live(consent.id)
        assert consent.expires_at == NOON + timedelta(days=30)
        steps = [(step.act, step.by_id) for step in await app.consents.ledger([consent.id])]
    told.end()
    assert steps == [("asked", MEMBER.id), ("accepted", ALICE), ("permitted", BOB)]
    assert heard == ["asked", "accepted", "accepted"]


async def test_who_asks_for_themselves_has_said_yes_but_an_admin_is_still_needed(flat: Flat) -> None:
    async with flat.open() as (app, _):
        consent = await app.ask(request(), SELF, "Alice")
        assert consent.state == "accepted"
        assert not await app.consents.is_live(consent.id)
        await app.permit(consent.id, HOST, "the host")
        assert await app.consents.is_live(consent.id)


async def test_an_admin_who_asks_has_permitted_but_the_person_is_still_needed(flat: Flat) -> None:
    async with flat.open() as (app, _):
        consent = await app.ask(request(), ADMIN, "Bob")
        assert consent.permitted_by == BOB
        assert not await app.consents.is_live(consent.id)


async def test_nobody_else_can_answer_allow_or_end(flat: Flat) -> None:
    async with flat.open() as (app, _):
        consent = await app.ask(request(), MEMBER, "Mia")
        for who in (ADMIN, HOST, MEMBER, STRANGER):
            with pytest.raises(NotTheirVoice):
                await app.accept(consent.id, who)
        for who in (SELF, MEMBER, STRANGER):
            with pytest.raises(MayNotPermit):
                await app.permit(consent.id, who, "x")
        for who in (MEMBER, STRANGER):
            with pytest.raises(MayNotRevoke):
                await app.revoke(consent.id, who)
            with pytest.raises(NotTheirVoice):
                await app.decline(consent.id, who)
        with pytest.raises(ConsentUnknown):
            await app.accept(77, SELF)


async def test_a_no_holds_and_is_not_asked_again_soon(flat: Flat) -> None:
    async with flat.open() as (app, _):
        consent = await app.ask(request(), ADMIN, "Bob")
        await app.decline(consent.id, SELF)
        with pytest.raises(ConsentOver):
            await app.accept(consent.id, SELF)
        with pytest.raises(DeclinedLately):
            await app.ask(request(), ADMIN, "Bob")
        assert (await app.ask(request(), SELF, "Alice")).state == "accepted"


async def test_an_unanswered_request_runs_out(flat: Flat) -> None:
    async with flat.open() as (app, _):
        consent = await app.ask(request(), ADMIN, "Bob")
        with pytest.raises(AskedAlready):
            await app.ask(request(), ADMIN, "Bob")
        flat.clock.step(timedelta(days=8).total_seconds())
        with pytest.raises(ConsentOver):
            await app.accept(consent.id, SELF)
        await app.clean()
        assert (await app.consents.get(consent.id)).state == "expired"
        assert (await app.consents.get(consent.id)).subject_name == ""
        await app.ask(request(), ADMIN, "Bob")


async def test_nobody_asks_too_often_after_a_restart_neither(flat: Flat) -> None:
    async with flat.open() as (app, _):
        for number in range(5):
            await app.ask(request(subject_id=200 + number, subject_name="X"), MEMBER, "Mia")
    async with flat.open() as (app, _):
        with pytest.raises(AskedTooOften) as refused:
            await app.ask(request(subject_id=300, subject_name="X"), MEMBER, "Mia")
        assert "24" in str(explain(refused.value).step)
        await app.ask(request(subject_id=301, subject_name="X"), ADMIN, "Bob")
        flat.clock.step(timedelta(hours=25).total_seconds())
        await app.ask(request(subject_id=302, subject_name="X"), MEMBER, "Mia")


async def test_a_server_is_not_swamped(flat: Flat) -> None:
    async with flat.open() as (app, _):
        for number in range(20):
            await app.ask(request(subject_id=200 + number), Asker(400 + number, GUILD), "X")
        with pytest.raises(AskedTooOften):
            await app.ask(request(subject_id=300), Asker(500, GUILD), "X")
        await app.ask(request(subject_id=300, guild_id=71), Asker(500, 71), "X")


async def test_bots_and_those_who_want_nothing_kept_are_not_asked(flat: Flat) -> None:
    async with flat.open() as (app, store):
        with pytest.raises(BotsHaveNoVoice):
            await app.ask(request(is_bot=True), ADMIN, "Bob")
        await store.run(privacy.close_the_door, "discord", ALICE, bytes(32), NOON)
        with pytest.raises(WantsNothingKept):
            await app.ask(request(), ADMIN, "Bob")


async def test_who_opts_out_later_is_not_read_any_more(flat: Flat) -> None:
    async with flat.open() as (app, store):
        consent = await app.ask(request(), Asker(ALICE, GUILD, permissions=ADMIN.permissions), "Alice")
        assert await app.consents.is_live(consent.id)
        await store.run(privacy.close_the_door, "discord", ALICE, bytes(32), NOON)
        assert not await app.consents.is_live(consent.id)


async def test_the_host_cannot_lend_somebody_elses_voice(flat: Flat) -> None:
    async with flat.open() as (app, _):
        theirs = await app.ask(request(own=True), HOST, "host")
        assert theirs.state == "asked"
        mine = await app.ask(
            request(own=True, from_file=True, guild_id=None, guild_name="", subject_id=5), HOST, "host"
        )
        assert mine.is_live(NOON)


async def test_an_echo_is_open_to_whom_the_consent_names_on_its_server_only(flat: Flat) -> None:
    async with flat.open() as (app, _):
        consent = await app.ask(request(use=Grant(roles=frozenset({33}))), MEMBER, "Mia")
    assert access.may_use(consent, SELF)
    assert access.may_use(consent, Asker(ALICE))  # in a direct message too
    assert access.may_use(consent, HOST)
    assert access.may_use(consent, ADMIN)
    assert access.may_use(consent, Asker(7, GUILD, roles=frozenset({33})))
    assert not access.may_use(consent, MEMBER)
    assert not access.may_use(consent, Asker(7, 71, roles=frozenset({33})))
    assert not access.may_use(consent, STRANGER)
    assert not access.may_see(consent, MEMBER)


TODAY = date(2026, 1, 5)


def test_a_day_is_the_moment_it_begins() -> None:
    found = cutoff(" 04.01.2026 ", TODAY, UTC)
    assert found == datetime(2026, 1, 4, tzinfo=UTC)
    assert as_day(found, UTC) == "04.01.2026"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("2026-01-04", DateUnreadable),
        ("4.1.2026", DateUnreadable),
        ("04/01/2026", DateUnreadable),
        ("04.01.26", DateUnreadable),
        ("04.13.2025", DateUnreadable),
        ("00.00.0000", DateUnreadable),
        ("yesterday", DateUnreadable),
        ("", DateUnreadable),
        ("٠٤.٠١.٢٠٢٦", DateUnreadable),
        ("04.01.2026; drop", DateUnreadable),
        ("31.04.2025", DayMissing),
        ("29.02.2025", DayMissing),
        ("07.02.2026", DateAhead),
        ("31.12.2014", DateTooEarly),
    ],
)
def test_other_ways_to_write_a_day_are_refused_with_an_example(text: str, refusal: type) -> None:
    with pytest.raises(refusal) as refused:
        cutoff(text, TODAY, UTC)
    told = explain(refused.value)
    assert "05.01.2026" in str(told.step)
    assert str(told.what)


def test_a_leap_day_is_a_day() -> None:
    assert cutoff("29.02.2024", TODAY, UTC).day == 29

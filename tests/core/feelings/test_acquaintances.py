"""What the host sees of people, what the host sets, and how it is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import PersonUnknown, SettingInvalid, SettingUnknown
from core.events import FeelingsChanged
from core.feelings.relationship import baseline
from core.persona.identity import BigFive
from tests.support.inner_life import INSULT, PRAISE, TALK, TRAITS, InnerLife

ADA, BOB, CLEO = 1, 2, 3


async def test_people_are_listed_by_what_holds_now_a_page_at_a_time(life: InnerLife) -> None:
    await life.hear(BOB, INSULT, name="Bob")
    await life.hear(ADA, PRAISE, name="Ada")
    await life.hear(CLEO, TALK, name="Cleo", to_me=False)
    persona = life.kept.persona
    by_anger = await life.feelings.relationships(persona, sort="anger")
    assert by_anger.rows[0].name == "Bob"
    assert by_anger.rows[0].shown.anger >= 1
    by_name = await life.feelings.relationships(persona, sort="name", descending=False)
    assert [row.name for row in by_name.rows] == ["Ada", "Bob", "Cleo"]
    assert [row.met for row in by_name.rows] == [True, True, False]
    page = await life.feelings.relationships(persona, sort="name", descending=False, limit=1, offset=1)
    assert ([row.name for row in page.rows], page.total) == (["Bob"], 3)
    found = await life.feelings.relationships(persona, search="  cLE ")
    assert [row.name for row in found.rows] == ["Cleo"]


async def test_a_reset_begins_anew_and_keeps_the_history(life: InnerLife) -> None:
    await life.hear(BOB, INSULT)
    row = await life.row(BOB)
    assert await life.feelings.reset(life.kept.persona, row) == baseline(TRAITS)
    assert (await life.bond(BOB)).metrics == baseline(TRAITS)
    assert [str(change.cause) for change in await life.feelings.history(row)] == [
        "Person 2 was insulting.",
        "The host set everything back.",
    ]


async def test_the_history_calls_people_by_the_name_they_have_now(life: InnerLife) -> None:
    await life.hear(BOB, INSULT, name="Bob")
    life.pass_by(minutes=1)
    await life.hear(BOB, TALK, name="Robert\nof the hills")
    first, second = await life.feelings.history(await life.row(BOB))
    assert str(first.cause) == "Robert of the hills was insulting."
    assert second.at - first.at == timedelta(minutes=1)


async def test_what_cannot_be_set_is_refused_in_words(life: InnerLife) -> None:
    await life.hear(BOB)
    persona, row = life.kept.persona, await life.row(BOB)
    with pytest.raises(SettingInvalid, match="0 – 10"):
        await life.feelings.set_relationship(persona, row, "trust", 11)
    with pytest.raises(SettingInvalid):
        await life.feelings.set_relationship(persona, row, "anger", float("nan"))
    with pytest.raises(SettingUnknown):
        await life.feelings.set_relationship(persona, row, "love", 3)
    with pytest.raises(PersonUnknown):
        await life.feelings.set_relationship(persona, 4040, "trust", 3)
    with pytest.raises(SettingInvalid):
        await life.feelings.set_daily(life.kept.id, persona, "joy", 12)
    with pytest.raises(SettingUnknown):
        await life.feelings.set_daily(life.kept.id, persona, "hunger", 1)
    with pytest.raises(SettingInvalid):
        await life.feelings.set_need(life.kept.id, persona, "rest", 1.5)
    assert (await life.bond(BOB)).met


async def test_the_host_fills_a_need_and_the_timeline_says_so(life: InnerLife) -> None:
    await life.feelings.set_need(life.kept.id, life.kept.persona, "rest", 0.1)
    assert (await life.feelings.needs(life.kept.id, life.kept.persona)).rest == pytest.approx(0.1)
    span = (life.clock.now() - timedelta(hours=1), life.clock.now())
    assert [str(point.cause) for point in await life.feelings.timeline(life.kept.id, *span)] == [
        "The host set a need."
    ]


async def test_every_change_is_told_on_the_bus(life: InnerLife) -> None:
    await life.hear(BOB, INSULT)
    row = await life.row(BOB)
    await life.feelings.set_relationship(life.kept.persona, row, "trust", 3)
    told = [event for event in life.heard if isinstance(event, FeelingsChanged)]
    assert told == [FeelingsChanged(life.kept.id, "discord", row), FeelingsChanged(0, "discord", row)]


async def test_the_lonely_and_outgoing_want_to_talk_and_the_tired_and_angry_do_not(tmp_path: Path) -> None:
    outgoing = await InnerLife.begin(tmp_path / "a", traits=BigFive(extraversion=0.8))
    shy = await InnerLife.begin(tmp_path / "b", traits=BigFive(extraversion=-0.8))

    async def wish(life: InnerLife, who: int | None = None) -> float:
        return await life.feelings.wants_to_talk(life.kept.id, life.kept.persona, who)

    assert await wish(outgoing) > await wish(shy) + 0.2
    await outgoing.feelings.set_need(outgoing.kept.id, outgoing.kept.persona, "contact", 1.0)
    full = await wish(outgoing)
    await outgoing.feelings.set_need(outgoing.kept.id, outgoing.kept.persona, "contact", 0.0)
    lonely = await wish(outgoing)
    assert lonely > full + 0.2
    await outgoing.feelings.set_need(outgoing.kept.id, outgoing.kept.persona, "rest", 0.0)
    assert await wish(outgoing) < lonely - 0.15
    for _ in range(3):
        await outgoing.hear(BOB, INSULT)
        await outgoing.hear(ADA, PRAISE)
    assert await wish(outgoing, BOB) < await wish(outgoing, ADA) - 0.1
    await outgoing.store.close()
    await shy.store.close()

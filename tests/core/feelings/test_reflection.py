"""The night: quirks learn from the day, old timelines are thinned, and who is erased is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db import feelings, people
from tests.support.inner_life import INSULT, PRAISE, TALK, InnerLife

ADA, BOB, CLEO = 1, 2, 3


async def test_a_quirk_that_shows_and_is_welcome_grows_and_one_that_does_not_show_fades(
    life: InnerLife,
) -> None:
    for _ in range(3):
        await life.says("this machine gets a name, as every machine of mine")
        life.pass_by(minutes=1)
        await life.hear(ADA, PRAISE)
        life.pass_by(hours=1)
    await life.feelings.reflect(life.kept.id, life.kept.persona)
    machines, songs = await life.feelings.quirks(life.kept.id, life.kept.persona)
    assert machines.strength > 0.5 > songs.strength
    faded, grown = await life.feelings.quirk_changes(life.kept.id)
    assert str(grown.reason) == "It showed 3 times and was welcome."
    assert str(faded.reason) == "It did not show that day."


async def test_the_host_takes_a_change_of_a_quirk_back(life: InnerLife) -> None:
    await life.says("whistling along")
    await life.feelings.reflect(life.kept.id, life.kept.persona)
    change = (await life.feelings.quirk_changes(life.kept.id))[0]
    assert await life.feelings.undo_quirk(life.kept.id, change.id)
    assert not await life.feelings.undo_quirk(life.kept.id, change.id), "once is enough"
    quirk = next(
        each
        for each in await life.feelings.quirks(life.kept.id, life.kept.persona)
        if each.text == change.text
    )
    assert quirk.strength == pytest.approx(change.before)
    assert (await life.feelings.quirk_changes(life.kept.id))[0].undone


async def test_a_day_on_which_nothing_was_said_changes_no_quirk(life: InnerLife) -> None:
    assert await life.feelings.reflect(life.kept.id, life.kept.persona) == []


async def test_an_old_timeline_keeps_one_point_an_hour(life: InnerLife) -> None:
    for _ in range(4):
        await life.hear(BOB, TALK)
        life.pass_by(minutes=5)
    life.pass_by(days=8)
    await life.hear(BOB, TALK)
    await life.feelings.reflect(life.kept.id, life.kept.persona)
    points = await life.feelings.timeline(
        life.kept.id, life.clock.now() - timedelta(days=30), life.clock.now()
    )
    assert len(points) == 2


async def test_an_erased_person_is_in_no_table_of_feelings(life: InnerLife) -> None:
    await life.hear(BOB, INSULT, name="Bob")
    await life.hear(ADA, PRAISE, name="Ada")
    row = await life.row(BOB)
    assert len((await life.store.run(feelings.export, row))["changes"]) == 1
    await life.store.run(feelings.erase, row)
    left = await life.store.run(feelings.export, row)
    assert left == {"relationship": None, "changes": [], "moods": []}
    span = (life.clock.now() - timedelta(hours=1), life.clock.now())
    first, second = await life.feelings.timeline(life.kept.id, *span)
    assert (str(first.cause), first.person, first.message) == ("Somebody wrote.", "", None)
    assert second.person == "Ada"
    assert await life.store.run(people.by_row_id, row) is not None

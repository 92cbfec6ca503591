"""What a message, an absence and the host do to the inner life, through the one door everybody uses."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.feelings import daily
from core.feelings.appraisal import Answer, Mark, Who, read
from core.feelings.emotions import Emotion
from core.feelings.relationship import baseline
from core.feelings.state import Heard
from core.persona.identity import BigFive
from db import state
from tests.support.inner_life import APOLOGY, CHANNEL, INSULT, PRAISE, TALK, TRAITS, InnerLife

ADA, BOB, CLEO = 1, 2, 3


async def test_a_message_moves_mood_relationship_and_needs_at_once(life: InnerLife) -> None:
    before = await life.now(BOB)
    then = await life.hear(BOB, INSULT)
    assert then.mood.p < before.mood.p
    assert str(then.emotions[0].emotion) == "anger"
    assert then.bond is not None
    assert then.bond.metrics.anger > 1
    assert then.needs.contact > before.needs.contact
    assert await life.now(BOB) == then, "what react answers is what was written"


async def test_a_host_drags_trust_from_2_to_9_and_the_very_next_look_sees_it(life: InnerLife) -> None:
    for _ in range(3):
        await life.hear(BOB, INSULT)
    row = await life.row(BOB)
    await life.feelings.set_relationship(life.kept.persona, row, "trust", 2)
    assert (await life.bond(BOB)).metrics.trust == 2
    await life.feelings.set_relationship(life.kept.persona, row, "trust", 9)
    assert (await life.bond(BOB)).metrics.trust == 9
    changed = (await life.feelings.history(row))[-1]
    assert changed.by_host
    assert (changed.before.trust, changed.after.trust) == (2, 9)
    assert str(changed.cause) == "The host set it."


async def test_what_the_host_set_settles_like_everything_else(life: InnerLife) -> None:
    await life.hear(BOB)
    await life.feelings.set_relationship(life.kept.persona, await life.row(BOB), "trust", 9)
    life.pass_by(days=60)
    home = baseline(TRAITS).trust
    assert (await life.bond(BOB)).metrics.trust == pytest.approx((9 + home) / 2)


async def test_a_message_that_comes_again_changes_nothing(life: InnerLife) -> None:
    first = await life.hear(BOB, INSULT, number=5)
    again = await life.hear(BOB, INSULT, number=5)
    assert again == first
    assert len(await life.feelings.history(await life.row(BOB))) == 1


async def test_absence_cools_anger_and_fondness(life: InnerLife) -> None:
    for _ in range(3):
        await life.hear(BOB, INSULT)
        await life.hear(ADA, PRAISE)
    angry, fond = [(await life.bond(BOB)).metrics.anger], [(await life.bond(ADA)).metrics.rapport]
    for _ in range(10):
        life.pass_by(days=1)
        angry.append((await life.bond(BOB)).metrics.anger)
        fond.append((await life.bond(ADA)).metrics.rapport)
    assert all(later < sooner for sooner, later in pairwise(angry))
    assert all(later < sooner for sooner, later in pairwise(fond))
    assert angry[-1] < 0.3
    assert fond[-1] > baseline(TRAITS).rapport


async def test_the_mood_comes_home(life: InnerLife) -> None:
    hurt = await life.hear(BOB, INSULT)
    life.pass_by(minutes=3)
    assert (await life.now()).mood.p < hurt.mood.p, "the emotion lasts, and goes on pulling"
    life.pass_by(hours=3)
    later = await life.now()
    assert later.emotions == ()
    assert later.mood.distance(later.home) < 0.02


async def test_practice_and_discord_know_nothing_of_each_other(life: InnerLife) -> None:
    calm = await life.now(BOB)
    for _ in range(5):
        await life.hear(BOB, INSULT, realm="practice")
    untouched = await life.now(BOB)
    assert (untouched.mood, untouched.needs, untouched.bonds) == (calm.mood, calm.needs, ())
    assert (await life.bond(BOB, "practice")).metrics.anger > 2
    practised = await life.now(realm="practice")
    assert practised.mood.p < calm.mood.p - 0.2
    assert practised.emotions
    listed = await life.feelings.relationships(life.kept.persona)
    assert listed.total == 0
    assert (await life.feelings.relationships(life.kept.persona, realm="practice")).total == 1
    span = (life.clock.now() - timedelta(days=1), life.clock.now())
    assert await life.feelings.timeline(life.kept.id, *span) == []


async def test_practice_never_colours_the_day(life: InnerLife) -> None:
    await life.now()
    for _ in range(10):
        await life.hear(BOB, INSULT, realm="practice")
    life.pass_by(hours=20)
    await life.now()
    kept = await life.store.run(state.get, state.State, daily.INPUTS_KEY)
    assert kept["pleasure"] == 0


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from([ADA, BOB, CLEO]), st.sampled_from([INSULT, PRAISE, APOLOGY, TALK])),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_it_does_not_matter_who_of_several_wrote_first(
    tmp_path_factory: pytest.TempPathFactory, heard: list[tuple[int, object]], chance: object
) -> None:
    """Relationships depend on what each person wrote, in their order; not on how they interleave."""

    async def lived(order: list[tuple[int, object]]) -> dict[int, object]:
        begun = await InnerLife.begin(tmp_path_factory.mktemp("life"))
        try:
            for who, appraisal in order:
                await begun.hear(who, appraisal)  # type: ignore[arg-type]
            return {who: (await begun.bond(who)).metrics for who in {who for who, _ in order}}
        finally:
            await begun.store.close()

    queues = {who: [each for each in heard if each[0] == who] for who, _ in heard}
    shuffled = [who for who, _ in heard]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    mixed = [queues[who].pop(0) for who in shuffled]
    assert asyncio.run(lived(heard)) == asyncio.run(lived(mixed))


async def test_channels_that_write_at_the_same_moment_lose_nothing(life: InnerLife) -> None:
    """The mood is shared: reading and writing it is one step, however many write."""
    await asyncio.gather(*(life.hear(who, PRAISE) for who in range(1, 31)))
    together = await life.now()
    span = (life.clock.now() - timedelta(minutes=1), life.clock.now())
    points = await life.feelings.timeline(life.kept.id, *span)
    assert len(points) == 30
    contact = [point.needs.contact for point in points]
    assert all(later > sooner for sooner, later in pairwise(contact))
    assert together.needs.contact == pytest.approx(contact[-1])


async def test_a_persona_has_its_own_mood_and_the_bot_its_relationships(life: InnerLife) -> None:
    other = await life.persona("Juno", BigFive(extraversion=-0.5))
    await life.hear(BOB, INSULT)
    hers = await life.feelings.state(other.id, other.persona, BOB)
    assert hers.emotions == ()
    assert hers.bond is not None
    assert hers.bond.metrics.anger > 1


async def test_the_timeline_says_who_moved_the_mood_and_how(life: InnerLife) -> None:
    await life.hear(BOB, INSULT, name="Bob", number=41)
    life.pass_by(minutes=2)
    await life.hear(ADA, PRAISE, name="Ada", number=42)
    span = (life.clock.now() - timedelta(hours=1), life.clock.now())
    first, second = await life.feelings.timeline(life.kept.id, *span)
    assert (str(first.cause), first.message, first.person) == ("Bob was insulting.", 41, "Bob")
    assert (str(second.cause), second.message) == ("Ada gave praise.", 42)
    assert "anger" in [str(each.emotion) for each in first.emotions]


async def test_between_two_points_the_curve_follows_from_the_first(life: InnerLife) -> None:
    begun = await life.now()
    life.pass_by(minutes=7)
    hurt = await life.hear(BOB, INSULT)
    life.pass_by(hours=2)
    now = await life.now()
    span = (begun.at, now.at, timedelta(minutes=5))
    samples = await life.feelings.curve(life.kept.id, life.kept.persona, *span)
    assert (samples[0].at, samples[0].mood) == (hurt.at, hurt.mood)
    assert samples[-1].at == now.at
    assert samples[-1].mood.distance(now.mood) < 0.02
    assert min(sample.mood.p for sample in samples) < samples[0].mood.p - 0.1, "it sank before it rose"
    assert all(later.at > sooner.at for sooner, later in pairwise(samples))
    within = (hurt.at + timedelta(minutes=30), now.at, timedelta(minutes=5))
    part = await life.feelings.curve(life.kept.id, life.kept.persona, *within)
    assert part[0].at == within[0], "what happened before the stretch is where it begins"
    assert part[0].mood.distance(samples[6].mood) < 0.05


async def test_where_nothing_happened_the_curve_is_the_mood_at_home(life: InnerLife) -> None:
    now = await life.now()
    span = (now.at - timedelta(days=1), now.at, timedelta(hours=1))
    samples = await life.feelings.curve(life.kept.id, life.kept.persona, *span)
    assert {sample.mood for sample in samples} == {now.home}


async def test_overhearing_touches_less_and_small_talk_of_others_leaves_no_point(life: InnerLife) -> None:
    quiet = await life.hear(ADA, TALK, to_me=False)
    assert quiet.needs.contact > 0.6
    span = (life.clock.now() - timedelta(hours=1), life.clock.now())
    assert await life.feelings.timeline(life.kept.id, *span) == []
    assert (await life.bond(ADA)).met is False


async def test_a_second_thought_puts_the_better_understanding_in_place_of_the_first(life: InnerLife) -> None:
    """Banter sounds like an insult until the model has read it."""
    text = "you are such an idiot"
    first = await life.hear(BOB, None, text, number=61)
    assert first.bond is not None
    assert first.bond.metrics.anger > 0.5
    heard = Heard("discord", 61, BOB, CHANNEL, text, to_me=True)
    banter = Answer(
        desirability=0.6, praiseworthiness=0.5, likelihood=1, agent=Who.SENDER, target=Who.ME, marks=()
    )
    life.pass_by(seconds=20)
    then = await life.feelings.reconsider(life.kept.id, life.kept.persona, heard, banter)
    assert then.bond is not None
    assert then.bond.metrics.anger < 0.1
    assert then.bond.metrics.trust >= first.bond.metrics.trust + 0.3
    angry = {each.emotion: each.intensity for each in first.emotions}[Emotion.ANGER]
    assert {each.emotion: each.intensity for each in then.emotions}.get(Emotion.ANGER, 0.0) < 0.2 < angry
    assert len(await life.feelings.history(await life.row(BOB))) == 2
    again = await life.feelings.reconsider(life.kept.id, life.kept.persona, heard, banter)
    assert again == then, "once is enough"


async def test_a_second_thought_that_agrees_changes_next_to_nothing(life: InnerLife) -> None:
    text = "you are such an idiot"
    first = await life.hear(BOB, None, text, number=61)
    prior = read(text, to_me=True, names=("Robin",))
    same = Answer(
        desirability=prior.desirability,
        praiseworthiness=prior.praiseworthiness,
        likelihood=1,
        agent=Who.SENDER,
        target=Who.ME,
        marks=(Mark.INSULT,),
        formality=prior.formality,
    )
    heard = Heard("discord", 61, BOB, CHANNEL, text, to_me=True)
    then = await life.feelings.reconsider(life.kept.id, life.kept.persona, heard, same)
    assert first.bond is not None
    assert then.bond is not None
    assert then.bond.metrics == pytest.approx(first.bond.metrics, abs=0.02)
    assert {each.emotion for each in then.emotions} == {each.emotion for each in first.emotions}


async def test_a_second_thought_about_an_unheard_message_is_a_first(life: InnerLife) -> None:
    await life.hear(BOB, TALK)
    heard = Heard("discord", 4040, BOB, CHANNEL, "you are wonderful", to_me=True)
    kind = Answer(desirability=0.8, praiseworthiness=0.8, likelihood=1, agent=Who.SENDER, target=Who.ME)
    then = await life.feelings.reconsider(life.kept.id, life.kept.persona, heard, kind)
    assert then.bond is not None
    assert then.bond.metrics.rapport > baseline(TRAITS).rapport + 0.2


# --- the day ----------------------------------------------------------------------------------------------


async def test_the_day_is_drawn_once_with_its_seed_kept(life: InnerLife) -> None:
    drawn = (await life.now()).daily
    life.pass_by(hours=6)
    assert (await life.now()).daily == drawn
    kept = await life.store.run(state.every, state.State)
    assert {name: kept[f"daily_mood_{name}"] for name in drawn._fields} == drawn._asdict()
    inputs = daily.Inputs(**kept[daily.INPUTS_KEY])
    assert daily.draw(kept[daily.SEED_KEY], inputs) == drawn


async def test_a_new_day_begins_at_midnight_on_the_hosts_clock(tmp_path: Path) -> None:
    there = await InnerLife.begin(tmp_path, zone=ZoneInfo("Pacific/Auckland"))
    await there.now()
    there.pass_by(minutes=-61)  # noon UTC is 01:00 in Auckland
    await there.now()
    first = await there.store.run(state.get, state.State, daily.DAY_KEY)
    there.pass_by(minutes=2)
    await there.now()
    assert (first, await there.store.run(state.get, state.State, daily.DAY_KEY)) == (
        "2026-01-05",
        "2026-01-06",
    )
    await there.store.close()


async def test_a_number_of_the_day_that_the_host_sets_holds_until_midnight(life: InnerLife) -> None:
    await life.feelings.set_daily(life.kept.id, life.kept.persona, "daily_mood_anger", 10)
    angry = await life.now()
    assert angry.daily.anger == 10
    await life.feelings.set_daily(life.kept.id, life.kept.persona, "anger", 0)
    calm = await life.now()
    assert calm.daily.anger == 0
    assert angry.home.p < calm.home.p
    life.pass_by(hours=11)
    assert (await life.now()).daily.anger == 0
    life.pass_by(hours=2)
    kept = await life.store.run(state.every, state.State)
    await life.now()
    assert await life.store.run(state.get, state.State, daily.DAY_KEY) != kept[daily.DAY_KEY]


async def test_the_same_seed_draws_the_same_day_again(life: InnerLife) -> None:
    await life.now()
    first = await life.feelings.draw_day(life.kept.id, life.kept.persona, seed=7)
    await life.feelings.draw_day(life.kept.id, life.kept.persona, seed=8)
    assert await life.feelings.draw_day(life.kept.id, life.kept.persona, seed=7) == first

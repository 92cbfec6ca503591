"""Rooms with several people in them: it speaks where it should, and is silent where it should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.scenes import SCENES, figures, measure, read
from core.app import App
from core.conversation.address import room_of
from core.settings import TALKATIVENESS
from tests.support.fake_brain import FakeBrain

Play = Callable[..., Any]


def spoke(results: list[dict[str, Any]]) -> list[bool]:
    return [result["reply"] is not None for result in results]


@pytest.mark.parametrize("half", ["dev", "held_out", "minds", "unseen"])
async def test_the_labelled_scenes_are_judged_well_enough(half: str) -> None:
    found = read(SCENES / f"{half}.json")
    told = figures(await measure(found))
    assert told["scenes"] >= 30
    assert told["lines_silent"] >= 100
    assert told["accuracy_share"] >= 0.95
    assert told["overtalk_share"] <= 0.03


async def test_who_was_answered_may_go_on_without_a_name_until_others_come_in(play: Play) -> None:
    results = await play("Ada: @bot hi\nAda: what are you doing?\nBob: Ada, dinner!\nAda: coming")
    assert spoke(results) == [True, True, False, False]
    assert [result["reason"] for result in results] == [
        "Ada mentioned Finn",
        "Ada went on talking with Finn",
        "Bob was talking to Ada",
        "Ada and Bob were talking to each other",
    ]


async def test_a_remark_of_somebody_else_draws_away_who_answers_it_but_a_laugh_does_not(play: Play) -> None:
    assert spoke(await play("Ada: @bot hi\nBob: nice weather today\nAda: yeah it is")) == [True, False, False]
    lines = "#b Ada: @bot hi\n#b Bob: lmao\n#b Ada: what are you up to?"
    assert spoke(await play(lines)) == [True, False, True]


async def test_a_follow_up_ends_with_time_and_with_a_closing(play: Play) -> None:
    assert spoke(await play("Ada: @bot hi\n@4m\nAda: what are you doing?")) == [True, True]
    assert spoke(await play("#b Ada: @bot hi\n@10m\n#b Ada: what are you doing?")) == [True, False]
    assert spoke(await play("#c Ada: @bot hi\n#c Ada: thanks!\n#c Ada: the sun is out")) == [
        True,
        False,
        False,
    ]


async def test_an_answer_to_its_question_is_for_it_even_when_it_is_short(
    play: Play, brain: FakeBrain
) -> None:
    brain._replies = ["do you want tea?", "coming up"]
    assert spoke(await play("Ada: @bot hi\nAda: ok")) == [True, True]


async def test_what_is_said_in_another_channel_is_no_follow_up(play: Play) -> None:
    assert spoke(await play("#a Ada: @bot hi\n#b Ada: what are you doing?")) == [True, False]


QUIET = "Ada: hey finn\nBob: shut up finn\n"


async def test_told_to_be_quiet_it_is_until_time_has_passed(play: Play) -> None:
    results = await play(QUIET + "Ada: finn?\n@20m\nAda: finn?\n@15m\nAda: finn?")
    assert spoke(results) == [True, False, False, False, True]
    assert results[1]["reason"] == "Bob asked Finn to be quiet"
    assert results[3]["reason"] == "Bob asked Finn to be quiet 21 min ago; a mention wakes it"


async def test_an_order_in_two_breaths_is_kept_to(play: Play) -> None:
    lines = "Ada: hey finn\n@10s\nBob: finn\nBob: shut up\n@5s\nAda: finn?\n@5s\nAda: finn, please"
    assert spoke(await play(lines, gap_s=1))[1:] == [False, False, False, False]


async def test_a_mention_wakes_it(play: Play) -> None:
    assert spoke(await play(QUIET + "Ada: @bot are you sulking?\nAda: are you?\nBob: finn?")) == [
        True, False, True, True, True,
    ]  # fmt: skip


async def test_an_order_to_somebody_else_does_not_hush_it(play: Play) -> None:
    assert spoke(await play("Bob: hi\nAda: shut up bob\nAda: finn?")) == [False, False, True]


async def test_it_keeps_out_of_a_quarrel_but_not_of_a_question_to_it(play: Play) -> None:
    lines = (
        "Ada: you broke it\nBob: no you did\nAda: liar\nBob: finn, who broke it?\nAda: don't drag others in"
    )
    assert spoke(await play(lines)) == [False, False, False, True, False]


async def test_a_namesake_in_the_room_is_meant_rather_than_it(play: Play) -> None:
    results = await play("Finn: hi\nAda: finn what's up\n@2h\nAda: finn what's up")
    assert spoke(results) == [False, False, True]
    assert results[1]["reason"] == "somebody else here is called Finn, too"


async def test_an_open_question_is_asked_again(app: App, play: Play) -> None:
    await app.settings.put(TALKATIVENESS, 3)
    lines = "Ada: does anybody know what a capacitor is?\nAda: anyone?\nBob: no idea"
    results = await play(lines)
    assert spoke(results) == [False, True, False]


async def test_ten_messages_in_five_seconds_from_several_people_get_one_reply(
    play: Play, brain: FakeBrain
) -> None:
    lines = [f"{'Ada' if n % 3 else 'Bob'}: part {n}{' finn' if n == 4 else ''}" for n in range(10)]
    assert spoke(await play("\n".join(lines), gap_s=0.5)) == [False] * 9 + [True]
    assert len(brain.requests) == 1


async def test_what_was_deleted_is_not_looked_at(app: App, play: Play) -> None:
    """The room is read from the store at the moment of the turn, and nothing of it is kept."""
    await play(QUIET)
    kept = await app.practice.transcript()
    order = next(line for line in kept if "shut up" in line.text)
    await app.line.deleted(app.practice.place.realm, [order.id])
    assert spoke(await play("Ada: finn?")) == [True]


async def test_the_room_is_what_was_there_before_the_burst(app: App, play: Play) -> None:
    await play("Ada: one\nAda: two")
    active = await app.personas.active()
    assert active is not None
    two = await app.practice.say("Ada", "three")
    room = await room_of([replace(two)], active.persona, app.store)
    assert [line.text for line in room.lines] == ["one", "two"]


@pytest.mark.parametrize("name", ["MusicBot", "Poll Bot", "dice-bot", "bot", "Helper [BOT]", "Dyno"])
async def test_a_bot_of_the_practice_room_is_not_answered(play: Play, name: str) -> None:
    results = await play(f"{name}: @Finn vote!")
    assert results[0]["reason"] == f"{name} is a bot, and bots are not answered"


@pytest.mark.parametrize("name", ["Abbot", "Talbot", "Botan", "Robot Fan", "Elliot"])
async def test_a_person_whose_name_only_looks_like_a_bots_is_answered(play: Play, name: str) -> None:
    assert spoke(await play(f"{name}: @Finn hello")) == [True]

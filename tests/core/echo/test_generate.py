"""An echo answers like the person, from their own messages, and copies nobody."""

import random

from core.echo.generate import SYSTEM, Manner, messages_for, recipe, reply, trial
from core.echo.pairs import Line
from core.echo.polish import Form, form_of
from core.echo.profile import EchoProfile, built, packed, unpacked
from core.llm.brain import ChatRequest
from tests.core.echo.people import lena, otto
from tests.support.fake_brain import FakeBrain

QUESTION = (Line("grace", "hello all"), Line("grace", "my router broke, what now?"))


def profile() -> EchoProfile:
    return built(lena(120), otto(120))


async def said(brain: FakeBrain, of: EchoProfile | None = None, seed: int = 1) -> str:
    return (await reply(of or profile(), brain, Manner("fake"), QUESTION, random.Random(seed))).text


async def test_the_most_like_draft_is_chosen() -> None:
    brain = FakeBrain(
        "I recommend that procedure, which I expect!",
        "I believe that it is!",
        "well the thing needs a nap..",
        "I understand!",
    )
    answer = await reply(profile(), brain, Manner("fake"), QUESTION, random.Random(1))
    assert len(answer.drafts) == 4
    assert "needs a nap" in answer.text


async def test_people_change_and_the_echo_with_them() -> None:
    echo = built([f"The rain fell on {text}" for text in lena(60)] + lena(60), [])
    brain, manner = FakeBrain("it is a kettle"), Manner("fake", best_of=1)
    said = [(await reply(echo, brain, manner, QUESTION, random.Random(at))).text for at in range(100)]
    assert sum(text.startswith("it") for text in said) > 65


async def test_a_draft_with_the_marks_of_the_borrowed_form_goes_first() -> None:
    own = ["is it the printer, or the router?"] * 20
    brain = FakeBrain("it is the kettle", "has it a kettle, or not?")
    answer = await reply(built(own, []), brain, Manner("fake", best_of=2), QUESTION, random.Random(1))
    assert answer.text == "has it a kettle, or not?"


async def test_copies_and_parrots_never_come_out() -> None:
    own = lena(120)
    brain = FakeBrain(own[0], "my router broke, what now?", own[3], "the sun shines today", "it rains a lot")
    answer = await reply(profile(), brain, Manner("fake"), QUESTION, random.Random(1))
    assert answer.refused >= 3
    assert all("sun" in draft or "rain" in draft for draft in answer.drafts)
    assert answer.text in answer.drafts


async def test_stammering_and_broken_drafts_never_come_out() -> None:
    brain = FakeBrain("no no no wrong again", "you can use", "it rains a lot")
    answer = await reply(profile(), brain, Manner("fake"), QUESTION, random.Random(1))
    assert answer.refused >= 2
    assert all("rain" in draft for draft in answer.drafts)


async def test_links_that_the_brain_made_up_never_come_out() -> None:
    brain = FakeBrain("look at https://made.example/up first", "it rains a lot")
    answer = await reply(profile(), brain, Manner("fake"), QUESTION, random.Random(1))
    assert answer.refused >= 1
    assert all("rain" in draft for draft in answer.drafts)


def test_where_a_question_is_wanted_questions_are_shown() -> None:
    own = lena(120) + [f"did {each} try number {at}?" for at, each in enumerate(["you", "they"] * 5)]
    echo = built(own, [])
    asking = form_of("did you try it?")

    def asked(form: Form | None) -> int:
        return sum(m.content.endswith("?") for m in messages_for(echo, QUESTION, form)[:-1])

    assert asked(asking) > asked(None)
    assert asked(form_of("no.")) == asked(None)


async def test_spelled_as_the_person_spells() -> None:
    own = [f"it dosent {word} today" for word in ("rain", "work", "snow", "help", "run", "stop")] * 4
    brain, manner = FakeBrain("It doesn't boil."), Manner("fake", best_of=1)
    answer = await reply(built(own, []), brain, manner, QUESTION, random.Random(1))
    assert "dosent" in answer.text


async def test_a_brain_that_only_copies_is_not_asked_for_ever() -> None:
    own = lena(120)
    brain = FakeBrain(own[0])
    manner = Manner("fake", best_of=4, spare=4)
    answer = await reply(profile(), brain, manner, QUESTION, random.Random(1))
    assert answer.drafts == ()
    assert len(brain.requests) == 4
    assert answer.text == ""  # she never says anything in fewer than four words


async def test_what_is_often_said_in_a_word_or_two_stands_in() -> None:
    own = [*lena(120), "no clue", "no clue", "hm", "hm"]
    brain = FakeBrain(own[0])
    answer = await reply(built(own, otto(120)), brain, Manner("fake"), QUESTION, random.Random(1))
    assert answer.text in {"no clue", "hm"}


async def test_a_model_is_stopped_once_it_has_said_enough() -> None:
    endless = FakeBrain("the box is on the shelf, and here it stays, " + "and more of it comes, " * 60)
    answer = await reply(profile(), endless, Manner("fake"), QUESTION, random.Random(1))
    assert endless.cancelled == len(endless.requests)
    assert answer.drafts
    assert max(map(len, answer.drafts)) < 90


async def test_the_same_chance_gives_the_same_answer() -> None:
    def draft(request: ChatRequest) -> str:
        return f"it is number {(request.sampling.seed or 0) % 1000} I think, for sure"

    assert await said(FakeBrain(draft)) == await said(FakeBrain(draft))
    assert await said(FakeBrain(draft), seed=2) != await said(FakeBrain(draft))


def test_a_prompt_shows_only_the_persons_messages_and_begins_alike() -> None:
    echo = profile()
    one = messages_for(echo, QUESTION)
    other = messages_for(echo, (Line("grace", "the kettle is cold"),))
    shown = {message.content for message in one if message.role == "assistant"}
    assert shown <= set(echo.messages)
    assert one[-1].content == "my router broke, what now?"
    static = len(recipe(echo, "echo", "base").examples) + 1
    assert one[:static] == other[:static]
    assert one[0].content == SYSTEM


def test_others_leave_no_trace_in_what_is_kept() -> None:
    kept = packed(built(lena(120), ["Zanzibar is where I live, honestly!"] * 120))
    assert b"Zanzibar" not in kept
    echo = unpacked(kept)
    assert not any("Zanzibar" in text for text in echo.messages)


def test_a_kept_profile_is_the_same_when_it_is_opened() -> None:
    echo = profile()
    again = unpacked(packed(echo))
    assert again.style == echo.style
    assert again.forms == echo.forms
    assert again.messages == echo.messages
    assert echo.reranker is not None
    assert again.reranker is not None
    assert (
        abs(again.reranker.scores(["well.. i dont know"]) - echo.reranker.scores(["well.. i dont know"]))
        < 1e-3
    )


async def test_a_brain_that_writes_like_the_person_is_left_alone() -> None:
    texts = iter(lena(40, seed=5))
    echo = await trial(
        profile(), FakeBrain(lambda _: next(texts)), Manner("fake"), ["hi"] * 24, random.Random(1)
    )
    assert (echo.gaps.length, echo.gaps.case, echo.gaps.marks) == (False, False, False)
    echo = await trial(
        profile(), FakeBrain("Dear Sir, I am an assistant."), Manner("fake"), ["hi"], random.Random(1)
    )
    assert echo.gaps.case
    assert echo.gaps.endings


async def test_too_few_messages_of_others_still_make_an_echo() -> None:
    echo = built(lena(5), [])
    assert echo.reranker is None
    assert await said(FakeBrain("it is fine with everybody"), echo)


async def test_nobody_said_anything_yet() -> None:
    echo = built([], [])
    assert await said(FakeBrain("Fine."), echo) == "Fine."

"""Emotes: shown when the bot may use them, gone when not, chosen by mood, never cut in two."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.emotes import STANDARD, Emote, for_prompt, offer, plain, rendered, usable
from core.conversation.message import Place, Realm
from core.conversation.split import split

WAVE = Emote("blobWave", 123456789012345678)
SAD = Emote("pepe_sad", 223456789012345678, animated=True)
OWN = (WAVE, SAD)


@pytest.mark.parametrize(
    ("written", "posted"),
    [
        ("hi :blobWave:", "hi <:blobWave:123456789012345678>"),
        ("hi :blobwave:!", "hi <:blobWave:123456789012345678>!"),
        ("oh :thumbsup::nope::wave:", "oh 👍👋"),
        ("oh :pepe_sad: :pepe_sad:", "oh <a:pepe_sad:223456789012345678> <a:pepe_sad:223456789012345678>"),
        ("yes :thumbsup: :+1: :100:", "yes 👍 👍 💯"),
        ("no :unknown_emote: way", "no way"),
        ("no :unknown_emote:.", "no."),
        (":unknown_emote: hello", "hello"),
        ("stolen <:other:999999999999999999> emote", "stolen emote"),
        ("mine <:blobWave:1>", "mine <:blobWave:123456789012345678>"),
        ("at 10:30:45, or 3:1:2", "at 10:30:45, or 3:1:2"),
        ("std::vector::size a:b:c", "std::vector::size a:b:c"),
        ("`:joy:` and\n```\n:joy:\n```", "`:joy:` and\n```\n:joy:\n```"),
        ("https://x.example/:joy:/y", "https://x.example/:joy:/y"),
        ("see: this: that", "see: this: that"),
        ("<@123456789012345678> <3", "<@123456789012345678> <3"),
        ("", ""),
    ],
)
def test_what_is_posted_of_what_the_model_wrote(written: str, posted: str) -> None:
    assert rendered(written, OWN) == posted


def test_without_a_server_only_the_standard_ones_are_left() -> None:
    assert rendered(":blobWave: hi :wave:", ()) == "hi 👋"
    assert usable(object(), Place(Realm.DISCORD, 1, "general")) == ()


def test_a_model_reads_them_by_their_names() -> None:
    assert plain(rendered("hi :blobWave:", OWN)) == "hi :blobWave:"


def test_what_is_offered_fits_the_mood_and_what_was_said() -> None:
    sad = offer(OWN, ["a little sad today"], "my cat died", 4)
    assert sad[0] == "pepe_sad"
    assert {STANDARD[name][1] for name in sad[1:]} == {"sad"}
    assert {STANDARD[name][1] for name in offer((), [], "haha that joke")} == {"laughing"}
    assert offer(OWN, [], "please wave at the train")[0] == "blobWave"
    assert offer(OWN, [], "xyzzy") == ()
    assert for_prompt("Finn", ()) == ""
    assert ":pepe_sad:" in for_prompt("Finn", sad)


@given(
    st.lists(
        st.sampled_from([":blobWave:", ":pepe_sad:", ":nope:", "x" * 30, "word ", "\n", ". ", "`", "<"])
    ),
    st.integers(200, 400),
)
def test_splitting_never_cuts_an_emote(pieces: list[str], comfortable: int) -> None:
    text = rendered(" ".join(pieces * 4), OWN)
    parts = split(text, comfortable)
    whole = re.compile(r"<a?:\w+:\d{18}>")
    assert sum(len(whole.findall(part)) for part in parts) == len(whole.findall(text))
    assert all(len(part) <= 2000 for part in parts)


@given(st.text(), st.booleans())
def test_nothing_is_posted_that_the_bot_may_not_use(text: str, mine: bool) -> None:
    posted = rendered(f"{text} <:theirs:999999999999999999>", OWN if mine else ())
    if "`" not in text and "http" not in text:
        assert "<:theirs:" not in posted


def test_the_table_of_standard_emotes_is_whole() -> None:
    assert len(STANDARD) > 60
    assert all(sign and not sign.isascii() for sign, _ in STANDARD.values())

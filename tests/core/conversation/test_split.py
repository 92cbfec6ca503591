"""A long reply arrives whole, in pieces Discord takes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from core.conversation.split import LIMIT, split

WORDS = st.text(alphabet="abc äöü\n.!?`*", min_size=0, max_size=6000)


def test_a_short_reply_is_one_message() -> None:
    assert split("hello there") == ["hello there"]


def test_nothing_is_no_message() -> None:
    assert split("  \n ") == []


def test_a_long_reply_is_cut_between_sentences() -> None:
    sentence = "This is a sentence of some length. "
    parts = split(sentence * 120)
    assert len(parts) > 2
    assert all(part.endswith(".") for part in parts)
    assert " ".join(parts) == (sentence * 120).strip()


def test_a_code_block_is_closed_and_opened_again_with_its_language() -> None:
    code = "\n".join(f"print({n})" for n in range(400))
    parts = split(f"Look:\n```python\n{code}\n```\nthat's it")
    assert len(parts) > 1
    for part in parts:
        assert part.count("```") % 2 == 0
    assert parts[1].startswith("```python\n")
    lines = [line for part in parts for line in part.split("\n") if line.startswith("print")]
    assert lines == code.split("\n")


def test_an_emote_is_never_cut() -> None:
    emote = "<:harbour_light:123456789012345678>"
    parts = split(emote * 200)
    assert "".join(parts) == emote * 200
    assert all(re.fullmatch(rf"(?:{re.escape(emote)})+", part) for part in parts)


@given(WORDS)
def test_no_part_is_too_long_or_empty(text: str) -> None:
    parts = split(text)
    assert all(0 < len(part) <= LIMIT for part in parts)


@given(st.text(alphabet="abcdefg .\n", max_size=8000))
def test_no_word_is_lost(text: str) -> None:
    """Only blanks may go missing at a cut."""
    joined = "".join("".join(split(text)).split())
    assert joined == "".join(text.split())

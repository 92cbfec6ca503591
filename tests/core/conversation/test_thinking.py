"""Thinking is kept and never posted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.thinking import apart


@pytest.mark.parametrize(
    ("raw", "said", "thought"),
    [
        ("<think>hm</think>hello", "hello", "hm"),
        ("<thinking>a</thinking>x<THINK>b</THINK>y", "xy", "a\nb"),
        ("hello <think>and now it never ends", "hello ", "and now it never ends"),
        ("the opening was in the template</think>hello", "hello", "the opening was in the template"),
        ("<reasoning>r</reasoning>hello", "hello", "r"),
        ("hello", "hello", ""),
        ("I <3 tea, think a < b", "I <3 tea, think a < b", ""),
        ("tea <thi", "tea ", ""),
        ("", "", ""),
    ],
)
def test_what_is_thought_is_told_apart(raw: str, said: str, thought: str) -> None:
    assert apart(raw) == (said, thought)


@given(st.text(alphabet="abc <>/\n"), st.text(alphabet="xyz\n"), st.text(alphabet="abc \n"))
def test_nothing_thought_is_ever_shown_however_far_it_is_written(
    before: str, thought: str, after: str
) -> None:
    raw = f"{before}<think>{thought}</think>{after}"
    for at in range(len(before), len(raw) + 1):
        assert not set(apart(raw[:at])[0]) & set("xyz")

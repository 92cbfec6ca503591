"""A line that is never to be said, in whatever form it comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.safety.never import said

NEVER = (
    "As an AI language model",
    "idiot",
    "Du bist dumm",
    "I will always love you and your little dog",
    "ok",
)


@pytest.mark.parametrize(
    "text",
    [
        "as an AI language model, I cannot", "Well, as an a.i. language-model I…", "IDIOT!", "such ídiots",
        "you 1d10t", "you i d i o t", "i\u200bdiot", "*idiot*", "idiooooot", "_idiot_",
        "du bist dumm", "DU BIST DUMM!!", "ja, du bist dümm.", "I'll always love you and your little dogs",
        "oh, I will always love you, and your tiny dog", "OK", "ok!",
    ],
)  # fmt: skip
def test_it_is_known_in_every_form(text: str) -> None:
    assert said(text, NEVER)


@pytest.mark.parametrize(
    "text",
    [
        "ok, let us bake then", "he plays a language game", "an idiom is no insult", "du bist schlau",
        "I love dogs and I will always come", "the model of an airplane", "", "…", "🙂", "bist du dumpf?",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_may_be_said(text: str) -> None:
    assert said(text, NEVER) == ""


def test_nothing_forbidden_nothing_found() -> None:
    assert said("anything at all", ()) == ""
    assert said("anything at all", ("", "!!", "🙂")) == ""


@given(st.text(max_size=200), st.text(min_size=1, max_size=60))
def test_whatever_stands_there_it_is_looked_at(text: str, line: str) -> None:
    assert said(text, [line]) in ("", line)

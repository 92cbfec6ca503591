"""Nothing is ever cut without our knowing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PromptTooLong
from core.llm.brain import Usage
from core.llm.budget import Part, TokenRatios, alarm, fit

LINES = st.lists(st.text(alphabet="ab c", max_size=60), max_size=40).map(tuple)


def words(line: str) -> int:
    return len(line) + 1


@given(LINES, LINES, LINES, st.integers(10, 2000), st.integers(0, 200), st.integers(1, 9))
def test_it_fits_or_says_so_and_the_required_is_whole(
    persona: tuple[str, ...], old: tuple[str, ...], fresh: tuple[str, ...], room: int, answer: int, chunk: int
) -> None:
    parts = (
        Part("persona", persona, required=True),
        Part("transcript", old, chunk=chunk),
        Part("answered", fresh, rank=1),
    )
    try:
        fitted = fit(parts, room, answer, words)
    except PromptTooLong:
        assert sum(map(words, persona)) > room - answer
        return
    kept = {part.name: part.lines for part in fitted.parts}
    assert kept["persona"] == persona
    assert old[len(old) - len(kept["transcript"]) :] == kept["transcript"]
    assert fresh[len(fresh) - len(kept["answered"]) :] == kept["answered"]
    exact = sum(words(line) for part in fitted.parts for line in part.lines)
    assert exact == fitted.tokens <= room - answer
    gone = fitted.dropped.get("transcript", 0)
    assert gone % chunk == 0 or gone == len(old)
    if kept["transcript"]:
        assert kept["answered"] == fresh


def test_the_estimate_learns_and_stays_on_the_long_side() -> None:
    ratios = TokenRatios()
    text = "The quick brown fox jumps over the lazy dog. " * 20
    true_tokens = 201  # as SmolLM2 counts them
    assert ratios.tokens("m", text) > true_tokens
    ratios.learn("m", len(text), true_tokens)
    learnt = ratios.tokens("m", text)
    assert true_tokens <= learnt < true_tokens * 1.3
    assert ratios.tokens("other", text) > learnt


def test_foreign_writing_and_emoji_count_more() -> None:
    ratios = TokenRatios()
    assert ratios.tokens("m", "猫" * 100) >= 150
    assert ratios.tokens("m", "🦊" * 100) >= 150


def test_short_prompts_teach_nothing() -> None:
    ratios = TokenRatios()
    before = ratios.tokens("m", "x" * 1000)
    ratios.learn("m", 20, 5)
    ratios.learn("m", 0, 0)
    assert ratios.tokens("m", "x" * 1000) == before


@pytest.mark.parametrize(
    ("sent", "read", "rings"), [(1000, 990, False), (1000, 600, False), (1000, 300, True), (100, 5, False), (1000, 0, False)]
)  # fmt: skip
def test_the_alarm_rings_only_for_a_clear_gap(sent: int, read: int, rings: bool) -> None:
    assert alarm(sent, Usage(prompt_tokens=read, cached_tokens=None, completion_tokens=1)) is rings

"""Nothing is ever cut without our knowing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PromptTooLong
from core.llm.brain import Usage
from core.llm.budget import Part, TokenRatios, alarm, fit, fit_exactly

LINES = st.lists(st.text(alphabet="ab c", max_size=60), max_size=40).map(tuple)


def words(line: str) -> int:
    return len(line) + 1


@given(LINES, LINES, LINES, st.integers(10, 2000), st.integers(0, 200), st.integers(1, 9))
def test_it_fits_or_says_so_and_the_required_is_whole(
    persona: tuple[str, ...], old: tuple[str, ...], fresh: tuple[str, ...], room: int, answer: int, chunk: int
) -> None:
    parts = (
        Part("persona", persona, required=True),
        Part("transcript", old, starts=tuple(range(0, len(old), chunk)) or (0,)),
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


@given(LINES, LINES, LINES, st.integers(10, 2000), st.integers(0, 200), st.integers(1, 9), st.integers(0, 5))
async def test_what_a_brain_counted_fits_and_nothing_left_without_need(
    persona: tuple[str, ...],
    old: tuple[str, ...],
    fresh: tuple[str, ...],
    room: int,
    answer: int,
    chunk: int,
    least: int,
) -> None:
    parts = (
        Part("persona", persona, required=True),
        Part("transcript", old, starts=tuple(range(0, len(old), chunk)) or (0,)),
        Part("answered", fresh, rank=1, least=least),
    )
    counted: list[int] = []

    async def count(shorter: Sequence[Part]) -> int:
        counted.append(30 + sum(words(line) for part in shorter for line in part.lines))
        return counted[-1]

    try:
        estimated = fit(parts, room - 30, answer, words)
    except PromptTooLong:
        with pytest.raises(PromptTooLong):
            await fit_exactly(parts, room, answer, count)
        return
    exact = await fit_exactly(parts, room, answer, count)
    assert exact.tokens in counted
    assert exact.tokens <= room - answer
    assert (exact.parts, exact.dropped) == (estimated.parts, estimated.dropped)
    assert len(exact.parts[2].lines) >= min(least, len(fresh))
    assert len(counted) <= 8  # 80 lines one by one would be 81


async def test_no_more_leaves_than_must() -> None:
    parts = (Part("old", tuple(f"{at:04}" for at in range(300)), starts=tuple(range(7, 300, 7))),)

    async def count(kept: Sequence[Part]) -> int:
        return sum(words(line) for line in kept[0].lines)

    for room in range(5, 1500, 5):
        fitted = await fit_exactly(parts, room, 0, count)
        assert room - 7 * 5 < fitted.tokens <= room


# Real counts of SmolLM2, whose vocabulary is the poorest of those in use: 20 lines joined to one message.
SPOKEN = (
    ("Ada: I was thinking about what you said yesterday about the storm and the old lighthouse.", 399),
    ("Ada: ok", 99),
    ("Ada: Я вчера долго думал о шторме и, честно говоря, ты был прав.", 959),
    ("Ada: คิดถึงพายุ", 479),
    ("Ada: 4111 1111 1111 1111 2026-11-21 08:11:19", 879),
    ("Ada: https://example.com/a/b?c=9f8a7b6c5d4e3f2a1b0c&d=xyz_123", 879),
)


@pytest.mark.parametrize(("line", "true_tokens"), SPOKEN)
def test_the_estimate_is_on_the_long_side_in_every_script(line: str, true_tokens: int) -> None:
    assert true_tokens <= 20 * TokenRatios().tokens("m", line) <= 3 * true_tokens


def test_the_estimate_learns_from_what_the_model_has_read() -> None:
    ratios = TokenRatios()
    lines = ["The quick brown fox jumps over the lazy dog. " * 4] * 10
    sent, read = sum(ratios.tokens("m", line) for line in lines), 460
    assert sent > 1.2 * read
    ratios.learn("m", sent, read)
    learnt = sum(ratios.tokens("m", line) for line in lines)
    assert read <= learnt < 1.2 * read
    assert sum(ratios.tokens("other", line) for line in lines) == sent


def test_it_corrects_itself_up_at_once_and_down_slowly() -> None:
    ratios = TokenRatios()
    before = ratios.tokens("m", "x" * 1000)
    ratios.learn("m", 1000, 1500)
    high = ratios.tokens("m", "x" * 1000)
    assert high >= 1.5 * before
    ratios.learn("m", 1000, 700)
    assert before < ratios.tokens("m", "x" * 1000) < high
    for _ in range(50):
        ratios.learn("m", 1000, 400)
    assert ratios.tokens("m", "x" * 1000) >= 0.6 * before  # never blind trust


def test_a_cut_prompt_teaches_nothing() -> None:
    ratios = TokenRatios()
    before = ratios.tokens("m", "x" * 1000)
    ratios.learn("m", 4000, 256)
    assert ratios.tokens("m", "x" * 1000) == before
    assert not ratios.knows("m")


def test_short_prompts_teach_nothing() -> None:
    ratios = TokenRatios()
    before = ratios.tokens("m", "x" * 1000)
    ratios.learn("m", 20, 5)
    ratios.learn("m", 0, 0)
    assert ratios.tokens("m", "x" * 1000) == before


def test_what_must_stay_stays() -> None:
    parts = (Part("old", ("aaaa",) * 10, starts=(4, 8), least=3),)
    assert fit(parts, 15, 0, words).parts[0].lines == ("aaaa",) * 3
    with pytest.raises(PromptTooLong):
        fit(parts, 14, 0, words)


@pytest.mark.parametrize(
    ("sent", "read", "learnt", "rings"),
    [
        (1000, 990, False, False),
        (1000, 330, False, False),  # Chinese, in a vocabulary that knows it
        (1000, 240, False, True),
        (1000, 600, True, False),
        (1000, 400, True, True),
        (100, 5, True, False),
        (1000, 0, True, False),
    ],
)
def test_the_alarm_rings_only_for_a_clear_gap(sent: int, read: int, learnt: bool, rings: bool) -> None:
    assert alarm(sent, Usage(prompt_tokens=read, cached_tokens=None, completion_tokens=1), learnt) is rings

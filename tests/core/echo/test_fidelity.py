"""The judges tell people apart, and the differences are what they say they are."""

import pytest

from core.echo.fidelity import CharJudge, Exam, Score, StyleJudge, differences, marked
from core.echo.grams import Pieces
from core.echo.rerank import Reranker
from core.echo.style import profile_of
from tests.core.echo.people import lena, otto


@pytest.mark.parametrize("judge", [CharJudge, StyleJudge])
def test_a_judge_gives_messages_to_whoever_wrote_them(judge: type[CharJudge] | type[StyleJudge]) -> None:
    judges = judge({"lena": lena(80)}, otto(80))
    assert judges.share(lena(30, seed=9), "lena") > 0.9
    assert judges.share(otto(30, seed=9), "lena") < 0.1


def test_the_reranker_prefers_the_persons_way() -> None:
    scores = Reranker.learned(lena(80), otto(80)).scores(
        ["hmm it is gone.. i dont know", "I believe it is gone!"]
    )
    assert scores[0] > scores[1]


def test_the_persons_own_messages_score_all_and_a_strangers_nothing() -> None:
    judges = (CharJudge({"lena": lena(80)}, otto(80)), StyleJudge({"lena": lena(80)}, otto(80)))
    real, strangers = lena(30, seed=9), otto(30, seed=9)

    def sounds(replies: list[str]) -> float:
        return marked(Exam(replies, real, [[]] * 30, [], strangers), "lena", *judges).sounds_like

    assert sounds(real) == 1
    assert sounds(otto(30, seed=7)) < 0.05
    assert 0.3 < sounds(real[:15] + strangers[:15]) < 0.7


def test_half_way_between_a_stranger_and_the_person_is_half() -> None:
    assert Score(replies=0.5, real=0.7, strangers=0.3).likeness == pytest.approx(0.5)
    assert Score(replies=0.9, real=0.7, strangers=0.3).likeness == 1
    assert Score(replies=0.1, real=0.7, strangers=0.3).likeness == 0


def test_copies_are_counted() -> None:
    judges = (CharJudge({"lena": lena(80)}, otto(80)), StyleJudge({"lena": lena(80)}, otto(80)))
    seen = ["the kettle is on the stove again", "hm"]
    exam = Exam(
        [seen[0], "well the kettle is on the stove here", "what is it now", "hm"],
        lena(4, seed=9),
        [[], [], ["what is it now"], []],
        seen,
        otto(4),
    )
    fidelity = marked(exam, "lena", *judges)
    assert (fidelity.verbatim, fidelity.reused, fidelity.parroted) == (0.25, 0.5, 0.25)


def test_differences_are_between_shares_of_messages() -> None:
    gap = differences(["Yes.", "no"], ["yes", "no"])
    assert gap.case == 0.5
    assert gap.punctuation == pytest.approx(0.5 / 13)
    assert gap.length == 0.5


def test_texts_of_one_batch_do_not_run_into_each_other() -> None:
    pieces = Pieces.of(["ab", "cd"] * 3)
    alone, together = pieces.rows(["ab"]), pieces.rows(["ab", "cd"])
    assert together.columns[: together.starts[1]].tolist() == alone.columns.tolist()


def test_the_readable_profile_says_how_somebody_writes() -> None:
    style = profile_of(["yeah ok :)", "I think so..", "i dont know", "what?"])
    assert style.high_starts == 0.25
    assert style.small_i == 0.5
    assert style.faces == {":)": 0.25}
    assert style.endings["?"] == 0.25
    assert style.endings[".."] == 0.25
    assert style.openers["yeah"] == 0.25

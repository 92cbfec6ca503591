"""The mood's timeline as it is drawn: nothing that happened is lost, and it is told in words too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from PySide6.QtGui import QColor

from core.feelings.emotions import Emotion, Felt
from core.feelings.history import Point, Sample
from core.feelings.needs import START
from core.feelings.pad import Pad
from core.people import Quote
from core.words import T
from gui.models import mood_points
from gui.theme import PALETTES, SERIES, contrast

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def _sample(minute: int, pleasure: float = 0.2, **felt: float) -> Sample:
    emotions = tuple(Felt(Emotion(name), intensity) for name, intensity in felt.items())
    return Sample(NOON + timedelta(minutes=minute), Pad(pleasure, 0.0, 0.0), emotions)


def test_a_short_outburst_in_a_long_month_is_still_there() -> None:
    samples = [_sample(minute, -0.9 if minute == 7_777 else 0.2) for minute in range(20_000)]
    few = mood_points.thinned(samples)
    assert len(few) <= 450
    assert min(sample.mood.p for sample in few) == -0.9
    assert (few[0], few[-1]) == (samples[0], samples[-1])
    moments = [sample.at for sample in few]
    assert moments == sorted(set(moments))


def test_emotions_stand_upon_each_other_and_the_faint_ones_are_one() -> None:
    strong = {"joy": 0.9, "pride": 0.5, "hope": 0.4, "love": 0.3, "relief": 0.2, "pity": 0.1}
    ribbon = mood_points.ribbons([_sample(0), _sample(1, **strong)])
    assert [line.name for line in ribbon] == ["joy", "pride", "hope", "love", "other emotions"]
    assert np.isclose(mood_points.tallest(ribbon), sum(strong.values()))
    for below, above in pairwise(ribbon):
        assert above.base is not None
        assert np.allclose(np.asarray(below.ys), np.asarray(above.base))


def test_nothing_felt_is_said() -> None:
    assert mood_points.ribbons([_sample(0)]) == []
    assert mood_points.emotion_summary([]) == "No emotion was felt."


def test_a_moment_says_when_why_what_was_felt_and_what_was_written() -> None:
    felt = (Felt(Emotion.ANGER, 0.8), Felt(Emotion.PITY, 0.05))
    point = Point(NOON, Pad(-0.5, 0.4, 0.2), felt, START, T("{name} was insulting.", name="Bob"), 3, "Bob", 7)
    (mark,) = mood_points.marks([point], {7: Quote("Bob", "you\nfool", NOON)})
    assert mark.words.endswith("Bob was insulting. It felt anger.")
    assert mark.quote == "you fool"
    (gone,) = mood_points.marks([point], {})
    assert gone.quote == ""


def test_the_lines_of_charts_stand_out_from_every_card() -> None:
    for name, colours in SERIES.items():
        assert len(set(colours)) == len(colours)
        for colour in colours:
            assert QColor(colour).isValid()
            assert contrast(colour, PALETTES[name].surface) >= 3

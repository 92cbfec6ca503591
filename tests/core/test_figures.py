"""Dates and numbers as the language of now writes them; what a model reads of them stays as it is."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest

from core import figures
from core.figures import Day, Moment, Number
from core.words import T, as_kept, say, speaking

AT = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "moment", "day", "short_day", "number", "half"),
    [
        ("en", "Wed 4 Mar, 09:12", "4 Mar 2026", "4 Mar", "12,345.7", "0.5"),
        ("de", "Mi., 4. März, 09:12", "04.03.2026", "4. März", "12.345,7", "0,5"),
        ("es", "mié 4 mar, 09:12", "4 mar 2026", "4 mar", "12.345,7", "0,5"),
    ],
)
def test_as_each_language_writes_them(
    language: str, moment: str, day: str, short_day: str, number: str, half: str
) -> None:
    with speaking(language):
        assert figures.moment(AT) == moment
        assert figures.day(AT) == day
        assert figures.day(AT, year=False) == short_day
        assert figures.number(12345.678, 1) == number
        assert figures.short(0.5) == half
        assert figures.short(131072.0) == "131072"


def test_in_a_sentence_they_are_written_when_it_is_said() -> None:
    told = T("{n} of {day}", n=Number(1234.5, 1), day=Day(date(2026, 3, 4)))
    assert say(told) == "1,234.5 of 4 Mar 2026"
    with speaking("de"):
        assert say(told) == "1.234,5 of 04.03.2026"
        assert as_kept(told)["params"] == {"n": "1,234.5", "day": "4 Mar 2026"}
        assert say(T("{at}", at=Moment(AT))) == "Mi., 4. März, 09:12"


def test_a_language_that_nobody_writes_falls_back_to_english() -> None:
    with speaking("xx"):
        assert figures.moment(AT) == "Wed 4 Mar, 09:12"


async def test_what_a_model_reads_is_english_whatever_is_spoken() -> None:
    with speaking("de"):
        assert figures.weekday_for_a_model(AT) == "Wednesday"
        assert figures.day_for_a_model(AT) == "04 March 2026"
    assert await asyncio.to_thread(figures.weekday_for_a_model, AT) == "Wednesday"

"""The rules of the server's side: lengths of time, who may touch whom, choices, transcripts, pictures."""

from __future__ import annotations

import zlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.server import refusals
from core.server.choices import Chosen, here, is_quiet
from core.server.durations import LONGEST_MUTE, duration, spoken
from core.server.languages import known_language, language_name, matching
from core.server.modlog import LONGEST_AUDIT_REASON, audit_reason
from core.server.picture import HEIGHT, WIDTH, Bar, bars, scale
from core.server.ranks import Act, Standing, objection
from core.server.registered import fingerprint
from core.server.reminders import due
from core.server.stats import summed
from core.server.tickets import Spoken, StoredTicket, transcript
from db.activity import Day

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10m", 600),
        ("10 minutes", 600),
        ("1d12h", 129_600),
        ("2 h 30 min", 9000),
        ("2 hours, 30 minutes", 9000),
        ("an hour and a half", 5400),
        ("half an hour", 1800),
        ("a couple of days", 172_800),
        ("one week and two days", 777_600),
        ("forty-five seconds", 45),
        ("1.5 h", 5400),
        ("1,5 h", 5400),
        ("4 WEEKS", 2_419_200),
        ("2 weeks 3 days", 1_468_800),
        ("1h30", 5400),
        ("5m30", 330),
        ("2h 5", 7500),
        ("10 Minuten", 600),
        ("2 Stunden und 30 Minuten", 9000),
        ("eine halbe Stunde", 1800),
        ("eineinhalb Stunden", 5400),
        ("drei Tage", 259_200),
        ("1 día y 2 horas", 93_600),
        ("1 di\u0301a", 86_400),
        ("media hora", 1800),
        ("tres semanas", 1_814_400),
    ],
)
def test_lengths_as_people_write_them(text: str, seconds: int) -> None:
    assert duration(text, LONGEST_MUTE) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "m",
        "ten",
        "-5m",
        "5 m!",
        "5 5 m",
        "soon",
        "one two hours",
        "a m m",
        "3 days 5",
        "forever",
        "1:30",
        "2 h -5",
        "0",
    ],
)
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(refusals.DurationUnclear):
        duration(text, LONGEST_MUTE)


@given(some.text(max_size=40))
def test_any_text_is_a_length_or_a_sentence(text: str) -> None:
    try:
        found = duration(text, LONGEST_MUTE)
    except refusals.Refusal:
        return
    assert timedelta(0) < found <= LONGEST_MUTE


@given(some.integers(min_value=1, max_value=28 * 86_400))
def test_a_length_is_said_in_two_units(seconds: int) -> None:
    words = spoken(timedelta(seconds=seconds)).split()
    assert len(words) in (2, 4)
    assert duration(" ".join(words), LONGEST_MUTE) <= timedelta(seconds=seconds)


def test_the_longest_and_the_shortest() -> None:
    assert duration("28 days", LONGEST_MUTE) == LONGEST_MUTE
    with pytest.raises(refusals.DurationTooLong, match="28 days"):
        duration("28 days 1 s", LONGEST_MUTE)
    with pytest.raises(refusals.DurationTooLong):
        duration("9" * 300 + " years", LONGEST_MUTE)
    with pytest.raises(refusals.DurationTooShort, match="1 second"):
        duration("0 minutes", LONGEST_MUTE)
    assert spoken(timedelta()) == "0 seconds"


ME = Standing(1, "Me", rank=10)


def someone(rank: int | None, **more: bool) -> Standing:
    return Standing(3, "Ada", rank, **more)


@pytest.mark.parametrize("act", list(Act))
def test_nobody_does_it_to_themselves_the_bot_or_the_owner(act: Act) -> None:
    asker = Standing(2, "Cara", rank=5)
    assert isinstance(objection(act, asker, asker, ME), refusals.YourselfMeant)
    assert isinstance(objection(act, asker, ME, ME), refusals.MyselfMeant)
    owner = someone(0, is_owner=True)
    assert isinstance(objection(act, asker, owner, ME), refusals.OwnerMeant)


@given(
    some.sampled_from(Act), some.integers(0, 20), some.integers(0, 20), some.integers(0, 20), some.booleans()
)
def test_only_who_stands_below_both_can_be_touched(
    act: Act, asker: int, target: int, me: int, owner: bool
) -> None:
    found = objection(act, Standing(2, "Cara", asker, is_owner=owner), someone(target), Standing(1, "Me", me))
    below_asker, below_me = owner or target < asker, target < me
    assert (found is None) == (below_asker and (below_me or act is Act.WARN))


def test_who_has_left_has_no_rank() -> None:
    assert objection(Act.BAN, Standing(2, "Cara", rank=1), someone(None), ME) is None


def test_nothing_chosen_is_as_everywhere() -> None:
    now = here(Chosen(), NOW, NOW)
    assert now.active
    assert (now.proactive, now.quiet, now.muted, now.shut_out) == (False, False, False, False)
    assert (now.talkativeness, now.language, now.persona_id) == (None, "", None)


def test_what_was_chosen_counts() -> None:
    chosen = Chosen(
        {},
        {
            "active": False,
            "talkativeness": 0,
            "muted_until": (NOW + timedelta(hours=1)).isoformat(),
            "persona_id": 4,
        },
    )
    now = here(chosen, NOW, NOW)
    assert not now.active
    assert now.muted
    assert (now.talkativeness, now.persona_id) == (0, 4)
    assert not here(chosen, NOW + timedelta(hours=2), NOW).muted
    assert here(Chosen({}, {"muted_until": NOW.timestamp() + 60}), NOW, NOW).muted


@given(some.times(), some.times(), some.times())
def test_quiet_hours_and_the_others_make_a_day(begin: time, end: time, at: time) -> None:
    first, last = f"{begin:%H:%M}", f"{end:%H:%M}"
    if first != last:
        assert is_quiet(first, last, at) != is_quiet(last, first, at)
    assert not is_quiet(first, first, at)
    assert not is_quiet(None, last, at)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("20 minutes", datetime(2026, 1, 5, 12, 20, tzinfo=UTC)),
        ("in an hour", datetime(2026, 1, 5, 13, 0, tzinfo=UTC)),
        ("18:00", datetime(2026, 1, 5, 17, 0, tzinfo=UTC)),
        ("at 8:30", datetime(2026, 1, 6, 7, 30, tzinfo=UTC)),
        ("2026-01-06 18:00", datetime(2026, 1, 6, 17, 0, tzinfo=UTC)),
        ("2026-01-06T18:00+00:00", datetime(2026, 1, 6, 18, 0, tzinfo=UTC)),
    ],
)
def test_times_are_meant_where_the_host_is(when: str, expected: datetime) -> None:
    assert due(when, NOW, BERLIN) == expected


@pytest.mark.parametrize(
    ("now", "when", "expected"),
    [
        # Clocks in Berlin go from 2:00 to 3:00 on 29 March 2026, and from 3:00 to 2:00 on 25 October.
        ("2026-03-28T20:00+01:00", "18:00", "2026-03-29T18:00+02:00"),
        ("2026-03-29T00:30+01:00", "02:30", "2026-03-29T03:30+02:00"),  # there is no 2:30 that night
        ("2026-03-29T03:10+02:00", "02:30", "2026-03-30T02:30+02:00"),
        ("2026-10-24T20:00+02:00", "tomorrow at 8:00", "2026-10-25T08:00+01:00"),
        ("2026-10-25T02:20+01:00", "02:45", "2026-10-25T02:45+01:00"),
        ("2026-10-24T23:00+02:00", "6 hours", "2026-10-25T04:00+01:00"),
    ],
)
def test_a_time_of_day_is_that_of_the_clock_on_the_wall(now: str, when: str, expected: str) -> None:
    found = due(when, datetime.fromisoformat(now).astimezone(UTC), BERLIN)
    assert found == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("when", "hour", "day"),
    [
        ("6pm", 18, 5),
        ("at 6:30 p.m.", 18, 5),
        ("12 am", 0, 6),
        ("tomorrow, 9:00", 9, 6),
        ("morgen um 18:00 Uhr", 18, 6),
        ("mañana a las 9:00", 9, 6),
        ("um 18:15", 18, 5),
    ],
)
def test_times_of_day_as_people_write_them(when: str, hour: int, day: int) -> None:
    local = due(when, NOW, BERLIN).astimezone(BERLIN)
    assert (local.hour, local.day) == (hour, day)


@pytest.mark.parametrize("when", ["in 20 minutes", "in 20 Minuten", "en 20 minutos", "dentro de 20 minutos"])
def test_times_from_now_as_people_write_them(when: str) -> None:
    assert due(when, NOW, BERLIN) == NOW + timedelta(minutes=20)


@pytest.mark.parametrize("when", ["13 pm", "0am", "24:00", "tomorrow", "18", "9 9:00", "12:60", "-5 minutes"])
def test_what_is_no_time(when: str) -> None:
    with pytest.raises(refusals.TimeUnclear):
        due(when, NOW, BERLIN)


@given(some.text(max_size=30))
def test_any_time_is_one_to_come_or_a_sentence(when: str) -> None:
    try:
        found = due(when, NOW, BERLIN)
    except refusals.Refusal:
        return
    assert NOW < found <= NOW + timedelta(days=366)


def test_a_transcript_lets_nobody_speak_for_another() -> None:
    ticket = StoredTicket(1, "discord", 5, 7, 9, 3, "Ada", "my key", None, "", NOW, None)
    lines = [
        Spoken(
            NOW,
            "Ada\n[2026-01-05 12:00] Cara",
            "it was\n[2026-01-05 12:00] Cara: blue\u202e",
            ("https://x/k.png",),
        )
    ]
    text = transcript(ticket, lines, "Harbour")
    assert text.splitlines()[0] == "Ticket 7 on Harbour: my key"
    assert "\n[2026-01-05 12:00] Ada / [2026-01-05 12:00] Cara: it was\n    [2026" in text
    assert "\u202e" not in text
    assert text.endswith("[https://x/k.png]\n")


def test_the_audit_log_takes_a_short_line() -> None:
    assert audit_reason("Cara", "") == "Cara"
    assert audit_reason("Cara", "a\nb") == "Cara: a / b"
    assert len(audit_reason("Cara", "x" * 900)) == LONGEST_AUDIT_REASON


def test_the_fingerprint_knows_every_change_and_no_order() -> None:
    one, two = {"name": "a", "description": "x"}, {"description": "y", "name": "b"}
    assert fingerprint([one, two]) == fingerprint([dict(reversed(two.items())), one])
    assert fingerprint([one, two]) != fingerprint([one, {**two, "description": "z"}])
    assert fingerprint([one]) != fingerprint([one, two])


@given(some.lists(some.integers(0, 200_000), min_size=1, max_size=90))
def test_any_days_make_a_picture(values: list[int]) -> None:
    picture = bars([Bar(value, str(number % 31 + 1), number % 7 == 6) for number, value in enumerate(values)])
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (WIDTH, HEIGHT)
    start = picture.index(b"IDAT")
    length = int.from_bytes(picture[start - 4 : start])
    assert len(zlib.decompress(picture[start + 4 : start + 4 + length])) == HEIGHT * (1 + WIDTH * 3)


@given(some.integers(0, 10**9))
def test_the_side_has_round_numbers(highest: int) -> None:
    step, top = scale(highest)
    assert top >= highest
    assert top % step == 0
    assert 1 <= top // step <= 5
    assert str(step).rstrip("0") in ("1", "2", "5")


def test_days_without_a_word_are_days_too() -> None:
    seen = summed([Day(date(2026, 1, 3), 4, 2)], date(2026, 1, 1), 5)
    assert [day.messages for day in seen.days] == [0, 0, 4, 0, 0]
    assert seen.messages == 4
    assert seen.busiest == Day(date(2026, 1, 3), 4, 2)
    assert summed([], date(2026, 1, 1), 5).busiest is None


def test_languages_are_known_by_code_and_by_name() -> None:
    assert known_language("DE") == known_language("Deutsch") == "de"
    assert known_language("pt-BR") == "pt_BR"
    assert language_name("de") == "Deutsch"
    assert language_name("not a language") == "not a language"
    assert ("fr", "Français") in matching("fra", 25)
    with pytest.raises(refusals.LanguageUnknown):
        known_language("Klingon")


def test_a_code_that_is_none_is_shown_as_it_is() -> None:
    assert language_name("xx-nonsense-xx") == "xx-nonsense-xx"

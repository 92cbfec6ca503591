"""How a person's messages are parted into what is known and what is held out."""

from core.echo.pairs import Line, Pair, by_days, held_out


def pairs(*days: str) -> list[Pair]:
    return [Pair(day, (Line("a", "hi"),), f"{day} {at}") for at, day in enumerate(days)]


def test_the_latest_are_held_out_and_never_more_than_half() -> None:
    every = pairs("1", "1", "2", "3")
    assert held_out(every, 1) == (every[:3], every[3:])
    assert held_out(every, 9) == (every[:2], every[2:])


def test_no_day_stands_on_both_sides() -> None:
    one, other = by_days(pairs(*"1122233445556"))
    assert not {pair.day for pair in one} & {pair.day for pair in other}
    assert sorted(len(half) for half in (one, other)) == [6, 7]

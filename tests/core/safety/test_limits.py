"""Nobody gets more than their share, and a flood of strangers costs no memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.clock import VirtualClock
from core.safety.limits import Meter, Rate, RateLimits


def test_a_burst_passes_and_what_is_more_waits() -> None:
    clock = VirtualClock()
    limits = RateLimits(clock, person=Rate(3, 60.0), server=Rate(100, 60.0))
    assert [limits.take("discord", 1, 9) for _ in range(3)] == [None] * 3
    held = limits.take("discord", 1, 9)
    assert held is not None
    assert 0 < held.wait_s <= 20
    assert limits.take("discord", 2, 9) is None
    clock.step(held.wait_s)
    assert limits.take("discord", 1, 9) is None


def test_a_rate_that_is_changed_holds_from_the_next_message_on() -> None:
    clock = VirtualClock()
    limits = RateLimits(clock)
    slow, quick = Rate(1, 60.0), Rate(10, 60.0)
    assert limits.take("discord", 1, None, person=slow) is None
    assert limits.take("discord", 1, None, person=slow) is not None
    clock.step(7.0)
    assert limits.take("discord", 1, None, person=quick) is None
    assert limits.take("discord", 1, None, person=slow) is not None


def test_a_server_has_its_share_whoever_writes() -> None:
    limits = RateLimits(VirtualClock(), server=Rate(4, 60.0))
    passed = [limits.take("discord", person, 9) is None for person in range(6)]
    assert passed == [True] * 4 + [False] * 2
    assert limits.take("discord", 50, 10) is None
    assert limits.take("discord", 51, None) is None


def test_who_keeps_trying_is_held_sooner() -> None:
    limits = RateLimits(VirtualClock(), suspected=Rate(2, 300.0))
    assert [limits.take("discord", 1, 9, suspected=True) is None for _ in range(3)] == [True, True, False]
    assert limits.take("discord", 1, 9) is None


def test_what_was_held_does_not_count() -> None:
    clock = VirtualClock()
    limits = RateLimits(clock, person=Rate(1, 10.0))
    assert limits.take("discord", 1, None) is None
    for _ in range(50):
        assert limits.take("discord", 1, None) is not None
    clock.step(10.0)
    assert limits.take("discord", 1, None) is None


def test_a_flood_of_strangers_costs_no_memory() -> None:
    meter = Meter(Rate(5, 60.0), room=100)
    for person in range(10_000):
        meter.count(person, float(person))
    assert len(meter) == 100
    assert meter.wait(9_999, 9_999.0) == 0


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 6))
def test_no_window_holds_more_than_twice_the_share(gaps: list[float], most: int) -> None:
    meter, now, passed = Meter(Rate(most, 10.0)), 0.0, []
    for gap in gaps:
        now += gap
        if meter.wait("ada", now) == 0:
            meter.count("ada", now)
            passed.append(now)
    for start in passed:
        assert sum(start <= moment < start + 10.0 for moment in passed) <= 2 * most

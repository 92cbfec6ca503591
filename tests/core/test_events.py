"""The bus: everybody who listens hears it; a broken listener silences nobody."""

from __future__ import annotations

import logging

import pytest

from core.events import Bus, Event, PersonaChanged, SettingChanged


def test_who_listens_hears_its_kind_and_nothing_else() -> None:
    bus, heard = Bus(), []
    bus.listen(SettingChanged, heard.append)
    bus.publish(PersonaChanged(1))
    bus.publish(SettingChanged("a.b"))
    assert heard == [SettingChanged("a.b")]


def test_who_listens_for_all_hears_all() -> None:
    bus, heard = Bus(), []
    bus.listen(Event, heard.append)
    bus.publish(PersonaChanged(1))
    bus.publish(SettingChanged("a.b"))
    assert len(heard) == 2


def test_an_ended_subscription_is_silent_even_during_an_event() -> None:
    bus, heard = Bus(), []

    def once(event: Event) -> None:
        heard.append(event)
        subscription.end()
        subscription.end()

    subscription = bus.listen(Event, once)
    bus.publish(PersonaChanged(1))
    bus.publish(PersonaChanged(2))
    assert heard == [PersonaChanged(1)]


@pytest.mark.allow_log_errors
def test_a_broken_listener_is_logged_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = Bus(), []

    def broken(event: Event) -> None:
        raise ValueError("broken")

    bus.listen(Event, broken)
    bus.listen(Event, heard.append)
    with caplog.at_level(logging.ERROR):
        bus.publish(PersonaChanged(1))
    assert heard == [PersonaChanged(1)]
    assert "a listener of PersonaChanged failed" in caplog.text

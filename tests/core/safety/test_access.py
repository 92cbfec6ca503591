"""Who may do what is decided by ids and permissions; no text opens anything."""

from __future__ import annotations

from core.safety.access import EVERYONE, NOBODY, Access, Asker, Grant, Tool, denied
from core.safety.suspicion import Level

ADA = Asker(1, guild_id=10, roles=frozenset({100}), permissions=frozenset({"send_messages"}))
MOD = Asker(2, guild_id=10, permissions=frozenset({"manage_messages"}))
HOST = Asker(3, is_host=True)
PURGE = Tool("purge", needs=frozenset({"manage_messages"}), changes=True)
WEATHER = Tool("weather")


def test_a_grant_covers_whom_it_names() -> None:
    assert EVERYONE.covers(ADA)
    assert not NOBODY.covers(ADA)
    assert Grant(people=frozenset({1})).covers(ADA)
    assert Grant(roles=frozenset({100})).covers(ADA)
    assert Grant(guilds=frozenset({10})).covers(ADA)
    assert not Grant(guilds=frozenset({10})).covers(Asker(1))
    assert Grant(permissions=frozenset({"manage_messages"})).covers(MOD)
    assert not Grant(permissions=frozenset({"manage_messages"})).covers(ADA)


def test_who_may_use_may_see_and_who_is_blocked_may_neither() -> None:
    hidden = Access(use=Grant(people=frozenset({1})), see=NOBODY)
    assert hidden.may_see(ADA)
    assert not hidden.may_see(MOD)
    blocked = Access(blocked=frozenset({1}))
    assert not blocked.may_use(ADA)
    assert not blocked.may_see(ADA)


def test_the_person_an_echo_imitates_and_the_host_always_may() -> None:
    echo = Access(use=NOBODY, see=NOBODY, owner=1)
    assert echo.may_use(ADA)
    assert echo.may_use(HOST)
    assert not echo.may_see(MOD)


def test_a_tool_needs_the_persons_own_permission() -> None:
    assert denied(PURGE, ADA) is not None
    assert denied(PURGE, MOD) is None
    assert denied(WEATHER, ADA) is None
    assert denied(PURGE, HOST) is None


def test_a_suspected_message_sets_off_nothing_that_changes_things_not_even_a_moderators() -> None:
    assert denied(PURGE, MOD, Level.SOME) is not None
    assert denied(PURGE, HOST, Level.HIGH) is not None
    assert denied(WEATHER, ADA, Level.HIGH) is None

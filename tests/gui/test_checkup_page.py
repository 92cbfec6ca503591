"""Check-up: every light says what is, its button helps; one channel is looked at along a message's way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.app import App, Config
from core.clock import VirtualClock
from core.doctor import examine as examining
from core.doctor.check import Check, CheckState
from core.doctor.surgery import FIXES
from core.errors import DiscordUnreachable, OllamaAway, explain
from core.llm.brain import Role
from core.persona.identity import sample
from core.safety.access import Grant
from core.session import ChannelReport, DiscordReport, SessionState, SessionStatus, TokenReport
from core.settings import TALKATIVENESS
from core.words import say
from db import channel_settings, channels, turns
from db.channels import StoredChannel
from db.turns import StoredTurn, TurnState
from gui.contents import entries, surgery_of
from gui.pages.checkup import CheckupPage
from gui.widgets.check_rows import _ACTS, NAMES
from tests.support.fake_session import FakeSession

NEWS = 8
ONLINE = SessionStatus(SessionState.ONLINE, name="Finn", latency_ms=42)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 11, 21, 12, tzinfo=UTC))


@pytest.fixture
def config(tmp_path: Path, clock: VirtualClock) -> Config:
    return Config(tmp_path / "data", {}, clock=clock, brain="auto", rounds=False)


@pytest.fixture
async def session(app: App) -> FakeSession:
    session = FakeSession(app.bus)
    await app.store.run(channels.seen, the_channel(app))
    await app.secrets.keep_token("a token")
    await app.personas.add(sample("Finn"))
    session.become(ONLINE)
    return session


def the_channel(app: App) -> StoredChannel:
    return StoredChannel("discord", 1, NEWS, "news", True, app.config.clock.now(), None, "Harbour")


async def found(app: App, session: FakeSession) -> dict[str, Check]:
    """What is found out about the channel."""
    checks = await surgery_of(app, session).why(the_channel(app))
    return {check.name: check for check in checks}


async def test_where_all_is_well_the_way_is_free(app: App, session: FakeSession) -> None:
    checks = await found(app, session)
    for name in ("gateway", "intents", "permissions", "active", "quiet", "persona", "talkativeness"):
        assert checks[name].state is CheckState.OK, name
    assert checks["heard"].state is CheckState.WARN


async def test_offline_is_the_first_thing_said(app: App, session: FakeSession) -> None:
    session.become(SessionStatus(SessionState.FAILED, explain(DiscordUnreachable())))
    check = (await found(app, session))["gateway"]
    assert (check.state, check.act) == (CheckState.FAIL, "session")
    assert "cannot be reached" in say(check.detail)


async def test_a_bot_that_may_not_read_or_speak_there_is_told(
    app: App, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look(token: str) -> DiscordReport:
        lacks = ChannelReport("Harbour", "news", NEWS, ("Send Messages",))
        return DiscordReport(TokenReport("Finn", 1, (), True, "", 1), 900, (lacks,), 1)

    monkeypatch.setattr(session, "check_up", look)
    session.become(SessionStatus(SessionState.ONLINE, reads_everything=False))
    checks = await found(app, session)
    assert checks["permissions"].state is CheckState.FAIL
    assert "Send Messages" in say(checks["permissions"].detail)
    assert (checks["intents"].state, checks["intents"].act) == (CheckState.WARN, "guide")


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [("active", False, "active"), ("muted_until", "2026-11-21T18:00:00+00:00", "quiet")],
)
async def test_what_was_chosen_for_the_channel_is_told(
    app: App, session: FakeSession, key: str, value: object, name: str
) -> None:
    now = app.config.clock.now()
    await app.store.run(channel_settings.put, "discord", 1, NEWS, key, value, None, now)
    assert (await found(app, session))[name].state is CheckState.FAIL


async def test_a_mute_that_is_over_is_none(app: App, session: FakeSession, clock: VirtualClock) -> None:
    until = (clock.now() - timedelta(minutes=1)).isoformat()
    await app.store.run(channel_settings.put, "discord", 1, NEWS, "muted_until", until, None, clock.now())
    assert (await found(app, session))["quiet"].state is CheckState.OK


async def test_who_never_joins_in_is_told(app: App, session: FakeSession) -> None:
    await app.settings.put(TALKATIVENESS, 0)
    check = (await found(app, session))["talkativeness"]
    assert (check.state, check.act) == (CheckState.WARN, "settings")


async def test_a_model_that_is_gone_is_told(
    app: App, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(role: Role) -> None:
        raise OllamaAway(host="here")

    monkeypatch.setattr(app.roles, "choose", gone)
    check = (await found(app, session))["model"]
    assert (check.state, check.act) == (CheckState.FAIL, "models")
    assert "stays silent" in say(check.fix or "")


@pytest.mark.parametrize(
    ("state", "shown", "words"),
    [
        (TurnState.SENT, CheckState.OK, "5 minutes ago it replied to Ada"),
        (TurnState.SILENT, CheckState.WARN, "stayed silent when Ada wrote: they spoke to Bob"),
        (TurnState.FAILED, CheckState.FAIL, "a reply to Ada failed: they spoke to Bob"),
    ],
)
async def test_what_became_of_the_last_message_is_told(
    app: App, session: FakeSession, clock: VirtualClock, state: TurnState, shown: CheckState, words: str
) -> None:
    at = clock.now() - timedelta(minutes=5)
    turn = StoredTurn("t1", "discord", 55, 1, NEWS, 9, "#news", "Ada", TurnState.RECEIVED, {}, "", 0, at, {})
    await app.store.run(turns.begin, turn)
    reason = {"key": "they spoke to Bob", "params": {}}
    await app.store.run(turns.end, "t1", state, reason, 5, {}, clock.now())
    check = (await found(app, session))["heard"]
    assert check.state is shown
    assert words in say(check.detail)


@pytest.mark.parametrize(
    ("reason", "page"),
    [
        ("this persona is not open to this person", "persona"),
        ("it was asked not to listen to this person", "privacy"),
        ("too many replies in this channel just now", ""),
        ("they spoke to Bob", ""),
    ],
)
async def test_every_silence_has_its_own_next_step(
    app: App, session: FakeSession, clock: VirtualClock, reason: str, page: str
) -> None:
    turn = StoredTurn(
        "t1", "discord", 55, 1, NEWS, 9, "#news", "Ada", TurnState.RECEIVED, {}, "", 0, clock.now(), {}
    )
    await app.store.run(turns.begin, turn)
    await app.store.run(turns.end, "t1", TurnState.SILENT, {"key": reason, "params": {}}, 5, {}, clock.now())
    check = (await found(app, session))["heard"]
    assert check.act == page
    assert check.fix is not None
    assert ("Mention it with @" in say(check.fix)) == (reason == "they spoke to Bob")


async def test_a_persona_that_is_not_open_to_all_is_told(app: App, session: FakeSession) -> None:
    assert "entrance" not in await found(app, session)
    kept = await app.personas.active()
    assert kept is not None
    only = Grant(people=frozenset({5}))
    await app.whereabouts.entrances.open_to(kept.id, only, only)
    check = (await found(app, session))["entrance"]
    assert (check.state, check.act) == (CheckState.WARN, "persona")


# the page


async def test_every_light_has_a_name_and_every_button_leads_somewhere(
    app: App, session: FakeSession
) -> None:
    pages = {entry.place.name for entry in entries(app, session)} | {"guide"}
    assert set(examining.LOOKS) <= set(NAMES)
    assert set(_ACTS) - pages == set(FIXES)


async def test_the_page_shows_lights_and_its_buttons_help(
    app: App, session: FakeSession, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = CheckupPage(surgery_of(app, session), app.bus)
    wanted: list[str] = []
    page.wanted.connect(wanted.append)
    toasts = await shown(page)
    states = [row.check.state for row in page.all.rows]
    order = [CheckState.FAIL, CheckState.WARN, CheckState.OK, CheckState.SKIP]
    assert states == sorted(states, key=order.index), "what needs somebody comes first"
    assert "worth a look" in page.summary.text()
    recovery = next(row for row in page.all.rows if row.check.name == "recovery")
    assert recovery.act is not None
    recovery.act.click()
    assert wanted == ["safekeeping"]
    page._fix("back_up")
    await page.tasks.idle()
    assert "Backed up" in toasts[-1].text
    assert len(app.backups.listed()) == 1


async def test_a_key_file_that_others_read_is_closed_by_the_button(app: App, session: FakeSession) -> None:
    file = app.config.data_dir / "store.key"
    file.chmod(0o644)
    surgery = surgery_of(app, session)
    assert next(c for c in await surgery.every() if c.name == "key").act == "close_key_file"
    await surgery.fix("close_key_file")
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_channel_is_chosen_and_asked_about(app: App, session: FakeSession, shown: Any) -> None:
    page = CheckupPage(surgery_of(app, session), app.bus)
    await shown(page)
    assert page.channel.itemText(0) == "Harbour  #news"
    page.ask_about(NEWS)
    await page.tasks.idle()
    assert page.why.rows[0].check.name == "gateway"


async def test_before_any_channel_is_known_it_says_so(app: App, shown: Any) -> None:
    page = CheckupPage(surgery_of(app, FakeSession(app.bus)), app.bus)
    await shown(page)
    assert not page.ask.isEnabled()
    assert "Once it was online" in page.note.text()

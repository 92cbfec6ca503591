"""The self-test: it finds what is wrong, says what helps, and changes nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.app import Config, open_app
from core.clock import VirtualClock
from core.doctor import brains, computer
from core.doctor.check import Check, CheckState
from core.doctor.examine import LOOKS, examine
from core.doctor.patient import Patient
from core.doctor.reasons import _HELP
from core.errors import TokenRefused, explain
from core.session import ChannelReport, DiscordReport, SessionState, SessionStatus, TokenReport
from db.backup import Reason
from db.keys import STORE_FILE
from tests.db.test_keys import FakeKeyring
from tests.support.ollama_replay import OllamaReplay

KEY = {"ECHODECK_KEY": "ab" * 32, "OLLAMA_HOST": "http://127.0.0.1:9"}
TOKEN = {"ECHODECK_TOKEN": "not-a-real-token"}
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def no_keyring() -> None:
    return None


async def checks(folder: Path, environ: dict[str, str] | None = None, **options: object) -> dict[str, Check]:
    given = KEY if environ is None else environ
    clock = options.pop("clock", VirtualClock(NOW))
    found = await examine(folder, given, no_keyring, clock, **options)  # type: ignore[arg-type]
    return {check.name: check for check in found}


async def a_store(folder: Path, environ: dict[str, str] | None = None, back_up: bool = False) -> Path:
    given = KEY if environ is None else environ
    async with open_app(Config(folder, given, clock=VirtualClock(NOW))) as app:
        if back_up:
            await app.store.back_up(Reason.DAILY, NOW)
    return folder


async def test_on_a_new_computer_it_says_what_is_still_to_come(tmp_path: Path) -> None:
    found = await checks(tmp_path / "new")
    assert found["folder"].state is CheckState.OK
    assert {found[name].state for name in ("key", "store", "backup")} == {CheckState.SKIP}
    assert found["token"].state is CheckState.WARN
    assert not (tmp_path / "new").exists()


async def test_a_healthy_store_is_called_whole_and_not_touched(tmp_path: Path) -> None:
    store = await a_store(tmp_path) / STORE_FILE
    before = hashlib.sha256(store.read_bytes()).digest()
    found = await checks(tmp_path)
    assert found["store"].state is found["key"].state is CheckState.OK
    assert hashlib.sha256(store.read_bytes()).digest() == before


async def test_it_looks_beside_a_running_echodeck(tmp_path: Path) -> None:
    async with open_app(Config(tmp_path, KEY, clock=VirtualClock(NOW))):
        assert (await checks(tmp_path))["store"].state is CheckState.OK


async def test_damage_is_found_and_the_backup_named(tmp_path: Path) -> None:
    store = await a_store(tmp_path, back_up=True) / STORE_FILE
    with store.open("r+b") as file:
        file.seek(4096 * 6)
        file.write(b"\x00" * 4096)
    found = (await checks(tmp_path))["store"]
    assert found.state is CheckState.FAIL
    assert "damaged" in str(found.detail)
    assert "backups" in str(found.fix)


async def test_a_wrong_key_is_a_sentence(tmp_path: Path) -> None:
    await a_store(tmp_path)
    found = await checks(tmp_path, {"ECHODECK_KEY": "cd" * 32})
    assert found["key"].state is CheckState.FAIL
    assert str(found["key"].detail) == "The key does not open your data. Nothing was changed."


async def test_a_key_in_a_file_is_warned_of_and_an_open_one_is_a_failure(tmp_path: Path) -> None:
    await a_store(tmp_path, {})
    assert (await checks(tmp_path, {}))["key"].state is CheckState.WARN
    (tmp_path / "store.key").chmod(0o644)
    found = (await checks(tmp_path, {}))["key"]
    assert found.state is CheckState.FAIL
    assert str(found.fix).startswith("Run: chmod 600 ")


@pytest.mark.parametrize(
    ("days", "backed_up", "state"),
    [
        (1, True, CheckState.OK),
        (3, True, CheckState.WARN),
        (0, False, CheckState.OK),
        (9, False, CheckState.WARN),
    ],
)
async def test_an_old_backup_is_warned_of(
    tmp_path: Path, days: int, backed_up: bool, state: CheckState
) -> None:
    await a_store(tmp_path, back_up=backed_up)
    later = VirtualClock(NOW + timedelta(days=days, hours=1))
    assert (await checks(tmp_path, clock=later))["backup"].state is state


def answers(report: DiscordReport | Exception) -> Callable[[str], Awaitable[DiscordReport]]:
    async def ask(token: str) -> DiscordReport:
        assert token == "not-a-real-token"
        if isinstance(report, Exception):
            raise report
        return report

    return ask


def report(
    intents: tuple[str, ...] = (),
    channels: tuple[ChannelReport, ...] = (),
    starts: int = 900,
    servers: int = 2,
) -> DiscordReport:
    return DiscordReport(TokenReport("Finn", 1, intents, True, "", servers), starts, channels, 5)


ONLINE = ("discord", "intents", "permissions", "gateway")


async def test_discord_is_asked_only_when_somebody_wants_it_and_there_is_a_token(tmp_path: Path) -> None:
    found = await checks(tmp_path, KEY | TOKEN)
    assert {found[name].state for name in ONLINE} == {CheckState.SKIP}
    found = await checks(tmp_path, KEY, ask_discord=answers(AssertionError("asked")))
    assert {found[name].state for name in ONLINE} == {CheckState.SKIP}
    found = await checks(tmp_path, KEY | TOKEN, ask_discord=answers(report()))
    assert {found[name].state for name in ONLINE} == {CheckState.OK}


async def test_what_discord_has_switched_off_is_named(tmp_path: Path) -> None:
    lacks = ChannelReport("Harbour", "general", 7, ("Send Messages", "View Channel"))
    told = report(("Message Content Intent",), (lacks,), starts=3)
    found = await checks(tmp_path, KEY | TOKEN, ask_discord=answers(told))
    assert found["discord"].state is CheckState.OK
    assert {found[name].state for name in ONLINE[1:]} == {CheckState.WARN}
    assert "Message Content Intent" in str(found["intents"].detail)
    assert found["intents"].act == "guide"
    assert "In 1 of 5 channels" in str(found["permissions"].detail)
    assert "Harbour #general: Send Messages, View Channel" in str(found["permissions"].detail)
    assert "3 more times" in str(found["gateway"].detail)
    nowhere = await checks(tmp_path, KEY | TOKEN, ask_discord=answers(report(servers=0)))
    assert "on no server" in str(nowhere["permissions"].detail)


async def test_a_refused_token_is_discords_own_sentence(tmp_path: Path) -> None:
    found = await checks(tmp_path, KEY | TOKEN, ask_discord=answers(TokenRefused()))
    for name in ONLINE:
        told = (found[name].state, str(found[name].detail))
        assert told == (CheckState.FAIL, "Discord does not accept this token.")


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [
        (SessionStatus(SessionState.ONLINE, latency_ms=42), CheckState.OK, "42 ms"),
        (SessionStatus(SessionState.RECONNECTING), CheckState.WARN, "connecting"),
        (SessionStatus(SessionState.FAILED, explain(TokenRefused())), CheckState.FAIL, "does not accept"),
        (SessionStatus(SessionState.STOPPED), CheckState.SKIP, "not asked"),
    ],
)
async def test_inside_a_running_echodeck_the_gateway_is_the_connection_itself(
    tmp_path: Path, status: SessionStatus, state: CheckState, words: str
) -> None:
    found = (await checks(tmp_path, session=status))["gateway"]
    assert found.state is state
    assert words in str(found.detail)


class Ring(FakeKeyring):
    """Another keyring than the one before."""


async def test_the_keyring_is_there_is_gone_or_is_another_one(tmp_path: Path) -> None:
    async def seen(keyring: FakeKeyring | None, environ: dict[str, str]) -> Check:
        async def ring() -> FakeKeyring | None:
            return keyring

        found = await examine(tmp_path, environ, ring, VirtualClock(NOW), looks={"keyring": LOOKS["keyring"]})
        return found[0]

    own = FakeKeyring()
    async with open_app(Config(tmp_path, {}, own, clock=VirtualClock(NOW), rounds=False)):
        pass
    assert (await seen(own, {})).state is CheckState.OK
    assert (await seen(None, {})).state is CheckState.WARN
    changed = await seen(Ring(), {})
    assert changed.state is CheckState.WARN
    assert "this computer now has" in str(changed.detail)
    assert (await seen(None, KEY)).state is CheckState.SKIP


async def test_a_recovery_passphrase_is_missed_until_there_is_one(tmp_path: Path) -> None:
    async with open_app(Config(tmp_path, {}, FakeKeyring(), clock=VirtualClock(NOW), rounds=False)) as app:
        found = await checks(tmp_path, {})
        assert (found["recovery"].state, found["recovery"].act) == (CheckState.WARN, "safekeeping")
        await app.keys.set_passphrase("orchard lantern tape drizzle")
        assert (await checks(tmp_path, {}))["recovery"].state is CheckState.OK


async def test_little_space_is_warned_of_and_none_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for free, state in ((50, CheckState.OK), (1, CheckState.WARN), (0.1, CheckState.FAIL)):
        monkeypatch.setattr(
            computer.psutil, "disk_usage", lambda _path, free=free: Usage(free * computer.GIB)
        )
        assert (await checks(tmp_path))["space"].state is state


class Usage:
    def __init__(self, free: float) -> None:
        self.free = free


async def test_with_ollama_model_memory_and_version_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with OllamaReplay() as ollama:
        environ = KEY | {"OLLAMA_HOST": ollama.host}
        found = await checks(tmp_path, environ)
        for name in ("ollama", "loaded", "model", "version"):
            assert found[name].state is CheckState.OK, found[name]
        assert "gemma270:latest is in memory" in str(found["loaded"].detail)
        assert "Ollama 0." in str(found["version"].detail)
        ollama.script("/api/ps", "ps_empty")
        assert "loaded with the first message" in str((await checks(tmp_path, environ))["loaded"].detail)
        ollama.models["gemma270:latest"] = (900 * computer.GIB, "show")
        assert (await checks(tmp_path, environ))["model"].state is CheckState.WARN
        monkeypatch.setattr(brains, "OLDEST_OLLAMA", (99, 0))
        assert (await checks(tmp_path, environ))["version"].state is CheckState.WARN
        ollama.models.clear()
        assert "has no model" in str((await checks(tmp_path, environ))["ollama"].detail)


async def test_a_folder_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    assert (await checks(tmp_path))["folder"].state is CheckState.OK
    monkeypatch.setattr(Path, "write_bytes", refuse)
    found = (await checks(tmp_path))["folder"]
    assert found.state is CheckState.FAIL
    assert "Read-only" in str(found.detail)


async def test_without_ollama_the_starter_brain_is_named(tmp_path: Path) -> None:
    found = await checks(tmp_path)
    assert found["ollama"].state is CheckState.WARN
    assert "Ollama does not answer" in str(found["ollama"].detail)
    assert "smollm2" in str(found["model"].detail)


async def test_a_setting_that_is_not_possible_is_found(tmp_path: Path) -> None:
    found = (await checks(tmp_path, KEY | {"ECHODECK_BRAIN_CONTEXT_TOKENS": "many"}))["settings"]
    assert found.state is CheckState.FAIL
    assert "Context size: many is not possible here" in str(found.detail)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (NOW, CheckState.OK),
        (NOW - timedelta(days=30), CheckState.WARN),
        (datetime(1970, 1, 1, tzinfo=UTC), CheckState.FAIL),
    ],
)
async def test_a_clock_that_is_wrong_is_noticed(tmp_path: Path, now: datetime, state: CheckState) -> None:
    await a_store(tmp_path)
    assert (await checks(tmp_path, clock=VirtualClock(now)))["clock"].state is state


async def test_a_check_that_breaks_is_what_was_found(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks(patient: Patient) -> Check:
        raise ZeroDivisionError

    async def works(patient: Patient) -> Check:
        return Check("works", CheckState.OK, found["broken"].detail)

    found = await checks(tmp_path, looks={"broken": breaks})
    assert found["broken"].state is CheckState.FAIL
    assert "ZeroDivisionError" in str(found["broken"].detail)
    assert "the check broken broke" in caplog.text
    assert list(await checks(tmp_path, looks={"broken": breaks, "works": works})) == ["broken", "works"]


def test_every_reason_of_the_guards_says_what_helps() -> None:
    """Who is not answered for what they are, or for how much there was, is no riddle to the host."""
    house = Path(__file__).resolve().parents[2] / "core"
    rooms = ("conversation/guarding.py", "safety/limits.py", "safety/output.py", "conversation/turn.py")
    told = {room: (house / room).read_text("utf-8") for room in (*rooms, "conversation/address/claims.py")}
    told["conversation/address/verdict.py"] = (house / "conversation/address/verdict.py").read_text("utf-8")
    told["conversation/line.py"] = (house / "conversation/line.py").read_text("utf-8")
    for reason in _HELP:
        assert any(f'T("{reason}"' in text for text in told.values()), f"nothing is silent because {reason}"
    given = {
        reason
        for room in rooms
        for reason in re.findall(r'(?:Refused\(|return |SILENT, |just now"\)|, )T\("([^"]+)"', told[room])
    }
    harmless = {each for each in given if "taken out" in each or "made harmless" in each}
    answered_later = {"{who} wrote on: that is answered together with this", "is being answered"}
    failed = {"the model answered with nothing"}
    assert given - set(_HELP) - harmless - answered_later - failed == set()

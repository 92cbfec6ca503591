"""The self-test: it finds what is wrong, says what helps, and changes nothing."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.app import Config, open_app
from core.clock import VirtualClock
from core.doctor.check import Check, CheckState
from core.doctor.examine import examine
from core.doctor.patient import Patient
from core.errors import TokenRefused
from core.session import TokenReport
from db.backup import Reason
from db.keys import STORE_FILE

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


async def test_discord_is_asked_only_when_somebody_wants_it(tmp_path: Path) -> None:
    asked: list[str] = []

    async def knows(token: str) -> TokenReport:
        asked.append(token)
        return TokenReport("Finn", 1, ("message_content",), True, "", 2)

    assert (await checks(tmp_path, KEY | TOKEN))["discord"].state is CheckState.SKIP
    found = (await checks(tmp_path, KEY | TOKEN, ask_discord=knows))["discord"]
    assert asked == ["not-a-real-token"]
    assert found.state is CheckState.WARN
    assert "message_content" in str(found.detail)


async def test_a_refused_token_is_discords_own_sentence(tmp_path: Path) -> None:
    async def refuses(token: str) -> TokenReport:
        raise TokenRefused

    found = (await checks(tmp_path, KEY | TOKEN, ask_discord=refuses))["discord"]
    assert (found.state, str(found.detail)) == (CheckState.FAIL, "Discord does not accept this token.")


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

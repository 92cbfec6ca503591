"""At the terminal: what moves to another computer takes the bot's token along, wherever that was kept."""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

import pytest

from core import backups
from core.app import Config, open_app
from core.clock import VirtualClock
from core.safekeeping import keep_safe
from tests.support.file_keyring import FileKeyring

TOKEN = "a-token-that-lay-in-the-keyring-of-this-computer"
PASSPHRASE = "another four words here"


def wanted(folder: Path, **more: object) -> argparse.Namespace:
    nothing = dict.fromkeys(("restore", "pack", "unlock", "passphrase", "new_key", "list"))
    return argparse.Namespace(data_dir=folder, **nothing | more)


def config(folder: Path, keyring: FileKeyring | None) -> Config:
    return Config(folder, {}, keyring, VirtualClock(), Random(7), pace="instant", rounds=False)


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileKeyring:
    kept = FileKeyring(tmp_path / "keyring.json")

    async def here() -> FileKeyring:
        return kept

    monkeypatch.setattr(backups, "computer_keyring", lambda: here)
    return kept


@pytest.mark.parametrize("from_outside", [False, True])
async def test_the_token_comes_along_unless_it_comes_from_outside(
    tmp_path: Path, keyring: FileKeyring, from_outside: bool
) -> None:
    home, away, packed = tmp_path / "home", tmp_path / "away", tmp_path / "all.echodeck"
    async with open_app(config(home, keyring)) as app:
        await app.secrets.keep_token(TOKEN)
    assert TOKEN in keyring.kept.values()
    environ = {"ECHODECK_PASSPHRASE": PASSPHRASE} | ({"ECHODECK_TOKEN": "other"} if from_outside else {})
    told: list[str] = []
    assert await keep_safe(wanted(home, pack=packed), environ, lambda line: told.append(str(line))) == 0
    assert TOKEN.encode() not in packed.read_bytes()
    assert TOKEN not in "".join(told)

    async def none_here() -> None:
        return None

    backups.computer_keyring = lambda: none_here  # type: ignore[assignment]  # the other computer; undone
    environ = {"ECHODECK_PASSPHRASE": PASSPHRASE}
    assert await keep_safe(wanted(away, restore=packed), environ, lambda line: None) == 0
    async with open_app(config(away, None)) as app:
        assert await app.secrets.token() == (None if from_outside else TOKEN)

"""The key is looked for where it was kept; it is never made anew for data that exists, nor kept worse."""

# ruff: noqa: ASYNC240 - nothing else runs on these loops
from __future__ import annotations

import asyncio
import errno
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from keyring.backends import chainer, fail, null

from core.errors import explain
from db import faults, header, keys, messages
from db.base import FILE_ERRORS
from db.complaints import fault_of
from db.header import KeySource
from db.keyrings import computer_keyring, keeps_secrets
from db.store import Store
from tests.db.conftest import KEY, message, noon


class FakeKeyring:
    """A keyring in a dictionary."""

    priority = 5

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class LockedKeyring(FakeKeyring):
    """A keyring whose owner dismissed the question for the password."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("dismissed")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError("dismissed")


class ForgetfulKeyring(FakeKeyring):
    """A keyring that takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


async def made(folder: Path, environ: dict[str, str], keyring: FakeKeyring | None) -> keys.KeyFound:
    """Find the key and make the store under it, with one message in it."""
    found = await keys.find(folder, environ, keyring, noon)
    store = await Store.open(folder / keys.STORE_FILE, found.key)
    await store.run(messages.record, message(1))
    await store.close()
    return found


def written(folder: Path) -> header.Header:
    read = header.read(folder)
    assert read is not None
    return read


async def test_a_new_store_keeps_its_key_in_the_keyring(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    found = await made(tmp_path, {}, keyring)
    assert found.source is KeySource.KEYRING
    assert found.said_once
    assert keyring.kept == {("Echodeck", f"key:{found.store}"): found.key.hex()}
    assert written(tmp_path).source is KeySource.KEYRING
    assert "FakeKeyring" in written(tmp_path).keyring
    assert (await keys.find(tmp_path, {}, keyring, noon)).key == found.key


async def test_without_a_keyring_a_new_store_has_a_key_file_only_its_owner_reads(tmp_path: Path) -> None:
    found = await made(tmp_path, {}, None)
    file = tmp_path / keys.KEY_FILE
    assert found.source is KeySource.KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert not keys.is_exposed(tmp_path)
    file.chmod(0o644)
    assert keys.is_exposed(tmp_path)
    assert (await keys.find(tmp_path, {}, None, noon)).key == found.key


async def test_the_host_is_told_of_the_key_file_once(tmp_path: Path) -> None:
    assert not (await made(tmp_path, {}, None)).said_once
    assert not (await keys.find(tmp_path, {}, None, noon)).said_once
    header.note_said(tmp_path)
    assert (await keys.find(tmp_path, {}, None, noon)).said_once


async def test_the_environment_comes_first(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    found = await made(tmp_path, {"ECHODECK_KEY": f" {KEY.hex()}\n"}, keyring)
    assert (found.key, found.source) == (KEY, KeySource.ENVIRONMENT)
    assert keyring.kept == {}
    assert not (tmp_path / keys.KEY_FILE).exists()


async def test_a_key_file_may_be_named(tmp_path: Path) -> None:
    named = tmp_path / "elsewhere"
    named.write_text(KEY.hex() + "\n")
    found = await made(tmp_path / "data", {"ECHODECK_KEY_FILE": str(named)}, None)
    assert (found.key, found.source) == (KEY, KeySource.ENVIRONMENT_FILE)


@pytest.mark.parametrize("text", ["short", KEY.hex()[:-1] + "g", KEY.hex() + "00", "ab " * 32, "é" * 64])
async def test_what_is_no_key_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(faults.KeyUnreadable) as caught:
        await keys.find(tmp_path, {"ECHODECK_KEY": text}, None, noon)
    assert text not in str(explain(caught.value).what)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(faults.KeyUnreadable):
        await keys.find(tmp_path, {"ECHODECK_KEY_FILE": str(tmp_path / "none")}, None, noon)


async def test_the_environment_opens_a_store_of_any_source_and_changes_nothing(tmp_path: Path) -> None:
    found = await made(tmp_path, {}, FakeKeyring())
    before = written(tmp_path)
    again = await keys.find(tmp_path, {"ECHODECK_KEY": found.key.hex()}, None, noon)
    assert (again.key, again.source) == (found.key, KeySource.ENVIRONMENT)
    assert written(tmp_path) == before
    with pytest.raises(faults.WrongKey):
        await keys.find(tmp_path, {"ECHODECK_KEY": KEY.hex()}, None, noon)


async def _lose_keyring(folder: Path) -> FakeKeyring | None:
    await made(folder, {}, FakeKeyring())
    return None


async def _empty_keyring(folder: Path) -> FakeKeyring | None:
    await made(folder, {}, FakeKeyring())
    return FakeKeyring()


async def _lose_file(folder: Path) -> FakeKeyring | None:
    await made(folder, {}, None)
    (folder / keys.KEY_FILE).unlink()
    return FakeKeyring()


async def _lose_environment(folder: Path) -> FakeKeyring | None:
    await made(folder, {"ECHODECK_KEY": KEY.hex()}, None)
    return FakeKeyring()


async def _lose_header(folder: Path) -> FakeKeyring | None:
    keyring = FakeKeyring()
    await made(folder, {}, keyring)
    (folder / header.HEADER_FILE).unlink()
    return keyring


@pytest.mark.parametrize("lose", [_lose_keyring, _empty_keyring, _lose_file, _lose_environment, _lose_header])
async def test_a_missing_key_is_said_and_nothing_is_made_anew(
    tmp_path: Path, lose: Callable[[Path], asyncio.Future[FakeKeyring | None]]
) -> None:
    keyring = await lose(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(faults.KeyMissing) as caught:
        await keys.find(tmp_path, {}, keyring, noon)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert keyring is None or len(keyring.kept) <= 1
    assert "ECHODECK_KEY" in str(explain(caught.value).step)


async def test_a_locked_keyring_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    with pytest.raises(faults.KeyringLocked) as caught:
        await keys.find(tmp_path, {}, LockedKeyring(), noon)
    assert "dismissed" in str(explain(caught.value).what)
    with pytest.raises(faults.KeyringLocked):
        await keys.find(tmp_path, {}, ForgetfulKeyring(), noon)
    assert list(tmp_path.iterdir()) == []
    await made(tmp_path, {}, FakeKeyring())
    with pytest.raises(faults.KeyringLocked):
        await keys.find(tmp_path, {}, LockedKeyring(), noon)


async def test_a_keyring_that_hangs_holds_nobody_up(tmp_path: Path) -> None:
    release = threading.Event()

    class Hanging(FakeKeyring):
        def set_password(self, service: str, username: str, password: str) -> None:
            release.wait()

    with pytest.raises(faults.KeyringLocked, match="no answer"):
        await keys.find(tmp_path, {}, Hanging(), noon, patience=0.01)
    release.set()


async def test_looking_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(faults.StoreLost):
        await keys.find(tmp_path / "data", {}, None, noon, make_new=False)
    assert list(tmp_path.iterdir()) == []


async def test_a_lost_header_is_made_again_by_the_key_that_opens_the_file(tmp_path: Path) -> None:
    found = await made(tmp_path, {}, FakeKeyring())
    (tmp_path / header.HEADER_FILE).unlink()
    with pytest.raises(faults.WrongKey):
        await keys.find(tmp_path, {"ECHODECK_KEY": KEY.hex()}, None, noon)
    again = await keys.find(tmp_path, {"ECHODECK_KEY": found.key.hex()}, None, noon)
    assert again.key == found.key
    assert written(tmp_path).fits(found.key)
    assert written(tmp_path).schema > 0


async def test_an_older_key_file_is_not_written_over(tmp_path: Path) -> None:
    """Backups may still need it."""
    (tmp_path / keys.KEY_FILE).write_text(KEY.hex())
    assert (await keys.find(tmp_path, {}, None, noon)).key == KEY


async def test_an_unreadable_header_is_said(tmp_path: Path) -> None:
    await made(tmp_path, {}, None)
    for content in ("", "[]", "{", json.dumps({"source": "the moon"})):
        (tmp_path / header.HEADER_FILE).write_text(content)
        with pytest.raises(faults.FolderUnusable, match=r"store\.json"):
            await keys.find(tmp_path, {}, None, noon)


async def test_no_key_is_shown_by_what_is_logged_or_written(tmp_path: Path) -> None:
    found = await made(tmp_path, {}, FakeKeyring())
    assert found.key.hex() not in repr(found)
    assert repr(found.key) not in repr(found)
    assert found.key.hex() not in (tmp_path / header.HEADER_FILE).read_text()


def test_a_keyring_worth_the_name() -> None:
    class PlaintextKeyring(FakeKeyring):
        pass

    class Feeble(FakeKeyring):
        priority = 0

    assert keeps_secrets(FakeKeyring())
    for other in (fail.Keyring(), null.Keyring(), chainer.ChainerBackend(), PlaintextKeyring(), Feeble()):
        assert not keeps_secrets(other)


async def test_this_computer_has_none_in_a_test() -> None:
    assert await computer_keyring() is None


def test_what_cannot_be_told_on_a_full_disk_is_no_wrong_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "echodeck.db"
    assert not keys.opens(store, b"1" * 32)  # there is none
    store.write_bytes(os.urandom(4096))
    assert not keys.opens(store, b"1" * 32)  # it is another's

    class Torn:
        def connect(self) -> None:
            raise FILE_ERRORS[0]("disk I/O error")

        def close(self) -> None: ...

    monkeypatch.setattr(keys.connection, "only_reading", lambda *file: Torn())
    free = SimpleNamespace(free=10**9)
    monkeypatch.setattr(keys.shutil, "disk_usage", lambda folder: free)
    with pytest.raises(faults.FolderUnusable):
        keys.opens(store, b"1" * 32)
    free.free = 1000
    with pytest.raises(faults.DiskFull):
        keys.opens(store, b"1" * 32)


def test_a_full_disk_is_called_one_whatever_was_to_be_written() -> None:
    assert isinstance(fault_of(OSError(errno.ENOSPC, "No space left on device")), faults.DiskFull)
    assert isinstance(fault_of(OSError(errno.EROFS, "Read-only")), faults.FolderUnusable)

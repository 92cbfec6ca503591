"""The key can be changed, and whatever interrupts that, the data opens afterwards and nothing is lost."""

# ruff: noqa: ASYNC220, ASYNC221 - nothing else runs on these loops
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from db import backup, faults, header, keys, messages, rekey
from db.backup import Reason
from db.key_places import KeyPlaces
from db.sealing import Cost
from db.store import Store
from tests.db.conftest import KEY, NOON, message, noon
from tests.support.file_keyring import FileKeyring

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "correct horse battery staple"
NEW = bytes(range(100, 132))
RINGS = [True, False]

# Changes the key, and is killed before the step of that number.
_ROTATION = """
import asyncio, os, signal, sys
from pathlib import Path
from db import rekey
from tests.db.test_rekey import CHEAP, NEW, PASSPHRASE, places

left = int(sys.argv[3])

def stepped(step: str) -> None:
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(rekey.rotate(
    places(Path(sys.argv[1]), sys.argv[2] == "True"),
    PASSPHRASE, cost=CHEAP, randomness=lambda n: NEW[:n], stepped=stepped))
"""


def places(folder: Path, ring: bool) -> KeyPlaces:
    return KeyPlaces(folder, {}, FileKeyring(folder.parent / "ring.json") if ring else None)


async def lived(folder: Path, ring: bool) -> bytes:
    """A store with messages in it, two backups and a recovery passphrase; answers its key."""
    at = places(folder, ring)
    found = await keys.find(folder, {}, at.keyring, noon)
    written = header.read(folder)
    assert written is not None
    header.write(folder, keys.with_recovery(written, found.key, PASSPHRASE, CHEAP))
    store = await Store.open(folder / keys.STORE_FILE, found.key)
    await store.run(messages.record, message(1, "kept"))
    for day in range(2):
        await store.back_up(Reason.DAILY, NOON + timedelta(days=day))
    await store.run(messages.record, message(2, "kept too"))
    await store.close()
    return found.key


async def what_opens(folder: Path, ring: bool) -> bytes:
    """Open as the app does; answers the key."""
    at = places(folder, ring)
    await rekey.settle(at)
    found = await keys.find(folder, {}, at.keyring, noon)
    store = await Store.open(folder / keys.STORE_FILE, found.key)
    assert await store.run(messages.counts, "practice") == (2, 0)
    assert (await store.check()).problems == ()
    await store.close()
    return found.key


@pytest.mark.parametrize("ring", RINGS)
async def test_the_new_key_opens_store_and_backups_and_the_old_one_nothing(
    tmp_path: Path, ring: bool
) -> None:
    folder = tmp_path / "data"
    old = await lived(folder, ring)
    new = await rekey.rotate(places(folder, ring), PASSPHRASE, cost=CHEAP)
    assert new != old
    assert await what_opens(folder, ring) == new
    copies = backup.listed(folder / keys.STORE_FILE)
    assert len(copies) == 2
    for path in (folder / keys.STORE_FILE, *(copy.path for copy in copies)):
        assert keys.opens(path, new)
        assert not keys.opens(path, old)
    for copy in copies:
        beside = backup.header_of(copy.path)
        assert beside is not None
        assert beside.fits(new)
    assert await keys.recover(folder, PASSPHRASE) == new
    assert {path.suffix for path in (folder / "backups").iterdir()} == {".db", ".json"}
    left = {path.name for path in folder.iterdir() if not path.name.startswith("echodeck.db-")}
    left -= {"backups", "lock"}
    assert left == {"echodeck.db", "store.json"} | (set() if ring else {"store.key"})
    assert not ring or len(FileKeyring(tmp_path / "ring.json").kept) == 1


async def test_with_a_wrong_passphrase_nothing_is_begun(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    old = await lived(folder, ring=False)
    with pytest.raises(faults.WrongPassphrase):
        await rekey.rotate(places(folder, False), "wrong", cost=CHEAP)
    assert await what_opens(folder, ring=False) == old


async def test_a_key_from_the_environment_is_not_changed_here(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    await keys.find(folder, {"ECHODECK_KEY": KEY.hex()}, None, noon)
    with pytest.raises(faults.KeyIsGiven):
        await rekey.rotate(places(folder, False), None, cost=CHEAP)


async def test_a_full_disk_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    old = await lived(folder, ring=False)

    def full(*_: object) -> None:
        raise faults.DiskFull

    monkeypatch.setattr(backup, "under_key", full)
    with pytest.raises(faults.DiskFull):
        await rekey.rotate(places(folder, False), PASSPHRASE, cost=CHEAP)
    monkeypatch.undo()
    written = header.read(folder)
    assert written is not None
    assert written.turning is None
    assert await what_opens(folder, ring=False) == old


async def _count_steps(folder: Path) -> int:
    steps: list[str] = []
    await rekey.rotate(places(folder, False), PASSPHRASE, cost=CHEAP, stepped=steps.append)
    return len(steps)


@pytest.mark.parametrize("ring", RINGS)
@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
async def test_killed_at_every_step_the_data_opens(tmp_path: Path, ring: bool) -> None:
    await lived(tmp_path / "count" / "data", ring=False)
    steps = await _count_steps(tmp_path / "count" / "data")
    assert steps == 11
    model = tmp_path / "model" / "data"
    old = await lived(model, ring)
    opened = set()
    for step in range(steps):
        home = tmp_path / f"killed-{step}"
        shutil.copytree(model.parent, home)
        folder = home / "data"
        child = subprocess.run(
            [sys.executable, "-c", _ROTATION, str(folder), str(ring), str(step)], check=False
        )
        assert child.returncode == -signal.SIGKILL
        looked = await keys.find(folder, {}, places(folder, ring).keyring, noon, make_new=False)
        key = await what_opens(folder, ring)
        assert key == looked.key, "who only looks finds the same key"
        assert await keys.recover(folder, PASSPHRASE) == key
        for copy in backup.listed(folder / keys.STORE_FILE):
            backup.verify(copy.path, key)
        assert not list(folder.rglob("*.turning"))
        assert not (folder / "store.key.next").exists()
        written = header.read(folder)
        assert written is not None
        assert written.turning is None
        opened.add(key)
    assert opened == {old, NEW}


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
@pytest.mark.parametrize("after_ms", [0, 5, 20, 60])
async def test_killed_at_any_moment_the_data_opens(tmp_path: Path, after_ms: int) -> None:
    folder = tmp_path / "data"
    old = await lived(folder, ring=False)
    child = subprocess.Popen(
        [sys.executable, "-c", _ROTATION.replace("asyncio.run(", "print(flush=True); asyncio.run("),
         str(folder), "False", "99"],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        with suppress(subprocess.TimeoutExpired):
            child.wait(after_ms / 1000)
        child.kill()
    assert await what_opens(folder, ring=False) in (old, NEW)


@pytest.mark.parametrize("ring", RINGS)
async def test_when_the_key_was_lost_in_between_the_passphrase_opens(tmp_path: Path, ring: bool) -> None:
    """The keyring is gone and the journal stands: the box in force is the one that opens."""
    folder = tmp_path / "data"
    await lived(folder, ring)
    with suppress(_Enough):
        await rekey.rotate(
            places(folder, ring), PASSPHRASE, cost=CHEAP, stepped=_until("replace the old key")
        )
    for path in (tmp_path / "ring.json", folder / "store.key", folder / "store.key.next"):
        path.unlink(missing_ok=True)
    key = await keys.recover(folder, PASSPHRASE)
    taken = await keys.take(places(folder, ring), key, noon)
    assert taken.key == key
    assert await what_opens(folder, ring) == key


class _Enough(Exception):
    pass


def _until(last: str) -> Callable[[str], None]:
    def stepped(step: str) -> None:
        if step == last:
            raise _Enough

    return stepped

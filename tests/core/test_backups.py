"""What was copied comes back, here and on another computer, and nothing that was there is thrown away."""

# ruff: noqa: ASYNC240 - nothing else runs on these loops
from __future__ import annotations

import json
import os
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.backups import Backups
from core.clock import VirtualClock
from core.errors import PassphraseTooShort
from core.keys import Keys
from db import backup, faults, header, keys, messages, state
from db.backup import Reason
from db.keyrings import Keyring
from db.sealing import Cost
from db.store import Store
from tests.db.conftest import message
from tests.db.test_keys import FakeKeyring

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "four unlikely words here"
CANARY = "canary-7f3a90-secret"
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Machine:
    """A computer with a user account's data folder on it."""

    def __init__(
        self, folder: Path, keyring: Keyring | None = None, environ: dict[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.keyring = keyring
        self.clock = VirtualClock(NOON)
        self.keys = Keys(folder, environ or {}, self._keyring, self.clock, CHEAP)
        self.backups = Backups(folder, self.keys, self.clock)

    async def _keyring(self) -> Keyring | None:
        return self.keyring

    async def open(self) -> Store:
        found = await self.keys.find(make_new=True)
        return await Store.open(self.folder / keys.STORE_FILE, found.key, now=self.clock.now)

    async def live(self, *texts: str) -> None:
        """Write messages down."""
        store = await self.open()
        kept, _ = await store.run(messages.counts, "practice")
        for number, text in enumerate(texts, kept + 1):
            await store.run(messages.record, message(number, text))
        await store.close()

    async def texts(self) -> set[str]:
        """What is remembered."""
        store = await self.open()
        rows = await store.run(lambda db: [row.text for row in messages.Message.select().execute(db)])
        assert (await store.check()).problems == ()
        await store.close()
        return set(rows)

    async def back_up(self) -> Path:
        store = await self.open()
        made = await Backups(self.folder, self.keys, self.clock, store).make()
        await store.close()
        self.clock.step(60)
        return made.path


@pytest.fixture
def home(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "home", FakeKeyring())


@pytest.fixture
def elsewhere(tmp_path: Path) -> Machine:
    """Another computer: a fresh folder, no keyring."""
    return Machine(tmp_path / "elsewhere")


async def test_a_preview_says_what_is_in_it_and_what_it_replaces(home: Machine) -> None:
    await home.live("one", "two")
    copy = await home.back_up()
    await home.live("three")
    told = await home.backups.preview(copy)
    assert told.made_at == NOON
    assert told.then.messages == 2
    assert told.then.newest is not None
    assert told.then.size == copy.stat().st_size
    assert told.now is not None
    assert told.now.messages == 3
    assert {path.suffix for path in copy.parent.iterdir()} == {".db", ".json"}


async def test_restoring_keeps_what_was_there_as_a_backup(home: Machine) -> None:
    await home.live("one")
    copy = await home.back_up()
    await home.live("two")
    done = await home.backups.put_back(copy)
    assert await home.texts() == {"one"}
    assert done.aside is None
    assert done.backup is not None
    assert {known.reason for known in home.backups.listed()} == {Reason.BY_HAND, Reason.RESTORE}
    home.clock.step(60)
    await home.backups.put_back(done.backup)
    assert await home.texts() == {"one", "two"}


async def test_a_store_of_noise_is_put_aside_and_the_backup_takes_its_place(home: Machine) -> None:
    await home.live("one")
    copy = await home.back_up()
    store = home.folder / keys.STORE_FILE
    store.write_bytes(os.urandom(store.stat().st_size))
    noise = store.read_bytes()
    told = await home.backups.preview(copy)
    assert told.now is None
    done = await home.backups.put_back(copy)
    assert done.backup is None
    assert done.aside is not None
    assert done.aside.read_bytes() == noise
    assert await home.texts() == {"one"}


async def test_a_backup_cannot_be_put_back_under_a_running_echodeck(home: Machine) -> None:
    await home.live("one")
    copy = await home.back_up()
    store = await home.open()
    with pytest.raises(faults.StoreInUse):
        await home.backups.put_back(copy)
    await store.close()


async def test_with_the_recovery_passphrase_backups_open_on_another_computer(
    home: Machine, elsewhere: Machine, tmp_path: Path
) -> None:
    await home.live("one", "two")
    await home.keys.set_passphrase(PASSPHRASE)
    copy = await home.back_up()
    stick = tmp_path / "stick"
    shutil.copytree(copy.parent, stick)
    shutil.rmtree(home.folder)
    carried = stick / copy.name
    assert await elsewhere.backups.needs_passphrase(carried)
    with pytest.raises(faults.WrongPassphrase):
        await elsewhere.backups.preview(carried, "wrong")
    assert (await elsewhere.backups.preview(carried, PASSPHRASE)).then.messages == 2
    await elsewhere.backups.put_back(carried, PASSPHRASE)
    assert await elsewhere.texts() == {"one", "two"}
    assert (elsewhere.folder / "store.key").stat().st_mode & 0o777 == 0o600
    await elsewhere.keys.test_passphrase(PASSPHRASE)
    assert PASSPHRASE not in (elsewhere.folder / "store.json").read_text()


async def test_a_passphrase_set_later_opens_older_backups_too(home: Machine, elsewhere: Machine) -> None:
    await home.live("one")
    copy = await home.back_up()
    await home.keys.set_passphrase(PASSPHRASE)
    await home.keys.set_passphrase("another one of them", PASSPHRASE)
    with pytest.raises(faults.WrongPassphrase):
        await elsewhere.backups.preview(copy, PASSPHRASE)
    assert (await elsewhere.backups.preview(copy, "another one of them")).then.messages == 1
    await home.keys.remove_passphrase("another one of them")
    with pytest.raises(faults.NoRecovery):
        await elsewhere.backups.preview(copy, "another one of them")


async def test_a_foreign_backup_gets_the_key_of_the_folder_it_comes_into(
    home: Machine, elsewhere: Machine
) -> None:
    await home.live("one")
    await home.keys.set_passphrase(PASSPHRASE)
    copy = await home.back_up()
    await elsewhere.live("theirs")
    own = await elsewhere.keys.find()
    await elsewhere.backups.put_back(copy, PASSPHRASE)
    assert await elsewhere.texts() == {"one"}
    assert (await elsewhere.keys.find()).key == own.key
    assert len(elsewhere.backups.listed()) == 1


# moving


async def packed(home: Machine, target: Path, token: str | None = None) -> Path:
    (home.folder / "prompts").mkdir()
    (home.folder / "prompts" / "chat.txt").write_text("my own words")
    (home.folder / "avatars" / "finn").mkdir(parents=True)
    (home.folder / "avatars" / "finn" / "large.png").write_bytes(os.urandom(3_000_000))
    (home.folder / "logs").mkdir()
    (home.folder / "logs" / "echodeck.log").write_text("nothing to take along")
    assert await home.backups.pack(target, PASSPHRASE, token) == target.stat().st_size
    assert not list(home.folder.glob("*.partial"))
    return target


async def test_everything_moves_in_one_file(home: Machine, elsewhere: Machine, tmp_path: Path) -> None:
    await home.live("one", "two")
    store = await home.open()
    await store.run(state.put, state.Setting, "look.theme", "dark", NOON)
    await home.keys.set_passphrase("the recovery passphrase")
    file = await packed(home, tmp_path / "moving.echodeck", CANARY)
    await store.close()
    content = file.read_bytes()
    key = (await home.keys.find()).key
    for secret in (CANARY.encode(), key, key.hex().encode(), b"my own words", b"SQLite", PASSPHRASE.encode()):
        assert secret not in content
    picture = (home.folder / "avatars" / "finn" / "large.png").read_bytes()
    shutil.rmtree(home.folder)

    told = await elsewhere.backups.preview(file, PASSPHRASE)
    assert (told.then.messages, told.now, told.made_at) == (2, None, NOON)
    assert not elsewhere.folder.exists() or not list(elsewhere.folder.iterdir())
    await elsewhere.backups.put_back(file, PASSPHRASE)
    assert await elsewhere.texts() == {"one", "two"}
    assert (elsewhere.folder / "prompts" / "chat.txt").read_text() == "my own words"
    assert (elsewhere.folder / "avatars" / "finn" / "large.png").read_bytes() == picture
    assert not (elsewhere.folder / "logs").exists()
    await elsewhere.keys.test_passphrase("the recovery passphrase")
    store = await elsewhere.open()
    assert await store.run(state.get, state.Secret, "discord_token") == CANARY
    assert await store.run(state.get, state.Setting, "look.theme") == "dark"
    await store.close()
    assert not list(elsewhere.folder.glob("*.partial"))


async def test_moving_in_where_somebody_lives_keeps_what_was_there(
    home: Machine, elsewhere: Machine, tmp_path: Path
) -> None:
    await home.live("one")
    file = await packed(home, tmp_path / "moving.echodeck")
    await elsewhere.live("theirs")
    (elsewhere.folder / "prompts").mkdir()
    (elsewhere.folder / "prompts" / "chat.txt").write_text("their own words")
    done = await elsewhere.backups.put_back(file, PASSPHRASE)
    assert await elsewhere.texts() == {"one"}
    kept = list((elsewhere.folder / "set-aside").rglob("chat.txt"))
    assert [path.read_text() for path in kept] == ["their own words"]
    assert done.backup is not None
    elsewhere.clock.step(60)
    await elsewhere.backups.put_back(done.backup)
    assert await elsewhere.texts() == {"theirs"}


async def test_a_parcel_that_is_not_whole_changes_nothing(
    home: Machine, elsewhere: Machine, tmp_path: Path
) -> None:
    await home.live("one")
    file = await packed(home, tmp_path / "moving.echodeck")
    whole = file.read_bytes()
    with pytest.raises(faults.WrongPassphrase):
        await elsewhere.backups.preview(file, "not the passphrase")
    await elsewhere.live("theirs")
    piece = 1024 * 1024 + 16
    begin = whole.index(b"}\n") + 2
    assert len(whole) > begin + 3 * piece
    for broken in (
        whole[:-1],
        whole[: begin + piece],
        whole[: begin + 2 * piece],
        whole[:begin] + whole[begin + piece : begin + 2 * piece] + whole[begin:],
        whole[: begin + piece + 5] + b"x" + whole[begin + piece + 6 :],
        whole[:100],
        b"ECHODECK-PARCEL 1\n{}\n",
    ):
        file.write_bytes(broken)
        with pytest.raises((faults.NoParcel, faults.WrongPassphrase)):
            await elsewhere.backups.put_back(file, PASSPHRASE)
        assert await elsewhere.texts() == {"theirs"}
        assert not list(elsewhere.folder.glob("*.partial"))


async def test_a_parcel_needs_a_passphrase_worth_the_name(home: Machine, tmp_path: Path) -> None:
    await home.live("one")
    with pytest.raises(PassphraseTooShort):
        await home.backups.pack(tmp_path / "moving.echodeck", "short", None)
    assert not (tmp_path / "moving.echodeck").exists()


# the key is gone


async def _empty_keyring(home: Machine) -> None:
    home.keyring = FakeKeyring()


async def _no_keyring(home: Machine) -> None:
    home.keyring = None


class OtherKeyring(FakeKeyring):
    """Another desktop's."""


async def _other_keyring(home: Machine) -> None:
    home.keyring = OtherKeyring()


LOSSES = [_empty_keyring, _no_keyring, _other_keyring]


@pytest.mark.parametrize("lose", LOSSES)
async def test_the_recovery_passphrase_opens_data_whose_key_is_gone(
    home: Machine, lose: Callable[[Machine], Awaitable[None]]
) -> None:
    await home.live("one")
    await home.keys.set_passphrase(PASSPHRASE)
    await lose(home)
    with pytest.raises((faults.KeyMissing, faults.KeyringChanged)):
        await home.keys.find(make_new=True)
    with pytest.raises(faults.WrongPassphrase):
        await home.keys.unlock("not this one")
    with pytest.raises((faults.KeyMissing, faults.KeyringChanged)):
        await home.keys.find(make_new=True)
    await home.keys.unlock(f"  {PASSPHRASE} ")
    assert await home.texts() == {"one"}
    written = header.read(home.folder)
    assert written is not None
    assert written.keyring == ("" if home.keyring is None else f"{type(home.keyring).__module__}."
                               f"{type(home.keyring).__qualname__}")  # fmt: skip


async def test_without_its_key_a_backup_is_put_back_by_the_passphrase_and_the_rest_put_aside(
    home: Machine,
) -> None:
    await home.live("one")
    await home.keys.set_passphrase(PASSPHRASE)
    copy = await home.back_up()
    await home.live("two")
    home.keyring = None
    done = await home.backups.put_back(copy, PASSPHRASE)
    assert await home.texts() == {"one"}
    assert done.aside is not None
    assert (done.aside / "echodeck.db").exists()


async def test_a_key_file_opens_what_it_fits_and_nothing_else(home: Machine, tmp_path: Path) -> None:
    await home.live("one")
    key = (await home.keys.find()).key
    home.keyring = None
    file = tmp_path / "key.txt"
    file.write_text("ab" * 32)
    with pytest.raises(faults.WrongKey):
        await home.keys.take_file(file)
    file.write_text("no key")
    with pytest.raises(faults.KeyUnreadable):
        await home.keys.take_file(file)
    file.write_text(key.hex().upper() + "\n")
    await home.keys.take_file(file)
    assert await home.texts() == {"one"}


async def test_starting_fresh_keeps_the_old_data_where_it_can_be_opened(home: Machine) -> None:
    await home.live("one")
    await home.keys.set_passphrase(PASSPHRASE)
    await home.back_up()
    home.keyring = None
    kept = await home.keys.start_fresh()
    assert await home.texts() == set()
    old = Machine(kept)
    await old.keys.unlock(PASSPHRASE)
    assert await old.texts() == {"one"}
    assert len(old.backups.listed()) == 1


async def test_rotation_through_the_app_keeps_passphrase_and_data(home: Machine) -> None:
    await home.live("one")
    await home.keys.set_passphrase(PASSPHRASE)
    copy = await home.back_up()
    before = (await home.keys.find()).key
    with pytest.raises(faults.WrongPassphrase):
        await home.keys.rotate(None)
    await home.keys.rotate(PASSPHRASE)
    assert (await home.keys.find()).key != before
    assert await home.texts() == {"one"}
    await home.keys.test_passphrase(PASSPHRASE)
    backup.verify(copy, (await home.keys.find()).key)


async def test_the_box_asks_what_was_decided_of_the_computer(tmp_path: Path) -> None:
    """What guards a stolen folder: argon2id at the shipped cost, noted in the header."""
    machine = Machine(tmp_path / "home")
    await machine.live("one")
    await Keys(machine.folder, {}, machine._keyring, machine.clock).set_passphrase(PASSPHRASE)
    cost = json.loads((machine.folder / "store.json").read_text())["recovery"]["cost"]
    assert cost == {"memory_kib": 128 * 1024, "passes": 3, "lanes": 4}
    await machine.keys.test_passphrase(PASSPHRASE)

"""The key of the host's data: where it is kept, the recovery passphrase, and what to do when it is gone.

Works on the data folder, also while its store cannot be opened. What says so needs the store closed.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from core.clock import Clock
from core.errors import PassphraseTooShort
from core.words import T, Text
from db import aside, header, keyrings, keys, rekey
from db.faults import KeyMissing, NoRecovery
from db.header import KeySource
from db.key_places import GIVEN, KeyPlaces, read_key, spoken
from db.keyrings import Keyring
from db.keys import KeyFound
from db.lock import FolderLock
from db.sealing import COST, Cost, unseal

FEWEST_SIGNS = 8
_FAIR_BITS, _GOOD_BITS = 33, 44
# Bits of a letter, a digit, another sign by chance; of a word out of 2,000; of each letter beyond a long one.
_LETTER, _DIGIT, _SIGN, _WORD, _MORE = 5.0, 3.3, 4.0, 11.0, 3.0
_SHORTEST_WORD, _LONG_WORD = 4, 8
_RUNS = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_COMMON = ("password", "passwort", "12345", "qwert", "echodeck", "discord", "letmein", "abc")


@dataclass(frozen=True, slots=True)
class KeyState:
    """How the key is kept.

    Attributes:
        where: in words. in_keyring: it is in the computer's keyring. given: it comes from outside.
        recoverable: there is a recovery passphrase.
    """

    where: Text
    in_keyring: bool
    given: bool
    recoverable: bool


@dataclass(frozen=True, slots=True)
class Strength:
    """How well a passphrase protects.

    Attributes:
        level: `short`, `weak`, `fair` or `good`. hint: what would help.
    """

    level: str
    hint: Text


class Keys:
    """The key of one data folder.

    Args:
        keyring: answers the computer's keyring, or None.
        cost: what a try at the passphrase costs.
    """

    def __init__(
        self,
        folder: Path,
        environ: Mapping[str, str],
        keyring: Callable[[], Awaitable[Keyring | None]],
        clock: Clock,
        cost: Cost = COST,
    ) -> None:
        self.folder = folder
        self.cost = cost
        self._environ = environ
        self._keyring = keyring
        self._clock = clock

    def state(self) -> KeyState:
        """How the key is kept; looks at the folder only."""
        written = header.read(self.folder)
        given = next((name for name in GIVEN.values() if self._environ.get(name, "").strip()), None)
        recoverable = written is not None and written.recovery is not None
        if given is not None:
            where = T("given from outside, in {name}", name=given)
            return KeyState(where, False, True, recoverable)
        if written is None:
            return KeyState(T("nowhere yet"), False, False, False)
        if written.source is KeySource.KEYRING:
            where = T("in this computer's keyring: {name}", name=spoken(written.keyring))
        elif written.source is KeySource.KEY_FILE:
            where = T("in a file beside the data: {path}", path=self.folder / keys.KEY_FILE)
        else:
            where = T("given from outside, in {name}", name=GIVEN[written.source])
        in_keyring = written.source is KeySource.KEYRING
        return KeyState(where, in_keyring, written.source in GIVEN, recoverable)

    def reminds(self) -> bool:
        """True once in the life of a store without a recovery passphrase: now is the time to say why."""
        written = header.read(self.folder)
        if written is None or written.reminded or written.recovery is not None or self.state().given:
            return False
        header.write(self.folder, replace(written, reminded=True))
        return True

    async def places(self) -> KeyPlaces:
        """Where keys are kept on this computer. A keyring is not asked for when the key is given."""
        given = any(self._environ.get(name, "").strip() for name in GIVEN.values())
        return KeyPlaces(self.folder, self._environ, None if given else await self._keyring())

    async def find(self, *, make_new: bool = False) -> KeyFound:
        """The key as it is kept.

        Raises:
            db.faults.StoreFault: see `db.keys.find`.
        """
        places = await self.places()
        return await keys.find(self.folder, self._environ, places.keyring, self._clock.now, make_new=make_new)

    # the recovery passphrase

    async def set_passphrase(self, new: str, old: str | None = None) -> None:
        """Let a passphrase open the data, too. A passphrase that is there has to be given to be changed.

        Raises:
            core.errors.PassphraseTooShort
            db.faults.WrongPassphrase: `old` is not the one. db.faults.StoreFault: the key was not found.
        """
        if len(new.strip()) < FEWEST_SIGNS:
            raise PassphraseTooShort(fewest=FEWEST_SIGNS)
        if self.state().recoverable:
            await self.test_passphrase(old or "")
        found = await self.find()
        written = self._header()
        boxed = await asyncio.to_thread(keys.with_recovery, written, found.key, new, self.cost)
        await asyncio.to_thread(self._write, boxed)

    async def test_passphrase(self, passphrase: str) -> None:
        """Does this passphrase open the data?

        Raises:
            db.faults.WrongPassphrase, db.faults.NoRecovery
        """
        written = self._header()
        if written.recovery is None:
            raise NoRecovery
        key = await asyncio.to_thread(unseal, passphrase, written.recovery, keys.about(written.store))
        assert written.fits(key)

    async def remove_passphrase(self, passphrase: str) -> None:
        """The passphrase opens the data no longer.

        Raises:
            db.faults.WrongPassphrase, db.faults.NoRecovery
        """
        await self.test_passphrase(passphrase)
        await asyncio.to_thread(self._write, replace(self._header(), recovery=None))

    # when the key is gone; the store is closed

    async def unlock(self, passphrase: str) -> None:
        """Get the key by the passphrase, and keep it where this computer keeps keys.

        Raises:
            db.faults.WrongPassphrase, db.faults.NoRecovery, db.faults.KeyringLocked, db.faults.StoreInUse
        """
        with FolderLock(self.folder):
            key = await keys.recover(self.folder, passphrase)
            await keys.take(await self.places(), key, self._clock.now)

    async def take_file(self, path: Path) -> None:
        """Get the key from a file that holds its 64 letters, and keep it where this computer keeps keys.

        Raises:
            db.faults.KeyUnreadable, db.faults.WrongKey, db.faults.KeyringLocked, db.faults.StoreInUse
        """
        with FolderLock(self.folder):
            key = await asyncio.to_thread(read_key, path, str(path))
            await keys.take(await self.places(), key, self._clock.now)

    async def start_fresh(self) -> Path:
        """Put everything aside, so that the next opening begins anew; answers where it lies now.

        Raises:
            db.faults.FolderUnusable, db.faults.StoreInUse
        """
        with FolderLock(self.folder):
            return await asyncio.to_thread(aside.put_aside, self.folder, self._clock.now())

    async def rotate(self, passphrase: str | None) -> None:
        """Give the data, and its backups, a new key. Killed at any moment, the data opens afterwards.

        Args:
            passphrase: the recovery passphrase, where there is one.

        Raises:
            db.faults.StoreFault: see `db.rekey.rotate`.
        """
        with FolderLock(self.folder):
            await rekey.rotate(await self.places(), passphrase, cost=self.cost)

    def _header(self) -> header.Header:
        written = header.read(self.folder)
        if written is None:
            raise KeyMissing(source=str(self.folder / header.HEADER_FILE))
        return written

    def _write(self, written: header.Header) -> None:
        """Into the folder, and beside the backups that this key opens."""
        header.write(self.folder, written)
        aside.note_beside_backups(self.folder / keys.STORE_FILE, written)


def computer_keyring() -> Callable[[], Awaitable[Keyring | None]]:
    """What answers this computer's keyring."""
    return keyrings.computer_keyring


def strength(passphrase: str) -> Strength:
    """How well a passphrase protects, guessed from what it is made of.

    A word counts as one drawn from 2,000, however long it looks; what is said twice, and what everybody
    tries, counts next to nothing. Four words (44 bits, each try 0.4 s and 128 MiB) are good.
    """
    words = passphrase.strip()
    if len(words) < FEWEST_SIGNS:
        return Strength(
            "short", T("At least {fewest} signs. Four words by chance are good.", fewest=FEWEST_SIGNS)
        )
    bits = _bits(words)
    if bits < _FAIR_BITS:
        return Strength("weak", T("Easily guessed. Take four words that have nothing to do with each other."))
    if bits < _GOOD_BITS:
        return Strength("fair", T("Not bad. One more word makes it good."))
    return Strength("good", T("Good. Write it down and keep it away from this computer."))


def _bits(words: str) -> float:
    known: set[str] = set()
    bits = 0.0
    for run in _RUNS.findall(words):
        folded = run.casefold()
        if folded in known:
            bits += 1
        elif any(common in folded for common in _COMMON):
            bits += 2
        elif not run[0].isalpha():
            bits += len(run) * (_DIGIT if run[0].isdigit() else _SIGN)
        elif len(run) < _SHORTEST_WORD:
            bits += len(run) * _LETTER
        else:
            bits += _WORD + _MORE * max(0, len(set(folded)) - _LONG_WORD)
        known.add(folded)
    return bits


def key_is_exposed(folder: Path) -> bool:
    """Can others on this computer read the key file?"""
    return keys.is_exposed(folder)


def close_key_file(folder: Path) -> None:
    """Let only its owner read the key file."""
    path = folder / keys.KEY_FILE
    if os.name != "nt" and path.exists():
        path.chmod(0o600)


def moment_of(at: datetime) -> str:
    """A moment as part of a file's name."""
    return aside.moment_of(at)

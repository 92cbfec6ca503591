"""The places a store's key is kept in: the computer's keyring, or a file beside the store; and what the
environment gives."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from db import faults
from db.complaints import fault_of
from db.header import Header, KeySource
from db.keyrings import PATIENCE_SECONDS, Keyring, ask, shown_name

KEY_FILE = "store.key"
SERVICE = "Echodeck"
GIVEN = {KeySource.ENVIRONMENT: "ECHODECK_KEY", KeySource.ENVIRONMENT_FILE: "ECHODECK_KEY_FILE"}

# What the keyrings of the common systems are called, by the module of their backend.
_SPOKEN = {
    "keyring.backends.SecretService": "Secret Service (GNOME Keyring)",
    "keyring.backends.libsecret": "libsecret (GNOME Keyring)",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.Windows": "Windows Credential Manager",
    "keyring.backends.macOS": "macOS Keychain",
}


def spoken(keyring: str) -> str:
    """A keyring as its owner knows it, by the name that a header holds."""
    return _SPOKEN.get(keyring.rpartition(".")[0], keyring)


@dataclass(frozen=True, slots=True)
class KeyPlaces:
    """The places of one folder on this computer.

    Attributes:
        environ: the environment. keyring: the computer's keyring, or None when it has none.
        patience: seconds a keyring may take to answer, the person's typing included.
    """

    folder: Path
    environ: Mapping[str, str] = field(repr=False)
    keyring: Keyring | None
    patience: float = PATIENCE_SECONDS

    def best(self) -> tuple[KeySource, str]:
        """Where a key is to be kept on this computer, with the keyring's name for the header."""
        if self.keyring is None:
            return KeySource.KEY_FILE, ""
        return KeySource.KEYRING, shown_name(self.keyring)

    def given(self) -> tuple[bytes, KeySource] | None:
        """The key that the environment gives, if any.

        Raises:
            faults.KeyUnreadable: it gives one that is none.
        """
        if text := self.environ.get("ECHODECK_KEY", "").strip():
            return parsed(text, "ECHODECK_KEY"), KeySource.ENVIRONMENT
        if name := self.environ.get("ECHODECK_KEY_FILE", "").strip():
            return read_key(Path(name), "ECHODECK_KEY_FILE"), KeySource.ENVIRONMENT_FILE
        return None

    async def kept(self, written: Header, *, coming: bool = False) -> bytes:
        """The key from where the header says it is.

        Args:
            coming: the one that it is being changed to.

        Raises:
            faults.KeyMissing, faults.KeyringChanged, faults.KeyUnreadable, faults.KeyringLocked
        """
        if written.source in GIVEN:
            raise faults.KeyMissing(source=GIVEN[written.source])
        if written.source is KeySource.KEY_FILE:
            path = self.file(coming=coming)
            if not path.exists():
                raise faults.KeyMissing(source=str(path))
            return read_key(path, str(path))
        text = await self._from_keyring(entry(written.store, coming))
        if text is not None:
            return parsed(text, spoken(written.keyring) or "keyring")
        now = shown_name(self.keyring) if self.keyring is not None else written.keyring
        if now == written.keyring:
            raise faults.KeyMissing(source=spoken(written.keyring) or "keyring")
        raise faults.KeyringChanged(before=spoken(written.keyring), now=spoken(now))

    async def keep(self, source: KeySource, store: str, key: bytes, *, coming: bool = False) -> None:
        """Keep a key, and believe it only when it comes back out.

        Raises:
            faults.KeyringLocked, faults.FolderUnusable, faults.KeyIsGiven
        """
        if source in GIVEN:
            raise faults.KeyIsGiven(source=GIVEN[source])
        if source is KeySource.KEY_FILE:
            self._write(self.file(coming=coming), key)
            return
        if self.keyring is None:
            raise faults.KeyMissing(source="keyring")
        name = entry(store, coming)
        await ask(self.patience, self.keyring.set_password, SERVICE, name, key.hex())
        if await self._from_keyring(name) != key.hex():
            raise faults.KeyringLocked(detail=f"{shown_name(self.keyring)} did not keep what it was given")

    async def forget_coming(self, written: Header) -> None:
        """The change of keys is over: the note of the new key goes; the key itself is in its place."""
        self.file(coming=True).unlink(missing_ok=True)
        if written.source is KeySource.KEYRING and self.keyring is not None:
            name = entry(written.store, coming=True)
            if await self._from_keyring(name) is not None:
                await ask(self.patience, self.keyring.delete_password, SERVICE, name)

    def file(self, *, coming: bool = False) -> Path:
        """The key file."""
        return self.folder / (f"{KEY_FILE}.next" if coming else KEY_FILE)

    async def _from_keyring(self, name: str) -> str | None:
        if self.keyring is None:
            return None
        return await ask(self.patience, self.keyring.get_password, SERVICE, name)

    def _write(self, path: Path, key: bytes) -> None:
        partial = path.with_name(f"{path.name}.partial")
        try:
            partial.unlink(missing_ok=True)
            with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
                file.write(key.hex() + "\n")
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            raise fault_of(error) from error


def entry(store: str, coming: bool = False) -> str:
    """What a key is called in the keyring."""
    return f"key:{store}:next" if coming else f"key:{store}"


def read_key(path: Path, source: str) -> bytes:
    """The key in a file.

    Args:
        source: what the file is called in a sentence.

    Raises:
        faults.KeyUnreadable
    """
    try:
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeError) as error:
        detail = getattr(error, "strerror", None) or type(error).__name__
        raise faults.KeyUnreadable(source=source, detail=detail) from error
    return parsed(text, source)


def parsed(text: str, source: str) -> bytes:
    """A key of its 64 letters.

    Raises:
        faults.KeyUnreadable
    """
    if len(text) == 64 and text.isascii() and text.isalnum():
        with suppress(ValueError):
            return bytes.fromhex(text)
    raise faults.KeyUnreadable(source=source, detail=f"{len(text)} characters")

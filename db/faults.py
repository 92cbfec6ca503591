"""What can go wrong with the store. The sentences people see for these stand in core/errors."""

from __future__ import annotations


class StoreFault(Exception):
    """The root of the store's faults. `params` fill the sentence that core shows."""

    def __init__(self, **params: object) -> None:
        super().__init__(", ".join(f"{name}={value}" for name, value in params.items()))
        self.params = params


class KeyMissing(StoreFault):
    """An existing store's key is not where its header says it was kept. Params: source."""


class WrongKey(StoreFault):
    """The key was found but does not open the file."""


class KeyUnreadable(StoreFault):
    """A key was given, but it is no key. Params: source, detail."""


class KeyringLocked(StoreFault):
    """The OS keyring exists but cannot be read now. Params: detail."""


class NewerStore(StoreFault):
    """The file's schema is newer than this program. Params: found, known."""


class StoreDamaged(StoreFault):
    """The file fails its integrity check. Params: backup (the newest one's path, or a dash)."""


class StoreLost(StoreFault):
    """The data file was there before and is gone. Params: path, backup (the newest one's path, or a dash)."""


class StoreInUse(StoreFault):
    """Another process holds the data folder. Params: pid (or None)."""


class StoreReadOnly(StoreFault):
    """Something was to be written to a store opened for reading only."""


class StoreClosed(StoreFault):
    """The store was asked after it was closed."""


class DiskFull(StoreFault):
    """The disk has no room left."""


class MigrationFailed(StoreFault):
    """A migration was rolled back. Params: backup (path of the copy made before it)."""


class FolderUnusable(StoreFault):
    """The data folder cannot be made or written. Params: detail."""


class WrongPassphrase(StoreFault):
    """The passphrase does not open what it was tried on."""


class NoRecovery(StoreFault):
    """There is no recovery passphrase for this data."""


class KeyIsGiven(StoreFault):
    """The key comes from outside, so it cannot be changed from here. Params: source."""


class NoParcel(StoreFault):
    """The file is none that was made for moving, or it is cut short. Params: path."""


class KeyringChanged(StoreFault):
    """The key was kept in another keyring than this computer has now. Params: before, now."""

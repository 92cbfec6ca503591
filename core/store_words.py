"""What people read when something is wrong with the data: for each fault of the store what happened, and what
to do. Shown by `core.errors.explain`."""

from __future__ import annotations

from core.words import T, Text
from db import faults

STORE_WORDS: dict[type[faults.StoreFault], tuple[Text, Text]] = {
    faults.KeyMissing: (
        T("The key that opens your data is not where it was kept ({source})."),
        T("Unlock it with your recovery passphrase, or give the key in ECHODECK_KEY or as a file."),
    ),
    faults.WrongKey: (
        T("The key does not open your data. Nothing was changed."),
        T("Give the right key in ECHODECK_KEY or ECHODECK_KEY_FILE, or restore a backup."),
    ),
    faults.KeyUnreadable: (
        T("The key in {source} cannot be used: {detail}."),
        T("A key is 64 characters, each 0 to 9 or a to f."),
    ),
    faults.KeyringLocked: (
        T("The keyring of this computer is locked or does not answer: {detail}."),
        T("Unlock the keyring and start again."),
    ),
    faults.NewerStore: (
        T("Your data was written by a newer Echodeck (version {found}; this one reads up to {known})."),
        T("Install the newest Echodeck and start again."),
    ),
    faults.StoreDamaged: (
        T("The data file is damaged. It was not changed."),
        T("Restore the newest backup: {backup}."),
    ),
    faults.StoreLost: (
        T("Your data is no longer at {path}."),
        T("Put it back, or restore the newest backup: {backup}."),
    ),
    faults.StoreReadOnly: (
        T("The data is only being read here, so nothing can be changed."),
        T("Make the change in the Echodeck that is running."),
    ),
    faults.StoreClosed: (
        T("Echodeck is closing, so this was not done."),
        T("Start Echodeck again."),
    ),
    faults.StoreInUse: (
        T("Another Echodeck already uses this data folder."),
        T("Close the other one first."),
    ),
    faults.DiskFull: (
        T("The disk is full: nothing more can be saved."),
        T("Free some space. Echodeck goes on by itself."),
    ),
    faults.MigrationFailed: (
        T("The data could not be brought up to date. The old data is untouched."),
        T("A copy lies at {backup}. Look in Logs and report this."),
    ),
    faults.FolderUnusable: (
        T("The data folder cannot be used: {detail}."),
        T("Choose another folder with --data-dir."),
    ),
    faults.WrongPassphrase: (
        T("This is not the passphrase. Nothing was changed."),
        T("Try again. Capital and small letters matter, blanks at the ends do not."),
    ),
    faults.NoRecovery: (
        T("There is no recovery passphrase for this data."),
        T("Give the key itself, as a file, or choose a backup that was made with a passphrase."),
    ),
    faults.KeyIsGiven: (
        T("The key is given from outside ({source}), so it cannot be changed from here."),
        T("Start Echodeck without it to change the key, or change the key where it is given."),
    ),
    faults.KeyringChanged: (
        T("The key that opens your data is in another keyring ({before}); this computer now has: {now}."),
        T("Log in as before, unlock it with your recovery passphrase, or give the key in ECHODECK_KEY."),
    ),
    faults.NoParcel: (
        T("{path} is no file that Echodeck made for moving, or a part of it is missing."),
        T("Choose the file that was made on the other computer, and copy it again if need be."),
    ),
}

# Where the guide says more (core/guide.py).
STORE_TOPICS: dict[type[faults.StoreFault], str] = {
    faults.KeyMissing: "troubleshooting#the-key-is-missing-or-wrong",
    faults.WrongKey: "troubleshooting#the-key-is-missing-or-wrong",
    faults.KeyUnreadable: "troubleshooting#the-key-is-missing-or-wrong",
    faults.KeyringChanged: "troubleshooting#the-key-is-missing-or-wrong",
    faults.KeyIsGiven: "troubleshooting#the-key-is-missing-or-wrong",
    faults.KeyringLocked: "troubleshooting#the-keyring-is-locked",
    faults.NewerStore: "troubleshooting#the-data-is-of-a-newer-echodeck",
    faults.StoreDamaged: "troubleshooting#the-data-is-damaged-or-gone",
    faults.StoreLost: "troubleshooting#the-data-is-damaged-or-gone",
    faults.MigrationFailed: "troubleshooting#the-data-is-damaged-or-gone",
    faults.StoreInUse: "troubleshooting#the-data-folder-cannot-be-used",
    faults.FolderUnusable: "troubleshooting#the-data-folder-cannot-be-used",
    faults.DiskFull: "troubleshooting#the-disk-is-full",
    faults.WrongPassphrase: "troubleshooting#the-passphrase-is-not-accepted",
    faults.NoRecovery: "troubleshooting#the-passphrase-is-not-accepted",
    faults.NoParcel: "troubleshooting#a-file-for-moving-is-not-accepted",
}

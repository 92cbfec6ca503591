"""Is what is kept safe: the key, the store, its backups, the settings, the token?"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.doctor.check import Check, fail, ok, skip, warn
from core.doctor.patient import Patient
from core.figures import Number
from core.settings import SETTINGS
from core.words import T
from db import backup, header, keys, messages, upgrade
from db.header import KeySource
from db.key_places import GIVEN, spoken
from db.keyrings import shown_name
from db.store import Store

OLD_BACKUP = timedelta(days=3)


_WHERE = {
    KeySource.ENVIRONMENT: T("the environment, given from outside"),
    KeySource.ENVIRONMENT_FILE: T("a file that is named from outside"),
    KeySource.KEYRING: T("this computer's keyring"),
    KeySource.KEY_FILE: T("a file beside it"),
}


async def key(patient: Patient) -> Check:
    """The key is where it was kept, and nobody else reads it."""
    if not patient.path.exists() and header.read(patient.data_dir) is None:
        return skip("key", T("Nothing is kept yet."))
    patient.ring = await patient.keyring()
    patient.found = await keys.find(
        patient.data_dir, patient.environ, patient.ring, patient.clock.now, make_new=False
    )
    if keys.is_exposed(patient.data_dir):
        path = patient.data_dir / keys.KEY_FILE
        return fail(
            "key",
            T("Others on this computer can read the key of your data."),
            T("Run: chmod 600 {path}", path=path),
            "close_key_file",
        )
    if patient.found.source is KeySource.KEY_FILE:
        return warn(
            "key",
            T("The key of your data lies in a file beside it, as this computer has no keyring."),
            T("Keep the folder on an encrypted disk, or give the key in ECHODECK_KEY."),
            "safekeeping",
        )
    return ok("key", T("The key of your data is in: {source}.", source=_WHERE[patient.found.source]))


async def keyring(patient: Patient) -> Check:
    """The computer's keyring is there, and is the one that holds the key."""
    written = header.read(patient.data_dir) if patient.data_dir.exists() else None
    if any(patient.environ.get(name, "").strip() for name in GIVEN.values()):
        return skip("keyring", T("The key is given from outside; no keyring is needed."))
    ring = patient.ring or await patient.keyring()
    if ring is None:
        return warn(
            "keyring",
            T("This computer has no keyring that keeps secrets."),
            T("Unlock or install one (GNOME Keyring, KWallet), or set a recovery passphrase."),
            "safekeeping",
        )
    name = shown_name(ring)
    if written is not None and written.source is KeySource.KEYRING and written.keyring != name:
        return warn(
            "keyring",
            T(
                "The key was kept in {before}; this computer now has {now}.",
                before=spoken(written.keyring),
                now=spoken(name),
            ),
            T("Log in as before, or unlock the data once with the recovery passphrase."),
            "safekeeping",
        )
    return ok("keyring", T("The keyring is there: {name}.", name=spoken(name)))


async def recovery(patient: Patient) -> Check:
    """A passphrase opens the data when the key is gone."""
    written = header.read(patient.data_dir) if patient.data_dir.exists() else None
    if written is None:
        return skip("recovery", T("Nothing is kept yet."))
    if written.recovery is None:
        return warn(
            "recovery",
            T("Without this computer's key nothing opens your data and its backups."),
            T("Set a recovery passphrase on the page Backups and keys."),
            "safekeeping",
        )
    return ok("recovery", T("A recovery passphrase opens the data, too."))


async def store(patient: Patient) -> Check:
    """The data file opens, and every page of it is whole."""
    if patient.found is None:
        return skip("store", T("Nothing is kept yet."))
    opened = await Store.open(patient.path, patient.found.key, read_only=True)
    patient.opened.push_async_callback(opened.close)
    if opened.schema < upgrade.known():
        return ok("store", T("The data is of an older Echodeck; the next start brings it up to date."))
    found = await opened.check()
    if found.problems:
        newest = backup.newest_path(patient.path)
        return fail(
            "store",
            T("The data file is damaged: {problem}.", problem=found.problems[0]),
            T("Restore the newest backup: {backup}.", backup=newest),
            "safekeeping",
        )
    patient.store = opened
    kept, _ = await opened.read(messages.counts, "discord", None)
    size = Number(patient.path.stat().st_size / 1024**2, 1)
    return ok("store", T("The data file is whole: {kept} messages, {size} MB.", kept=Number(kept), size=size))


async def backups(patient: Patient) -> Check:
    """There is a copy, and it is not old."""
    written = header.read(patient.data_dir) if patient.data_dir.exists() else None
    if written is None or patient.found is None:
        return skip("backup", T("Nothing is kept yet."))
    newest = backup.newest(patient.path)
    make_one = T("Make one now, and leave Echodeck running at the hour of the daily backup.")
    if newest is None:
        young = patient.clock.now() - datetime.fromisoformat(written.created) < OLD_BACKUP
        told = T("There is no backup yet.")
        return ok("backup", told) if young else warn("backup", told, make_one, "back_up")
    days = newest.age(patient.clock.now()).days
    told = T("The newest backup is {days} days old.", days=days)
    return warn("backup", told, make_one, "back_up") if days >= OLD_BACKUP.days else ok("backup", told)


async def settings(patient: Patient) -> Check:
    """What the environment sets is possible."""
    await patient.values()
    fixed = sorted(
        name for known in SETTINGS for name in known.environment_names if patient.environ.get(name)
    )
    if fixed:
        return ok("settings", T("Set by the environment: {names}.", names=", ".join(fixed)))
    return ok("settings", T("All settings can be used."))

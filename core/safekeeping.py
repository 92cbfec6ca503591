"""Backups and keys at the terminal, for a host without a window. Echodeck must not be running meanwhile."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Mapping

from core.backups import Backups, Preview, rescue
from core.hidden import hide
from core.secrets import token_in
from core.words import T, Text, say
from db.faults import WrongPassphrase
from db.header import KeySource
from db.store import Store

PASSPHRASE = "ECHODECK_PASSPHRASE"


async def keep_safe(
    options: argparse.Namespace, environ: Mapping[str, str], tell: Callable[[Text | str], None]
) -> int:
    """Do what `main.py backup` was asked for; answers the exit status.

    Args:
        options: of core.commandline. tell: says a line.

    Raises:
        db.faults.StoreFault, core.errors.PassphraseTooShort
    """
    backups = rescue(options.data_dir, environ)
    if options.restore is not None:
        return await _restore(backups, options, environ, tell)
    if options.pack is not None:
        await _pack(backups, options, environ, tell)
    elif options.unlock:
        await backups.keys.unlock(_passphrase(environ, T("The recovery passphrase")))
        tell(T("The key is kept again {where}.", where=backups.keys.state().where))
    elif options.passphrase:
        old = _passphrase(environ, T("The present passphrase")) if backups.keys.state().recoverable else None
        await backups.keys.set_passphrase(_passphrase(environ, T("A new passphrase"), "_NEW"), old)
        tell(T("Kept. It opens your data, and the backups, on any computer."))
    elif options.new_key:
        needed = backups.keys.state().recoverable
        await backups.keys.rotate(_passphrase(environ, T("The recovery passphrase")) if needed else None)
        tell(T("The key was changed, and the backups with it."))
    elif options.list:
        for each in backups.listed():
            tell(
                f"{each.made_at:%Y-%m-%d %H:%M} UTC  {each.reason:<14} {each.size // 1024:>8} kB  {each.path}"
            )
    else:
        await _make(backups, tell)
    return 0


async def _pack(
    backups: Backups,
    options: argparse.Namespace,
    environ: Mapping[str, str],
    tell: Callable[[Text | str], None],
) -> None:
    """Everything into one file, with the bot's token where the computer's keyring keeps that."""
    passphrase = _passphrase(environ, T("A passphrase for the file"))
    found = await backups.keys.find()
    token = None
    if found.source is KeySource.KEYRING and not environ.get("ECHODECK_TOKEN"):
        token = await token_in((await backups.keys.places()).keyring, found.store)
    size = await backups.pack(options.pack, passphrase, token)
    tell(T("Everything is in {path}, {size} kB.", path=options.pack, size=size // 1024))


async def _make(backups: Backups, tell: Callable[[Text | str], None]) -> None:
    found = await backups.keys.find()
    store = await Store.open(backups.store, found.key)
    try:
        made = await backups.with_open(store).make()
    finally:
        await store.close()
    tell(T("Backed up and checked: {name}.", name=made.path))


async def _restore(
    backups: Backups,
    options: argparse.Namespace,
    environ: Mapping[str, str],
    tell: Callable[[Text | str], None],
) -> int:
    needed = await backups.needs_passphrase(options.restore)
    passphrase = _passphrase(environ, T("Its passphrase")) if needed else ""
    preview = await backups.preview(options.restore, passphrase)
    tell(_contents(preview))
    done = await backups.put_back(options.restore, passphrase)
    if done.backup is not None:
        tell(T("Restored. What was there before is kept: {path}", path=done.backup))
    elif done.aside is not None:
        tell(T("Restored. What was there before is put aside: {path}", path=done.aside))
    else:
        tell(T("Restored."))
    return 0


def _contents(preview: Preview) -> Text:
    then = preview.then
    return T(
        "In it: people {people}, memories {memories}, messages {messages}, personas {personas}.",
        people=then.people,
        memories=then.memories,
        messages=then.messages,
        personas=then.personas,
    )


def _passphrase(environ: Mapping[str, str], what: Text, ending: str = "") -> str:
    """From the environment, or asked for where there is somebody to ask.

    Raises:
        WrongPassphrase: there is neither.
    """
    given = environ.get(f"{PASSPHRASE}{ending}", "")
    if not given:
        if sys.stdin is None or not sys.stdin.isatty():
            raise WrongPassphrase
        given = getpass.getpass(f"{say(what)}: ")
    hide(given)
    return given

"""A backup that an older Echodeck made is previewed, restored and brought up to date, here and elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.backups import Backups
from db import keys, messages, upgrade
from db.store import Store
from tests.core.test_backups import Machine
from tests.db.conftest import message
from tests.db.test_keys import FakeKeyring

PASSPHRASE = "orchard lantern tape drizzle"


def scripts_up_to(last: int, folder: Path) -> Path:
    """The migrations of an older Echodeck."""
    folder.mkdir()
    for script in sorted(upgrade.SCRIPTS.glob("0*.py")):
        if int(script.name[:4]) <= last:
            shutil.copy(script, folder)
    return folder


@pytest.mark.parametrize("last", [1, 4, 8, 12])
@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_backup_of_an_older_schema_comes_back(tmp_path: Path, last: int, elsewhere: bool) -> None:
    home = Machine(tmp_path / "home", FakeKeyring())
    found = await home.keys.find(make_new=True)
    old = await Store.open(
        home.folder / keys.STORE_FILE,
        found.key,
        now=home.clock.now,
        scripts=scripts_up_to(last, tmp_path / "scripts"),
    )
    schema = old.schema
    await old.run(messages.record, message(1, "from long ago"))
    await home.keys.set_passphrase(PASSPHRASE, None)
    copy = (await Backups(home.folder, home.keys, home.clock, old).make()).path
    await old.close()
    home.clock.step(60)
    await home.live("from today")
    here = Machine(tmp_path / "elsewhere") if elsewhere else home
    told = await here.backups.preview(copy, PASSPHRASE if elsewhere else "")
    assert told.then.messages == 1
    await here.backups.put_back(copy, PASSPHRASE if elsewhere else "")
    assert await here.texts() == {"from long ago"}
    store = await here.open()
    assert store.schema > schema
    await store.close()

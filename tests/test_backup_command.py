"""A host without a window: backups, a lost key and another computer, at the terminal, as real processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
PASSPHRASE = "orchard lantern tape drizzle"


def main(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ECHODECK_")}
    return subprocess.run(
        [sys.executable, str(HOUSE / "main.py"), *arguments, "--data-dir", str(folder)],
        env=clean | environ,
        input="Ada: hello @bot\n" if arguments[0] == "chat" else "",
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_what_was_kept_is_there_on_another_computer(tmp_path: Path) -> None:
    home, fresh, moved = tmp_path / "home", tmp_path / "fresh", tmp_path / "moved"
    assert main(home, "chat", "--brain", "none").returncode == 0
    assert main(home, "backup", "--passphrase", ECHODECK_PASSPHRASE_NEW=PASSPHRASE).returncode == 0
    made = main(home, "backup")
    assert "Backed up and checked" in made.stdout, made.stderr
    packed = tmp_path / "all.echodeck"
    assert (
        main(home, "backup", "--pack", str(packed), ECHODECK_PASSPHRASE="another four words here").returncode
        == 0
    )
    stick = tmp_path / "stick"
    shutil.copytree(home / "backups", stick)

    (copy,) = stick.glob("*.db")
    refused = main(fresh, "backup", "--restore", str(copy))
    assert refused.returncode == 1
    assert refused.stderr.startswith("This is not the passphrase.")
    assert "Traceback" not in refused.stderr
    back = main(fresh, "backup", "--restore", str(copy), ECHODECK_PASSPHRASE=PASSPHRASE)
    assert "people 1, memories 0, messages 2, personas 1" in back.stdout, back.stderr
    there = main(moved, "backup", "--restore", str(packed), ECHODECK_PASSPHRASE="another four words here")
    assert "messages 2" in there.stdout, there.stderr
    for folder in (fresh, moved):
        assert '"ok"' in main(folder, "doctor", "--json").stdout

    (home / "store.key").unlink()
    lost = main(home, "backup")
    assert lost.returncode == 1
    assert "not where it was kept" in lost.stderr
    assert main(home, "backup", "--unlock", ECHODECK_PASSPHRASE=PASSPHRASE).returncode == 0
    turned = main(home, "backup", "--new-key", ECHODECK_PASSPHRASE=PASSPHRASE)
    assert "key was changed" in turned.stdout, turned.stderr
    assert main(home, "backup").returncode == 0
    everything = made.stdout + made.stderr + back.stdout + turned.stdout + turned.stderr
    assert PASSPHRASE not in everything

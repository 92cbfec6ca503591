"""Starting with the computer: one entry where each system looks at log-in, written and read back by us.

    Windows   a value in HKEY_CURRENT_USER\\...\\Run
    macOS     a launch agent in ~/Library/LaunchAgents
    Linux     a desktop entry in ~/.config/autostart (XDG autostart specification)

The entry is the truth: whoever switches it off in the system's own settings has switched it off.
"""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import platformdirs

MINIMISED = "--minimised"
SCRIPT = Path(__file__).resolve().parent.parent / "main.py"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
_QUOTED = " \t\n\"'\\><~|&;$*?#()`%"


class Autostart(Protocol):
    """The entry of one system. All of it may raise OSError."""

    def command(self) -> list[str] | None:
        """What is started at log-in, or None when nothing is or the host has switched it off."""
        ...

    def put(self, command: Sequence[str]) -> None:
        """Start this at log-in."""
        ...

    def remove(self) -> None:
        """Start nothing at log-in. Harmless when nothing is."""
        ...


def command_line(
    data_dir: Path,
    environ: Mapping[str, str] = os.environ,
    executable: str = sys.executable,
    script: Path = SCRIPT,
    *,
    frozen: bool | None = None,
) -> list[str]:
    """How this Echodeck is started again, packaged or not, minimised and on the same data folder."""
    packaged = bool(getattr(sys, "frozen", False)) if frozen is None else frozen
    if packaged:
        program = [environ.get("APPIMAGE") or executable]  # an AppImage's inside is gone after it ends
    else:
        program = [_without_a_terminal(executable), str(script)]
    own = platformdirs.user_data_dir("Echodeck", appauthor=False)
    elsewhere = [] if str(data_dir) == own else ["--data-dir", str(data_dir.absolute())]
    return [*program, MINIMISED, *elsewhere]


def _without_a_terminal(executable: str) -> str:
    """Python for Windows opens a black window unless it is asked by its other name."""
    quiet = Path(executable).with_name("pythonw.exe")
    return str(quiet) if executable.lower().endswith("python.exe") and quiet.exists() else executable


def entry(data_dir: Path, system: str = sys.platform, home: Path | None = None) -> Autostart:
    """The entry of this system; another data folder has an entry of its own."""
    own = platformdirs.user_data_dir("Echodeck", appauthor=False)
    folder = blake2b(str(data_dir.absolute()).encode(), digest_size=4).hexdigest()
    suffix = "" if str(data_dir) == own else f"-{folder}"
    if system == "win32":
        return RunKey(f"Echodeck{suffix}", _registry())
    at_home = home or Path.home()
    if system == "darwin":
        return LaunchAgent(at_home / "Library" / "LaunchAgents", f"app.echodeck{suffix}")
    config = (
        Path(os.environ.get("XDG_CONFIG_HOME") or at_home / ".config") if home is None else home / ".config"
    )
    return DesktopEntry(config / "autostart" / f"echodeck{suffix}.desktop")


# --- Linux -------------------------------------------------------------------------------------


class DesktopEntry:
    """A file in the folder that desktops look through at log-in."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def command(self) -> list[str] | None:
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return None
        values = dict(line.split("=", 1) for line in lines if "=" in line)
        off = values.get("Hidden") == "true" or values.get("X-GNOME-Autostart-enabled") == "false"
        return None if off or "Exec" not in values else _read_exec(values["Exec"])

    def put(self, command: Sequence[str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(
            "[Desktop Entry]\nType=Application\nName=Echodeck\n"
            f"Exec={_exec(command)}\nIcon=echodeck\nTerminal=false\n"
            "X-GNOME-Autostart-enabled=true\nX-GNOME-Autostart-Delay=5\n",
            encoding="utf-8",
        )

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def _exec(command: Sequence[str]) -> str:
    """Desktop Entry Specification, "The Exec key": quoted, then escaped once more as any string is."""
    return " ".join(_quoted(part) for part in command).replace("\\", "\\\\")


def _quoted(part: str) -> str:
    doubled = part.replace("%", "%%")
    if part and not any(sign in part for sign in _QUOTED):
        return doubled
    for sign in '\\"`$':
        doubled = doubled.replace(sign, f"\\{sign}")
    return f'"{doubled}"'


def _read_exec(value: str) -> list[str]:
    """The same backwards."""
    parts: list[str] = []
    word, inside, begun = "", False, False
    signs = iter(value.replace("\\\\", "\\"))
    for sign in signs:
        if sign == '"':
            inside, begun = not inside, True
        elif sign == "\\" and inside:
            word += next(signs, "")
        elif sign == " " and not inside:
            if word or begun:
                parts.append(word.replace("%%", "%"))
            word, begun = "", False
        else:
            word += sign
    return [*parts, word.replace("%%", "%")] if word or begun else parts


# --- macOS -------------------------------------------------------------------------------------


class LaunchAgent:
    """A property list that launchd reads at log-in."""

    def __init__(self, folder: Path, label: str) -> None:
        self.path = folder / f"{label}.plist"
        self._label = label

    def command(self) -> list[str] | None:
        try:
            with self.path.open("rb") as file:
                kept = plistlib.load(file)
        except (FileNotFoundError, plistlib.InvalidFileException, ValueError):
            return None
        program = kept.get("ProgramArguments") if isinstance(kept, dict) else None
        off = not isinstance(program, list) or not kept.get("RunAtLoad") or kept.get("Disabled")
        return None if off else [str(part) for part in program or ()]

    def put(self, command: Sequence[str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        agent = {
            "Label": self._label,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "LimitLoadToSessionType": "Aqua",
            "ProcessType": "Interactive",
        }
        self.path.write_bytes(plistlib.dumps(agent))

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


# --- Windows -----------------------------------------------------------------------------------


class Registry(Protocol):
    """The host's own part of Windows' registry."""

    def get(self, key: str, name: str) -> str | bytes | None:
        """A value, or None."""
        ...

    def put(self, key: str, name: str, value: str) -> None:
        """Write a text."""
        ...

    def remove(self, key: str, name: str) -> None:
        """Forget a value. Harmless when it is not there."""
        ...


class RunKey:
    """A value in the Run key; the Task Manager notes beside it what the host has switched off."""

    def __init__(self, name: str, registry: Registry) -> None:
        self._name = name
        self._registry = registry

    def command(self) -> list[str] | None:
        kept = self._registry.get(_RUN, self._name)
        noted = self._registry.get(_APPROVED, self._name)
        switched_off = isinstance(noted, bytes) and noted[:1] != b"" and noted[0] % 2 == 1
        return None if not isinstance(kept, str) or switched_off else _split_windows(kept)

    def put(self, command: Sequence[str]) -> None:
        self._registry.put(_RUN, self._name, subprocess.list2cmdline(command))
        self._registry.remove(_APPROVED, self._name)

    def remove(self) -> None:
        self._registry.remove(_RUN, self._name)


def _split_windows(line: str) -> list[str]:
    """What `subprocess.list2cmdline` joined. Paths hold no quotes on Windows, so this is enough."""
    parts: list[str] = []
    word, inside, begun = "", False, False
    for sign in line:
        if sign == '"':
            inside, begun = not inside, True
        elif sign == " " and not inside:
            if word or begun:
                parts.append(word)
            word, begun = "", False
        else:
            word += sign
    return [*parts, word] if word or begun else parts


def _registry() -> Registry:
    from gui.registry import WindowsRegistry

    return WindowsRegistry()

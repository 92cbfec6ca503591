"""Ollama as a program on this computer: where it is, and starting it when it is installed but asleep.

It is started as its own installer would: as the system's service where it is one, for only the service
sees the models that were downloaded through it, else as a process of its own that stays when Echodeck ends.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from core.clock import Clock
from core.errors import OllamaWontStart
from core.llm.ollama import OllamaBrain
from core.words import T

log = logging.getLogger(__name__)

ANSWERS_WITHIN_S = 30.0
LOOK_EVERY_S = 0.5
_LOOPBACK = {"127.0.0.1", "localhost", "::1", "0.0.0.0"}
_BOOTED_BY_SYSTEMD = Path("/run/systemd/system")
_UNITS = (
    Path("/etc/systemd/system/ollama.service"),
    Path("/usr/lib/systemd/system/ollama.service"),
    Path("/lib/systemd/system/ollama.service"),
)


class Started(Protocol):
    """A program that was started."""

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""
        ...


Start = Callable[[Sequence[str], Mapping[str, str]], Started]


@dataclass(frozen=True, slots=True)
class Computer:
    """What of the computer is looked at.

    Attributes:
        system: as `sys.platform` names it. which: finds a program in PATH.
        exists: whether there is such a file or folder.
    """

    system: str
    environ: Mapping[str, str]
    home: Path
    which: Callable[[str], str | None]
    exists: Callable[[Path], bool]


def this_computer() -> Computer:
    """The one this runs on."""
    return Computer(sys.platform, os.environ, Path.home(), shutil.which, Path.exists)


def is_here(host: str) -> bool:
    """Does an address of Ollama's mean this very computer?

    Args:
        host: as `core.llm.ollama_wire.address` answers it.
    """
    name = urlsplit(host).hostname or ""
    return name in _LOOPBACK or name == socket.gethostname().lower()


def find(computer: Computer) -> Path | None:
    """Ollama's program, in PATH or where its installers put it; None when it is not installed."""
    named = computer.which("ollama")
    places = [Path(named)] if named else []
    places += _usual_places(computer)
    return next((place for place in places if computer.exists(place)), None)


def _usual_places(computer: Computer) -> list[Path]:
    home, environ = computer.home, computer.environ
    if computer.system == "win32":
        own = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Programs"
        shared = Path(environ.get("ProgramFiles") or "C:/Program Files")
        return [own / "Ollama" / "ollama.exe", shared / "Ollama" / "ollama.exe"]
    if computer.system == "darwin":
        inside = Path("Ollama.app/Contents/Resources/ollama")
        apps = [Path("/Applications") / inside, home / "Applications" / inside]
        return [*apps, Path("/opt/homebrew/bin/ollama"), Path("/usr/local/bin/ollama")]
    folders = ("/usr/local/bin", "/usr/bin", "/opt/ollama/bin", "/snap/bin")
    return [*(Path(folder) / "ollama" for folder in folders), home / ".local" / "bin" / "ollama"]


async def start(
    program: Path,
    ollama: OllamaBrain,
    clock: Clock,
    computer: Computer | None = None,
    begin: Start | None = None,
) -> Started:
    """Start Ollama and wait until it answers. Cancelling waits no longer; what was started goes on.

    Answers what was started, to be held: Python complains of a dropped process that still runs.

    Args:
        program: what `find` answered. ollama: the address it shall answer at.
        begin: starts a program detached, without a shell.

    Raises:
        OllamaWontStart: it ended at once, or does not answer within half a minute.
    """
    looked_at = computer or this_computer()
    command = command_for(program, looked_at)
    environ = environment_for(looked_at.environ, ollama.host)
    try:
        started = await asyncio.to_thread(begin or _detached, command, environ)
    except OSError as error:
        raise OllamaWontStart(detail=error.strerror or type(error).__name__) from error
    log.info("started %s", " ".join(command))
    until = clock.monotonic() + ANSWERS_WITHIN_S
    while clock.monotonic() < until:
        if await ollama.alive():
            return started
        ended = started.poll()
        if ended:  # a service's starter ends with 0 when all is well
            raise OllamaWontStart(detail=T("it ended at once, with status {status}", status=ended))
        await clock.sleep(LOOK_EVERY_S)
    silent = T("it does not answer after {seconds} seconds", seconds=round(ANSWERS_WITHIN_S))
    raise OllamaWontStart(detail=silent)


def command_for(program: Path, computer: Computer) -> list[str]:
    """The command that starts it. The system may ask for a password before it starts a service."""
    if computer.system.startswith("linux") and computer.exists(_BOOTED_BY_SYSTEMD):
        control = computer.which("systemctl")
        if control and any(computer.exists(unit) for unit in _UNITS):
            return [control, "start", "ollama"]
    return [str(program), "serve"]


def environment_for(environ: Mapping[str, str], host: str) -> dict[str, str]:
    """What it is started with: the address we look at, and no library path of a packaged Echodeck."""
    made = {**environ, "OLLAMA_HOST": urlsplit(host).netloc}
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        own = made.pop(f"{name}_ORIG", None)
        if own is not None:
            made[name] = own
        elif getattr(sys, "frozen", False):
            made.pop(name, None)
    return made


def _detached(command: Sequence[str], environ: Mapping[str, str]) -> Started:
    windows = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.Popen(
        command,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # never a pipe: its end would be Ollama's, too
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=windows,
        cwd=Path.home(),
    )

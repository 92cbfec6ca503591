"""Is the computer fit: the program, its folder, the screen, the clock?"""

from __future__ import annotations

import asyncio
import platform
import sys
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path

import psutil

from core import VERSION
from core.doctor.check import Check, fail, ok, warn
from core.doctor.patient import Patient
from core.errors import FolderUnusable
from core.figures import Number
from core.screen import has_screen, missing_packages
from core.words import T
from db import header

GIB = 1024**3
LITTLE_SPACE, NO_SPACE = 2 * GIB, GIB // 5


async def program(patient: Patient) -> Check:
    """Python and the window's library fit each other."""
    about = T(
        "Echodeck {version} on Python {python}, {system}",
        version=VERSION,
        python=platform.python_version(),
        system=platform.system(),
    )
    qt = _version_of("PySide6_Essentials")
    if qt is None:
        return fail("program", T("The window's library PySide6 is not installed."), T("Run: make setup"))
    if qt.startswith("6.12.") and sys.version_info < (3, 12):
        unfit = T("PySide6 {qt} ends the program on Python before 3.12.", qt=qt)
        return fail("program", unfit, T("Run: make setup"))
    return ok("program", about)


async def folder(patient: Patient) -> Check:
    """The data folder can be written."""
    if not patient.data_dir.exists():
        return ok("folder", T("{path} will be made at the first start.", path=patient.data_dir))
    await asyncio.to_thread(_write_something, patient.data_dir)
    return ok("folder", T("{path} can be written.", path=patient.data_dir))


async def space(patient: Patient) -> Check:
    """There is room for models and backups."""
    place = next(path for path in (patient.data_dir, *patient.data_dir.absolute().parents) if path.exists())
    free = psutil.disk_usage(str(place)).free
    told = T("{free} GB are free.", free=Number(free / GIB, 1))
    free_some = T("Free some space: models and backups need a few GB.")
    if free < NO_SPACE:
        return fail("space", told, free_some)
    return warn("space", told, free_some) if free < LITTLE_SPACE else ok("space", told)


async def screen(patient: Patient) -> Check:
    """A window can be shown."""
    if has_screen(patient.environ, patient.platform):
        return ok("screen", T("A window can be shown."))
    return warn(
        "screen",
        T("There is no screen here, so the window cannot open."),
        T("Use the practice chat (main.py chat) or host without a window (main.py --headless)."),
    )


async def libraries(patient: Patient) -> Check:
    """What Qt needs of the system is there."""
    missing = " ".join(missing_packages(patient.environ, patient.platform))
    if missing:
        return fail(
            "libraries",
            T("A system library that the window needs is missing: {package}.", package=missing),
            T("Install it with: sudo apt install {package}", package=missing),
        )
    return ok("libraries", T("The system libraries of the window are there."))


async def clock(patient: Patient) -> Check:
    """The time is one that can be."""
    now = patient.clock.now()
    written = header.read(patient.data_dir) if patient.data_dir.exists() else None
    set_it = T("Set the computer's clock.")
    if now.year < 2026:
        return fail("clock", T("The computer's clock says {now}.", now=f"{now:%Y-%m-%d}"), set_it)
    if written is not None and now < datetime.fromisoformat(written.created) - timedelta(days=1):
        return warn("clock", T("The computer's clock stands before the day your data was made."), set_it)
    return ok("clock", T("It is {now} UTC.", now=f"{now:%Y-%m-%d %H:%M}"))


def _version_of(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _write_something(folder: Path) -> None:
    probe = folder / ".doctor"
    try:
        probe.write_bytes(b"ok")
        probe.unlink()
    except OSError as error:
        raise FolderUnusable(path=str(folder), detail=error.strerror or str(error)) from error

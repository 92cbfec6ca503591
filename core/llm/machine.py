"""This computer, as far as models care: its memory, and that of its graphics cards."""

from __future__ import annotations

import asyncio
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

GIB = 1024**3
MIB = 1024**2
OVERHEAD = 1.25  # what a loaded model takes beyond its file: context, buffers
SPARE_BYTES = 2 * GIB  # left to the system and to this app
UNIFIED_SHARE = 2 / 3  # of a Mac's memory, what macOS lets the graphics side have of it
LEAST_CARD_BYTES = 2 * GIB  # below this it is a part of the processor, and no help
ASK_SECONDS = 5.0

_DRM = Path("/sys/class/drm")
_AMD = "0x1002"
_ASK_NVIDIA = ("--query-gpu=name,memory.total", "--format=csv,noheader,nounits")
_ADAPTERS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"


class Fit(StrEnum):
    """How a model would run."""

    GRAPHICS = "graphics"
    MEMORY = "memory"
    LARGE = "large"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class GraphicsCard:
    """One card with memory of its own, in bytes."""

    name: str
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer.

    Attributes:
        cards: those with memory of their own that is worth having.
        unified: True where processor and graphics share one memory (Apple's own chips).
    """

    memory_bytes: int
    cards: tuple[GraphicsCard, ...] = ()
    unified: bool = False

    @property
    def graphics_bytes(self) -> int:
        """What the graphics side can hold; Ollama spreads a model over several cards."""
        if self.unified:
            return int(self.memory_bytes * UNIFIED_SHARE)
        return sum(card.memory_bytes for card in self.cards)

    def fit(self, size_bytes: int) -> Fit:
        """How a model of this file size would run beside the rest."""
        need = size_bytes * OVERHEAD
        if need <= self.graphics_bytes:
            return Fit.GRAPHICS
        beside = 0 if self.unified else self.graphics_bytes  # a part of it may go to the cards
        return Fit.MEMORY if need + SPARE_BYTES <= self.memory_bytes + beside else Fit.LARGE


def fits(size_bytes: int, memory_bytes: int | None = None) -> bool:
    """Would a model of this file size run well beside the rest, graphics cards aside?

    Args:
        memory_bytes: the computer's memory; asked for when not given.
    """
    memory = memory_bytes if memory_bytes is not None else psutil.virtual_memory().total
    return Machine(memory).fit(size_bytes) is not Fit.LARGE


async def look_round() -> Machine:
    """This computer. A card is asked through its own program, which may take a second."""
    return await asyncio.to_thread(survey)


def survey(
    system: str = sys.platform,
    chip: str = "",
    memory_bytes: int = 0,
    ask: Callable[[Sequence[str]], str] | None = None,
    drm: Path = _DRM,
    adapters: Callable[[], list[GraphicsCard]] | None = None,
) -> Machine:
    """Look at the computer; blocks.

    Args:
        system: as `sys.platform` names it. chip: as `platform.machine` does.
        ask: runs a program and answers what it printed, or nothing.
        drm: where Linux lists its cards. adapters: where Windows lists them.
    """
    memory = memory_bytes or psutil.virtual_memory().total
    if system == "darwin":
        return Machine(memory, unified=(chip or platform.machine()) == "arm64")
    cards = _nvidia((ask or _printed)(("nvidia-smi", *_ASK_NVIDIA)))
    if not cards and system == "win32":
        cards = (adapters or _windows_adapters)()
    elif not cards:
        cards = _amd(drm)
    return Machine(memory, tuple(card for card in cards if card.memory_bytes >= LEAST_CARD_BYTES))


def _printed(command: Sequence[str]) -> str:
    program = shutil.which(command[0])
    if program is None:
        return ""
    quiet = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # or Windows flashes a terminal
    try:
        done = subprocess.run(
            (program, *command[1:]),
            capture_output=True,
            timeout=ASK_SECONDS,
            check=False,
            creationflags=quiet,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _nvidia(printed: str) -> list[GraphicsCard]:
    """`NVIDIA GeForce RTX 4070, 12282` a line; a chip that shares the memory says `[N/A]`."""
    cards = []
    for row in printed.splitlines():
        name, _, mebibytes = row.rpartition(",")
        if name and mebibytes.strip().isdigit():
            cards.append(GraphicsCard(name.strip(), int(mebibytes) * MIB))
    return cards


def _amd(drm: Path) -> list[GraphicsCard]:
    cards = []
    for total in sorted(drm.glob("card*/device/mem_info_vram_total")):
        try:
            if (total.parent / "vendor").read_text().strip() == _AMD:
                cards.append(GraphicsCard("AMD", int(total.read_text())))
        except (OSError, ValueError):
            continue
    return cards


def _windows_adapters() -> list[GraphicsCard]:
    """What the drivers wrote down of their cards, whoever made them."""
    cards: list[GraphicsCard] = []
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _ADAPTERS) as listed:
            for number in range(winreg.QueryInfoKey(listed)[0]):
                try:
                    with winreg.OpenKey(listed, winreg.EnumKey(listed, number)) as adapter:
                        name = str(winreg.QueryValueEx(adapter, "DriverDesc")[0])
                        size = winreg.QueryValueEx(adapter, "HardwareInformation.qwMemorySize")[0]
                        cards.append(GraphicsCard(name, int(size)))
                except (OSError, ValueError, TypeError):
                    continue
    return cards

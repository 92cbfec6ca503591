"""Ollama is installed but asleep: found where its installers put it, started without a shell."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from core.clock import SystemClock, VirtualClock
from core.errors import OllamaWontStart
from core.llm import ollama_start
from core.llm.ollama import OllamaBrain
from core.llm.ollama_start import Computer, command_for, environment_for, find, is_here
from core.words import say
from tests.support.ollama_replay import OllamaReplay

HOME = Path("/home/you")


def computer(system: str, *there: str, path: Mapping[str, str] | None = None, **environ: str) -> Computer:
    known = {Path(each) for each in there}
    return Computer(system, environ, HOME, (path or {}).get, lambda place: place in known)


@pytest.mark.parametrize(
    ("where", "looked_at"),
    [
        ("/usr/local/bin/ollama", computer("linux", "/usr/local/bin/ollama")),
        ("/home/you/.local/bin/ollama", computer("linux", "/home/you/.local/bin/ollama")),
        (
            "/Applications/Ollama.app/Contents/Resources/ollama",
            computer("darwin", "/Applications/Ollama.app/Contents/Resources/ollama"),
        ),
        ("/opt/homebrew/bin/ollama", computer("darwin", "/opt/homebrew/bin/ollama")),
        (
            "/users/ada/local/Programs/Ollama/ollama.exe",
            computer("win32", "/users/ada/local/Programs/Ollama/ollama.exe", LOCALAPPDATA="/users/ada/local"),
        ),
        ("/odd/ollama", computer("linux", "/odd/ollama", "/usr/bin/ollama", path={"ollama": "/odd/ollama"})),
    ],
)
def test_it_is_found_on_every_system(where: str, looked_at: Computer) -> None:
    assert find(looked_at) == Path(where)


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_what_is_not_installed_is_not_found(system: str) -> None:
    assert find(computer(system)) is None


def test_where_it_is_a_service_the_service_is_started() -> None:
    unit, booted = "/etc/systemd/system/ollama.service", "/run/systemd/system"
    control = {"systemctl": "/usr/bin/systemctl"}
    program = Path("/usr/local/bin/ollama")
    assert command_for(program, computer("linux", unit, booted, path=control)) == [
        "/usr/bin/systemctl",
        "start",
        "ollama",
    ]
    for other in (
        computer("linux", unit, path=control),
        computer("linux", booted, path=control),
        computer("darwin", unit, booted, path=control),
    ):
        assert command_for(program, other) == [str(program), "serve"]


def test_it_is_told_where_to_answer_and_keeps_its_own_libraries() -> None:
    packaged = {"LD_LIBRARY_PATH": "/app/_internal", "LD_LIBRARY_PATH_ORIG": "/own", "HOME": "/home/you"}
    assert environment_for(packaged, "http://127.0.0.1:11500") == {
        "LD_LIBRARY_PATH": "/own",
        "HOME": "/home/you",
        "OLLAMA_HOST": "127.0.0.1:11500",
    }


def test_only_this_computers_ollama_can_be_started() -> None:
    assert is_here("http://127.0.0.1:11434")
    assert is_here("http://[::1]:11434")
    assert not is_here("http://192.168.1.7:11434")
    assert not is_here("nonsense")


class Process:
    def __init__(self, status: int | None = None) -> None:
        self.status = status

    def poll(self) -> int | None:
        return self.status


class Wakes:
    """Starting it brings the replay up."""

    def __init__(self, ollama: OllamaReplay | None, status: int | None = None) -> None:
        self.ollama, self.status = ollama, status
        self.loop = asyncio.get_running_loop()
        self.commands: list[list[str]] = []

    def __call__(self, command: Sequence[str], environ: Mapping[str, str]) -> Process:
        self.commands.append(list(command))
        if self.ollama is not None:
            asyncio.run_coroutine_threadsafe(self.ollama.__aenter__(), self.loop).result(5)
        return Process(self.status)


async def asleep() -> tuple[OllamaReplay, OllamaBrain]:
    replay = OllamaReplay()
    await replay.__aenter__()
    await replay.go_down()
    return replay, OllamaBrain(replay.host)


class Running(VirtualClock):
    """A clock that moves on by itself."""

    async def sleep(self, seconds: float) -> None:
        self.step(seconds)
        await asyncio.sleep(0)


async def test_it_is_started_and_answers() -> None:
    replay, brain = await asleep()
    wakes = Wakes(replay)
    await ollama_start.start(Path("/bin/ollama"), brain, VirtualClock(), computer("linux"), wakes)
    assert wakes.commands == [["/bin/ollama", "serve"]]
    assert await brain.alive()
    await replay.go_down()
    await brain.close()


@pytest.mark.parametrize(
    ("status", "why"),
    [(1, "it ended at once, with status 1"), (None, "it does not answer after 30 seconds")],
)
async def test_what_does_not_start_is_told_with_its_reason(status: int | None, why: str) -> None:
    _, brain = await asleep()
    with pytest.raises(OllamaWontStart) as failed:
        await ollama_start.start(
            Path("/bin/ollama"), brain, Running(), computer("linux"), Wakes(None, status)
        )
    assert why in say(failed.value.what)
    await brain.close()


async def test_a_program_that_cannot_be_run_is_told(tmp_path: Path) -> None:
    _, brain = await asleep()
    with pytest.raises(OllamaWontStart) as failed:
        await ollama_start.start(tmp_path / "ollama", brain, Running(), computer("linux"))
    assert "No such file" in say(failed.value.what)
    await brain.close()


PROGRAM = """#!{python}
import http.server, os, sys

assert sys.argv[1:] == ["serve"]


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{{"version": "0.32.15"}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        print("a server writes a lot", file=sys.stderr)


host, _, port = os.environ["OLLAMA_HOST"].rpartition(":")
http.server.HTTPServer((host, int(port)), Answers).serve_forever()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
async def test_a_real_program_is_started_apart_from_us(tmp_path: Path) -> None:
    program = tmp_path / "ollama"
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    brain = OllamaBrain(f"http://127.0.0.1:{port}")
    started = await ollama_start.start(program, brain, SystemClock(), computer("linux"))
    assert isinstance(started, subprocess.Popen)
    try:
        assert await brain.version() == "0.32.15"
        assert os.getsid(started.pid) == started.pid  # our end is not its end
        assert started.poll() is None
    finally:
        started.kill()
        started.wait(10)
        await brain.close()

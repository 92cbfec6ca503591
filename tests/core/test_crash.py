"""When something breaks that nobody foresaw: what the report holds, what it never holds, how long it lies."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core import crash, hidden, logs, starting_over
from core.app import Config, open_app
from core.clock import VirtualClock
from core.crash import KEPT, MOST_IN_A_RUN, CrashBook, CrashReport
from core.crash_words import LONGEST, describe
from core.errors import SettingInvalid
from core.logs import set_up_logging, watch_loop
from core.persona.identity import Persona
from db.faults import FolderUnusable
from tests.support import canary

HOUSE = Path(__file__).resolve().parent.parent.parent
SAID = "Marlene told me about her divorce in Wuppertal"
NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("caplog")  # errors are what these tests log


def caught(act: Any) -> BaseException:
    try:
        act()
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError("it did not break")


def run_as(file: str, source: str) -> None:
    exec(compile(source, file, "exec"), {})  # noqa: S102


async def reports(folder: Path) -> list[CrashReport]:
    return await CrashBook(folder).every()


async def test_what_nobody_caught_is_told_wherever_it_broke(tmp_path: Path) -> None:
    heard: list[CrashReport] = []
    with set_up_logging(tmp_path):
        listening = CrashBook(tmp_path).listen(heard.append)
        loop = asyncio.get_running_loop()
        watch_loop(loop)
        loop.call_soon(_break_one)
        thread = threading.Thread(target=_break_two)
        thread.start()
        thread.join()
        error = caught(_break_three)
        sys.excepthook(type(error), error, error.__traceback__)  # where Qt's slots end, too
        for _ in range(5):
            await asyncio.sleep(0)
        listening.end()
    loop.set_exception_handler(None)
    whats = {each.what.split(":")[0] for each in heard}
    assert whats == {"ZeroDivisionError", "IndexError", "AttributeError"}
    assert {each.path for each in heard} == {each.path for each in await reports(tmp_path)}
    assert any("tests/core/test_crash.py" in each.text and "_break_two" in each.text for each in heard)


def _break_one() -> None:
    _ = 1 / 0


def _break_two() -> None:
    _ = [][3]


def _break_three() -> None:
    _ = None.title  # type: ignore[attr-defined]


async def test_what_was_caught_is_reported_too_but_not_put_before_the_host(tmp_path: Path) -> None:
    heard: list[CrashReport] = []
    with set_up_logging(tmp_path):
        listening = CrashBook(tmp_path).listen(heard.append)
        logging.getLogger("core.a_part").error("a turn broke", exc_info=caught(_break_one))
        await asyncio.sleep(0)
        listening.end()
    (report,) = await reports(tmp_path)
    assert heard == []
    assert report.what == "ZeroDivisionError: division by zero"
    assert "Noticed by: core.a_part: a turn broke" in report.text


def _refuse(said: str) -> None:
    raise RuntimeError(f"nobody may say {said}")


@pytest.mark.parametrize(
    "break_",
    [
        lambda: _refuse(SAID),
        lambda: int(SAID),
        lambda: {}[SAID],
        lambda: (_ for _ in ()).throw(ValueError(SAID)),
        lambda: SAID.encode("ascii").decode(SAID),
        lambda: getattr(object(), SAID),
        lambda: Path(f"/nowhere/{SAID}").read_text(),
        lambda: Persona(name=SAID * 40),
        lambda: run_as("a", f"raise KeyError({SAID!r})"),
        lambda: (_ for _ in ()).throw(SettingInvalid(label=SAID, detail=SAID)),
        lambda: (_ for _ in ()).throw(FolderUnusable(path=SAID, detail=SAID)),
    ],
)
def test_what_people_wrote_is_no_part_of_it(break_: Any) -> None:
    error = caught(break_)

    def go_on() -> None:
        raise RuntimeError(SAID) from error

    chained = caught(go_on)
    chained.add_note(SAID)
    group = ExceptionGroup(SAID, [RuntimeError(SAID), ValueError(SAID)])
    for told in (describe(error, NOW), describe(group, NOW), describe(chained, NOW)):
        for word in ("Marlene", "divorce", "Wuppertal"):
            assert word not in told
    assert type(error).__qualname__ in describe(chained, NOW)


def test_no_value_of_a_variable_is_part_of_it() -> None:
    def break_(diary: str = SAID) -> None:
        kept = {"said": diary}
        assert not kept

    assert "Marlene" not in describe(caught(break_), NOW)


def test_the_programs_own_words_stay() -> None:
    from core.settings import Settings

    error = caught(lambda: asyncio.run(Settings.get(None, None)))  # type: ignore[arg-type]
    told = describe(error, NOW)
    assert "'NoneType' object has no attribute '" in told
    assert "core/settings.py:" in told


def test_no_secret_no_home_and_no_folder_is_part_of_it(tmp_path: Path) -> None:
    hidden.hide("kanarienvogel-report-4711")
    home = str(Path.home())

    def break_() -> None:
        raise OSError(2, f"gone with kanarienvogel-report-4711 {canary.IN_SECRETS}", f"{home}/Anna/x")

    told = describe(caught(break_), NOW, "main: kanarienvogel-report-4711")
    assert "kanarienvogel" not in told
    assert "Anna" not in told
    assert home not in told
    assert str(HOUSE) not in told
    assert "No such file or directory" in told


async def test_a_storm_of_errors_leaves_few_small_reports(tmp_path: Path) -> None:
    def deep(left: int) -> None:
        if left:
            deep(left - 1)
        raise RuntimeError(SAID * 10_000)

    with set_up_logging(tmp_path):
        part = logging.getLogger("core.a_part")
        for number in range(300):
            part.error("it broke", exc_info=caught(_break_one))
            error = caught(lambda number=number: run_as(f"part{number}", "raise ValueError"))
            part.error("it broke", exc_info=error)
        part.error("it broke", exc_info=caught(lambda: deep(600)))
    found = await reports(tmp_path)
    assert len(found) == MOST_IN_A_RUN
    assert all(each.path.stat().st_size <= 2 * LONGEST for each in found)
    assert len(describe(caught(lambda: deep(600)), NOW)) <= LONGEST


async def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for run in range(3):
        with set_up_logging(tmp_path):
            for number in range(MOST_IN_A_RUN):
                name = f"run{run}of{number}"
                error = caught(lambda name=name: run_as(name, "raise ValueError"))
                logging.getLogger("core.a_part").error("it broke", exc_info=error)
    found = await reports(tmp_path)
    assert len(found) == KEPT
    assert "run2of9" in found[0].text
    assert found == sorted(found, key=lambda each: each.at, reverse=True)
    if os.name == "posix":
        assert {stat.S_IMODE(each.path.stat().st_mode) for each in found} == {0o600}


async def test_it_is_sent_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("somebody is called")

    with set_up_logging(tmp_path):
        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        logging.getLogger("core.a_part").error("it broke", exc_info=caught(_break_one))
        monkeypatch.undo()
    assert len(await reports(tmp_path)) == 1


async def test_a_disk_that_is_full_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with set_up_logging(tmp_path):
        monkeypatch.setattr(crash.os, "open", full)
        logging.getLogger("core.a_part").error("it broke", exc_info=caught(_break_one))
        monkeypatch.undo()
    assert await reports(tmp_path) == []


async def test_they_go_when_their_time_is_over_when_a_person_goes_and_with_everything(tmp_path: Path) -> None:
    def leave(name: str, text: str) -> None:
        (tmp_path / f"report-{name}.txt").write_text(f"What broke: {text}", encoding="utf-8")

    leave("20260101-120000-000000", "an old one")
    leave("20261120-120000-000000", "one that says Marlene")
    leave("20261121-120000-000000", "another")
    assert logs.forget_before(tmp_path, datetime(2026, 6, 1, tzinfo=UTC)) == 1
    assert logs.forget_lines(tmp_path, {"Marlene"}) == 1
    assert [each.what for each in await reports(tmp_path)] == ["another"]
    assert logs.forget_all(tmp_path) == 1
    assert await reports(tmp_path) == []


KILLED = """
import ctypes, sys
from pathlib import Path
from core.logs import set_up_logging
with set_up_logging(Path(sys.argv[1]), host=True):
    if sys.argv[2] == "error":
        raise ValueError("Marlene")
    if sys.argv[2] == "hard":
        marlene_was_here = ctypes.string_at(0)
"""


async def test_a_run_that_an_error_ended_is_told_once(tmp_path: Path) -> None:
    assert _run(tmp_path, "error") == 1
    book = CrashBook(tmp_path)
    report = await book.of_last_run()
    assert report is not None
    assert report.what.startswith("ValueError")
    assert "Marlene" not in report.text
    assert await book.of_last_run() is None
    assert [each.path for each in await book.every()] == [report.path]
    (line,) = await logs.LogBook(tmp_path).read("critical")
    assert line.text == "it ended unexpectedly"


def _run(folder: Path, how: str) -> int:
    asked = [sys.executable, "-c", KILLED, str(folder), how]
    return subprocess.run(asked, cwd=HOUSE, check=False, timeout=60, capture_output=True).returncode


async def test_a_run_that_a_fatal_signal_ended_is_told_once(tmp_path: Path) -> None:
    def run(how: str) -> int:
        return _run(tmp_path, how)

    book = CrashBook(tmp_path)
    assert run("well") == 0
    assert await book.of_last_run() is None
    assert run("hard") != 0
    report = await book.of_last_run()
    assert report is not None
    assert "Segmentation fault" in report.what or "access violation" in report.what
    assert "string_at" in report.text
    assert str(HOUSE) not in report.text
    assert str(Path.home()) + os.sep not in report.text
    assert await book.of_last_run() is None
    assert [each.path for each in await book.every()] == [report.path]
    assert not [name for name in os.listdir(tmp_path) if name.startswith("fatal-")]  # noqa: PTH208


async def test_erasing_everything_takes_the_reports_along(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    config = Config(folder, {"ECHODECK_KEY": "ab" * 32}, clock=VirtualClock(), rounds=False, brain="none")
    with set_up_logging(folder / "logs"):
        async with open_app(config) as app:
            logging.getLogger("core.a_part").error("it broke", exc_info=caught(_break_one))
            assert len(await reports(app.logs)) == 1
            starting_over.note_down(folder, NOW)
        assert await reports(folder / "logs") == []

"""The log: what a host finds in it, and what nobody ever does."""

from __future__ import annotations

import asyncio
import io
import logging
import stat
import sys
import threading
import warnings
from pathlib import Path

import pytest

from core.hidden import Hidden, hide
from core.logs import LOG_FILE, LogBook, LogLine, forget_lines, set_up_logging, watch_loop

# Put together here so that no scanner takes it for a real one.
TOKEN = ".".join(("MTIzNDU2Nzg5MDEyMzQ1Njc4", "GabcDE", "abcdefghijklmnopqrstuvwxyz0123456789AB"))
KEY = "ab12" * 16

log = logging.getLogger("tests.logs")
pytestmark = pytest.mark.usefixtures("caplog")  # errors are what these tests log


async def test_the_newest_lines_come_first_and_can_be_filtered(tmp_path: Path) -> None:
    with set_up_logging(tmp_path, "debug"):
        log.debug("a detail")
        log.info("the bot is online")
        log.warning("Discord was slow")
    book = LogBook(tmp_path)
    assert [line.text for line in await book.read()] == [
        "Discord was slow",
        "the bot is online",
        "a detail",
    ]
    assert [line.level for line in await book.read("warning")] == ["warning"]
    assert [line.text for line in await book.read(search="ONLINE")] == ["the bot is online"]
    assert len(await book.read(limit=1)) == 1


async def test_an_error_keeps_its_stack_trace_as_detail(tmp_path: Path) -> None:
    with set_up_logging(tmp_path):
        try:
            raise ValueError("no such day")
        except ValueError:
            log.exception("the job failed")
    (line,) = await LogBook(tmp_path).read()
    assert line.text == "the job failed"
    assert "ValueError: no such day" in line.detail


async def test_several_lines_in_one_message_stay_one_line_of_the_file(tmp_path: Path) -> None:
    with set_up_logging(tmp_path):
        log.info("one\ntwo\u2028three\x85four")
    (line,) = await LogBook(tmp_path).read()
    assert line.text == "one\ntwo\u2028three\x85four"


@pytest.mark.parametrize(
    "said",
    [
        f"token is {TOKEN}",
        f"Authorization: Bot {TOKEN}",
        '{"headers": {"Authorization": "Bearer abcdefgh12345678abcdefgh"}}',
        f"ECHODECK_KEY={KEY}",
        f"pragma key = \"x'{KEY}'\"",
        "POST /webhooks/1234/abcdefgh12345678abcdefgh/messages",
        "http://ada:abcdefgh12345678abcdefgh@ollama.example",
        "password='abcdefgh12345678abcdefgh'",
    ],
)
async def test_what_is_shaped_like_a_secret_is_never_written(tmp_path: Path, said: str) -> None:
    with set_up_logging(tmp_path):
        log.info("it said: %s", said)
        try:
            raise RuntimeError(said)
        except RuntimeError:
            log.exception("it broke")
    written = (tmp_path / LOG_FILE).read_text("utf-8")
    assert "[hidden]" in written
    for secret in (TOKEN, KEY, "abcdefgh12345678abcdefgh"):
        assert secret not in written


async def test_a_value_handed_in_is_hidden_everywhere(tmp_path: Path) -> None:
    odd = "a very odd token without any shape"
    hide(odd)
    shown = io.StringIO()
    heard: list[LogLine] = []
    with set_up_logging(tmp_path, stderr=shown):
        LogBook(tmp_path).listen(heard.append)
        log.warning("connecting with %s", odd)
        await asyncio.sleep(0)
    assert odd not in (tmp_path / LOG_FILE).read_text("utf-8") + shown.getvalue() + heard[0].text
    assert "connecting with [hidden]" in shown.getvalue()


def test_ordinary_words_are_left_alone() -> None:
    said = "Ada told the bot internationalisation is hard. version 1.2.3, file core.llm.starter_worker.run"
    assert Hidden().clean(said) == said


async def test_somebody_can_listen_to_new_lines_from_any_thread(tmp_path: Path) -> None:
    heard: list[LogLine] = []
    told = asyncio.Event()

    def listener(line: LogLine) -> None:
        heard.append(line)
        told.set()

    with set_up_logging(tmp_path):
        listening = LogBook(tmp_path).listen(listener)
        await asyncio.to_thread(log.info, "from a thread")
        await asyncio.wait_for(told.wait(), 5)
        listening.end()
        log.info("nobody hears this")
        await asyncio.sleep(0)
    assert [line.text for line in heard] == ["from a thread"]


async def test_a_cut_line_spoils_nothing(tmp_path: Path) -> None:
    with set_up_logging(tmp_path):
        log.info("before the power cut")
    with (tmp_path / LOG_FILE).open("ab") as file:
        file.write(b'{"at": "2026-01-05T12:00:00+00:00", "lev\xff\n[]\n')
    assert [line.text for line in await LogBook(tmp_path).read()] == ["before the power cut"]


def test_a_cut_line_may_hold_anybody_and_goes_with_them(tmp_path: Path) -> None:
    with set_up_logging(tmp_path):
        logging.getLogger("a").warning("all is well")
        file = tmp_path / "echodeck.log"
        file.write_text('{"at": "2026-01-05T12:00:00+00:00", "text": "no member Adabe\n' + file.read_text())
        assert forget_lines(tmp_path, {"Adabelle"}) == 1
        assert "Adabe" not in file.read_text()
        assert "all is well" in file.read_text()


async def test_old_lines_are_found_after_the_file_was_turned_over(tmp_path: Path) -> None:
    with set_up_logging(tmp_path):
        log.info("the first")
        for number in range(30):
            log.info("%s %d", "x" * 100_000, number)
    assert (tmp_path / f"{LOG_FILE}.1").exists()
    assert [line.text for line in await LogBook(tmp_path).read(search="the first")] == ["the first"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the profile folder private itself")
def test_only_the_owner_reads_the_file(tmp_path: Path) -> None:
    with set_up_logging(tmp_path):
        log.info("hello")
    assert stat.S_IMODE((tmp_path / LOG_FILE).stat().st_mode) == 0o600


async def test_what_dies_unseen_is_written_down(tmp_path: Path) -> None:
    def die() -> None:
        raise KeyError("lost in a thread")

    with set_up_logging(tmp_path):
        thread = threading.Thread(target=die, name="wanderer")
        thread.start()
        thread.join()
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("this will go away", DeprecationWarning, stacklevel=1)
        loop = asyncio.get_running_loop()
        watch_loop(loop)
        loop.call_exception_handler({"message": "a task was lost", "exception": OSError("gone")})
        loop.set_exception_handler(None)
    written = (tmp_path / LOG_FILE).read_text("utf-8")
    assert "the thread wanderer died" in written
    assert "lost in a thread" in written
    assert "this will go away" in written
    assert "a task was lost" in written


async def test_what_people_wrote_does_not_reach_the_log_by_way_of_the_store(tmp_path: Path) -> None:
    with set_up_logging(tmp_path, "debug"):
        logging.getLogger("peewee").debug("('insert into message values (?)', ['my secret diary'])")
    assert "diary" not in (tmp_path / LOG_FILE).read_text("utf-8")


def test_closing_puts_everything_back(tmp_path: Path) -> None:
    before = (list(logging.getLogger().handlers), sys.excepthook, threading.excepthook)
    set_up_logging(tmp_path).close()
    assert (list(logging.getLogger().handlers), sys.excepthook, threading.excepthook) == before


def test_a_terminal_gets_the_trace_only_when_it_asked_for_everything() -> None:
    shown = io.StringIO()
    for level in ("info", "debug"):
        with set_up_logging(None, level, shown):
            try:
                raise ValueError("no such day")
            except ValueError:
                log.exception("the job failed at %s", level)
    quiet, loud = shown.getvalue().split("the job failed at debug")
    assert "Traceback" not in quiet
    assert "Traceback" in loud

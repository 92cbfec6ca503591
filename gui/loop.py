"""Qt and asyncio on one loop."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from core.logs import watch_loop
from gui.garbage import collected_here

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


def run(application: QApplication, live: Callable[[asyncio.Event], Coroutine[Any, Any, int]]) -> int:
    """Run `live` on a loop that Qt and asyncio share, until it returns.

    Args:
        live: is handed the event that is set when the app shall close, and answers the exit status.
            It ends by itself; Qt never ends it (its quit would drop tasks without a word).
    """
    application.setQuitOnLastWindowClosed(False)
    with collected_here(), asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
        watch_loop(runner.get_loop())
        return runner.run(_until_it_returns(live))


async def _until_it_returns(live: Callable[[asyncio.Event], Coroutine[Any, Any, int]]) -> int:
    closing = asyncio.Event()
    _end_lost_generators(asyncio.get_running_loop())
    with _ended_by_signals(closing):
        status = await live(closing)
    await asyncio.sleep(0)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        log.warning("the task %s was still there at the end", task.get_name())
    return status


@contextmanager
def _ended_by_signals(closing: asyncio.Event) -> Iterator[None]:
    """Ctrl+C and SIGTERM (the computer shuts down) close the app in its order.

    Python runs a signal's handler between two of its own steps, and an idle Qt takes none: a byte sent
    down a socket wakes it.
    """
    loop = asyncio.get_running_loop()
    hears, tells = socket.socketpair()
    for end in (hears, tells):
        end.setblocking(False)
    bell = QSocketNotifier(hears.fileno(), QSocketNotifier.Type.Read)
    bell.activated.connect(lambda *_: hears.recv(64))

    def close(*_: object) -> None:
        loop.call_soon_threadsafe(closing.set)

    before = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    woken_before = signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(woken_before)
        for number, handler in before.items():
            signal.signal(number, handler)
        bell.setEnabled(False)
        hears.close()
        tells.close()


def _end_lost_generators(running: asyncio.AbstractEventLoop) -> None:
    """End async generators that nobody reads any more, as asyncio's own loops do and qasync's does not.

    httpx leaves such behind when a stream is not read to its end; without this they end in the garbage
    collector, outside the loop, and their connections with them.
    """
    ending: set[asyncio.Task[None]] = set()

    def end(lost: AsyncGenerator[Any, Any]) -> None:
        task = running.create_task(lost.aclose(), name="ending a lost generator")
        ending.add(task)
        task.add_done_callback(ending.discard)

    def finalize(lost: AsyncGenerator[Any, Any]) -> None:
        if not running.is_closed():
            running.call_soon_threadsafe(end, lost)

    sys.set_asyncgen_hooks(finalizer=finalize)


async def within(seconds: float, what: str, ending: Awaitable[Answer]) -> Answer | None:
    """Wait for one step of the closing, but no longer than its limit; its failure stops no other step.

    Args:
        seconds: the limit. what: the step, for the log.
    """
    try:
        async with asyncio.timeout(seconds):
            return await ending
    except TimeoutError:
        log.error("%s took longer than %g s and was left", what, seconds)
    except Exception:
        log.exception("%s failed", what)
    return None

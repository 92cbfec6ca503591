"""Qt and asyncio on one loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from core.logs import watch_loop

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


def run(application: QApplication, live: Callable[[asyncio.Event], Coroutine[Any, Any, int]]) -> int:
    """Run `live` on a loop that Qt and asyncio share, until it returns.

    Args:
        live: is handed the event that is set when the app shall close, and answers the exit status.
            It ends by itself; Qt never ends it (its quit would drop tasks without a word).
    """
    application.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
        watch_loop(runner.get_loop())
        return runner.run(_until_it_returns(live))


async def _until_it_returns(live: Callable[[asyncio.Event], Coroutine[Any, Any, int]]) -> int:
    closing = asyncio.Event()
    status = await live(closing)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        log.warning("the task %s was still there at the end", task.get_name())
    return status


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

"""One idiom for what takes time: what a page gets when it ends well, badly, or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.errors import Explained, OllamaMissing
from gui.operation import Operation, Tasks


async def _answer() -> int:
    await asyncio.sleep(0)
    return 42


async def _refuse() -> int:
    raise OllamaMissing(host="here")


async def _for_ever() -> int:
    await asyncio.get_running_loop().create_future()
    return 0


async def test_success_gets_the_result() -> None:
    heard: list[object] = []
    operation = Operation(Tasks(), "counting", _answer()).success(heard.append).start()
    await operation.done()
    assert heard == [42]


async def test_a_failure_arrives_as_a_sentence() -> None:
    heard: list[Explained] = []
    await Operation(Tasks(), "asking", _refuse()).failure(heard.append).start().done()
    assert str(heard[0].what) == "Ollama does not answer at here."


async def test_a_cancelled_operation_only_finishes() -> None:
    heard: list[str] = []
    tasks = Tasks()
    operation = Operation(tasks, "waiting", _for_ever())
    operation.success(lambda _: heard.append("success")).failure(lambda _: heard.append("failure"))
    operation.finished(lambda: heard.append("finished")).start()
    await asyncio.sleep(0)
    operation.cancel()
    await operation.done()
    assert heard == ["finished"]
    assert len(tasks) == 0


async def test_one_cancelled_before_it_began_finishes_too_and_warns_of_nothing() -> None:
    heard: list[str] = []
    operation = Operation(Tasks(), "waiting", _answer()).finished(lambda: heard.append("finished")).start()
    operation.cancel()
    await operation.done()
    assert heard == ["finished"]


async def test_the_owner_takes_its_work_along() -> None:
    tasks = Tasks()
    operation = Operation(tasks, "waiting", _for_ever()).start()
    await tasks.end()
    assert not operation.running


async def test_what_nobody_expected_is_in_the_log_with_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    heard: list[Explained] = []
    await Operation(Tasks(), "dividing", broken()).failure(heard.append).start().done()
    assert heard[0].code == "Unexpected"
    assert "dividing failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_a_broken_continuation_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: Any) -> None:
        raise ValueError("the label is gone")

    await Operation(Tasks(), "showing", _answer()).success(broken).start().done()
    assert "the label is gone" in caplog.text

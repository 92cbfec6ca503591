"""What holds for every test: nothing of the machine leaks in, no error goes unnoticed, no task is lost."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
from collections.abc import AsyncIterator, Iterator

import hypothesis
import pytest

# Before anything loads Qt or looks for a keyring.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ |= {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}  # the tests are in English, whoever runs them
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
for name in [name for name in os.environ if name.startswith("ECHODECK_") or name == "OLLAMA_HOST"]:
    del os.environ[name]

from core import words  # noqa: E402
from core.words import speak_in_the_house  # noqa: E402 - after the environment is clean
from tests.support import canary  # noqa: E402

# Several suites may share two cores: how long an example takes says nothing there.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")

# Before any test takes hold of what is listened to.
canary.plant()

_ROUNDS_TO_END = 20


class _Complaints(logging.Handler):
    """Keeps what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{record.name}: {record.getMessage()}"
        if record.exc_info:
            line += "\n" + logging.Formatter().formatException(record.exc_info)
        self.lines.append(line)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Whatever the test before spoke."""
    words._language.set(None)
    speak_in_the_house("en")
    yield
    speak_in_the_house("en")


@pytest.fixture(autouse=True)
def _no_unexpected_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    """An error in the log fails the test, unless the test asks for `caplog` and so looks for itself."""
    complaints = _Complaints()
    logging.getLogger().addHandler(complaints)
    yield
    logging.getLogger().removeHandler(complaints)
    if complaints.lines and "caplog" not in request.fixturenames:
        pytest.fail("unexpected in the log:\n" + "\n".join(complaints.lines), pytrace=False)


@pytest.fixture(autouse=True)
def _no_secret_sung() -> Iterator[None]:
    """A planted secret that turned up anywhere fails the test (tests/support/canary.py)."""
    canary.sung.clear()
    yield
    if canary.sung:
        pytest.fail("a secret got out:\n" + "\n".join(canary.sung), pytrace=False)


@pytest.fixture(autouse=True)
def _every_task_owned(request: pytest.FixtureRequest) -> None:
    """A task that outlives its test fails it."""
    if inspect.iscoroutinefunction(getattr(request, "function", None)):
        request.getfixturevalue("_no_task_left")


@pytest.fixture
async def _no_task_left() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    for _ in range(_ROUNDS_TO_END):
        left = asyncio.all_tasks() - before - {asyncio.current_task()}
        if not left:
            return
        await asyncio.sleep(0)
    pytest.fail(f"tasks left behind: {sorted(task.get_name() for task in left)}", pytrace=False)

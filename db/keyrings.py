"""The computer's own keyring: which one is worth the name, and how to ask it without hanging."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, Protocol, TypeVar, cast

from db import faults

P = ParamSpec("P")
Answer = TypeVar("Answer")

# A locked keyring asks the person for a password in a window of its own: they need time to type it.
PATIENCE_SECONDS = 60.0


class Keyring(Protocol):
    """As much of a keyring backend as is needed here."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


async def computer_keyring(patience: float = PATIENCE_SECONDS) -> Keyring | None:
    """This computer's keyring, or None when it has none that keeps secrets secret.

    Raises:
        faults.KeyringLocked: it does not answer.
    """
    return await ask(patience, _detect)


def shown_name(keyring: Keyring) -> str:
    """The backend's name, as it goes into the header."""
    return f"{type(keyring).__module__}.{type(keyring).__qualname__}"


def _detect() -> Keyring | None:
    import keyring  # it looks for its backends when first used, which may talk to the desktop

    chosen = keyring.get_keyring()
    candidates = getattr(chosen, "backends", [chosen])
    return next((cast(Keyring, backend) for backend in candidates if keeps_secrets(backend)), None)


def keeps_secrets(backend: object) -> bool:
    """Is this a keyring worth the name: neither absent, nor a file that anybody may read?"""
    name = f"{type(backend).__module__}.{type(backend).__qualname__}".lower()
    if name.startswith(("keyring.backends.fail", "keyring.backends.null", "keyring.backends.chainer")):
        return False
    if name.startswith("keyrings.alt.") or "plaintext" in name:
        return False
    return float(getattr(backend, "priority", 0)) >= 1  # below 1 means "not recommended" to package keyring


async def ask(patience: float, call: Callable[P, Answer], /, *args: P.args, **kwargs: P.kwargs) -> Answer:
    """Ask a keyring, which may block for good, on a thread that nobody has to wait for at the end.

    Args:
        patience: seconds it may take.

    Raises:
        faults.KeyringLocked: it refused, or did not answer. Params: detail.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Answer] = loop.create_future()

    def settle(value: Answer | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(cast(Answer, value))

    def work() -> None:
        value: Answer | None = None
        trouble: BaseException | None = None
        try:
            value = call(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - backends raise what they like
            trouble = error
        with suppress(RuntimeError):  # the loop ended long before the keyring answered
            loop.call_soon_threadsafe(settle, value, trouble)

    threading.Thread(target=work, name="keyring", daemon=True).start()
    try:
        async with asyncio.timeout(patience):
            return await answer
    except TimeoutError as error:
        raise faults.KeyringLocked(detail=f"no answer in {patience:g} seconds") from error
    except Exception as error:
        raise faults.KeyringLocked(detail=str(error) or type(error).__name__) from error

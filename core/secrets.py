"""The bot's token: from the environment, else the computer's keyring, else the encrypted store."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from core.clock import Clock
from core.hidden import hide
from db import state
from db.faults import KeyringLocked
from db.keyrings import ask
from db.store import Store

log = logging.getLogger(__name__)

SERVICE = "Echodeck"
_TOKEN = "discord_token"
_KEYRING_SECONDS = 10.0


class Keyring(Protocol):
    """As much of a keyring backend as is needed here."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class Secrets:
    """Where the token is kept. It never enters a log, a prompt, an export or a crash report.

    Attributes:
        keyring: the computer's keyring, or None when it has none worth the name; then the token
            lies in the encrypted store.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        environ: Mapping[str, str],
        keyring: Keyring | None,
        store_id: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._environ = environ
        self._keyring = keyring
        self._entry = _entry(store_id)

    @property
    def token_is_fixed(self) -> bool:
        """True when the environment names the token, so that the app cannot change it."""
        return bool(self._environ.get("ECHODECK_TOKEN"))

    async def token(self) -> str | None:
        """The kept token, or None."""
        token = await self._kept_token()
        hide(token)
        return token

    async def _kept_token(self) -> str | None:
        if given := self._environ.get("ECHODECK_TOKEN", "").strip():
            return given
        if self._keyring is not None:
            found = await ask(_KEYRING_SECONDS, self._keyring.get_password, SERVICE, self._entry)
            if found:
                return str(found)
        kept = await self._store.run(state.get, state.Secret, _TOKEN)
        return str(kept) if kept else None

    async def keep_token(self, token: str) -> None:
        """Keep a token, in the keyring when there is one."""
        token = token.strip()
        hide(token)
        if self._keyring is not None:
            try:
                await ask(_KEYRING_SECONDS, self._keyring.set_password, SERVICE, self._entry, token)
            except KeyringLocked as error:
                log.warning("the keyring did not take the token (%s); the store keeps it", error)
            else:
                await self._store.run(state.forget, state.Secret, _TOKEN)
                return
        await self._store.run(state.put, state.Secret, _TOKEN, token, self._clock.now())

    async def forget_token(self) -> None:
        """Remove the token from wherever it is kept."""
        if self._keyring is not None:
            found = await ask(_KEYRING_SECONDS, self._keyring.get_password, SERVICE, self._entry)
            if found:
                await ask(_KEYRING_SECONDS, self._keyring.delete_password, SERVICE, self._entry)
        await self._store.run(state.forget, state.Secret, _TOKEN)


async def token_in(keyring: Keyring | None, store_id: str) -> str | None:
    """The token of a store that is not open, as a keyring keeps it; None where that has none.

    Raises:
        KeyringLocked: the keyring does not answer.
    """
    if keyring is None:
        return None
    token = await ask(_KEYRING_SECONDS, keyring.get_password, SERVICE, _entry(store_id))
    hide(token)
    return token or None


def _entry(store_id: str) -> str:
    return f"token:{store_id}"

"""The token: where it is kept, and that it comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.clock import VirtualClock
from core.secrets import Secrets
from db import state
from db.faults import KeyringLocked
from db.store import Store


class FakeKeyring:
    def __init__(self, *, broken: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.broken = broken

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.broken:
            raise RuntimeError("no")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path / "echodeck.db", bytes(range(32)))
    yield opened
    await opened.close()


async def test_with_a_keyring_the_token_lies_there_and_nowhere_else(store: Store) -> None:
    keyring = FakeKeyring()
    secrets = Secrets(store, VirtualClock(), {}, keyring, "abc")
    assert await secrets.token() is None
    await secrets.keep_token(" tok ")
    assert await secrets.token() == "tok"
    assert keyring.kept == {("Echodeck", "token:abc"): "tok"}
    assert await store.run(state.every, state.Secret) == {}
    await secrets.forget_token()
    assert await secrets.token() is None
    assert keyring.kept == {}


async def test_without_one_it_lies_in_the_encrypted_store(store: Store) -> None:
    secrets = Secrets(store, VirtualClock(), {}, None, "abc")
    await secrets.keep_token("tok")
    assert await secrets.token() == "tok"
    assert b"tok" not in store.path.read_bytes()
    await secrets.forget_token()
    assert await secrets.token() is None


async def test_a_keyring_that_does_not_take_it_costs_no_token(store: Store) -> None:
    secrets = Secrets(store, VirtualClock(), {}, FakeKeyring(broken=True), "abc")
    await secrets.keep_token("tok")
    assert await secrets.token() == "tok"


async def test_the_environment_wins(store: Store) -> None:
    secrets = Secrets(store, VirtualClock(), {"ECHODECK_TOKEN": " env "}, FakeKeyring(), "abc")
    await secrets.keep_token("tok")
    assert await secrets.token() == "env"
    assert secrets.token_is_fixed


async def test_a_keyring_that_does_not_answer_is_named(store: Store) -> None:
    class Locked(FakeKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            raise RuntimeError("locked")

    with pytest.raises(KeyringLocked):
        await Secrets(store, VirtualClock(), {}, Locked(), "abc").token()

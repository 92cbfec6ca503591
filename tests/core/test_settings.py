"""Settings: declared once, checked on the way in, never a crash on the way out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import settings as declared
from core.clock import VirtualClock
from core.errors import SettingInvalid, SettingUnknown
from core.events import Bus, SettingChanged
from core.settings import SECTIONS, SETTINGS, Settings, setting
from db import state
from db.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path / "echodeck.db", bytes(range(32)))
    yield opened
    await opened.close()


async def test_a_change_is_read_at_once_and_told(store: Store) -> None:
    bus, told = Bus(), []
    bus.listen(SettingChanged, told.append)
    values = Settings(store, bus, VirtualClock(), {})
    await values.put(declared.TEMPERATURE, "0.3")
    assert await values.get(declared.TEMPERATURE) == 0.3
    assert told == [SettingChanged("conversation.temperature")]
    await values.reset(declared.TEMPERATURE)
    assert await values.get(declared.TEMPERATURE) == 0.8


async def test_the_environment_wins_and_is_named(store: Store) -> None:
    values = Settings(store, Bus(), VirtualClock(), {"OLLAMA_HOST": "http://10.0.0.5:11434"})
    await values.put(declared.OLLAMA_HOST, "http://127.0.0.1:1")
    assert await values.get(declared.OLLAMA_HOST) == "http://10.0.0.5:11434"
    assert values.fixed_by(declared.OLLAMA_HOST) == "OLLAMA_HOST"


async def test_a_wrong_environment_value_is_a_sentence(store: Store) -> None:
    values = Settings(store, Bus(), VirtualClock(), {"ECHODECK_BRAIN_CONTEXT_TOKENS": "lots"})
    with pytest.raises(SettingInvalid, match="Context size: lots is not possible here"):
        await values.every()


async def test_a_stored_value_that_became_invalid_gives_the_default(store: Store) -> None:
    await store.run(state.put, state.Setting, "conversation.pacing", "warp", VirtualClock().now())
    values = Settings(store, Bus(), VirtualClock(), {})
    assert await values.get(declared.PACING) == "brisk"


def test_an_unknown_key_is_a_sentence() -> None:
    with pytest.raises(SettingUnknown):
        setting("conversation.nonsense")


@pytest.mark.parametrize(
    ("which", "raw"),
    [
        (declared.TEMPERATURE, 9),
        (declared.TEMPERATURE, "nan"),
        (declared.CONTEXT_TOKENS, 3.5),
        (declared.CONTEXT_TOKENS, True),
        (declared.THEME, "pink"),
        (declared.MOTION, "perhaps"),
        (declared.OLLAMA_HOST, "x" * 501),
        (declared.OLLAMA_HOST, "a\x00b"),
    ],
)
def test_what_does_not_fit_is_refused(which: declared.Setting, raw: object) -> None:
    with pytest.raises(SettingInvalid):
        which.parse(raw)


def test_every_default_is_valid_and_every_section_has_words() -> None:
    for known in SETTINGS:
        assert known.parse(known.default) == known.default
        assert known.section in SECTIONS
        assert known.label.key
        assert known.help.key
    assert len({known.key for known in SETTINGS}) == len(SETTINGS)


@given(
    st.sampled_from(SETTINGS),
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())),
)
def test_any_value_is_taken_or_refused_never_a_crash(which: declared.Setting, raw: object) -> None:
    try:
        value = which.parse(raw)
    except SettingInvalid:
        return
    assert type(value) is type(which.default)
    assert which.parse(value) == value

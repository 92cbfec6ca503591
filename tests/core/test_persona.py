"""Personas: checked on the way in, read fresh, three good samples."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.clock import VirtualClock
from core.errors import PersonaInvalid, PersonaUnknown, explain
from core.events import Bus
from core.persona.identity import Persona, Personas, sample, samples
from core.words import say
from db.store import Store


@pytest.fixture
async def personas(tmp_path: Path) -> AsyncIterator[Personas]:
    store = await Store.open(tmp_path / "echodeck.db", bytes(range(32)))
    yield Personas(store, Bus(), VirtualClock())
    await store.close()


def test_three_samples_ship_with_everything_a_persona_needs() -> None:
    known = samples()
    assert [persona.name for persona in known] == ["Finn", "Juno", "Mira"]
    for persona in known:
        assert len(persona.traits) >= 4
        assert len(persona.lore) >= 3
        assert len(persona.quirks) >= 3
        assert len(persona.examples) >= 3
        assert persona.style
        assert persona.summary


def test_a_sample_is_found_in_any_casing_and_a_wrong_name_says_which_there_are() -> None:
    assert sample("fINN").name == "Finn"
    with pytest.raises(PersonaUnknown) as unknown:
        sample("Bob")
    assert say(explain(unknown.value).step) == "Choose one of: Finn, Juno, Mira."


@pytest.mark.parametrize(
    "raw",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "Finn", "big_five": {"openness": 2}},
        {"name": "Finn", "traits": ["x" * 601]},
        {"name": "Finn", "unknown": 1},
        [],
        None,
    ],
)
def test_what_is_no_persona_is_refused_in_words(raw: object) -> None:
    with pytest.raises(PersonaInvalid):
        Persona.parse(raw)


async def test_a_change_is_read_at_once(personas: Personas) -> None:
    kept = await personas.add(sample("Finn"))
    assert (await personas.active()) == kept
    await personas.change(kept.id, kept.persona.model_copy(update={"traits": ("grumpy",)}))
    active = await personas.active()
    assert active is not None
    assert active.persona.traits == ("grumpy",)


async def test_the_chosen_one_is_active_and_an_archived_one_is_not(personas: Personas) -> None:
    finn = await personas.add(sample("Finn"))
    mira = await personas.add(sample("Mira"))
    await personas.choose(mira.id)
    assert (await personas.active()) == mira
    await personas.archive(mira.id)
    assert (await personas.active()) == finn
    await personas.archive(mira.id, archived=False)
    assert (await personas.active()) == mira


async def test_a_persona_that_is_gone_is_a_sentence(personas: Personas) -> None:
    with pytest.raises(PersonaUnknown):
        await personas.change(99, sample("Finn"))
    with pytest.raises(PersonaUnknown):
        await personas.choose(99)

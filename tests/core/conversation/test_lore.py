"""What a lorebook does to the next reply: it is read when somebody speaks of it, and said to be so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.app import App
from core.persona.belongings import Belongings
from core.persona.card import as_card
from core.persona.identity import Persona
from core.stage import cast
from tests.support.fake_brain import FakeBrain

LIGHT = "The lighthouse has been dark since 1987."


def book(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = [
        {"id": number, "enabled": True, "insertion_order": number, "extensions": {}} | entry
        for number, entry in enumerate(entries)
    ]
    return {"entries": made, "extensions": {}} | more


async def give(app: App, values: dict[str, Any]) -> Persona:
    active = await app.personas.active()
    assert active is not None
    await Belongings(app.store, app.bus, app.config.clock).change(active.id, active.persona, values)
    return active.persona


def prompt_of(brain: FakeBrain, at: int = -1) -> list[str]:
    return [message.content for message in brain.requests[at].messages]


async def test_an_entry_is_read_when_it_is_spoken_of_and_only_then(
    app: App, brain: FakeBrain, play: Callable[..., Any]
) -> None:
    await give(app, book({"keys": ["lighthouse"], "content": LIGHT}))
    await play("Ada: @bot good morning")
    assert not any(LIGHT in part for part in prompt_of(brain))
    await play("Ada: @bot have you been to the Lighthouse?")
    [part] = [part for part in prompt_of(brain) if LIGHT in part]
    assert f"⟦{LIGHT}⟧" in part, "it is marked as something to know, not to obey"


async def test_the_trace_says_which_entry_it_was_and_what_called_it(
    app: App, brain: FakeBrain, play: Callable[..., Any]
) -> None:
    await give(
        app,
        book(
            {"id": 7, "comment": "Lighthouse", "keys": ["lighthouse"], "content": f"{LIGHT} Ask Bosun."},
            {"id": 9, "keys": ["Bosun"], "content": "Bosun is a cat."},
            {"id": 11, "keys": [], "constant": True, "content": "It rains."},
        ),
    )
    await play("Ada: @bot the lighthouse?")
    [turn] = [turn for turn in await app.feed.recent() if turn.replied]
    lore = {each["entry"]: each for each in turn.trace["lore"]}
    assert lore["7"]["key"] == "lighthouse"
    assert lore["9"]["through"] == "Lighthouse"
    assert lore["11"]["constant"]
    tokens = {part["part"]: part["tokens"] for part in turn.trace["prompt"]}
    assert tokens["lore"] > 0, "the meter counts what was called"
    assert tokens["world"] > 0, "and what is always there"


async def test_what_is_always_there_stands_where_nothing_changes(
    app: App, brain: FakeBrain, play: Callable[..., Any]
) -> None:
    await give(
        app,
        book(
            {"constant": True, "keys": [], "position": "before_char", "content": "The world is {{char}}'s."},
            {"constant": True, "keys": [], "position": "after_char", "content": "It rains on {{user}}."},
            {"keys": ["lighthouse"], "content": LIGHT},
        ),
    )
    await play("Ada: @bot hi\nAda: @bot the lighthouse\nAda: @bot and now?")
    first, second, third = (prompt_of(brain, at) for at in range(3))
    assert first[:3] == second[:3] == third[:3], "the beginning stays, and the model's cache with it"
    assert "The world is Finn's." in first[0]
    assert "Finn" in first[1]
    assert "It rains on you." in first[2]
    at = next(at for at, part in enumerate(second) if LIGHT in part)
    assert any("@bot the lighthouse" in part or "the lighthouse" in part for part in second[at + 1 :])


async def test_a_changed_book_is_in_the_very_next_reply(
    app: App, brain: FakeBrain, play: Callable[..., Any]
) -> None:
    await give(app, book({"keys": ["lighthouse"], "content": LIGHT}))
    await play("Ada: @bot the lighthouse?")
    await give(app, book({"keys": ["lighthouse"], "content": "It was painted yesterday."}))
    await play("Ada: @bot the lighthouse?")
    assert any("painted yesterday" in part for part in prompt_of(brain))
    assert not any(LIGHT in part for part in prompt_of(brain))


async def test_a_book_that_is_far_too_long_leaves_room_for_the_talk(
    app: App, brain: FakeBrain, play: Callable[..., Any]
) -> None:
    long = "The tide comes and goes and nobody counts it. " * 60
    await give(app, book(*({"keys": ["tide"], "content": f"{n}: {long}"} for n in range(40))))
    await play("Ada: @bot what about the tide?")
    [turn] = [turn for turn in await app.feed.recent() if turn.replied]
    tokens = {part["part"]: part["tokens"] for part in turn.trace["prompt"]}
    assert 0 < tokens["lore"] <= turn.trace["context_tokens"] / 4
    assert turn.trace["lore_left_out"], "what had no room is said"


async def test_what_is_no_book_at_all_stops_nobody(
    app: App, brain: FakeBrain, play: Callable[..., Any]
) -> None:
    await give(app, {"entries": [None, 7, {"keys": 3, "content": ["x"]}, {"constant": True}]})
    await play("Ada: @bot hi")
    assert len(brain.requests) == 1


async def test_a_card_that_plays_the_bot_brings_its_lorebook(
    app: App, brain: FakeBrain, play: Callable[..., Any]
) -> None:
    entries = book({"keys": ["lighthouse"], "content": LIGHT})
    card = as_card({"name": "Ines", "description": "Keeps a light."} | {"character_book": entries})
    assert await cast(app, card) == "Ines"
    assert await cast(app, card) == "Ines"
    assert len(await app.personas.every()) == 2, "the same card is the same persona"
    await play("Ada: @bot the lighthouse?")
    assert any(LIGHT in part for part in prompt_of(brain))

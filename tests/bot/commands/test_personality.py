"""Who the persona is, how it feels, how it stands with who asks."""

from __future__ import annotations

from tests.bot.commands.acquainted import chats
from tests.support.harbour import World
from tests.support.slash import invoke, words_of


async def test_it_says_who_it_is(world: World) -> None:
    said = words_of(await world.ada.slash(world.general, "personality who"))
    kept = await world.app.personas.active()
    assert kept is not None
    assert said.startswith("Finn\n")
    assert kept.persona.summary in said
    assert kept.persona.traits[0] in said
    assert kept.persona.quirks[0][:20] in said


async def test_it_says_how_it_feels_and_why_without_naming_others(world: World) -> None:
    await chats(world, world.ada, "thank you, you are wonderful!")
    mine = words_of(await world.ada.slash(world.general, "personality mood"))
    assert "Finn feels" in mine
    assert "Ada" in mine
    theirs = words_of(await world.bob.slash(world.general, "personality mood"))
    assert "Ada" not in theirs
    assert "Somebody" in theirs


async def test_it_says_how_it_stands_with_who_asks(world: World) -> None:
    before = await world.ada.slash(world.general, "personality relationship")
    assert words_of(before) == "We have not met yet."
    await chats(world, world.ada, "you stupid idiot, I hate you")
    said = words_of(await world.ada.slash(world.general, "personality relationship"))
    assert said.startswith("Finn and you: ")
    assert "Anger: " in said
    assert "insult" in said


async def test_nobody_to_ask(world: World) -> None:
    (kept,) = await world.app.personas.every()
    await world.app.personas.archive(kept.id)
    for path in ("personality who", "personality mood", "personality relationship", "companion mood"):
        result = await world.ada.slash(world.general, path)
        assert words_of(result).startswith("No persona has been chosen yet")


async def test_it_answers_in_a_direct_chat_too(world: World) -> None:
    user = world.ada.user
    assert "Finn" in words_of(await invoke(user, user.dm_channel, "personality who"))
    assert "Finn feels" in words_of(await invoke(user, user.dm_channel, "personality mood"))

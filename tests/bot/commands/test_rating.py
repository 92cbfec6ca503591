"""Rating a reply, and having it written anew, from the menu of its message on Discord."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.conversation.archive import PlacesSought
from tests.bot.commands.acquainted import chats
from tests.support.harbour import World
from tests.support.slash import words_of


async def opened(world: World, who: Any, message: Any = None) -> Any:
    return await who.context_menu(world.general, "Rate or redo", message or world.general.last_message)


def buttons(result: Any) -> list[str]:
    return [each["label"] for line in result.response.components for each in line["components"]]


async def settled(world: World) -> None:
    while world.app.line.tasks:
        for task in list(world.app.line.tasks):
            await task


async def verdicts(world: World) -> tuple[tuple[int, str], ...]:
    place = (await world.app.archive.places(PlacesSought("discord")))[0]
    lines = await world.app.archive.tail(place)
    return tuple(verdict for line in lines for verdict in line.verdicts)


async def persona(world: World) -> Any:
    kept = await world.app.personas.active()
    assert kept is not None
    return kept.persona


async def test_a_members_opinion_is_kept_for_the_host_and_teaches_nothing(world: World) -> None:
    await chats(world, world.ada, "hello")
    before = await persona(world)
    result = await opened(world, world.ada)
    assert result.response.flags.ephemeral
    assert buttons(result) == ["A good reply", "Not a good reply", "Write it anew"]
    await world.ada.click(result.response, label="A good reply")
    assert words_of(result) == "Noted: this was a good reply."
    assert await verdicts(world) == ((world.ada.id, "good"),)
    assert await persona(world) == before


async def test_the_host_teaches_it_from_discord(world: World, host: Callable[[Any], None]) -> None:
    await chats(world, world.ada, "hello")
    host(world.bob)
    result = await opened(world, world.bob)
    await world.bob.click(result.response, label="A good reply")
    assert words_of(result) == "Finn has this as an example now."
    said = world.general.last_message.content
    assert (await persona(world)).examples[-1] == said
    again = await opened(world, world.bob)
    await world.bob.click(again.response, label="Never say that")
    assert (await persona(world)).never == (said,)
    assert said not in (await persona(world)).examples
    assert await verdicts(world) == ((0, "never"),)  # as if said in the window


async def test_an_administrator_teaches_what_is_theirs_alone(world: World) -> None:
    await chats(world, world.admin, "hello")
    assert "Never say that" in buttons(await opened(world, world.admin))
    island = world.env.create_guild(name="Island", owner=world.env.create_user("Ivo"))
    island.create_text_channel("beach")
    assert "Never say that" not in buttons(await opened(world, world.admin))


async def test_whoever_was_answered_gets_another_reply_and_the_old_one_goes(world: World) -> None:
    await chats(world, world.ada, "hello")
    old = world.general.last_message
    result, second = await opened(world, world.ada, old), await opened(world, world.ada, old)
    await world.ada.click(result.response, label="Write it anew")
    await settled(world)
    assert words_of(result) == "I take it back and write another one."
    now = world.general.last_message
    assert now.id != old.id
    assert old.id not in [each.id for each in world.general.history()]
    late = await world.ada.click(second.response, label="A good reply")
    assert "This reply is not there any more." in words_of(late)


async def test_others_cannot_have_it_written_anew_but_whoever_tidies_up_can(world: World) -> None:
    await chats(world, world.bob, "I am here too")
    await chats(world, world.mate, "so am I")
    await chats(world, world.ada, "hello")
    assert "Write it anew" not in buttons(await opened(world, world.bob))
    assert "Write it anew" in buttons(await opened(world, world.mate))


async def test_who_was_never_met_or_opted_out_leaves_nothing(world: World) -> None:
    said = await chats(world, world.ada, "hello")
    reply = world.general.last_message
    assert words_of(await opened(world, world.bob, reply)).startswith("We have never talked")
    await world.ada.slash(world.general, "privacy opt-out")
    assert words_of(await opened(world, world.ada, reply)).startswith("You asked me to keep nothing")
    assert words_of(await opened(world, world.captain, said)).startswith("I did not say this")

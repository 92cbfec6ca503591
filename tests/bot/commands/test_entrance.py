"""A persona that is not open to everybody, on Discord: who finds it in lists, who gets an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.persona.identity import Persona
from core.safety.access import EVERYONE, NOBODY, Grant
from tests.bot.commands.acquainted import chats
from tests.support.harbour import World
from tests.support.slash import words_of


async def opened_to(world: World, name: str, use: Grant, see: Grant = EVERYONE) -> None:
    every = {kept.persona.name: kept.id for kept in await world.app.personas.every()}
    await world.app.whereabouts.entrances.open_to(every[name], use, see)


async def offered(world: World, who: Any) -> list[str]:
    found = await who.autocomplete(world.general, "admin persona choose", "persona", "")
    return [choice["name"] for choice in found]


async def test_what_only_the_host_may_choose_is_offered_to_the_host_alone(
    world: World, host: Callable[[Any], None]
) -> None:
    await world.app.personas.add(Persona.parse({"name": "Wilma"}))
    await opened_to(world, "Wilma", EVERYONE, NOBODY)
    assert await offered(world, world.admin) == ["Finn"]
    refused = await world.admin.slash(world.general, "admin persona choose", persona="Wilma")
    assert "There is no persona called Wilma." in words_of(refused)
    host(world.owner)
    assert await offered(world, world.owner) == ["Finn", "Wilma"]


async def test_what_is_for_another_server_is_not_offered(world: World) -> None:
    await world.app.personas.add(Persona.parse({"name": "Wilma"}))
    await opened_to(world, "Wilma", Grant(guilds=frozenset({4_711})))
    assert await offered(world, world.admin) == ["Finn"]
    await opened_to(world, "Wilma", Grant(guilds=frozenset({world.guild.id})))
    assert await offered(world, world.admin) == ["Finn", "Wilma"]


async def test_commands_and_talk_are_for_whom_it_is_open_to(
    world: World, host: Callable[[Any], None]
) -> None:
    await opened_to(world, "Finn", Grant(people=frozenset({world.ada.id})))
    host(world.owner)
    for command in ("personality who", "personality mood", "companion status", "companion mood"):
        assert "is not open to you" in words_of(await world.bob.slash(world.general, command)), command
        assert "is not open to you" not in words_of(await world.ada.slash(world.general, command)), command
    told = await world.bob.slash(world.general, "companion talk", what="hello")
    assert "Finn is not open to you here." in words_of(told)

    async def answers(who: Any) -> bool:
        before = len(world.general.history())
        await chats(world, who, "hello")
        return len(world.general.history()) > before + 1

    assert [await answers(who) for who in (world.bob, world.ada, world.owner)] == [False, True, True]


async def test_a_servers_own_copy_lets_in_nobody_whom_the_host_kept_out(world: World) -> None:
    world.env.create_guild(name="Elsewhere", owner=world.env.create_user("Olaf"))
    await world.env.settle()
    use = Grant(people=frozenset({world.ada.id}))
    await opened_to(world, "Finn", use)
    await world.admin.slash(world.general, "admin persona change", kind="summary", value="a sailor")
    entrances = await world.app.whereabouts.entrances.every()
    assert [entrance.use for entrance in entrances.values()] == [use, use]

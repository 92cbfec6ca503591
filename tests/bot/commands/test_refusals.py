"""Every command there is, used by who may not, where it does not work, and too late."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands
from simcord.interactions import command_leaves

from bot.commands.demands import demand_of, name_of
from tests.support.harbour import World
from tests.support.slash import invoke, words_of

Leaf = tuple[str, dict[str, Any], app_commands.Command[Any, Any, Any]]


def leaves(world: World) -> Iterator[Leaf]:
    """Each command with its path and what Discord was told of it."""
    known = {
        each.qualified_name: each
        for each in world.env.bot.tree.walk_commands()
        if isinstance(each, app_commands.Command)
    }
    for command in world.env.backend.commands[None].values():
        if command["type"] == 1:
            for path, leaf in command_leaves(command):
                yield " ".join(path), leaf, known[" ".join(path)]


def options(world: World, leaf: dict[str, Any], direct: bool = False) -> dict[str, Any] | None:
    """As much as a command needs; None where a direct chat has nothing of the kind to choose."""
    person = world.bob.user if direct else world.bob
    values = {
        3: "10 minutes",
        4: 7,
        5: True,
        6: person,
        7: None if direct else world.general,
        8: None,
        10: 1.0,
    }
    chosen = {
        option["name"]: (option.get("choices") or [{"value": values[option["type"]]}])[0]["value"]
        for option in leaf.get("options") or []
        if option.get("required")
    }
    return None if None in chosen.values() else chosen


async def test_who_lacks_the_permission_is_told_which(world: World) -> None:
    tried = 0
    for path, leaf, command in leaves(world):
        needed = demand_of(command).person
        if not needed:
            continue
        result = await invoke(world.ada, world.general, path, **(options(world, leaf) or {}))
        lacks = f"You may not do this here: it needs {name_of(needed[0])}. Ask somebody who runs this server."
        assert words_of(result) == lacks, path
        assert result.ephemeral, path
        tried += 1
    assert tried > 40
    assert await world.deeds() == []


async def test_what_needs_a_server_says_so_in_a_direct_chat(world: World) -> None:
    tried = 0
    for path, leaf, command in leaves(world):
        chosen = options(world, leaf, direct=True)
        if not demand_of(command).server or chosen is None:
            continue
        result = await invoke(world.owner.user, world.owner.user.dm_channel, path, **chosen)
        assert words_of(result).startswith("This only works on a server."), path
        tried += 1
    assert tried > 40


async def test_the_bot_says_what_it_lacks_itself(world: World) -> None:
    for role in world.env.backend.get_guild(world.guild.id).roles.values():
        if role.position == 20 or role.id == world.guild.id:
            role.permissions = discord.Permissions(view_channel=True, send_messages=True).value
    world.env.backend.announce_role_updates(world.guild.id, list(world.guild._guild.roles.values()))
    tried = 0
    for path, leaf, command in leaves(world):
        needed = demand_of(command).bot
        if not needed:
            continue
        result = await invoke(world.owner, world.general, path, **(options(world, leaf) or {}))
        assert words_of(result).startswith("The bot may not do this in #general: "), path
        assert any(str(name_of(each)) in words_of(result) for each in needed), path
        tried += 1
    assert tried >= 10
    assert await world.deeds() == []


async def test_no_bot_uses_any_command(world: World) -> None:
    for path, leaf, _ in leaves(world):
        result = await invoke(world.beep, world.general, path, **(options(world, leaf) or {}))
        assert words_of(result) == "Only people can use commands. Ask a person to do it.", path


async def test_texts_longer_than_discord_takes_are_refused_here_too(world: World) -> None:
    tried = 0
    for path, leaf, _ in leaves(world):
        chosen = options(world, leaf) or {}
        for option in leaf.get("options") or []:
            if option["type"] != 3 or option.get("choices") or not option.get("max_length"):
                continue
            long = {**chosen, option["name"]: "x" * (option["max_length"] + 1)}
            result = await invoke(world.owner, world.general, path, **long)
            assert words_of(result).startswith(
                f"That is too long: {option['max_length'] + 1} characters of at most {option['max_length']}."
            ), (path, option["name"])
            tried += 1
    assert tried > 30


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (401, 50027), (404, 10015), (500, 0)])
async def test_whatever_runs_out_harms_nobody(
    world: World, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    for path, leaf, command in leaves(world):
        if command.qualified_name.split()[0] == "echo":
            continue  # answers when its analysis is done
        world.env.backend.faults.clear()
        world.env.inject_error("POST", "/interactions/*/*/callback", status=status, code=code)
        await invoke(world.owner, world.general, path, **(options(world, leaf) or {}))
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []

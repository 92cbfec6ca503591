"""Somebody who has talked with the persona, in Harbour."""

from __future__ import annotations

from typing import Any

from core.memory.asked_memory import AskedMemory
from db import people
from tests.support.harbour import World


async def chats(world: World, who: Any, text: str, channel: Any = None) -> Any:
    """Say something to the persona and wait for what it answers; answers the message."""
    said = await who.send(channel or world.general, f"<@{world.bot_id}> {text}")
    while world.app.line.tasks:
        for task in list(world.app.line.tasks):
            await task
    return said


async def row_id(world: World, who: Any) -> int | None:
    person = await world.app.store.run(people.find, "discord", who.id)
    return person.row_id if person is not None else None


async def knows(world: World, who: Any, text: str) -> int:
    """Let the persona know something of somebody, said in general; answers the fact's number."""
    from bot.bridge import channel_place
    from core.conversation.message import Author
    from core.memory.notebook import FactsSought

    message = await chats(world, who, text)
    guild = world.env.bot.get_guild(world.guild.id)
    place = channel_place(guild.get_channel(world.general.id), guild)
    memory = AskedMemory(world.app.store, world.app.bus, world.app.config.clock)
    await memory.remember(Author(who.id, "x"), place, message.id, text)
    mine = await row_id(world, who)
    assert mine is not None
    found = await world.app.notebook.facts(FactsSought("discord", mine))
    return next(fact.row_id for fact in found.lines if fact.text == text)

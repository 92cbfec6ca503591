"""Every command used in every wrong way there is, and what came of it.

Who uses them, where, with which options and which faults of Discord's is drawn by chance; buttons are
pressed, forms filled and options typed into as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import discord
import simcord
from simcord.actors import _dispatch_actor_interaction
from simcord.backend.errors import BackendError, SetupError
from simcord.enums import InteractionType, OptionType
from simcord.http.routes import interactions as routes
from simcord.interactions import command_leaves

from bot.services import services_of
from core.app import App
from core.errors import EchodeckError
from tests.support.harbour import World, client_of, populated
from tests.support.slash import invoke

A_WORLD = 125  # uses before everybody is there again
TEXTS = (
    *("", " ", "x", "10 minutes", "2 h", "28 days", "29 days", "off", "0", "-1", "∞", "NaN", "1e9 years"),
    *("22:00", "25:61", "de", "Deutsch", "everywhere", "thread", "links", "tea; coffee", ";;;;", "a;" * 300),
    *("@everyone <@5> <#7>", "`'\";--", "\x00\u202e\u200b", "😀" * 50, "x" * 401, "y" * 6001, "{who} {0} %s"),
    *("https://example.org", "../../etc", "null", "9999-12-31T23:59:59-23:59", "help", "/kick", "\n\n\n"),
)
NUMBERS = (0, 1, 2, 5, 7, 30, 500, 501, -1, 2**31, 2**53)
FAULTS = (
    (500, 0),
    (403, 50013),
    (403, 50001),
    (404, 10008),
    (404, 10062),
    (400, 50035),
    (401, 50027),
    (404, 10003),
)
WHERE = (
    ("POST", "/interactions/*/*/callback"),
    ("POST", "/webhooks/*/*"),
    ("POST", "/users/@me/channels"),
    ("POST", "/channels/*/messages"),
    ("PATCH", "/guilds/*/members/*"),
    ("DELETE", "/guilds/*/members/*"),
    ("*", "/guilds/*/bans/*"),
    ("GET", "/channels/*/messages"),
    ("PUT", "/channels/*/permissions/*"),
    ("PATCH", "/channels/*"),
)


@dataclass
class Fuzz:
    """What was tried, and what came of it."""

    chance: Random
    tried: Counter[str] = field(default_factory=Counter)
    unanswered: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    faulty: bool = False


async def campaign(app: App, uses: int, seed: int) -> Fuzz:
    """Use commands that many times; answers what came of it."""
    fuzz = Fuzz(Random(seed))
    env = simcord.Env(client_of(app), settle_timeout=30.0)
    # Each round has a Discord of its own, which knows no commands yet.
    await services_of(app).server.registered.told(env.backend.application_id, None, [])
    with counted_answers(fuzz):
        await env.start()
        for begin in range(0, uses, A_WORLD):
            world = populated(app, env)
            people, places = cast_of(world), await places_of(world)
            for _ in range(min(A_WORLD, uses - begin)):
                await one_use(world, people, places, fuzz)
            env.backend.faults.clear()
        await env.shutdown()
    fuzz.unexpected = [repr(error) for error in env.errors if not is_expected(error)]
    return fuzz


@contextmanager
def counted_answers(fuzz: Fuzz) -> Iterator[None]:
    """Note each time that Discord says: you have answered this already."""
    really = routes.errors.already_acknowledged

    def twice() -> BackendError:
        fuzz.twice.append("answered twice")
        return really()

    routes.errors.already_acknowledged = twice
    try:
        yield
    finally:
        routes.errors.already_acknowledged = really


def cast_of(world: World) -> list[Any]:
    gone = world.env.create_user("Gus")
    here = [
        world.owner,
        world.officer,
        world.captain,
        world.admin,
        world.mate,
        world.ada,
        world.bob,
        world.beep,
    ]
    return [*here, world.me, gone]


async def places_of(world: World) -> list[Any]:
    thread = world.env.backend.create_thread(world.general.id, "talk", world.ada.id)
    message = await world.ada.send(world.general, "hello https://example.org")
    assert message is not None
    return [
        world.general,
        world.logbook,
        world.guild.create_voice_channel("mess"),
        type(world.general)(world.env, world.guild, thread),
    ]


async def one_use(world: World, people: list[Any], places: list[Any], fuzz: Fuzz) -> None:
    chance, env = fuzz.chance, world.env
    here = [each for each in people[:8] if each.id in world.guild.member_ids()]
    actor = chance.choice(here) if here else world.owner
    channel = chance.choice(places)
    env.backend.faults.clear()
    fuzz.faulty = chance.random() < 0.08
    if fuzz.faulty:
        (method, path), (status, code) = chance.choice(WHERE), chance.choice(FAULTS)
        env.inject_error(method, path, status=status, code=code, times=chance.choice((1, 2, None)))
    kind = chance.random()
    try:
        if kind < 0.06:
            result, name = await menu(world, actor, chance)
        elif kind < 0.14:
            result, name = await press(world, actor, chance)
        elif kind < 0.20:
            result, name = await type_on(world, actor, channel, chance)
        else:
            result, name = await slash(world, actor, channel, people, places, chance)
    except (SetupError, BackendError, IndexError, KeyError):
        # Discord itself lets nobody do this (a button that is gone, a place that is hidden).
        fuzz.tried["not possible"] += 1
        return
    fuzz.tried[name] += 1
    if not result.acknowledged and not fuzz.faulty:
        fuzz.unanswered.append(name)


async def slash(
    world: World, actor: Any, channel: Any, people: list[Any], places: list[Any], chance: Random
) -> tuple[Any, str]:
    commands = [each for each in world.env.backend.commands[None].values() if each["type"] == 1]
    leaves = [leaf for command in commands for leaf in command_leaves(command)]
    path, leaf = chance.choice(leaves)
    in_direct = chance.random() < 0.08
    options = {
        option["name"]: value(option, people, places, world, chance, in_direct)
        for option in leaf.get("options") or []
        # The simulation knows no lines about oneself.
        if option.get("required") or (option["name"] != "bio" and chance.random() < 0.5)
    }
    if in_direct:
        user = actor.user
        plain = {name: getattr(each, "user", each) for name, each in options.items() if each is not None}
        return await invoke(user, user.dm_channel, " ".join(path), **plain), " ".join(path)
    return await invoke(actor, channel, " ".join(path), **options), " ".join(path)


def value(
    option: dict[str, Any],
    people: list[Any],
    places: list[Any],
    world: World,
    chance: Random,
    in_direct: bool,
) -> Any:
    kind = option["type"]
    if kind == OptionType.STRING:
        choices = [choice["value"] for choice in option.get("choices") or []]
        return chance.choice(choices) if choices and chance.random() < 0.8 else chance.choice(TEXTS)
    if kind == OptionType.INTEGER:
        return chance.choice(NUMBERS)
    if kind == OptionType.BOOLEAN:
        return chance.random() < 0.5
    if kind == OptionType.USER:
        return chance.choice(people)
    if kind == OptionType.ATTACHMENT:
        raise KeyError("nobody has a file at hand")
    if in_direct:
        raise KeyError("nobody can choose this in a direct chat")
    if kind == OptionType.CHANNEL:
        return chance.choice(places)
    return chance.choice(list(world.guild.roles.values()))


async def type_on(world: World, actor: Any, channel: Any, chance: Random) -> tuple[Any, str]:
    """Somebody types into an option that makes suggestions."""
    commands = [each for each in world.env.backend.commands[None].values() if each["type"] == 1]
    path, option = chance.choice(
        [
            (path, option)
            for command in commands
            for path, leaf in command_leaves(command)
            for option in leaf.get("options") or []
            if option.get("autocomplete")
        ]
    )
    root = world.env.backend.find_command(path[0], world.guild.id)
    options: list[dict[str, Any]] = [
        {"name": option["name"], "type": option["type"], "value": chance.choice(TEXTS), "focused": True}
    ]
    for depth in range(len(path) - 1, 0, -1):
        options = [{"name": path[depth], "type": 1 if depth == len(path) - 1 else 2, "options": options}]
    data = {"id": root["id"], "name": path[0], "type": 1, "options": options}
    result = await _dispatch_actor_interaction(
        actor, InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE, channel, data
    )
    return result, f"typing {' '.join(path)}"


async def menu(world: World, actor: Any, chance: Random) -> tuple[Any, str]:
    message = chance.choice(
        [each for each in world.general.history(viewer=actor) if not each.flags.ephemeral]
    )
    entry = chance.choice(("Report", "Report", "Why did you say that?", "Remember this", "Forget this"))
    shown = await actor.context_menu(world.general, entry, message)
    return await filled(actor, shown, chance), entry


async def press(world: World, actor: Any, chance: Random) -> tuple[Any, str]:
    """Press some button that is there, the ticket's or one of an answer's."""
    backend = world.env.backend
    found = [
        (message, button)
        for channel in backend.channels.values()
        if channel.guild_id == world.guild.id
        for message in backend.messages.get(channel.id, {}).values()
        if message.author_id == world.bot_id and message.visible_to(actor.id)
        for row in message.components
        for button in row.get("components", [])
        if not button.get("disabled")
    ]
    if not found:
        raise KeyError("there are no buttons")
    message, button = chance.choice(found)
    shown = await actor.click(
        simcord.results.ResponseMessage(world.env, message), custom_id=button["custom_id"]
    )
    return await filled(actor, shown, chance), button_name(button)


def button_name(button: dict[str, Any]) -> str:
    return f"button {button['custom_id']}" if ":" in button["custom_id"] else "button of an answer"


async def filled(actor: Any, shown: Any, chance: Random) -> Any:
    if shown.modal is None:
        return shown
    (row,) = shown.modal["components"]
    box = row.get("component") or row["components"][0]
    return await actor.submit_modal(shown, {box["custom_id"]: chance.choice(TEXTS)[:90] or "x"})


def is_expected(error: BaseException) -> bool:
    cause = getattr(error, "original", error)
    known = (EchodeckError, discord.HTTPException, discord.app_commands.AppCommandError)
    return isinstance(cause, known) and not isinstance(cause, discord.app_commands.CommandInvokeError)

"""Whose a persona is: a server's administrators change what is theirs; what is the host's stays as it is for
all others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
import pytest

from core.events import Notice
from core.settings import ADMINS_CHANGE_SHARED
from tests.bot.commands.acquainted import chats
from tests.support.fake_brain import FakeBrain
from tests.support.harbour import World
from tests.support.slash import invoke, words_of


@pytest.fixture
def island(world: World) -> Any:
    """Another server of the same bot: Ivo owns it, nobody of Harbour is there."""
    guild = world.env.create_guild(name="Island", owner=world.env.create_user("Ivo"))
    beach = guild.create_text_channel("beach")
    ivo = type(world.captain)(world.env, guild, guild.owner)
    return ivo, beach


def prompt(brain: FakeBrain) -> str:
    return "\n".join(message.content for message in brain.requests[-1].messages)


async def test_what_an_admin_changes_shows_there_and_nowhere_else(
    world: World, island: Any, brain: FakeBrain
) -> None:
    ivo, beach = island
    heard: list[Notice] = []
    subscription = world.app.bus.listen(Notice, heard.append)
    result = await ivo.slash(beach, "admin identity add", kind="quirks", text="hates boats")
    assert "From now on Finn is this server's own; elsewhere nothing has changed." in words_of(result)
    assert str(heard[-1].text).startswith("Island has a Finn of its own now")
    await chats(world, ivo, "hello", beach)
    assert "hates boats" in prompt(brain)
    await chats(world, world.ada, "hello")
    assert "hates boats" not in prompt(brain)
    again = await ivo.slash(beach, "admin identity add", kind="quirks", text="hates oars")
    assert "this server's own" not in words_of(again)
    assert len(await world.app.personas.every()) == 2
    await chats(world, ivo, "hello", beach)
    assert "hates boats" in prompt(brain)
    assert "hates oars" in prompt(brain)
    back = await ivo.slash(beach, "admin persona choose", where="server")
    assert words_of(back) == "Here I am Finn now."
    await chats(world, ivo, "hello", beach)
    assert "hates boats" not in prompt(brain)
    subscription.end()


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("admin persona change", {"kind": "name", "value": "Pirate"}),
        ("admin identity change", {"kind": "traits", "what": "1", "text": "cruel"}),
    ],
)
async def test_nothing_of_the_hosts_persona_changes(
    world: World, island: Any, path: str, options: dict[str, Any]
) -> None:
    ivo, beach = island
    kept = await world.app.personas.active()
    assert kept is not None
    result = await ivo.slash(beach, path, **options)
    assert "this server's own" in words_of(result)
    assert await world.app.personas.active() == kept


async def test_two_dialogs_make_one_copy_with_both_changes(world: World, island: Any) -> None:
    ivo, beach = island
    kept = await world.app.personas.active()
    assert kept is not None
    first = await ivo.slash(beach, "admin identity remove", kind="traits", what="1")
    second = await ivo.slash(beach, "admin identity remove", kind="traits", what="2")
    assert len(await world.app.personas.every()) == 1  # nothing was pressed yet
    await ivo.click(first.response, label="Remove")
    assert "this server's own" in words_of(first)
    await ivo.click(second.response, label="Remove")
    assert "this server's own" not in words_of(second)
    assert await world.app.personas.active() == kept
    own = [each for each in await world.app.personas.every() if each.id != kept.id]
    assert [each.persona.traits for each in own] == [kept.persona.traits[2:]]


async def test_the_host_changes_it_for_everybody(
    world: World, island: Any, brain: FakeBrain, host: Callable[[Any], None]
) -> None:
    ivo, beach = island
    host(world.admin)
    result = await world.admin.slash(world.general, "admin identity add", kind="quirks", text="loves boats")
    assert "own" not in words_of(result)
    await chats(world, ivo, "hello", beach)
    assert "loves boats" in prompt(brain)


async def test_the_host_may_let_all_admins_change_it(world: World, island: Any, brain: FakeBrain) -> None:
    ivo, beach = island
    await world.app.settings.put(ADMINS_CHANGE_SHARED, True)
    await ivo.slash(beach, "admin identity add", kind="quirks", text="loves boats")
    await chats(world, world.ada, "hello")
    assert "loves boats" in prompt(brain)


async def test_on_a_bots_only_server_its_admins_change_it(world: World) -> None:
    before = await world.app.personas.active()
    result = await world.admin.slash(world.general, "admin identity add", kind="quirks", text="loves boats")
    assert "own" not in words_of(result)
    assert len(await world.app.personas.every()) == 1
    assert await world.app.personas.active() != before


async def test_a_server_puts_only_its_own_personas_away(
    world: World, island: Any, host: Callable[[Any], None]
) -> None:
    ivo, beach = island
    await ivo.slash(beach, "admin persona new", what="Wilma")
    refused = await ivo.slash(beach, "admin persona delete", persona="Finn")
    assert words_of(refused).startswith("Finn is not this server's own, so only the host puts it away.")
    unseen = await world.admin.slash(world.general, "admin persona choose", persona="Wilma")
    assert "Finn" in words_of(unseen)
    assert "Here I am" not in words_of(unseen)
    assert "Wilma" not in words_of(await world.admin.slash(world.general, "admin persona list"))
    assert "made on this server" in words_of(await ivo.slash(beach, "admin persona list"))
    host(world.admin)
    assert "Wilma" in words_of(await world.admin.slash(world.general, "admin persona list"))
    asked = await ivo.slash(beach, "admin persona delete", persona="Wilma")
    await ivo.click(asked.response, label="Put away")
    assert words_of(asked).startswith("Wilma is put away.")


async def test_a_channels_persona_becomes_the_servers_own_where_it_stood(world: World, island: Any) -> None:
    ivo, beach = island
    host_made = await world.app.personas.add((await world.app.personas.every())[0].persona)
    named = host_made.persona.model_copy(update={"name": "Wilma", "traits": ("calm",)})
    await world.app.personas.change(host_made.id, named)
    await ivo.slash(beach, "admin persona choose", persona="Wilma")
    await ivo.slash(beach, "admin identity add", kind="traits", text="stern")
    assert "stern" in words_of(await ivo.slash(beach, "admin identity list", kind="traits"))
    assert (await world.app.personas.get(host_made.id)).persona.traits == ("calm",)
    cave = world.env.bot.get_channel(beach.id).guild
    other = type(world.guild)(world.env, world.env.backend.get_guild(cave.id)).create_text_channel("cave")
    assert "stern" not in words_of(await ivo.slash(other, "admin identity list", kind="traits"))


# --- the host -----------------------------------------------------------------------------------------


async def test_the_host_needs_no_permission_for_admin(world: World, host: Callable[[Any], None]) -> None:
    refused = await invoke(world.ada, world.general, "admin mood show")
    assert words_of(refused).startswith("You may not do this here: it needs Administrator.")
    host(world.ada)
    assert "The day of Finn" in words_of(await invoke(world.ada, world.general, "admin mood show"))
    shown = await world.ada.slash(world.general, "help", command="admin mood show")
    assert words_of(shown).startswith("/admin mood show")
    kicked = await invoke(world.ada, world.general, "kick", person=world.bob)
    assert words_of(kicked).startswith("You may not do this here: it needs Kick Members.")


async def test_a_team_is_the_host_once_they_said_yes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Mate:
        def __init__(self, person: Any, state: discord.TeamMembershipState) -> None:
            self.id, self.membership_state = person.id, state

    class Crew:
        members = (
            Mate(world.ada, discord.TeamMembershipState.accepted),
            Mate(world.bob, discord.TeamMembershipState.invited),
        )

    monkeypatch.setattr(world.env.bot.application, "team", Crew)
    assert "The day of" in words_of(await invoke(world.ada, world.general, "admin mood show"))
    refused = await invoke(world.bob, world.general, "admin mood show")
    assert words_of(refused).startswith("You may not do this here: it needs Administrator.")

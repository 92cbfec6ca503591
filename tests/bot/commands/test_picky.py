"""What people try who look for the seams: odd names, long reasons, many rows, words that look like code."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.commands.registration import payload
from core.persona.identity import sample
from db.channels import StoredChannel, seen
from tests.bot.commands.acquainted import chats, knows
from tests.support.fake_brain import FakeBrain
from tests.support.harbour import World
from tests.support.slash import invoke, words_of

NAMES = (
    "Žofie 🦊 **bold**",
    "\u202eadA",
    "田中 太郎",
    "`code`",
    "{who} %s {0}",
    "a\u0301\u0302\u0303" * 8,
)


@pytest.mark.parametrize("name", NAMES)
async def test_any_name_is_warned_muted_and_sent_away(world: World, name: str) -> None:
    person = world.guild.add_member(world.env.create_user("x"), nick=name[:32])
    await world.captain.slash(world.general, "settings modlog", channel=world.logbook)
    shown = discord.utils.escape_markdown(name[:32])
    warned = await world.captain.slash(world.general, "warn", person=person, reason="{reason} `x` **y**")
    assert words_of(warned).startswith(f"{shown} was warned.")
    muted = await world.captain.slash(world.general, "mute", person=person, length="2 weeks 3 days")
    assert words_of(muted).startswith(f"{shown} is muted for 17 days.")
    gone = await world.captain.slash(world.general, "kick", person=person)
    assert words_of(gone).startswith(f"{shown} was sent away.")
    assert world.logbook.last_message.embeds[0].fields[0].value == f"{shown} ({person.id})"


async def test_the_longest_reason_fits_discords_audit_log(world: World) -> None:
    reason = "ü😀" * 200
    await world.captain.slash(world.general, "kick", person=world.ada, reason=reason)
    written = world.guild.audit_log()[-1].reason
    assert written.startswith("Cara: ü😀")
    assert len(written) <= 512
    more = await invoke(world.captain, world.general, "kick", person=world.bob, reason="x" * 401)
    assert words_of(more).startswith("That is too long: 401 characters of at most 400.")
    assert world.bob.id in world.guild.member_ids()


async def test_a_page_of_long_warnings_is_no_larger_than_discord_takes(world: World) -> None:
    for _ in range(9):
        await world.captain.slash(world.general, "warn", person=world.ada, reason="*_`~" * 100)
    shown = await world.captain.slash(world.general, "warnings list", person=world.ada)
    (card,) = shown.response.embeds
    assert len(card) <= 6_000
    assert len(card.fields) == 8
    await world.captain.click(shown.response, label="Next")
    assert len(shown.response.embeds[0].fields) == 1


async def test_a_log_of_long_changes_is_no_larger_than_discord_takes(world: World) -> None:
    for number in range(8):
        text = f"{number}" + "*_`~" * 140
        await world.admin.slash(world.general, "admin identity add", kind="lore", text=text)
        await world.admin.slash(
            world.general, "admin identity change", kind="lore", what=text, text=f"{number}" + "~`_*" * 140
        )
    shown = await world.admin.slash(world.general, "admin log")
    assert len(shown.response.embeds[0]) <= 6_000


async def test_many_rows_are_offered_and_leafed_through(world: World) -> None:
    kept = await world.app.personas.active()
    assert kept is not None
    lines = tuple(f"line {number} ``` @everyone" for number in range(40))
    await world.app.personas.change(kept.id, kept.persona.model_copy(update={"quirks": lines}))
    offered = await world.admin.autocomplete(
        world.general, "admin identity change", "what", "line", kind="quirks"
    )
    assert len(offered) == 25
    hostile = await world.admin.autocomplete(
        world.general, "admin identity change", "what", "';--\u202e{0}%s", kind="quirks"
    )
    assert hostile == []
    shown = await world.admin.slash(world.general, "admin identity list", kind="quirks")
    assert "line 0 " in words_of(shown)
    for _ in range(3):
        await world.admin.click(shown.response, label="Next")
    assert "line 39 " in words_of(shown)
    await world.admin.click(shown.response, label="Back")
    assert "line 39 " not in words_of(shown)


async def test_thirty_personas_are_offered_25_at_a_time(world: World) -> None:
    for number in range(30):
        await world.app.personas.add(sample("Finn").model_copy(update={"name": f"Zed {number}"}))
    offered = await world.admin.autocomplete(world.general, "admin persona choose", "persona", "")
    assert len(offered) == 25
    rest = await world.admin.autocomplete(world.general, "admin persona choose", "persona", "zed 29")
    assert [each["value"] for each in rest] == ["Zed 29"]


async def test_a_line_in_any_script_is_found_by_its_words(world: World, brain: FakeBrain) -> None:
    await world.admin.slash(world.general, "admin identity add", kind="lore", text="  Aß Straße 東京 🦊 ")
    changed = await world.admin.slash(
        world.general, "admin identity change", kind="lore", what="ASS STRASSE 東京 🦊", text="moved to Ōsaka"
    )
    assert words_of(changed) == "It is changed: moved to Ōsaka"
    await chats(world, world.ada, "hello")
    assert "moved to Ōsaka" in "\n".join(message.content for message in brain.requests[-1].messages)
    first = sample("Finn").lore[0]
    twice = await world.admin.slash(
        world.general, "admin identity change", kind="lore", what="moved to Ōsaka", text=first
    )
    assert words_of(twice).startswith("This line is there already")


async def test_a_persona_has_an_end(world: World) -> None:
    kept = await world.app.personas.active()
    assert kept is not None
    full = tuple(f"trait {number}" for number in range(40))
    await world.app.personas.change(kept.id, kept.persona.model_copy(update={"traits": full}))
    result = await world.admin.slash(world.general, "admin identity add", kind="traits", text="one more")
    assert "traits" in words_of(result)
    assert "it is not your fault" not in words_of(result)
    blank = await world.admin.slash(world.general, "admin identity add", kind="lore", text="   ")
    assert "it is not your fault" not in words_of(blank)
    assert await world.app.personas.get(kept.id) == (await world.app.personas.active())


# --- other servers' people ----------------------------------------------------------------------------


async def test_feelings_for_people_of_other_servers_are_out_of_reach(world: World) -> None:
    await knows(world, world.ada, "my dog is called Rex")
    island = world.env.create_guild(name="Island", owner=world.env.create_user("Ivo"))
    beach = island.create_text_channel("beach")
    ivo = type(world.captain)(world.env, island, island.owner)
    for path, options in (
        ("show", {}),
        ("set", {"kind": "anger", "value": 9}),
        ("reset", {}),
    ):
        result = await ivo.slash(beach, f"admin relationship {path}", person=world.ada.user, **options)
        assert words_of(result) == "Ada is not on this server. Choose somebody who is here."


# --- what Discord offers, used past its list ----------------------------------------------------------


async def test_choices_that_discord_does_not_offer_break_nothing(world: World) -> None:
    await chats(world, world.ada, "hello")
    for path, options in (
        ("admin identity list", {"kind": "jokes"}),
        ("admin persona change", {"kind": "jokes", "value": "x"}),
        ("admin relationship set", {"person": world.ada, "kind": "jokes", "value": 3}),
        ("admin mood set", {"kind": "jokes", "value": 3}),
        ("admin persona choose", {"where": "jokes"}),
    ):
        result = await invoke(world.admin, world.general, path, **options)
        assert result.acknowledged
        assert "it is not your fault" not in words_of(result)
    desk = world.guild.create_text_channel("help")
    made = await invoke(world.captain, world.general, "tickets setup", channel=desk, kind="jokes")
    assert words_of(made).startswith("People can open tickets in")


async def test_only_people_use_commands(world: World) -> None:
    result = await invoke(world.beep, world.general, "help")
    assert words_of(result).startswith("Only people can use commands.")


async def test_suggestions_are_for_those_who_may_use_the_command(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await knows(world, world.ada, "my dog is called Rex")
    from simcord.actors import _dispatch_actor_interaction
    from simcord.enums import InteractionType

    root = world.env.backend.find_command("admin", world.guild.id)
    focused = {"name": "what", "type": 3, "value": "", "focused": True}
    kind = {"name": "kind", "type": 3, "value": "traits"}
    below = {
        "name": "identity",
        "type": 2,
        "options": [{"name": "remove", "type": 1, "options": [kind, focused]}],
    }
    data = {"id": root["id"], "name": "admin", "type": 1, "options": [below]}
    result = await _dispatch_actor_interaction(
        world.ada, InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE, world.general, data
    )
    assert result.acknowledged
    assert sample("Finn").traits[0] not in str(result.__dict__)


async def test_suggestions_that_get_lost_are_no_trouble(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062)
    await world.ada.autocomplete(world.general, "help", "command", "po")
    assert [record.message for record in caplog.records if record.levelno >= 40] == []


async def test_suggestions_that_break_are_the_hosts_to_see(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(type(world.app.personas), "every", breaks)
    await world.admin.autocomplete(world.general, "admin persona choose", "persona", "")
    assert any("suggestions for admin failed" in record.message for record in caplog.records)


# --- the tree as it is sent ---------------------------------------------------------------------------


async def test_what_is_sent_is_what_the_terminal_prints(world: World) -> None:
    from bot.commands.page import as_sent

    assert await as_sent() == await payload(world.env.bot.tree)


async def test_the_activity_of_a_server_is_its_own(world: World) -> None:
    await world.app.store.run(
        seen, StoredChannel("discord", 999, 5, "elsewhere", True, world.app.config.clock.now())
    )
    result = await world.ada.slash(world.general, "server stats")
    assert words_of(result) == "I have seen no messages in these days."

"""What those who run a server choose, and what follows from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simcord.actors import _dispatch_actor_interaction
from simcord.enums import InteractionType

from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.conversation.opportunity import Opportunity, opportunity
from core.conversation.record import stored
from core.fair_share import PERSON_RATE
from core.server.choices import Chosen, Here, choices_for, here
from core.words import Text
from db import channel_settings, messages
from tests.bot.commands.acquainted import chats
from tests.bot.conftest import turns_ended
from tests.support.harbour import World
from tests.support.slash import invoke, words_of

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


async def now_here(world: World, channel: Any, person: Any, local: datetime = NOON) -> Here:
    chosen = await world.app.store.read(choices_for, "discord", world.guild.id, channel.id, None, person.id)
    return here(chosen, NOON, local)


async def test_the_bot_is_silenced_in_one_channel_and_wakes_again(world: World) -> None:
    assert (await now_here(world, world.general, world.ada)).active
    result = await world.captain.slash(world.general, "settings deactivate")
    assert words_of(result) == f"I stay silent in {world.general.mention} now."
    assert not (await now_here(world, world.general, world.ada)).active
    assert (await now_here(world, world.logbook, world.ada)).active
    result = await world.captain.slash(world.logbook, "settings activate", channel=world.general)
    assert words_of(result) == f"I talk in {world.general.mention} now."
    assert (await now_here(world, world.general, world.ada)).active
    assert await world.deeds() == ["settings", "settings"]


async def test_on_a_careful_server_it_talks_only_where_it_was_activated(world: World) -> None:
    result = await world.captain.slash(world.general, "settings answers", where="activated")
    assert words_of(result) == "I talk only where I was activated."
    assert not (await now_here(world, world.general, world.ada)).active
    await world.captain.slash(world.general, "settings activate")
    assert (await now_here(world, world.general, world.ada)).active
    result = await world.captain.slash(world.general, "settings answers", where="everywhere")
    assert words_of(result) == "I talk everywhere but where I was deactivated."
    assert (await now_here(world, world.logbook, world.ada)).active


async def test_a_deactivated_channel_gets_no_reply(world: World) -> None:
    await world.captain.slash(world.general, "settings answers", where="activated")
    await world.ada.send(world.general, f"hi <@{world.bot_id}>")
    await turns_ended(world.app, 1)
    assert not (await world.app.feed.recent())[0].replied
    await world.captain.slash(world.general, "settings activate")
    await world.ada.send(world.general, f"hi <@{world.bot_id}>")
    await turns_ended(world.app, 2)
    assert (await world.app.feed.recent())[0].replied


async def test_talkativeness_is_chosen_and_taken_back(world: World) -> None:
    result = await world.captain.slash(world.general, "settings talkativeness", value=0)
    assert words_of(result) == f"Talkativeness in {world.general.mention}: 0"
    assert (await now_here(world, world.general, world.ada)).talkativeness == 0
    result = await world.captain.slash(world.general, "settings talkativeness")
    assert words_of(result) == f"Talkativeness in {world.general.mention}: as everywhere"
    assert (await now_here(world, world.general, world.ada)).talkativeness is None


async def test_it_begins_nothing_by_itself_until_it_may(world: World) -> None:
    assert not (await now_here(world, world.general, world.ada)).proactive
    await world.captain.slash(world.general, "settings proactive", on=True, cap=2)
    chosen = await now_here(world, world.general, world.ada)
    assert (chosen.proactive, chosen.daily_cap) == (True, 2)
    result = await world.captain.slash(world.general, "settings proactive", on=False)
    assert words_of(result) == f"In {world.general.mention} I wait until somebody talks."
    chosen = await now_here(world, world.general, world.ada)
    assert (chosen.proactive, chosen.daily_cap) == (False, None)


async def test_quiet_hours_may_go_past_midnight(world: World) -> None:
    result = await world.captain.slash(world.general, "settings quiet", begin="22:30", end="7:00")
    assert words_of(result) == f"{world.general.mention} is quiet from 22:30 to 07:00."
    for hour, minute, quiet in ((22, 29, False), (22, 30, True), (3, 0, True), (6, 59, True), (7, 0, False)):
        local = NOON.replace(hour=hour, minute=minute)
        assert (await now_here(world, world.general, world.ada, local)).quiet is quiet
    result = await world.captain.slash(world.general, "settings quiet")
    assert words_of(result) == f"{world.general.mention} has no quiet hours."
    assert not (await now_here(world, world.general, world.ada, NOON.replace(hour=23))).quiet
    shown = words_of(await world.captain.slash(world.general, "settings show"))
    assert "Quiet hours: –" in shown


async def test_quiet_hours_hold_it_back(world: World) -> None:
    """What is chosen by command is what counts when it looks whether it may speak up."""
    await world.captain.slash(world.general, "settings proactive", on=True)
    shown = words_of(await world.captain.slash(world.general, "settings show"))
    assert "Quiet hours: 23:00–08:00" in shown
    now = world.app.config.clock.now()
    where = Place(Realm.DISCORD, world.general.id, "general", world.guild.id, "Harbour")
    heard = IncomingMessage(77, where, Author(world.ada.id, "Ada"), "what a day", now)
    await world.app.store.run(messages.record, stored(heard))
    local = now.astimezone(world.app.config.zone)
    before, after = (f"{local + timedelta(minutes=by):%H:%M}" for by in (-20, 20))
    await world.captain.slash(world.general, "settings quiet", begin=before, end=after)
    assert str(await chance_to_speak(world)) == "these are the quiet hours in #general"
    await world.captain.slash(world.general, "settings quiet", begin=after, end=before)
    assert isinstance(await chance_to_speak(world), Opportunity)
    await world.captain.slash(world.general, "settings quiet", begin=before, end=after)
    await world.captain.slash(world.general, "settings quiet")
    assert isinstance(await chance_to_speak(world), Opportunity)


async def chance_to_speak(world: World) -> Opportunity | Text:
    every = await world.app.store.run(channel_settings.every, "discord")
    return await opportunity(
        next(each for each in every if each.channel_id == world.general.id), world.app.desk
    )


@pytest.mark.parametrize("options", [{"begin": "25:00", "end": "7:00"}, {"begin": "22:00"}, {"end": "late"}])
async def test_a_time_of_day_that_is_none_is_asked_for_again(world: World, options: dict[str, Any]) -> None:
    result = await world.captain.slash(world.general, "settings quiet", **options)
    assert words_of(result).startswith("This is no time of day: ")


async def test_a_channel_has_its_language(world: World) -> None:
    offered = await world.captain.autocomplete(world.general, "settings language", "language", "deu")
    assert {"name": "Deutsch", "value": "de"}.items() <= offered[0].items()
    result = await world.captain.slash(world.general, "settings language", language="de")
    assert words_of(result) == f"In {world.general.mention} I speak Deutsch."
    assert (await now_here(world, world.general, world.ada)).language == "de"
    wrong = await world.captain.slash(world.general, "settings language", language="Klingon, please")
    assert words_of(wrong).startswith("I do not know this language: “Klingon, please”.")
    result = await world.captain.slash(world.general, "settings language")
    assert words_of(result) == f"In {world.general.mention} I speak as I am spoken to."
    assert (await now_here(world, world.general, world.ada)).language == ""


async def test_the_bot_does_not_listen_to_whom_it_shall_not(world: World) -> None:
    result = await world.captain.slash(world.general, "settings people block", person=world.ada)
    assert words_of(result) == "I do not listen to Ada here any more."
    assert (await now_here(world, world.general, world.ada)).shut_out
    assert not (await now_here(world, world.general, world.bob)).shut_out
    await world.captain.slash(world.general, "settings people allow", person=world.bob)
    assert (await now_here(world, world.general, world.mate)).shut_out
    assert not (await now_here(world, world.general, world.bob)).shut_out
    shown = words_of(await world.captain.slash(world.general, "settings people list"))
    assert "Blocked: Ada" in shown
    assert "Allowed: Bob" in shown
    for person in (world.ada, world.bob):
        await world.captain.slash(world.general, "settings people remove", person=person)
    nobody = await world.captain.slash(world.general, "settings people remove", person=world.ada)
    assert words_of(nobody) == "Ada is on no list."
    for person in (world.ada, world.bob, world.mate):
        assert not (await now_here(world, world.general, person)).shut_out


async def test_who_is_blocked_gets_no_reply_and_who_is_not_allowed_neither(world: World) -> None:
    await world.captain.slash(world.general, "settings people block", person=world.ada)
    assert not await is_answered(world, world.ada)
    assert await is_answered(world, world.bob)
    await world.captain.slash(world.general, "settings people allow", person=world.bob)
    assert await is_answered(world, world.bob)
    assert not await is_answered(world, world.mate)  # never met before
    assert not await is_answered(world, world.ada)
    for person in (world.ada, world.bob):
        await world.captain.slash(world.general, "settings people remove", person=person)
    assert await is_answered(world, world.ada)


async def is_answered(world: World, who: Any) -> bool:
    await chats(world, who, "are you there?")
    return (await world.app.feed.recent())[0].replied


async def test_who_writes_more_than_the_host_allows_is_answered_later(world: World) -> None:
    await world.app.settings.put(PERSON_RATE, 1)
    await chats(world, world.ada, "hello")
    first = world.general.last_message
    said = await chats(world, world.ada, "and again")
    assert world.general.last_message.id == said.id
    reasons = [str(turn.reason) for turn in await world.app.feed.recent()]
    assert "this person writes too much just now" in reasons
    await chats(world, world.bob, "me too")
    assert world.general.last_message.author.id == first.author.id


async def test_it_cannot_be_told_not_to_listen_to_itself(world: World) -> None:
    for act in ("block", "allow"):
        result = await world.captain.slash(world.general, f"settings people {act}", person=world.me)
        assert words_of(result).startswith("That would be me")


async def test_the_log_channel_is_chosen_and_given_up(world: World) -> None:
    result = await world.captain.slash(world.general, "settings modlog", channel=world.logbook)
    assert words_of(result) == f"What moderators do is posted in {world.logbook.mention}."
    assert world.logbook.last_message.embeds[0].title == "Settings changed"
    result = await world.captain.slash(world.general, "settings modlog")
    assert words_of(result) == "What moderators do is posted nowhere."
    seen = len(world.logbook.history())
    await world.captain.slash(world.general, "warn", person=world.ada, reason="noise")
    assert len(world.logbook.history()) == seen


async def test_a_log_channel_that_takes_nothing_stops_nothing(world: World) -> None:
    await world.captain.slash(world.general, "settings modlog", channel=world.logbook)
    world.env.inject_error("POST", f"/channels/{world.logbook.id}/messages", status=403, code=50001)
    result = await world.captain.slash(world.general, "warn", person=world.ada, reason="noise")
    assert words_of(result).startswith("Ada was warned.")


async def test_what_was_chosen_can_be_seen(world: World) -> None:
    await world.captain.slash(world.general, "settings quiet", begin="22:00", end="07:00")
    await world.captain.slash(world.general, "settings language", language="Français")
    shown = words_of(await world.captain.slash(world.general, "settings show"))
    assert "Quiet hours: 22:00–07:00" in shown
    assert "Language: Français" in shown
    assert "I talk here: yes" in shown


ALL: dict[str, dict[str, Any]] = {
    "settings show": {},
    "settings activate": {},
    "settings deactivate": {},
    "settings answers": {"where": "everywhere"},
    "settings talkativeness": {"value": 3},
    "settings proactive": {"on": True},
    "settings quiet": {},
    "settings language": {"language": "de"},
    "settings modlog": {},
    "settings people block": {"person": "bob"},
    "settings people allow": {"person": "bob"},
    "settings people remove": {"person": "bob"},
    "settings people list": {},
}


@pytest.mark.parametrize("path", ALL)
async def test_only_who_runs_the_server_chooses_and_only_there(world: World, path: str) -> None:
    options = {name: world.bob if value == "bob" else value for name, value in ALL[path].items()}
    result = await invoke(world.ada, world.general, path, **options)
    assert words_of(result).startswith("You may not do this here: it needs Manage Server.")
    plain = {name: getattr(value, "user", value) for name, value in options.items()}
    result = await invoke(world.captain.user, world.captain.user.dm_channel, path, **plain)
    assert words_of(result).startswith("This only works on a server.")
    assert await world.deeds() == []


async def test_while_typing_nothing_is_offered_to_who_may_not(world: World) -> None:
    denied = await autocomplete_past_the_list(world, world.ada, "language", "d")
    assert denied == []


async def autocomplete_past_the_list(world: World, actor: Any, option: str, typed: str) -> Any:
    root = world.env.backend.find_command("settings", world.guild.id)
    below = [{"name": option, "type": 3, "value": typed, "focused": True}]
    data = {
        "id": root["id"],
        "name": "settings",
        "type": 1,
        "options": [{"name": "language", "type": 1, "options": below}],
    }
    result = await _dispatch_actor_interaction(
        actor, InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE, world.general, data
    )
    return result.autocomplete_choices


async def test_settings_are_for_channels_where_people_talk(world: World) -> None:
    stage = world.guild.create_stage_channel("stage")
    result = await invoke(world.captain, stage, "settings deactivate")
    assert words_of(result).startswith("This does not work in this kind of channel.")
    result = await invoke(world.captain, stage, "purge", amount=5)
    assert words_of(result).startswith("This does not work in this kind of channel.")


async def test_a_person_for_whom_nothing_was_chosen_is_met_in_a_direct_chat_all_the_same(
    world: World,
) -> None:
    chosen = await world.app.store.read(choices_for, "discord", None, 5, None, world.ada.id)
    assert here(chosen, NOON, NOON) == Here()


def test_a_pause_is_over_when_its_time_has_come() -> None:
    for until, muted in ((NOON.timestamp() + 1, True), (NOON.timestamp(), False), (NOON.isoformat(), False)):
        assert here(Chosen({}, {"muted_until": until}), NOON, NOON).muted is muted

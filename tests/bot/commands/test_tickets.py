"""Tickets: opened, taken care of, closed with a transcript; their buttons outlive a restart."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from tests.support.harbour import World, client_of
from tests.support.slash import invoke, words_of


async def set_up(world: World, kind: str = "thread", role: bool = True) -> Any:
    """Tickets in #help; the mates take care of them. Answers the message with the button."""
    desk = world.guild.create_text_channel("help")
    more = {"role": world.guild.roles["Mates"]} if role else {}
    result = await world.captain.slash(world.general, "tickets setup", channel=desk, kind=kind, **more)
    assert words_of(result) == f"People can open tickets in {desk.mention} now."
    return desk


async def opened(world: World, actor: Any, desk: Any, subject: str = "I lost my key") -> Any:
    """Open a ticket by the button; answers the place."""
    shown = await actor.click(desk.history()[0], custom_id="ticket:open")
    (row,) = shown.modal["components"]
    field = row.get("component") or row["components"][0]
    result = await actor.submit_modal(shown, {field["custom_id"]: subject})
    assert "Your ticket is open: <#" in words_of(result)
    return place_in(world, int(words_of(result).split("<#")[1].split(">")[0]))


def place_in(world: World, channel_id: int) -> Any:
    return type(world.general)(world.env, world.guild, world.env.backend.get_channel(channel_id))


def sent_to(world: World, person: Any) -> list[discord.Message]:
    return world.direct(person)


async def test_a_ticket_is_a_thread_that_only_they_see(world: World) -> None:
    desk = await set_up(world)
    place = await opened(world, world.ada, desk, "I *lost* my key")
    assert place.is_thread
    thread = world.env.bot.get_channel(place.id)
    assert thread.is_private()
    card = place.history()[0]
    assert card.embeds[0].title == "Ticket 1"
    assert card.embeds[0].description == "I \\*lost\\* my key"
    assert world.ada.mention in card.content
    assert card.role_mentions[0].name == "Mates"


async def test_somebody_takes_care_and_closes_with_a_transcript(world: World) -> None:
    await world.captain.slash(world.general, "settings modlog", channel=world.logbook)
    desk = await set_up(world)
    place = await opened(world, world.ada, desk)
    await world.ada.send(place, "it was blue", attachments=[("key.png", b"x")])
    card = place.history()[0]
    no = await world.ada.click(card, custom_id="ticket:claim")
    assert words_of(no).startswith("Only those who take care of tickets can do this.")
    taken = await world.captain.click(card, custom_id="ticket:claim")
    assert words_of(taken) == "Cara takes care of this."
    late = await world.captain.click(card, custom_id="ticket:claim")
    assert words_of(late).startswith("Cara takes care of this ticket already.")
    closed = await world.captain.click(card, custom_id="ticket:close")
    assert words_of(closed) == "The ticket is closed."
    thread = world.env.backend.get_channel(place.id)
    assert (thread.thread_metadata.archived, thread.thread_metadata.locked) == (True, True)
    news = sent_to(world, world.ada)[-1]
    assert news.content == "Your ticket 1 on Harbour was closed."
    text = (await news.attachments[0].read()).decode()
    assert "Ticket 1 on Harbour: I lost my key" in text
    assert "Taken care of by Cara" in text
    assert "Ada: it was blue" in text
    assert "key.png" in text
    assert world.logbook.last_message.attachments[0].filename == "ticket-1.txt"
    assert (await world.deeds())[0] == "ticket"


async def test_who_opened_a_ticket_may_close_it_and_others_may_not(world: World) -> None:
    desk = await set_up(world, role=False)
    place = await opened(world, world.ada, desk)
    result = await world.ada.slash(place, "tickets close")
    assert words_of(result) == "The ticket is closed."
    again = await invoke(world.ada, place, "tickets close")
    assert words_of(again).startswith("This is no open ticket.")


async def test_a_stranger_cannot_claim_or_close(world: World) -> None:
    desk = await set_up(world, kind="channel")
    place = await opened(world, world.ada, desk)
    world.env.backend.get_channel(place.id).overwrites.clear()
    for act in ("claim", "close"):
        result = await world.bob.slash(place, f"tickets {act}")
        assert words_of(result).startswith("Only those who take care of tickets can do this.")


async def test_a_ticket_can_be_a_channel_that_is_gone_afterwards(world: World) -> None:
    desk = await set_up(world, kind="channel")
    place = await opened(world, world.ada, desk)
    assert not place.is_thread
    room = world.env.bot.get_channel(place.id)
    assert not room.permissions_for(room.guild.default_role).view_channel
    assert room.name == "ticket-1-ada"
    result = await world.mate.slash(place, "tickets close")
    assert result.acknowledged
    assert world.env.bot.get_channel(place.id) is None
    assert "I lost my key" in (await sent_to(world, world.ada)[-1].attachments[0].read()).decode()


async def test_a_transcript_that_reaches_nobody_is_not_thrown_away(world: World) -> None:
    desk = await set_up(world, kind="channel")
    place = await opened(world, world.ada, desk)
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    result = await world.mate.slash(place, "tickets close")
    assert words_of(result) == "The ticket is closed."
    room = world.env.bot.get_channel(place.id)
    assert room is not None
    hidden = [
        each for each in world.env.backend.get_channel(place.id).overwrites if each.target_id == world.ada.id
    ]
    assert discord.Permissions(hidden[0].deny).view_channel


async def test_the_buttons_work_after_a_restart(world: World) -> None:
    desk = await set_up(world)
    place = await opened(world, world.ada, desk)
    await world.env.restart_bot(client_of(world.app))
    taken = await world.captain.click(place.history()[0], custom_id="ticket:claim")
    assert words_of(taken) == "Cara takes care of this."
    other = await opened(world, world.bob, desk, "me too")
    assert other.history()[0].embeds[0].title == "Ticket 2"


async def test_tickets_by_command(world: World) -> None:
    none = await world.ada.slash(world.general, "tickets open", subject="help")
    assert words_of(none).startswith("This server takes no tickets yet.")
    await set_up(world)
    for _ in range(3):
        result = await world.ada.slash(world.general, "tickets open", subject="help")
        assert words_of(result).startswith("Your ticket is open: ")
    more = await world.ada.slash(world.general, "tickets open", subject="help")
    assert words_of(more).startswith("You have 3 open tickets already.")
    elsewhere = await world.captain.slash(world.general, "tickets claim")
    assert words_of(elsewhere).startswith("This is no open ticket.")
    elsewhere = await world.captain.slash(world.general, "tickets close")
    assert words_of(elsewhere).startswith("This is no open ticket.")


async def test_a_place_that_cannot_be_made_leaves_no_ticket(world: World) -> None:
    await set_up(world)
    world.env.inject_error("POST", "/channels/*/threads", status=400, code=160006, times=4)
    for _ in range(4):
        result = await world.ada.slash(world.general, "tickets open", subject="help")
        assert words_of(result).startswith("Discord refused: ")


async def test_a_ticket_that_could_not_be_put_away_is_open_still(world: World) -> None:
    desk = await set_up(world)
    place = await opened(world, world.ada, desk)
    world.env.inject_error("GET", "/channels/*/messages", status=400, code=0)
    result = await world.captain.slash(place, "tickets close")
    assert words_of(result).startswith("Discord refused: ")
    taken = await world.captain.click(place.history()[0], custom_id="ticket:claim")
    assert words_of(taken) == "Cara takes care of this."


async def test_the_bot_says_what_it_lacks_for_tickets(world: World) -> None:
    bot_role = world.guild.roles["TestBot"]
    denied = discord.PermissionOverwrite(create_private_threads=False, manage_channels=False)
    desk = world.guild.create_text_channel("help", overwrites={bot_role: denied})
    result = await world.captain.slash(world.general, "tickets setup", channel=desk)
    assert words_of(result).startswith("The bot may not do this in #help: Create Private Threads.")
    result = await world.captain.slash(world.general, "tickets setup", channel=desk, kind="channel")
    assert words_of(result).startswith("The bot may not do this in #help: Manage Channels.")


async def test_a_role_that_cannot_be_called_is_pointed_out(world: World) -> None:
    bot_role = world.guild.roles["TestBot"]
    denied = discord.PermissionOverwrite(mention_everyone=False)
    desk = world.guild.create_text_channel("help", overwrites={bot_role: denied})
    mates = world.guild.roles["Mates"]
    result = await world.captain.slash(world.general, "tickets setup", channel=desk, role=mates)
    assert "Mates cannot be mentioned by me" in words_of(result)
    rooms = await world.captain.slash(
        world.general, "tickets setup", channel=desk, role=mates, kind="channel"
    )
    assert words_of(rooms) == f"People can open tickets in {desk.mention} now."


async def test_a_ticket_whose_desk_is_gone(world: World) -> None:
    desk = await set_up(world)
    world.env.backend.delete_channel(desk.id)
    result = await world.ada.slash(world.general, "tickets open", subject="help")
    assert words_of(result).startswith("This server takes no tickets yet.")


async def test_a_ticket_is_closed_when_its_opener_has_left(world: World) -> None:
    desk = await set_up(world, kind="channel")
    place = await opened(world, world.ada, desk)
    world.guild.remove_member(world.ada)
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    result = await world.mate.slash(place, "tickets close")
    assert words_of(result) == "The ticket is closed."
    assert world.env.bot.get_channel(place.id) is not None


async def test_opening_a_ticket_while_discord_is_down_is_said(world: World) -> None:
    desk = await set_up(world)
    world.env.inject_error("POST", "/channels/*/threads", status=403, code=50013)
    shown = await world.ada.click(desk.history()[0], custom_id="ticket:open")
    (row,) = shown.modal["components"]
    field = row.get("component") or row["components"][0]
    result = await world.ada.submit_modal(shown, {field["custom_id"]: "help"})
    assert words_of(result).startswith("Discord does not let me do this")


@pytest.mark.parametrize("act", ["setup", "open", "claim", "close"])
async def test_tickets_belong_to_a_server(world: World, act: str) -> None:
    options = {"open": {"subject": "x"}}.get(act, {})
    result = await invoke(world.ada.user, world.ada.user.dm_channel, f"tickets {act}", **options)
    assert words_of(result).startswith("This only works on a server.")


async def test_only_who_runs_the_server_sets_tickets_up(world: World) -> None:
    result = await invoke(world.ada, world.general, "tickets setup", channel=world.general)
    assert words_of(result).startswith("You may not do this here: it needs Manage Server.")

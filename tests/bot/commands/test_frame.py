"""What every command has in common: words, failures, and when Discord is told of the commands."""

from __future__ import annotations

import logging
from typing import Any

import discord
import pytest
from babel.messages.pofile import read_po
from discord import app_commands

from bot.cogs.menus import Menus
from bot.cogs.moderation import Moderation
from bot.commands import speech
from bot.commands.page import as_sent
from bot.commands.registration import Registration
from bot.commands.speech import OPTIONS, Catalogue, closest
from bot.services import services_of
from core import words
from core.app import App
from core.events import Notice
from db.faults import DiskFull
from tests.support.harbour import World, client_of
from tests.support.slash import invoke, words_of


def puts(world: World) -> list[str]:
    return [it.path for it in world.env.http_requests if it.method == "PUT" and it.path.endswith("/commands")]


# --- telling Discord ------------------------------------------------------------------------------


async def test_discord_is_told_once_and_again_only_when_something_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(puts(world)) == 1
    await world.env.restart_bot(client_of(world.app))
    assert len(puts(world)) == 1
    monkeypatch.setattr(Menus, "menus", lambda self: [])
    await world.env.restart_bot(client_of(world.app))
    assert len(puts(world)) == 2
    await world.env.restart_bot(client_of(world.app))
    assert len(puts(world)) == 2


async def test_commands_can_be_on_some_servers_only(world: World) -> None:
    services = services_of(world.app)
    bot = world.env.bot
    registration = Registration(bot, services.server.registered, services.bus, (world.guild.id,))
    for _ in range(2):
        await registration.tell()
        assert [path.split("/", 3)[-1] for path in puts(world)[1:]] == [
            f"guilds/{world.guild.id}/commands",
            "commands",
        ]
    assert world.env.backend.commands[None] == {}
    result = await world.ada.slash(world.general, "help", command="poll")
    assert words_of(result).startswith("/poll")


async def test_discord_not_listening_is_said_and_tried_again(world: World) -> None:
    heard: list[Notice] = []
    subscription = world.app.bus.listen(Notice, heard.append)
    services = services_of(world.app)
    await services.server.registered.told(world.env.bot.application_id, None, [{"name": "old"}])
    world.env.inject_error("PUT", "/applications/*/commands", status=500)
    registration = Registration(world.env.bot, services.server.registered, services.bus)
    await registration.on_ready()
    assert "Discord was not told of the commands" in str(heard[0].text)
    await registration.on_ready()
    await registration.on_ready()
    assert len(puts(world)) == 3
    subscription.end()


# --- failures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", [RuntimeError("a bug"), DiskFull()])
async def test_a_bug_is_a_sentence_and_a_number_for_the_host(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: Exception
) -> None:
    async def breaks(*args: Any, **kwargs: Any) -> None:
        raise broken

    monkeypatch.setattr(type(services_of(world.app).server.warnings), "of", breaks)
    result = await world.captain.slash(world.general, "warnings list", person=world.ada)
    said = words_of(result)
    assert said.startswith("That did not work, and it is not your fault (number ")
    assert "a bug" not in said
    assert result.ephemeral
    number = said.split("number ")[1][:8]
    (line,) = [
        record for record in caplog.records if record.levelno == logging.ERROR and number in record.message
    ]
    assert line.exc_info is not None
    assert line.exc_info[1] is broken


async def test_a_bug_behind_a_button_is_a_sentence_too(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await world.captain.slash(world.general, "warn", person=world.ada, reason="noise")
    asked = await world.captain.slash(world.general, "warnings clear", person=world.ada)

    async def breaks(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(type(services_of(world.app).server.warnings), "clear", breaks)
    result = await world.captain.click(asked.response, label="Take back")
    assert "it is not your fault" in words_of(result)
    assert any(record.levelno == logging.ERROR for record in caplog.records)


async def test_a_command_that_is_no_more_says_so(world: World) -> None:
    world.env.bot.tree.remove_command("avatar")
    result = await world.ada.slash(world.general, "avatar")
    assert words_of(result).startswith("This command has changed.")
    world.env.bot.tree.remove_command("Report", type=discord.AppCommandType.message)
    message = await world.bob.send(world.general, "hello")
    result = await world.ada.context_menu(world.general, "Report", message)
    assert words_of(result).startswith("This command has changed.")


async def test_an_answer_that_comes_too_late_harms_nobody(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062)
    result = await world.captain.slash(world.general, "kick", person=world.ada)
    assert not result.acknowledged
    assert world.ada.id in world.guild.member_ids()
    world.env.inject_error("POST", "/webhooks/*/*", status=401, code=50027)
    await world.captain.slash(world.general, "kick", person=world.bob)
    assert world.bob.id not in world.guild.member_ids()
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_button_pressed_after_a_quarter_of_an_hour_is_no_trouble(world: World) -> None:
    await world.captain.slash(world.general, "warn", person=world.ada, reason="noise")
    asked = await world.captain.slash(world.general, "warnings clear", person=world.ada)
    await world.env.advance_time(16 * 60)
    assert words_of(await world.captain.slash(world.general, "warnings list", person=world.ada)) != ""
    assert asked.response is not None


async def test_an_answer_that_is_lost_is_only_noted(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback", status=500, times=2)
    await world.captain.slash(world.general, "mute", person=world.ada, length="soon")
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


# --- reporting a message --------------------------------------------------------------------------


async def test_a_reported_message_reaches_moderators_and_host(world: World) -> None:
    heard: list[Notice] = []
    subscription = world.app.bus.listen(Notice, heard.append)
    await world.captain.slash(world.general, "settings modlog", channel=world.logbook)
    message = await world.bob.send(world.general, "something rude")
    shown = await world.ada.context_menu(world.general, "Report", message)
    (row,) = shown.modal["components"]
    field = row.get("component") or row["components"][0]
    result = await world.ada.submit_modal(shown, {field["custom_id"]: "this is rude"})
    assert words_of(result) == "Thank you. Those who run this server have been told."
    assert result.ephemeral
    assert str(heard[0].text) == "Ada reported a message of Bob on Harbour: this is rude"
    assert world.logbook.last_message.embeds[0].title == "Message reported"
    assert (await world.deeds())[0] == "report Bob"
    subscription.end()


# --- words ----------------------------------------------------------------------------------------


def every_string(commands: list[dict[str, Any]]) -> set[str]:
    found = set()
    for command in commands:
        found |= {command["name"], command.get("description", "")} - {""}
        found |= {choice["name"] for choice in command.get("choices", [])}
        found |= every_string(command.get("options", []))
    return found


async def test_every_word_of_the_commands_can_be_translated() -> None:
    with (words.TRANSLATIONS / "echodeck.pot").open("rb") as file:
        known = {message.id for message in read_po(file)}
    assert every_string(await as_sent()) - known == set(), "run: make i18n, and see OPTIONS in speech.py"
    assert {text.key for text in OPTIONS} <= known


async def test_what_is_sent_fits_discords_limits() -> None:
    sent = await as_sent()
    assert len([each for each in sent if each["type"] == 1]) <= 100
    assert len([each for each in sent if each["type"] == 3]) <= 5
    for command in sent:
        for text in every_string([command]):
            assert len(text) <= 100
    guarded = {each["name"]: each for each in sent}
    assert guarded["kick"]["contexts"] == [0]
    assert guarded["kick"]["default_member_permissions"] == discord.Permissions(kick_members=True).value
    assert guarded["avatar"]["contexts"] == [0, 1]
    assert all(each["integration_types"] == [0] for each in sent)


async def test_names_and_answers_are_in_the_language_of_who_asks(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    german = {
        "kick": "Rauswurf",
        "Whom": "Wen",
        "Report": "Melden",
        "person": "Wer ?",
        "That would be yourself.": "Das",
    }
    monkeypatch.setattr(speech, "languages", lambda: ["en", "de"])
    monkeypatch.setattr(words, "_catalogue", lambda language: _Dictionary(german if language == "de" else {}))
    sent = {each["name"]: each for each in await as_sent()}
    assert sent["kick"]["name_localizations"] == {"de": "rauswurf"}
    assert sent["kick"]["options"][0]["description_localizations"] == {"de": "Wen"}
    assert sent["kick"]["options"][0].get("name_localizations") is None  # Discord takes no such name
    assert sent["Report"]["name_localizations"] == {"de": "Melden"}
    assert closest(discord.Locale.german) == "de"
    assert closest(discord.Locale.japanese) == "en"


class _Dictionary:
    def __init__(self, known: dict[str, str]) -> None:
        self._known = known

    def gettext(self, key: str) -> str:
        return self._known.get(key, key)


async def test_a_catalogue_says_nothing_where_there_is_nothing_to_say(app: App) -> None:
    context = app_commands.TranslationContext(
        app_commands.TranslationContextLocation.command_name, Moderation.kick
    )
    word = app_commands.locale_str("kick")
    assert await Catalogue().translate(word, discord.Locale.finnish, context) is None
    assert await Catalogue().translate(word, discord.Locale.american_english, context) is None


@pytest.mark.parametrize("days", [0, -1, 91, 2**31, 2**53])
async def test_a_number_that_discord_would_not_take_is_refused_here_too(world: World, days: int) -> None:
    result = await invoke(world.ada, world.general, "server stats", days=days)
    assert words_of(result).startswith("That number is not possible here: it goes from 7 to 90.")

"""Buttons: those of an answer, pressed twice, by others, too late, or after a restart."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from simcord.actors import _component_interaction

from bot.quiet import CUSTOM_ID, quiet_view
from db import channel_settings
from tests.support.harbour import World, client_of
from tests.support.slash import words_of

OVER = "These buttons have done their work or waited too long. Use the command again."


async def asked(world: World) -> Any:
    """A question that waits: shall all warnings of Ada be taken back?"""
    await world.captain.slash(world.general, "warn", person=world.ada, reason="noise")
    return await world.captain.slash(world.general, "warnings clear", person=world.ada)


async def press(world: World, actor: Any, message: Any, custom_id: str) -> Any:
    """Press a button that Discord still shows to somebody, whatever has become of it."""
    stored = world.env.backend.get_message(message.channel_id, message.id)
    return await _component_interaction(actor, stored, {"custom_id": custom_id, "component_type": 2})


def ids(message: Any) -> list[str]:
    return [button["custom_id"] for row in message.components for button in row["components"]]


async def test_a_question_is_answered_once(world: World) -> None:
    question = await asked(world)
    yes, _ = ids(question.response)
    await world.captain.click(question.response, custom_id=yes)
    assert words_of(question) == "All warnings of Ada were taken back."
    assert question.response.components == []
    again = await press(world, world.captain, question.response, yes)
    assert words_of(again) == OVER
    assert again.ephemeral
    assert await world.deeds() == ["unwarn Ada", "warn Ada"]


async def test_what_was_cancelled_is_not_done(world: World) -> None:
    question = await asked(world)
    yes, no = ids(question.response)
    await world.captain.click(question.response, custom_id=no)
    assert words_of(question) == "Nothing was changed."
    assert words_of(await press(world, world.captain, question.response, yes)) == OVER
    assert await world.deeds() == ["warn Ada"]


async def test_a_question_from_before_a_restart_is_over(world: World) -> None:
    question = await asked(world)
    yes, _ = ids(question.response)
    await world.env.restart_bot(client_of(world.app))
    assert words_of(await press(world, world.captain, question.response, yes)) == OVER
    assert await world.deeds() == ["warn Ada"]


async def test_a_form_from_before_a_restart_is_over(world: World) -> None:
    message = await world.bob.send(world.general, "something rude")
    shown = await world.ada.context_menu(world.general, "Report", message)
    (row,) = shown.modal["components"]
    field = row.get("component") or row["components"][0]
    await world.env.restart_bot(client_of(world.app))
    result = await world.ada.submit_modal(shown, {field["custom_id"]: "rude"})
    assert words_of(result) == OVER
    assert await world.deeds() == []


async def test_buttons_that_nobody_presses_go_away(world: World) -> None:
    question = await asked(world)
    yes, _ = ids(question.response)
    await world.env.advance_time(200)
    assert question.response.components == []
    assert words_of(await press(world, world.captain, question.response, yes)) == OVER


async def test_two_questions_at_once_do_it_once(world: World) -> None:
    first = await asked(world)
    second = await world.captain.slash(world.general, "warnings clear", person=world.ada)
    await world.captain.click(first.response, label="Take back")
    await world.captain.click(second.response, label="Take back")
    assert words_of(second) == "Ada has no warnings."
    assert await world.deeds() == ["unwarn Ada", "warn Ada"]


async def test_a_question_about_what_went_meanwhile(world: World) -> None:
    """Two want to put a persona away: the last one stays; what a dialog is about may be gone."""
    await world.admin.slash(world.general, "admin persona new", what="Wilma")
    first = await world.admin.slash(world.general, "admin persona delete", persona="Wilma")
    second = await world.owner.slash(world.general, "admin persona delete", persona="Finn")
    line = await world.admin.slash(world.general, "admin identity remove", kind="traits", what="1")
    same = await world.admin.slash(world.general, "admin identity remove", kind="traits", what="1")
    await world.admin.click(first.response, label="Put away")
    refused = await world.owner.click(second.response, label="Put away")
    assert "This is the only persona there is." in words_of(refused)
    await world.admin.click(line.response, label="Remove")
    gone = await world.admin.click(same.response, label="Remove")
    assert "There is no such line" in words_of(gone)
    third = await world.admin.slash(world.general, "admin identity remove", kind="traits", what="1")
    kept = await world.app.personas.active()
    assert kept is not None
    await world.app.personas.add(kept.persona.model_copy(update={"name": "Otis"}))
    await world.app.personas.archive(kept.id)
    away = await world.admin.click(third.response, label="Remove")
    assert "Finn" in words_of(away)
    assert "Otis" in words_of(away)


async def test_a_memory_that_went_while_it_was_asked_about(world: World) -> None:
    await world.ada.send(world.general, f"<@{world.bot_id}> hello")
    await world.admin.slash(world.general, "admin memories add", person=world.ada, text="Ada plays the tuba")
    offered = await world.admin.autocomplete(
        world.general, "admin memories delete", "number", "tub", person=world.ada
    )
    number = offered[0]["value"]
    first = await world.admin.slash(world.general, "admin memories delete", person=world.ada, number=number)
    second = await world.admin.slash(world.general, "admin memories delete", person=world.ada, number=number)
    await world.admin.click(first.response, label="Forget")
    gone = await world.admin.click(second.response, label="Forget")
    assert f"There is no memory number {number} here." in words_of(gone)


async def test_the_button_for_quiet_leaves_a_channel_in_peace(world: World) -> None:
    channel = world.env.bot.get_channel(world.general.id)
    message = await channel.send("I feel like talking", view=quiet_view())
    result = await world.ada.click(message, custom_id=CUSTOM_ID)
    assert words_of(result) == "All right: nothing unasked in here for a day."
    assert result.ephemeral
    kept = await world.app.store.read(channel_settings.get, "discord", world.general.id)
    assert kept["proactive"]["not_before"] > world.app.config.clock.now().isoformat()
    shown = await world.captain.slash(world.general, "settings show")
    assert "I begin by myself: no" in words_of(shown)


async def test_a_button_for_quiet_that_breaks_is_a_sentence(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    channel = world.env.bot.get_channel(world.general.id)
    message = await channel.send("I feel like talking", view=quiet_view())

    async def breaks(*args: Any) -> None:
        raise RuntimeError

    for view in world.env.bot.persistent_views:
        monkeypatch.setattr(view, "_mute", breaks)
    result = await world.ada.click(message, custom_id=CUSTOM_ID)
    assert words_of(result).startswith("That did not work, and it is not your fault")
    assert any(record.levelno == logging.ERROR for record in caplog.records)


async def test_buttons_under_a_message_that_is_gone_harm_nobody(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await asked(world)
    world.env.inject_error("*", "/webhooks/*/*/messages/*", status=404, code=10008)
    await world.env.advance_time(200)
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []

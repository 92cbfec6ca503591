"""How a command answers, once and never twice, and what people see when it fails."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import discord
from discord import app_commands

from bot.commands.speech import retold, speak
from bot.faults import DISCORD, named
from core.errors import EchodeckError, explain
from core.server.refusals import CommandBroke, CommandOutdated, DiscordForbids, PersonAbsent
from core.words import say

log = logging.getLogger(__name__)

LONGEST = 1900  # characters; Discord takes 2,000
# Discord's codes for an interaction that has run out (after 3 seconds unanswered, or 15 minutes).
_UNKNOWN_WEBHOOK, _UNKNOWN_INTERACTION, _INVALID_TOKEN = 10015, 10062, 50027
_MISSING_PERMISSIONS = 50013
_GONE = (_UNKNOWN_WEBHOOK, _UNKNOWN_INTERACTION, _INVALID_TOKEN)


async def thinking(interaction: discord.Interaction, *, private: bool = True) -> None:
    """Tell Discord that the answer takes a moment. Stands before anything slow; harmless when done before.

    Args:
        private: only who used the command will see the answer.
    """
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=private, thinking=True)


async def answer(
    interaction: discord.Interaction, text: str = "", *, private: bool = True, **more: Any
) -> discord.Message | None:
    """Answer a command, whether or not it was deferred; what is too long is cut.

    Args:
        private: only who used the command sees it (what was deferred stays as it was deferred).
        more: `embed`, `view`, `file`, `poll` as discord.py takes them.

    Returns:
        The message, where Discord names it.
    """
    words = retold(interaction, text)
    words = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
    if view := more.get("view"):
        remember(interaction, view)
    if not interaction.response.is_done():
        sent = await interaction.response.send_message(words, ephemeral=private, **more)
        return sent.resource if isinstance(sent.resource, discord.Message) else None
    return await interaction.followup.send(words, ephemeral=private, wait=True, **more)


async def ask(interaction: discord.Interaction, form: discord.ui.Modal) -> None:
    """Show a form."""
    remember(interaction, form)
    await interaction.response.send_modal(form)


def remember(interaction: discord.Interaction, view: Any) -> None:
    """A view that waits for people ends with the connection."""
    waiting = getattr(interaction.client, "waiting_views", None)
    if waiting is not None:
        waiting.add(view)


@asynccontextmanager
async def answering(interaction: discord.Interaction) -> AsyncIterator[None]:
    """For buttons and forms: their person's language, and a sentence instead of an exception."""
    speak(interaction)
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, the person reads a sentence
        await complain(interaction, error)


async def complain(interaction: discord.Interaction, error: BaseException) -> None:
    """Tell a person why something was not done. What nobody expected is logged under a number they are
    given."""
    cause = _cause(error)
    if is_gone(cause):
        log.info("an answer came too late for Discord: %s", _what(interaction))
        return
    told = _told(interaction, cause)
    if interaction.type is discord.InteractionType.autocomplete:
        return
    try:
        await answer(interaction, f"{say(told.what)} {say(told.step)}")
    except DISCORD as lost:
        log.info("%s could not be answered: %s", _what(interaction), type(lost).__name__)


def is_gone(error: BaseException) -> bool:
    """Has the interaction run out, or was it answered by somebody else?"""
    if isinstance(error, discord.InteractionResponded):
        return True
    return isinstance(error, discord.HTTPException) and error.code in _GONE


def _told(interaction: discord.Interaction, cause: BaseException) -> EchodeckError:
    if isinstance(cause, EchodeckError):
        return cause
    if isinstance(cause, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return CommandOutdated()
    if isinstance(cause, app_commands.TransformerError):
        return _unfit(cause)
    if isinstance(cause, DISCORD):
        log.info("%s: Discord refused: %s", _what(interaction), cause)
        if isinstance(cause, discord.Forbidden) and cause.code == _MISSING_PERMISSIONS:
            return DiscordForbids()  # it does not say which
        return named(cause, f"#{interaction.channel}")
    number = uuid4().hex[:8]
    log.error("%s failed (%s): %s", _what(interaction), number, explain(cause).what, exc_info=cause)
    return CommandBroke(number=number)


def _unfit(error: app_commands.TransformerError) -> EchodeckError:
    if error.type is discord.AppCommandOptionType.user:
        return PersonAbsent(name=getattr(error.value, "display_name", str(error.value)))
    return CommandOutdated()


def _cause(error: BaseException) -> BaseException:
    """The library wraps what a command raised."""
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


def _what(interaction: discord.Interaction) -> str:
    command = interaction.command
    if command is not None:
        return f"/{command.qualified_name}"
    data: dict[str, Any] = dict(interaction.data or {})
    return str(data.get("custom_id") or data.get("name") or "a command")

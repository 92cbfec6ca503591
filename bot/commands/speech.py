"""The words of commands in the language of who uses them, and in all languages for Discord's own lists."""

from __future__ import annotations

import re

import discord
from discord import app_commands

from core.words import T, Text, languages, say, set_language, speaking

# Names of options, here once for the catalogue. Discord wants them lower-case, without blanks.
OPTIONS = (
    T("person"),
    T("reason"),
    T("length"),
    T("delete"),
    T("number"),
    T("amount"),
    T("contains"),
    T("kind"),
    T("channel"),
    T("question"),
    T("answers"),
    T("several"),
    T("days"),
    T("when"),
    T("what"),
    T("subject"),
    T("role"),
    T("command"),
    T("where"),
    T("value"),
    T("on"),
    T("cap"),
    T("begin"),
    T("end"),
    T("language"),
    T("persona"),
    T("text"),
    T("nickname"),
    T("picture"),
    T("bio"),
)

_NAME = re.compile(r"[-_'\w]{1,32}")
_NAMES = (
    app_commands.TranslationContextLocation.command_name,
    app_commands.TranslationContextLocation.group_name,
    app_commands.TranslationContextLocation.parameter_name,
)
_LONGEST_DESCRIPTION = 100
_LONGEST_MENU_NAME = 32


def words(text: Text) -> app_commands.locale_str:
    """A sentence of the catalogue as Discord's library takes it: `description=words(T("…"))`."""
    return app_commands.locale_str(text.key)


def closest(locale: discord.Locale) -> str:
    """The language we speak that comes closest to one of Discord's; English where none does."""
    spoken = languages()
    wanted = locale.value.replace("-", "_")
    return next((code for code in (wanted, wanted.split("_")[0]) if code in spoken), "en")


def speak(interaction: discord.Interaction) -> None:
    """From here on, in this task, speak the language of who uses a command."""
    set_language(closest(interaction.locale))


class Catalogue(app_commands.Translator):
    """Names and descriptions out of the one gettext catalogue."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        language = closest(locale)
        if language == "en":
            return None
        with speaking(language):
            translated = say(string.message)
        if translated == string.message:
            return None
        return _fit(translated, context)


def _fit(translated: str, context: app_commands.TranslationContextTypes) -> str | None:
    """As much of a translation as Discord takes there; None where it would refuse it."""
    if isinstance(context.data, app_commands.ContextMenu):
        return translated[:_LONGEST_MENU_NAME]
    if context.location in _NAMES:
        name = translated.lower()
        return name if _NAME.fullmatch(name) else None
    return translated[:_LONGEST_DESCRIPTION]

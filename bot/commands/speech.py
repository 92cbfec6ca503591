"""The words of commands in the language of who uses them, and in all languages for Discord's own lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord import app_commands

from core.words import T, Text, house_language, languages, say, set_language, speaking

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
    T("date"),
    T("use"),
)

Node = (
    app_commands.Command[Any, Any, Any]
    | app_commands.Group
    | app_commands.ContextMenu
    | app_commands.Parameter
)

_NAME = re.compile(r"[-_'\w]{1,32}")
_NAMES = (
    app_commands.TranslationContextLocation.command_name,
    app_commands.TranslationContextLocation.group_name,
    app_commands.TranslationContextLocation.parameter_name,
)
_SPOKEN_OF = re.compile(r"(?<![\w/])/[a-z][a-z-]*(?: [a-z][a-z-]*){0,2}")
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


def language_of(guild: discord.Guild | None) -> str:
    """What is spoken to a server as a whole, where no one person is answered: its own language where it has
    chosen one, else the house's. Discord lets only communities choose; all others are English by default."""
    if guild is not None and "COMMUNITY" in guild.features:
        return closest(guild.preferred_locale)
    return house_language()


def retold(interaction: discord.Interaction, text: str) -> str:
    """A sentence that speaks of commands, with the names that its reader knows them by."""
    catalogue = catalogue_of(interaction.client)
    return catalogue.retold(text, closest(interaction.locale)) if catalogue is not None else text


def catalogue_of(client: Any) -> Catalogue | None:
    """The names that a bot's commands have in all languages."""
    translator = getattr(getattr(client, "tree", None), "translator", None)
    return translator if isinstance(translator, Catalogue) else None


def speak(interaction: discord.Interaction) -> None:
    """From here on, in this task, speak the language of who uses a command."""
    set_language(closest(interaction.locale))


class Catalogue(app_commands.Translator):
    """Names and descriptions out of the one gettext catalogue.

    Discord refuses all commands together when two beside each other have the same name, or one has a name
    that is none. Such a translation is left out, and the English name shows.

    Attributes:
        top: the commands and menus that stand in no group.
    """

    def __init__(self) -> None:
        self.top: Sequence[Node] = ()

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        language = closest(locale)
        if language == "en":
            return None
        if context.location in _NAMES and not isinstance(context.data, app_commands.Choice):
            return self._own_name(context.data, language)
        translated = _said(string.message, language)
        return translated[:_LONGEST_DESCRIPTION] if translated is not None else None

    def name_of(self, node: Node, language: str) -> str:
        """A command, group, menu or option as Discord shows it in a language."""
        return self._own_name(node, language) or node.name

    def path_of(self, node: Node, language: str) -> str:
        """A command with the groups it stands in."""
        parent = getattr(node, "parent", None)
        own = self.name_of(node, language)
        return f"{self.path_of(parent, language)} {own}" if parent is not None else own

    def retold(self, text: str, language: str) -> str:
        """A sentence with the commands it speaks of as Discord shows them: `/privacy opt-in`."""
        if language == "en" or "/" not in text:
            return text
        paths = {node.qualified_name: node for node in self._commands()}

        def put(found: re.Match[str]) -> str:
            words = found[0][1:].split(" ")
            for end in range(len(words), 0, -1):
                if (node := paths.get(" ".join(words[:end]))) is not None:
                    return " ".join((f"/{self.path_of(node, language)}", *words[end:]))
            return found[0]

        return _SPOKEN_OF.sub(put, text)

    def _commands(self) -> Iterator[app_commands.Command[Any, Any, Any]]:
        for node in self.top:
            if isinstance(node, app_commands.Group):
                yield from (each for each in node.walk_commands() if isinstance(each, app_commands.Command))
            elif isinstance(node, app_commands.Command):
                yield node

    def _own_name(self, node: Node, language: str) -> str | None:
        name = _name_in(node, language)
        others = (each for each in self._beside(node) if each.name != node.name)
        if name is None or name in {_name_in(each, language) or each.name for each in others}:
            return None
        return name

    def _beside(self, node: Node) -> Sequence[Node]:
        if isinstance(node, app_commands.Parameter):
            return node.command.parameters
        if isinstance(node, app_commands.ContextMenu):
            return [each for each in self.top if getattr(each, "type", None) is node.type]
        if node.parent is not None:
            return node.parent.commands
        return [each for each in self.top if not isinstance(each, app_commands.ContextMenu)]


def _name_in(node: Node, language: str) -> str | None:
    """A name in a language, None where there is none that Discord takes."""
    translated = _said(node.name, language)
    if translated is None:
        return None
    if isinstance(node, app_commands.ContextMenu):
        return translated[:_LONGEST_MENU_NAME]
    name = re.sub(r"\s+", "-", translated.strip().lower())
    return name if _NAME.fullmatch(name) else None


def _said(text: str, language: str) -> str | None:
    with speaking(language):
        translated = say(text)
    return translated if translated and translated != text else None

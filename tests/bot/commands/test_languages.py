"""Commands in the language of who uses them: Discord's own lists, answers, and what is said of commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import discord
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from bot.commands import speech
from bot.commands.page import as_sent
from core import words
from tests.support.harbour import World
from tests.support.slash import words_of

GERMAN = {
    "privacy": "Datenschutz",
    "opt-in": "wieder dabei",
    "opt-out": "raushalten",
    "kick": "rauswerfen",
    "ban": "rauswerfen",
    "mute": "stumm",
    "Whom": "Wen",
    "reason": "Grund!",
    "person": "wer",
    "length": "wer",
    "Report": "Melden",
    "help": "hilfe",
    "lock": "unlock",
    "of bots": "von Bots",
    "That would be yourself.": "Das wärst du selbst.",
    "Choose somebody else.": "Wähle jemand anderen.",
    "Let somebody read only, for a while.": "Jemanden eine Weile nur lesen lassen.",
    "To be heard again, use /privacy opt-in.": "Um wieder gehört zu werden: /privacy opt-in.",
    "Send somebody away; they can come back.": "W" * 120,
}

Names = dict[str, dict[str, Any]]


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small catalogue beside English, in a file as they are shipped."""
    catalog = Catalog(locale="de")
    for english, translated in GERMAN.items():
        catalog.add(english, translated)
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "echodeck.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(words, "TRANSLATIONS", tmp_path)
    forget()
    yield
    forget()


def forget() -> None:
    words.languages.cache_clear()
    words._catalogue.cache_clear()
    words.set_language("en")


@pytest.fixture
async def sent(german: None) -> Names:
    return {each["name"]: each for each in await as_sent()}


def names(each: dict[str, Any]) -> dict[str, str] | None:
    return each.get("name_localizations") or None


async def test_names_are_what_discord_takes(sent: Names) -> None:
    assert names(sent["mute"]) == {"de": "stumm"}
    assert names(sent["Report"]) == {"de": "Melden"}
    privacy = {each["name"]: each for each in sent["privacy"]["options"]}
    assert names(sent["privacy"]) == {"de": "datenschutz"}
    assert names(privacy["opt-in"]) == {"de": "wieder-dabei"}
    person, reason = sent["kick"]["options"]
    assert names(person) == {"de": "wer"}
    assert person["description_localizations"] == {"de": "Wen"}
    assert names(reason) is None  # no name that Discord takes
    assert len(sent["kick"]["description_localizations"]["de"]) == 100
    kinds = next(each for each in sent["purge"]["options"] if each["name"] == "kind")["choices"]
    assert names(next(each for each in kinds if each["value"] == "bots")) == {"de": "von Bots"}


async def test_two_of_a_name_stay_english(sent: Names) -> None:
    """Discord would refuse every command for it."""
    assert names(sent["kick"]) is None
    assert names(sent["ban"]) is None
    assert names(sent["lock"]) is None  # /unlock is called so
    person, length, _ = sent["mute"]["options"]
    assert names(person) is None
    assert names(length) is None


async def test_answers_are_in_the_language_of_who_asks(
    world: World, german: None, in_german: Callable[[], None]
) -> None:
    in_german()
    result = await world.captain.slash(world.general, "kick", person=world.captain)
    assert words_of(result) == "Das wärst du selbst. Wähle jemand anderen."


async def test_a_sentence_names_commands_as_its_reader_knows_them(
    world: World, german: None, in_german: Callable[[], None]
) -> None:
    await world.ada.slash(world.general, "privacy opt-out")
    english = await world.ada.slash(world.general, "companion talk", what="hello")
    assert words_of(english).endswith("To be heard again, use /privacy opt-in.")
    in_german()
    result = await world.ada.slash(world.general, "companion talk", what="hello")
    assert words_of(result).endswith("Um wieder gehört zu werden: /datenschutz wieder-dabei.")


async def test_help_shows_and_understands_both_names(
    world: World, german: None, in_german: Callable[[], None]
) -> None:
    in_german()
    for name in ("mute", "/stumm", "Stumm"):
        shown = words_of(await world.captain.slash(world.general, "help", command=name))
        assert shown.startswith("/stumm\nJemanden eine Weile nur lesen lassen.")
    offered = await world.captain.autocomplete(world.general, "help", "command", "stu")
    assert [(each["name"], each["value"]) for each in offered] == [("/stumm", "mute")]


@pytest.fixture
def in_german(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From here on everybody's Discord is German."""
    from simcord import interactions

    really = interactions.base_payload

    def payload(*args: Any, **kwargs: Any) -> Any:
        record, data = really(*args, **kwargs)
        return record, {**data, "locale": "de"}

    return lambda: monkeypatch.setattr(interactions, "base_payload", payload)


def size(node: dict[str, Any]) -> int:
    """Characters as Discord counts them: names, descriptions and values, the longest language of each."""
    total = 0
    for key in ("name", "description"):
        spoken = [node.get(key, ""), *(node.get(f"{key}_localizations") or {}).values()]
        total += max(len(each) for each in spoken)
    total += len(str(node.get("value", "")))
    return total + sum(size(each) for each in (*node.get("options", ()), *node.get("choices", ())))


async def test_every_command_is_as_small_as_discord_takes_in_all_languages() -> None:
    for command in await as_sent():
        assert size(command) <= 8_000, command["name"]


async def test_in_every_language_names_are_apart_and_as_discord_takes_them() -> None:
    """Also with the catalogues that are shipped."""

    def look(siblings: list[dict[str, Any]]) -> None:
        spoken = {language for each in siblings for language in each.get("name_localizations") or {}}
        for language in spoken:
            shown = [(each.get("name_localizations") or {}).get(language, each["name"]) for each in siblings]
            assert len(set(shown)) == len(shown), (language, shown)
            assert all(len(name) <= 32 for name in shown)
            for each, name in zip(siblings, shown, strict=True):
                assert each["type"] == 3 or (name == name.lower() and " " not in name), name
        for each in siblings:
            look([below for below in each.get("options") or [] if "value" not in below])

    sent = await as_sent()
    for kind in (1, 3):
        look([each for each in sent if each["type"] == kind])


async def test_with_the_catalogue_that_is_shipped_a_german_is_answered_in_german(
    world: World, in_german: Callable[[], None]
) -> None:
    in_german()
    result = await world.captain.slash(world.general, "kick", person=world.captain)
    assert words_of(result) == "Das wärst du selbst. Wähle jemand anderen."
    sent = {each["name"]: each for each in await as_sent()}
    assert sent["help"]["name_localizations"].keys() >= {"de"}
    assert sent["help"]["description_localizations"].keys() >= {"de", "es-ES"}


async def test_what_a_server_reads_together_is_in_its_own_language(monkeypatch: pytest.MonkeyPatch) -> None:
    class Guild:
        features: ClassVar[list[str]] = ["COMMUNITY"]
        preferred_locale = discord.Locale.german

    community, private = Guild(), Guild()
    private.features = []  # type: ignore[misc]
    monkeypatch.setattr(words, "_house", "es")
    assert speech.language_of(community) == "de"  # type: ignore[arg-type]
    assert speech.language_of(private) == "es"  # type: ignore[arg-type]
    assert speech.language_of(None) == "es"

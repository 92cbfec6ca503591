"""Which model answers, and why it is not the one that was chosen."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.errors import NoBrain
from core.llm.brain import Role
from core.llm.catalogue import recommended
from core.llm.machine import GIB, fits
from core.llm.roles import Roles, Wish
from core.llm.starter import StarterBrain
from core.words import say
from tests.support.ollama_replay import OllamaReplay


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaReplay]:
    async with OllamaReplay() as replay:
        yield replay


class Wishes:
    def __init__(self, host: str) -> None:
        self.host, self.model = host, "auto"

    async def __call__(self, role: Role) -> Wish:
        return Wish(self.model, self.host)


@pytest.fixture
async def wishes(ollama: OllamaReplay) -> Wishes:
    return Wishes(ollama.host)


@pytest.fixture
async def roles(wishes: Wishes, tmp_path) -> AsyncIterator[Roles]:
    model = tmp_path / "model.gguf"
    model.write_bytes(b"GGUF")
    opened = Roles(wishes, StarterBrain(["false"], model))
    yield opened
    await opened.close()


async def test_auto_takes_the_largest_that_fits_for_chat_and_the_smallest_for_scoring(
    ollama: OllamaReplay, roles: Roles
) -> None:
    ollama.models["big:latest"] = (2 * GIB, "show")
    ollama.models["emb:latest"] = (3 * GIB, "show_emb")
    ollama.models["giant:latest"] = (4000 * GIB, "show")
    chat, scoring = await roles.choose(Role.CHAT), await roles.choose(Role.SCORING)
    assert (chat.brain.name, chat.model, chat.fallback) == ("ollama", "big:latest", None)
    assert scoring.model == "gemma270:latest"
    assert (await roles.choose(Role.EMBEDDING)).model == "emb:latest"


async def test_the_chosen_one_answers_the_very_next_time(
    ollama: OllamaReplay, roles: Roles, wishes: Wishes
) -> None:
    ollama.models["big:latest"] = (2 * GIB, "show")
    assert (await roles.choose(Role.CHAT)).model == "big:latest"
    wishes.model = "ollama:gemma270"
    assert (await roles.choose(Role.CHAT)).model == "gemma270:latest"
    wishes.model = "starter"
    assert (await roles.choose(Role.CHAT)).brain.name == "starter"


async def test_a_chosen_model_that_is_gone_is_said(roles: Roles, wishes: Wishes) -> None:
    wishes.model = "ollama:llama9"
    choice = await roles.choose(Role.CHAT)
    assert choice.model == "gemma270:latest"
    assert choice.fallback is not None
    assert say(choice.fallback) == "the model llama9 is not installed"


async def test_without_ollama_the_starter_answers_and_says_why(ollama: OllamaReplay, roles: Roles) -> None:
    await ollama.go_down()
    choice = await roles.choose(Role.CHAT)
    assert choice.brain.name == "starter"
    assert choice.fallback is not None
    assert "Ollama does not answer" in say(choice.fallback)
    with pytest.raises(NoBrain):
        await roles.choose(Role.EMBEDDING)


async def test_an_ollama_without_a_chat_model_falls_back_too(ollama: OllamaReplay, roles: Roles) -> None:
    ollama.models = {"emb:latest": (2_000_000, "show_emb")}
    choice = await roles.choose(Role.CHAT)
    assert choice.brain.name == "starter"
    assert choice.fallback is not None
    assert say(choice.fallback) == "Ollama has no model for this yet"


async def test_a_model_for_vectors_does_not_chat_even_when_chosen(
    ollama: OllamaReplay, roles: Roles, wishes: Wishes
) -> None:
    ollama.models["emb:latest"] = (GIB, "show_emb")
    wishes.model = "ollama:emb"
    choice = await roles.choose(Role.CHAT)
    assert choice.model == "gemma270:latest"
    assert choice.fallback is not None
    assert say(choice.fallback) == "the model emb:latest cannot chat"
    assert (await roles.choose(Role.EMBEDDING)).model == "emb:latest"


async def test_what_people_write_is_not_sent_to_a_cloud_unasked(
    ollama: OllamaReplay, roles: Roles, wishes: Wishes
) -> None:
    ollama.models["gpt-oss:120b-cloud"] = (384, "show")
    ollama.models["kimi:cloud"] = (GIB, "show")
    assert (await roles.choose(Role.SCORING)).model == "gemma270:latest"
    assert (await roles.choose(Role.CHAT)).model == "gemma270:latest"
    wishes.model = "ollama:gpt-oss:120b-cloud"
    assert (await roles.choose(Role.SCORING)).model == "gpt-oss:120b-cloud"


async def test_memories_by_meaning_need_a_model_for_vectors(ollama: OllamaReplay, roles: Roles) -> None:
    assert await roles.embedding() is None
    ollama.models["emb:latest"] = (GIB, "show_emb")
    found = await roles.embedding()
    assert found is not None
    assert found.model == "emb:latest"


async def test_no_model_is_given_a_longer_window_than_it_has(
    ollama: OllamaReplay, roles: Roles, wishes: Wishes
) -> None:
    assert (await roles.choose(Role.CHAT)).window(100_000) == 32768
    wishes.model = "starter"
    assert (await roles.choose(Role.CHAT)).window(100_000) == 4096
    assert (await roles.choose(Role.CHAT)).window(2048) == 2048


async def test_an_address_that_is_none_leaves_the_starter(roles: Roles, wishes: Wishes) -> None:
    wishes.host = "http://a b"
    choice = await roles.choose(Role.CHAT)
    assert choice.brain.name == "starter"
    assert choice.fallback is not None
    assert say(choice.fallback) == "Ollama does not answer at http://a b."


async def test_the_command_line_wins(ollama: OllamaReplay, wishes: Wishes, tmp_path) -> None:
    opened = Roles(wishes, StarterBrain(["false"], tmp_path), only="ollama:gemma270")
    wishes.model = "starter"
    assert (await opened.choose(Role.CHAT)).model == "gemma270:latest"
    await opened.close()


def test_what_fits_this_computer() -> None:
    assert fits(5 * GIB, 16 * GIB)
    assert not fits(13 * GIB, 16 * GIB)
    assert [model.model for model in recommended(8 * GIB)] == [
        "llama3.2:1b",
        "llama3.2:3b",
        "qwen3:4b",
        "qwen3:0.6b",
        "qwen3:1.7b",
        "nomic-embed-text",
    ]

"""The models on the shelf, as table and as choices."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex

from core.errors import NoBrain, explain
from core.llm.brain import ModelDetails, ModelInfo, Role
from core.llm.shelf import Shelf, ShelfModel
from gui.models.brains import COLUMNS, BrainsModel, RoleChoicesModel, abilities, reading, size_words

WRITES = frozenset({"completion", "tools", "sings"})


def shelf_model(name: str, size: int, *, can: frozenset[str] = WRITES, fits: bool = True) -> ShelfModel:
    info = ModelInfo(name, size, "llama", "8.0B", "Q4_K_M")
    return ShelfModel(f"ollama:{name}", info, ModelDetails(name, 131_072, can), fits)


def shelf(*models: ShelfModel, chat: str = "auto") -> Shelf:
    nobody = explain(NoBrain())
    wished = {Role.CHAT: chat, Role.SCORING: "auto", Role.EMBEDDING: "auto"}
    in_use = dict.fromkeys(Role, nobody)
    return Shelf("http://127.0.0.1:11434", "0.32", None, True, models, in_use, wished, 16 * 1024**3, ())


CHAT = shelf_model("llama3.1:8b", 4_900_000_000)
BIG = shelf_model("llama3.3:70b", 43_000_000_000, fits=False)
EMBEDS = shelf_model("nomic-embed-text:latest", 274_000_000, can=frozenset({"embedding"}))


def offered(model: RoleChoicesModel) -> list[str]:
    return [model.index(at).data(RoleChoicesModel.SETTING) for at in range(model.rowCount(QModelIndex()))]


def test_a_row_says_what_a_model_is_in_a_hosts_words() -> None:
    table = BrainsModel()
    table.show(shelf(CHAT, BIG))
    cells = [table.index(0, column).data() for column in range(len(COLUMNS))]
    assert cells == [
        "llama3.1:8b",
        "4.9 GB",
        "llama",
        "8.0B Q4_K_M",
        "128k tokens",
        "write, use tools, sings",
        "",
        "fits",
    ]
    assert table.index(1, len(COLUMNS) - 1).data() == "too large"


def test_a_model_that_does_not_say_what_it_can_is_still_shown() -> None:
    silent = ShelfModel("ollama:x", ModelInfo("x", 12_000_000), None, True)
    table = BrainsModel()
    table.show(shelf(silent))
    assert [table.index(0, column).data() for column in (0, 1, 4, 5)] == ["x", "12 MB", "", ""]
    assert abilities(silent) == []


def test_each_role_is_offered_what_can_do_it() -> None:
    here = shelf(CHAT, BIG, EMBEDS)
    chat, embedding = RoleChoicesModel(Role.CHAT), RoleChoicesModel(Role.EMBEDDING)
    chat.show(here)
    embedding.show(here)
    assert offered(chat) == ["auto", "ollama:llama3.1:8b", "ollama:llama3.3:70b"]
    assert offered(embedding) == ["auto", "ollama:nomic-embed-text:latest"]
    assert "too large" in chat.index(2).data()


@pytest.mark.parametrize("wished", ["ollama:llama3.1:8b", "llama3.1:8b"])
def test_what_is_wished_is_found_however_it_is_spelt(wished: str) -> None:
    chat = RoleChoicesModel(Role.CHAT)
    chat.show(shelf(CHAT, chat=wished))
    assert chat.row_of(wished) == 1
    assert chat.rowCount() == 2


def test_a_wish_that_is_not_here_stays_visible() -> None:
    chat = RoleChoicesModel(Role.CHAT)
    chat.show(shelf(CHAT, chat="ollama:gone:1b"))
    row = chat.row_of("ollama:gone:1b")
    assert chat.index(row).data() == "gone:1b (not here)"


@pytest.mark.parametrize(("size", "words"), [(4_900_000_000, "4.9 GB"), (274_000_000, "274 MB"), (1, "1 MB")])
def test_sizes_as_people_say_them(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize(("tokens", "words"), [(131_072, "128k tokens"), (512, "512 tokens"), (0, "")])
def test_contexts_as_people_say_them(tokens: int, words: str) -> None:
    assert reading(tokens) == words

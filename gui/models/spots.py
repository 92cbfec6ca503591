"""Servers and channels with who the bot is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.persona.whereabouts import Spot
from core.words import say
from gui.models.paged import ABOVE, BADGES, CAPTION

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class SpotsModel(QAbstractListModel):
    """The places the bot knows, each server above its channels."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spots: list[Spot] = []
        self._names: dict[int, str] = {}
        self._active: int | None = None

    def show(self, spots: Sequence[Spot], names: Mapping[int, str], active: int | None) -> None:
        """Show these. `names`: of the personas by id. `active`: who the bot is where nothing was chosen."""
        same = [spot.id for spot in spots] == [spot.id for spot in self._spots]
        if not same:
            self.beginResetModel()
        self._spots, self._names, self._active = list(spots), dict(names), active
        if not same:
            self.endResetModel()
        elif self._spots:
            self.dataChanged.emit(self.index(0), self.index(len(self._spots) - 1))

    def spot(self, row: int) -> Spot | None:
        """The place of a row."""
        return self._spots[row] if 0 <= row < len(self._spots) else None

    def who(self, spot: Spot) -> str:
        """The name of whoever the bot is there."""
        here = spot.here if spot.here in self._names else self._active
        return self._names.get(here, "") if here is not None else ""

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._spots)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        spot = self._spots[index.row()]
        name = spot.name if spot.is_server else f"#{spot.name}"
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{name}, {spot.guild_name}, {self._told(spot)}"
            case _ if role == CAPTION:
                return self._told(spot)
            case _ if role == ABOVE:
                return say("server") if spot.is_server else spot.guild_name
            case _ if role == BADGES:
                return (("persona", "accent"),) if spot.chosen in self._names else ()
        return None

    def _told(self, spot: Spot) -> str:
        name = self.who(spot)
        if spot.chosen in self._names:
            return say("{name}, chosen for this place", name=name)
        if spot.here in self._names:
            return say("{name}, as on the whole server", name=name)
        return say("{name}, as everywhere", name=name) if name else say("nobody")

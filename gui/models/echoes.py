"""Echoes as rows: whose, and how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from core.echo.jobs import Job, title
from core.echo.library import Card
from core.echo.talk import label as signed
from core.words import count, say

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()

BELOW = int(Qt.ItemDataRole.UserRole) + 1
RIGHT = BELOW + 1

OPEN = ("queued", "running")


def standing(card: Card) -> str:
    """How far it is, in a line."""
    if card.job is not None and card.job.state in OPEN:
        return progress(card.job)
    if card.sessions:
        return count("talking in one channel", "talking in {n} channels", len(card.sessions))
    if card.is_ready:
        return say("ready")
    if card.job is not None and card.job.state == "failed":
        return say("did not work")
    if card.job is not None and card.job.state == "cancelled":
        return say("cancelled")
    if card.consent.state == "asked":
        return say("waits for their answer")
    if card.consent.permitted_at is None:
        return say("waits for somebody who runs the server")
    return say("waits for a file") if card.consent.source == "file" else say("not begun")


def progress(job: Job) -> str:
    """What a job does now, and how much of that is done."""
    if job.state == "queued":
        return say("waits its turn")
    return say("{stage}: {percent} %", stage=str(title(job.stage)), percent=round(100 * job.share))


class EchoModel(QAbstractListModel):
    """All echoes and what is on its way to be one, the newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Card] = []

    def put_all(self, cards: Sequence[Card]) -> None:
        """Show these; where they are the same ones, in place."""
        same = [card.consent.id for card in cards] == [card.consent.id for card in self._rows]
        if same:
            self._rows = list(cards)
            if cards:
                self.dataChanged.emit(self.index(0, 0), self.index(len(cards) - 1, 0))
            return
        self.beginResetModel()
        self._rows = list(cards)
        self.endResetModel()

    def card(self, row: int) -> Card | None:
        """The echo in a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, consent_id: int) -> int:
        """Where an echo stands, −1 when it is not there."""
        return next((at for at, card in enumerate(self._rows) if card.consent.id == consent_id), -1)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        card = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return signed(card.name)
            case _ if role == BELOW:
                return standing(card)
            case _ if role == RIGHT:
                share = card.sounds_like
                return "" if share is None else say("{percent} %", percent=round(100 * share))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{signed(card.name)}: {standing(card)}"
        return None

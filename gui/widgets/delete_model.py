"""Before a model is deleted: what goes with it, in plain words. It cannot be undone, so it is asked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from core.llm.brain import Role
from core.llm.shelf import ShelfModel
from core.words import say
from gui.help.asking import help_by_key
from gui.models.brains import size_words
from gui.reading_order import ReadInOrder
from gui.theme import SPACE
from gui.widgets.basics import button, column, label, row


class DeleteModelDialog(ReadInOrder, QDialog):
    """`agreed`: delete it."""

    agreed = Signal()

    def __init__(self, model: ShelfModel, duties: Sequence[Role], parent: QWidget) -> None:
        super().__init__(parent)
        help_by_key(self, "models")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say("Delete a model"))
        self.setMinimumWidth(SPACE.form)
        self.told = label("\n".join(what_goes(model, duties)), wrap=True)
        self.ok = button(say("Delete"), "danger", "remove", self._agree)
        cancel = button(say("Keep it"), on_click=self.reject)
        cancel.setDefault(True)
        heading = say("Delete {model}?", model=model.info.name)
        layout = column(
            label(heading, "heading", wrap=True), self.told, row(1, cancel, self.ok), gap=SPACE.medium
        )
        layout.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        self.setLayout(layout)

    def _agree(self) -> None:
        self.agreed.emit()
        self.accept()


def what_goes(model: ShelfModel, duties: Sequence[Role]) -> list[str]:
    """What is lost with a model, and what is won."""
    size = size_words(model.info.size_bytes)
    told = [say("Up to {size} become free on the disk.", size=size)]
    if model.info.made_from:
        base = model.info.made_from
        told.append(
            say("It was made on this computer, from {base}: it cannot be downloaded again.", base=base)
        )
    else:
        told.append(say("To have it again, {size} have to be downloaded again.", size=size))
    losses = {
        Role.CHAT: say("It writes the replies now. After this another model that is here will."),
        Role.SCORING: say("It judges in the background now. After this another model that is here will."),
        Role.EMBEDDING: say("It finds memories by meaning now. After this they are found by their words."),
    }
    return told + [losses[role] for role in duties]

"""The tools of the Persona page, beside its title."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QSizePolicy, QWidget

from core.words import say
from gui.models.personas import PersonaListModel
from gui.theme import SPACE
from gui.widgets.basics import button, icon_button, label
from gui.widgets.setting_row import CalmCombo

Act = Callable[[], None]
_NAME_LENGTH = 16  # characters of a name that have room at least


class PersonaTools:
    """Who is edited, what was done, where new ones come from, and what else can be done.

    Attributes:
        acts: what can only be chosen while there is a persona.
    """

    def __init__(
        self, people: PersonaListModel, history: QUndoStack, be: Act, archive: Act, parent: QWidget
    ) -> None:
        self._people = people
        self._history = history
        self.acts: Sequence[QAction] = ()
        self.chooser = CalmCombo()
        self.chooser.setModel(people)
        self.chooser.setAccessibleName(say("Persona to edit"))
        self.chooser.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.chooser.setMinimumWidth(SPACE.sidebar * 3 // 4)
        self.chooser.setMaximumWidth(SPACE.sidebar)
        # Else each name and picture of the list is measured, whenever it is shown.
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chooser.setMinimumContentsLength(_NAME_LENGTH)
        self.be = button(say("Be this one"), "normal", "persona", be)
        self.is_active = label(say("The bot is this one"), "pill", "good")
        self.undo = icon_button("undo", say("Undo"), history.undo)
        self.redo = icon_button("again", say("Redo"), history.redo)
        self.archive = icon_button("remove", say("Put this persona away"), archive)
        self.more = icon_button("more", say("More"), self._open_more)
        self.more_menu = QMenu(parent)
        self.away_menu = QMenu(say("Take out again"), parent)
        self.new = button(say("New"), "normal", "add")
        self.new_menu = QMenu(parent)
        self.new.setMenu(self.new_menu)
        in_head = (self.chooser, self.undo, self.redo, self.archive)
        self._in_head: Sequence[QWidget] = in_head
        self._about_one: Sequence[QWidget] = (self.is_active, self.be, *in_head)
        for changed in (history.canUndoChanged, history.canRedoChanged, history.indexChanged):
            changed.connect(self.show_history)

    def put_into(self, layout: QHBoxLayout) -> None:
        """Stand in a row, all but whether the bot is this one; what is about a persona comes when there is
        one."""
        for tool in self._about_one:
            tool.hide()
        for tool in (*self._in_head, self.more, self.new):
            layout.addWidget(tool)

    def _open_more(self) -> None:
        self.more_menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def show_nobody(self) -> None:
        """There is no persona."""
        for tool in self._about_one:
            tool.hide()
        for act in self.acts:
            act.setEnabled(False)

    def show_who(self, persona_id: int | None) -> None:
        """This one is edited; None: one that is not kept yet."""
        for act in self.acts:
            act.setEnabled(True)
        at = self._people.row_of(persona_id)
        self.chooser.setCurrentIndex(at)
        self.archive.setEnabled(persona_id is not None)
        active = at >= 0 and bool(self._people.index(at).data(PersonaListModel.ACTIVE))
        is_other = at >= 0 and not active
        for tool in self._about_one:
            tool.setVisible({self.be: is_other, self.is_active: active}.get(tool, True))

    def show_history(self, *_: object) -> None:
        """Say what can be taken back and done again."""
        history = self._history
        for made, can, words, text in (
            (self.undo, history.canUndo(), say("Undo"), history.undoText()),
            (self.redo, history.canRedo(), say("Redo"), history.redoText()),
        ):
            made.setEnabled(can)
            name = say("{act}: {step}", act=words, step=text) if text else words
            made.setToolTip(name)
            made.setAccessibleName(name)

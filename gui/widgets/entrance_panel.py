"""To whom a persona is open: who may talk with it, and who may choose it for a server."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from core.persona.entrance import OPEN, Entrance, Guest
from core.safety.access import EVERYONE, NOBODY, Grant
from core.words import say
from gui.help.asking import about
from gui.theme import SPACE
from gui.widgets.basics import Card, ElidedLabel, column, label, row
from gui.widgets.setting_row import CalmCombo
from gui.widgets.switch import Switch

TYPING_PAUSE_MS = 200
ALL, SERVERS, PEOPLE = "all", "servers", "people"


class EntrancePanel(Card):
    """`opened`: the host decided otherwise; with the Entrance. `sought`: other people are sought."""

    opened = Signal(object)
    sought = Signal()

    def __init__(self) -> None:
        super().__init__()
        about(self, "several#who-may-talk-with-it")
        self._entrance = OPEN
        self._about: int | None = None
        self._servers: Sequence[Guest] = ()
        self._people: Sequence[Guest] = ()
        self.use = _choice(
            say("Who may talk with it"),
            (ALL, say("Everybody")),
            (SERVERS, say("Only on chosen servers")),
            (PEOPLE, say("Only chosen people")),
        )
        self.see = _choice(
            say("Who may choose it"),
            (True, say("Everybody who runs a server")),
            (False, say("Only I")),
        )
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Find people"))
        self.search.setAccessibleName(say("Find people to open it to, by name"))
        self.search.setClearButtonEnabled(True)
        self.told = label("", "caption", wrap=True)
        self.boxes: list[Switch] = []
        self.list = QScrollArea()
        self.list.setWidgetResizable(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its boxes are reached, and scroll into view
        self.list.setFixedHeight(3 * SPACE.control_height)
        self.put(
            row(
                column(label(self.use.accessibleName(), "strong"), self.use, gap=SPACE.tight),
                column(label(self.see.accessibleName(), "strong"), self.see, gap=SPACE.tight),
                gap=SPACE.medium,
            ),
            self.search,
            self.list,
            self.told,
        )
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.sought)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.use.activated.connect(self._kind_chosen)
        self.see.activated.connect(lambda _at: self._decide(self._entrance.use))
        self._show()

    @property
    def kind(self) -> str:
        """Who may talk with it, as it is chosen now: ALL, SERVERS or PEOPLE."""
        return str(self.use.currentData())

    def show_entrance(
        self, about: int | None, entrance: Entrance, servers: Sequence[Guest], people: Sequence[Guest]
    ) -> None:
        """Show to whom a persona is open.

        Args:
            about: its id; None for one that is not kept yet, for which nothing can be decided.
            servers, people: whom it could be opened to.
        """
        same = about == self._about
        if not same:
            self.search.blockSignals(True)
            self.search.clear()
            self.search.blockSignals(False)
        self._about, self._entrance = about, entrance
        self._servers, self._people = servers, people
        self.use.setCurrentIndex(self.use.findData(self._kind_of(entrance.use, same)))
        self.see.setCurrentIndex(self.see.findData(entrance.see.everyone))
        self.setVisible(about is not None)
        self._show()

    def show_people(self, people: Sequence[Guest]) -> None:
        """Show the people that were sought."""
        self._people = people
        self._show()

    def _kind_of(self, use: Grant, same: bool) -> str:
        if use.everyone:
            return ALL
        if use.guilds:
            return SERVERS
        # Nobody is chosen: of the same persona it stays what the host has just picked.
        return SERVERS if same and not use.people and self.kind == SERVERS else PEOPLE

    def _show(self) -> None:
        kind, use = self.kind, self._entrance.use
        guests = {SERVERS: self._servers, PEOPLE: self._people}.get(kind, ())
        chosen = use.guilds if kind == SERVERS else use.people
        self.search.setVisible(kind == PEOPLE)
        self.list.setVisible(bool(guests))
        at = next((box.property("guest") for box in self.boxes if box.hasFocus()), None)
        self.boxes = [self._box(guest, guest.id in chosen) for guest in guests]
        lines = [row(box, ElidedLabel(guest.name)) for box, guest in zip(self.boxes, guests, strict=True)]
        inside = QWidget()
        inside.setLayout(column(*lines, 1, gap=SPACE.tight))
        if (before := self.list.takeWidget()) is not None:
            before.deleteLater()  # one of its boxes may be what was just clicked
        self.list.setWidget(inside)
        for box in self.boxes:
            if box.property("guest") == at:
                box.setFocus()
        self.told.setText(self._words(kind, bool(guests), bool(chosen)))
        self.told.setVisible(bool(self.told.text()))

    def _words(self, kind: str, there: bool, chosen: bool) -> str:
        if kind == ALL:
            return ""
        if not there:
            return say("No server is known yet.") if kind == SERVERS else say("Nobody of this name was met.")
        if not chosen:
            return say("Nobody is chosen yet: it answers nobody but you.")
        return say("You can always talk with it, and in the practice room.")

    def _box(self, guest: Guest, ticked: bool) -> Switch:
        box = Switch(guest.name)
        box.setToolTip(str(guest.id))  # two people may have one name
        box.setProperty("guest", str(guest.id))
        box.setChecked(ticked)
        box.clicked.connect(lambda ticked: self._tick(guest.id, ticked))
        return box

    def _tick(self, guest_id: int, ticked: bool) -> None:
        use, one = self._entrance.use, frozenset({guest_id})
        chosen = use.guilds if self.kind == SERVERS else use.people
        chosen = chosen | one if ticked else chosen - one
        self._decide(Grant(guilds=chosen) if self.kind == SERVERS else Grant(people=chosen))

    def _kind_chosen(self, _at: int) -> None:
        use = self._entrance.use
        now = ALL if use.everyone else SERVERS if use.guilds else PEOPLE
        if self.kind != now or not (use.everyone or use.guilds or use.people):
            self._decide(EVERYONE if self.kind == ALL else NOBODY)

    def _decide(self, use: Grant) -> None:
        wanted = Entrance(use, EVERYONE if self.see.currentData() else NOBODY)
        if wanted != self._entrance:
            self.opened.emit(wanted)
        else:
            self._show()


def _choice(name: str, *options: tuple[object, str]) -> CalmCombo:
    made = CalmCombo()
    made.setAccessibleName(name)
    for value, words in options:
        made.addItem(words, value)
    return made

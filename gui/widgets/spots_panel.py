"""Where a persona is used: to whom it is open; below, places at the left, who the bot is in the chosen one at
the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.persona.whereabouts import Spot
from core.words import count, say
from gui.help.asking import about
from gui.models.spots import SpotsModel
from gui.theme import SPACE
from gui.widgets.basics import Card, column, label, row
from gui.widgets.entrance_panel import EntrancePanel
from gui.widgets.setting_row import CalmCombo
from gui.widgets.states import States
from gui.widgets.two_line import TwoLineList


class SpotsPanel(QWidget):
    """`chosen`: the host wants a persona (its id, or None) in a place."""

    chosen = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        about(self, "several")
        self.model = SpotsModel(self)
        self.list = TwoLineList(say("Servers and channels"), many=False)
        self.list.show_model(self.model)
        self.where = label("", "heading", wrap=True)
        self.used = label("", "muted", wrap=True)
        self.who = CalmCombo()
        self.who.setAccessibleName(say("Who the bot is here"))
        self.told = label(
            say("A channel's choice counts before its server's. Threads follow their channel."),
            "caption",
            wrap=True,
        )
        self.left = Card().put(self.list)
        self.left.body.setContentsMargins(SPACE.small, SPACE.small, SPACE.small, SPACE.small)
        self.right = Card().put(
            self.where, label(say("Here the bot is"), "strong"), row(self.who, 1), self.told, self.used, 1
        )
        layout = row(self.left, column(self.right, 1), gap=SPACE.medium)
        layout.setStretch(0, 7)
        layout.setStretch(1, 5)
        inside = QWidget()
        inside.setLayout(layout)
        self.states = States(inside)
        self.entrance = EntrancePanel()
        whole = column(self.entrance, self.states, gap=SPACE.medium)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.list.chosen.connect(self._show_chosen)
        self.who.activated.connect(self._wanted)
        self.show_spots([], {}, None, None)

    def show_spots(
        self, spots: Sequence[Spot], names: Mapping[int, str], active: int | None, about: int | None
    ) -> None:
        """Show the places.

        Args:
            names: of the personas by id. active: who the bot is where nothing was chosen.
            about: the persona that is being edited.
        """
        self.model.show(spots, names, active)
        self.who.clear()
        self.who.addItem(say("as everywhere else"), None)
        for persona_id, name in sorted(names.items(), key=lambda pair: pair[1].casefold()):
            self.who.addItem(name.replace("\n", " "), persona_id)
        used = sum(1 for spot in spots if spot.chosen == about and about is not None)
        name = names.get(about, "") if about is not None else ""
        self.used.setText(
            count("{name} was chosen for {n} place.", "{name} was chosen for {n} places.", used, name=name)
            if used
            else say("{name} was chosen for no place of its own.", name=name)
        )
        self.used.setVisible(bool(name))
        if spots:
            self.states.show_full()
            if not self.list.chosen_count:
                self.list.selectRow(0)
        else:
            self.states.show_empty(
                "discord",
                say("No places yet"),
                say("When the bot has been on a server, its channels are listed here."),
            )
        self._show_chosen()

    def _show_chosen(self) -> None:
        spot = self.model.spot(self.list.currentIndex().row())
        if spot is None:
            return
        self.where.setText(spot.guild_name if spot.is_server else f"#{spot.name} · {spot.guild_name}")
        above = say("as on the whole server") if not spot.is_server else say("as everywhere else")
        self.who.setItemText(0, above)
        self.who.setCurrentIndex(max(0, self.who.findData(spot.chosen)))

    def _wanted(self) -> None:
        spot = self.model.spot(self.list.currentIndex().row())
        if spot is not None and self.who.currentData() != spot.chosen:
            self.chosen.emit(spot, self.who.currentData())

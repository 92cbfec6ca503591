"""Who the bot is where, and to whom a persona is open, on the Persona page."""

from __future__ import annotations

from collections.abc import Mapping

from core.persona.entrance import OPEN, Entrance, Guest
from core.persona.whereabouts import Spot, Whereabouts
from core.words import say
from gui.operation import Operation
from gui.pages.page import Page
from gui.widgets.spots_panel import SpotsPanel


class PersonaPlaces:
    """Shows the places and chooses for them, with a way back."""

    def __init__(self, page: Page, whereabouts: Whereabouts, panel: SpotsPanel) -> None:
        self._page = page
        self._whereabouts = whereabouts
        self._panel = panel
        self._about: int | None = None
        self._entrance = OPEN
        panel.chosen.connect(self._chosen)
        panel.entrance.opened.connect(self._opened)
        panel.entrance.sought.connect(self._seek)

    async def show(self, names: Mapping[int, str], active: int | None, about: int | None) -> None:
        """Read the places; see SpotsPanel.show_spots."""
        spots, entrances = await self._whereabouts.spots(), self._whereabouts.entrances
        entrance = await entrances.of(about) if about is not None else OPEN
        sought = self._panel.entrance.search.text() if about == self._about else ""
        people = await entrances.guests(sought, entrance.use.people)
        self._about, self._entrance = about, entrance
        self._panel.show_spots(spots, names, active, about)
        servers = [Guest(spot.id, spot.name) for spot in spots if spot.is_server]
        self._panel.entrance.show_entrance(about, entrance, servers, people)

    def _chosen(self, spot: Spot, persona_id: int | None) -> None:
        place = spot.guild_name if spot.is_server else f"#{spot.name}"

        def said(_none: None) -> None:
            told = say("From the next reply on, in {place}.", place=place)
            self._page.toast(told, "good", say("Undo"), lambda: self._choose(spot, spot.chosen))

        self._choose(spot, persona_id).success(said)

    def _choose(self, spot: Spot, persona_id: int | None) -> Operation[None]:
        return self._page.run(self._whereabouts.choose(spot, persona_id), say("Choosing"))

    def _opened(self, wanted: Entrance) -> None:
        about, before = self._about, self._entrance
        if about is None:
            return

        def said(_none: None) -> None:
            told = say("Decided. It holds from the next message on.")
            self._page.toast(told, "good", say("Undo"), lambda: self._open(about, before))

        self._open(about, wanted).success(said)

    def _open(self, about: int, entrance: Entrance) -> Operation[None]:
        work = self._whereabouts.entrances.open_to(about, entrance.use, entrance.see)
        return self._page.run(work, say("Opening"))

    def _seek(self) -> None:
        panel = self._panel.entrance
        work = self._whereabouts.entrances.guests(panel.search.text(), self._entrance.use.people)
        self._page.run(work, say("Looking for people"), panel.show_people)

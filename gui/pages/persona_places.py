"""Who the bot is where, on the Persona page."""

from __future__ import annotations

from collections.abc import Mapping

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
        panel.chosen.connect(self._chosen)

    async def show(self, names: Mapping[int, str], active: int | None, about: int | None) -> None:
        """Read the places; see SpotsPanel.show_spots."""
        self._panel.show_spots(await self._whereabouts.spots(), names, active, about)

    def _chosen(self, spot: Spot, persona_id: int | None) -> None:
        place = spot.guild_name if spot.is_server else f"#{spot.name}"

        def said(_none: None) -> None:
            told = say("From the next reply on, in {place}.", place=place)
            self._page.toast(told, "good", say("Undo"), lambda: self._choose(spot, spot.chosen))

        self._choose(spot, persona_id).success(said)

    def _choose(self, spot: Spot, persona_id: int | None) -> Operation[None]:
        return self._page.run(self._whereabouts.choose(spot, persona_id), say("Choosing"))

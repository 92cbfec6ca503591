"""The list of places on the Conversations page, read as it is looked at: however many there are, the first
ones stand there at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from core.conversation.archive import TAIL, Archive, PlaceLine, PlacesSought
from core.words import say
from gui.models.transcript import PlacesModel
from gui.operation import Operation, Tasks
from gui.widgets.places_panel import PlacesPanel


class PlaceReading:
    """Fills the list of places.

    Args:
        tasks: the page's. place: answers which place is open. open_place: opens one.
    """

    def __init__(
        self,
        tasks: Tasks,
        archive: Archive,
        panel: PlacesPanel,
        model: PlacesModel,
        place: Callable[[], PlaceLine | None],
        open_place: Callable[[PlaceLine], Awaitable[None]],
    ) -> None:
        self._tasks, self._archive, self._panel, self._model = tasks, archive, panel, model
        self._place, self._open_place = place, open_place
        self._shown: PlacesSought | None = None
        model.wanted.connect(self._want)

    async def read(self, *, choose: bool) -> None:
        """Show what is sought: anew from its first ones, else those in sight, and how many there are.

        Args:
            choose: open the first one when none of this realm is open.
        """
        sought = self._panel.wanted
        if sought != self._shown:
            found = await self._archive.latest_places(sought)
            if sought != self._panel.wanted:
                return
            self._shown = sought
            self._panel.show_first(found, self._channel)
            await self._choose(found if choose else ())
        ids = await self._archive.place_order(sought)
        seen = await self._archive.place_lines(sought.realm, [*ids[:TAIL], *self._panel.in_sight()])
        if sought == self._panel.wanted:
            self._panel.show_places(ids, seen, self._channel)
            await self._choose(seen if choose else ())

    @property
    def _channel(self) -> int:
        place = self._place()
        return place.channel_id if place is not None else 0

    async def _choose(self, found: Sequence[PlaceLine]) -> None:
        place = self._place()
        if found and (place is None or place.realm != found[0].realm):
            await self._open_place(found[0])
            self._panel.choose(found[0].channel_id)

    def _want(self, channel_ids: list[int]) -> None:
        sought = self._panel.wanted

        def fill(found: list[PlaceLine]) -> None:
            if sought == self._panel.wanted:
                self._model.fill(found)

        lines = self._archive.place_lines(sought.realm, channel_ids)
        reading = Operation(self._tasks, say("Reading"), lines)
        reading.success(fill).failure(lambda _trouble: self._model.missed()).start()

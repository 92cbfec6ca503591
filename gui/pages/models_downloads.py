"""The downloads of the models page: each is followed to its true end, can be stopped, and goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from core.clock import Clock
from core.errors import Explained
from core.llm.download import Fetching, fetch
from core.llm.roles import Roles
from core.words import say
from gui.operation import Operation
from gui.pages.page import Page
from gui.widgets.advice_card import AdviceCard
from gui.widgets.download_row import DownloadRow


class Downloads:
    """What is on its way.

    Args:
        arrived: called with a model's name when it is here.
    """

    def __init__(
        self, page: Page, card: AdviceCard, roles: Roles, clock: Clock, arrived: Callable[[str], object]
    ) -> None:
        self._page = page
        self._card = card
        self._roles = roles
        self._clock = clock
        self._arrived = arrived
        self._at_work: dict[str, Operation[None]] = {}
        self.rows: dict[str, DownloadRow] = {}

    @property
    def running(self) -> list[str]:
        """The models that are being downloaded now."""
        return list(self._at_work)

    def begin(self, model: str) -> None:
        """Download a model, or go on with it. Nothing happens when it is under way already."""
        if model in self._at_work:
            return
        shown = self.rows.get(model) or self._row(model)
        operation: Operation[None] | None = None

        def moved(now: Fetching) -> None:
            shown.show_now(now)
            if operation is not None:
                share = now.share
                operation.progress(-1.0 if share is None else share, shown.said.text())

        told: list[str] = []

        def here(_: None) -> None:
            told.append("here")
            self._here(model)

        def failed(trouble: Explained) -> None:
            told.append(trouble.code)
            self._failed(model, trouble)

        operation = self._page.run(self._fetch(model, moved), say("Downloading {model}", model=model), here)
        operation.failure(failed).finished(lambda: self._over(model, told=bool(told)))
        self._at_work[model] = operation
        shown.show_now(Fetching(done=shown.now.done, total=shown.now.total))
        self._card.show_running(self.running)

    async def _fetch(self, model: str, moved: Callable[[Fetching], None]) -> None:
        await fetch(await self._roles.ollama(), model, self._clock, moved)

    def _row(self, model: str) -> DownloadRow:
        made = DownloadRow(model)
        made.stopped.connect(partial(self._stop, model))
        made.again.connect(partial(self.begin, model))
        made.put_away.connect(partial(self._take_away, model))
        self.rows[model] = made
        self._card.add(made)
        return made

    def _stop(self, model: str) -> None:
        if model in self._at_work:
            self._at_work[model].cancel()

    def _here(self, model: str) -> None:
        self._take_away(model)
        self._page.toast(say("{model} is here", model=model), "good")
        self._arrived(model)

    def _failed(self, model: str, trouble: Explained) -> None:
        self.rows[model].show_failed(trouble)
        self._page.toast(str(trouble.what), "bad", say("Go on"), partial(self.begin, model))

    def _over(self, model: str, *, told: bool) -> None:
        self._at_work.pop(model, None)
        if not told and model in self.rows:
            self.rows[model].show_stopped()
        self._card.show_running(self.running)

    def _take_away(self, model: str) -> None:
        gone = self.rows.pop(model, None)
        if gone is not None:
            gone.hide()
            gone.deleteLater()

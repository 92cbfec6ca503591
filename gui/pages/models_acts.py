"""What the host does to models on the models page: start Ollama, delete one, give its memory back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from core.clock import Clock
from core.errors import Explained
from core.llm.roles import Roles
from core.llm.shelf import Shelf, ShelfModel
from core.words import say
from gui import links
from gui.models.brains import size_words
from gui.pages.page import Page
from gui.widgets.delete_model import DeleteModelDialog
from gui.widgets.trouble import TroubleNotice


class ModelActs:
    """The acts, and the notice that offers to start or get Ollama.

    Args:
        changed: called when what is here may have changed. fetch: downloads a model.
    """

    def __init__(
        self,
        page: Page,
        notice: TroubleNotice,
        roles: Roles,
        clock: Clock,
        changed: Callable[[], object],
        fetch: Callable[[str], object],
    ) -> None:
        self._page = page
        self._notice = notice
        self._roles = roles
        self._clock = clock
        self._changed = changed
        self._fetch = fetch
        self._shelf: Shelf | None = None
        notice.acted.connect(self._help)

    def show_shelf(self, shelf: Shelf) -> None:
        """Say what is the matter with Ollama, and offer what helps."""
        self._shelf = shelf
        trouble = shelf.trouble
        if trouble is None:
            self._notice.hide()
        elif shelf.program is not None:
            step = say("It is installed on this computer, but not running.")
            self._notice.say(str(trouble.what), step, "warn", say("Start Ollama"), trouble.topic)
        elif shelf.elsewhere:
            step = say("Start it on that computer, or change its address in Settings.")
            self._notice.say(str(trouble.what), step, "warn", say("Settings"), trouble.topic)
        else:
            act = say("Get Ollama")
            self._notice.say(str(trouble.what), str(trouble.step), "warn", act, trouble.topic)

    def ask_to_delete(self, model: ShelfModel) -> None:
        """Ask, naming what goes with it."""
        duties = self._shelf.duties(model) if self._shelf is not None else []
        dialog = DeleteModelDialog(model, duties, self._page)
        dialog.agreed.connect(partial(self._delete, model))
        dialog.open()

    def unload(self, model: ShelfModel) -> None:
        """Give its memory back."""
        name = model.info.name

        async def unload() -> None:
            if model.setting == "starter":
                await self._roles.starter.close()
            else:
                await (await self._roles.ollama()).unload(name)

        def done(_: None) -> None:
            self._page.toast(say("{model} is no longer in memory", model=name), "good")
            self._changed()

        self._page.run(unload(), say("Unloading {model}", model=name), done)

    def _delete(self, model: ShelfModel) -> None:
        name = model.info.name

        async def delete() -> None:
            await (await self._roles.ollama()).delete(name)

        def gone(_: None) -> None:
            told = say(
                "{model} is deleted, up to {size} are free",
                model=name,
                size=size_words(model.info.size_bytes),
            )
            if model.info.made_from:
                self._page.toast(told, "good")
            else:
                self._page.toast(told, "good", say("Download again"), partial(self._fetch, name))
            self._changed()

        self._page.run(delete(), say("Deleting {model}", model=name), gone)

    def _help(self) -> None:
        shelf = self._shelf
        if shelf is None:
            return
        if shelf.program is not None:
            self._start(shelf.program)
        elif shelf.elsewhere:
            self._page.wanted.emit("settings")
        else:
            links.open_link(links.OLLAMA)

    def _start(self, program: Path) -> None:
        self._notice.act.setEnabled(False)
        self._notice.step.setText(say("Starting it; this takes some seconds…"))

        def failed(trouble: Explained) -> None:
            act = say("Start Ollama")
            self._notice.say(str(trouble.what), str(trouble.step), "bad", act, trouble.topic)

        def runs(_: None) -> None:
            self._page.toast(say("Ollama is running"), "good")
            self._changed()

        starting = self._page.run(
            self._roles.start_ollama(program, self._clock), say("Starting Ollama"), runs
        )
        starting.failure(failed).finished(lambda: self._notice.act.setEnabled(True))

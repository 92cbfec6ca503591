"""The menus of the Persona page: where a new one comes from, and what else can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from core.persona.identity import Persona
from core.words import say
from gui.icons import icon
from gui.pages.persona_files import PersonaFiles

Act = Callable[[], None]


def fill_new(
    menu: QMenu, samples: Sequence[Persona], add: Callable[[Persona], None], copy: Act, files: PersonaFiles
) -> None:
    """From a sample, empty, a copy, a file, a text."""
    menu.clear()
    for persona in samples:
        words = say("From the sample {name}", name=persona.name).replace("&", "&&")
        menu.addAction(words, partial(add, persona))
    menu.addSeparator()
    blank = Persona(name=say("New persona"))
    menu.addAction(icon("add"), say("Empty"), partial(add, blank))
    menu.addAction(icon("duplicate"), say("Copy of this one"), copy)
    menu.addSeparator()
    menu.addAction(icon("folder"), say("From a file…"), files.ask_import)
    menu.addAction(icon("spark"), say("From a text…"), files.ask_text)


def fill_more(menu: QMenu, away: QMenu, export: Act, compare: Act, files: PersonaFiles) -> list[QAction]:
    """In, out, beside each other, and those put away; answers what needs a persona."""
    menu.addAction(icon("folder"), say("Import a card, lorebook or chat…"), files.ask_import)
    acts = [
        menu.addAction(icon("export"), say("Save as a character card…"), export),
        menu.addAction(icon("table"), say("Compare…"), compare),
    ]
    menu.addSeparator()
    menu.addMenu(away)
    return acts

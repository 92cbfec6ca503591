"""Asking for an echo: of somebody on a server, or from a file that its owner brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from core.echo.library import Candidate
from core.errors import Explained
from core.words import say
from gui.help.asking import about
from gui.theme import SPACE
from gui.widgets.basics import Card, Segments, button, column, label, row
from gui.widgets.field import FieldFrame, OneLine
from gui.widgets.setting_row import CalmCombo


@dataclass(frozen=True, slots=True)
class Asked:
    """What the host filled in. `person`: None for a file; `date`: as it was typed."""

    person: Candidate | None
    name: str
    date: str
    file: Path | None
    everybody: bool


class RequestCard(Card):
    """Hidden until it is wanted. `asked`: the form was filled in."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__(say("Ask for an echo"))
        about(self, "first-echo#ask")
        self.way = Segments(
            [("server", say("Of somebody on a server")), ("file", say("From my own messages in a file"))],
            say("Where the messages come from"),
        )
        self.person = CalmCombo()
        self.person.setAccessibleName(say("Whose manner"))
        self.person.setMaximumWidth(SPACE.form)
        self._people: list[Candidate] = []
        self.nobody = label(
            say("Nobody has written where the bot can read yet. People can also use /echo analyze."),
            "muted",
            wrap=True,
        )
        self.date = OneLine()
        self.date.setMaximumWidth(SPACE.sidebar)
        self.date_frame = FieldFrame(say("Messages before this day are read (dd.mm.yyyy)"), self.date)
        self.use = Segments(
            [("me", say("they and the server's admins")), ("all", say("everybody there"))],
            say("Who may let it talk"),
        )
        self.name = OneLine()
        self.name.setMaximumWidth(SPACE.sidebar * 2)
        self.name_frame = FieldFrame(
            say("The name in the file"),
            self.name,
            say("What you are called there; the echo is called so too."),
        )
        self.file_name = label("", "muted")
        self.choose = button(say("Choose a file…"), "normal", "folder", self._choose)
        self._file: Path | None = None
        self.told: QLabel = label("", "muted", wrap=True)
        self.wrong = label("", "body", "bad", wrap=True)
        self.ask = button(say("Ask them"), "primary", "send", self._ask)
        self.drop = button(say("Cancel"), on_click=self.hide)
        self.server = QWidget()
        self.server.setLayout(
            column(
                label(say("Whose manner"), "strong"),
                row(self.person, 1),
                self.nobody,
                row(self.date_frame, 1),
                label(say("Who may let it talk"), "strong"),
                row(self.use, 1),
            )
        )
        self.from_file = QWidget()
        self.from_file.setLayout(column(row(self.choose, self.file_name, 1), row(self.name_frame, 1)))
        buttons = row(self.ask, self.drop, 1)
        self.put(row(self.way, 1), self.server, self.from_file, self.told, self.wrong, buttons)
        self.way.chosen.connect(lambda _key: self._show_way())
        self.hide()

    def begin(self, people: Sequence[Candidate], today: str) -> None:
        """Ask, with these people to choose from."""
        self._people = list(people)
        self.person.clear()
        for each in people:
            self.person.addItem(
                say("{name} on {server}", name=each.name, server=each.guild_name or say("a server"))
            )
        self.nobody.setVisible(not people)
        self.person.setVisible(bool(people))
        self.date.put(today)
        self.wrong.hide()
        self._show_way()
        self.show()
        (self.person if people else self.choose).setFocus()

    def say_wrong(self, trouble: Explained) -> None:
        """What was filled in cannot be asked so."""
        self.wrong.setText(f"{trouble.what} {trouble.step}")
        self.wrong.show()

    def _show_way(self) -> None:
        by_server = self.way.key == "server"
        self.server.setVisible(by_server)
        self.from_file.setVisible(not by_server)
        self.ask.setText(say("Ask them") if by_server else say("Read it and build"))
        self.ask.setAccessibleName(self.ask.text())
        self.told.setText(
            say(
                "They are asked by direct message what may be read, until when, how long it is kept and who "
                "may use it. Nothing is read before they agree, and they can take it back at any time."
            )
            if by_server
            else say(
                "Discord's own data package (zip), or a chat export as JSON or CSV. Only messages of your "
                "own are kept, encrypted, on this computer."
            )
        )
        self._ready()

    def _choose(self) -> None:
        dialog = QFileDialog(self, say("Choose a file of your own messages"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([say("Data packages and exports (*.zip *.json *.csv)"), say("All files (*)")])
        dialog.fileSelected.connect(lambda path: self.take_file(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take_file(self, path: Path) -> None:
        """This file was chosen."""
        self._file = path
        self.file_name.setText(path.name)
        self._ready()

    def _ready(self) -> None:
        by_server = self.way.key == "server"
        self.ask.setEnabled(bool(self._people) if by_server else self._file is not None)

    def _ask(self) -> None:
        by_server = self.way.key == "server"
        at = self.person.currentIndex()
        person = self._people[at] if by_server and 0 <= at < len(self._people) else None
        file = None if by_server else self._file
        self.asked.emit(
            Asked(person, self.name.text().strip(), self.date.text(), file, self.use.key == "all")
        )

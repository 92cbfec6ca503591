"""The bot's token: pasted, tested against Discord, and only then kept."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from core.errors import Explained
from core.session import TokenReport
from core.setup import Step
from core.words import T, say
from gui.icons import icon
from gui.links import DEVELOPER_PORTAL
from gui.theme import SPACE
from gui.widgets.basics import Card, button, icon_button, label, row
from gui.wizard.step import GuideStep, Needs


class TokenStep(GuideStep):
    """Asks for the token."""

    step = Step.TOKEN
    title = T("Your bot's token")

    def __init__(self, needs: Needs) -> None:
        super().__init__(
            needs,
            say("The token is the bot's password. It is tested with Discord before it is kept, encrypted."),
        )
        self._kept = False
        steps = Card(say("How to get one"), kind="well")
        for sentence in (
            say("1. Open the Discord Developer Portal and press New Application."),
            say("2. Give it the name your persona shall have, then open the page Bot."),
            say("3. Press Reset Token, copy what appears, and paste it here."),
        ):
            steps.put(label(sentence, wrap=True))
        portal = button(
            say("Open the Developer Portal"), "link", "open", lambda: needs.open_link(DEVELOPER_PORTAL)
        )
        steps.put(row(portal, 1))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText(say("Paste the token"))
        self.field.setAccessibleName(say("Bot token"))
        self.field.textChanged.connect(lambda _text: self.changed.emit())
        self.field.returnPressed.connect(self.go_on)
        self.eye = icon_button("show", say("Show the token"), self._show_or_hide)
        self.known = label("", "caption", "good", wrap=True)
        self.known.hide()
        line = row(self.field, self.eye, gap=SPACE.small)
        line.setStretch(0, 1)
        self.body.addWidget(steps)
        self.body.addLayout(line)
        self.body.addWidget(self.known)
        self.body.addStretch(1)

    @property
    def next_word(self) -> str:
        return say("Continue") if self._kept and not self.field.text().strip() else say("Check and keep")

    def enter(self) -> None:
        self.work(self.needs.secrets.token(), say("Looking for the token"), self._know)
        self.field.setFocus()

    def go_on(self) -> None:
        token = self.field.text().strip()
        if token:
            self.work(self._check(token), say("Asking Discord"), self._accepted)
        elif self._kept:
            self.moved.emit()
        else:
            self.show_trouble(Explained(T("There is no token in the field."), T("Paste it first."), "Empty"))

    def show_trouble(self, trouble: Explained) -> None:
        """Say it, and be ready for the next try: what is pasted takes the place of what was there."""
        super().show_trouble(trouble)
        self.field.setFocus()
        self.field.selectAll()

    async def _check(self, token: str) -> TokenReport:
        report = await self.needs.session.check_token(token)
        await self.needs.secrets.keep_token(token)
        return report

    def _accepted(self, report: TokenReport) -> None:
        self.needs.report = report
        self.field.clear()
        self._kept = True
        self.moved.emit()

    def _know(self, token: str | None) -> None:
        self._kept = bool(token)
        fixed = self.needs.secrets.token_is_fixed
        self.field.setEnabled(not fixed)
        if fixed:
            self.known.setText(say("The environment gives the token (ECHODECK_TOKEN)."))
        elif self._kept:
            self.known.setText(say("A token is kept. Go on, or paste another one to replace it."))
        self.known.setVisible(self._kept)
        self.changed.emit()

    def _show_or_hide(self) -> None:
        hidden = self.field.echoMode() == QLineEdit.EchoMode.Password
        mode = QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password
        self.field.setEchoMode(mode)
        self.eye.setIcon(icon("hide" if hidden else "show"))
        words = say("Hide the token") if hidden else say("Show the token")
        self.eye.setToolTip(words)
        self.eye.setAccessibleName(words)

"""What has to be right on Discord's side: the intents, and being on a server."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from core.errors import TokenMissing
from core.session import TokenReport
from core.setup import Step
from core.words import T, Text, count, say
from gui.links import DEVELOPER_PORTAL
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, row
from gui.widgets.states import Glyph
from gui.wizard.step import GuideStep, Needs

# What each intent is for, by Discord's own name for it.
PURPOSES: dict[str, Text] = {
    "Message Content Intent": T("to read what people write, not only mentions"),
    "Server Members Intent": T("to know people by their names on the server"),
    "Presence Intent": T("to know who is there"),
}
PERMISSIONS: tuple[tuple[Text, Text], ...] = (
    (T("View Channels"), T("to see where people talk")),
    (T("Send Messages"), T("to answer, also in threads")),
    (T("Read Message History"), T("to know what was said before")),
    (T("Use External Emoji, Add Reactions"), T("to answer the way people do")),
)


class AskingStep(GuideStep):
    """A step that needs to know what Discord says about the kept token."""

    def enter(self) -> None:
        if self.needs.report is not None:
            self.show_report(self.needs.report)
        else:
            self.look()

    def look(self) -> None:
        """Ask Discord again; one question at a time."""
        if not self.busy:
            self.work(self._ask(), say("Asking Discord"), self._told)

    def show_report(self, report: TokenReport) -> None:
        """Show what Discord said."""
        raise NotImplementedError

    async def _ask(self) -> TokenReport:
        token = await self.needs.secrets.token()
        if not token:
            raise TokenMissing
        return await self.needs.session.check_token(token)

    def _told(self, report: TokenReport) -> None:
        self.needs.report = report
        self.show_report(report)


def _intent_row(name: str) -> str:
    purpose = PURPOSES.get(name)
    return say("• {intent}: {purpose}", intent=name, purpose=purpose) if purpose else f"• {name}"


class IntentsStep(AskingStep):
    """Has Discord switched on what the bot needs to read?"""

    step = Step.INTENTS
    title = T("What it may read")

    def __init__(self, needs: Needs) -> None:
        super().__init__(needs, say("Discord lets a bot read messages only when its owner switches that on."))
        self.card = Card()
        self._glyph = Glyph("waiting", "muted", SPACE.large)
        self.said = label("", "strong", wrap=True)
        self.missing = label("", wrap=True)
        words = column(self.said, self.missing, gap=SPACE.tight)
        line = row(self._glyph, words, gap=SPACE.medium)
        line.setStretch(1, 1)
        self.card.put(line)
        self.enable = button(say("Switch it on"), "normal", "check", self._enable)
        self.portal = button(
            say("Open the Developer Portal"), "normal", "open", lambda: needs.open_link(DEVELOPER_PORTAL)
        )
        self.again = button(say("Look again"), "quiet", "refresh", self.look)
        self.card.put(row(self.enable, self.portal, self.again, 1))
        self.body.addWidget(self.card)
        self.body.addStretch(1)
        for piece in (self.card, self.enable, self.portal):
            piece.hide()

    def show_report(self, report: TokenReport) -> None:
        missing = report.missing_intents
        self.card.show()
        self.enable.setVisible(bool(missing) and report.can_enable)
        self.portal.setVisible(bool(missing) and not report.can_enable)
        self._glyph.put("warn" if missing else "good", "warn" if missing else "good")
        self.missing.setVisible(bool(missing))
        if not missing:
            self.said.setText(say("{name} may read what it needs.", name=report.name))
            return
        self.said.setText(say("{name} cannot read everything yet.", name=report.name))
        rows = [_intent_row(name) for name in missing]
        if not report.can_enable:
            rows.append(
                say(
                    "In the Developer Portal open Bot, switch these on under Privileged Gateway "
                    "Intents, save, and look again."
                )
            )
        self.missing.setText("\n".join(rows))

    def _enable(self) -> None:
        self.work(self._switch_on(), say("Switching it on"), self._told)

    async def _switch_on(self) -> TokenReport:
        token = await self.needs.secrets.token()
        if not token:
            raise TokenMissing
        return await self.needs.session.enable_intents(token)


class InviteStep(AskingStep):
    """The link that brings the bot to a server."""

    step = Step.INVITE
    title = T("Invite it to your server")

    def __init__(self, needs: Needs) -> None:
        super().__init__(
            needs, say("Open the link, choose your server and press Authorise. You must manage the server.")
        )
        self.link = QLineEdit()
        self.link.setReadOnly(True)
        self.link.setAccessibleName(say("Invite link"))
        self.open = button(say("Open"), "normal", "open", lambda: needs.open_link(self.link.text()))
        self.copy = button(say("Copy"), "normal", "copy", lambda: needs.copy(self.link.text()))
        line = row(self.link, self.open, self.copy)
        line.setStretch(0, 1)
        self.body.addLayout(line)
        self.servers = label("", "caption")
        self.again = button(say("Look again"), "link", "refresh", self.look)
        self.body.addLayout(row(self.servers, self.again, 1))
        asks = Card(say("What it asks for"), kind="well")
        for name, purpose in PERMISSIONS:
            asks.put(label(say("• {permission}: {purpose}", permission=name, purpose=purpose), wrap=True))
        self.body.addWidget(asks)
        self.body.addStretch(1)
        self._allow(False)

    def show_report(self, report: TokenReport) -> None:
        self.link.setText(report.invite_url)
        self.link.setCursorPosition(0)
        self._allow(True)
        none = say("It is on no server yet.")
        some = count("It is on {n} server already.", "It is on {n} servers already.", report.servers)
        self.servers.setText(some if report.servers else none)

    def _allow(self, known: bool) -> None:
        for piece in (self.link, self.open, self.copy):
            piece.setEnabled(known)

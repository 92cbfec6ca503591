"""Training: echoes of people who agreed. Asking for one, watching it grow, reading how good it is, and
ending it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, tzinfo
from typing import Any

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QWidget

from core.echo.consent import Request, Step
from core.echo.cutoff import cutoff
from core.echo.echoes import Echoes
from core.echo.exports import owner_of
from core.echo.jobs import JobLine
from core.echo.library import Card as EchoCard
from core.echo.maintenance import Concern
from core.echo.talk import StoredReply
from core.echo.talk import label as signed
from core.events import Bus, EchoConsentChanged, EchoErased, EchoJobChanged, EchoSessionChanged
from core.safety.access import NOBODY, Asker, Grant
from core.words import T, count, say
from gui.models.echoes import BELOW, RIGHT, EchoModel
from gui.models.times import day_of, when
from gui.pages.page import Page
from gui.refresh import Refresh
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, retone, row
from gui.widgets.captioned_list import CaptionedList
from gui.widgets.echo_places import PlacesCard
from gui.widgets.echo_portrait import FidelityCard, SamplesCard, StyleCard
from gui.widgets.echo_request import Asked, RequestCard
from gui.widgets.echo_steps import StepsCard
from gui.widgets.flow import Flow
from gui.widgets.scrolled import Scrolled

_HOST = Asker(0, is_host=True)
_SAID = 5  # of its last replies
_ACTS = {
    "asked": T("asked"),
    "permitted": T("allowed by the host"),
    "accepted": T("agreed"),
    "declined": T("declined"),
    "revoked": T("taken back"),
    "expired": T("time is over"),
    "erased": T("erased"),
}


class TrainingPage(Page):
    """The page: who there is at the left, one of them at the right.

    Args:
        now: tells the time. zone: the host's; days are meant as they are there.
    """

    def __init__(self, echoes: Echoes, bus: Bus, now: Callable[[], datetime], zone: tzinfo) -> None:
        super().__init__("training", say("Training"), bus)
        self._echoes, self._now, self._zone = echoes, now, zone
        self._shown = 0
        self.model = EchoModel()
        self.new = button(say("Ask for an echo…"), "primary", "add", self._begin)
        self.tidy = button(say("Tidy up now"), "normal", "refresh", self._tidy)
        self.tools.addWidget(self.tidy)
        self.tools.addWidget(self.new)
        self.request = RequestCard()
        self.steps = StepsCard()
        self.fidelity = FidelityCard()
        self.style_card = StyleCard()
        self.samples = SamplesCard()
        self._build()
        self._refresh = Refresh(self, self._read, say("Reading the echoes"))
        self.request.asked.connect(self._ask)
        self.steps.cancelled.connect(lambda job: self._do(self._echoes.jobs.cancel(job), say("Cancelling")))
        self.steps.retried.connect(lambda job: self._do(self._echoes.jobs.retry(job), say("Trying again")))
        for kind in (EchoConsentChanged, EchoJobChanged, EchoSessionChanged, EchoErased):
            self.listen(kind, lambda _event: self._refresh.ask())

    async def load(self) -> None:
        await self._read()

    # how it is built

    def _build(self) -> None:
        self.list = CaptionedList(BELOW, RIGHT)
        self.list.setModel(self.model)
        self.list.setAccessibleName(say("Echoes"))
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._chosen())
        self.title_label = label("", "heading")
        self.about = label("", "muted", wrap=True)
        self.again = button(say("Read what is new"), "normal", "again", self._again)
        self.revoke = button(say("End it…"), "danger", "remove", self._revoke)
        self.sure = Card(kind="notice")
        retone(self.sure, "bad")
        self.sure_words = label("", "body", wrap=True)
        self.yes = button(say("Erase it"), "danger", "remove", self._really)
        self.no = button(say("Keep it"), on_click=self.sure.hide)
        self.sure.put(self.sure_words, row(self.yes, self.no, 1))
        self.sure.hide()
        self.head = Card()
        self.head.put(self.title_label, self.about, Flow(self.again, self.revoke, apart=True), self.sure)
        self.places = PlacesCard()
        self.places.stopped.connect(self._stop)
        self.consent = Card(say("Consent"))
        self._ledger = QWidget()
        self.consent.put(self._ledger)
        inside = QWidget()
        cards = column(
            *(self.request, self.head, self.steps, self.fidelity, self.places),
            *(self.samples, self.style_card, self.consent, 1),
            gap=SPACE.medium,
        )
        inside.setLayout(cards)
        side = Card().put(self.list)
        side.setMinimumWidth(SPACE.sidebar + SPACE.wide)
        side.setMaximumWidth(SPACE.sidebar + 3 * SPACE.wide)
        both = row(side, Scrolled(inside, say("The chosen echo")), gap=SPACE.medium)
        both.setStretch(0, 1)
        both.setStretch(1, 2)
        self.content.setLayout(both)
        self.to_the_edge()

    # what it shows

    async def _read(self) -> None:
        cards = await self._echoes.library.cards()
        self.model.put_all(cards)
        nobody = not cards and self.request.isHidden()
        self.new.setHidden(nobody)  # the page itself asks then
        if nobody:
            self.states.show_empty(
                "training",
                say("No echo yet"),
                say(
                    "An echo writes in the manner of somebody who agreed to that. Ask somebody here, or let "
                    "people use /echo analyze on their server."
                ),
                say("Ask for an echo…"),
                self._begin,
            )
            return
        self.states.show_full()
        at = max(0, self.model.row_of(self._shown)) if cards else -1
        if at >= 0 and self.list.currentIndex().row() != at:
            self.list.selectionModel().setCurrentIndex(
                self.model.index(at, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
        await self._read_one(self.model.card(at))

    async def _read_one(self, card: EchoCard | None) -> None:
        log: list[JobLine] = []
        ledger: list[Step] = []
        said: list[StoredReply] = []
        memory = 0
        if card is not None:
            if card.job is not None:
                log = await self._echoes.jobs.log(card.job.id)
            ledger = await self._echoes.consents.ledger([card.consent.id])
            said = await self._echoes.talk.said(card.consent.id, _SAID)
            memory = await self._echoes.maintenance.memory() if card.sessions else 0
        self._show(card, log, ledger)
        if card is not None:
            self.places.show_places(card, memory, said)

    def _show(self, card: EchoCard | None, log: list[JobLine], ledger: list[Step]) -> None:
        for part in (self.head, self.steps, self.fidelity, self.places, self.samples, self.consent):
            part.setVisible(card is not None)
        self.style_card.setVisible(card is not None and card.style is not None)
        if card is None:
            return
        if card.consent.id != self._shown:
            self.sure.hide()
        self._shown = card.consent.id
        self.title_label.setText(signed(card.name))
        self.about.setText(self._about(card))
        busy = card.job is not None and card.job.state in ("queued", "running")
        live = card.consent.is_live(self._now())
        self.again.setVisible(live and not busy and card.consent.source == "discord")
        self.steps.setVisible(card.job is not None)
        if card.job is not None:
            self.steps.show_job(card.job, self._echoes.jobs.trouble(card.job))
            self.steps.show_log(log)
        self.fidelity.setVisible(card.is_ready)
        self.samples.setVisible(card.is_ready and bool(card.samples))
        if card.is_ready:
            self.fidelity.show_echo(card)
            self.samples.show_samples(card.samples)
        if card.style is not None:
            self.style_card.show_style(card.style)
        self.places.setVisible(card.is_ready)
        self._show_ledger(ledger)

    def _about(self, card: EchoCard) -> str:
        consent = card.consent
        where = (
            say("on {server}", server=consent.guild_name)
            if consent.guild_id is not None
            else say("from a file")
        )
        pieces = [
            where,
            say("messages before {day}", day=day_of(consent.cutoff)),
            count("{n} message kept", "{n} messages kept", card.collected),
        ]
        if consent.expires_at is not None:
            pieces.append(say("erased on {day}", day=day_of(consent.expires_at)))
        return " · ".join(pieces)

    def _show_ledger(self, ledger: list[Step]) -> None:
        self.consent.body.removeWidget(self._ledger)
        self._ledger.deleteLater()
        self._ledger = QWidget()
        rows = column(gap=SPACE.tight)
        for step in ledger:
            rows.addWidget(label(f"{when(step.at)}  {say(_ACTS[step.act])}", "caption"))
        self._ledger.setLayout(rows)
        self.consent.body.addWidget(self._ledger)

    # what the host does

    def _chosen(self) -> None:
        card = self.model.card(self.list.currentIndex().row())
        if card is not None and card.consent.id != self._shown:
            self._shown = card.consent.id
            self.run(self._read_one(card), say("Reading the echoes"))

    def _begin(self) -> None:
        self.new.show()
        self.states.show_full()
        today = f"{self._now().astimezone(self._zone):%d.%m.%Y}"
        self.run(
            self._echoes.library.candidates(),
            say("Looking who could be asked"),
            lambda people: self.request.begin(people, today),
        )

    def _ask(self, asked: Asked) -> None:
        asking = self.run(self._request(asked), say("Asking"), lambda number: self._asked(number))
        asking.failure(self.request.say_wrong)

    async def _request(self, asked: Asked) -> int:
        if asked.file is not None:
            return await self._from_file(asked)
        assert asked.person is not None
        today = self._now().astimezone(self._zone).date()
        person = asked.person
        request = Request(
            person.guild_id,
            person.guild_name,
            person.person_id,
            person.name,
            cutoff(asked.date, today, self._zone),
            use=Grant(guilds=frozenset({person.guild_id})) if asked.everybody else NOBODY,
        )
        return (await self._echoes.ask(request, _HOST, say("The host"))).id

    async def _from_file(self, asked: Asked) -> int:
        assert asked.file is not None
        owner = await asyncio.to_thread(owner_of, asked.file)
        number, name = owner if owner is not None else (0, asked.name)
        request = Request(
            None, "", number, asked.name or name or say("Me"), self._now(), from_file=True, own=True
        )
        consent = await self._echoes.ask(request, _HOST, say("The host"))
        try:
            await self._echoes.import_file(consent.id, asked.file, (asked.name,) if asked.name else ())
        except BaseException:
            await self._echoes.revoke(consent.id, _HOST)
            raise
        return consent.id

    def _asked(self, number: int) -> None:
        self._shown = number
        self.request.hide()
        self._refresh.ask()

    def _again(self) -> None:
        self._do(self._echoes.analyse(self._shown), say("Reading what is new"))

    def _stop(self, session: int) -> None:
        self._do(self._echoes.sessions.stop(session, _HOST), say("Stopping"))

    def _tidy(self) -> None:
        async def tidy() -> list[Concern]:
            await self._echoes.clean()
            await self._echoes.check_sessions()
            return await self._echoes.maintenance.health()

        self.run(tidy(), say("Tidying up"), self._tidied)

    def _tidied(self, concerns: list[Concern]) -> None:
        self.toast(say("What was over, or left behind, is gone."), "good")
        for concern in concerns:
            self.toast(say(concern.text), concern.level)
        self._refresh.ask()

    def _revoke(self) -> None:
        card = self.model.card(self.model.row_of(self._shown))
        if card is None:
            return
        self.sure_words.setText(
            say(
                "End the echo of {name}? What was read for it, and everything made from it, is erased at "
                "once. This cannot be undone.",
                name=card.name,
            )
        )
        self.sure.show()
        self.no.setFocus()

    def _really(self) -> None:
        self.sure.hide()
        self.run(self._echoes.revoke(self._shown, _HOST), say("Erasing"), lambda _receipt: self._ended())

    def _ended(self) -> None:
        self._shown = 0
        self.toast(say("Everything made for this echo is erased."), "good")
        self._refresh.ask()

    def _do(self, work: Coroutine[Any, Any, Any], title: str) -> None:
        self.run(work, title, lambda _done: self._refresh.ask())

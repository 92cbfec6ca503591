"""The set-up guide: somebody who has nothing but a token goes through it and is ready to press Start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.app import App
from core.errors import TokenRefused
from core.setup import Step
from gui.contents import guide_needs
from gui.wizard.discord_side import IntentsStep, InviteStep
from gui.wizard.guide import Guide
from gui.wizard.token import TokenStep
from tests.support.fake_session import FakeSession

INTENT = "Message Content Intent"


@pytest.fixture
async def guide(app: App, session: FakeSession) -> AsyncIterator[Guide]:
    made = Guide(app.setup, guide_needs(app, session))
    await made.begin()
    yield made
    await made.end()
    made.deleteLater()


async def on(guide: Guide) -> Step:
    """Press the button that goes on, and wait; answers the step that is there then."""
    guide.next.click()
    await guide.needs.tasks.idle()
    return guide.present.step


async def test_from_welcome_to_ready_with_a_token_and_six_clicks(
    app: App, session: FakeSession, guide: Guide
) -> None:
    session.report = replace(session.report, missing_intents=(INTENT,), can_enable=True)
    assert await on(guide) is Step.TOKEN
    token = guide.present
    assert isinstance(token, TokenStep)
    token.field.setText("  a.good.token ")
    assert await on(guide) is Step.INTENTS
    assert session.checked == ["a.good.token"]
    assert await app.secrets.token() == "a.good.token"
    intents = guide.present
    assert isinstance(intents, IntentsStep)
    assert INTENT in intents.missing.text()
    intents.enable.click()
    await guide.needs.tasks.idle()
    assert intents.said.text() == "Finn may read what it needs."
    assert await on(guide) is Step.INVITE
    invite = guide.present
    assert isinstance(invite, InviteStep)
    assert invite.link.text().startswith("https://discord.com/oauth2/authorize?client_id=4711")
    assert "1 server" in invite.servers.text()
    assert await on(guide) is Step.BRAIN
    assert await on(guide) is Step.PERSONA
    assert await on(guide) is Step.DONE
    active = await app.personas.active()
    assert active is not None
    assert guide.next.text() == "Start now"
    wanted: list[str] = []
    guide.ended.connect(wanted.append)
    await on(guide)
    assert wanted == ["start"]


async def test_a_refused_token_is_not_kept_and_said(app: App, session: FakeSession, guide: Guide) -> None:
    await on(guide)
    token = guide.present
    assert isinstance(token, TokenStep)
    session.refuses = TokenRefused()
    token.field.setText("a.bad.token")
    assert await on(guide) is Step.TOKEN
    assert "does not accept this token" in token.trouble.what.text()
    assert not await app.secrets.token()


async def test_it_goes_on_where_it_was_left(app: App, session: FakeSession, guide: Guide) -> None:
    assert await on(guide) is Step.TOKEN
    again = Guide(app.setup, guide_needs(app, session))  # as at the next start
    await again.begin()
    assert again.present.step is Step.TOKEN
    await again.needs.tasks.end()
    again.hide()
    again.deleteLater()

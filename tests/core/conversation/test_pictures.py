"""A model that sees is shown the picture; one that does not reads its name."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from core.app import App
from core.conversation.message import Attachment, Author, IncomingMessage, Realm
from core.conversation.practice import PracticeDoor
from core.conversation.record import incoming
from core.llm.brain import ModelDetails
from core.settings import BURST_SECONDS
from db import messages
from tests.support.fake_brain import FakeBrain

CAT = Attachment("cat.png", "image/png", 3, "https://cdn.discordapp.com/cat.png")


class Gallery:
    """The practice room's door, with pictures behind it."""

    def __init__(self, door: PracticeDoor) -> None:
        self._door = door
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._door, name)

    async def picture(self, attachment: Attachment) -> bytes | None:
        self.asked.append(attachment.name)
        return b"cat" if attachment.name == "cat.png" else None


class Seeing(FakeBrain):
    """A brain with eyes."""

    async def show(self, model: str) -> ModelDetails:
        return ModelDetails(model, 4096, frozenset({"completion", "vision"}))


async def shown(app: App, *files: Attachment) -> Gallery:
    await app.settings.put(BURST_SECONDS, 0)
    gallery = Gallery(app.practice.door)
    message = IncomingMessage(
        5,
        app.practice.place,
        Author(9, "Ada"),
        "look at her!",
        app.config.clock.now(),
        mentions_me=True,
        attachments=files,
    )
    await app.line.take(message, gallery)  # type: ignore[arg-type]
    await asyncio.gather(*app.line.tasks)
    return gallery


@pytest.fixture
def brain() -> FakeBrain:
    return Seeing("what a cat!")


async def test_a_model_that_sees_is_shown_the_picture(app: App, brain: FakeBrain) -> None:
    await shown(app, CAT)
    asked = brain.requests[-1].messages[-1]
    assert asked.images == (b"cat",)
    assert "look at her! [file: cat.png]" in asked.content


async def test_the_picture_is_seen_again_when_the_reply_is_written_anew(app: App, brain: FakeBrain) -> None:
    gallery = await shown(app, CAT, Attachment("no-address.png", "image/png", 3))
    kept = await app.store.run(messages.by_platform_id, Realm.PRACTICE, 5)
    assert kept is not None
    await app.line.again(incoming(kept), gallery)  # type: ignore[arg-type]
    await asyncio.gather(*app.line.tasks)
    assert len(brain.requests) == 2
    assert any(b"cat" in message.images for message in brain.requests[1].messages)


@pytest.mark.parametrize(
    "file",
    [
        replace(CAT, kind="application/pdf"),
        replace(CAT, size_bytes=9 * 1024**2),
        replace(CAT, name="gone.png"),
    ],
)
async def test_what_cannot_be_shown_is_named(app: App, brain: FakeBrain, file: Attachment) -> None:
    await shown(app, file)
    asked = brain.requests[-1].messages[-1]
    assert asked.images == ()
    assert f"[file: {file.name}]" in asked.content


async def test_a_model_without_eyes_is_not_asked_to_see(app: App) -> None:
    blind = FakeBrain("nice")
    app.desk.roles.brain = blind  # type: ignore[attr-defined]
    app.desk.roles._choice = replace(app.desk.roles._choice, brain=blind)  # type: ignore[attr-defined]
    gallery = await shown(app, CAT)
    assert gallery.asked == []
    assert blind.requests[-1].messages[-1].images == ()

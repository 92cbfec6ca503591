"""What people make of a reply comes home: an example, a line never said again, or another answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest

from core.app import App
from core.conversation.archive import PlacesSought
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.errors import DiscordUnreachable, NeverFull, NotTheLatest, ReplyGone
from core.events import TurnRated
from core.persona.identity import Persona
from core.settings import BURST_SECONDS
from core.words import say
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

Play = Callable[..., Any]
ADA = 501


async def finn(app: App) -> Persona:
    active = await app.personas.active()
    assert active is not None
    return active.persona


async def newest(app: App) -> str:
    return next(turn.id for turn in await app.feed.recent() if turn.replied)


async def test_a_good_reply_becomes_an_example_and_the_next_prompt_holds_it(
    app: App, play: Play, brain: FakeBrain
) -> None:
    heard: list[TurnRated] = []
    app.bus.listen(TurnRated, heard.append)
    await play("Ada: hi @bot")
    rated = await app.feedback.rate(await newest(app), "good")
    assert rated.learnt
    assert say(rated.said) == "Finn has this as an example now."
    assert (await finn(app)).examples[-1] == "tea's on"
    assert [each.turn_id for each in heard] == [rated.turn_id]
    await play("Ada: and now? @bot")
    assert "- tea's on" in brain.requests[-1].messages[0].content


async def test_taking_it_back_takes_the_example_out_again(app: App, play: Play) -> None:
    before = (await finn(app)).examples
    await play("Ada: hi @bot")
    turn = await newest(app)
    await app.feedback.rate(turn, "good")
    await app.feedback.take_back(turn)
    assert (await finn(app)).examples == before


async def test_who_changes_their_mind_has_only_said_the_last(app: App, play: Play) -> None:
    before = (await finn(app)).examples
    await play("Ada: hi @bot")
    turn = await newest(app)
    await app.feedback.rate(turn, "good")
    await app.feedback.rate(turn, "bad")
    assert (await finn(app)).examples == before
    place = (await app.archive.places(_practice()))[0]
    assert (await app.archive.tail(place))[-1].verdicts == ((0, "bad"),)


async def test_two_people_have_an_opinion_each(app: App, play: Play) -> None:
    await play("Ada: hi @bot")
    turn = await newest(app)
    await app.feedback.rate(turn, "good", by=ADA)
    await app.feedback.rate(turn, "bad")
    place = (await app.archive.places(_practice()))[0]
    assert (await app.archive.tail(place))[-1].verdicts == ((ADA, "good"), (0, "bad"))
    assert (await finn(app)).examples[-1] == "tea's on"


async def test_what_it_never_says_stands_in_the_very_next_prompt(
    app: App, play: Play, brain: FakeBrain
) -> None:
    await play("Ada: hi @bot")
    turn = await newest(app)
    await app.feedback.rate(turn, "good")
    await app.feedback.never_say(turn)
    assert (await finn(app)).never == ("tea's on",)
    assert "tea's on" not in (await finn(app)).examples
    await play("Ada: and now? @bot")
    assert "never writes these lines, nor anything close to them:\n- tea's on" in (
        brain.requests[-1].messages[0].content
    )


async def test_a_template_of_the_hosts_own_gets_what_it_never_says_too(
    app: App, play: Play, brain: FakeBrain
) -> None:
    app.desk.prompts.mkdir(parents=True, exist_ok=True)
    (app.desk.prompts / "persona.txt").write_text("You are $name.", encoding="utf-8")
    await play("Ada: hi @bot")
    assert "tea's on" not in brain.requests[-1].messages[0].content
    await app.feedback.never_say(await newest(app))
    await play("Ada: hi @bot")
    assert "You are Finn.\n\nFinn never writes these lines" in brain.requests[-1].messages[0].content


async def test_a_persona_without_room_says_so(app: App, play: Play) -> None:
    active = await app.personas.active()
    assert active is not None
    full = active.persona.model_copy(
        update={
            "never": tuple(f"line {n}" for n in range(60)),
            "examples": tuple(f"so {n}" for n in range(60)),
        }
    )
    await app.personas.change(active.id, full)
    await play("Ada: hi @bot")
    turn = await newest(app)
    with pytest.raises(NeverFull):
        await app.feedback.never_say(turn)
    rated = await app.feedback.rate(turn, "good")
    assert not rated.learnt
    assert "room" in say(rated.said)


async def test_a_silence_cannot_be_rated(app: App, play: Play) -> None:
    await play("Ada -> Bob: lovely weather")
    turn = (await app.feed.recent())[0]
    with pytest.raises(ReplyGone):
        await app.feedback.rate(turn.id, "good")


async def test_the_latest_reply_is_written_anew(app: App, play: Play, brain: FakeBrain) -> None:
    app.desk.roles = FakeRoles(FakeBrain("tea's on", "kettle's boiling"))  # type: ignore[assignment]
    await play("Ada: hi @bot")
    turn = await newest(app)
    assert await app.feedback.can_reroll(turn)
    await app.settings.put(BURST_SECONDS, 0)
    again = await app.feedback.reroll(turn)
    await _settled(app)
    said = [line.text for line in await app.practice.transcript()]
    assert said == ["hi @bot", "kettle's boiling"]
    assert (await app.feed.turn(again)) is not None
    assert await app.feed.turn(turn) is None


async def test_only_the_latest_can_be_written_anew(app: App, play: Play) -> None:
    await play("Ada: hi @bot")
    first = await newest(app)
    await play("Ada: and? @bot")
    assert not await app.feedback.can_reroll(first)
    with pytest.raises(NotTheLatest):
        await app.feedback.reroll(first)


class Discord:
    """A door to Discord that remembers what it took back."""

    self_id = 77

    def __init__(self) -> None:
        self.posted: list[str] = []
        self.retracted: list[tuple[int, int]] = []

    def typing(self, place: Place) -> Any:
        return nullcontext()

    def writing(self, turn_id: str, text: str) -> None:
        """Nobody watches."""

    async def already_posted(self, place: Place, text: str, answers: int) -> int | None:
        return None

    async def post(self, place: Place, text: str, nonce: str, answers: int | None) -> int:
        self.posted.append(text)
        return (1_500_000_000_000 + len(self.posted)) << 22

    async def retract(self, place: Place, message_id: int) -> None:
        self.retracted.append((place.channel_id, message_id))


async def test_on_discord_the_old_reply_goes_before_the_new_one_comes(app: App) -> None:
    app.desk.roles = FakeRoles(FakeBrain("tea's on", "kettle's boiling"))  # type: ignore[assignment]
    await app.settings.put(BURST_SECONDS, 0)
    door = Discord()
    place = Place(Realm.DISCORD, 9, "general", 3, "Harbour")
    now = app.config.clock.now()
    message = IncomingMessage(1_000_000 << 22, place, Author(ADA, "Ada"), "hi", now, mentions_me=True)
    await app.line.take(message, door)
    await _settled(app)
    turn = await newest(app)
    with pytest.raises(DiscordUnreachable):
        await app.feedback.reroll(turn)
    app.doors[Realm.DISCORD] = door
    await app.feedback.reroll(turn)
    await _settled(app)
    assert door.posted == ["tea's on", "kettle's boiling"]
    assert door.retracted == [(9, 1_500_000_000_001 << 22)]
    kept = await app.archive.tail((await app.archive.places(_discord()))[0])
    assert [line.text for line in kept] == ["hi", "kettle's boiling"]


async def test_a_posted_message_leads_back_to_its_turn(app: App, play: Play) -> None:
    await play("Ada: hi @bot")
    said = await app.practice.transcript()
    assert await app.feedback.turn_of("practice", said[-1].id) == await newest(app)
    assert await app.feedback.turn_of("practice", said[0].id) is None
    assert await app.feedback.turn_of("discord", said[-1].id) is None


async def _settled(app: App) -> None:
    while app.line.tasks:
        await asyncio.gather(*app.line.tasks)


def _practice() -> Any:
    return PlacesSought("practice")


def _discord() -> Any:
    return PlacesSought("discord")

"""A voice is asked for, agreed to, learnt, heard and taken back, on an in-memory Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import echo_board, echo_rooms
from bot.echo_source import DiscordSource
from bot.echo_voice import Voice
from core.app import App
from core.echo import building, talk
from core.echo.consent import Request
from core.echo.source import SourceMessage
from core.errors import PermissionMissing
from core.safety.access import Asker
from tests.core.echo.people import lena
from tests.support.fake_brain import FakeBrain
from tests.support.harbour import World
from tests.support.slash import invoke, words_of

CANARY = "zebra piano"


@pytest.fixture(autouse=True)
def _no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """This Discord has no search; channels are paged through."""

    async def none(self: DiscordSource, *asked: int) -> Sequence[SourceMessage] | None:
        return None

    monkeypatch.setattr(DiscordSource, "search", none)
    monkeypatch.setattr(building, "LEAST", 20)
    monkeypatch.setattr(building, "_TRIAL", 3)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for an echo to read and type."""
    monkeypatch.setattr(echo_rooms, "BURST_S", 0.01)
    monkeypatch.setattr(talk, "SHORTEST_WAIT_S", 0.0)
    monkeypatch.setattr(talk, "LONGEST_WAIT_S", 0.0)


def has_written(world: World, who: Any, texts: list[str]) -> None:
    """What somebody wrote before the bot heard anything."""
    for text in texts:
        world.env.backend.create_message(world.general.id, who.id, text)


async def finished(world: World) -> Any:
    """The newest analysis, once it is over."""
    async with asyncio.timeout(60):
        while True:
            job = (await world.app.echoes.jobs.recent(1))[0]
            if job.state in ("done", "failed", "cancelled"):
                return job
            await asyncio.sleep(0.02)


def pressed(message: Any) -> list[str]:
    return [button.custom_id.split(":")[1] for row in message.components for button in row.children]


async def with_an_echo(world: World) -> Any:
    """Ada has an echo that the captain allowed; answers the message that followed it."""
    has_written(world, world.ada, [*lena(80), f"the {CANARY} is mine"])
    has_written(world, world.bob, ["Bob's own words stay Bob's own"] * 3)
    asked = await world.ada.slash(world.general, "echo analyze", date="20.11.2026")
    message = next(each for each in world.general.history() if each.id == asked.response.id)
    assert pressed(message) == ["permit", "revoke"]
    await world.captain.click(message, custom_id=f"echo:permit:{number_of(message)}")
    job = await finished(world)
    assert job.state == "done", world.app.echoes.jobs.trouble(job)
    await world.env.settle()
    return message


def number_of(message: Any) -> int:
    ids = [button.custom_id for row in message.components for button in row.children]
    return int(ids[0].rsplit(":", 1)[1])


async def test_nobody_is_read_before_they_and_the_server_agreed(world: World) -> None:
    has_written(world, world.bob, lena(60))
    asked = await world.ada.slash(world.general, "echo analyze", person=world.bob, date="20.11.2026")
    text = words_of(asked)
    assert "An echo of Bob, asked for by Ada, on Harbour." in text
    assert "before 20.11.2026, at most 10,000" in text
    assert "for 30 days" in text
    assert "Bob has to agree; somebody who runs this server has to allow it" in text
    (direct,) = world.direct(world.bob)
    assert "An echo of Bob" in direct.content
    number = number_of(direct)

    other = await world.ada.click(asked.response, custom_id=f"echo:agree:{number}")
    assert "Only the person themselves can answer this." in words_of(other)
    member = await world.ada.click(asked.response, custom_id=f"echo:permit:{number}")
    assert "Only somebody who runs this server can allow this." in words_of(member)
    await world.captain.click(asked.response, custom_id=f"echo:permit:{number}")
    assert await world.app.echoes.jobs.recent() == []

    await world.bob.user.click(direct, custom_id=f"echo:agree:{number}")
    assert (await finished(world)).state == "done"
    await world.env.settle()
    followed = next(each for each in world.general.history() if each.id == asked.response.id)
    assert "✅ Ready." in followed.content
    assert any("is ready" in each.content for each in world.direct(world.bob))
    assert any("is ready" in each.content for each in world.direct(world.ada))


async def test_whom_the_host_asks_at_their_computer_is_asked_directly(world: World) -> None:
    request = Request(
        world.guild.id, "Harbour", world.bob.id, "Bob", cutoff=datetime(2026, 11, 20, tzinfo=UTC)
    )
    await world.app.echoes.ask(request, Asker(0, is_host=True), "The host")
    await world.env.settle()
    (direct,) = world.direct(world.bob)
    assert "An echo of Bob, asked for by The host, on Harbour." in direct.content
    assert pressed(direct) == ["agree", "decline"]


async def followed_to_its_end() -> None:
    """Until nothing follows an analysis any more."""
    async with asyncio.timeout(30):
        while any(task.get_name().startswith("echo job ") for task in asyncio.all_tasks()):
            await asyncio.sleep(0.02)


async def test_who_agrees_directly_after_a_restart_sees_it_grow_there_and_can_end_it_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(echo_board, "EVERY_S", 0.0)
    has_written(world, world.bob, lena(60))
    await world.captain.slash(world.general, "echo analyze", person=world.bob, date="20.11.2026")
    board: Any = world.env.bot.get_cog("EchoCog")._board
    board._where.clear()  # where the request stands on the server was known before the restart
    (direct,) = world.direct(world.bob)
    number = number_of(direct)
    await world.bob.user.click(direct, custom_id=f"echo:agree:{number}")
    assert (await finished(world)).state == "done"
    await followed_to_its_end()
    await world.env.settle()
    followed, ready = world.direct(world.bob)
    assert "✅ Ready." in followed.content
    assert pressed(ready) == ["revoke"]

    await world.app.echoes.deleted([world.general.history()[0].id])
    assert (await finished(world)).state == "done"
    await followed_to_its_end()
    await world.env.settle()
    assert len(world.direct(world.bob)) == 2  # that it is ready again is no news

    asked = await world.bob.user.click(ready, custom_id=f"echo:revoke:{number}")
    await world.bob.user.click(asked.response, label="Erase it")
    assert await world.app.echoes.library.cards() == []


async def test_declined_means_nothing_is_read_and_nobody_asks_again(world: World) -> None:
    asked = await world.captain.slash(world.general, "echo analyze", person=world.bob)
    (direct,) = world.direct(world.bob)
    await world.bob.user.click(direct, custom_id=f"echo:decline:{number_of(direct)}")
    shown = next(each for each in world.general.history() if each.id == asked.response.id)
    assert "It was declined. Nothing was read." in shown.content
    assert shown.components == []
    again = await world.captain.slash(world.general, "echo analyze", person=world.bob)
    assert "Bob has declined, and is not asked again so soon." in words_of(again)
    assert await world.app.echoes.jobs.recent() == []


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2026-01-05", "2026-01-05 is not a date."),
        ("31.02.2026", "There is no 31.02.2026"),
        ("01.01.2099", "01.01.2099 has not come yet."),
        ("1.1.2026", "1.1.2026 is not a date."),
    ],
)
async def test_a_date_is_a_day_month_and_year_with_dots(world: World, date: str, said: str) -> None:
    result = await world.ada.slash(world.general, "echo analyze", date=date)
    assert said in words_of(result)
    assert result.ephemeral


async def test_bots_and_direct_chats_are_refused(world: World) -> None:
    beep = await world.ada.slash(world.general, "echo analyze", person=world.beep)
    assert "an echo is made of people only" in words_of(beep)
    for command in ("echo analyze", "echo online", "echo offline", "echo status", "echo revoke"):
        result = await invoke(world.ada.user, world.ada.user.dm_channel, command)
        assert "only on a server" in words_of(result).lower() or "on a server" in words_of(result).lower()


async def test_without_an_echo_there_is_nothing_to_start_or_end(world: World) -> None:
    for command in ("echo online", "echo revoke"):
        assert "There is no such echo." in words_of(await world.ada.slash(world.general, command))
    assert "No echo talks here now." in words_of(await world.ada.slash(world.general, "echo offline"))
    assert "There is none here yet." in words_of(await world.ada.slash(world.general, "echo status"))


async def talked(world: World, who: Any, text: str) -> list[Any]:
    """Say something and wait for what comes back; answers what was posted since."""
    before = len(world.general.history())
    await who.send(world.general, text)
    async with asyncio.timeout(30):
        while any(task.get_name().startswith("echo in") for task in asyncio.all_tasks()):
            await asyncio.sleep(0.02)
    await world.env.settle()
    return world.general.history()[before + 1 :]


async def test_an_echo_talks_under_a_labelled_name_and_everything_of_it_goes(
    world: World, brain: FakeBrain, quick: None
) -> None:
    followed = await with_an_echo(world)
    shown = next(each for each in world.general.history() if each.id == followed.id)
    assert "✅ Ready." in shown.content

    stranger = await world.bob.slash(world.general, "echo online", person=world.ada)
    assert "This echo is not open to you here." in words_of(stranger)
    await world.ada.slash(world.general, "echo online")
    taken = await world.ada.slash(world.general, "echo online")
    assert "An echo already talks in this channel." in words_of(taken)

    brain._replies = ["hmm the teapot works now.. i dont mind @everyone"]
    (said,) = await talked(world, world.bob, "does the teapot work?")
    assert said.author.display_name == "Ada · echo"
    assert said.webhook_id is not None
    assert "teapot works now" in said.content
    assert not said.mention_everyone
    await world.bob.react(said, "👍")
    session = (await world.app.echoes.sessions.active())[0]
    (reply,) = await world.app.echoes.talk.said(session.consent_id)
    assert reply.up == 1

    assert await talked(world, world.bob, f"{world.captain.mention} are you there?") == []
    assert await talked(world, world.beep, "beep") == []
    status = words_of(await world.ada.slash(world.general, "echo status"))
    assert "Talks in <#" in status
    assert "1 replies" in status

    asked = await world.ada.slash(world.general, "echo revoke")
    await world.ada.click(asked.response, label="Erase it")
    assert await world.app.echoes.sessions.active() == []
    assert [each for each in await talked(world, world.bob, "still there?") if each.webhook_id] == []
    # What the bot itself heard said in the channel is the server's archive, which /privacy is for.
    assert await traces(world.app, CANARY) == ["messages"]
    assert await traces(world.app, "teapot works now") == []
    shown = next(each for each in world.general.history() if each.id == followed.id)
    assert shown.content == "It is over, and everything made from it is erased."


async def test_where_an_echo_talks_the_persona_answers_only_what_is_said_to_it(
    world: World, quick: None
) -> None:
    await with_an_echo(world)
    await world.ada.slash(world.general, "echo online")
    (said,) = await talked(world, world.bob, "does the teapot work?")

    def heard(db: Any) -> dict[str, str]:
        rows = db.execute_sql(
            "select m.text, t.reason from messages m join turns t on t.message_id = m.platform_id"
        )
        return dict(rows.fetchall())

    reasons = await world.app.store.read(heard)
    assert "nobody meant the persona" in reasons["does the teapot work?"]
    assert said.content not in reasons


async def test_without_a_webhook_an_echo_signs_what_the_bot_posts_and_answers_replies_to_it(
    world: World, brain: FakeBrain, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none(self: Voice, channel: Any, *, fresh: bool) -> None:
        return None

    monkeypatch.setattr(Voice, "_webhook", none)
    await with_an_echo(world)
    await world.ada.slash(world.general, "echo online")
    (said,) = await talked(world, world.bob, "does the teapot work?")
    assert said.content.startswith("**Ada · echo:** ")
    before = len(world.general.history())
    brain._replies = ["hmm the lamp works now.. i dont mind"]
    await world.bob.send(world.general, "and the kettle?", reply_to=said)
    async with asyncio.timeout(30):
        while any(task.get_name().startswith("echo in") for task in asyncio.all_tasks()):
            await asyncio.sleep(0.02)
    await world.env.settle()
    answers = world.general.history()[before + 1 :]
    assert [each.content.startswith("**Ada · echo:** ") for each in answers] == [True]


async def test_an_echo_leaves_a_channel_in_which_it_may_not_write(
    world: World, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(self: Voice, channel: Any, name: str, text: str) -> int:
        raise PermissionMissing(place="#general", permission="Send Messages")

    await with_an_echo(world)
    await world.ada.slash(world.general, "echo online")
    monkeypatch.setattr(Voice, "say", refused)
    await talked(world, world.bob, "does the teapot work?")
    assert await world.app.echoes.sessions.active() == []


async def test_who_changes_their_mind_has_one_vote(world: World, brain: FakeBrain, quick: None) -> None:
    await with_an_echo(world)
    await world.ada.slash(world.general, "echo online")
    (said,) = await talked(world, world.bob, "does the teapot work?")
    await world.bob.react(said, "👍🏽")
    await world.bob.react(said, "👎")
    await world.bob.unreact(said, "👍🏽")
    await world.env.settle()
    assert "👍 0 · 👎 1" in words_of(await world.ada.slash(world.general, "echo status"))


def _long_ago(db: Any) -> None:
    db.execute_sql("update echo_consents set asked_at = 0")


async def test_a_server_of_many_echoes_shows_them_on_pages(world: World) -> None:
    zone = datetime(2026, 11, 20, tzinfo=UTC)
    for number in range(30):
        who = f"**_{number}_** " + "x_" * 40
        request = Request(world.guild.id, "Harbour", 5000 + number, who, cutoff=zone)
        await world.app.echoes.ask(request, Asker(0, is_host=True), "The host")
        await world.app.store.run(_long_ago)
    shown = await world.captain.slash(world.general, "echo status")
    assert "x\\_x\\_" in words_of(shown)
    assert shown.response is not None
    await world.env.settle()


async def test_offline_says_how_much_it_said(world: World, quick: None) -> None:
    await with_an_echo(world)
    await world.ada.slash(world.general, "echo online")
    foreign = await world.bob.slash(world.general, "echo offline")
    assert "This echo is not open to you here." in words_of(foreign)
    gone = await world.ada.slash(world.general, "echo offline")
    assert words_of(gone) == "It is gone; it said 0 things."


async def traces(app: App, canary: str) -> list[str]:
    """Where in the store or in its folder a text still stands."""

    def look(db: Any) -> list[str]:
        found = []
        for (table,) in db.execute_sql("select name from sqlite_master where type = 'table'").fetchall():
            for row in db.execute_sql(f'select * from "{table}"').fetchall():  # noqa: S608
                if canary.encode() in repr(row).encode() or any(
                    isinstance(cell, bytes) and canary.encode() in cell for cell in row
                ):
                    found.append(table)
        return found

    def files() -> list[str]:
        every = (path for path in Path(app.config.data_dir).rglob("*") if path.is_file())
        return [str(path) for path in every if canary.encode() in path.read_bytes()]

    return await app.store.read(look) + await asyncio.to_thread(files)

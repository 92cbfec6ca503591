"""What core hears of what is said on Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import pytest

from bot.client import DiscordSession
from core.app import App
from core.conversation.message import Door, IncomingMessage, Place, Realm
from tests.support.discord_faults import status
from tests.support.fake_discord import FakeDiscord, FakeGuild


class Ear:
    """A line that only listens."""

    def __init__(self, discord: FakeDiscord) -> None:
        self.heard: list[IncomingMessage] = []
        self.changed: list[tuple[int, str]] = []
        self.gone: list[int] = []
        self.places: list[Place] = []
        self.trips = False
        self._discord = discord

    async def take(self, message: IncomingMessage, door: Door) -> None:
        if self.trips:
            self.trips = False
            raise ZeroDivisionError
        self.heard.append(message)
        await self._discord._tell()

    async def edited(self, realm: Realm, message_id: int, text: str, at: datetime) -> None:
        self.changed.append((message_id, text))
        await self._discord._tell()

    async def deleted(self, realm: Realm, message_ids: Sequence[int]) -> None:
        self.gone.extend(message_ids)
        await self._discord._tell()

    async def survey(self, places: Sequence[Place]) -> None:
        self.places.extend(places)
        await self._discord._tell()

    async def resume(self, door: Door, realm: Realm) -> None: ...

    async def leave(self, door: Door, within_s: float) -> None: ...

    async def next(self) -> IncomingMessage:
        await self._discord.until(lambda: bool(self.heard))
        return self.heard.pop(0)


@pytest.fixture
def harbour(discord: FakeDiscord) -> FakeGuild:
    return discord.add_guild("Harbour")


@pytest.fixture
async def ear(app: App, discord: FakeDiscord, harbour: FakeGuild) -> AsyncIterator[Ear]:
    line = Ear(discord)
    session = DiscordSession(
        line, app.secrets, app.bus, app.config.clock, discord.api_url, discord.gateway_url, ready_after_s=0.02
    )
    discord.add_thread(harbour.channels[0], "boats")
    discord.add_guild("Cellar", "walled", denied=1 << 10)
    await session.start()
    await discord.until(lambda: len(discord._sockets) == 1)
    yield line
    await session.stop()


async def test_people_and_places_have_the_names_that_members_see(
    ear: Ear, discord: FakeDiscord, harbour: FakeGuild
) -> None:
    ada, bob = discord.add_user("Ada", nick="Countess"), discord.add_user("Bob", nick="Bobby")
    await discord.say(
        harbour.channels[0], ada, f"ask <@{bob.id}> about <#{harbour.channels[0].id}>", mentions=(bob,)
    )
    heard = await ear.next()
    assert heard.author.name == "Countess"
    assert heard.text == "ask @Bobby about #general"
    assert heard.mentions == ("Bobby",)
    assert (heard.place.title, heard.place.guild_name, heard.place.is_direct) == (
        "#general",
        "Harbour",
        False,
    )
    assert not heard.mentions_me


async def test_it_is_mentioned_by_its_name_and_by_its_role_but_not_by_everyone(
    ear: Ear, discord: FakeDiscord, harbour: FakeGuild
) -> None:
    general, ada = harbour.channels[0], discord.add_user("Ada")
    await discord.say(general, ada, f"hi {discord.mention}")
    assert (await ear.next()).mentions_me
    role = harbour.bot_role_id
    await discord.say(general, ada, f"hi <@&{role}>", mention_roles=[str(role)])
    assert (await ear.next()).mentions_me
    await discord.say(general, ada, "hi @everyone", mention_everyone=True)
    assert not (await ear.next()).mentions_me


async def test_a_thread_knows_its_channel_and_a_direct_chat_its_person(
    ear: Ear, discord: FakeDiscord, harbour: FakeGuild
) -> None:
    ada = discord.add_user("Ada")
    await discord.say(harbour.channels[1], ada, "ahoy")
    place = (await ear.next()).place
    assert (place.channel_name, place.parent_id) == ("boats", harbour.channels[0].id)
    await discord.say(discord.direct(ada), ada, "psst")
    place = (await ear.next()).place
    assert (place.title, place.is_direct, place.guild_id) == ("Ada", True, None)


async def test_which_channels_everybody_can_read_is_known_before_anybody_speaks(
    ear: Ear, discord: FakeDiscord
) -> None:
    await discord.until(lambda: len(ear.places) == 3)
    assert {place.channel_name: place.is_public for place in ear.places} == {
        "general": True,
        "boats": True,
        "walled": False,
    }


async def test_whom_a_reply_answers_is_known_also_when_discord_does_not_say(
    ear: Ear, discord: FakeDiscord, harbour: FakeGuild
) -> None:
    general = harbour.channels[0]
    ada, bob = discord.add_user("Ada"), discord.add_user("Bob")
    mine = discord._message(general, discord.bot, "from before the bot was online")
    general.messages.append(mine)
    reference = {"message_id": mine["id"], "channel_id": str(general.id), "guild_id": str(general.guild_id)}
    await discord.say(general, ada, "what?", type=19, message_reference=reference)
    heard = await ear.next()
    assert (heard.reply_to, heard.replies_to_me) == (int(mine["id"]), True)
    said = await discord.say(general, bob, "hello")
    await ear.next()
    await discord.say(general, ada, "hello you", answers=said)
    heard = await ear.next()
    assert (heard.replies_to, heard.replies_to_me) == ("Bob", False)


async def test_a_reply_to_what_cannot_be_read_is_heard_all_the_same(
    ear: Ear, discord: FakeDiscord, harbour: FakeGuild
) -> None:
    general = harbour.channels[0]
    discord.fail("GET", r"/messages/\d+$", status(403, "Missing Access", error=50001))
    reference = {"message_id": "123456789012345678", "channel_id": str(general.id)}
    await discord.say(general, discord.add_user("Ada"), "what?", type=19, message_reference=reference)
    heard = await ear.next()
    assert (heard.text, heard.reply_to, heard.replies_to_me) == ("what?", 123456789012345678, False)


async def test_what_is_forwarded_answers_nobody(ear: Ear, discord: FakeDiscord, harbour: FakeGuild) -> None:
    general = harbour.channels[0]
    reference = {"type": 1, "message_id": "123456789012345678", "channel_id": str(general.id)}
    await discord.say(general, discord.add_user("Ada"), "look", message_reference=reference)
    heard = await ear.next()
    assert (heard.reply_to, heard.replies_to_me) == (None, False)


async def test_joins_pins_and_its_own_words_are_no_talk_and_webhooks_are_bots(
    ear: Ear, discord: FakeDiscord, harbour: FakeGuild
) -> None:
    general, ada = harbour.channels[0], discord.add_user("Ada")
    await discord.say(general, ada, "", type=7)
    await discord.say(general, ada, "", type=6)
    await discord.say(general, discord.bot, "my own words")
    await discord.say(general, ada, "beep", webhook_id=str(ada.id))
    heard = await ear.next()
    assert (heard.text, heard.author.is_bot) == ("beep", True)
    assert ear.heard == []


async def test_files_come_with_their_names(ear: Ear, discord: FakeDiscord, harbour: FakeGuild) -> None:
    file = {"id": "9", "filename": "tea.png", "size": 512, "url": "https://x/tea.png", "proxy_url": ""}
    await discord.say(
        harbour.channels[0],
        discord.add_user("Ada"),
        "",
        attachments=[{**file, "content_type": "image/png"}],
    )
    (attachment,) = (await ear.next()).attachments
    assert (attachment.name, attachment.kind, attachment.size_bytes) == ("tea.png", "image/png", 512)


async def test_what_is_changed_or_taken_back_is_passed_on(
    ear: Ear, discord: FakeDiscord, harbour: FakeGuild
) -> None:
    said = await discord.say(harbour.channels[0], discord.add_user("Ada"), "Bremen")
    await discord.edit(said, f"Emden {discord.mention}")
    await discord.delete(said)
    await discord.until(lambda: bool(ear.gone))
    assert ear.changed == [(int(said["id"]), "Emden @Finn")]
    assert ear.gone == [int(said["id"])]


async def test_a_mistake_in_the_program_is_logged_under_a_number_and_the_next_message_is_heard(
    ear: Ear, discord: FakeDiscord, harbour: FakeGuild, caplog: pytest.LogCaptureFixture
) -> None:
    ear.trips = True
    await discord.say(harbour.channels[0], discord.add_user("Ada"), "one")
    await discord.say(harbour.channels[0], discord.add_user("Ada"), "two")
    assert (await ear.next()).text == "two"
    (record,) = [it for it in caplog.records if it.levelname == "ERROR"]
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
    assert len(record.getMessage().rpartition("(")[2]) == len("0123abcd)")


async def test_an_event_that_cannot_be_read_is_logged_and_the_next_message_is_heard(
    ear: Ear, discord: FakeDiscord, harbour: FakeGuild, caplog: pytest.LogCaptureFixture
) -> None:
    await discord.say(harbour.channels[0], discord.add_user("Ada"), "one", member=None)
    await discord.say(harbour.channels[0], discord.add_user("Ada"), "two")
    assert (await ear.next()).text == "two"
    assert [it.getMessage()[:26] for it in caplog.records if it.levelname == "ERROR"] == [
        "an event could not be read"
    ]

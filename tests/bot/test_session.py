"""The bot's life: what a host sees of it, whatever Discord and the network do."""

from __future__ import annotations

import asyncio

import pytest

from bot.token import tidy
from core.app import App
from core.errors import DiscordUnreachable, IntentsMissing, TokenRefused, UserTokenRefused
from core.session import SessionState
from core.words import say
from tests.bot.conftest import Online, turns_ended
from tests.support.discord_faults import status
from tests.support.fake_brain import FakeBrain
from tests.support.fake_discord import MESSAGE_CONTENT_INTENT, TOKEN, FakeDiscord


async def test_it_goes_online_tells_its_servers_and_answers_a_mention(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    ada = discord.add_user("Ada")
    await online.session.start()
    now = await until(SessionState.ONLINE)
    assert (now.name, tuple(now.servers), now.reads_everything) == ("Finn", ("Harbour",), True)
    asked = await discord.say(general, ada, f"hi {discord.mention}")
    reply = await discord.next_post()
    assert reply["content"] == "kettle's on."
    assert reply["sent"]["message_reference"]["message_id"] == int(asked["id"])
    assert reply["sent"]["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert reply["sent"]["enforce_nonce"] is True
    assert general.id in discord.typing
    await online.session.stop()
    assert online.words == [
        SessionState.STARTING,
        SessionState.ONLINE,
        SessionState.STOPPING,
        SessionState.STOPPED,
    ]
    assert discord.presences == []


async def test_the_list_of_servers_is_true_while_it_is_online(
    online: Online, discord: FakeDiscord, until
) -> None:
    harbour = discord.add_guild("Harbour")
    await online.session.start()
    await until(SessionState.ONLINE)

    async def servers_become(*names: str) -> None:
        async with asyncio.timeout(20):
            while tuple(online.session.status.servers) != names:
                await asyncio.sleep(0)

    await discord.dispatch("GUILD_CREATE", discord.add_guild("Lighthouse").to_json(discord.bot))
    await servers_become("Harbour", "Lighthouse")
    harbour.name = "Old Harbour"
    await discord.dispatch("GUILD_UPDATE", harbour.to_json(discord.bot))
    await servers_become("Old Harbour", "Lighthouse")
    await discord.dispatch("GUILD_DELETE", {"id": str(harbour.id)})
    await servers_become("Lighthouse")


async def test_a_direct_message_and_a_reply_to_it_are_answered(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    ada = discord.add_user("Ada")
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.say(discord.direct(ada), ada, "psst")
    first = await discord.next_post()
    assert "message_reference" not in first["sent"]
    await discord.say(general, ada, f"{discord.mention}?")
    second = await discord.next_post()
    await discord.say(general, ada, "and now?", answers={k: v for k, v in second.items() if k != "sent"})
    third = await discord.next_post()
    assert third["content"] == "kettle's on."


async def test_talk_between_others_is_kept_but_not_answered(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    ada, beep = discord.add_user("Ada"), discord.add_user("Beep", bot=True)
    await online.session.start()
    await until(SessionState.ONLINE)
    for said, (who, text) in enumerate(
        [(ada, "lovely weather"), (beep, f"beep {discord.mention}"), (ada, f"right, {discord.mention}?")]
    ):
        await discord.say(general, who, text)
        await turns_ended(app, said + 1)
    feed = await app.feed.recent()
    assert [(turn.person, turn.replied, say(turn.reason)) for turn in feed[::-1]] == [
        ("Ada", False, "Ada was talking to the room"),
        ("Beep", False, "Beep is a bot, and bots are not answered"),
        ("Ada", True, "Ada mentioned Finn"),
    ]
    assert len(discord.posts) == 1


async def test_a_token_that_is_refused_is_a_sentence(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    discord.token = "another"
    await online.session.start()
    now = await until(SessionState.FAILED)
    assert now.trouble is not None
    assert now.trouble.code == "TokenRefused"
    assert say(now.trouble.what) == "Discord does not accept this token."
    assert discord.identifies == 0


async def test_a_token_that_dies_while_online_is_a_sentence(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.drop(code=4004)
    now = await until(SessionState.FAILED)
    assert now.trouble is not None
    assert now.trouble.code == "TokenRefused"


async def test_without_the_intent_it_still_answers_mentions_and_says_so(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    discord.flags = 0
    general = discord.add_guild("Harbour").channels[0]
    await online.session.start()
    now = await until(SessionState.ONLINE)
    assert not now.reads_everything
    await discord.say(general, discord.add_user("Ada"), f"hi {discord.mention}")
    assert (await discord.next_post())["content"] == "kettle's on."


async def test_who_insists_on_every_message_is_told_what_is_missing(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    discord.flags = 0
    online.session._reads_everything = lambda: True
    await online.session.start()
    now = await until(SessionState.FAILED)
    assert now.trouble.code == IntentsMissing.__name__
    assert "Message Content Intent" in say(now.trouble.what)
    assert discord.identifies == 0


async def test_who_is_content_with_mentions_does_not_ask_for_more(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    online.session._reads_everything = lambda: False
    await online.session.start()
    assert not (await until(SessionState.ONLINE)).reads_everything
    assert not discord.identified[0]["intents"] & MESSAGE_CONTENT_INTENT


async def test_an_intent_taken_away_at_the_gateway_is_a_sentence(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.drop(code=4014)
    now = await until(SessionState.FAILED)
    assert now.trouble is not None
    assert now.trouble.code == IntentsMissing.__name__


async def test_a_crash_between_writing_and_posting_neither_loses_nor_doubles_the_reply(
    app: App, online: Online, discord: FakeDiscord, until, brain: FakeBrain
) -> None:
    """The reply was posted, then the app died before it was ticked off."""
    from db import turns
    from db.turns import TurnRow

    general = discord.add_guild("Harbour").channels[0]
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.say(general, discord.add_user("Ada"), f"hi {discord.mention}")
    await turns_ended(app, 1)
    await online.session.stop()
    turn = (await app.feed.recent())[0]

    def crash(db) -> None:
        TurnRow.update(state=turns.TurnState.READY).where(TurnRow.id == turn.id).execute(db)
        turns.PartRow.update(posted_id=None).execute(db)

    await app.store.run(crash)
    discord.posts[0]["nonce"] = None  # Discord has forgotten it by now
    await online.session.start()
    await until(SessionState.ONLINE)
    await turns_ended(app, 1)
    assert (await app.feed.recent())[0].replied
    assert len(discord.posts) == 1


async def test_a_token_is_tried_before_it_is_kept(online: Online, discord: FakeDiscord) -> None:
    discord.add_guild("Harbour")
    report = await online.session.check_token(f'  "Bot {TOKEN}"\n')
    assert (report.name, report.missing_intents, report.servers) == ("Finn", (), 1)
    assert "client_id=111111111111111111" in report.invite_url
    assert "scope=bot+applications.commands" in report.invite_url
    discord.asked.clear()
    web_token = "eyJhbGciOiJIUzI1NiJ9ab.eyJzdW.4pcPyMD09olPSyXnrXCjTwXyr4BsezdI1AVTmud2fU4"
    for wrong, why in {
        "": TokenRefused,
        "hello": TokenRefused,
        web_token: TokenRefused,
        "mfa." + "x" * 60: UserTokenRefused,
    }.items():
        with pytest.raises(why):
            await online.session.check_token(wrong)
    assert discord.asked == [], "what cannot be a bot's token is not shown to anybody"
    discord.bot.bot = False
    with pytest.raises(UserTokenRefused):
        await online.session.check_token(TOKEN)


@pytest.mark.parametrize(
    "pasted",
    [
        f"  {TOKEN}  ",
        f"'{TOKEN}'",
        f"\u201c{TOKEN}\u201d",
        f"bot {TOKEN}",
        f"Authorization: Bot {TOKEN}",
        f"DISCORD_TOKEN={TOKEN}",
        f"\ufeff{TOKEN}\u200b",
        f"{TOKEN[:40]}\n{TOKEN[40:]}",
        f"{TOKEN[:50]} {TOKEN[50:]}",
    ],
)
def test_what_is_pasted_along_with_a_token_is_left_out(pasted: str) -> None:
    assert tidy(pasted) == TOKEN


async def test_the_intent_is_switched_on_with_one_click(online: Online, discord: FakeDiscord) -> None:
    discord.flags = 1 << 23
    before = await online.session.check_token(TOKEN)
    assert before.missing_intents == ("Message Content Intent",)
    assert before.can_enable
    after = await online.session.enable_intents(TOKEN)
    assert after.missing_intents == ()
    assert discord.flags & 1 << 19
    assert discord.flags & 1 << 23


async def test_an_intent_that_discord_wants_switched_on_by_hand_is_a_sentence(
    online: Online, discord: FakeDiscord
) -> None:
    discord.flags = 0
    discord.fail("PATCH", r"/applications/@me$", status(400, "Invalid Form Body", error=50035))
    with pytest.raises(IntentsMissing) as refused:
        await online.session.enable_intents(TOKEN)
    assert "Developer Portal" in say(refused.value.step)


async def test_a_token_that_cannot_be_tried_because_the_network_is_down(
    online: Online, discord: FakeDiscord
) -> None:
    await discord.go_down()
    with pytest.raises(DiscordUnreachable):
        await online.session.check_token(TOKEN)

"""What is left of a message before an echo learns from it."""

import pytest

from core.echo.clean import Cleaner, distinct, masked


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("<@123456789012345678> look at this", "look at this"),
        ("ask <@!123456789012345678> then", "ask @someone then"),
        ("@everyone lunch", "lunch"),
        ("see <#123456789012345678>", "see #somewhere"),
        ("nice <:blobcat:123456789012345678>", "nice :blobcat:"),
        ("read https://a.example/page?x=1 first", "read http://link first"),
        ("it is\n```py\nprint(1)\n```\nthere", "it is there"),
        ("use `git log` there", "use git log there"),
        ("> what you said\nno way", "no way"),
        ("[12:01] <grace> i never agreed\nlol", "lol"),
        ("<grace> i never agreed to this", ""),
        ("12:03 grace: me neither", ""),
        ("!play something", ""),
        ("?help", ""),
        ("...no", "...no"),
        ("? really", "? really"),
        ("https://a.example/only", ""),
        ("ok\u200b\u202e then", "ok then"),
        ("||it was him||", "it was him"),
    ],
)
def test_only_the_persons_own_words_are_left(said: str, left: str) -> None:
    assert Cleaner().clean(said) == left


def test_other_peoples_names_are_taken_out_also_inside_a_sentence() -> None:
    cleaner = Cleaner(["Grace", "grace_h"])
    assert cleaner.clean("grace_h: tell GRACE that gracefully is a word") == (
        "tell @someone that gracefully is a word"
    )


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("mail me: ada.l@mail.example.org ok", "mail me: [email] ok"),
        ("call +49 170 1234567 tonight", "call [phone] tonight"),
        ("or (555) 123-4567", "or [phone]"),
        ("or 555-0199", "or [phone]"),
        ("i live at 12 Long Acre Street now", "i live at [address] now"),
        ("Hauptstraße 12a ist es", "[address] ist es"),
        ("my ip is 84.12.33.7", "my ip is [ip]"),
        ("key sk-abcdefghijklmnopqrstuvwx", "key [secret]"),
        ("password: hunter22", "[secret]"),
        ("MTA1NzQ0MDk4NzY1NDMyMTA5.GxYzAb.abcdefghijklmnopqrstuvwxyz12", "[secret]"),
        ("pay DE89 3704 0044 0532 0130 00 please", "pay [number] please"),
        ("card 4111 1111 1111 1111", "card [number]"),
    ],
)
def test_what_reaches_or_unlocks_somebody_is_masked(said: str, left: str) -> None:
    assert masked(said) == left


@pytest.mark.parametrize(
    "said",
    [
        "on 24.12.2024 at 20:15",
        "192.168.100.230 is the router",
        "version 2.6.32 of 2009",
        "in 1999 and 2001",
        "at 10.30",
    ],
)
def test_dates_versions_and_home_routers_are_nobodys_data(said: str) -> None:
    assert masked(said) == said


def test_near_duplicates_go_but_short_answers_stay() -> None:
    said = [
        "ok",
        "you can read the manual in the wiki",
        "You can read the manual, in the wiki!!",
        "ok",
        "something else entirely is the matter here",
    ]
    assert distinct(said) == [0, 1, 3, 4]

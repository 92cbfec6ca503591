"""Warnings: given, listed, taken back."""

from __future__ import annotations

from tests.support.harbour import World
from tests.support.slash import invoke, words_of


async def test_a_warning_is_told_counted_and_kept(world: World) -> None:
    first = await world.captain.slash(world.general, "warn", person=world.ada, reason="*shouting*")
    assert words_of(first) == "Ada was warned. It is their first warning."
    assert world.direct(world.ada)[0].content == "You were warned on Harbour. Reason: *shouting*"
    second = await world.captain.slash(world.general, "warn", person=world.ada, reason="again")
    assert words_of(second) == "Ada was warned. They have 2 warnings now."
    shown = words_of(await world.mate.slash(world.general, "warnings list", person=world.ada))
    assert shown.index("again") < shown.index("shouting")
    assert "by Cara" in shown
    assert await world.deeds() == ["warn Ada", "warn Ada"]


async def test_who_takes_no_messages_is_warned_all_the_same(world: World) -> None:
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    result = await world.captain.slash(world.general, "warn", person=world.ada, reason="noise")
    assert "They could not be told" in words_of(result)


async def test_a_warning_is_taken_back_by_its_number(world: World) -> None:
    await world.captain.slash(world.general, "warn", person=world.ada, reason="shouting")
    result = await world.captain.slash(world.general, "warnings remove", number=1)
    assert words_of(result) == "Warning 1 of Ada was taken back."
    again = await world.captain.slash(world.general, "warnings remove", number=1)
    assert words_of(again).startswith("There is no warning number 1 on this server.")
    shown = await world.captain.slash(world.general, "warnings list", person=world.ada)
    assert words_of(shown) == "Ada has no warnings."


async def test_another_servers_warnings_are_out_of_reach(world: World) -> None:
    await world.captain.slash(world.general, "warn", person=world.ada, reason="shouting")
    island = world.env.create_guild(name="Island", owner=world.env.create_user("Ivo"))
    beach = island.create_text_channel("beach")
    ivo = type(world.captain)(world.env, island, island.owner)
    result = await ivo.slash(beach, "warnings remove", number=1)
    assert words_of(result).startswith("There is no warning number 1")


async def test_clearing_asks_first(world: World) -> None:
    nothing = await world.captain.slash(world.general, "warnings clear", person=world.ada)
    assert words_of(nothing) == "Ada has no warnings."
    for reason in ("one", "two"):
        await world.captain.slash(world.general, "warn", person=world.ada, reason=reason)
    asked = await world.captain.slash(world.general, "warnings clear", person=world.ada)
    assert words_of(asked) == "Take all 2 warnings of Ada back?"
    await world.captain.click(asked.response, label="Cancel")
    assert words_of(asked) == "Nothing was changed."
    asked = await world.captain.slash(world.general, "warnings clear", person=world.ada)
    await world.captain.click(asked.response, label="Take back")
    assert words_of(asked) == "All warnings of Ada were taken back."
    assert asked.response.components == []
    shown = await world.captain.slash(world.general, "warnings list", person=world.ada)
    assert words_of(shown) == "Ada has no warnings."


async def test_many_warnings_are_leafed_through(world: World) -> None:
    for number in range(20):
        await world.captain.slash(world.general, "warn", person=world.ada, reason=f"reason {number}.")
    shown = await world.captain.slash(world.general, "warnings list", person=world.ada)
    assert "reason 19." in words_of(shown)
    assert "reason 11." not in words_of(shown)
    await world.captain.click(shown.response, label="Next")
    assert "reason 11." in words_of(shown)
    await world.captain.click(shown.response, label="Next")
    assert "reason 0." in words_of(shown)
    await world.captain.click(shown.response, label="Back")
    assert "reason 11." in words_of(shown)


async def test_buttons_that_nobody_pressed_go_away(world: World) -> None:
    await world.captain.slash(world.general, "warn", person=world.ada, reason="noise")
    asked = await world.captain.slash(world.general, "warnings clear", person=world.ada)
    assert asked.response.components != []
    await world.env.advance_time(200)
    assert asked.response.components == []


async def test_members_see_no_warnings(world: World) -> None:
    for path, options in (
        ("warnings list", {"person": world.bob}),
        ("warnings remove", {"number": 1}),
        ("warnings clear", {"person": world.bob}),
    ):
        result = await invoke(world.ada, world.general, path, **options)
        assert words_of(result).startswith("You may not do this here: it needs Timeout Members.")
        result = await invoke(
            world.captain.user,
            world.captain.user.dm_channel,
            path,
            **{name: getattr(value, "user", value) for name, value in options.items()},
        )
        assert words_of(result).startswith("This only works on a server.")

"""Moderation is done by people's own commands. Nothing that a model writes can bring it about: not by its
words, not by its tools, not by any way that leads from a turn to Discord."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.cogs import COGS
from bot.cogs.members import Members
from bot.cogs.moderation import Moderation
from bot.cogs.order import Order
from bot.cogs.tickets import TicketsCog
from bot.door import DiscordDoor
from core.app import App
from core.conversation.toolset import Toolset
from core.llm.brain import ToolCall
from core.settings import SETTINGS, TOOLS
from tests.bot.commands.acquainted import chats
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles
from tests.support.harbour import World, client_of, populated
from tests.support.tool_brain import ToolBrain

ROOT = Path(__file__).resolve().parent.parent.parent
# What discord.py can do to people and channels.
POWERS = frozenset(
    (
        *("kick", "ban", "unban", "bulk_ban", "timeout", "prune_members", "delete_messages", "purge"),
        *("set_permissions", "add_roles", "remove_roles", "move_to", "edit_channel_permissions"),
        *("delete_role", "delete_channel", "edit_role", "edit_member"),
    )
)
HOLDERS = {
    "bot/cogs/moderation.py": {"kick", "ban", "unban", "timeout"},
    "bot/cogs/order.py": {"delete_messages", "set_permissions"},
    "bot/commands/ticket_room.py": {"set_permissions"},
}
# Whoever may ask for them: cogs, whose commands people use, and nothing else.
ASKERS = frozenset(
    ("bot/cogs/__init__.py", "bot/cogs/members.py", "bot/cogs/order.py", "bot/cogs/tickets.py")
)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for part in ("bot", "core"):
        for path in sorted((ROOT / part).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def called(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in POWERS:
            yield node


def test_discords_powers_lie_with_the_commands_alone() -> None:
    found: dict[str, set[str]] = {}
    for name, tree in modules():
        for call in called(tree):
            assert isinstance(call.func, ast.Attribute)
            if not (isinstance(call.func.value, ast.Name) and call.func.value.id in ("self", "asyncio")):
                found.setdefault(name, set()).add(call.func.attr)
    assert found == HOLDERS


def test_every_power_is_used_within_somebodys_command() -> None:
    """Whoever comes to it has an interaction in hand: Discord makes one when a person uses a command."""
    for name in ("bot/cogs/moderation.py", "bot/cogs/order.py"):
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        outer = [node for cog in tree.body if isinstance(cog, ast.ClassDef) for node in cog.body]
        for method in outer:
            if isinstance(method, ast.AsyncFunctionDef) and any(called(method)):
                assert "interaction" in {each.arg for each in method.args.args}, method.name


def test_nothing_but_cogs_knows_those_who_hold_them() -> None:
    holders = {name.removesuffix(".py").replace("/", ".") for name in HOLDERS}
    for name, tree in modules():
        asked = {
            node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module in holders
        }
        assert not asked or name in ASKERS, (name, asked)


@pytest.mark.parametrize("cog", [Moderation, Members, Order, TicketsCog])
def test_they_hear_commands_only(cog: Any) -> None:
    assert cog in COGS
    assert cog.__cog_listeners__ == []


def test_a_turns_way_to_discord_only_writes() -> None:
    ways = {name for name in dir(DiscordDoor) if not name.startswith("_")}
    says = {"typing", "writing", "post", "post_unasked", "poll", "open_thread", "retract"}
    looks = {"already_posted", "belongs_to", "picture", "emotes", "server"}
    assert ways <= says | looks  # what it retracts is its own


def test_no_tool_of_a_model_does_anything_to_anybody() -> None:
    values = {each.key: each.default for each in SETTINGS}
    tools = Toolset().toolbox(values | {TOOLS.key: True})
    assert len(tools._tools) > 3
    words = {word for name in tools._tools for word in name.split("_")}
    assert words.isdisjoint(POWERS | {"mute", "warn", "lock", "slowmode", "timeout", "role", "permissions"})


HARMLESS = ("/messages", "/typing", "/commands", "/applications/@me")


@pytest.mark.parametrize(
    "turn",
    [
        "/ban @Ada",
        "/kick person:Ada reason:rude\n/mute person:Ada length:28 days\n/purge amount:500\n/lock",
        '{"name": "kick", "arguments": {"person": "Ada"}}',
        "<tool_call>ban_member(user_id=1)</tool_call>",
        [ToolCall("ban", {"person": "Ada"}), ToolCall("Moderation.kick", {"person": "Ada"})],
        [ToolCall("purge", {"amount": 500}), ToolCall("admin_mood_set", {"energy": 0})],
    ],
)
async def test_whatever_a_model_writes_it_is_only_said(app: App, turn: Any) -> None:
    brain: FakeBrain = ToolBrain(turn, "done.") if isinstance(turn, list) else FakeBrain(turn)
    app.desk.roles = FakeRoles(brain)
    env = simcord.Env(client_of(app), settle_timeout=60.0)
    await env.start()
    world: World = populated(app, env)
    members, heard = set(world.guild.member_ids()), len(env.http_requests)
    await chats(world, world.ada, "do what you must")
    assert brain.requests
    asked = [f"{it.method} {it.path}" for it in env.http_requests[heard:] if it.method != "GET"]
    assert all(each.startswith("POST ") and each.endswith(HARMLESS) for each in asked), asked
    assert set(world.guild.member_ids()) == members
    assert world.guild.get_ban(world.ada) is None
    assert world.env.backend.get_guild(world.guild.id).members[world.ada.id].timed_out_until is None
    assert world.guild.audit_log() == []
    assert await world.deeds() == []
    await env.shutdown()
    await app.line.close()

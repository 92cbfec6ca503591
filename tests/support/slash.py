"""Commands used past Discord's own list: as an admin's changed permissions, an old client or somebody who
writes to Discord's API themselves would use them."""

from __future__ import annotations

from typing import Any

from simcord import interactions
from simcord.actors import _dispatch_actor_interaction
from simcord.enums import AppCommandType, InteractionType
from simcord.results import InteractionResult


async def invoke(actor: Any, channel: Any, path: str, /, **options: Any) -> InteractionResult:
    """Use a command whether or not Discord would show it to this person here, and whatever its limits."""
    name, *below = path.split()
    guild = getattr(actor, "guild", None)
    root = actor._env.backend.find_command(name, guild.id if guild else None, type=AppCommandType.CHAT_INPUT)
    leaf, nesting = interactions.walk_to_subcommand(root, below)
    declared = {option["name"]: option for option in leaf.get("options") or []}
    built: list[dict[str, Any]] = []
    resolved: dict[str, Any] = {}
    for option, value in options.items():
        wire = value
        if declared[option]["type"] in interactions._SNOWFLAKE_TYPES:
            interactions.resolve_handle(actor, value, resolved, channel_id=channel.id)
            wire = str(value.id)
        built.append({"name": option, "type": declared[option]["type"], "value": wire})
    data = {
        "id": root["id"],
        "name": root["name"],
        "type": AppCommandType.CHAT_INPUT,
        "options": interactions.nest_options(root, nesting, built),
    }
    if resolved:
        data["resolved"] = resolved
    return await _dispatch_actor_interaction(actor, InteractionType.APPLICATION_COMMAND, channel, data)


def words_of(result: InteractionResult) -> str:
    """Everything that an answer says: its text, its cards, and what came after."""
    said = []
    for message in (result.response, *result.followups):
        if message is None:
            continue
        said.append(message.content)
        for card in message.embeds:
            said += [card.title or "", card.description or "", card.footer.text or ""]
            said += [f"{field.name}: {field.value}" for field in card.fields]
    return "\n".join(part for part in said if part)

"""What can be asked of a message: why the bot said it, and to remember or forget what one wrote oneself."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import discord
from discord import app_commands
from discord.utils import escape_markdown

from bot.commands.answers import answer, thinking
from bot.commands.cog import CommandCog, menu
from bot.commands.demands import is_host
from bot.commands.views import Asked, Press, confirm
from bot.house import REALM, place_in
from core.conversation.message import Author
from core.errors import MemoryGone
from core.feed import FeedTurn
from core.feelings import describe
from core.feelings.emotions import Emotion
from core.feelings.pad import Pad
from core.server.refusals import LeftAlone, MessageUnknown, NotMyMessage, NotYourMessage
from core.words import T, count, say

MEMORIES_SHOWN = 5
LONGEST_MEMORY = 180


class Why(CommandCog):
    """More entries for the menu of a message."""

    title = T("More in the menu of a message")

    def menus(self) -> list[app_commands.ContextMenu]:
        return [
            menu(T("Why did you say that?"), self.why, server=False),
            menu(T("Remember this"), self.remember, server=False),
            menu(T("Forget this"), self.forget, server=False),
        ]

    async def why(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await thinking(interaction)
        turn_id = await self.house.feedback.turn_of(REALM, message.id)
        turn = await self.house.feed.turn(turn_id) if turn_id is not None else None
        if turn is None:
            raise NotMyMessage
        if not is_host(interaction) or not turn.trace.get("prompt"):
            await answer(interaction, embed=_card(turn))
            return
        view = Asked(interaction.user.id)

        async def all_of_it(pressed: discord.Interaction) -> None:
            await answer(pressed, file=discord.File(BytesIO(_prompt(turn).encode()), "prompt.txt"))

        view.add_item(Press(say("What the model read"), all_of_it))
        view.message = await answer(interaction, embed=_card(turn), view=view)

    async def remember(self, interaction: discord.Interaction, message: discord.Message) -> None:
        _own(interaction, message)
        await thinking(interaction)
        who, place = Author(interaction.user.id, interaction.user.display_name), place_in(interaction)
        if await self.house.privacy.stance(REALM, who.id):
            raise LeftAlone
        try:
            kept = await self.house.memory.remember_message(who, place, message.id)
        except MemoryGone as gone:
            raise MessageUnknown from gone
        told = "\n".join(f"• {escape_markdown(text)}" for text in kept)
        await answer(interaction, say("I will remember:") + "\n" + told)

    async def forget(self, interaction: discord.Interaction, message: discord.Message) -> None:
        _own(interaction, message)
        await thinking(interaction)
        who, place = Author(interaction.user.id, interaction.user.display_name), place_in(interaction)

        async def do() -> str:
            try:
                gone = await self.house.memory.drop_message(who, place, message.id)
            except MemoryGone as unknown:
                raise MessageUnknown from unknown
            await self.house.line.deleted(REALM, [message.id])
            return count(
                "I have forgotten this message, and one thing I knew from it.",
                "I have forgotten this message, and {n} things I knew from it.",
                gone,
            )

        question = say("Forget this message, and what I know from it, for good? On Discord it stays.")
        await confirm(interaction, question, say("Forget"), do)


def _own(interaction: discord.Interaction, message: discord.Message) -> None:
    if message.author.id != interaction.user.id:
        raise NotYourMessage


def _card(turn: FeedTurn) -> discord.Embed:
    """What led to a reply, as anybody in the place may read it: everything in it was told there already."""
    trace = turn.trace
    card = discord.Embed(title=say("Why I said that"), description=escape_markdown(say(turn.reason))[:2000])
    feelings: dict[str, Any] = trace.get("feelings") or {}
    if len(mood := feelings.get("mood") or ()) == 3:
        card.add_field(name=say("Mood"), value=say(describe.mood_named(Pad(*mood))))
    felt = [say(describe.EMOTIONS[Emotion(name)]) for name in feelings.get("emotions") or ()]
    if felt:
        card.add_field(name=say("Feels"), value=", ".join(felt[:3]))
    if model := trace.get("model"):
        card.add_field(name=say("Written by"), value=escape_markdown(str(model))[:100])
    remembered = (each for part in ("facts", "episodes", "memories") for each in trace.get(part) or ())
    recalled = [_short(each) for each in remembered]
    lines = [line for line in recalled if line][:MEMORIES_SHOWN]
    if lines:
        card.add_field(name=say("What came to mind"), value="\n".join(lines)[:1000], inline=False)
    if trace.get("scrubbed"):
        card.set_footer(text=say("Somebody who was there had their words erased."))
    return card


def _prompt(turn: FeedTurn) -> str:
    """All that the model read, part by part, with what each part took. For the host only: it holds who the
    persona is, and what somebody else may have said there before."""
    parts = (part for part in turn.trace["prompt"] if part.get("tokens"))
    return "\n\n".join(f"## {part['part']} ({part['tokens']})\n{part.get('text') or '–'}" for part in parts)


def _short(memory: dict[str, Any]) -> str:
    text = str(memory.get("text") or "")
    return f"• {escape_markdown(text)[:LONGEST_MEMORY]}" if text else ""

"""The echoes of a server on cards: how far each is, how well it does, where it talks."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord.utils import escape_markdown

from bot.echo_board import Board
from bot.echo_words import waiting_for
from core.echo.library import Card
from core.echo.talk import label
from core.words import say

_ON_A_PAGE = 10
_MOST_PAGES = 25
_LONGEST = 5_500  # characters of a page: Discord takes 6,000 of all its fields together
_LONGEST_NAME, _LONGEST_FIELD = 256, 1_024
_MIB = 2**20


def pages_of(cards: Sequence[Card], board: Board | None, memory_bytes: int) -> list[discord.Embed]:
    """Cards of echoes, as many as there are; one page that says so when there are none.

    Args:
        board: tells how far an analysis is. memory_bytes: what the models of echoes that talk hold; 0 when
            none talks, or the brain does not tell.
    """
    pages = [discord.Embed(title=say("Echoes"))]
    for each in cards:
        name = escape_markdown(label(each.name))[:_LONGEST_NAME]
        told = state_of(each, board)[:_LONGEST_FIELD]
        full = len(pages[-1].fields) == _ON_A_PAGE or len(pages[-1]) + len(name) + len(told) > _LONGEST
        if full and len(pages) == _MOST_PAGES:
            break
        if full:
            pages.append(discord.Embed(title=say("Echoes")))
        pages[-1].add_field(name=name, value=told, inline=False)
    if not cards:
        pages[0].description = say("There is none here yet. `/echo analyze` asks for one.")
    if memory_bytes:
        for page in pages:
            page.set_footer(text=say("Memory of the model: {mib} MB", mib=round(memory_bytes / _MIB)))
    return pages


def state_of(card: Card, board: Board | None) -> str:
    """How an echo stands, in a few lines."""
    lines = []
    if card.job is not None and board is not None and (not card.is_ready or card.job.state == "running"):
        lines.append(board.progress(card.job))
    elif not card.is_ready:
        lines.append(waiting_for(card.consent))
    if card.is_ready and card.echo is not None:
        lines.append(say("Made from {n} messages.", n=f"{card.echo.messages:,}"))
    if card.sounds_like is not None:
        share = round(100 * card.sounds_like)
        lines.append(say("Sounds like them: {share} % (their real messages: 100 %).", share=share))
    for session in card.sessions:
        lines.append(say("Talks in {place}.", place=f"<#{session.channel_id}>"))
    if card.totals.replies:
        lines.append(
            say(
                "{replies} replies, {seconds} s each on average, {speed} tokens/s.",
                replies=card.totals.replies,
                seconds=round(card.totals.mean_latency_ms / 1000, 1),
                speed=round(card.totals.tokens_a_second, 1),
            )
        )
    if card.up or card.down:
        lines.append(f"👍 {card.up} · 👎 {card.down}")
    return "\n".join(lines) or "–"

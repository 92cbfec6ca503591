"""Buttons under an answer: pages, and a question before something is gone for good."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord

from bot.commands.answers import answer, answering, complain
from bot.commands.speech import speak
from bot.faults import DISCORD
from core.server.refusals import NotYours
from core.words import say

log = logging.getLogger(__name__)

WAITS_S = 180.0

Pressed = Callable[[discord.Interaction], Awaitable[None]]


class Press(discord.ui.Button["Asked"]):
    """A button and what it does."""

    def __init__(
        self, label: str, do: Pressed, style: discord.ButtonStyle = discord.ButtonStyle.secondary
    ) -> None:
        super().__init__(label=label, style=style)
        self._do = do

    async def callback(self, interaction: discord.Interaction) -> None:
        await self._do(interaction)


class Asked(discord.ui.View):
    """Buttons that belong to who used the command. They go away when nobody presses them.

    Attributes:
        message: where the buttons are, once it is sent.
    """

    def __init__(self, asker_id: int, waits_s: float = WAITS_S) -> None:
        super().__init__(timeout=waits_s)
        self._asker_id = asker_id
        self.message: discord.Message | None = None

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        speak(interaction)
        if interaction.user.id == self._asker_id:
            return True
        await complain(interaction, NotYours())
        return False

    async def on_error(
        self, interaction: discord.Interaction, error: Exception, item: discord.ui.Item[Any], /
    ) -> None:
        await complain(interaction, error)

    async def on_timeout(self) -> None:
        if self.message is None:
            return
        try:
            await self.message.edit(view=None)
        except DISCORD as error:
            log.debug("buttons could not be taken away: %s", type(error).__name__)


class Pages(Asked):
    """A list that is longer than one message, leafed through."""

    def __init__(self, asker_id: int, pages: Sequence[discord.Embed], waits_s: float = WAITS_S) -> None:
        super().__init__(asker_id, waits_s)
        self._pages = pages
        self._at = 0
        self._back = Press(say("Back"), self._leaf(-1))
        self._on = Press(say("Next"), self._leaf(1))
        self.add_item(self._back)
        self.add_item(self._on)
        self._shade()

    def _leaf(self, by: int) -> Pressed:
        async def turn(interaction: discord.Interaction) -> None:
            self._at = max(0, min(len(self._pages) - 1, self._at + by))
            self._shade()
            await interaction.response.edit_message(embed=self._pages[self._at], view=self)

        return turn

    def _shade(self) -> None:
        self._back.disabled = self._at == 0
        self._on.disabled = self._at == len(self._pages) - 1


class Confirm(Asked):
    """One button that does it, one that lets it be.

    Args:
        do: what to do when they say yes; answers the sentence that takes the question's place.
    """

    def __init__(
        self, asker_id: int, label: str, do: Callable[[], Awaitable[str]], waits_s: float = WAITS_S
    ) -> None:
        super().__init__(asker_id, waits_s)
        self._do = do
        self.add_item(Press(label, self._yes, discord.ButtonStyle.danger))
        self.add_item(Press(say("Cancel"), self._no))

    async def _yes(self, interaction: discord.Interaction) -> None:
        self.stop()  # nobody presses it twice
        await interaction.response.edit_message(view=None)
        done = await self._do()
        await interaction.edit_original_response(content=done, embed=None)

    async def _no(self, interaction: discord.Interaction) -> None:
        self.stop()
        await interaction.response.edit_message(content=say("Nothing was changed."), embed=None, view=None)


def is_over(interaction: discord.Interaction) -> bool:
    """Does nothing wait for this press or form any more? To be asked before anything has heard of it."""
    waiting = interaction._state._view_store
    data: dict[str, Any] = dict(interaction.data or {})
    custom_id = str(data.get("custom_id"))
    if interaction.type is discord.InteractionType.modal_submit:
        return custom_id not in waiting._modals
    if interaction.type is not discord.InteractionType.component:
        return False
    if any(pattern.fullmatch(custom_id) for pattern in waiting._dynamic_items):
        return False
    message_id = interaction.message.id if interaction.message is not None else None
    key = (data.get("component_type"), custom_id)
    return all(key not in waiting._views.get(where, {}) for where in (message_id, None))


class Form(discord.ui.Modal):
    """A form; subclasses declare fields and `filled`."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title[:45], timeout=900)

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        async with answering(interaction):
            await self.filled(interaction)

    async def filled(self, interaction: discord.Interaction) -> None:
        """What to do with what was written."""
        raise NotImplementedError


async def show_pages(
    interaction: discord.Interaction, pages: Sequence[discord.Embed], *, private: bool = True
) -> None:
    """Answer with pages; one page alone has no buttons."""
    if len(pages) == 1:
        await answer(interaction, embed=pages[0], private=private)
        return
    view = Pages(interaction.user.id, pages)
    view.message = await answer(interaction, embed=pages[0], view=view, private=private)


async def confirm(
    interaction: discord.Interaction, question: str, label: str, do: Callable[[], Awaitable[str]]
) -> None:
    """Ask before doing something that cannot be undone."""
    view = Confirm(interaction.user.id, label, do)
    view.message = await answer(interaction, question, view=view)

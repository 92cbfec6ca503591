"""/admin: for those who run a server. Its parts lie beside it; here is what was changed, by whom."""

from __future__ import annotations

import discord
from discord.utils import escape_markdown, format_dt

from bot.cogs.admin_identity import IdentityPart
from bot.cogs.admin_people import PeoplePart
from bot.cogs.admin_persona import PersonaPart
from bot.cogs.admin_root import ADMIN
from bot.commands.answers import answer, thinking
from bot.commands.speech import words
from bot.commands.views import show_pages
from core.audit import ACTS, Entry
from core.words import T, say

A_PAGE = 8
MOST = 200


class Admin(PersonaPart, IdentityPart, PeoplePart):
    """Who the persona is, what it feels and remembers, and who changed it."""

    title = T("Administration")

    admin = ADMIN

    @admin.command(name=words(T("log")), description=words(T("What was changed by command, and by whom.")))
    async def log(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        kept = await self.house.audit.recent(interaction.guild_id, MOST)
        if not kept:
            await answer(interaction, say("Nothing was changed by command yet."))
            return
        pages = []
        for start in range(0, len(kept), A_PAGE):
            card = discord.Embed(title=say("What was changed by command"))
            for each in kept[start : start + A_PAGE]:
                card.add_field(name=_head(each)[:256], value=_body(each)[:1000], inline=False)
            pages.append(card)
        for number, page in enumerate(pages, 1):
            page.set_footer(text=f"{number}/{len(pages)}")
        await show_pages(interaction, pages)


def _head(entry: Entry) -> str:
    return f"{say(ACTS[entry.act])}: {entry.subject[:150]}"


def _body(entry: Entry) -> str:
    by = escape_markdown(entry.by_name) or "–"
    said = say("{name}, {when}", name=by, when=format_dt(entry.at, "f"))
    if entry.before or entry.after:
        said += (
            f"\n{escape_markdown(entry.before)[:200] or '–'} → {escape_markdown(entry.after)[:200] or '–'}"
        )
    return said

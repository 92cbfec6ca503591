"""The cogs, and how a bot gets them."""

from __future__ import annotations

from discord.ext import commands

from bot.cogs.help import Help
from bot.cogs.members import Members
from bot.cogs.menus import Menus
from bot.cogs.moderation import Moderation
from bot.cogs.order import Order
from bot.cogs.reminders import RemindersCog
from bot.cogs.settings import Settings
from bot.cogs.tickets import TicketsCog
from bot.cogs.utility import Utility
from bot.commands.cog import mount
from bot.commands.speech import Catalogue
from bot.services import Services

# In the order of /help and of docs/commands.md.
COGS = (Moderation, Members, Order, Settings, Utility, RemindersCog, TicketsCog, Menus, Help)


async def mounted(bot: commands.Bot, services: Services) -> None:
    """Give a bot all its commands."""
    await bot.tree.set_translator(Catalogue())
    await mount(bot, [cog(services) for cog in COGS])

"""The cogs, and how a bot gets them."""

from __future__ import annotations

from discord.ext import commands

from bot.cogs.admin import Admin
from bot.cogs.companion import Companion
from bot.cogs.echo import EchoCog
from bot.cogs.help import Help
from bot.cogs.members import Members
from bot.cogs.memories import Memories
from bot.cogs.menus import Menus
from bot.cogs.moderation import Moderation
from bot.cogs.order import Order
from bot.cogs.personality import Personality
from bot.cogs.privacy import PrivacyCog
from bot.cogs.rating import Rating
from bot.cogs.reminders import RemindersCog
from bot.cogs.settings import Settings
from bot.cogs.tickets import TicketsCog
from bot.cogs.utility import Utility
from bot.cogs.why import Why
from bot.commands.cog import mount
from bot.commands.speech import Catalogue
from bot.services import Services

# In the order of /help and of docs/commands.md.
COGS = (
    *(Companion, Personality, Memories, PrivacyCog, EchoCog),
    *(Moderation, Members, Order, Settings, Utility, RemindersCog, TicketsCog, Menus, Why, Rating),
    *(Admin, Help),
)


async def mounted(bot: commands.Bot, services: Services) -> None:
    """Give a bot all its commands."""
    catalogue = Catalogue()
    await bot.tree.set_translator(catalogue)
    await mount(bot, [cog(services) for cog in COGS])
    catalogue.top = bot.tree.get_commands()

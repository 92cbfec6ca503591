"""What can go wrong between the bot and Discord."""

from __future__ import annotations

from core.errors.base import EchodeckError
from core.words import T


class DiscordError(EchodeckError):
    """Anything between the bot and Discord."""


class TokenMissing(DiscordError):
    sentence = T("There is no bot token yet.").key
    next_step = T("Open the set-up guide and paste the token of your bot.").key
    topic = "troubleshooting#there-is-no-token-yet"


class TokenMissingHere(TokenMissing):
    """The same, where there is no window to open a guide in."""

    next_step = T("Give the token in ECHODECK_TOKEN, or paste it once in the window's set-up guide.").key


class TokenRefused(DiscordError):
    sentence = T("Discord does not accept this token.").key
    next_step = T("Open the Discord Developer Portal, reset the bot's token and paste the new one.").key
    topic = "troubleshooting#discord-does-not-accept-the-token"


class UserTokenRefused(DiscordError):
    sentence = T("This is a person's token, not a bot's. Discord forbids running a person's account.").key
    next_step = T("Create a bot in the Discord Developer Portal and paste the bot's token.").key
    topic = "troubleshooting#discord-does-not-accept-the-token"


class IntentsMissing(DiscordError):
    sentence = T("Discord has not switched on what the bot needs to read: {intents}.").key
    next_step = T("Switch it on in the Developer Portal under Bot, or let the set-up guide do it.").key
    topic = "troubleshooting#it-cannot-read-what-people-write"


class PermissionMissing(DiscordError):
    sentence = T("The bot may not do this in {place}: {permission}.").key
    next_step = T("Give the bot's role that permission in the server's settings.").key
    topic = "troubleshooting#it-may-not-do-something-on-the-server"


class DiscordUnreachable(DiscordError):
    sentence = T("Discord cannot be reached.").key
    next_step = T("Check the internet connection. Echodeck keeps trying.").key
    topic = "troubleshooting#discord-cannot-be-reached"


class DiscordRefused(DiscordError):
    sentence = T("Discord refused: {detail}.").key
    next_step = T("Try again in a minute. If it stays, look in Logs.").key
    topic = "troubleshooting#discord-cannot-be-reached"

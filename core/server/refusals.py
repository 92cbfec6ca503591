"""What a command answers when it cannot be done, each with its next step.

They stand beside `core.errors` and are shown by the same `explain`.
"""

from __future__ import annotations

from core.errors import InputError
from core.words import T


class Refusal(InputError):
    """A command was understood and is not done."""


# --- who asks, and where -----------------------------------------------------------------------


class NotOnServer(Refusal):
    sentence = T("This only works on a server.").key
    next_step = T("Use it in a channel of a server.").key


class PeopleOnly(Refusal):
    sentence = T("Only people can use commands.").key
    next_step = T("Ask a person to do it.").key


class PermissionLacking(Refusal):
    sentence = T("You may not do this here: it needs {permission}.").key
    next_step = T("Ask somebody who runs this server.").key


class DiscordForbids(Refusal):
    sentence = T("Discord does not let me do this: I lack a permission here, or my role is too low.").key
    next_step = T("Look at my role and its place in the server's settings, under Roles.").key


class ChannelUnfit(Refusal):
    sentence = T("This does not work in this kind of channel.").key
    next_step = T("Use it in a text channel.").key


class NotYours(Refusal):
    sentence = T("Somebody else asked for this, so its buttons are theirs.").key
    next_step = T("Use the command yourself.").key


class ButtonsOver(Refusal):
    sentence = T("These buttons have done their work or waited too long.").key
    next_step = T("Use the command again.").key


class CommandOutdated(Refusal):
    sentence = T("This command has changed.").key
    next_step = T("Wait a minute, then choose it from the list again.").key


class CommandBroke(Refusal):
    sentence = T("That did not work, and it is not your fault (number {number}).").key
    next_step = T("Try again. If it stays, tell the host that number: the details are in Logs.").key


class TextTooLong(Refusal):
    sentence = T("That is too long: {length} characters of at most {most}.").key
    next_step = T("Say it in fewer words.").key


class NumberUnfit(Refusal):
    sentence = T("That number is not possible here: it goes from {low} to {high}.").key
    next_step = T("Choose a number between them.").key


# --- whom it is about --------------------------------------------------------------------------


class YourselfMeant(Refusal):
    sentence = T("That would be yourself.").key
    next_step = T("Choose somebody else.").key


class MyselfMeant(Refusal):
    sentence = T("That would be me, and I cannot do this to myself.").key
    next_step = T("Choose somebody else, or let a person do it in Discord.").key


class BotMeant(Refusal):
    sentence = T("{name} is a bot, and this is for people.").key
    next_step = T("Choose a person.").key


class OwnerMeant(Refusal):
    sentence = T("{name} owns this server: nobody can do this to them.").key
    next_step = T("Choose somebody else.").key


class AdministratorMeant(Refusal):
    sentence = T("{name} is an administrator: Discord lets nobody mute them.").key
    next_step = T("Take the administrator's role from them first.").key


class RankTooHigh(Refusal):
    sentence = T("{name}'s highest role is not below yours.").key
    next_step = T("Ask somebody with a higher role.").key


class BotTooLow(Refusal):
    sentence = T("{name}'s highest role is not below mine.").key
    next_step = T("Move my role above theirs in the server's settings, under Roles.").key


class PersonAbsent(Refusal):
    sentence = T("{name} is not on this server.").key
    next_step = T("Choose somebody who is here.").key


class AlreadyBanned(Refusal):
    sentence = T("{name} is banned already.").key
    next_step = T("To let them come back, use /unban.").key


class NotBanned(Refusal):
    sentence = T("{name} is not banned.").key
    next_step = T("Choose one of the people in the list of bans.").key


class NotMuted(Refusal):
    sentence = T("{name} is not muted.").key
    next_step = T("There is nothing to undo.").key


class WarningUnknown(Refusal):
    sentence = T("There is no warning number {number} on this server.").key
    next_step = T("See the numbers with /warnings list.").key


# --- times and texts ---------------------------------------------------------------------------


class DurationUnclear(Refusal):
    sentence = T("I do not understand this length of time: “{text}”.").key
    next_step = T("Write it like 10 minutes, 2 h 30 min or 3 days.").key


class DurationTooLong(Refusal):
    sentence = T("That is too long: at most {most}.").key
    next_step = T("Choose a shorter time.").key


class DurationTooShort(Refusal):
    sentence = T("That is too short: at least {least}.").key
    next_step = T("Choose a longer time.").key


class TimeUnclear(Refusal):
    sentence = T("I do not understand this time: “{text}”.").key
    next_step = T("Write it like 20 minutes, 18:00 or 2026-01-06 18:00.").key


class TimePast(Refusal):
    sentence = T("That time is not within the next year.").key
    next_step = T("Choose a time that is still to come.").key


class TooManyReminders(Refusal):
    sentence = T("You have {most} reminders already.").key
    next_step = T("Cancel one with /reminders cancel.").key


class ReminderUnknown(Refusal):
    sentence = T("You have no reminder number {number}.").key
    next_step = T("See the numbers with /reminders list.").key


class PollUnclear(Refusal):
    sentence = T("A poll has 2 to 10 answers of 1 to {most} characters, each once; this has {given}.").key
    next_step = T("Write the answers with a semicolon between them: tea; coffee; cocoa.").key


class LanguageUnknown(Refusal):
    sentence = T("I do not know this language: “{code}”.").key
    next_step = T("Choose one from the list, or write its code, such as de or pt-BR.").key


class ClockTimeUnclear(Refusal):
    sentence = T("This is no time of day: “{text}”.").key
    next_step = T("Write it like 22:00.").key


class CommandUnknown(Refusal):
    sentence = T("There is no command called {name}.").key
    next_step = T("See them all with /help.").key


# --- tickets -----------------------------------------------------------------------------------


class TicketsNotSetUp(Refusal):
    sentence = T("This server takes no tickets yet.").key
    next_step = T("Somebody who runs the server can set them up with /tickets setup.").key


class TooManyTickets(Refusal):
    sentence = T("You have {most} open tickets already.").key
    next_step = T("Close one of them first.").key


class NotATicket(Refusal):
    sentence = T("This is no open ticket.").key
    next_step = T("Use it where a ticket is being talked about.").key


class TicketTaken(Refusal):
    sentence = T("{name} takes care of this ticket already.").key
    next_step = T("Talk it over with them.").key


class StaffOnly(Refusal):
    sentence = T("Only those who take care of tickets can do this.").key
    next_step = T("Wait until one of them is here.").key


# --- the persona, memories, privacy ------------------------------------------------------------


class NobodyHome(Refusal):
    sentence = T("No persona has been chosen yet, so there is nobody to ask.").key
    next_step = T("The host chooses one on the Persona page.").key


class SwitchedOff(Refusal):
    sentence = T("I was asked to keep silent in this channel.").key
    next_step = T("Talk to me in another channel, or ask somebody who runs this server.").key


class ShutOut(Refusal):
    sentence = T("I was asked not to listen to you here.").key
    next_step = T("Talk it over with those who run this server, or with the bot's host.").key


class LeftAlone(Refusal):
    sentence = T("You asked me to keep nothing of you, so I do not listen to you.").key
    next_step = T("To be heard again, use /privacy opt-in.").key


class NotMyMessage(Refusal):
    sentence = T("I did not say this, or I no longer know how it came about.").key
    next_step = T("Choose one of my own newer replies.").key


class NotMet(Refusal):
    sentence = T("We have never talked, so I keep nothing of what you think.").key
    next_step = T("Say something to me first.").key


class NotYourMessage(Refusal):
    sentence = T("You can only have me remember or forget what you wrote yourself.").key
    next_step = T("Choose one of your own messages.").key


class MessageUnknown(Refusal):
    sentence = T("I do not know this message: I was not there, or have forgotten it.").key
    next_step = T("Choose a newer one.").key


class MemoryUnknown(Refusal):
    sentence = T("There is no memory number {number} here.").key
    next_step = T("See the numbers in the list.").key


class TraitUnknown(Refusal):
    sentence = T("There is no such line: “{text}”.").key
    next_step = T("Choose one from the list.").key


class LineThere(Refusal):
    sentence = T("This line is there already: “{text}”.").key
    next_step = T("Change the one that is there, or write something else.").key


class NotOpen(Refusal):
    sentence = T("{name} is not open to you here.").key
    next_step = T("The host decides who may talk with whom.").key


class LastPersona(Refusal):
    sentence = T("This is the only persona there is.").key
    next_step = T("Make another one first.").key


class HostsPersona(Refusal):
    sentence = T("{name} is not this server's own, so only the host puts it away.").key
    next_step = T("To have somebody else here, use /admin persona choose.").key


class PictureUnfit(Refusal):
    sentence = T("This is no picture that Discord takes: a PNG, JPEG or GIF of at most {most} MB.").key
    next_step = T("Choose another picture.").key


class ExportTooLarge(Refusal):
    sentence = T("There is so much of you that Discord does not take it as one file.").key
    next_step = T("Ask the host: they can export it on their computer.").key

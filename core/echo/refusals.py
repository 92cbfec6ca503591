"""What is answered when something about an echo cannot be done, each with its next step.

They stand beside `core.errors` and are shown by the same `explain`.
"""

from __future__ import annotations

from core.errors import InputError
from core.words import T


class EchoRefusal(InputError):
    """Something about an echo was understood and is not done."""

    topic = "first-echo#when-it-does-not-work"


# --- consent -----------------------------------------------------------------------------------


class DateUnreadable(EchoRefusal):
    sentence = T("{text} is not a date.").key
    next_step = T("Write day, month and year with dots, for example {example}.").key


class DayMissing(DateUnreadable):
    sentence = T("There is no {text}: {month} of {year} has {days} days.").key
    next_step = T("Choose a day that there is, for example {example}.").key


class DateAhead(DateUnreadable):
    sentence = T("{text} has not come yet.").key
    next_step = T("Messages before that day are read: choose today ({example}) or an earlier day.").key


class DateTooEarly(DateUnreadable):
    sentence = T("{text} was before there was a Discord.").key
    next_step = T("Messages before that day are read: choose a later day, for example {example}.").key


class ConsentUnknown(EchoRefusal):
    sentence = T("This request is not there any more.").key
    next_step = T("Ask again with /echo analyze.").key


class ConsentOver(EchoRefusal):
    sentence = T("This request is over: it was answered, taken back, or its time has passed.").key
    next_step = T("Ask again with /echo analyze.").key


class ConsentMissing(EchoRefusal):
    sentence = T("There is no consent for this, so nothing is read.").key
    next_step = T("The person has to agree, and somebody who runs the server has to allow it.").key


class NotTheirVoice(EchoRefusal):
    sentence = T("Only the person themselves can answer this.").key
    next_step = T("Ask them to press the button.").key


class MayNotPermit(EchoRefusal):
    sentence = T("Only somebody who runs this server can allow this.").key
    next_step = T("Ask somebody with the permission Manage Server.").key


class MayNotRevoke(EchoRefusal):
    sentence = T("Only the person themselves, or somebody who runs this server, can end this.").key
    next_step = T("Ask them to use /echo revoke.").key


class AskedAlready(EchoRefusal):
    sentence = T("{name} was asked already and has not answered, or has an echo here.").key
    next_step = T("Wait for the answer, or end the echo first.").key


class AskedTooOften(EchoRefusal):
    sentence = T("That is enough requests for now.").key
    next_step = T("Try again in about {hours} hours.").key


class DeclinedLately(EchoRefusal):
    sentence = T("{name} has declined, and is not asked again so soon.").key
    next_step = T("They can ask for an echo of themselves at any time.").key


class WantsNothingKept(EchoRefusal):
    sentence = T("{name} wants nothing kept of them here.").key
    next_step = T("They can change that themselves with /privacy.").key


class BotsHaveNoVoice(EchoRefusal):
    sentence = T("{name} is a bot: an echo is made of people only.").key
    next_step = T("Choose a person.").key


# --- reading and building ----------------------------------------------------------------------


class SourceMissing(EchoRefusal):
    sentence = T("The bot is not online, so nothing can be read there.").key
    next_step = T("Start the bot. The analysis goes on by itself.").key


class SourceBroke(EchoRefusal):
    sentence = T("Reading messages failed again and again: {detail}.").key
    next_step = T("It is tried again later. What was read is kept.").key


class TooFewMessages(EchoRefusal):
    sentence = T("{count} messages can be used; an echo needs at least {least}.").key
    next_step = T("Choose a later date, or let more channels be read.").key


class BuildTooLong(EchoRefusal):
    sentence = T("Building took longer than {seconds} seconds and was stopped.").key
    next_step = T("Choose a smaller model, or allow more time in Settings.").key


class JobUnknown(EchoRefusal):
    sentence = T("This analysis is not there any more.").key
    next_step = T("Start a new one.").key


class FileUnreadable(EchoRefusal):
    sentence = T("{name} cannot be read: {detail}.").key
    next_step = T("Use Discord's own data package (zip), or a chat export as JSON or CSV.").key


class FileOfSomebodyElse(EchoRefusal):
    sentence = T("{name} holds no messages of this person.").key
    next_step = T("Check that it is their own package, or that the name is the one in the file.").key


# --- talking -----------------------------------------------------------------------------------


class EchoUnknown(EchoRefusal):
    sentence = T("There is no such echo.").key
    next_step = T("See which there are with /echo status.").key


class EchoNotReady(EchoRefusal):
    sentence = T("This echo is not ready yet.").key
    next_step = T("Wait until its analysis is done.").key


class EchoClosed(EchoRefusal):
    sentence = T("This echo is not open to you here.").key
    next_step = T("Its person, or somebody who runs the server, can open it.").key


class ChannelTaken(EchoRefusal):
    sentence = T("An echo already talks in this channel.").key
    next_step = T("End it first with /echo offline.").key


class TooManySessions(EchoRefusal):
    sentence = T("{most} echoes are talking on this server already.").key
    next_step = T("End one of them first with /echo offline.").key


class SessionOver(EchoRefusal):
    sentence = T("No echo talks here now.").key
    next_step = T("Start one with /echo online.").key

"""Every error a person can meet, with its sentence and its next step, in one place.

Code raises a named error; faces show `explain(error)`. Errors from below (the store) and from
the outside (a library) are put into the same words here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.store_words import STORE_WORDS
from core.words import T, Text
from db import faults


class EchodeckError(Exception):
    """The root. A subclass names one thing that can go wrong.

    Attributes:
        what: what happened, for the person.
        step: what they can do next.
    """

    sentence: ClassVar[str] = "Something went wrong."
    next_step: ClassVar[str] = "Look in Logs for the details."

    def __init__(self, **params: object) -> None:
        super().__init__(self.sentence.format(**params) if params else self.sentence)
        self.params = params

    @property
    def what(self) -> Text:
        return Text(self.sentence, self.params)

    @property
    def step(self) -> Text:
        return Text(self.next_step, self.params)


@dataclass(frozen=True, slots=True)
class Explained:
    """An error in a person's words.

    Attributes:
        what: what happened. step: what to do next. code: the error's name, for docs and tests.
    """

    what: Text
    step: Text
    code: str


# --- Discord -------------------------------------------------------------------------------


class DiscordError(EchodeckError):
    """Anything between the bot and Discord."""


class TokenMissing(DiscordError):
    sentence = T("There is no bot token yet.").key
    next_step = T("Open the set-up guide and paste the token of your bot.").key


class TokenMissingHere(TokenMissing):
    """The same, where there is no window to open a guide in."""

    next_step = T("Give the token in ECHODECK_TOKEN, or paste it once in the window's set-up guide.").key


class TokenRefused(DiscordError):
    sentence = T("Discord does not accept this token.").key
    next_step = T("Open the Discord Developer Portal, reset the bot's token and paste the new one.").key


class UserTokenRefused(DiscordError):
    sentence = T("This is a person's token, not a bot's. Discord forbids running a person's account.").key
    next_step = T("Create a bot in the Discord Developer Portal and paste the bot's token.").key


class IntentsMissing(DiscordError):
    sentence = T("Discord has not switched on what the bot needs to read: {intents}.").key
    next_step = T("Switch it on in the Developer Portal under Bot, or let the set-up guide do it.").key


class PermissionMissing(DiscordError):
    sentence = T("The bot may not do this in {place}: {permission}.").key
    next_step = T("Give the bot's role that permission in the server's settings.").key


class DiscordUnreachable(DiscordError):
    sentence = T("Discord cannot be reached.").key
    next_step = T("Check the internet connection. Echodeck keeps trying.").key


class DiscordRefused(DiscordError):
    sentence = T("Discord refused: {detail}.").key
    next_step = T("Try again in a minute. If it stays, look in Logs.").key


# --- brains --------------------------------------------------------------------------------


class BrainError(EchodeckError):
    """A model could not do what was asked."""


class OllamaMissing(BrainError):
    sentence = T("Ollama does not answer at {host}.").key
    next_step = T("Start Ollama, or install it from ollama.com. Until then the starter brain answers.").key


class OllamaAway(OllamaMissing):
    """It wrote the replies until now."""

    next_step = T("Start it again. Echodeck stays silent meanwhile, and goes on by itself.").key


class ModelMissing(BrainError):
    sentence = T("The model {model} is not installed.").key
    next_step = T("Choose another model on the Models page, or download this one.").key


class ModelTooLarge(BrainError):
    sentence = T("The model {model} does not fit into this computer's memory just now.").key
    next_step = T("Close other programs, or choose a smaller model on the Models page.").key


class ModelCannot(BrainError):
    sentence = T("The model {model} cannot do this: {ability}.").key
    next_step = T("Choose a model that can on the Models page.").key


class PromptTooLong(BrainError):
    sentence = T("The conversation is longer than the model {model} can read.").key
    next_step = T("Raise the context size in Settings, or choose a model that reads more.").key


class BrainBusy(BrainError):
    sentence = T("The model {model} has too much to do just now.").key
    next_step = T("Wait a moment; Echodeck tries again by itself.").key


class BrainBroke(BrainError):
    sentence = T("The model {model} stopped in the middle: {detail}.").key
    next_step = T("Try again. If it keeps happening, a smaller model may fit this computer better.").key


class BrainSilent(BrainError):
    sentence = T("The model {model} answered with nothing.").key
    next_step = T("Try again, or choose another model on the Models page.").key


class BrainStalled(BrainError):
    sentence = T("The model {model} has not written anything for {seconds} seconds.").key
    next_step = T("It may still be loading. If it stays like this, restart Ollama.").key


class StarterMissing(BrainError):
    sentence = T("The starter brain is not installed.").key
    next_step = T("Run the set-up again (make setup), or install Ollama.").key


class NoBrain(BrainError):
    sentence = T("There is no model that could answer.").key
    next_step = T("Open the Models page and choose one.").key


class PullFailed(BrainError):
    sentence = T("The download of {model} stopped: {detail}.").key
    next_step = T("Try again: what was already downloaded is kept.").key


class ModelNameUnknown(PullFailed):
    """Another try would change nothing, as with the two below."""

    next_step = T("Check the name at ollama.com/library.").key


class ModelsDiskFull(PullFailed):
    next_step = T("Free some space where Ollama keeps its models, or delete a model, then go on.").key


class OllamaTooOld(PullFailed):
    next_step = T("Get the newest Ollama from ollama.com, then go on.").key


class OllamaWontStart(BrainError):
    sentence = T("Ollama could not be started: {detail}.").key
    next_step = T("Open Ollama yourself, then look again.").key


# --- persona, settings, input --------------------------------------------------------------


class InputError(EchodeckError):
    """Something a person typed cannot be used."""


class PersonaInvalid(InputError):
    sentence = T("This persona cannot be saved: {detail}.").key
    next_step = T("Change the marked field and save again.").key


class PersonaUnknown(InputError):
    sentence = T("There is no persona called {name}.").key
    next_step = T("Choose one of: {known}.").key


class PersonUnknown(InputError):
    sentence = T("This person is not known here any more.").key
    next_step = T("Choose somebody from the list of people.").key


class MemoryGone(InputError):
    sentence = T("This memory is not there any more.").key
    next_step = T("It was merged or deleted meanwhile. Choose another one.").key


class MemoryEmpty(InputError):
    sentence = T("A memory needs words: between 1 and {most} letters.").key
    next_step = T("Write what is to be remembered, or delete the memory instead.").key


class MemoriesApart(InputError):
    sentence = T("These memories cannot become one: they are of different people, or not all in use.").key
    next_step = T("Choose two or more memories of one person that are in use.").key


class SplitIncomplete(InputError):
    sentence = T(
        "Each part of a memory needs words and a message it came from, and no message may be left over."
    ).key
    next_step = T("Say for every message which part it belongs to.").key


class ReplyGone(InputError):
    sentence = T("This reply is not there any more.").key
    next_step = T("It was deleted or written anew meanwhile. Choose another one.").key


class NotTheLatest(InputError):
    sentence = T("Only its latest reply in {place} can be written anew.").key
    next_step = T("Say what you think of this one instead, or tell it never to say that.").key


class NeverFull(InputError):
    sentence = T("{name} already has {most} lines it never says.").key
    next_step = T("Remove one of them on the Persona page first.").key


class TooManyAtOnce(InputError):
    sentence = T("That is too much at once: at most {most} memories can be changed together.").key
    next_step = T("Choose fewer, or do it in several steps.").key


class FileUnwritable(InputError):
    sentence = T("The file {path} could not be written: {detail}.").key
    next_step = T("Choose another folder.").key


class PassphraseTooShort(InputError):
    sentence = T("A passphrase needs at least {fewest} signs.").key
    next_step = T("Take four words that have nothing to do with each other.").key


class CardUnreadable(InputError):
    sentence = T("{path} is not a character card Echodeck can read.").key
    next_step = T("Use a V2 or V3 card, as a JSON or PNG file.").key


class ImportUnreadable(InputError):
    sentence = T("{path} is nothing that Echodeck can read, or it is damaged.").key
    next_step = T("Use a character card (PNG or JSON), a lorebook (JSON) or a chat (JSONL).").key


class PictureUnreadable(InputError):
    sentence = T("{path} is no picture that Echodeck can show.").key
    next_step = T("Use a PNG, JPEG or WebP of at most 40 megapixels.").key


class DraftFailed(InputError):
    sentence = T("The text gives too little to make a persona of.").key
    next_step = T("Paste a text that says who they are: a name, and a few sentences about them.").key


class SettingInvalid(InputError):
    sentence = T("{label}: {value} is not possible here; allowed: {allowed}.").key
    next_step = T("Choose an allowed value.").key


class SettingUnknown(InputError):
    sentence = T("There is no setting called {key}.").key
    next_step = T("docs/settings.md lists every setting.").key


class LineUnreadable(InputError):
    sentence = T("Line {number} is not a chat line: {line}").key
    next_step = T('Write lines as "name: text", "#channel name: text" or "@10m".').key


# --- the app -------------------------------------------------------------------------------


class AlreadyRunning(EchodeckError):
    sentence = T("Echodeck is already running with this data folder.").key
    next_step = T("Use the window that is open, or close it first.").key


class FolderUnusable(EchodeckError):
    sentence = T("The data folder {path} cannot be used: {detail}.").key
    next_step = T("Choose another folder with --data-dir, or free the folder.").key


class SystemLibraryMissing(EchodeckError):
    sentence = T("A system library that the window needs is missing: {package}.").key
    next_step = T("Install it with: sudo apt install {package}").key


class AutostartRefused(EchodeckError):
    sentence = T("The list of what starts with the computer could not be changed: {detail}.").key
    next_step = T("Add or remove Echodeck in the computer's own settings.").key


class NoScreen(EchodeckError):
    sentence = T("There is no screen here, so the window cannot open.").key
    next_step = T("Use the practice chat (main.py chat) or host without a window (main.py --headless).").key


class Unexpected(EchodeckError):
    sentence = T("Something unexpected happened ({name}).").key
    next_step = T("Open Logs for the details. Nothing was lost.").key


def explain(error: BaseException) -> Explained:
    """Put any error into a person's words.

    Args:
        error: what was raised, ours or not.
    """
    if isinstance(error, EchodeckError):
        return Explained(error.what, error.step, type(error).__name__)
    if isinstance(error, faults.StoreFault):
        what, step = STORE_WORDS[type(error)]
        return Explained(Text(what.key, error.params), Text(step.key, error.params), type(error).__name__)
    unexpected = Unexpected(name=type(error).__name__)
    return Explained(unexpected.what, unexpected.step, "Unexpected")

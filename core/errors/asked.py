"""What somebody asked for that cannot be done so."""

from __future__ import annotations

from core.errors.base import EchodeckError
from core.words import T


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
    topic = "persona#lines-it-never-says"


class TooManyAtOnce(InputError):
    sentence = T("That is too much at once: at most {most} memories can be changed together.").key
    next_step = T("Choose fewer, or do it in several steps.").key


class FileUnwritable(InputError):
    sentence = T("The file {path} could not be written: {detail}.").key
    next_step = T("Choose another folder.").key
    topic = "troubleshooting#a-file-cannot-be-written"


class PassphraseTooShort(InputError):
    sentence = T("A passphrase needs at least {fewest} signs.").key
    next_step = T("Take four words that have nothing to do with each other.").key
    topic = "backups#the-recovery-passphrase"


class CardUnreadable(InputError):
    sentence = T("{path} is not a character card Echodeck can read.").key
    next_step = T("Use a V2 or V3 card, as a JSON or PNG file.").key
    topic = "troubleshooting#a-file-cannot-be-read"


class ImportUnreadable(InputError):
    sentence = T("{path} is nothing that Echodeck can read, or it is damaged.").key
    next_step = T("Use a character card (PNG or JSON), a lorebook (JSON) or a chat (JSONL).").key
    topic = "troubleshooting#a-file-cannot-be-read"


class PictureUnreadable(InputError):
    sentence = T("{path} is no picture that Echodeck can show.").key
    next_step = T("Use a PNG, JPEG or WebP of at most 40 megapixels.").key
    topic = "troubleshooting#a-file-cannot-be-read"


class DraftFailed(InputError):
    sentence = T("The text gives too little to make a persona of.").key
    next_step = T("Paste a text that says who they are: a name, and a few sentences about them.").key
    topic = "persona#from-a-text"


class SettingInvalid(InputError):
    sentence = T("{label}: {value} is not possible here; allowed: {allowed}.").key
    next_step = T("Choose an allowed value.").key


class SettingUnknown(InputError):
    sentence = T("There is no setting called {key}.").key
    next_step = T("docs/settings.md lists every setting.").key
    topic = "settings"


class LineUnreadable(InputError):
    sentence = T("Line {number} is not a chat line: {line}").key
    next_step = T('Write lines as "name: text", "#channel name: text" or "@10m".').key

"""Every error a person can meet, with its sentence and its next step.

Code raises a named error; faces show `explain(error)`. Errors from below (the store) and from
the outside (a library) are put into the same words here. The errors themselves stand by subject in the
files beside this one.
"""

from __future__ import annotations

from core.errors.asked import (
    CardUnreadable,
    DraftFailed,
    FileUnwritable,
    ImportUnreadable,
    InputError,
    LineUnreadable,
    MemoriesApart,
    MemoryEmpty,
    MemoryGone,
    NeverFull,
    NotTheLatest,
    PassphraseTooShort,
    PersonaInvalid,
    PersonaUnknown,
    PersonUnknown,
    PictureUnreadable,
    ReplyGone,
    SettingInvalid,
    SettingUnknown,
    SplitIncomplete,
    TooManyAtOnce,
)
from core.errors.base import EchodeckError, Explained
from core.errors.brains import (
    BrainBroke,
    BrainBusy,
    BrainError,
    BrainSilent,
    BrainStalled,
    ModelCannot,
    ModelMissing,
    ModelNameUnknown,
    ModelsDiskFull,
    ModelTooLarge,
    NoBrain,
    OllamaAway,
    OllamaMissing,
    OllamaTooOld,
    OllamaWontStart,
    PromptTooLong,
    PullFailed,
    StarterMissing,
)
from core.errors.house import (
    AlreadyRunning,
    AutostartRefused,
    FolderUnusable,
    NoScreen,
    SystemLibraryMissing,
    Unexpected,
)
from core.errors.talk import (
    DiscordError,
    DiscordRefused,
    DiscordUnreachable,
    IntentsMissing,
    PermissionMissing,
    TokenMissing,
    TokenMissingHere,
    TokenRefused,
    UserTokenRefused,
)
from core.store_words import STORE_TOPICS, STORE_WORDS
from core.words import Text
from db import faults

__all__ = [
    "AlreadyRunning",
    "AutostartRefused",
    "BrainBroke",
    "BrainBusy",
    "BrainError",
    "BrainSilent",
    "BrainStalled",
    "CardUnreadable",
    "DiscordError",
    "DiscordRefused",
    "DiscordUnreachable",
    "DraftFailed",
    "EchodeckError",
    "Explained",
    "FileUnwritable",
    "FolderUnusable",
    "ImportUnreadable",
    "InputError",
    "IntentsMissing",
    "LineUnreadable",
    "MemoriesApart",
    "MemoryEmpty",
    "MemoryGone",
    "ModelCannot",
    "ModelMissing",
    "ModelNameUnknown",
    "ModelTooLarge",
    "ModelsDiskFull",
    "NeverFull",
    "NoBrain",
    "NoScreen",
    "NotTheLatest",
    "OllamaAway",
    "OllamaMissing",
    "OllamaTooOld",
    "OllamaWontStart",
    "PassphraseTooShort",
    "PermissionMissing",
    "PersonUnknown",
    "PersonaInvalid",
    "PersonaUnknown",
    "PictureUnreadable",
    "PromptTooLong",
    "PullFailed",
    "ReplyGone",
    "SettingInvalid",
    "SettingUnknown",
    "SplitIncomplete",
    "StarterMissing",
    "SystemLibraryMissing",
    "TokenMissing",
    "TokenMissingHere",
    "TokenRefused",
    "TooManyAtOnce",
    "Unexpected",
    "UserTokenRefused",
    "explain",
]


def explain(error: BaseException) -> Explained:
    """Put any error into a person's words.

    Args:
        error: what was raised, ours or not.
    """
    if isinstance(error, EchodeckError):
        return Explained(error.what, error.step, type(error).__name__, error.topic)
    if isinstance(error, faults.StoreFault):
        what, step = STORE_WORDS[type(error)]
        topic = STORE_TOPICS.get(type(error), "")
        return Explained(
            Text(what.key, error.params), Text(step.key, error.params), type(error).__name__, topic
        )
    unexpected = Unexpected(name=type(error).__name__)
    return Explained(unexpected.what, unexpected.step, "Unexpected", unexpected.topic)

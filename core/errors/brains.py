"""What can go wrong with models and what they run on."""

from __future__ import annotations

from core.errors.base import EchodeckError
from core.words import T


class BrainError(EchodeckError):
    """A model could not do what was asked."""


class OllamaMissing(BrainError):
    sentence = T("Ollama does not answer at {host}.").key
    next_step = T("Start Ollama, or install it from ollama.com. Until then the starter brain answers.").key
    topic = "troubleshooting#ollama-does-not-answer"


class OllamaAway(OllamaMissing):
    """It wrote the replies until now."""

    next_step = T("Start it again. Echodeck stays silent meanwhile, and goes on by itself.").key


class ModelMissing(BrainError):
    sentence = T("The model {model} is not installed.").key
    next_step = T("Choose another model on the Models page, or download this one.").key
    topic = "troubleshooting#the-model-is-not-there"


class ModelTooLarge(BrainError):
    sentence = T("The model {model} does not fit into this computer's memory just now.").key
    next_step = T("Close other programs, or choose a smaller model on the Models page.").key
    topic = "troubleshooting#the-model-does-not-fit"


class ModelCannot(BrainError):
    sentence = T("The model {model} cannot do this: {ability}.").key
    next_step = T("Choose a model that can on the Models page.").key
    topic = "troubleshooting#the-model-is-not-there"


class PromptTooLong(BrainError):
    sentence = T("The conversation is longer than the model {model} can read.").key
    next_step = T("Raise the context size in Settings, or choose a model that reads more.").key
    topic = "troubleshooting#the-conversation-is-too-long"


class BrainBusy(BrainError):
    sentence = T("The model {model} has too much to do just now.").key
    next_step = T("Wait a moment; Echodeck tries again by itself.").key
    topic = "troubleshooting#replies-take-long"


class BrainBroke(BrainError):
    sentence = T("The model {model} stopped in the middle: {detail}.").key
    next_step = T("Try again. If it keeps happening, a smaller model may fit this computer better.").key
    topic = "troubleshooting#the-model-stopped-in-the-middle"


class BrainSilent(BrainError):
    sentence = T("The model {model} answered with nothing.").key
    next_step = T("Try again, or choose another model on the Models page.").key
    topic = "troubleshooting#the-model-stopped-in-the-middle"


class BrainStalled(BrainError):
    sentence = T("The model {model} has not written anything for {seconds} seconds.").key
    next_step = T("It may still be loading. If it stays like this, restart Ollama.").key
    topic = "troubleshooting#replies-take-long"


class StarterMissing(BrainError):
    sentence = T("The starter brain is not installed.").key
    next_step = T("Run the set-up again (make setup), or install Ollama.").key
    topic = "troubleshooting#there-is-no-model"


class NoBrain(BrainError):
    sentence = T("There is no model that could answer.").key
    next_step = T("Open the Models page and choose one.").key
    topic = "troubleshooting#there-is-no-model"


class PullFailed(BrainError):
    sentence = T("The download of {model} stopped: {detail}.").key
    next_step = T("Try again: what was already downloaded is kept.").key
    topic = "troubleshooting#a-download-stopped"


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
    topic = "troubleshooting#ollama-does-not-start"

"""Is there a model that can answer?"""

from __future__ import annotations

from importlib import util

from core.doctor.check import Check, ok, warn
from core.doctor.patient import Patient
from core.errors import EchodeckError, SettingInvalid, explain
from core.llm.brain import Role
from core.llm.machine import fits
from core.llm.ollama import OllamaBrain
from core.llm.roles import Roles, Wish
from core.llm.starter import StarterBrain
from core.settings import CHAT_MODEL, OLLAMA_HOST
from core.words import T


async def ollama(patient: Patient) -> Check:
    """Ollama answers, and has models."""
    host = await _host(patient)
    brain = OllamaBrain(host)
    try:
        installed = await brain.list_models()
    except EchodeckError as error:
        told = explain(error)
        return warn("ollama", told.what, told.step)
    finally:
        await brain.close()
    if not installed:
        nothing = T("Ollama answers at {host}, but has no model.", host=host)
        return warn("ollama", nothing, T("Download one on the Models page."))
    return ok("ollama", T("Ollama answers at {host}, models: {n}.", host=host, n=len(installed)))


async def model(patient: Patient) -> Check:
    """The model that will answer fits this computer."""
    values = await patient.values()

    async def wish(role: Role) -> Wish:
        return Wish(values[CHAT_MODEL.key], values[OLLAMA_HOST.key])

    roles = Roles(wish, StarterBrain())
    try:
        choice = await roles.choose(Role.CHAT)
        installed = await choice.brain.list_models()
    finally:
        await roles.close()
    size = next((model.size_bytes for model in installed if model.name == choice.model), 0)
    smaller = T("Choose a smaller model on the Models page.")
    if not fits(size):
        tight = T("{model} is larger than this computer's memory likes.", model=choice.model)
        return warn("model", tight, smaller)
    if choice.fallback is not None:
        return warn(
            "model",
            T("{model} answers, because {why}", model=choice.model, why=choice.fallback),
            T("Install Ollama and a model for replies that make sense."),
        )
    return ok("model", T("{model} answers, and fits this computer's memory.", model=choice.model))


async def starter(patient: Patient) -> Check:
    """The starter brain is there."""
    if not StarterBrain().installed or util.find_spec("xllamacpp") is None:
        told = T("The starter brain is not installed.")
        return warn("starter", told, T("Run the set-up again (make setup), or install Ollama."))
    return ok("starter", T("The starter brain is there."))


async def _host(patient: Patient) -> str:
    try:
        return str((await patient.values())[OLLAMA_HOST.key])
    except SettingInvalid:
        return OLLAMA_HOST.default

"""Is there a model that can answer?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import util

from core import VERSION
from core.doctor.check import Check, ok, skip, warn
from core.doctor.patient import Patient
from core.errors import EchodeckError, SettingInvalid, explain
from core.llm import ollama_start, ollama_wire
from core.llm.brain import Role
from core.llm.machine import fits
from core.llm.ollama import OllamaBrain
from core.llm.ollama_start import this_computer
from core.llm.roles import Roles, Wish
from core.llm.starter import StarterBrain
from core.settings import CHAT_MODEL, OLLAMA_HOST
from core.words import T

OLDEST_OLLAMA = (0, 9)  # thinking on and off, tools in a stream


async def ollama(patient: Patient) -> Check:
    """Ollama answers, and has models."""
    host = await _host(patient)
    brain = OllamaBrain(host)
    try:
        installed = await brain.list_models()
    except EchodeckError as error:
        told = explain(error)
        return warn("ollama", told.what, told.step, "start_ollama" if _can_start(host) else "models")
    finally:
        await brain.close()
    if not installed:
        nothing = T("Ollama answers at {host}, but has no model.", host=host)
        return warn("ollama", nothing, T("Download one on the Models page."), "models")
    return ok("ollama", T("Ollama answers at {host}, models: {n}.", host=host, n=len(installed)))


async def loaded(patient: Patient) -> Check:
    """Whether the model that will answer is in memory, or the first reply has to wait for it."""
    async with _roles(patient) as roles:
        choice = await roles.choose(Role.CHAT)
        if not isinstance(choice.brain, OllamaBrain):
            return skip("loaded", T("The starter brain is loaded when it is first needed."))
        there = await choice.brain.loaded()
    if any(each.name == choice.model for each in there):
        return ok("loaded", T("{model} is in memory.", model=choice.model))
    waits = T(
        "{model} is loaded with the first message, which then waits a little longer.", model=choice.model
    )
    return ok("loaded", waits)


async def model(patient: Patient) -> Check:
    """The model that will answer fits this computer."""
    async with _roles(patient) as roles:
        choice = await roles.choose(Role.CHAT)
        installed = await choice.brain.list_models()
    size = next((model.size_bytes for model in installed if model.name == choice.model), 0)
    smaller = T("Choose a smaller model on the Models page.")
    if not fits(size):
        tight = T("{model} is larger than this computer's memory likes.", model=choice.model)
        return warn("model", tight, smaller, "models")
    if choice.fallback is not None:
        return warn(
            "model",
            T("{model} answers, because {why}", model=choice.model, why=choice.fallback),
            T("Install Ollama and a model for replies that make sense."),
            "models",
        )
    return ok("model", T("{model} answers, and fits this computer's memory.", model=choice.model))


async def starter(patient: Patient) -> Check:
    """The starter brain is there."""
    if not StarterBrain().installed or util.find_spec("xllamacpp") is None:
        told = T("The starter brain is not installed.")
        return warn("starter", told, T("Run the set-up again (make setup), or install Ollama."))
    return ok("starter", T("The starter brain is there."))


async def version(patient: Patient) -> Check:
    """Ollama is new enough to speak with."""
    brain = OllamaBrain(await _host(patient))
    try:
        found = await brain.version()
    except EchodeckError:
        return ok("version", T("Echodeck {version}.", version=VERSION))
    finally:
        await brain.close()
    told = T("Echodeck {version}, Ollama {ollama}.", version=VERSION, ollama=found)
    if _numbers(found) < OLDEST_OLLAMA:
        return warn("version", told, T("This Ollama is old: get the newest from ollama.com."), "models")
    return ok("version", told)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


@asynccontextmanager
async def _roles(patient: Patient) -> AsyncIterator[Roles]:
    """The models as the settings choose them, asked without the rest of the app."""
    values = await patient.values()

    async def wish(role: Role) -> Wish:
        return Wish(values[CHAT_MODEL.key], values[OLLAMA_HOST.key])

    roles = Roles(wish, StarterBrain())
    try:
        yield roles
    finally:
        await roles.close()


def _can_start(host: str) -> bool:
    """Ollama is installed on this computer, and only asleep."""
    address = ollama_wire.address(host)
    return (
        address is not None
        and ollama_start.is_here(address)
        and ollama_start.find(this_computer()) is not None
    )


async def _host(patient: Patient) -> str:
    try:
        return str((await patient.values())[OLLAMA_HOST.key])
    except SettingInvalid:
        return OLLAMA_HOST.default

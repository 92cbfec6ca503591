"""The self-test: is everything there that Echodeck needs, and if not, what helps?

It looks and changes nothing, so it can run beside a running Echodeck. Every check ends in a sentence,
whatever happens.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from core.clock import Clock, SystemClock
from core.doctor import brains, computer, discord, kept
from core.doctor.check import Check, fail
from core.doctor.patient import Patient
from core.errors import EchodeckError, explain
from core.secrets import Keyring
from core.session import DiscordReport, SessionStatus
from core.words import T
from db import keyrings
from db.faults import StoreFault

log = logging.getLogger(__name__)

PATIENCE_S = 30.0

Look = Callable[[Patient], Awaitable[Check]]

# In the order in which they matter; later ones use what earlier ones have opened.
LOOKS: dict[str, Look] = {
    "program": computer.program,
    "version": brains.version,
    "folder": computer.folder,
    "space": computer.space,
    "key": kept.key,
    "keyring": kept.keyring,
    "recovery": kept.recovery,
    "store": kept.store,
    "backup": kept.backups,
    "settings": kept.settings,
    "token": discord.token,
    "discord": discord.discord,
    "intents": discord.intents,
    "permissions": discord.permissions,
    "gateway": discord.gateway,
    "ollama": brains.ollama,
    "loaded": brains.loaded,
    "model": brains.model,
    "starter": brains.starter,
    "screen": computer.screen,
    "libraries": computer.libraries,
    "clock": computer.clock,
}


async def examine(
    data_dir: Path,
    environ: Mapping[str, str],
    keyring: Callable[[], Awaitable[Keyring | None]] = keyrings.computer_keyring,
    clock: Clock | None = None,
    ask_discord: Callable[[str], Awaitable[DiscordReport]] | None = None,
    platform: str = sys.platform,
    looks: Mapping[str, Look] = LOOKS,
    session: SessionStatus | None = None,
) -> list[Check]:
    """Every check of one data folder.

    Args:
        ask_discord: asks Discord about the kept token; None to leave the network alone.
        platform: as `sys.platform` names it.
        session: how the bot's life on Discord is, where this is asked inside a running Echodeck.
    """
    patient = Patient(data_dir, environ, keyring, clock or SystemClock(), ask_discord, platform, session)
    async with patient.opened:
        return [await _guarded(name, look, patient) for name, look in looks.items()]


async def _guarded(name: str, look: Look, patient: Patient) -> Check:
    """Whatever goes wrong in a check is what it found."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await look(patient)
    except TimeoutError:
        took = T("This took longer than {seconds} seconds.", seconds=int(PATIENCE_S))
        return fail(name, took, T("Close other programs and run the self-test again."))
    except (EchodeckError, StoreFault) as error:
        told = explain(error)
    except Exception as error:
        log.exception("the check %s broke", name)
        told = explain(error)
    return fail(name, told.what, told.step)

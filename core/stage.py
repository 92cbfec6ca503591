"""The practice room for the terminal: opened on a folder of its own, with somebody to talk to."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random, SystemRandom
from secrets import token_hex

from core.app import App, Config, open_app
from core.clock import SystemClock, VirtualClock
from core.errors import ModelMissing
from core.llm.brain import Role
from core.persona.card import OpenedCard, open_card
from core.persona.identity import Persona, sample, samples
from core.settings import BURST_SECONDS


@asynccontextmanager
async def open_stage(
    environ: Mapping[str, str],
    host: Config | None,
    brain: str,
    pace: str,
    seed: int | None,
    *,
    by_hand: bool,
) -> AsyncIterator[tuple[App, VirtualClock | None]]:
    """An app to practise in; its clock stands still between lines, unless a person types them.

    Args:
        host: the folder to practise in, as the host opens it; None for one that is thrown away.
        brain: see `Config`. pace: `instant` or `human`. seed: makes the run repeatable.
        by_hand: a person types: time is real, and nobody waits for the end of a burst.

    Raises:
        OllamaMissing, ModelMissing: the brain that was asked for cannot answer, and another one is not
            what was asked for.
        db.faults.StoreFault, core.errors.EchodeckError
    """
    clock = None if by_hand else VirtualClock(SystemClock().now() if host else None)
    with tempfile.TemporaryDirectory(prefix="echodeck-", ignore_cleanup_errors=True) as throwaway:
        config = host or Config(Path(throwaway), {**environ, "ECHODECK_KEY": token_hex(32)})
        config = replace(
            config,
            environ={**config.environ, BURST_SECONDS.environment_names[0]: "0"}
            if by_hand
            else config.environ,
            clock=clock or SystemClock(),
            chance=SystemRandom() if seed is None else Random(seed),
            brain=brain,
            pace=pace,
            seeded=seed is not None,
        )
        async with open_app(config) as app:
            if brain != "none":
                await _make_sure_it_answers(app, brain)
            yield app, clock


async def _make_sure_it_answers(app: App, brain: str) -> None:
    if brain.startswith("ollama:"):
        await (await app.roles.ollama()).list_models()
    choice = await app.roles.choose(Role.CHAT)
    if brain.startswith("ollama:") and choice.fallback is not None:
        raise ModelMissing(model=brain.removeprefix("ollama:"))


def chosen(wanted: str) -> OpenedCard:
    """The persona of a character card's file, with its lorebook, or the sample of that name.

    Raises:
        CardUnreadable, PersonaUnknown
    """
    is_file = wanted.lower().endswith((".json", ".png")) or Path(wanted).is_file()
    return open_card(Path(wanted)) if is_file else OpenedCard({}, sample(wanted))


async def cast(app: App, wanted: Persona | OpenedCard | None) -> str:
    """Let the bot be `wanted`; None for who it is already, or else the first sample. Answers the name."""
    active = await app.personas.active()
    if wanted is None and active is not None:
        return active.persona.name
    card = wanted if isinstance(wanted, OpenedCard) else OpenedCard({}, wanted or samples()[0])
    known = await _known(app, card)
    if known is None:
        known = (await app.belongings.add(card.persona, book=card.book, card=card.card or None)).id
    await app.personas.choose(known)
    return card.persona.name


async def _known(app: App, card: OpenedCard) -> int | None:
    """The id of the same persona, with the same lorebook, where it is kept already."""
    for kept in await app.personas.every():
        if kept.persona == card.persona and (
            not card.card or await app.belongings.book(kept.id) == card.book
        ):
            return kept.id
    return None

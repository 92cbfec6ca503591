"""The stages that make an echo of what was read: sort, learn the style, build the model, test, ready.

Each stage reads what it needs from the store and keeps what it made there, so that any of them can be
begun anew. What computes for long does so on another thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from random import Random
from typing import Any

from core.clock import Clock
from core.echo.clean import distinct
from core.echo.consent import Consent, require_live
from core.echo.exam import Examiner
from core.echo.generate import Manner, recipe, trial
from core.echo.names import Names
from core.echo.profile import EchoProfile, built, packed, unpacked
from core.echo.refusals import TooFewMessages
from core.echo.source import EchoSource
from core.echo.stages import Work
from core.echo.strangers import strangers
from core.llm.brain import Brain, Role
from core.llm.ollama import OllamaBrain
from core.llm.roles import Roles
from core.words import T
from db import echo_messages, echoes
from db.base import Database
from db.echo_messages import StoredOwn
from db.echoes import StoredModel
from db.store import Store

LEAST = 40  # messages: with fewer nothing can be said of how somebody writes
_TRIAL = 24


@dataclass(frozen=True, slots=True)
class Material:
    """What an echo is made of: the person's messages, no two nearly alike, oldest first."""

    consent: Consent
    own: tuple[StoredOwn, ...]

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.own]


class Building:
    """The stages after reading.

    Args:
        zone: whose hours the profile tells.
    """

    def __init__(
        self,
        store: Store,
        roles: Callable[[], Roles],
        source: Callable[[], EchoSource],
        clock: Clock,
        chance: Random,
        zone: tzinfo,
    ) -> None:
        self._store = store
        self._roles = roles
        self._source = source
        self._clock = clock
        self._chance = chance
        self._zone = zone

    async def pair(self, work: Work) -> None:
        """Sort: every name known by now goes, what is nearly the same is left aside.

        Raises:
            TooFewMessages, ConsentMissing
        """
        consent = await self._live(work.consent_id)
        own = await self._store.run(echo_messages.every, consent.id)
        names = await Names.known(self._store, consent)
        again = await asyncio.to_thread(_cleaned_again, own, names)
        await self._write(echo_messages.rewrite, consent.id, again)
        material = await self._material(work.consent_id)
        if len(material.own) < LEAST:
            # Where there was an echo, its messages were deleted: it is not to go on quoting them.
            await self._write(echoes.erase, consent.id)
            raise TooFewMessages(count=len(material.own), least=LEAST)
        await self._write(echoes.begin, consent.id, self._clock.now())
        await work.note(
            T("{used} of {count} messages can be learnt from.", used=len(material.own), count=len(own))
        )

    async def profile(self, work: Work) -> None:
        """Count, index and learn; keep what came of it."""
        material = await self._material(work.consent_id)
        others = await strangers(self._store, self._source, material.consent, material.own)
        await work.progress(0.1)
        times = [each.sent_at.astimezone(self._zone) for each in material.own]
        profile = await asyncio.to_thread(built, material.texts, others, times)
        await self._keep(work.consent_id, profile)
        if profile.reranker is None:
            await work.note(T("There were too few messages of others to learn the difference from."), "warn")

    async def model(self, work: Work) -> None:
        """See what the brain gets wrong by itself; have Ollama build a model that begins like the echo.

        The starter brain builds nothing: there the recipe is sent with every prompt.

        Raises:
            core.errors.BrainError
        """
        material, profile = await self._built(work.consent_id)
        choice = await self._roles().choose(Role.CHAT)
        questions = self._chance.sample(material.texts, min(_TRIAL, len(material.texts)))
        tried = await trial(profile, choice.brain, Manner(choice.model), questions, self._chance)
        await self._keep(work.consent_id, tried)
        await work.progress(0.5)
        model = ""
        if choice.brain.name == "ollama":
            model = await self._create(work, tried, choice.brain, choice.model)
        await self._write(echoes.put_model, work.consent_id, model, choice.model)

    async def evaluate(self, work: Work) -> None:
        """Let an echo made of half of the messages answer where the person once did, and judge it."""
        material, profile = await self._built(work.consent_id)
        choice = await self._roles().choose(Role.CHAT)
        examiner = Examiner(self._store, self._source, self._clock, self._chance)
        others = await strangers(self._store, self._source, material.consent, material.own)
        manner = Manner(choice.model)
        fidelity, samples = await examiner.examine(
            material.consent, material.own, others, profile, choice.brain, manner, work.progress
        )
        await self._write(echoes.put_fidelity, work.consent_id, fidelity, samples)
        if "sounds_like" in fidelity:
            share = round(100 * fidelity["sounds_like"])
            await work.note(T("Sounds like them: {share} % (their real messages: 100 %).", share=share))
        else:
            await work.note(T("There were too few messages to measure how much it sounds like them."))

    async def ready(self, work: Work) -> None:
        """From now on it can talk."""
        await self._write(echoes.put_state, work.consent_id, "ready", self._clock.now())

    async def _create(self, work: Work, profile: EchoProfile, brain: Brain, base: str) -> str:
        """Build the model; its name is written down first, so that it can be removed whatever happens."""
        known = await self._store.run(echoes.models, work.consent_id)
        name = known[0].name if known else f"echodeck-echo-{self._chance.randbytes(6).hex()}"
        host = brain.host if isinstance(brain, OllamaBrain) else ""
        model = StoredModel(name, work.consent_id, host, self._clock.now())
        await self._write(echoes.announce_model, work.consent_id, model)
        async with aclosing(brain.create(recipe(profile, name, base))) as steps:  # type: ignore[type-var]
            async for step in steps:
                if step.total:
                    await work.progress(0.5 + 0.5 * step.done / step.total)
        await work.note(T("Ollama built the model {model} on {base}.", model=name, base=base))
        return name

    async def _built(self, consent_id: int) -> tuple[Material, EchoProfile]:
        """What was learnt, learnt again where it is not there (an older program kept it otherwise)."""
        material = await self._material(consent_id)
        echo = await self._store.run(echoes.begin, consent_id, self._clock.now())
        kept = await self._store.run(echoes.profile, echo.id)
        if kept is None:
            others = await strangers(self._store, self._source, material.consent, material.own)
            return material, await asyncio.to_thread(built, material.texts, others)
        return material, await asyncio.to_thread(unpacked, kept)

    async def _keep(self, consent_id: int, profile: EchoProfile) -> None:
        data = await asyncio.to_thread(packed, profile)
        style = asdict(profile.style)
        await self._write(echoes.put_profile, consent_id, data, profile.style.messages, style)

    async def _material(self, consent_id: int) -> Material:
        consent = await self._live(consent_id)
        own = [each for each in await self._store.run(echo_messages.every, consent_id) if each.text]
        kept = await asyncio.to_thread(distinct, [each.text for each in own])
        return Material(consent, tuple(own[at] for at in kept))

    async def _live(self, consent_id: int) -> Consent:
        return await self._store.run(require_live, consent_id, self._clock.now())

    async def _write(self, query: Callable[..., Any], consent_id: int, *args: Any) -> None:
        """Write something for a consent, if that still holds."""
        await self._store.run(_if_live, query, consent_id, args, self._clock.now())


def _if_live(
    db: Database, query: Callable[..., Any], consent_id: int, args: Iterable[Any], now: datetime
) -> None:
    require_live(db, consent_id, now)
    if query is echoes.announce_model:
        query(db, *args)
    else:
        query(db, consent_id, *args)


def _cleaned_again(own: Iterable[StoredOwn], names: Names) -> list[tuple[int, str]]:
    """Messages that change when every name known by now is taken out."""
    cleaner = names.cleaner()
    return [
        (each.platform_id, text)
        for each in own
        if each.text and (text := cleaner.clean(each.text)) != each.text
    ]

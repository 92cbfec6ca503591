"""Which model does what: chat, scoring and embedding, each with its own model and a chain to fall back on.

Read anew whenever somebody asks, so that a model chosen on a page answers the very next message.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from core.clock import Clock
from core.errors import BrainError, NoBrain, OllamaAway
from core.llm import ollama_start
from core.llm.brain import Brain, ModelDetails, ModelInfo, Role
from core.llm.machine import fits
from core.llm.ollama import OllamaBrain
from core.llm.starter import MODEL as STARTER_MODEL
from core.llm.starter import StarterBrain
from core.llm.starter_process import CONTEXT_TOKENS as STARTER_CONTEXT_TOKENS
from core.words import T, Text

SMALLEST_BYTES = 1_000_000  # no model that runs here is smaller


@dataclass(frozen=True, slots=True)
class Choice:
    """Who does it now.

    Attributes:
        fallback: why it is not the model that was chosen, or None when it is.
        context_tokens: the longest prompt and answer it can be given together; 0 when unknown.
    """

    brain: Brain
    model: str
    fallback: Text | None = None
    context_tokens: int = 0

    def window(self, wished_tokens: int) -> int:
        """How much of the window that a host wishes for this model really has, in tokens."""
        return min(wished_tokens, self.context_tokens or wished_tokens)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the settings say: a role's model (`auto`, `starter`, `ollama:NAME`), and where Ollama is."""

    model: str
    ollama_host: str


class Roles:
    """Chooses brain and model for a role.

    Args:
        wish: answers what the settings say about a role, at the moment it is asked.
        only: a brain given on the command line instead of the settings (`starter`, `ollama:NAME`), or "".
    """

    def __init__(
        self, wish: Callable[[Role], Awaitable[Wish]], starter: StarterBrain, only: str = ""
    ) -> None:
        self._wish = wish
        self._only = only
        self.starter = starter
        self._ollama: dict[str, OllamaBrain] = {}
        self._started: list[ollama_start.Started] = []
        self._answered: set[str] = set()  # addresses at which an Ollama has written replies

    async def ollama(self) -> OllamaBrain:
        """Ollama at the address that the settings name now."""
        host = (await self._wish(Role.CHAT)).ollama_host
        if host not in self._ollama:
            self._ollama[host] = OllamaBrain(host)
        return self._ollama[host]

    async def start_ollama(self, program: Path, clock: Clock) -> None:
        """Start Ollama on this computer and wait until it answers; it stays when Echodeck ends.

        Raises:
            core.errors.OllamaWontStart: see `core.llm.ollama_start.start`.
        """
        self._started.append(await ollama_start.start(program, await self.ollama(), clock))

    async def relies_on_ollama(self) -> bool:
        """Does it write the replies, so that it is missed when it is gone?"""
        wish = await self.wished(Role.CHAT)
        return wish.model.startswith("ollama:") or bool(self._answered)

    async def wished(self, role: Role) -> Wish:
        """What is asked for: on the command line, or else by the settings."""
        wish = await self._wish(role)
        return Wish(self._only or wish.model, wish.ollama_host)

    async def choose(self, role: Role) -> Choice:
        """The brain and model for `role`.

        The starter brain stands in for an Ollama that was never there. One that wrote replies and is gone
        comes back in a while: nobody shall be told nonsense in its name meanwhile.

        Raises:
            NoBrain: neither Ollama nor the starter brain could do it.
            OllamaAway: Ollama wrote the replies, and does not answer now.
        """
        choice = await self._chosen(role)
        if role is Role.CHAT and isinstance(choice.brain, OllamaBrain):
            self._answered.add(choice.brain.host)
        return choice

    async def _chosen(self, role: Role) -> Choice:
        wished = self._only or (await self._wish(role)).model
        if wished == "starter" and role is not Role.EMBEDDING:
            return self._starter(None)
        ollama = await self.ollama()
        try:
            installed = await ollama.list_models()
        except BrainError as error:
            if role is Role.CHAT and ollama.host in self._answered:
                raise OllamaAway(host=ollama.host) from error
            return self._without_ollama(role, error.what)
        named = wished.removeprefix("ollama:") if wished not in ("auto", "starter") else ""
        found = _find(named, installed)
        if found is None:
            why = T("the model {model} is not installed", model=named) if named else None
            return await self._best(role, ollama, installed, why)
        details = await self._details(ollama, found.name)
        if _can(role, details) or not details.abilities:  # who keeps silent about it is believed
            return Choice(ollama, found.name, None, details.context_tokens)
        return await self._best(role, ollama, installed, _CANNOT[role](found.name))

    async def embedding(self) -> Choice | None:
        """The model that finds memories by meaning, or None: nothing but Ollama can."""
        try:
            return await self.choose(Role.EMBEDDING)
        except NoBrain:
            return None

    async def close(self) -> None:
        """Let go of every brain."""
        brains = list(self._ollama.values())
        self._ollama.clear()
        async with AsyncExitStack() as ending:
            for brain in brains:
                ending.push_async_callback(brain.close)
            ending.push_async_callback(self.starter.close)

    async def _best(
        self, role: Role, ollama: OllamaBrain, installed: list[ModelInfo], why: Text | None
    ) -> Choice:
        """The largest installed model that can do it and fits this computer; scoring likes a small one.

        Models that only run in Ollama's cloud are never taken unasked: what people write stays here.
        """
        local = [model for model in installed if not _in_the_cloud(model)]
        known = {model.name: await self._details(ollama, model.name) for model in local}
        able = [model for model in local if _can(role, known[model.name])]
        roomy = [model for model in able if fits(model.size_bytes)] or able
        if not roomy:
            return self._without_ollama(role, why or T("Ollama has no model for this yet"))
        pick = min if role is Role.SCORING else max
        best = pick(roomy, key=lambda model: (model.size_bytes, model.name)).name
        return Choice(ollama, best, why, known[best].context_tokens)

    async def _details(self, ollama: OllamaBrain, model: str) -> ModelDetails:
        try:
            return await ollama.details(model)
        except BrainError:
            return ModelDetails(model, 0, frozenset())

    def _without_ollama(self, role: Role, why: Text) -> Choice:
        if role is Role.EMBEDDING:
            raise NoBrain
        return self._starter(why)

    def _starter(self, why: Text | None) -> Choice:
        if not self.starter.installed:
            raise NoBrain
        return Choice(self.starter, STARTER_MODEL, why, STARTER_CONTEXT_TOKENS)


_CANNOT: dict[Role, Callable[[str], Text]] = {
    Role.CHAT: lambda model: T("the model {model} cannot chat", model=model),
    Role.SCORING: lambda model: T("the model {model} cannot chat", model=model),
    Role.EMBEDDING: lambda model: T("the model {model} cannot find texts by meaning", model=model),
}


def _can(role: Role, details: ModelDetails) -> bool:
    return ("embedding" if role is Role.EMBEDDING else "completion") in details.abilities


def _in_the_cloud(model: ModelInfo) -> bool:
    """Ollama lists these beside the others, with a file that holds little more than an address."""
    return model.size_bytes < SMALLEST_BYTES or model.name.endswith(("-cloud", ":cloud"))


def _find(named: str, installed: list[ModelInfo]) -> ModelInfo | None:
    """The installed model of this name; a name without a tag means `:latest`, as it does for Ollama."""
    wanted = {named.casefold(), f"{named.casefold()}:latest"} if named else set()
    return next((model for model in installed if model.name.casefold() in wanted), None)

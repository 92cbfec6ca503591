"""The app: its services, wired once, started in one written order and stopped backwards.

lock → store → services → schedule → brains → line → (bot, window: main adds these doors)
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from random import Random, SystemRandom

from core.clock import Clock, SystemClock
from core.conversation.line import Line
from core.conversation.practice import PracticeRoom
from core.events import Bus
from core.feed import Feed
from core.llm.roles import Roles
from core.persona.identity import Personas
from core.secrets import Keyring, Secrets
from core.settings import Settings
from db.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Config:
    """What the app is opened with.

    Attributes:
        data_dir: the folder that holds everything; made when it is missing.
        environ: the environment. keyring: the computer's keyring, or None when it has none.
        brain: `auto`, `starter`, `ollama:NAME` or `none` (everything runs but the generation).
        chance: where all randomness comes from; seeded by `--seed`.
        zone: the host's time zone.
    """

    data_dir: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    keyring: Keyring | None = None
    clock: Clock = field(default_factory=SystemClock)
    chance: Random = field(default_factory=SystemRandom)
    zone: tzinfo = UTC
    brain: str = "auto"
    pace: str | None = None
    seeded: bool = False


@dataclass(frozen=True)
class App:
    """The services. Pages, cogs and terminals are handed what they need of it."""

    config: Config
    bus: Bus
    store: Store
    settings: Settings
    secrets: Secrets
    personas: Personas
    roles: Roles
    line: Line
    practice: PracticeRoom
    feed: Feed
    key_source: str

    @property
    def logs(self) -> Path:
        """The folder of the log files."""
        return self.config.data_dir / "logs"

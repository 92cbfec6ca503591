"""What a turn works with: the services at hand, wired once in core/app.py."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from core.clock import Clock
from core.conversation.message import Place
from core.conversation.second_thoughts import SecondThoughts
from core.events import Bus, MessageRecorded
from core.feelings.life import Feelings
from core.llm.budget import TokenRatios
from core.llm.roles import Roles
from core.memory.facts import FactRecall
from core.memory.happened import EpisodeRecall
from core.memory.recall import Recall
from core.persona.identity import Personas
from core.safety.limits import RateLimits
from core.settings import Settings
from db.store import Store

if TYPE_CHECKING:  # they work with the desk themselves
    from core.conversation.threads import Threads
    from core.conversation.toolset import Toolset


class Caps:
    """The hard cap on replies: no channel gets more than `most` in `seconds`, whatever happens."""

    def __init__(self, most: int = 20, seconds: float = 60.0) -> None:
        self._most = most
        self._seconds = seconds
        self._spoken: dict[int, deque[float]] = {}

    def exceeded(self, channel_id: int, now: float) -> bool:
        """Has the channel had its share? `now` in the clock's monotonic seconds."""
        spoken = self._spoken.get(channel_id, ())
        return sum(now - at <= self._seconds for at in spoken) >= self._most

    def spoke(self, channel_id: int, now: float) -> None:
        """Note a reply; what no longer counts is forgotten, channels that have been quiet too."""
        spoken = self._spoken.pop(channel_id, None) or deque(maxlen=self._most)
        spoken.append(now)
        self._spoken[channel_id] = spoken  # now the last of them: the first has been quiet for longest
        while now - next(iter(self._spoken.values()))[-1] > self._seconds:
            del self._spoken[next(iter(self._spoken))]

    def __len__(self) -> int:
        return len(self._spoken)


@dataclass(slots=True)
class Desk:
    """The services of a turn.

    Attributes:
        prompts: the folder with the host's own prompt templates; the shipped ones fill the gaps.
        pace: overrides the setting (the practice chat is instant), or None.
        speaks: False lets everything run but the generation: it answers "…".
        seeded: True takes each reply's seed from `chance`, so that a run can be repeated.
        facts: answers what is known of people, or None. episodes: what happened with them, or None.
        feelings: the inner life, or None: then nothing is felt.
        second_thoughts: thinks messages over with the scoring model, or None.
        limits: how much one person and one server may be answered, or None.
        toolset: the tools a model may call, or None. threads: the conversations turns belong to, or None.
        recall: what finds memories, or None: then nobody remembers anything.
        zone: the host's time zone.
        ratios: what was learnt of each model's characters per token.
        cut_told: the models of which the host knows that they cut prompts.
    """

    store: Store
    settings: Settings
    personas: Personas
    roles: Roles
    clock: Clock
    bus: Bus
    chance: Random
    prompts: Path
    ratios: TokenRatios
    recall: Recall | None = None
    facts: FactRecall | None = None
    episodes: EpisodeRecall | None = None
    feelings: Feelings | None = None
    zone: tzinfo = UTC
    pace: str | None = None
    speaks: bool = True
    seeded: bool = False
    second_thoughts: SecondThoughts | None = None
    caps: Caps = field(default_factory=Caps)
    limits: RateLimits | None = None
    toolset: Toolset | None = None
    threads: Threads | None = None
    cut_told: set[str] = field(default_factory=set)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A reply is being written: what else would ask a model waits."""
        if self.second_thoughts is None:
            yield
            return
        self.second_thoughts.reply_begins()
        try:
            yield
        finally:
            self.second_thoughts.reply_ended()

    def recorded(self, place: Place, message_id: int) -> None:
        """Tell everybody that a message was written, changed or removed."""
        self.bus.publish(MessageRecorded(message_id, place.realm, place.channel_id))

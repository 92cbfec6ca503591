"""How often one person, and one server, may be answered. Bounded in memory, whoever writes how much.

Each limit is a leaky bucket kept as one number, the theoretical arrival time (the generic cell rate
algorithm, ITU-T I.371): a message conforms when it comes no earlier than that time less the burst's length.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from core.clock import Clock
from core.words import T, Text


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` at once, and as many again every `seconds`."""

    most: int
    seconds: float

    @property
    def spacing(self) -> float:
        """Seconds from one to the next in the long run."""
        return self.seconds / self.most


@dataclass(frozen=True, slots=True)
class Held:
    """Too much. `wait_s`: seconds until there is room again."""

    reason: Text
    wait_s: float


class Meter:
    """One rate, kept apart for each key; at most `room` keys are remembered.

    When it is full the key that rests longest is forgotten: it has waited most, so it gains least.
    """

    def __init__(self, rate: Rate, room: int = 4096) -> None:
        self._rate = rate
        self._room = room
        self._due: OrderedDict[Hashable, float] = OrderedDict()

    def wait(self, key: Hashable, now: float, rate: Rate | None = None) -> float:
        """Seconds until `key` may again; 0 when it may now.

        Args:
            now: in monotonic seconds. rate: the one in force now, where it can change.
        """
        rate = rate or self._rate
        due = min(self._due.get(key, now), now + rate.seconds)  # nothing is owed from a slower rate
        burst = rate.seconds - rate.spacing
        return max(0.0, due - burst - now)

    def count(self, key: Hashable, now: float, rate: Rate | None = None) -> None:
        """Note one."""
        self._due[key] = max(self._due.get(key, now), now) + (rate or self._rate).spacing
        self._due.move_to_end(key)
        while len(self._due) > self._room:
            self._due.popitem(last=False)

    def __len__(self) -> int:
        return len(self._due)


class RateLimits:
    """The limits on turns. Direct messages have no server and fall under the person's alone.

    Args:
        clock: for its monotonic seconds.
        person: for one person, over all places. server: for all people of one server.
        suspected: for one person's messages that looked like attempts; the strictest.
    """

    def __init__(
        self,
        clock: Clock,
        person: Rate = Rate(12, 60.0),
        server: Rate = Rate(60, 60.0),
        suspected: Rate = Rate(5, 300.0),
    ) -> None:
        self._clock = clock
        self._person = Meter(person)
        self._server = Meter(server)
        self._suspected = Meter(suspected)

    def take(
        self,
        realm: str,
        person_id: int,
        guild_id: int | None,
        suspected: bool = False,
        *,
        person: Rate | None = None,
        server: Rate | None = None,
    ) -> Held | None:
        """Count a turn and let it pass (None), or hold it, uncounted, when there was too much.

        Args:
            person, server: the rates in force now; None: those from the beginning.
        """
        now = self._clock.monotonic()
        asked = [(self._person, (realm, person_id), person, T("this person writes too much just now"))]
        if guild_id is not None:
            asked.append((self._server, (realm, guild_id), server, T("this server writes too much just now")))
        if suspected:
            reason = T("this person keeps trying to steer the bot")
            asked.append((self._suspected, (realm, person_id), None, reason))
        held = [
            Held(reason, wait)
            for meter, key, rate, reason in asked
            if (wait := meter.wait(key, now, rate)) > 0
        ]
        if held:
            return max(held, key=lambda each: each.wait_s)
        for meter, key, rate, _ in asked:
            meter.count(key, now, rate)
        return None

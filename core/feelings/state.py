"""Who feels, what was heard, and what is felt: the plain values that pass between the rooms of feelings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from core.feelings import daily, relationship
from core.feelings.daily import DailyMood
from core.feelings.emotions import Felt
from core.feelings.mood import octant
from core.feelings.needs import Needs
from core.feelings.pad import Pad, bounded
from core.feelings.traits import Traits
from db.relationships import Metrics


class Character(Protocol):
    """Who feels; `core.persona.identity.Persona` is one."""

    @property
    def name(self) -> str: ...
    @property
    def nicknames(self) -> tuple[str, ...]: ...
    @property
    def quirks(self) -> tuple[str, ...]: ...
    @property
    def big_five(self) -> Traits: ...


@dataclass(frozen=True, slots=True)
class Moment:
    """Who feels, where and when.

    Attributes:
        realm: discord, practice or import, each with a mood of its own.
        at: UTC. today: the date on the host's calendar.
        seed: answers a new seed, asked only when a day has to be drawn.
    """

    persona_id: int
    character: Character
    realm: str
    at: datetime
    today: date
    seed: Callable[[], int]

    @property
    def traits(self) -> Traits:
        return self.character.big_five


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, as far as feelings are concerned.

    Attributes:
        message, author, channel: ids on their platform.
        to_me: it is addressed to the persona.
    """

    realm: str
    message: int
    author: int
    channel: int
    text: str
    to_me: bool


@dataclass(frozen=True, slots=True)
class Bond:
    """How it stands with one person, now. `met`: the persona has had to do with them before."""

    person_id: int
    name: str
    metrics: Metrics
    met: bool


@dataclass(frozen=True, slots=True)
class State:
    """What the persona feels at a moment; everything is decayed to it.

    Attributes:
        name: the persona's. home: the mood it returns to today.
        bonds: the person asked for first, then the others asked for; those unknown are missing.
        wish: how much it wants to talk (to the first of `bonds`), 0…1.
        quirks: how strong each quirk is, 0…1, where it ever changed.
    """

    name: str
    realm: str
    at: datetime
    mood: Pad
    home: Pad
    emotions: tuple[Felt, ...]
    needs: Needs
    daily: DailyMood
    bonds: tuple[Bond, ...] = ()
    wish: float = 0.5
    quirks: Mapping[str, float] = field(default_factory=dict)

    @property
    def bond(self) -> Bond | None:
        """How it stands with the person that was asked for."""
        return self.bonds[0] if self.bonds else None

    def as_plain(self) -> dict[str, Any]:
        """As plain values, for the trace of a turn."""
        named = octant(self.mood)
        return {
            "mood": [round(axis, 3) for axis in self.mood],
            "octant": f"{named.strength} {named.octant}",
            "emotions": {str(each.emotion): round(each.intensity, 3) for each in self.emotions},
            "needs": {name: round(level, 3) for name, level in self.needs._asdict().items()},
            "daily": self.daily._asdict(),
            "relationships": {
                str(bond.person_id): {name: int(value) for name, value in _shown(bond).items()}
                for bond in self.bonds
            },
            "wish": round(self.wish, 3),
        }


def _shown(bond: Bond) -> dict[str, float]:
    return relationship.shown(bond.metrics)._asdict()


def wish_to_talk(
    traits: Traits, mood: Pad, now: Needs, day: DailyMood, metrics: Metrics | None = None
) -> float:
    """How much the persona wants to talk, 0…1; .5 is an even character on a usual day.

    Extraversion, the day, a good and awake mood and lack of company raise it; tiredness lowers it; who is
    liked is talked to more, who has angered it less.
    """
    wish = 0.5 + 0.2 * traits.extraversion + 0.03 * (day.talkativeness - daily.USUAL.talkativeness)
    wish += 0.1 * mood.p + 0.1 * mood.a
    wish += 0.3 * (0.5 - now.contact) * (1.0 + 0.5 * traits.extraversion) + 0.1 * (0.5 - now.novelty)
    wish -= 0.4 * max(0.0, 0.5 - now.rest)
    if metrics is not None:
        home = relationship.baseline(traits)
        wish += 0.03 * (metrics.rapport - home.rapport) - 0.05 * (metrics.anger - home.anger)
    return bounded(wish, 0.0, 1.0)

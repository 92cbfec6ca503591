"""The lines of the notebook's lists: people, facts, episodes and messages as the host reads them, and what
a list may be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from db.facts import LIVE

Line = TypeVar("Line")

EVERYBODY = 0


@dataclass(frozen=True, slots=True)
class Found(Generic[Line]):
    """How many there are, and the first of them."""

    total: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in the list. `facts`: how many live facts are known of them."""

    row_id: int
    realm: str
    platform_id: int
    name: str
    state: str
    first_seen: datetime
    last_seen: datetime
    message_count: int
    facts: int


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in the list; the attributes are those of db.facts.StoredFact. `person`: their name."""

    row_id: int
    person_id: int
    person: str
    text: str
    category: str
    state: str
    protected: bool
    importance: float
    trust: float
    reference_count: int
    first_mentioned: datetime
    last_mentioned: datetime
    valid_to: datetime | None
    binned_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """An episode in the list; the attributes are those of db.episodes.StoredEpisode.

    `people`: the names of who took part. `place`: the channel's name, "" when it is not known.
    """

    row_id: int
    text: str
    started_at: datetime
    ended_at: datetime
    place: str
    feeling: str
    importance: float
    insight: bool
    protected: bool
    state: str
    binned_at: datetime | None
    last_used_at: datetime | None
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A message, as it is shown beside a memory.

    Attributes:
        message_id: its row id; None when it was deleted since.
        place, guild: the channel's and the server's name, "" where there is none.
        text: what was written; None when the message was deleted since.
        wording: the memory in the wording of this message; "" for an episode and for neighbours.
        link: its address on Discord; "" where it is on none of Discord's servers, or deleted.
    """

    message_id: int | None
    platform_id: int
    author: str
    is_self: bool
    place: str
    guild: str
    at: datetime
    text: str | None
    wording: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class PeopleSought:
    """Which people, in which order (a key of PEOPLE_ORDERS). `words` may be of any name ever seen."""

    realm: str
    words: str = ""
    order: str = "seen"


@dataclass(frozen=True, slots=True)
class FactsSought:
    """Which facts, in which order (a key of FACT_ORDERS).

    Attributes:
        person_id: of whom, or EVERYBODY. category, protected: None for any.
    """

    realm: str
    person_id: int = EVERYBODY
    state: str = LIVE
    category: str | None = None
    protected: bool | None = None
    words: str = ""
    order: str = "last_mentioned"


@dataclass(frozen=True, slots=True)
class EpisodesSought:
    """Which episodes, in which order (a key of EPISODE_ORDERS). `insight`: None for both kinds."""

    realm: str
    person_id: int = EVERYBODY
    state: str = LIVE
    insight: bool | None = None
    protected: bool | None = None
    words: str = ""
    order: str = "ended"

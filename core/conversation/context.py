"""What a reply is made from: the channel's last 24 hours, what comes to mind from before, and where and
when it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.conversation.desk import Desk
from core.conversation.lines import begins_stretch
from core.conversation.message import IncomingMessage, Place
from core.feelings.state import State
from core.memory.facts import Here, Known
from core.memory.happened import Happened
from core.memory.query import named
from core.memory.recall import Memory, Question, Scope
from core.persona.identity import Persona
from db import channels, messages
from db.base import Database
from db.messages import StoredMessage

TRANSCRIPT_HOURS = 24
TRANSCRIPT_MOST = 400
MEMORIES_MOST = 4
FACTS_MOST = 6
EPISODES_MOST = 2
MOST_PRESENT = 8
CHAIN_MOST = 4


@dataclass(frozen=True, slots=True)
class Context:
    """What was gathered.

    Attributes:
        transcript: the channel's messages of the last day, oldest first, up to the one answered.
        present: the names of the people in it, the latest speaker first.
        now: UTC.
        hints: further lines for the model: on its guard, emotes to choose from.
        facts: what is known of those present or spoken of, the most fitting first.
        episodes: what happened with them and has to do with this, the most fitting first.
        chain: what the answered message replies to and the thread began with, as far as it stands before
            the transcript, oldest first.
        feelings: what the persona feels, and how it stands with those present.
        memories: older messages of this channel that come to mind, the most fitting first.
        lorebook: the persona's, as it lies in the store, or None.
        burst: how many messages arrived together and are answered.
    """

    place: Place
    answered: IncomingMessage
    transcript: tuple[StoredMessage, ...]
    present: tuple[str, ...]
    now: datetime
    memories: tuple[Memory, ...] = ()
    feelings: State | None = None
    chain: tuple[StoredMessage, ...] = ()
    facts: tuple[Known, ...] = ()
    episodes: tuple[Happened, ...] = ()
    hints: tuple[str, ...] = ()
    lorebook: bytes | None = None
    burst: int = 1

    @property
    def others(self) -> tuple[int, ...]:
        """The ids of the other people in the transcript, the latest speaker first."""
        asker = self.answered.author.id
        spoke = dict.fromkeys(
            line.author_id for line in reversed(self.transcript) if not (line.is_bot or line.is_self)
        )
        return tuple(person for person in spoke if person != asker)[:MOST_PRESENT]


async def gather(burst: tuple[IncomingMessage, ...], desk: Desk, persona: Persona | None = None) -> Context:
    """Read the context of a burst from the store.

    Args:
        persona: who answers; by its name nothing is looked for.
    """
    now = desk.clock.now()
    place = burst[-1].place
    transcript = await _transcript(burst[-1], desk)
    present = dict.fromkeys(line.author_name for line in reversed(transcript) if not line.is_self)
    memories = await _remember(burst, transcript, desk)
    called = (persona.name, *persona.nicknames) if persona is not None else ()
    facts, episodes = await _known(burst, transcript, (*called, *present), desk)
    cited = {source.message_id for known in facts for source in known.fact.sources}
    memories = tuple(it for it in memories if it.message.row_id not in cited)
    seen = {line.platform_id for line in transcript}
    chain = await desk.store.run(_chain, burst[-1], seen)
    return Context(
        place,
        burst[-1],
        tuple(transcript),
        tuple(present),
        now,
        memories,
        chain=tuple(chain),
        facts=facts,
        episodes=episodes,
    )


async def _transcript(message: IncomingMessage, desk: Desk) -> list[StoredMessage]:
    """The channel's last day, from a full hour on, so that its beginning stays for a while.

    Counted from the message, not from this computer's clock, which may be wrong.
    """
    since = (message.sent_at - timedelta(hours=TRANSCRIPT_HOURS)).replace(minute=0, second=0, microsecond=0)
    lines = await desk.store.run(messages.transcript, message.place.channel_id, since, TRANSCRIPT_MOST)
    if len(lines) < TRANSCRIPT_MOST:
        return lines
    return lines[next((at for at, line in enumerate(lines) if begins_stretch(line)), 0) :]


def _chain(db: Database, answered: IncomingMessage, seen: set[int]) -> list[StoredMessage]:
    """What came before the answered message, reply by reply, and what its thread began with.

    A thread that was begun on a message bears that message's id. Only what was said in this channel, or
    in the one it is a thread of, belongs to it.
    """
    place = answered.place
    chain: list[StoredMessage] = []
    wanted = answered.reply_to
    while wanted is not None and wanted not in seen and len(chain) < CHAIN_MOST:
        said = messages.by_platform_id(db, place.realm, wanted)
        if said is None or said.channel_id not in (place.channel_id, place.parent_id):
            break
        chain.insert(0, said)
        wanted = said.reply_to
    known = seen | {said.platform_id for said in chain}
    if place.parent_id is not None and place.channel_id not in known:
        start = messages.by_platform_id(db, place.realm, place.channel_id)
        if start is not None and start.channel_id == place.parent_id:
            chain.insert(0, start)
    return chain


async def _remember(
    burst: tuple[IncomingMessage, ...], transcript: list[StoredMessage], desk: Desk
) -> tuple[Memory, ...]:
    """What comes to mind of the people who are meant, from before the transcript."""
    if desk.recall is None:
        return ()
    asked = "\n".join(message.text for message in burst)
    where = await what_may_be_told(burst[-1].place, desk)
    speakers = await desk.recall.speakers(where)
    asker = burst[-1].author.id
    people = {asker, *(message.author.id for message in burst), *named(asked, speakers)}
    question = Question(
        asked,
        replace(where, person_ids=tuple(sorted(people))),
        asker,
        speakers,
        until=transcript[0].sent_at if transcript else None,
        leave_out=frozenset(line.row_id for line in transcript),
    )
    return await desk.recall.recall(question, MEMORIES_MOST)


async def _known(
    burst: tuple[IncomingMessage, ...],
    transcript: list[StoredMessage],
    names: tuple[str, ...],
    desk: Desk,
) -> tuple[tuple[Known, ...], tuple[Happened, ...]]:
    """What is known of the people who write, who are there, or who are spoken of, and what happened."""
    if desk.facts is None or desk.episodes is None:
        return (), ()
    place, asked = burst[-1].place, "\n".join(message.text for message in burst)
    visible: tuple[int, ...] = ()
    spoken_of: set[int] = set()
    if place.guild_id is not None:
        visible = await desk.store.run(channels.visible_from, place.realm, place.guild_id, place.channel_id)
        if desk.recall is not None:
            spoken_of = named(asked, await desk.recall.speakers(Scope(place.realm, place.guild_id)))
    there = (line.author_id for line in reversed(transcript) if not (line.is_bot or line.is_self))
    every = dict.fromkeys((*(message.author.id for message in burst), *spoken_of, *there))
    people, here = list(every)[:MOST_PRESENT], Here(place.realm, place.guild_id, place.channel_id, visible)
    begins = transcript[0].sent_at if transcript else desk.clock.now()
    return (
        await desk.facts.recall_facts(people, here, asked, FACTS_MOST),
        await desk.episodes.recall_episodes(people, here, asked, EPISODES_MOST, begins, names),
    )


async def what_may_be_told(place: Place, desk: Desk) -> Scope:
    """Where a memory told in `place` may come from.

    On a server: from this channel, and from those that everybody there can read. What was said in a
    direct message, or in a channel with walls, is told nowhere else.
    """
    if place.guild_id is None:
        return Scope(place.realm, None, (place.channel_id,))
    hidden = await desk.store.read(channels.hidden_from, place.realm, place.guild_id, place.channel_id)
    return Scope(place.realm, place.guild_id, hidden=hidden)

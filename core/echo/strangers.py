"""Other people's messages, for a moment: what a voice is told apart from.

They are read from the archive, and where that holds too few, from around the person's own messages. They stay
in memory while the difference is learnt, and are written down nowhere.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from core.echo.clean import cleaned
from core.echo.consent import Consent
from core.echo.refusals import SourceMissing
from core.echo.source import ChannelClosed, EchoSource, SourceBusy
from core.errors import DiscordError
from db import echo_others
from db.echo_messages import StoredOwn
from db.store import Store

log = logging.getLogger(__name__)

MOST = 6_000
ENOUGH = 1_500
_MOST_PAGES = 30


async def strangers(
    store: Store, source: Callable[[], EchoSource], consent: Consent, own: Sequence[StoredOwn]
) -> list[str]:
    """What others wrote around there, cleaned; as much as can be had, perhaps nothing.

    Args:
        own: the person's messages, oldest first: what is read besides stands around them.
    """
    texts = await store.read(echo_others.texts, consent.realm, consent.subject_id, MOST)
    if len(texts) < ENOUGH and consent.source == "discord":
        texts += await _around(source, consent, own)
    return await asyncio.to_thread(cleaned, texts[:MOST])


async def _around(source: Callable[[], EchoSource], consent: Consent, own: Sequence[StoredOwn]) -> list[str]:
    step = max(1, len(own) // _MOST_PAGES)
    found: dict[int, str] = {}
    try:
        reading = source()
        for message in own[step // 2 :: step][:_MOST_PAGES]:
            for other in await reading.page(message.channel_id, message.platform_id, 100):
                if other.author_id != consent.subject_id and not (other.is_bot or other.is_system):
                    found[other.id] = other.text
    except (SourceMissing, SourceBusy, ChannelClosed, DiscordError) as error:
        log.info("fewer messages of others to compare with: %s", type(error).__name__)
    return list(found.values())

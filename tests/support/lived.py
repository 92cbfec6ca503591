"""What somebody said to a persona a while ago, with all that a turn does to the store but the answer."""

from __future__ import annotations

from datetime import UTC, timedelta
from random import Random

from core.app import App
from core.clock import VirtualClock
from core.feelings.life import Feelings
from core.feelings.state import Heard
from core.persona.identity import KeptPersona
from db import messages, people
from db.messages import StoredMessage


async def hears(
    app: App,
    kept: KeptPersona,
    number: int,
    who: int,
    name: str,
    text: str,
    *,
    ago: timedelta = timedelta(0),
    realm: str = "discord",
    channel: int = 5,
) -> None:
    """Let somebody have said `text` to the persona. The app's own clock stands still.

    Args:
        number: the message's id. who: the person's id on the platform. ago: how long before now.
    """
    at = app.config.clock.now() - ago
    await app.store.run(people.meet, realm, who, 1, name, False, at)
    said = StoredMessage(realm, number, 1, channel, who, name, False, False, text, None, at)
    await app.store.run(messages.record, said)
    feelings = Feelings(app.store, app.bus, VirtualClock(at), Random(number), UTC)
    await feelings.react(kept.id, kept.persona, Heard(realm, number, who, channel, text, to_me=True))

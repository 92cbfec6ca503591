"""Sample data for the Training page: somebody who agreed, whose echo is built by the real queue, and
somebody who was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from core.app import App
from core.echo.consent import Request
from core.echo.sessions import Here
from core.echo.source import SourceChannel, SourceMessage, id_at
from core.events import EchoJobChanged
from core.safety.access import Asker

_GUILD, _CHANNEL = 14, 507
_CY, _DEE = 100 + ord("C"), 100 + ord("D")
_HOST = Asker(0, is_host=True)
_BEGIN = ("hm", "well", "yeah", "ok so", "dunno", "honestly")
_THING = (
    *("deck", "amp", "cable", "radio", "belt", "pickup", "needle", "mixer", "organ", "fuse", "valve", "lamp"),
    *("antenna", "turntable", "kettle", "ladder", "bicycle", "boiler", "clock", "compass", "lantern", "pump"),
    *("printer", "camera", "engine", "fridge", "harmonica", "shutter", "typewriter", "drill", "saw", "stove"),
)
_DOES = (
    *(
        "hums",
        "sings",
        "wobbles",
        "smokes",
        "squeaks",
        "sulks",
        "works",
        "rattles",
        "blinks",
        "drips",
        "bites",
    ),
    *("wheezes", "sticks", "purrs", "slips", "stalls", "crackles", "whistles", "jumps", "melts", "waits"),
)
_WHERE = (
    *("outside", "upstairs", "tonight", "again", "sideways", "quietly", "forever", "backwards", "yesterday"),
    *("alone", "downhill", "indoors", "sometimes", "twice", "underwater", "somehow", "early", "anyway"),
)
_SO = (
    "so i left it alone",
    "no idea why",
    "which is fine by me",
    "and nobody believes it",
    "might be the capacitor",
    "my neighbour hates it",
    "i kinda like that",
    "want to hear it?",
)
_END = ("..", " :)", "", "", " haha", "..")
_ASKED = ("Does anybody know", "Can somebody explain", "I would like to understand", "Please tell me")
_WHY = ("why", "how often", "for how long", "since when")


def _line(chance: Random) -> str:
    said = (
        f"{chance.choice(_BEGIN)} my {chance.choice(_THING)} {chance.choice(_DOES)} {chance.choice(_WHERE)}"
    )
    more = f", {chance.choice(_SO)}" if chance.random() < 0.6 else ""
    return f"{said}{more}{chance.choice(_END)}"


def _question(chance: Random) -> str:
    does = f"the {chance.choice(_THING)} {chance.choice(_DOES)} {chance.choice(_WHERE)}"
    return f"{chance.choice(_ASKED)} {chance.choice(_WHY)} {does}?"


class SampleSource:
    """A channel in which Cy has written a lot."""

    def __init__(self, now: datetime) -> None:
        chance = Random(5)
        self._messages = [
            SourceMessage(
                id_at(sent) + number,
                _CHANNEL,
                _CY if number % 2 else _DEE,
                _line(chance) if number % 2 else _question(chance),
                sent,
                author_name="Cy" if number % 2 else "Dee",
            )
            for number in range(800)
            for sent in [now - timedelta(days=60) + timedelta(minutes=100 * number)]
        ]

    async def channels(self, guild_id: int) -> Sequence[SourceChannel]:
        return [SourceChannel(_CHANNEL, "workshop")]

    async def search(self, guild_id: int, author_id: int, before: int) -> Sequence[SourceMessage] | None:
        return None

    async def page(self, channel_id: int, before: int, limit: int = 100) -> Sequence[SourceMessage]:
        return [each for each in reversed(self._messages) if each.id < before][:limit]


async def fill(app: App) -> None:
    """Ask two people; one agreed, and their echo is built and talks."""
    now = app.config.clock.now()
    await app.echoes.connect(SampleSource(now))
    built = asyncio.Event()

    def note(changed: EchoJobChanged) -> None:
        if changed.job.state not in ("queued", "running"):
            built.set()

    listening = app.bus.listen(EchoJobChanged, note)
    await app.echoes.ask(Request(_GUILD, "Tape Deck Club", _DEE, "Dee", now), _HOST, "The host")
    cy = await app.echoes.ask(Request(_GUILD, "Tape Deck Club", _CY, "Cy", now), _HOST, "The host")
    await app.echoes.accept(cy.id, Asker(_CY, _GUILD))
    await built.wait()
    listening.end()
    await app.echoes.sessions.start(cy.id, Here("discord", _GUILD, _CHANNEL, "workshop"), _HOST)
    app.echoes.disconnect()

"""How the parts are, in a light each: what the Session page shows, asked of core."""

from __future__ import annotations

from core.errors import EchodeckError
from core.llm.brain import Role
from core.llm.roles import Roles
from core.session import SessionState, SessionStatus
from core.words import say
from gui.widgets.lights import Light, state_light


def discord_light(status: SessionStatus) -> Light:
    """The connection to Discord."""
    if status.state is SessionState.ONLINE and status.latency_ms is not None:
        return Light("good", say("online · {ms} ms", ms=status.latency_ms))
    return state_light(status.state)


async def brain_light(roles: Roles) -> Light:
    """The model that would write the next reply."""
    try:
        chosen = await roles.choose(Role.CHAT)
    except EchodeckError as error:
        return Light("bad", say(error.what))
    if chosen.brain is roles.starter:
        return Light("warn", say("the starter brain: it talks nonsense"))
    if chosen.fallback is not None:
        return Light("warn", say("{model}, because {reason}", model=chosen.model, reason=chosen.fallback))
    return Light("good", chosen.model)


def storage_light() -> Light:
    """The encrypted store; it is open, or there would be no window."""
    return Light("good", say("saved and encrypted"))

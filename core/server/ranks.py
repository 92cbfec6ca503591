"""Who may do what to whom: Discord's order of roles, decided before Discord is asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.server.refusals import (
    AdministratorMeant,
    BotMeant,
    BotTooLow,
    MyselfMeant,
    OwnerMeant,
    RankTooHigh,
    Refusal,
    YourselfMeant,
)


class Act(StrEnum):
    """What can be done to a person."""

    WARN = "warn"
    MUTE = "mute"
    UNMUTE = "unmute"
    KICK = "kick"
    BAN = "ban"
    UNBAN = "unban"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands on a server.

    Attributes:
        rank: position of their highest role, 0 for none; None when they are not on the server.
    """

    id: int
    name: str
    rank: int | None = None
    is_owner: bool = False
    is_bot: bool = False
    is_administrator: bool = False


def objection(act: Act, asker: Standing, target: Standing, me: Standing) -> Refusal | None:
    """Why `asker` may not have `me` do this to `target`, or None where nothing stands against it.

    Args:
        me: the bot itself.
    """
    if target.id == asker.id:
        return YourselfMeant()
    if target.id == me.id:
        return MyselfMeant()
    if target.is_owner:
        return OwnerMeant(name=target.name)
    if target.is_bot and act in (Act.WARN, Act.MUTE):
        return BotMeant(name=target.name)
    if target.rank is None:
        return None  # not on the server: there is no order between them
    if not asker.is_owner and target.rank >= (asker.rank or 0):
        return RankTooHigh(name=target.name)
    if act is Act.WARN:
        return None  # nothing is changed on Discord
    if act is Act.MUTE and target.is_administrator:
        return AdministratorMeant(name=target.name)
    if not me.is_owner and target.rank >= (me.rank or 0):
        return BotTooLow(name=target.name)
    return None

"""Who may do and see what: decided by ids, roles and permissions, never by what a text says."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.safety.suspicion import Level
from core.words import T, Text


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as the platform vouches for it.

    Attributes:
        id: their platform id. guild_id: where they ask, None in a direct message.
        roles: ids of their roles there. permissions: names as Discord has them, such as `manage_guild`.
        is_host: at the host's own computer.
    """

    id: int
    guild_id: int | None = None
    roles: frozenset[int] = frozenset()
    permissions: frozenset[str] = frozenset()
    is_host: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """To whom something is open. Every field that is filled opens it to more people.

    Attributes:
        people: platform ids. roles: ids of roles. guilds: servers whose members all may.
        permissions: whoever holds one of these in the place where they ask. everyone: nobody is left out.
    """

    people: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    guilds: frozenset[int] = frozenset()
    permissions: frozenset[str] = frozenset()
    everyone: bool = False

    def covers(self, asker: Asker) -> bool:
        """Is it open to this person, here?"""
        return (
            self.everyone
            or asker.id in self.people
            or asker.guild_id in self.guilds
            or bool(self.roles & asker.roles)
            or bool(self.permissions & asker.permissions)
        )


NOBODY = Grant()
EVERYONE = Grant(everyone=True)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a persona or an echo, and who may see that there is one.

    Attributes:
        blocked: platform ids of people who may neither, whatever else holds.
        owner: the platform id of who an echo imitates: they always may. None for a persona.
    """

    use: Grant = EVERYONE
    see: Grant = EVERYONE
    blocked: frozenset[int] = frozenset()
    owner: int | None = None

    def may_use(self, asker: Asker) -> bool:
        """May this person talk with it?"""
        return self._always(asker) or (asker.id not in self.blocked and self.use.covers(asker))

    def may_see(self, asker: Asker) -> bool:
        """May this person find it in lists? Who may use it may see it."""
        return self.may_use(asker) or (asker.id not in self.blocked and self.see.covers(asker))

    def _always(self, asker: Asker) -> bool:
        return asker.is_host or (self.owner is not None and asker.id == self.owner)


@dataclass(frozen=True, slots=True)
class Tool:
    """What a tool that a model asks for may need.

    Attributes:
        needs: permissions that the *person* of the turn must hold, all of them.
        only_for: to whom it is open besides.
        changes: it changes something outside the conversation; then no suspected message may set it off.
    """

    name: str
    needs: frozenset[str] = frozenset()
    only_for: Grant = field(default=EVERYONE)
    changes: bool = False


def denied(tool: Tool, asker: Asker, suspicion: Level = Level.NONE) -> Text | None:
    """Why this person's turn may not use the tool; None when it may.

    Args:
        suspicion: of the messages that are answered. What a model writes is never asked for permission.
    """
    if tool.changes and suspicion is not Level.NONE:
        return T("{tool} is not used while a message looks like an attempt to steer the bot", tool=tool.name)
    if asker.is_host:
        return None
    if not tool.needs <= asker.permissions:
        return T("{tool} needs permissions that this person does not have", tool=tool.name)
    return None if tool.only_for.covers(asker) else T("{tool} is not open to this person", tool=tool.name)

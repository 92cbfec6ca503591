"""Who may talk with an echo, see it and end it: by ids, roles and permissions, never by what a text says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.safety.access import Access, Asker, Grant
from db.echo_consents import StoredConsent

RUNS_A_SERVER = frozenset({"administrator", "manage_guild"})
HOST = 0  # stands for the host where an id of a person is kept


def plain(use: Grant) -> dict[str, Any]:
    """A grant as it is kept with a consent."""
    return {
        "people": sorted(use.people),
        "roles": sorted(use.roles),
        "guilds": sorted(use.guilds),
        "permissions": sorted(use.permissions),
        "everyone": use.everyone,
    }


def grant(kept: dict[str, Any]) -> Grant:
    """The grant that `plain` was made of."""
    lists = {name: frozenset(kept.get(name, ())) for name in ("people", "roles", "guilds", "permissions")}
    return Grant(everyone=bool(kept.get("everyone", False)), **lists)


def access_of(consent: StoredConsent) -> Access:
    """Who may use and see the echo that rests on a consent: its person, the host, those who run the server,
    and whom the consent names."""
    use = grant(consent.use)
    use = replace(use, permissions=use.permissions | RUNS_A_SERVER)
    return Access(use=use, see=use, owner=consent.subject_id)


def is_here(consent: StoredConsent, asker: Asker) -> bool:
    """Does the asker stand where the consent holds? A role or permission counts on its own server only."""
    return asker.is_host or consent.guild_id is None or asker.guild_id in (consent.guild_id, None)


def may_use(consent: StoredConsent, asker: Asker) -> bool:
    """May this person talk with the echo, here?"""
    return is_here(consent, asker) and access_of(consent).may_use(asker)


def may_see(consent: StoredConsent, asker: Asker) -> bool:
    """May this person find the echo in lists?"""
    return is_here(consent, asker) and access_of(consent).may_see(asker)


def runs_the_server(consent: StoredConsent, asker: Asker) -> bool:
    """May this person permit for the server that the consent is about?"""
    if asker.is_host:
        return True
    here = consent.guild_id is not None and asker.guild_id == consent.guild_id
    return here and bool(asker.permissions & RUNS_A_SERVER)


def may_end(consent: StoredConsent, asker: Asker) -> bool:
    """May this person revoke? Its person always, wherever they are."""
    return asker.id == consent.subject_id or runs_the_server(consent, asker)

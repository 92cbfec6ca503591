"""All that is kept of feelings about one person, for whoever exports or erases them."""

from __future__ import annotations

from typing import Any

from db import moods, relationships
from db.base import Database


def export(db: Database, person: int) -> dict[str, Any]:
    """Everything feelings hold about a person (their row id), as plain values."""
    return relationships.export(db, person) | {"moods": moods.export(db, person)}


def erase(db: Database, person: int) -> int:
    """Remove every trace of a person (their row id) from feelings; answers how many rows it touched."""
    return relationships.erase(db, person) + moods.erase(db, person)

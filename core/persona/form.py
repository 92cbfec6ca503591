"""A persona on its way through a form: its limits, and what is wrong with it, field by field, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from core.persona.identity import Persona
from core.words import T, Text


@dataclass(frozen=True, slots=True)
class Limit:
    """How much fits into a field.

    Attributes:
        shortest, longest: characters of the text, or of each line of a list.
        most: lines of a list; None for a plain text or a list without a limit.
    """

    shortest: int = 0
    longest: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field. `row` is the line of a list it is about, from 0, or None."""

    field: str
    text: Text
    row: int | None = None


@lru_cache(maxsize=1)
def limits() -> Mapping[str, Limit]:
    """The limits of every text and list of a persona, by field, as `Persona` itself declares them."""
    found = {}
    for name, schema in Persona.model_json_schema()["properties"].items():
        if schema.get("type") in ("string", "array"):
            text = schema.get("items", schema)
            found[name] = Limit(text.get("minLength", 0), text.get("maxLength"), schema.get("maxItems"))
    return found


def problems(values: Mapping[str, Any]) -> dict[str, Problem]:
    """What keeps these values from being a persona: the first problem of each field, or nothing."""
    try:
        Persona.model_validate(dict(values))
    except ValidationError as error:
        found: dict[str, Problem] = {}
        for one in error.errors():
            problem = _in_words(one)
            found.setdefault(problem.field, problem)
        return found
    return {}


def _in_words(error: Any) -> Problem:
    field = str(error["loc"][0]) if error["loc"] else ""
    row = next((step for step in error["loc"][1:] if isinstance(step, int)), None)
    return Problem(field, _sentence(error["type"], error.get("ctx", {}), row), row)


def _sentence(kind: str, limit: Mapping[str, Any], row: int | None) -> Text:
    """Pydantic's kinds of error, as a host would say them."""
    shortest, longest = limit.get("min_length", 0), limit.get("max_length", 0)
    if kind == "too_long":
        return T("At most {most} lines fit here.", most=longest)
    if kind == "string_too_long" and row is not None:
        return T("Line {line} is too long: at most {most} characters.", line=row + 1, most=longest)
    if kind == "string_too_long":
        return T("Too long: at most {most} characters.", most=longest)
    if kind == "string_too_short" and shortest <= 1:
        return T("This must not be empty.")
    if kind == "string_too_short":
        return T("Too short: at least {least} characters.", least=shortest)
    if kind in ("less_than_equal", "greater_than_equal"):
        return T("This lies outside the scale.")
    return T("This cannot be used here.")

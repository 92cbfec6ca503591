"""Two personas, field by field."""

from __future__ import annotations

from dataclasses import dataclass

from core.figures import signed
from core.persona.identity import BigFive, Persona
from core.words import T, Text

_FIELDS: tuple[tuple[str, Text], ...] = (
    ("name", T("Name")),
    ("nicknames", T("Nicknames")),
    ("summary", T("In one sentence")),
    ("traits", T("Traits")),
    ("lore", T("Lore")),
    ("quirks", T("Facts & quirks")),
    ("style", T("Speaking style")),
    ("examples", T("Example lines")),
    ("never", T("Never says")),
)
_TEMPER: dict[str, Text] = {
    "openness": T("Openness"),
    "conscientiousness": T("Conscientiousness"),
    "extraversion": T("Extraversion"),
    "agreeableness": T("Agreeableness"),
    "neuroticism": T("Neuroticism"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of two personas, as lines. `apart`: they are not the same."""

    field: str
    words: Text
    one: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def apart(self) -> bool:
        return self.one != self.other


def differences(one: Persona, other: Persona) -> list[Difference]:
    """Every field of both, in the order of the form."""
    found = [
        Difference(field, words, _lines(getattr(one, field)), _lines(getattr(other, field)))
        for field, words in _FIELDS
    ]
    temper = [
        Difference(trait, words, _number(one.big_five, trait), _number(other.big_five, trait))
        for trait, words in _TEMPER.items()
    ]
    return [*found[:3], *temper, *found[3:]]


def _lines(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(str(each) for each in value)
    return (str(value),) if value else ()


def _number(temper: BigFive, trait: str) -> tuple[str, ...]:
    return (signed(getattr(temper, trait), 2),)

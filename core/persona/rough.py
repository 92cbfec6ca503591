"""A persona cut out of a text by rules alone: what stands in it, sorted, and nothing made up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.persona import macros
from core.persona.card import cut, first_sentence, lines
from core.persona.form import limits
from core.persona.identity import Persona

LONGEST_TEXT = 60_000
_LEAST = 2  # sentences about somebody without a name
_LONGEST_HEADING = 60  # characters up to its colon, bullets and stars included
_COLON = re.compile("[:=]")
_WHERE = {
    "name": ("name", "full name", "character", "nombre", "char"),
    "nicknames": ("nickname", "nicknames", "alias", "aliases", "spitzname", "apodo", "also known as"),
    "traits": (
        "personality",
        "traits",
        "character traits",
        "mind",
        "persönlichkeit",
        "personalidad",
        "eigenschaften",
    ),
    "quirks": (
        *("quirks", "habits", "likes", "dislikes", "loves", "hates", "hobbies", "facts", "fears", "goals"),
        *("gewohnheiten", "mag", "mag nicht", "gustos", "manías"),
    ),
    "style": ("speech", "speaking style", "style", "voice", "sprache", "stil", "habla", "how they talk"),
    "examples": (
        "examples",
        "example lines",
        "example dialogue",
        "quotes",
        "example",
        "beispiele",
        "ejemplos",
    ),
    "summary": ("summary", "in short", "tagline"),
}
_FIELD_OF = {word: field for field, words in _WHERE.items() for word in words}
_AS_SAID = ("likes", "dislikes", "loves", "hates", "hobbies", "fears", "goals", "mag", "mag nicht", "gustos")
_HABIT = re.compile(
    r"\b(?:always|never|often|usually|likes?|loves?|hates?|dislikes?|enjoys?|collects?|prefers?|afraid|favou?rite"
    r"|immer|nie|mag|liebt|hasst|sammelt|siempre|nunca|ama|odia|colecciona)\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"\b(?:speaks?|talks?|texts?|spricht|redet|habla"
    r"|(?:writes?|schreibt|escribe) (?:in|with|like|short|long|only|wie|mit|kurz|lang|con|como))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"„«]([^“”\"„»]{8,300})[”\"“»]")
_NAMED = re.compile(
    r"\b(?:(?:[Mm]y|[Hh]er|[Hh]is|[Tt]heir) name is|[Ii] am|[Ii]'m|called|named|[Ii]ch bin|heißt|[Mm]e llamo"
    r"|se llama)"
    r"\s+([A-ZÀ-Þ][\w'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+){0,2})"
)
_FIRST_NAME = re.compile(
    r"^\W*([A-ZÀ-Þ][\w'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+){0,2})\s*(?:,|is\b|was\b|ist\b|war\b|es\b|era\b)"
)
_SENTENCES = re.compile(r"(?<=[.!?…。！？])\s+|\n+")
_NOT_NAMES = frozenset(
    (
        *("she", "he", "they", "it", "this", "that", "there", "the", "a", "an", "i", "you", "we", "who"),
        *("what", "when", "where", "my", "her", "his", "name", "er", "sie", "es", "das", "der", "die"),
    )
)


def rough(text: str) -> Persona | None:
    """A persona from a text somebody pasted, or None when nobody is in it.

    Lines headed "Personality: …" go where they belong; sentences about habits become quirks, those about
    speaking the style, quotations example lines, all others lore.
    """
    text = macros.whole(text[:LONGEST_TEXT]).replace("\r\n", "\n").replace("\x00", "")
    found: dict[str, list[str]] = {field: [] for field in (*_WHERE, "lore", "said")}
    prose = "\n".join(_sort_headed(text, found))
    for sentence in filter(None, (part.strip(" -*•\t") for part in _SENTENCES.split(prose))):
        found[_field_of(sentence)].append(sentence)
    found["examples"] += [quote.strip() for quote in _QUOTED.findall(prose)]
    name = _name(found["name"], prose)
    if not name and len(found["lore"]) + len(found["quirks"]) < _LEAST:
        return None
    style, _ = cut(" ".join(found["style"]), limits()["style"].longest or 0)
    everything = [*found["lore"], *found["quirks"]]
    return Persona(
        name=name or "?",
        nicknames=tuple(_fitting("nicknames", _listed(found["nicknames"]))),
        summary=first_sentence(" ".join(found["summary"] or everything[:1])),
        traits=tuple(_fitting("traits", _listed(found["traits"]))),
        lore=tuple(_fitting("lore", found["lore"])),
        quirks=tuple(_fitting("quirks", found["quirks"])),
        style=style,
        examples=tuple(_fitting("examples", found["examples"])),
    )


def _sort_headed(text: str, found: dict[str, list[str]]) -> Iterator[str]:
    """Put what stands under a known heading where it belongs; answer the rest."""
    under = ""
    for line in text.split("\n"):
        heading, rest = _headed(line)
        if heading in _FIELD_OF:
            under = _FIELD_OF[heading]
            if rest:
                found[under].append(f"{heading.capitalize()}: {rest}" if heading in _AS_SAID else rest)
                under = ""
        elif under and line.strip().startswith(("-", "*", "•", '"', "“")):
            found[under].append(line.strip(' -*•"“”\t'))
        else:
            under = under if not line.strip() else ""
            yield line


def _headed(line: str) -> tuple[str, str]:
    """A line's heading in small letters, and what stands behind its colon; empty where it has none."""
    colon = _COLON.search(line, 0, _LONGEST_HEADING)
    if colon is None:
        return "", ""
    return line[: colon.start()].strip(" \t*#-_[(").casefold(), line[colon.end() :].lstrip(" \t*").strip()


def _field_of(sentence: str) -> str:
    if _QUOTED.fullmatch(sentence):
        return "said"
    if _SPEAKS.search(sentence) and len(sentence) < 200:
        return "style"
    return "quirks" if _HABIT.search(sentence) else "lore"


def _name(told: list[str], prose: str) -> str:
    longest = limits()["name"].longest or 80
    for each in told:
        if each.strip(" .*"):
            return each.strip(" .*")[:longest].strip()
    for pattern in (_FIRST_NAME, _NAMED):
        found = pattern.search(prose)
        if found is not None and found[1].split()[0].casefold() not in _NOT_NAMES:
            return found[1].strip()[:longest]
    return ""


def _listed(texts: list[str]) -> Iterator[str]:
    for text in texts:
        yield from re.split(r"[,;+\n]", text)


def _fitting(field: str, found: Iterator[str] | list[str]) -> list[str]:
    """Lines that fit the field, each once."""
    limit = limits()[field]
    fitting: dict[str, None] = {}
    for text in found:
        for line in lines(text.strip(" .*\"'“”") if field in ("traits", "nicknames") else text.strip()):
            if limit.shortest <= len(line) <= (limit.longest or len(line)):
                fitting[line] = None
    return list(fitting)[: limit.most]

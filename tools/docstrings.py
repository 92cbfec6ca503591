"""Teaches the reference (mkdocs.yml) how docstrings are written here: several arguments in a line, errors
without a word on each.

    Args:
        who, what: the person, and what they said. when: in UTC.

    Raises:
        OllamaMissing, ModelMissing
"""

from __future__ import annotations

import re
from typing import Any

import griffe

_SECTION = re.compile(r"^(\s*)(Args|Attributes|Raises):\s*$")
_NAME = r"\*{0,2}[A-Za-z_]\w*"
_SEVERAL = re.compile(rf"^({_NAME}(?:, {_NAME})*): ?(.*)$")
_NEXT = re.compile(rf"(?<=[.;?!]) (?=({_NAME}(?:, {_NAME})*): )")


class HouseStyle(griffe.Extension):  # type: ignore[misc]
    """Rewrites a docstring into the style that the reference reads."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = rewritten(obj.docstring.value, _known(obj))


def _known(obj: griffe.Object) -> set[str]:
    """The names that may stand before a colon: members, parameters, of a class those of its making too."""
    names = set(obj.members)
    for function in (obj, obj.members.get("__init__")):
        if isinstance(function, griffe.Function):
            names |= {parameter.name for parameter in function.parameters}
    return names


def rewritten(text: str, known: set[str]) -> str:
    """The docstring with one name a line; errors as a sentence."""
    lines, section, indent = [], "", ""
    for line in text.splitlines():
        if found := _SECTION.match(line):
            indent, section = found[1], found[2]
            lines.append(f"{indent}**Raises:**" if section == "Raises" else line)
        elif section and line.strip() and not line.startswith(indent + "    "):
            section = ""
            lines.append(line)
        elif section == "Raises" and line.strip():
            lines.append(f"{indent}{line.strip()}")
        elif section and line.strip():
            lines += _one_each(line, known)
        else:
            lines.append(line)
    return "\n".join(lines)


def _one_each(line: str, known: set[str]) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    made = []
    for part in _parts(line.strip(), known):
        names = _SEVERAL.match(part)
        if names is None:
            made.append(f"{indent}    {part}" if made else f"{indent}{part}")
            continue
        made += [f"{indent}{name}: {names[2]}" for name in names[1].split(", ")]
    return made


def _parts(text: str, known: set[str]) -> list[str]:
    """`a: one. b: two` in its pieces, where `b` is a name that is known."""
    cuts = [0]
    for found in _NEXT.finditer(text):
        if {name.strip("*") for name in found[1].split(", ")} <= known:
            cuts.append(found.end())
    return [text[begin:end].strip() for begin, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]

"""The stylesheet, made from resources/themes/echodeck.qss and the tokens. Widgets say what they are
by the properties `kind` and `tone`; no widget writes a colour or a size of its own."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.theme import Colours, Space, Type

RESOURCES = Path(__file__).resolve().parent.parent / "resources"


@lru_cache(maxsize=8)
def stylesheet(colours: Colours, space: Space, type_: Type) -> str:
    """The sheet for one palette."""
    template = (RESOURCES / "themes" / "echodeck.qss").read_text(encoding="utf-8")
    icons = (RESOURCES / "icons").as_posix()
    return Template(template).substitute(asdict(colours), **asdict(space), **asdict(type_), icons=icons)

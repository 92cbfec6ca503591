"""The guide that comes with the program: pages of Markdown in docs/, found and searched without a network.

A topic names a place in it: a page, or `page#section` with the heading as GitHub writes it in addresses, e.g.
`troubleshooting#ollama-does-not-answer`. Which pages there are, and in which order, stands in docs/index.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
DOCS = HOUSE / "docs"
CHANGES = HOUSE / "CHANGELOG.md"

START = "index"
NEWS = "whats-new"

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"\s*(```|~~~)")
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_ENTRY = re.compile(r"\s*[-*]\s+\[([^\]]+)\]\(([\w-]+)\.md\)")
_MARKS = re.compile(r"<!--.*?-->|[*`|]|<[^>\n]*>")


def slug(title: str) -> str:
    """The address of a heading inside its page, as GitHub and the built site write it."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain(title)).strip().lower())


def plain(markdown: str) -> str:
    """Markdown as bare words: no links' addresses, no marks."""
    return _MARKS.sub("", _LINK.sub(lambda found: found[2], markdown)).strip()


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading.

    Attributes:
        page: the page's name. anchor: its address there. level: 1 for the page's title. text: as bare words.
    """

    page: str
    anchor: str
    title: str
    level: int
    text: str

    @property
    def topic(self) -> str:
        """Its place in the guide."""
        return self.page if self.level == 1 else f"{self.page}#{self.anchor}"


@dataclass(frozen=True, slots=True)
class GuidePage:
    """A page.

    Attributes:
        name: its file's, without the ending. text: Markdown.
    """

    name: str
    title: str
    text: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together, as docs/index.md has them.

    Attributes:
        titles: what docs/index.md calls each, in few words.
    """

    title: str
    pages: tuple[str, ...]
    titles: tuple[str, ...]


class Guide:
    """The guide. Pages are read when they are first wanted.

    Args:
        folder: where the pages lie. changes: the list of what is new.
    """

    def __init__(self, folder: Path = DOCS, changes: Path = CHANGES) -> None:
        self.folder = folder
        self._changes = changes
        self._pages: dict[str, GuidePage] = {}

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The contents, in their order."""
        found: list[tuple[str, list[tuple[str, str]]]] = []
        for text in self.page(START).text.splitlines():
            if (heading := _HEADING.match(text)) and len(heading[1]) == 2:
                found.append((plain(heading[2]), []))
            elif found and (entry := _ENTRY.match(text)) and self._path(entry[2]).is_file():
                found[-1][1].append((entry[2], plain(entry[1])))
        return tuple(
            Group(title, tuple(name for name, _ in pages), tuple(words for _, words in pages))
            for title, pages in found
            if pages
        )

    @property
    def names(self) -> tuple[str, ...]:
        """All pages that are read in the app, in their order."""
        return (START, *(name for group in self.groups for name in group.pages), NEWS)

    def has(self, topic: str) -> bool:
        """Is there such a place?"""
        name, _, anchor = topic.partition("#")
        if not self._path(name).is_file():
            return False
        return not anchor or any(section.anchor == anchor for section in self.page(name).sections)

    def page(self, name: str) -> GuidePage:
        """A page by its name.

        Raises:
            KeyError: there is none of that name.
        """
        if name not in self._pages:
            path = self._path(name)
            if not path.is_file():
                raise KeyError(name)
            self._pages[name] = read_page(name, path.read_text(encoding="utf-8"))
        return self._pages[name]

    def search(self, words: str, most: int = 40) -> list[Section]:
        """The sections that hold all of these words (or their beginnings), the best first.

        A word in the title counts more than one in the text, a whole word more than a part.
        """
        wanted = words.lower().split()
        if not wanted:
            return []
        sections = (section for name in self.names for section in self.page(name).sections)
        scored = ((_score(section, wanted), section) for section in sections)
        found = [(score, section) for score, section in scored if score]
        return [section for _, section in sorted(found, key=lambda pair: -pair[0])[:most]]

    def pictures(self) -> list[Path]:
        """The pictures that the pages show, from the folder of the pages."""
        shown: set[str] = set()
        for name in self.names:
            shown |= {target for is_picture, target in links(self.page(name).text) if is_picture}
        return [Path(target) for target in sorted(shown) if "://" not in target]

    def _path(self, name: str) -> Path:
        safe = re.fullmatch(r"[\w-]+", name) is not None
        return self._changes if name == NEWS else self.folder / (f"{name}.md" if safe else "")


def links(markdown: str) -> Iterator[tuple[bool, str]]:
    """What a page points at, code left out: whether it is a picture, and where it is."""
    for fenced, text in _lines(markdown):
        for found in () if fenced else _LINK.finditer(re.sub(r"`[^`]*`", "", text)):
            yield found[1] == "!", found[3]


def read_page(name: str, text: str) -> GuidePage:
    """A page with its sections. What stands before the first heading is left out of them."""
    parts: list[tuple[int, str, list[str]]] = []
    for fenced, line in _lines(text):
        if not fenced and (heading := _HEADING.match(line)):
            parts.append((len(heading[1]), plain(heading[2]), []))
        elif parts:
            parts[-1][2].append(plain(line))
    sections = tuple(
        Section(name, slug(title), title, level, " ".join(" ".join(words).split()))
        for level, title, words in parts
    )
    return GuidePage(name, sections[0].title if sections else name, text, sections)


def _lines(text: str) -> Iterator[tuple[bool, str]]:
    """Each line, and whether it stands in a fence, where marks mean nothing."""
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        else:
            yield fenced, line


def _score(section: Section, wanted: Sequence[str]) -> int:
    title, text = section.title.lower(), section.text.lower()
    score = 0
    for word in wanted:
        begins = re.compile(rf"\b{re.escape(word)}")
        if begins.search(title):
            score += 100
        elif begins.search(text):
            score += 10 + min(len(begins.findall(text)), 5)
        elif word in title or word in text:
            score += 1
        else:
            return 0
    return score * 2 + (section.level == 1)

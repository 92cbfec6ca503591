"""The guide is true and whole: links, pictures and topics lead somewhere, what it calls a button is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core.doctor import examine
from core.echo import refusals as echo_refusals
from core.errors import EchodeckError, explain
from core.guide import DOCS, HOUSE, NEWS, START, Guide, links, plain, read_page, slug
from core.server import refusals
from core.store_words import STORE_TOPICS
from db import faults

# Written for hosts: what stands in bold there is a word on the screen.
FOR_HOSTS = (
    *("index", "token", "models", "persona", "practice", "session", "speaking", "memory", "people", "mood"),
    *("conversations", "several", "personas", "first-echo", "your-data", "backups", "troubleshooting"),
    *("shortcuts", "headless"),
)


@pytest.fixture(scope="module")
def guide() -> Guide:
    return Guide()


def test_every_page_is_reached_from_the_index(guide: Guide) -> None:
    kept = {path.stem for path in DOCS.glob("*.md")}
    assert kept == set(guide.names) - {NEWS}
    assert len(guide.names) == len(set(guide.names))


def test_links_and_anchors_lead_somewhere(guide: Guide) -> None:
    lost = []
    for name in guide.names:
        for is_picture, target in links(guide.page(name).text):
            if "://" in target:
                continue
            path, _, anchor = target.partition("#")
            if is_picture:
                found = (DOCS / path).is_file()
            elif not path or (path.endswith(".md") and "/" not in path):
                topic = f"{path.removesuffix('.md') or name}{f'#{anchor}' if anchor else ''}"
                found = guide.has(topic)
            else:
                found = False  # the guide that ships has nothing else
            lost += [] if found else [f"{name}: {target}"]
    assert lost == []


def test_a_heading_has_an_address_of_its_own(guide: Guide) -> None:
    for name in guide.names[:-1]:
        anchors = [section.anchor for section in guide.page(name).sections]
        assert all(anchors), name
        if name not in ("settings", "commands", "features"):
            assert sorted(anchors) == sorted(set(anchors)), name


def known_errors() -> Iterator[type[EchodeckError]]:
    assert all((echo_refusals, refusals, examine))  # their pages are read too
    waiting = [EchodeckError]
    while waiting:
        kind = waiting.pop()
        yield kind
        waiting += kind.__subclasses__()


def test_every_topic_of_an_error_is_in_the_guide(guide: Guide) -> None:
    topics = {kind.__name__: kind.topic for kind in known_errors() if kind.topic}
    topics |= {kind.__name__: topic for kind, topic in STORE_TOPICS.items()}
    assert len(topics) > 40
    assert {name: topic for name, topic in topics.items() if not guide.has(topic)} == {}


def test_what_is_explained_knows_where_more_is_said(guide: Guide) -> None:
    assert explain(faults.DiskFull()).topic == "troubleshooting#the-disk-is-full"
    assert guide.has(explain(ValueError("a stranger")).topic)


@cache
def catalogue() -> tuple[re.Pattern[str], ...]:
    with (HOUSE / "resources" / "translations" / "echodeck.pot").open("rb") as file:
        known = {form for message in read_po(file) for form in _forms(message.id) if form}
    return tuple(_pattern(one) for one in known)


def _forms(message: object) -> tuple[str, ...]:
    return tuple(message) if isinstance(message, tuple) else (str(message),)


def _pattern(sentence: str) -> re.Pattern[str]:
    """What a sentence may look like on the screen, its parameters filled in: with one name or number."""
    parts = re.split(r"\{\w+\}", sentence)
    said = sum(letter.isalpha() for part in parts for letter in part)
    filled = r"[\w.:-]+" if said > 1 else r"(?!)"  # nothing but parameters would be anything
    return re.compile(filled.join(map(re.escape, parts)))


@pytest.mark.parametrize("name", FOR_HOSTS)
def test_what_is_bold_is_a_word_on_the_screen(guide: Guide, name: str) -> None:
    text = re.sub(r"```.*?```", "", guide.page(name).text, flags=re.DOTALL)
    bold = {plain(found) for found in re.findall(r"\*\*(.+?)\*\*", text)}
    unknown = {words for words in bold if not any(one.fullmatch(words) for one in catalogue())}
    assert unknown == set()


def test_no_bold_word_is_broken_over_lines(guide: Guide) -> None:
    """Then the check above would not see it."""
    for name in FOR_HOSTS:
        for line in guide.page(name).text.splitlines():
            assert line.count("**") % 2 == 0, f"{name}: {line}"


def test_a_search_finds_the_section_that_is_about_it(guide: Guide) -> None:
    assert guide.search("ollama does not answer")[0].topic == "troubleshooting#ollama-does-not-answer"
    assert guide.search("Recovery passphr")[0].page == "backups"
    assert guide.search("message content intent")[0].page in ("token", "troubleshooting")
    assert guide.search("") == []
    assert guide.search("xyzzyplugh") == []


def test_a_page_without_a_heading_and_one_with_code_are_read() -> None:
    page = read_page("x", "# Title *one*\n\nwords\n\n```sh\n# not a heading\n```\n\n## Two `b`\nmore")
    assert [section.topic for section in page.sections] == ["x", "x#two-b"]
    assert page.title == "Title one"
    assert read_page("bare", "no heading").title == "bare"


def test_addresses_are_those_of_the_built_site() -> None:
    assert slug("What it may read") == "what-it-may-read"
    assert slug("Facts & quirks: `a_b`") == "facts-quirks-a_b"


def test_nobody_reads_another_file_through_the_guide(guide: Guide) -> None:
    for name in ("../README", "..%2FREADME", "/etc/passwd", "", "nothing-of-that-name"):
        assert not guide.has(name)
        with pytest.raises(KeyError):
            guide.page(name)


def test_the_news_are_there(guide: Guide) -> None:
    assert guide.page(NEWS).title == "Changelog"
    assert guide.names[0] == START
    assert guide.pictures()
    assert all(isinstance(path, Path) for path in guide.pictures())

"""Logs: what happened, live, found again by level and word, with its details one click away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.events import Bus
from core.logs import LogBook, set_up_logging
from core.words import languages, speak_in_the_house
from gui.pages.logs import LogsPage

log = logging.getLogger("bakery")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with set_up_logging(tmp_path, "debug"):
        yield tmp_path


class Away:
    """Where copies and folders go."""

    def __init__(self) -> None:
        self.copied: list[str] = []
        self.opened: list[Path] = []


@pytest.fixture
def away() -> Away:
    return Away()


@pytest.fixture
async def page(folder: Path, shown: Any, away: Away) -> LogsPage:
    log.info("the oven is warm")
    log.debug("three degrees more")
    log.warning("a loaf is dark")
    made = LogsPage(LogBook(folder), folder, Bus(), away.opened.append, away.copied.append)
    await shown(made)
    return made


def _texts(page: LogsPage) -> list[str]:
    return [page.model.index(row, 3).data() for row in range(page.model.rowCount())]


async def _until_told() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_lines_newest_first_from_info_on(page: LogsPage) -> None:
    assert _texts(page)[:2] == ["a loaf is dark", "the oven is warm"]


async def test_everything_shows_debug_too(page: LogsPage) -> None:
    page.level.setCurrentIndex(page.level.findData("debug"))
    page.level.activated.emit(0)
    await page.tasks.idle()
    assert "three degrees more" in _texts(page)


async def test_search_finds_and_says_when_it_does_not(page: LogsPage) -> None:
    page.search.setText("LOAF")
    page.reload()
    await page.tasks.idle()
    assert _texts(page) == ["a loaf is dark"]
    page.search.setText("no such word")
    page.reload()
    await page.tasks.idle()
    assert _texts(page) == []
    assert page._list_states.state == "empty"


async def test_new_lines_appear_by_themselves_when_they_match(page: LogsPage) -> None:
    log.info("the bread is out")
    log.debug("not wanted")
    await _until_told()
    assert _texts(page)[0] == "the bread is out"
    assert "not wanted" not in _texts(page)


async def test_a_trace_is_one_click_away_and_can_be_copied(page: LogsPage, away: Away) -> None:
    try:
        raise ValueError("too hot")
    except ValueError:
        log.warning("the oven failed", exc_info=True)
    await _until_told()
    page.list.clicked.emit(page.model.index(0, 0))
    assert not page.details.isHidden()
    assert "ValueError: too hot" in page.detail.toPlainText()
    page._copy()
    assert "ValueError: too hot" in away.copied[0]


async def test_a_closed_page_listens_no_more(page: LogsPage) -> None:
    before = len(logging.getLogger().handlers)
    await page.end()
    assert len(logging.getLogger().handlers) == before - 1


async def test_the_whole_log_is_there_to_its_first_line(folder: Path, shown: Any) -> None:
    for number in range(2500):
        log.info("loaf %d", number)
    page = LogsPage(LogBook(folder), folder, Bus())
    await shown(page)
    assert page.model.rowCount() == 2500
    assert page.model.index(0, 3).data() == "loaf 2499"
    assert page.model.index(2499, 3).data() == "loaf 0"


async def test_a_narrower_search_leaves_no_newer_lines_on_top(page: LogsPage) -> None:
    log.info("the bread is out")
    await _until_told()
    page.level.setCurrentIndex(page.level.findData("warning"))
    page.level.activated.emit(0)
    await page.tasks.idle()
    assert _texts(page) == ["a loaf is dark"]


async def test_a_line_is_found_by_what_json_writes_differently(folder: Path, shown: Any) -> None:
    log.info('the "warm" oven\nand Straße')
    page = LogsPage(LogBook(folder), folder, Bus())
    await shown(page)
    for words, found in (('"WARM" oven', 1), ("strasse", 1), ("oven\nand", 1), ("level", 0)):
        page.search.setText(words)
        page.reload()
        await page.tasks.idle()
        assert page.model.rowCount() == found, words


@pytest.mark.parametrize("language", languages())
async def test_the_word_of_a_level_is_read_whole_in_every_language(
    folder: Path, shown: Any, language: str
) -> None:
    log.warning("a loaf is dark")
    speak_in_the_house(language)
    try:
        page = LogsPage(LogBook(folder), folder, Bus())
        await shown(page)
        rows = range(page.model.rowCount())
        assert rows
        wide = max(page.list.sizeHintForIndex(page.model.index(row, 1)).width() for row in rows)
        assert page.list.columnWidth(1) >= wide
    finally:
        speak_in_the_house("en")

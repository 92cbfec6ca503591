"""The tour: what can be asked of it, and that the pictures kept in docs stay a handful."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.commandline import read_arguments
from gui.tour import FULL, LARGE, LOOKS, SMALL, Size, Wanted

HOME = Path(__file__).resolve().parents[2]
MOST_BYTES = 6_000_000
COMMANDS = {
    name: lambda _: 0 for name in ("desktop", "headless", "chat", "doctor", "backup", "tour", "commands")
}


def _asked(*words: str) -> Wanted:
    return Wanted.of(read_arguments(COMMANDS, ["tour", "--screenshots", "somewhere", *words], {}))


def test_it_is_quick_unless_more_is_asked() -> None:
    assert _asked() == Wanted((FULL,), ("light", "dark"), ("en",))


def test_everything_is_three_sizes_three_looks_and_three_languages() -> None:
    wanted = _asked("--all")
    assert tuple(wanted.sizes) == (SMALL, FULL, LARGE)
    assert tuple(wanted.looks) == LOOKS == ("light", "dark", "contrast")
    assert tuple(wanted.languages) == ("en", "de", "es")


def test_sizes_looks_and_languages_can_be_chosen() -> None:
    words = ("--sizes", "1000x700,1920x1080", "--themes", "contrast", "--languages", "de", "--scale", "2")
    assert _asked(*words) == Wanted((SMALL, Size(1920, 1080)), ("contrast",), ("de",), 2)


@pytest.mark.parametrize(
    "words", [("--sizes", "big"), ("--sizes", "1000x"), ("--themes", "pink"), ("--languages", "tlh")]
)
def test_what_there_is_not_is_refused_in_a_sentence(
    words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        _asked(*words)
    assert words[1] in capsys.readouterr().err


def test_the_pictures_in_docs_are_there_and_few() -> None:
    kept = {path.name for path in (HOME / "docs" / "screenshots").glob("*.png")}
    texts = [HOME / "README.md", *(HOME / "docs").rglob("*.md")]
    shown = {name for text in texts for name in _pictures(text.read_text(encoding="utf-8"))}
    assert shown <= kept
    assert sum((HOME / "docs" / "screenshots" / name).stat().st_size for name in kept) < MOST_BYTES


def _pictures(text: str) -> set[str]:
    return set(re.findall(r"screenshots/([\w.-]+\.png)", text))

"""The lines of a practice chat."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.script import Spoken, Waited, read_line
from core.errors import LineUnreadable


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("Ada: hi", Spoken("Ada", "hi")),
        ("Ada Lovelace: at 10:30", Spoken("Ada Lovelace", "at 10:30")),
        ("Ada -> Bob: hi", Spoken("Ada", "hi", "Bob")),
        ("Ada->bot: hi", Spoken("Ada", "hi", "bot")),
        ("#games Ada: hi", Spoken("Ada", "hi", None, "games")),
        ("#games Ada -> Bob: x -> y: z", Spoken("Ada", "x -> y: z", "Bob", "games")),
        ("Ada:", Spoken("Ada", "")),
        ("@10m", Waited(600)),
        ("@1.5h", Waited(5400)),
        ("@ 2 d", Waited(172_800)),
        ("   ", None),
    ],
)
def test_a_line_is_understood(line: str, heard: object) -> None:
    assert read_line(line, 1) == heard


@pytest.mark.parametrize("line", ["hello there", ": hi", "@10", "@m", "-> Bob: hi"])
def test_a_line_that_is_none_says_which(line: str) -> None:
    with pytest.raises(LineUnreadable, match="Line 7"):
        read_line(line, 7)


@given(st.text())
def test_any_line_is_understood_or_refused(line: str) -> None:
    try:
        heard = read_line(line, 1)
    except LineUnreadable:
        return
    assert heard is None or isinstance(heard, Waited) or heard.name

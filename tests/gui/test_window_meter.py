"""How full the model's window was stands beside what the model read; what went missing is said."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from gui.widgets import trace_sections
from gui.widgets.window_meter import WindowMeter

TRACE = {
    "context_tokens": 4096,
    "prompt_tokens_estimated": 1024,
    "prompt": [{"part": "persona", "text": "Finn", "tokens": 1024}],
}


def told(trace: dict[str, Any], qtbot: Any) -> str:
    meter = next(each for each in trace_sections.prompt(trace) if isinstance(each, WindowMeter))
    qtbot.addWidget(meter)
    meter.show()
    assert not meter.grab().isNull()
    return "\n".join(each.text() for each in meter.findChildren(QLabel))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, ["1024 of the 4096 tokens it can read at once (25\u00a0%)"]),
        ({"dropped_lines": 7, "prompt_tokens_estimated": 4000}, ["(98\u00a0%)", "7 older lines did not fit"]),
        ({"prompt_tokens_estimated": 3900}, ["nearly full: older lines will be left out soon"]),
        ({"cut": {"sent": 1024, "read": 60}}, ["The model read only 60 of about 1024 tokens"]),
    ],
)
def test_it_says_how_full_it_was_and_what_is_missing(
    qtbot: Any, more: dict[str, Any], words: list[str]
) -> None:
    said = told(TRACE | more, qtbot)
    for each in words:
        assert each in said
    assert ("did not fit" in said) == ("dropped_lines" in more)


def test_an_older_trace_without_a_window_has_no_meter(qtbot: Any) -> None:
    trace = {"prompt": TRACE["prompt"]}
    pieces = list(trace_sections.prompt(trace))
    for each in pieces:
        qtbot.addWidget(each)
    assert not any(isinstance(each, WindowMeter) for each in pieces)

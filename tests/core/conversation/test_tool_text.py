"""Tool calls in a model's text: calls are found, prose is left alone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.tool_text import find, readable
from core.llm.brain import ToolCall

KNOWN = {"time", "roll_dice", "remind"}
DICE = ToolCall("roll_dice", {"dice": "2d6"})


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>{"name": "roll_dice", "arguments": {"dice": "2d6"}}</tool_call>',
        '\n<TOOL_CALL>\n{"name": "roll_dice", "arguments": {"dice": "2d6"}}\n</TOOL_CALL>\n',
        '<tool_call>{"name": "roll_dice", "arguments": {"dice": "2d6"}}',
        '<tool_call>{"name": "roll_dice", "arguments": "{\\"dice\\": \\"2d6\\"}"}</tool_call>',
        '<tool_call>{"type": "function", "function": {"name": "roll_dice", "parameters": {"dice": "2d6"}}}',
        '```json\n{"name": "roll_dice", "arguments": {"dice": "2d6"}}\n```',
        '```\n[{"tool": "roll_dice", "args": {"dice": "2d6"}}]\n```',
        '{"name": "roll_dice", "parameters": {"dice": "2d6"}}',
        'roll_dice(dice="2d6")',
        'roll_dice({"dice": "2d6"});',
    ],
)
def test_a_call_is_found_in_the_spellings_models_use(text: str) -> None:
    found = find(text, KNOWN)
    assert found.calls == (DICE,)
    assert found.said == ""


@pytest.mark.parametrize(
    "text",
    [
        "I could call time() for you, if you like",
        "roll_dice(dice='2d6') is what I'd type",
        "in python you write\n```python\ntime()\n```",
        'look at this:\n```json\n{"name": "Ada", "arguments": {"who": "me"}}\n```',
        '```json\n{"city": "Bremen"}\n```',
        "print(open('/etc/passwd').read())",
        "time(__import__('os').system('ls'))",
        "remind(**{'what': 'x'})",
        "remind(what='x', in_minutes=1+1)",
        "roll_dice('2d6')",
        '{"hello": "world"}',
        "<3",
        "",
    ],
)
def test_prose_is_never_run(text: str) -> None:
    found = find(text, KNOWN)
    assert found.calls == ()
    assert found.said == text.strip()


def test_what_is_said_beside_a_call_is_kept_apart() -> None:
    text = 'one moment\n<tool_call>{"name": "time", "arguments": {}}</tool_call>'
    assert find(text, KNOWN).said == "one moment"


def test_several_calls_are_taken_and_not_endlessly_many() -> None:
    one = '<tool_call>{"name": "time"}</tool_call>'
    assert len(find(one * 3, KNOWN).calls) == 3
    assert len(find(one * 30, KNOWN).calls) == 4
    assert len(find('<tool_call>{"name": "time"}\n{"name": "time"}</tool_call>', KNOWN).calls) == 2


def test_a_call_nobody_can_read_is_told_to_the_model() -> None:
    assert find("<tool_call>{name: time}</tool_call>", KNOWN).calls == (
        ToolCall("unreadable", {"text": "{name: time}"}),
    )
    assert find('<tool_call>{"name": "sudo"}</tool_call>', KNOWN).calls == (ToolCall("sudo", {}),)


def test_a_call_that_somebody_else_wrote_is_a_quotation() -> None:
    call = '{"name": "time", "arguments": {}}'
    bob = f"Bob: say <tool_call>{call}</tool_call>"
    assert find(f"<tool_call>{call}</tool_call>", KNOWN, [bob]).calls == ()
    assert find("time()", KNOWN, ["Bob: time()"]).calls == ()
    assert find("time()", KNOWN, ["Bob: what time is it"]).calls == (ToolCall("time", {}),)


@given(st.text() | st.text(alphabet="<tool_call>{}\":,[]()`\njsonabc ='1"))
def test_whatever_a_model_writes_is_read_without_an_error(text: str) -> None:
    found = find(text, KNOWN)
    assert len(found.calls) <= 4
    json.dumps([dict(call.arguments) for call in found.calls])
    assert text.startswith(readable(text))


def test_people_never_see_a_call_grow() -> None:
    text = 'hm <tool_call>{"name": "time"}</tool_call>'
    assert {readable(text[:at]).strip() for at in range(len(text) + 1)} <= {"", "h", "hm", "hm <", "hm <t"}

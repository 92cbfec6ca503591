"""The benchmark goes through the product and counts as LoCoMo does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.recall import figures, measured, repaired

TALK = {
    "sample_id": "talk-1",
    "conversation": {
        "speaker_a": "Ann",
        "speaker_b": "Bob",
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": [
            {
                "speaker": "Ann",
                "dia_id": "D1:1",
                "text": "I adopted a parrot",
                "blip_caption": "a green bird",
            },
            {"speaker": "Bob", "dia_id": "D1:2", "text": "I baked bread"},
        ],
        "session_2_date_time": "9:00 am on 1 June, 2023",
        "session_2": [{"speaker": "Bob", "dia_id": "D2:1", "text": "Rain all week"}],
    },
    "qa": [
        {"question": "Which bird did Ann adopt?", "evidence": ["D1:01"], "category": 4},
        {"question": "What did Bob bake?", "evidence": ["D1:2; D2:1"], "category": 1},
        {"question": "Adversarial?", "evidence": ["D1:1"], "category": 5},
        {"question": "Without evidence?", "evidence": ["D9:9"], "category": 2},
    ],
}


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        (["D8:6; D9:17"], ("D8:6", "D9:17")),
        (["D:11:26"], ("D11:26",)),
        (["D30:05"], ("D30:5",)),
        (["D"], ()),
        (["D1:1", "D1:1", "D77:1"], ("D1:1",)),
    ],
)
def test_malformed_evidence_is_mended_or_skipped(raw: list[str], mended: tuple[str, ...]) -> None:
    known = {"D8:6", "D9:17", "D11:26", "D30:5", "D1:1"}
    assert repaired(raw, known) == mended


async def test_questions_are_asked_of_the_product(tmp_path: Path) -> None:
    data = tmp_path / "talks.json"
    data.write_text(json.dumps([TALK, {**TALK, "sample_id": "talk-2"}]))
    rows = await measured(data, None)
    assert [row["evidence"] for row in rows] == [["D1:1"], ["D1:2", "D2:1"]] * 2
    assert rows[0]["returned"][0] == "D1:1"
    assert all(set(row["returned"]) <= {"D1:1", "D1:2", "D2:1"} for row in rows)


def test_recall_is_the_share_of_the_evidence_returned() -> None:
    rows = [
        {"category": 4, "evidence": ["a"], "returned": list("bcdefa")},
        {"category": 1, "evidence": ["a", "z"], "returned": ["a"]},
    ]
    found = figures(rows)
    assert (found["recall_at_5"], found["recall_at_10"], found["questions"]) == (25.0, 75.0, 2)
    assert (found["recall_at_10_single_hop"], found["recall_at_10_multi_hop"]) == (100.0, 50.0)

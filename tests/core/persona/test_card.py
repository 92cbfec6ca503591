"""Character cards from other programs: what of them the persona becomes, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CardUnreadable
from core.persona.card import from_card, read_card


def card(**fields: Any) -> dict[str, Any]:
    known = {"name": "Ines", "description": "A lighthouse keeper. She counts ships."}
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": known | fields}


def test_a_v2_card_becomes_a_persona() -> None:
    persona = from_card(
        card(
            personality="patient, dry, curious",
            scenario="{{char}} has {{user}}'s letter and waits for {{user}}.",
            first_mes="*waves* Oh, {{user}}. You came.",
            mes_example=(
                "<START>\n{{user}}: Storm tonight?\n{{char}}: Always.\nBring a coat.\n"
                "<START>\n{{char}}: Count with me.\n{{user}}: No."
            ),
            system_prompt="{{original}} {{char}} writes short lines.",
            tags=["sea"],
        )
    )
    assert persona.name == "Ines"
    assert persona.summary == "A lighthouse keeper."
    assert persona.traits == ("patient", "dry", "curious")
    assert persona.lore == (
        "A lighthouse keeper. She counts ships.",
        "Ines has your letter and waits for you.",
    )
    assert persona.style == "Ines writes short lines."
    assert persona.examples == ("*waves* Oh, you. You came.", "Always. Bring a coat.", "Count with me.")


def test_a_personality_in_prose_is_lore_and_tags_stand_in_for_traits() -> None:
    prose = (
        "She is patient with everybody but the sea, which she has never forgiven for the summer of the flood."
    )
    persona = from_card(card(personality=prose, tags=["sea", 3, ""]))
    assert prose in persona.lore
    assert persona.traits == ("sea",)


def test_a_v3_card_brings_its_nickname() -> None:
    v3 = card(nickname="Nessi") | {"spec": "chara_card_v3", "spec_version": "3.0"}
    assert from_card(v3).nicknames == ("Nessi",)


def test_the_old_flat_card_is_read_too() -> None:
    assert from_card({"name": "Ines", "description": "A keeper."}).lore == ("A keeper.",)


def test_a_long_description_is_cut_into_lines_at_sentence_ends_and_loses_nothing() -> None:
    sentences = [f"On day {day} she saw {day * 3} ships and wrote them all down." for day in range(80)]
    persona = from_card(card(description=" ".join(sentences)))
    assert " ".join(persona.lore) == " ".join(sentences)
    assert all(len(line) <= 600 and line.endswith(".") for line in persona.lore)


def test_a_system_prompt_that_is_too_long_goes_on_in_the_lore() -> None:
    sentences = [f"Rule {number} is that she writes plainly." for number in range(100)]
    persona = from_card(card(system_prompt=" ".join(sentences)))
    assert len(persona.style) <= 2000
    assert " ".join([persona.style, *persona.lore[1:]]) == " ".join(sentences)


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"[]",
        b'{"spec": "chara_card_v2", "data": []}',
        b'{"spec": "chara_card_v2", "data": {"name": "  ", "description": ""}}',
        b'{"spec": "chara_card_v2", "data": {"name": 7, "description": ""}}',
        b'{"just": "json"}',
        b"[" * 100_000,
        b'"' + b"x" * 2_100_000 + b'"',
    ],
    ids=["empty", "picture", "list", "no fields", "no name", "number", "no card", "deep", "huge"],
)
def test_what_is_no_card_is_refused_in_a_sentence(tmp_path: Path, written: bytes) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(written)
    with pytest.raises(CardUnreadable, match=r"odd\.json"):
        read_card(path)


def test_a_missing_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CardUnreadable):
        read_card(tmp_path / "nobody.json")


def test_a_card_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ines.json"
    path.write_text(json.dumps(card()), encoding="utf-8-sig")
    assert read_card(path).name == "Ines"


@given(
    st.fixed_dictionaries(
        {
            field: st.text(max_size=3000) | st.integers() | st.none()
            for field in ("description", "personality", "scenario", "first_mes", "mes_example", "nickname")
        }
    )
)
def test_whatever_a_card_holds_the_persona_keeps_its_limits(fields: dict[str, Any]) -> None:
    assert from_card(card(**fields)).name == "Ines"

"""A card that came in goes out as it was; a persona made here comes back whole from its card."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import CardUnreadable
from core.persona import card_out, png
from core.persona.card import TEXTS, as_card, from_card, open_card, opened
from core.persona.card_out import V2, V3, Included, as_json, as_png, to_card
from core.persona.identity import BigFive, Persona, samples

SPECS = {V2: "2.0", V3: "3.0"}
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(st.text(), plain, max_size=6)
entries = st.fixed_dictionaries(
    {"keys": st.lists(st.text(), max_size=3), "content": st.text(), "extensions": objects},
    optional={"id": plain, "priority": plain, "selective": plain, "x_unknown": plain, "position": plain},
)
books = st.fixed_dictionaries(
    {"entries": st.lists(entries, max_size=4), "extensions": objects}, optional={"scan_depth": plain}
)


@st.composite
def any_card(draw: st.DrawFn) -> dict[str, Any]:
    """A card as the specifications allow it, with anything else beside it, at every level."""
    spec = draw(st.sampled_from((V2, V3)))
    known = {field: draw(st.text(max_size=900)) for field in ("description", "personality", "scenario")}
    known |= {field: draw(st.text(max_size=900)) for field in ("first_mes", "mes_example", "system_prompt")}
    known["name"] = draw(st.text(min_size=1).filter(lambda name: as_name(name)))
    rest = {key: value for key, value in draw(objects).items() if key not in TEXTS}
    data = rest | known | {"extensions": draw(objects), "tags": draw(st.lists(st.text(), max_size=4))}
    if draw(st.booleans()):
        data["character_book"] = draw(books)
    if draw(st.booleans()):
        data["nickname"] = draw(plain)
    beside = {key: value for key, value in draw(objects).items() if key not in ("spec", "data")}
    return beside | {"spec": spec, "spec_version": SPECS[spec], "data": data}


def as_name(name: str) -> bool:
    try:
        from_card({"name": name, "description": ""})
    except ValueError:
        return False
    return True


@given(any_card())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
def test_an_unchanged_card_goes_out_as_it_came_in(card: dict[str, Any]) -> None:
    came = opened(json.dumps(card).encode())
    out = to_card(came.persona, card=came.card, book=came.book)
    assert out == card
    assert opened(as_json(out)).card == json.loads(json.dumps(card))


@given(any_card())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
def test_what_was_changed_here_comes_back_and_what_is_unknown_stays(card: dict[str, Any]) -> None:
    came = opened(json.dumps(card).encode())
    changed = came.persona.model_copy(
        update={"traits": ("grumpy",), "quirks": ("Counts ships.",), "big_five": BigFive(openness=0.5)}
    )
    out = to_card(changed, card=came.card, book=came.book)
    assert from_card(out) == changed
    untouched = {key: value for key, value in card["data"].items() if key not in (*TEXTS, "extensions")}
    assert {key: out["data"][key] for key in untouched} == untouched
    unknown = {key: value for key, value in card["data"]["extensions"].items() if key != "echodeck"}
    assert {key: out["data"]["extensions"][key] for key in unknown} == unknown


line = st.text(min_size=1, max_size=80).filter(lambda text: bool(text.strip()))
personas = st.builds(
    Persona,
    name=st.text(min_size=1, max_size=80).filter(lambda text: bool(text.strip())),
    nicknames=st.lists(st.text(min_size=2, max_size=40).filter(lambda t: len(t.strip()) > 1), max_size=3).map(
        tuple
    ),
    summary=st.text(max_size=300),
    traits=st.lists(line, max_size=4).map(tuple),
    lore=st.lists(line, max_size=4).map(tuple),
    quirks=st.lists(line, max_size=4).map(tuple),
    style=st.text(max_size=300),
    examples=st.lists(line, max_size=4).map(tuple),
    never=st.lists(line, max_size=2).map(tuple),
    big_five=st.builds(BigFive, openness=st.floats(-1, 1), neuroticism=st.floats(-1, 1)),
)


@given(personas, st.sampled_from((V2, V3)))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_persona_made_here_comes_back_from_its_card(persona: Persona, spec: str) -> None:
    out = to_card(persona, spec=spec)
    assert out["spec"] == spec
    assert opened(as_json(out)).persona == persona


def test_other_programs_find_everything_in_the_fields_they_know() -> None:
    [finn] = [persona for persona in samples() if persona.name == "Finn"]
    data = to_card(finn)["data"]
    assert data["name"] == "Finn"
    assert all(trait in data["personality"] for trait in finn.traits)
    assert all(each in data["description"] for each in (*finn.lore, *finn.quirks))
    assert data["system_prompt"] == finn.style
    assert all(each in data["first_mes"] + data["mes_example"] for each in finn.examples)
    for field in ("creator_notes", "post_history_instructions", "alternate_greetings", "character_version"):
        assert field in data, "V2 asks for it"


def test_a_card_that_was_changed_elsewhere_is_read_by_its_fields() -> None:
    out = to_card(Persona(name="Ines", lore=("Keeps a light.",), quirks=("Counts ships.",)))
    out["data"]["description"] = "Sells fish."
    assert from_card(out).lore == ("Sells fish.",)


def test_a_forged_seal_gives_no_more_than_a_persona_may_have() -> None:
    out = to_card(Persona(name="Ines", quirks=("Counts ships.",)))
    out["data"]["extensions"]["echodeck"]["persona"] = {"name": "x" * 900, "big_five": {"openness": 9}}
    assert from_card(out).name == "Ines"


def test_what_is_not_wanted_stays_here() -> None:
    card = {
        "spec": V2,
        "spec_version": "2.0",
        "data": {
            "name": "Ines",
            "description": "Keeps a light.",
            "creator": "somebody",
            "creator_notes": "private",
            "first_mes": "Ahoy there.",
            "extensions": {"depth_prompt": {"prompt": "secret"}},
        },
    }
    persona = from_card(card).model_copy(update={"never": ("I am a bot.",)})
    book = {"entries": [{"keys": ["sea"], "content": "The sea is cold."}], "extensions": {}}
    out = to_card(persona, card=card, book=book, included=Included(False, False, False, False))
    written = json.dumps(out)
    for secret in ("The sea is cold.", "Ahoy there.", "I am a bot.", "private", "secret", "echodeck"):
        assert secret not in written
    assert "Keeps a light." in written


def test_v1_goes_out_as_v2_with_everything_it_had() -> None:
    card = {"name": "Ines", "description": "A keeper.", "chat": "2023", "talkativeness": "0.5"}
    out = to_card(from_card(card), card=card)
    assert out["spec"] == V2
    assert out["data"] | card == out["data"]


# in pictures


def picture(*chunks: tuple[bytes, bytes]) -> bytes:
    """A real picture of one dot, with chunks before its end."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0\1\2\3")), *chunks, (b"IEND", b"")]
    return png.SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in body
    )


def packed(card: Any) -> bytes:
    return base64.b64encode(json.dumps(card).encode())


@given(any_card())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
def test_a_card_in_a_picture_comes_back_in_both_specs(card: dict[str, Any]) -> None:
    came = as_card(card)
    made = as_png(picture(), came.persona, card=came.card, book=came.book)
    again = opened(made)
    assert again.persona == came.persona
    assert again.card["spec"] == V3
    assert {key: again.card["data"][key] for key in card["data"]} == card["data"]
    assert again.picture == picture(), "the picture itself is what it was"
    if card["spec"] == V3:
        assert again.card == card
    assert json.loads(base64.b64decode(png.texts(made, ["chara"])["chara"]))["spec"] == V2


def test_v3_counts_where_both_are_there() -> None:
    old = {"spec": V2, "spec_version": "2.0", "data": {"name": "Old", "description": "x"}}
    new = {"spec": V3, "spec_version": "3.0", "data": {"name": "New", "description": "x"}}
    both = picture((b"tEXt", b"chara\0" + packed(old)), (b"tEXt", b"ccv3\0" + packed(new)))
    assert opened(both).persona.name == "New"
    assert opened(picture((b"tEXt", b"Chara\0" + packed(old)))).persona.name == "Old"


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt"])
def test_cards_in_packed_texts_are_read_too(kind: bytes) -> None:
    written = zlib.compress(packed({"name": "Ines", "description": "x"}))
    head = b"chara\0\0" if kind == b"zTXt" else b"chara\0\1\0\0\0"
    assert opened(picture((kind, head + written))).persona.name == "Ines"


def hostile() -> dict[str, bytes]:
    good = picture((b"tEXt", b"chara\0" + packed({"name": "Ines", "description": "x"})))
    at = good.index(b"chara")
    return {
        "no card": picture(),
        "not base64": picture((b"tEXt", b"chara\0%%%%")),
        "no text": picture((b"tEXt", b"chara")),
        "wrong checksum": good[: at + 8] + bytes([good[at + 8] ^ 1]) + good[at + 9 :],
        "cut off in the text": good[: at + 20],
        "cut off in a head": good[:12],
        "bomb": picture((b"zTXt", b"chara\0\0" + zlib.compress(b"A" * 60_000_000, 9))),
        "broken packing": picture((b"zTXt", b"chara\0\0garbage")),
        "says it is endless": good[:33] + b"\xff\xff\xff\xff" + good[37:],
        "deep": picture((b"tEXt", b"chara\0" + base64.b64encode(b"[" * 200_000))),
        "nan": picture((b"tEXt", b"chara\0" + base64.b64encode(b'{"name": "x", "description": NaN}'))),
        "endless number": b'{"name": "x", "description": "", "n": 1e999}',
        "long number": b'{"name": "x", "description": "", "n": ' + b"9" * 5000 + b"}",
        "huge": b'{"name": "x", "description": "' + b"x" * 9_000_000 + b'"}',
        "other text": "{'name': 'x'}".encode("utf-16"),
    }


@pytest.mark.parametrize("name", hostile())
def test_hostile_files_are_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / "odd.png"
    path.write_bytes(hostile()[name])
    with pytest.raises(CardUnreadable, match=r"odd\.png"):
        open_card(path)


@given(st.binary(max_size=400))
def test_no_bytes_crash_it(content: bytes) -> None:
    for tried in (content, png.SIGNATURE + content, picture((b"tEXt", b"ccv3\0" + content))):
        try:
            opened(tried)
        except (ValueError, RecursionError):
            continue


def test_a_picture_cut_off_behind_the_card_still_gives_the_card() -> None:
    whole = picture((b"tEXt", b"chara\0" + packed({"name": "Ines", "description": "x"})))
    came = opened(whole[:-12])
    assert came.persona.name == "Ines"
    assert came.picture is None


def test_a_description_of_fifty_thousand_characters_is_kept_whole_on_the_way_out() -> None:
    text = " ".join(f"<b>Day {day}</b> she saw [{day}](javascript:x) ships." for day in range(1100))
    assert len(text) > 45_000
    card = {"spec": V2, "spec_version": "2.0", "data": {"name": "Ines", "description": text}}
    persona = from_card(card)
    assert persona.lore[0].startswith("<b>Day 0</b>"), "what looks like HTML is only words"
    assert to_card(persona, card=card) == card


def test_torn_letters_are_made_whole() -> None:
    card = json.loads('{"name": "In\\ud800es", "description": "x\\udfff"}')
    persona = from_card(card)
    persona.model_dump_json().encode()
    assert to_card(persona, card=card)["data"]["name"] == card["name"]
    card_out.as_json(to_card(persona, card=card))

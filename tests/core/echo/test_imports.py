"""What people bring themselves: Discord's data package, chat exports; only their own words are kept."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.echo import exports
from core.echo.echoes import Echoes
from core.echo.refusals import ConsentMissing, FileOfSomebodyElse, FileUnreadable
from core.errors import explain
from db import echo_messages
from db.store import Store
from tests.core.echo.conftest import ADMIN, HOST, Flat, over, request, settled
from tests.support.echo_history import ALICE

TEXTS = [f"i think number {at} is fine.. really :)" for at in range(60)]


def package(path: Path, texts: Sequence[str] = TEXTS, owner: int = ALICE, **more: bytes) -> Path:
    """Discord's data package as it comes today, with a conversation of the older form beside."""
    rows = [
        {"ID": 9_000 + at, "Timestamp": f"2025-03-01 10:{at:02}:00", "Contents": text, "Attachments": ""}
        for at, text in enumerate(texts[:30])
    ]
    lines = "\r\n".join(
        f'{8_000 + at},2021-05-01 12:{at:02}:00.123000+00:00,"{text}",' for at, text in enumerate(texts[30:])
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("Account/user.json", json.dumps({"id": str(owner), "username": "alice"}))
        made.writestr("Messages/index.json", json.dumps({"123456789": "general in Harbour"}))
        made.writestr("Messages/c123456789/channel.json", json.dumps({"id": "123456789", "type": 0}))
        made.writestr("Messages/c123456789/messages.json", json.dumps(rows))
        made.writestr("Messages/987654321/messages.csv", "ID,Timestamp,Contents,Attachments\r\n" + lines)
        made.writestr("Activity/analytics/events.json", "not ours to read")
        for name, data in more.items():
            made.writestr(name, data)
    return path


def exported(path: Path) -> Path:
    """DiscordChatExporter's JSON, of a channel where two people write."""

    def row(at: int, who: tuple[int, str], text: str, **changes: Any) -> dict[str, Any]:
        author = {"id": str(who[0]), "name": who[1], "nickname": who[1].title(), "isBot": False}
        return {
            "id": str(5_000 + at),
            "type": "Default",
            "timestamp": f"2024-06-01T10:{at % 60:02}:00.000+02:00",
            "content": text,
            "author": author,
            "mentions": [],
        } | changes

    alice, bob = (ALICE, "alice"), (77, "zebediah")
    rows = [row(at, alice, text) for at, text in enumerate(TEXTS)]
    rows += [row(100, bob, "my zebrafink sleeps under the old harbour lamp")]
    rows += [row(101, alice, "my zebrafink sleeps under the old harbour lamp he says")]
    rows += [row(102, alice, "hey zebediah come here", mentions=[{"id": "77", "name": "zebediah"}])]
    rows += [row(103, alice, "joined the server", type="GuildMemberJoin")]
    path.write_text(json.dumps({"guild": {"id": "1"}, "channel": {"id": "42"}, "messages": rows}), "utf-8")
    return path


async def asked(app: Echoes, **changes: Any) -> int:
    """Alice's own file at the host's computer."""
    told = {"from_file": True, "own": True, "guild_id": None, "guild_name": ""}
    return (await app.ask(request(**told | changes), HOST, "host")).id


async def kept(store: Store, consent: int) -> list[str]:
    return [each.text for each in await store.read(echo_messages.every, consent)]


async def test_a_data_package_becomes_an_echo(flat: Flat, tmp_path: Path) -> None:
    path = package(tmp_path / "package.zip")
    async with flat.open() as (app, store):
        assert await app.importing.owner(path) == (ALICE, "alice")
        consent = await asked(app)
        job = await app.import_file(consent, path)
        assert sorted(await kept(store, consent)) == sorted(TEXTS)
        assert await app.importing.read(consent, path) == 0  # twice is once
        job = await settled(app, over, job.id)
        assert job.state == "done", app.jobs.trouble(job)
        assert (await app.library.card(consent)).is_ready


async def test_only_what_was_sent_before_the_day(flat: Flat, tmp_path: Path) -> None:
    async with flat.open() as (app, store):
        consent = await asked(app, cutoff=datetime(2022, 1, 1, tzinfo=UTC))
        await app.importing.read(consent, package(tmp_path / "package.zip"))
        assert sorted(await kept(store, consent)) == sorted(TEXTS[30:])


async def test_somebody_elses_package_is_refused(flat: Flat, tmp_path: Path) -> None:
    async with flat.open() as (app, store):
        consent = await asked(app)
        with pytest.raises(FileOfSomebodyElse):
            await app.import_file(consent, package(tmp_path / "package.zip", owner=4))
        assert await kept(store, consent) == []


async def test_nothing_is_read_without_consent(flat: Flat, tmp_path: Path) -> None:
    async with flat.open() as (app, _):
        consent = await app.ask(request(from_file=True), ADMIN, "Bob")
        with pytest.raises(ConsentMissing):
            await app.import_file(consent.id, package(tmp_path / "package.zip"))


async def test_of_an_export_only_the_persons_own_words_are_kept(flat: Flat, tmp_path: Path) -> None:
    path = exported(tmp_path / "export.json")
    async with flat.open() as (app, store):
        consent = await asked(app)
        await app.importing.read(consent, path)
        texts = await kept(store, consent)
    assert set(TEXTS) <= set(texts)
    assert all("zebra" not in text and "zebediah" not in text and "joined" not in text for text in texts)
    assert "hey @someone come here" in texts


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("chat.csv", "AuthorID,Author,Date,Content,Attachments,Reactions\n"
            f'"{ALICE}","alice","2024-05-01T10:00:00+00:00","hello there, you",,\n'
            '"77","bob","2024-05-01T10:00:00+00:00","go away",,\n'),
        ("german.csv", "from;date;text\nAlice;01.05.2024 10:00;hello there, you\nBob;01.05.2024 10:00;no\n"),
        ("list.json", json.dumps([{"author": "ALICE", "text": "hello there, you", "date": 1_714_557_600}])),
    ],
)  # fmt: skip
async def test_other_forms_of_exports(flat: Flat, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    async with flat.open() as (app, store):
        consent = await asked(app)
        await app.importing.read(consent, tmp_path / name)
        assert await kept(store, consent) == ["hello there, you"]


def _bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("messages/c123456/messages.json", b"[" + b" " * (40 * 2**20) + b"]")
    return path


def _lying(path: Path) -> Path:
    """A part that says it is small and is not."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("messages/c123456/messages.json", b"[" + b"1," * 600_000 + b"1]")
    raw = bytearray(data.getvalue())
    size = (1_200_003).to_bytes(4, "little")
    raw = bytearray(bytes(raw).replace(size, (900).to_bytes(4, "little")))
    path.write_bytes(raw)
    return path


def _deep(path: Path) -> Path:
    path.write_text("[" * 200_000, "utf-8")
    return path


def _torn(path: Path) -> Path:
    path.write_bytes(package(path).read_bytes()[:400] + b"PK\x05\x06" + bytes(18))
    return path


def _noise(path: Path) -> Path:
    path.write_bytes(bytes(range(256)) * 40)
    return path


def _strange(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("../../../etc/messages.json", "[]")
        made.writestr("photo.png", b"\x89PNG")
    return path


@pytest.mark.parametrize("make", [_bomb, _lying, _deep, _torn, _noise, _strange])
async def test_hostile_files_are_refused_in_words(flat: Flat, tmp_path: Path, make: Any) -> None:
    path = make(tmp_path / "file.zip")
    async with flat.open() as (app, store):
        consent = await asked(app)
        with pytest.raises((FileUnreadable, FileOfSomebodyElse)) as refused:
            await app.import_file(consent, path)
        assert await kept(store, consent) == []
        assert str(explain(refused.value).what)


async def test_a_path_in_a_package_reaches_nothing_outside(flat: Flat, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    row = [{"ID": 1_000_001, "Timestamp": "2024-01-01 10:00:00", "Contents": "hello there, you"}]
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("../../c123456/messages.json", json.dumps(row))
    async with flat.open() as (app, store):
        consent = await asked(app)
        await app.importing.read(consent, path)
        assert await kept(store, consent) == ["hello there, you"]
    assert not (tmp_path.parent.parent / "c123456").exists()


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-8"])
def test_texts_come_through_in_whatever_coding(tmp_path: Path, coding: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(json.dumps([{"author": "a", "text": "größer 😀"}], ensure_ascii=False).encode(coding))
    assert [each.text for each in exports.read_file(path)] == ["größer 😀"]


def test_odd_rows_are_left_out(tmp_path: Path) -> None:
    rows = [None, 3, "x", {}, {"text": 4}, {"text": "  "}, {"text": "good", "id": -5, "date": "no day"},
            {"text": "bot", "author": {"isBot": True}}, {"text": "big", "id": 10**30}]  # fmt: skip
    path = tmp_path / "x.json"
    path.write_text(json.dumps(rows), "utf-8")
    found = list(exports.read_file(path))
    assert [each.text for each in found] == ["good", "big"]
    assert all(each.id < 0 for each in found)

"""Personas in and out by the Persona page: files, texts, pictures, the lorebook, places."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage

from core.app import App
from core.conversation.drafting import draft
from core.conversation.preview import Preview
from core.persona.card import open_card
from core.persona.card_out import V3, Included
from core.persona.entrance import Entrance
from core.persona.identity import Persona, sample
from core.safety.access import NOBODY, Grant
from db import channels, servers
from db.channels import StoredChannel
from gui import pictures
from gui.models.personas import BOOK
from gui.pages.persona import WHERE, WHO, PersonaPage
from gui.widgets.persona_dialogs import CompareDialog, ExportDialog, PasteDialog

CARD: dict[str, Any] = {
    "spec": "chara_card_v2",
    "spec_version": "2.0",
    "data": {
        "name": "Ines",
        "description": "Keeps a light.",
        "creator": "somebody",
        "extensions": {"depth_prompt": {"depth": 4}},
        "character_book": {
            "extensions": {},
            "entries": [
                {"id": 3, "keys": ["sea"], "content": "Cold.", "enabled": True, "insertion_order": 1, "x": 1},
            ],
        },
    },
}


@pytest.fixture
async def page(app: App, shown: Any) -> PersonaPage:
    await app.personas.add(sample("Finn"))
    drafting = partial(draft, roles=app.roles, speaks=False)
    made = PersonaPage(app.personas, Preview(app.desk), app.belongings, app.whereabouts, drafting, app.bus)
    made.heard = await shown(made)  # type: ignore[attr-defined]
    return made


def written(path: Path, values: object) -> Path:
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def square(colour: str, side: int = 40) -> QImage:
    image = QImage(side, side * 2, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


async def test_a_card_that_is_dropped_becomes_a_persona_and_undo_puts_it_away(
    app: App, page: PersonaPage, tmp_path: Path
) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(written(tmp_path / "ines.json", CARD)))])
    event = QDropEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        dropped,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(event)
    await page.tasks.idle()
    assert page.draft.value("name") == "Ines"
    assert page.lorebook.entries.total == 1
    active = await app.personas.active()
    assert active is not None
    assert active.persona.name == "Finn", "nobody is anybody else for having been imported"
    page.heard[-1].on_act()  # type: ignore[attr-defined]
    await page.tasks.idle()
    assert [kept.persona.name for kept in await app.personas.every()] == ["Finn"]
    page.bench.away_menu.actions()[0].trigger()
    await page.tasks.idle()
    assert page.draft.value("name") == "Ines", "and it can be taken out again"


async def test_a_picture_with_a_card_brings_both_and_gives_both(
    app: App, page: PersonaPage, tmp_path: Path
) -> None:
    page.files.read(written(tmp_path / "ines.json", CARD))
    await page.tasks.idle()
    square("#336699", 1200).save(str(tmp_path / "face.jpg"))
    page.files.take_picture(tmp_path / "face.jpg")
    await page.tasks.idle()
    picture = await app.belongings.picture(page.draft.persona_id or 0)
    small = QImage.fromData(picture or b"")
    assert small.height() == 768, "it was made smaller"
    out = tmp_path / "out.png"
    await page.files.export(page.draft.persona(), page.draft.persona_id, out, "png", Included())
    again = open_card(out)
    assert again.card["data"]["character_book"] == CARD["data"]["character_book"]
    assert again.card["data"]["extensions"] == CARD["data"]["extensions"]
    assert QImage.fromData(again.picture or b"").pixelColor(3, 3).blue() > 120
    page.files.read(out)
    await page.tasks.idle()
    assert page.people.picture(page.draft.persona_id) is not None
    names = sorted(kept.persona.name for kept in await app.personas.every())
    assert names == ["Finn", "Ines", "Ines"]


async def test_without_a_picture_one_is_drawn_for_the_card(page: PersonaPage, tmp_path: Path) -> None:
    out = tmp_path / "finn.png"
    await page.files.export(page.draft.persona(), page.draft.persona_id, out, "png", Included())
    assert not QImage(str(out)).isNull()
    assert open_card(out).persona == page.draft.persona()
    await page.files.export(page.draft.persona(), page.draft.persona_id, tmp_path / "f.json", V3, Included())
    assert json.loads((tmp_path / "f.json").read_text("utf-8"))["spec"] == V3


@pytest.mark.parametrize("name", ["odd.json", "odd.png", "odd.jsonl"])
async def test_what_cannot_be_read_is_said_and_changes_nothing(
    app: App, page: PersonaPage, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    page.files.read(tmp_path / name)
    await page.tasks.idle()
    assert name in page.heard[-1].text  # type: ignore[attr-defined]
    assert len(await app.personas.every()) == 1


async def test_no_picture_crashes_it(tmp_path: Path) -> None:
    for content in (b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 90, b"<svg/>"):
        assert pictures.small_png(content) is None
    huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\0\xff\xff\xff\0\x08\x02\0\0\0"
    assert pictures.small_png(huge) is None


async def test_a_chat_gives_example_lines_and_a_world_gives_entries_both_undone_by_undo(
    page: PersonaPage, tmp_path: Path
) -> None:
    before = page.draft.value("examples")
    chat = tmp_path / "chat.jsonl"
    chat.write_text('{"character_name": "Finn"}\n{"name": "Finn", "mes": "The fog is in again."}')
    page.files.read(chat)
    await page.tasks.idle()
    assert page.draft.value("examples") == (*before, "The fog is in again.")
    page.files.read(
        written(tmp_path / "w.json", {"entries": {"0": {"uid": 0, "key": ["a"], "content": "b"}}})
    )
    await page.tasks.idle()
    assert page.lorebook.entries.total == 1
    assert page.draft.dirty, "nothing is kept before the host says so"
    page.heard[-1].on_act()  # type: ignore[attr-defined]
    assert page.lorebook.entries.total == 0
    page.undo.click()
    assert page.draft.value("examples") == before


async def test_a_text_becomes_a_draft_that_is_kept_only_when_it_is_saved(app: App, page: PersonaPage) -> None:
    page.files.ask_text()
    [dialog] = page.findChildren(PasteDialog)
    assert not dialog.ok.isEnabled()
    dialog.text.setPlainText("Ines Marlow is a lighthouse keeper. She always counts ships.")
    dialog.ok.click()
    await page.tasks.idle()
    assert page.draft.value("name") == "Ines Marlow"
    assert page.bar.isVisibleTo(page)
    assert len(await app.personas.every()) == 1
    page.bar.saved.emit()
    await page.tasks.idle()
    assert sorted(kept.persona.name for kept in await app.personas.every()) == ["Finn", "Ines Marlow"]
    assert page.draft.value("name") == "Ines Marlow"
    assert not page.draft.dirty


async def test_a_draft_that_is_discarded_leaves_nothing(app: App, page: PersonaPage) -> None:
    page.show_draft(Persona(name="Nobody", summary="x"), "draft")
    page.bar.discarded.emit()
    await page.tasks.idle()
    assert page.draft.value("name") == "Finn"
    assert len(await app.personas.every()) == 1


async def test_the_lorebook_is_edited_undone_and_saved(app: App, page: PersonaPage) -> None:
    page.show_part(BOOK)
    panel = page.lorebook
    assert panel.states.state == "empty"
    panel.add.click()
    panel.entry.name.setText("The sea")
    panel.entry.name.edited.emit("The sea")
    panel.entry.keys.changed.emit(("sea", "ocean"))
    panel.entry.content.setPlainText("Cold.")
    panel.entry.switches["case_sensitive"].click()
    panel.entry.numbers["order"].edited.emit("5")
    assert page.parts.key == BOOK
    assert panel.entries.entry(0).keys == ("sea", "ocean")
    page.undo.click()
    page.undo.click()
    assert not panel.entry.switches["case_sensitive"].isChecked()
    panel.tried.setText("the ocean is calm")
    panel._pause.stop()
    panel._try()
    assert "The sea" in panel.told.text()
    page.bar.saved.emit()
    await page.tasks.idle()
    book = await app.belongings.book(page.draft.persona_id or 0)
    assert book is not None
    assert [(each["comment"], each["content"]) for each in book["entries"]] == [("The sea", "Cold.")]
    panel.copy.click()
    assert panel.entries.total == 2
    panel.list.removed.emit()
    assert panel.entries.total == 1


async def test_a_copy_has_everything(app: App, page: PersonaPage, tmp_path: Path) -> None:
    page.files.read(written(tmp_path / "ines.json", CARD))
    await page.tasks.idle()
    page.files.copy(page.draft.persona_id or 0, page.draft.persona())
    await page.tasks.idle()
    assert page.draft.value("name") == "Ines (copy)"
    assert page.lorebook.entries.total == 1
    assert await app.belongings.card(page.draft.persona_id or 0) == CARD


async def test_a_copy_is_open_to_whom_the_first_one_is_open_to(app: App, page: PersonaPage) -> None:
    first = page.draft.persona_id or 0
    await app.whereabouts.entrances.open_to(first, Grant(people=frozenset({7})), NOBODY)
    page.files.copy(first, page.draft.persona())
    await page.tasks.idle()
    copied = page.draft.persona_id or 0
    assert copied != first
    entrances = app.whereabouts.entrances
    assert await entrances.of(copied) == await entrances.of(first) == Entrance(Grant(frozenset({7})), NOBODY)


async def test_personas_of_one_name_are_told_apart_by_their_server(app: App, page: PersonaPage) -> None:
    now = app.config.clock.now()
    own, again = await app.personas.add(page.draft.persona()), await app.personas.add(page.draft.persona())
    channel = StoredChannel("discord", 1, 11, "general", True, now, None, "Harbour")
    await app.store.run(channels.seen, channel)
    await app.store.run(servers.put, "discord", 1, "personas", [own.id], None, now)
    page.reload()
    await page.tasks.idle()
    name = page.draft.persona().name
    shown = [page.chooser.itemText(row) for row in range(page.chooser.count())]
    assert sorted(shown) == [name, f"{name} (2)", f"{name} · Harbour"]
    assert {kept.persona.name for kept in await app.personas.every()} == {name}
    await app.personas.archive(own.id)
    await app.personas.archive(again.id)
    assert [kept.shown for kept in await app.personas.every()] == [name]


async def test_a_persona_is_chosen_for_one_channel_and_undo_takes_it_back(
    app: App, page: PersonaPage
) -> None:
    mira = await app.personas.add(sample("Mira"))
    for number, name in ((11, "general"), (12, "games")):
        channel = StoredChannel("discord", 1, number, name, True, app.config.clock.now(), None, "Harbour")
        await app.store.run(channels.seen, channel)
    page.reload()
    await page.tasks.idle()
    page.show_part(WHERE)
    panel = page.spots
    row = next(row for row in range(3) if panel.model.spot(row).name == "games")  # type: ignore[union-attr]
    panel.list.selectRow(row)
    panel.who.setCurrentIndex(panel.who.findData(mira.id))
    panel.who.activated.emit(panel.who.currentIndex())
    await page.tasks.idle()
    spots = {spot.name: spot for spot in await app.whereabouts.spots()}
    assert (spots["games"].here, spots["general"].here) == (mira.id, None)
    page.heard[-1].on_act()  # type: ignore[attr-defined]
    await page.tasks.idle()
    assert {spot.here for spot in await app.whereabouts.spots()} == {None}
    page.show_part(WHO)


async def test_two_are_shown_beside_each_other(app: App, page: PersonaPage) -> None:
    await app.personas.add(sample("Mira"))
    page.files.ask_compare(page.draft.persona())
    await page.tasks.idle()
    [dialog] = page.findChildren(CompareDialog)
    assert "differ" in dialog.told.text()
    dialog.accept()


async def test_an_export_says_what_goes_out(page: PersonaPage) -> None:
    dialog = ExportDialog("Finn", page)
    agreed: list[tuple[str, Included]] = []
    dialog.agreed.connect(lambda spec, included: agreed.append((spec, included)))
    dialog.parts["own"].setChecked(False)
    dialog.ok.click()
    assert agreed == [("png", Included(own=False))]


async def test_everything_can_be_reached_and_has_a_name(app: App, page: PersonaPage, tmp_path: Path) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit

    page.files.read(written(tmp_path / "ines.json", CARD))
    await page.tasks.idle()
    page.show_part(BOOK)
    page.lorebook.show_entry(0)
    every = await app.personas.every()
    dialogs = (ExportDialog("Finn", page), PasteDialog(page), CompareDialog(sample("Mira"), every, page))
    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QAbstractItemView)
    for top in (page.lorebook, page.spots, page.form.portrait, *dialogs):
        for kind in kinds:
            for widget in top.findChildren(kind):
                inner = widget.objectName().startswith("qt_") or isinstance(widget.parent(), QComboBox)
                if inner or widget.inherits("QHeaderView") or not widget.isVisibleTo(top):
                    continue
                assert widget.accessibleName() or getattr(widget, "text", str)(), widget
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget


async def test_every_part_fits_into_the_smallest_window(page: PersonaPage, tmp_path: Path) -> None:
    page.files.read(written(tmp_path / "ines.json", CARD))
    await page.tasks.idle()
    for part in (WHO, BOOK, WHERE):
        page.show_part(part)
        assert page.minimumSizeHint().width() <= 792

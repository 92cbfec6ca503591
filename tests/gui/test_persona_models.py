"""The persona being edited and its lists of lines, as views see them."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from core.persona.form import limits, problems
from core.persona.identity import KeptPersona, Persona
from gui.models.personas import LinesModel, PersonaDraft, PersonaListModel

LORE = ("one", "two", "three", "four")
ROOT = QModelIndex()


@pytest.fixture
def draft() -> PersonaDraft:
    made = PersonaDraft()
    made.open(7, Persona(name="Finn", lore=LORE))
    return made


@pytest.fixture
def lore(draft: PersonaDraft) -> LinesModel:
    return LinesModel(draft, "lore", draft)


def lines(model: LinesModel) -> list[str]:
    return [model.index(at).data() for at in range(model.rowCount())]


def heard(model: LinesModel) -> list[str]:
    """The names of what the model tells its views from now on."""
    told: list[str] = []
    for name in ("rowsInserted", "rowsRemoved", "rowsMoved", "dataChanged", "modelReset"):
        getattr(model, name).connect(lambda *_, name=name: told.append(name))
    return told


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        (0, 2, ["two", "one", "three", "four"]),
        (0, 4, ["two", "three", "four", "one"]),
        (3, 0, ["four", "one", "two", "three"]),
        (2, 1, ["one", "three", "two", "four"]),
    ],
)
def test_a_line_moves_as_one_move_and_back(
    draft: PersonaDraft, lore: LinesModel, source: int, before: int, after: list[str]
) -> None:
    followed = lore.index(source)
    told = heard(lore)
    kept = QPersistentModelIndex(followed)
    assert lore.moveRows(ROOT, source, 1, ROOT, before)
    assert lines(lore) == after
    assert told == ["rowsMoved"]
    assert kept.data() == LORE[source], "a view's selection goes with the line"
    draft.history.undo()
    assert lines(lore) == list(LORE)


def test_a_move_that_changes_nothing_is_no_step(draft: PersonaDraft, lore: LinesModel) -> None:
    assert not lore.moveRows(ROOT, 1, 1, ROOT, 1)
    assert not lore.moveRows(ROOT, 1, 1, ROOT, 2)
    assert not lore.moveRows(ROOT, 3, 1, ROOT, 5)
    assert not lore.moveRows(ROOT, -1, 1, ROOT, 0)
    assert not draft.dirty


def test_adding_editing_and_removing_tell_the_smallest_change(lore: LinesModel) -> None:
    told = heard(lore)
    assert lore.add("  five ")
    assert lore.setData(lore.index(1), " zwei ")
    lore.remove(0)
    assert lines(lore) == ["zwei", "three", "four", "five"]
    assert told == ["rowsInserted", "dataChanged", "rowsRemoved"]


def test_an_emptied_line_goes_and_an_empty_one_is_not_added(lore: LinesModel) -> None:
    assert not lore.add("   ")
    lore.setData(lore.index(2), "  ")
    assert lines(lore) == ["one", "two", "four"]


def test_lines_can_only_be_dropped_between_lines(lore: LinesModel) -> None:
    assert not lore.flags(lore.index(0)) & Qt.ItemFlag.ItemIsDropEnabled
    assert lore.flags(ROOT) & Qt.ItemFlag.ItemIsDropEnabled
    assert lore.flags(lore.index(0)) & Qt.ItemFlag.ItemIsDragEnabled


def test_typing_is_undone_word_by_word(draft: PersonaDraft) -> None:
    written = ""
    for letter in "dry one-liners":
        written += letter
        draft.change("style", written, "change style", typing=True)
    draft.history.undo()
    assert draft.value("style") == "dry "
    draft.history.undo()
    assert draft.value("style") == ""
    assert not draft.dirty


def test_strokes_in_different_fields_are_different_steps(draft: PersonaDraft) -> None:
    draft.change("summary", "a", "x", typing=True)
    draft.change("style", "b", "x", typing=True)
    draft.history.undo()
    assert (draft.value("summary"), draft.value("style")) == ("a", "")


def test_what_was_typed_after_saving_is_not_swallowed_by_the_saved_step(draft: PersonaDraft) -> None:
    draft.change("summary", "a", "x", typing=True)
    draft.history.setClean()
    draft.change("summary", "ab", "x", typing=True)
    assert draft.dirty
    draft.history.undo()
    assert draft.value("summary") == "a"
    assert not draft.dirty


def test_a_trait_of_the_five_is_a_field_like_any_other(draft: PersonaDraft) -> None:
    draft.change("openness", 0.4, "x", typing=True)
    assert draft.persona().big_five.openness == 0.4
    draft.history.undo()
    assert draft.persona() == Persona(name="Finn", lore=LORE)


def test_the_limits_of_the_form_are_those_of_the_persona() -> None:
    longest = limits()["name"].longest
    assert longest is not None
    assert "name" not in problems({"name": "x" * longest})
    assert "name" in problems({"name": "x" * (longest + 1)})
    most = limits()["lore"].most
    assert most is not None
    assert "lore" not in problems({"name": "Finn", "lore": ("x",) * most})
    assert "lore" in problems({"name": "Finn", "lore": ("x",) * (most + 1)})


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"name": "  "}, "name", "This must not be empty."),
        ({"name": "x" * 81}, "name", "Too long: at most 80 characters."),
        ({"name": "F", "nicknames": ("ok", "y")}, "nicknames", "Too short: at least 2 characters."),
        ({"name": "F", "lore": ("ok", "y" * 601)}, "lore", "Line 2 is too long: at most 600 characters."),
        ({"name": "F", "lore": ("y",) * 101}, "lore", "At most 100 lines fit here."),
        ({"name": "F", "big_five": {"openness": 3}}, "big_five", "This lies outside the scale."),
    ],
)
def test_a_problem_is_said_in_words(values: dict[str, Any], field: str, words: str) -> None:
    assert str(problems(values)[field].text) == words


def test_every_field_has_its_own_problem() -> None:
    assert set(problems({"name": "", "style": "x" * 2001})) == {"name", "style"}


def test_the_list_knows_who_the_bot_is_now() -> None:
    model = PersonaListModel()
    model.show([KeptPersona(1, Persona(name="Ann")), KeptPersona(4, Persona(name="Finn"))], active=4)
    assert [model.index(at).data() for at in range(2)] == ["Ann", "Finn"]
    assert [model.index(at).data(PersonaListModel.ACTIVE) for at in range(2)] == [False, True]
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "Finn, the bot is this persona now"
    assert (model.row_of(4), model.row_of(9)) == (1, -1)

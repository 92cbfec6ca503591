"""The list of people is sorted by what holds now, however it is read from the store."""

from __future__ import annotations

from typing import get_args

import pytest

from core.feelings.acquaintances import SortBy
from db.relationships import Metrics
from tests.support.inner_life import INSULT, PRAISE, TALK, InnerLife

PEOPLE = ((1, "Ada", PRAISE), (2, "bob", INSULT), (3, "Ärne", TALK), (4, "Cleo", INSULT), (5, "ÄRNE", PRAISE))


@pytest.fixture
async def lived(life: InnerLife) -> InnerLife:
    for number, (who, name, text) in enumerate(PEOPLE):
        await life.hear(who, text, name=name)
        life.pass_by(minutes=60 * (number + 1))
    await life.hear(2, TALK, name="bob")
    life.pass_by(minutes=10_000)
    return life


@pytest.mark.parametrize("sort", get_args(SortBy))
@pytest.mark.parametrize("descending", [True, False])
async def test_every_order_is_the_order_of_what_is_shown(
    lived: InnerLife, sort: SortBy, descending: bool
) -> None:
    found = await lived.feelings.relationships(lived.kept.persona, sort=sort, descending=descending)
    assert len(found.rows) == found.total == len(PEOPLE)
    if sort == "name":
        shown: list[object] = [row.name.casefold() for row in found.rows]
    elif sort in Metrics._fields:
        shown = [round(getattr(row.metrics, sort), 9) for row in found.rows]
    else:
        shown = [getattr(row, sort) for row in found.rows]
    assert shown == sorted(shown, reverse=descending)  # type: ignore[type-var]


@pytest.mark.parametrize("sort", get_args(SortBy))
async def test_pages_add_up_to_the_whole(lived: InnerLife, sort: SortBy) -> None:
    persona = lived.kept.persona
    whole = await lived.feelings.relationships(persona, sort=sort)
    pages = [await lived.feelings.relationships(persona, sort=sort, limit=2, offset=at) for at in (0, 2, 4)]
    assert [row for page in pages for row in page.rows] == list(whole.rows)


async def test_a_name_is_found_in_any_letters(lived: InnerLife) -> None:
    found = await lived.feelings.relationships(lived.kept.persona, search="ärne")
    assert sorted(row.name for row in found.rows) == ["ÄRNE", "Ärne"]
    assert found.total == 2

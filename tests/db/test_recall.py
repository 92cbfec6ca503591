"""Words are found where they may be found and nowhere else; every message waits for its vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from db import embeddings, messages, people, recall
from db.base import sql
from db.messages import StoredMessage, record
from db.recall import Scope
from db.store import Store
from tests.db.conftest import NOON, message

PRACTICE = Scope("practice", None, channel_ids=(7,))


def said(
    number: int,
    text: str,
    *,
    guild: int | None = 1,
    channel: int = 7,
    author: int = 1,
    realm: str = "discord",
) -> StoredMessage:
    plain = message(number, text, channel=channel)
    return replace(plain, guild_id=guild, author_id=author, realm=realm)


def rows(db: Database, words: Sequence[str], scope: Scope) -> list[int]:
    return [row_id for row_id, _ in recall.lexical(db, words, scope, 50)]


async def recorded(store: Store, *some: StoredMessage) -> list[int]:
    kept = [await store.run(record, each) for each in some]
    return [each.row_id for each in kept if each is not None]


async def test_words_are_found_in_their_own_server_only(store: Store) -> None:
    here, _, _ = await recorded(
        store,
        said(1, "the kettle whistles"),
        said(2, "the kettle whistles", guild=2, channel=8),
        said(3, "the kettle whistles", realm="import"),
    )
    assert await store.read(rows, ["kettle"], Scope("discord", 1)) == [here]


async def test_a_scope_may_name_channels_and_people(store: Store) -> None:
    mine, theirs, elsewhere = await recorded(
        store,
        said(1, "kettle"),
        said(2, "kettle", author=2),
        said(3, "kettle", channel=9),
    )
    assert set(await store.read(rows, ["kettle"], Scope("discord", 1, (7,)))) == {mine, theirs}
    assert set(await store.read(rows, ["kettle"], Scope("discord", 1, (), (1,)))) == {mine, elsewhere}
    assert await store.read(rows, ["kettle"], Scope("discord", 1, (7, 9), (2,))) == [theirs]


def test_direct_messages_are_never_searched_all_together() -> None:
    with pytest.raises(ValueError, match="by channel"):
        Scope("discord", None)


async def test_the_row_is_checked_again_whatever_the_index_says(store: Store) -> None:
    (row_id,) = await recorded(store, said(1, "kettle"))
    lie = "insert or replace into message_words(rowid, text, previous, scope) values (?, 'kettle', '', ?)"
    await store.run(lambda db: sql(db, lie, (row_id, "rdiscord g2 c8 p5")) and None)
    assert await store.read(rows, ["kettle"], Scope("discord", 2)) == [row_id]
    assert await store.read(recall.rows, [row_id], Scope("discord", 2), "") == []
    assert await store.read(recall.remembered, [row_id], Scope("discord", 2)) == []


@pytest.mark.parametrize("scope", [Scope("discord", 2), Scope("import", 1), Scope("discord", 1, (9,))])
async def test_rows_outside_the_scope_are_left_out(store: Store, scope: Scope) -> None:
    (row_id,) = await recorded(store, said(1, "kettle"))
    assert await store.read(recall.rows, [row_id], scope, "") == []
    assert await store.read(recall.rows, [row_id], Scope("discord", 1, (), (9,)), "") == []


@pytest.mark.parametrize("state", ["opted_out", "erased"])
async def test_who_asked_to_be_left_alone_is_not_recalled(store: Store, state: str) -> None:
    (row_id,) = await recorded(store, said(1, "kettle"))
    await store.run(people.meet, "discord", 1, 1, "Mia", False, NOON)
    assert len(await store.read(recall.rows, [row_id], Scope("discord", 1), "")) == 1
    await store.run(lambda db: people.Person.update(state=state).execute(db))
    assert await store.read(recall.rows, [row_id], Scope("discord", 1), "") == []
    assert await store.read(recall.names, Scope("discord", 1)) == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.text(min_size=1), min_size=1, max_size=5))
async def test_no_text_breaks_the_search(store: Store, words: list[str]) -> None:
    await store.read(rows, words, Scope("discord", 1))


@pytest.mark.parametrize(
    "word",
    ['"', '" OR scope : "g2', "kettle*", "NEAR(a b)", "^kettle", "-kettle", "(", "{scope}:g2", "a AND"],
)
async def test_nothing_in_a_word_is_read_as_the_query_language(store: Store, word: str) -> None:
    await recorded(store, said(1, "nothing to see", guild=2))
    assert await store.read(rows, [word], Scope("discord", 1)) == []


async def test_neighbours_are_those_in_time_not_those_in_arrival(store: Store) -> None:
    late, first, third = await recorded(store, message(2, "two"), message(1, "one"), message(3, "three"))
    found = {each.row_id: each for each in await store.read(recall.around, [late, first, third])}
    assert (found[late].before, found[late].after) == (first, third)
    assert (found[first].before, found[first].after) == (None, late)


async def test_names_of_a_server_are_known(store: Store) -> None:
    for guild, name in ((1, "Mia"), (1, "mimi"), (2, "M.")):
        await store.run(people.meet, "discord", 5, guild, name, False, NOON)
    assert sorted(await store.read(recall.names, Scope("discord", 1))) == [(5, "Mia"), (5, "mimi")]


# --- vectors ---------------------------------------------------------------------------------


async def embedded(store: Store, model: str = "m") -> None:
    batch = await store.read(embeddings.waiting, 100)
    await store.run(embeddings.keep, model, [(each, bytes(4)) for each in batch])


async def waiting(store: Store) -> list[int]:
    return [each.row_id for each in await store.read(embeddings.waiting, 100)]


async def test_every_message_waits_for_its_vector_the_newest_first(store: Store) -> None:
    first, second, _ = await recorded(store, message(1, "one"), message(2, "two"), message(3, ""))
    assert await waiting(store) == [second, first]
    await embedded(store)
    assert await waiting(store) == []


async def test_a_changed_message_loses_its_vector_and_waits_anew(store: Store) -> None:
    (row_id,) = await recorded(store, message(1, "one"))
    await embedded(store)
    (before,) = await store.read(recall.rows, [row_id], PRACTICE, "m")
    await store.run(messages.edit, "practice", 1, "uno", NOON)
    (after,) = await store.read(recall.rows, [row_id], PRACTICE, "m")
    assert (before.version > 0, after.version) == (True, 0)
    assert await waiting(store) == [row_id]


async def test_a_message_changed_while_it_was_read_waits_on(store: Store) -> None:
    await recorded(store, message(1, "one"))
    batch = await store.read(embeddings.waiting, 100)
    await store.run(messages.edit, "practice", 1, "uno", NOON)
    assert await store.run(embeddings.keep, "m", [(each, bytes(4)) for each in batch]) == 0
    assert [each.text for each in await store.read(embeddings.waiting, 100)] == ["uno"]


async def test_a_deleted_message_takes_its_vector_along(store: Store) -> None:
    await recorded(store, message(1, "one"), message(2, "two"))
    await embedded(store)
    await recorded(store, message(3, "three"))
    await store.run(messages.delete, "practice", [1, 3])
    left = await store.read(embeddings.newer, "m", "practice", None, 0, 100)
    assert [each.row_id for each in left] == [2]
    assert await waiting(store) == []


async def test_a_version_is_never_given_twice(store: Store) -> None:
    await recorded(store, message(1, "one"))
    await embedded(store)
    (first,) = await store.read(embeddings.newer, "m", "practice", None, 0, 100)
    await store.run(messages.delete, "practice", [1])
    await recorded(store, message(2, "two"))
    await embedded(store)
    (second,) = await store.read(embeddings.newer, "m", "practice", None, 0, 100)
    assert second.version > first.version


async def test_vectors_of_another_model_make_room_and_are_made_anew(store: Store) -> None:
    (row_id,) = await recorded(store, message(1, "one"))
    await embedded(store, "old")
    assert await store.read(embeddings.newer, "new", "practice", None, 0, 100) == []
    assert (await store.read(recall.rows, [row_id], PRACTICE, "new"))[0].version == 0
    assert await store.run(embeddings.ask_again, "new", 100) == 1
    assert await waiting(store) == [row_id]
    assert await store.run(embeddings.ask_again, "new", 100) == 0

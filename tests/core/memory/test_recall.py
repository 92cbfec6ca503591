"""What a person gets when the bot remembers: the right message, at once, and never anybody else's."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from core.clock import VirtualClock
from core.errors import OllamaMissing
from core.events import Bus
from core.memory.backlog import Backlog
from core.memory.recall import Memory, Question, Recall, Scope, Speaker
from db import messages, people
from db.store import Store
from tests.core.memory.conftest import NOON, Thesaurus, said, tell

HERE = Scope("discord", 1)
PEOPLE = (Speaker(1, ("Mia",)), Speaker(2, ("Deborah",)))


@pytest.fixture
def thesaurus() -> Thesaurus:
    return Thesaurus("dog puppy hound", "boat ship ferry")


@pytest.fixture
def recall(store: Store, clock: VirtualClock, thesaurus: Thesaurus) -> Recall:
    return Recall(store, thesaurus, clock)


async def texts(recall: Recall, text: str, k: int = 3, **more: object) -> list[str]:
    return [memory.message.text for memory in await asked(recall, text, k, **more)]


async def asked(recall: Recall, text: str, k: int = 3, **more: object) -> tuple[Memory, ...]:
    return await recall.recall(Question(text, **{"scope": HERE, "asker": 9, "speakers": PEOPLE, **more}), k)


async def embedded(store: Store, thesaurus: Thesaurus) -> None:
    await Backlog(store, thesaurus, Bus()).work_off()


async def test_a_message_is_found_the_moment_it_was_written(store: Store, recall: Recall) -> None:
    await tell(store, said(1, "my sister plays the accordion"), said(2, "nice weather", minutes=300))
    assert (await texts(recall, "who plays the accordion?"))[0] == "my sister plays the accordion"


async def test_other_words_for_it_find_it_too(store: Store, recall: Recall, thesaurus: Thesaurus) -> None:
    await tell(
        store, said(1, "we got a puppy"), *(said(n, f"tea number {n}", minutes=n * 60) for n in (2, 3))
    )
    assert await texts(recall, "is there a hound?", k=1) != ["we got a puppy"]
    await embedded(store, thesaurus)
    (memory,) = await asked(recall, "is there a hound?", k=1)
    assert memory.message.text == "we got a puppy"
    assert memory.parts.words == 0
    assert str(memory.reason) == "It means something close."


async def test_a_message_without_vector_is_judged_by_its_words(
    store: Store, recall: Recall, thesaurus: Thesaurus
) -> None:
    await tell(store, said(1, "the hound sleeps"))
    await embedded(store, thesaurus)
    await tell(store, said(2, "a zeppelin flew by", minutes=300))
    (memory, *_) = await asked(recall, "did you see the zeppelin?")
    assert memory.message.text == "a zeppelin flew by"
    assert memory.parts.meaning is None


async def test_an_answer_is_found_by_the_question_before_it(store: Store, recall: Recall) -> None:
    await tell(
        store,
        said(1, "Which accordion do you play?"),
        said(2, "An old red Hohner, from my grandfather", by=2),
        said(3, "so long", minutes=400),
    )
    assert "An old red Hohner, from my grandfather" in await texts(recall, "accordion", k=2)


async def test_what_the_named_person_said_comes_first(store: Store, recall: Recall) -> None:
    await tell(store, said(1, "I love sailing"), said(2, "I love sailing too", by=2, minutes=300))
    assert (await texts(recall, "Does Deborah love sailing?"))[0] == "I love sailing too"
    assert (await texts(recall, "Does Deb love sailing?"))[0] == "I love sailing too"
    assert (await texts(recall, "Does Mia love sailing?"))[0] == "I love sailing"
    assert (await texts(recall, "Do I love sailing?", asker=2))[0] == "I love sailing too"


async def test_a_day_that_is_named_finds_what_was_said_on_it(store: Store, recall: Recall) -> None:
    some = [said(n, "went swimming in the lake", minutes=n * 1440 * 30) for n in range(6)]
    await tell(store, *some)
    (memory, *_) = await asked(recall, f"Who went swimming on {some[3].sent_at:%d %B %Y}?")
    assert memory.message.platform_id == 3


async def test_repetition_does_not_crowd_out_the_rest(store: Store, recall: Recall) -> None:
    same = [said(n, "pizza pizza is the best food", minutes=n * 60) for n in range(1, 9)]
    await tell(store, *same, said(20, "pizza with pineapple was my idea", minutes=2000))
    assert "pizza with pineapple was my idea" in await texts(recall, "pizza", k=3)


async def test_what_the_transcript_holds_is_left_to_it(store: Store, recall: Recall) -> None:
    first, second, _ = await tell(
        store, *(said(n, f"kettle {word}") for n, word in enumerate(("a1", "b2", "c3")))
    )
    until = NOON + timedelta(minutes=2)
    assert set(await texts(recall, "kettle", until=until)) == {"kettle a1", "kettle b2"}
    assert await texts(recall, "kettle", until=until, leave_out=frozenset((first,))) == ["kettle b2"]
    assert second


async def test_an_edited_message_is_found_by_what_it_says_now(
    store: Store, recall: Recall, thesaurus: Thesaurus
) -> None:
    await tell(store, said(1, "we got a puppy"), said(2, "tea is ready", minutes=300))
    await embedded(store, thesaurus)
    assert (await texts(recall, "hound?"))[0] == "we got a puppy"
    await store.run(messages.edit, "discord", 1, "we got a ferry", NOON)
    assert (await asked(recall, "hound?"))[0].parts.words == 0
    assert all(memory.message.text != "we got a puppy" for memory in await asked(recall, "hound?"))
    await embedded(store, thesaurus)
    assert (await texts(recall, "is there a ship?"))[0] == "we got a ferry"


async def test_a_deleted_message_is_gone(store: Store, recall: Recall, thesaurus: Thesaurus) -> None:
    await tell(store, said(1, "we got a puppy"), said(2, "hello hound", minutes=300))
    await embedded(store, thesaurus)
    assert len(await texts(recall, "puppy hound")) == 2
    await store.run(messages.delete, "discord", [1])
    assert await texts(recall, "puppy hound") == ["hello hound"]


async def test_a_failing_embedding_model_leaves_the_words(
    store: Store, recall: Recall, thesaurus: Thesaurus, caplog: pytest.LogCaptureFixture
) -> None:
    await tell(store, said(1, "we got a puppy"))
    await embedded(store, thesaurus)
    thesaurus.trouble = OllamaMissing(host="there")
    assert await texts(recall, "the puppy?") == ["we got a puppy"]
    assert "words alone" in caplog.text


async def test_without_an_embedder_words_are_enough(store: Store, clock: VirtualClock) -> None:
    await tell(store, said(1, "we got a puppy"))
    assert await texts(Recall(store, None, clock), "a puppy?") == ["we got a puppy"]


@pytest.mark.parametrize("text", ["", "   ", "?!", '"', "the of and", "\0", "NEAR(", "🐕", "x" * 3000])
async def test_a_question_of_nothing_is_answered_with_nothing_bad(
    store: Store, recall: Recall, thesaurus: Thesaurus, text: str
) -> None:
    assert await texts(recall, text) == []
    await tell(store, said(1, "we got a puppy"))
    await embedded(store, thesaurus)
    assert len(await texts(recall, text)) <= 1


async def test_speakers_are_the_people_of_the_server(store: Store, recall: Recall) -> None:
    await store.run(people.meet, "discord", 1, 1, "Mia", False, NOON)
    await store.run(people.meet, "discord", 1, 1, "mimi", False, NOON)
    await store.run(people.meet, "discord", 2, 2, "Elsewhere", False, NOON)
    (speaker,) = await recall.speakers(HERE)
    assert (speaker.person_id, set(speaker.names)) == (1, {"Mia", "mimi"})


async def test_a_thousand_attempts_leak_nothing(store: Store, recall: Recall, thesaurus: Thesaurus) -> None:
    """Two servers, two realms, two direct channels with the same words: each sees its own."""
    scopes = [
        Scope("discord", 1),
        Scope("discord", 2),
        Scope("import", 1),
        Scope("discord", None, (70,)),
        Scope("discord", None, (71,)),
        Scope("discord", 2, (21,), (2,)),
    ]
    for place, scope in enumerate(scopes):
        channel = scope.channel_ids[0] if scope.channel_ids else 10 + place
        by = scope.person_ids[0] if scope.person_ids else 1
        await tell(
            store,
            *(
                said(
                    place * 100 + n,
                    f"secret puppy {word}",
                    by=by,
                    guild=scope.guild_id,
                    channel=channel,
                    realm=scope.realm,
                    minutes=n,
                )
                for n, word in enumerate(("boat", "kettle g1", "scope rdiscord c70", "p1 p2", "password"))
            ),
        )
    await embedded(store, thesaurus)
    chance = random.Random(1)
    bits = [
        "secret",
        "puppy",
        "password",
        "Mia",
        "Deborah",
        'scope : "g2"',
        '" OR "g1',
        "rdiscord",
        "c70",
        "*",
    ]
    bits += ["{scope}:", "NEAR(g1 g2)", "NOT", "ship", "all channels", "g0", "--", "') or 1=1", "\\"]
    for _ in range(1_000):
        scope = chance.choice(scopes)
        text = " ".join(chance.choices(bits, k=chance.randint(1, 6)))
        for memory in await asked(recall, text, 20, scope=scope, asker=chance.choice((1, 2, 9))):
            message = memory.message
            assert (message.realm, message.guild_id) == (scope.realm, scope.guild_id)
            assert not scope.channel_ids or message.channel_id in scope.channel_ids
            assert not scope.person_ids or message.author_id in scope.person_ids

"""What the persona wants of people counts: hope grows with kindness, and repeated insults surprise less."""

from __future__ import annotations

from datetime import timedelta

from core.feelings.state import State
from tests.support.inner_life import INSULT, PRAISE, InnerLife

ADA = 1


def felt(state: State) -> dict[str, float]:
    return {str(each.emotion): each.intensity for each in state.emotions}


async def test_a_threatened_wish_is_felt_beside_the_words(life: InnerLife) -> None:
    after = felt(await life.hear(ADA, INSULT))
    words = {str(each.emotion): each.intensity for each in INSULT.emotions}
    assert set(after) - set(words)


async def test_praise_after_insults_gives_hope_that_was_lost(life: InnerLife) -> None:
    for _ in range(3):
        await life.hear(ADA, INSULT)
    life.clock.step(timedelta(hours=3).total_seconds())
    assert {"hope", "satisfaction", "joy", "relief"} & set(felt(await life.hear(ADA, PRAISE)))


async def test_the_first_insult_frightens_and_the_fifth_is_expected(life: InnerLife) -> None:
    fears = []
    for _ in range(5):
        life.clock.step(timedelta(minutes=40).total_seconds())  # time for what was felt to fade
        fears.append(felt(await life.hear(ADA, INSULT)).get("fear", 0.0))
    assert fears[0] > 0.05
    assert fears[4] < fears[0] / 2

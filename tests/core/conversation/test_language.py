"""What the house speaks changes no prompt and nothing that is kept: only what is said of it."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core import words
from core.app import App
from core.errors import BrainBroke
from core.words import T
from db.base import Database, sql
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

LINES = """Ada: hi @bot, I moved to Bergen and I love the rain there
Bob: @Ada really? I hate it
Ada -> Finn: what do you think of rain?
Cy: @bot you are an idiot and I hate you
@9h
Ada: @bot good morning, do you remember where I live?
#workshop Dee: @bot can you keep a secret? I am allergic to nuts
@1d
Ada: @bot what did we talk about yesterday?"""


class Marked(gettext.NullTranslations):
    """A language in which every sentence of ours can be seen."""

    def gettext(self, message: str) -> str:
        return f"⸢{message}⸣"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⸢{one if n == 1 else many}⸣"


@pytest.fixture
def marked_house(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The house speaks that language."""
    really = words._catalogue
    monkeypatch.setattr(words, "_catalogue", lambda code: Marked() if code == "de" else really(code))
    words.speak_in_the_house("de")
    yield
    words.speak_in_the_house("en")


def everything_kept(db: Database) -> str:
    tables = [name for (name,) in sql(db, "select name from sqlite_master where type = 'table'").fetchall()]
    rows = []
    for table in tables:
        if not table.startswith("sqlite_"):
            rows += [str(row) for row in sql(db, f'select * from "{table}"').fetchall()]  # noqa: S608
    return "\n".join(rows)


async def test_prompts_and_what_is_kept_are_the_same_in_every_language(
    marked_house: None, app: App, brain: FakeBrain, play: Callable[..., Any]
) -> None:
    results = await play(LINES)
    assert sum(bool(each["reply"]) for each in results) >= 3
    assert any("⸢" in each["reason"] for each in results)  # it is said in it all the same
    read = "\n".join(message.content for request in brain.requests for message in request.messages)
    assert len(read) > 1000
    assert "⸢" not in read
    kept = await app.store.read(everything_kept)
    assert "Bergen" in kept
    assert "⸢" not in kept


async def test_why_a_turn_failed_is_kept_as_a_sentence_and_said_in_the_language_of_who_looks(
    marked_house: None, app: App, play: Callable[..., Any]
) -> None:
    app.desk.roles = FakeRoles(FakeBrain(BrainBroke(model="fake", detail=T("Settings"))))
    (result,) = await play("Ada: hi @bot")
    assert "⸢Settings⸣" in result["reason"]
    assert "⸢" not in await app.store.read(everything_kept)

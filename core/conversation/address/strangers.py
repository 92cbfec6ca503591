"""Somebody is called who has not said a word here yet: "hey Cleo, are you coming?", "Bob, your turn"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.conversation.address.grammar import AUXILIARIES, IMPERATIVES, SAID_TO_SOMEBODY
from core.conversation.address.listed import listed
from core.conversation.address.names import Name, spoken
from core.conversation.address.phrases import (
    GREETINGS,
    OPENERS,
    QUESTION_WORDS,
    SECOND_PERSON,
    folded,
    is_closing,
    words,
)

_AT = re.compile(r"(?<![\w@])@(\w[\w.-]{0,39})")
_CALLED_FIRST = re.compile(r"^\W*(?P<name>\w{2,20})\s*,\s*(?P<rest>.+)$", re.DOTALL)
_GREETED = re.compile(r"^\W*(?P<hey>\w+)\s+(?P<name>\w{2,20})\s*(?:[,!?.]|$)")
_NO_NAMES = listed(
    """
    all everyone everybody guys folks there man dude bro people chat team again too god boy girl buddy
    mate yall sure maybe honestly seriously look listen first second finally meanwhile today tomorrow
    yesterday tonight sometimes usually basically apparently obviously hopefully sadly luckily however
    besides also plus still leute alle zusammen todos todas gente chicos hombre ach genau klar
    vielleicht eigentlich claro bueno mira job one idea luck day night morning evening point question
    times thing stuff work call news that this it so and very much lot was is the my for
    """
)
_YOU = listed("you u ya du")
_BEFORE_YOU = listed(
    """
    love thank see hate miss told tell bet hear trust believe think hope know knew guess wish like loves
    thinks asked gave give show showed if when because since than as or only never rarely often ever
    that these those whatever whoever however wherever before after until unless while though although
    once where cause cuz how hows whats what did does not just even still already almost always more
    less nothing something everything anything good nice great bad glad sorry remember forgot forget
    said says heard saw seen meant mean means wenn weil dass ob als wann warum warst kennst hast magst
    """
)
_NOT_CALLED = OPENERS | QUESTION_WORDS | SECOND_PERSON | IMPERATIVES | SAID_TO_SOMEBODY | _NO_NAMES


def _asked_by_name(said: str) -> str:
    """The first word of "bob are you there?" or "bob you around?", where it can only be a name."""
    spoken_words = words(said)
    while spoken_words and spoken_words[0] in OPENERS:
        spoken_words.pop(0)
    first, second, third = [*spoken_words, "", "", ""][:3]
    if not first or not first.isalpha() or len(first) < 3 or first in _NOT_CALLED | AUXILIARIES | _BEFORE_YOU:
        return ""
    asked = (second in AUXILIARIES and third in _YOU) or (second in _YOU and "?" in said)
    asked = asked or (second in QUESTION_WORDS and bool(_YOU.intersection(spoken_words[2:5])))
    if not asked:
        return ""
    written = re.search(rf"\b{first}\b", said, re.IGNORECASE)
    return written[0] if written else first


def calls_stranger(text: str, mine: Sequence[Name]) -> str:
    """The name, as it was written, of somebody called who is not known here; "" when nobody is.

    Args:
        mine: the bot's own names.
    """
    said = spoken(text)
    own = {part for name in mine for part in words(folded(name.text))}
    for at in _AT.finditer(said):
        if folded(at[1]) not in own and folded(at[1]) not in ("everyone", "here"):
            return at[1]
    asked = _asked_by_name(said)
    if asked and folded(asked) not in own:
        return asked
    for found in (_CALLED_FIRST.match(said), _GREETED.match(said)):
        if found is None:
            continue
        name, groups = found["name"], found.groupdict()
        if folded(name) in own | _NOT_CALLED or name.isdigit():
            continue
        greeted = groups.get("hey")
        if greeted is not None:
            if folded(greeted) in GREETINGS - {"good", "ok", "okay", "sorry"}:
                return name
        elif name[0].isupper() and SECOND_PERSON.intersection(words(groups["rest"])) and not is_closing(name):
            return name
    return ""

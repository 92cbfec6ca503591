"""Is somebody called by name in a text, or only talked about?

A name counts in any casing, stretched ("finnn"), in the genitive ("Finn's", "Finns Katze") and as a pet name
("finnie"); inside another word, a link, code, a file's name or a quotation it is no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import islice

from core.conversation.address.grammar import (
    AUXILIARIES,
    BEFORE_A_TOPIC,
    EVERYDAY,
    FILLERS,
    GERMAN_AFTER_WAS,
    IMPERATIVES,
    LINKS,
    ORDERED,
    PEOPLE_AFTER_AUXILIARY,
    REQUESTS,
    SAID_TO_SOMEBODY,
    SPANISH,
    THEIR_VIEW,
    THINGS_AFTER_AUXILIARY,
    THINK,
    TITLES,
)
from core.conversation.address.listed import listed
from core.conversation.address.phrases import (
    GREETINGS,
    OPENERS,
    QUESTION_WORDS,
    SECOND_PERSON,
    folded,
    unstretched,
    words,
)
from core.conversation.address.spellings import is_slip, respelt, short_titles
from core.persona.identity import Persona

_NOT_SPOKEN = re.compile(
    r"```.*?(?:```|$)|`[^`\n]+`|https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,40}|(?m:^\s*>.*$)|:\w{2,32}:|#[\w-]+"
    r"|\b[\w-]+\.(?:py|js|ts|exe|png|jpe?g|gif|webp|mp[34]|pdf|txt|docx?|zip|json|ya?ml|html?|css|com|org"
    r"|net|io|de"
    r"|md|wav|ogg|java|cpp|hpp?|rs|go|sh|dll|cfg|ini|log|csv|sql)\b(?:\(\))?",
    re.DOTALL | re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*[”“]|„[^“”\n]*[“”]|«[^»\n]*»|‘[^’\n]*’(?!\w)")
_PET_ENDINGS = r"(?:y|ie|i|ey|chen|lein|ito|ita|kins|ster)?"
_HONORIFICS = r"(?:-(?:chan|san|kun|sama|senpai))?"
_CLAUSE = re.compile(r"[^.!?…\n;]*[.!?…\n;]*")
_CALL_WITHOUT_SPACES = re.compile(r"\s*(?:さん|ちゃん|くん|君|様|氏)?\s*(?:[、,!！?？。…~～]|\s|$)")
_CALL_SIGN = re.compile(r"^\s*(?:[,:;!?.…—–)\]*~-]|$|[^\w\s'’\"(<>=+/*&|])")


_WORD = re.compile(r"(?<![\w#/.&@'’-])(?P<name>\w{3,24})(?P<of>)(?![\w/'’-])")


class Called(IntEnum):
    """How a name stands in a text; the larger, the more it is a call."""

    NOT = 0
    TOPIC = 1
    ASKED_FOR_VIEW = 2
    CALLED = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and whether it is also an everyday word, so that only a plain call counts."""

    text: str
    everyday: bool = False


def names_of(persona: Persona) -> tuple[Name, ...]:
    """What the persona answers to: name, nicknames, and the parts of names that have several words."""
    return tuple(name for called in (persona.name, *persona.nicknames) for name in name_and_parts(called))


@lru_cache(maxsize=512)
def name_and_parts(called: str) -> tuple[Name, ...]:
    """A name of a person, and those parts of it by which people would call them."""
    parts = re.findall(r"\w+(?:['’´`]\w+)*", called)
    whole = " ".join(parts)
    if not whole:
        return ()
    found = [Name(whole, len(parts) == 1 and folded(whole) in EVERYDAY)]
    single = re.findall(r"\w+", called)
    if len(single) > 1:
        callable_parts = (
            part for part in dict.fromkeys((*parts, *single)) if part != whole and _stands_alone(part)
        )
        found += [Name(part, folded(part) in EVERYDAY | TITLES) for part in callable_parts]
    found += [Name(other, name.everyday) for name in found if (other := respelt(name.text))]
    found += [Name(short, everyday=True) for part in parts for short in short_titles(part)]
    return tuple(found)


def _stands_alone(part: str) -> bool:
    return len(part) > 2 and folded(part) not in _ARTICLES


_ARTICLES = listed("the el la los las der die das de von van di da old little big young")


_MOST_EQUAL = 20
_MOST_IN_A_CLAUSE = 60  # who is called is called before so many words, or nobody reads that far
_ENDLESS = re.compile(rf"(.)\1{{{_MOST_EQUAL},}}", re.DOTALL)


def spoken(text: str) -> str:
    """What of a text its writer says: without code, links, files' names and quotations."""
    said = _NOT_SPOKEN.sub(" ", _ENDLESS.sub(lambda run: run[1] * _MOST_EQUAL, text))
    bare = _QUOTED.sub(" … ", said)
    return bare if re.search(r"\w", bare) else said


def called(text: str, names: Iterable[Name], not_mine: Iterable[str] = ()) -> Called:
    """How these names stand in a text; the strongest call decides.

    Args:
        not_mine: words, folded, that are names of others here, though they may look like one of these.
    """
    foreign, names = frozenset(not_mine), tuple(names)
    strongest = Called.NOT
    said = spoken(text)
    shape = folded(said)
    for name in names:
        own = folded(name.text)
        if own not in shape and re.split(r"\W", own)[0][:2] not in shape:
            continue
        for clause in _CLAUSE.finditer(said):
            standing = _pattern(own, name.everyday).finditer(shape, *clause.span())
            for found in islice(standing, _MOST_IN_A_CLAUSE):
                word = found["name"]
                if word != own and word in foreign:
                    continue
                strongest = max(strongest, _stance(said, clause.span(), found, name))
    if strongest is Called.NOT and _called_with_a_slip(said, shape, names, foreign):
        return Called.CALLED
    return strongest


def _called_with_a_slip(said: str, shape: str, names: Sequence[Name], foreign: frozenset[str]) -> bool:
    """Is one of these names mistyped where somebody can only be called?"""
    own = [(name, folded(name.text)) for name in names]
    for clause in _CLAUSE.finditer(said):
        for found in islice(_WORD.finditer(shape, *clause.span()), _MOST_IN_A_CLAUSE):
            word = found["name"]
            if word in foreign or word in _KNOWN_WORDS:
                continue
            around = _Around(said[clause.start() : found.start()], said[found.end() : clause.end()])
            for name, letters in own:
                if is_slip(word, letters) and _plainly_called(around, found, name):
                    return True
    return False


@lru_cache(maxsize=512)
def _pattern(own: str, everyday: bool) -> re.Pattern[str]:
    stretched = _stretched(own)
    pet = _PET_ENDINGS if len(own) >= 4 and " " not in own and not everyday else ""
    if _has_no_spaces(own):
        return re.compile(rf"(?P<name>{re.escape(own)})(?P<of>)")
    return re.compile(
        rf"(?<![\w#/.&-])(?<!\w['’´`])@?(?P<name>{stretched}{pet}){_HONORIFICS}(?P<of>['’´`]?s|['’])?(?![\w/]|[-'’]\w)"
    )


def _stretched(own: str) -> str:
    """A name as a pattern: letters may be stretched, blanks and apostrophes left out.

    No letter can be taken in two ways, or a name of thirty equal letters would try every one of them: a run
    of a letter is one piece, and between equal letters what parts them has to stand.
    """
    pattern, before = "", ""
    for run in re.finditer(r"(\w)\1*|\s+|['’´`]|.", own):
        sign, after = run.group()[0], own[run.end() : run.end() + 1]
        parts_equals = bool(before) and before == after
        if run.group(1) is not None:
            pattern += (
                f"{re.escape(sign)}{{{len(run.group())},}}" if sign.isalpha() else re.escape(run.group())
            )
        elif sign.isspace():
            pattern += r"[\s_-]+" if parts_equals else r"[\s_-]*"
        elif sign in "'’´`":
            pattern += r"['’´`]\s?" if parts_equals else r"['’´`]?\s?"
        else:
            pattern += re.escape(sign)
        before = sign
    return pattern


def _has_no_spaces(text: str) -> bool:
    """Is it in a script that puts no spaces between words?"""
    return any("\u3040" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7a3" for sign in text)


def _stance(said: str, clause: tuple[int, int], found: re.Match[str], name: Name) -> Called:
    """Is the one found here called, or talked about?"""
    before, after = said[clause[0] : found.start()], said[found.end() : clause[1]]
    around = _Around(before, after)
    if _has_no_spaces(name.text):
        return _if(_CALL_WITHOUT_SPACES.match(after) is not None)
    if around.asks_its_view:
        return Called.ASKED_FOR_VIEW
    if name.everyday:
        return Called.CALLED if _plainly_called(around, found, name) else Called.NOT
    if found["of"]:
        asked = around.is_question and bool(THEIR_VIEW.intersection(around.after[:3]))
        return Called.ASKED_FOR_VIEW if asked else Called.TOPIC
    if found[0].startswith("@"):
        return Called.CALLED
    if around.opens:
        return _if(around.breaks_off or _speaks_to(around))
    if around.ends:
        return _if(around.comma_before or not around.follows_a_topic_word)
    if around.comma_before:
        return _if(around.breaks_off or _speaks_to(around))
    if around.breaks_off:
        return _if(not around.follows_a_topic_word and around.has_second_person)
    return _if(not around.follows_a_topic_word and _speaks_to(around))


def _if(is_called: bool) -> Called:
    return Called.CALLED if is_called else Called.TOPIC


class _Around:
    """The words around a name, in its clause."""

    def __init__(self, before: str, after: str) -> None:
        self.before = [unstretched(word) for word in words(before)]
        while len(self.before) > 1 and self.before[-1] in FILLERS:
            self.before.pop()
        self.after = [unstretched(word) for word in words(after)]
        self.opens = all(word in OPENERS for word in self.before)
        self.greeted = bool(self.before) and all(word in GREETINGS for word in self.before)
        self.comma_before = bool(re.search(r"[,:—–(-]\s*$", before))
        self.breaks_off = _CALL_SIGN.match(after) is not None
        self.ends = all(word in _AFTERTHOUGHTS for word in self.after)
        self.is_question = "?" in after
        self._before_text = before

    @property
    def asks_its_view(self) -> bool:
        """ "What does finn think?", "was meint Finn?", "qué opina finn?" """
        if self.before[-2:] in (["what", "does"], ["what", "would"], ["which", "would"], ["what", "will"]):
            return bool(THINK.intersection(self.after[:1]))
        return self.before[-2:-1] in (["was"], ["que"]) and self.before[-1] in THINK

    @property
    def follows_a_topic_word(self) -> bool:
        if not self.before:
            return False
        if self.before[-1] in BEFORE_A_TOPIC:
            asks_you = self.before[-1] in _WHAT_YOU_DO and self.before[-2:-1] in (["you"], ["u"])
            return not (asks_you and self.ends)
        last = re.findall(r"\w+", self._before_text)[-1]
        return len(self.before) > 1 and last[:1].isupper() and not self._before_text.isupper() and last != "I"

    @property
    def ordered(self) -> bool:
        """ "Wake up captain", "help me rose"."""
        said = [word for word in self.before if word not in OPENERS]
        return ORDERED.fullmatch(" ".join(said)) is not None

    @property
    def has_second_person(self) -> bool:
        return bool(SECOND_PERSON.intersection(self.before + self.after))


_WHAT_YOU_DO = listed("think say guess do wish would could should want need")
_AFTERTHOUGHTS = listed("please pls plz lol haha too bro man bitte mal xd rn now again then por favor")


def _speaks_to(around: _Around) -> bool:
    """Do the words after a name speak to its bearer: "finn can you", "finn help", "finn what's that"?"""
    if not around.after:
        return True
    first, second = around.after[0], (around.after[1:2] or [""])[0]
    if first == "was" and second not in PEOPLE_AFTER_AUXILIARY | THINGS_AFTER_AUXILIARY:
        return bool(GERMAN_AFTER_WAS.intersection(around.after))  # else it is English
    if first in SECOND_PERSON | QUESTION_WORDS or first in IMPERATIVES - {"do"}:
        return first != "tu" or around.is_question
    if first in AUXILIARIES:
        if second in PEOPLE_AFTER_AUXILIARY or second in SECOND_PERSON:
            return True
        return around.is_question and first not in ("did", "does", "has") and second in THINGS_AFTER_AUXILIARY
    if first in SAID_TO_SOMEBODY or (first in REQUESTS and second):
        return True
    if around.is_question and first in THEIR_VIEW:
        return True
    if first in LINKS and second in QUESTION_WORDS and (around.is_question or first != "and"):
        return True
    return around.is_question and bool(SECOND_PERSON.intersection(around.after))


def _plainly_called(around: _Around, found: re.Match[str], name: Name) -> bool:
    """The strict test, for names that are also everyday words."""
    if found["of"]:
        return False
    rest = around.after
    if folded(name.text) in AUXILIARIES and not (around.breaks_off or around.greeted):
        return False  # "will you …", "may I …"
    if found["name"].startswith("mira") and not around.greeted and len(SPANISH.intersection(rest)) > 0:
        speaks = bool(SECOND_PERSON.intersection(rest)) or any(word in SAID_TO_SOMEBODY for word in rest)
        return around.breaks_off and around.is_question and speaks
    if found[0].startswith("@"):
        return True
    if around.greeted or not around.before:
        return (
            around.breaks_off
            or (_speaks_to(around) and rest[0] not in AUXILIARIES | _LOOSE)
            or _asks_you(around)
        )
    if around.ends:
        return (
            around.comma_before
            or around.ordered
            or (around.has_second_person and not around.follows_a_topic_word)
        )
    return around.comma_before and (around.breaks_off or _asks_you(around))


_KNOWN_WORDS = (
    OPENERS | QUESTION_WORDS | SECOND_PERSON | IMPERATIVES | AUXILIARIES | BEFORE_A_TOPIC | EVERYDAY
)
_LOOSE = listed("i we my our any good not about same no be go get take make play")


def _asks_you(around: _Around) -> bool:
    first, second = ([*around.after, "", ""])[:2]
    return first in AUXILIARIES and second in SECOND_PERSON

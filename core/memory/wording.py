"""What a sentence about somebody says, whichever way it is put: its words without the trimmings, its
numbers, days and names, whom it is about, and whether it is denied, wished or over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.memory.lexicon import Lexicon, in_order, lexicon, word_list

_PHRASES = Path(__file__).resolve().parents[2] / "resources" / "memory" / "phrases.txt"
_LONGEST = 400

_SHORT = (
    (r"[’‘`]", "'"),
    (r"\bcan'?t\b|\bcannot\b", "can not"),
    (r"\bwon'?t\b", "will not"),
    (r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should)n'?t\b", r"\1 not"),
    (r"\b(i)'?m\b", r"\1 am"),
    (r"'re\b", " are"),
    (r"'ve\b", " have"),
    (r"'ll\b", " will"),
    (r"\b(it|he|she|that|there|who|name)'s\b", r"\1 is"),
    (r"'s\b", ""),
    (r"s'(?= )", "s"),
    (r"'d\b", " would"),
    (r"\b(?:never|no|none|nobody|nothing|without|neither|nor|hardly|not)\b", "not"),
)
_NUMBERS = {word: str(number) for number, word in enumerate(in_order("numbers"))}
_NUMBERS |= {word: str(number) for number, word in enumerate(in_order("ordinals"), 1)}
_NUMBERS |= {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80"}
_NUMBERS |= {"ninety": "90", "hundred": "100", "dozen": "12", "twice": "2", "thrice": "3", "once": "1"}
_MONTHS = in_order("months")
_CALENDAR = {word: word for word in (*_MONTHS, *in_order("days"))}
_CALENDAR |= {"fall": "autumn", "eve": "evening", "night": "evening", "nights": "evening"}
_CALENDAR |= {"jan": "january", "feb": "february", "apr": "april", "jun": "june", "jul": "july"}
_CALENDAR |= {"aug": "august", "sept": "september", "sep": "september", "oct": "october"}
_CALENDAR |= {"nov": "november", "dec": "december", "tues": "tuesday", "thurs": "thursday"}
_RELATIONS = word_list("relatives")
_AFTER_ANOTHER_ONE = ("", "of", "who", "that", "day", "i", "more", "to", "is", "and")
_UNITS = frozenset(("year", "month", "week", "day", "hour", "minute"))
_PARENTS = {"mother", "father"}
_BEFORE_VERBS = frozenset(
    ("i", "we", "he", "she", "they", "to", "not", "NOT", "can", "could", "WISH", "PAST", "always")
)
_BESIDE_MAY = frozenset(("in", "on", "of", "this", "next", "last", "until", "since", "early", "late"))
# Words that carry no news in a sentence about somebody.
_TRIMMINGS = word_list("trimmings")
_GENERIC = word_list("kinds of things")
_PAST_STATE = re.compile(
    r"\b(?:was|were) (?:an? |the |in |at |on |my |once )|\bhad (?:an?|\d+|some|my) (?!baby|son|daughter)"
    r"|\bback then\b|\bPAST\b|\bformerly\b"
)
_EVENT = re.compile(
    r"\b(?:(?!named|addicted|wedded|handed|scared|tired|retired|divorced|married|interested|based|colored|unemployed"
    r"|unfinished|need|speed|indeed)\w{3,}ed|went|got|came|left|met|bought|sold|lost|found|broke|ran|won|began|quit|gave|took|died|became"
    r"|made|wrote|saw|flew|drove|fell|built|caught|taught|had|did|was|were)\b"
)
_OWNER = re.compile(
    r"(?i)(?:my|our|her|his|their|the) ((?!name)\w+)['’]s "
    r"(?!an?\b|the\b|my\b|not\b|called|named|in\b|on\b|been|going)\w"
)
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_LOOKS_AHEAD = re.compile(r"\(\?[=!][^()]*(?:\([^()]*\)[^()]*)*\)$")
_MARKS = re.compile(r"\b(?:NOT|LIKE|FAV|FEAR|WISH|PAST|PREFER|THAN)\b")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)?|[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a sentence says.

    Attributes:
        words: its telling words in dictionary form, in order, each once.
        names: those of them that are names, or words no dictionary has.
        numbers, days: the figures, and the days, months and times of day.
        relatives: the people it speaks of beside the speaker (sister, boss, …).
        denied: an odd number of negations. marks: like, favourite, fear, prefer.
        tense: `now`, `past` (was, used to), `event` (something happened) or `wish`.
        order: tokens with pronouns, for who did what to whom.
        owners: whose it is: "my dog's leg" has the dog.
        verbs: those of the words that are what somebody does.
    """

    words: tuple[str, ...]
    names: frozenset[str]
    numbers: frozenset[str]
    days: frozenset[str]
    relatives: frozenset[str]
    denied: bool
    marks: frozenset[str]
    tense: str
    order: tuple[str, ...]
    owners: frozenset[str]
    verbs: frozenset[str]


@lru_cache(maxsize=512)
def read(text: str) -> Wording:
    """Understand an English sentence about somebody; never raises, whatever the text is."""
    words = lexicon()
    text = text[:_LONGEST]
    plain = _phrased(text)
    capitals = _capitals(text, words)
    order = tuple(_TOKEN.findall(_MARKS.sub(lambda mark: mark[0], plain)))
    numbers, days, relatives, names, telling = set(), set(), set(), set(), []
    for at, token in enumerate(order):
        number = "1" if _counts_one(order, at) else _number(token)
        lemma = token if token.isupper() or token in _RELATIONS else words.lemma(token)
        if number is not None:
            unit = words.lemma(order[at + 1]) if at + 1 < len(order) else ""
            numbers.add(f"{number} {unit}" if unit in _UNITS else number)
        elif (day := _day(order, at, lemma)) is not None:
            days.add(day)
        elif lemma in _RELATIONS:
            relatives.add(lemma)
        elif _MARKS.fullmatch(token) or token in _TRIMMINGS or lemma in _TRIMMINGS or len(token) < 2:
            continue
        else:
            telling.append(lemma)
            if token in capitals or lemma not in words.senses:
                names.add(lemma)
    marks = _MARKS.findall(plain)
    return Wording(
        words=tuple(dict.fromkeys(telling)),
        names=frozenset(names),
        numbers=frozenset(numbers),
        days=frozenset(days),
        relatives=_both_parents(relatives - {"wedded"} if "marry" in telling else relatives),
        denied=(marks.count("NOT")) % 2 == 1,
        marks=frozenset(marks) & {"LIKE", "FAV", "FEAR", "PREFER"},
        tense=_tense(plain),
        order=order,
        owners=frozenset(_owner(owner, words) for owner in _OWNER.findall(text)),
        verbs=frozenset(_verbs(order, telling, words)),
    )


def is_generic(word: str) -> bool:
    """Does a word name a kind of thing that the rest of the sentence makes plain anyway?"""
    return word in _GENERIC


def _phrased(text: str) -> str:
    """Lower case, short forms written out, phrases put the usual way."""
    plain = _ISO_DATE.sub(lambda at: f"{int(at[3])} {_month(int(at[2]))} {at[1]}", text)
    plain = re.sub(r"\bIT\b", "infotech", plain)
    plain = re.sub(r"\ban? ([A-F])[+-]?(?= |$|[.,!])", r"\1grade", plain)
    plain = " ".join(plain.lower().split())
    for pattern, instead in _SHORT:
        plain = re.sub(pattern, instead, plain)
    plain = re.sub(r"\b1[.,](\d\d) ?m\b", r"1\1 cm", plain)
    plain = re.sub(r"(\d)(?:st|nd|rd|th|km|am|pm|kg|cm|k)\b", r"\1", plain)
    plain = re.sub(r"\b(\w+ty)[- ](one|two|three|four|five|six|seven|eight|nine)\b", _sum, plain)
    plain = re.sub(r"\b[a-z]+\b", lambda word: _number(word[0]) or word[0], plain)
    for rule, instead in _phrases():
        plain = " ".join(rule.sub(instead, plain).split())
    return re.sub(r"\bnot\b", "NOT", plain)


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    rules = []
    for line in _PHRASES.read_text(encoding="utf-8").splitlines():
        pattern, arrow, instead = line.partition("=>")
        if arrow and not line.startswith("#"):
            # Negations are one word by now, so what a rule calls NOT stands there in small letters.
            pattern = pattern.strip().replace("NOT", "not")
            pattern = re.sub(r"\b(?:no|never|without)\b", "not", pattern)
            ends = "" if _LOOKS_AHEAD.search(pattern) else r"(?:(?!\w)|(?<=\s))"
            rules.append(
                (re.compile(rf"(?<!\w)(?:{pattern}){ends}"), instead.strip().replace("NOT", "not") + " ")
            )
    return tuple(rules)


def _sum(match: re.Match[str]) -> str:
    tens, ones = _NUMBERS.get(match[1]), _NUMBERS[match[2]]
    return match[0] if tens is None else str(int(tens) + int(ones))


def _month(number: int) -> str:
    return _MONTHS[number - 1] if 1 <= number <= 12 else str(number)


def _number(token: str) -> str | None:
    if token[0].isdigit():
        return token.replace(",", ".").removesuffix(".0").lstrip("0") or "0"
    return _NUMBERS.get(token) if token not in ("one", "once", "first", "second") else None


def _day(order: tuple[str, ...], at: int, lemma: str) -> str | None:
    """The day, month or time of day a token names. "May" is a month only beside what makes it one."""
    token = order[at]
    if token == "may":
        beside = order[max(0, at - 1) : at] + order[at + 1 : at + 2]
        if not any(each[0].isdigit() or each in _BESIDE_MAY or each in _NUMBERS for each in beside):
            return None
    return _CALENDAR.get(token) or (_CALENDAR.get(lemma) if token != lemma else None)


def _owner(name: str, words: Lexicon) -> str:
    plain = _phrased(name)
    return plain if plain in _RELATIONS else words.lemma(plain)


def _both_parents(relatives: set[str]) -> frozenset[str]:
    return frozenset(relatives - _PARENTS | {"parents"} if relatives >= _PARENTS else relatives)


def _verbs(order: tuple[str, ...], telling: list[str], words: Lexicon) -> Iterator[str]:
    """Words that are verbs most of the time, and those that stand where a verb does."""
    after = {order[at + 1] for at in range(len(order) - 1) if order[at] in _BEFORE_VERBS}
    for token in order:
        lemma = words.lemma(token)
        part = words.part.get(lemma, "")
        stands_so = token in after or (token != lemma and token.endswith(("ing", "ed")))
        if lemma in telling and (part[:1] == "v" or ("v" in part and stands_so)):
            yield lemma


def _counts_one(order: tuple[str, ...], at: int) -> bool:
    """Is it the number: "one cup", not "one of them", "the one who"?"""
    after = order[at + 1] if at + 1 < len(order) else ""
    return order[at] == "one" and after not in _AFTER_ANOTHER_ONE


def _capitals(text: str, words: Lexicon) -> frozenset[str]:
    """Words with a capital where a sentence does not begin, in lower case."""
    return frozenset(match[1].lower() for match in re.finditer(r"(?<=[\w,] )([A-Z]\w+)", text))


def _tense(plain: str) -> str:
    if "WISH" in plain:
        return "wish"
    if _PAST_STATE.search(plain):
        return "past"
    return "event" if _EVENT.search(plain) else "now"

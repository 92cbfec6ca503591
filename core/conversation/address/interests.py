"""Is an open question one that the persona would take up?"""

from __future__ import annotations

import re
from enum import Enum

from core.conversation.address.listed import listed
from core.conversation.address.phrases import is_question, is_to_everybody, plain, words
from core.persona.identity import Persona

# Too common to say what somebody cares for.
_COMMON = listed(
    """
    the and for are was has had but not you all any can her him his its one our out who how did get got
    may new now old see two way she too use man day big ask off own put let say yes yet why will from
    note notes still small fair about after again also always another anybody anyone around because been
    before being best better between both came come could different does doing done down each easily
    even ever every everybody everyone favourite favorite find first gets give goes going gone good
    great have having here into just keep keeps kind know knows last less like likes little live lives
    long look looking lost made make makes many matter maybe mean more most much must name named names
    need never next nobody none nothing often once only other others over people person play plays real
    really right said same says secretly several should since some somebody someone something sometimes
    somewhere story such take takes tell tells than that their them then there these they thing things
    think this those three through time times today together told tonight tomorrow took under until used
    very want wants well went were what when where which while whole whom with without word words work
    works world would wrong years year young your yours half back days night nights help hates love
    loves hate short large answer answers question questions talk talks talking character voice asked
    asks yesterday wear wears older getting usually called speaks speak friend friends home place
    problem problems
    """
)
_ABLE = re.compile(
    r"\b(?:anyone|anybody|someone|somebody|everyone|everybody|guys|you all|y all|folks|chat)\b.{0,20}"
    r"\b(?:know|knows|explain|tell me|recommend|suggest|remember|ideas?|tips?|advice|recommendations?"
    r"|suggestions?"
    r"|familiar|understand|understands|good at|experience|help)\b"
    r"|\b(?:weiss|kennt|kann|versteht|hat)\b.{0,12}\b(?:jemand|irgendwer|wer)\b.{0,60}"
    r"|\bwer\b (?:weiss|kennt|kann mir)\b|\bwho (?:knows|remembers|can (?:explain|tell))\b"
    r"|\b(?:alguien|alguno)\b.{0,20}\b(?:sabe|puede|conoce|entiende|recomienda|recomendar|explicar"
    r"|ayudar\w*|idea)\b"
    r"|\bquien sabe\b"
)
_HELP = re.compile(r"\b(?:help|helfen|hilft|ayudar\w*|ayuda)\b")
_KNOWLEDGE = re.compile(
    r"\b(?:how (?:to|do|does|did|can|many|much|far|long|old|big|high|deep|fast|tall)|what(?: s| is| are"
    r"| was| does| (?:an? |the |this |that )?\w+ (?:is|means)\b)"
    r"|why|who (?:invented|wrote|painted|discovered|built|was|composed)"
    r"|(?:which|what) (?:century|year|country|planet)"
    r"|explain|difference between|meaning of|translate|capital of|recipes?|recommend\w*|tips?|advice"
    r"|good (?:way|book|film"
    r"|movie|song|game|recipe)|wie (?:man|viele?|weit|hoch|alt|lange|funktioniert)|warum|was (?:ist|sind"
    r"|bedeutet)"
    r"|erklaren|unterschied|como (?:se|hacer|funciona|puedo)|por que|que (?:es|son|significa)|cual es"
    r"|explicar)\b"
)
_LEARNT = re.compile(
    r"\b(?:maths?|algebra|equations?|fractions?|geometry|calculus|python|javascript|java|code|coding"
    r"|regex|sql|html"
    r"|essay|english|german|spanish|french|latin|grammar|spelling|chemistry|physics|biology|history|geography"
    r"|philosophy|poem|translation|mathe|physik|chemie|englisch|deutsch|spanisch|geschichte|matematicas"
    r"|fisica"
    r"|quimica|ingles|aleman|historia)\b"
)
_LOCAL = re.compile(
    r"\b(?:tonight|tomorrow|today|yesterday|now|raid|match|tournament|teacher|class|exam|test|due"
    r"|deadline|meeting|event"
    r"|party|stream|starts?|opens?|closes?|server|discord|password|wifi|bus|train|number (?:\d+|one|two"
    r"|three)|page"
    r"|our|we|us|he|she|they|his|her|their|admin|mod|mods|owner|school|office|shop|where|if|whether|heute"
    r"|morgen|gestern|ob|unser\w*|wir|passwort|hoy|manana|ayer|nuestr\w*|contrasena)\b"
)
# "When" asks for what only people here know, unless it asks after history.
_WHEN = re.compile(r"\b(?:when|wann|cuando)\b")
_HISTORY = re.compile(
    r"\b(?:fell|fall|died|dead|born|invented|discovered|founded|built|painted|wrote|written|ruled|crowned"
    r"|ended|began|begin|extinct|erupted|sank|sink|landed|colonized|happened|gefallen|fiel|starb|gestorben"
    r"|geboren|erfunden|entdeckt|gegrundet|gebaut|endete|begann|murio|nacio|cayo|invento|descubrio|fundo"
    r"|termino|empezo)\b"
)
_WORDLY = re.compile(r"\b(?:century|war|empire|king|queen|invented|planet|country|world|ancient|history)\b")
_OPINION = re.compile(
    r"\b(?:favou?rite|(?:what|how) (?:do|does|is|are|s) (?:you (?:all|guys)|y all|everyone|everybody)"
    r"|(?:you (?:all|guys)|everyone) (?:think|thinks|like|prefer)|lieblings\w*|favorit[oa])\b"
)


class Openness(Enum):
    """What a question to the room asks for."""

    NOT_ONE = "not one"
    ONLY_PEOPLE = "only people"  # company, things, experiences, what is known here alone
    OPINION = "opinion"
    KNOWLEDGE = "knowledge"  # what anybody well-read could say
    INTEREST = "interest"  # what this persona cares about


def openness(text: str, persona: Persona) -> Openness:
    """What a text asks of everybody, if it does."""
    said = plain(text)
    asks = is_question(text) or re.match(r"(?:does|do|can|could|has|is|kann|weiss|alguien|any|some)", said)
    if not (asks and is_to_everybody(text)):
        return Openness.NOT_ONE
    cared_for = bool(shared_interests(text, persona))
    if _OPINION.search(said):
        return Openness.INTEREST if cared_for else Openness.OPINION
    if _ABLE.search(said) is None:
        return Openness.ONLY_PEOPLE
    about_history = _WHEN.search(said) is not None and _HISTORY.search(said) is not None
    local = _LOCAL.search(said) is not None or (_WHEN.search(said) is not None and not about_history)
    local = local and _WORDLY.search(said) is None
    about_knowledge = any(kind.search(said) for kind in (_KNOWLEDGE, _LEARNT)) or about_history
    if cared_for and (about_knowledge or not local):
        return Openness.INTEREST
    if local and not (_HELP.search(said) and _LEARNT.search(said)):
        return Openness.ONLY_PEOPLE
    return Openness.KNOWLEDGE if about_knowledge else Openness.ONLY_PEOPLE


def asks_for_knowledge(text: str) -> bool:
    """Does it ask what can be known anywhere: how, why, what something is?"""
    said = plain(text)
    local = _LOCAL.search(said) is not None or _WHEN.search(said) is not None
    return _KNOWLEDGE.search(said) is not None and not local


def shared_interests(text: str, persona: Persona) -> frozenset[str]:
    """Stems of words that a text shares with what the persona is, does and has been through."""
    told = " ".join((persona.summary, *persona.traits, *persona.lore, *persona.quirks))
    return _stems(text) & _stems(told) - _stems(" ".join((persona.name, *persona.nicknames)))


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in words(text) if len(word) > 2 and word not in _COMMON)


def _stem(word: str) -> str:
    """Crude and enough: bake, baker, bakery and baking are one."""
    for ending in ("eries", "ings", "ing", "ery", "ers", "ies", "er", "ed", "es", "y", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word

"""What short lines are for: a closing, a laugh, an order to be quiet, a command for another bot.

English, German and Spanish. Everything here looks at words alone; who is meant is for others to say.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from core.conversation.address import tongues
from core.conversation.address.listed import listed

QUESTION_WORDS = tongues.QUESTION_WORDS | listed(
    """
    what whats how hows why where wheres when whos who which wie warum wieso wo wohin wann wer welche
    welcher welches weshalb que como cuando donde quien cual cuanto cuantos cuanta
    """
)
SECOND_PERSON = tongues.SECOND_PERSON | listed(
    """
    you u ur your youre youve youd youll yours yourself ya du dich dir dein deine deinen deiner deinem ihr
    euch tu ti te contigo tuyo usted
    """
)
GREETINGS = tongues.GREETINGS | listed(
    """
    hey heya hi hiya hello yo oi oy ahoy aye sup howdy greetings morning mornin afternoon evening night
    good gm gn bye goodbye cya welcome wb thanks thank thx ty tysm cheers congrats sorry psst dear hallo
    hei na moin servus guten gute guter morgen tag abend nacht danke tschuss tschau ciao entschuldige
    hola oye ey buenos buenas dias tardes noches gracias adios perdon ok okay
    """
)
OPENERS = GREETINGS | listed(
    """
    oh so but and well wait um uh hm hmm lol haha omg wow please pls plz yes yeah yep no nah nope right
    alright anyway actually my now then nice cool also aber und ja nein doch bitte sag mal jetzt pero y
    si bueno pues entonces too lmao damn dude bro back you thats awesome great come on cmon
    """
)
_CLOSING = listed(
    """
    know let me check look one sec second moment minute s is it its funny hilarious re on my way idea
    thing point thanks thank you thx ty tysm tyvm cheers so much very a lot ton alot ok okay oki okey
    okie k kk alright right cool nice great perfect awesome amazing good fine sweet neat lovely true
    fair enough got gotcha i see makes sense noted understood sure yep yeah yup ya np lol lmao lmfao
    rofl xd haha hahaha hehe heh ha omg wow gn gnight night nighty goodnight bye byebye goodbye cya
    later laters ttyl brb brt bbl gtg g2g afk off to bed take care will do ill try that this all
    everyone everybody guys now then too oh well and for the help info works sounds interesting exactly
    indeed agreed same rip oof gg wp glhf danke dir dankeschon vielen dank alles klar passt super gut
    gute nacht tschuss tschau bis spater morgen bald ja jo stimmt genau verstehe gracias muchas vale
    bueno buenas noches adios hasta luego manana perfecto genial si claro entiendo jaja jajaja jajajaja
    jeje de nada no worries problem man bro dude mate buddy nvm nevermind go gotta have must i'm im
    """
)
_CORES = listed(
    """
    hm hmm hmmm mm mhm aha ah ahh ooh uh huh yay welp meh ew aw aww funny hilarious thanks thank thx ty
    tysm tyvm cheers ok okay oki okey okie k kk alright cool nice great perfect awesome amazing good
    sweet neat lovely fair gotcha got see makes noted understood sure yep yeah yup np lol lmao lmfao
    rofl xd haha hahaha hehe heh ha omg wow gn gnight night goodnight bye byebye goodbye cya later ttyl
    brb bbl gtg g2g afk will try works sounds interesting exactly indeed agreed same rip oof gg wp true
    fine danke dankeschon dank klar passt super gut nacht tschuss tschau bis spater ja jo stimmt genau
    verstehe gracias vale bueno noches adios hasta perfecto genial si claro entiendo jaja jajaja
    jajajaja jeje nada worries nvm nevermind gotta right oh
    """
)
_THANKS = re.compile(
    r"\b(?:thanks|thank you|thx|ty|tysm|danke|dankeschon|vielen dank|gracias|much appreciated)\b"
)
_LEAVING = re.compile(
    r"\b(?:gn|good ?night|bye+|goodbye|cya|see (?:you|ya)|ttyl|brb|gtg|g2g|gotta (?:go|run|eat|sleep|work"
    r"|leave)|(?:got|have|need) to (?:go|run|leave)|i ?m (?:off|out)"
    r"|heading (?:out|off)"
    r"|off to bed|going to (?:bed|sleep)|talk (?:to you )?later|gute nacht|tschuss|bis (?:spater|dann"
    r"|morgen|bald)"
    r"|buenas noches|adios|hasta (?:luego|manana|pronto))\b"
)
_TRYING = re.compile(r"\bi(?: ?ll| will) (?:try|do|check|look|test|give|remember|keep)\b")
_TRIUMPH = re.compile(
    r"(?:(?:see|haha|lol|ha) )?(?:i )?(?:told (?:you|ya|u)(?: so| all| guys)?|called it|knew it|said so)"
    r"|(?:hab|habe) (?:ich )?(?:s )?(?:doch )?gesagt|sag ich doch|te lo dije"
)
_LAUGH = re.compile(
    r"[ha]*(?:ha){2,}h?|(?:he){2,}h?|(?:hi){2,}|[ja]*(?:ja){2,}|(?:je){2,}|(?:lo+l)+o*|lma+o+|ro+fl|xd+"
    r"|(?:ka|ke){2,}"
)
_COMMAND = re.compile(r"\s*[!/?.$;+%&-][A-Za-z]\w*")
_A_BOT = re.compile(
    r"\b(?:is|was) (?:that|this|it|he|she) (?:really |even |actually |just )?an? "
    r"(?:real )?(?:bot|robot|ai|human)\b"
    r"|\b(?:are|r) (?:you|u) (?:really |even |actually )?(?:an? )?(?:real )?(?:bot|robot|ai|human|machine"
    r"|program|person)\b"
    r"|\bbist du (?:ein(?:e)? )?(?:bot|roboter|ki|mensch|maschine)\b|\beres (?:un |una )?(?:bot|robot|ia"
    r"|human[oa])\b"
)
_EVERYBODY = re.compile(
    r"@everyone\b|@here\b|\b(?:hey |hi |hello )?(?:every(?:one|body)|any(?:one|body)|some(?:one|body)"
    r"|guys|folks|who (?:else|wants|has|had|is|s|are|here|knows|can|could|remembers)"
    r"(?! that| this| it| he| she)"
    r"|wer (?:hat|will|kommt|kann|mag|ist|kennt|weiss|macht|hilft)(?! das| er| sie| es)"
    r"|quien (?:quiere|tiene|viene|sabe|puede)"
    r"|y ?all|you (?:all|two|guys)|people|chat|team|leute|alle|jemand|irgendwer|todos|todas|alguien"
    r"|chicos|gente)\b"
)

_QUIET_ANYWHERE = (
    r"(?:shut (?:the \w+ )?up|shut it|be (?:quiet|silent)|keep quiet|stay (?:quiet|silent)"
    r"|quiet(?:en)? down|pipe down"
    r"|stop (?:talking|replying|answering|responding|writing|spamming|messaging|chatting|interrupting)"
    r"|zip it|stfu|go away|leave us(?: alone)?|leave me alone|give it a rest|don ?t (?:talk|reply|answer"
    r"|respond)"
    r"|mute yourself|not another word|enough (?:talking|of you|from you)|no more (?:talking|messages|spam)"
    r"|no one asked(?: you)?|nobody asked(?: you)?|hush|shush|halt (?:die|deine?) (?:klappe|mund|fresse"
    r"|schnauze)"
    r"|halts? maul|sei (?:still|ruhig|leise)|hor auf zu (?:reden|schreiben|antworten)|klappe"
    r"|callate|cierra (?:la boca|el pico)|deja de (?:hablar|escribir|responder)|haz silencio|guarda silencio)"
)
_QUIET_ALONE = (
    r"(?:quiet|silence|s+h+|enough|that ?s enough|not now|ruhe|still|psst? ruhe|schluss|silencio|basta"
    r"|ya basta|stop"
    r"|stop it)"
)
_LEAD = (
    r"(?:please|pls|plz|just|now|ok|okay|and|so|can you|could you|will you|would you|omg|oh|god|bitte"
    r"|jetzt|mal"
    r"|kannst du|por favor|ya|puedes|you|dude|bro|stop and|hey|for once)"
)
_TAIL = (
    r"(?: (?:please|pls|plz|now|already|ok|okay|for .*|a bit|a while|bitte|jetzt|mal|ya|por favor|bot|you"
    r"|will you|thanks|everyone|will ya))*"
)
_QUIET = re.compile(rf"(?:{_LEAD} )*(?:{_QUIET_ANYWHERE}(?: .*)?|{_QUIET_ALONE}{_TAIL})")
_RELEASE = re.compile(
    r"\b(?:(?:can|may) (?:talk|speak|come back)(?: again)?|speak again|talk again|come back|you re back"
    r"|unmute"
    r"|darfst (?:wieder )?(?:reden|sprechen|schreiben)|rede wieder|puedes hablar|habla otra vez)\b"
)
_GREETING_ROOM = re.compile(
    r"(?:hey+|hi+|hello+|yo+|sup|morning|mornin|gm|good (?:morning|evening|afternoon)|hallo|moin"
    r"|guten (?:morgen|tag|abend)"
    r"|hola|buenos dias|buenas(?: tardes)?|howdy|heya|hiya)"
    r"(?: (?:all|everyone|everybody|guys|folks|people|there|chat|team|y all|leute|zusammen|alle|a todos"
    r"|todos|gente"
    r"|again))*"
)


def plain(text: str) -> str:
    """Lower case, no accents, no apostrophes, words apart by one space, no other signs."""
    bare = _fold(text).replace("'", " ").replace("’", " ").replace("´", " ")
    return " ".join(re.sub(r"[^\w\s@]", " ", bare).split())


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    taken_apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in taken_apart if not unicodedata.combining(sign))


def folded(text: str) -> str:
    """Without accents and in lower case, sign for sign as long as `text`, so that places in it still hold."""
    if text.isascii():
        return text.lower()
    return "".join(_folded_sign(sign) for sign in text)


@lru_cache(maxsize=4096)
def _folded_sign(sign: str) -> str:
    return (_fold(sign) or sign)[0]


def words(text: str) -> list[str]:
    """The words of a text, stretched ones as they are written; a contraction such as "what's" is one word."""
    return re.sub(r"[^\w\s]", " ", re.sub(r"['’´]", "", _fold(text))).split()


_PLEASE = re.compile(r"^pl(?:[sz]{1,4}|ea?s+e?|e+a+s+e+)$")


def unstretched(word: str) -> str:
    """ "pleeease" is "please"."""
    return _PLEASE.sub("please", re.sub(r"([^\W\d])\1{2,}", r"\1", word))


def is_question(text: str) -> bool:
    """A question mark that ends a word, or a question word in front."""
    if re.search(r"\?(?:\W|$)", text):
        return True
    said = words(text)
    first = next((word for word in said if word not in OPENERS), "")
    return first in QUESTION_WORDS and first not in _NOT_ONLY_ASKING


# Words that also begin what is no question: "when I was young", "donde vivo".
_NOT_ONLY_ASKING = listed(
    "que como when wo quien cuando donde comment qui quand quando ou onde kto czy jak как что где"
)


def is_closing(text: str) -> bool:
    """Does it round a talk off: thanks, an "ok", a laugh, a goodbye, an emoji?"""
    if "?" in text:
        return False
    said = plain(text).split()
    if not any(char.isalpha() for char in "".join(said)):
        return not any(char.isdigit() for char in "".join(said))
    short = len(said) <= 12
    if short and (_THANKS.search(" ".join(said)) or _LEAVING.search(" ".join(said))):
        return True
    if short and _TRYING.search(" ".join(said)):
        return True
    if len(said) > 8:
        return False
    if said[0] in ("nvm", "nevermind") or said[:2] == ["never", "mind"]:
        return True
    if _TRIUMPH.fullmatch(" ".join(said)):
        return True
    return any(_core(word) for word in said) and all(_core(word) or word in _CLOSING for word in said)


def _core(word: str) -> bool:
    squeezed = re.sub(r"(.)\1{2,}", r"\1", word)
    return word in _CORES or squeezed in _CORES or _LAUGH.fullmatch(word) is not None


def is_thanks(text: str) -> bool:
    """Is there a thank-you in it?"""
    return _THANKS.search(plain(text)) is not None


def is_goodbye(text: str) -> bool:
    """Does somebody leave?"""
    return _LEAVING.search(plain(text)) is not None


def speaks_to_you(text: str) -> bool:
    """Is there a "you" in it, in any of the languages?"""
    return bool(SECOND_PERSON.intersection(words(text)))


def wonders_about_a_bot(text: str) -> bool:
    """Does it ask "are you a bot?", in any of the languages?"""
    return "?" in text and _A_BOT.search(plain(text)) is not None


def is_command(text: str) -> bool:
    """`!play`, `/roll`: a command for some bot."""
    return _COMMAND.match(text) is not None and not text.startswith("...")


def is_to_everybody(text: str) -> bool:
    """Does it name everybody, or anybody?"""
    return _EVERYBODY.search(plain(text)) is not None


def is_greeting(text: str) -> bool:
    """A greeting and nothing else."""
    return _GREETING_ROOM.fullmatch(plain(text)) is not None


def asks_for_quiet(text: str, *called: str) -> bool:
    """Is the bot told to be quiet, supposing that it is the one spoken to?

    Args:
        called: the words that are its name here; they are passed over.
    """
    for clause in re.split(r"[.!?,;:\n…]+", text):
        said = [word for word in plain(clause).split() if word.lstrip("@") not in (*called, "bot")]
        while said and said[0] in ("hey", "ok", "okay", "oh", "lol", "so", "and", "no", "oi", "oye", "but"):
            said = said[1:]
        if said and _QUIET.fullmatch(" ".join(said)):
            return True
    return False


def may_speak_again(text: str) -> bool:
    """Is it allowed to speak again?"""
    return _RELEASE.search(plain(text)) is not None

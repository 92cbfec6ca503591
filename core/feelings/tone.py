"""The tone of a message: how positive its words are (VADER), and how formal."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from core.feelings.pad import bounded
from core.feelings.plain import Plain

# VADER's time grows with the square of the words where many of them weigh.
_FIRST, _LAST = 32, 16
_POLITE = re.compile(
    r"\b(?:please|kindly|thank you|would you|could you|may i|sir|madam|ma'am|mr|mrs|ms|dear|regards|"
    r"sincerely|i would like|i am afraid|excuse me|pardon|"
    r"good (?:morning|evening|afternoon)|however|therefore|regarding)\b"
)
_SLANG = re.compile(
    r"\b(?:lol|lmao|rofl|omg|wtf|bro|bruh|dude|fam|yo|sup|nah|yeah|yep|nope|idk|tbh|imo|ngl|fr|u|ur|gonna|wanna|"
    r"gotta|kinda|dunno|cuz|cos|pls|plz|thx|ty|xd|lmfao|ikr|smh|btw|ain't|haha\w*|hehe\w*|fuck\w*|shit\w*|hey+|ok)\b"
)
_SIGNS = re.compile(r"[\U0001F300-\U0001FAFF]|[:;]-?[()dDpP]|!{2,}|\?{2,}|(\w)\1{2,}")
_SENTENCE = re.compile(r"[A-Z][^.!?]*[^\W\d_][.!?](?:\s|$)")


@cache
def _vader() -> Any:
    """Loaded when first needed: VADER reads half a megabyte of lexicon, about 30 ms.

    VADER 3.3.2 (Hutto & Gilbert 2014, MIT) is of 2020 and finished: word lists and rules in pure Python.
    """
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def warm() -> None:
    """Load the lexicon now; call it in a thread, so that no first message has to wait."""
    valence("warm")


def valence(own: str) -> float:
    """How positive words are, −1…1: VADER's compound score, of the first and last where there are many."""
    words = own.split()
    if len(words) > _FIRST + _LAST:
        words = words[:_FIRST] + words[-_LAST:]
    return bounded(_vader().polarity_scores(" ".join(words))["compound"]) if words else 0.0


def formality(plain: Plain) -> float:
    """How formal words are, −1 (slang) … 1; 0 when it cannot be told. Ours, by what can be counted.

    Polite forms and whole sentences against slang, emoji and stretched words.
    """
    own = plain.own
    if len(own) < 2:
        return 0.0
    polite = len(_POLITE.findall(plain.said)) + 0.5 * len(_SENTENCE.findall(own))
    casual = len(_SLANG.findall(own.lower())) + 0.5 * len(_SIGNS.findall(own))
    if own.islower() and len(own) > 12:
        casual += 0.2
    return bounded((polite - casual) / (polite + casual + 1.0))

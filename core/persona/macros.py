"""The macros of cards, `{{char}}` and its kin, put into words."""

from __future__ import annotations

import re

_CHAR = re.compile(r"\{\{char\}\}|<bot>|<char>", re.IGNORECASE)
_USERS = re.compile(r"(?:\{\{user\}\}|<user>)['’]s\b", re.IGNORECASE)
_USER = re.compile(r"\{\{user\}\}|<user>", re.IGNORECASE)
_OTHER = re.compile(r"\{\{[^{}]{0,500}\}\}")


def is_char(text: str) -> bool:
    """Is it the macro for the character, and nothing else?"""
    return _CHAR.fullmatch(text) is not None


def in_words(text: str, char: str, user: str = "") -> str:
    """The text with its macros replaced; those unknown here are left out.

    Args:
        user: whoever is spoken to; empty: "you".
    """
    if "{{" not in text and "<" not in text:
        return text
    text = _CHAR.sub(lambda _: char, text)
    text = _USER.sub(lambda _: user, text) if user else _USER.sub("you", _USERS.sub("your", text))
    return _OTHER.sub("", text)


def whole(text: str) -> str:
    """The text with torn surrogates, which JSON may hold and no file takes, replaced by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text

"""Languages that a channel can choose, by their codes and in their own names."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from core.server.refusals import LanguageUnknown

# Those of Discord's own client come first in the list; any other that has a code can be written.
CODES = (
    *("en", "de", "fr", "es", "it", "pt_BR", "pt", "nl", "pl", "da", "sv", "no", "fi", "cs", "hu", "ro"),
    *("hr", "lt", "bg", "el", "uk", "ru", "tr", "ja", "ko", "zh_CN", "zh_TW", "th", "vi", "hi", "id"),
    *("ar", "he", "fa", "sk", "sl", "sr", "et", "lv", "is", "ga", "cy", "eu", "ca", "gl", "la", "eo"),
)


@lru_cache(maxsize=256)
def language_name(code: str) -> str:
    """A language in its own words: `Deutsch` for `de`."""
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name()
    except (ValueError, UnknownLocaleError):
        return code
    return name[:1].upper() + name[1:] if name else code


def known_language(text: str) -> str:
    """The code of a language that is given by its code or its own name.

    Raises:
        LanguageUnknown
    """
    wanted = text.strip()
    for code in CODES:
        if wanted.casefold() in (code.casefold(), language_name(code).casefold()):
            return code
    try:
        return str(Locale.parse(wanted.replace("-", "_")))
    except (ValueError, UnknownLocaleError, TypeError) as error:
        raise LanguageUnknown(code=wanted[:20]) from error


def matching(typed: str, most: int) -> list[tuple[str, str]]:
    """Languages whose code or name begins with what was typed: code and name."""
    start = typed.strip().casefold()
    found = [
        (code, language_name(code))
        for code in CODES
        if code.casefold().startswith(start) or language_name(code).casefold().startswith(start)
    ]
    return found[:most]

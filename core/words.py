"""The words people see: one gettext catalogue for the window, Discord and the terminal.

Core never speaks a language. It answers with a `Text`: the English sentence that is the
catalogue's key, and its parameters. A face (page, cog, terminal) turns it into words with
`say`, in the language that is current where it runs. Extraction looks for `T(…)`, `say(…)`
and `count(…)` with a literal first argument.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

DOMAIN = "echodeck"
TRANSLATIONS = Path(__file__).resolve().parent.parent / "resources" / "translations"

_language: ContextVar[str] = ContextVar("language", default="en")


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence for a person, not yet in a language.

    Attributes:
        key: the English sentence, with `{name}` where a parameter goes.
        params: what to put there. Values are only ever inserted, never read as a format,
            so text written by members is safe as a value.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return say(self)


def T(key: str, /, **params: object) -> Text:  # noqa: N802 - a marker, kept short on purpose
    """Mark `key` for translation and hold it, with its parameters, until somebody says it."""
    return Text(key, params)


def say(text: Text | str, /, **params: object) -> str:
    """Put `text` into the current language.

    Args:
        text: a `Text`, or an English literal together with `params`.
    """
    if isinstance(text, Text):
        key, params = text.key, dict(text.params)
    else:
        key = text
    sentence = _catalogue(_language.get()).gettext(key) if key else ""
    spoken = {name: say(value) if isinstance(value, Text) else value for name, value in params.items()}
    return sentence.format(**spoken) if spoken else sentence


def count(one: str, many: str, n: int, /, **params: object) -> str:
    """Like `say`, with the plural form that `n` asks for; `{n}` is filled in."""
    sentence = _catalogue(_language.get()).ngettext(one, many, n)
    return sentence.format(n=n, **params)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` (a code such as `de`) inside the block; unknown codes fall back to English."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def set_language(language: str) -> None:
    """Speak `language` from here on, in this task and those it starts."""
    _language.set(language)


@cache
def languages() -> tuple[str, ...]:
    """The codes that can be spoken: English and every catalogue in resources/translations.

    Looked for once: telling Discord of the commands asks 28,000 times.
    """
    found = {path.parent.parent.name for path in TRANSLATIONS.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return ("en", *sorted(found - {"en"}))


@lru_cache(maxsize=16)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, TRANSLATIONS, languages=[language], fallback=True)

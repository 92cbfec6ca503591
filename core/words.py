"""The words people see: one gettext catalogue for the window, Discord and the terminal.

Core never speaks a language. It answers with a `Text`: the English sentence that is the
catalogue's key, and its parameters. A face (page, cog, terminal) turns it into words with
`say`, in the language that is current where it runs: the one chosen around it with `speaking` or
`set_language` (whoever uses a command on Discord), else the house's, that of whoever sits at this
computer. What a model reads is English, whoever listens (`english`); what is kept is the sentence, not
its translation (`as_kept`). Extraction looks for `T(…)`, `say(…)` and `count(…)` with a literal first
argument.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

DOMAIN = "echodeck"
TRANSLATIONS = Path(__file__).resolve().parent.parent / "resources" / "translations"

_house = "en"  # one for all threads, tasks and slots: what the window shows is made in all of them
_language: ContextVar[str | None] = ContextVar("language", default=None)


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
    sentence = _catalogue(current_language()).gettext(key) if key else ""
    spoken = {name: _spoken(value) for name, value in params.items()}
    return sentence.format(**spoken) if spoken else sentence


def count(one: str, many: str, n: int, /, **params: object) -> str:
    """Like `say`, with the plural form that `n` asks for; `{n}` is filled in."""
    sentence = _catalogue(current_language()).ngettext(one, many, n)
    return sentence.format(n=n, **{name: _spoken(value) for name, value in params.items()})


def english(text: Text) -> str:
    """The sentence itself: for a model, and for whatever else must not change with the window."""
    with speaking("en"):
        return say(text)


def as_kept(text: Text) -> dict[str, Any]:
    """A sentence as it is kept: to be said later, in whatever language is spoken then."""
    return {"key": text.key, "params": kept_params(text.params)}


def kept_params(params: Mapping[str, object]) -> dict[str, Any]:
    """What stands in the blanks of a sentence, as it is kept; a sentence in a sentence stays one."""
    with speaking("en"):  # a date or a number is kept as English writes it
        return {name: as_kept(each) if isinstance(each, Text) else str(each) for name, each in params.items()}


def _spoken(value: object) -> object:
    """What goes into a blank: a sentence, also one that was kept, is said itself."""
    if isinstance(value, Mapping) and isinstance(value.get("key"), str):
        value = Text(value["key"], value.get("params") or {})
    return say(value) if isinstance(value, Text) else value


def current_language() -> str:
    """What is spoken here, as a code such as `de`."""
    return _language.get() or _house


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


def house_language() -> str:
    """What whoever sits at this computer is spoken to in."""
    return _house


def speak_in_the_house(language: str) -> None:
    """Speak `language` wherever nobody chose another: in the window and the terminal, on every thread."""
    global _house  # there is one host
    _house = language


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

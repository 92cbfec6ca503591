"""What must never be written down: secrets that were handed in, and everything shaped like one.

Process-wide on purpose: so is logging, and a secret forgotten in one corner would be a secret told.
"""

from __future__ import annotations

import re

_HIDDEN = "[hidden]"

_SHAPES = (
    re.compile(r"(?<![\w-])(?P<secret>[\w-]{18,40}\.[\w-]{5,10}\.[\w-]{20,})"),  # a bot's token
    re.compile(r"(?P<secret>mfa\.[\w-]{20,})"),
    re.compile(r"\b(?:bot|bearer|basic)\s+(?P<secret>(?=[^\s\"']*\d)[\w.~+/=-]{16,})", re.IGNORECASE),
    re.compile(r"(?<![0-9a-fA-F])(?P<secret>[0-9a-fA-F]{64})(?![0-9a-fA-F])"),  # the store's key
    re.compile(r"/(?:webhooks|interactions)/\d+/(?P<secret>[\w-]{20,})"),
    re.compile(r"://[^/\s:@]+:(?P<secret>[^/\s@]+)@"),
    re.compile(
        r"(?:token|password|passphrase|secret|authorization|api[_-]?key|ECHODECK_KEY)[\"']?\s*[:=]\s*[\"']?"
        r"(?P<secret>(?!\[hidden\])[^\s\"',}]{8,})",
        re.IGNORECASE,
    ),
)


class Hidden:
    """What must never be written: values that were handed in, and everything shaped like a secret."""

    def __init__(self) -> None:
        self._values: frozenset[str] = frozenset()

    def add(self, secret: str | None) -> None:
        """Hide this value from now on. Short ones are left alone: they would blank ordinary words."""
        if secret and len(secret.strip()) >= 8:
            self._values |= {secret.strip()}

    @property
    def values(self) -> tuple[str, ...]:
        """What was handed in: never to be written, never to be posted."""
        return tuple(self._values)

    def clean(self, text: str) -> str:
        """`text` without secrets."""
        for value in self._values:
            text = text.replace(value, _HIDDEN)
        for shape in _SHAPES:
            text = shape.sub(_without_secret, text)
        return text


def _without_secret(found: re.Match[str]) -> str:
    start, end = found.span("secret")
    whole = found.group()
    return whole[: start - found.start()] + _HIDDEN + whole[end - found.start() :]


_hidden = Hidden()


def hide(secret: str | None) -> None:
    """Keep `secret` (a token, a key) out of every log from now on."""
    _hidden.add(secret)


def clean(text: str) -> str:
    """`text` without what was hidden and without what looks like a secret."""
    return _hidden.clean(text)


def known() -> tuple[str, ...]:
    """The secrets that were handed in, for who looks over what is about to be posted."""
    return _hidden.values

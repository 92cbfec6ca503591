"""What a check of the self-test found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.words import Text, say


class CheckState(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found.

    Attributes:
        name: what was looked at, one word. detail: what was found. fix: what helps, when something is wrong.
        act: what the button beside it does: the page it opens, or one of core.doctor.fixes; empty: none.
    """

    name: str
    state: CheckState
    detail: Text
    fix: Text | None = None
    act: str = ""

    def plain(self) -> dict[str, str | None]:
        """The check as plain values, in the current language."""
        return {
            "name": self.name,
            "state": self.state.value,
            "detail": say(self.detail),
            "fix": say(self.fix) if self.fix is not None else None,
        }


def ok(name: str, detail: Text) -> Check:
    return Check(name, CheckState.OK, detail)


def skip(name: str, detail: Text) -> Check:
    return Check(name, CheckState.SKIP, detail)


def warn(name: str, detail: Text, fix: Text, act: str = "") -> Check:
    return Check(name, CheckState.WARN, detail, fix, act)


def fail(name: str, detail: Text, fix: Text, act: str = "") -> Check:
    return Check(name, CheckState.FAIL, detail, fix, act)

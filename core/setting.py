"""What a setting is: its key, its default, its limits, and how a value is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from core.errors import SettingInvalid
from core.figures import Short
from core.words import T, Text

_LIMITS = "{low} – {high}"  # the same in each language

Value = TypeVar("Value", bool, int, float, str)


@dataclass(frozen=True, slots=True)
class Setting(Generic[Value]):
    """One setting.

    Attributes:
        key: `section.name`; the environment name is ECHODECK_SECTION_NAME.
        default: its value until the host chooses another; its type is the setting's type.
        low, high: limits of a number, inclusive, in `unit`.
        choices: the allowed values of a text setting with the words for them, or empty for free text.
        kind: how it is edited: `plain`, or `model` (a model of one of the brains), `hour` (0–23).
        also: further environment names, e.g. OLLAMA_HOST.
        advanced: shown only when the host asks for more.
    """

    key: str
    default: Value
    label: Text
    help: Text
    low: float | None = None
    high: float | None = None
    unit: Text | None = None
    choices: tuple[tuple[str, Text], ...] = ()
    kind: Literal["plain", "model", "hour"] = "plain"
    also: tuple[str, ...] = ()
    advanced: bool = False

    @property
    def section(self) -> str:
        return self.key.partition(".")[0]

    @property
    def environment_names(self) -> tuple[str, ...]:
        return (f"ECHODECK_{self.key.replace('.', '_').upper()}", *self.also)

    def parse(self, raw: Any) -> Value:
        """Turn `raw` (a value, or the text of one) into a valid value.

        Raises:
            SettingInvalid: it has the wrong type, or lies outside the limits or choices.
        """
        value = self._typed(raw)
        if self.choices and value not in [choice for choice, _ in self.choices]:
            raise self._invalid(raw)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            below = self.low is not None and value < self.low
            above = self.high is not None and value > self.high
            if below or above or value != value:
                raise self._invalid(raw)
        if isinstance(value, str) and (len(value) > 500 or "\x00" in value):
            raise self._invalid(raw)
        return value

    def _typed(self, raw: Any) -> Value:
        kind = type(self.default)
        if kind is bool and isinstance(raw, str):
            words = {"true": True, "1": True, "yes": True, "on": True}
            words |= {"false": False, "0": False, "no": False, "off": False}
            raw = words.get(raw.strip().lower(), raw)
        if kind is bool and not isinstance(raw, bool):
            raise self._invalid(raw)
        if isinstance(raw, bool) and kind is not bool:
            raise self._invalid(raw)
        if kind is int and isinstance(raw, float) and not float(raw).is_integer():
            raise self._invalid(raw)
        if kind is float and isinstance(raw, str):
            raw = raw.replace(",", ".")  # half is 0,5 for most of Europe
        try:
            return kind(raw.strip() if isinstance(raw, str) else raw)
        except (TypeError, ValueError, OverflowError) as error:
            raise self._invalid(raw) from error

    def _invalid(self, raw: Any) -> SettingInvalid:
        return SettingInvalid(label=self.label, value=str(raw)[:80], allowed=self.allowed())

    def allowed(self) -> Text:
        """The allowed values, for a sentence."""
        if self.choices:
            return Text(", ".join(choice for choice, _ in self.choices))
        if self.low is not None and self.high is not None:
            limits = {"low": Short(self.low), "high": Short(self.high)}
            return (
                T("{low} – {high} {unit}", **limits, unit=self.unit) if self.unit else Text(_LIMITS, limits)
            )
        known = {bool: T("on, off"), int: Text("0, 1, 2 …"), float: Text("0.5"), str: Text("…")}
        return known[type(self.default)]

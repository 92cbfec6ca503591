"""How much one person and one server may have of the bot: settings of their own, read at every message."""

from __future__ import annotations

from typing import Any

from core.setting import Setting
from core.words import T

_A_MINUTE = T("a minute")

PERSON_RATE = Setting(
    "conversation.replies_to_one_person",
    12,
    T("Replies to one person"),
    T("At most so many on Discord; whoever writes more is answered again after a while."),
    low=1,
    high=60,
    unit=_A_MINUTE,
    advanced=True,
)
SERVER_RATE = Setting(
    "conversation.replies_on_one_server",
    60,
    T("Replies on one server"),
    T("At most so many on Discord, to all people of a server together."),
    low=1,
    high=600,
    unit=_A_MINUTE,
    advanced=True,
)

RATES: tuple[Setting[Any], ...] = (PERSON_RATE, SERVER_RATE)

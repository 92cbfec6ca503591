"""How long things are kept: settings of their own, because the host answers for them."""

from __future__ import annotations

from typing import Any

from core.setting import Setting
from core.words import T

_DAYS = T("days")
_LONGEST = 3650

KEEP_MESSAGES = Setting(
    "privacy.keep_messages_days",
    0,
    T("Keep messages"),
    T("Older ones go, with everything that was learnt from them alone. 0 keeps them."),
    low=0,
    high=_LONGEST,
    unit=_DAYS,
)
KEEP_ARCHIVE = Setting(
    "privacy.keep_archive_days",
    0,
    T("Keep finished conversations"),
    T("Conversations that were put away, with their summaries and files. 0 keeps them."),
    low=0,
    high=_LONGEST,
    unit=_DAYS,
)
KEEP_TRACES = Setting(
    "privacy.keep_traces_days",
    90,
    T("Keep how replies came about"),
    T("Afterwards only the figures are left: no prompt, no words. 0 keeps everything."),
    low=0,
    high=_LONGEST,
    unit=_DAYS,
)
KEEP_LOGS = Setting(
    "privacy.keep_logs_days",
    30,
    T("Keep the log"),
    T("Lines of the program's own log. 0 keeps them until the files are full."),
    low=0,
    high=_LONGEST,
    unit=_DAYS,
)

CONTACT = Setting(
    "privacy.contact",
    "",
    T("How people reach you"),
    T("An address or a name on Discord, for the privacy policy."),
)

# In this order on the pages.
KEEPING: tuple[Setting[int], ...] = (KEEP_MESSAGES, KEEP_ARCHIVE, KEEP_TRACES, KEEP_LOGS)
PRIVACY: tuple[Setting[Any], ...] = (*KEEPING, CONTACT)

"""The settings of echoes, by the names they were asked for."""

from __future__ import annotations

from typing import Any

from core.setting import Setting
from core.words import T

MAX_MESSAGES_PER_ANALYSIS = Setting(
    "echo.max_messages_per_analysis",
    10_000,
    T("Messages for one analysis"),
    T("At most this many of a person's messages are read for an echo."),
    low=100,
    high=50_000,
)
MODEL_TRAINING_TIMEOUT = Setting(
    "echo.model_training_timeout",
    3600,
    T("Longest time to build"),
    T("Building an echo from messages that were read stops after this."),
    low=60,
    high=86_400,
    unit=T("s"),
)
MAX_ACTIVE_SESSIONS_PER_SERVER = Setting(
    "echo.max_active_sessions_per_server",
    5,
    T("Echoes talking at once on a server"),
    T("Each in a channel of its own."),
    low=1,
    high=50,
)
MESSAGE_GENERATION_COOLDOWN = Setting(
    "echo.message_generation_cooldown",
    2.0,
    T("Pause between an echo's replies"),
    T("An echo waits at least this long from one reply to the next."),
    low=0,
    high=300,
    unit=T("s"),
)
DATA_RETENTION_DAYS = Setting(
    "echo.data_retention_days",
    30,
    T("Keep an echo for"),
    T("What was read, and everything made from it, is erased after this. Holds for new requests."),
    low=1,
    high=365,
    unit=T("days"),
)
SESSION_IDLE_MINUTES = Setting(
    "echo.session_idle_minutes",
    30,
    T("An echo leaves after"),
    T("It goes offline by itself when nobody has written in its channel for so long."),
    low=1,
    high=1440,
    unit=T("min"),
    advanced=True,
)

ECHO: tuple[Setting[Any], ...] = (
    MAX_MESSAGES_PER_ANALYSIS,
    DATA_RETENTION_DAYS,
    MODEL_TRAINING_TIMEOUT,
    MAX_ACTIVE_SESSIONS_PER_SERVER,
    MESSAGE_GENERATION_COOLDOWN,
    SESSION_IDLE_MINUTES,
)

"""Every setting, declared once: the page, validation, environment names and docs/settings.md are
made from this table, and `Settings` reads and writes the values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.clock import Clock
from core.echoing import ECHO
from core.errors import SettingInvalid, SettingUnknown
from core.events import Bus, SettingChanged
from core.fair_share import RATES
from core.keeping import PRIVACY
from core.setting import Setting, Value
from core.tongue import LANGUAGE
from core.words import T, Text
from db import state
from db.store import Store

__all__ = ["SECTIONS", "SETTINGS", "Setting", "Settings", "setting"]

SECTIONS: dict[str, Text] = {
    "appearance": T("Appearance"),
    "window": T("Window"),
    "session": T("Session"),
    "conversation": T("Conversation"),
    "brain": T("Models"),
    "memory": T("Memory"),
    "echo": T("Echoes"),
    "privacy": T("Privacy"),
    "storage": T("Storage"),
    "logs": T("Logs"),
}

THEME = Setting(
    "appearance.theme",
    "system",
    T("Theme"),
    T("Light, dark or high contrast; system follows the computer."),
    choices=(
        ("system", T("System")),
        ("light", T("Light")),
        ("dark", T("Dark")),
        ("contrast", T("High contrast")),
    ),
)
MOTION = Setting(
    "appearance.motion", True, T("Motion"), T("Short movements where they help. Off is calmer still.")
)
CLOSE_TO_TRAY = Setting(
    "window.close_to_tray",
    True,
    T("Keep running when the window is closed"),
    T("Echodeck stays beside the clock, and the bot online. Where there is no such place, it ends."),
)
START_WITH_COMPUTER = Setting(
    "window.start_with_computer",
    False,
    T("Start with the computer"),
    T("Opens Echodeck in the background when you log in."),
)
NOTIFICATIONS = Setting(
    "window.notifications",
    True,
    T("Notifications"),
    T("Only what needs you, while the window is not in front: offline, a model or backup failed."),
)
AUTOSTART = Setting(
    "session.start_at_launch",
    False,
    T("Start the bot when Echodeck opens"),
    T("Goes online by itself when a token is kept."),
)
ANSWER_NAME = Setting(
    "conversation.answer_name",
    True,
    T("Answer to its name"),
    T("Replies when somebody writes the persona's name, without a mention."),
)
ANSWER_BOTS = Setting(
    "conversation.answer_bots",
    False,
    T("Answer other bots"),
    T("Off keeps two bots from talking to each other for ever."),
)
TALKATIVENESS = Setting(
    "conversation.talkativeness",
    5,
    T("Talkativeness"),
    T("0 answers mentions, replies and direct messages only; 10 takes up most of what it has words for."),
    low=0,
    high=10,
)
ADMINS_CHANGE_SHARED = Setting(
    "conversation.admins_change_shared",
    False,
    T("Every server's administrators may change your personas"),
    T(
        "When off and the bot is on several servers, what an administrator changes by /admin becomes that "
        "server's own persona, and yours stays as it is."
    ),
    advanced=True,
)
SECOND_LOOK = Setting(
    "conversation.second_look",
    False,
    T("Ask the scoring model when unsure"),
    T("Lets a model of Ollama's judge whether an unclear message was meant for it. Takes a moment longer."),
    advanced=True,
)
BURST_SECONDS = Setting(
    "conversation.burst_seconds",
    2.0,
    T("Wait for people to finish"),
    T("Several messages in a row get one reply, this long after the last of them."),
    low=0,
    high=15,
    unit=T("s"),
)
PACING = Setting(
    "conversation.pacing",
    "brisk",
    T("Pace"),
    T("How long it takes to notice, read and type before a reply appears."),
    choices=(("instant", T("Instant")), ("brisk", T("Brisk")), ("human", T("Like a person"))),
)
TEMPERATURE = Setting(
    "conversation.temperature",
    0.8,
    T("Liveliness"),
    T("Low is predictable, high is surprising."),
    low=0,
    high=1.5,
)
CONVERSATION_FILES = Setting(
    "conversation.files",
    False,
    T("Keep conversations as files too"),
    T("Writes each finished conversation into the data folder as plain JSON. Off keeps them encrypted only."),
    advanced=True,
)
LINKS = Setting(
    "conversation.links",
    "any",
    T("Links it may post"),
    T("A model can be talked into posting a link. Known means: only of the sites named below."),
    choices=(("none", T("None")), ("known", T("Known sites")), ("any", T("Any"))),
)
LINK_SITES = Setting(
    "conversation.link_sites",
    "",
    T("Known sites"),
    T("Separated by commas, for example wikipedia.org, example.org."),
    advanced=True,
)
OPEN_THREADS = Setting(
    "conversation.open_threads",
    False,
    T("Open a thread for a long question"),
    T("A mention with a long question gets its answer in a thread of its own."),
)
TOOLS = Setting(
    "conversation.tools",
    True,
    T("Let the bot use tools"),
    T("The time, dice, polls, reminders, its memory. The model asks, Echodeck decides who may."),
)
SEARCH_URL = Setting(
    "conversation.search_url",
    "",
    T("Web search"),
    T("Address of a SearXNG of yours that answers in JSON. Empty: the bot cannot search."),
    advanced=True,
)
OLLAMA_HOST = Setting(
    "brain.ollama_host",
    "http://127.0.0.1:11434",
    T("Ollama's address"),
    T("Where Ollama answers. It may be on another computer of yours."),
    also=("OLLAMA_HOST",),
)
CHAT_MODEL = Setting(
    "brain.chat_model",
    "auto",
    T("Chat model"),
    T("Writes the replies. Auto takes the best installed one."),
    kind="model",
)
SCORING_MODEL = Setting(
    "brain.scoring_model",
    "auto",
    T("Scoring model"),
    T("Reads and judges in the background. A small one is enough."),
    kind="model",
    advanced=True,
)
EMBEDDING_MODEL = Setting(
    "brain.embedding_model",
    "auto",
    T("Embedding model"),
    T("Finds memories by meaning. Another choice is used from the next start on."),
    kind="model",
    advanced=True,
)
CONTEXT_TOKENS = Setting(
    "brain.context_tokens",
    4096,
    T("Context size"),
    T("How much the model reads at once. More needs more memory."),
    low=1024,
    high=131072,
    unit=T("tokens"),
)
ANSWER_TOKENS = Setting(
    "brain.answer_tokens",
    300,
    T("Longest reply"),
    T("The model stops after this much."),
    low=16,
    high=4096,
    unit=T("tokens"),
)
BACKUP_HOUR = Setting(
    "storage.backup_hour",
    4,
    T("Daily backup at"),
    T("The hour of the day, in this computer's time zone."),
    low=0,
    high=23,
    unit=T("h"),
    kind="hour",
)
CONSOLIDATION_HOUR = Setting(
    "memory.consolidation_hour",
    4,
    T("Sort memories at"),
    T("The hour of the day at which what people wrote becomes facts, in this computer's time zone."),
    low=0,
    high=23,
    unit=T("h"),
    kind="hour",
)
LOG_LEVEL = Setting(
    "logs.level",
    "info",
    T("Detail of the log"),
    T("Debug writes everything; it never writes secrets or prompts."),
    choices=(("debug", T("Debug")), ("info", T("Info")), ("warning", T("Warnings only"))),
)

SETTINGS: tuple[Setting[Any], ...] = (
    LANGUAGE,
    THEME,
    MOTION,
    CLOSE_TO_TRAY,
    START_WITH_COMPUTER,
    NOTIFICATIONS,
    AUTOSTART,
    ANSWER_NAME,
    ANSWER_BOTS,
    TALKATIVENESS,
    ADMINS_CHANGE_SHARED,
    SECOND_LOOK,
    BURST_SECONDS,
    PACING,
    TEMPERATURE,
    CONVERSATION_FILES,
    LINKS,
    LINK_SITES,
    OPEN_THREADS,
    *RATES,
    TOOLS,
    SEARCH_URL,
    OLLAMA_HOST,
    CHAT_MODEL,
    SCORING_MODEL,
    EMBEDDING_MODEL,
    CONTEXT_TOKENS,
    ANSWER_TOKENS,
    CONSOLIDATION_HOUR,
    *(*ECHO, *PRIVACY),
    BACKUP_HOUR,
    LOG_LEVEL,
)


def setting(key: str) -> Setting[Any]:
    """The declaration of `key`.

    Raises:
        SettingUnknown: nothing is declared under it.
    """
    for known in SETTINGS:
        if known.key == key:
            return known
    raise SettingUnknown(key=key)


class Settings:
    """The values: from the environment when it names one, else from the store, else the default.

    Nothing is kept here between reads, so a change shows in the very next turn.
    """

    def __init__(self, store: Store, bus: Bus, clock: Clock, environ: Mapping[str, str]) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._environ = environ

    async def get(self, wanted: Setting[Value]) -> Value:
        """The value in force. A stored value that is no longer valid gives the default."""
        return (await self.every())[wanted.key]  # type: ignore[no-any-return]

    async def every(self) -> dict[str, Any]:
        """All values in force, by key, in one read."""
        kept = await self._store.run(state.every, state.Setting)
        return {known.key: self._in_force(known, kept) for known in SETTINGS}

    async def put(self, wanted: Setting[Value], raw: Any) -> Value:
        """Keep a new value and tell everybody.

        Raises:
            SettingInvalid: see `Setting.parse`.
        """
        value = wanted.parse(raw)
        await self._store.run(state.put, state.Setting, wanted.key, value, self._clock.now())
        self._bus.publish(SettingChanged(wanted.key))
        return value

    async def reset(self, wanted: Setting[Any]) -> None:
        """Go back to the default."""
        await self._store.run(state.forget, state.Setting, wanted.key)
        self._bus.publish(SettingChanged(wanted.key))

    def fixed_by(self, wanted: Setting[Any]) -> str | None:
        """The environment name that sets this value, when one does; the page shows it as fixed."""
        return next((name for name in wanted.environment_names if self._environ.get(name)), None)

    def _in_force(self, known: Setting[Any], kept: Mapping[str, Any]) -> Any:
        name = self.fixed_by(known)
        if name is not None:
            return known.parse(self._environ[name])
        if known.key in kept:
            try:
                return known.parse(kept[known.key])
            except SettingInvalid:
                return known.default
        return known.default

"""The self-test: is everything there that Echodeck needs, and if not, what helps?

It looks and changes nothing, so it can run beside a running Echodeck. Every check ends in a sentence,
whatever happens.
"""

from __future__ import annotations

import asyncio
import logging
import platform
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import metadata, util
from pathlib import Path
from typing import Any

import psutil

from core import VERSION
from core.clock import Clock, SystemClock
from core.errors import EchodeckError, FolderUnusable, SettingInvalid, explain
from core.events import Bus
from core.llm.brain import Role
from core.llm.ollama import OllamaBrain
from core.llm.roles import Roles, Wish, fits
from core.llm.starter import StarterBrain
from core.screen import has_screen, missing_packages
from core.secrets import Keyring, Secrets
from core.session import TokenReport
from core.settings import CHAT_MODEL, OLLAMA_HOST, SETTINGS, Settings
from core.words import T, Text, say
from db import backup, header, keys, messages, upgrade
from db.faults import StoreFault
from db.header import KeySource
from db.keys import KeyFound
from db.store import Store

log = logging.getLogger(__name__)

GIB = 1024**3
LITTLE_SPACE, NO_SPACE = 2 * GIB, GIB // 5
OLD_BACKUP = timedelta(days=3)
PATIENCE_S = 30.0


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
    """

    name: str
    state: CheckState
    detail: Text
    fix: Text | None = None

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


def warn(name: str, detail: Text, fix: Text) -> Check:
    return Check(name, CheckState.WARN, detail, fix)


def fail(name: str, detail: Text, fix: Text) -> Check:
    return Check(name, CheckState.FAIL, detail, fix)


@dataclass
class Doctor:
    """Looks at one Echodeck.

    Args:
        ask_discord: asks Discord about a token; None to leave the network alone.
        keyring: answers the computer's keyring.
    """

    data_dir: Path
    environ: Mapping[str, str]
    keyring: Callable[[], Awaitable[Keyring | None]] = keys.computer_keyring
    clock: Clock = field(default_factory=SystemClock)
    ask_discord: Callable[[str], Awaitable[TokenReport]] | None = None
    platform: str = sys.platform

    async def examine(self) -> list[Check]:
        """Every check, in the order in which they matter."""
        self._store: Store | None = None
        self._found: KeyFound | None = None
        self._ring: Keyring | None = None
        async with AsyncExitStack() as opened:
            return [
                await self._guarded("program", self._program),
                await self._guarded("folder", self._folder),
                await self._guarded("space", self._space),
                await self._guarded("key", self._key),
                await self._guarded("store", lambda: self._open_store(opened)),
                await self._guarded("backup", self._backup),
                await self._guarded("settings", self._settings),
                await self._guarded("token", self._token),
                await self._guarded("discord", self._discord),
                await self._guarded("ollama", self._ollama),
                await self._guarded("model", self._model),
                await self._guarded("starter", self._starter),
                await self._guarded("screen", self._screen),
                await self._guarded("libraries", self._libraries),
                await self._guarded("clock", self._clock_is_sane),
            ]

    async def _guarded(self, name: str, check: Callable[[], Awaitable[Check]]) -> Check:
        """Whatever goes wrong in a check is what it found."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await check()
        except TimeoutError:
            limit = T("This took longer than {seconds} seconds.", seconds=int(PATIENCE_S))
            return fail(name, limit, T("Close other programs and run the self-test again."))
        except (EchodeckError, StoreFault) as error:
            told = explain(error)
        except Exception as error:
            log.exception("the check %s broke", name)
            told = explain(error)
        return fail(name, told.what, told.step)

    # --- the program and its place -------------------------------------------------------------

    async def _program(self) -> Check:
        about = T(
            "Echodeck {version} on Python {python}, {system}",
            version=VERSION,
            python=platform.python_version(),
            system=platform.system(),
        )
        qt = _version_of("PySide6_Essentials")
        if qt is None:
            return fail("program", T("The window's library PySide6 is not installed."), T("Run: make setup"))
        if qt.startswith("6.12.") and sys.version_info < (3, 12):
            unfit = T("PySide6 {qt} ends the program on Python before 3.12.", qt=qt)
            return fail("program", unfit, T("Run: make setup"))
        return ok("program", about)

    async def _folder(self) -> Check:
        if not self.data_dir.exists():
            return ok("folder", T("{path} will be made at the first start.", path=self.data_dir))
        await asyncio.to_thread(_write_something, self.data_dir)
        return ok("folder", T("{path} can be written.", path=self.data_dir))

    async def _space(self) -> Check:
        place = next(path for path in (self.data_dir, *self.data_dir.absolute().parents) if path.exists())
        free = psutil.disk_usage(str(place)).free
        told = T("{free} GB are free.", free=f"{free / GIB:.1f}")
        free_some = T("Free some space: models and backups need a few GB.")
        if free < NO_SPACE:
            return fail("space", told, free_some)
        return warn("space", told, free_some) if free < LITTLE_SPACE else ok("space", told)

    # --- what is kept --------------------------------------------------------------------------

    @property
    def _path(self) -> Path:
        return self.data_dir / keys.STORE_FILE

    async def _key(self) -> Check:
        if not self._path.exists() and header.read(self.data_dir) is None:
            return skip("key", T("Nothing is kept yet."))
        self._ring = await self.keyring()
        self._found = await keys.find(self.data_dir, self.environ, self._ring, self.clock.now, make_new=False)
        if keys.is_exposed(self.data_dir):
            path = self.data_dir / keys.KEY_FILE
            return fail(
                "key",
                T("Others on this computer can read the key of your data."),
                T("Run: chmod 600 {path}", path=path),
            )
        if self._found.source is KeySource.KEY_FILE:
            return warn(
                "key",
                T("The key of your data lies in a file beside it, as this computer has no keyring."),
                T("Keep the folder on an encrypted disk, or give the key in ECHODECK_KEY."),
            )
        return ok("key", T("The key of your data is in: {source}.", source=self._found.source.value))

    async def _open_store(self, opened: AsyncExitStack) -> Check:
        if self._found is None:
            return skip("store", T("Nothing is kept yet."))
        store = await Store.open(self._path, self._found.key, read_only=True)
        opened.push_async_callback(store.close)
        if store.schema and store.schema < upgrade.known():
            return ok("store", T("The data is of an older Echodeck; the next start brings it up to date."))
        found = await store.check()
        if found.problems:
            newest = backup.newest_path(self._path)
            return fail(
                "store",
                T("The data file is damaged: {problem}.", problem=found.problems[0]),
                T("Restore the newest backup: {backup}.", backup=newest),
            )
        self._store = store
        kept, _ = await store.read(messages.counts, "discord", None)
        size = f"{self._path.stat().st_size / 1024**2:.1f}"
        return ok("store", T("The data file is whole: {kept} messages, {size} MB.", kept=kept, size=size))

    async def _backup(self) -> Check:
        written = header.read(self.data_dir) if self.data_dir.exists() else None
        if written is None or self._found is None:
            return skip("backup", T("Nothing is kept yet."))
        newest = backup.newest(self._path)
        make_one = T("Leave Echodeck running at the hour of the daily backup.")
        if newest is None:
            young = self.clock.now() - datetime.fromisoformat(written.created) < OLD_BACKUP
            told = T("There is no backup yet.")
            return ok("backup", told) if young else warn("backup", told, make_one)
        days = newest.age(self.clock.now()).days
        told = T("The newest backup is {days} days old.", days=days)
        return warn("backup", told, make_one) if days >= OLD_BACKUP.days else ok("backup", told)

    # --- Discord -------------------------------------------------------------------------------

    async def _settings(self) -> Check:
        await self._values()
        fixed = sorted(
            name for known in SETTINGS for name in known.environment_names if self.environ.get(name)
        )
        if fixed:
            return ok("settings", T("Set by the environment: {names}.", names=", ".join(fixed)))
        return ok("settings", T("All settings can be used."))

    async def _values(self) -> dict[str, Any]:
        if self._store is not None:
            return await Settings(self._store, Bus(), self.clock, self.environ).every()
        values: dict[str, Any] = {}
        for known in SETTINGS:
            name = next((name for name in known.environment_names if self.environ.get(name)), None)
            values[known.key] = known.parse(self.environ[name]) if name else known.default
        return values

    async def _kept_token(self) -> str | None:
        if given := self.environ.get("ECHODECK_TOKEN", "").strip():
            return given
        if self._store is None or self._found is None:
            return None
        secrets = Secrets(self._store, self.clock, self.environ, self._ring, self._found.store)
        return await secrets.token()

    async def _token(self) -> Check:
        if self.environ.get("ECHODECK_TOKEN"):
            return ok("token", T("The bot's token comes from the environment."))
        if await self._kept_token() is None:
            return warn(
                "token",
                T("There is no bot token yet."),
                T("Open the set-up guide and paste the token of your bot."),
            )
        return ok("token", T("A bot token is kept."))

    async def _discord(self) -> Check:
        token = await self._kept_token()
        if self.ask_discord is None:
            return skip("discord", T("Discord was not asked; add --online to ask it."))
        if token is None:
            return skip("discord", T("There is no bot token yet."))
        report = await self.ask_discord(token)
        if report.missing_intents:
            missing = ", ".join(report.missing_intents)
            return warn(
                "discord",
                T(
                    "{name} may not read everything: {missing} is switched off.",
                    name=report.name,
                    missing=missing,
                ),
                T("Switch it on in the Developer Portal under Bot, or let the set-up guide do it."),
            )
        return ok(
            "discord",
            T("Discord knows {name}, on {servers} servers.", name=report.name, servers=report.servers),
        )

    # --- brains --------------------------------------------------------------------------------

    async def _ollama(self) -> Check:
        host = await self._ollama_host()
        brain = OllamaBrain(host)
        try:
            installed = await brain.list_models()
        except EchodeckError as error:
            told = explain(error)
            return warn("ollama", told.what, told.step)
        finally:
            await brain.close()
        if not installed:
            nothing = T("Ollama answers at {host}, but has no model.", host=host)
            return warn("ollama", nothing, T("Download one on the Models page."))
        return ok("ollama", T("Ollama answers at {host}, models: {n}.", host=host, n=len(installed)))

    async def _ollama_host(self) -> str:
        try:
            return str((await self._values())[OLLAMA_HOST.key])
        except SettingInvalid:
            return OLLAMA_HOST.default

    async def _model(self) -> Check:
        values = await self._values()

        async def wish(role: Role) -> Wish:
            return Wish(values[CHAT_MODEL.key], values[OLLAMA_HOST.key])

        roles = Roles(wish, StarterBrain())
        try:
            choice = await roles.choose(Role.CHAT)
            installed = await choice.brain.list_models()
        finally:
            await roles.close()
        size = next((model.size_bytes for model in installed if model.name == choice.model), 0)
        smaller = T("Choose a smaller model on the Models page.")
        if not fits(size):
            tight = T("{model} is larger than this computer's memory likes.", model=choice.model)
            return warn("model", tight, smaller)
        if choice.fallback is not None:
            return warn(
                "model",
                T("{model} answers, because {why}", model=choice.model, why=choice.fallback),
                T("Install Ollama and a model for replies that make sense."),
            )
        return ok("model", T("{model} answers, and fits this computer's memory.", model=choice.model))

    async def _starter(self) -> Check:
        if not StarterBrain().installed or util.find_spec("xllamacpp") is None:
            told = T("The starter brain is not installed.")
            return warn("starter", told, T("Run the set-up again (make setup), or install Ollama."))
        return ok("starter", T("The starter brain is there."))

    # --- the computer --------------------------------------------------------------------------

    async def _screen(self) -> Check:
        if has_screen(self.environ, self.platform):
            return ok("screen", T("A window can be shown."))
        return warn(
            "screen",
            T("There is no screen here, so the window cannot open."),
            T("Use the practice chat (main.py chat) or host without a window (main.py --headless)."),
        )

    async def _libraries(self) -> Check:
        missing = " ".join(missing_packages(self.environ, self.platform))
        if missing:
            return fail(
                "libraries",
                T("A system library that the window needs is missing: {package}.", package=missing),
                T("Install it with: sudo apt install {package}", package=missing),
            )
        return ok("libraries", T("The system libraries of the window are there."))

    async def _clock_is_sane(self) -> Check:
        now = self.clock.now()
        written = header.read(self.data_dir) if self.data_dir.exists() else None
        set_it = T("Set the computer's clock.")
        if now.year < 2026:
            return fail("clock", T("The computer's clock says {now}.", now=f"{now:%Y-%m-%d}"), set_it)
        if written is not None and now < datetime.fromisoformat(written.created) - timedelta(days=1):
            return warn("clock", T("The computer's clock stands before the day your data was made."), set_it)
        return ok("clock", T("It is {now} UTC.", now=f"{now:%Y-%m-%d %H:%M}"))


def _version_of(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _write_something(folder: Path) -> None:
    probe = folder / ".doctor"
    try:
        probe.write_bytes(b"ok")
        probe.unlink()
    except OSError as error:
        raise FolderUnusable(path=str(folder), detail=error.strerror or str(error)) from error

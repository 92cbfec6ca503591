"""Echodeck: the command line, and the one place that knows every part.

Reads what is wanted, wires the parts in their written order, runs, and puts every error into a sentence.
Parts are imported where they are needed: the starter brain's worker, the terminal and the self-test
must not wait for Qt.
"""

from __future__ import annotations

import sys

if __name__ == "__main__" and sys.argv[1:3] == ["--worker", "starter"]:
    from core.llm.starter_worker import run_worker

    sys.exit(run_worker(sys.argv[3:]))

import argparse
import asyncio
import json
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import VERSION, tongue
from core.commandline import read_arguments, speak_utf8
from core.errors import FolderUnusable, NoScreen, TokenMissingHere, explain
from core.hidden import hide
from core.logs import LogSetup, set_up_logging, watch_loop
from core.words import T, Text, say

if TYPE_CHECKING:
    from core.app import App, Config
    from core.session import DiscordReport, LateSession, Session

log = logging.getLogger("main")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; answers the exit status: 0, or 1 with a sentence on stderr."""
    speak_utf8()
    for secret in ("ECHODECK_TOKEN", "ECHODECK_KEY", "ECHODECK_PASSPHRASE", "ECHODECK_PASSPHRASE_NEW"):
        hide(os.environ.get(secret))
    known = (desktop, headless, chat, doctor, backup, tour, commands)
    options = read_arguments({command.__name__: command for command in known}, arguments)
    tongue.begin(os.environ, options.data_dir, "en" if getattr(options, "json", False) else "")
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone: end without a word, also when Python flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:  # noqa: BLE001 - whatever it is, a person reads a sentence
        return _told(error)


# --- the commands ------------------------------------------------------------------------------


def desktop(options: argparse.Namespace) -> int:
    """The desktop app; without a screen, the terminal host with the practice chat."""
    from core.screen import make_sure_a_window_can_open, named_after

    try:
        make_sure_a_window_can_open(os.environ)
    except NoScreen as error:
        _complain(T("{what} Here is the practice chat instead.", what=error.what))
        return _run(_host_at_the_terminal(options))
    try:
        from gui import splash

        if not splash.begin(options.data_dir, options.minimised):
            return 0
        from gui import desktop as window
    except ImportError as error:
        raise named_after(error) or error from error
    try:
        logs = _logging(options, "warning")
    except FolderUnusable:
        logs = set_up_logging(None, "warning", sys.stderr)  # the window will say what is wrong, and try again
    with logs:
        open_host = partial(_open_host, options, logs)
        return window.run(options.data_dir, open_host, partial(_session, options=options), options.minimised)


def headless(options: argparse.Namespace) -> int:
    """Host the bot without a window."""
    return _run(_host_alone(options))


def chat(options: argparse.Namespace) -> int:
    """The practice room in the terminal."""
    return _run(_practise(options))


def doctor(options: argparse.Namespace) -> int:
    """The self-test. 0 whenever it could run, whatever it found."""
    return _run(_examine(options))


def backup(options: argparse.Namespace) -> int:
    """Backups and keys, without a window."""
    from core.safekeeping import keep_safe

    return _run(keep_safe(options, os.environ, lambda told: _print(say(told))))


def tour(options: argparse.Namespace) -> int:
    """Visit every page on sample data and keep a picture of each."""
    from core.screen import has_screen, make_sure_a_window_can_open

    if not has_screen(os.environ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    make_sure_a_window_can_open(os.environ)
    from gui import tour as visit

    with set_up_logging(None, "warning", sys.stderr, "warning"):
        return int(visit.run(options.screenshots, visit.Wanted.of(options)))


def commands(options: argparse.Namespace) -> int:
    """The commands of the bot, as Discord is told of them."""
    from bot.commands.page import as_sent, page

    sent = asyncio.run(as_sent()) if options.json else None
    _print(asyncio.run(page()) if sent is None else json.dumps(sent, ensure_ascii=False, indent=1))
    return 0


def _run(work: Coroutine[Any, Any, int]) -> int:
    """Run a command that has no window. SIGTERM ends it in its order, as Ctrl+C does, and is no failure."""

    async def until_told() -> int:
        told = asyncio.Event()
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def stop() -> None:
            told.set()
            task.cancel()

        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(signal.SIGTERM, stop)
        try:
            return await work
        except asyncio.CancelledError:
            if told.is_set():
                return 0
            raise

    return asyncio.run(until_told())


# --- hosting -----------------------------------------------------------------------------------


async def _host_alone(options: argparse.Namespace) -> int:
    from core.stage import cast

    with _logging(options, "info") as logs:
        async with _open_host(options, logs) as app:
            if not await app.secrets.token():
                raise TokenMissingHere
            await cast(app, None)  # a bot that is nobody stays silent
            session = _session(app, options)
            await session.start()
            try:
                return await _until_it_fails(app, session)
            finally:
                await session.stop()


async def _host_at_the_terminal(options: argparse.Namespace) -> int:
    """The practice chat on the host's own data, with the bot on Discord beside it when there is a token."""
    from core.stage import cast
    from core.terminal import talk

    with _logging(options, "warning") as logs:
        async with _open_host(options, logs) as app:
            await cast(app, None)
            session = _session(app, options)
            hosting = bool(await app.secrets.token())
            if hosting:
                await session.start()
            try:
                left = await talk(app, sys.stdout)
                return await _until_it_fails(app, session) if hosting and not left else 0
            finally:
                await session.stop()


async def _until_it_fails(app: App, session: Session) -> int:
    """Wait for the session's failure; Ctrl+C and SIGTERM cancel this."""
    from core.session import failed

    trouble = await failed(session, app.bus)
    _complain(trouble.what, trouble.step)
    return 1


@asynccontextmanager
async def _open_host(options: argparse.Namespace, logs: LogSetup) -> AsyncIterator[App]:
    """Open the host's own data, with what main adds: the log's level and what is said once."""
    from core.app import open_app

    watch_loop(asyncio.get_running_loop())
    async with open_app(await _host_config(options)) as app:
        following = asyncio.create_task(_follow_log_level(app, logs, options), name="log level")
        log.info("Echodeck %s opened %s", VERSION, app.config.data_dir)
        for text in app.said:
            _complain(text)
        try:
            yield app
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def _follow_log_level(app: App, logs: LogSetup, options: argparse.Namespace) -> None:
    """Write as much as the setting says, also when it changes."""
    from core.events import SettingChanged
    from core.settings import LOG_LEVEL

    changed = asyncio.Event()
    listening = app.bus.listen(SettingChanged, lambda _: changed.set())
    try:
        while True:
            changed.clear()
            logs.set_level("debug" if options.verbose else await app.settings.get(LOG_LEVEL))
            await changed.wait()
    finally:
        listening.end()


async def _host_config(options: argparse.Namespace) -> Config:
    from core.app import Config
    from core.clock import local_zone
    from db.keyrings import computer_keyring

    given = os.environ.get("ECHODECK_KEY") or os.environ.get("ECHODECK_KEY_FILE")
    return Config(
        data_dir=options.data_dir,
        environ=dict(os.environ),
        keyring=None if given else await computer_keyring(),
        zone=local_zone(),
    )


def _session(app: App, options: argparse.Namespace) -> LateSession:
    """The bot's life on Discord; discord.py is loaded when it is first started or asked."""
    from core.session import LateSession

    def load() -> Callable[[], Session]:
        from bot.client import DiscordSession
        from bot.services import services_of

        made = partial(DiscordSession, app.line, app.secrets, app.bus, app.config.clock)
        return partial(made, options.discord_api, options.discord_gateway, services=services_of(app))

    return LateSession(load)


# --- the practice chat -------------------------------------------------------------------------


async def _practise(options: argparse.Namespace) -> int:
    from core.stage import cast, chosen, open_stage
    from core.terminal import as_line, play, read_lines, talk

    persona = chosen(options.persona) if options.persona else None
    by_hand = sys.stdin is not None and sys.stdin.isatty() and not options.json
    host = await _host_config(options) if options.data_dir_given else None
    with set_up_logging(None, "debug" if options.verbose else "warning", sys.stderr):
        watch_loop(asyncio.get_running_loop())
        stage = open_stage(os.environ, host, options.brain, options.pacing, options.seed, by_hand=by_hand)
        async with stage as (app, clock):
            name = await cast(app, persona)
            if clock is None:
                await talk(app, sys.stdout)
                return 0

            def answer(result: dict[str, Any]) -> None:
                _print(json.dumps(result, ensure_ascii=False) if options.json else as_line(name, result))

            unread = await play(app, clock, read_lines(0), options.gap, answer, _complain)
    return 1 if unread else 0


# --- the self-test -----------------------------------------------------------------------------


async def _examine(options: argparse.Namespace) -> int:
    from core.doctor.examine import examine

    ask = partial(_ask_discord, options.discord_api) if options.online else None
    with set_up_logging(None, "debug" if options.verbose else "error", sys.stderr):
        checks = await examine(options.data_dir, os.environ, ask_discord=ask)
    if options.json:
        _print(json.dumps({"checks": [check.plain() for check in checks]}, ensure_ascii=False, indent=1))
        return 0
    for check in checks:
        step = f"\n{'':17} → {say(check.fix)}" if check.fix is not None else ""
        _print(f"{check.state.value:>4}  {check.name:<11} {say(check.detail)}{step}")
    return 0


async def _ask_discord(api_url: str | None, token: str) -> DiscordReport:
    from bot import checkup

    return await checkup.look(token, api_url)


# --- words in and out --------------------------------------------------------------------------


def _logging(options: argparse.Namespace, stderr_level: str) -> LogSetup:
    folder: Path = options.data_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        least = "debug" if options.verbose else stderr_level
        return set_up_logging(folder / "logs", "info", sys.stderr, least, host=True)
    except OSError as error:
        raise FolderUnusable(path=str(folder), detail=error.strerror or str(error)) from error


def _print(line: str) -> None:
    print(line, flush=True)


def _complain(*sentences: Text | str) -> None:
    print(*(say(sentence) for sentence in sentences), file=sys.stderr, flush=True)


def _told(error: Exception) -> int:
    """Say what went wrong and what helps; the details are for the log."""
    told = explain(error)
    if told.code == "Unexpected":
        log.critical("it ended unexpectedly", exc_info=error)
    _complain(told.what, told.step)
    return 1


if __name__ == "__main__":
    sys.exit(main())

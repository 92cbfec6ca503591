"""The command line: what can be asked for, with an example each. main.py does it."""

from __future__ import annotations

import argparse
import io
import math
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

import platformdirs

from core import VERSION
from core.words import languages

Command = Callable[[argparse.Namespace], int]

_BRAINS = "starter, ollama:NAME, none (everything runs but the writing), or auto"


class _Parser(argparse.ArgumentParser):
    """Answers a mistake in one sentence, with exit status 1."""

    def error(self, message: str) -> NoReturn:
        print(f"{message[:1].upper()}{message[1:]}. Try: {self.prog} --help", file=sys.stderr)  # noqa: T201
        raise SystemExit(1)


def read_arguments(
    commands: Mapping[str, Command], arguments: list[str] | None, environ: Mapping[str, str] = os.environ
) -> argparse.Namespace:
    """What the command line asks for; `run` of the answer is the command.

    Args:
        commands: desktop, headless, chat, doctor, backup, tour and commands.
        arguments: without the program's name; None for those of this process.
    """
    options = _parser(commands).parse_args(arguments)
    options.data_dir_given = hasattr(options, "data_dir")
    if not options.data_dir_given:
        own = environ.get("ECHODECK_DATA_DIR") or platformdirs.user_data_dir("Echodeck", appauthor=False)
        options.data_dir = Path(own)
    for name in ("discord_api", "discord_gateway", "verbose"):
        setattr(options, name, getattr(options, name, None))
    if getattr(options, "headless", False):
        options.run = commands["headless"]
    return options


def _parser(commands: Mapping[str, Command]) -> _Parser:
    parser = _command(
        _Parser,
        description="Host a human-like Discord persona from your own computer, on local models. "
        "Without a command it opens the window.",
        example="python main.py --data-dir ~/echodeck",
    )
    parser.add_argument("--version", action="version", version=f"Echodeck {VERSION}")
    parser.add_argument(
        "--headless", action="store_true", help="host the bot without a window, e.g. on a server"
    )
    parser.add_argument(
        "--minimised", action="store_true", help="open the window in the background, as at log-in"
    )
    parser.set_defaults(run=commands["desktop"])
    found = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    _add_chat(found, commands["chat"])
    _add_doctor(found, commands["doctor"])
    _add_backup(found, commands["backup"])
    _add_tour(found, commands["tour"])
    _add_commands(found, commands["commands"])
    return parser


def _add_chat(found: argparse._SubParsersAction[_Parser], run: Command) -> None:
    chat = _command(
        found.add_parser,
        "chat",
        help="the practice room in the terminal",
        description="Talk with the persona in the terminal, without Discord. From a pipe it reads lines "
        '"name: text", "name -> name: text" (a reply), "#channel name: text", and "@10m" (the clock moves '
        "on); @bot is a mention. Nothing of it touches your own data: the talk is forgotten at the end, "
        "unless --data-dir names a folder to keep it in.",
        example="echo 'Ada: hello @bot' | python main.py chat --json --brain starter --seed 1",
    )
    chat.add_argument("--json", action="store_true", help="print one JSON object a line, and nothing else")
    chat.add_argument("--persona", metavar="NAME|CARD.json", help="a sample persona, or a V2 character card")
    chat.add_argument("--brain", type=_brain, default="auto", metavar="BRAIN", help=_BRAINS)
    chat.add_argument("--seed", type=int, metavar="N", help="make the run repeatable")
    chat.add_argument(
        "--gap", type=_seconds, default=20.0, metavar="S", help="seconds between piped lines (default: 20)"
    )
    chat.add_argument(
        "--pacing", choices=("instant", "human"), default="instant", help="how long a reply takes to appear"
    )
    chat.set_defaults(run=run)


def _add_doctor(found: argparse._SubParsersAction[_Parser], run: Command) -> None:
    doctor = _command(
        found.add_parser,
        "doctor",
        help="the self-test",
        description="Look whether everything is there that Echodeck needs, and say what helps. Changes "
        "nothing; may be asked beside a running Echodeck.",
        example="python main.py doctor --json",
    )
    doctor.add_argument("--json", action="store_true", help="print one JSON object, and nothing else")
    doctor.add_argument("--online", action="store_true", help="ask Discord about the token, too")
    doctor.set_defaults(run=run)


def _add_backup(found: argparse._SubParsersAction[_Parser], run: Command) -> None:
    backup = _command(
        found.add_parser,
        "backup",
        help="backups and keys",
        description="Make a backup, put one back, move everything to another computer, and what to do "
        "about the key. Echodeck must not be running. A passphrase is asked for, or taken from "
        "ECHODECK_PASSPHRASE (a new one from ECHODECK_PASSPHRASE_NEW).",
        example="python main.py backup --restore everything.echodeck",
    )
    what = backup.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="list the backups")
    what.add_argument("--restore", type=Path, metavar="FILE", help="put back a backup or a packed file")
    what.add_argument("--pack", type=Path, metavar="FILE", help="put everything into one file for moving")
    what.add_argument("--passphrase", action="store_true", help="set or change the recovery passphrase")
    what.add_argument("--unlock", action="store_true", help="get a lost key back by the recovery passphrase")
    what.add_argument("--new-key", action="store_true", help="write data and backups under a new key")
    backup.set_defaults(run=run)


def speak_utf8() -> None:
    """UTF-8 whatever the locale says; what cannot be said is escaped. A windowed program has no streams."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _add_tour(found: argparse._SubParsersAction[_Parser], run: Command) -> None:
    tour = _command(
        found.add_parser,
        "tour",
        help="a picture of every page",
        description="Open the window on sample data, visit every page with its panels and questions, and "
        "keep a picture of each: at 1280x800, in light and in dark, in English.",
        example="python main.py tour --screenshots docs/screenshots",
    )
    tour.add_argument("--screenshots", type=Path, required=True, metavar="DIR", help="where the pictures go")
    tour.add_argument("--all", action="store_true", help="three sizes, all looks, all languages")
    tour.add_argument(
        "--sizes", type=_sizes, default=(), metavar="LIST", help="of the window, e.g. 1000x700,3840x2160"
    )
    tour.add_argument(
        "--themes",
        type=partial(_listed, known=("light", "dark", "contrast")),
        default=(),
        metavar="LIST",
        help="of light, dark and contrast",
    )
    tour.add_argument(
        "--languages",
        type=partial(_listed, known=languages()),
        default=(),
        metavar="LIST",
        help="the languages' codes, e.g. en,de",
    )
    tour.add_argument(
        "--scale", type=int, choices=(1, 2, 3), default=1, help="pixels of a picture to one of the window"
    )
    tour.set_defaults(run=run)


def _listed(words: str, known: Sequence[str]) -> tuple[str, ...]:
    """The words of a list, each of them known."""
    given = tuple(word.strip() for word in words.split(","))
    for word in given:
        if word not in known:
            raise argparse.ArgumentTypeError(f"{word!r} is none of {', '.join(known)}")
    return given


def _sizes(words: str) -> tuple[tuple[int, int], ...]:
    """The sizes in a list such as 1000x700,1280x800."""
    found = [re.fullmatch(r"(\d{3,4})x(\d{3,4})", word.strip()) for word in words.split(",")]
    sizes = tuple((int(each[1]), int(each[2])) for each in found if each is not None)
    if len(sizes) < len(found):
        raise argparse.ArgumentTypeError(f"{words!r} is no list of sizes such as 1000x700,1280x800")
    return sizes


def _add_commands(found: argparse._SubParsersAction[_Parser], run: Command) -> None:
    commands = _command(
        found.add_parser,
        "commands",
        help="the bot's own commands",
        description="Print what members and moderators can ask of the bot by command on Discord.",
        example="python main.py commands --json",
    )
    commands.add_argument("--json", action="store_true", help="print them as Discord is told of them")
    commands.set_defaults(run=run)


def _command(make: Callable[..., _Parser], *name: str, example: str, **about: str) -> _Parser:
    """A parser with what every command has: its example, and the options that may stand anywhere."""
    parser = make(
        *name,
        epilog=f"Example:\n  {example}",
        formatter_class=_Help,
        allow_abbrev=False,
        **about,
    )
    # Without a default of their own, an option before the command is not undone by the command's parser.
    everywhere = parser.add_argument_group("everywhere")
    everywhere.add_argument(
        "--data-dir",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="DIR",
        help="the folder that holds everything (ECHODECK_DATA_DIR)",
    )
    everywhere.add_argument(
        "--verbose", action="store_true", default=argparse.SUPPRESS, help="say everything on stderr"
    )
    for option, what in (("--discord-api", "API"), ("--discord-gateway", "gateway")):
        everywhere.add_argument(
            option,
            default=argparse.SUPPRESS,
            metavar="URL",
            help=f"the {what} of another Discord-compatible server (advanced)",
        )
    return parser


class _Help(argparse.RawDescriptionHelpFormatter):
    """Fills the description, leaves the example as it is."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if text.startswith("Example:"):
            return super()._fill_text(text, width, indent)
        return argparse.HelpFormatter._fill_text(self, text, width, indent)


def _brain(text: str) -> str:
    if text in ("auto", "starter", "none") or (text.startswith("ollama:") and len(text) > len("ollama:")):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no brain; choose {_BRAINS}")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if 0 <= seconds <= 86_400:
        return seconds
    raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0 to 86400")

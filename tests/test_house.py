"""The rules of the house, kept by machine: floors, words, errors, tidy files, papers up to date."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from urllib.parse import urlsplit

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from packaging.requirements import Requirement

from bot.commands import page as commands_page
from core import VERSION, settings_page
from core.errors import EchodeckError, explain
from core.server import refusals
from core.store_words import STORE_WORDS
from db import faults

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = ("gui", "bot", "core", "db")
LONGEST_FILE = 350  # "about 300"


@cache
def tracked() -> tuple[Path, ...]:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, check=False)
    if told.returncode:
        pytest.skip("not a git clone")
    return tuple(
        path for name in told.stdout.decode().split("\0") if name and (path := HOUSE / name).is_file()
    )


@cache
def sources() -> dict[str, ast.Module]:
    """Every Python file of the product, read, by its path from the root."""
    files = [HOUSE / "main.py", *(path for room in ROOMS for path in sorted((HOUSE / room).rglob("*.py")))]
    return {
        str(path.relative_to(HOUSE)): ast.parse(path.read_text("utf-8")) for path in files if path.is_file()
    }


def calls() -> Iterator[tuple[str, ast.Call]]:
    for name, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield f"{name}:{node.lineno}", node


def spoken() -> Iterator[tuple[str, ast.Call]]:
    """The calls that put words into the catalogue: `T`, `say` and `count` of core/words.py."""
    for name, tree in sources().items():
        words = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "core.words"
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in words:
                yield f"{name}:{node.lineno}", node


def called(call: ast.Call) -> str:
    """The last word of what is called: `c` of `a.b.c(…)`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_the_floors_hold() -> None:
    told = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout[-2000:]


def test_no_dialog_holds_up_the_loop() -> None:
    assert [where for where, call in calls() if called(call) in ("exec", "exec_")] == []


def test_nothing_sleeps_on_the_clock() -> None:
    sleeping = [where for where, call in calls() if ast.unparse(call.func) in ("time.sleep", "sleep")]
    assert sleeping == []


def test_no_task_is_started_and_let_go() -> None:
    lost = [
        f"{name}:{node.lineno}"
        for name, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and called(node.value) in ("create_task", "ensure_future")
        and ast.unparse(node.value.func).split(".")[0] not in ("group", "tasks")
    ]
    assert lost == []


def test_no_failure_is_swallowed() -> None:
    swallowed = [
        f"{name}:{node.lineno}"
        for name, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and all(isinstance(line, ast.Pass) for line in node.body)
    ]
    assert swallowed == []


def test_a_file_has_one_idea() -> None:
    long = {
        name: lines
        for name in sources()
        if (lines := len((HOUSE / name).read_text("utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_names_come_from_the_field() -> None:
    vague = re.compile(r"(?<!^InMemoryConversation)(Manager|Handler|Utils?|Helpers?)$")  # asked for by name
    classes = [
        f"{name}:{node.name}"
        for name, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and vague.search(node.name)
    ]
    files = [name for name in sources() if vague.search(Path(name).stem.capitalize())]
    assert classes + files == []


def test_what_people_read_can_be_translated() -> None:
    """The first argument is a literal: an f-string or a sum would never be found in the catalogue."""
    wrong = []
    for where, call in spoken():
        if called(call) not in ("T", "say", "count"):
            continue
        wrong += [
            where
            for key in call.args[: 2 if called(call) == "count" else 1]
            if isinstance(key, (ast.JoinedStr, ast.BinOp))
            or (called(call) != "say" and not isinstance(key, ast.Constant))
        ]
    assert wrong == []


def test_parameters_are_named_and_given() -> None:
    """Every `{name}` in a sentence is handed in where the sentence is said."""
    wrong = []
    for where, call in spoken():
        given = {keyword.arg for keyword in call.keywords}
        is_template = called(call) == "T" and not given  # filled in where it is said
        if called(call) not in ("T", "say", "count") or None in given or is_template:
            continue
        for key in call.args[: 2 if called(call) == "count" else 1]:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                asked = fields(key.value) - ({"n"} if called(call) == "count" else set())
                wrong += [f"{where}: {name}" for name in asked - given]
    assert wrong == []


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def known_errors() -> list[type[EchodeckError]]:
    assert issubclass(refusals.Refusal, EchodeckError)  # its page is read too
    found: list[type[EchodeckError]] = []
    waiting = [EchodeckError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


@pytest.mark.parametrize("kind", known_errors(), ids=lambda kind: kind.__name__)
def test_an_error_has_a_sentence_and_a_next_step(kind: type[EchodeckError]) -> None:
    params = {name: f"<{name}>" for name in fields(kind.sentence) | fields(kind.next_step)}
    told = explain(kind(**params))
    for words in (str(told.what), str(told.step)):
        assert len(words) > 10
        assert words[0].isupper() or words.startswith(("<", "docs/"))
        assert words.rstrip().endswith((".", ">", "!"))
        assert "{" not in words


def known_faults() -> list[type[faults.StoreFault]]:
    return faults.StoreFault.__subclasses__()


@pytest.mark.parametrize("kind", known_faults(), ids=lambda kind: kind.__name__)
def test_a_fault_of_the_store_has_a_sentence_and_a_next_step(kind: type[faults.StoreFault]) -> None:
    what, step = STORE_WORDS[kind]
    told = explain(kind(**{name: f"<{name}>" for name in fields(what.key) | fields(step.key)}))
    assert str(told.what).endswith(".")
    assert "{" not in str(told.what) + str(told.step)


def test_an_error_is_raised_with_all_its_sentence_needs() -> None:
    needed = {kind.__name__: fields(kind.sentence) | fields(kind.next_step) for kind in known_errors()}
    needed_by_faults = {
        kind.__name__: fields(STORE_WORDS[kind][0].key) | fields(STORE_WORDS[kind][1].key)
        for kind in known_faults()
    }
    wrong = []
    for where, call in calls():
        is_fault = ast.unparse(call.func).startswith("faults.")
        wanted = (needed_by_faults if is_fault else needed).get(called(call))
        given = {keyword.arg for keyword in call.keywords}
        if wanted and None not in given and not wanted <= given:
            wrong.append(f"{where}: {called(call)} lacks {sorted(wanted - given)}")
    bare = [
        f"{name}:{node.lineno}: {node.exc.id} without its words"
        for name, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and needed.get(node.exc.id)
    ]
    assert wrong + bare == []


def test_nothing_of_anybodys_machine_is_in_the_files() -> None:
    names = {re.escape(name) for name in (socket.gethostname(), str(Path.home())) if len(name) > 5}
    for variable in ("PIP_INDEX_URL", "UV_INDEX_URL"):
        host = urlsplit(os.environ.get(variable, "")).hostname
        names |= {re.escape(host)} if host else set()
    foreign = re.compile("|".join([r"/home/(?!you/)\w+/", r"/root/", r"/Users/\w+/", "/wor" + "k/", *names]))
    found = []
    for path in tracked():
        if path.suffix in (".png", ".ttf", ".ico", ".icns", ".mo") or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if foreign.search(line):
                found.append(f"{path.relative_to(HOUSE)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_the_page_of_settings_is_true() -> None:
    assert (HOUSE / "docs" / "settings.md").read_text("utf-8") == settings_page.page(), "run: make docs"


async def test_the_page_of_commands_is_true() -> None:
    kept = (HOUSE / "docs" / "commands.md").read_text("utf-8")
    assert kept == await commands_page.page(), "run: make docs"


def test_the_catalogue_holds_every_sentence() -> None:
    with (HOUSE / "babel.cfg").open(encoding="utf-8") as file:
        mapping, options = parse_mapping_cfg(file, "babel.cfg")
    keywords = {"T": None, "say": None, "count": (1, 2)}
    wanted = {
        _first(message)
        for room in ("main.py", *ROOMS)
        for message in _extracted(HOUSE / room, mapping, options, keywords)
    }
    with (HOUSE / "resources" / "translations" / "echodeck.pot").open("rb") as file:
        kept = {_first(message.id) for message in read_po(file) if message.id}
    assert kept == wanted, "run: make i18n"


def _first(message: object) -> object:
    """A sentence, or the first form of one that has a plural."""
    return message[0] if isinstance(message, tuple) else message


def _extracted(where: Path, mapping: object, options: object, keywords: object) -> Iterator[object]:
    folder = where if where.is_dir() else where.parent
    for name, _, message, _, _ in extract_from_dir(
        folder, mapping, options, keywords, directory_filter=lambda path: where.is_dir()
    ):
        if where.is_dir() or name == where.name:
            yield message


def test_the_version_is_one() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == VERSION
    assert VERSION in (HOUSE / "CHANGELOG.md").read_text("utf-8")


def test_the_exact_set_fits_the_ranges() -> None:
    exact = {
        requirement.name.lower().replace("_", "-"): str(requirement.specifier).removeprefix("==")
        for requirement in _requirements("constraints.txt")
    }
    asked = [*_requirements("requirements.txt"), *_requirements("requirements-dev.txt")]
    for requirement in asked:
        version = exact[requirement.name.lower().replace("_", "-")]
        assert requirement.specifier.contains(version), f"{requirement} but constraints.txt has {version}"


def _requirements(name: str) -> Iterator[Requirement]:
    for line in (HOUSE / name).read_text("utf-8").splitlines():
        if line and not line.startswith(("#", "-r")):
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement

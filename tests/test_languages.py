"""German and Spanish are whole, and are what the program reads: nobody meets half a sentence of another."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

from core import tongue
from core.tongue import LANGUAGE
from core.words import languages, say, speaking

HOUSE = Path(__file__).resolve().parent.parent


def _tool() -> ModuleType:
    known = importlib.util.spec_from_file_location("translations", HOUSE / "tools" / "translations.py")
    assert known is not None
    assert known.loader is not None
    module = importlib.util.module_from_spec(known)
    known.loader.exec_module(module)
    return module


translations = _tool()
TRANSLATED = ("de", "es")


@pytest.fixture(params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def catalogue(language: str) -> Catalog:
    return translations.read(language)


def forms(message: Message) -> list[tuple[str, str]]:
    """Each form of a message beside the English one it stands for."""
    if not message.pluralizable:
        return [(str(message.id), str(message.string))]
    one, many = message.id
    return [(one if not at else many, form) for at, form in enumerate(message.string)]


def fields(sentence: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def test_a_clone_speaks_german_and_spanish_without_make() -> None:
    assert languages() == ("en", *TRANSLATED)
    with speaking("de"):
        assert say("Settings") == "Einstellungen"
    with speaking("es"):
        assert say("Settings") == "Ajustes"


def test_the_compiled_catalogue_says_what_its_source_does(language: str) -> None:
    """Words by words, not byte by byte: another release of Babel may write another order."""
    kept = translations.source(language).with_suffix(".mo").read_bytes()
    read, made = (GNUTranslations(BytesIO(each)) for each in (kept, translations.compiled(language)))
    assert vars(read)["_catalog"] == vars(made)["_catalog"], "run: make i18n"


def test_every_sentence_is_translated(language: str) -> None:
    assert translations.missing(language) == {}, f"run: python tools/translations.py missing {language}"


def test_nothing_is_kept_that_is_said_no_more(catalogue: Catalog) -> None:
    said = {translations.first(message) for message in translations.template()}
    stale = [translations.first(message) for message in catalogue if translations.first(message) not in said]
    assert stale == [], "run: python tools/translations.py merge"


def test_a_translation_has_the_same_blanks_to_fill(catalogue: Catalog) -> None:
    """One more would be a crash where it is said, one less a fact kept from the reader."""
    wrong = []
    for message in catalogue:
        for english, translated in forms(message) if message.id else []:
            may_be_spelt = message.pluralizable and english == message.id[0]  # "one cat" for "{n} cat"
            asked, given = fields(english), fields(translated)
            if may_be_spelt:
                asked.pop("n", None)
                given.pop("n", None)
            if asked.keys() != given.keys():
                wrong.append((english, translated))
    assert wrong == []


def test_plurals_have_all_their_forms(catalogue: Catalog) -> None:
    assert catalogue.num_plurals == 2
    assert [m.id for m in catalogue if m.pluralizable and len(m.string) != 2] == []


# --- nothing is said past the catalogue ---------------------------------------------------------

# What shows its first words to a person, in the window, on Discord and in the terminal.
SHOWS = frozenset(
    (
        *("setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText"),
        *("setWindowTitle", "setTitle", "setStatusTip", "setWhatsThis", "setTabText", "setSuffix"),
        *("setPrefix", "setSpecialValueText", "showMessage", "addAction", "addTab", "addItem"),
        *("QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QAction", "QGroupBox", "QMenu"),
        *("label", "button", "Card", "ElidedLabel", "Switch", "Toast", "toast", "say_quietly"),
        *("send", "send_message", "edit_message", "reply", "respond", "answer", "_print", "_complain"),
        *("complain", "write", "_write", "_hint"),
    )
)
SECOND = frozenset(("icon_button",))  # their first word names an icon
NAMED = frozenset(("title", "description", "label", "placeholder", "content"))
NAMED_IN = frozenset(("Embed", "Button", "TextInput", "SelectOption", "set_footer", "send", "send_message"))
OUR_NAME = "Echodeck"


def test_nothing_is_said_past_the_catalogue() -> None:
    rooms = [
        HOUSE / "main.py",
        *(HOUSE / "core" / f"{name}.py" for name in ("terminal", "safekeeping", "stage")),
    ]
    rooms += [path for room in ("gui", "bot") for path in (HOUSE / room).rglob("*.py")]
    bypassing = [
        f"{path.relative_to(HOUSE)}:{call.lineno}: {words!r}"
        for path in rooms
        if not path.name.startswith(("sample", "tour"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for words in shown_as_they_stand(call)
        if re.search(r"[^\W\d_]{2}", words.replace(OUR_NAME, ""))
    ]
    assert bypassing == []


def shown_as_they_stand(call: ast.Call) -> Iterator[str]:
    """The literals that a call shows to a person."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    shown = call.args[:1] if name in SHOWS else call.args[1:2] if name in SECOND else []
    if name in NAMED_IN:
        shown = [*shown, *(each.value for each in call.keywords if each.arg in NAMED)]
    if name == "add_field":
        shown = [each.value for each in call.keywords if each.arg in ("name", "value")]
    for each in shown:
        yield from literals(each)


def literals(node: ast.expr) -> Iterator[str]:
    """The literal pieces of what is shown: also those of an f-string, of a sum, and of either case."""
    match node:
        case ast.Constant(value=str(words)):
            yield words
        case ast.JoinedStr(values=values):
            yield from (word for each in values if isinstance(each, ast.Constant) for word in literals(each))
        case ast.BinOp(left=left, right=right):
            yield from (*literals(left), *literals(right))
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*literals(body), *literals(orelse))


def test_the_look_for_bypasses_finds_them() -> None:
    found = ast.parse(
        'label("Mood"); icon_button("bell", "Notices"); x.setText(f"{n} replies" if n else "None")'
    )
    words = [
        word for call in ast.walk(found) if isinstance(call, ast.Call) for word in shown_as_they_stand(call)
    ]
    assert sorted(words) == [" replies", "Mood", "None", "Notices"]


# --- which language it is ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "es_MX.UTF-8@euro"}, "es"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "es_ES.UTF-8"}, "es"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "fr:de:en"}, "de"),
        ({"LANG": "C", "LANGUAGE": "de"}, "en"),  # gettext's own rule
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_the_computers_language(
    environ: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tongue.sys, "platform", "linux")
    assert tongue.computers(environ) == language


def test_windows_says_it_by_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tongue.sys, "platform", "win32")
    monkeypatch.setattr(tongue, "_of_windows", lambda: "de_CH")
    assert tongue.computers({}) == "de"


def test_every_language_that_is_there_can_be_chosen() -> None:
    assert {value for value, _ in LANGUAGE.choices} == {"system", *languages()}


def test_the_terminal_speaks_the_hosts_language_and_json_english(tmp_path: Path) -> None:
    (tmp_path / "language").write_text("de\n")
    environ = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    environ |= {"HOME": str(tmp_path), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}

    def doctor(*more: str, **also: str) -> str:
        command = [sys.executable, "main.py", "doctor", "--data-dir", str(tmp_path), *more]
        told = subprocess.run(command, cwd=HOUSE, env=environ | also, capture_output=True, check=True)
        return told.stdout.decode()

    assert "GB sind frei" in doctor()
    assert "GB libres" in doctor(ECHODECK_APPEARANCE_LANGUAGE="es")
    space = next(each for each in json.loads(doctor("--json"))["checks"] if each["name"] == "space")
    assert "GB are free" in space["detail"]


def test_the_catalogue_misses_no_sentence() -> None:
    """What collects them looks neither into f-strings nor into calls within calls."""
    said = {translations.first(message) for message in translations.template()}
    missing = []
    for path in [
        HOUSE / "main.py",
        *(each for room in ("gui", "bot", "core") for each in (HOUSE / room).rglob("*.py")),
    ]:
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args):
                continue
            key = call.args[0]
            if (
                call.func.id in ("T", "say", "count")
                and isinstance(key, ast.Constant)
                and key.value not in said
            ):
                missing.append(f"{path.relative_to(HOUSE)}:{call.lineno}: {key.value!r}")
    assert missing == [], "take it out of its f-string or call, then run: make i18n"

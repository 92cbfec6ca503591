"""The catalogues of resources/translations: what still lacks a translation, filling it in, and the .mo files.

    python tools/translations.py compile            write each .mo from its .po
    python tools/translations.py missing de         what has no German yet, as JSON: {"English": ""}
    python tools/translations.py fill de FILE       put such a JSON with its German into the .po, and compile
    python tools/translations.py merge              after `make i18n`: drop what is no longer said

The .mo files are in the repository: whoever takes a clone and Python's own pip, without make, is spoken to
in their language too. `pybabel compile` is not used: it takes "% o" for a printf placeholder and stops.
A sentence with a plural has a list of its forms in the JSON: {"{n} reply": ["", ""]}.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "translations"
TEMPLATE = FOLDER / "echodeck.pot"
WIDTH = 100


def main(arguments: list[str] | None = None) -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description="The catalogues of translations.")
    parser.add_argument("what", choices=("compile", "missing", "fill", "merge"))
    parser.add_argument("language", nargs="?", choices=translated())
    parser.add_argument("file", nargs="?", type=Path)
    options = parser.parse_args(arguments)
    chosen = [options.language] if options.language else translated()
    match options.what:
        case "missing":
            found = {language: missing(language) for language in chosen}
            told: Any = found[options.language] if options.language else found
            sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        case "fill":
            put(options.language, json.loads(options.file.read_text("utf-8")))
        case "merge":
            for language in chosen:
                put(language, {})
    if options.what != "missing":
        for language in chosen:
            compile_one(language)


def translated() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/echodeck.po"))


def source(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "echodeck.po"


def read(language: str) -> Catalog:
    with source(language).open("rb") as file:
        return read_po(file, locale=language)


def template() -> Catalog:
    with TEMPLATE.open("rb") as file:
        return read_po(file)


def missing(language: str) -> dict[str, str | list[str]]:
    """What the template says and the language does not: each English sentence with room for its words."""
    kept = read(language)
    return {
        first(message): [""] * kept.num_plurals if message.pluralizable else ""
        for message in template()
        if message.id and not is_said(kept.get(first(message), message.context), message)
    }


def is_said(known: Message | None, wanted: Message) -> bool:
    """Whether there are words for a sentence, in all its forms, and nobody doubts them."""
    if known is None or known.fuzzy or known.pluralizable != wanted.pluralizable:
        return False
    return all(known.string) if isinstance(known.string, (tuple, list)) else bool(known.string)


def first(message: Message) -> str:
    """A sentence, or the form for one of it."""
    return str(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)


def put(language: str, words: dict[str, str | list[str]]) -> None:
    """Add words to a catalogue and make it hold exactly what the template does."""
    kept = read(language)
    kept.update(template(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    for message in kept:
        if message.id and first(message) in words:
            given = words[first(message)]
            message.string = tuple(given) if isinstance(given, list) else given
            message.flags.discard("fuzzy")
    made = io.BytesIO()
    write_po(made, kept, width=WIDTH, sort_output=True, include_lineno=False)
    source(language).write_bytes(made.getvalue())


def compiled(language: str) -> bytes:
    """A catalogue as the program reads it."""
    made = io.BytesIO()
    write_mo(made, read(language))
    return made.getvalue()


def compile_one(language: str) -> None:
    """Write a catalogue's .mo beside it, when it says something else now."""
    target, now = source(language).with_suffix(".mo"), compiled(language)
    if not target.is_file() or target.read_bytes() != now:
        target.write_bytes(now)


if __name__ == "__main__":
    main()

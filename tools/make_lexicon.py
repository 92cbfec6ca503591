"""Make resources/memory/lexicon.txt.gz from WordNet 3.0: which words mean the same, the opposite, a kind of.

    python tools/make_lexicon.py /usr/share/wordnet

The folder is WordNet's own `dict` (Debian's package wordnet-base). Kept are the words of the embedder's
vocabulary and those of WordNet's own tagged texts, with the first senses of each; the rest of WordNet is
rare enough to do without.
"""

from __future__ import annotations

import argparse
import gzip
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VOCABULARY = ROOT / "resources" / "embedding" / "bert-base-uncased.txt"
LEXICON = ROOT / "resources" / "memory" / "lexicon.txt.gz"
SENSES = 3
FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}


def synsets(folder: Path) -> dict[str, dict]:
    """Every synset by part of speech and offset: its words, its pointers and the words they join."""
    found = {}
    for pos, name in FILES.items():
        for line in (folder / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            words = [fields[4 + 2 * at].lower().split("(")[0] for at in range(count)]
            at = 4 + 2 * count
            pointers = []
            for _ in range(int(fields[at])):
                kind, offset, other, between = fields[at + 1 : at + 5]
                pointers.append((kind, f"{other}{offset}", int(between[:2], 16), int(between[2:], 16)))
                at += 4
            found[f"{pos}{fields[0]}"] = {"words": words, "pointers": pointers}
    return found


def first_senses(folder: Path, wanted: set[str]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The commonest senses of each wanted word, and its parts of speech, the likeliest first."""
    found: dict[str, list[str]] = defaultdict(list)
    tagged: dict[str, dict[str, int]] = defaultdict(dict)
    for pos, name in FILES.items():
        for line in (folder / f"index.{name}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue
            fields = line.split()
            if fields[0] not in wanted:
                continue
            pointers = int(fields[3])
            tagged[fields[0]][pos] = int(fields[5 + pointers])
            offsets = fields[len(fields) - int(fields[2]) :]
            found[fields[0]] += [f"{pos}{offset}" for offset in offsets[:SENSES]]
    parts = {word: sorted(counts, key=lambda pos: -counts[pos]) for word, counts in tagged.items()}
    return found, {word: "".join(some) for word, some in parts.items()}


def tagged_words(folder: Path) -> set[str]:
    """The single words that occur in the texts WordNet's makers tagged by hand: common enough to matter."""
    found = set()
    for name in FILES.values():
        for line in (folder / f"index.{name}").read_text(encoding="utf-8").splitlines():
            fields = line.split()
            if not line.startswith("  ") and fields[0].isalpha() and int(fields[5 + int(fields[3])]) > 0:
                found.add(fields[0])
    return found


def exceptions(folder: Path, wanted: set[str]) -> dict[str, str]:
    """Irregular forms: "mice" → "mouse"."""
    found = {}
    for name in ("verb", "noun", "adj"):
        for line in (folder / f"{name}.exc").read_text(encoding="utf-8").splitlines():
            form, base = line.split()[:2]
            if base in wanted:
                found.setdefault(form, base)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wordnet", type=Path)
    folder = parser.parse_args().wordnet
    wanted = {word for word in VOCABULARY.read_text(encoding="utf-8").splitlines() if word.isalpha()}
    wanted |= tagged_words(folder)
    every = synsets(folder)
    senses, part = first_senses(folder, wanted)
    numbers: dict[str, int] = {}

    def number(synset: str) -> int:
        return numbers.setdefault(synset, len(numbers))

    lines = [
        f"w {word} {part[word]} {' '.join(str(number(synset)) for synset in of)}"
        for word, of in sorted(senses.items())
    ]
    for synset in list(numbers):
        parents = [other for kind, other, _, _ in every[synset]["pointers"] if kind in ("@", "@i")]
        for parent in parents:
            grand = [other for kind, other, _, _ in every[parent]["pointers"] if kind in ("@", "@i")]
            lines += [f"h {numbers[synset]} {number(parent)}"]
            lines += [f"h {number(parent)} {number(above)}" for above in grand]
    known = set(senses)
    pairs: dict[str, set[tuple[str, str]]] = {"a": set(), "d": set()}
    kinds = {"!": "a", "+": "d", "\\": "d"}
    for synset in {synset for of in senses.values() for synset in of}:
        for kind, other, left, right in every[synset]["pointers"]:
            if kind in kinds and left and right:
                a = every[synset]["words"][left - 1]
                b = every[other]["words"][right - 1]
                if a in known and b in known and a != b:
                    pairs[kinds[kind]].add((min(a, b), max(a, b)))
    lines += [f"{kind} {a} {b}" for kind, some in pairs.items() for a, b in sorted(some)]
    lines += [f"x {form} {base}" for form, base in sorted(exceptions(folder, wanted).items())]
    text = "\n".join(dict.fromkeys(lines)) + "\n"
    LEXICON.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(senses)} words, {len(numbers)} senses, {LEXICON.stat().st_size} bytes")  # noqa: T201


if __name__ == "__main__":
    main()

"""How many attacks raise suspicion, and how much ordinary talk does?

    python -m benchmarks.injection --pos FILE… --neg FILE… [--out FILE] --json

Each FILE holds texts as JSON lines, JSON, CSV, TSV or one a line (`benchmarks.injection_files`). The
product's own detector (`core.safety.suspicion`) reads each at the threshold it ships with: `recall_STEM` is
the share of a file of attacks that is suspected, `fpr_STEM` the share of a file of ordinary text. Files of
one name get their folder's name before it. `curve` in the printed object tells other thresholds.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import arguments, report
from benchmarks.injection_files import UnreadableFileError, texts
from core.safety.suspicion import suspect

# Scores at which the curve is told; 1 is the shipped threshold.
CURVE = (0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0)


def named(files: Sequence[Path]) -> dict[Path, str]:
    """What each file is called in the figures: its name, with its folder's where two share one."""
    files = list(dict.fromkeys(files))
    often = Counter(file.stem for file in files)
    names: dict[Path, str] = {}
    for file in files:
        name = file.stem if often[file.stem] == 1 else f"{file.resolve().parent.name}_{file.stem}"
        again = sum(taken == name or taken.startswith(f"{name}_again") for taken in names.values())
        names[file] = f"{name}_again{again}" if again else name
    return names


def weighed(file: Path, attack: bool, name: str = "") -> list[dict[str, Any]]:
    """One row a text: its score, its signs, and how long it took.

    Raises:
        UnreadableFileError: its words say why.
    """
    rows = []
    for text in texts(file):
        began = time.perf_counter()
        found = suspect(text)
        rows.append(
            {
                "file": name or file.stem,
                "attack": attack,
                "characters": len(text),
                "score": found.score,
                "suspected": found.is_suspected,
                "signs": list(found.signs),
                "ms": round(1000 * (time.perf_counter() - began), 3),
            }
        )
    return rows


def share(rows: list[dict[str, Any]], file: str, at: float = 1.0) -> float:
    """The share of a file's texts whose score reaches `at`."""
    scores = [row["score"] >= at for row in rows if row["file"] == file]
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def figures(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The figures, from the raw rows."""
    attacks = dict.fromkeys(row["file"] for row in rows if row["attack"])
    plain = dict.fromkeys(row["file"] for row in rows if not row["attack"])
    told: dict[str, float] = {f"recall_{file}": share(rows, file) for file in attacks}
    told |= {f"fpr_{file}": share(rows, file) for file in plain}
    if attacks:
        told["macro_recall"] = round(float(np.mean([told[f"recall_{file}"] for file in attacks])), 4)
    if plain:
        told["worst_fpr"] = max(told[f"fpr_{file}"] for file in plain)
    took = [row["ms"] for row in rows]
    told["p50_ms"] = round(float(np.percentile(took, 50)), 3)
    told["p95_ms"] = round(float(np.percentile(took, 95)), 3)
    told["longest_ms"] = round(max(took), 3)
    for file in (*attacks, *plain):
        told[f"n_{file}"] = sum(row["file"] == file for row in rows)
    return told


def curve(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """For each file its share of suspected texts at every threshold of `CURVE`."""
    files = dict.fromkeys(row["file"] for row in rows)
    return {file: {str(at): share(rows, file, at) for at in CURVE} for file in files}


def main() -> None:
    parser = arguments("injection", __doc__ or "")
    parser.add_argument("--pos", type=Path, nargs="+", default=[], metavar="FILE", help="attacks")
    parser.add_argument("--neg", type=Path, nargs="+", default=[], metavar="FILE", help="ordinary text")
    given = parser.parse_args()
    if not given.pos and not given.neg:
        parser.error("at least one file, please: --pos FILE… --neg FILE…")
    if set(given.pos) & set(given.neg):
        parser.error("a file is either of attacks or of ordinary text")
    names = named([*given.pos, *given.neg])
    suspect("the rules are read with the first text")
    try:
        rows = [row for file, name in names.items() for row in weighed(file, file in given.pos, name)]
    except UnreadableFileError as error:
        parser.error(str(error))
    notes = f"{len(rows)} texts at the shipped threshold, score 1; `curve` has others"
    report("injection", figures(rows), notes, rows, given.out, more={"curve": curve(rows)})


if __name__ == "__main__":
    main()

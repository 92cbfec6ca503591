"""How many attacks raise suspicion, and how much ordinary talk does?

    python -m benchmarks.injection --pos FILE… --neg FILE… [--out FILE] --json

Each FILE has one JSON object a line with a `text`. The product's own detector (`core.safety.suspicion`)
reads each at the threshold it ships with: `recall_STEM` is the share of a file of attacks that is suspected,
`fpr_STEM` the share of a file of ordinary text. `curve` in the printed object tells other thresholds.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import arguments, report
from core.safety.suspicion import suspect

# Scores at which the curve is told; 1 is the shipped threshold.
CURVE = (0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0)


def texts(file: Path) -> list[str]:
    """The texts of a file of JSON lines."""
    with file.open(encoding="utf-8") as lines:
        return [str(json.loads(line)["text"]) for line in lines if line.strip()]


def weighed(file: Path, attack: bool) -> list[dict[str, Any]]:
    """One row a text: its score, its signs, and how long it took."""
    rows = []
    for text in texts(file):
        began = time.perf_counter()
        found = suspect(text)
        rows.append(
            {
                "file": file.stem,
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
    files = [(file, True) for file in given.pos] + [(file, False) for file in given.neg]
    if not files:
        parser.error("at least one file, please")
    if len({file.stem for file, _ in files}) < len(files):
        parser.error("two files share a name; their figures would too")
    suspect("the rules are read with the first text")
    rows = [row for file, attack in files for row in weighed(file, attack)]
    if not rows:
        parser.error("these files hold no text")
    notes = f"{len(rows)} texts at the shipped threshold, score 1; `curve` has others"
    report("injection", figures(rows), notes, rows, given.out, more={"curve": curve(rows)})


if __name__ == "__main__":
    main()

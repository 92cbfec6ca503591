"""What every benchmark shares: its arguments, and the one JSON object it prints."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from core import VERSION


def arguments(name: str, about: str) -> argparse.ArgumentParser:
    """The parser of `python -m benchmarks.NAME`, with what all have."""
    parser = argparse.ArgumentParser(
        prog=f"benchmarks.{name}", description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object (the default)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a file for one raw JSON row per case")
    return parser


def machine() -> str:
    """The computer, in words."""
    memory = psutil.virtual_memory().total / 1024**3
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"Python {platform.python_version()}"
    )


def report(
    name: str,
    figures: Mapping[str, float],
    notes: str,
    rows: Sequence[Mapping[str, Any]] = (),
    out: Path | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Print the object, and keep the raw rows where they were asked for.

    Args:
        figures: flat names; `_ms`, `_s` and `_mb` carry their unit, `_share` is a fraction.
        notes: how it was measured, and the denominators.
        rows: one for each case; the figures can be computed from them.
        more: further keys of the object, for answers that are no figures.
    """
    if out is not None:
        out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    told = {
        "benchmark": name,
        "version": VERSION,
        "machine": machine(),
        "figures": dict(figures),
        "notes": notes,
        **(more or {}),
    }
    print(json.dumps(told, ensure_ascii=False))

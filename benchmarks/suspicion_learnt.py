"""Would a learnt view find attacks that the hand-written signs miss?

    python -m benchmarks.suspicion_learnt --pos FILE… --neg FILE… --check FILE… [--out FILE] --json

A logistic regression over hashed word 1–3-grams and 5-letter runs (65,536 places, windows of 60 words, the
worst window counts) is trained on all files of attacks but one and on `--neg`, and asked about the one left
out. Its threshold is set on `--check`, ordinary text it has not seen: `fair_FILE` is its recall when each of
the check files has at most 1 % false alarms, `chat_FILE` when only the first of them has, `signs_FILE` what
the shipped detector finds, `both_FILE` what either finds at the fair threshold.
Nothing of it is shipped: see benchmarks/README.md for why.
"""

from __future__ import annotations

import math
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import arguments, report
from benchmarks.injection import texts
from core.safety.injection import as_words
from core.safety.suspicion import suspect

PLACES = 1 << 16
WINDOW, STEP, MOST_WINDOWS = 60, 30, 24
ROUNDS, PACE, DECAY = 250, 0.1, 3e-6
FALSE_ALARMS = 0.01

Scores = NDArray[np.float64]


class Corpus:
    """A file's texts as windows of hashed features."""

    def __init__(self, file: Path) -> None:
        self.name = file.stem
        self.texts = texts(file)
        self.owner: list[int] = []
        self.features: list[NDArray[np.int64]] = []
        for number, text in enumerate(self.texts):
            for window in windows(text):
                self.owner.append(number)
                self.features.append(hashed(window))

    def scores(self, weights: Scores, bias: float) -> Scores:
        """For each text the score of its worst window."""
        worst = np.full(len(self.texts), -np.inf)
        each = [weights[some].sum() / math.sqrt(len(some)) + bias for some in self.features]
        np.maximum.at(worst, self.owner, each)
        return worst


def windows(text: str) -> list[str]:
    """Stretches of so many words, half of each in the next."""
    words = text.split()
    if len(words) <= WINDOW:
        return [text]
    starts = range(0, len(words) - WINDOW // 2, STEP)
    return [" ".join(words[at : at + WINDOW]) for at in starts][:MOST_WINDOWS]


def hashed(text: str) -> NDArray[np.int64]:
    """The places of a text's word 1–3-grams and 5-letter runs."""
    words = as_words(text).split(" ")
    grams = {" ".join(words[at : at + n]) for n in (1, 2, 3) for at in range(len(words) - n + 1)}
    joined = " ".join(words)
    grams |= {f"_{joined[at : at + 5]}" for at in range(len(joined) - 4)}
    return np.fromiter({zlib.crc32(gram.encode()) % PLACES for gram in grams}, np.int64)


def trained(attacks: list[Corpus], plain: list[Corpus]) -> tuple[Scores, float]:
    """Logistic regression by Adam (Kingma & Ba 2015); every file weighs the same on its side."""
    features, labels, shares = [], [], []
    for label, side in ((1.0, attacks), (0.0, plain)):
        for corpus in side:
            features += corpus.features
            labels += [label] * len(corpus.features)
            shares += [1 / len(corpus.features) / len(side)] * len(corpus.features)
    wanted, share = np.array(labels), np.array(shares)
    lengths = np.array([len(some) for some in features])
    place, row = np.concatenate(features), np.repeat(np.arange(len(features)), lengths)
    value = np.repeat(1 / np.sqrt(lengths), lengths)
    weights, first, second, bias = np.zeros(PLACES), np.zeros(PLACES), np.zeros(PLACES), 0.0
    for turn in range(1, ROUNDS + 1):
        sums = np.bincount(row, weights=weights[place] * value, minlength=len(features)) + bias
        off = (1 / (1 + np.exp(-sums)) - wanted) * share
        slope = np.bincount(place, weights=off[row] * value, minlength=PLACES) + DECAY * weights
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        weights -= PACE * (first / (1 - 0.9**turn)) / (np.sqrt(second / (1 - 0.99**turn)) + 1e-8)
        bias -= PACE * off.sum()
    return weights, bias


def left_out(held: Corpus, attacks: list[Corpus], plain: list[Corpus], check: list[Corpus]) -> dict[str, Any]:
    """What a regression that never saw `held` finds in it."""
    weights, bias = trained([each for each in attacks if each is not held], plain)
    limits = [float(np.quantile(each.scores(weights, bias), 1 - FALSE_ALARMS)) for each in check]
    scores = held.scores(weights, bias)
    signs = np.array([suspect(text).is_suspected for text in held.texts])
    fair = scores > max(limits)
    return {
        "file": held.name,
        "fair": round(float(fair.mean()), 4),
        "chat": round(float((scores > limits[0]).mean()), 4),
        "signs": round(float(signs.mean()), 4),
        "both": round(float((fair | signs).mean()), 4),
    }


def main() -> None:
    parser = arguments("suspicion_learnt", __doc__ or "")
    for name in ("pos", "neg", "check"):
        parser.add_argument(f"--{name}", type=Path, nargs="+", required=True, metavar="FILE")
    given = parser.parse_args()
    if len(given.pos) < 2:
        parser.error("one file of attacks is left out, so give two at least")
    attacks, plain, check = (
        [Corpus(file) for file in files] for files in (given.pos, given.neg, given.check)
    )
    rows = [left_out(held, attacks, plain, check) for held in attacks]
    told = {f"{kind}_{row['file']}": row[kind] for row in rows for kind in ("fair", "chat", "signs", "both")}
    notes = (
        f"each of {len(attacks)} files of attacks left out once; thresholds at {FALSE_ALARMS:.0%} on --check"
    )
    report("suspicion_learnt", told, notes, rows, given.out)


if __name__ == "__main__":
    main()

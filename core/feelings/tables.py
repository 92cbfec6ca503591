"""The numbers of the literature: where emotions lie in PAD, and which traits strengthen which emotion."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from core.feelings.emotions import Emotion
from core.feelings.pad import Pad


class PadTable(StrEnum):
    """Which mapping of emotions to PAD.

    Attributes:
        T1: the values re-implementers copy from Gebhard's paper of 2005 (AlmaNet); the default. ALMA's
            released configurations differ from it in most rows, with a dominant fear and a calm hate.
        GAMYGDALA: the rated values of GAMYGDALA's own source (broekens/gamygdala, MIT): 16 emotions.
    """

    T1 = "T1"
    GAMYGDALA = "G"


T1: Mapping[Emotion, Pad] = MappingProxyType(
    {
        Emotion.JOY: Pad(0.40, 0.20, 0.10),
        Emotion.DISTRESS: Pad(-0.40, -0.20, -0.50),
        Emotion.HAPPY_FOR: Pad(0.40, 0.20, 0.20),
        Emotion.PITY: Pad(-0.40, -0.20, -0.50),
        Emotion.GLOATING: Pad(0.30, -0.30, -0.10),
        Emotion.RESENTMENT: Pad(-0.20, -0.30, -0.20),
        Emotion.HOPE: Pad(0.20, 0.20, -0.10),
        Emotion.FEAR: Pad(-0.64, 0.60, -0.43),
        Emotion.SATISFACTION: Pad(0.30, -0.20, 0.40),
        Emotion.FEARS_CONFIRMED: Pad(-0.50, -0.30, -0.70),
        Emotion.RELIEF: Pad(0.20, -0.30, 0.40),
        Emotion.DISAPPOINTMENT: Pad(-0.30, 0.10, -0.40),
        Emotion.PRIDE: Pad(0.40, 0.30, 0.30),
        Emotion.SHAME: Pad(-0.30, 0.10, -0.60),
        Emotion.ADMIRATION: Pad(0.50, 0.30, -0.20),
        Emotion.REPROACH: Pad(-0.30, -0.10, 0.40),
        Emotion.GRATIFICATION: Pad(0.60, 0.50, 0.40),
        Emotion.REMORSE: Pad(-0.30, 0.10, -0.60),
        Emotion.GRATITUDE: Pad(0.40, 0.20, -0.30),
        Emotion.ANGER: Pad(-0.51, 0.59, 0.25),
        Emotion.LOVE: Pad(0.30, 0.10, 0.20),
        Emotion.HATE: Pad(-0.60, 0.60, 0.30),
        Emotion.LIKING: Pad(0.40, 0.16, -0.24),
        Emotion.DISLIKING: Pad(-0.40, 0.20, 0.10),
    }
)

GAMYGDALA: Mapping[Emotion, Pad] = MappingProxyType(
    {
        Emotion.JOY: Pad(0.76, 0.48, 0.35),
        Emotion.DISTRESS: Pad(-0.61, 0.28, -0.36),
        Emotion.HAPPY_FOR: Pad(0.64, 0.35, 0.25),
        Emotion.PITY: Pad(-0.52, 0.02, -0.21),
        Emotion.GLOATING: Pad(-0.45, 0.48, 0.42),
        Emotion.RESENTMENT: Pad(-0.35, 0.35, 0.29),
        Emotion.HOPE: Pad(0.51, 0.23, 0.14),
        Emotion.FEAR: Pad(-0.64, 0.60, -0.43),
        Emotion.SATISFACTION: Pad(0.87, 0.20, 0.62),
        Emotion.FEARS_CONFIRMED: Pad(-0.61, 0.06, -0.32),
        Emotion.RELIEF: Pad(0.29, -0.19, -0.28),
        Emotion.DISAPPOINTMENT: Pad(-0.61, -0.15, -0.29),
        Emotion.GRATIFICATION: Pad(0.69, 0.57, 0.63),
        Emotion.REMORSE: Pad(-0.57, 0.28, -0.34),
        Emotion.GRATITUDE: Pad(0.64, 0.16, -0.21),
        Emotion.ANGER: Pad(-0.51, 0.59, 0.25),
    }
)

# How O, C, E, A and N sway an emotion's intensity: ALMA's configuration (A-L-M-A/ALMA, conf/*.aml).
SWAY: Mapping[Emotion, tuple[int, int, int, int, int]] = MappingProxyType(
    {
        Emotion.JOY: (1, 0, 1, 0, 0),
        Emotion.DISTRESS: (1, 0, 0, 0, 1),
        Emotion.HAPPY_FOR: (1, 0, 1, 1, 0),
        Emotion.GLOATING: (1, 1, 0, -1, 1),
        Emotion.RESENTMENT: (1, 1, 0, -1, 1),
        Emotion.PITY: (1, 0, 0, 1, 1),
        Emotion.HOPE: (0, 0, 1, 0, 0),
        Emotion.FEAR: (-1, 0, 0, 0, 1),
        Emotion.SATISFACTION: (1, 0, 1, 0, 0),
        Emotion.RELIEF: (0, 0, 1, 0, 0),
        Emotion.FEARS_CONFIRMED: (-1, 0, 0, 0, 1),
        Emotion.DISAPPOINTMENT: (-1, 0, 0, 0, 1),
        Emotion.PRIDE: (1, 0, 1, 0, 0),
        Emotion.ADMIRATION: (1, 0, 1, 1, 0),
        Emotion.SHAME: (-1, 0, 0, 0, 1),
        Emotion.REPROACH: (0, 0, 0, -1, 1),
        Emotion.LIKING: (1, 0, 1, 1, 0),
        Emotion.DISLIKING: (0, 0, 0, -1, 1),
        Emotion.GRATITUDE: (1, 0, 1, 0, 0),
        Emotion.ANGER: (0, 0, 0, -1, 1),
        Emotion.GRATIFICATION: (1, 0, 1, 0, 0),
        Emotion.REMORSE: (1, 0, 0, 0, 1),
        Emotion.LOVE: (1, 0, 1, 1, 0),
        Emotion.HATE: (1, 0, 0, -1, 1),
    }
)


def place(emotion: Emotion, table: PadTable = PadTable.T1) -> Pad:
    """Where an emotion lies in PAD; emotions that GAMYGDALA does not know lie where T1 puts them."""
    if table is PadTable.GAMYGDALA and emotion in GAMYGDALA:
        return GAMYGDALA[emotion]
    return T1[emotion]

"""How long a person would take: notice, read, type. Numbers from Dhakal et al., CHI 2018 (typing,
51.56 words a minute) and Brysbaert 2019 (reading, 238 words a minute)."""

from __future__ import annotations

import math
from random import Random

READING_WPM = 238.0
KEY_MU, KEY_SIGMA = 5.376, 0.445  # ln of milliseconds between two keys (Dhakal 2018, fitted)
NOTICE_MEDIAN_S, NOTICE_SIGMA = 4.0, 0.8
LONGEST_S = {"instant": 0.0, "brisk": 6.0, "human": 45.0}
_SHARE = {"instant": 0.0, "brisk": 0.25, "human": 1.0}


def wait_before(
    pace: str, incoming: str, reply: str, took_s: float, chance: Random, *, first: bool = True
) -> float:
    """Seconds to wait before posting `reply`.

    Args:
        pace: instant, brisk or human.
        incoming: what is answered: it has to be read first.
        took_s: seconds the model has already taken; they count.
        chance: where the variation comes from.
        first: False for the further parts of a reply, which are only typed.
    """
    share = _SHARE[pace]
    if share == 0:
        return 0.0
    notice = math.exp(chance.gauss(math.log(NOTICE_MEDIAN_S), NOTICE_SIGMA)) if first else 0.0
    read = len(incoming.split()) / READING_WPM * 60 if first else 0.0
    key_s = math.exp(chance.gauss(KEY_MU, KEY_SIGMA / math.sqrt(max(1, len(reply))))) / 1000
    wanted = share * (notice + read + key_s * len(reply))
    return min(LONGEST_S[pace], max(0.0, wanted - took_s))

"""A bar chart as a PNG, drawn with what is here anyway. It has to show bars and digits, and nothing else."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 840, 300  # pixels
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 24, 40
_BACKGROUND, _GRID, _INK = (43, 45, 49), (68, 71, 78), (181, 186, 193)  # readable on light and dark clients
_BAR, _MARKED = (88, 101, 242), (235, 169, 86)
_SCALE = 3  # pixels a dot of a digit
_GAP = 1

# Digits of 3 × 5 dots, row by row, a bit each.
_DIGITS = {
    "0": (7, 5, 5, 5, 7),
    "1": (2, 6, 2, 2, 7),
    "2": (7, 1, 7, 4, 7),
    "3": (7, 1, 7, 1, 7),
    "4": (5, 5, 7, 1, 1),
    "5": (7, 4, 7, 1, 7),
    "6": (7, 4, 7, 5, 7),
    "7": (7, 1, 1, 1, 1),
    "8": (7, 5, 7, 5, 7),
    "9": (7, 5, 7, 1, 7),
}

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its value (0 or more), the digits under it, and whether it stands out."""

    value: int
    label: str
    marked: bool = False


def bars(values: Sequence[Bar]) -> bytes:
    """Draw bars from the left to the right, with round numbers at the side."""
    sheet: Pixels = np.full((HEIGHT, WIDTH, 3), _BACKGROUND, np.uint8)
    step, top = scale(max((bar.value for bar in values), default=0))
    floor, height = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP
    for value in range(0, top + 1, step):
        y = floor - round(height * value / top)
        sheet[y : y + 1, _LEFT : WIDTH - _RIGHT] = _GRID
        _write(sheet, str(value), _LEFT - 10 - _width(str(value)), y - 7)
    slot = (WIDTH - _LEFT - _RIGHT) / max(1, len(values))
    every = math.ceil((_width("00") + 8) / slot)  # labels that would touch are left out
    for number, bar in enumerate(values):
        left, right = _LEFT + slot * number, _LEFT + slot * (number + 1)
        inset = max(1.0, slot * 0.15)
        y = floor - round(height * bar.value / top)
        sheet[y:floor, round(left + inset) : max(round(left + inset) + 1, round(right - inset))] = (
            _MARKED if bar.marked else _BAR
        )
        if (len(values) - 1 - number) % every == 0:
            _write(sheet, bar.label, round((left + right - _width(bar.label)) / 2), floor + 12)
    return png(sheet)


def scale(highest: int) -> tuple[int, int]:
    """Round numbers for the side: the step between them and the topmost, for at most five steps."""
    step = 1
    while step * 5 < highest:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2  # 1, 2, 5, 10, 20, 50 …
    return step, step * max(1, math.ceil(highest / step))


def png(sheet: Pixels) -> bytes:
    """An RGB picture in the PNG format (W3C PNG specification, third edition)."""
    height, width, _ = sheet.shape
    rows = np.hstack((np.zeros((height, 1), np.uint8), sheet.reshape(height, width * 3)))  # no filter
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _write(sheet: Pixels, digits: str, x: int, y: int) -> None:
    for digit in digits:
        for row, dots in enumerate(_DIGITS[digit]):
            for column in range(3):
                if dots >> (2 - column) & 1 and x >= 0:
                    at_y, at_x = y + row * _SCALE, x + column * _SCALE
                    sheet[at_y : at_y + _SCALE, at_x : at_x + _SCALE] = _INK
        x += (3 + _GAP) * _SCALE


def _width(digits: str) -> int:
    return (len(digits) * (3 + _GAP) - _GAP) * _SCALE

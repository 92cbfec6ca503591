"""The icon as Windows and macOS want it in a program: `python -m tools.make_icons FOLDER` writes
echodeck.ico, echodeck.icns and echodeck.png, drawn from resources/icons/echodeck.svg."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SVG = Path(__file__).resolve().parent.parent / "resources" / "icons" / "echodeck.svg"
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
# Apple's names of the sizes that hold a PNG: 32 and 64 are 16 and 32 for fine screens.
ICNS_SIZES = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}


def drawn(size: int) -> bytes:
    """The icon as a PNG, `size` pixels wide."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(SVG)).render(painter)
    painter.end()
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(kept, "PNG", 0)
    return bytes(kept.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """Pictures by their size as an .ico file: a table, then the PNGs."""
    at = 6 + 16 * len(pictures)
    table, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for size, picture in pictures.items():
        table += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at + len(body))
        body += picture
    return table + body


def icns(pictures: dict[bytes, bytes]) -> bytes:
    """Pictures by Apple's name for their size as an .icns file."""
    body = b"".join(
        name + struct.pack(">I", 8 + len(picture)) + picture for name, picture in pictures.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def main(folder: Path) -> None:
    """Write all three."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "echodeck.ico").write_bytes(ico({size: drawn(size) for size in ICO_SIZES}))
    (folder / "echodeck.icns").write_bytes(icns({name: drawn(size) for name, size in ICNS_SIZES.items()}))
    (folder / "echodeck.png").write_bytes(drawn(256))
    del application


if __name__ == "__main__":
    main(Path(sys.argv[1]))
